"""What happens in a sync, one line for each event: for the live console, the history of a run and of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from octowizard.locale import _, ngettext, pgettext
from octowizard.locale.counted import counted
from octowizard.locale.formats import amount, count, day, duration, labelled, moment
from octowizard.locale.readings import read_name
from octowizard.progress import CHECKED, COMPARED, Ahead
from octowizard.sync import events as e

if TYPE_CHECKING:
    from octowizard.progress import Wait
    from octowizard.sync.calls import CallsLeft


class Line(NamedTuple):
    """A mark and a sentence."""

    mark: str
    text: str


def phase_name(phase: e.PhaseName) -> str:
    """A phase as people call it."""
    return {
        "customers": _("Customers"),
        "invoices": _("Invoices"),
        "credit_notes": _("Credit notes"),
        "payments": _("Payments"),
    }[phase]


def kind_name(kind: str) -> str:
    """A kind of record as people call it; the vendor's own word where there is none."""
    return {
        "invoice": _("invoice"),
        "credit_note": _("credit note"),
        "company": _("company"),
        "contact": _("contact"),
        "relation": _("relation"),
        "journal": _("journal"),
        "booking": _("booking"),
        "account": _("account"),
        "bookyear": _("fiscal year"),
        "year": _("fiscal year"),
        "payment": _("payment"),
    }.get(kind, kind.replace("_", " "))


def left_because(reason: str) -> str:
    """Why a document was not reached."""
    return {
        "cancelled": _("left: you stopped"),
        "limit": _("left: limit of today"),
        "unreachable": _("left: no connection"),
    }.get(reason, _("left for later"))


def waits_for(number: str) -> str:
    """What a document waits for, because numbers must follow each other."""
    return _("waits for {number}").format(number=number)


def started(event: e.RunStarted) -> Line:
    """The first line of a run."""
    text = (
        _("Preview of {teamleader} to {octopus}, from {day}")
        if event.dry_run
        else _("Sync of {teamleader} to {octopus}, from {day}")
    )
    what = text.format(
        teamleader=event.teamleader or "Teamleader", octopus=event.octopus, day=day(event.start_date)
    )
    numbers = _("Teamleader's numbers") if event.numbering == "follow" else _("the next free numbers")
    return Line("●", _("{what}, with {numbers}").format(what=what, numbers=numbers))


def resumed() -> str:
    """What is said when an earlier run was cut off."""
    return _("An earlier run was cut off; what it left in doubt is looked up first.")


def line(event: e.Event, *, dry_run: bool = False, whole: bool = False) -> Line | None:
    """What happened; None for what only moves a bar or a counter. `whole`: with all that is known of a document."""
    about = of_document(event, dry_run=dry_run)
    document: e.Document | None = getattr(event, "document", None)
    if about is None or document is None:
        return _of_customer(event, dry_run) or _of_run(event)
    name = f"{document.number}  {document.customer}"
    if whole:
        paid = amount(document.amount, document.currency)
        name = (
            f"{kind_name(document.kind)} {document.number}  {day(document.date)}  {document.customer}  {paid}"
        )
    return Line(about.mark, labelled(name, about.text))


def of_document(event: e.Event, *, dry_run: bool = False) -> Line | None:
    """What happened to a document, without its name; None for what is about none."""
    return _of_document(event, dry_run) or _of_payment(event, dry_run)


def _of_document(event: e.Event, dry_run: bool) -> Line | None:
    match event:
        case e.DocumentBooked():
            text = _("booked as {where}, period {period}")
            if event.found:
                text = _("stands there already as {where}, period {period}")
            elif dry_run:
                text = _("would be booked as {where}, period {period}")
            where = f"{event.journal}/{event.number}"
            return Line("✔", text.format(where=where, period=event.period))
        case e.DocumentArrived():
            text = _("stands there already as {where}") if event.already else _("has arrived as {where}")
            return Line("✔", text.format(where=f"{event.journal}/{event.number}"))
        case e.DocumentFailed(explanation=why):
            return Line("✖", why.title)
        case e.DocumentBlocked():
            return Line("✖", waits_for(event.waits_for))
        case e.DocumentExcluded():
            return Line("–", event.message or event.reason)
        case e.DocumentLeft():
            return Line("○", left_because(event.reason))
    return None


