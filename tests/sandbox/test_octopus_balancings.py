"""Matches, open items and reports of the Octopus stand-in: how a user sees what was paid."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.octopus_world import (
    CLOSED,
    OPEN,
    RECENT,
    D,
    Octopus,
    booking,
    line,
    match_key,
    receipt,
    wrapped,
)

Json = dict[str, Any]
INVOICE, BANK = match_key("V1", 1, -1), match_key("F1", 1, 1)
ALL: Json = {
    "fromBookyearKey": {"id": CLOSED},
    "toBookyearKey": {"id": OPEN},
    "relationId": -1,
    "externalRelationId": -1,
}


async def paid(octopus: Octopus, received: str = "121.00") -> None:
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking()), status=201)
    await octopus.call("POST", f"{D}/financialdiversbookings", body=receipt(amount=received), status=201)


async def match(octopus: Octopus, amount: str, debet: Json = INVOICE, credit: Json = BANK) -> None:
    body = {"debetKey": debet, "creditKey": credit, "balanceAmount": Decimal(amount)}
    await octopus.call("POST", f"{D}/balancings", body=body, status=201)


async def still_open(octopus: Octopus, **query: Any) -> dict[tuple[str, int], Decimal]:
    """(journal, number) -> what is open."""
    rows = await octopus.call("POST", f"{D}/reports/clients/open", body=ALL | query)
    return {(row["journalKey"], row["documentSequenceNr"]): row["openBookingAmount"] for row in rows}


async def test_a_part_payment_leaves_the_rest_open(octopus: Octopus) -> None:
    await paid(octopus, "100.00")
    await match(octopus, "100.00")
    assert await still_open(octopus) == {("V1", 1): Decimal("21.00")}
    changes = await octopus.call("GET", f"{D}/balancings/modified", {"modifiedTimeStamp": RECENT})
    (shown,) = changes["modifiedBalancings"]
    assert shown["type"] == {
        "type": "C",
        "externalRelationId": 0,
        "relationKey": {"id": 1},
        "accountNr": 400000,
    }
    assert shown["debetDocument"]["balancingKey"] == INVOICE
    assert shown["creditDocument"]["documentDate"] == "2026-11-20"
    assert shown["creditBalancedBookingAmount"] == Decimal("100.00")
    assert shown["debetBalancedBookingAmount"] == 0


async def test_a_full_payment_leaves_nothing_open(octopus: Octopus) -> None:
    await paid(octopus)
    await match(octopus, "21.00")
    await match(octopus, "100.00")
    await octopus.call("POST", f"{D}/reports/clients/open", body=ALL, status=404)
    assert [made.amount for made in octopus.dossier.balancings] == [Decimal("121.00")]


@pytest.mark.parametrize(
    ("debet", "credit", "amount"),
    [
        (INVOICE, BANK, "121.01"),
        (INVOICE, BANK, "0.00"),
        (INVOICE, BANK, "-1.00"),
        (BANK, INVOICE, "1.00"),
        (INVOICE, match_key("F1", 1, 2), "1.00"),
        (INVOICE, match_key("F1", 1, -1), "1.00"),
        (match_key("V1", 9, -1), BANK, "1.00"),
        (match_key("V1", 1, 1), BANK, "1.00"),
    ],
)
async def test_an_impossible_match_is_refused(
    octopus: Octopus, debet: Json, credit: Json, amount: str
) -> None:
    await paid(octopus)
    body = {"debetKey": debet, "creditKey": credit, "balanceAmount": Decimal(amount)}
    assert await octopus.refused("POST", f"{D}/balancings", body) == -26
    assert octopus.dossier.balancings == []


async def test_lines_of_two_relations_cannot_be_matched(octopus: Octopus) -> None:
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking()), status=201)
    lines = [{"type": "C", "externalRelationId": 77, "amount": Decimal("121.00")}]
    await octopus.call("POST", f"{D}/financialdiversbookings", body=receipt(bookingLines=lines), status=201)
    body = {"debetKey": INVOICE, "creditKey": BANK, "balanceAmount": Decimal("121.00")}
    assert await octopus.refused("POST", f"{D}/balancings", body) == -26


async def test_an_undone_match_is_reported_and_the_invoice_open_again(octopus: Octopus) -> None:
    await paid(octopus)
    await match(octopus, "121.00")
    document = {"bookyearKey": {"id": OPEN}, "journal": "V1", "documentSequenceNr": 1}
    await octopus.call("DELETE", f"{D}/balancings/document/delete", body=document, status=204)
    changes = await octopus.call("GET", f"{D}/balancings/modified", {"modifiedTimeStamp": RECENT})
    assert (len(changes["modifiedBalancings"]), len(changes["deletedBalancings"])) == (0, 1)
    assert await still_open(octopus) == {("V1", 1): Decimal("121.00"), ("F1", 1): Decimal("-121.00")}
    pair = {"debetKey": INVOICE, "creditKey": BANK}
    assert await octopus.refused("DELETE", f"{D}/balancings/delete", pair) == -26


async def test_a_credit_note_settles_an_invoice_without_money(octopus: Octopus) -> None:
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking()), status=201)
    credit = booking(journalKey="V2", amount=Decimal("-121.00"))
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(credit), status=201)
    assert await still_open(octopus) == {("V1", 1): Decimal("121.00"), ("V2", 1): Decimal("-121.00")}
    payable = await octopus.call("GET", f"{D}/bank/invoices")
    assert [one["journalKey"] for one in payable] == ["V2"]
    await match(octopus, "121.00", INVOICE, match_key("V2", 1, -1))
    await octopus.call("POST", f"{D}/reports/clients/open", body=ALL, status=404)


async def test_the_open_report_keeps_to_years_periods_and_relation(octopus: Octopus) -> None:
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking()), status=201)
    late = booking(2, bookyearPeriodeNr=202612)
    late["relationIdentificationServiceData"] = {"externalRelationId": 77}
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(late), status=201)
    assert list(await still_open(octopus, toBookyearPeriodNr=202611)) == [("V1", 1)]
    assert list(await still_open(octopus, fromBookyearKey={"id": OPEN}, fromBookyearPeriodNr=202612)) == [
        ("V1", 2)
    ]
    assert list(await still_open(octopus, externalRelationId=77)) == [("V1", 2)]
    assert list(await still_open(octopus, relationId=1)) == [("V1", 1)]
    body = ALL | {"toBookyearKey": {"id": CLOSED}}
    await octopus.call("POST", f"{D}/reports/clients/open", body=body, status=404)
    body = ALL | {"toBookyearKey": {"id": 99}}
    assert await octopus.refused("POST", f"{D}/reports/clients/open", body) == -9


async def test_a_foreign_invoice_is_matched_in_euro(octopus: Octopus) -> None:
    foreign = booking(currencyCode="USD", exchangeRate=Decimal("0.9"))
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(foreign), status=201)
    (row,) = await octopus.call("POST", f"{D}/reports/clients/open", body=ALL)
    assert (row["openBookingAmount"], row["openDocAmount"]) == (Decimal("108.90"), Decimal("121.00"))
    await octopus.call("POST", f"{D}/financialdiversbookings", body=receipt(amount="108.90"), status=201)
    await match(octopus, "108.90")
    await octopus.call("POST", f"{D}/reports/clients/open", body=ALL, status=404)


async def test_a_matched_booking_cannot_be_changed_below_what_is_matched(octopus: Octopus) -> None:
    await paid(octopus)
    await match(octopus, "121.00")
    lower = booking(amount=Decimal("100.00"), bookingLines=[line(vatAmount=Decimal(0))])
    assert await octopus.refused("PUT", f"{D}/buysellbookings", lower) == -35
    other = receipt(amount="1.00")["financialDiversBookingServiceData"]
    assert await octopus.refused("PUT", f"{D}/financialdiversbookings", other) == -35


async def test_the_bank_journal_shows_its_balance(octopus: Octopus) -> None:
    await paid(octopus, "60.00")
    shown = await octopus.call("GET", f"{D}/bookyears/{OPEN}/journals/F1")
    assert shown["balance"] == Decimal("60.00")
