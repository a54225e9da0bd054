"""A run told in lines of text: what happened to each document on stdout, how far it is on stderr.

One reader of the stream of events; the app and `--json` are the others. Nothing is decided here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from octowizard.cli.console import Console, plain
from octowizard.locale import _, ngettext
from octowizard.locale.formats import amount, count, day, duration, moment
from octowizard.sync import events

_SHOWN_PER_CAUSE = 5
_MARK_DONE, _MARK_FAILED, _MARK_WAITS, _MARK_NOTE, _MARK_LINK = "✔", "✖", "●", "▲", "="


@dataclass
class _Cause:
    """Failures with the same problem, told together at the end."""

    explanation: events.Explanation
    number: int = 0
    whose: list[str] = field(default_factory=list)
    blocks: int = 0


class Narrative:
    """Takes the events of one run; memory does not grow with the number of documents."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._dry = False
        self._causes: dict[tuple[str, str], _Cause] = {}
        self._excluded: Counter[str] = Counter()
        self._blocked: Counter[str] = Counter()
        self._phases: dict[str, events.PhaseProgress] = {}
        self._gauge = events.Gauge()
        self._reading = ""

    def tell(self, event: events.Event) -> None:
        """Tell one event. BrokenPipeError when nobody reads stdout any more."""
        match event:
            case events.RunStarted():
                self._begin(event)
            case events.Reading():
                self._reading = _("reading {what}: {count}").format(
                    what=plain(event.what), count=count(event.count)
                )
                self._console.progress(self._reading)
            case events.PhaseProgress():
                self._phase(event)
            case events.Gauge():
                self._gauge = event
                self._progress()
            case events.DocumentExcluded():
                self._excluded[plain(event.message) or event.reason] += 1
            case events.RunFinished():
                self._end(event)
            case events.LimitReached() | events.Notice():
                self._console.note(f"{_MARK_NOTE} {plain(event.message)}")
            case _:
                for line in self._said(event):
                    self._console.line(line)
                self._progress()

    def _begin(self, event: events.RunStarted) -> None:
        self._dry = event.dry_run
        title = (
            _("Preview (nothing is written): {octopus} and {teamleader}, from {date}, {numbers}")
            if event.dry_run
            else _("Sync: {octopus} and {teamleader}, from {date}, {numbers}")
        )
        numbers = (
            _("with Teamleader's numbers") if event.numbering == "follow" else _("with the next free numbers")
        )
        self._console.note(
            title.format(
                octopus=plain(event.octopus),
                teamleader=plain(event.teamleader) or "Teamleader",
                date=day(event.start_date),
                numbers=numbers,
            )
        )
        if event.resumed:
            self._console.note(_("An earlier run was cut off; what it left in doubt is looked up first."))

    def _phase(self, event: events.PhaseProgress) -> None:
        before = self._phases.get(event.phase)
        self._phases[event.phase] = event
        if event.state == "done" and event.total and (before is None or before.state != "done"):
            failing = (
                ngettext(", {count} failing", ", {count} failing", event.failing).format(
                    count=count(event.failing)
                )
                if event.failing
                else ""
            )
            self._console.note(
                _("{phase}: {done} of {total}{failing}").format(
                    phase=_phase_name(event.phase),
                    done=count(event.done),
                    total=count(event.total),
                    failing=failing,
                )
            )
        self._progress()

    def _progress(self) -> None:
        running = [phase for phase in self._phases.values() if phase.state == "running"]
        parts = [f"{_phase_name(phase.phase)} {count(phase.done)}/{count(phase.total)}" for phase in running]
        if not parts:
            parts = [self._reading] if self._reading else []
        gauge = self._gauge
        if gauge.bookings_left is not None:
            parts.append(_("{count} bookings left today").format(count=count(gauge.bookings_left)))
        if gauge.per_minute:
            parts.append(_("{count} a minute").format(count=count(gauge.per_minute)))
        if gauge.seconds_left is not None:
            parts.append(_("about {time} to go").format(time=duration(gauge.seconds_left)))
        self._console.progress(" · ".join(parts))

    def _said(self, event: events.Event) -> Iterable[str]:
        match event:
            case events.DocumentBooked():
                where = f"{plain(event.journal)}/{event.number}"
                if event.found:
                    verb = _("already in Octopus as {where}")
                else:
                    verb = _("would be booked as {where}") if self._dry else _("booked as {where}")
                return [f"{_MARK_DONE} {_document(event.document)}  {verb.format(where=where)}"]
            case events.DocumentFailed():
                label = f"{plain(event.document.number)} {plain(event.document.customer)}"
                self._failed(event.explanation, label, event.blocks)
                return _failure(f"{_MARK_FAILED} {_document(event.document)}", event.explanation)
            case events.DocumentBlocked():
                self._blocked[plain(event.waits_for)] += 1
                text = _("waits for {number}").format(number=plain(event.waits_for))
                return [f"{_MARK_WAITS} {_document(event.document)}  {text}"]
            case events.DocumentLeft():
                text = {
                    "cancelled": _("left for the next run: stopped"),
                    "limit": _("left for the next run: the limit of the day"),
                    "unreachable": _("left for the next run: no connection"),
                }[event.reason]
                return [f"{_MARK_WAITS} {_document(event.document)}  {text}"]
            case events.CustomerFailed():
                self._failed(event.explanation, plain(event.customer), 0)
                return _failure(f"{_MARK_FAILED} {plain(event.customer)}", event.explanation)
            case events.RelationCreated():
                if event.relation is not None:
                    text = _("is relation {number} now").format(number=event.relation)
                else:
                    text = _("would become a relation")
                return [f"{_MARK_DONE} {plain(event.customer)}  {text}"]
            case events.RelationLinked():
                text = _("is relation {number} (same {key})").format(
                    number=event.relation, key=_key_name(event.by)
                )
                return [f"{_MARK_LINK} {plain(event.customer)}  {text}"]
            case events.Settled():
                mark = {"done": _MARK_DONE, "not_done": _MARK_WAITS, "parked": _MARK_NOTE}[event.outcome]
                return [f"{mark} {plain(event.label)}  {plain(event.message)}"]
            case _:
                return self._said_of_payment(event)

    def _said_of_payment(self, event: events.Event) -> Iterable[str]:
        match event:
            case events.PaymentRegistered():
                paid = _paid(event.document, event.amount)
                when = day(event.paid_on)
                if self._dry:
                    text = _("{paid} of {date} would be registered in Teamleader")
                else:
                    text = _("{paid} of {date} registered in Teamleader")
                full = _(" (paid in full)") if event.in_full else ""
                return [f"{_MARK_DONE} {_who(event.document)}  {text.format(paid=paid, date=when)}{full}"]
            case events.PaymentMirrored():
                text = _("{paid} of {date} booked in Octopus as {where}").format(
                    paid=_paid(event.document, event.amount),
                    date=day(event.paid_on),
                    where=f"{plain(event.journal)}/{event.number}",
                )
                return [f"{_MARK_DONE} {_who(event.document)}  {text}"]
            case events.PaymentParked():
                paid = _paid(event.document, event.amount)
                return [f"{_MARK_NOTE} {_who(event.document)}  {paid}: {plain(event.question)}"]
            case events.PaymentFailed():
                label = f"{plain(event.document.number)} {plain(event.document.customer)}"
                self._failed(event.explanation, label, 0)
                paid = _paid(event.document, event.amount)
                return _failure(f"{_MARK_FAILED} {_who(event.document)}  {paid}", event.explanation)
            case events.PaymentDrift():
                return [f"{_MARK_NOTE} {_who(event.document)}  {plain(event.message)}"]
            case events.RunRefused():
                return [f"{_MARK_FAILED} {line}" for line in _explanation(event.explanation)[:1]] + [
                    f"  {line}" for line in _explanation(event.explanation)[1:]
                ]
            case _:
                return []  # counters and waiting documents: the progress line and the end tell them

    def _failed(self, explanation: events.Explanation, whose: str, blocks: int) -> None:
        key = (explanation.problem, explanation.title)
        cause = self._causes.setdefault(key, _Cause(explanation))
        cause.number += 1
        cause.blocks += blocks
        if len(cause.whose) < _SHOWN_PER_CAUSE:
            cause.whose.append(whose)

    def _end(self, event: events.RunFinished) -> None:
        for line in (*self._grouped(), *summary(event)):
            self._console.line(line)
        self._console.close()

    def _grouped(self) -> Iterator[str]:
        """The failures, by cause, the one that holds up most first."""
        ordered = sorted(self._causes.values(), key=lambda cause: -(cause.number + cause.blocks))
        for position, cause in enumerate(ordered):
            if position == 0:
                yield ""
                yield _("What needs attention")
            yield f"{_MARK_FAILED} {count(cause.number)} × {plain(cause.explanation.title)}"
            more = cause.number - len(cause.whose)
            tail = _(" and {count} more").format(count=count(more)) if more else ""
            yield f"    {', '.join(cause.whose)}{tail}"
            if cause.blocks:
                yield "    " + ngettext(
                    "{count} document waits for it, because numbers must follow each other.",
                    "{count} documents wait for it, because numbers must follow each other.",
                    cause.blocks,
                ).format(count=count(cause.blocks))
            for step in cause.explanation.fix:
                yield f"    → {plain(step)}"
            if cause.explanation.fixed_when:
                yield "    " + _("Fixed when: {text}").format(text=plain(cause.explanation.fixed_when))
        for number, waiting in self._blocked.most_common(_SHOWN_PER_CAUSE):
            yield f"{_MARK_WAITS} " + ngettext(
                "{count} document waits for {number}", "{count} documents wait for {number}", waiting
            ).format(count=count(waiting), number=number)
        for reason, excluded in self._excluded.most_common():
            yield f"– {count(excluded)} × {reason}"


