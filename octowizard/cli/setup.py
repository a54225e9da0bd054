"""`octowizard setup`: the guided set-up, step by step, told from what both sides hold now.

Here are the words and who does what with them; `setup_walk.py` asks step by step.
"""

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from octowizard.cli import lists
from octowizard.cli.arguments import (
    add_accept_loss,
    add_action,
    add_command,
    add_fresh,
    add_json,
    add_yes,
    day_of,
    paragraphs,
    whole,
)
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL, Usage
from octowizard.cli.watching import looked, seen, tell_age
from octowizard.locale import _

if TYPE_CHECKING:
    from msgspec import Struct

    from octowizard.cli.arguments import Commands
    from octowizard.onboarding.model import Guide
    from octowizard.onboarding.standing import Standing
    from octowizard.session.session import Session

NAME = "setup"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its own commands."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Tells which of the three situations holds (A: Octopus is empty, B: only Octopus has customers, C: both\n"
            "have), and walks through its steps. On a terminal it asks; without one it prints the steps and their\n"
            "states. Nothing is written before it was shown and agreed to."
        ),
        _epilog(),
    )
    parser.add_argument("--status", action="store_true", help=_("only print the steps and their states"))
    add_json(parser)
    add_fresh(parser)
    parser.add_argument(
        "--offline", action="store_true", help=_("as both sides were last seen; reads neither of them")
    )
    parser.add_argument(
        "--write-answers",
        metavar="FILE",
        help=_("write what was answered, chosen and mapped here to a new file"),
    )
    parser.add_argument(
        "--answers",
        metavar="FILE",
        help=_("answer by such a file, then do what the steps offer; each change is shown and asked about"),
    )
    add_yes(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title=_("actions"))

    action = partial(add_action, actions, common)
    done = action("do", _("let octowizard do all that a step offers, after showing it"))
    done.add_argument("step", metavar="STEP")
    done.add_argument("--change", metavar="ID", help=_("only this one of the changes that the step offers"))
    add_yes(done)
    shown = action("show", _("all about one step: what, why, how by hand, ready files"))
    shown.add_argument("step", metavar="STEP")
    skipped = action("skip", _("leave a step out; what that brings is shown"))
    skipped.add_argument("step", metavar="STEP")
    skipped.add_argument("--undo", action="store_true", help=_("take the step up again"))
    declared = action("declare", _("answer a question that no API answers, or tell what a side is like"))
    declared.add_argument("key", metavar="QUESTION", help=_("as `setup show STEP` names it, such as booster"))
    declared.add_argument(
        "answer",
        metavar="ANSWER",
        nargs="*",
        help=_(
            "yes or no; of a side that is not connected what it shows, such as start=2026-01-01, or a file"
        ),
    )
    lists.add_reading(declared)
    action("declared", _("all that was declared, and where it was otherwise once a side was connected"))
    chosen = action("scenario", _("choose another situation than was detected"))
    chosen.add_argument("scenario", choices=("a", "b", "c", "detect"))
    start = action("start", _("choose the date of the first document that is synchronised"))
    start.add_argument("day", type=day_of, metavar="DATE", help=_("such as 31/01/2026"))
    add_accept_loss(start)
    dossier = action("dossier", _("confirm the dossier, or choose another one of the same login"))
    dossier.add_argument("dossier", type=whole, metavar="ID")
    add_accept_loss(dossier)
    numbering = action("numbering", _("choose where the numbers of bookings come from"))
    numbering.add_argument(
        "numbering", choices=("follow", "next"), help=_("Teamleader's numbers, or the next free ones")
    )
    add_accept_loss(numbering)
    choose = action("choose", _("choose something of the connection; without words: what there is to choose"))
    choose.add_argument("what", metavar="WHAT", nargs="?", help=_("such as invoice-journal or mode"))
    choose.add_argument("value", metavar="VALUE", nargs="?", help=_("without one: what may be written"))
    add_accept_loss(choose)


