"""A run while it goes on, in words: how far it is, how long yet, why it waits, its pace, what failed with its cure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from octowizard.locale import _, ngettext, pgettext
from octowizard.locale.formats import count, moment
from octowizard.presentation.blocks import Block, Entry, Gap, Heading, Page
from octowizard.presentation.events import ahead_by, how_far, time_left, waits, why_long
from octowizard.presentation.run_rows import RunState, Section, sections
from octowizard.presentation.watching import looks_left
from octowizard.sync.events import PhaseName, PhaseProgress, Reading

ORDER: tuple[PhaseName, ...] = ("customers", "invoices", "credit_notes", "payments")
NAMED = 3  # documents that a cause names
SPARK = 20  # columns of the pace and of the course in time
TIGHT = 1.25  # so many times what is left to be booked: a limit of the day is spoken of when no more is left than that


class Whole(NamedTuple):
    """The whole run on one line. `share`: done, of one; None before that can be told. Empty texts are left out."""

    what: str
    left: str
    share: float | None
    done: str


def whole(state: RunState) -> Whole:
    """How far the whole run is; before its first phase, how far the list is that is read."""
    seconds = state.gauge.seconds_left
    if reads(state):
        read = _longest(state)
        if read is not None and read.seconds_left:
            seconds = read.seconds_left
        share = min(1.0, read.count / read.of) if read is not None and read.of else None
        return Whole(_("Reading"), _left(seconds), share, "")
    done, total = state.whole
    what = _("Previewing") if state.dry_run else _("Syncing")
    if not state.phases:  # a recording without them
        return Whole(what, "", None, "")
    numbers = _("{done}/{total}").format(done=count(done), total=count(total))
    return Whole(what, _left(seconds), done / total if total else 1.0, numbers)


def reads(state: RunState) -> bool:
    """Does it still read both sides, before its first phase?"""
    return not (state.phases or state.rows)


def _left(seconds: int | None) -> str:
    return time_left(seconds) if seconds is not None else ""


def _longest(state: RunState) -> Reading | None:
    """Of the lists that are read side by side, the one that takes longest; the last one where none is known to."""
    if not state.reading:
        return None
    *_others, last = state.reading.values()
    return max((read for read in state.reading.values() if read.seconds_left), key=_seconds, default=last)


def _seconds(read: Reading) -> int:
    return read.seconds_left or 0


def phases(state: RunState) -> list[PhaseProgress]:
    """All phases, in the order in which they run."""
    return [
        state.phases.get(name, PhaseProgress(phase=name, state="waiting", done=0, total=0)) for name in ORDER
    ]


def short_name(phase: PhaseName) -> str:
    """A phase in a narrow window."""
    return {
        "customers": pgettext("short for customers", "Cust."),
        "invoices": pgettext("short for invoices", "Inv."),
        "credit_notes": pgettext("short for credit notes", "Credit"),
        "payments": pgettext("short for payments", "Pay."),
    }[phase]


def standstill(state: RunState) -> str:
    """Why the run waits, and until when; empty while it goes on."""
    if state.waiting is None:
        return ""
    parts = [waits(state.waiting)]
    if state.looked is not None and state.looked.looks_left is not None:
        parts.append(looks_left(state.looked))
    return " · ".join(parts)


def being_read(state: RunState) -> str:
    """What is read before the first phase, and how far that is."""
    if state.queued:
        return _("waits until what is being read already has been read")
    read = _longest(state)
    return how_far(read.count, ahead_by(read)) if read is not None else _("signing in to both sides")


def why_it_takes(state: RunState) -> str:
    """Why that takes a while; empty where it does not."""
    read = _longest(state)
    return why_long(ahead_by(read)) if read is not None else ""


def pace(state: RunState) -> list[str]:
    """How fast it goes, and a limit of the day that may not suffice."""
    gauge, parts = state.gauge, []
    if gauge.per_minute is not None:
        parts.append(_("{count} a minute").format(count=count(gauge.per_minute)))
    if state.dry_run:
        parts.append(_("nothing is written"))
    done, total = state.whole
    if gauge.bookings_left is not None and gauge.bookings_left < (total - done) * TIGHT:
        parts.append(_bookings_left(gauge.bookings_left))
    return parts


def _bookings_left(number: int) -> str:
    text = ngettext("{count} booking left today", "{count} bookings left today", number)
    return text.format(count=count(number))


def failures(state: RunState) -> list[Section]:
    """What stays behind so far, by cause."""
    return sections(state.behind.values(), dry_run=state.dry_run)


def beside(state: RunState, *, began: datetime | None, now: datetime, wide: bool) -> Page | None:
    """What stands beside or below the list of a run that goes on; None where there is nothing to be said.

    `wide`: with its limits and its course in time, of which the first line speaks where there is no room.
    """
    behind = failures(state)
    blocks: list[Block] = [block for section in behind for block in _failure(section)]
    if wide:
        blocks += [*([Gap()] if blocks else []), *_figures(state, began, now)]
    if not blocks:
        return None
    return Page(
        title=_headline(state) if behind else _("Nothing has failed so far"),
        mark="✖" if behind else "✔",
        blocks=tuple(blocks),
    )


def _headline(state: RunState) -> str:
    """`Failed 2 · blocked 3`."""
    counts = state.counts()
    if counts.failed and counts.blocked:
        text = _("Failed {failed} · blocked {blocked}")
    elif counts.failed:
        text = _("Failed {failed}")
    elif counts.blocked:
        text = _("Blocked {blocked}")
    else:
        text = _("Failed")
    return text.format(failed=count(counts.failed), blocked=count(counts.blocked))


def _failure(section: Section) -> list[Block]:
    """A cause: how many, the cure, whom it concerns."""
    names = [f"{row.name} {row.customer}".strip() for row in section.rows[:NAMED]]
    rest = len(section.rows) - len(names)
    if rest:
        names.append(_("{count} more").format(count=count(rest)))
    blocks: list[Block] = [Heading(section.title, section.mark, section.tally)]
    if section.explanation is not None and section.explanation.fix:
        blocks.append(Entry(_("Do"), section.explanation.fix[0], "head"))
    blocks.append(Entry(_("For"), ", ".join(names), "soft"))
    return blocks


def _figures(state: RunState, began: datetime | None, now: datetime) -> list[Block]:
    """Limits and course in time."""
    gauge = state.gauge
    blocks: list[Block] = []
    today = []
    if gauge.bookings_left is not None:
        today.append(_bookings_left(gauge.bookings_left))
    if gauge.relations_left is not None:
        text = ngettext("{count} new relation", "{count} new relations", gauge.relations_left)
        today.append(text.format(count=count(gauge.relations_left)))
    if today:
        blocks.append(Entry("Octopus", " · ".join(today)))
    if gauge.teamleader_left is not None:
        text = ngettext(
            "{count} call left this minute", "{count} calls left this minute", gauge.teamleader_left
        )
        blocks.append(Entry("Teamleader", text.format(count=count(gauge.teamleader_left))))
    if began is not None:
        blocks.append(Entry(_("Time"), _course(state, began, now)))
    return blocks


def _course(state: RunState, began: datetime, now: datetime) -> str:
    """`14:12 ━━━━━━━╸───── 14:16`: when it began, how far it is, when it ends."""
    seconds = state.gauge.seconds_left
    begun = moment(began, now)
    if seconds is None:
        return _("began at {moment}").format(moment=begun)
    passed = max(0.0, (now - began).total_seconds())
    share = passed / (passed + seconds) if passed + seconds else 1.0
    full = round(share * (SPARK - 1))
    line = "━" * full + "╸" + "─" * (SPARK - 1 - full)
    end = moment(now + timedelta(seconds=seconds), now)
    return _("{begun} {line} about {end}").format(begun=begun, line=line, end=end)
