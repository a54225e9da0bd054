"""The steps of merging two companies, and of undoing it: each with its intent, each settled by a look.

Every step is absolute (this field has this value, this contact is linked, this company is gone), so that a step of
which a look shows no trace may be made again. A cut connection may leave the request at work: it is looked for until
it must have ended, before anybody builds on its absence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from octowizard.outbox import companies
from octowizard.outbox.companies import NO_RUN
from octowizard.outbox.door import NotWritten, StillInDoubt
from octowizard.outbox.doubts import Sides, Tell, Verdict, settles
from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import Interrupted, Refused, SignInRefused, VendorError
from octowizard.workspace import intents
from octowizard.workspace.db import Workspace

NOT_FOUND = 404
LOOK_EVERY = 1.0  # seconds, while a request that was cut off may still be at work

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the merge or undo `pack`. `fields`: of an update; `position` and so on: of a link."""

    pack: int
    label: str
    step: Literal["update", "link", "unlink", "delete"]
    company: str
    contact: str = ""
    fields: dict[str, Any] = {}
    position: str | None = None
    decision_maker: bool | None = None

    @property
    def key(self) -> str:
        """By what its intent is known."""
        return "/".join(filter(None, (str(self.pack), self.step, self.company, self.contact)))


async def take(workspace: Workspace, teamleader: Teamleader, step: Step) -> None:
    """Make one step; it stands when this returns.

    Raises Refused (nothing was written), NotWritten (a look showed no trace of it: it may be tried again),
    StillInDoubt (nor did the look succeed: the intent stays open), Unreachable.
    """
    intent = intents.open_intent(
        workspace,
        run=NO_RUN,
        kind="merge",
        subject=step.company,
        natural_key=step.key,
        body=_encode(step),
        vendor_time=teamleader.clock.now(),
    )
    try:
        await _call(teamleader, step)
    except VendorError as error:
        if not error.in_doubt and (isinstance(error, SignInRefused) or not isinstance(error, Refused)):
            intents.close(workspace, intent, "not_done", str(error))
            raise
        # A refusal may only say that it is so already: the contact is linked, the company is gone.
        try:
            done = await _found(teamleader, step, error)
        except VendorError as trouble:
            raise StillInDoubt(trouble) from error
        if done:
            intents.close(workspace, intent, "done", "found")
            return
        if isinstance(error, Refused):
            intents.close(workspace, intent, "refused", str(error))
            raise
        intents.close(workspace, intent, "not_done", str(error))
        raise NotWritten(error) from error
    intents.close(workspace, intent, "done")


async def _call(teamleader: Teamleader, step: Step) -> None:
    match step.step:
        case "update":
            await teamleader.update_company(step.company, step.fields)
        case "link":
            await teamleader.link_contact(
                step.contact, step.company, position=step.position, decision_maker=step.decision_maker
            )
        case "unlink":
            await teamleader.unlink_contact(step.contact, step.company)
        case "delete":
            await teamleader.delete_company(step.company)


async def _found(teamleader: Teamleader, step: Step, error: VendorError) -> bool:
    """Whether the step stands; after a cut connection looked for until the request must have ended."""
    until = time.monotonic() + (companies.SETTLING_SECONDS if isinstance(error, Interrupted) else 0.0)
    while not await stands(teamleader, step):
        left = until - time.monotonic()
        if left <= 0:
            return False
        await asyncio.sleep(min(left, LOOK_EVERY))
    return True


async def stands(teamleader: Teamleader, step: Step) -> bool:
    """Whether what the step wants is so. An update that cannot be told from the record counts as not made."""
    try:
        match step.step:
            case "link" | "unlink":
                contact = await teamleader.contact(step.contact)
                linked = any(link.company.id == step.company for link in contact.companies)
                return linked == (step.step == "link")
            case "delete":
                await teamleader.company(step.company)
                return False
            case "update":
                _company, raw = await teamleader.company_raw(step.company)
                return _has(msgspec.json.decode(raw), step.fields)
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return step.step in ("delete", "unlink")


def _has(record: dict[str, Any], fields: dict[str, Any]) -> bool:
    """Whether a record shows what was written; lists and texts as the vendor keeps them."""
    for name, value in fields.items():
        if name in ("custom_fields_update_strategy", "custom_fields"):
            continue
        reference = name.removesuffix("_id")
        present = record.get(name) if reference == name else (record.get(reference) or {}).get("id")
        if name == "addresses":
            if len(present or ()) != len(value):
                return False
        elif present != value:
            return False
    return "custom_fields" not in fields or _has_custom(record, fields["custom_fields"])


def _has_custom(record: dict[str, Any], wanted: list[dict[str, Any]]) -> bool:
    present = {field["definition"]["id"]: field.get("value") for field in record.get("custom_fields") or ()}
    return all(present.get(field["id"]) == field["value"] for field in wanted)


def in_doubt(workspace: Workspace) -> list[intents.Intent]:
    """Steps of which it is not known whether they were made, oldest first."""
    return [intent for intent in intents.in_state(workspace, "open") if intent.kind == "merge"]


@settles("merge")
async def settle(sides: Sides, doubts: Sequence[intents.Intent], tell: Tell) -> None:
    """One look per step, once its request must have ended; the others stay open for whoever looks next."""
    for intent in doubts:
        if not companies.seconds_to_wait(intent):
            tell(await _settled(sides.workspace, sides.teamleader, intent))


async def settle_pack(workspace: Workspace, teamleader: Teamleader, pack: int) -> None:
    """Wait until every request of this merge must have ended, and close its doubts. Raises VendorError."""
    for intent in in_doubt(workspace):
        if intent.natural_key.startswith(f"{pack}/"):
            await asyncio.sleep(companies.seconds_to_wait(intent))
            await _settled(workspace, teamleader, intent)


async def _settled(workspace: Workspace, teamleader: Teamleader, intent: intents.Intent) -> Verdict:
    step = msgspec.json.decode(intent.body, type=Step)
    done = await stands(teamleader, step)
    intents.close(workspace, intent.id, "done" if done else "not_done", "looked")
    return Verdict("merge", step.label, "done" if done else "not_done")
