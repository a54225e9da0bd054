"""Making a company or contact in Teamleader, once: intent, call, outcome, and the look that settles a doubt.

Teamleader has no key by which a new customer could be told from another, does not refuse doubles, and shows a new
record in its lists with a delay. So a doubt is settled late (the request must have ended) and by content: the
records added around the moment of the intent, none of which another intent of ours has made, are compared with
what was sent. Two customers that are equal in all that was sent are interchangeable, and each is taken once.

Others make customers too: another octowizard, or this one before an older copy of its workspace was put back. So
before the first of them is made, those that bear the same tag and no link are read (`Standing`), and what stands
there already is taken over instead of being made again.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec

from octowizard.matching.keys import name_key, vat_key
from octowizard.outbox.door import StillInDoubt
from octowizard.outbox.doubts import Sides, Tell, Verdict, settles
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import CompanyListItem, ContactListItem
from octowizard.transport.errors import Refused, VendorError
from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace

# A request that was cut off may still be at work, and a new record takes a second to be listed (seen by a client).
SETTLING_SECONDS = 15.0
# A call leaves at most so long after its intent (a sign-in to renew, a turn to wait for).
LEAVES_WITHIN = 75.0
# How far the vendor's stamps may lie from its clock as we know it.
MARGIN = timedelta(minutes=2)
TRIES = 3  # of one customer of whom a look showed no trace
NO_RUN = 0  # these writes belong to no sync

_encode = msgspec.json.Encoder(decimal_format="number").encode
_BEGAN = time.time()
_NOT_ALNUM = re.compile(r"[^0-9a-z]")


class NewCustomer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer to make. `fields` as companies.add or contacts.add takes them; `key` says what it is made for.

    `key`: `relation/<id>` or `undo/<pack>`. With a `relation` (0: none) the new customer is linked to it.
    """

    key: str
    label: str
    type: Literal["company", "contact"]
    fields: dict[str, Any]
    relation: int = 0
    external_number: int = 0
    how: str = "imported"


class _Listed(NamedTuple):
    """A record of the vendor's list, as far as it is compared."""

    id: str
    name: str
    vat: str
    postcode: str
    emails: frozenset[str]
    iban: str
    edited: bool


async def add(workspace: Workspace, teamleader: Teamleader, customer: NewCustomer) -> str:
    """Make it; the new id. The vendor's clock must be known (any call before).

    Raises StillInDoubt (the intent stays open), Refused and its kin, Unreachable: then nothing was made.
    """
    intent = intents.open_intent(
        workspace,
        run=NO_RUN,
        kind="company",
        subject=customer.key,
        natural_key=customer.key,
        body=_encode(customer),
        vendor_time=teamleader.clock.now(),
    )
    make = teamleader.add_company if customer.type == "company" else teamleader.add_contact
    try:
        made = await make(customer.fields)
    except VendorError as error:
        if error.in_doubt:
            raise StillInDoubt(error) from error
        state: intents.State = "refused" if isinstance(error, Refused) else "not_done"
        intents.close(workspace, intent, state, str(error))
        raise
    intents.close(workspace, intent, "done", made, *_link(customer, made))
    return made


async def add_surely(workspace: Workspace, teamleader: Teamleader, customer: NewCustomer) -> str:
    """As `add`, for one customer: a doubt, an earlier one about the same key too, is waited for and looked at.

    Raises StillInDoubt when that failed as well, and what `add` raises.
    """
    for attempt in range(1, TRIES + 1):
        for intent in _in_doubt_about(workspace, customer.key):
            await asyncio.sleep(seconds_to_wait(intent))
            await settle_now(workspace, teamleader, [intent], lambda _verdict: None)
        made = made_for(workspace, customer.key)
        if made is not None:
            return made
        try:
            return await add(workspace, teamleader, customer)
        except StillInDoubt:
            await asyncio.sleep(SETTLING_SECONDS)
            doubts = _in_doubt_about(workspace, customer.key)
            await settle_now(workspace, teamleader, doubts, lambda _verdict: None)
            if attempt == TRIES and made_for(workspace, customer.key) is None:
                raise
    made = made_for(workspace, customer.key)
    assert made is not None
    return made