def _of_payment(event: e.Event, dry_run: bool) -> Line | None:
    match event:
        case e.PaymentRegistered():
            text = {
                (False, False): _("{amount} paid on {day}, registered in Teamleader"),
                (False, True): _("{amount} paid on {day}, registered in Teamleader: paid in full"),
                (True, False): _("{amount} paid on {day}, would be registered in Teamleader"),
                (True, True): _("{amount} paid on {day}, would be registered in Teamleader: paid in full"),
            }[dry_run, event.in_full]
            return Line("✔", text.format(amount=_paid(event), day=day(event.paid_on)))
        case e.PaymentMirrored():
            text = _("{amount} paid on {day}, booked in Octopus as {where}")
            if dry_run:
                text = _("{amount} paid on {day}, would be booked in Octopus as {where}")
            where = f"{event.journal}/{event.number}"
            return Line("✔", text.format(amount=_paid(event), day=day(event.paid_on), where=where))
        case e.PaymentAwaited():
            return Line("○", awaited(event))
        case e.PaymentParked():
            return Line("▲", labelled(_paid(event), event.question))
        case e.PaymentFailed(explanation=why):
            return Line("✖", labelled(_paid(event), why.title))
        case e.PaymentDrift():
            return Line("▲", event.message)
    return None


def awaited(event: e.PaymentAwaited) -> str:
    """A payment that Octopus has and Teamleader has not."""
    text = _("{amount} paid on {day}, not in Teamleader yet")
    return text.format(amount=amount(event.amount, event.document.currency), day=day(event.paid_on))


def _paid(event: e.PaymentRegistered | e.PaymentMirrored | e.PaymentParked | e.PaymentFailed) -> str:
    return amount(event.amount, event.document.currency)


def _of_customer(event: e.Event, dry_run: bool) -> Line | None:
    match event:
        case e.RelationLinked():
            text = (
                _("{customer} is relation {number}, by {key}")
                if event.relation
                else _("{customer} is the relation that another customer of this run becomes, by {key}")
            )
            key = {
                "vat_number": pgettext("in a sentence", "VAT number"),
                "external_number": _("external number"),
                "name_and_address": _("name and address"),
            }.get(event.by, event.by)
            return Line("=", text.format(customer=event.customer, number=event.relation, key=key))
        case e.RelationCreated():
            text = (
                _("{customer} would become a relation, external number {number}")
                if dry_run
                else _("{customer} is a new relation, external number {number}")
            )
            return Line("✔", text.format(customer=event.customer, number=event.external_number))
        case e.CustomerFailed():
            return Line("✖", labelled(event.customer, event.explanation.title))
    return None


def _of_run(event: e.Event) -> Line | None:
    match event:
        case e.RunStarted():
            return started(event)
        case e.PhaseProgress(state="done", total=total) if total:
            return Line("●", phase_done(event))
        case e.Settled():
            mark = {"done": "✔", "not_done": "○", "parked": "▲"}[event.outcome]
            return Line(mark, labelled(event.label, event.message))
        case e.LimitReached():
            return Line("▲", event.message)
        case e.Notice():
            return Line("▲" if event.level == "warning" else "●", event.message)
        case e.RunRefused():
            return Line("✖", event.explanation.title)
    return None


def phase_done(phase: e.PhaseProgress) -> str:
    """How far a phase came."""
    if phase.failing:
        text = ngettext(
            "{phase}: {done} of {total}, of which {failing} is blocked",
            "{phase}: {done} of {total}, of which {failing} are blocked",
            phase.failing,
        )
    else:
        text = _("{phase}: {done} of {total}")
    return text.format(
        phase=phase_name(phase.phase),
        done=count(phase.done),
        total=count(phase.total),
        failing=count(phase.failing),
    )


def whole_of(phases: Iterable[e.PhaseProgress]) -> tuple[int, int]:
    """Of all that a run has to do, how much is done: documents and payments; customers go with their documents."""
    steps = [phase for phase in phases if phase.phase != "customers"]
    return sum(min(one.done, one.total) for one in steps), sum(one.total for one in steps)


def time_left(seconds: float) -> str:
    """How long something still takes."""
    return _("about {time} left").format(time=duration(seconds))


def pace(gauge: e.Gauge) -> list[str]:
    """The time left first, then how fast a run goes, and what is left of the day."""
    parts = []
    if gauge.seconds_left is not None:
        parts.append(time_left(gauge.seconds_left))
    if gauge.per_minute:
        parts.append(_("{count} a minute").format(count=count(gauge.per_minute)))
    if gauge.bookings_left is not None:
        left = gauge.bookings_left
        text = ngettext("{count} booking left today", "{count} bookings left today", left)
        parts.append(text.format(count=count(left)))
    return parts


