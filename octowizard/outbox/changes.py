"""The door for changes of the set-up: fiscal years, journals, accounts, relations, companies of Teamleader.

What is asked for is the body of the request, as it was shown to the user; it is checked against the vendor's shape
and sent as it is. Whether it took effect is told by looking: the record is read again and compared with the body,
member by member. A year and a journal can exist only once, a PUT twice does what it did once: so a change that a
look did not find may be made again, but only when the user asks for it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import msgspec

from octowizard.octopus import models as oc
from octowizard.octopus.client import Octopus
from octowizard.outbox import look
from octowizard.outbox.door import NotWritten, StillInDoubt
from octowizard.outbox.doubts import Sides, Tell, Verdict, settles
from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import LimitReached, LimitSpent, Refused, VendorError
from octowizard.workspace import intents
from octowizard.workspace.db import Workspace

Operation = Literal[
    "POST /bookyears",
    "POST /journals/V",
    "PUT /journals/V",
    "PUT /accounts",
    "PUT /relations",
    "companies.update",
    "companies.tag",
]
Body = Mapping[str, Any]
Found = (
    dict[str, Any] | None
)  # a record in the shape of the request that would make it; None when it is not there

UNKNOWN_JOURNAL = -10
NO_RUN = 0  # changes of the set-up belong to no run


class Asked(msgspec.Struct, frozen=True):
    """What an intent of this kind remembers. `label` names the change for people."""

    operation: Operation
    label: str
    body: dict[str, Any]


class Made(NamedTuple):
    """A change that was made. `found`: no answer came, a look found it. `differs`: what Octopus shows otherwise."""

    found: bool
    differs: tuple[str, ...] = ()


class _Kind(NamedTuple):
    """One operation: by what its result is found again, how it is sent, how it is looked up."""

    key: Callable[[Body], str]
    send: Callable[[Octopus, Teamleader, Body], Awaitable[object]]
    look: Callable[[Octopus, Teamleader, Body, datetime | None], Awaitable[Found]]


class Changes:
    """The real door."""

    def __init__(self, workspace: Workspace, octopus: Octopus, teamleader: Teamleader) -> None:
        self._workspace = workspace
        self._octopus = octopus
        self._teamleader = teamleader

    async def make(self, operation: Operation, label: str, body: Body) -> Made:
        """Send it once, and read it back.

        Raises NotWritten, StillInDoubt, Refused (nothing was written), LimitSpent and the like; ValidationError of
        msgspec, before anything is sent, for a body that is none.
        """
        kind = _KINDS[operation]
        asked = self._now(operation)
        intent = intents.open_intent(
            self._workspace,
            run=NO_RUN,
            kind="change",
            subject=kind.key(body),
            natural_key=kind.key(body),
            body=_encode(Asked(operation, label, dict(body))),
            vendor_time=asked,
        )
        try:
            await kind.send(self._octopus, self._teamleader, body)
        except VendorError as error:
            if not error.in_doubt:
                state: intents.State = "refused" if isinstance(error, Refused) else "not_done"
                intents.close(self._workspace, intent, state, str(error))
                raise
            try:
                found = await kind.look(self._octopus, self._teamleader, body, asked)
            except VendorError as trouble:
                raise StillInDoubt(trouble) from error
            if differences(body, found):
                intents.close(self._workspace, intent, "not_done", str(error))
                raise NotWritten(error) from error
            intents.close(self._workspace, intent, "done", "found")
            return Made(found=True)
        except BaseException as error:
            # Not even sent when the body was no body; when the user stopped it while it was sent, it is in doubt.
            if isinstance(error, msgspec.ValidationError):
                intents.close(self._workspace, intent, "not_done", str(error))
            raise
        intents.close(self._workspace, intent, "done")
        try:
            found = await kind.look(self._octopus, self._teamleader, body, asked)
        except VendorError:
            return Made(found=False)  # it was confirmed; only that it cannot be shown again now
        return Made(found=False, differs=differences(body, found))

    async def standing(self, operation: Operation, body: Body, since: datetime | None = None) -> Found:
        """What stands now where this change would be made, in the shape of its body; None when nothing does.

        `since`: how far back the feed of accounts is read, by the vendor's clock; None: from the beginning.
        """
        return await _KINDS[operation].look(self._octopus, self._teamleader, body, since)

    def _now(self, operation: Operation) -> datetime:
        vendor = self._teamleader if operation.startswith("companies.") else self._octopus
        return vendor.clock.now()


@settles("change")
async def settle(sides: Sides, doubts: Sequence[intents.Intent], tell: Tell) -> None:
    """One look per change."""
    for intent in doubts:
        asked = _decode(intent.body)
        kind = _KINDS[asked.operation]
        found = await kind.look(sides.octopus, sides.teamleader, asked.body, intent.vendor_time)
        done = not differences(asked.body, found)
        intents.close(sides.workspace, intent.id, "done" if done else "not_done", "looked")
        tell(Verdict("change", asked.label, "done" if done else "not_done"))


def differences(wanted: Body, found: Found) -> tuple[str, ...]:
    """The members of the body that the record does not bear, as paths; all of them when there is no record."""
    return tuple(path for path, value in leaves(wanted) if found is None or not _bears(found, path, value))


def leaves(body: object, path: str = "") -> list[tuple[str, Any]]:
    """All values of a body with their paths; a list is one value."""
    if isinstance(body, Mapping):
        return [
            leaf for key, value in body.items() for leaf in leaves(value, f"{path}.{key}" if path else key)
        ]
    return [(path, body)]


def _bears(found: Any, path: str, wanted: Any) -> bool:
    for step in path.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return wanted is False  # the vendor leaves out what says nothing
        found = found[step]
    # Names in further languages, and tags that were there before, are no difference.
    return _holds(found, wanted, more=path.endswith("names") or path == "tags")


def _holds(found: Any, wanted: Any, *, more: bool = False) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(_holds(found.get(k), v) for k, v in wanted.items())
    if isinstance(wanted, list | tuple):
        return (
            isinstance(found, list | tuple)
            and (more or len(found) == len(wanted))
            and all(any(_holds(one, each) for one in found) for each in wanted)
        )
    if isinstance(wanted, str) and isinstance(found, str):
        return found.strip() == wanted.strip()
    return bool(found == wanted)


# --- fiscal years ----------------------------------------------------------------------------------------


async def _send_year(octopus: Octopus, _teamleader: Teamleader, body: Body) -> None:
    await octopus.create_bookyear(msgspec.convert(body, oc.BookyearInsert))


async def _look_year(octopus: Octopus, _teamleader: Teamleader, body: Body, _since: datetime | None) -> Found:
    """The year with the first and the last day, in detail."""
    for year in await octopus.bookyears():
        if (year.start_date.isoformat(), year.end_date.isoformat()) == (body["fromDate"], body["toDate"]):
            return _plain(await octopus.bookyear(year.bookyear_key.id))
    return None


# --- journals --------------------------------------------------------------------------------------------

_INSERT, _UPDATE = "commonJournalInsertRequestData", "commonJournalUpdateRequestData"


def _journal_key(body: Body) -> str:
    common = body.get(_INSERT) or body[_UPDATE]
    return f"{common['bookyearKey']['id']}/V{common['sequenceNumber']}"


async def _create_journal(octopus: Octopus, _teamleader: Teamleader, body: Body) -> None:
    await octopus.create_sales_journal(msgspec.convert(body, oc.SellJournalInsert))


async def _update_journal(octopus: Octopus, _teamleader: Teamleader, body: Body) -> None:
    await octopus.update_sales_journal(msgspec.convert(body, oc.SellJournalUpdate))


async def _look_journal(
    octopus: Octopus, _teamleader: Teamleader, body: Body, _since: datetime | None
) -> Found:
    """The journal, as the request would say it; an unknown one is refused, with no 404 documented."""
    member = _INSERT if _INSERT in body else _UPDATE
    wanted = body[member]
    try:
        journal = await octopus.sales_journal(wanted["bookyearKey"]["id"], wanted["sequenceNumber"])
    except Refused as error:
        if error.code == UNKNOWN_JOURNAL or error.status == 404:
            return None
        raise
    common = journal.common_journal_service_data
    said: dict[str, Any] = {
        "bookyearKey": {"id": common.journal_key_service_data.bookyear_key.id},
        "sequenceNumber": common.journal_key_service_data.sequence_number,
        "names": [_plain(name) for name in common.names],
        "nextDocumentNumber": common.next_document_number,
        "protectedPeriod": common.protected_period,
    }
    return {member: said, "sellJournalInsertionType": journal.insertion_type, "closed": common.closed}


# --- accounts --------------------------------------------------------------------------------------------


def _account_key(body: Body) -> str:
    key = body["accountKey"]
    return f"{key['bookyearKey']['id']}/{key['id']}"


async def _put_account(octopus: Octopus, _teamleader: Teamleader, body: Body) -> None:
    await octopus.put_account(msgspec.convert(body, oc.Account))


async def _look_account(
    octopus: Octopus, _teamleader: Teamleader, body: Body, since: datetime | None
) -> Found:
    """The account in the feed of changed accounts (48 calls a day; the chart itself is given twice)."""
    wanted = body["accountKey"]
    changes = await octopus.modified_accounts(since - look.OVERLAP if since is not None else None)
    for account in changes.modified:
        key = account.account_key
        if (key.bookyear_key.id, key.id) == (wanted["bookyearKey"]["id"], wanted["id"]):
            return _plain(account)
    return None


# --- relations -------------------------------------------------------------------------------------------


def _relation_key(body: Body) -> str:
    return str(body["relationIdentificationServiceData"]["relationKey"]["id"])


async def _put_relation(octopus: Octopus, _teamleader: Teamleader, body: Body) -> None:
    await octopus.put_relation(msgspec.convert(body, oc.Relation))


async def _look_relation(
    octopus: Octopus, _teamleader: Teamleader, body: Body, since: datetime | None
) -> Found:
    """The relation with this key of Octopus' own; what was just written is in the feed as well."""
    wanted = int(_relation_key(body))
    try:
        found = await octopus.find_relations(relation_id=wanted)
    except (LimitSpent, LimitReached):
        if since is None:
            raise
        found = list((await octopus.modified_relations(since - look.OVERLAP)).modified)
    for relation in found:
        key = relation.relation_identification_service_data.relation_key
        if key is not None and key.id == wanted:
            return _plain(relation)
    return None


