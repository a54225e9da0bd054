"""Import companies from Octopus: relations that are active clients become companies (private persons contacts).

The preview says what would be made and what will not carry over. The import makes each once, however often it is cut
off and begun again: what was made is linked with its relation in the same moment, and a doubt is settled by a look
before anything is written. What another import has made, or this one before an older copy of the workspace was put
back, is linked and not made again; an import that meets another at work stops. Not here: which relations Teamleader
has already (smart.py), and how a write is made (outbox/companies.py).
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from octowizard.customers import company, relation_store
from octowizard.customers.company import Draft, NotDrafted
from octowizard.locale import _
from octowizard.octopus.client import Octopus
from octowizard.outbox import companies
from octowizard.outbox.door import StillInDoubt, write
from octowizard.outbox.kinds import COMPANY
from octowizard.outbox.lookup import seconds_to_wait
from octowizard.outbox.recovery import look_and_close
from octowizard.progress import Stop
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import IMPORT_TAG, PaymentTermRecord
from octowizard.transport.errors import (
    Forbidden,
    LimitReached,
    SignInRefused,
    Unreachable,
    VendorError,
    plainly,
)
from octowizard.transport.retry import may_repeat
from octowizard.transport.window import NO_WINDOW
from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace
from octowizard.workspace.lock import only_one

CAPACITY = 10_000  # companies and contacts of an account, unless extended (help centre)
AT_ONCE = 8  # new customers do not depend on each other; at 300 ms a call this fills the window with ease
ROUNDS = 3  # what turned out not to be made is made again; after so many rounds that made nothing, it is left
TRIES = 3  # of one write that certainly never arrived
GIVE_UP = 8  # doubts in a row: then Teamleader is not there, and thousands more would only be in doubt
PAUSE = 2.0  # seconds before a call that found no connection is tried again
# When others are looked for: soon after the beginning, then at this pace.
LOOK_FIRST, LOOK_EVERY = 3.0, 30.0  # seconds
TICK = 0.2  # seconds between two looks at the clock while waiting

Outcome = Literal["complete", "attention", "cancelled", "unreachable"]


class Progress(NamedTuple):
    """How far it is. `seconds_left` is None while it cannot be told."""

    phase: Literal["reading", "settling", "importing"]
    done: int
    total: int
    seconds_left: float | None


class Made(NamedTuple):
    """A relation has become a customer. `found`: an earlier import had made it, which was not known."""

    relation: int
    name: str
    found: bool = False


class Failed(msgspec.Struct, frozen=True):
    """A relation that Teamleader did not take; `why` is one sentence, `vendor_text` the vendor's own words."""

    relation: int
    name: str
    why: str
    vendor_text: str = ""


