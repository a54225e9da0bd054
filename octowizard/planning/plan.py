"""What will become of every document: the one answer that preview, run, checks, Home and calendar read. Pure.

A document is planned at two depths by the same questions in the same order. Its head tells whether it may be booked
at all: what stands in Octopus already, fiscal year, period, journal, currency. Its lines tell its booking; then come
its customer's relation and, where numbers follow Teamleader's, its number. The sync asks each question when the
document's turn has come, with what it has booked and made so far; the Plan of a whole Snapshot imagines that run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain
from typing import Literal, NamedTuple

from octowizard.books.numbers import sequence_of
from octowizard.locale import _
from octowizard.planning import blockers
from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Draft, Place, Planner, Unread
from octowizard.planning.customers import RelationPlan, RelationPlanner
from octowizard.planning.payments import PlannedPayment, plan_payments
from octowizard.snapshot.model import DocumentDetail, DocumentHead, Snapshot
from octowizard.workspace.profiles import Profile

Depth = Literal["head", "lines"]

_LINES = frozenset({"settings", "vat_codes", "accounts", "details"})  # parts that a booking is made from
_NEEDED = frozenset(
    {"years", "journals", "documents", "bookings"}
)  # parts without which nothing can be planned


class Book(NamedTuple):
    """It is to be booked. `draft`: the booking but for its number and relation; None at depth *head*."""

    draft: Draft | None = None


class WaitsFor(NamedTuple):
    """It can be booked, but its number comes after that of a document that can't."""

    number: str


class InSync(NamedTuple):
    """It stands in Octopus. `by_octowizard`: False where a person or another connector booked it."""

    bookyear: int
    journal: str
    number: int
    by_octowizard: bool


Outcome = Book | Blocker | WaitsFor | InSync | Literal["excluded", "unknown"]


class PlannedDocument(NamedTuple):
    """One document and what will become of it.

    `outcome` *unknown*: what it depends on was not read; *excluded*: by the user. `behind`: how many later documents
    wait for its number.
    """

    head: DocumentHead
    place: Place
    outcome: Outcome
    depth: Depth
    behind: int = 0

    @property
    def blocker(self) -> Blocker | None:
        """What blocks it, if anything does."""
        return self.outcome if isinstance(self.outcome, Blocker) else None

    @property
    def draft(self) -> Draft | None:
        """Its booking, where its lines were read and nothing blocks it."""
        return self.outcome.draft if isinstance(self.outcome, Book) else None


@dataclass(frozen=True)
class Plan:
    """What will become of a Snapshot's documents, customers and payments.

    `blocker`: why nothing at all can be booked. `documents`: those that are not booked, in the order in which they
    are booked. `settled`: those in sync, as far as the Snapshot holds them, and the excluded ones. `relations`: by
    customer id, for the customers of `documents`. `payments`: of booked invoices. Both are empty at depth *head*.
    """

    depth: Depth
    blocker: Blocker | None
    documents: tuple[PlannedDocument, ...]
    settle: Callable[[], Iterator[PlannedDocument]] = field(
        default=lambda: iter(()), compare=False, repr=False
    )
    relations: Mapping[str, RelationPlan] = field(default_factory=dict)
    payments: tuple[PlannedPayment, ...] = ()

    @cached_property
    def settled(self) -> tuple[PlannedDocument, ...]:
        """Worked out when first asked for: most questions are about what waits."""
        return tuple(self.settle())

    def blocked(self) -> Iterator[tuple[PlannedDocument, Blocker]]:
        """The documents that can't be booked, each with what blocks it."""
        for planned in self.documents:
            if planned.blocker is not None:
                yield planned, planned.blocker

    def of(self, document_id: str) -> PlannedDocument | None:
        """What will become of one document."""
        every = chain(self.documents, self.settled)
        return next((planned for planned in every if planned.head.id == document_id), None)


_last: tuple[Snapshot, Profile, Plan] | None = None


def plan(snapshot: Snapshot, profile: Profile, depth: Depth = "lines") -> Plan:
    """The Plan of a Snapshot; one at depth *lines* is kept until another is asked for, and serves for *head* too."""
    global _last  # every check asks for the same Snapshot, one after the other
    if _last is not None and _last[0] is snapshot and _last[1] is profile:
        return _last[2]
    made = _plan(snapshot, profile, depth)
    if depth == "lines":
        _last = (snapshot, profile, made)
    return made


def readable(snapshot: Snapshot) -> bool:
    """Whether it is known which documents wait, and which years and journals there are."""
    return not _NEEDED & snapshot.unread.keys()


def planner_of(snapshot: Snapshot, profile: Profile) -> Planner:
    """The booking rules of a Snapshot as the profile maps it."""
    return Planner(snapshot, profile.mapping, profile.invoice_journal, profile.credit_note_journal)


def nothing_bookable(snapshot: Snapshot, profile: Profile) -> Blocker | None:
    """Why no document at all can be booked: Octopus lacks years or both journals; None when one could be.

    A single missing year or journal is a matter of the documents that it concerns.
    """
    if not snapshot.pending:
        return None
    journals = (profile.invoice_journal, profile.credit_note_journal)
    if snapshot.years and any(key in journals for _year, key in snapshot.journals):
        return None
    evidence = []
    if not snapshot.years:
        evidence.append(_("Octopus has no fiscal year."))
    there = {key for _year, key in snapshot.journals}
    evidence += [
        _("Octopus has no journal {journal}.").format(journal=key)
        for key in dict.fromkeys(journals)
        if key not in there
    ]
    if not any(snapshot.accounts.values()):
        evidence.append(_("Octopus has no ledger accounts."))
    return Blocker(
        "set-up-missing",
        _("Octopus is not set up yet: nothing can be booked"),
        tuple(evidence),
    )


