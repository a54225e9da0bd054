"""What of a Snapshot was not read, by what is in it: whoever judges by a part knows whether it is whole.

A part is *unread* where nothing of it was had, *partial* where something of it lacks: a list that stopped, the records
of documents that came since, fiscal years that were not asked for. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from octowizard.books.fiscal import BRUSSELS, FiscalYear, open_years_of, year_of
from octowizard.books.vat_return import RHYTHMS, return_of
from octowizard.locale import _, ngettext
from octowizard.snapshot.model import Snapshot
from octowizard.snapshot.parts import Part


def partial(snapshot: Snapshot, return_warning: int) -> dict[Part, str]:
    """Of the parts that were read, those of which something lacks, each with what that is.

    `return_warning`: days before a VAT return is due from which its documents are looked at.
    """
    reasons: dict[Part, str] = {**snapshot.partial}  # type: ignore[dict-item] # of PARTS
    for part, why in _lacking(snapshot, return_warning):
        if part not in snapshot.unread:
            reasons.setdefault(part, why)
    return reasons


def _lacking(snapshot: Snapshot, return_warning: int) -> Iterator[tuple[Part, str]]:
    waiting = open_years_of(snapshot.years, [head.date for head in snapshot.pending])
    if names := [
        year.name for year in _years_of_charts(snapshot, waiting) if year.id not in snapshot.accounts
    ]:
        yield "accounts", _("the accounts of {years} were not read").format(years=", ".join(names))
    if names := [year.name for year in snapshot.years if _lacks_journals(snapshot, year)]:
        yield "journals", _("the journals of {years} were not read").format(years=", ".join(names))
    if missing := sum(head.id not in snapshot.details for head in snapshot.pending):
        yield (
            "details",
            ngettext("{count} document was not read", "{count} documents were not read", missing).format(
                count=missing
            ),
        )
    if missing := len(_unasked(snapshot)):
        yield (
            "customers",
            ngettext("{count} customer was not read", "{count} customers were not read", missing).format(
                count=missing
            ),
        )
    if names := [year.name for year in _years_of_returns(snapshot, return_warning)]:
        yield (
            "returns",
            _("how often VAT returns are filed in {years} was not read").format(years=", ".join(names)),
        )


def _years_of_charts(snapshot: Snapshot, waiting: tuple[int, ...]) -> Iterator[FiscalYear]:
    """The fiscal years whose accounts decide: those of documents that wait, or else the present one."""
    today = max(snapshot.taken_at.astimezone(BRUSSELS).date(), snapshot.start_date)
    present = year_of(snapshot.years, today)
    for year in snapshot.years:
        if year.id in waiting or (not snapshot.pending and year == present and not year.closed):
            yield year


def _lacks_journals(snapshot: Snapshot, year: FiscalYear) -> bool:
    """Whether the next documents may need journals of this fiscal year that nobody asked for."""
    if snapshot.journal_years is None or year.id in snapshot.journal_years:
        return False
    today = max(snapshot.taken_at.astimezone(BRUSSELS).date(), snapshot.start_date)
    coming = not year.closed and year.end >= today
    return coming or any(year.start <= head.date <= year.end for head in snapshot.pending)


def _unasked(snapshot: Snapshot) -> frozenset[str]:
    """The customers of documents that wait for whom Teamleader was not asked."""
    if snapshot.customers_asked is None:
        return frozenset()
    wanted = {head.customer_id for head in snapshot.pending}
    return frozenset(wanted - snapshot.customers.keys() - snapshot.customers_asked)


def _years_of_returns(snapshot: Snapshot, days: int) -> Iterator[FiscalYear]:
    """The fiscal years whose rhythm decides whether a document goes into a return that is nearly due."""
    today = snapshot.taken_at.astimezone(BRUSSELS).date()
    near = [
        head.date
        for head in snapshot.pending
        if any(return_of(head.date, rhythm).is_near(today, days) for rhythm in RHYTHMS)
    ]
    concerned = open_years_of(snapshot.years, near)
    return (year for year in snapshot.years if year.id in concerned and year.id not in snapshot.returns)
