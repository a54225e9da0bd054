"""`octowizard check`: all that would go wrong, before it does; worst first, with the evidence and the fix."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.arguments import formatted
from octowizard.cli.commands import summary
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL
from octowizard.cli.interrupt import completed
from octowizard.cli.watching import reporting
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from datetime import datetime

    from octowizard.checks.registry import Finding, NotChecked
    from octowizard.session.session import Session
    from octowizard.snapshot.model import Snapshot
    from octowizard.sync.checking import Calls

NAME = "check"
_SHOWN = 6  # records of one finding on the screen; --json has them all


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """The command and its options."""
    parser = commands.add_parser(
        NAME,
        parents=[common],
        help=summary(NAME),
        description=_(
            "Looks at both sides with as few calls as the limits allow and names every document that a sync could\n"
            "not book, with the reason, the evidence and the fix. Writes nothing."
        ),
        epilog=_epilog(),
        formatter_class=formatted(),
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help=_("one JSON object on stdout (see below)"))
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
    parser.add_argument(
        "--fail-on",
        choices=("warning", "blocking"),
        default="warning",
        help=_("the least finding that ends with exit code 1 (default: %(default)s)"),
    )


def _epilog() -> str:
    return _(
        """with --json, one object:
  {"schema": 1, "command": "check", "profile", "taken_at",
   "findings": [{"problem", "severity": blocking|warning|info, "title", "records": [{"kind", "label", "id"}],
                 "evidence": [], "fix": [], "fixed_when"}],        worst first
   "not_checked": [{"check", "title", "why"}],                    never the same as fine
   "counts": {"blocking", "warning", "info", "not_checked"},
   "declared": {"files": [], "customers", "read_at"} or null,     what --declared last read
   "calls": {"octopus", "teamleader", "left": [{"what", "left", "limit"}], "kept": [{"what", "read_at"}]}}
  taken_at is null when nothing was ever read; new members may be added within schema 1

exit codes: 0 all well, 1 a finding at or above --fail-on, 2 wrong usage or configuration, 3 could not tell
(network, sign-in, a limit of the day: something was not checked, and nothing worse was found), 130 interrupted"""
    )


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Look, check, tell. The exit code."""
    from pathlib import Path

    import msgspec

    from octowizard.problems.remedy import checked

    profile = session.profile
    if arguments.declared:
        session.declare([Path(file) for file in arguments.declared])
    before = session.calls()
    look = not arguments.offline
    snapshot = completed(session.read("", reporting(console))) if look else session.snapshot()
    findings, not_checked = checked(snapshot, profile)
    calls = session.calls().since(before)
    console.close()
    if arguments.json:
        console.json(msgspec.json.encode(as_json(profile.name, snapshot, findings, not_checked, calls)))
    else:
        if arguments.offline:
            _tell_age(console, snapshot, session.moment_there())
        _tell_declared(console, snapshot, session.moment_there())
        _tell(console, findings, not_checked)
        _tell_calls(console, snapshot, calls)
    return code_of(findings, not_checked, arguments.fail_on)


def code_of(findings: "list[Finding]", not_checked: "list[NotChecked]", fail_on: str) -> int:
    """1 for something to mend, 3 when a vendor or a limit kept something from being looked at, else 0."""
    from octowizard.checks.access import PASSING

    at_least = {"blocking"} if fail_on == "blocking" else {"blocking", "warning"}
    if any(finding.severity in at_least and finding.problem not in PASSING for finding in findings):
        return ATTENTION
    if any(finding.problem in PASSING and finding.severity != "info" for finding in findings):
        return COULD_NOT_TELL
    return COULD_NOT_TELL if any(not one.lasting for one in not_checked) else WELL


def as_json(
    profile: str,
    snapshot: "Snapshot",
    findings: "list[Finding]",
    not_checked: "list[NotChecked]",
    calls: "Calls",
) -> dict[str, object]:
    """The one object of `--json`."""
    from octowizard.planning.problems import MARKS

    counts = {severity: sum(f.severity == severity for f in findings) for severity in MARKS}
    return {
        "schema": 1,
        "command": NAME,
        "profile": profile,
        "taken_at": snapshot.taken_at if snapshot.taken_at.timestamp() else None,
        "findings": [_line(finding) for finding in findings],
        "not_checked": [{"check": one.check, "title": one.title, "why": one.why} for one in not_checked],
        "counts": {**counts, "not_checked": len(not_checked)},
        "declared": _declared(snapshot),
        "calls": {
            "octopus": calls.octopus,
            "teamleader": calls.teamleader,
            "left": [{"what": one.label, "left": one.left, "limit": one.limit} for one in calls.left],
            "kept": [{"what": what, "read_at": read_at} for what, read_at in snapshot.kept],
        },
    }


