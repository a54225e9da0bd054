"""Paid in Teamleader, mirrored to Octopus through the journal the user named: once, and never brought back."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octowizard.octopus.client import Octopus
from octowizard.sandbox.faults import Fault
from octowizard.sandbox.practice import perform
from octowizard.sandbox.state import line_key
from octowizard.sandbox.worlds import SCENARIOS, bookings
from octowizard.sync import events
from octowizard.workspace.profiles import Mirror
from tests.sync.inside import Inside, inside, last, of, substance

BANK = Mirror(journal="F1", account=550000)
POST_RECEIPT = "POST /dossiers/{dossierId}/financialdiversbookings"
POST_MATCH = "POST /dossiers/{dossierId}/balancings"


def receipts(company: Inside) -> list[Decimal]:
    (dossier,) = company.world.octopus.dossiers.values()
    return [
        line["amount"]
        for booking in dossier.financial_bookings.values()
        for line in booking.data["bookingLines"]
    ]


def matched(company: Inside) -> list[Decimal]:
    (dossier,) = company.world.octopus.dossiers.values()
    return [balancing.amount for balancing in dossier.balancings]


async def paid_in_teamleader(company: Inside) -> Decimal:
    """Book everything, then pay one invoice in part in Teamleader."""
    await company.sync()
    perform(company.world, "teamleader-pay", {"invoice": "2026 / 2", "amount": "10.00"})
    return Decimal("10.00")


async def test_without_a_named_journal_nothing_is_mirrored(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        await paid_in_teamleader(company)
        assert last(await company.sync()).payments_mirrored == 0
        assert receipts(company) == []


async def test_a_payment_is_mirrored_once_and_never_comes_back(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        amount = await paid_in_teamleader(company)
        foreseen = await company.sync(dry_run=True, mirror=BANK)
        told = await company.sync(mirror=BANK)
        assert substance(told)["PaymentMirrored"] == substance(foreseen)["PaymentMirrored"]
        (mirrored,) = of(told, events.PaymentMirrored)
        assert (mirrored.document.number, mirrored.amount, mirrored.journal) == ("2026 / 2", amount, "F1")
        for _again in range(2):
            company.world.clock.advance(timedelta(minutes=11))  # everything is read again
            more = last(await company.sync(mirror=BANK))
            assert (more.payments_mirrored, more.payments_registered) == (0, 0)
        assert (receipts(company), matched(company)) == ([amount], [amount])


@pytest.mark.parametrize("operation", [POST_RECEIPT, POST_MATCH])
@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
async def test_a_cut_connection_leads_to_one_receipt_and_one_match(
    tmp_path: Path, operation: str, kind: str
) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        amount = await paid_in_teamleader(company)
        company.faults.add(Fault(operation=operation, kind=kind, times=1))
        for _run in range(3):
            await company.sync(mirror=BANK)
        assert (receipts(company), matched(company)) == ([amount], [amount])


async def test_a_receipt_of_a_closed_period_is_not_sent_and_says_which_period(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        await paid_in_teamleader(company)
        perform(company.world, "set-closed-period", {"journal": "F1", "period": "202612"})
        told = await company.sync(mirror=BANK)
        (failed,) = of(told, events.PaymentFailed)
        assert failed.explanation.problem == "closed-period"
        assert failed.explanation.evidence[0].startswith("The payment is dated ")
        assert receipts(company) == []


# --- somebody else's receipt beside ours -----------------------------------------------------------------


async def receipt_without_match(company: Inside, amount: str = "") -> None:
    """Book everything and pay 2026 / 3 in Teamleader; its receipt is booked as F1/1, the match is cut off."""
    await company.sync()
    perform(company.world, "teamleader-pay", {"invoice": "2026 / 3"} | ({"amount": amount} if amount else {}))
    company.faults.add(Fault(operation=POST_MATCH, kind="drop_before", times=1))
    await company.sync(mirror=BANK)
    assert (len(receipts(company)), matched(company)) == (1, [])


def check_surplus(told: list[events.Event]) -> None:
    """The receipt F1/1 of 2026 / 3 is named, once; nothing else is wrong."""
    (parked,) = of(told, events.PaymentParked)
    assert parked.document.number == "2026 / 3"
    assert parked.question.startswith("Receipt F1/1 of ")
    assert "for 2026 / 3 stands in Octopus beside the one that was matched by hand" in parked.question
    assert (of(told, events.PaymentFailed), last(told).outcome) == ([], "attention")


@pytest.mark.parametrize("amount", ["", "10.00"])
async def test_a_receipt_beside_one_matched_by_hand_is_named_each_run_and_the_other_payments_are_mirrored(
    tmp_path: Path, amount: str
) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        await receipt_without_match(company, amount)
        by_hand = {"document": "2026 / 3"} | ({"amount": amount} if amount else {})
        perform(company.world, "pay", by_hand)
        perform(company.world, "teamleader-pay", {"invoice": "2026 / 2", "amount": "7.00"})
        sent = company.world.octopus_calls[POST_MATCH]
        for mirrored in (1, 0, 0):
            company.world.clock.advance(timedelta(minutes=11))  # everything is read again
            told = await company.sync(mirror=BANK)
            check_surplus(told)
            assert (last(told).payments_mirrored, last(told).payments_registered) == (mirrored, 0)
        assert company.world.octopus_calls[POST_MATCH] == sent + 1
        assert len(receipts(company)) == 3
        assert sorted(matched(company))[0] == Decimal("7.00")


async def test_a_match_refused_because_somebody_was_faster_is_named_and_never_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Octopus.post_balancing
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        await company.sync()
        perform(company.world, "teamleader-pay", {"invoice": "2026 / 3"})

        async def after_the_bookkeeper(self: Octopus, balancing: Any) -> None:
            monkeypatch.undo()
            perform(company.world, "pay", {"document": "2026 / 3"})
            await post(self, balancing)

        monkeypatch.setattr(Octopus, "post_balancing", after_the_bookkeeper)
        for dry_run in (False, True, False):
            check_surplus(await company.sync(mirror=BANK, dry_run=dry_run))
        assert company.world.octopus_calls[POST_MATCH] == 1


async def test_a_surplus_receipt_that_was_removed_is_named_no_more(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        await receipt_without_match(company)
        perform(company.world, "delete-last-booking", {"journal": "F1"})
        perform(company.world, "pay", {"document": "2026 / 3"})
        for _run in range(2):
            told = await company.sync(mirror=BANK)
            assert (last(told).outcome, last(told).payments_mirrored) == ("complete", 0)
        assert len(receipts(company)) == len(matched(company)) == 1


async def test_a_receipt_that_was_removed_is_booked_again_where_the_invoice_is_open(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        await receipt_without_match(company)
        perform(company.world, "delete-last-booking", {"journal": "F1"})
        assert last(await company.sync(mirror=BANK)).payments_mirrored == 1
        assert last(await company.sync(mirror=BANK)).outcome == "complete"
        assert receipts(company) == matched(company)


async def test_a_surplus_receipt_that_was_refunded_is_named_no_more(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        await receipt_without_match(company)
        perform(company.world, "pay", {"document": "2026 / 3"})
        check_surplus(await company.sync(mirror=BANK))
        (dossier,) = company.world.octopus.dossiers.values()
        place, ours = next(iter(dossier.financial_bookings.items()))
        (line,) = ours.data["bookingLines"]
        (journal,) = [j for j in dossier.journals.values() if (j.bookyear_id, j.key) == place[:2]]
        now = company.world.clock.now()
        back = bookings.customer_line(line["relationId"], -line["amount"], None)
        refund = bookings.receipt(dossier, journal, [back], now.date(), now)
        bookings.match(dossier, refund, place, 1, line["amount"], now)
        dossier.balancings[-1].debet["lineSequenceNr"] = 1  # of the bank, not a sale as a whole
        assert line_key(dossier.balancings[-1].debet) == (*refund, 1)
        for _run in range(2):
            assert last(await company.sync(mirror=BANK)).outcome == "complete"


async def test_a_refused_match_keeps_no_other_payment_from_being_mirrored(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        await receipt_without_match(company)
        perform(company.world, "teamleader-pay", {"invoice": "2026 / 2"})
        company.faults.add(Fault(operation=POST_MATCH, kind="status", status=400, times=1))
        told = await company.sync(mirror=BANK)
        assert [failed.document.number for failed in of(told, events.PaymentFailed)] == ["2026 / 3"]
        assert [done.document.number for done in of(told, events.PaymentMirrored)] == ["2026 / 2"]
        assert last(told).outcome == "attention"
        told = await company.sync(mirror=BANK)
        assert [done.document.number for done in of(told, events.PaymentMirrored)] == ["2026 / 3"]
        assert (last(told).outcome, sorted(receipts(company))) == ("complete", sorted(matched(company)))
