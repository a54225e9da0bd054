"""Ledger accounts and cost centres."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.document_fields import lines_of, number_of
from octowizard.sandbox.worlds.scenarios import THIS_YEAR, Step, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.worlds.breaking import BrokenCompany


@scenario("missing-account", "Two invoices have a line without a ledger account.")
def missing_account(company: BrokenCompany) -> None:
    """Those two cannot be booked."""
    chosen = company.uncredited()[:2]
    cure: list[Step] = []
    for kept in chosen:
        first = lines_of(kept)[0]
        account = str(company.settings.account_of_category[first["product_category"]["id"]])
        first["product_category"] = None
        step = {"document": number_of(kept), "line": 1, "category": account}
        cure.append(("teamleader-set-line-account", step))
    company.broken(chosen, *cure)


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