# --- one document, at two depths ---------------------------------------------------------------------------


def at_head(planner: Planner, head: DocumentHead) -> PlannedDocument:
    """The document as far as its head tells."""
    return PlannedDocument(head, planner.place(head), planner.head_blocker(head) or Book(), "head")


def at_lines(planner: Planner, planned: PlannedDocument, detail: DocumentDetail) -> PlannedDocument:
    """The document refined by its lines; one that its head blocks stays so. Raises Unread."""
    if planned.blocker is not None:
        return planned._replace(depth="lines")
    result = planner.draft(planned.head, detail)
    return planned._replace(outcome=Book(result) if isinstance(result, Draft) else result, depth="lines")


def number_blocker(head: DocumentHead, journal: str, next_number: int) -> Blocker | None:
    """Why a document can't have its own number; None when it is the journal's next."""
    wanted = sequence_of(head.number)
    if wanted is None:
        return blockers.no_number(head.number)
    if wanted < next_number:
        return blockers.number_taken(wanted, journal, next_number)
    if wanted > next_number:
        return blockers.number_gap(wanted, journal, next_number)
    return None


# --- all documents -----------------------------------------------------------------------------------------


def _plan(snapshot: Snapshot, profile: Profile, depth: Depth) -> Plan:
    planner = planner_of(snapshot, profile)
    settled = partial(_settled, snapshot, planner, depth)
    if not readable(snapshot):
        unknown = tuple(
            PlannedDocument(head, planner.place(head), "unknown", depth) for head in snapshot.pending
        )
        return Plan(depth, None, unknown, settled)
    nothing = nothing_bookable(snapshot, profile)
    relations = RelationPlanner(snapshot)
    documents = [
        PlannedDocument(head, planner.place(head), nothing, depth)
        if nothing is not None
        else _document(snapshot, planner, relations, head, depth)
        for head in snapshot.pending
    ]
    if profile.numbering == "follow":
        documents.sort(key=lambda p: (p.head.date.year, sequence_of(p.head.number) or 0))
    if depth == "head":
        return Plan(depth, nothing, tuple(documents), settled)
    if nothing is None and profile.numbering == "follow":
        documents = _numbered(snapshot, documents)
    planned = {
        head.customer_id: relation
        for head in snapshot.pending
        if (relation := relations.foresee(head.customer_id, head.customer_name)) is not None
    }
    return Plan(depth, nothing, tuple(documents), settled, planned, plan_payments(snapshot))


def _document(
    snapshot: Snapshot, planner: Planner, relations: RelationPlanner, head: DocumentHead, depth: Depth
) -> PlannedDocument:
    planned = at_head(planner, head)
    blocker = planned.blocker
    if blocker is not None:
        unsure = blocker.problem == "unknown-currency" and "currencies" in snapshot.unread
        return planned._replace(outcome="unknown" if unsure else blocker, depth=depth)
    if depth == "head":
        return planned
    detail = snapshot.details.get(head.id)
    if detail is None or _LINES & snapshot.unread.keys():
        return planned._replace(outcome="unknown", depth=depth)
    try:
        planned = at_lines(planner, planned, detail)
    except Unread:
        return planned._replace(outcome="unknown", depth=depth)
    if planned.draft is not None:
        relation = relations.plan(head.customer_id, head.customer_name)
        if isinstance(relation, Blocker):
            return planned._replace(outcome=relation)
    return planned


def _settled(snapshot: Snapshot, planner: Planner, depth: Depth) -> Iterator[PlannedDocument]:
    elsewhere = {head.id for head, _booking in snapshot.elsewhere}
    for head, bookyear, journal, number in snapshot.booked:
        if head.id in elsewhere:  # told below, as not booked by octowizard
            continue
        yield PlannedDocument(head, planner.place(head), InSync(bookyear, journal, number, True), depth)
    for head, booking in snapshot.elsewhere:
        there = InSync(booking.bookyear, booking.journal, booking.number, False)
        yield PlannedDocument(head, planner.place(head), there, depth)
    for head in snapshot.excluded:
        yield PlannedDocument(head, planner.place(head), "excluded", depth)


def _numbered(snapshot: Snapshot, documents: list[PlannedDocument]) -> list[PlannedDocument]:
    """Number documents that are in order: a journal takes no gaps, so one that fails holds up the rest."""
    following = {series: journal.last_number + 1 for series, journal in snapshot.journals.items()}
    stopped: dict[tuple[int, str], int] = {}  # by series: the position of the document that failed first
    behind: dict[int, int] = defaultdict(int)
    taken: dict[tuple[tuple[int, str], int], str] = {}  # numbers that documents before this one take
    numbered: list[PlannedDocument] = []
    for position, planned in enumerate(documents):
        head, series, blocker = planned.head, planned.place.series, planned.blocker
        if series in stopped and blocker is None:
            behind[stopped[series]] += 1
            numbered.append(planned._replace(outcome=WaitsFor(documents[stopped[series]].head.number)))
            continue
        if blocker is None:
            blocker = number_blocker(head, series[1], following.get(series, 1))
        number = sequence_of(head.number) or 0
        if blocker is not None and blocker.problem == "number-taken" and (series, number) in taken:
            blocker = blockers.same_number(number, series[1], taken[series, number])
        if blocker is None:
            taken[series, number] = head.number
            following[series] = following.get(series, 1) + 1
            numbered.append(planned)
        else:
            stopped.setdefault(series, position)
            numbered.append(planned._replace(outcome=blocker))
    return [planned._replace(behind=behind[position]) for position, planned in enumerate(numbered)]