Step = Progress | Made | Failed
Tell = Callable[[Step], None]


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would do. `losses` counts relations by what does not carry over, `reasons` says why not.

    `tagged`: customers that bear the tag of an import in Teamleader already, ours and those of its own import.
    """

    companies: int
    contacts: int
    linked: int
    skipped: dict[company.Why, int]
    losses: dict[company.Lost, int]
    tagged: int
    read_at: datetime
    default_term: PaymentTermRecord | None = None
    reasons: dict[company.Lost, tuple[str, ...]] = {}

    @property
    def total(self) -> int:
        """How many customers would be made."""
        return self.companies + self.contacts

    @property
    def seconds(self) -> float:
        """What it takes at least, at 200 calls a minute: the first 200 go at once."""
        return max(0, (self.total - 1) // 200) * 60.0

    @property
    def notes(self) -> tuple[str, ...]:
        """What holds for every customer that is made, and what may stand in the way of so many."""
        notes = [
            _("The customer number of Octopus: the API does not take it, octowizard keeps the link itself."),
            _("The VAT type: the API neither takes nor shows it, Teamleader gives its own default."),
        ]
        if self.total + self.tagged > CAPACITY:
            notes.append(
                _(
                    "Teamleader holds {count} companies and contacts together, unless yours was extended."
                ).format(count=CAPACITY)
            )
        return tuple(notes)


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """How an import ended. `left`: drafts that were not tried or are in doubt; begun again, it goes on with them."""

    outcome: Outcome
    made: int
    found: int
    failed: tuple[Failed, ...]
    left: int
    in_doubt: int
    seconds: float
    message: str = ""


def drafts(
    workspace: Workspace, default_term: PaymentTermRecord | None, only: Collection[int] | None = None
) -> Iterator[Draft | NotDrafted]:
    """Every kept relation that is not linked yet (or of these, `only` some), as it would be imported.

    In constant memory; nothing may be written to the workspace meanwhile.
    """
    linked = {link.relation for link in links.customers(workspace).values()}
    for card in relation_store.each(workspace):
        made = company.draft(card, default_term)
        if made is None or made.relation in linked or (only is not None and made.relation not in only):
            continue
        yield made


async def preview(
    workspace: Workspace,
    octopus: Octopus,
    teamleader: Teamleader,
    only: Collection[int] | None = None,
    tagged: int | None = None,
) -> Preview:
    """Read both sides and say what an import would do; `tagged` when it is known already. Raises VendorError."""
    read_at = await relation_store.read(workspace, octopus)
    default = await default_term(teamleader)
    if tagged is None:
        tagged = await count_tagged(teamleader)
    skipped: Counter[company.Why] = Counter()
    losses: Counter[company.Lost] = Counter()
    reasons: dict[company.Lost, dict[str, None]] = {}
    kinds: Counter[str] = Counter()
    for draft in drafts(workspace, default, only):
        if isinstance(draft, NotDrafted):
            skipped[draft.why] += 1
            continue
        kinds[draft.type] += 1
        losses.update({loss.what for loss in draft.losses})
        for loss in draft.losses:
            reasons.setdefault(loss.what, {})[loss.why] = None
    return Preview(
        companies=kinds["company"],
        contacts=kinds["contact"],
        linked=len({link.relation for link in links.customers(workspace).values()}),
        skipped=dict(skipped),
        losses=dict(losses.most_common()),
        tagged=tagged,
        read_at=read_at,
        default_term=default,
        reasons={what: tuple(whys) for what, whys in reasons.items()},
    )


async def default_term(teamleader: Teamleader) -> PaymentTermRecord | None:
    """The payment term that a new customer gets in Teamleader."""
    terms = await teamleader.payment_terms()
    return next((term for term in terms.terms if term.id == terms.default), None)


async def count_tagged(teamleader: Teamleader) -> int:
    """Companies that bear the tag of an import, whoever made them."""
    return sum([len(page.records) async for page in teamleader.companies(tags=[IMPORT_TAG])])


async def run(
    workspace: Workspace,
    octopus: Octopus,
    teamleader: Teamleader,
    tell: Tell,
    stop: Stop,
    only: Collection[int] | None = None,
) -> Imported:
    """Import the relations that are not linked yet (or of these, `only` some).

    Holds the lock of the workspace. Raises WorkspaceLocked, SignInRefused, Forbidden, and VendorError when reading
    fails: then nothing was written in this run, or what was written is known.
    """
    with only_one(workspace.path.parent, "octowizard import"):
        return await _Import(workspace, octopus, teamleader, tell, stop, only).go()


async def settle_earlier(
    workspace: Workspace,
    teamleader: Teamleader,
    stop: Stop,
    waiting: Callable[[], None] = lambda: None,
) -> bool:
    """Look what became of the writes that are in doubt; the caller holds the lock. Raises VendorError.

    Waits until their requests must have ended; False when asked to stop meanwhile: then they stay in doubt.
    `waiting` is called now and then.
    """
    doubts = _in_doubt(workspace)
    if not await _pause(max(map(seconds_to_wait, doubts), default=0.0), stop, waiting):
        return False
    await look_and_close(COMPANY, workspace, teamleader, doubts)
    return True


async def _pause(seconds: float, stop: Stop, waiting: Callable[[], None] = lambda: None) -> bool:
    """Wait; False when asked to stop meanwhile. `waiting` is called now and then."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if stop.requested:
            return False
        waiting()
        await asyncio.sleep(min(left, TICK))
    return True


def _in_doubt(workspace: Workspace) -> list[intents.Intent]:
    return intents.in_state(workspace, "open", kind="company")


