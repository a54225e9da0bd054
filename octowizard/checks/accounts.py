"""Ledger accounts: every line has one, every category leads to one that exists, cost centres can be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from octowizard.checks.grouping import ahead, findings_of, named_already
from octowizard.checks.registry import Finding, Record, check
from octowizard.checks.sources import TROUBLESHOOTING
from octowizard.locale import _
from octowizard.planning.blockers import Blocker
from octowizard.planning.plan import planner_of
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
    whole_with=("currencies", "vat_codes"),
    problems=PROBLEMS,
    source=TROUBLESHOOTING,
)
def accounts(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Documents that no account takes, and categories that the next document could meet."""
    yield from findings_of(snapshot, profile, PROBLEMS)
    named = named_already(snapshot, profile)
    planner = planner_of(snapshot, profile)
    for year in snapshot.years:
        if not snapshot.accounts.get(year.id):
            continue
        for category in snapshot.categories.values():
            if category.elsewhere:
                continue  # made for another department: no document of this one needs it
            blocker = planner.account_of(category.id, year)
            if not isinstance(blocker, Blocker) or (blocker.problem, blocker.title) in named:
                continue
            named.add((blocker.problem, blocker.title))
            yield ahead(
                blocker,
                Record("product_category", category.name, category.id),
                *blocker.evidence,
                _("Category “{name}”; no document with it waits yet.").format(name=category.name),
            )
