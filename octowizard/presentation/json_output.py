"""What `--json` puts on stdout, member by member as each command's help documents it.

An interface: new members may be added within schema 1, none is renamed or removed. Amounts are JSON numbers, dates
`YYYY-MM-DD`, moments ISO 8601; what is unknown is null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from octowizard.checks.registry import Finding, NotChecked
    from octowizard.customers import merging, smart
    from octowizard.customers.route import Compared
    from octowizard.customers.segment import Suggested
    from octowizard.customers.simulate import Outcome
    from octowizard.planning.counts import Counts
    from octowizard.problems.diagnosis import Diagnosis
    from octowizard.snapshot.model import Snapshot

SCHEMA = 1
_encoder = msgspec.json.Encoder(decimal_format="number")
T = TypeVar("T")


def encoded(*bodies: msgspec.Struct, **head: str) -> bytes:
    """One JSON object: the schema, these members (command, profile), and those of each body."""
    parts = (_encoder.encode(part)[1:-1] for part in ({"schema": SCHEMA, **head}, *bodies))
    return b"{" + b",".join(parts) + b"}"


def _some(kind: type[T], thing: object) -> T:
    """A thing as `kind`, which has some of its members."""
    return msgspec.convert(thing, kind, from_attributes=True)


# --- check, calendar, mapping ---------------------------------------------------------------------------------


class FindingLine(msgspec.Struct):
    """What the checks found."""

    problem: str
    severity: str
    title: str
    records: tuple[Any, ...]
    evidence: tuple[str, ...]
    fix: tuple[str, ...]
    fixed_when: str


class NotCheckedLine(msgspec.Struct):
    """What could not be checked."""

    check: str
    title: str
    why: str


class Declared(msgspec.Struct):
    """What an export of Teamleader told."""

    files: list[str]
    customers: int
    read_at: datetime | None


class CallsLeft(msgspec.Struct):
    """What is left of one limit of the day."""

    what: str
    left: int
    limit: int


class Kept(msgspec.Struct):
    """What could not be read again, and when it was."""

    what: str
    read_at: datetime


class Calls(msgspec.Struct):
    """Calls made by this command, and what is left."""

    octopus: int
    teamleader: int
    left: list[CallsLeft]
    kept: list[Kept]


class Refusal(msgspec.Struct):
    """What a vendor refused while both sides were read, in its own words."""

    vendor: str
    problem: str
    text: str
    request: str


def refused(snapshot: Snapshot) -> list[Refusal]:
    """What the vendors refused."""
    return _some(list[Refusal], snapshot.troubles)


class Check(msgspec.Struct):
    """`octowizard check`."""

    taken_at: datetime | None
    findings: list[FindingLine]
    not_checked: list[NotCheckedLine]
    counts: dict[str, int]
    declared: Declared | None
    calls: Calls
    read: Mapping[str, datetime]
    rests_on: Sequence[str]
    documents: Counts | None  # None: it is not known which there are
    refused: list[Refusal]


def check(
    snapshot: Snapshot,
    findings: Sequence[Finding],
    not_checked: Sequence[NotChecked],
    octopus: int,
    teamleader: int,
    left: list[CallsLeft],
    documents: Counts | None,
) -> Check:
    """What the checks say of a Snapshot, and the calls that it took."""
    from octowizard.presentation.detail import weighed  # most of what is told here does without it
    from octowizard.snapshot.declared_parts import rests_on

    counts: dict[str, int] = {severity: number for _mark, severity, number, _name in weighed(findings)}
    declarations = snapshot.declared.values()
    files = list(dict.fromkeys(one.source for one in declarations))
    return Check(
        taken_at=snapshot.taken_at if snapshot.taken_at.timestamp() else None,
        findings=_some(list[FindingLine], findings),
        not_checked=_some(list[NotCheckedLine], not_checked),
        counts={**counts, "not_checked": len(not_checked)},
        declared=Declared(files, len(declarations), snapshot.declared_at) if declarations else None,
        calls=Calls(octopus, teamleader, left, [Kept(what, read_at) for what, read_at in snapshot.kept]),
        read=snapshot.ages,
        rests_on=rests_on(snapshot),
        documents=documents,
        refused=refused(snapshot),
    )


class Calendar(msgspec.Struct):
    """`octowizard calendar`."""

    taken_at: datetime
    journals: Sequence[str]
    years: Sequence[Any]
    not_read: Mapping[str, str]
    rests_on: Sequence[str] = ()
    refused: Sequence[Refusal] = ()


class Mapped(msgspec.Struct):
    """`octowizard mapping`."""

    taken_at: datetime
    rows: Sequence[Any]
    suggestions: Sequence[Any]
    not_read: Mapping[str, str]


# --- diagnose, history ----------------------------------------------------------------------------------------


class CauseLine(msgspec.Struct):
    """A cause of a problem and how it stands."""

    cause: str
    text: str
    state: str
    evidence: tuple[str, ...]


class LikelyLine(msgspec.Struct):
    """A problem that a text may be about. `because`: words of the text, then what the accounts show."""

    problem: str
    confidence: float
    because: tuple[str, ...]


class DiagnosisLine(msgspec.Struct):
    """`octowizard diagnose`. `causes` to `fixed_when`: of the problem, or of the likeliest one."""

    problem: str | None
    likely: list[LikelyLine]
    names: Mapping[str, str]
    causes: list[CauseLine]
    fix: tuple[str, ...]
    fixed_when: str
    nearest: Sequence[str]
    rests_on: Sequence[str]
    not_checked: list[NotCheckedLine]


def diagnosis(found: Diagnosis) -> DiagnosisLine:
    """What a message means; without a problem where that is not certain."""
    explained = found.explained
    return DiagnosisLine(
        problem=found.problem,
        likely=_some(list[LikelyLine], found.likely),
        names=found.recognition.names,
        causes=_some(list[CauseLine], explained.causes if explained else ()),
        fix=explained.fix if explained else (),
        fixed_when=explained.fixed_when if explained else "",
        nearest=found.recognition.nearest,
        rests_on=explained.rests_on if explained else (),
        not_checked=_some(list[NotCheckedLine], found.unlooked),
    )


class Run(msgspec.Struct):
    """One line of `octowizard history`. `result`: its run_finished event, null when it was cut off."""

    run: int
    started: datetime
    finished: datetime | None
    dry_run: bool
    result: msgspec.Raw | None


# --- setup ----------------------------------------------------------------------------------------------------


class MadeLine(msgspec.Struct):
    """What became of one change."""

    change: str
    outcome: str
    said: str
    vendor_text: str = ""


class Declarations(msgspec.Struct):
    """`octowizard setup declared`: what was declared, from where and when; and against what was measured since."""

    declared: Sequence[Any]
    measured: Sequence[Any]
    steps: Sequence[Any]


class StepDone(msgspec.Struct):
    """What `setup do` adds to the set-up as it then stands."""

    step: str
    done: Sequence[MadeLine]
    why: str


# --- duplicates -----------------------------------------------------------------------------------------------


class Answered(msgspec.Struct):
    """`duplicates answer`."""

    left: str
    right: str
    answer: str | None
    answers: int


class Csv(msgspec.Struct):
    """`duplicates csv`."""

    files: list[str]
    rows: int
    unnamed: tuple[int, ...]
    unnumbered: tuple[int, ...]
    guarded: tuple[int, ...]
    unreadable: tuple[int, ...]
    spoilt: tuple[int, ...]
    notes: Sequence[str]
    irreversible: Sequence[str]


class Pair(msgspec.Struct):
    """Two customers of `duplicates find`. An id is a text, whatever it looks like; a row is a number."""

    left: int | str
    right: int | str
    zone: str
    score: float
    why: Sequence[str]


class Group(msgspec.Struct):
    """Customers of one list that are one, of `duplicates find`. `sure`: those that surely are, most first."""

    side: str
    members: list[int | str]
    zone: str
    score: float
    sure: list[list[int | str]]


class NotCarried(msgspec.Struct):
    """What of one relation does not carry over."""

    relation: int
    name: str
    losses: Sequence[Any]


class SmartResult(msgspec.Struct):
    """How a smart import ended."""

    outcome: str
    linked: int
    made: int
    found: int
    failed: Sequence[Any]
    left: int
    in_doubt: int
    seconds: float


class Smart(msgspec.Struct):
    """`duplicates import`."""

    written: bool
    counts: dict[str, int]
    same: Sequence[Any]
    doubtful: Sequence[Any]
    held: Sequence[Any]
    losses: Mapping[Any, int]
    skipped: Mapping[Any, int]
    not_carried: list[NotCarried]
    result: SmartResult | None


def smart_import(foreseen: smart.Preview, done: smart.Done | None, lost: list[NotCarried]) -> Smart:
    """What a smart import would do, and how it ended if it was begun."""
    sorting, imports = (done or foreseen).sorting, foreseen.imports
    counts = {
        "same": len(sorting.same),
        "doubtful": len(sorting.doubtful),
        "held": len(sorting.held),
        "new": len(sorting.new),
        "companies": imports.companies,
        "contacts": imports.contacts,
        "linked_before": imports.linked,
    }
    made = done.imported if done is not None else None
    return Smart(
        written=done is not None,
        counts=counts,
        same=sorting.same,
        doubtful=sorting.doubtful,
        held=sorting.held,
        losses=imports.losses,
        skipped=imports.skipped,
        not_carried=lost,
        result=SmartResult(
            outcome=done.outcome,
            linked=done.linked,
            made=made.made,
            found=made.found,
            failed=made.failed,
            left=made.left,
            in_doubt=made.in_doubt,
            seconds=made.seconds,
        )
        if done is not None and made is not None
        else None,
    )


class MergePair(msgspec.Struct):
    """What merging two companies would do."""

    survivor: str
    gone: str
    name: str
    why: list[str]
    fills: Sequence[Any]
    conflicts: Sequence[Any]
    contacts: int
    relation: int | None
    warnings: Sequence[str]


class NotMerged(msgspec.Struct):
    """Two companies that the API cannot merge."""

    survivor: str
    gone: str
    name: str
    obstacle: str
    why: str
    vendor_text: str = ""


class MergeResult(msgspec.Struct):
    """How merging ended."""

    outcome: str
    merged: Sequence[Any]
    left: int


class Merge(msgspec.Struct):
    """`duplicates merge`."""

    written: bool
    pairs: list[MergePair]
    not_merged: list[NotMerged]
    unfinished: int
    result: MergeResult | None


def merge(
    plans: Sequence[merging.Plan],
    whys: Mapping[str, tuple[str, ...]],
    blocked: Sequence[merging.NotMerged],
    ended: merging.Ended | None,
    unfinished: int,
) -> Merge:
    """What merging would do, and how it ended if it was begun. `whys`: what speaks for a pair, by the id that goes."""
    return Merge(
        written=ended is not None,
        pairs=[
            MergePair(
                survivor=plan.survivor.id,
                gone=plan.gone.id,
                name=plan.gone.name,
                why=[*plan.why, *whys.get(plan.gone.id, ())],
                fills=plan.fills,
                conflicts=plan.conflicts,
                contacts=len(plan.contacts),
                relation=plan.relation,
                warnings=plan.warnings,
            )
            for plan in plans
        ],
        not_merged=[
            NotMerged(
                one.survivor,
                one.gone,
                one.name,
                one.blocked.obstacle,
                one.blocked.text,
                one.blocked.vendor_text,
            )
            for one in blocked
        ],
        unfinished=unfinished,
        result=_some(MergeResult, ended) if ended is not None else None,
    )


class PackLine(msgspec.Struct):
    """A merge that can be, or was, taken back."""

    pack: int
    name: str
    gone: str
    survivor: str
    state: str
    at: datetime


class Packs(msgspec.Struct):
    """`duplicates undo --list`."""

    packs: list[PackLine]


class EditLine(msgspec.Struct):
    """A row that edits a company."""

    row: int
    name: str
    company: str
    was: str
    wrong: bool
    name_only: bool


class Addition(msgspec.Struct):
    """A row that is added."""

    row: int
    name: str


class OutcomeLine(msgspec.Struct):
    """What one criterion would do."""

    criterion: str
    how: str
    fields: Sequence[str]
    edited: int
    added: int
    wrong: int
    name_only: int
    edits: list[EditLine]
    additions: list[Addition]


class Simulated(msgspec.Struct):
    """`duplicates simulate`."""

    rows: int
    companies: int
    recommended: str | None
    outcomes: list[OutcomeLine]
    notes: Sequence[str]
    irreversible: Sequence[str]
    kept: bool


def simulated(outcome: Outcome, names: Mapping[int, str]) -> OutcomeLine:
    """What one criterion would do. `names`: those of the rows."""
    return OutcomeLine(
        criterion=outcome.criterion.id,
        how=outcome.criterion.how,
        fields=outcome.criterion.fields,
        edited=len(outcome.edited),
        added=len(outcome.added),
        wrong=len(outcome.wrong),
        name_only=len(outcome.name_only),
        edits=[
            EditLine(edit.line, names[edit.line], edit.company, edit.was, edit.wrong, edit.name_only)
            for edit in outcome.edited
        ],
        additions=[Addition(number, names[number]) for number in outcome.added],
    )


class AddedLine(msgspec.Struct):
    """A company that the import made. `row` null: it fits no row of the file."""

    id: str
    name: str
    row: int | None
    foretold: bool
    suggested: Any


class Import(msgspec.Struct):
    """`duplicates simulate --compare`."""

    criterion: str
    as_foretold: bool
    edited: int
    added: list[AddedLine]
    unexpected: Sequence[int]
    missing: Sequence[int]
    fits: Sequence[str]
    gone: Sequence[str]


def compared(result: Compared, suggested: Mapping[str, Suggested]) -> Import:
    """An import against what was foretold. `suggested`: with whom each added one may have to be merged, by its id."""
    return Import(
        criterion=result.criterion,
        as_foretold=result.as_foretold,
        edited=result.edited,
        added=[
            AddedLine(one.key, one.name, one.line or None, one.foretold, suggested.get(one.key))
            for one in result.added
        ],
        unexpected=result.unexpected,
        missing=result.missing,
        fits=result.fits,
        gone=result.gone,
    )
