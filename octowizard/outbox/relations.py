"""Settling relations that are in doubt: whoever bears the external number is the one that was made."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from octowizard.octopus.models import Relation
from octowizard.outbox import look
from octowizard.outbox.doubts import Sides, Tell, Verdict, settles
from octowizard.workspace import intents, links


@settles("relation")
async def settle(sides: Sides, doubts: Sequence[intents.Intent], tell: Tell) -> None:
    """One look per relation."""
    for intent in doubts:
        wanted = msgspec.json.decode(intent.body, type=Relation)
        number = int(intent.natural_key)
        made = await look.relation_with(sides.octopus, number, intent.vendor_time)
        key = made.relation_identification_service_data.relation_key if made else None
        if key is not None:
            link = links.CustomerLink(intent.subject, key.id, number, "created")
            intents.close(sides.workspace, intent.id, "done", "found", link)
            tell(Verdict("relation", wanted.name, "done"))
        else:
            intents.close(sides.workspace, intent.id, "not_done", "looked")
            tell(Verdict("relation", wanted.name, "not_done"))
