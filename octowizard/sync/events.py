"""Everything that happens in a sync, as typed events: the one stream that app, console and `--json` read.

One JSON line each: `{"schema": 1, "event": "document_booked", ...}`. What is unknown is null. Amounts are
JSON numbers with two decimals, dates `YYYY-MM-DD`, moments ISO 8601 in UTC. New fields may be added within
schema 1; none is renamed or removed. Texts (`title`, `evidence`, `fix`, `question`, `message`) are already in
the user's language and may hold text from outside: show them letter for letter.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from octowizard.locale import _
from octowizard.progress import Verdict, Why
from octowizard.workspace.broken import damaged
from octowizard.workspace.db import UNREADABLE, Workspace
from octowizard.workspace.intents import Kind

SCHEMA = 1

DocumentKind = Literal["invoice", "credit_note"]
PhaseName = Literal["customers", "invoices", "credit_notes", "payments"]
Outcome = Literal["complete", "attention", "cancelled", "limit", "refused", "unreachable"]
WatchOutcome = Literal["complete", "attention", "cancelled", "limit", "unreachable"]


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def verdict_of(outcome: Outcome | WatchOutcome) -> Verdict:
    """What a person has to do about a run or a watch that ended so."""
    match outcome:
        case "complete":
            return "well"
        case "cancelled":
            return "stopped"
        case "limit" | "unreachable":
            return "unknown"
    return "attention"


class Event(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag_field="event", tag=_snake):
    """The root of all events; the JSON name is the class name in snake case."""


class Explanation(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Why something fails: the catalogue's problem, and what is known about it here."""

    problem: str  # id of the catalogue, e.g. `closed-period`
    title: str  # one line
    evidence: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    fixed_when: str = ""
    vendor: str | None = None  # Octopus or Teamleader, when it was the vendor that refused
    vendor_code: int | None = None
    vendor_text: str | None = None
    vendor_request: str | None = None  # the operation, as the vendor's contract names it


