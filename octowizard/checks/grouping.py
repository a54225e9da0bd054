"""From the Plan's blocked documents to findings: one per cause, with all the documents that it blocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator

from octowizard.checks.registry import Finding, Record, finding
from octowizard.locale import ngettext
from octowizard.locale.formats import labelled
from octowizard.planning.blockers import Blocker
from octowizard.planning.customers import full_name
from octowizard.planning.plan import PlannedDocument, plan
from octowizard.planning.problems import has
from octowizard.snapshot.model import CustomerFacts, DocumentHead, Snapshot
from octowizard.workspace.profiles import Profile

SHOWN = 6  # pieces of evidence of one kind in a finding; the records name them all

Blocked = tuple[PlannedDocument, Blocker]


def document_record(head: DocumentHead) -> Record:
    """A document as a record of a finding."""
    return Record(head.kind, head.number, head.id)


def customer_record(customer: CustomerFacts) -> Record:
    """A customer as a record of a finding."""
    return Record(customer.type, full_name(customer), customer.id)


def findings_of(snapshot: Snapshot, profile: Profile, problems: Container[str]) -> Iterator[Finding]:
    """The documents that one of these problems blocks, grouped by cause."""
    yield from grouped(plan(snapshot, profile).blocked(), problems.__contains__)


def grouped(blocked: Iterable[Blocked], wanted: Callable[[str], bool]) -> Iterator[Finding]:
    """One blocking finding per cause, with all its documents."""
    groups: dict[tuple[str, str], list[Blocked]] = defaultdict(list)
    for planned, blocker in blocked:
        if wanted(blocker.problem):
            by_year = has(blocker.problem, "by-year")
            cause = f"{planned.head.date:%Y}" if by_year else blocker.title
            groups[blocker.problem, cause].append((planned, blocker))
    for group in groups.values():
        yield _finding(group)


def named_already(snapshot: Snapshot, profile: Profile) -> set[tuple[str, str]]:
    """Problem and title of all that blocks a document: a check that looks ahead does not say them again."""
    return {(blocker.problem, blocker.title) for _planned, blocker in plan(snapshot, profile).blocked()}


def _finding(group: list[Blocked]) -> Finding:
    blocker = group[0][1]
    behind = sum(planned.behind for planned, _blocker in group)
    evidence = list(_evidence(group))
    if behind:
        evidence.append(
            ngettext(
                "{count} later document waits behind it.", "{count} later documents wait behind it.", behind
            ).format(count=behind)
        )
    return finding(
        blocker.problem,
        blocker.title,
        (document_record(planned.head) for planned, _blocker in group),
        evidence,
        _names(group),
    )


def ahead(blocker: Blocker, record: Record, *evidence: str) -> Finding:
    """What would stop a document as soon as there is one: a warning."""
    return finding(blocker.problem, blocker.title, (record,), evidence, blocker.names, foreseen=True)


def _names(group: list[Blocked]) -> dict[str, str]:
    """What all documents of the group have in common; the document itself where it is one."""
    common = dict(group[0][1].names)
    for _planned, blocker in group[1:]:
        common = dict(common.items() & blocker.names.items())
    return common if len(group) > 1 else {**common, "invoice": group[0][0].head.number}


def _evidence(group: list[Blocked]) -> Iterator[str]:
    """What holds for all of them once, what is said of single ones with their numbers."""
    common = [
        line for line in group[0][1].evidence if all(line in blocker.evidence for _planned, blocker in group)
    ]
    yield from common
    single = [
        labelled(planned.head.number, line)
        for planned, blocker in group
        for line in blocker.evidence
        if line not in common
    ]
    yield from single[:SHOWN]
    if len(single) > SHOWN:
        rest = len(single) - SHOWN
        yield ngettext("… and {count} more.", "… and {count} more.", rest).format(count=rest)