def _epilog() -> str:
    return paragraphs(
        """with --json, one object:
  {"schema": 1, "command": "setup", "profile", "scenario": a|b|c, "detected", "reason", "overruled", "booster",
   "current": id of the first step that asks for something, or null, "counts": what of "reason" is otherwise now,
   "steps": [{"id", "title", "state": done|todo|waits|not_yet|skipped|not_needed|unknown, "what", "why", "now": [],
              "notes": [], "changes": [{"id", "title", "vendor", "method", "path", "body", "lines", "who", "also",
              "irreversible", "before"}], "declarations": [{"key", "question", "answer"}], "declares": [what of it
              `setup declare` takes], "unconnected": whether its side is not signed in to, "show": [], "skip",
              "opens", "problems": [], "files": [], "command": what is typed for it, or "",
              "phase": accounts|books|customers|sync, "recall": what was answered there, in a few words,
              "consent": the question that is answered with making "consenting", changes that are not offered before,
              "foretold": changes of the next step that follow from these, "then": titles of what an answer leads to}],
   "summary": [] as long as something is asked for, "closing": null until then, {"runs", "later", "left_out",
              "tomorrow"} from then on: what comes next}
with `do --json`, the same object with "step", "done": [{"change", "outcome": done|refused|in_doubt, "said",
"vendor_text": a vendor's own words, or ""}] and
"why" when the step is not done; the first sync adds the JSON lines of `sync` before it, import and merge the object
of `duplicates import` and `duplicates merge`;
new members may be added within schema 1""",
        _(
            "exit codes: 0 all well (`do`: the step is done; status: no step asks for anything), 1 "
            "something is left to do or\n"
            "was not done, 2 wrong usage or configuration, 3 could not tell (network, sign-in, a limit of the day),\n"
            "130 interrupted"
        ),
    )


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Do what was asked. The exit code."""
    from octowizard.onboarding.connection import WrongChoice
    from octowizard.onboarding.guards import LossNotAccepted
    from octowizard.onboarding.guide import NotOffered

    try:
        if arguments.action is None:
            return _whole(arguments, session, console)
        acts = {"do": _do, "show": _show, "choose": _choose, "declared": _declared}
        act = acts.get(arguments.action, _decide)
        return act(arguments, session, console)
    except (NotOffered, WrongChoice) as refused:
        raise Usage(str(refused)) from None
    except LossNotAccepted as loss:
        console.close()
        from octowizard.cli.setup_do import tell_loss

        tell_loss(console, loss.warning)
        raise Usage(
            _("Nothing was changed. Whoever accepts this loss adds {option}.").format(option="--accept-loss")
        ) from None


def _whole(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """All of the set-up: by an answers file, into one, or told."""
    if arguments.answers is None and arguments.write_answers is None:
        return _status_or_walk(arguments, session, console)
    from octowizard.cli import setup_answers

    if arguments.answers is not None and arguments.write_answers is not None:
        raise Usage(_("--answers and --write-answers exclude each other: first the one, then the other."))
    if arguments.write_answers is not None:
        return setup_answers.write(arguments.write_answers, session, console)
    return by_answers(session, console, arguments.answers, yes=arguments.yes, as_json=arguments.json)


def by_answers(session: "Session", console: Console, file: str, *, yes: bool, as_json: bool) -> int:
    """Keep the answers of a file, do what the steps offer, and tell how they stand then. The exit code."""
    from octowizard.cli import setup_answers

    whole, code = setup_answers.answer(file, session, console, yes=yes, as_json=as_json)
    if as_json:
        _json(console, session, whole)
    else:
        from octowizard.presentation.setup_steps import overview

        console.show(overview(whole))
    return code or _code(whole)


def _status_or_walk(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    if not (arguments.status or arguments.json or arguments.offline) and sys.stdin.isatty():
        from octowizard.cli.setup_walk import walk

        return walk(session, console)
    standing = (
        session.setup.standing() if arguments.offline else looked(session, console, fresh=arguments.fresh)
    )
    whole = _guide(standing)
    console.close()
    if arguments.json:
        _json(console, session, whole)
    else:
        from octowizard.presentation.setup_steps import overview

        console.show(overview(whole))
        if not arguments.offline:
            tell_age(console, standing.snapshot.taken_at, session.moment_there())
    return _code(whole)


def _guide(standing: "Standing") -> "Guide":
    from octowizard.onboarding.guide import guide

    return guide(standing)


def _code(whole: "Guide") -> int:
    if any(step.state == "unknown" for step in whole.steps):
        return COULD_NOT_TELL
    return ATTENTION if whole.current is not None else WELL


def _json(console: Console, session: "Session", *bodies: "Struct") -> None:
    from octowizard.presentation.json_output import encoded

    console.json(encoded(*bodies, command=NAME, profile=session.profile.name))


# --- the actions -----------------------------------------------------------------------------------------


def _do(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    from octowizard.cli import setup_do
    from octowizard.onboarding.guide import step_named
    from octowizard.onboarding.model import SETTLED
    from octowizard.presentation.json_output import StepDone
    from octowizard.presentation.setup_steps import heading, why_open
    from octowizard.session.setup import unanswered

    as_json = arguments.json
    step = step_named(_guide(seen(session, console)), arguments.step)
    if step.state in ("todo", "unknown", "not_yet") and not step.changes:
        # What was kept may be of before an earlier step: look before saying that there is nothing to do.
        step = step_named(_guide(looked(session, console, step.id)), step.id)
    asked = setup_do.Asked(yes=arguments.yes, as_json=as_json, only=arguments.change)
    ended = setup_do.do(session, console, step, asked)
    standing = looked(session, console, step.id) if ended.wrote else seen(session, console)
    after = _guide(standing)
    now = step_named(after, step.id)
    settled, unseen = now.state in SETTLED, unanswered(standing)
    why = "" if settled else unseen or ended.why or why_open(after, now)
    if as_json:
        _json(console, session, after, StepDone(step.id, ended.done, why))
    else:
        console.show([heading(now)])
        if why:
            console.note(why)
    if unseen and not settled and ended.code in (WELL, ATTENTION):
        return COULD_NOT_TELL
    if ended.code != WELL:
        return ended.code
    return WELL if not why else ATTENTION


def _show(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    from octowizard.onboarding.guide import step_named
    from octowizard.presentation.setup_steps import files, page

    step = step_named(_guide(seen(session, console)), arguments.step)
    if arguments.json:
        from octowizard.presentation.json_output import encoded

        console.json(encoded(step, command="setup show"))
    else:
        console.page(page(step))
        console.show(files(step))
    return WELL


def _decide(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Keep a decision, and say how it stands then."""
    from octowizard.onboarding.connection import NUMBERING, START
    from octowizard.onboarding.steps.choose_dossier import choose_dossier
    from octowizard.onboarding.steps.choose_scenario import choose_scenario

    if arguments.action == "start":
        return _chosen(arguments, session, console, START, arguments.day.isoformat())
    if arguments.action == "numbering":
        return _chosen(arguments, session, console, NUMBERING, arguments.numbering)
    if arguments.action != "scenario":
        seen(session, console)
    setup, step = session.setup, ""
    match arguments.action:
        case "skip":
            step = arguments.step
            setup.skip(step, take_back=arguments.undo)
        case "declare":
            step = _declare(arguments, session, console)
        case "scenario":
            step = choose_scenario.id
            setup.choose_scenario(None if arguments.scenario == "detect" else arguments.scenario)
        case "dossier":
            step = choose_dossier.id
            setup.set_dossier(arguments.dossier, arguments.accept_loss)
    return _kept(arguments, session, console, step)