class Document(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The document an event is about, as Teamleader names it. `amount`: VAT included, never negative."""

    kind: DocumentKind
    id: str
    number: str  # `2026 / 15`, `2026/3`
    date: date
    customer: str
    amount: Decimal
    currency: str
    web_url: str | None = None


class RunStarted(Event, frozen=True, kw_only=True):
    """The first event of a run. `resumed`: an earlier run was cut off and its doubts come first."""

    run: int
    profile: str
    dry_run: bool
    octopus: str  # dossier, `9045119 Acme NV`
    teamleader: str  # department
    start_date: date
    numbering: str  # follow | next
    resumed: bool = False


class Reading(Event, frozen=True, kw_only=True):
    """One more thing has been read; `count` records so far.

    `of`: records in all, where that is known; `about`: as many as there were the last time. `a_call`: records that
    one call brings. `limit`: calls a minute that `vendor` allows. `seconds_left`: pauses for that limit included.
    """

    what: str
    count: int
    vendor: str | None = None
    of: int | None = None
    about: bool = False
    a_call: int | None = None
    limit: int | None = None
    seconds_left: int | None = None


class Settled(Event, frozen=True, kw_only=True):
    """A write whose outcome an earlier run never learnt has been looked up, or given to the user."""

    kind: Kind
    label: str
    outcome: Literal["done", "not_done", "parked"]
    message: str


class PhaseProgress(Event, frozen=True, kw_only=True):
    """Where a phase stands. `total` can still grow while lists are read. `failing` are among `done`."""

    phase: PhaseName
    state: Literal["waiting", "running", "done"]
    done: int
    total: int
    failing: int = 0


class RelationLinked(Event, frozen=True, kw_only=True):
    """A customer is an existing relation. `by`: vat_number | external_number | name_and_address."""

    customer_id: str
    customer: str
    relation: int
    by: str


class RelationCreated(Event, frozen=True, kw_only=True):
    """A customer has been made a relation (dry run: would be, and `relation` is absent)."""

    customer_id: str
    customer: str
    external_number: int
    relation: int | None = None


class CustomerFailed(Event, frozen=True, kw_only=True):
    """A customer that cannot become a relation; its documents fail with it."""

    customer_id: str
    customer: str
    explanation: Explanation


class DocumentWaiting(Event, frozen=True, kw_only=True):
    """A document that is to be booked."""

    document: Document


class DocumentBooked(Event, frozen=True, kw_only=True):
    """Booked (dry run: would be) as `journal`/`number` in the bookyear and period."""

    document: Document
    bookyear: int
    journal: str
    number: int
    period: int
    found: bool = False  # it already stood there: looked up, not written now


class DocumentFailed(Event, frozen=True, kw_only=True):
    """Not booked. `blocks` counts the documents that wait for it because numbers must be gap-free."""

    document: Document
    explanation: Explanation
    blocks: int = 0


class DocumentBlocked(Event, frozen=True, kw_only=True):
    """Not booked, because `waits_for` (a document number) must be booked first."""

    document: Document
    waits_for: str


class DocumentExcluded(Event, frozen=True, kw_only=True):
    """Not for this sync, with the reason (`before-start`, `excluded-by-user`, ...)."""

    document: Document
    reason: str
    message: str


BY_USER = "excluded-by-user"


def kept_out(document: Document) -> DocumentExcluded:
    """A document that the user keeps out."""
    return DocumentExcluded(document=document, reason=BY_USER, message=_("You keep it out of the sync."))


class DocumentLeft(Event, frozen=True, kw_only=True):
    """Not reached: cancelled, or a limit ended the run."""

    document: Document
    reason: Literal["cancelled", "limit", "unreachable"]


class PaymentRegistered(Event, frozen=True, kw_only=True):
    """Matched in Octopus, now (dry run: would be) a payment in Teamleader. `in_full`: nothing stays due."""

    document: Document
    amount: Decimal
    paid_on: date
    in_full: bool


class PaymentMirrored(Event, frozen=True, kw_only=True):
    """Paid in Teamleader, now booked and matched in Octopus through the journal the user named."""

    document: Document
    amount: Decimal
    paid_on: date
    journal: str
    number: int


class PaymentParked(Event, frozen=True, kw_only=True):
    """A payment that only a person can settle, with the question."""

    document: Document
    amount: Decimal
    question: str


class PaymentFailed(Event, frozen=True, kw_only=True):
    """A payment that could not be registered; it is tried again in the next run."""

    document: Document
    amount: Decimal
    explanation: Explanation


class PaymentDrift(Event, frozen=True, kw_only=True):
    """The two sides disagree on what is paid, and octowizard leaves it so, as documented."""

    document: Document
    message: str


class Gauge(Event, frozen=True, kw_only=True):
    """What is left and how fast it goes; at most once a second. Seconds and counts; absent = unknown."""

    bookings_left: int | None = None  # bookings Octopus still takes today
    relations_left: int | None = None
    teamleader_left: int | None = None  # calls left in the present minute
    per_minute: int | None = None  # documents booked in the last minute
    lately: int | None = None  # the same a minute, by the last ten seconds
    seconds_left: int | None = None  # pauses for a limit of the minute included


class Waiting(Event, frozen=True, kw_only=True):
    """The run stands still and goes on in `seconds`; once a second, and with 0 when it goes on.

    `limit`: calls a minute that are spent, where that is why; `why` as in `progress.Wait`.
    """

    vendor: str
    why: Why
    seconds: int
    limit: int = 0


class Counters(Event, frozen=True, kw_only=True):
    """The three counters, and what still waits."""

    in_sync: int
    excluded: int
    failing: int
    waiting: int


class LimitReached(Event, frozen=True, kw_only=True):
    """A limit of the day ends the run for some or all documents; it goes on at `until`."""

    vendor: str
    operation: str
    until: datetime | None
    message: str


class Notice(Event, frozen=True, kw_only=True):
    """Something to know that is not about one document (clock of this computer differs, ...)."""

    message: str
    level: Literal["info", "warning"] = "info"


class RunRefused(Event, frozen=True, kw_only=True):
    """The run cannot begin; nothing was written."""

    explanation: Explanation


class RunFinished(Event, frozen=True, kw_only=True):
    """The last event of a run. Counts of this run; `in_sync`, `excluded` and `failing` count documents of all
    that the run looked at, `left_for_later` those that were to be booked and were not reached. Of `failing`,
    `refused` were tried and refused by a vendor; of `left_for_later`, `behind` wait for the number of another.
    """

    run: int
    dry_run: bool
    outcome: Outcome
    booked: int
    relations_created: int
    relations_linked: int
    payments_registered: int
    in_sync: int
    excluded: int
    failing: int
    left_for_later: int
    refused: int = 0
    behind: int = 0
    payments_mirrored: int = 0
    payments_parked: int = 0
    payments_drifting: int = 0
    goes_on: datetime | None = None
    seconds: float = 0.0
    message: str = ""
    read_at: datetime | None = None  # as of when both sides are; None: not read

    @property
    def verdict(self) -> Verdict:
        """What a person has to do about it."""
        wanting = self.failing or self.payments_parked or self.payments_drifting
        return "attention" if self.outcome == "complete" and wanting else verdict_of(self.outcome)


# --- of a watch ---------------------------------------------------------------------------------------------


class WatchStarted(Event, frozen=True, kw_only=True):
    """The first event of a watch: Teamleader's own integration books, octowizard looks. `seconds`: for how long."""

    profile: str
    octopus: str
    teamleader: str
    start_date: date
    seconds: int | None = None  # None: until all has arrived


class DocumentArrived(Event, frozen=True, kw_only=True):
    """A document was recognised in Octopus, for the first time. `already`: it stood there when the watch began."""

    document: Document
    bookyear: int
    journal: str
    number: int
    relation: int | None = None
    already: bool = False


class PaymentAwaited(Event, frozen=True, kw_only=True):
    """Matched in Octopus, and not yet a payment in Teamleader."""

    document: Document
    amount: Decimal
    paid_on: date


class WatchCounts(Event, frozen=True, kw_only=True):
    """Documents now: `in_sync`, `waiting` (nothing is seen that stops them), `blocked`, `excluded`.

    Since the watch began: `arrived`, `payments_back`. `payments_unfollowed`: of invoices in a foreign currency for
    which Teamleader names no exchange rate, so that what is matched cannot be told from what is paid.
    `seen`: whether both sides were seen since it began; where they were not, the figures are 0 and tell nothing.
    """

    in_sync: int
    arrived: int
    waiting: int
    blocked: int
    excluded: int
    payments_awaited: int
    payments_back: int
    payments_unfollowed: int = 0
    seen: bool = True


class WatchLooked(WatchCounts, frozen=True, kw_only=True):
    """Both sides were looked at. `looks_left`: that today's calls allow."""

    look: int
    looks_left: int | None = None


class WatchFinished(WatchCounts, frozen=True, kw_only=True):
    """The last event of a watch. `calls`: to Octopus, signing in aside."""

    outcome: WatchOutcome
    looks: int
    calls: int
    seconds: float = 0.0
    message: str = ""


RunEvent = (
    RunStarted
    | Reading
    | Settled
    | PhaseProgress
    | RelationLinked
    | RelationCreated
    | CustomerFailed
    | DocumentWaiting
    | DocumentBooked
    | DocumentFailed
    | DocumentBlocked
    | DocumentExcluded
    | DocumentLeft
    | PaymentRegistered
    | PaymentMirrored
    | PaymentParked
    | PaymentFailed
    | PaymentDrift
    | Gauge
    | Waiting
    | Counters
    | LimitReached
    | Notice
    | RunRefused
    | RunFinished
)
WatchEvent = WatchStarted | DocumentArrived | PaymentAwaited | WatchLooked | WatchFinished
AnyEvent = RunEvent | WatchEvent

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def to_line(event: Event) -> bytes:
    """The event as one JSON line, without the line break."""
    body = _encoder.encode(event)
    return b'{"schema":%d,%s' % (SCHEMA, body[1:])


def from_line(line: bytes | str) -> AnyEvent:
    """The event behind a line of `to_line`; unknown members are ignored. Raises what `UNREADABLE` names."""
    return _decoder.decode(line)


def kept_event(workspace: Workspace, line: bytes) -> AnyEvent:
    """The event behind a line that a workspace keeps. WorkspaceDamaged for one that octowizard never wrote."""
    try:
        return from_line(line)
    except UNREADABLE as error:
        raise damaged(workspace.path, f"what an earlier run did: {error}") from None