class _Import:
    """The state of one import."""

    def __init__(
        self,
        workspace: Workspace,
        octopus: Octopus,
        teamleader: Teamleader,
        tell: Tell,
        stop: Stop,
        only: Collection[int] | None,
    ) -> None:
        self._workspace = workspace
        self._octopus = octopus
        self._teamleader = teamleader
        self._tell = tell
        self._stop = stop
        self._only = frozenset(only) if only is not None else None
        self._default: PaymentTermRecord | None = None
        self._standing = companies.Standing(workspace, teamleader, IMPORT_TAG)
        self._next_look = 0.0
        self._looked_at = teamleader.clock.now()
        self._failed: dict[int, Failed] = {}
        self._made = 0
        self._found = 0
        self._doubts_in_a_row = 0
        self._ended: Outcome | None = None
        self._fatal: VendorError | None = None
        self._message = ""
        self._total = 0
        self._done = 0
        self._began = 0.0

    async def go(self) -> Imported:
        began = time.monotonic()
        self._tell(Progress("reading", 0, 0, None))
        await relation_store.read(self._workspace, self._octopus)
        self._default = await default_term(self._teamleader)
        await self._settle()
        self._next_look = time.monotonic() + LOOK_FIRST
        await self._standing.look()
        self._recognise()
        waiting = self._waiting()
        self._total = len(waiting) + self._found
        rounds = 0
        while waiting and self._ended is None and rounds < ROUNDS:
            before = self._done
            await self._write(waiting)
            if self._ended is None:
                await self._settle()
            waiting = self._waiting()
            rounds = rounds + 1 if self._done == before else 0
        in_doubt = len(_in_doubt(self._workspace))
        outcome: Outcome = self._ended or ("attention" if self._failed or waiting or in_doubt else "complete")
        return Imported(
            outcome=outcome,
            made=self._made,
            found=self._found,
            failed=tuple(self._failed.values()),
            left=len(waiting),
            in_doubt=in_doubt,
            seconds=round(time.monotonic() - began, 3),
            message=self._message,
        )

    def _waiting(self) -> list[int]:
        """The relations still to be made in this run: numbers only, so that memory does not grow with them."""
        return [
            draft.relation
            for draft in drafts(self._workspace, self._default, self._only)
            if isinstance(draft, Draft) and draft.relation not in self._failed
        ]

    # --- others ---------------------------------------------------------------------------------------

    def _recognise(self) -> None:
        """Link what stands in Teamleader already; it is not made again."""
        if not self._standing:
            return
        for relation in self._waiting():
            customer = self._customer(relation)
            made = self._standing.take(customer) if customer else None
            if customer is not None and made is not None:
                self._standing.link(customer, made)
                self._stands(customer, found=True)

    def _stands(self, customer: companies.NewCustomer, *, found: bool) -> None:
        """Count and tell: a relation has become a customer, now or earlier."""
        self._found += found
        self._made += not found
        self._done += 1
        self._tell(Made(customer.relation, customer.label, found=found))

    async def _is_alone(self) -> bool:
        """Look for another import at work, from time to time: two at once would make each customer twice."""
        if time.monotonic() < self._next_look:
            return True
        self._next_look = time.monotonic() + LOOK_EVERY
        since, self._looked_at = self._looked_at, self._teamleader.clock.now()
        if not await self._standing.look(since):
            return True
        self._ended = "attention"
        self._message = _(
            "Somebody else imports into Teamleader at the same time. This import has stopped; begin it again when "
            "the other one has ended: it links what that one made."
        )
        return False

    # --- doubts ----------------------------------------------------------------------------------------

    async def _settle(self) -> None:
        """Settle the writes in doubt, once Teamleader must have finished with them."""
        wanted = [COMPANY.body_of(doubt) for doubt in _in_doubt(self._workspace)]
        settling = Progress("settling", self._done, self._total, None)
        if not await settle_earlier(
            self._workspace, self._teamleader, self._stop, lambda: self._tell(settling)
        ):
            self._ended = "cancelled"
            return
        linked = {link.relation for link in links.customers(self._workspace).values()}
        for customer in wanted:
            if customer.relation in linked:
                self._stands(customer, found=True)

    # --- writing ---------------------------------------------------------------------------------------

    async def _write(self, waiting: list[int]) -> None:
        self._began = time.monotonic()
        queue = iter(waiting)
        self._progress()

        async def work() -> None:
            for relation in queue:
                if self._stop.requested:
                    self._ended = "cancelled"
                if self._ended is not None or self._fatal is not None:
                    return
                try:
                    if await self._is_alone():
                        await self._one(relation)
                except BaseException:
                    self._ended = self._ended or "cancelled"  # the others stop too
                    raise
                self._progress()

        # All come to an end before an error of one is raised: nobody writes on behind the caller's back.
        for ended in await asyncio.gather(*(work() for _worker in range(AT_ONCE)), return_exceptions=True):
            if isinstance(ended, BaseException):
                raise ended
        if self._fatal is not None:
            raise self._fatal

    def _customer(self, relation: int) -> companies.NewCustomer | None:
        """What is to be made of a relation."""
        draft = _draft(self._workspace, relation, self._default)
        if draft is None:
            return None
        return companies.NewCustomer(
            key=f"relation/{relation}",
            label=draft.name,
            type=draft.type,
            fields=draft.fields,
            relation=relation,
            external_number=draft.external_number,
        )

    async def _one(self, relation: int) -> None:
        customer = self._customer(relation)
        if customer is None:
            return
        waited = 0.0
        for attempt in range(1, TRIES + 1):
            if not await self._turn():
                return
            try:
                await write(COMPANY, self._workspace, self._teamleader, customer)
            except StillInDoubt as doubt:
                self._doubts_in_a_row += 1
                if self._doubts_in_a_row >= GIVE_UP:
                    self._ended, self._message = "unreachable", plainly(doubt.cause)
                return
            except (LimitReached, Unreachable) as error:
                pause = self._pause_after(error, waited)
                if attempt == TRIES or pause is None or not await self._pause(pause):
                    self._ended, self._message = self._ended or "unreachable", plainly(error)
                    return
                waited += pause
            except (SignInRefused, Forbidden) as error:
                self._fatal = error
                return
            except VendorError as error:
                self._failed[relation] = Failed(relation, customer.label, plainly(error), str(error))
                self._done += 1
                self._tell(self._failed[relation])
                return
            else:
                self._doubts_in_a_row = 0
                self._stands(customer, found=False)
                return

    async def _turn(self) -> bool:
        """Wait for a turn of the window, before the intent; False when asked to stop meanwhile."""
        window = self._teamleader.window
        taking = asyncio.create_task(window.reserve())
        try:
            while not taking.done():
                if self._stop.requested:
                    taking.cancel()
                await asyncio.wait({taking}, timeout=TICK)
        finally:
            taking.cancel()
        if self._stop.requested:
            self._ended = "cancelled"
        if not taking.cancelled():
            taking.result()  # raises what taking it raised
            if self._ended is None and self._fatal is None:
                return True
            window.release()
        return False

    def _pause_after(self, error: LimitReached | Unreachable, waited: float) -> float | None:
        """Seconds until the call may be made again; None for a limit that stays, or is one of a day."""
        if isinstance(error, Unreachable) or error.until is None:
            return PAUSE
        repeat = may_repeat(error, self._teamleader.clock.now(), waited=waited)
        return None if repeat is False else float(repeat)

    async def _pause(self, seconds: float) -> bool:
        """Wait; False when asked to stop meanwhile."""
        if await _pause(seconds, self._stop):
            return True
        self._ended = "cancelled"
        return False

    def _progress(self) -> None:
        self._tell(Progress("importing", self._done, self._total, self._seconds_left()))

    def _seconds_left(self) -> float | None:
        """Estimate by the window of calls, or by the pace so far where that is slower; None at the beginning."""
        left = self._total - self._done
        passed = time.monotonic() - self._began
        by_pace = left * passed / self._done if self._done >= AT_ONCE else None
        size = self._teamleader.window.size
        if size >= NO_WINDOW:
            return by_pace
        by_window = max(0, left - self._teamleader.window.remaining) * 60.0 / size
        return max(by_window, by_pace or 0.0)


def _draft(workspace: Workspace, relation: int, default: PaymentTermRecord | None) -> Draft | None:
    card = relation_store.one(workspace, relation)
    draft = company.draft(card, default) if card else None
    return draft if isinstance(draft, Draft) else None
