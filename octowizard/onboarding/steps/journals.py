"""The two sales journals in every fiscal year concerned: invoices and credit notes, entry type Sales bookings."""

from __future__ import annotations

from octowizard.books.fiscal import Barrier, FiscalYear, JournalState
from octowizard.locale import _
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.parts import Told, concerned, label, show, state_of
from octowizard.planning.plan import plan

_YES, _NO, _NONE = "✔", "✖", "–"


def create_journals(told: Told) -> Step:
    """V1 and V2 in all open years from the start date on, ready to take bookings."""
    standing = told.standing
    profile, snapshot = standing.profile, standing.snapshot
    years = concerned(standing)
    unread = told.why_unread("years", "journals")
    keys = tuple(dict.fromkeys((profile.invoice_journal, profile.credit_note_journal)))
    wrong = [
        (year, key)
        for year in years
        for key in keys
        if (found := snapshot.journals.get((year.id, key))) is None
        or not found.takes_bookings
        or found.closed
    ]
    now = [
        _line(key, years, {year.id: snapshot.journals.get((year.id, key)) for year in years}) for key in keys
    ]
    if not years:
        now = [_("There is no open fiscal year yet that could have journals.")]
    barred = {
        (document.place.year.id, document.place.journal)
        for document in plan(snapshot, profile, "head").documents
        if document.place.year is not None and document.place.wall in (Barrier.SECURED, Barrier.CLOSED)
    }
    walls = [
        _("{key} of {year} is secured till {period}: documents up to there cannot be booked.").format(
            key=key, year=year.name, period=max(journal.protected_period, journal.closed_period)
        )
        for year in years
        for key in keys
        if (year.id, key) in barred and (journal := snapshot.journals.get((year.id, key)))
    ]
    return Step(
        id="create-journals",
        title=_("Journals"),
        state=state_of(
            bool(years) and not wrong and not walls, unread=unread, waits=told.waits_for("create-fiscal-year")
        ),
        what=_(
            "Two journals for sales: {invoices} for invoices and {credits} for credit notes, in every fiscal year "
            "in which something is booked, next year's in time."
        ).format(invoices=profile.invoice_journal, credits=profile.credit_note_journal),
        why=_(
            "Journals belong to one fiscal year. Teamleader sees only those with the entry type {bookings} (on some "
            "screens {entries})."
        ).format(
            bookings=label(standing, "octopus.sales-bookings"),
            entries=label(standing, "octopus.sales-entries"),
        ),
        now=(unread, *now, *walls) if unread else (*now, *walls),
        notes=(
            _("First look whether the right fiscal year is open: {path}.").format(
                path=show(standing, "Octopus", ("octopus.fiscal-year", "octopus.open-fiscal-year"), "").path
            ),
            _("Always select {entries} as the entry type: a journal of another type stays invisible.").format(
                entries=label(standing, "octopus.sales-entries")
            ),
        ),
        changes=told.changes("create-journals"),
        show=(
            show(
                standing,
                "Octopus",
                ("octopus.management", "octopus.journals"),
                _("Create both journals; entry type {bookings}. Then {file} > {synchronise}.").format(
                    bookings=label(standing, "octopus.sales-bookings"),
                    file=label(standing, "octopus.file"),
                    synchronise=label(standing, "octopus.synchronise"),
                ),
            ),
        ),
        skip=_("Documents of a year without these journals are not booked."),
        problems=("missing-journal", "wrong-journal-type", "journals-not-synchronised", "secured-period"),
    )


def _line(key: str, years: tuple[FiscalYear, ...], found: dict[int, JournalState | None]) -> str:
    """`V1  Sales bookings  2026 ✔  2027 –`."""
    if all(journal is None for journal in found.values()):
        return _("{key}  missing in {years}").format(key=key, years=", ".join(year.name for year in years))
    kind = _("Sales bookings")
    if any(journal is not None and not journal.takes_bookings for journal in found.values()):
        kind = _("Invoices")
    marks = []
    for year in years:
        journal = found[year.id]
        mark = _NONE if journal is None else _YES if journal.takes_bookings and not journal.closed else _NO
        marks.append(f"{year.name} {mark}")
    return f"{key}  {kind}  {'  '.join(marks)}".rstrip()
