"""The journals of sales (V1) and of credit notes (V2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.document_fields import date_of
from octowizard.sandbox.worlds.scenarios import THIS_YEAR, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.state import Journal, Kept
    from octowizard.sandbox.worlds.breaking import BrokenCompany


def _journal(company: BrokenCompany, key: str) -> Journal:
    return company.dossier.journals[THIS_YEAR, key]


def _october(company: BrokenCompany) -> list[Kept]:
    return [kept for kept in company.waiting_invoices() if date_of(kept) < "2026-11-01"]


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
