"""What will become of each pending document: its booking, or the reason why there will be none. Pure.

The same questions in the same order as the sync asks them, so that a check names what a sync would fail on, and
nothing else. Here lies no check: the topics of this room pick the reasons that are theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator
from typing import NamedTuple

from octowizard.books.numbers import sequence_of
from octowizard.checks import setup
from octowizard.checks.registry import Finding, Record
from octowizard.locale import _, ngettext
from octowizard.matching.keys import address_key, vat_key
from octowizard.planning import blockers
from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Draft, Planner, Unread
from octowizard.planning.customers import Ambiguous, Relations, country_of, external_number, full_name
from octowizard.snapshot.model import CustomerFacts, DocumentHead, RelationFacts, Snapshot
from octowizard.workspace.profiles import Profile

SHOWN = 6  # pieces of evidence of one kind in a finding; the records name them all


class Verdict(NamedTuple):
    """A pending document: why it cannot be booked, or its booking. Neither: it could not be told.

    `behind`: how many later documents wait for it, where numbers follow Teamleader's.
    """

    head: DocumentHead
    reason: Blocker | None
    draft: Draft | None
    behind: int = 0


_last: tuple[Snapshot, Profile, tuple[Verdict, ...]] | None = None


def verdicts(snapshot: Snapshot, profile: Profile) -> tuple[Verdict, ...]:
    """One for each pending document; none while it is not known which documents wait."""
    global _last  # every topic asks for the same Snapshot, one after the other
    if _last is not None and _last[0] is snapshot and _last[1] is profile:
        return _last[2]
    found = tuple(_verdicts(snapshot, profile)) if readable(snapshot) else ()
    _last = (snapshot, profile, found)
    return found


def readable(snapshot: Snapshot) -> bool:
    """Whether it is known which documents wait, and which years and journals there are."""
    return not {"years", "journals", "documents", "bookings"} & snapshot.unread.keys()


def _verdicts(snapshot: Snapshot, profile: Profile) -> list[Verdict]:
    missing = setup.missing(snapshot, profile.invoice_journal, profile.credit_note_journal)
    if missing is not None:
        return [Verdict(head, missing, None) for head in snapshot.pending]
    planner = Planner(snapshot, profile.mapping, profile.invoice_journal, profile.credit_note_journal)
    customers = Customers(snapshot)
    found = [_verdict(snapshot, planner, customers, head) for head in snapshot.pending]
    return _numbered(snapshot, planner, found) if profile.numbering == "follow" else found


def _verdict(snapshot: Snapshot, planner: Planner, customers: Customers, head: DocumentHead) -> Verdict:
    reason = planner.precheck(head)
    if reason is not None:
        unsure = reason.problem == "unknown-currency" and "currencies" in snapshot.unread
        return Verdict(head, None if unsure else reason, None)
    detail = snapshot.details.get(head.id)
    if detail is None or {"settings", "vat_codes", "accounts", "details"} & snapshot.unread.keys():
        return Verdict(head, None, None)
    try:
        planned = planner.draft(head, detail)
    except Unread:
        return Verdict(head, None, None)
    if isinstance(planned, Blocker):
        return Verdict(head, planned, None)
    refused = customers.book(head.customer_id, head.customer_name)
    return Verdict(head, refused, None if refused else planned)


# --- customers -----------------------------------------------------------------------------------------------


class Customers:
    """Whether the customers of pending documents are a relation or can become one; grows like a run does."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._relations = Relations(snapshot.relations)
        self._alive = {relation.id for relation in snapshot.relations}
        self._known: dict[str, Blocker | None] = {}

    def look(self, customer_id: str, name: str) -> Blocker | None:
        """Why this customer cannot be a relation, going by the relations of now."""
        snapshot = self._snapshot
        if {"relations", "customers"} & snapshot.unread.keys():
            return None
        link = snapshot.linked.get(customer_id)
        if link is not None:
            return None if link.relation in self._alive else relation_gone(name, link.relation)
        customer = snapshot.customers.get(customer_id)
        if customer is None:
            return blockers.customer_missing(name)
        found = self._relations.find(customer)
        if isinstance(found, Ambiguous):
            shown = [f"{relation.id}  {relation.name}" for relation in found.relations]
            return blockers.several_relations(full_name(customer), shown)
        if found is None and country_of(customer) is None:
            return blockers.customer_without_country(full_name(customer))
        return None

    def book(self, customer_id: str, name: str) -> Blocker | None:
        """The same at the moment its first document is booked; a relation that a run would make counts on."""
        if customer_id in self._known:
            return self._known[customer_id]
        reason = self._known[customer_id] = self.look(customer_id, name)
        customer = self._snapshot.customers.get(customer_id)
        if reason is None and customer is not None and customer_id not in self._snapshot.linked:
            self._make(customer)
        return reason

    def _make(self, customer: CustomerFacts) -> None:
        if self._relations.find(customer) is not None:
            return
        self._relations.add(
            RelationFacts(
                id=-len(self._known),
                external_number=external_number(customer.id),
                name=full_name(customer),
                vat_key=vat_key(customer.vat_number, customer.country),
                address_key=address_key(full_name(customer), customer.street, customer.postcode),
                client=True,
                active=True,
            )
        )


def relation_gone(name: str, relation: int) -> Blocker:
    """A customer whose relation is no longer in Octopus (code -16 when a booking names it)."""
    return Blocker(
        "customer-missing",
        _("The relation of “{name}” is no longer in Octopus").format(name=name),
        (
            _("“{name}” was relation {relation}; Octopus shows none with that number.").format(
                name=name, relation=relation
            ),
        ),
        {"customer": name},
    )


