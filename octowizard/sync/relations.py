"""A relation for every customer, before its first document: found by a sure key, or made, once each."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import nullcontext
from functools import partial

from octowizard.customers.relation import new_relation
from octowizard.locale import ngettext
from octowizard.matching.keys import address_key
from octowizard.matching.vat_numbers import firm_key, vat_key
from octowizard.octopus.models import Relation
from octowizard.outbox.door import Door, NotWritten, StillInDoubt
from octowizard.outbox.kinds import RELATION
from octowizard.outbox.relations import CustomerRelation, key_of
from octowizard.planning.blockers import Blocker
from octowizard.planning.customers import (
    AlreadyLinked,
    ExistingRelation,
    NewRelation,
    RelationPlan,
    Relations,
    full_name,
    made_relation,
    plan_relation,
)
from octowizard.snapshot.model import CustomerFacts, DocumentHead, RelationFacts, Snapshot
from octowizard.sync import events
from octowizard.sync.progress import RunProgress, Withheld
from octowizard.transport.errors import LimitReached, LimitSpent, SignInRefused, VendorError
from octowizard.workspace import links

AT_ONCE = 4  # relations do not depend on each other, so a few may be made side by side
TRIES = 3
LOOK_AGAIN = 30.0  # seconds: a relation is made on no older knowledge of what others made


class CustomerRelations:
    """Finds or makes relations; the same customer, and customers with the same VAT number, only once.

    `unlooked`: the relations could not be read anew, so that somebody may have made one since: none is made.
    Two octowizards that make the same one at once make one: its external number follows from the customer, and
    Octopus merges relations of equal external numbers. A person who makes one by hand is seen by reading the
    relations again (`look_again`) when the last reading is old, or when somebody was met at work (`others_at_work`);
    one made in the very seconds in which octowizard makes it is not, and is told by the checks.
    """

    def __init__(
        self,
        door: Door,
        progress: RunProgress,
        snapshot: Snapshot,
        look_again: Callable[[], Awaitable[tuple[RelationFacts, ...]]],
        unlooked: LimitSpent | LimitReached | None = None,
    ) -> None:
        self._door = door
        self._progress = progress
        self._snapshot = snapshot
        self._unlooked = unlooked
        self._look_again = look_again
        self._looked_at: float | None = time.monotonic()  # None: whenever it was, it is too old
        self._met = 0
        self._looking = asyncio.Lock()
        self._made: list[RelationFacts] = []
        self._linked = links.customers(door.workspace)
        self._index = Relations(snapshot.relations)
        self._tasks: dict[str, asyncio.Task[int | None]] = {}  # by customer: under way, or failed
        self._ready: dict[str, int | None] = {}  # by customer: its relation
        self.firms = firms(snapshot.customers.values())
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._imagined = 0

    def ensure(self, head: DocumentHead) -> asyncio.Future[int | None]:
        """What gives the relation's id (None on paper) or raises Withheld, as soon as it is known."""
        customer = head.customer_id
        if customer in self._ready:
            ready: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
            ready.set_result(self._ready[customer])
            return ready
        task = self._tasks.get(customer)
        if task is None:
            task = self._tasks[customer] = asyncio.create_task(self._relation_of(head))
            task.add_done_callback(partial(self._done, customer))
        return task

    def _done(self, customer: str, task: asyncio.Task[int | None]) -> None:
        """Keep what came of it in the place of the task, of which there may be ten thousand."""
        if not task.cancelled() and task.exception() is None:
            self._ready[customer] = task.result()
            del self._tasks[customer]

    def others_at_work(self) -> None:
        """Others are booking: read the relations again before the next one is made."""
        self._looked_at = None
        self._met += 1

    async def finish(self) -> None:
        """Wait for the relations under way; their errors are told by the documents that asked for them.

        Where somebody was met at work who may have made the same ones, look, and tell which stand twice.
        """
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if not (self._met and self._made) or self._door.paper:
            return
        try:
            relations = Relations(await self._look_again())
        except VendorError:
            return  # the next check tells it as well
        for made in self._made:
            if twins := relations.like(made):
                self._progress.tell(events.Notice(level="warning", message=_made_twice(made, twins)))

    async def _relation_of(self, head: DocumentHead) -> int | None:
        link = self._linked.get(head.customer_id)
        customer = self._snapshot.customers.get(head.customer_id)
        firm = self.firms.get(head.customer_id)  # whoever may be no other firm waits for none
        async with self._locks[firm] if firm is not None else nullcontext():
            linked = link.relation if link is not None else None

            def plan() -> RelationPlan:
                return plan_relation(head.customer_name, customer, linked, self._index)

            planned = plan()
            if isinstance(planned, NewRelation):
                async with self._places:
                    # Looked at in its turn, not before: somebody may have been met at work meanwhile.
                    while isinstance(planned, NewRelation) and await self._fresh():
                        planned = plan()
                        if self._looked_at is not None:  # nobody was met while it was read
                            break
                    if isinstance(planned, NewRelation):
                        assert customer is not None  # one that is missing is blocked
                        return await self._make(customer, planned)
            if isinstance(planned, AlreadyLinked):
                return planned.relation
            if isinstance(planned, Blocker):
                name = full_name(customer) if customer is not None else head.customer_name
                raise self._no(head.customer_id, name, planned)
            assert customer is not None  # one that is missing is blocked
            return self._link(customer, planned)

    async def _fresh(self) -> bool:
        """Read the relations again when the last reading is old; whether it did. Raises Withheld."""
        async with self._looking:
            try:
                if self._unlooked is not None:
                    raise self._unlooked
                looked_at = time.monotonic()
                is_recent = self._looked_at is not None and looked_at - self._looked_at < LOOK_AGAIN
                if self._door.paper or is_recent:
                    return False
                met = self._met
                fresh = await self._look_again()
            except (LimitSpent, LimitReached) as limit:
                self._unlooked = limit
                self._progress.limit(limit)
                raise Withheld("limit") from limit
            except SignInRefused:
                raise
            except VendorError as error:
                raise Withheld("unreachable") from error
            # Too old already where somebody was met while it was read.
            self._looked_at = looked_at if met == self._met else None
            self._index = Relations(fresh)
            known = {relation.id for relation in fresh}
            for made in self._made:
                if made.id not in known:
                    self._index.add(made)
            return True

    def _no(self, customer_id: str, name: str, reason: Blocker) -> Withheld:
        self._progress.tell(
            events.CustomerFailed(
                customer_id=customer_id, customer=name, explanation=self._progress.explained(reason)
            )
        )
        return Withheld(reason)

    def _link(self, customer: CustomerFacts, existing: ExistingRelation) -> int | None:
        real = existing.relation if existing.relation > 0 else None
        link = links.CustomerLink(customer.id, existing.relation, existing.external_number, existing.how)
        self._door.keep(link)
        self._progress.tell(
            events.RelationLinked(
                customer_id=customer.id, customer=full_name(customer), relation=real or 0, by=existing.how
            )
        )
        return real

    async def _make(self, customer: CustomerFacts, planned: NewRelation) -> int | None:
        number = planned.external_number
        body = new_relation(customer, number, self._snapshot.own_currency)
        made = await self._write(customer, body)
        if made is None:
            self._imagined += 1
        facts = made_relation(customer, made or -self._imagined, number)
        self._made.append(facts)
        self._index.add(facts)
        self._progress.tell(
            events.RelationCreated(
                customer_id=customer.id, customer=full_name(customer), external_number=number, relation=made
            )
        )
        return made

    async def _write(self, customer: CustomerFacts, body: Relation) -> int | None:
        for attempt in range(1, TRIES + 1):
            if self._progress.stop.requested:
                raise Withheld("cancelled")
            try:
                written = await self._door.write(RELATION, CustomerRelation(customer.id, body))
                return key_of(written.record) if written.record is not None else None
            except (NotWritten, StillInDoubt, VendorError) as error:
                if isinstance(error, NotWritten) and attempt < TRIES:
                    continue
                withheld = self._progress.withheld(error)
                if isinstance(withheld.why, Blocker):
                    raise self._no(customer.id, full_name(customer), withheld.why) from error
                raise withheld from error
        raise AssertionError("the last try returns or raises")


