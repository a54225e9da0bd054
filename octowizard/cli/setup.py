"""`octowizard setup`: the guided set-up, step by step, told from what both sides hold now.

Here are the words and who does what with them; `setup_walk.py` asks step by step, `setup_told.py` says how it stands.
"""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from octowizard.cli import setup_told
from octowizard.cli.arguments import day_of, formatted, whole
from octowizard.cli.commands import summary
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL, Usage
from octowizard.cli.setup_read import looked, remembered, seen, unanswered
from octowizard.cli.wanted import Accounts
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.onboarding.model import Guide, Step
    from octowizard.onboarding.standing import Standing

NAME = "setup"
_LOSS = "--accept-loss"


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """The command and its own commands."""
    parser = commands.add_parser(
        NAME,
        parents=[common],
        help=summary(NAME),
        description=_(
            "Tells which of the three situations holds (A: Octopus is empty, B: only Octopus has customers, C: both\n"
            "have), and walks through its steps. On a terminal it asks; without one it prints the steps and their\n"
            "states. Nothing is written before it was shown and agreed to."
        ),
        epilog=_epilog(),
        formatter_class=formatted(),
        allow_abbrev=False,
    )
    parser.add_argument("--status", action="store_true", help=_("only print the steps and their states"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object on stdout (see below)"))
    parser.add_argument(
        "--offline", action="store_true", help=_("as both sides were last seen; reads neither of them")
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title=_("actions"))

    def action(name: str, text: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, parents=[common], help=text, description=text, allow_abbrev=False)
        made.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help=_("one JSON object on stdout")
        )
        return made

    done = action("do", _("let octowizard do all that a step offers, after showing it"))
    done.add_argument("step", metavar="STEP")
    done.add_argument("--change", metavar="ID", help=_("only this one of the changes that the step offers"))
    done.add_argument("--yes", action="store_true", help=_("do not ask first (for scripts)"))
    _accepts_loss(done)
    shown = action("show", _("all about one step: what, why, how by hand, ready files"))
    shown.add_argument("step", metavar="STEP")
    skipped = action("skip", _("leave a step out; what that brings is shown"))
    skipped.add_argument("step", metavar="STEP")
    skipped.add_argument("--undo", action="store_true", help=_("take the step up again"))
    declared = action("declare", _("answer a question that no API answers"))
    declared.add_argument("key", metavar="QUESTION", help=_("as `setup show STEP` names it, such as booster"))
    declared.add_argument("answer", choices=("yes", "no"))
    chosen = action("scenario", _("choose another situation than was detected"))
    chosen.add_argument("scenario", choices=("a", "b", "c", "detect"))
    start = action("start", _("choose the date of the first document that is synchronised"))
    start.add_argument("day", type=day_of, metavar="DATE", help=_("YYYY-MM-DD"))
    _accepts_loss(start)
    dossier = action("dossier", _("confirm the dossier, or choose another one of the same login"))
    dossier.add_argument("dossier", type=whole, metavar="ID")
    _accepts_loss(dossier)
    numbering = action("numbering", _("choose where the numbers of bookings come from"))
    numbering.add_argument(
        "numbering", choices=("follow", "next"), help=_("Teamleader's numbers, or the next free ones")
    )
    _accepts_loss(numbering)


def _accepts_loss(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        _LOSS, action="store_true", help=_("agree to a loss that was shown; --yes alone never does")
    )


def _epilog() -> str:
    return _(
        """with --json, one object:
  {"schema": 1, "command": "setup", "profile", "scenario": a|b|c, "detected", "reason", "overruled", "booster",
   "current": id of the first step that asks for something, or null,
   "steps": [{"id", "title", "state": done|todo|waits|skipped|not_needed|unknown, "what", "why", "now": [],
              "notes": [], "changes": [{"id", "title", "vendor", "method", "path", "body", "lines", "who", "also",
              "irreversible", "before"}], "declarations": [{"key", "question", "answer"}], "show": [], "skip",
              "opens", "problems": [], "files": []}]}
with `do --json`, the same object with "step", "done": [{"change", "outcome": done|refused|in_doubt, "said"}] and
"why" when the step is not done; the first sync adds the JSON lines of `sync` before it
new members may be added within schema 1

exit codes: 0 all well (`do`: the step is done; status: no step asks for anything), 1 something is left to do or
was not done, 2 wrong usage or configuration, 3 could not tell (network, sign-in, a limit of the day),
130 interrupted"""
    )


def run(arguments: argparse.Namespace, accounts: Accounts, console: Console) -> int:
    """Do what was asked. The exit code."""
    from octowizard.onboarding.actions import NotOffered
    from octowizard.onboarding.guards import LossNotAccepted

    try:
        if arguments.action is None:
            return _status_or_walk(arguments, accounts, console)
        return _ACTIONS[arguments.action](arguments, accounts, console)
    except NotOffered as refused:
        raise Usage(str(refused)) from None
    except LossNotAccepted as loss:
        console.close()
        for line in setup_told.warning_lines(loss.warning):
            console.note(line)
        raise Usage(
            _("Nothing was changed. Whoever accepts this loss adds {option}.").format(option=_LOSS)
        ) from None


def _status_or_walk(arguments: argparse.Namespace, accounts: Accounts, console: Console) -> int:
    if not (arguments.status or arguments.json or arguments.offline) and sys.stdin.isatty():
        from octowizard.cli.setup_walk import walk

        return walk(accounts, console)
    found = _guide(remembered(accounts) if arguments.offline else looked(accounts, console))
    console.close()
    if arguments.json:
        _json(console, accounts, found)
    else:
        setup_told.tell(console, setup_told.guide_lines(found))
    return _code(found)


def _code(found: "Guide") -> int:
    if any(step.state == "unknown" for step in found.steps):
        return COULD_NOT_TELL
    return ATTENTION if found.current is not None else WELL


def _json(console: Console, accounts: Accounts, found: "Guide", **more: Any) -> None:
    import msgspec

    console.json(msgspec.json.encode({**setup_told.as_json(accounts.profile.name, found), **more}))


# --- looking ---------------------------------------------------------------------------------------------


def _guide(standing: "Standing") -> "Guide":
    from octowizard.onboarding.guide import guide

    return guide(standing)


# --- the actions -----------------------------------------------------------------------------------------


def _do(arguments: argparse.Namespace, accounts: Accounts, console: Console) -> int:
    from octowizard.cli import setup_do
    from octowizard.onboarding.actions import step_named

    as_json = arguments.json
    step = step_named(_guide(seen(accounts, console)), arguments.step)
    if step.state in ("todo", "unknown") and not step.changes:
        # What was kept may be of before an earlier step: look before saying that there is nothing to do.
        step = step_named(_guide(looked(accounts, console, step.id)), step.id)
    asked = setup_do.Asked(
        yes=arguments.yes, accept_loss=arguments.accept_loss, as_json=as_json, only=arguments.change
    )
    ended = setup_do.do(accounts, console, step, asked)
    standing = looked(accounts, console, step.id) if ended.wrote else seen(accounts, console)
    after = _guide(standing)
    now = step_named(after, step.id)
    settled, unseen = now.state in ("done", "not_needed", "skipped"), unanswered(standing)
    why = "" if settled else unseen or ended.why or why_open(now)
    if as_json:
        _json(console, accounts, after, step=step.id, done=list(ended.done), why=why)
    else:
        console.line(plain(f"{setup_told.MARKS[now.state]} {now.title}: {setup_told.state_word(now.state)}"))
        if why:
            console.note(why)
    if unseen and not settled and ended.code in (WELL, ATTENTION):
        return COULD_NOT_TELL
    if ended.code != WELL:
        return ended.code
    return WELL if not why else ATTENTION


def why_open(step: "Step") -> str:
    """Why a step is not done, and what would help."""
    if step.state == "waits":
        return _("An earlier step comes first.")
    open_ = [one for one in step.declarations if one.answer is not True]
    if open_ and not step.changes:
        return _("It waits for your word: {question} ({command} yes|no)").format(
            question=open_[0].question, command=f"octowizard setup declare {open_[0].key}"
        )
    if step.changes:
        return _("octowizard can do more here: octowizard setup do {step}").format(step=step.id)
    more = (
        _(" {command} does more of it.").format(command=setup_told.COMMANDS[step.opens]) if step.opens else ""
    )
    if step.show:
        by_hand = _("It is done by hand in {vendor}: {path}. {text}").format(
            vendor=step.show[0].vendor, path=step.show[0].path, text=step.show[0].text
        )
        return f"{by_hand}{more}"
    return step.now[0] if step.now else step.what


def _show(arguments: argparse.Namespace, accounts: Accounts, console: Console) -> int:
    from octowizard.onboarding.actions import step_named

    found = _guide(seen(accounts, console))
    step = step_named(found, arguments.step)
    if arguments.json:
        import msgspec

        console.json(msgspec.json.encode({"schema": 1, "command": "setup show", **msgspec.to_builtins(step)}))
    else:
        setup_told.tell(console, setup_told.step_lines(step))
        for change in step.changes:
            console.line()
            setup_told.tell(console, setup_told.change_lines(change))
    return WELL


def _skip(arguments: argparse.Namespace, accounts: Accounts, console: Console) -> int:
    from octowizard.onboarding import actions

    seen(accounts, console)
    actions.skip(accounts.root, accounts.profile, arguments.step, take_back=arguments.undo)
    return _kept(arguments, accounts, console, arguments.step)


def _declare(arguments: argparse.Namespace, accounts: Accounts, console: Console) -> int:
    from octowizard.onboarding import actions

    seen(accounts, console)
    actions.declare(accounts.root, accounts.profile, arguments.key, arguments.answer == "yes")
    return _kept(arguments, accounts, console)


def _scenario(arguments: argparse.Namespace, accounts: Accounts, console: Console) -> int:
    from octowizard.onboarding import actions
    from octowizard.onboarding.steps.choose_scenario import choose_scenario

    chosen = None if arguments.scenario == "detect" else arguments.scenario
    actions.choose_scenario(accounts.root, accounts.profile, chosen)
    return _kept(arguments, accounts, console, choose_scenario.id)


def _start(arguments: argparse.Namespace, accounts: Accounts, console: Console) -> int:
    from octowizard.onboarding import actions
    from octowizard.onboarding.steps.connect_teamleader import connect_teamleader

    seen(accounts, console)
    profile = actions.set_start_date(
        accounts.root, accounts.profile, arguments.day, accept_loss=arguments.accept_loss
    )
    turned = Accounts(accounts.root, profile, accounts.fresh)
    looked(turned, console, connect_teamleader.id)  # other documents wait now
    return _kept(arguments, turned, console, connect_teamleader.id)


def _dossier(arguments: argparse.Namespace, accounts: Accounts, console: Console) -> int:
    from octowizard.onboarding import actions
    from octowizard.onboarding.steps.choose_dossier import choose_dossier

    seen(accounts, console)
    profile = actions.set_dossier(
        accounts.root, accounts.profile, arguments.dossier, accept_loss=arguments.accept_loss
    )
    return _kept(arguments, Accounts(accounts.root, profile, accounts.fresh), console, choose_dossier.id)


def _numbering(arguments: argparse.Namespace, accounts: Accounts, console: Console) -> int:
    from octowizard.onboarding import actions

    seen(accounts, console)
    profile = actions.set_numbering(
        accounts.root, accounts.profile, arguments.numbering, accept_loss=arguments.accept_loss
    )
    return _kept(arguments, Accounts(accounts.root, profile, accounts.fresh), console)


def _kept(arguments: argparse.Namespace, accounts: Accounts, console: Console, step: str = "") -> int:
    """Say how it stands after something was decided: the decision itself is done, whatever is left."""
    from octowizard.onboarding.guide import step_of

    found = _guide(seen(accounts, console))
    if arguments.json:
        _json(console, accounts, found)
        return WELL
    shown = step_of(found, step)
    if shown is not None:
        console.line(
            plain(f"{setup_told.MARKS[shown.state]} {shown.title}: {setup_told.state_word(shown.state)}")
        )
        if shown.state == "skipped" and shown.skip:
            console.note(plain(shown.skip))
    else:
        console.line(_("Kept."))
    current = step_of(found, found.current or "")
    if current is not None and current.id != step:
        console.note(_("Next: {command}").format(command=setup_told.command_of(current)))
    return WELL


_ACTIONS = {
    "do": _do,
    "show": _show,
    "skip": _skip,
    "declare": _declare,
    "scenario": _scenario,
    "start": _start,
    "dossier": _dossier,
    "numbering": _numbering,
}
