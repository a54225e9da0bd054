"""How both sides stand to each other: counters, the state of a side, what needs attention."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, month_name
from octowizard.presentation.bars import Part, stacked
from octowizard.presentation.blocks import Block, Cell, Entry, Item, Table, listed
from octowizard.presentation.sparkline import sparkline

if TYPE_CHECKING:
    from datetime import date

    from octowizard.planning.counts import Counts
    from octowizard.session.overview import Attention, Overview, Side
    from octowizard.sync.calls import CallsLeft


class Counter(NamedTuple):
    """A number of documents; None as long as it is not known. `filling`: its part of a bar."""

    id: str
    mark: str
    name: str
    number: int | None
    filling: str


def counters(counts: Counts | None) -> tuple[Counter, ...]:
    """How many documents stand how: they add up to those since the start date."""
    return (
        Counter("booked", "✔", _("booked"), counts.booked if counts else None, "█"),
        Counter("ready", "○", _("ready"), counts.ready if counts else None, "░"),
        Counter("blocked", "✖", _("blocked"), counts.blocked if counts else None, "▓"),
        Counter("excluded", "–", _("excluded"), counts.excluded if counts else None, "·"),
    )


def in_words(counts: Counts) -> str:
    """All counts in one line: `110 documents: ✔ 40 booked · ○ 52 ready · ✖ 18 blocked · – 0 excluded`."""
    parts = " · ".join(f"{one.mark} {count(one.number or 0)} {one.name}" for one in counters(counts))
    return ngettext("{count} document: {parts}", "{count} documents: {parts}", counts.total).format(
        count=count(counts.total), parts=parts
    )


def parts_of(counts: Counts, width: int) -> list[Part]:
    """The counts as one bar on `width` columns."""
    return stacked(
        [(one.id, one.mark, one.name, one.filling, one.number or 0) for one in counters(counts)], width
    )


def at_a_glance(counts: Counts, weeks: Sequence[tuple[date, int]], width: int) -> list[str]:
    """The plain form of what Home shows of all documents: one bar of how they stand, and a line of weeks."""
    if not counts.total:
        return [_("No document yet since the start date.")]
    whole = ngettext("{count} document", "{count} documents", counts.total).format(count=count(counts.total))
    parts = parts_of(counts, width - len(whole) - 2)
    lines = ["  ".join((whole, *(f"{part.label} {part.bar}" for part in parts)))]
    label = _("each week")
    if drawn := weekly(weeks, width - len(label) - 2):
        lines.append(f"{label}  {drawn}")
    return lines


def weekly(weeks: Sequence[tuple[date, int]], width: int) -> str:
    """`Aug ▂▃▅▂  Sep ▃▅▇▃`: the documents of each week, by months, the last ones that fit on `width` columns."""
    months: list[tuple[str, str]] = []
    heights = sparkline([number for _monday, number in weeks], len(weeks))
    for (monday, _number), height in zip(weeks, heights, strict=True):
        middle = monday + timedelta(days=3)  # a week belongs to the month that has most of it
        name = month_name(middle.month)
        if not months or months[-1][0] != name:
            months.append((name, ""))
        months[-1] = name, months[-1][1] + height
    shown: list[str] = []
    for name, drawn in reversed(months):
        text = f"{name} {drawn}"
        if sum(len(one) + 2 for one in shown) + len(text) > width:
            break
        shown.append(text)
    return "  ".join(reversed(shown))


def lines_unread(overview: Overview) -> str:
    """That blocked documents were counted by their heads alone, as far as their lines are not read; "" for none."""
    counts = overview.counts
    if not overview.lines_unread or counts is None:
        return ""
    if overview.teamleader.declared:
        return _("{blocked} blocked so far: lines of documents are not declared.").format(
            blocked=count(counts.blocked)
        )
    return ngettext(
        "{blocked} blocked so far: the lines of {count} document are not read; a preview reads them.",
        "{blocked} blocked so far: the lines of {count} documents are not read; a preview reads them.",
        overview.lines_unread,
    ).format(blocked=count(counts.blocked), count=count(overview.lines_unread))


def few_left(calls: Sequence[CallsLeft]) -> tuple[CallsLeft, ...]:
    """The limits of which a fifth or less is left: the others trouble nobody."""
    return tuple(one for one in calls if one.left * 5 <= one.limit)


def signed_in(side: Side | None) -> tuple[str, str]:
    """Whether a side lets us in: a mark and a word or two."""
    if side is not None and side.declared:
        return "○", _("declared")
    if side is None or side.signed_in is None:
        return "○", _("not read")
    return ("✔", _("signed in")) if side.signed_in and not side.problem else ("✖", _("problem"))


def attention(thing: Attention) -> str:
    """What needs attention, with what it brings about."""
    if not thing.consequence:
        return thing.title
    return _("{thing}: {consequence}").format(thing=thing.title, consequence=thing.consequence)


def blocks(overview: Overview) -> list[Block]:
    """Both sides, the documents, and the calls that are left."""
    from octowizard.presentation.events import (
        calls_left,  # it loads the engine's events, which Home draws without
    )

    made: list[Block] = []
    for vendor, side in (("Teamleader", overview.teamleader), ("Octopus", overview.octopus)):
        mark, state = signed_in(side)
        parts = (side.name, state)
        made.append(Entry(vendor, " · ".join(part for part in parts if part), mark=mark))
        made += listed("", (side.problem,), "bad")
    numbers = ", ".join(overview.numbers)
    if numbers:
        made.append(Entry(_("Next numbers"), numbers))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{one.mark} {one.name}", "–" if one.number is None else one.number)
        for one in counters(overview.counts)
    )
    made.append(
        Table(
            rows,
            frozenset({1}),
            caption=_("Documents by how they stand"),
            head=(_("State"), _("Documents")),
            foot=(_("all"), overview.counts.total) if overview.counts is not None else (),
        )
    )
    texts = (lines_unread(overview), calls_left(overview.calls_left))
    return made + [Item(text, tone="soft") for text in texts if text]
