"""The relation cards of Octopus, whole: what an import makes companies of. Read once, then kept up by the feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from octowizard.octopus.models import Relation
from octowizard.transport.errors import LimitReached, LimitSpent
from octowizard.workspace import kept
from octowizard.workspace.db import Workspace

if TYPE_CHECKING:
    from octowizard.octopus.client import Octopus

KIND = "relation_card"
_CURSOR = "cursor/relation_card"
JUST_READ = timedelta(seconds=5)  # younger than this nothing is asked again, e.g. between preview and import

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decoder = msgspec.json.Decoder(Relation)


async def read(workspace: Workspace, octopus: Octopus) -> datetime:
    """Bring the kept cards up to date; the moment (vendor's clock) as of which they are.

    When the limit of the day is spent, what was read before stands. Raises LimitSpent or LimitReached when nothing
    was ever read, and what the call raises.
    """
    from octowizard.outbox.lookup import OVERLAP

    await octopus.version()  # tells Octopus' clock; it costs no limited call
    now = octopus.clock.now()
    since = read_at(workspace)
    if since is not None and timedelta(seconds=-2) <= now - since <= JUST_READ:
        return since
    try:
        changed, deleted = await octopus.each_modified_relation(since - OVERLAP if since else None)
    except (LimitSpent, LimitReached):
        if since is None:
            raise
        return since
    cards = ((r.relation_identification_service_data.relation_key, r) for r in changed)
    kept.keep_records(
        workspace, KIND, (kept.Record(f"{key.id:012d}", _encode(card)) for key, card in cards if key)
    )
    gone = (r.relation_identification_service_data.relation_key for r in deleted)
    kept.drop_records(workspace, KIND, (f"{key.id:012d}" for key in gone if key))
    kept.keep_reading(workspace, _CURSOR, b"{}", now)
    return now


def keep_whole(workspace: Workspace, cards: Iterable[tuple[int, Relation]], at: datetime) -> None:
    """Keep these cards, by their numbers, instead of all that were kept."""
    kept.drop_kind(workspace, KIND)
    kept.keep_records(workspace, KIND, (kept.Record(f"{key:012d}", _encode(card)) for key, card in cards))
    kept.keep_reading(workspace, _CURSOR, b"{}", at)


def read_at(workspace: Workspace) -> datetime | None:
    """As of when the cards are kept; None when they were never read."""
    cursor = kept.reading(workspace, _CURSOR)
    return cursor.taken_at if cursor else None


def each(workspace: Workspace) -> Iterator[Relation]:
    """All kept cards in the order of their numbers, in constant memory. Nothing may be written meanwhile."""
    for body in kept.records(workspace, KIND):
        yield _decoder.decode(body)


def one(workspace: Workspace, relation: int) -> Relation | None:
    """The kept card of a relation, or None."""
    body = kept.record(workspace, KIND, f"{relation:012d}")
    return _decoder.decode(body) if body else None
