"""What a run has done so far: counts it, tells it as events, and keeps the gauges moving.

Every event of a run goes through here. Frequent ones (progress, gauges) are held back so that a reader at the other
end of a slow line is not flooded; the last state is always told.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Literal

from octowizard.locale import _
from octowizard.outbox.door import NotWritten, StillInDoubt
from octowizard.outbox.kinds import KINDS
from octowizard.planning import blockers
from octowizard.planning.blockers import Blocker
from octowizard.problems.card_text import Screens
from octowizard.problems.remedy import remedy
from octowizard.progress import Stop, Wait
from octowizard.snapshot.model import DocumentHead
from octowizard.sync import events
from octowizard.transport.errors import (
    LimitReached,
    LimitSpent,
    SignInRefused,
    Unreachable,
    VendorError,
    plainly,
)
from octowizard.workspace.intents import Kind

PROGRESS_SECONDS = 0.2
GAUGE_SECONDS = 1.0
MINUTE, LATELY = 60.0, 10.0  # seconds over which a pace is measured

Left = Literal["cancelled", "limit", "unreachable"]

# The events that are a step of a phase, by phase; those of documents belong to that of their kind.
_OF_CUSTOMERS = (events.RelationLinked, events.RelationCreated, events.CustomerFailed)
_OF_DOCUMENTS = (events.DocumentBooked, events.DocumentFailed, events.DocumentBlocked)
_OF_PAYMENTS = (
    events.PaymentRegistered,
    events.PaymentMirrored,
    events.PaymentParked,
    events.PaymentFailed,
)
_FAILING = (events.CustomerFailed, events.DocumentFailed, events.PaymentParked, events.PaymentFailed)


class Withheld(Exception):
    """Nothing is written for a document or customer: for a reason of its own, or because the run ends."""

    def __init__(self, why: Blocker | Left) -> None:
        self.why: Blocker | Left = why
        super().__init__(str(why))


def document(head: DocumentHead) -> events.Document:
    """The document as events name it."""
    return events.Document(
        kind=head.kind,
        id=head.id,
        number=head.number,
        date=head.date,
        customer=head.customer_name,
        amount=head.amount,
        currency=head.currency,
        web_url=head.web_url,
    )


def explained(reason: Blocker, screens: Screens) -> events.Explanation:
    """A reason as events carry it, with what its card says to do in these screens."""
    fix, fixed_when = remedy(reason.problem, reason.names, screens)
    return events.Explanation(
        problem=reason.problem,
        title=reason.title,
        evidence=reason.evidence,
        fix=fix,
        fixed_when=fixed_when,
        vendor=reason.vendor,
        vendor_code=reason.vendor_code,
        vendor_text=reason.vendor_text,
        vendor_request=reason.request,
    )


def _was_tried(event: events.Event) -> bool:
    """Is it a document that a vendor refused?"""
    return isinstance(event, events.DocumentFailed) and event.explanation.vendor is not None


def _pace(moments: deque[float], now: float) -> int | None:
    """How many a minute, since the first of these moments; None before there is a second to go by."""
    span = now - moments[0] if moments else 0.0
    return round(len(moments) / span * MINUTE) if span > 1 else None


class _Phase:
    """How far one phase is. `told`: when that was last said, monotonic seconds."""

    def __init__(self, name: events.PhaseName) -> None:
        self.name = name
        self.total = self.done = self.failing = 0
        self.state: Literal["waiting", "running", "done"] = "waiting"
        self.told = 0.0


class RunProgress:
    """The counts of one run. `gauges` asks what is left of the limits: (bookings, relations, Teamleader calls).

    `pauses`: the seconds that a limit of the minute takes for `left` documents, when `done` were handled so far.
    `screens`: how the vendors' screens look. `counts`: events by type. `outcomes`: why documents were left.
    """

    def __init__(
        self,
        emit: Callable[[events.Event], None],
        stop: Stop,
        gauges: Callable[[], tuple[int | None, int | None, int | None]],
        screens: Screens,
        pauses: Callable[[int, int], float] = lambda _done, _left: 0.0,
    ) -> None:
        self.stop = stop
        self._emit = emit
        self._gauges = gauges
        self._screens = screens
        names: tuple[events.PhaseName, ...] = ("customers", "invoices", "credit_notes", "payments")
        self._phases = {name: _Phase(name) for name in names}
        self._pauses = pauses
        self._wait: Wait | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._booked: deque[float] = deque()  # when, in the last minute
        self._handled: deque[float] = deque()  # documents and payments that were tried
        self._gauged = 0.0
        self._limits_told: set[str] = set()
        self._expected = self._in_sync_before = 0
        self.counts: Counter[type[events.Event]] = Counter()
        self.refused = 0  # documents that were tried, and refused by a vendor
        self.goes_on: datetime | None = None
        self.outcomes: set[str] = set()

    def expects(self, documents: int, in_sync: int) -> None:
        """How many documents wait, and how many are in sync already."""
        self._expected, self._in_sync_before = documents, in_sync

    @property
    def in_sync(self) -> int:
        """Documents that are in sync by now."""
        return self._in_sync_before + self.counts[events.DocumentBooked]

    @property
    def left_for_later(self) -> int:
        """Documents that were not reached, or wait for another's number."""
        return self.counts[events.DocumentLeft] + self.counts[events.DocumentBlocked]

    @property
    def _waiting(self) -> int:
        return (
            self._expected
            - self.counts[events.DocumentBooked]
            - self.counts[events.DocumentFailed]
            - self.left_for_later
        )

    # --- phases and gauges -----------------------------------------------------------------------------

    def phase(
        self,
        name: events.PhaseName,
        *,
        total: int | None = None,
        state: Literal["running", "done"] | None = None,
    ) -> None:
        """Set a phase's total or state, and tell it."""
        phase = self._phases[name]
        phase.total = phase.total if total is None else total
        phase.state = state or phase.state
        self._tell_phase(phase)

    def step(self, name: events.PhaseName, *, failing: bool = False) -> None:
        """One more of a phase is done."""
        phase = self._phases[name]
        phase.done += 1
        phase.failing += failing
        phase.total = max(phase.total, phase.done)
        if phase.state == "waiting":
            phase.state = "running"
        now = time.monotonic()
        if now - phase.told >= PROGRESS_SECONDS:
            self._tell_phase(phase)
        if now - self._gauged >= GAUGE_SECONDS:
            self.gauge()

    def _tell_phase(self, phase: _Phase) -> None:
        phase.told = time.monotonic()
        self._emit(
            events.PhaseProgress(
                phase=phase.name,
                state=phase.state,
                done=phase.done,
                total=phase.total,
                failing=phase.failing,
            )
        )

    def gauge(self) -> None:
        """Tell what is left of the limits, and how fast it goes."""
        now = time.monotonic()
        self._gauged = now
        for moments in (self._booked, self._handled):
            while moments and now - moments[0] > MINUTE:
                moments.popleft()
        bookings, relations, teamleader = self._gauges()
        self._emit(
            events.Gauge(
                bookings_left=bookings,
                relations_left=relations,
                teamleader_left=teamleader,
                per_minute=_pace(self._booked, now),
                lately=self._lately(now),
                seconds_left=self._seconds_left(_pace(self._handled, now)),
            )
        )
        self._emit(
            events.Counters(
                in_sync=self.in_sync,
                excluded=self.counts[events.DocumentExcluded],
                failing=self.counts[events.DocumentFailed],
                waiting=self._waiting,
            )
        )

    def _lately(self, now: float) -> int | None:
        """Documents a minute by the last seconds; 0 in a pause, None before the first is booked."""
        if not self.counts[events.DocumentBooked]:
            return None
        return round(sum(now - at <= LATELY for at in self._booked) / LATELY * MINUTE)

    def _seconds_left(self, speed: int | None) -> int | None:
        """What is left still takes, by the pace so far or by the pauses for a limit of the minute; None: unknown."""
        payments = self._phases["payments"]
        left = self._waiting + max(0, payments.total - payments.done)
        pauses = self._pauses(self._expected - self._waiting + payments.done, left)
        if not speed:
            return round(pauses) or None
        return round(max(left * MINUTE / speed, pauses))

    def wait(self, wait: Wait | None) -> None:
        """The run stands still, or (None) goes on: told at once, and then every second."""
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        if wait is not None:
            self._wait = wait
            self._ticking = asyncio.get_running_loop().create_task(self._count_down(wait))
        elif self._wait is not None:
            self._tell_wait(self._wait, 0)
            self._wait = None
        self.gauge()

    async def _count_down(self, wait: Wait) -> None:
        while (left := ceil(wait.seconds)) > 0:
            self._tell_wait(wait, left)
            self.gauge()
            await asyncio.sleep(GAUGE_SECONDS)

    def _tell_wait(self, wait: Wait, seconds: int) -> None:
        self._emit(events.Waiting(vendor=wait.vendor, why=wait.why, seconds=seconds, limit=wait.limit))

    # --- what happens ----------------------------------------------------------------------------------

    def tell(self, event: events.Event) -> None:
        """Count an event and pass it on."""
        self.counts[type(event)] += 1
        if isinstance(event, events.DocumentBooked):
            self._booked.append(time.monotonic())
        elif isinstance(event, events.DocumentFailed):
            self.refused += _was_tried(event)
        elif isinstance(event, events.DocumentLeft):
            self.outcomes.add(event.reason)
        self._emit(event)
        # What is blocked by what was read takes no time, so that it says nothing of the pace.
        if isinstance(event, (events.DocumentBooked, *_OF_PAYMENTS)) or _was_tried(event):
            self._handled.append(time.monotonic())
        if isinstance(event, _OF_DOCUMENTS):
            phase: events.PhaseName = "invoices" if event.document.kind == "invoice" else "credit_notes"
        elif isinstance(event, _OF_CUSTOMERS):
            phase = "customers"
        elif isinstance(event, _OF_PAYMENTS):
            phase = "payments"
        else:
            return
        self.step(phase, failing=isinstance(event, _FAILING))

    def explained(self, reason: Blocker) -> events.Explanation:
        """A reason as events carry it, with what its card says to do."""
        return explained(reason, self._screens)

    def withheld(self, error: VendorError | NotWritten | StillInDoubt) -> Withheld:
        """What a write that failed means for its document or customer; a refused sign-in is raised: it ends the run."""
        if isinstance(error, SignInRefused):
            raise error
        cause = error if isinstance(error, VendorError) else error.cause
        if isinstance(error, NotWritten):
            return Withheld(blockers.refused_by_vendor(cause))
        if isinstance(cause, LimitSpent | LimitReached):
            self.limit(cause)
            return Withheld("limit")
        if isinstance(error, StillInDoubt) or isinstance(cause, Unreachable):
            return Withheld("unreachable")
        return Withheld(blockers.refused_by_vendor(cause))

    def limit(self, error: VendorError) -> None:
        """A limit of the day is spent; told once per operation."""
        self.outcomes.add("limit")
        until = error.until if isinstance(error, LimitSpent | LimitReached) else None
        if until is not None:
            self.goes_on = until if self.goes_on is None else max(self.goes_on, until)
        if error.operation not in self._limits_told:
            self._limits_told.add(error.operation)
            self._emit(
                events.LimitReached(
                    vendor=error.vendor, operation=error.operation, until=until, message=plainly(error)
                )
            )

    def payment_failed(
        self, head: DocumentHead, amount: Decimal, why: Blocker | VendorError | NotWritten | StillInDoubt
    ) -> None:
        """A payment could not be registered or mirrored; a refused sign-in is raised: it ends the run."""
        if isinstance(why, SignInRefused):
            raise why
        if isinstance(why, NotWritten | StillInDoubt):
            why = why.cause
        reason = blockers.refused_by_vendor(why) if isinstance(why, VendorError) else why
        self.tell(
            events.PaymentFailed(document=document(head), amount=amount, explanation=self.explained(reason))
        )

    def settled(self, kind: Kind, label: str, outcome: Literal["done", "not_done", "parked"]) -> None:
        """A doubt of an earlier moment was looked up."""
        messages = {
            "done": _("It had been written; it is not written again."),
            "not_done": _("It had not been written; it is written now.")
            if KINDS[kind].by_sync != "never"
            else _("It had not been written."),
            "parked": _("It cannot be told; a person decides."),
        }
        self._emit(events.Settled(kind=kind, label=label, outcome=outcome, message=messages[outcome]))
