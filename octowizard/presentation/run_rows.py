"""A run as it stands: its events folded into rows, phases and counts; the rows by what has to be done about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from decimal import Decimal
from itertools import chain
from typing import Literal

import msgspec

from octowizard.locale import _
from octowizard.locale.counted import counted
from octowizard.locale.formats import amount, count, day
from octowizard.presentation.events import Line, awaited, left_because, line, waits_for
from octowizard.presentation.run_progress import RunProgress
from octowizard.presentation.run_summary import Counts, JournalSum
from octowizard.presentation.sparkline import Rates
from octowizard.sync import events as e

State = Literal[
    "waiting",
    "ready",
    "left",
    "blocked",
    "booked",
    "paid",
    "failing",
    "unpaid",
    "question",
    "drift",
    "excluded",
    "awaited",
]
Standing = Literal["booked", "ready", "blocked", "failed", "excluded"]
Filter = Literal["all", "failing", "waiting", "booked", "excluded"]

MARKS: dict[State, str] = {
    "waiting": "○",
    "ready": "○",
    "left": "○",
    "blocked": "✖",
    "booked": "✔",
    "paid": "✔",
    "failing": "✖",
    "unpaid": "✖",
    "question": "▲",
    "drift": "▲",
    "excluded": "–",
    "awaited": "○",
}
_BEHIND: frozenset[State] = frozenset({"failing", "blocked", "unpaid"})
_DONE: frozenset[State] = frozenset({"booked", "paid", "ready"})  # what a run, or its preview, has dealt with
SHOWN_BY: dict[Filter, frozenset[State]] = {
    "all": frozenset(MARKS),
    "failing": frozenset({"failing", "unpaid", "question", "drift", "blocked"}),
    "waiting": frozenset({"waiting", "ready", "left", "awaited"}),
    "booked": frozenset({"booked", "paid"}),
    "excluded": frozenset({"excluded"}),
}


class Row(msgspec.Struct, gc=False, kw_only=True):
    """A document (or a customer that fails) and where it stands; never part of a cycle of references."""

    key: str
    name: str  # the document's number; empty for a customer
    customer: str
    document: e.Document | None = None
    state: State = "waiting"
    status: str = ""  # `V1/41`, `period is closed`, `waits for 2026 / 142`
    note: str = ""  # a question, a reason, a drift, in full
    payment: str = ""  # `paid 500,00 on 14/03/2026`
    explanation: e.Explanation | None = None
    blocks: int = 0
    waits_for: str = ""
    reason: str = ""  # why it is excluded: `excluded-by-user`
    booked: e.DocumentBooked | None = None
    counted: Standing | None = None  # as what it is in the counts of its run

    @property
    def mark(self) -> str:
        return MARKS[self.state]

    @property
    def stands(self) -> str:
        """What is said behind the row: nothing that the heading above it says already, as it says a cause."""
        if self.explanation is not None:
            return _("holds up {count}").format(count=count(self.blocks)) if self.blocks else ""
        if self.state == "waiting":
            return ""
        done = self.booked is not None and self.state in _DONE
        return f"→ {self.status}" if done else self.status

    @property
    def was_tried(self) -> bool:
        """Was it refused by a vendor, and not held back by what had been read?"""
        return self.explanation is not None and self.explanation.vendor is not None

    def holds(self, words: str) -> bool:
        """Is `words` (already casefolded) somewhere in what the row shows?"""
        return (
            words in self.name.casefold()
            or words in self.customer.casefold()
            or words in self.status.casefold()
            or words.replace(" ", "") in self.name.replace(" ", "").casefold()
        )


Piles = tuple[dict[str, Row], dict[str, Row]]  # rows by key; the second of credit notes


class RunState(RunProgress):
    """All that is known of one run so far. `rows` keeps the order in which the documents came.

    `latest`: the documents that were dealt with, the newest last. `standing`: the rows by where they stand, as they
    came there, credit notes after all others: invoices and credit notes are numbered, and written, each by themselves.
    Both are kept event by event, because looking through 100,000 rows would hold up whoever shows them.
    `rates`: documents a minute, as it went on.
    """

    def __init__(self, *, dry_run: bool) -> None:
        super().__init__()
        self.dry_run = dry_run
        self.rows: dict[str, Row] = {}
        self.latest: dict[str, Row] = {}
        self.standing: dict[State, Piles] = {}
        self.rates = Rates()
        self.finished: e.RunFinished | None = None
        self.refused: e.Explanation | None = None
        self.looked: e.WatchLooked | None = None
        self.watched: e.WatchFinished | None = None
        self.limit: e.LimitReached | None = None
        self.counted = False  # has it said how many are in sync?
        self.notices: list[Line] = []
        self.behind: dict[str, Row] = {}  # what stays behind, customers too
        self._before = 0  # documents that were in sync when it began
        self._bookings = 0  # rows with a booking
        self.longest_status = 0  # letters of what is said behind a row, of all that were said
        self._tally: Counter[Standing | None] = Counter()

    def goes_on(self, *, dry_run: bool) -> None:
        """Another run begins, whose documents are among these rows."""
        self.again()
        self.dry_run = dry_run
        self.finished = self.refused = self.limit = None
        self.rates = Rates()

    def counts(self) -> Counts:
        """How the documents stand now."""
        if (looked := self.looked) is not None:
            return Counts(looked.in_sync, looked.waiting, looked.blocked, 0, looked.excluded)
        tally = self._tally
        return Counts(
            self._before + tally["booked"],
            tally["ready"],
            tally["blocked"],
            tally["failed"],
            tally["excluded"],
        )

    def _standing(self, row: Row) -> Standing | None:
        """In which of the counts a document is; None: it was in sync before the run began."""
        match row.state:
            case "waiting" | "ready" | "left":
                return "ready"
            case "failing" if row.was_tried and not self.dry_run:
                return "failed"
            case "failing" | "blocked":
                return "blocked"
            case "excluded":
                return "excluded"
        if row.booked is None:
            return None
        return "ready" if self.dry_run and not row.booked.found else "booked"

    def _count(self, row: Row) -> None:
        """Count a document anew, as it stands now."""
        before, now = row.counted, self._standing(row)
        if before != now:
            self._tally[before] -= 1
            self._tally[now] += 1
            row.counted = now
        self.longest_status = max(self.longest_status, len(row.stands))
        if row.state in _BEHIND:
            self.behind[row.key] = row
        else:
            self.behind.pop(row.key, None)

    def apply(self, event: e.Event) -> None:
        """Take in one event, in the order in which they come."""
        super().apply(event)
        match event:
            case e.DocumentWaiting():
                self._set(event.document, "waiting", _("ready"))
            case e.DocumentBooked():
                foreseen = self.dry_run and not event.found
                where = f"{event.journal}/{event.number}"
                row = self._set(event.document, "ready" if foreseen else "booked", where)
                self._bookings += row.booked is None
                row.booked = event
                self._dealt_with(row)
            case e.DocumentArrived():
                self._dealt_with(self._set(event.document, "booked", f"{event.journal}/{event.number}"))
            case e.DocumentFailed():
                row = self._set(event.document, "failing", event.explanation.title)
                row.explanation, row.blocks = event.explanation, event.blocks
            case e.DocumentBlocked():
                row = self._set(event.document, "blocked", waits_for(event.waits_for))
                row.waits_for = event.waits_for
            case e.DocumentExcluded():
                row = self._set(event.document, "excluded", event.message)
                row.note, row.reason = event.message, event.reason
            case e.DocumentLeft():
                self._set(event.document, "left", left_because(event.reason))
            case e.PaymentRegistered() | e.PaymentMirrored():
                self._paid(event)
            case e.PaymentAwaited():
                status = _("paid on {day}").format(day=day(event.paid_on))
                self._set(event.document, "awaited", status).note = awaited(event)
            case e.PaymentParked():
                self._set(event.document, "question", _("a question for you")).note = event.question
            case e.PaymentFailed():
                row = self._set(event.document, "unpaid", event.explanation.title)
                row.explanation = event.explanation
            case e.PaymentDrift():
                self._set(event.document, "drift", _("paid on one side only")).note = event.message
            case e.CustomerFailed():
                self._customer(event)
            case e.Gauge():
                self.rates.take(event.lately, event.per_minute)
            case e.Counters():
                self.counted = True
                self._before = event.in_sync - self._bookings
            case e.Settled() | e.Notice():
                self.notices += filter(None, [line(event)])
            case e.LimitReached():
                self.limit = event
            case e.RunRefused():
                self.refused = event.explanation
            case e.RunFinished():
                self.finished = event
            case e.WatchLooked():
                self.looked = event
            case e.WatchFinished():
                self.watched = event
            case _:
                pass  # it changes nothing of what is shown, or is of a later version
        about: e.Document | None = getattr(event, "document", None)
        if about is not None and (row_now := self.rows.get(about.id)) is not None:
            self._count(row_now)

    def decided(self, document: e.Document, *, out: bool) -> None:
        """The user keeps a document out, or lets it in again, when the run is over."""
        self.apply(e.kept_out(document) if out else e.DocumentWaiting(document=document))

    def _set(self, document: e.Document, state: State, status: str) -> Row:
        row = self.rows.get(document.id)
        if row is None:
            row = Row(key=document.id, name=document.number, customer=document.customer)
            self.rows[document.id] = row
        elif row.state != state:
            self._pile(row.state, document).pop(row.key)
        self._pile(state, document)[row.key] = row
        if state not in _DONE:
            self.latest.pop(row.key, None)
        row.document, row.state, row.status = document, state, status
        row.explanation, row.note, row.waits_for, row.blocks, row.reason = None, "", "", 0, ""
        return row

    def _pile(self, state: State, document: e.Document | None) -> dict[str, Row]:
        """The rows among which one that stands so is kept."""
        piles = self.standing.setdefault(state, ({}, {}))
        return piles[document is not None and document.kind == "credit_note"]

    def _dealt_with(self, row: Row) -> None:
        """It is the latest, unless it is among them."""
        self.latest.setdefault(row.key, row)

    def _paid(self, event: e.PaymentRegistered | e.PaymentMirrored) -> None:
        known = self.rows.get(event.document.id)
        if known is None or known.state not in _DONE:
            known = self._set(event.document, "paid", "")
        known.payment = _("{amount} paid on {day}").format(
            amount=amount(event.amount, event.document.currency), day=day(event.paid_on)
        )
        where = f"{known.booked.journal}/{known.booked.number} · " if known.booked else ""
        whole = isinstance(event, e.PaymentRegistered) and event.in_full
        known.status = where + (
            _("paid") if whole else _("paid {amount}").format(amount=amount(event.amount))
        )
        self._dealt_with(known)

    def _customer(self, event: e.CustomerFailed) -> None:
        key = f"customer {event.customer_id}"
        row = Row(
            key=key,
            name="",
            customer=event.customer,
            state="failing",
            status=event.explanation.title,
            explanation=event.explanation,
        )
        self.behind[key] = self.rows[key] = self._pile("failing", None)[key] = row


class Section(msgspec.Struct, kw_only=True):
    """Rows that belong together, under one title."""

    title: str
    mark: str
    rows: list[Row]
    explanation: e.Explanation | None = None

    @property
    def tally(self) -> str:
        """`2 documents`, or `1 customer` where no document is among the rows."""
        if self.explanation is None:  # nothing is said of customers but why they fail
            return counted("document", len(self.rows))
        documents = sum(row.document is not None for row in self.rows)
        return counted("document", documents) if documents else counted("customer", len(self.rows))


def sections(rows: Iterable[Row], *, dry_run: bool) -> list[Section]:
    """The rows by what has to be done about them: causes first, the one that holds up most on top."""
    standing: dict[State, list[Row]] = {}
    for row in rows:
        standing.setdefault(row.state, []).append(row)
    return _arranged(standing, dry_run=dry_run)


def standing_sections(
    state: RunState,
    shown: Callable[[Row], bool] | None = None,
    *,
    states: Container[State] = frozenset(MARKS),
) -> list[Section]:
    """The same of all rows of a run that stand so, and are `shown`; None: all."""
    standing = {one: _piled(piles, shown) for one, piles in state.standing.items() if one in states}
    return _arranged(standing, dry_run=state.dry_run)


def live_sections(
    state: RunState,
    shown: Callable[[Row], bool] | None = None,
    *,
    states: Container[State] = frozenset(MARKS),
) -> list[Section]:
    """As `standing_sections`, while the run goes on: what was dealt with last on top, the others by what is to be done.

    Nothing changes its place but what is dealt with: it goes to the top.
    """
    done = _shown(reversed(state.latest.values()), shown)
    if any(one not in states for one in _DONE):
        done = [row for row in done if row.state in states]
    latest = [Section(title=_("Just now"), mark="●", rows=done)] if done else []
    others = {one: piles for one, piles in state.standing.items() if one in states and one not in _DONE}
    standing = {one: _piled(piles, shown) for one, piles in others.items()}
    return [*latest, *_arranged(standing, dry_run=state.dry_run)]


def _shown(rows: Iterable[Row], shown: Callable[[Row], bool] | None) -> list[Row]:
    return list(rows if shown is None else filter(shown, rows))


def _piled(piles: Piles, shown: Callable[[Row], bool] | None) -> list[Row]:
    return _shown(chain(*(pile.values() for pile in piles)), shown)


def _arranged(standing: Mapping[State, list[Row]], *, dry_run: bool) -> list[Section]:
    """Of rows by where they stand, the sections: what can be told of a whole state is not asked of each of its rows."""
    causes: dict[tuple[str, str], Section] = {}
    cause_of: dict[tuple[str, str], Section] = {}  # by kind and number of a document
    for row in (row for one in ("failing", "unpaid") for row in standing.get(one, ())):
        if (why := row.explanation) is None:
            continue
        cause = causes.setdefault(
            (why.problem, why.title), Section(title=why.title, mark="✖", rows=[], explanation=why)
        )
        cause.rows.append(row)
        if row.document is not None:
            cause_of[row.document.kind, row.name] = cause
    blocked = standing.get("blocked", ())
    lonely: list[Row] = []
    for row in blocked:
        kind = row.document.kind if row.document else ""
        if (cause_of_first := cause_of.get((kind, row.waits_for))) is None:
            lonely.append(row)
        else:
            cause_of_first.rows.append(row)
            cause_of[kind, row.name] = cause_of_first
    for cause in causes.values():
        cause.rows = _without_customers_of_documents(cause.rows)
    titles: list[tuple[State, str]] = [
        ("question", _("Questions for you")),
        ("drift", _("Paid on one side only")),
        ("left", _("Left for the next run")),
        ("ready", _("Ready")),
        ("waiting", _("Ready")),
        ("awaited", _("Paid in Octopus, not in Teamleader yet")),
        ("booked", _("Booked")),
        (
            "paid",
            _("Payments to register in Teamleader") if dry_run else _("Payments registered in Teamleader"),
        ),
        ("excluded", _("Excluded")),
    ]
    return [
        *sorted(causes.values(), key=lambda section: -len(section.rows)),
        *([Section(title=_("Blocked by another document"), mark="✖", rows=lonely)] if lonely else []),
        *(
            Section(title=title, mark=MARKS[state], rows=standing[state])
            for state, title in titles
            if standing.get(state)
        ),
    ]


def _without_customers_of_documents(rows: list[Row]) -> list[Row]:
    """The rows, less each customer whose failure its own documents among them tell already."""
    named = {row.customer for row in rows if row.document is not None}
    return [row for row in rows if row.document is not None or row.customer not in named]


def stuck(state: RunState) -> int:
    """The number of documents that stay behind; a customer that fails has a row too, but is none."""
    return sum(row.document is not None for row in state.behind.values())


def journal_sums(state: RunState) -> list[JournalSum]:
    """What would be written, journal by journal: the summary a user confirms."""
    groups: dict[tuple[str, Literal["invoice", "credit_note"], str], list[e.DocumentBooked]] = {}
    for row in state.rows.values():
        if row.state in _DONE and row.booked is not None and not row.booked.found:
            document = row.booked.document
            groups.setdefault((row.booked.journal, document.kind, document.currency), []).append(row.booked)
    return [
        JournalSum(
            journal=journal,
            kind=kind,
            documents=len(bookings),
            first=min(booking.number for booking in bookings),
            last=max(booking.number for booking in bookings),
            total=sum((booking.document.amount for booking in bookings), Decimal()),
            currency=currency,
        )
        for (journal, kind, currency), bookings in sorted(groups.items())
    ]
