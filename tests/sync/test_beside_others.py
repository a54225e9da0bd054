"""Exactly once beside other hands: a bookkeeper, an octowizard on another computer, an older copy of the workspace.

Each cut-off run here ends in the middle of reading: the worst moment, since the journals' last numbers are then
newer than what is known of their bookings.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Draft
from octowizard.sandbox.faults import Fault
from octowizard.sandbox.octopus.limits import PER_DAY
from octowizard.sandbox.practice import perform
from octowizard.sandbox.state import World
from octowizard.sync import events, relations
from octowizard.sync.documents import Documents
from octowizard.sync.reading import Looked
from octowizard.sync.run import Stop, SyncOptions, run_sync
from octowizard.workspace.db import Workspace
from octowizard.workspace.ledgers import SpentCalls
from octowizard.workspace.profiles import Mirror
from tests.sync.inside import Inside, Told, inside, last, of
from tests.sync.test_bad_input import held, world_of

_D = "GET /dossiers/{dossierId}"
BOOKINGS = f"{_D}/buysellbookings/modified"
RELATIONS = f"{_D}/relations/modified"
MATCHES = f"{_D}/balancings/modified"


async def cut_off(company: Inside, operation: str, **options: Any) -> None:
    """A sync that dies while it waits for the answer of `operation`."""
    company.faults.add(Fault(operation, "latency", milliseconds=600_000, times=1))
    world = company.world
    calls = world.octopus_calls if operation.startswith("GET ") else world.teamleader_calls
    before = calls.get(operation, 0)
    run = asyncio.create_task(company.sync(**options))
    while calls.get(operation, 0) == before and not run.done():  # noqa: ASYNC110 - the stand-in only counts
        await asyncio.sleep(0.005)
    assert not run.done()
    run.cancel()
    with suppress(asyncio.CancelledError):
        await run


def new_invoices(world: World, count: int) -> list[str]:
    """Numbers of so many new invoices."""
    before = {k.data["invoice_number"] for k in world.teamleader.invoices.values()}
    perform(world, "teamleader-new-invoice", {"n": str(count)})
    return [n for k in world.teamleader.invoices.values() if (n := k.data["invoice_number"]) not in before]


def times_booked(world: World) -> Counter[str]:
    """How often each document number stands in Octopus, whoever booked it."""
    return Counter(
        comment.removeprefix("Factuur ").split(" ·")[0] for comment in held(world) if comment != "Handmatig"
    )


def check_nothing_twice(world: World, documents: int) -> None:
    """Every document booked once, no relation twice."""
    times = times_booked(world)
    assert {number: count for number, count in times.items() if count > 1} == {}
    assert len(times) == documents
    (dossier,) = world.octopus.dossiers.values()
    vat = Counter(r.data["vatNr"] for r in dossier.relations.values() if r.data.get("vatNr"))
    assert {number: count for number, count in vat.items() if count > 1} == {}


def booked_documents(world: World) -> int:
    """How many documents Teamleader has."""
    side = world.teamleader
    return sum(bool(k.data["invoice_number"]) for k in side.invoices.values()) + len(side.credit_notes)


# --- after a run that was cut off ------------------------------------------------------------------------


async def test_what_the_bookkeeper_booked_before_a_cut_off_sync_is_not_booked_again(tmp_path: Path) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        await company.sync()
        for number in new_invoices(world, 3):
            perform(world, "book-by-hand", {"journal": "V1", "document": number})
        world.clock.advance(timedelta(minutes=1))
        await cut_off(company, BOOKINGS, no_other_connector=True)
        finished = last(await company.sync(no_other_connector=True))
        assert (finished.outcome, finished.booked) == ("complete", 0)
        assert finished.in_sync == booked_documents(world)
    check_nothing_twice(world, booked_documents(world))


async def test_what_an_octowizard_elsewhere_booked_before_a_cut_off_sync_is_not_booked_again(
    tmp_path: Path,
) -> None:
    world = world_of()
    async with inside(tmp_path / "here", world) as company:
        await company.sync()
        new_invoices(world, 3)
        async with company.elsewhere(tmp_path / "there") as other:
            assert last(await other.sync()).booked == 3
        world.clock.advance(timedelta(minutes=1))
        await cut_off(company, BOOKINGS)
        finished = last(await company.sync())
        assert (finished.outcome, finished.booked) == ("complete", 0)
        assert finished.in_sync == booked_documents(world)
    check_nothing_twice(world, booked_documents(world))


async def test_an_older_copy_of_the_workspace_books_nothing_again(tmp_path: Path) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        await company.sync()
        copy = tmp_path / "copy.sqlite"
        shutil.copy(company.workspace, copy)
        new_invoices(world, 3)
        assert last(await company.sync()).booked == 3
        shutil.copy(copy, company.workspace)
        world.clock.advance(timedelta(minutes=1))
        await cut_off(company, BOOKINGS)
        finished = last(await company.sync())
        assert (finished.outcome, finished.booked) == ("complete", 0)
        assert finished.in_sync == booked_documents(world)
    check_nothing_twice(world, booked_documents(world))


async def test_a_relation_that_the_bookkeeper_made_before_a_cut_off_sync_is_linked_not_made_again(
    tmp_path: Path,
) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        await company.sync(only=("none",))  # all is read, nothing written
        await cut_off(company, BOOKINGS)
        by_hand = next(k.data["invoice_number"] for k in world.teamleader.invoices.values())
        perform(world, "book-by-hand", {"journal": "V1", "document": by_hand})
        finished = last(await company.sync(no_other_connector=True))
        assert finished.outcome == "complete"
    check_nothing_twice(world, booked_documents(world))


async def test_payments_come_back_in_the_first_sync_after_one_that_was_cut_off(tmp_path: Path) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        await company.sync()
        await cut_off(company, BOOKINGS if new_invoices(world, 1) else "")
        perform(world, "pay", {"count": "3"})
        finished = last(await company.sync())
        assert (finished.outcome, finished.payments_registered) == ("complete", 3)


async def test_of_two_equal_payments_an_octowizard_elsewhere_registered_one_and_the_other_is_not_lost(
    tmp_path: Path,
) -> None:
    world = world_of()
    async with inside(tmp_path / "here", world) as company:
        await company.sync()
        async with company.elsewhere(tmp_path / "there") as other:
            await other.sync()
            for _payment in range(3):
                perform(world, "pay", {"count": "6", "amount": "5.00"})
            assert last(await other.sync()).payments_registered == 18
        for kept in world.teamleader.invoices.values():
            del kept.data["payments"][:1]  # that one it did not come to: it was killed
            kept.data["total"]["due"]["amount"] += Decimal("5.00") if kept.data["payments"] else 0
        finished = last(await company.sync())
        assert (finished.outcome, finished.payments_registered) == ("complete", 6)
    paid = [len(k.data["payments"]) for k in world.teamleader.invoices.values() if k.data["payments"]]
    assert paid == [3] * 6


async def test_a_payment_in_doubt_is_not_taken_for_the_equal_one_that_was_registered_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octowizard.outbox.lookup.SETTLING_SECONDS", 0.0)
    world = world_of()
    async with inside(tmp_path / "here", world) as company:
        await company.sync()
        async with company.elsewhere(tmp_path / "there") as other:
            await other.sync()
            for _payment in range(2):
                perform(world, "pay", {"count": "1", "amount": "5.00"})
            await cut_off(company, "invoices.registerPayment")
            assert last(await other.sync()).payments_registered == 2
        (paid,) = [kept.data for kept in world.teamleader.invoices.values() if kept.data["payments"]]
        del paid["payments"][0]  # it was killed before that one, which is the one in doubt here
        paid["total"]["due"]["amount"] += Decimal("5.00")
        finished = last(await company.sync())
        assert (finished.outcome, finished.payments_registered) == ("complete", 1)
    assert len({payment["paid_at"] for payment in paid["payments"]}) == 2


# --- when the limit of the day forbids the look ----------------------------------------------------------


def spend_all(company: Inside, operation: str) -> None:
    """Every call of an operation that today allows is used up, by our own count."""
    now = company.world.clock.now()
    with Workspace(company.workspace) as workspace:
        ledger = SpentCalls(workspace, "Octopus")
        scope, limit = f"octopus/{company.profile.dossier_id}", PER_DAY[operation]
        while ledger.spent(scope, operation, now) < limit:
            ledger.spend(scope, operation, limit, now)


def limits_told(told: Told) -> list[str]:
    """The operations whose limit was named."""
    return [event.operation for event in of(told, events.LimitReached)]


async def test_where_no_call_is_left_to_look_for_bookings_none_is_made_and_the_run_says_so(
    tmp_path: Path,
) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        await company.sync()
        by_hand = new_invoices(world, 3)
        perform(world, "book-by-hand", {"journal": "V1", "document": by_hand[0]})
        before = len(held(world))
        spend_all(company, BOOKINGS)
        told = await company.sync(no_other_connector=True)
        assert (last(told).outcome, last(told).booked, last(told).left_for_later) == ("limit", 0, 3)
        assert limits_told(told) == [BOOKINGS]
        assert len(held(world)) == before
        preview = last(await company.sync(dry_run=True))
        assert (preview.outcome, preview.booked, preview.left_for_later) == ("limit", 0, 3)
        world.clock.advance(timedelta(days=1, hours=2))
        finished = last(await company.sync(no_other_connector=True))
        assert (finished.outcome, finished.booked) == ("complete", 2)
    check_nothing_twice(world, booked_documents(world))


async def test_where_no_call_is_left_to_look_for_relations_none_is_made_and_known_customers_go_on(
    tmp_path: Path,
) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        await company.sync(only=("none",))  # all is read, nothing written
        spend_all(company, RELATIONS)
        (dossier,) = world.octopus.dossiers.values()
        before = len(dossier.relations)
        told = await company.sync()
        assert (last(told).outcome, len(dossier.relations)) == ("limit", before)
        assert last(told).booked + last(told).left_for_later == booked_documents(world)
        assert limits_told(told) == [RELATIONS]
        world.clock.advance(timedelta(days=1, hours=2))
        assert last(await company.sync()).outcome == "complete"
    check_nothing_twice(world, booked_documents(world))


async def test_where_no_call_is_left_to_look_for_matches_payments_wait_and_the_run_says_so(
    tmp_path: Path,
) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        await company.sync()
        perform(world, "pay", {"count": "3"})
        spend_all(company, MATCHES)
        told = await company.sync()
        assert (last(told).outcome, last(told).payments_registered) == ("limit", 0)
        assert limits_told(told) == [MATCHES]
        world.clock.advance(timedelta(days=1, hours=2))
        assert last(await company.sync()).payments_registered == 3


# --- numbers ---------------------------------------------------------------------------------------------


async def test_a_booking_that_the_feed_does_not_show_is_looked_for_because_its_number_is_taken(
    tmp_path: Path,
) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        await company.sync()
        number = new_invoices(world, 2)[0]
        perform(world, "book-by-hand", {"journal": "V1", "document": number})
        (dossier,) = world.octopus.dossiers.values()
        next(reversed(dossier.bookings.values())).modified -= timedelta(days=2)  # a stamp in some other zone
        world.clock.advance(timedelta(minutes=1))
        calls = world.octopus_calls[BOOKINGS]
        finished = last(await company.sync(no_other_connector=True))
        assert (finished.outcome, finished.booked) == ("complete", 1)
        assert world.octopus_calls[BOOKINGS] == calls + 2  # the feed, and the journal whole
    check_nothing_twice(world, booked_documents(world))


async def test_a_journal_whose_numbers_begin_above_one_is_looked_at_once_and_no_more(tmp_path: Path) -> None:
    world = world_of()
    (dossier,) = world.octopus.dossiers.values()
    for journal in dossier.journals.values():
        if journal.key == "V1":
            journal.last_booked, journal.next_document_number = 1000, 1001
    async with inside(tmp_path, world) as company:
        await company.sync(only=("none",))
        calls = world.octopus_calls[BOOKINGS]
        await company.sync(only=("none",))
        assert world.octopus_calls[BOOKINGS] == calls + 1
        assert last(await company.sync()).outcome == "complete"
    check_nothing_twice(world, booked_documents(world))


async def test_what_is_booked_by_hand_just_after_a_look_is_not_skipped_by_the_next_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_of(12)
    numbers = [n for k in world.teamleader.invoices.values() if (n := k.data["invoice_number"])]
    looked = Looked.booked_meanwhile

    async def then_by_hand(self: Looked, last: Any = None) -> Any:
        found = await looked(self, *([] if last is None else [last]))
        with suppress(IndexError):
            perform(world, "book-by-hand", {"journal": "V1", "document": left_by_hand.pop()})
        return found

    left_by_hand = numbers[-2:]
    monkeypatch.setattr(Looked, "booked_meanwhile", then_by_hand)
    told: Told = []

    def tell(event: events.Event) -> None:
        if isinstance(event, events.DocumentWaiting) and not of(told, events.DocumentWaiting):
            perform(world, "book-by-hand", {"journal": "V1"})  # so that a number is refused
        told.append(event)

    async with inside(tmp_path, world) as company:
        company.change(other_connector_off=True)
        await run_sync(tmp_path, company.profile, SyncOptions(), tell, Stop())
        for _run in range(2):
            finished = last(await company.sync())
        assert (finished.outcome, finished.in_sync) == ("complete", 12)
    assert {number: count for number, count in times_booked(world).items() if count > 1} == {}


async def test_where_octopus_fails_as_a_run_looks_again_for_what_others_booked_documents_wait(
    tmp_path: Path,
) -> None:
    """The look comes before a document in a closed journal is given up, and shows that somebody has booked."""
    world = world_of(12)
    perform(world, "close-journal", {"journal": "V2"})
    async with inside(tmp_path, world) as company:
        await company.sync()
        await cut_off(company, BOOKINGS)  # what this one has read of the journals will do for the next
        told: Told = []

        def tell(event: events.Event) -> None:
            if isinstance(event, events.DocumentWaiting) and not of(told, events.DocumentWaiting):
                perform(world, "book-by-hand", {"journal": "V1"})
                company.faults.add(Fault(BOOKINGS, "status", status=500))
            told.append(event)

        await run_sync(tmp_path, company.profile, SyncOptions(), tell, Stop())
        assert last(told).outcome == "unreachable"
        assert {left.reason for left in of(told, events.DocumentLeft)} == {"unreachable"}
        company.faults.clear()
        perform(world, "reopen-journal", {"journal": "V2"})
        assert last(await company.sync()).in_sync == booked_documents(world)
    check_nothing_twice(world, booked_documents(world))


async def test_a_number_that_is_refused_while_the_next_one_is_being_found_is_no_problem_of_the_document(
    tmp_path: Path,
) -> None:
    """One journal's document makes the run look again, as the other journal's number is refused."""
    world = world_of(12)
    perform(world, "close-journal", {"journal": "V2"})
    async with inside(tmp_path, world) as company:
        await cut_off(company, BOOKINGS)
        perform(world, "book-by-hand", {"journal": "V1"})
        perform(world, "reopen-journal", {"journal": "V2"})
        finished = last(await company.sync())
        assert (finished.outcome, finished.in_sync) == ("complete", 12)
    check_nothing_twice(world, 12)


async def test_a_relation_that_the_bookkeeper_makes_during_a_long_run_is_linked_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relations, "LOOK_AGAIN", 0.0)  # the run is long
    world = world_of(12)
    numbers = [n for k in world.teamleader.invoices.values() if (n := k.data["invoice_number"])]
    told: Told = []

    def tell(event: events.Event) -> None:
        if isinstance(event, events.DocumentWaiting) and not of(told, events.DocumentWaiting):
            for number in numbers[-3:]:
                perform(world, "book-by-hand", {"journal": "V1", "document": number})
        told.append(event)

    async with inside(tmp_path, world) as company:
        company.change(other_connector_off=True)
        await run_sync(tmp_path, company.profile, SyncOptions(), tell, Stop())
        assert last(await company.sync()).outcome == "complete"
    check_nothing_twice(world, 12)


async def test_a_relation_that_somebody_makes_in_the_same_second_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_of(12)
    write = relations.CustomerRelations._write
    told: Told = []
    by_hand: list[str] = []

    async def just_before(self: Any, customer: Any, body: Any) -> Any:
        if not by_hand:
            by_hand.append(body.name)
            invoices = [k.data for k in world.teamleader.invoices.values()]
            (mine, *_more) = [
                d["invoice_number"] for d in invoices if d["invoicee"]["customer"]["id"] == customer.id
            ]
            perform(world, "book-by-hand", {"journal": "V1", "document": mine})
        return await write(self, customer, body)

    monkeypatch.setattr(relations.CustomerRelations, "_write", just_before)
    async with inside(tmp_path, world) as company:
        company.change(other_connector_off=True)
        await run_sync(tmp_path, company.profile, SyncOptions(), told.append, Stop())
    (notice,) = [n.message for n in of(told, events.Notice) if "twice in Octopus" in n.message]
    assert by_hand[0] in notice
    assert len(times_booked(world)) == booked_documents(world)


# --- bookings that are no longer there ---------------------------------------------------------------------


async def test_what_is_paid_on_a_number_that_was_given_to_somebody_elses_booking_is_not_brought_back(
    tmp_path: Path,
) -> None:
    world = world_of(12)
    async with inside(tmp_path, world) as company:
        company.change(other_connector_off=True)
        booked = of(await company.sync(), events.DocumentBooked)
        last_one = max((event for event in booked if event.journal == "V1"), key=lambda event: event.number)
        place = f"V1/{last_one.number}"
        perform(world, "delete-last-booking", {"journal": "V1"})
        relation = str(next(iter(next(iter(world.octopus.dossiers.values())).relations)))
        perform(
            world,
            "book-by-hand",
            {"journal": "V1", "relation": relation, "amount": "500.00", "reference": "own1"},
        )
        perform(world, "pay", {"document": place})
        told = await company.sync()
        assert of(told, events.PaymentRegistered) == []
        (failed,) = of(told, events.DocumentFailed)
        assert (failed.document.id, failed.explanation.problem) == (
            last_one.document.id,
            "booked-differently",
        )
        assert last(told).failing == 1


async def test_a_booking_that_was_voided_is_named(tmp_path: Path) -> None:
    world = world_of(12)
    async with inside(tmp_path, world) as company:
        await company.sync()
        perform(world, "void-booking", {"booking": "V1/2"})
        perform(world, "teamleader-new-invoice", {"n": "1"})  # so that bookings are read
        (failed,) = of(await company.sync(), events.DocumentFailed)
        assert failed.explanation.problem == "booked-differently"


async def test_a_booking_that_was_removed_is_made_again_within_the_hour_though_nothing_waits(
    tmp_path: Path,
) -> None:
    world = world_of(12)
    async with inside(tmp_path, world) as company:
        await company.sync()
        perform(world, "delete-last-booking", {"journal": "V1"})
        world.clock.advance(timedelta(minutes=70))
        told = await company.sync()
        assert (last(told).outcome, last(told).booked) == ("complete", 1)
    check_nothing_twice(world, booked_documents(world))


# --- mirrored payments -----------------------------------------------------------------------------------

BANK = Mirror(journal="F1", account=550000)


@pytest.mark.parametrize("matched", [True, False])
async def test_a_receipt_that_stands_already_is_matched_and_none_is_booked_beside_it(
    tmp_path: Path, matched: bool
) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        await company.sync()
        perform(world, "teamleader-pay", {"invoice": "2026 / 2", "amount": "10.00"})
        copy = tmp_path / "copy.sqlite"
        shutil.copy(company.workspace, copy)
        assert last(await company.sync(mirror=BANK)).payments_mirrored == 1
        (dossier,) = world.octopus.dossiers.values()
        if not matched:
            dossier.balancings.clear()
        shutil.copy(copy, company.workspace)
        for _run in range(2):
            finished = last(await company.sync(mirror=BANK))
            assert finished.outcome == "complete"
        assert len(dossier.financial_bookings) == 1
        assert [match.amount for match in dossier.balancings] == [Decimal("10.00")]
        (paid,) = [k for k in world.teamleader.invoices.values() if k.data["invoice_number"] == "2026 / 2"]
        assert len(paid.data["payments"]) == 1


async def test_a_period_that_is_closed_while_a_run_books_stops_what_was_ready_for_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another journal's document makes the run read journals again; invoices were prepared for the open period."""
    world = world_of(12)
    book = Documents._book

    async def then_closed(
        self: Documents, draft: Draft, place: tuple[int, str], relation: int | None
    ) -> None:
        await book(self, draft, place, relation)
        if not closed:
            closed.append(draft.head.number)
            days = [day for kept in world.teamleader.invoices.values() if (day := kept.data["invoice_date"])]
            perform(world, "set-closed-period", {"journal": "V1", "period": max(days)[:7].replace("-", "")})
            await self._looked.again(Blocker("closed-period", ""))

    closed: list[str] = []
    monkeypatch.setattr(Documents, "_book", then_closed)
    async with inside(tmp_path, world) as company:
        await cut_off(company, BOOKINGS)  # what this one has read of the journals will do for the next
        told = await company.sync()
        failed = of(told, events.DocumentFailed)
        assert closed
        assert {event.explanation.problem for event in failed} == {"closed-period"}
        assert len(failed) == sum(not event.document.kind.startswith("credit") for event in failed) > 0
        perform(world, "set-closed-period", {"journal": "V1", "period": "0"})
        assert last(await company.sync()).in_sync == booked_documents(world)
    check_nothing_twice(world, booked_documents(world))
