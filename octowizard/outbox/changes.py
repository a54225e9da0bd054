"""Changes of the set-up: fiscal years, journals, accounts, relations, companies of Teamleader.

What is asked for is the body of the request, as it was shown to the user; it is checked against the vendor's shape
and sent as it is. Whether it took effect is told by looking: the record is read again and compared with the body,
member by member. A year and a journal can exist only once, a PUT twice does what it did once: so a change that a
look did not find may be made again, but only when the user asks for it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import msgspec

from octowizard.octopus import models as oc
from octowizard.octopus.client import Octopus
from octowizard.outbox.lookup import OVERLAP
from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import LimitReached, LimitSpent, Refused, VendorError

Operation = Literal[
    "POST /bookyears",
    "POST /journals/V",
    "POST /journals/F",
    "PUT /journals/V",
    "PUT /accounts",
    "PUT /relations",
    "companies.update",
    "companies.tag",
]
Body = Mapping[str, Any]
Record = dict[str, Any]  # what stands, in the shape of the request that would make it
Clients = tuple[Octopus, Teamleader]

UNKNOWN_JOURNAL = -10


class Change(msgspec.Struct, frozen=True):
    """What an intent of this kind remembers. `label` names the change for people."""

    operation: Operation
    label: str
    body: Record

    @property
    def key(self) -> str:
        """What it changes."""
        return _OPERATIONS[self.operation].key(self.body)


def change(operation: Operation, label: str, body: Body) -> Change:
    """A change to be written. Raises ValidationError of msgspec for a body that the vendor's contract does not know."""
    shape = _OPERATIONS[operation].shape
    if shape is not None:
        msgspec.convert(body, shape)
    return Change(operation, label, dict(body))


class _Operation(NamedTuple):
    """One operation: by what its result is found again, how it is sent, how what stands is looked up.

    `shape`: of the request, as Octopus' contract has it; None for an operation of Teamleader.
    """

    key: Callable[[Body], str]
    shape: type[Any] | None
    send: Callable[[Any, Any], Awaitable[object]]
    look: Callable[[Any, Body, datetime | None], Awaitable[Record | None]]

    def client(self, clients: Clients) -> Octopus | Teamleader:
        """The client of the operation's vendor."""
        octopus, teamleader = clients
        return teamleader if self.shape is None else octopus


async def send(clients: Clients, asked: Change) -> None:
    """Make the change."""
    operation = _OPERATIONS[asked.operation]
    request = asked.body if operation.shape is None else msgspec.convert(asked.body, operation.shape)
    await operation.send(operation.client(clients), request)


async def look(clients: Clients, asked: Change, since: datetime | None = None) -> Record | None:
    """What stands where the change is made, in the shape of its body; None when nothing does.

    `since`: how far back the feed of accounts is read, by the vendor's clock; None: from the beginning.
    """
    operation = _OPERATIONS[asked.operation]
    return await operation.look(operation.client(clients), asked.body, since)


def is_made(asked: Change, record: Record | None) -> bool:
    """Whether the record bears all that was asked for."""
    return not differences(asked.body, record)


async def shown_otherwise(clients: Clients, asked: Change, since: datetime) -> tuple[str, ...]:
    """What the vendor shows otherwise than it was asked for, just after it confirmed the change."""
    try:
        return differences(asked.body, await look(clients, asked, since))
    except VendorError:
        return ()  # it was confirmed; only that it cannot be shown again now


def differences(wanted: Body, record: Record | None) -> tuple[str, ...]:
    """The members of the body that the record does not bear, as paths; all of them when there is no record."""
    return tuple(path for path, value in leaves(wanted) if record is None or not _bears(record, path, value))


def leaves(body: object, path: str = "") -> list[tuple[str, Any]]:
    """All values of a body with their paths; a list is one value."""
    if isinstance(body, Mapping):
        return [
            leaf for key, value in body.items() for leaf in leaves(value, f"{path}.{key}" if path else key)
        ]
    return [(path, body)]


def _bears(value: Any, path: str, wanted: Any) -> bool:
    for member in path.split("."):
        if not isinstance(value, Mapping) or member not in value:
            return wanted is False  # the vendor leaves out what says nothing
        value = value[member]
    # Names in further languages, and tags that were there before, are no difference.
    return _holds(value, wanted, more=path.endswith("names") or path == "tags")


def _holds(value: Any, wanted: Any, *, more: bool = False) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(value, Mapping) and all(_holds(value.get(k), v) for k, v in wanted.items())
    if isinstance(wanted, list | tuple):
        return (
            isinstance(value, list | tuple)
            and (more or len(value) == len(wanted))
            and all(any(_holds(item, each) for item in value) for each in wanted)
        )
    if isinstance(wanted, str) and isinstance(value, str):
        return value.strip() == wanted.strip()
    return bool(value == wanted)


# --- fiscal years ----------------------------------------------------------------------------------------


def _year_key(body: Body) -> str:
    return f"{body['fromDate']}/{body['toDate']}"


async def _look_year(octopus: Octopus, body: Body, _since: datetime | None) -> Record | None:
    """The year with the first and the last day, in detail."""
    for year in await octopus.bookyears():
        if (year.start_date.isoformat(), year.end_date.isoformat()) == (body["fromDate"], body["toDate"]):
            return _plain(await octopus.bookyear(year.bookyear_key.id))
    return None


