"""The fiscal years: one after the other, open, holding the start date and every document, and the next one in time."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from octowizard.books.fiscal import year_of
from octowizard.locale import _, ngettext
from octowizard.onboarding import fixes
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.parts import (
    Told,
    day,
    days_needed,
    days_without_year,
    declaration,
    next_year_due,
    show,
    state_of,
)


def create_fiscal_year(told: Told) -> Step:
    """Years cover what is needed, follow each other, and the one that is needed is open."""
    standing = told.standing
    snapshot = standing.snapshot
    unread = told.why_unread("years", "documents")
    uncovered = days_without_year(standing)
    due = next_year_due(standing)
    needed = [year for one in days_needed(standing) if (year := year_of(snapshot.years, one))]
    shut = sorted({year.name for year in needed if year.closed})
    gaps = [
        (one, other) for one, other in pairwise(snapshot.years) if other.start != one.end + timedelta(days=1)
    ]
    now = [
        _("{name}: {start} to {end}, {state}").format(
            name=year.name,
            start=day(year.start),
            end=day(year.end),
            state=_("closed") if year.closed else _("open"),
        )
        for year in snapshot.years
    ] or [_("Octopus has no fiscal year.")]
    if uncovered and not unread:
        now.append(
            ngettext(
                "No fiscal year holds {day}.",
                "No fiscal year holds the days {day} to {last}.",
                len(uncovered),
            ).format(day=day(uncovered[0]), last=day(uncovered[-1]))
        )
    if due:
        now.append(
            _(
                "The year after {name} is not there yet; the first document of the new year will need it."
            ).format(name=snapshot.years[-1].name)
        )
    now += [
        _("{name} is closed: what waits in it cannot be booked. Only a person can open it again.").format(
            name=name
        )
        for name in shut
    ]
    now += [
        _("{one} and {other} do not follow each other.").format(one=one.name, other=other.name)
        for one, other in gaps
    ]
    return Step(
        id="create-fiscal-year",
        title=_("Fiscal year"),
        state=state_of(
            not (uncovered or due or shut or gaps), unread=unread, waits=told.waits_for("choose-dossier")
        ),
        what=_(
            "Create the fiscal year that holds the first documents, and see that it is open: a journal is made in the "
            "year that is open on the screen."
        ),
        why=_("A document can only be booked in a fiscal year that holds its date."),
        now=(unread, *now) if unread else tuple(now),
        notes=(
            _("The start date of a fiscal year cannot be changed afterwards."),
            _(
                "Fiscal years are sequential, without a gap between them. Additional years may be needed before the "
                "one that you want can be created."
            ),
        ),
        changes=told.changes("create-fiscal-year"),
        # Only where no year tells how they are: the first one decides for all that follow.
        declarations=()
        if unread or snapshot.years
        else (
            declaration(
                standing,
                fixes.CALENDAR_YEAR,
                _(
                    "Does the fiscal year run from 1 January to 31 December? (With no, create it in Octopus by hand.)"
                ),
            ),
            declaration(
                standing,
                fixes.VAT_QUARTERLY,
                _("Is the VAT return filed every quarter? (With no: every month.)"),
            ),
        ),
        show=(
            show(
                standing,
                "Octopus",
                ("octopus.management", "octopus.fiscal-years"),
                _("Create the year; each begins the day after the one before it ends."),
            ),
            show(
                standing,
                "Octopus",
                ("octopus.fiscal-year", "octopus.open-fiscal-year"),
                _("Open the right year before you make its journals."),
            ),
        ),
        skip=_("Documents outside every fiscal year are not booked."),
        problems=("missing-year", "year-gap", "next-year-missing", "closed-year"),
    )
