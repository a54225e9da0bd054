"""What an undo pack of a merge holds, and the steps that merging and undoing are made of."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from octowizard.outbox.kinds import MERGE_STEP
from octowizard.outbox.merging import NOT_FOUND, Step, StepName
from octowizard.outbox.recovery import wait_and_settle, write_surely
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import Company
from octowizard.transport.errors import Refused
from octowizard.workspace import undo_packs
from octowizard.workspace.db import Workspace


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


class Merge(NamedTuple):
    """One merge under way, or being undone: where its pack is kept, and the steps it can make."""

    workspace: Workspace
    teamleader: Teamleader
    row: undo_packs.Pack
    pack: Pack

    @classmethod
    def of(cls, workspace: Workspace, teamleader: Teamleader, row: undo_packs.Pack) -> Merge:
        """That of a kept pack."""
        return cls(workspace, teamleader, row, msgspec.json.decode(row.body, type=Pack))

    @property
    def name(self) -> str:
        """The company that goes, for people."""
        return self.pack.gone_company.name

    async def make(self, step: StepName, company: str, **more: Any) -> None:
        """Make a step; it stands when this returns. Raises VendorError and StillInDoubt."""
        made = Step(pack=self.row.id, label=self.name, step=step, company=company, **more)
        await write_surely(MERGE_STEP, self.workspace, self.teamleader, made)

    async def link(self, contact: Relink, company: str) -> None:
        """Let the contact work for the company, as it did for the one that goes."""
        more = {"position": contact.position, "decision_maker": contact.decision_maker}
        await self.make("link", company, contact=contact.contact, **more)

    async def settle(self) -> None:
        """Wait until every request of this merge must have ended, and close its doubts. Raises VendorError."""
        await wait_and_settle(MERGE_STEP, self.workspace, self.teamleader, about=str(self.row.id))

    async def company(self, identity: str) -> Company | None:
        """The company as it is now; None when it is not there any more."""
        company = await company_and_json(self.teamleader, identity)
        return company[0] if company else None


async def company_and_json(teamleader: Teamleader, identity: str) -> tuple[Company, bytes] | None:
    """The company as it is now, and as the wire showed it; None when it is not there any more."""
    try:
        return await teamleader.company_raw(identity)
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return None
