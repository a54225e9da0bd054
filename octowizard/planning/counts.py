"""How the documents since the start date stand, in the four words that every screen, command and report uses."""

from __future__ import annotations

import msgspec

from octowizard.planning.plan import Plan, WaitsFor, readable
from octowizard.snapshot.model import Snapshot


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of documents; each document counts once.

    `booked` ✔ stands in Octopus. `ready` ○ is booked by the next sync, as far as its head or its lines tell.
    `blocked` ✖ cannot be booked: something blocks it, or the document whose number comes before it. `excluded` –
    by the user.
    """

    booked: int
    ready: int
    blocked: int
    excluded: int

    @property
    def total(self) -> int:
        """All documents since the start date."""
        return self.booked + self.ready + self.blocked + self.excluded


def counts(snapshot: Snapshot, planned: Plan) -> Counts | None:
    """The counts of a Plan of this Snapshot; None where it is not known which documents there are."""
    if "documents" in snapshot.unread:
        return None
    blocked = sum(
        document.blocker is not None or isinstance(document.outcome, WaitsFor)
        for document in planned.documents
    )
    if not readable(snapshot) and planned.blocker is None and snapshot.pending:
        return None
    return Counts(
        booked=snapshot.in_sync + len(snapshot.elsewhere),
        ready=len(snapshot.pending) - blocked,
        blocked=blocked,
        excluded=len(snapshot.excluded),
    )
