"""Customers of Teamleader and relations of Octopus: what is missing, wrong, or there twice; and their payments."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.scenarios import Step, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.state import Kept
    from octowizard.sandbox.worlds.breaking import BrokenCompany

IMPORT_TAG = "Octopus Import"  # Teamleader's own: companies that its import has made bear it


def _edit(customer: Kept, field: str, value: str) -> Step:
    return ("teamleader-edit-customer", {"customer": customer.data["id"], "field": field, "value": value})


def _merge(survivor: Kept, loser: Kept) -> Step:
    return ("teamleader-merge", {"survivor": survivor.data["id"], "loser": loser.data["id"]})


@scenario("contractor", "Two customers have the VAT type Contractor.")
def contractor(company: BrokenCompany) -> None:
    """No API shows it: nothing is refused, and Octopus would know them without VAT type."""
    firms = [kept for kept in company.customers if kept.hidden["vat_type"] == "vat_liable"]
    company.broken((), *company.contractors(firms[-2:]))


@scenario("customer-missing", "The customer of two invoices was deleted in Teamleader.", own=2)
def customer_missing(company: BrokenCompany) -> None:
    """Those two cannot be booked."""
    customer = company.newcomer()
    identity = customer.data["id"]
    made = company.own_bills(customer=customer)
    side = company.world.teamleader
    side.recycled[identity] = side.companies.pop(identity)
    company.broken(made, ("teamleader-restore-customer", {"customer": identity}))


@scenario("customer-without-country", "The customer of two invoices has no country.", own=2)
def customer_without_country(company: BrokenCompany) -> None:
    """Octopus takes no relation without one, and neither address nor VAT number tells it."""
    customer = company.newcomer(vat_number=None, addresses=[])
    company.broken(company.own_bills(customer=customer), _edit(customer, "country", "BE"))


@scenario("invalid-vat-number", "Two customers have a VAT number that fails its check.", own=2)
def invalid_vat_number(company: BrokenCompany) -> None:
    """Two digits were swapped. Nothing is refused; the customer listing would be."""
    cure: list[Step] = []
    for kept in company.newcomers():
        right = str(kept.data["vat_number"])
        kept.data["vat_number"] = f"{right[:-2]}{(int(right[-2:]) + 11) % 97:02d}"
        cure.append(_edit(kept, "vat_number", right))
    company.broken((), *cure)


@scenario(
    "intra-without-vat", "Two invoices are intra-Community, and their customers have no VAT number.", own=2
)
def intra_without_vat(company: BrokenCompany) -> None:
    """Two customers in the Netherlands. Nothing is refused; the intra-Community listing would be."""
    chance = company.chance("intra")
    cure: list[Step] = []
    for _ in range(company.own):
        kept = company.foreigner("NL", chance)
        right, kept.data["vat_number"] = kept.data["vat_number"], None
        company.bill(kept, [company.line(code="CM", account="700600")])
        cure.append(_edit(kept, "vat_number", right))
    company.broken((), *cure)


@scenario("duplicate-relation", "A customer stands in Octopus twice.", own=2)
def duplicate_relation(company: BrokenCompany) -> None:
    """Nobody can say which of the two is meant: its two invoices cannot be booked."""
    customer = company.newcomer()
    made = company.own_bills(customer=customer)
    chance = company.chance("twice")
    _, second = company.relation(customer, chance), company.relation(customer, chance)
    company.broken(made, ("deactivate-relation", {"relation": second}))


@scenario(
    "insert-booking",
    "A relation card is open in Octopus, which refuses its bookings without a reason.",
    own=2,
)
def insert_booking(company: BrokenCompany) -> None:
    """The two invoices of that customer are refused; no API shows who has what open."""
    customer = company.newcomer()
    relation = company.relation(customer, company.chance("card"))
    company.dossier.relations[relation].open_by = "Boekhouding"
    made = company.own_bills(customer=customer)
    company.broken(made, ("close-relation-window", {"relation": relation}))


@scenario("duplicate-customer", "A customer stands in Teamleader twice.", own=2)
def duplicate_customer(company: BrokenCompany) -> None:
    """Each has an invoice. Nothing is refused: both become the same relation."""
    pair = [company.newcomer() for _ in range(company.own)]
    cure = [company.same_customer(*pair)] if len(pair) == 2 else []
    for kept in pair:  # only now: an invoice bears what the card shows on that day
        company.bill(kept)
    company.broken((), *cure)


@scenario("import-again", "The companies of Octopus were imported into Teamleader a second time.")
def import_again(company: BrokenCompany) -> None:
    """Three have a double. Nothing is refused: none of them has a document yet."""
    cure: list[Step] = []
    for place in range(3):
        chance = company.chance(f"imported {place}")
        first = company.newcomer(tags=[IMPORT_TAG])
        first.hidden["external_id"] = str(company.relation(first, chance))
        second = deepcopy(first)
        second.data["id"] = company.uuid(chance)
        company.world.teamleader.companies[second.data["id"]] = second
        cure.append(_merge(first, second))
    company.broken((), *cure)


@scenario("external-id-mismatch", "Two customers bear the number of a relation that is somebody else.", own=2)
def external_id_mismatch(company: BrokenCompany) -> None:
    """Nothing is refused here: no API shows the accounting package's customer number."""
    others = sorted(company.dossier.relations)
    cure: list[Step] = []
    for place, kept in enumerate(company.newcomers()):
        right = company.relation(kept, company.chance(f"relation {place}"))
        kept.hidden["external_id"] = str(others[place])
        cure.append(("teamleader-set-external-id", {"customer": kept.data["id"], "number": right}))
    company.broken((), *cure)


@scenario("invalid-email", "Two customers have an e-mail address that is none.", own=2)
def invalid_email(company: BrokenCompany) -> None:
    """Nothing is refused; reminders would not arrive."""
    cure: list[Step] = []
    for kept in company.newcomers():
        right = kept.data["emails"][0]["email"]
        kept.data["emails"] = [{"type": "primary", "email": right.replace("@", " at ")}]
        cure.append(_edit(kept, "email", right))
    company.broken((), *cure)


@scenario(
    "country-vat-mismatch",
    "Two customers have a Belgian VAT number and an address in the Netherlands.",
    own=2,
)
def country_vat_mismatch(company: BrokenCompany) -> None:
    """Nothing is refused; one of the two is wrong."""
    cure: list[Step] = []
    for kept in company.newcomers():
        kept.data["addresses"][0]["address"]["country"] = "NL"
        cure.append(_edit(kept, "country", "BE"))
    company.broken((), *cure)


@scenario("paid-drift", "Two invoices are paid in Teamleader and open in Octopus.")
def paid_drift(company: BrokenCompany) -> None:
    """They were set to paid without a receipt. Nothing is refused; Octopus would send reminders."""
    cure: list[Step] = []
    for invoice in company.paid_invoices()[:2]:
        company.undo_matches(invoice, with_receipts=True)
        cure.append(("pay", {"document": invoice.number}))
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
        cure.append(("teamleader-remove-payments", {"invoice": invoice.number}))
    company.broken((), *cure)
