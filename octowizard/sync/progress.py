"""What a run has done so far: counts it, says it as events, and keeps the gauges moving.

The only place where events of a run are made. Frequent ones (progress, gauges) are held back so that a reader at
the other end of a slow line is not flooded; the last state is always told.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from octowizard.locale import _
from octowizard.locale.labels import Language
from octowizard.outbox.kinds import KINDS
from octowizard.planning.blockers import Blocker
from octowizard.problems.remedy import remedy
from octowizard.progress import Stop
from octowizard.snapshot.model import CustomerFacts, DocumentHead
from octowizard.sync import events
from octowizard.transport.errors import LimitReached, LimitSpent, VendorError
from octowizard.workspace.intents import Kind

PROGRESS_SECONDS = 0.2
GAUGE_SECONDS = 1.0


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


def explanation(reason: Blocker, language: Language) -> events.Explanation:
    """The reason as events carry it, with what its card says to do. `language`: that of the vendors' screens."""
    fix, fixed_when = remedy(reason.problem, reason.names, language)
    return events.Explanation(
        problem=reason.problem,
        title=reason.title,
        evidence=reason.evidence,
        fix=fix,
        fixed_when=fixed_when,
        vendor=reason.vendor,
        vendor_code=reason.vendor_code,
        vendor_text=reason.vendor_text,
    )


class Phase:
    """How far one phase is."""

    def __init__(self, name: events.PhaseName, total: int = 0) -> None:
        self.name = name
        self.total = total
        self.done = 0
        self.failing = 0
        self.state: str = "waiting"
        self.told = 0.0


