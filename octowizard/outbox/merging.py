"""The steps of merging two companies, and of undoing it: each settled by a look.

Every step is absolute (this field has this value, this contact is linked, this company is gone), so that a step of
which a look shows no trace may be made again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import Refused, SignInRefused, VendorError

NOT_FOUND = 404
StepName = Literal["update", "link", "unlink", "delete"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the merge or undo `pack`. `fields`: of an update; `position` and so on: of a link."""

    pack: int
    label: str
    step: StepName
    company: str
    contact: str = ""
    fields: dict[str, Any] = {}
    position: str | None = None
    decision_maker: bool | None = None

    @property
    def key(self) -> str:
        """By what its intent is known."""
        return "/".join(filter(None, (str(self.pack), self.step, self.company, self.contact)))


async def send(teamleader: Teamleader, step: Step) -> None:
    """Make one step."""
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


def may_stand(error: VendorError) -> bool:
    """A refusal may only say that it is so already: the contact is linked, the company is gone."""
    return isinstance(error, Refused) and not isinstance(error, SignInRefused)


async def look(teamleader: Teamleader, step: Step, _since: datetime) -> Literal[True] | None:
    """Whether what the step wants is so. An update that cannot be told from the record counts as not made."""
    return await _stands(teamleader, step) or None


async def _stands(teamleader: Teamleader, step: Step) -> bool:
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
