"""The set-up as a conversation in plain lines: one step at a time, a letter to choose, nothing drawn.

Made for a terminal that is read aloud as well as for one that is looked at. What is chosen is done by the same
functions as the words of the command line.
"""

from typing import TYPE_CHECKING

from octowizard.cli import setup_do
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, WELL, Usage
from octowizard.cli.watching import looked
from octowizard.locale import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from octowizard.onboarding.guards import Warning
    from octowizard.onboarding.model import Guide, Step
    from octowizard.presentation.blocks import Block
    from octowizard.session.session import Session
    from octowizard.workspace.profiles import Profile

_TOGETHER = "\N{NO-BREAK SPACE}"  # no line is broken here


def walk(session: "Session", console: Console) -> int:
    """Go through the steps until none asks for anything, or the user leaves. The exit code."""
    from octowizard.onboarding.connection import WrongChoice
    from octowizard.onboarding.guards import LossNotAccepted
    from octowizard.onboarding.guide import NotOffered, guide, step_of
    from octowizard.presentation.setup_steps import overview, where
    from octowizard.transport.errors import ConfigurationError
    from octowizard.workspace.errors import WorkspaceError
    from octowizard.workspace.profiles import ProfileError

    console.note(_("Looking at both sides…"))
    whole = guide(looked(session, console))
    console.show(where(whole))
    place = ""  # an earlier step that was gone back to; empty: the one that asks for something
    while whole.current is not None:
        step = step_of(whole, place or whole.current)
        assert step is not None
        before = _before(whole, step)
        choice = _choice(console, whole, step, {"b": bool(before), "g": step.id != whole.current})
        if choice == "q":
            console.note(_("Nothing is lost: octowizard setup goes on from here."))
            return ATTENTION
        if choice in ("b", "g"):
            place = before if choice == "b" else ""
            continue
        try:
            _do_chosen(session, console, step, choice)
        except (NotOffered, WrongChoice, Usage, ProfileError, WorkspaceError, ConfigurationError) as refused:
            console.note(plain(str(refused)))
        except LossNotAccepted as loss:
            setup_do.tell_loss(console, loss.warning)
        # What was only said needs no look at the vendors, who count each one.
        answered = choice in ("y", "n", "k", "a", "w")
        whole = guide(session.setup.standing() if answered else looked(session, console, step.id))
        place = ""
    console.line()
    console.show(overview(whole))
    return WELL


def _before(whole: "Guide", step: "Step") -> str:
    """The id of the step before; empty at the first."""
    ids = [each.id for each in whole.steps]
    place = ids.index(step.id)
    return ids[place - 1] if place else ""


def _choices(step: "Step", moves: "Mapping[str, bool]") -> dict[str, str]:
    """The letters that mean something at this step, and what. `moves`: which of the moves are possible."""
    from octowizard.onboarding.model import State
    from octowizard.onboarding.steps.choose_connector import choose_connector
    from octowizard.onboarding.steps.choose_scenario import choose_scenario
    from octowizard.onboarding.steps.registry import action_of
    from octowizard.presentation.setup_steps import choice, declaring, meant, unasked

    action = action_of(step)
    choices = {}
    by_action = {
        "import": _("link what is the same, import the rest"),
        "preview-and-sync": _("preview, then sync"),
    }
    if not step.changes:  # which come first
        by_action["sync"] = _("sync, for the payments")
    asked = unasked(step) is not None
    # A question comes before what it is about.
    if setup_do.can_do(step) and not (asked or step.state is State.NOT_YET):
        choices["d"] = by_action.get(action or "", _("do it for me"))
    for letter, answer in (("y", True), ("n", False)):
        if (one := meant(step, answer)) is None:
            continue
        word = _("yes") if answer else _("no")
        choices[letter] = (
            word if asked else _("{answer} after all: {question}").format(answer=word, question=one.question)
        )
    if step.declares:
        choices["w"] = declaring(step)
    if action in ("dossier", "integration", "connection"):
        choices["c"] = choice(step)
    if step.id == choose_connector.id or (step.id == choose_scenario.id and step.unconnected):
        choices["a"] = _("another situation")
    choices["r"] = _("check again")
    if step.skip is not None:
        choices["k"] = _("skip")
    offered = {"b": _("back to the step before"), "g": _("go on with what comes next")}
    choices |= {letter: text for letter, text in offered.items() if moves[letter]}
    return {
        **choices,
        "l": _("list all steps"),
        "?": _("all about this step"),
        "q": _("leave; nothing is lost"),
    }


def _choice(console: Console, whole: "Guide", step: "Step", moves: "Mapping[str, bool]") -> str:
    """The step, as much of it as a screen holds, and the letter that was chosen; the end of the input is leaving."""
    from octowizard.presentation.setup_steps import overview

    choices = _choices(step, moves)
    _show(console, step, choices)
    while True:
        given = console.answer(_("Your choice:"))
        if given is None:
            return "q"
        letter = given.strip().casefold()[:1]
        if letter == "?":
            _tell_all(console, step, choices)
        elif letter == "l":
            _paged(console, overview(whole, commands=False))
        elif letter in choices:
            return letter
        elif given.strip():
            text = _("“{given}” means nothing here; choose {letters}.")
            console.note(text.format(given=plain(given), letters=", ".join(choices)))


