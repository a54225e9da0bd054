"""What is wrong before anything is refused: a return nearly due, communications, electronic invoices."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.scenarios import THIS_YEAR, Step, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.state import Kept
    from octowizard.sandbox.worlds.breaking import BrokenCompany


def _billed(company: BrokenCompany) -> list[Kept]:
    """The scenario's own invoices, each for a Belgian company of its own."""
    return [company.bill(company.newcomer()) for _ in range(company.own)]


@scenario("period-soon-secured", "The VAT return of October is due today, and its documents wait.", own=2)
def period_soon_secured(company: BrokenCompany) -> None:
    """The fiscal year has a return every month. Nothing is refused yet: the sync itself is the cure."""
    company.dossier.bookyears[THIS_YEAR].detail["declarantType"] = "MONTHLY"
    company.own_bills(day=date(2026, 10, 30))
    company.broken(())


@scenario("communication-wrong", "The structured communication of two invoices fails its check.", own=2)
def communication_wrong(company: BrokenCompany) -> None:
    """Two digits were swapped. Nothing is refused; no bank statement is matched by it."""
    cure: list[Step] = []
    for kept in _billed(company):
        right = str(kept.data["payment_reference"])
        kept.data["payment_reference"] = f"{right[:-5]}{(int(right[-5:-3]) + 1) % 100:02d}+++"
        cure.append(("teamleader-set-communication", {"invoice": kept.number, "value": right}))
    company.broken((), *cure)


@scenario("communication-missing", "Two invoices have no structured communication.", own=2)
def communication_missing(company: BrokenCompany) -> None:
    """Nothing is refused; no bank statement is matched with them."""
    cure: list[Step] = []
    for kept in _billed(company):
        right, kept.data["payment_reference"] = kept.data["payment_reference"], None
        cure.append(("teamleader-set-communication", {"invoice": kept.number, "value": right}))
    company.broken((), *cure)


@scenario(
    "peppol-refused",
    "Three invoices could not be sent over Peppol, or were refused, and wait to be booked.",
    own=3,
)
def peppol_refused(company: BrokenCompany) -> None:
    """Nothing is refused by Octopus: what the customer never got would count as turnover."""
    cure: list[Step] = []
    statuses = ("sending_failed", "application_rejected", "receiver_rejected")
    for kept, status in zip(_billed(company), statuses, strict=False):
        kept.data["peppol_status"] = status
        cure.append(("teamleader-set-peppol-status", {"document": kept.number, "status": "sent"}))
    company.broken((), *cure)


@scenario("no-enterprise-number", "Two Belgian companies have no valid enterprise number.", own=2)
def no_enterprise_number(company: BrokenCompany) -> None:
    """One has none, the other's begins with a 2. Nothing is refused; no electronic invoice finds them."""
    cure: list[Step] = []
    for place, kept in enumerate(company.newcomers()):
        right = str(kept.data["national_identification_number"])
        first = f"2{right[1:8]}"
        kept.data["national_identification_number"] = f"{first}{97 - int(first) % 97:02d}" if place else None
        kept.data["vat_number"] = None
        step = {"customer": kept.data["id"], "field": "enterprise_number", "value": right}
        cure.append(("teamleader-edit-customer", step))
    company.broken((), *cure)


@scenario("imported-twice", "The electronic invoice of two booked invoices was booked as well.")
def imported_twice(company: BrokenCompany) -> None:
    """A feed of sales brought them in. Nothing that waits is refused; the turnover is too high."""
    cure: list[Step] = []
    for kept in company.paid_invoices()[:2]:
        key = company.book_elsewhere(kept, "UBL {number}")
        cure.append(("void-booking", {"booking": f"V1/{key[2]}", "year": "2026"}))
    company.broken((), *cure)
