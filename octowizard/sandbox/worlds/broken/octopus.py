"""Octopus: fiscal years and periods, journals, booking numbers, ledger accounts and cost centres."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.scenarios import THIS_YEAR, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.state import Journal, Kept
    from octowizard.sandbox.worlds.breaking import BrokenCompany

_NEXT_YEAR = 6


def _sequence(document: Kept) -> int:
    """15 of `2026 / 15`; 0 where the number does not end in digits."""
    digits = str(document.number).rpartition("/")[2].strip()
    return int(digits) if digits.isdecimal() else 0


def _november(company: BrokenCompany) -> list[Kept]:
    return [kept for kept in company.waiting() if kept.date >= "2026-11-01"]


@scenario("missing-year", "It is January and Octopus has no fiscal year for it yet.", own=3)
def missing_year(company: BrokenCompany) -> None:
    """Three of the documents are of January 2027."""
    company.drop_year(_NEXT_YEAR)
    company.world.clock.set(datetime(2027, 1, 12, 8, 0, tzinfo=UTC))
    made = [
        company.bill(kept, day=date(2027, 1, 4 + place), prefix="2027")
        for place, kept in enumerate(company.customers[: company.own])
    ]
    company.broken(made, ("create-year", {"year": 2027}))


@scenario("closed-year", "Two invoices of last year wait, and last year is closed.", own=2)
def closed_year(company: BrokenCompany) -> None:
    """Two of the documents are of December 2025, and the sync starts there."""
    company.world.start_date = "2025-12-01"
    late = company.own_bills(day=date(2025, 12, 18), prefix="2025")
    company.broken(late, ("reopen-year", {"year": "2025"}))


@scenario("missing-period", "Fiscal year 2026 has lost its period of November.")
def missing_period(company: BrokenCompany) -> None:
    """Documents dated in November cannot be booked."""
    year = company.dossier.bookyears[THIS_YEAR].data
    year["periods"] = [entry for entry in year["periods"] if entry["bookyearPeriod"] != 202611]
    company.broken(_november(company), ("restore-periods", {"year": "2026"}))


@scenario("next-year-missing", "All is well until New Year: fiscal year 2027 has not been created.")
def next_year_missing(company: BrokenCompany) -> None:
    """No document is refused: it is a warning."""
    company.drop_year(_NEXT_YEAR)
    company.broken((), ("create-year", {"year": 2027}))


@scenario("year-gap", "Fiscal year 2026 ends in October and the next one begins in January.")
def year_gap(company: BrokenCompany) -> None:
    """Documents of November fall between fiscal year 2026, which ends on 31 October, and the next one."""
    year = company.dossier.bookyears[THIS_YEAR].data
    year["endDate"] = "2026-10-31"
    year["periods"] = [entry for entry in year["periods"] if entry["endDate"] <= "2026-10-31"]
    company.broken(_november(company), ("extend-year", {"year": "2026", "until": "2026-12-31"}))


def _journal(company: BrokenCompany, key: str) -> Journal:
    return company.dossier.journals[THIS_YEAR, key]


def _october(company: BrokenCompany) -> list[Kept]:
    return [kept for kept in company.waiting_invoices() if kept.date < "2026-11-01"]


@scenario("missing-journal", "There is no journal V2 for the credit notes.", earlier=4)
def missing_journal(company: BrokenCompany) -> None:
    """V2 does not exist in fiscal year 2026: the credit notes cannot be booked."""
    company.drop_journal("V2")
    cure = ("create-journal", {"journal": "V2", "type": "bookings", "year": "2026"})
    company.broken(company.waiting_notes(), cure)


@scenario(
    "journals-not-synchronised", "Journal V2 was created on the desktop and not synchronised.", earlier=4
)
def journals_not_synchronised(company: BrokenCompany) -> None:
    """The API does not show V2 yet: the credit notes cannot be booked."""
    _journal(company, "V2").desktop_only = True
    company.broken(company.waiting_notes(), ("synchronise", {}))


@scenario("wrong-journal-type", "Journal V2 takes invoices instead of bookings.")
def wrong_journal_type(company: BrokenCompany) -> None:
    """V2 has entry type Invoices: the credit notes cannot be booked."""
    _journal(company, "V2").insertion_type = 2
    cure = ("set-entry-type", {"journal": "V2", "type": "bookings", "year": "2026"})
    company.broken(company.waiting_notes(), cure)


@scenario("closed-journal", "Journal V2 is closed.")
def closed_journal(company: BrokenCompany) -> None:
    """The credit notes cannot be booked."""
    _journal(company, "V2").closed = True
    company.broken(company.waiting_notes(), ("reopen-journal", {"journal": "V2", "year": "2026"}))


@scenario("open-journal", "Somebody has journal V2 open in the Octopus program.")
def open_journal(company: BrokenCompany) -> None:
    """A window locks V2, which the API does not show: the credit notes are refused when they are sent."""
    _journal(company, "V2").locked_by = "Boekhouding"
    company.broken(company.waiting_notes(), ("close-journal-window", {"journal": "V2", "year": "2026"}))


@scenario("closed-period", "Journal V1 is closed until October.")
def closed_period(company: BrokenCompany) -> None:
    """The invoices of October cannot be booked."""
    _journal(company, "V1").closed_period = 202610
    cure = ("set-closed-period", {"journal": "V1", "period": 202609, "year": "2026"})
    company.broken(_october(company), cure)


@scenario("secured-period", "Journal V1 is secured till October.")
def secured_period(company: BrokenCompany) -> None:
    """The invoices of October cannot be booked."""
    _journal(company, "V1").protected_period = 202610
    cure = ("set-secured-period", {"journal": "V1", "period": 202609, "year": "2026"})
    company.broken(_october(company), cure)


def _behind(company: BrokenCompany, number: int) -> list[Kept]:
    return [kept for kept in company.waiting_invoices() if _sequence(kept) > number]


@scenario("number-taken", "A sale was entered by hand under the next invoice's number.")
def number_taken(company: BrokenCompany) -> None:
    """All invoices wait for the first, whose number in V1 is taken."""
    company.world.answers["numbering"] = "follow"
    company.book_by_hand("Diverse verkoop", Decimal("121.00"))
    cure = ("delete-last-booking", {"journal": "V1", "year": "2026"})
    company.broken(company.waiting_invoices(), cure)


@scenario("number-gap", "Numbers must follow, and one invoice is gone from Teamleader.")
def number_gap(company: BrokenCompany) -> None:
    """An invoice in the middle was deleted: those behind the gap cannot be booked."""
    company.world.answers["numbering"] = "follow"
    invoices = company.uncredited()
    behind: list[Kept] = []
    if len(invoices) > 2:
        gone = invoices[len(invoices) // 2]
        del company.world.teamleader.invoices[gone.data["id"]]
        behind = _behind(company, _sequence(gone))
    company.broken(behind, ("book-by-hand", {"journal": "V1", "year": "2026"}))


@scenario("number-unreadable", "Numbers must follow, and two invoices bear none that can be followed.")
def number_unreadable(company: BrokenCompany) -> None:
    """Two numbers do not end in digits: all invoices wait for those two, which sort first."""
    company.world.answers["numbering"] = "follow"
    for kept, letter in zip(company.uncredited()[-2:], "AB", strict=False):
        kept.data["invoice_number"] = f"2026 / {letter}"
    company.broken(company.waiting_invoices(), ("choose-numbering", {"numbering": "next"}))


@scenario("same-booking-number", "Numbers must follow, and two invoices bear the same one.")
def same_booking_number(company: BrokenCompany) -> None:
    """Two entities shared the numbers: the second invoice and those behind it cannot be booked."""
    company.world.answers["numbering"] = "follow"
    invoices = company.uncredited()
    behind: list[Kept] = []
    if len(invoices) > 1:
        first, second = invoices[len(invoices) // 2 - 1 :][:2]
        second.data["invoice_number"] = first.data["invoice_number"]
        behind = [second, *_behind(company, _sequence(first))]
    company.broken(behind, ("choose-numbering", {"numbering": "next"}))


@scenario("missing-account", "Two invoices have a line without a ledger account.")
def missing_account(company: BrokenCompany) -> None:
    """Those two cannot be booked."""
    chosen = company.uncredited()[:2]
    company.broken(chosen, *company.without_account(chosen))


@scenario("unmapped-category", "A product category of Teamleader has no ledger account.", own=2)
def unmapped_category(company: BrokenCompany) -> None:
    """The two invoices that use it cannot be booked."""
    name = "Verkopen webwinkel"
    made = company.own_bills([company.line(account=company.category(name, None))])
    company.broken(made, ("teamleader-set-category-account", {"category": name, "account": "700000"}))


@scenario("unknown-account", "A product category stands on an account that Octopus does not have.", own=2)
def unknown_account(company: BrokenCompany) -> None:
    """The chart lacks 702000: the two invoices that use it cannot be booked."""
    name = "Verkopen webwinkel"
    made = company.own_bills([company.line(account=company.category(name, "702000"))])
    company.broken(made, ("add-account", {"account": 702000, "name": name, "year": "2026"}))


@scenario("heading-account", "A product category stands on a heading, which takes no bookings.", own=2)
def heading_account(company: BrokenCompany) -> None:
    """The API does not tell headings from accounts: the two invoices are refused when they are sent."""
    name = "Verkopen (groep)"
    made = company.own_bills([company.line(account=company.category(name, "700999"))])
    company.broken(made, ("teamleader-set-category-account", {"category": name, "account": "700000"}))


@scenario("missing-discount-account", "Octopus has no account for the discounts granted.", own=2)
def missing_discount_account(company: BrokenCompany) -> None:
    """The chart lacks 708000: documents with a discount on the whole cannot be booked."""
    del company.dossier.accounts[THIS_YEAR, 708000]
    company.own_bills(
        discounts=[{"type": "percentage", "value": Decimal(5), "description": "Handelskorting"}]
    )
    discounted = [kept for kept in company.waiting() if kept.data["discounts"]]
    cure = ("add-account", {"account": 708000, "name": "Toegekende kortingen", "year": "2026"})
    company.broken(discounted, cure)


@scenario("cost-centre-missing", "An account wants a cost centre and proposes none.", own=2)
def cost_centre_missing(company: BrokenCompany) -> None:
    """The documents with a line on account 700300 are refused."""
    company.world.switches.missing_cost_centre = (400, -40)
    company.dossier.accounts[THIS_YEAR, 700300].data["costCentreType"] = 1
    company.own_bills([company.line(account="700300")])
    centred = company.settings.category_of_account["700300"]
    refused = company.waiting_with_line(lambda entry: entry["product_category"]["id"] == centred)
    company.broken(refused, ("set-default-cost-centre", {"account": 700300, "centre": 1, "year": "2026"}))
