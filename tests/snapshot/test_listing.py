"""How far a long reading is: how many of how many, how long yet, and why it takes that long."""

from __future__ import annotations

from pathlib import Path

from octowizard.presentation.events import reading
from octowizard.progress import Ahead, ahead_of
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.snapshot.listing import Listing
from octowizard.sync import events
from octowizard.sync.reading import as_event
from octowizard.transport.clock import VendorClock
from octowizard.transport.ledger import MemoryWindowLedger
from octowizard.transport.window import SlidingWindow
from tests.sync.inside import inside, of


def window(now: list[float]) -> SlidingWindow:
    return SlidingWindow(
        MemoryWindowLedger(), "t", VendorClock(), time=lambda: now[0], monotonic=lambda: now[0]
    )


def test_the_time_left_counts_the_minutes_that_a_limit_costs() -> None:
    told: list[Ahead] = []
    listing = Listing(
        lambda what, _count: told.append(ahead_of(what)),
        "invoice",
        window([1000.0]),
        a_call=100,
        of=50_000,
        about=True,
    )
    listing.tell(100)
    assert (
        told[0].seconds == 120.0
    )  # 500 calls, of which 200 can be made at once and 200 in each minute after
    assert (told[1].of, told[1].about, told[1].limit) == (50_000, True, 200)
    listing.tell(60_000)
    assert (told[2].of, told[2].about, told[2].seconds) == (60_000, False, 0.0)  # more than there were


def test_what_lies_ahead_is_known_within_its_report_alone() -> None:
    Listing(lambda _what, _count: None, "invoice", window([0.0]), a_call=100, of=7)
    assert ahead_of("invoice") == Ahead("invoice", "")


def test_a_reading_says_how_many_of_how_many_how_long_and_why() -> None:
    ahead = Ahead("detail", "Teamleader", 300, a_call=1, limit=200, seconds=64.0)
    assert reading(120, ahead) == (
        "about 1 min left · reading lines of documents 120 of 300 · "
        "one call for each, and Teamleader allows 200 calls a minute"
    )
    kept = Ahead("invoices", "Teamleader", 20_000, about=True, a_call=100, limit=200)
    assert reading(1_200, kept) == (
        "reading invoices 1.200 of about 20.000 · 100 a call, and Teamleader allows 200 calls a minute"
    )
    assert (
        reading(0, Ahead("relation", "Octopus")) == "reading relations · Octopus sends them all in one answer"
    )
    assert reading(12, Ahead("companies", "")) == "reading companies 12"


async def test_a_preview_tells_how_many_documents_there_are_to_read(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        read = of(await company.sync(dry_run=True), events.Reading)
        again = of(await company.sync(dry_run=True, fresh=True), events.Reading)
    (first,) = [event for event in read if event.what == "invoice" and event.count]
    assert (first.a_call, first.limit, first.vendor) == (100, 200, "Teamleader")
    customers = [event for event in read if event.what == "customer"]
    assert customers[0].count == 0
    assert (customers[-1].count, customers[-1].about) == (customers[-1].of, False)
    assert any(event.what == "relation" and event.count == 0 and event.vendor == "Octopus" for event in read)
    assert again  # a feed that only brings what changed promises no number
    assert all(event.of is None for event in again if event.what == "invoice")


def test_an_event_of_an_earlier_octowizard_has_no_such_figures() -> None:
    assert as_event("invoice", 3) == events.Reading(what="invoice", count=3)
    assert events.from_line(b'{"event":"reading","what":"invoice","count":3}') == events.Reading(
        what="invoice", count=3
    )
