"""Structured communications of invoices: by them a bank statement (CODA) is matched with what it pays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from octowizard.books.numbers import communication_digits, is_structured
from octowizard.checks.grouping import SHOWN, document_record
from octowizard.checks.registry import Finding, check, finding
from octowizard.locale import _
from octowizard.matching.countries import country_code
from octowizard.snapshot.model import DocumentDetail, DocumentHead, Snapshot
from octowizard.workspace.profiles import Profile

BY_TRANSFER = frozenset(
    {None, "bank_transfer"}
)  # expected ways of paying on which the customer types it over


@check(
    "communications",
    lambda: _("Structured communications"),
    needs=("documents", "bookings", "details", "customers"),
    problems=("communication-wrong", "communication-missing"),
    source="https://febelfin.be (structured communication: the first ten digits modulo 97; 0 is written 97)",
)
def communications(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Invoices about to be booked whose communication fails its check; Belgian ones without, where others have one."""
    unpaid = [
        (head, detail)
        for head in snapshot.pending
        if head.kind == "invoice"
        and head.open_amount != 0
        and (detail := snapshot.details.get(head.id)) is not None
    ]
    wrong = [(head, detail.payment_reference or "") for head, detail in unpaid if _is_wrong(detail)]
    if wrong:
        yield finding(
            "communication-wrong",
            _("The structured communication of an invoice fails its check"),
            (document_record(head) for head, _written in wrong),
            (
                _("{document} for {customer}: “{communication}”.").format(
                    document=head.number, customer=head.customer_name, communication=written
                )
                for head, written in wrong[:SHOWN]
            ),
            {"invoice": wrong[0][0].number} if len(wrong) == 1 else {},
        )
    every = chain(snapshot.pending, (booked.head for booked in snapshot.booked))
    if not any(head.communication for head in every):
        return  # this account asks nobody to pay by one
    bare = [head for head, detail in unpaid if _is_lacking(snapshot, head, detail)]
    if bare:
        yield finding(
            "communication-missing",
            _("An invoice has no structured communication"),
            map(document_record, bare),
            (
                _("{document} for {customer}: other invoices have one, this one has none.").format(
                    document=head.number, customer=head.customer_name
                )
                for head in bare[:SHOWN]
            ),
            {"invoice": bare[0].number} if len(bare) == 1 else {},
        )


def _is_wrong(detail: DocumentDetail) -> bool:
    written = detail.payment_reference or ""
    return is_structured(written) and communication_digits(written) is None


def _is_lacking(snapshot: Snapshot, head: DocumentHead, detail: DocumentDetail) -> bool:
    """No reference at all, for a customer with a Belgian bank account, as far as the country tells."""
    customer = snapshot.customers.get(head.customer_id)
    return (
        not (detail.payment_reference or "").strip()
        and detail.paid_by in BY_TRANSFER
        and customer is not None
        and country_code(customer.country) == "BE"
    )
