"""The set-up as a timeline: its four phases with how far each is, and the closing, which sums up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from octowizard.locale import _
from octowizard.locale.formats import count
from octowizard.onboarding.model import PHASES, SETTLED, Phase, Step
from octowizard.presentation.blocks import Block, Gap, Heading, Page, items

if TYPE_CHECKING:
    from octowizard.onboarding.model import Closing, Guide


class PhaseStanding(NamedTuple):
    """One phase of the set-up: its steps, and how many of them ask for nothing any more."""

    id: Phase
    title: str
    mark: str
    done: int
    steps: tuple[Step, ...]

    @property
    def progress(self) -> str:
        """`1/3`."""
        return f"{count(self.done)}/{count(len(self.steps))}"


def phase_title(phase: Phase) -> str:
    """What a phase is called."""
    return {
        "accounts": _("Accounts"),
        "books": _("Books"),
        "customers": _("Customers"),
        "sync": _("First sync"),
    }[phase]


def phases(steps: Sequence[Step], current: str | None) -> tuple[PhaseStanding, ...]:
    """The phases that have steps: ✔ nothing is asked for, ● holds the step that comes next, ○ later."""
    standings = []
    for phase in PHASES:
        own = tuple(step for step in steps if step.phase == phase)
        done = sum(step.state in SETTLED for step in own)
        present = any(step.id == current for step in own)
        mark = "✔" if done == len(own) else "●" if present else "○"
        if own:
            standings.append(PhaseStanding(phase, phase_title(phase), mark, done, own))
    return tuple(standings)


def of_all(guide: Guide) -> str:
    """`7 of 14`; of a complete set-up, how many come by themselves."""
    done, number = guide.done, len(guide.steps)
    if guide.closing is not None and done < number:
        text = _("{done} of {count}, the rest comes by itself")
        return text.format(done=count(done), count=count(number))
    return _("{done} of {count}").format(done=count(done), count=count(number))


def closing_blocks(guide: Guide, closing: Closing) -> list[Block]:
    """What a complete set-up has come to, and what comes next."""
    parts = (
        (_("What stands now"), guide.summary, "✔"),
        (_("What runs when"), closing.runs, "i"),
        (_("Comes by itself"), closing.later, "○"),
        (_("Left out"), closing.left_out, "–"),
        (_("To look at next"), closing.tomorrow, "●"),
    )
    blocks: list[Block] = []
    for name, lines, mark in parts:
        if lines:
            blocks += [*([Gap()] if blocks else []), Heading(name), *items(lines, mark)]
    return blocks


def closing_page(guide: Guide) -> Page | None:
    """The closing as a page; None as long as a step asks for something."""
    if guide.closing is None:
        return None
    return Page(
        title=_("The set-up is complete"),
        mark="✔",
        aside=of_all(guide),
        blocks=tuple(closing_blocks(guide, guide.closing)),
    )
