"""The set-up as a conversation in plain lines: one step at a time, a letter to choose, nothing drawn.

Made for a terminal that is read aloud as well as for one that is looked at. What is chosen is done by the same
functions as the words of the command line.
"""

from typing import TYPE_CHECKING

from octowizard.cli import setup_do
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, WELL
from octowizard.cli.watching import looked
from octowizard.locale import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from octowizard.onboarding.guards import Warning
    from octowizard.onboarding.model import Declaration, Step
    from octowizard.session.session import Session
    from octowizard.workspace.profiles import Profile


def walk(session: "Session", console: Console) -> int:
    """Go through the steps until none asks for anything, or the user leaves. The exit code."""
    from octowizard.onboarding.guards import LossNotAccepted
    from octowizard.onboarding.guide import NotOffered, guide, step_of
    from octowizard.presentation.setup_steps import overview, page
    from octowizard.workspace.errors import WorkspaceError
    from octowizard.workspace.profiles import ProfileError

    console.note(_("Looking at both sides…"))
    whole = guide(looked(session, console))
    console.show(overview(whole, commands=False))
    while whole.current is not None:
        step = step_of(whole, whole.current)
        assert step is not None
        console.line()
        console.page(page(step, whole=False))
        choice = _choice(console, step)
        if choice == "q":
            console.note(_("Nothing is lost: octowizard setup goes on from here."))
            return ATTENTION
        try:
            _do_chosen(session, console, step, choice)
        except (NotOffered, ProfileError, WorkspaceError) as refused:
            console.note(plain(str(refused)))
        except LossNotAccepted as loss:
            setup_do.tell_loss(console, loss.warning)
        # What was only said needs no look at the vendors, who count each one.
        said = choice in ("y", "n", "k", "a")
        whole = guide(session.setup.standing() if said else looked(session, console, step.id))
    console.line()
    console.show(overview(whole))
    return WELL


def _asked(step: "Step") -> "Declaration":
    """The question that y and n answer: the first that has no answer yet."""
    return next((one for one in step.declarations if one.answer is None), step.declarations[0])


def _choices(step: "Step") -> dict[str, str]:
    """The letters that mean something at this step."""
    from octowizard.onboarding.steps.choose_connector import choose_connector
    from octowizard.onboarding.steps.registry import action_of

    action = action_of(step)
    choices = {}
    if action == "import" and step.opens == "duplicates":
        choices["s"] = _("smart import: link what is the same, import the rest")
    by_action = {
        "import": _("import all, after a preview"),
        "preview-and-sync": _("preview, then sync"),
        "sync": _("sync, for the payments"),
        "merge-duplicates": _("do it for me"),
    }
    if step.changes or action in by_action:
        choices["d"] = by_action.get(action or "", _("do it for me"))
    if step.declarations:
        choices["y"] = _("yes")
        choices["n"] = _("no")
    if action in ("dossier", "connection"):
        choices["c"] = _("choose another")
    if step.id == choose_connector.id:
        choices["a"] = _("another situation")
    choices["r"] = _("check again")
    if step.skip is not None:
        choices["k"] = _("skip")
    choices["q"] = _("leave; nothing is lost")
    return choices


def _choice(console: Console, step: "Step") -> str:
    """The letter that was chosen; the end of the input is leaving."""
    choices = _choices(step)
    if step.declarations:
        console.line(plain(_asked(step).question))
    shown = ", ".join(f"{letter} {text}" for letter, text in choices.items())
    while True:
        given = console.answer(f"{shown}:")
        if given is None:
            return "q"
        letter = given.strip().casefold()[:1]
        if letter in choices:
            return letter


def _accepts(console: Console, warning: "Warning") -> bool:
    """Whether the user accepts a loss, by a word that nobody types by mistake."""
    setup_do.tell_loss(console, warning)
    word = _("lose it")
    return console.answer(_("Type “{word}” to go on:").format(word=word)) == word


def _do_chosen(session: "Session", console: Console, step: "Step", choice: str) -> None:
    """Do what was chosen."""
    from octowizard.onboarding.detect import NAMES

    match choice:
        case "d":
            ended = setup_do.do(session, console, step, setup_do.Asked())
            if ended.why:
                console.note(plain(ended.why))
        case "s":
            setup_do.smart_import(session, console, setup_do.Asked())
        case "a":
            given = console.answer(_("Which one: a, b, c, or detect (as the counts say):"))
            wanted = (given or "").casefold()
            named = next((name for name in NAMES if name == wanted), None)
            if named is not None or wanted == "detect":
                from octowizard.presentation.setup_steps import overview

                console.show(overview(session.setup.choose_scenario(named), commands=False))
        case "y" | "n":
            session.setup.declare(_asked(step).key, choice == "y")
        case "k":
            console.note(plain(step.skip or ""))
            if console.asks(_("Skip it?")):
                session.setup.skip(step.id, take_back=False)
        case "c":
            _choose_anew(session, console, step)


def _choose_anew(session: "Session", console: Console, step: "Step") -> None:
    """Another dossier, or another start date."""
    from argparse import ArgumentTypeError

    from octowizard.cli.arguments import day_of
    from octowizard.onboarding.steps.registry import action_of

    if action_of(step) == "dossier":
        given = console.answer(_("Number of the dossier:")) or ""
        if not (given.isascii() and given.isdigit()):
            return
        _guarded(console, lambda accept: session.setup.set_dossier(int(given), accept))
    else:
        given = console.answer(_("Date of the first document, YYYY-MM-DD:")) or ""
        try:
            chosen = day_of(given)
        except ArgumentTypeError as error:
            console.note(str(error))
            return
        _guarded(console, lambda accept: session.setup.set_start_date(chosen, accept))


def _guarded(console: Console, act: "Callable[[bool], Profile]") -> None:
    """Do it; where something would be lost, only after that was accepted."""
    from octowizard.onboarding.guards import LossNotAccepted

    try:
        act(False)
    except LossNotAccepted as loss:
        if _accepts(console, loss.warning):
            act(True)
