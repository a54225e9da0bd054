"""A run as a short bar: what it booked, what it could not, and what it left for later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from octowizard.locale import _, pgettext
from octowizard.presentation.blocks import Tone

if TYPE_CHECKING:
    from octowizard.sync.events import RunFinished

_PARTS: tuple[tuple[str, Tone], ...] = (("█", "ok"), ("▓", "bad"), ("░", "soft"))


def _numbers(done: RunFinished) -> tuple[int, int, int]:
    return done.booked, done.failing, done.left_for_later


def most(runs: Iterable[RunFinished | None]) -> int:
    """The documents of the run that had most of them: its bar is the longest."""
    return max((sum(_numbers(done)) for done in runs if done is not None), default=0)


def bar(done: RunFinished | None, longest: int, width: int) -> list[tuple[str, Tone]]:
    """The parts of the bar with their tones, on exactly `width` columns; what is not nothing is seen."""
    if done is None or not longest:
        return [(" " * width, "text")]
    numbers = _numbers(done)
    columns = [max(1, number * width // longest) if number else 0 for number in numbers]
    while sum(columns) > width:
        columns[columns.index(max(columns))] -= 1
    parts = [(sign * number, tone) for (sign, tone), number in zip(_PARTS, columns, strict=True) if number]
    return [*parts, (" " * (width - sum(columns)), "text")]


def legend() -> str:
    """What the parts of the bars are."""
    return "  ".join(
        (
            "█ " + pgettext("documents", "booked"),
            "▓ " + _("blocked"),
            "░ " + _("left for later"),
        )
    )
