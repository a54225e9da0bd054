"""What can't be taken back, and what it would cost: asked about before it is done, never done on a plain yes.

Pure. A Warning names the loss and the records it falls on; None: nothing is lost. Sources: the help centre's pages on
delinking and on double bookings of the sister integrations (a later start date loses the payment status of older
invoices), and the gap-free numbers that Octopus asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

import msgspec

from octowizard.locale import _, ngettext
from octowizard.locale.formats import day as shown_day
from octowizard.locale.formats import labelled
from octowizard.onboarding import connection
from octowizard.onboarding.standing import Standing
from octowizard.snapshot.model import Booked, DocumentHead
from octowizard.workspace.profiles import Profile


class Warning(msgspec.Struct, frozen=True, kw_only=True):
    """A red confirmation. `loss`: what is lost, in sentences; `records`: what it falls on, all of them."""

    id: Literal["start-date", "numbering", "dossier", "journal", "mode"]
    title: str
    loss: tuple[str, ...]
    records: tuple[str, ...] = ()
    problem: str = ""  # the card of the catalogue that tells more


class LossNotAccepted(Exception):
    """Something would be lost and the user has not agreed to that loss; nothing was changed."""

    def __init__(self, warning: Warning) -> None:
        self.warning = warning
        super().__init__(labelled(warning.title, " ".join(warning.loss)))


def choice(standing: Standing, setting: connection.Setting, value: Any) -> Warning | None:
    """What choosing something else of the connection would cost."""
    match setting.id:
        case "mode":
            return mode(standing, value)
        case connection.START:
            return start_date(standing, value)
        case connection.NUMBERING:
            return numbering(standing, value)
        case connection.INVOICES | connection.CREDIT_NOTES:
            return journal(standing, getattr(standing.profile, setting.field), value)
    return None


def mode(standing: Standing, who: Literal["observer", "connector"]) -> Warning | None:
    """octowizard would book while nobody has said that Teamleader's own integration no longer does."""
    profile, waiting = standing.profile, standing.snapshot.pending
    if who == profile.mode or who == "observer" or profile.other_connector_off:
        return None
    loss = [
        _(
            "As long as Teamleader's own integration syncs as well, documents are booked twice: switch its "
            "automatic sync off first, and say so here (other-connector-off)."
        )
    ]
    if waiting:
        loss.append(
            ngettext(
                "{count} document waits, and the next sync of octowizard books it.",
                "{count} documents wait, and the next sync of octowizard books them.",
                len(waiting),
            ).format(count=len(waiting))
        )
    return Warning(
        id="mode",
        title=_("octowizard would book, and Teamleader's own integration may still do so"),
        loss=tuple(loss),
        records=_named(waiting),
        problem="other-connector",
    )


def start_date(standing: Standing, day: date) -> Warning | None:
    """A start date later than a document that is synchronised already, or that has yet to come."""
    if day <= standing.profile.start_date:
        return None
    left = sorted(
        (booked.head for booked in standing.snapshot.booked if booked.head.date < day),
        key=lambda head: (head.date, head.number),
    )
    waiting = [head for head in standing.snapshot.pending if head.date < day]
    if day > standing.today and not left:
        return _to_come(day, waiting)
    if not left:
        return None
    unpaid = [head for head in left if head.open_amount]
    loss = [
        ngettext(
            "{count} synchronised document lies before {day}: octowizard no longer looks at it.",
            "{count} synchronised documents lie before {day}: octowizard no longer looks at them.",
            len(left),
        ).format(count=len(left), day=shown_day(day))
    ]
    if unpaid:
        loss.append(
            ngettext(
                "{count} of them is unpaid: its payment will not come back to Teamleader.",
                "{count} of them are unpaid: their payments will not come back to Teamleader.",
                len(unpaid),
            ).format(count=len(unpaid))
        )
    if waiting:
        loss.append(_not_booked(waiting))
    return Warning(
        id="start-date",
        title=_("The start date would be later than documents that are synchronised"),
        loss=tuple(loss),
        records=_named([*unpaid, *(head for head in left if not head.open_amount), *waiting]),
        problem="start-date-later",
    )


def _to_come(day: date, waiting: list[DocumentHead]) -> Warning:
    loss = [
        _("No document of before {day} is booked, and until then no sync finds any.").format(
            day=shown_day(day)
        )
    ]
    if waiting:
        loss.append(_not_booked(waiting))
    return Warning(
        id="start-date",
        title=_("The start date would be a day that has yet to come"),
        loss=tuple(loss),
        records=_named(waiting),
        problem="start-date-later",
    )


