"""The fiscal years: one after the other, open, holding the start date and every document, and the next one in time."""

from __future__ import annotations

from octowizard.books.fiscal import year_of
from octowizard.locale import _, ngettext, pgettext
from octowizard.locale.formats import day as shown_day
from octowizard.onboarding import fixes
from octowizard.onboarding.foretold import following
from octowizard.onboarding.model import Declaration, Step
from octowizard.onboarding.steps.choose_dossier import choose_dossier
from octowizard.onboarding.steps.registry import StepContext, step


@step(
    "create-fiscal-year",
    place=50,
    needs=(choose_dossier,),
    reads=["years", "journals", "accounts"],
    offers=("years",),
    declares=("fiscal-year",),
    asks=(fixes.CALENDAR_YEAR, fixes.VAT_QUARTERLY),
)
def create_fiscal_year(context: StepContext) -> Step:
    """Done when the years hold every day that is needed, follow each other, and those that are needed are open."""
    years = context.snapshot.years
    unread = context.why_unread("years", "documents", spare=("documents",))
    days = sorted(fixes.days_needed(context.snapshot, context.standing.today))
    uncovered = [day for day in days if year_of(years, day) is None]
    settles = context.found("years")
    closed = sorted({year.name for day in days if (year := year_of(years, day)) and year.closed})
    shut = [name for name in closed if all(each.names.get("year") != name for each in settles.findings)]
    now = [
        _("{name}: {start} to {end}, {state}").format(
            name=year.name,
            start=shown_day(year.start),
            end=shown_day(year.end),
            state=pgettext("a period", "closed") if year.closed else pgettext("a period", "open"),
        )
        for year in years
    ] or [_("Octopus has no fiscal year.")]
    if uncovered and not unread and not settles.findings:
        now.append(
            ngettext(
                "No fiscal year holds {day}.",
                "No fiscal year holds the days {day} to {last}.",
                len(uncovered),
            ).format(day=shown_day(uncovered[0]), last=shown_day(uncovered[-1]))
        )
    now += [
        _("{name} is closed: nothing can be booked in it. Only a person can open it again.").format(name=name)
        for name in shut
    ]
    questions: tuple[Declaration, ...] = ()
    # No year tells how they are: the first one that octowizard makes decides for all that follow.
    if not (unread or years or context.profile.unconnected):
        questions = (
            context.question(
                fixes.CALENDAR_YEAR,
                _(
                    "Does the fiscal year run from 1 January to 31 December? (With no, create it in Octopus by hand.)"
                ),
            ),
            context.question(
                fixes.VAT_QUARTERLY,
                _("Is the VAT return filed every quarter? (With no: every month.)"),
            ),
        )
    decided = {f"declared/{key}": True for key in (fixes.CALENDAR_YEAR, fixes.VAT_QUARTERLY)}
    decided |= {key: answer for key, answer in context.standing.decisions.items() if answer is not None}
    would = fixes.changes("years", context.snapshot, context.profile, decided) if questions else ()
    return context.step(
        title=_("Fiscal year"),
        then=tuple(one.title for one in (*would, *following(would, context.snapshot, context.profile))),
        done=not (uncovered or closed),
        recall=", ".join(year.name for year in years),
        unread=unread,
        what=_(
            "Create the fiscal year that holds the first documents, and see that it is open: a journal is made in the "
            "year that is open on the screen."
        ),
        why=_("A document can only be booked in a fiscal year that holds its date."),
        now=now,
        notes=(
            _("The start date of a fiscal year cannot be changed afterwards."),
            _(
                "Fiscal years are sequential, without a gap between them. Additional years may be needed before the "
                "one that you want can be created."
            ),
        ),
        declarations=questions,
        settles=settles,
        show=(
            *(context.cure("closed-year", {"year": shut[0]}) if shut else ()),
            context.by_hand(
                "Octopus",
                ("octopus.management", "octopus.fiscal-years"),
                _("Create the year; each begins the day after the one before it ends."),
            ),
            context.by_hand(
                "Octopus",
                ("octopus.fiscal-year", "octopus.open-fiscal-year"),
                _("Open the right year before you make its journals."),
            ),
        ),
        skip=_("Documents outside every fiscal year are not booked."),
        problems=("missing-year", "year-gap", "next-year-missing", "closed-year"),
    )