def summary(event: events.RunFinished) -> Iterator[str]:
    """The result of a run, in a few lines that read aloud well."""
    yield ""
    if event.dry_run:
        yield _("Preview: nothing was written. A sync now would give:")
    figures = [
        (_("booked"), event.booked, True),
        (_("relations created"), event.relations_created, True),
        (_("relations linked"), event.relations_linked, False),
        (_("payments registered"), event.payments_registered, True),
        (_("payments booked in Octopus"), event.payments_mirrored, False),
        (_("payments with a question"), event.payments_parked, False),
    ]
    yield " · ".join(f"{count(number)} {name}" for name, number, always in figures if number or always)
    totals = [
        (_("in sync"), event.in_sync),
        (_("excluded"), event.excluded),
        (_("failing"), event.failing),
    ]
    if event.left_for_later:
        totals.append((_("left for later"), event.left_for_later))
    yield " · ".join(f"{count(number)} {name}" for name, number in totals)
    outcome = {
        "complete": _("All well."),
        "attention": _("Something needs attention."),
        "cancelled": _("Stopped; the next run goes on where this one ended."),
        "limit": _("A limit of the day is reached."),
        "refused": _("Nothing was written."),
        "unreachable": _("The run ended early; the next one goes on where this one ended."),
    }[event.outcome]
    said = plain(event.message)
    yield f"{outcome} {said}" if said and said != outcome else outcome
    if event.goes_on is not None:
        yield _("It can go on from {moment}.").format(
            moment=moment(event.goes_on, datetime.now(UTC).astimezone())
        )


