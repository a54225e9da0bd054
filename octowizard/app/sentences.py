"""One line for each event, for the history of a run and of a document. The live screen has rows instead."""

from __future__ import annotations

from octowizard.app.run_state import left_because
from octowizard.app.widgets.bars import phase_name
from octowizard.locale import _
from octowizard.locale.formats import amount, count, day, duration
from octowizard.sync import events as e

Line = tuple[str, str]  # mark and sentence


def line(event: e.Event) -> Line | None:
    """What happened, in one line; None for what only moves a bar or a counter."""
    return _about_document(event) or _about_payment(event) or _about_run(event)


def _about_document(event: e.Event) -> Line | None:
    match event:
        case e.DocumentBooked(document=document):
            said = (
                _("{number}  {customer}: found as {where}")
                if event.found
                else _("{number}  {customer}: {where}, period {period}")
            )
            return "✔", said.format(
                number=document.number,
                customer=document.customer,
                where=f"{event.journal}/{event.number}",
                period=event.period,
            )
        case e.DocumentFailed(document=document, explanation=why):
            return "✖", f"{document.number}  {document.customer}: {why.title}"
        case e.DocumentBlocked(document=document):
            waits = _("waits for {number}").format(number=event.waits_for)
            return "○", f"{document.number}  {document.customer}: {waits}"
        case e.DocumentExcluded(document=document):
            return "–", f"{document.number}  {document.customer}: {event.message}"
        case e.DocumentLeft(document=document):
            return "○", f"{document.number}  {document.customer}: {left_because(event.reason)}"
        case e.RelationLinked():
            return "✔", _("{customer} is relation {number}").format(
                customer=event.customer, number=event.relation
            )
        case e.RelationCreated():
            return "✔", _("{customer} becomes a relation, external number {number}").format(
                customer=event.customer, number=event.external_number
            )
        case e.CustomerFailed():
            return "✖", f"{event.customer}: {event.explanation.title}"
    return None


def _about_payment(event: e.Event) -> Line | None:
    match event:
        case e.PaymentRegistered(document=document) | e.PaymentMirrored(document=document):
            side = "Teamleader" if isinstance(event, e.PaymentRegistered) else "Octopus"
            return "✔", _("{number}  {customer}: {amount} paid on {day}, registered in {side}").format(
                number=document.number,
                customer=document.customer,
                amount=amount(event.amount, document.currency),
                day=day(event.paid_on),
                side=side,
            )
        case e.PaymentParked(document=document):
            return "▲", f"{document.number}  {document.customer}: {event.question}"
        case e.PaymentFailed(document=document):
            return "✖", f"{document.number}  {document.customer}: {event.explanation.title}"
        case e.PaymentDrift(document=document):
            return "▲", f"{document.number}  {document.customer}: {event.message}"
    return None


def _about_run(event: e.Event) -> Line | None:
    match event:
        case e.RunStarted():
            what = _("Preview") if event.dry_run else _("Sync")
            again = _(", goes on where an earlier run was cut off") if event.resumed else ""
            return "●", _("{what} of {teamleader} to {octopus}, from {day}{again}").format(
                what=what,
                teamleader=event.teamleader,
                octopus=event.octopus,
                day=day(event.start_date),
                again=again,
            )
        case e.PhaseProgress(state="done"):
            return "●", _("{phase} done: {done}, of which {failing} failing").format(
                phase=phase_name(event.phase), done=count(event.done), failing=count(event.failing)
            )
        case e.Settled():
            mark = {"done": "✔", "not_done": "○", "parked": "▲"}[event.outcome]
            return mark, f"{event.label}: {event.message}"
        case e.LimitReached():
            return "▲", event.message
        case e.Notice():
            return ("▲" if event.level == "warning" else "●"), event.message
        case e.RunRefused():
            return "✖", event.explanation.title
        case e.RunFinished():
            mark, said = result(event)
            return mark, said
    return None


def outcome(finished: e.RunFinished) -> Line:
    """How a run ended: its mark and a few words."""
    words: dict[e.Outcome, Line] = {
        "complete": ("✔", _("complete")),
        "attention": ("▲", _("needs attention")),
        "cancelled": ("○", _("stopped by you")),
        "limit": ("○", _("limit of the day")),
        "refused": ("✖", _("could not begin")),
        "unreachable": ("✖", _("no connection")),
    }
    return words[finished.outcome]


def result(finished: e.RunFinished) -> Line:
    """The figures of a run in one line."""
    mark, words = outcome(finished)
    parts = [
        (_("{count} would be booked") if finished.dry_run else _("{count} booked"), finished.booked),
        (_("{count} new relations"), finished.relations_created),
        (_("{count} payments"), finished.payments_registered + finished.payments_mirrored),
        (_("{count} failing"), finished.failing),
        (_("{count} questions"), finished.payments_parked),
        (_("{count} left for later"), finished.left_for_later),
    ]
    said = [text.format(count=count(number)) for text, number in parts if number]
    said.append(duration(finished.seconds))
    return mark, f"{words}: " + ", ".join(said)
