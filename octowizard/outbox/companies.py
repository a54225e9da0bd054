"""Making a company or contact in Teamleader, once, and the look that settles a doubt.

Teamleader has no key by which a new customer could be told from another, does not refuse doubles, and shows a new
record in its lists with a delay. So a doubt is settled late (the request must have ended) and by content: the
records added around the moment of the intent, none of which another intent of ours has made, are compared with
what was sent. Two customers that are equal in all that was sent are interchangeable, and each is taken once.

Others make customers too: another octowizard, or this one before an older copy of its workspace was put back. So
before the first of them is made, those that bear the same tag and no link are read (`Standing`), and what stands
there already is taken over instead of being made again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec

from octowizard.matching.keys import name_key
from octowizard.matching.vat_numbers import vat_key
from octowizard.outbox import lookup
from octowizard.outbox.door import Doubt
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import CompanyListItem, ContactListItem
from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace

# How far the vendor's stamps may lie from its clock as we know it.
MARGIN = timedelta(minutes=2)

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

    name: str
    vat: str
    postcode: str
    emails: frozenset[str]
    iban: str
    edited: bool


async def send(teamleader: Teamleader, customer: NewCustomer) -> str:
    """Make it; the new id."""
    make = teamleader.add_company if customer.type == "company" else teamleader.add_contact
    return await make(customer.fields)


def links_of(customer: NewCustomer, made: str | None) -> tuple[links.Link, ...]:
    """The link that a new customer makes, where it is made of a relation."""
    if not (customer.relation and made):
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


async def look(
    teamleader: Teamleader, workspace: Workspace, doubts: Sequence[Doubt[NewCustomer]]
) -> dict[int, str]:
    """The ids of those that were made. The caller knows that their calls ended long enough ago."""
    made: dict[int, str] = {}
    for kind in ("company", "contact"):
        of_kind = [doubt for doubt in doubts if doubt.body.type == kind]
        if of_kind:
            made |= _matched(of_kind, await _added_around(workspace, teamleader, kind, of_kind))
    return made


async def _added_around(
    workspace: Workspace, teamleader: Teamleader, kind: str, doubts: Sequence[Doubt[NewCustomer]]
) -> dict[str, _Listed]:
    """The records that may be what these intents made, by id: added around one of them, and made by no other."""
    known = _made_here(workspace)
    since = min(doubt.since for doubt in doubts) - MARGIN
    lists = teamleader.companies if kind == "company" else teamleader.contacts
    records: dict[str, _Listed] = {}
    async for page in lists(updated_since=since):
        for record in page.records:
            at = record.added_at
            around = at is None or any(
                -MARGIN <= at - doubt.since <= MARGIN + timedelta(seconds=lookup.LEAVES_WITHIN)
                for doubt in doubts
            )
            if around and record.id not in known:
                records[record.id] = _listed(record)
    return records


def _made_here(workspace: Workspace) -> set[str]:
    """The ids of all customers that were ever made through this workspace."""
    rows = workspace.rows("SELECT outcome FROM intent WHERE kind = 'company' AND state = 'done'")
    return {str(row[0]) for row in rows}


def _matched(doubts: Sequence[Doubt[NewCustomer]], records: dict[str, _Listed]) -> dict[int, str]:
    """The record that each doubt made, by intent: first those equal in all that is compared.

    Then, among records that somebody has edited since, those of the same name or VAT number.
    """
    made: dict[int, str] = {}
    for is_same in (_is_equal, _is_edited):
        for doubt in doubts:
            if doubt.intent not in made and (record := _taken(records, _sent(doubt.body), is_same)):
                made[doubt.intent] = record
    return made


def _taken(
    records: dict[str, _Listed], sent: _Listed, is_same: Callable[[_Listed, _Listed], bool]
) -> str | None:
    """The id of the first record that is the same, which is taken away: each stands for one customer."""
    same = next((identity for identity, record in records.items() if is_same(sent, record)), None)
    if same is not None:
        del records[same]
    return same


def _is_equal(sent: _Listed, record: _Listed) -> bool:
    return sent[:5] == record[:5]


def _is_edited(sent: _Listed, record: _Listed) -> bool:
    same = (bool(sent.vat) and sent.vat == record.vat) or (
        sent.name == record.name and (sent.vat == record.vat or not record.vat)
    )
    return record.edited and same


def _listed(record: CompanyListItem | ContactListItem) -> _Listed:
    address = record.primary_address
    edited = record.updated_at is None or record.added_at is None or record.updated_at > record.added_at
    return _Listed(
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
        self._records: dict[str, dict[str, _Listed]] = {"company": {}, "contact": {}}

    async def look(self, since: datetime | None = None) -> int:
        """Read them, or those changed `since`; how many were not known before. Raises VendorError."""
        before = sum(map(len, self._records.values()))
        for kind, lists in (("company", self._teamleader.companies), ("contact", self._teamleader.contacts)):
            async for page in lists(tags=[self._tag], updated_since=since and since - MARGIN):
                self._records[kind] |= {record.id: _listed(record) for record in page.records}
        for ours in (*_made_here(self._workspace), *links.customers(self._workspace)):
            for records in self._records.values():
                records.pop(ours, None)
        # Under way: it may be listed before its answer comes.
        for intent in intents.in_state(self._workspace, "open", kind="company"):
            self.take(msgspec.json.decode(intent.body, type=NewCustomer))
        return sum(map(len, self._records.values())) - before

    def __bool__(self) -> bool:
        return any(self._records.values())

    def take(self, customer: NewCustomer) -> str | None:
        """The id of one that is this customer, once: equal in all that is sent, or of its VAT number."""
        records, sent = self._records[customer.type], _sent(customer)
        return _taken(records, sent, _is_equal) or _taken(records, sent, _has_vat_of)

    def link(self, customer: NewCustomer, made: str) -> None:
        """Remember that it is this one."""
        links.keep(self._workspace, *links_of(customer, made))


def _has_vat_of(sent: _Listed, record: _Listed) -> bool:
    return bool(sent.vat) and sent.vat == record.vat
