"""Journals, per fiscal year: present, of the right entry type, open, and not secured or closed too far."""

from __future__ import annotations

from collections.abc import Iterator

from octowizard.books.fiscal import Barrier, FiscalYear, barrier
from octowizard.checks.grouping import ahead, findings_of, named_already
from octowizard.checks.registry import Finding, Record, check
from octowizard.checks.sources import TROUBLESHOOTING
from octowizard.checks.years import today
from octowizard.locale import _
from octowizard.planning import blockers
from octowizard.planning.plan import plan
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile

PROBLEMS = ("missing-journal", "wrong-journal-type", "closed-journal", "closed-period", "secured-period")
_AHEAD = frozenset({Barrier.NO_JOURNAL, Barrier.WRONG_TYPE, Barrier.JOURNAL_CLOSED})


@check(
    "journals",
    lambda: _("Journals and periods"),
    needs=("years", "journals", "documents", "bookings"),
    problems=PROBLEMS,
    source=TROUBLESHOOTING,
)
def journals(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """What stops documents; and the journals of this and later open years that the next documents will need."""
    yield from findings_of(snapshot, profile, PROBLEMS)
    if plan(snapshot, profile).blocker is not None:
        return
    named = named_already(snapshot, profile)
    day = today(snapshot)
    keys = dict.fromkeys((profile.invoice_journal, profile.credit_note_journal))
    for year in snapshot.years:
        if snapshot.journal_years is not None and year.id not in snapshot.journal_years:
            continue  # a sync reads those of the years it needs
        if year.closed or year.end < max(day, snapshot.start_date) or not year.periods:
            continue
        for key in keys:
            finding = _ahead(snapshot, year, key)
            if finding is not None and (finding.problem, finding.title) not in named:
                yield finding


def _ahead(snapshot: Snapshot, year: FiscalYear, key: str) -> Finding | None:
    """A wall that no document has run into yet."""
    journal = snapshot.journals.get((year.id, key))
    period = year.periods[-1]
    wall = barrier(year, period, journal)
    if wall not in _AHEAD:
        return None
    blocker = blockers.not_bookable(
        wall, day=period.end, journal_key=key, year=year, period=period, journal=journal
    )
    record = Record("journal", f"{key} ({year.name})", f"{year.id}/{key}")
    return ahead(blocker, record, *blocker.evidence[-1:], _("No document waits for it yet."))