# --- companies of Teamleader -----------------------------------------------------------------------------


def _company_key(body: Body) -> str:
    return str(body["id"])


async def _update_company(_octopus: Octopus, teamleader: Teamleader, body: Body) -> None:
    fields = {name: value for name, value in body.items() if name != "id"}
    await teamleader.update_company(body["id"], fields)


async def _tag_company(_octopus: Octopus, teamleader: Teamleader, body: Body) -> None:
    await teamleader.tag_company(body["id"], body["tags"])


async def _look_company(
    _octopus: Octopus, teamleader: Teamleader, body: Body, _since: datetime | None
) -> Found:
    """The company in full; one that is gone is not there."""
    try:
        return _plain(await teamleader.company(body["id"]))
    except Refused as error:
        if error.status == 404:
            return None
        raise


_KINDS: dict[Operation, _Kind] = {
    "POST /bookyears": _Kind(lambda body: f"{body['fromDate']}/{body['toDate']}", _send_year, _look_year),
    "POST /journals/V": _Kind(_journal_key, _create_journal, _look_journal),
    "PUT /journals/V": _Kind(_journal_key, _update_journal, _look_journal),
    "PUT /accounts": _Kind(_account_key, _put_account, _look_account),
    "PUT /relations": _Kind(_relation_key, _put_relation, _look_relation),
    "companies.update": _Kind(_company_key, _update_company, _look_company),
    "companies.tag": _Kind(_company_key, _tag_company, _look_company),
}


def _plain(record: object) -> dict[str, Any]:
    """A record as the wire shows it, amounts as Decimal, with what is left out when it says nothing."""
    found: dict[str, Any] = msgspec.to_builtins(record, builtin_types=(Decimal,))
    return found


_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(Asked).decode