def _made_twice(made: RelationFacts, twins: Sequence[RelationFacts]) -> str:
    numbers = ", ".join(str(relation.id) for relation in twins)
    return ngettext(
        "“{name}” stands twice in Octopus: somebody made relation {others} while octowizard made relation {ours}. "
        "Let go of the one that nothing is booked on, or check: it shows how to make the two one.",
        "“{name}” stands several times in Octopus: somebody made relations {others} while octowizard made relation "
        "{ours}. Let go of those that nothing is booked on, or check: it shows how to make them one.",
        len(twins),
    ).format(name=made.name, others=numbers, ours=made.id)


def firms(customers: Iterable[CustomerFacts]) -> dict[str, str]:
    """Group customers that may be one firm (VAT number or address): customer id → id of the group.

    They wait for each other, so that only one relation is made, and always for the same one of them.
    """
    firm_of: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    by_key: dict[object, str] = {}
    for customer in customers:
        firm = customer.id
        members[firm] = [customer.id]
        firm_of[customer.id] = firm
        vat = vat_key(customer.vat_number, customer.country)
        for key in (
            vat and firm_key(vat),
            address_key(full_name(customer), customer.street, customer.postcode),
        ):
            known = key and by_key.setdefault(key, firm)
            if known and firm_of[known] != firm_of[customer.id]:
                joined, gone = firm_of[known], firm_of[customer.id]
                for member in members.pop(gone):
                    firm_of[member] = joined
                    members[joined].append(member)
    return {member: firm for firm, several in members.items() if len(several) > 1 for member in several}
