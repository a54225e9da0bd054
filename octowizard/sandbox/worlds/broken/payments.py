"""Payments that the two sides see differently."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.document_fields import number_of
from octowizard.sandbox.worlds.scenarios import Step, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.worlds.breaking import BrokenCompany


@scenario("paid-drift", "Two invoices are paid in Teamleader and open in Octopus.")
def paid_drift(company: BrokenCompany) -> None:
    """They were set to paid without a receipt. Nothing is refused; Octopus would send reminders."""
    cure: list[Step] = []
    for invoice in company.paid_invoices()[:2]:
        company.undo_matches(invoice, with_receipts=True)
        cure.append(("pay", {"document": number_of(invoice)}))
    company.broken((), *cure)


@scenario("unmatched-drift", "Two invoices are paid in Teamleader, and their match was undone in Octopus.")
def unmatched_drift(company: BrokenCompany) -> None:
    """Nothing is refused; Teamleader leaves them paid, as documented."""
    for invoice in company.paid_invoices()[:2]:
        company.undo_matches(invoice, with_receipts=False)
    company.broken((), ("reconcile", {}))


@scenario("payment-parked", "Two invoices are matched in full, and Teamleader shows less due.")
def payment_parked(company: BrokenCompany) -> None:
    """Somebody registered a part in Teamleader. octowizard registers nothing beyond what is due, and asks."""
    from octowizard.sandbox.teamleader.money import cents
    from octowizard.sandbox.worlds.documents import noon, pay

    cure: list[Step] = []
    for invoice in company.untold_invoices()[:2]:
        part = cents(invoice.data["total"]["due"]["amount"] / 3)
        pay(invoice, part, date(2026, 11, 16), noon(date(2026, 11, 17)))
        cure.append(("teamleader-remove-payments", {"invoice": number_of(invoice)}))
    company.broken((), *cure)
