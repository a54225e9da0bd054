"""Paid in Teamleader, mirrored to Octopus through the journal the user named: once, and never brought back."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from octowizard.sandbox.faults import Fault
from octowizard.sandbox.practice import perform
from octowizard.sandbox.worlds import SCENARIOS
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
