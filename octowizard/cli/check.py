"""`octowizard check`: all that would go wrong, before it does; worst first, with the evidence and the fix."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli import lists
from octowizard.cli.arguments import add_command, add_fresh, add_json, paragraphs, whole
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import CODES, Usage
from octowizard.cli.interrupt import completed
from octowizard.cli.watching import reporting, tell_age, tell_origins
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from datetime import datetime

    from octowizard.checks.registry import Finding, NotChecked
    from octowizard.cli.arguments import Commands
    from octowizard.session.session import Session
    from octowizard.snapshot.model import Snapshot
    from octowizard.sync.calls import Calls
    from octowizard.workspace.profiles import Profile

NAME = "check"
LONGEST_WARNING = 90


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Looks at both sides with as few calls as the limits allow and names every document that a sync could\n"
            "not book, with the reason, the evidence and the fix. Writes nothing. What any command has read a few\n"
            "minutes ago is used again, and a day's calls are spread over the day: it may run every hour."
        ),
        _epilog(),
    )
    add_json(parser)
    add_fresh(parser)
    parser.add_argument(
        "--offline", action="store_true", help=_("use what was kept of the last look, and say how old it is")
    )
    parser.add_argument(
        "--declared",
        metavar="FILE",
        action="append",
        default=[],
        help=_("an export of Teamleader (.xlsx, .csv): what no API shows; kept for later checks"),
    )
    lists.add_reading(parser)
    parser.add_argument(
        "--return-warning",
        metavar="DAYS",
        type=whole,
        help=_("days before a VAT return is due from which on what it lacks is named (10 at first); kept"),
    )
    parser.add_argument(
        "--fail-on",
        choices=("warning", "blocking"),
        default="warning",
        help=_("the least finding that ends with exit code 1 (default: %(default)s)"),
    )


def _epilog() -> str:
    return paragraphs(
        """with --json, one object:
  {"schema": 1, "command": "check", "profile", "taken_at",
   "findings": [{"problem", "severity": blocking|warning|info, "title", "records": [{"kind", "label", "id"}],
                 "evidence": [], "fix": [], "fixed_when"}],        worst first
   "not_checked": [{"check", "title", "why"}],                    never the same as fine
   "counts": {"blocking", "warning", "info", "not_checked"},
   "declared": {"files": [], "customers", "read_at"} or null,     what --declared last read
   "calls": {"octopus", "teamleader", "left": [{"what", "left", "limit"}], "kept": [{"what", "read_at"}]},
   "read": {part: moment},                                        as of when each part of both sides is
   "rests_on": [],                                                what was declared, and not measured: sentences
   "documents": {"booked", "ready", "blocked", "excluded"} or null,   all since the start date; they add up
   "refused": [{"vendor", "problem", "text", "request"}]}         a vendor's own words, letter for letter
  taken_at is null when nothing was ever read; new members may be added within schema 1""",
        _(
            "exit codes: 0 all well, 1 a finding at or above --fail-on, 2 wrong usage or "
            "configuration, 3 could not tell\n"
            "(network, sign-in, a limit of the day: something was not checked, and nothing worse "
            "was found), 130 interrupted"
        ),
    )


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Look, check, tell. The exit code."""
    from pathlib import Path

    from octowizard.checks.registry import as_of, verdict
    from octowizard.locale.formats import ago, moment
    from octowizard.planning.counts import counts
    from octowizard.planning.plan import plan
    from octowizard.presentation import json_output
    from octowizard.presentation.json_output import CallsLeft
    from octowizard.problems.remedy import checked
    from octowizard.session.profile_session import tell_checking

    if arguments.return_warning is not None:
        session.change(return_warning=_within(arguments.return_warning))
    profile = session.profile
    files = {file: file for file in arguments.declared or ()}
    by_hand = lists.by_hand(arguments, files, list(files))
    if files:
        session.declare(
            {Path(file): how for file, how in by_hand.items()},
            lambda reading: lists.tell_reading(console, reading),
        )
    before = session.calls()
    if arguments.offline:
        snapshot = session.snapshot()
    else:
        report = reporting(console)
        snapshot = completed(session.read("", report, fresh=arguments.fresh))
        tell_checking(snapshot, report)
    findings, not_checked = checked(snapshot, profile)
    calls = session.calls().since(before)
    console.close()
    if arguments.json:
        left = [CallsLeft(one.label, one.left, one.limit) for one in calls.left]
        documents = counts(snapshot, plan(snapshot, session.profile))
        body = json_output.check(
            snapshot, findings, not_checked, calls.octopus, calls.teamleader, left, documents
        )
        console.json(json_output.encoded(body, command=NAME, profile=profile.name))
    else:
        now = session.moment_there()
        if arguments.offline and snapshot.taken_at.timestamp():
            console.note(
                _("As read at {moment} ({ago}); nothing was asked now.").format(
                    moment=moment(snapshot.taken_at, now.astimezone()), ago=ago(snapshot.taken_at, now)
                )
            )
        elif not arguments.offline:
            tell_age(console, as_of(snapshot, findings), now)
        tell_origins(console, snapshot)
        _tell_declared(console, snapshot, now)
        _tell_counts(console, snapshot, session.profile)
        _tell(console, findings, not_checked, declared=bool(snapshot.unconnected))
        _tell_calls(console, snapshot, calls)
    return CODES[verdict(findings, not_checked, arguments.fail_on)]


