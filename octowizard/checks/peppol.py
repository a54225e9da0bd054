"""Electronic invoices (Peppol), which Belgian companies must send each other since 2026.

Whether a customer is registered on Peppol no reading shows; what is looked at is what was read anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from octowizard.checks.grouping import SHOWN, customer_record, document_record
from octowizard.checks.registry import Finding, Record, check, finding
from octowizard.checks.sources import INFERRED
from octowizard.locale import _
from octowizard.locale.formats import amount as shown_amount
from octowizard.locale.formats import day as shown_day
from octowizard.matching.countries import country_code
from octowizard.matching.vat_numbers import country_of_key, vat_key
from octowizard.planning.customers import full_name
from octowizard.snapshot.matching_bookings import document_number
from octowizard.snapshot.model import BookingHead, CustomerFacts, DocumentHead, Snapshot
from octowizard.workspace.profiles import Profile

SINCE = date(2026, 1, 1)  # the date of the invoice decides (royal decree of 8 July 2025)
_LAW = "https://finance.belgium.be/en/news/rd-8-7-2025-e-invoicing"


def is_electronic(head: DocumentHead, customer: CustomerFacts | None) -> bool:
    """Whether a document must be a structured electronic invoice: of 2026 or later, for a company in Belgium."""
    return head.date >= SINCE and customer is not None and is_belgian_company(customer)


def is_belgian_company(customer: CustomerFacts) -> bool:
    """By the country of its address, or where it has none by its VAT number."""
    if customer.type != "company":
        return False
    key = vat_key(customer.vat_number, customer.country)
    return (country_code(customer.country) or (country_of_key(key) if key else "")) == "BE"


@check(
    "peppol-status",
    lambda: _("Electronic invoices that did not arrive"),
    needs=("documents", "bookings", "details"),
    problems=("peppol-refused",),
    source="https://developer.focus.teamleader.eu (peppol_status of invoices.info and creditNotes.info)",
)
def peppol_status(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Documents about to be booked that could not be sent as an electronic invoice, or were refused."""
    says = {
        "sending_failed": _("{document} for {customer}: it could not be sent."),
        "application_rejected": _("{document} for {customer}: the customer's software rejected it."),
        "receiver_rejected": _("{document} for {customer}: the customer refused it."),
    }
    refused = [
        (head, says[detail.peppol_status])
        for head in snapshot.pending
        if (detail := snapshot.details.get(head.id)) is not None and detail.peppol_status in says
    ]
    if refused:
        yield finding(
            "peppol-refused",
            _("Electronic invoices failed or were refused, and are about to be booked"),
            (document_record(head) for head, _sentence in refused),
            (
                sentence.format(document=head.number, customer=head.customer_name)
                for head, sentence in refused[:SHOWN]
            ),
            {"invoice": refused[0][0].number} if len(refused) == 1 else {},
        )


@check(
    "enterprise-numbers",
    lambda: _("Enterprise numbers of Belgian companies"),
    needs=("customers", "documents", "bookings"),
    problems=("no-enterprise-number",),
    source=_LAW,
)
def enterprise_numbers(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Belgian companies of documents that wait for which no Peppol address `0208:…` can be made.

    A VAT number that is not valid, or is one of another country, is said by the check of customers' data.
    """
    billed = dict.fromkeys(head.customer_id for head in snapshot.pending if head.date >= SINCE)
    nameless = [
        customer
        for identity in billed
        if (customer := snapshot.customers.get(identity)) is not None
        and is_belgian_company(customer)
        and not customer.electronic_address
        and not (customer.vat_number or "").strip()
        and not (vat_key(customer.enterprise_number, "BE") or "").startswith("BE")
    ]
    if nameless:
        yield finding(
            "no-enterprise-number",
            _("A Belgian company has no valid enterprise number"),
            map(customer_record, nameless),
            (
                _("{name}: no VAT number, enterprise number “{number}”.").format(
                    name=full_name(customer), number=customer.enterprise_number
                )
                if customer.enterprise_number
                else _("{name}: neither a VAT number nor an enterprise number.").format(
                    name=full_name(customer)
                )
                for customer in nameless[:SHOWN]
            ),
            {"customer": full_name(nameless[0])} if len(nameless) == 1 else {},
        )


@check(
    "imported-sales",
    lambda: _("Sales that came in a second time by their electronic invoice"),
    needs=("bookings",),
    problems=("imported-twice",),
    source=INFERRED,
)
def imported_sales(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Bookings of another origin for the relation, number and amount of a booking of octowizard."""
    if snapshot.imported_twice:
        numbers = list(dict.fromkeys(document_number(ours) for ours, _other in snapshot.imported_twice))
        yield finding(
            "imported-twice",
            _("Sales stand in Octopus a second time, most likely by their electronic invoice (UBL)"),
            (
                Record("booking", f"{other.journal}/{other.number}", "/".join(map(str, other.place)))
                for _ours, other in snapshot.imported_twice
            ),
            (_twin(ours, other) for ours, other in snapshot.imported_twice[:SHOWN]),
            {"invoice": numbers[0]} if len(numbers) == 1 else {},
        )


def _twin(ours: BookingHead, other: BookingHead) -> str:
    return _(
        "{document}: booked by octowizard as {ours}; {place} of {day} is the same sale once more, {amount}."
    ).format(
        document=document_number(ours),
        ours=f"{ours.journal}/{ours.number}",
        place=f"{other.journal}/{other.number}",
        day=shown_day(other.date),
        amount=shown_amount(abs(other.amount)),
    )