def waits(wait: Wait | e.Waiting) -> str:
    """Why work stands still, and for how long yet."""
    text = {
        "window": _("{vendor} allows {limit} calls a minute: goes on in {time}"),
        "asked": _("{vendor} asks to wait: goes on in {time}"),
        "settling": _("{vendor} may still be at work on a payment that was cut off: goes on in {time}"),
        "next_look": _("looks again in {time}"),
        "spent": _("today's calls to {vendor} are used up: looks again in {time}"),
    }[wait.why]
    return text.format(vendor=wait.vendor, limit=count(wait.limit), time=duration(ceil(wait.seconds)))


def calls_left(calls: Iterable[CallsLeft]) -> str:
    """What is left of the vendors' limits: `Calls left: journals 21/24 · Teamleader 187/200`; empty for no calls."""
    left = " · ".join(f"{one.label} {count(one.left)}/{count(one.limit)}" for one in calls)
    return _("Calls left: {calls}").format(calls=left) if left else ""


class _Work(NamedTuple):
    """What a Report tells of that is no reading: in a word, and how far it is."""

    name: Callable[[], str]
    how_far: Callable[[int], str]


_OTHER_WORK: Mapping[str, _Work] = {
    COMPARED: _Work(
        lambda: _("comparing"),
        lambda number: _("comparing {customers}").format(customers=counted("customer", number)),
    ),
    CHECKED: _Work(
        lambda: _("checking"),
        lambda number: _("checking {documents}").format(documents=counted("document", number)),
    ),
}


def says_what_it_does(what: str) -> bool:
    """Does `how_far` of this say by itself what is done? Else so much of it is read."""
    return what in _OTHER_WORK


def doing(what: str) -> str:
    """What is done that a Report of this tells: one word."""
    return _OTHER_WORK[what].name() if what in _OTHER_WORK else _("reading")


def how_far(number: int, ahead: Ahead) -> str:
    """`invoices 1.200 of about 20.000`; what comes in one answer has no number before that is there."""
    if ahead.what in _OTHER_WORK:
        return _OTHER_WORK[ahead.what].how_far(number)
    text = _("{what} {count}")
    if ahead.of:
        text = _("{what} {count} of about {of}") if ahead.about else _("{what} {count} of {of}")
    elif not number:
        return read_name(ahead.what)
    return text.format(what=read_name(ahead.what), count=count(number), of=count(ahead.of))


def reading(number: int, ahead: Ahead) -> str:
    """How far a list has been read, how long yet, and why it takes a while."""
    left = time_left(ahead.seconds) if ahead.seconds else ""
    text = how_far(number, ahead)
    if not says_what_it_does(ahead.what):
        text = _("reading {what}").format(what=text)
    return " · ".join(filter(None, (left, text, why_long(ahead))))


def ahead_by(event: e.Reading) -> Ahead:
    """What lies ahead of a reading, as its event tells it."""
    return Ahead(
        event.what,
        event.vendor or "",
        event.of or 0,
        event.about,
        event.a_call or 0,
        event.limit or 0,
        event.seconds_left,
    )


def why_long(ahead: Ahead) -> str:
    """Why reading takes a while; empty where nothing is known of it."""
    if ahead.vendor and not ahead.a_call:
        text = _("{vendor} sends them all in one answer")
    elif ahead.a_call > 1 and ahead.limit:
        text = _("{count} a call, and {vendor} allows {limit} calls a minute")
    elif ahead.a_call == 1 and ahead.limit:
        text = _("one call for each, and {vendor} allows {limit} calls a minute")
    else:
        text = _("{count} a call") if ahead.a_call > 1 else ""
    return text.format(vendor=ahead.vendor, count=count(ahead.a_call), limit=count(ahead.limit))


def not_read(what: str, why: str) -> str:
    """A list that could not be read, and why."""
    return _("not read: {what} ({why})").format(what=read_name(what), why=why)


def used_up(what: str, read_at: datetime, now: datetime) -> str:
    """A list whose calls of the day are used up, and how old what is shown of it is."""
    return _("Today's calls for {what} are used up: read at {moment}.").format(
        what=read_name(what), moment=moment(read_at, now)
    )