def _in_doubt_about(workspace: Workspace, key: str) -> list[intents.Intent]:
    return [intent for intent in in_doubt(workspace) if intent.natural_key == key]


def _link(customer: NewCustomer, made: str) -> tuple[links.CustomerLink, ...]:
    if not customer.relation:
        return ()
    return (links.CustomerLink(made, customer.relation, customer.external_number, customer.how),)


def made_for(workspace: Workspace, key: str) -> str | None:
    """The id of the customer that was made for this key (the last one), or None."""
    row = workspace.row(
        "SELECT outcome FROM intent WHERE kind = 'company' AND state = 'done' AND natural_key = ? "
        "ORDER BY id DESC LIMIT 1",
        key,
    )
    return str(row[0]) if row else None


def in_doubt(workspace: Workspace) -> list[intents.Intent]:
    """Customers of whom it is not known whether they were made, oldest first."""
    return [intent for intent in intents.in_state(workspace, "open") if intent.kind == "company"]


def seconds_to_wait(intent: intents.Intent) -> float:
    """How long until a look is conclusive; 0 when it is, and after a clock was set back.

    An intent of an earlier process: its call left before this process began.
    """
    now = time.time()
    if now < intent.made_at:
        return 0.0
    left_by = intent.made_at + LEAVES_WITHIN
    if intent.made_at < _BEGAN:
        left_by = min(left_by, _BEGAN)
    return max(left_by + SETTLING_SECONDS - now, 0.0)


@settles("company")
async def settle(sides: Sides, doubts: Sequence[intents.Intent], tell: Tell) -> None:
    """Those that a look can decide by now; the others stay open for whoever looks next."""
    ready = [intent for intent in doubts if not seconds_to_wait(intent)]
    await settle_now(sides.workspace, sides.teamleader, ready, tell)


async def settle_now(
    workspace: Workspace, teamleader: Teamleader, doubts: Sequence[intents.Intent], tell: Tell
) -> None:
    """Look what became of these. The caller knows that their calls ended long enough ago."""
    wanted = {intent.id: msgspec.json.decode(intent.body, type=NewCustomer) for intent in doubts}
    for kind in ("company", "contact"):
        of_kind = [intent for intent in doubts if wanted[intent.id].type == kind]
        if not of_kind:
            continue
        found = await _added_around(workspace, teamleader, kind, of_kind)
        for intent, made in _told_apart([(i, wanted[i.id]) for i in of_kind], found):
            customer = wanted[intent.id]
            if made is None:
                intents.close(workspace, intent.id, "not_done", "looked")
                tell(Verdict("company", customer.label, "not_done"))
            else:
                intents.close(workspace, intent.id, "done", made, *_link(customer, made))
                tell(Verdict("company", customer.label, "done"))


async def _added_around(
    workspace: Workspace, teamleader: Teamleader, kind: str, doubts: Sequence[intents.Intent]
) -> list[_Listed]:
    """The records that may be what these intents made: added around one of them, and made by no other."""
    rows = workspace.rows("SELECT outcome FROM intent WHERE kind = 'company' AND state = 'done'")
    known = {str(row[0]) for row in rows}
    since = min(intent.vendor_time for intent in doubts) - MARGIN
    lists = teamleader.companies if kind == "company" else teamleader.contacts
    found = []
    async for page in lists(updated_since=since):
        for record in page.records:
            at = record.added_at
            around = at is None or any(
                -MARGIN <= at - intent.vendor_time <= MARGIN + timedelta(seconds=LEAVES_WITHIN)
                for intent in doubts
            )
            if around and record.id not in known:
                found.append(_listed(record))
    return found


def _told_apart(
    doubts: list[tuple[intents.Intent, NewCustomer]], found: list[_Listed]
) -> list[tuple[intents.Intent, str | None]]:
    """Each doubt with the record it made, or None: first those equal in all that is compared.

    Then, among records that somebody has edited since, those of the same name or VAT number.
    """
    made: dict[int, str] = {}
    free = {record.id: record for record in found}
    for is_same in (_is_equal, _is_edited):
        for intent, customer in doubts:
            if intent.id in made:
                continue
            sent = _sent(customer)
            same = next((record for record in free.values() if is_same(sent, record)), None)
            if same is not None:
                made[intent.id] = same.id
                del free[same.id]
    return [(intent, made.get(intent.id)) for intent, _customer in doubts]