def _declare(arguments: argparse.Namespace, session: "Session", console: Console) -> str:
    """Keep what is declared: a yes or no, or what a side is like that is not connected. The step that asks for it."""
    from octowizard.onboarding.declarables import FILE, THINGS, given_of
    from octowizard.onboarding.steps.registry import asking
    from octowizard.presentation.declared import entries

    thing = next((each for each in THINGS if each == arguments.key), None)
    if thing is None:
        if len(arguments.answer) != 1 or arguments.answer[0] not in ("yes", "no"):
            raise Usage(_("Write {values}.").format(values="yes, no"))
        session.setup.declare(arguments.key, arguments.answer[0] == "yes")
        return ""
    given = given_of(arguments.answer)
    files = {given[FILE]: given[FILE]} if FILE in given else {}
    by_hand = lists.by_hand(arguments, files, list(files))
    session.declaring.declare(
        thing, given, by_hand.get(given.get(FILE, "")), lambda reading: lists.tell_reading(console, reading)
    )
    console.note(entries(session.declaring.history()[-1]))
    return asking(thing)


def _declared(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """All that was ever declared, and what was measured of it since."""
    from octowizard.presentation.declared import differences, history
    from octowizard.presentation.json_output import Declarations, encoded

    declaring, now = session.declaring, session.moment_there().astimezone()
    declared, measured, words = declaring.history(), declaring.measured(), declaring.words()
    if arguments.json:
        declarations = [(one.what, one.source, one.at) for one in declared]
        console.json(encoded(Declarations(declarations, measured, words), command="setup declared"))
    else:
        console.show(history(declared, now))
        console.show(differences(measured, words, now))
    return ATTENTION if words or any(one.differences for one in measured) else WELL


def _choose(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Choose something of the connection, or say what there is to choose and what holds now."""
    from octowizard.onboarding.connection import setting, settings
    from octowizard.presentation.setup_steps import to_choose

    if arguments.value is not None:
        return _chosen(arguments, session, console, arguments.what, arguments.value)
    shown = settings() if arguments.what is None else (setting(arguments.what),)
    console.show(to_choose(shown, session.profile))
    return WELL


def _chosen(
    arguments: argparse.Namespace, session: "Session", console: Console, what: str, value: str
) -> int:
    """Keep the choice, read what depends on it, and say how the step stands then."""
    from octowizard.onboarding.connection import CREDIT_NOTES, INVOICES, chosen, lacking, setting
    from octowizard.onboarding.steps.registry import definitions

    where = setting(what).where
    chosen(setting(what), value)  # what cannot be is told before either side is read
    seen(session, console)
    session.setup.choose(what, value, arguments.accept_loss)
    step = next(each.id for each in definitions().values() if each.action == where)
    journals = looked(session, console, step).snapshot.journals  # and other documents may wait now
    if what in (INVOICES, CREDIT_NOTES):
        there = sorted({key for _year, key in journals if key.startswith("V")})
        if why := lacking(chosen(setting(what), value), there):
            console.note(why)
    return _kept(arguments, session, console, step)


def _kept(arguments: argparse.Namespace, session: "Session", console: Console, step: str = "") -> int:
    """Say how it stands after something was decided: the decision itself is done, whatever is left."""
    from octowizard.onboarding.guide import step_of
    from octowizard.presentation.setup_steps import command_of, heading

    whole = _guide(seen(session, console))
    if arguments.json:
        _json(console, session, whole)
        return WELL
    shown = step_of(whole, step)
    if shown is not None:
        console.show([heading(shown)])
        if shown.state == "skipped" and shown.skip:
            console.note(plain(shown.skip))
    else:
        console.line(_("Kept."))
    current = step_of(whole, whole.current or "")
    if current is not None and current.id != step:
        console.note(_("Next: {command}").format(command=command_of(current)))
    return WELL
