"""`two-dossiers`: the login sees two dossiers, and the holding's was chosen when the accounts were connected."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting
from octowizard.sandbox.worlds.customers import belgian_number
from octowizard.sandbox.worlds.numbers import dotted


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """There the journals are missing, so nothing can be booked."""
    making = healthy_but("two-dossiers", seed, customers, documents, earlier=0)
    other = books.ready_dossier()
    other.data |= {
        "dossierKey": {"id": books.DOSSIER_ID + 7},
        "dossierDescription": "Noordster Holding BV",
        "vatNr": dotted(belgian_number(making.chance("holding"), making.taken)),
    }
    for place in [place for place in other.journals if place[1].startswith("V")]:
        del other.journals[place]
    making.world.octopus.dossiers[other.id] = other
    making.world.answers["dossier_id"] = other.id
    return broken(making, waiting(making), ("choose-dossier", {"dossier": making.dossier.id}))