def _phase_name(phase: str) -> str:
    return {
        "customers": _("customers"),
        "invoices": _("invoices"),
        "credit_notes": _("credit notes"),
        "payments": _("payments"),
    }.get(phase, phase)


def _key_name(by: str) -> str:
    return {
        "vat_number": _("VAT number"),
        "external_number": _("external number"),
        "name_and_address": _("name and address"),
    }.get(by, plain(by))


def _document(document: events.Document) -> str:
    kind = _("credit note") if document.kind == "credit_note" else _("invoice")
    return (
        f"{kind} {plain(document.number)}  {day(document.date)}  {plain(document.customer)}  "
        f"{amount(document.amount, document.currency)}"
    )


def _who(document: events.Document) -> str:
    kind = _("credit note") if document.kind == "credit_note" else _("invoice")
    return f"{kind} {plain(document.number)}  {plain(document.customer)}"


def _paid(document: events.Document, paid: Decimal) -> str:
    return amount(paid, document.currency)


def _failure(label: str, explanation: events.Explanation) -> list[str]:
    """The failing record with its cause and evidence; how to fix it is told once per cause, at the end."""
    return [f"{label}  {plain(explanation.title)}", *(f"    {plain(text)}" for text in explanation.evidence)]


def _explanation(explanation: events.Explanation) -> list[str]:
    lines = [plain(explanation.title), *(plain(text) for text in explanation.evidence)]
    if explanation.vendor_text:
        lines.append(
            _("{vendor} says: {text}").format(
                vendor=explanation.vendor or "", text=plain(explanation.vendor_text)
            )
        )
    lines += [f"→ {plain(step)}" for step in explanation.fix]
    if explanation.fixed_when:
        lines.append(_("Fixed when: {text}").format(text=plain(explanation.fixed_when)))
    return lines