class RunProgress:
    """The counts of one run. `gauges` asks what is left of the limits: (bookings, relations, Teamleader calls)."""

    def __init__(
        self,
        emit: Callable[[events.Event], None],
        stop: Stop,
        gauges: Callable[[], tuple[int | None, int | None, int | None]],
        language: Language,
    ) -> None:
        self.stop = stop
        self._emit = emit
        self._gauges = gauges
        self._language = language
        self._phases: dict[str, Phase] = {
            name: Phase(name) for name in ("customers", "invoices", "credit_notes", "payments")
        }
        self._recent: deque[float] = deque()
        self._gauged = 0.0
        self._limits_told: set[str] = set()
        self.booked_now = 0
        self.relations_created = 0
        self.relations_linked = 0
        self.payments_registered = 0
        self.payments_mirrored = 0
        self.payments_parked = 0
        self.payments_failed = 0
        self.in_sync = 0
        self.excluded_now = 0
        self.failing = 0
        self.left_for_later = 0
        self.waiting = 0
        self.goes_on: datetime | None = None
        self.outcomes: set[str] = set()  # cancelled, limit, unreachable

    # --- phases ----------------------------------------------------------------------------------------

    def phase(self, name: events.PhaseName, *, total: int | None = None, state: str | None = None) -> None:
        """Set a phase's total or state, and tell it."""
        phase = self._phases[name]
        if total is not None:
            phase.total = total
        if state is not None:
            phase.state = state
        self._tell(phase)

    def _step(self, name: str, *, failing: bool = False, told: bool = False) -> None:
        phase = self._phases[name]
        phase.done += 1
        phase.failing += failing
        phase.total = max(phase.total, phase.done)
        if phase.state == "waiting":
            phase.state = "running"
        now = time.monotonic()
        if told or now - phase.told >= PROGRESS_SECONDS:
            self._tell(phase)
        if now - self._gauged >= GAUGE_SECONDS:
            self.gauge()

    def _tell(self, phase: Phase) -> None:
        phase.told = time.monotonic()
        self._emit(
            events.PhaseProgress(
                phase=phase.name,
                state=phase.state,  # type: ignore[arg-type]  # set from the three literals only
                done=phase.done,
                total=phase.total,
                failing=phase.failing,
            )
        )

    def gauge(self) -> None:
        """Tell what is left of the limits, and how fast it goes."""
        now = time.monotonic()
        self._gauged = now
        while self._recent and now - self._recent[0] > 60:
            self._recent.popleft()
        span = now - self._recent[0] if self._recent else 0.0
        speed = round(len(self._recent) / span * 60) if span > 1 else None
        bookings, relations, teamleader = self._gauges()
        self._emit(
            events.Gauge(
                bookings_left=bookings,
                relations_left=relations,
                teamleader_left=teamleader,
                per_minute=speed,
                seconds_left=round(self.waiting * 60 / speed) if speed else None,
            )
        )
        self._emit(
            events.Counters(
                in_sync=self.in_sync, excluded=self.excluded_now, failing=self.failing, waiting=self.waiting
            )
        )

    # --- what happens ----------------------------------------------------------------------------------

    def expects(self, heads: int, in_sync: int) -> None:
        """How many documents wait, and how many are in sync already."""
        self.waiting = heads
        self.in_sync = in_sync

    def waits(self, head: DocumentHead) -> None:
        """A document is to be booked."""
        self._emit(events.DocumentWaiting(document=document(head)))

    def linked(self, customer: CustomerFacts, name: str, relation: int, how: str) -> None:
        """A customer turned out to be a relation."""
        self.relations_linked += 1
        self._emit(events.RelationLinked(customer_id=customer.id, customer=name, relation=relation, by=how))
        self._step("customers")

    def created(self, customer: CustomerFacts, name: str, number: int, relation: int | None) -> None:
        """A customer was made a relation."""
        self.relations_created += 1
        self._emit(
            events.RelationCreated(
                customer_id=customer.id, customer=name, external_number=number, relation=relation
            )
        )
        self._step("customers")

    def customer_failed(self, customer_id: str, name: str, reason: Blocker) -> None:
        """A customer cannot become a relation."""
        self._emit(
            events.CustomerFailed(
                customer_id=customer_id, customer=name, explanation=explanation(reason, self._language)
            )
        )
        self._step("customers", failing=True)

    def booked(
        self, head: DocumentHead, bookyear: int, journal: str, number: int, period: int, *, found: bool
    ) -> None:
        """A document was booked, or found booked."""
        self.booked_now += 1
        self.in_sync += 1
        self.waiting -= 1
        self._recent.append(time.monotonic())
        self._emit(
            events.DocumentBooked(
                document=document(head),
                bookyear=bookyear,
                journal=journal,
                number=number,
                period=period,
                found=found,
            )
        )
        self._step(_phase_of(head))

    def failed(self, head: DocumentHead, reason: Blocker, blocks: int) -> None:
        """A document cannot be booked."""
        self.failing += 1
        self.waiting -= 1
        self._emit(
            events.DocumentFailed(
                document=document(head), explanation=explanation(reason, self._language), blocks=blocks
            )
        )
        self._step(_phase_of(head), failing=True)

    def blocked(self, head: DocumentHead, waits_for: str) -> None:
        """A document waits for another's number."""
        self.left_for_later += 1
        self.waiting -= 1
        self._emit(events.DocumentBlocked(document=document(head), waits_for=waits_for))
        self._step(_phase_of(head))

    def excluded(self, head: DocumentHead, reason: str, message: str) -> None:
        """A document is not for this sync."""
        self.excluded_now += 1
        self._emit(events.DocumentExcluded(document=document(head), reason=reason, message=message))

    def left(self, head: DocumentHead, why: str) -> None:
        """A document was not reached."""
        self.left_for_later += 1
        self.waiting -= 1
        self.outcomes.add(why)
        self._emit(events.DocumentLeft(document=document(head), reason=why))  # type: ignore[arg-type]  # three literals

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
                    vendor=error.vendor, operation=error.operation, until=until, message=str(error)
                )
            )

    # --- payments --------------------------------------------------------------------------------------

    def payment(self, doc: events.Document, amount: Decimal, paid_on: date, *, in_full: bool) -> None:
        """A payment was registered in Teamleader."""
        self.payments_registered += 1
        self._emit(events.PaymentRegistered(document=doc, amount=amount, paid_on=paid_on, in_full=in_full))
        self._step("payments")

    def mirrored(
        self, doc: events.Document, amount: Decimal, paid_on: date, journal: str, number: int
    ) -> None:
        """A payment of Teamleader was booked and matched in Octopus."""
        self.payments_mirrored += 1
        self._emit(
            events.PaymentMirrored(
                document=doc, amount=amount, paid_on=paid_on, journal=journal, number=number
            )
        )
        self._step("payments")

    def parked(self, doc: events.Document, amount: Decimal, question: str) -> None:
        """A payment only a person can settle."""
        self.payments_parked += 1
        self._emit(events.PaymentParked(document=doc, amount=amount, question=question))
        self._step("payments", failing=True)

    def payment_failed(self, doc: events.Document, amount: Decimal, reason: Blocker) -> None:
        """A payment that could not be registered."""
        self.payments_failed += 1
        self._emit(
            events.PaymentFailed(document=doc, amount=amount, explanation=explanation(reason, self._language))
        )
        self._step("payments", failing=True)

    def settled(
        self,
        kind: Kind,
        label: str,
        outcome: Literal["done", "not_done", "parked"],
    ) -> None:
        """A doubt of an earlier moment was looked up."""
        said = {
            "done": _("It had been written; it is not written again."),
            "not_done": _("It had not been written; it is written now.")
            if KINDS[kind].by_sync != "never"
            else _("It had not been written."),
            "parked": _("It cannot be told; a person decides."),
        }
        self._emit(events.Settled(kind=kind, label=label, outcome=outcome, message=said[outcome]))

    def drift(self, doc: events.Document, message: str) -> None:
        """The two sides disagree on what is paid."""
        self._emit(events.PaymentDrift(document=doc, message=message))

    def payment_in_sync(self) -> None:
        """A match that Teamleader shows already."""
        self._step("payments")


def _phase_of(head: DocumentHead) -> str:
    return "invoices" if head.kind == "invoice" else "credit_notes"