def _line(finding: "Finding") -> dict[str, object]:
    return {
        "problem": finding.problem,
        "severity": finding.severity,
        "title": finding.title,
        "records": finding.records,
        "evidence": finding.evidence,
        "fix": finding.fix,
        "fixed_when": finding.fixed_when,
    }


def _declared(snapshot: "Snapshot") -> dict[str, object] | None:
    told = snapshot.declared.values()
    if not told:
        return None
    files = list(dict.fromkeys(one.source for one in told))
    return {"files": files, "customers": len(told), "read_at": snapshot.declared_at}


def _tell_age(console: Console, snapshot: "Snapshot", now: "datetime") -> None:
    from octowizard.locale.formats import ago, moment

    if snapshot.taken_at.timestamp():
        console.note(
            _("As read at {moment} ({ago}); nothing was asked now.").format(
                moment=moment(snapshot.taken_at, now.astimezone()), ago=ago(snapshot.taken_at, now)
            )
        )


def _tell_declared(console: Console, snapshot: "Snapshot", now: "datetime") -> None:
    """Where what was not measured comes from, and how old it is."""
    from octowizard.locale.formats import ago

    told = snapshot.declared.values()
    if told and snapshot.declared_at is not None:
        number = len(told)
        said = ngettext(
            "Declared by {files}: {count} customer, read {ago}.",
            "Declared by {files}: {count} customers, read {ago}.",
            number,
        )
        files = ", ".join(dict.fromkeys(plain(one.source) for one in told))
        console.note(said.format(files=files, count=number, ago=ago(snapshot.declared_at, now)))


def _tell(console: Console, findings: "list[Finding]", not_checked: "list[NotChecked]") -> None:
    from octowizard.planning.problems import MARKS

    for finding in findings:
        console.line(f"{MARKS[finding.severity]} {plain(finding.title)}  [{finding.problem}]")
        labels = [plain(record.label) for record in finding.records[:_SHOWN]]
        if len(finding.records) > _SHOWN:
            labels.append(_("and {count} more").format(count=len(finding.records) - _SHOWN))
        if labels:
            console.line(f"    {', '.join(labels)}")
        for text in finding.evidence:
            console.line(f"    {plain(text)}")
        for text in finding.fix:
            console.line(f"  → {plain(text)}")
        if finding.fixed_when:
            console.line("  ✔ " + _("fixed when: {what}").format(what=plain(finding.fixed_when)))
        console.line()
    same: dict[str, list[str]] = {}
    for one in not_checked:
        same.setdefault(one.why, []).append(one.title)
    for why, titles in same.items():  # each reason once, whatever it keeps from being looked at
        names = " · ".join(dict.fromkeys(titles))
        console.line("? " + _("not checked: {title} ({why})").format(title=names, why=plain(why)))
    if not findings and not any(not one.lasting for one in not_checked):
        console.line("✔ " + _("Nothing stands in the way of a sync."))
    elif findings:
        parts = []
        for severity, name in (
            ("blocking", _("blocking")),
            ("warning", _("to look at")),
            ("info", _("to know")),
        ):
            number = sum(finding.severity == severity for finding in findings)
            if number:
                parts.append(f"{MARKS[severity]} {number} {name}")
        console.line("  ".join(parts))


def _tell_calls(console: Console, snapshot: "Snapshot", calls: "Calls") -> None:
    from octowizard.locale.formats import moment
    from octowizard.locale.readings import read_name

    for what, read_at in {read_name(what): read_at for what, read_at in reversed(snapshot.kept)}.items():
        console.note(
            _("Today's calls for {what} are used up: what is shown was read at {moment}.").format(
                what=what, moment=moment(read_at, snapshot.taken_at.astimezone())
            )
        )
    said = ngettext("{count} call to Octopus", "{count} calls to Octopus", calls.octopus).format(
        count=calls.octopus
    )
    if calls.left:
        left = ", ".join(f"{one.label} {one.left}/{one.limit}" for one in calls.left)
        said += "; " + _("left today: {left}").format(left=left)
    console.note(said)
