"""The two sales journals in every fiscal year concerned: invoices and credit notes, entry type Sales bookings."""

from __future__ import annotations

from octowizard.books.fiscal import FiscalYear, JournalState
from octowizard.checks.journals import PROBLEMS
from octowizard.locale import _
from octowizard.onboarding import fixes
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.create_fiscal_year import create_fiscal_year
from octowizard.onboarding.steps.registry import StepContext, step


@step(
    "create-journals",
    place=60,
    needs=(create_fiscal_year,),
    reads=["years", "journals"],
    offers=("missing-journals", "entry-types", "secured-periods"),
    declares=("journal",),
)
def create_journals(context: StepContext) -> Step:
    """Done when both journals are in all years concerned and take the bookings of what waits."""
    profile, snapshot = context.profile, context.snapshot
    years = fixes.concerned(snapshot)
    keys = tuple(dict.fromkeys((profile.invoice_journal, profile.credit_note_journal)))
    journals = {(year, key): snapshot.journals.get((year.id, key)) for year in years for key in keys}
    now = [_line(context, key, [(year, journals[year, key]) for year in years]) for key in keys]
    if not years:
        now = [_("There is no open fiscal year yet that could have journals.")]
    return context.step(
        title=_("Journals"),
        done=bool(years) and all(_takes_bookings(each) for each in journals.values()),
        recall=", ".join(keys),
        unread=context.why_unread("years", "journals"),
        what=_(
            "Two journals for sales: {invoices} for invoices and {credits} for credit notes, in every fiscal year "
            "in which something is booked, next year's in time."
        ).format(invoices=profile.invoice_journal, credits=profile.credit_note_journal),
        why=_(
            "Journals belong to one fiscal year. Teamleader sees only those with the entry type {bookings} (on some "
            "screens {entries})."
        ).format(
            bookings=context.label("octopus.sales-bookings"), entries=context.label("octopus.sales-entries")
        ),
        now=now,
        settles=context.found("journals"),
        notes=(
            _(
                "{secured} and {closed} are two fences in a journal: a booking goes only into a period beyond both. "
                "Both must be smaller (such as 201901) than the {active} or the period you want to book in (such as "
                "201902). {active} is only what the journal proposes for the next entry: it opens and closes nothing, "
                "and no API shows it."
            ).format(
                secured=context.label("octopus.secured-till"),
                closed=context.label("octopus.closed-until"),
                active=context.label("octopus.active-period"),
            ),
            _("First look whether the right fiscal year is open: {path}.").format(
                path=context.menu("octopus.fiscal-year", "octopus.open-fiscal-year")
            ),
            _("Always select {entries} as the entry type: a journal of another type stays invisible.").format(
                entries=context.label("octopus.sales-entries")
            ),
        ),
        show=(
            context.by_hand(
                "Octopus",
                ("octopus.management", "octopus.journals"),
                _("Create both journals; entry type {bookings}. Then {menu}.").format(
                    bookings=context.label("octopus.sales-bookings"),
                    menu=context.menu("octopus.file", "octopus.synchronise"),
                ),
            ),
        ),
        skip=_("Documents of a year without these journals are not booked."),
        problems=(*PROBLEMS, "journals-not-synchronised"),
    )


def _takes_bookings(journal: JournalState | None) -> bool:
    return journal is not None and journal.takes_bookings and not journal.closed


def _line(context: StepContext, key: str, journals: list[tuple[FiscalYear, JournalState | None]]) -> str:
    """`V1  Sales bookings  2026 ✔  2027 –`."""
    if all(journal is None for _year, journal in journals):
        years = ", ".join(year.name for year, _journal in journals)
        return _("{key}  missing in {years}").format(key=key, years=years)
    right = all(journal is None or journal.takes_bookings for _year, journal in journals)
    kind = context.label("octopus.sales-bookings" if right else "octopus.invoices-type")
    marks = [
        f"{year.name} {'–' if journal is None else '✔' if _takes_bookings(journal) else '✖'}"
        for year, journal in journals
    ]
    return f"{key}  {kind}  {'  '.join(marks)}".rstrip()