def _within(days: int) -> int:
    """Days of a warning before a VAT return is due; Usage beyond a quarter, which has its own return."""
    if days > LONGEST_WARNING:
        raise Usage(
            _("--return-warning takes 0 to {most} days, not {days}.").format(most=LONGEST_WARNING, days=days)
        )
    return days


def _tell_declared(console: Console, snapshot: "Snapshot", now: "datetime") -> None:
    """Where what was not measured comes from, and how old it is."""
    from octowizard.locale.formats import ago

    declarations = snapshot.declared.values()
    if declarations and snapshot.declared_at is not None:
        number = len(declarations)
        sentence = ngettext(
            "Declared by {files}: {count} customer, read {ago}.",
            "Declared by {files}: {count} customers, read {ago}.",
            number,
        )
        files = ", ".join(dict.fromkeys(plain(one.source) for one in declarations))
        console.note(sentence.format(files=files, count=number, ago=ago(snapshot.declared_at, now)))


def _tell(
    console: Console, findings: "list[Finding]", not_checked: "list[NotChecked]", *, declared: bool
) -> None:
    from msgspec.structs import replace

    from octowizard.presentation.blocks import Gap, Item
    from octowizard.presentation.detail import finding, not_looked_at, nothing_found, weighed

    for one in findings:
        console.page(replace(finding(one), aside=f"[{one.problem}]"))
        console.show([Gap()])
    for what in not_looked_at(not_checked):
        console.show([Item(_("not checked: {what}").format(what=what), "?")])
    if not findings and not any(not one.lasting for one in not_checked):
        console.show([Item(nothing_found(declared=declared), "✔")])
    elif findings:
        counts = [f"{mark} {number} {name}" for mark, _severity, number, name in weighed(findings) if number]
        console.line("  ".join(counts))


def _tell_counts(console: Console, snapshot: "Snapshot", profile: "Profile") -> None:
    """How all documents stand, as Home shows it."""
    from octowizard.planning.counts import counts
    from octowizard.planning.plan import plan
    from octowizard.presentation.blocks import Gap
    from octowizard.presentation.overview import at_a_glance
    from octowizard.session.overview import weeks

    counted = counts(snapshot, plan(snapshot, profile))
    if counted is not None and snapshot.taken_at.timestamp():
        for text in at_a_glance(counted, weeks(snapshot), console.columns() - 1):
            console.line(text)
        console.show([Gap()])


def _tell_calls(console: Console, snapshot: "Snapshot", calls: "Calls") -> None:
    from octowizard.presentation.events import used_up

    if len(snapshot.unconnected) == 2:
        return
    now = snapshot.taken_at.astimezone()
    for sentence in dict.fromkeys(used_up(what, read_at, now) for what, read_at in snapshot.kept):
        console.note(sentence)
    spent = ngettext("{count} call to Octopus", "{count} calls to Octopus", calls.octopus).format(
        count=calls.octopus
    )
    if calls.left:
        left = ", ".join(f"{one.label} {one.left}/{one.limit}" for one in calls.left)
        spent = _("{calls}; left today: {left}").format(calls=spent, left=left)
    console.note(spent)
