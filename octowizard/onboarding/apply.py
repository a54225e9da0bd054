"""Apply a change that the user has agreed to: see that it is still wanted, write it through the outbox, read it back.

`fixes.py` decides which changes are wanted. Nothing here decides for the user.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

import msgspec

from octowizard.locale import _
from octowizard.locale.formats import day
from octowizard.onboarding.model import Change
from octowizard.transport import errors
from octowizard.transport.errors import VendorError, plainly
from octowizard.workspace import kept
from octowizard.workspace.db import Workspace
from octowizard.workspace.lock import only_one

if TYPE_CHECKING:
    from octowizard.outbox.changes import Operation, Record
    from octowizard.sync.accounts import Accounts


class Outcome(msgspec.Struct, frozen=True):
    """What became of a change. `text`: why, or what there is to know besides; `vendor_text`: a vendor's own words.

    `done`: it stands; `already`: it stood before, and nothing was written.
    `refused`: nothing was written; `changed`: what the change was shown against is no longer so, look again;
    `unanswered`: the vendor did not say no; it gave no answer, or none that could be read, or none today.
    `in_doubt`: nobody knows yet: the next command that writes settles it first, by looking.
    """

    change: Change
    state: Literal["done", "refused", "in_doubt"]
    text: str = ""
    already: bool = False
    changed: bool = False
    unanswered: bool = False
    vendor_text: str = ""


async def perform(workspace: Workspace, accounts: Accounts, change: Change) -> Outcome:
    """Make the change that the user has agreed to.

    Raises WorkspaceError (another octowizard writes, or the workspace cannot be used). What a vendor says or fails
    to say is an outcome.
    """
    from octowizard.outbox import recovery  # with httpx behind it, which showing a change does without

    octopus, teamleader = accounts
    with only_one(workspace.path.parent, "octowizard setup"):
        try:
            if change.vendor == "Octopus":
                await octopus.version()  # tells the clock by which feeds are asked; costs no limited call
            await recovery.settle(workspace, octopus, teamleader, lambda _verdict: None)
            stopped = await _unwanted(workspace, accounts, change)
        except VendorError as error:
            return _refused(change, error, _("Nothing was written: {why}").format(why=plainly(error)))
        if stopped is not None:
            return stopped
        return await _made(workspace, accounts, change)


async def _made(workspace: Workspace, accounts: Accounts, change: Change) -> Outcome:
    from octowizard.outbox import changes
    from octowizard.outbox.door import NotWritten, StillInDoubt, write
    from octowizard.outbox.kinds import CHANGE

    asked = changes.change(_operation(change), change.title, change.body)
    since = accounts.octopus.clock.now()
    try:
        recognised = (await write(CHANGE, workspace, accounts, asked)).found
    except NotWritten as failed:
        text = _("A look showed that nothing was written ({why}). It may be tried again.")
        return Outcome(
            change, "refused", text.format(why=plainly(failed.cause)), vendor_text=str(failed.cause)
        )
    except StillInDoubt as doubt:
        text = _("Whether it was written is not known yet, and looking failed ({why}).")
        return Outcome(
            change, "in_doubt", text.format(why=plainly(doubt.cause)), vendor_text=str(doubt.cause)
        )
    except VendorError as error:
        return _refused(change, error, plainly(error))
    if recognised:
        text = _("The connection was lost on the way; a look showed that it was written.")
        return Outcome(change, "done", text)
    if differs := await changes.shown_otherwise(accounts, asked, since):
        text = _("{vendor} took it, and shows something else for: {members}. Look at it there.")
        return Outcome(change, "done", text.format(vendor=change.vendor, members=", ".join(differs)))
    return Outcome(change, "done")


def _refused(change: Change, error: VendorError, text: str) -> Outcome:
    answered = isinstance(error, errors.Refused)
    not_to_it = isinstance(error, errors.SignInRefused | errors.LimitReached)
    return Outcome(change, "refused", text, unanswered=not answered or not_to_it, vendor_text=str(error))


def _operation(change: Change) -> Operation:
    """The operation of the request. ValueError for one that no fix makes."""
    if change.vendor == "Teamleader":
        name = change.path.removeprefix("/")
    else:
        name = f"{change.method} {re.sub('^/dossiers/[0-9]+', '', change.path)}"
    from octowizard.outbox.changes import Operation

    if name not in get_args(Operation):
        raise ValueError(f"no change is made by {name}")
    return cast(Operation, name)


async def _unwanted(workspace: Workspace, accounts: Accounts, change: Change) -> Outcome | None:
    """Why the change is not to be made now: it stands already, or what it was shown against does not."""
    from octowizard.outbox import changes

    operation = _operation(change)
    if operation == "POST /bookyears":
        return await _year_unwanted(accounts, change)
    since = _chart_read(workspace, change) if operation == "PUT /accounts" else None
    asked = changes.change(operation, change.title, change.body)
    record = await changes.look(accounts, asked, since)
    creates = operation.startswith("POST /journals/") or change.id.startswith("create-account:")
    if record is not None and changes.is_made(asked, record):
        return _stands(change)
    if record is None:
        # An account that nobody changed since the chart was read is in no feed, and is as it was shown.
        as_shown = creates or operation == "PUT /accounts"
        return None if as_shown else _gone(change, _("it is no longer there"))
    if creates:
        return _gone(change, _("it has been made meanwhile, with other content"))
    differing = _differing(change.before, record)
    if differing:
        return _gone(change, differing)
    return await _number_taken(accounts, change)


def _stands(change: Change) -> Outcome:
    return Outcome(change, "done", _("It stands already; nothing was written."), already=True)


def _gone(change: Change, what: str) -> Outcome:
    text = _("Nothing was written: since this was shown, something changed ({what}). Look again.")
    return Outcome(change, "refused", text.format(what=what), changed=True)


async def _year_unwanted(accounts: Accounts, change: Change) -> Outcome | None:
    """A year follows on the last one that there is; nothing else is tried."""
    years = await accounts.octopus.bookyears()
    first, last = change.body["fromDate"], change.body["toDate"]
    if any((year.start_date.isoformat(), year.end_date.isoformat()) == (first, last) for year in years):
        return _stands(change)
    ends = max((year.end_date for year in years), default=None)
    if ends is not None and ends + timedelta(days=1) != date.fromisoformat(first):
        return _gone(change, _("the last fiscal year ends on {day}").format(day=day(ends)))
    return None


def _chart_read(workspace: Workspace, change: Change) -> datetime | None:
    """When the chart that the change was shown against was read."""
    reading = kept.reading(workspace, f"oc/accounts/{change.body['accountKey']['bookyearKey']['id']}")
    return reading.taken_at if reading else None


def _differing(before: Mapping[str, Any], record: Record) -> str:
    """What was shown as it stood, and stands otherwise now; "" when all is as it was."""
    for at, shown in before.items():
        value: Any = record
        for member in at.split("."):
            value = value.get(member) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            value = value.strip()
        if (value or None) != (shown or None):
            return f"{at.rpartition('.')[2]}: {value}"
    return ""


async def _number_taken(accounts: Accounts, change: Change) -> Outcome | None:
    """An external number leads to one relation: Octopus would take another one for it."""
    identity = change.body.get("relationIdentificationServiceData", {})
    number = identity.get("externalRelationId")
    if not number:
        return None
    for relation in await accounts.octopus.find_relations(external_id=number):
        key = relation.relation_identification_service_data.relation_key
        if key is not None and key.id != identity["relationKey"]["id"]:
            return _gone(change, _("relation {id} bears that number").format(id=key.id))
    return None
