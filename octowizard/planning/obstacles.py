"""What one document will meet on its way into Octopus, all of it, in the order in which a sync meets it. Pure.

The Plan says what blocks a document first; here is also what is behind that, what has to be booked before it, and the
number and relation that it is to get. Every answer is the Plan's, or comes from the questions that the Plan asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from octowizard.books.numbers import sequence_of
from octowizard.planning.blockers import Blocker, no_bookings_left, other_connector
from octowizard.planning.booking import Unread
from octowizard.planning.customers import RelationPlanner
from octowizard.planning.plan import Book, Plan, PlannedDocument, planner_of, readable
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile


class Obstacles(NamedTuple):
    """What stands in the way of one document, first met first.

    `run`: keeps any sync from beginning. `own`: of the document itself. `before`: the document whose number comes
    first and that is blocked, None without one. `whole`: False where its lines could not be judged.
    """

    run: tuple[Blocker, ...] = ()
    own: tuple[Blocker, ...] = ()
    before: PlannedDocument | None = None
    whole: bool = True


def obstacles(snapshot: Snapshot, profile: Profile, planned: Plan, document: PlannedDocument) -> Obstacles:
    """All that stands between a document that is to be booked and its booking."""
    run = of_run(snapshot, profile)
    if not readable(snapshot):
        return Obstacles(run, whole=False)
    if planned.blocker is not None:
        return Obstacles(run, (planned.blocker,))
    head, planner = document.head, planner_of(snapshot, profile)
    # First what the Plan says, whatever is found besides.
    met = dict.fromkeys([document.blocker] if document.blocker is not None else ())
    unread = "currencies" in snapshot.unread
    met |= dict.fromkeys(
        blocker
        for blocker in planner.head_blockers(head)
        if not (unread and blocker.problem == "unknown-currency")
    )
    detail = snapshot.details.get(head.id)
    whole = detail is not None and document.outcome != "unknown"
    try:
        for blocker in planner.line_blockers(head, detail) if detail is not None else ():
            met[blocker] = None
    except Unread:
        whole = False
    relation = RelationPlanner(snapshot).foresee(head.customer_id, head.customer_name)
    if isinstance(relation, Blocker):
        met[relation] = None
    return Obstacles(run, tuple(met), _before(profile, planned, document), whole)


def number_to_come(snapshot: Snapshot, profile: Profile, planned: Plan, document: PlannedDocument) -> int:
    """The number that a document gets which nothing blocks, if all before it are booked as planned."""
    if profile.numbering == "follow":
        return sequence_of(document.head.number) or 0
    journal = snapshot.journals.get(document.place.series)
    earlier = takewhile(lambda one: one is not document, planned.documents)
    ahead = sum(
        isinstance(one.outcome, Book) and one.place.series == document.place.series for one in earlier
    )
    return (journal.last_number if journal is not None else 0) + 1 + ahead


def of_run(snapshot: Snapshot, profile: Profile) -> tuple[Blocker, ...]:
    """What keeps any sync from beginning, or from booking."""
    return tuple(_of_run(snapshot, profile))


def _of_run(snapshot: Snapshot, profile: Profile) -> Iterator[Blocker]:
    for trouble in snapshot.troubles:
        yield Blocker(trouble.problem, trouble.said, vendor=trouble.vendor)
    if profile.mode == "connector" and snapshot.elsewhere and not profile.other_connector_off:
        yield other_connector(snapshot.elsewhere)
    if snapshot.bookings_left == 0:
        yield no_bookings_left()


def _before(profile: Profile, planned: Plan, document: PlannedDocument) -> PlannedDocument | None:
    """The first blocked document of the same journal and year, where numbers follow Teamleader's."""
    if profile.numbering != "follow":
        return None
    earlier = takewhile(lambda one: one.head.id != document.head.id, planned.documents)
    same = (one for one in earlier if one.place.series == document.place.series)
    return next((one for one in same if one.blocker is not None), None)
