"""Relations of customers: whoever bears the external number is the one that was made."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from octowizard.octopus.client import Octopus
from octowizard.octopus.models import Relation
from octowizard.outbox import lookup
from octowizard.outbox.door import PUT_RELATION
from octowizard.transport.errors import Interrupted
from octowizard.workspace import links
from octowizard.workspace.intents import Intent


class CustomerRelation(NamedTuple):
    """The relation of a customer (company or contact id of Teamleader)."""

    customer: str
    relation: Relation

    @property
    def number(self) -> int:
        """The external number."""
        return self.relation.relation_identification_service_data.external_relation_id or 0


def restored(intent: Intent) -> CustomerRelation:
    """The body of an intent."""
    return CustomerRelation(intent.subject, msgspec.json.decode(intent.body, type=Relation))


async def send(octopus: Octopus, body: CustomerRelation) -> Relation:
    """Create it. Octopus may merge it into a relation with this number and not say which: then that is looked up."""
    relation = await octopus.put_relation(body.relation)
    if relation is None or key_of(relation) is None:
        raise Interrupted("Octopus", PUT_RELATION, in_doubt=True)
    return relation


async def look(octopus: Octopus, body: CustomerRelation, since: datetime) -> Relation | None:
    """The relation with the external number."""
    return await lookup.relation_with(octopus, body.number, since)


def key_of(relation: Relation) -> int | None:
    """The id by which Octopus knows the relation."""
    key = relation.relation_identification_service_data.relation_key
    return key.id if key else None


def links_of(body: CustomerRelation, relation: Relation | None) -> tuple[links.Link, ...]:
    """The link that a relation makes."""
    key = key_of(relation) if relation else None
    return (links.CustomerLink(body.customer, key, body.number, "created"),) if key is not None else ()
