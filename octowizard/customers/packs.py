"""What an undo pack of a merge holds, and what merging and undoing share."""

from __future__ import annotations

from typing import Any

import msgspec

from octowizard.outbox.merging import NOT_FOUND
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import Company
from octowizard.transport.errors import Refused


class Relink(msgspec.Struct, frozen=True):
    """A contact of the one that goes. `linked`: it works for the survivor already."""

    contact: str
    position: str | None = None
    decision_maker: bool | None = None
    linked: bool = False


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """What an undo pack holds: both companies as they were, as JSON, and what the merge adds to the survivor.

    `gone_link`, `survivor_link`: (relation, external number, how) of the links to Octopus.
    """

    gone: msgspec.Raw
    survivor: msgspec.Raw
    added: dict[str, Any]
    contacts: tuple[Relink, ...]
    gone_link: tuple[int, int, str] | None = None
    survivor_link: tuple[int, int, str] | None = None

    @property
    def gone_company(self) -> Company:
        """The one that goes."""
        return msgspec.json.decode(self.gone, type=Company)

    @property
    def survivor_company(self) -> Company:
        """The one that stays, as it was."""
        return msgspec.json.decode(self.survivor, type=Company)


async def company_or_none(teamleader: Teamleader, identity: str) -> Company | None:
    """The company as it is now; None when it is not there any more."""
    company = await company_and_json(teamleader, identity)
    return company[0] if company else None


async def company_and_json(teamleader: Teamleader, identity: str) -> tuple[Company, bytes] | None:
    """The company as it is now, and as the wire showed it; None when it is not there any more."""
    try:
        return await teamleader.company_raw(identity)
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return None
