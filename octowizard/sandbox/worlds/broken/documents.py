"""Currencies and dates of documents, credit notes without invoice, documents that were booked otherwise."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.document_fields import date_of, number_of
from octowizard.sandbox.worlds.scenarios import Step, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.state import Kept
    from octowizard.sandbox.worlds.breaking import BrokenCompany


def _in_dollars(company: BrokenCompany) -> list[Kept]:
    """The scenario's own invoices, for a customer in the United States."""
    customer = company.foreigner("US", company.chance("american"))
    line = company.line(code="EX", account="700700")
    return company.own_bills([line], customer, currency="USD")


@scenario("unknown-currency", "Two invoices are in dollars, and the dossier has no dollars.", own=2)
def unknown_currency(company: BrokenCompany) -> None:
    """The documents in dollars cannot be booked."""
    company.dossier.currencies.remove("USD")
    _in_dollars(company)
    dollars = [kept for kept in company.waiting() if kept.data["currency"] == "USD"]
    company.broken(dollars, ("add-currency", {"currency": "USD"}))


@scenario("missing-exchange-rate", "Two invoices in dollars have no exchange rate.", own=2)
def missing_exchange_rate(company: BrokenCompany) -> None:
    """Those two cannot be booked."""
    made = _in_dollars(company)
    for kept in made:
        kept.data["currency_exchange_rate"] = None
    cure: list[Step] = [
        ("teamleader-set-exchange-rate", {"document": number_of(kept), "rate": "0.8621"}) for kept in made
    ]
    company.broken(made, *cure)


@scenario("bad-dates", "Two invoices were to be paid before they were made.", own=2)
def bad_dates(company: BrokenCompany) -> None:
    """This Octopus refuses them; whether the real one does is not known."""
    company.world.switches.due_before_date = (400, -18)
    made = company.own_bills()
    for kept in made:
        kept.data["due_on"] = "2026-10-20"
    cure: list[Step] = [
        ("teamleader-set-due-date", {"invoice": number_of(kept), "day": date_of(kept)}) for kept in made
    ]
    company.broken(made, *cure)


@scenario(
    "credit-note-without-invoice",
    "Two credit notes are about an invoice that is not in Octopus.",
    own=4,
    earlier=0,
)
def credit_note_without_invoice(company: BrokenCompany) -> None:
    """The sync starts in November, after the invoices: the credit notes have nothing to be matched with."""
    company.world.start_date = "2026-11-01"
    company.credited_bills(day=date(2026, 10, 30))
    company.broken((), ("choose-start-date", {"day": "2026-10-01"}))


def _typed_in(company: BrokenCompany, invoice: Kept, *, too_much: int = 0, day: str = "2026-11-19") -> Step:
    """Enter an invoice by hand. Returns what undoes it."""
    amount = invoice.data["total"]["payable"]["amount"] + too_much
    key = company.book_by_hand(str(number_of(invoice)), amount, date.fromisoformat(day))
    return ("void-booking", {"booking": f"V1/{key[2]}", "year": "2026"})


@scenario("booked-differently", "Two invoices stand in Octopus with another amount.")
def booked_differently(company: BrokenCompany) -> None:
    """Somebody entered two waiting invoices by hand; octowizard does not book them a second time."""
    chosen = company.waiting_invoices()[:2]
    company.broken(chosen, *[_typed_in(company, kept, too_much=10) for kept in chosen])


@scenario("booked-twice", "Two invoices were booked by octowizard and once more by hand.")
def booked_twice(company: BrokenCompany) -> None:
    """Nothing that waits is refused; the turnover is too high."""
    chosen = company.paid_invoices()[:2]
    company.broken((), *[_typed_in(company, kept, day=date_of(kept)) for kept in chosen])


@scenario("other-connector", "Teamleader's own integration books the invoices too.")
def other_connector(company: BrokenCompany) -> None:
    """It has booked some of what waits; the whole sync is refused until it is switched off."""
    invoices = company.waiting_invoices()
    theirs = invoices[: len(invoices) // 3 + 1]
    for kept in theirs:
        company.book_elsewhere(kept)
    refused = [kept for kept in company.waiting() if kept not in theirs]
    company.broken(refused, ("switch-off-other-connector", {}))
