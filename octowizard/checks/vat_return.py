"""Documents that are still to be booked while the VAT return that they go into is nearly due.

Accountants secure the period once the return is filed: what is not booked by then finds the period shut, and goes
into the next return.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from octowizard.books.vat_return import RHYTHMS, VatReturn, return_of
from octowizard.checks.grouping import SHOWN, document_record
from octowizard.checks.registry import Finding, check, finding
from octowizard.checks.years import today
from octowizard.locale import _, ngettext
from octowizard.locale.formats import amount as shown_amount
from octowizard.locale.formats import day as shown_day
from octowizard.planning.plan import PlannedDocument, plan
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile


@check(
    "vat-return",
    lambda: _("Periods that are soon to be secured"),
    needs=("years", "journals", "documents", "bookings", "returns"),
    problems=("period-soon-secured",),
    source="https://finance.belgium.be (VAT returns: by the 20th, quarterly ones by the 25th)",
)
def vat_return(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """One finding for each return that is due within the days that the profile says; a shut place is not soon shut."""
    day, by_return = today(snapshot), defaultdict[VatReturn, list[PlannedDocument]](list)
    for planned in plan(snapshot, profile, "head").documents:
        rhythm = snapshot.returns.get(planned.place.year.id) if planned.place.year is not None else None
        known = next((one for one in RHYTHMS if one == rhythm), None)
        if known is None or planned.place.wall is not None:
            continue
        due = return_of(planned.head.date, known)
        if due.is_near(day, profile.return_warning):
            by_return[due].append(planned)
    for due, documents in sorted(by_return.items()):
        yield _finding(due, documents)


def _finding(due: VatReturn, documents: list[PlannedDocument]) -> Finding:
    last, count = shown_day(due.due), len(documents)
    monthly = due.rhythm == "MONTHLY"
    title = (
        _("The VAT return of {month} is due on {day}, and documents of it are not booked")
        if monthly
        else _(
            "The VAT return of quarter {quarter} of {year} is due on {day}, and documents of it are not booked"
        )
    )
    rhythm = (
        _("Octopus has a VAT return every month for this fiscal year.")
        if monthly
        else _("Octopus has a VAT return every quarter for this fiscal year.")
    )
    return finding(
        "period-soon-secured",
        title.format(month=f"{due.start:%m/%Y}", quarter=due.quarter, year=due.start.year, day=last),
        (document_record(planned.head) for planned in documents),
        (
            ngettext(
                "{count} document from {start} to {end} waits to be booked.",
                "{count} documents from {start} to {end} wait to be booked.",
                count,
            ).format(count=count, start=shown_day(due.start), end=shown_day(due.end)),
            rhythm,
            *(
                _("{document}, dated {day}: {amount}.").format(
                    document=planned.head.number,
                    day=shown_day(planned.head.date),
                    amount=shown_amount(planned.head.amount, planned.head.currency),
                )
                for planned in documents[:SHOWN]
            ),
        ),
        _names(documents),
    )


def _names(documents: list[PlannedDocument]) -> dict[str, str]:
    """The period and the journal, where all of them are of one."""
    periods = {str(planned.place.period.number) for planned in documents if planned.place.period is not None}
    journals = {planned.place.journal for planned in documents}
    names = {"period": periods, "journal": journals}
    return {name: values.pop() for name, values in names.items() if len(values) == 1}
