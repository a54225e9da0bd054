"""`vat-code-wrong-type`: the code of 21 % can be used for sales and not for credit notes."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import (
    bill,
    broken,
    credit_whole,
    healthy_but,
    lines_of,
    own_of,
    waiting_notes,
)


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The credit notes with a line at 21 % cannot be booked."""
    making = healthy_but("vat-code-wrong-type", seed, customers, documents, own=4)
    dossier = making.dossier
    dossier.vat_codes[:] = [code for code in dossier.vat_codes if (code["code"], code["type"]) != ("21", 4)]
    for kept in making.customers[: own_of(documents, 4) // 2]:
        credit_whole(making, bill(making, kept))
    rate = making.settings.rate_of_code["21"]
    refused = [
        kept for kept in waiting_notes(making) if any(entry["tax"]["id"] == rate for entry in lines_of(kept))
    ]
    return broken(
        making, refused, ("add-vat-code", {"code": "21", "percentage": "21", "use": "credit_notes"})
    )
