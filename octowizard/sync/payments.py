"""Payments back: what is matched in Octopus becomes paid in Teamleader, part payments included, once each.

Teamleader's payments have no id and no idempotency key. So the payments of an invoice are read before each is
registered; the sum never exceeds what is due; and the time of day of a payment is made from the match it stands
for, so that it can be found again. What cannot be told apart is given to a person.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Container, Mapping, Sequence
from datetime import date
from decimal import Decimal
from time import monotonic

import msgspec

from octowizard.locale import _
from octowizard.locale.formats import amount
from octowizard.outbox.door import Door, NotWritten, StillInDoubt
from octowizard.outbox.kinds import PAYMENT
from octowizard.outbox.lookup import seconds_to_wait
from octowizard.outbox.payments import PaymentBody, equal_payments
from octowizard.outbox.recovery import look_and_close
from octowizard.planning.payments import (
    InvoicePayments,
    in_currency_of_invoice,
    is_ahead,
    is_money,
    matched_amounts,
    paid_at,
    undone,
)
from octowizard.progress import NOTICED, Stopped, Wait, reads_end_on, tell_wait, unless_stopped
from octowizard.snapshot.assemble import EURO
from octowizard.snapshot.convert import invoice_head, rate_to_own
from octowizard.snapshot.details import kept_invoice
from octowizard.snapshot.model import DocumentHead, Match
from octowizard.sync import events
from octowizard.sync.progress import RunProgress, document
from octowizard.teamleader.models import InvoiceBase, InvoicePayment
from octowizard.transport.errors import Interrupted, SignInRefused, VendorError
from octowizard.workspace import intents, kept, links

AT_ONCE = 6
# Invoices of which one call asks whether anything is paid on them: so few that the answer is seconds old when the
# last of them is registered. Another octowizard, or a person, may register the same payment at any moment, and
# Teamleader refuses no double.
LISTED = 2 * AT_ONCE
REGISTER = "invoices.registerPayment"
ROUNDS = 3  # a payment whose answer is lost is looked at and sent again at most this often in a run


class Payments:
    """Registers the matches of linked invoices as payments."""

    def __init__(
        self, door: Door, progress: RunProgress, replaced: Container[str] = (), own_currency: str = ""
    ) -> None:
        """`replaced`: documents (ids) whose booking is another one by now; what is paid there is not theirs.

        `own_currency`: where it is given, payments that only Teamleader has are told of: nothing mirrors them.
        """
        self._door = door
        self._workspace = door.workspace
        self._teamleader = door.teamleader
        self._progress = progress
        self._places = asyncio.Semaphore(AT_ONCE)
        self._known = links.payments(door.workspace)
        self._replaced = replaced
        self._own_currency = own_currency
        self._later: dict[str, list[Match]] = {}  # by invoice: wait until a doubt on it is settled
        self._unlooked: set[int] = set()  # intents whose look failed in this run

    def foresee(self, matches: Collection[Match]) -> None:
        """Tell how many payments there are to bring back, as far as that shows before the documents are booked."""
        wanted, _standing = self._wanted(matches)
        total = sum(len(mine) for invoice, mine in wanted.items() if not self._is_paid(invoice))
        total += 0 if self._door.paper else len(self._doubts())
        if total:
            self._progress.phase("payments", total=total)

    def _wanted(self, matches: Collection[Match]) -> tuple[dict[str, list[Match]], set[str]]:
        """By invoice the matches that are no payment yet; and the keys of all that stand."""
        by_booking = {
            link.place: link.document
            for link in links.each_document(self._workspace)
            if link.kind == "invoice" and link.document not in self._replaced
        }
        open_keys = {i.natural_key for i in self._doubts()}
        wanted: dict[str, list[Match]] = defaultdict(list)
        standing: set[str] = set()
        for match in matches:
            standing.add(match.key)
            invoice = by_booking.get(match.place)
            if invoice is None or not is_money(match) or match.key in open_keys:
                continue
            if match.key not in self._known:
                wanted[invoice].append(match)
        return wanted, standing

    async def run(self, matches: Collection[Match]) -> None:
        """Register all matches that are not payments yet; meanwhile and then, settle the payments in doubt."""
        wanted, standing = self._wanted(matches)
        for invoice in [i for i in wanted if self._is_paid(i)]:
            self._found(invoice, wanted.pop(invoice))
        doubts = [] if self._door.paper else self._doubts()
        total = sum(map(len, wanted.values())) + len(doubts)
        self._progress.phase("payments", total=total, state="running" if total else "done")
        if not self._door.paper:
            self._drifted(standing)
        if self._own_currency:
            self._tell_unmirrored(matches, standing)
        # While a payment of an invoice is in doubt, its equal ones cannot be told from it: they come after.
        for doubt in doubts:
            self._later[doubt.subject] = [*self._later.get(doubt.subject, ()), *wanted.pop(doubt.subject, ())]
        async with asyncio.TaskGroup() as group:
            group.create_task(self._all(wanted))
            if doubts:
                group.create_task(self._settle(doubts))
        for _round in range(ROUNDS):
            if self._door.paper or self._progress.stop.requested or not (fresh := self._unsettled()):
                break
            await self._settle(fresh)
        if not (self._door.paper or self._progress.stop.requested):
            self._tell_doubts()
        self._progress.phase("payments", state="done")

    def _doubts(self) -> list[intents.Intent]:
        """Payments whose outcome is unknown, and those parked for a person."""
        return intents.in_state(self._workspace, "open", "parked", kind="payment")

    def _unsettled(self) -> list[intents.Intent]:
        """Doubts that a look can settle; one whose look failed in this run waits for the next."""
        return [i for i in self._doubts() if i.id not in self._unlooked]

    def _tell_doubts(self) -> None:
        """Tell the payments still in doubt at the end of the run as failed."""
        for intent in self._unsettled():
            if head := kept_invoice(self._workspace, intent.subject):
                no_answer = Interrupted("Teamleader", REGISTER, in_doubt=True)
                self._progress.payment_failed(head, PAYMENT.body_of(intent).amount, no_answer)

    def _is_paid(self, invoice_id: str) -> bool:
        """Whether Teamleader's list, read in this run, shows nothing due any more."""
        head = kept_invoice(self._workspace, invoice_id)
        return head is not None and head.open_amount is not None and head.open_amount <= 0

    def _found(self, invoice_id: str, matches: list[Match]) -> None:
        """Remember matches of an invoice that is fully paid, so that it is not asked again."""
        self._door.keep(
            *(
                links.PaymentLink(m.key, invoice_id, m.amount, m.counter_date.isoformat(), "found")
                for m in matches
            )
        )

    async def _all(self, wanted: Mapping[str, list[Match]]) -> None:
        """Invoice by invoice; a few at a time are asked whether anything is paid on them at all."""
        ids = list(wanted)
        for first in range(0, len(ids), LISTED):
            some = ids[first : first + LISTED]
            untouched = await self._untouched(some)
            async with asyncio.TaskGroup() as group:
                for invoice in some:
                    group.create_task(self._invoice(invoice, wanted[invoice], untouched.get(invoice)))

    async def _untouched(self, ids: Sequence[str]) -> dict[str, InvoiceBase]:
        """Read the invoices on which all is still due, by id: they hold no payment to compare with."""
        untouched: dict[str, InvoiceBase] = {}
        try:
            with reads_end_on(self._progress.stop):
                async for page in self._teamleader.invoices_by_id(ids):
                    untouched |= {r.id: r for r in page.records if r.total.due == r.total.tax_inclusive}
        except Stopped:
            return {}  # each then finds that it is to stop
        except SignInRefused:
            raise
        except VendorError:
            return {}  # each is then read by itself, and says why not
        return untouched

    # --- one invoice -----------------------------------------------------------------------------------

    async def _invoice(
        self, invoice_id: str, matches: list[Match], untouched: InvoiceBase | None = None
    ) -> None:
        async with self._places:
            if self._progress.stop.requested:
                self._progress.outcomes.add("cancelled")
                return
            head = kept_invoice(self._workspace, invoice_id)
            invoice: InvoiceBase
            payments: tuple[InvoicePayment, ...] = ()
            if untouched is not None:
                invoice = untouched
            else:
                try:
                    with reads_end_on(self._progress.stop):
                        full = await self._teamleader.invoice(invoice_id)
                except Stopped:
                    self._progress.outcomes.add("cancelled")
                    return
                except SignInRefused:
                    raise
                except VendorError as error:
                    if head is None:
                        return
                    for match in matches:
                        self._progress.payment_failed(head, match.amount, error)
                    return
                invoice, payments = full, full.payments
            head = head or invoice_head(invoice)
            if head is None:
                return  # a draft again: nothing to pay
            in_order = sorted(matches, key=lambda m: (m.counter_date, m.key))
            await self._register_all(head, invoice, payments, in_order)

    async def _register_all(
        self,
        head: DocumentHead,
        invoice: InvoiceBase,
        payments: tuple[InvoicePayment, ...],
        matches: list[Match],
    ) -> None:
        due = invoice.total.due.amount if invoice.total.due else invoice.total.tax_inclusive.amount
        known = [
            (link.key, link.amount, date.fromisoformat(link.paid_on))
            for link in self._known.values()
            if link.document == head.id
        ]
        there = [(payment.payment.amount, payment.paid_at) for payment in payments if payment.paid_at]
        planned = InvoicePayments(due, matches, known, there)
        rate = rate_to_own(invoice.currency_exchange_rate, head.currency, EURO)
        for place, match in enumerate(matches):
            if self._progress.stop.requested:
                self._progress.outcomes.add("cancelled")
                return
            if not rate:
                self._progress.tell(
                    events.PaymentParked(
                        document=document(head), amount=match.amount, question=_without_rate()
                    )
                )
                continue
            amount = in_currency_of_invoice(match.amount, rate, planned.due)
            body = PaymentBody(
                key=match.key,
                document=head.id,
                number=head.number,
                amount=amount,
                currency=head.currency,
                paid_at=paid_at(match),
                equal_before=0,
            )
            day = body.paid_at.date()
            exact, equal = equal_payments(payments, body)
            body = msgspec.structs.replace(body, equal_before=equal + planned.registered(amount, day))
            action = planned.decide(amount, day, exact=exact > 0)
            if action == "in_sync":
                planned.note_in_sync(amount, day, exact=exact > 0)
                self._door.keep(body.link("found"))
                self._progress.step("payments")
            elif action == "park":
                self._park(head, amount, planned.due)
            else:
                try:
                    registered = await self._register(head, body, in_full=amount == planned.due)
                except StillInDoubt:
                    self._later[head.id] = [*self._later.get(head.id, ()), *matches[place + 1 :]]
                    return
                if registered:
                    planned.note_registered(amount, day)

    def _park(self, head: DocumentHead, amount: Decimal, due: Decimal) -> None:
        question = _(
            "Octopus has {amount} matched, Teamleader shows only {due} still due. Which payments on the invoice "
            "are right? Correct them in Teamleader; octowizard registers nothing beyond what is due."
        ).format(amount=amount, due=due)
        self._progress.tell(events.PaymentParked(document=document(head), amount=amount, question=question))

    async def _register(self, head: DocumentHead, body: PaymentBody, *, in_full: bool) -> bool:
        """True when it is registered (or would be). Raises StillInDoubt."""
        if not self._door.paper:
            # Before the intent is kept, so that a stop ends the wait and nothing is in doubt.
            try:
                with reads_end_on(self._progress.stop):
                    await unless_stopped(self._teamleader.window.reserve)
            except Stopped:
                self._progress.outcomes.add("cancelled")
                return False
        try:
            await self._door.write(PAYMENT, body)
        except (NotWritten, VendorError) as error:
            self._progress.payment_failed(head, body.amount, error)
            return False
        self._registered(head, body, in_full=in_full)
        return True

    def _registered(self, head: DocumentHead, body: PaymentBody, *, in_full: bool) -> None:
        self._progress.tell(
            events.PaymentRegistered(
                document=document(head), amount=body.amount, paid_on=body.paid_at.date(), in_full=in_full
            )
        )

    # --- doubts ----------------------------------------------------------------------------------------

    async def _settle(self, doubts: list[intents.Intent]) -> None:
        """Look at payments whose outcome is unknown, once the other side must have finished with them."""
        wait = max(map(seconds_to_wait, doubts))
        if wait > NOTICED:
            tell_wait(Wait("Teamleader", "settling", monotonic() + wait))
        while wait > 0 and not self._progress.stop.requested:
            await asyncio.sleep(min(wait, 0.5))
            wait = max(map(seconds_to_wait, doubts))
        tell_wait(None)
        again: dict[str, list[str]] = defaultdict(list)  # keys of matches by invoice
        unclear: set[str] = set()
        for intent in doubts:
            if self._progress.stop.requested:
                self._progress.outcomes.add("cancelled")
                return
            body = PAYMENT.body_of(intent)
            head = kept_invoice(self._workspace, intent.subject)
            try:
                (verdict,) = await look_and_close(PAYMENT, self._workspace, self._teamleader, [intent])
            except SignInRefused:
                raise
            except VendorError as error:
                unclear.add(intent.subject)
                self._unlooked.add(intent.id)
                if head is not None:
                    self._progress.payment_failed(head, body.amount, error)
                continue
            self._progress.settled("payment", verdict.label, verdict.outcome)
            if verdict.outcome == "not_done":
                again[intent.subject].append(body.key)
            elif head is not None:
                self._registered(head, body, in_full=False)
        self._known = links.payments(self._workspace)
        decoder = msgspec.json.Decoder(Match)
        for invoice_id in dict.fromkeys(intent.subject for intent in doubts):
            waiting = self._later.pop(invoice_id, [])
            if invoice_id in unclear:
                continue
            records = (kept.record(self._workspace, "match", key) for key in again[invoice_id])
            lost = [decoder.decode(record) for record in records if record]
            if lost or waiting:
                await self._invoice(invoice_id, [*lost, *waiting])

    # --- drift -----------------------------------------------------------------------------------------

    def _drifted(self, standing: set[str]) -> None:
        """Tell payments of ours whose match was undone in Octopus: Teamleader keeps them as paid (documented)."""
        for link in undone(self._known, standing):
            head = kept_invoice(self._workspace, link.document)
            if head is not None:
                message = _(
                    "The match of {amount} on {day} was undone in Octopus; Teamleader still shows it as paid. "
                    "If it is not paid, remove the payment in Teamleader."
                ).format(amount=link.amount, day=link.paid_on)
                self._progress.tell(events.PaymentDrift(document=document(head), message=message))

    def _tell_unmirrored(self, matches: Collection[Match], standing: set[str]) -> None:
        """Tell payments that were entered in Teamleader and that nothing in Octopus matches."""
        matched = matched_amounts(matches)
        already = {link.document for link in undone(self._known, standing)}
        for link in links.each_document(self._workspace):
            if link.kind != "invoice" or link.document in already or link.document in self._replaced:
                continue
            head = kept_invoice(self._workspace, link.document)
            if head is None or head.open_amount is None:
                continue
            paid, there = head.amount - head.open_amount, matched[link.place]
            if not is_ahead(paid, there, own=head.currency == self._own_currency):
                continue
            message = _(
                "{paid} is paid in Teamleader and {matched} is matched in Octopus: it stays open there. A payment that "
                "is entered in Teamleader is booked in Octopus only through a journal and an account that you name in "
                "the mapping."
            ).format(paid=amount(paid, head.currency), matched=amount(there))
            self._progress.tell(events.PaymentDrift(document=document(head), message=message))


def _without_rate() -> str:
    return _(
        "The invoice is in a foreign currency, and Teamleader names no exchange rate on it: what the match is worth "
        "there is not known, and nothing is registered. Register the payment in Teamleader by hand."
    )
