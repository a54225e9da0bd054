"""A step of the set-up on the screen: one question or the one thing to do, and what will be sent for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.locale.keys import key_of
from octowizard.onboarding.model import SETTLED, Declaration, State, Step, made_by_one_yes
from octowizard.presentation.blocks import Block, Gap, Heading, Item, Keys, items, listed
from octowizard.presentation.confirmation import change
from octowizard.presentation.setup_steps import (
    by_hand,
    choice,
    doing,
    heading,
    imports,
    made,
    open_question,
    place_name,
    state_name,
)

if TYPE_CHECKING:
    from octowizard.onboarding.apply import Outcome


class Pane(NamedTuple):
    """A step, in the order in which it is read; `stands` is cut where there is no room for all of it."""

    head: list[Block]
    stands: list[Block]
    keys: list[Block]
    rest: list[Block]


def pane(step: Step, outcomes: Sequence[Outcome], enters: str = "") -> Pane:
    """The step for the screen: one question or the one thing to do, how it stands, the other keys, and why.

    `enters`: what Enter does where no question is asked; "" for nothing.
    """
    question = asked(step)
    head: list[Block] = [_headed(step), *made(outcomes)]
    if question is not None:
        head += [Gap(), Item(question.question, "?", "head", "accent"), Gap()]
        head.append(
            Keys(((key_of("setup.yes", "y"), _("yes")), (key_of("setup.no", "n"), _("no"))), indent=2)
        )
        if then := _then(step):
            head += [Gap(), Item(then)]
    elif enters:
        head += [Gap(), Keys(((key_of("setup.go_on", "⏎"), enters),), tone="head")]
    stands = [Gap(), Item(step.what), *([Gap()] if step.now else []), *listed(_("Now"), step.now)]
    for one in step.declarations:
        if one.answer is not None and one is not question and step.state is not State.NOT_YET:
            stands += [Gap(), _answered(one.question, one.answer)]
    rest = [*items(step.notes, "▲"), *listed(_("Why"), (step.why,), "soft")]
    return Pane(head, stands, [Gap(), *_keys(step, enters), Gap()], rest)


def asked(step: Step) -> Declaration | None:
    """The question that y and n answer now; one of consent is asked with what it is about."""
    return None if step.state is State.WAITS or step.consent else open_question(step)


def _answered(question: str, answer: bool) -> Item:
    text = (
        _("{question} You said: yes. ({no}: no after all)")
        if answer
        else _("{question} You said: no. ({yes}: yes after all)")
    )
    keys = {"yes": key_of("setup.yes", "y"), "no": key_of("setup.no", "n")}
    return Item(text.format(question=question, **keys), "✔" if answer else "–", "soft")


def _headed(step: Step) -> Heading:
    """The step, and which of its questions is asked now; without one, how it stands."""
    question = asked(step)
    if question is None or len(step.declarations) == 1:
        return heading(step)
    place = [one.key for one in step.declarations].index(question.key) + 1
    aside = _("question {place} of {count}").format(place=count(place), count=count(len(step.declarations)))
    return Heading(step.title, heading(step).mark, aside)


def _then(step: Step) -> str:
    """What follows from the answer; "" for nothing that is sent."""
    if step.then:
        text = _("Then: {what}. You see all of it before it is sent.")
        return text.format(what=_and_more(step.then))
    if step.changes:
        text = _("Then: {what}. You see all of it before it is sent.")
        return text.format(what=doing(step.changes))
    return ""


def _and_more(titles: Sequence[str]) -> str:
    rest = len(titles) - 1
    if not rest:
        return titles[0]
    return ngettext("{first}, and {count} more change", "{first}, and {count} more changes", rest).format(
        first=titles[0], count=count(rest)
    )


def entering(step: Step, run: str | None, next_title: str) -> str:
    """What Enter does at a step: the command that it runs there, in words. `next_title`: where `current` leads."""
    if run == "act":
        return _doing(step)
    if run == "open" and step.opens == "sync":
        return _("Preview, then sync: it asks before anything is written.")
    if run == "open" and step.opens is not None:
        return _("Open {place}").format(place=place_name(step.opens))
    if run == "choose":
        return choice(step)
    return {
        "current": _("Go on: {step}").format(step=next_title),
        "sum_up": _("Show what the set-up has come to"),
        "again": _("Read again what this step depends on"),
    }.get(run or "", "")


def _doing(step: Step) -> str:
    """What Enter shows, and makes after a yes."""
    titles = [one.title for one in made_by_one_yes(step)]
    text = _("{what}. You see all of it before it is sent.")
    return text.format(what=_and_more(titles))


def _keys(step: Step, enters: str) -> list[Block]:
    """What can be done at the step beside what Enter does, the obvious first."""
    chosen = [(key_of("setup.choose", "p"), words)] if (words := choice(step)) else []
    opened = (
        [(key_of("setup.open", "o"), _("Open {place}").format(place=place_name(step.opens)))]
        if step.opens
        else []
    )
    if step.unconnected and "invoices" in step.declares:  # lists tell which situation it is, or a word does
        chosen.insert(0, (key_of("setup.scenario", "c"), _("Say which situation yours is")))
    # Where pairs can be told apart first, that comes before an import of everything.
    pairs = [*opened, *chosen] if step.opens == "duplicates" else [*chosen, *opened]
    pairs += [
        (key_of("setup.show", "s"), _("Show me: {path}").format(path=one.path))
        for one in step.show[:1]
        if one.path
    ]
    pairs.append((key_of("setup.again", "r"), _("Check again")))
    if step.files:
        pairs.append((key_of("setup.files", "f"), _("Show the ready files")))
    blocks: list[Block] = [Keys((pair,)) for pair in pairs if pair[1] != enters]
    if step.skip is not None and step.state not in (State.DONE, State.NOT_NEEDED):
        taken = step.state is State.SKIPPED
        words = _("Take it up again") if taken else _("Skip: {loss}").format(loss=step.skip)
        blocks.append(Keys(((key_of("setup.skip", "k"), words),), tone="soft"))
    return blocks


def sent(step: Step) -> list[Block]:
    """What will be sent for the step, letter for letter, and how it is done by hand: for a column of its own."""
    blocks: list[Block] = []
    if wanted := made_by_one_yes(step):
        for one in wanted:
            blocks += [*([Gap()] if blocks else []), *change(one)]
        blocks.insert(0, Heading(_("What will be sent, after your yes")))
    elif step.then:
        blocks.append(Heading(_("What follows, by your answer")))
        blocks += [Item(title, "+") for title in step.then]
        blocks.append(Item(_("You see each of them letter for letter before it is sent."), tone="soft"))
    elif step.state not in SETTLED and (step.opens in ("sync", "duplicates") or imports(step)):
        blocks.append(Heading(_("What is sent shows first, and waits for your yes")))
    else:
        blocks.append(Heading(_("Nothing is sent by this step itself")))
    if step.show:
        blocks += [Gap(), Heading(_("By hand"))]
    return [*blocks, *by_hand(step)]


def recalled(step: Step) -> str:
    """What was answered or made at a settled step, in a few words; "" for nothing."""
    if step.state is State.SKIPPED:
        return state_name(step.state)
    return step.recall if step.state in SETTLED else ""
