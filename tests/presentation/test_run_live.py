"""A run that goes on: its counts add up, its rows keep their order, its pace is kept however long it takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from octowizard.presentation.run_live import being_read, beside, whole
from octowizard.presentation.run_rows import RunState, live_sections, standing_sections
from octowizard.presentation.sparkline import Rates, sparkline
from octowizard.presentation.text import lines
from octowizard.sync import events as e

NOW = datetime(2026, 11, 21, 14, 12, tzinfo=UTC)
CLOSED = e.Explanation(
    problem="closed-period", title="Period 202608 is closed in V1", fix=("Open the period.", "Or not.")
)
REFUSED = e.Explanation(problem="unforeseen", title="Octopus refused it", vendor="Octopus", vendor_text="[x]")


def document(number: int, *, credit: bool = False) -> e.Document:
    return e.Document(
        kind="credit_note" if credit else "invoice",
        id=f"{'c' if credit else 'i'}{number}",
        number=f"2026 / {'C' if credit else ''}{number}",
        date=date(2026, 3, 1),
        customer=f"Customer {number}",
        amount=Decimal(12),
        currency="EUR",
    )


def booked(number: int, *, credit: bool = False) -> e.DocumentBooked:
    return e.DocumentBooked(
        document=document(number, credit=credit), bookyear=2026, journal="V1", number=number, period=202603
    )


def state_of(*happened: e.Event, dry_run: bool = False) -> RunState:
    state = RunState(dry_run=dry_run)
    for event in happened:
        state.apply(event)
    return state


TEN: list[e.Event] = [
    *(e.DocumentWaiting(document=document(n)) for n in range(1, 8)),
    *(e.DocumentWaiting(document=document(n, credit=True)) for n in range(1, 4)),
]
BEHIND: list[e.Event] = [
    e.DocumentFailed(document=document(2), explanation=CLOSED, blocks=1),
    e.DocumentBlocked(document=document(3), waits_for="2026 / 2"),
    e.DocumentFailed(document=document(4), explanation=REFUSED),
    e.DocumentExcluded(document=document(5), reason="excluded-by-user", message="You keep it out."),
]


@pytest.mark.parametrize("dry_run", [True, False])
def test_booked_ready_blocked_failed_and_excluded_are_all_documents_at_every_moment(dry_run: bool) -> None:
    state = RunState(dry_run=dry_run)
    for event in TEN:
        state.apply(event)
    state.apply(e.Counters(in_sync=40, excluded=0, failing=0, waiting=10))
    for event in [booked(1), *BEHIND, booked(1, credit=True), booked(6)]:
        state.apply(event)
        assert sum(state.counts()) == 50
    # In a preview nothing is tried: what will be booked is ready, what will not is blocked.
    assert state.counts() == ((40, 6, 3, 0, 1) if dry_run else (43, 3, 2, 1, 1))


def test_a_document_tried_again_alone_leaves_the_counts_of_all_others_as_they_were() -> None:
    state = state_of(*TEN, e.Counters(in_sync=40, excluded=0, failing=0, waiting=10), booked(1), *BEHIND)
    before = state.counts()
    state.goes_on(dry_run=False)
    for event in (
        e.DocumentWaiting(document=document(2)),
        booked(2),
        e.Counters(in_sync=42, excluded=0, failing=0, waiting=0),
    ):
        state.apply(event)
    after = state.counts()
    assert sum(after) == sum(before)
    assert after.booked == before.booked + 1


def test_the_newest_stands_on_top_and_no_other_row_changes_its_place() -> None:
    state = state_of(*TEN)
    orders: list[list[str]] = []
    for number in range(1, 4):
        state.apply(booked(number))
        state.apply(booked(number, credit=True))
        (latest, *_others) = live_sections(state)
        orders.append([row.key for row in latest.rows])
    assert orders[-1] == ["c3", "i3", "c2", "i2", "c1", "i1"]
    for earlier, later in pairwise(orders):
        assert later[-len(earlier) :] == earlier
    (_latest, ready) = live_sections(state)
    assert [row.key for row in ready.rows] == ["i4", "i5", "i6", "i7"]


def test_when_it_is_over_invoices_and_credit_notes_stand_each_in_their_own_order() -> None:
    state = state_of(*TEN)
    for number in range(1, 4):  # the two journals are written side by side
        state.apply(booked(number, credit=True))
        state.apply(booked(number))
    ready, done = standing_sections(state)
    assert [row.key for row in ready.rows] == ["i4", "i5", "i6", "i7"]
    assert [row.key for row in done.rows] == ["i1", "i2", "i3", "c1", "c2", "c3"]


def test_what_failed_stands_with_its_cure_while_the_run_goes_on() -> None:
    page = beside(state_of(*TEN, *BEHIND), began=None, now=NOW, wide=False)
    assert page is not None
    assert page.title == "Failed 1 · blocked 2"
    shown = list(lines(page.blocks))
    assert "Do: Open the period." in shown
    assert "For: 2026 / 2 Customer 2, 2026 / 3 Customer 3" in shown
    assert "[x]" not in "\n".join(shown)
    assert beside(state_of(*TEN), began=None, now=NOW, wide=False) is None


def test_a_run_that_waits_for_other_work_says_so() -> None:
    state = state_of()
    state.queued = True
    assert being_read(state) == "waits until what is being read already has been read"
    state.queued = False
    assert being_read(state) == "signing in to both sides"


def test_beside_the_list_stand_limits_and_when_it_will_be_over() -> None:
    state = state_of(
        e.Gauge(bookings_left=259, teamleader_left=12, per_minute=60, lately=30, seconds_left=60),
        e.Gauge(bookings_left=258, teamleader_left=11, per_minute=60, lately=60, seconds_left=60),
    )
    page = beside(state, began=NOW - timedelta(minutes=1), now=NOW, wide=True)
    assert page is not None
    shown = list(lines(page.blocks, 80))
    assert "60 a minute" not in "".join(shown)  # the line above the list says it
    assert "Octopus: 258 bookings left today" in shown
    assert "Time: 14:11 ━━━━━━━━━━╸───────── about 14:13" in shown


def test_the_whole_run_counts_documents_and_payments() -> None:
    state = state_of(
        e.PhaseProgress(phase="customers", state="done", done=5, total=5),
        e.PhaseProgress(phase="invoices", state="done", done=60, total=60),
        e.PhaseProgress(phase="payments", state="running", done=9, total=40),
        e.Gauge(seconds_left=38),
    )
    assert whole(state) == ("Syncing", "about 38 s left", 0.69, "69/100")


def test_a_line_of_little_columns_fits_its_width_and_its_highest_is_full() -> None:
    assert sparkline([], 10) == ""
    assert sparkline([0, 0], 10) == "▁▁"
    assert sparkline([0, 5, 10], 10) == "▁▅█"
    assert sparkline(range(100), 5) == "▂▃▅▆█"


def test_the_pace_of_a_run_of_hours_keeps_its_beginning_and_does_not_grow() -> None:
    rates = Rates()
    for _second in range(20_000):
        rates.add(10.0)
    for _second in range(20_000):
        rates.add(100.0)
    assert len(rates.drawn(1_000)) <= 120
    drawn = rates.drawn(10)
    assert drawn.startswith("▂▂▂")
    assert drawn.endswith("███")