def _is_equal(sent: _Listed, record: _Listed) -> bool:
    return sent[1:6] == record[1:6]


def _is_edited(sent: _Listed, record: _Listed) -> bool:
    same = (bool(sent.vat) and sent.vat == record.vat) or (
        sent.name == record.name and (sent.vat == record.vat or not record.vat)
    )
    return record.edited and same


def _listed(record: CompanyListItem | ContactListItem) -> _Listed:
    address = record.primary_address
    edited = record.updated_at is None or record.added_at is None or record.updated_at > record.added_at
    return _Listed(
        record.id,
        _name(record.name),
        _vat(record.vat_number) if isinstance(record, CompanyListItem) else "",
        _bare(address.postal_code if address else None),
        frozenset(entry.email.casefold() for entry in record.emails),
        _bare(record.iban),
        edited,
    )


def _sent(customer: NewCustomer) -> _Listed:
    fields = customer.fields
    name = fields.get("name") or " ".join(filter(None, (fields.get("first_name"), fields.get("last_name"))))
    primary: Iterable[Any] = (a["address"] for a in fields.get("addresses") or () if a["type"] == "primary")
    return _Listed(
        "",
        _name(name),
        _vat(fields.get("vat_number")) if customer.type == "company" else "",
        _bare(next((address.get("postal_code") for address in primary), None)),
        frozenset(entry["email"].casefold() for entry in fields.get("emails") or ()),
        _bare(fields.get("iban")),
        edited=False,
    )


def _name(name: str) -> str:
    return name_key(name) or name.strip()


def _vat(number: str | None) -> str:
    return vat_key(number) or _bare(number)


def _bare(text: str | None) -> str:
    return _NOT_ALNUM.sub("", (text or "").casefold())


class Standing:
    """Customers of Teamleader with a tag that nobody here has made or linked: whoever made them."""

    def __init__(self, workspace: Workspace, teamleader: Teamleader, tag: str) -> None:
        self._workspace = workspace
        self._teamleader = teamleader
        self._tag = tag
        self._found: dict[str, dict[str, _Listed]] = {"company": {}, "contact": {}}

    async def look(self, since: datetime | None = None) -> int:
        """Read them, or those changed `since`; how many were not known before. Raises VendorError."""
        before = sum(map(len, self._found.values()))
        for kind, lists in (("company", self._teamleader.companies), ("contact", self._teamleader.contacts)):
            async for page in lists(tags=[self._tag], updated_since=since and since - MARGIN):
                self._found[kind] |= {record.id: _listed(record) for record in page.records}
        rows = self._workspace.rows("SELECT outcome FROM intent WHERE kind = 'company' AND state = 'done'")
        for ours in (*(str(row[0]) for row in rows), *links.customers(self._workspace)):
            for records in self._found.values():
                records.pop(ours, None)
        for intent in in_doubt(self._workspace):  # under way: it may be listed before its answer comes
            self.take(msgspec.json.decode(intent.body, type=NewCustomer))
        return sum(map(len, self._found.values())) - before

    def __bool__(self) -> bool:
        return any(self._found.values())

    def take(self, customer: NewCustomer) -> str | None:
        """The id of one that is this customer, once: equal in all that is sent, or of its VAT number."""
        free, sent = self._found[customer.type], _sent(customer)
        for is_same in (_is_equal, _has_vat_of):
            for record in free.values():
                if is_same(sent, record):
                    del free[record.id]
                    return record.id
        return None

    def link(self, customer: NewCustomer, made: str) -> None:
        """Remember that it is this one."""
        links.keep(self._workspace, *_link(customer, made))


def _has_vat_of(sent: _Listed, record: _Listed) -> bool:
    return bool(sent.vat) and sent.vat == record.vat