# --- numbers that follow Teamleader's ------------------------------------------------------------------------


def _numbered(snapshot: Snapshot, planner: Planner, found: list[Verdict]) -> list[Verdict]:
    """Each journal takes its documents in the order of their numbers, without gaps; who fails holds up the rest."""
    found = sorted(found, key=lambda v: (v.head.date.year, sequence_of(v.head.number) or 0))
    following = {place: journal.last_number + 1 for place, journal in snapshot.journals.items()}
    stopped: dict[tuple[int, str], int] = {}
    behind: dict[int, int] = defaultdict(int)
    numbered: list[Verdict] = []
    given: dict[tuple[tuple[int, str], int], str] = {}  # numbers that documents before this one take
    for position, verdict in enumerate(found):
        head = verdict.head
        planned = planner.place(head)
        place = (0 if isinstance(planned, Blocker) else planned[0].id, planner.journal_of(head))
        reason = verdict.reason
        if place in stopped and reason is None:
            behind[stopped[place]] += 1
            numbered.append(Verdict(head, None, None))
            continue
        if reason is None:
            reason = number_reason(head, place[1], following.get(place, 1))
        number = sequence_of(head.number) or 0
        if reason is not None and reason.problem == "number-taken" and (place, number) in given:
            reason = blockers.same_number(number, place[1], given[place, number])
        if reason is None:
            given[place, number] = head.number
            following[place] = following.get(place, 1) + 1
        else:
            stopped.setdefault(place, position)
        numbered.append(Verdict(head, reason, None if reason else verdict.draft))
    return [verdict._replace(behind=behind[position]) for position, verdict in enumerate(numbered)]


def number_reason(head: DocumentHead, journal: str, next_number: int) -> Blocker | None:
    """Why a document cannot have its own number; None when it is the journal's next."""
    wanted = sequence_of(head.number)
    if wanted is None:
        return blockers.no_number(head.number)
    if wanted < next_number:
        return blockers.number_taken(wanted, journal, next_number)
    if wanted > next_number:
        return blockers.number_gap(wanted, journal, next_number)
    return None


# --- from reasons to findings --------------------------------------------------------------------------------


def document_record(head: DocumentHead) -> Record:
    """A document as a record of a finding."""
    return Record(head.kind, head.number, head.id)


def customer_record(customer: CustomerFacts) -> Record:
    """A customer as a record of a finding."""
    return Record(customer.type, full_name(customer), customer.id)


def findings_of(snapshot: Snapshot, profile: Profile, problems: Container[str]) -> Iterator[Finding]:
    """The documents that fail for one of these problems, grouped by cause."""
    yield from grouped(
        ((v.head, v.reason, v.behind) for v in verdicts(snapshot, profile) if v.reason), problems.__contains__
    )


def grouped(
    failing: Iterator[tuple[DocumentHead, Blocker, int]], wanted: Callable[[str], bool]
) -> Iterator[Finding]:
    """One blocking finding per cause, with all its documents."""
    groups: dict[tuple[str, str], list[tuple[DocumentHead, Blocker, int]]] = defaultdict(list)
    for head, reason, behind in failing:
        if wanted(reason.problem):
            # A missing year is one cause, whichever day of it a document bears.
            dated = reason.problem in ("missing-year", "missing-period")
            groups[reason.problem, f"{head.date:%Y}" if dated else reason.title].append(
                (head, reason, behind)
            )
    for group in groups.values():
        yield _finding(group)


def _finding(group: list[tuple[DocumentHead, Blocker, int]]) -> Finding:
    reason = group[0][1]
    behind = sum(count for _head, _reason, count in group)
    evidence = list(_evidence(group))
    if behind:
        evidence.append(
            ngettext(
                "{count} later document waits behind it.", "{count} later documents wait behind it.", behind
            ).format(count=behind)
        )
    return Finding(
        problem=reason.problem,
        severity="blocking",
        title=reason.title,
        records=tuple(document_record(head) for head, _reason, _count in group),
        evidence=tuple(evidence),
        names=_names(group),
    )


def ahead(reason: Blocker, record: Record, *evidence: str) -> Finding:
    """What would stop a document as soon as there is one: a warning."""
    return Finding(
        problem=reason.problem,
        severity="warning",
        title=reason.title,
        names=reason.names,
        records=(record,),
        evidence=evidence,
    )


def _names(group: list[tuple[DocumentHead, Blocker, int]]) -> dict[str, str]:
    """What all documents of the group have in common; the document itself where it is one."""
    common = dict(group[0][1].names)
    for _head, reason, _count in group[1:]:
        common = dict(common.items() & reason.names.items())
    return common if len(group) > 1 else {**common, "invoice": group[0][0].number}


def _evidence(group: list[tuple[DocumentHead, Blocker, int]]) -> Iterator[str]:
    """What holds for all of them once, what is said of single ones with their numbers."""
    common = [
        line for line in group[0][1].evidence if all(line in reason.evidence for _h, reason, _c in group)
    ]
    yield from common
    single = [
        f"{head.number}: {line}"
        for head, reason, _c in group
        for line in reason.evidence
        if line not in common
    ]
    yield from single[:SHOWN]
    if len(single) > SHOWN:
        rest = len(single) - SHOWN
        yield ngettext("… and {count} more.", "… and {count} more.", rest).format(count=rest)
