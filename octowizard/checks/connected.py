"""How the two sides were connected: who books, from which day on, and customers that an import has made twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from octowizard.checks.grouping import SHOWN, customer_record, document_record
from octowizard.checks.registry import Finding, Record, check, finding
from octowizard.checks.sources import CONNECTING, INFERRED
from octowizard.locale import _, ngettext
from octowizard.locale.counted import counted
from octowizard.locale.formats import day as shown_day
from octowizard.matching.keys import address_key
from octowizard.matching.vat_numbers import vat_key
from octowizard.planning import blockers
from octowizard.planning.customers import full_name
from octowizard.planning.payments import matched_amounts
from octowizard.snapshot.matching_bookings import MARK
from octowizard.snapshot.model import CustomerFacts, Snapshot
from octowizard.workspace.profiles import Profile


@check(
    "mode",
    lambda: _("Who books"),
    needs=("documents", "bookings"),
    problems=("observer-mode",),
    source=INFERRED,
)
def mode(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Documents wait, and octowizard only watches."""
    if profile.mode == "observer" and snapshot.pending:
        waiting = len(snapshot.pending)
        watching = blockers.observer()
        yield finding(
            watching.problem,
            watching.title,
            map(document_record, snapshot.pending),
            (
                ngettext(
                    "{count} document waits for it; octowizard books none.",
                    "{count} documents wait for it; octowizard books none.",
                    waiting,
                ).format(count=waiting),
            ),
        )


@check(
    "start-date",
    lambda: _("The start date"),
    needs=("years", "bookings", "matches"),
    problems=("start-date-later",),
    source=INFERRED,
)
def start_date(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Invoices that octowizard booked, older than the start date, and not matched at all yet.

    Those that are settled lose nothing by a later start date, as when a new fiscal year begins.
    """
    matched = matched_amounts(snapshot.matches)
    still_open = [
        booking for booking in snapshot.earlier if booking.amount > 0 and not matched[booking.place]
    ]
    if still_open:
        yield finding(
            "start-date-later",
            _("The start date is later than it was"),
            (
                Record("booking", booking.comment.removesuffix(MARK), _place(*booking[:3]))
                for booking in still_open
            ),
            (
                _(
                    "The start date is {day}; octowizard has booked older invoices that are still open."
                ).format(day=shown_day(snapshot.start_date)),
                *(
                    _("{document}, dated {day}, is {place}: when it is paid, Teamleader is not told.").format(
                        document=booking.comment.removesuffix(MARK),
                        day=shown_day(booking.date),
                        place=f"{booking.journal}/{booking.number}",
                    )
                    for booking in still_open[:SHOWN]
                ),
            ),
        )


def _place(bookyear: int, journal: str, number: int) -> str:
    return f"{bookyear}/{journal}/{number}"


@check(
    "imported",
    lambda: _("Companies imported from Octopus"),
    needs=("imported",),
    problems=("import-again",),
    source=CONNECTING,
)
def imported(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Companies that Teamleader's import of Octopus' relations has made more than once."""
    groups: dict[object, list[CustomerFacts]] = defaultdict(list)
    for company in snapshot.imported:
        key = vat_key(company.vat_number, company.country) or address_key(
            full_name(company), company.street, company.postcode
        )
        if key:
            groups[key].append(company)
    twice = [same for same in groups.values() if len(same) > 1]
    if twice:
        yield finding(
            "import-again",
            _("Companies were imported from Octopus a second time"),
            (customer_record(company) for same in twice for company in same),
            (
                _("“{name}”, {vat}: {companies} with the tag Octopus Import.").format(
                    name=full_name(same[0]),
                    vat=same[0].vat_number or _("no VAT number"),
                    companies=counted("company", len(same)),
                )
                for same in twice[:SHOWN]
            ),
        )
