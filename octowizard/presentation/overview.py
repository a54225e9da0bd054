"""How both sides stand to each other: counters, the state of a side, what needs attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.presentation.blocks import Block, Entry, Item, Table, listed

if TYPE_CHECKING:
    from octowizard.presentation.run_rows import Filter
    from octowizard.session.overview import Attention, Overview, Side


class Counter(NamedTuple):
    """A number of documents; None as long as it is not known. `shows`: the filter of a run that shows them."""

    shows: Filter
    mark: str
    name: str
    number: int | None


def counters(overview: Overview | None) -> tuple[Counter, ...]:
    """How many documents stand how."""
    return (
        Counter("waiting", "○", _("waiting"), overview.waiting if overview else None),
        Counter("booked", "✔", _("in sync"), overview.in_sync if overview else None),
        Counter("failing", "✖", _("failing"), overview.failing if overview else None),
        Counter("excluded", "–", _("excluded"), overview.excluded if overview else None),
    )


def lines_unread(overview: Overview) -> str:
    """That failing documents were counted by their heads alone, as far as their lines are not read; "" for none."""
    if not overview.lines_unread:
        return ""
    if overview.teamleader.declared:
        return _("{failing} failing so far: lines of documents are not declared.").format(
            failing=count(overview.failing or 0)
        )
    return ngettext(
        "{failing} failing so far: the lines of {count} document are not read; a preview reads them.",
        "{failing} failing so far: the lines of {count} documents are not read; a preview reads them.",
        overview.lines_unread,
    ).format(failing=count(overview.failing or 0), count=count(overview.lines_unread))


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

    found: list[Block] = []
    for vendor, side in (("Teamleader", overview.teamleader), ("Octopus", overview.octopus)):
        mark, state = signed_in(side)
        parts = (side.name, state, side.detail)
        found.append(Entry(vendor, " · ".join(part for part in parts if part), mark=mark))
        found += listed("", (side.problem,), "bad")
    found.append(
        Table(
            tuple(
                (f"{one.mark} {one.name}", "–" if one.number is None else one.number)
                for one in counters(overview)
            ),
            frozenset({1}),
            caption=_("Documents by how they stand"),
            head=(_("State"), _("Documents")),
        )
    )
    texts = (lines_unread(overview), calls_left(overview.calls_left))
    return found + [Item(text, tone="soft") for text in texts if text]
