"""One document in words: where it stands, what stops it, what comes next, its payments, its history, one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from octowizard.locale import _
from octowizard.locale.formats import amount, dated_moment, day
from octowizard.planning.blockers import Blocker
from octowizard.planning.plan import Book, InSync, WaitsFor
from octowizard.presentation.events import kind_name, of_document
from octowizard.presentation.why import Booking, Document, Past, Payment, State, Stop, Unpaid, Why
from octowizard.problems.card_text import Screens
from octowizard.problems.catalogue import cards
from octowizard.problems.remedy import remedy
from octowizard.snapshot.declared_parts import not_known_to_be_booked, rests_on
from octowizard.sync.events import DocumentFailed

if TYPE_CHECKING:
    from octowizard.planning.payments import MatchStanding
    from octowizard.session.documents import Happened, Standing
    from octowizard.workspace.profiles import Profile


def told(standing: Standing, profile: Profile, now: datetime, *, booster: bool = False) -> Why:
    """The document in words. `now`: the vendors' clock, in the time zone in which moments are shown.

    `booster`: what is to be done is told in the menus of the Accounting Connector Booster.
    """
    return _Words(standing, profile, now, Screens(profile.screens, booster)).why()


class _Words:
    def __init__(self, standing: Standing, profile: Profile, now: datetime, screens: Screens) -> None:
        self._known = standing
        self._screens = screens
        self._profile = profile
        self._now = now
        self._head = standing.head
        self._past = [one for one in standing.history if not one.dry_run]
        outcome = standing.outcome
        self._there = outcome if isinstance(outcome, InSync) else None
        self._state: State = (
            "in-sync"
            if isinstance(outcome, InSync)
            else "to-book"
            if isinstance(outcome, Book)
            else "blocked"
            if isinstance(outcome, Blocker)
            else "waits"
            if isinstance(outcome, WaitsFor)
            else outcome
        )

    def why(self) -> Why:
        head, stops = self._head, tuple(self._stops())
        payments, unpaid = tuple(self._payments()), self._unpaid()
        foreseen = list(_gathered(self._foreseen()))
        return Why(
            rests_on=tuple(rests_on(self._known.snapshot)),
            document=Document(
                kind=head.kind,
                id=head.id,
                number=head.number,
                date=head.date,
                customer=head.customer_name,
                amount=head.amount,
                currency=head.currency,
                open_amount=head.open_amount,
                changed=head.stamp,
                web_url=head.web_url,
            ),
            state=self._state,
            mark=self._mark(stops, unpaid),
            taken_at=self._known.snapshot.taken_at if self._known.snapshot.taken_at.timestamp() else None,
            alike=tuple(f"{kind_name(one.kind)} {one.number}" for one in self._known.alike),
            teamleader=tuple(self._in_teamleader()),
            octopus=tuple(self._in_octopus()),
            booking=self._booking(),
            stops=stops,
            next_sync=tuple(self._next_sync()),
            payments=payments,
            unpaid=unpaid,
            unpaid_because=self._because(unpaid),
            history=tuple(_gathered(self._past)),
            foreseen=foreseen[-1] if foreseen else None,
            next=self._next(stops, unpaid),
        )

    # --- where it stands ------------------------------------------------------------------------------------

    def _in_teamleader(self) -> Iterator[str]:
        head, due = self._head, self._head.open_amount
        if head.kind == "credit_note" or due is None:
            text = _("Of {day}, {amount}.")
        elif due <= 0:
            text = _("Of {day}, {amount}: paid.")
        elif due == head.amount:
            text = _("Of {day}, {amount}: all of it is still due.")
        else:
            text = _("Of {day}, {amount}: {due} is still due.")
        yield text.format(
            day=day(head.date),
            amount=amount(head.booked_amount, head.currency),
            due=amount(due, head.currency) if due is not None else "",
        ) + (" " + self._changed() if head.stamp else "")

    def _changed(self) -> str:
        changed = datetime.fromisoformat(self._head.stamp)
        return _("It last changed on {moment}.").format(moment=self._moment(changed))

    def _in_octopus(self) -> Iterator[str]:
        known, booking = self._known, self._known.booking
        if self._there is not None:
            yield self._booked()
        elif booking is not None:
            text = _("{where} of {day} bears its number, with {amount}.")
            if self._state == "before-start":
                text = _("Booked as {where} of {day}, {amount}.")
            yield text.format(
                where=f"{booking.journal}/{booking.number}",
                day=day(booking.date),
                amount=amount(booking.amount),
            )
        elif "bookings" in known.snapshot.unread:
            why = known.snapshot.unread["bookings"].rstrip(".")
            troubled = bool(known.snapshot.troubles)  # which are told below
            yield _("Not known.") if troubled else _("Not known: {why}.").format(why=why)
        elif booked := not_known_to_be_booked(known.snapshot):
            yield booked
        elif (read_at := known.snapshot.ages.get("bookings")) is not None:
            yield _("Not booked, as read on {moment}.").format(moment=self._moment(read_at))
        else:
            yield _("Not booked.")

    def _booked(self) -> str:
        there, since = self._there, self._known.since
        assert there is not None
        place = self._known.planned.place if self._known.planned is not None else None
        text = _("Booked as {where}.").format(where=self._where)
        if place is not None and place.year is not None and place.period is not None:
            text = _("Booked as {where}, period {period} of {year}.").format(
                where=self._where, period=place.period.number, year=place.year.name
            )
        if since is None:
            return text + " " + _("A person or another connector booked it.")
        by = {
            "booked": _("octowizard booked it on {moment}."),
            "recognised": _("octowizard booked it, and knows it again since {moment}."),
        }.get(since[0], _("A person or another connector booked it; known since {moment}."))
        return text + " " + by.format(moment=self._moment(since[1]))

    @property
    def _where(self) -> str:
        return f"{self._there.journal}/{self._there.number}" if self._there is not None else ""

    def _booking(self) -> Booking | None:
        there, since = self._there, self._known.since
        if there is None:
            return None
        return Booking(
            bookyear=there.bookyear,
            journal=there.journal,
            number=there.number,
            by_octowizard=there.by_octowizard and (since is None or since[0] not in ("elsewhere", "watched")),
            since=since[1] if since is not None else None,
        )

    # --- what stops it --------------------------------------------------------------------------------------

    def _stops(self) -> Iterator[Stop]:
        met, last = self._known.obstacles, self._last_failure
        for blocker in met.run:
            yield self._stop(blocker, {})
        if last is not None and self._state == "to-book" and last.explanation.vendor:
            why = last.explanation
            text = _("The last sync was refused: {title}").format(title=why.title)
            yield Stop(
                problem=why.problem,
                title=text,
                evidence=why.evidence,
                fix=why.fix,
                fixed_when=why.fixed_when,
            )
        for blocker in met.own:
            yield self._stop(blocker, {"invoice": self._head.number, "customer": self._head.customer_name})
        if met.before is not None and met.before.blocker is not None:
            first = met.before.head
            yield self._stop(met.before.blocker, {"invoice": first.number}, first.number)

    def _stop(self, blocker: Blocker, names: dict[str, str], document: str = "") -> Stop:
        card = cards().get(blocker.problem)
        refused = blocker.vendor is not None and not blocker.evidence and card is not None
        fix, fixed_when = remedy(blocker.problem, names | {**blocker.names}, self._screens)
        return Stop(
            problem=blocker.problem,
            title=_(card.title) if refused and card is not None else blocker.title,
            evidence=(blocker.title,) if refused else blocker.evidence,
            fix=fix,
            fixed_when=fixed_when,
            document=document,
        )

    @property
    def _last_failure(self) -> DocumentFailed | None:
        """How the last sync that came to it failed, if it did."""
        last = next((one.event for one in reversed(self._past) if of_document(one.event) is not None), None)
        return last if isinstance(last, DocumentFailed) else None

    # --- what comes next ------------------------------------------------------------------------------------

    def _next_sync(self) -> Iterator[str]:
        known, outcome = self._known, self._known.outcome
        if outcome == "before-start":
            text = _("Nothing: a sync looks at documents from {start} on.")
            yield text.format(start=day(known.snapshot.start_date))
        elif outcome == "excluded":
            yield _("It is left out: you keep it out of the sync.")
        elif known.obstacles.run and not isinstance(outcome, InSync):
            yield _("Nothing is booked as long as that is so.")
        elif known.snapshot.unconnected and outcome == "unknown":
            yield _(
                "Nothing that was declared stops it. Its lines, with their accounts and VAT codes, were not declared."
            )
        elif outcome in ("unknown", "unread"):
            yield _("That cannot be told: {why}.").format(why=self._unread().rstrip("."))
        elif isinstance(outcome, Blocker):
            yield _("It is not booked as long as that is so.")
        elif isinstance(outcome, WaitsFor):
            yield _("It is not booked before {number}: numbers must follow each other without a gap.").format(
                number=outcome.number
            )
        elif isinstance(outcome, InSync):
            yield from self._payments_to_come()
        else:
            yield from self._to_book()

    def _to_book(self) -> Iterator[str]:
        known, planned = self._known, self._known.planned
        if self._profile.mode == "observer":
            yield _("Teamleader's own integration is to book it: this profile only watches.")
            return
        assert planned is not None
        if "booking" in known.in_doubt:
            yield _("First it is looked up what became of the booking that an earlier run sent.")
        text = _("It is booked as {where}, in period {period}, for {amount}.")
        yield text.format(
            where=f"{planned.place.journal}/{known.number}",
            period=planned.place.period.number if planned.place.period is not None else "",
            amount=amount(self._head.booked_amount, self._head.currency),
        )
        if known.relation == 0:
            yield _("Its customer becomes a new relation first.")
        elif known.relation is not None:
            yield _("Its customer is relation {number}.").format(number=known.relation)

    def _payments_to_come(self) -> Iterator[str]:
        new = [one for one in self._known.payments if one.fate == "register"]
        if self._known.obstacles.run:
            yield _("Nothing is registered as long as that is so.")
            return
        foreign = any(one.standing == "unsure" for one in self._known.matches)
        if self._profile.mode == "observer" or not (new or foreign):
            yield _("Nothing more: it is booked.")
            return
        if foreign:
            yield _(
                "What is matched is converted to the currency of the invoice, and registered in Teamleader."
            )
        for payment in new:
            yield _("{amount}, paid on {day}, is registered in Teamleader.").format(
                amount=amount(payment.amount), day=day(payment.day)
            )

    def _unread(self) -> str:
        """Why it cannot be told what becomes of it."""
        snapshot = self._known.snapshot
        if self._known.outcome == "unread":
            return _("it came after the last look, and nothing was read of it since")
        missing = snapshot.missing_details.get(self._head.id)
        lacking = (why for part, why in snapshot.unread.items() if not part.startswith("declared"))
        return missing or next(lacking, "") or _("its lines were not read")

    # --- its payments ---------------------------------------------------------------------------------------

    def _payments(self) -> Iterator[Payment]:
        for one in self._known.matches:
            match = one.match
            yield Payment(
                amount=match.amount,
                day=match.counter_date,
                journal=match.counter_journal,
                standing=one.standing,
                text=self._matched(one),
            )
        for payment in self._known.payments:
            if payment.fate in ("undone", "only_in_teamleader"):
                text = _(
                    "The match of {amount} of {day} was undone in Octopus; Teamleader still shows it as paid."
                )
                if payment.fate == "only_in_teamleader":
                    text = _("{amount} is paid in Teamleader, and {other} matched in Octopus.")
                yield Payment(
                    amount=payment.amount,
                    day=payment.day,
                    journal="",
                    standing=payment.fate,
                    text=text.format(
                        amount=amount(payment.amount), other=amount(payment.compared), day=day(payment.day)
                    ),
                )

    def _matched(self, one: MatchStanding) -> str:
        text = {
            "registered": _("{amount} of {day} ({journal}): matched in Octopus, registered in Teamleader."),
            "found": _("{amount} of {day} ({journal}): matched in Octopus, and paid in Teamleader already."),
            "mirrored": _(
                "{amount} of {day} ({journal}): paid in Teamleader, and booked in Octopus from there."
            ),
            "register": _("{amount} of {day} ({journal}): matched in Octopus, not yet in Teamleader."),
            "in_sync": _(
                "{amount} of {day} ({journal}): matched in Octopus, and paid in Teamleader already."
            ),
            "park": _(
                "{amount} of {day} ({journal}): matched in Octopus, more than Teamleader shows as due."
            ),
            "credit_note": _(
                "{amount} of {day} ({journal}): matched with a credit note, which is no payment."
            ),
            "unsure": _(
                "{amount} of {day} ({journal}): matched in Octopus; the sync compares it in its currency."
            ),
        }[one.standing]
        match = one.match
        return text.format(
            amount=amount(match.amount), day=day(match.counter_date), journal=match.counter_journal
        )

    def _unpaid(self) -> Unpaid | None:
        """Why the invoice is still unpaid in Teamleader; None where it is paid, or nothing is to be paid."""
        head, known = self._head, self._known
        if head.kind == "credit_note" or (head.open_amount is not None and head.open_amount <= 0):
            return None
        if "payment" in known.parked:
            return "parked"
        if "payment" in known.in_doubt:
            return "in-doubt"
        if self._there is None and (
            "bookings" in known.snapshot.unread or "Octopus" in known.snapshot.unconnected
        ):
            return "unsure"
        if self._there is None:
            return "other-content" if known.booking is not None else "not-booked"
        standings = {one.standing for one in known.matches}
        if "park" in standings:
            return "question"
        if standings & {"register", "unsure"}:
            return "next-sync"
        if "matches" in known.snapshot.unread:
            return "unsure"
        return "partly" if standings else "not-reconciled"

    def _because(self, unpaid: Unpaid | None) -> str:
        read_at = self._known.snapshot.ages.get("matches")
        text = {
            None: "",
            "not-booked": _("It is not booked, so nothing in Octopus can be matched with it."),
            "other-content": _("What is paid there belongs to a booking with another content."),
            "question": _("Octopus has more matched than Teamleader shows as due: nothing is registered."),
            "parked": _("Whether a payment reached Teamleader cannot be told: a person looks at it there."),
            "in-doubt": _(
                "A payment was sent to Teamleader and its answer was lost: the next sync looks it up."
            ),
            "next-sync": _("It was matched after the last sync: the next one registers it."),
            "partly": _(
                "What is matched is in Teamleader too; the rest is not reconciled with {where} in Octopus."
            ),
            "unsure": _("That cannot be told from what was read."),
            "not-reconciled": _("Nothing is matched with {where} in Octopus."),
        }[unpaid]
        if unpaid == "not-reconciled" and read_at is not None:
            text = _(
                "Nothing is matched with {where} in Octopus, as read on {moment}; what was reconciled since "
                "shows at the next look."
            )
        return text.format(where=self._where, moment=self._moment(read_at) if read_at else "")

    # --- what happened --------------------------------------------------------------------------------------

    def _foreseen(self) -> list[Happened]:
        """What previews foresaw since the last sync that came to it."""
        last = self._past[-1].run if self._past else 0
        return [one for one in self._known.history if one.dry_run and one.run > last]

    def _moment(self, at: datetime) -> str:
        return dated_moment(at, self._now)

    # --- what to do -----------------------------------------------------------------------------------------

    def _mark(self, stops: Sequence[Stop], unpaid: Unpaid | None) -> str:
        fates = {one.fate for one in self._known.payments}
        if self._state in ("unknown", "unread") and not stops:
            return "?"
        if stops and self._state != "waits":
            return "✖"
        if (
            self._known.in_doubt
            or self._known.parked
            or unpaid == "question"
            or fates & {"undone", "only_in_teamleader"}
        ):
            return "▲"
        marks: dict[str, str] = {"in-sync": "✔", "excluded": "–", "before-start": "–"}
        return marks.get(self._state, "○")

    def _next(self, stops: Sequence[Stop], unpaid: Unpaid | None) -> str:
        """One thing: what helps first."""
        if stops and stops[0].fix:
            step = stops[0].fix[0]
            if stops[0].document:
                return _("First {number}: {step}").format(number=stops[0].document, step=step)
            return step
        fates = ["park" if self._known.parked else "", *(one.fate for one in self._known.payments)]
        cards_of = {"undone": "unmatched-drift", "park": "payment-parked", "only_in_teamleader": "paid-drift"}
        drifts = [problem for fate, problem in cards_of.items() if fate in fates]
        if drifts:
            names = {"invoice": self._head.number}
            return remedy(drifts[0], names, self._screens).fix[0]
        if self._known.snapshot.unconnected and self._state == "unknown":
            text = _("Look at its lines in Teamleader, or sign in to both sides: octowizard connect {name}.")
            return text.format(name=self._profile.name)
        if self._state in ("unknown", "unread"):
            return _("Read both sides again, then ask once more.")
        if self._state == "excluded":
            text = _("If it is to be booked after all: octowizard sync --include {id}")
            return text.format(id=self._head.id)
        if self._state == "before-start":
            text = _("Nothing. If it is not in Octopus, it is booked there by hand.")
            return text if self._known.booking is None else _("Nothing.")
        if self._state == "to-book" or unpaid in ("next-sync", "in-doubt"):
            if self._profile.mode == "observer":
                return _("Wait for the next sync of Teamleader's own integration.")
            return _("Start a sync.")
        if unpaid in ("not-reconciled", "partly"):
            text = _("Once the money is there: reconcile it with {where} in Octopus, then start a sync.")
            return text.format(where=self._where)
        return _("Nothing.")


def _gathered(happened: Iterable[Happened]) -> Iterator[Past]:
    """What happened, the same thing several times in a row once."""
    present: Past | None = None
    for one in happened:
        line = of_document(one.event, dry_run=one.dry_run)
        if line is None:
            continue
        if present is not None and present.text == line.text:
            present = msgspec.structs.replace(present, last=one.at, times=present.times + 1)
            continue
        if present is not None:
            yield present
        present = Past(run=one.run, at=one.at, last=one.at, times=1, mark=line.mark, text=line.text)
    if present is not None:
        yield present