# --- journals --------------------------------------------------------------------------------------------

_INSERT, _UPDATE = "commonJournalInsertRequestData", "commonJournalUpdateRequestData"


def _journal_key(body: Body) -> str:
    common = body.get(_INSERT) or body[_UPDATE]
    letter = "F" if "account" in body else "V"
    return f"{common['bookyearKey']['id']}/{letter}{common['sequenceNumber']}"


async def _look_journal(octopus: Octopus, body: Body, _since: datetime | None) -> Record | None:
    """The journal, as the request would say it; an unknown one is refused, with no 404 documented."""
    member = _INSERT if _INSERT in body else _UPDATE
    wanted = body[member]
    place = wanted["bookyearKey"]["id"], wanted["sequenceNumber"]
    own: Record
    try:
        if "account" in body:
            bank = await octopus.financial_journal(*place)
            common, own = (
                bank.common_journal_service_data,
                {
                    "account": bank.account,
                    "currencyCode": bank.currency,
                },
            )
        else:
            sales = await octopus.sales_journal(*place)
            common, own = (
                sales.common_journal_service_data,
                {"sellJournalInsertionType": sales.insertion_type},
            )
    except Refused as error:
        if error.code == UNKNOWN_JOURNAL or error.status == 404:
            return None
        raise
    shown: Record = {
        "bookyearKey": {"id": common.journal_key_service_data.bookyear_key.id},
        "sequenceNumber": common.journal_key_service_data.sequence_number,
        "names": [_plain(name) for name in common.names],
        "nextDocumentNumber": common.next_document_number,
        "protectedPeriod": common.protected_period,
    }
    return {member: shown, "closed": common.closed, **own}


# --- accounts --------------------------------------------------------------------------------------------


def _account_key(body: Body) -> str:
    key = body["accountKey"]
    return f"{key['bookyearKey']['id']}/{key['id']}"


async def _look_account(octopus: Octopus, body: Body, since: datetime | None) -> Record | None:
    """The account in the feed of changed accounts (48 calls a day; the chart itself is given twice)."""
    wanted = body["accountKey"]
    changes = await octopus.modified_accounts(since - OVERLAP if since is not None else None)
    for account in changes.modified:
        key = account.account_key
        if (key.bookyear_key.id, key.id) == (wanted["bookyearKey"]["id"], wanted["id"]):
            return _plain(account)
    return None


# --- relations -------------------------------------------------------------------------------------------


def _relation_key(body: Body) -> str:
    return str(body["relationIdentificationServiceData"]["relationKey"]["id"])


async def _look_relation(octopus: Octopus, body: Body, since: datetime | None) -> Record | None:
    """The relation with this key of Octopus' own; what was just written is in the feed as well."""
    wanted = int(_relation_key(body))
    try:
        relations = await octopus.find_relations(relation_id=wanted)
    except (LimitSpent, LimitReached):
        if since is None:
            raise
        relations = list((await octopus.modified_relations(since - OVERLAP)).modified)
    for relation in relations:
        key = relation.relation_identification_service_data.relation_key
        if key is not None and key.id == wanted:
            return _plain(relation)
    return None


# --- companies of Teamleader -----------------------------------------------------------------------------


def _company_key(body: Body) -> str:
    return str(body["id"])


async def _look_company(teamleader: Teamleader, body: Body, _since: datetime | None) -> Record | None:
    """The company in full; one that is gone is not there."""
    try:
        return _plain(await teamleader.company(body["id"]))
    except Refused as error:
        if error.status == 404:
            return None
        raise


async def _update_company(teamleader: Teamleader, body: Body) -> None:
    await teamleader.update_company(body["id"], {name: body[name] for name in body if name != "id"})


async def _tag_company(teamleader: Teamleader, body: Body) -> None:
    await teamleader.tag_company(body["id"], body["tags"])


_OPERATIONS: dict[Operation, _Operation] = {
    "POST /bookyears": _Operation(_year_key, oc.BookyearInsert, Octopus.create_bookyear, _look_year),
    "POST /journals/V": _Operation(
        _journal_key, oc.SellJournalInsert, Octopus.create_sales_journal, _look_journal
    ),
    "POST /journals/F": _Operation(
        _journal_key, oc.FinancialJournalInsert, Octopus.create_financial_journal, _look_journal
    ),
    "PUT /journals/V": _Operation(
        _journal_key, oc.SellJournalUpdate, Octopus.update_sales_journal, _look_journal
    ),
    "PUT /accounts": _Operation(_account_key, oc.Account, Octopus.put_account, _look_account),
    "PUT /relations": _Operation(_relation_key, oc.Relation, Octopus.put_relation, _look_relation),
    "companies.update": _Operation(_company_key, None, _update_company, _look_company),
    "companies.tag": _Operation(_company_key, None, _tag_company, _look_company),
}


def _plain(record: object) -> Record:
    """A record as the wire shows it, amounts as Decimal, with what is left out when it says nothing."""
    plain: Record = msgspec.to_builtins(record, builtin_types=(Decimal,))
    return plain