def _not_booked(waiting: list[DocumentHead]) -> str:
    return ngettext(
        "{count} document that waits will not be booked.",
        "{count} documents that wait will not be booked.",
        len(waiting),
    ).format(count=len(waiting))


def numbering(standing: Standing, how: Literal["follow", "next"]) -> Warning | None:
    """Another way of numbering after the first booking."""
    profile = standing.profile
    if how == profile.numbering:
        return None
    own = {profile.invoice_journal, profile.credit_note_journal}
    booked = [booking for booking in standing.snapshot.booked if booking.journal in own]
    if not booked:
        return None
    last: dict[tuple[int, str], int] = {}
    for booking in booked:
        place = (booking.bookyear, booking.journal)
        last[place] = max(last.get(place, 0), booking.number)
    names = {year.id: year.name for year in standing.snapshot.years}
    loss = [
        _("{journal} of {year} already holds bookings, up to number {number}.").format(
            journal=journal, year=names.get(year, year), number=number
        )
        for (year, journal), number in sorted(last.items())
    ]
    loss.append(
        _(
            "From now on the numbers of both sides would have to be equal; a document whose number is not the next one "
            "is not booked any more."
        )
        if how == "follow"
        else _("From now on a booking's number no longer tells which document it is.")
    )
    return Warning(
        id="numbering",
        title=_("Documents are booked already, with the other numbers"),
        loss=tuple(loss),
        records=_bookings(booked),
        problem="same-booking-number",
    )


def journal(standing: Standing, old: str, new: str) -> Warning | None:
    """Another journal for what was booked in the old one."""
    booked = [booking for booking in standing.snapshot.booked if booking.journal == old]
    if old == new or not booked:
        return None
    number = len(booked)
    return Warning(
        id="journal",
        title=_("Documents are booked already, in {journal}").format(journal=old),
        loss=(
            ngettext(
                "{count} document stays in {old}: octowizard no longer reads that journal, nor what is done there.",
                "{count} documents stay in {old}: octowizard no longer reads that journal, nor what is done there.",
                number,
            ).format(count=number, old=old),
        ),
        records=_bookings(booked),
        problem="missing-journal",
    )


def one_journal(standing: Standing, profile: Profile) -> Warning | None:
    """Invoices and credit notes in the same journal, once all is chosen as in `profile`."""
    both = (profile.invoice_journal, profile.credit_note_journal)
    if both[0] != both[1] or both == (standing.profile.invoice_journal, standing.profile.credit_note_journal):
        return None
    return Warning(
        id="journal",
        title=_("Invoices and credit notes would share {journal}").format(journal=profile.invoice_journal),
        loss=(
            _(
                "Octopus numbers a journal without gaps, so the numbers of the two run through each other: "
                "neither follows Teamleader's own any more."
            ),
        ),
        records=_named(standing.snapshot.pending),
        problem="number-taken",
    )


def dossier(standing: Standing, dossier_id: int) -> Warning | None:
    """Another dossier on a workspace that knows the old one."""
    profile, snapshot = standing.profile, standing.snapshot
    if dossier_id == profile.dossier_id:
        return None
    booked = len(snapshot.booked)
    linked = len(snapshot.linked)
    if not (booked or linked or standing.runs.last):
        return None
    return Warning(
        id="dossier",
        title=_("This workspace belongs to dossier {id} {name}").format(
            id=profile.dossier_id, name=profile.dossier_name
        ),
        loss=(
            ngettext(
                "{count} document is known to be booked there: that is forgotten.",
                "{count} documents are known to be booked there: that is forgotten.",
                booked,
            ).format(count=booked),
            ngettext(
                "{count} customer is linked with a relation there: that is forgotten.",
                "{count} customers are linked with relations there: that is forgotten.",
                linked,
            ).format(count=linked),
            _(
                "Documents that stand in the old dossier would be booked in the new one as well, from the start "
                "date on."
            ),
            _("Mapping, decisions and declarations made for the old dossier are forgotten too."),
        ),
        records=_bookings(snapshot.booked),
        problem="two-dossiers",
    )


def _bookings(booked: Iterable[Booked]) -> tuple[str, ...]:
    return tuple(f"{booking.head.number} = {booking.journal}/{booking.number}" for booking in booked)


def _named(heads: Iterable[DocumentHead]) -> tuple[str, ...]:
    return tuple(f"{head.number}  {head.customer_name}" for head in heads)
