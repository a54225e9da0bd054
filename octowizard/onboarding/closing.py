"""What a complete set-up has come to: what stands, what runs when, what comes by itself, what to look at. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from octowizard.locale import _, ngettext
from octowizard.locale.formats import day
from octowizard.onboarding.model import Closing, State, Step
from octowizard.onboarding.schedules import HOUR, MINUTE
from octowizard.onboarding.standing import Standing
from octowizard.onboarding.steps.automatic_sync import AUTOMATIC, automatic_sync
from octowizard.onboarding.steps.first_sync import first_sync
from octowizard.onboarding.steps.payments import payments
from octowizard.snapshot.declared_parts import rests_on
from octowizard.snapshot.model import Snapshot


def closing(standing: Standing, steps: Sequence[Step]) -> Closing:
    """The sum of a set-up in which no step asks for anything."""
    states = {step.id: step.state for step in steps}
    return Closing(
        runs=tuple(_runs(standing, states.get(automatic_sync.id))),
        later=tuple(_later(steps)),
        left_out=tuple(_left_out(steps)),
        tomorrow=tuple(_tomorrow(standing, states)),
    )


def summary(standing: Standing) -> Iterator[str]:
    """What stands now."""
    profile, snapshot = standing.profile, standing.snapshot
    if not profile.unconnected:
        yield _("Dossier {id} {dossier} is linked with {company} in Teamleader.").format(
            id=profile.dossier_id, dossier=profile.dossier_name, company=profile.department_name
        )
    if years := [year.name for year in snapshot.years if not year.closed]:
        yield _("Open fiscal years in Octopus: {years}.").format(years=", ".join(years))
    yield _("From {day} on, invoices go to {invoices} and credit notes to {credits}.").format(
        day=day(profile.start_date), invoices=profile.invoice_journal, credits=profile.credit_note_journal
    )
    if profile.unconnected:
        yield _("You went through it without signing in to {vendors}: octowizard writes nothing.").format(
            vendors=_(" and ").join(sorted(profile.unconnected))
        )
        yield from rests_on(snapshot)
        return
    linked, booked = len(snapshot.linked), _booked(snapshot)
    yield ngettext(
        "{count} customer is linked with a relation.", "{count} customers are linked with relations.", linked
    ).format(count=linked)
    yield ngettext(
        "{count} document stands in Octopus.", "{count} documents stand in Octopus.", booked
    ).format(count=booked)


def _booked(snapshot: Snapshot) -> int:
    return snapshot.in_sync + len(snapshot.elsewhere)


def _runs(standing: Standing, automatic: State | None) -> Iterator[str]:
    if standing.profile.unconnected:
        yield _("Newer lists are taken in when they change; signing in later measures what you declared.")
        return
    if standing.profile.mode == "observer":
        yield _("Teamleader's own integration books; octowizard watches, and explains what is missing.")
    elif automatic is State.DONE and standing.declared(AUTOMATIC):
        yield _("The sync runs by itself. The ready files run it every day at {time}.").format(
            time=f"{HOUR:02}:{MINUTE:02}"
        )
    else:
        yield _("You run the sync: it books what is new, and brings payments back.")
    yield _("A payment matched in Octopus marks its invoice paid with the next sync.")


def _later(steps: Iterable[Step]) -> Iterator[str]:
    comes = {
        first_sync.id: _("First sync: with the first invoice or credit note."),
        payments.id: _("Payments: with the first one that is matched in Octopus."),
        automatic_sync.id: _("Automatic syncing: after the first clean sync."),
    }
    for step in steps:
        if step.state is State.NOT_YET:
            yield comes.get(step.id, _("{step}: once there is something for it.").format(step=step.title))


def _left_out(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        if step.state is State.SKIPPED:
            yield _("{step}. {loss}").format(step=step.title, loss=step.skip or "").rstrip()


def _tomorrow(standing: Standing, states: dict[str, State]) -> Iterator[str]:
    if standing.profile.unconnected:
        yield _("Calendar, checks and why tell what would stop a document.")
        return
    if states.get(first_sync.id) is State.NOT_YET:
        yield _("Make the first invoice in Teamleader: the next look at both sides finds it.")
    if states.get(payments.id) is State.NOT_YET:
        yield _("Import the bank statements (CODA files) in Octopus, and match the payments.")
    yield _("Look at Home tomorrow: it names what could not be booked, and the cure.")