def _show(console: Console, step: "Step", choices: dict[str, str]) -> None:
    """The step with its question and the letters; how it stands is cut where the screen is too low for all."""
    from octowizard.presentation.blocks import Item
    from octowizard.presentation.setup_steps import brief, unasked
    from octowizard.presentation.text import lines

    width, height = console.size()
    head, now, after = brief(step)
    asked = unasked(step)
    after += [Item(asked.question, "?", indent=2)] if asked is not None else []
    # A letter stands with the first of its words: alone at the end of a line it would be a choice of nothing.
    letters = Item(" · ".join(f"{letter}{_TOGETHER}{text}" for letter, text in choices.items()))
    asking = [line.replace(_TOGETHER, " ") for line in lines([*after, letters], width)]
    fixed = len(list(lines(head, width))) + len(asking)
    stands = list(lines(now, width))
    room = max(1, height - fixed - 2) if height else len(stands)  # the gap above, the prompt below
    if len(stands) > room:
        stands[room - 1 :] = [_("    … ? shows all of it")]
    console.line()
    console.show(head)
    for line in (*stands, *asking):
        console.line(plain(line))


def _tell_all(console: Console, step: "Step", choices: dict[str, str]) -> None:
    """All about the step, and what each letter does."""
    from octowizard.presentation.blocks import Entry, Gap, Heading
    from octowizard.presentation.setup_steps import page

    shown = page(step)
    letters = [Entry(letter, text, indent=2) for letter, text in choices.items()]
    _paged(console, [Heading(shown.title, shown.mark, shown.aside), *shown.blocks, Gap(), *letters])


def _paged(console: Console, blocks: "Iterable[Block]") -> None:
    """Blocks by screenfuls."""
    from octowizard.presentation.text import lines

    width, height = console.size()
    shown = list(lines(blocks, width))
    each = max(1, height - 1) if height else len(shown)
    for start in range(0, len(shown), each):
        for line in shown[start : start + each]:
            console.line(plain(line))
        if start + each < len(shown) and console.answer(_("⏎ shows more, q ends:")) in (None, "q"):
            return


def _accepts(console: Console, warning: "Warning") -> bool:
    """Whether the user accepts a loss, by a word that nobody types by mistake."""
    setup_do.tell_loss(console, warning)
    word = _("lose it")
    return console.answer(_("Type “{word}” to go on:").format(word=word)) == word


def _do_chosen(session: "Session", console: Console, step: "Step", choice: str) -> None:
    """Do what was chosen."""
    from octowizard.onboarding.connection import START
    from octowizard.onboarding.model import SCENARIOS
    from octowizard.presentation.setup_steps import meant, where

    match choice:
        case "d":
            ended = setup_do.do(session, console, step, setup_do.Asked())
            if ended.why:
                console.note(plain(ended.why))
        case "a":
            given = console.answer(_("Which one: a, b, c, or detect (as the counts say):"))
            wanted = (given or "").casefold()
            named = next((name for name in SCENARIOS if name == wanted), None)
            if named is not None or wanted == "detect":
                console.show(where(session.setup.choose_scenario(named)))
        case "y" | "n":
            one = meant(step, choice == "y")
            if one is not None and one.key == START and choice == "n":
                _choose_anew(session, console, step)  # no to this day is the wish for another one
            elif one is not None:
                session.setup.declare(one.key, choice == "y")
        case "k":
            console.note(plain(step.skip or ""))
            if console.asks(_("Skip it?")):
                session.setup.skip(step.id, take_back=False)
        case "c":
            _choose_anew(session, console, step)
        case "w":
            _declare(session, console, step)


def _declare(session: "Session", console: Console, step: "Step") -> None:
    """Ask for what the screens of a side show that is not connected, or for a list from it. WrongChoice, BadTable."""
    from octowizard.cli.lists import tell_reading
    from octowizard.onboarding.declarables import THINGS, title

    thing = next(each for each in THINGS if each in step.declares)
    if len(step.declares) > 1:
        question = _("Which one ({names}):").format(names=", ".join(step.declares))
        wanted = (console.answer(question) or "").strip().casefold()
        if wanted not in step.declares:
            return
        thing = next(each for each in THINGS if each == wanted)
    console.line(title(thing))
    given = {}
    for ask in session.declaring.asks(thing):
        if ask.seldom:
            continue
        for value, means in ask.values:
            console.line(f"    {value}  {plain(means)}")
        question = f"{ask.question} [{ask.proposed}]:" if ask.proposed else f"{ask.question}:"
        answer = console.answer(plain(question))
        if answer is None:
            return
        given[ask.id] = answer.strip()
    session.declaring.declare(thing, given, None, lambda reading: tell_reading(console, reading))


def _choose_anew(session: "Session", console: Console, step: "Step") -> None:
    """Another dossier, or something else of the connection. WrongChoice."""
    from datetime import date

    from octowizard.locale.formats import day
    from octowizard.onboarding.connection import START, settings
    from octowizard.onboarding.steps.registry import action_of
    from octowizard.presentation.setup_steps import to_choose

    action = action_of(step)
    if action == "dossier":
        given = console.answer(_("Number of the dossier:")) or ""
        if given.isascii() and given.isdigit():
            _guarded(console, lambda accept: session.setup.set_dossier(int(given), accept))
        return
    shown = [each for each in settings() if each.where == action]
    _paged(console, to_choose(shown, session.profile))
    example = {"integration": "mode observer", "connection": f"{START} {day(date(2026, 10, 1))}"}[str(action)]
    given = (
        console.answer(_("Which one, and its new value, such as {example}:").format(example=example)) or ""
    )
    what, _blank, value = given.strip().partition(" ")
    if not value and what[:1].isdigit():
        what, value = START, what  # a day alone
    if what:
        _guarded(console, lambda accept: session.setup.choose(what, value, accept))


def _guarded(console: Console, act: "Callable[[bool], Profile]") -> None:
    """Do it; where something would be lost, only after that was accepted."""
    from octowizard.onboarding.guards import LossNotAccepted

    try:
        act(False)
    except LossNotAccepted as loss:
        if _accepts(console, loss.warning):
            act(True)
