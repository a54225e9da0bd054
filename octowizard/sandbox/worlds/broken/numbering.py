"""Booking numbers that follow the documents' numbers in Teamleader."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.document_fields import sequence_of
from octowizard.sandbox.worlds.scenarios import scenario

if TYPE_CHECKING:
    from octowizard.sandbox.state import Kept
    from octowizard.sandbox.worlds.breaking import BrokenCompany


def _behind(company: BrokenCompany, number: int) -> list[Kept]:
    return [kept for kept in company.waiting_invoices() if sequence_of(kept) > number]


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
        behind = _behind(company, sequence_of(gone))
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
        behind = [second, *_behind(company, sequence_of(first))]
    company.broken(behind, ("choose-numbering", {"numbering": "next"}))
