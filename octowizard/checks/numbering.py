"""Numbers: where they follow Teamleader's, every document must be the next one of its journal."""

from __future__ import annotations

from collections.abc import Iterator

from octowizard.checks.grouping import findings_of
from octowizard.checks.registry import Finding, check
from octowizard.checks.sources import JOURNALS_MANUAL
from octowizard.locale import _
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile

PROBLEMS = ("number-taken", "same-booking-number", "number-gap", "number-unreadable")


@check(
    "numbering",
    lambda: _("Document numbers against Teamleader's"),
    needs=("years", "journals", "documents", "bookings"),
    whole_with=(  # a number is given to what is in order
        *("settings", "accounts", "vat_codes", "currencies"),
        *("details", "customers", "relations"),
    ),
    problems=PROBLEMS,
    source=JOURNALS_MANUAL,
)
def numbering(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """The first document of each journal that cannot keep its number, with how many wait behind it."""
    yield from findings_of(snapshot, profile, PROBLEMS)
