"""The documents themselves: totals, currency, what stands in Octopus already, credit notes without an invoice."""

from __future__ import annotations

from collections.abc import Iterator

from octowizard.checks.grouping import SHOWN, document_record, grouped
from octowizard.checks.registry import CHECKS, Finding, Record, check, finding
from octowizard.checks.sources import INFERRED, OCTOPUS_API
from octowizard.locale import _
from octowizard.locale.formats import amount as shown_amount
from octowizard.locale.formats import day as shown_day
from octowizard.planning.plan import plan
from octowizard.snapshot.model import BookingHead, Snapshot
from octowizard.workspace.profiles import Profile

PROBLEMS = (
    "totals-differ", "mixed-signs", "unknown-currency", "missing-exchange-rate", "booked-differently",
)  # fmt: skip


@check(
    "documents",
    lambda: _("Content of the documents"),
    needs=("years", "journals", "documents", "bookings", "settings", "currencies", "details"),
    whole_with=("accounts", "vat_codes"),
    problems=PROBLEMS,
    source=f"{OCTOPUS_API} (currencies, exchange rate, signs of base and VAT)",
)
def documents(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Documents that cannot become a booking for what they are; and any cause that no other topic tells of."""
    others = {p for c in CHECKS.values() if c.id != "documents" for p in c.problems}
    yield from grouped(plan(snapshot, profile).blocked(), lambda problem: problem not in others)


@check(
    "dates",
    lambda: _("Dates of the documents"),
    needs=("documents", "bookings"),
    problems=("bad-dates",),
    source=INFERRED,
)
def dates(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Invoices due before they were made: whether Octopus refuses them is not known."""
    early = [head for head in snapshot.pending if head.due_on is not None and head.due_on < head.date]
    if early:
        yield finding(
            "bad-dates",
            _("The due date lies before the date of the document"),
            map(document_record, early),
            (
                _("{document} is dated {day}, and due on {due}.").format(
                    document=head.number, day=shown_day(head.date), due=shown_day(head.due_on or head.date)
                )
                for head in early[:SHOWN]
            ),
            foreseen=True,
        )


@check(
    "credit-notes",
    lambda: _("Credit notes and their invoices"),
    needs=("documents", "bookings", "details"),
    problems=("credit-note-without-invoice",),
    source=INFERRED,
)
def credit_notes(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Credit notes without an invoice in Octopus, now or after the sync: nothing is there to match them with."""
    there = {head.id for head in snapshot.pending} | {booked.head.id for booked in snapshot.booked}
    alone = [
        head
        for head in snapshot.pending
        if head.kind == "credit_note"
        and (detail := snapshot.details.get(head.id)) is not None
        and detail.invoice_id != ""
        and detail.invoice_id not in there
    ]
    if alone:
        yield finding(
            "credit-note-without-invoice",
            _("A credit note has no invoice in Octopus"),
            map(document_record, alone),
            (
                _(
                    "Credit note {number} for {customer}: its invoice is not in Octopus, and does not wait."
                ).format(number=head.number, customer=head.customer_name)
                for head in alone[:SHOWN]
            ),
        )


@check(
    "booked-twice",
    lambda: _("Bookings that stand twice"),
    needs=("bookings", "documents"),
    problems=("booked-twice",),
    source=INFERRED,
)
def booked_twice(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Several bookings with the number, date and amount of one document."""
    for bookings in snapshot.twice:
        first = bookings[0]
        number = first.comment.partition(" · ")[0] or first.reference
        places = [_place(booking) for booking in bookings]
        yield finding(
            "booked-twice",
            _("{document} is booked more than once").format(document=number),
            (
                Record("booking", place, f"{booking.bookyear}/{place}")
                for booking, place in zip(bookings, places, strict=True)
            ),
            (
                _("{places}: each dated {day}, {amount}.").format(
                    places=", ".join(places),
                    day=shown_day(first.date),
                    amount=shown_amount(abs(first.amount)),
                ),
            ),
        )


def _place(booking: BookingHead) -> str:
    return f"{booking.journal}/{booking.number}"
