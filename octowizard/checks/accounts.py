"""Ledger accounts: every line has one, every category leads to one that exists, cost centres can be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from octowizard.checks.registry import Finding, Record, check
from octowizard.checks.sources import TROUBLESHOOTING
from octowizard.locale import _
from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Planner
from octowizard.planning.plan import ahead, findings_of, verdicts
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile

PROBLEMS = (
    "missing-account",
    "unmapped-category",
    "unknown-account",
    "missing-discount-account",
    "cost-centre-missing",
)


@check(
    "accounts",
    lambda: _("Ledger accounts"),
    needs=("years", "journals", "documents", "bookings", "settings", "accounts", "details"),
    problems=PROBLEMS,
    source=TROUBLESHOOTING,
)
def accounts(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Documents that no account takes, and categories that the next document could meet."""
    yield from findings_of(snapshot, profile, PROBLEMS)
    told = {
        (verdict.reason.problem, verdict.reason.title)
        for verdict in verdicts(snapshot, profile)
        if verdict.reason is not None
    }
    planner = Planner(snapshot, profile.mapping, profile.invoice_journal, profile.credit_note_journal)
    for year in snapshot.years:
        if not snapshot.accounts.get(year.id):
            continue
        for category in snapshot.categories.values():
            if category.elsewhere:
                continue  # made for another department: no document of this one needs it
            reason = planner.account_of(category.id, year)
            if not isinstance(reason, Blocker) or (reason.problem, reason.title) in told:
                continue
            told.add((reason.problem, reason.title))
            yield ahead(
                reason,
                Record("product_category", category.name, category.id),
                *reason.evidence,
                _("Category “{name}”; no document with it waits yet.").format(name=category.name),
            )
