"""`unmapped-vat`: the dossier has no sales code of 12 %."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, healthy_but, line, lines_of, own_of, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The documents with a line at 12 % cannot be booked."""
    making = healthy_but("unmapped-vat", seed, customers, documents, own=2)
    dossier = making.dossier
    dossier.vat_codes[:] = [
        code for code in dossier.vat_codes if code["code"] != "12" or code["type"] in (1, 3)
    ]
    for kept in making.customers[: own_of(documents)]:
        bill(making, kept, [line(making, code="12")])
    rate = making.settings.rate_of_code["12"]
    refused = [
        kept for kept in waiting(making) if any(entry["tax"]["id"] == rate for entry in lines_of(kept))
    ]
    return broken(making, refused, ("add-vat-code", {"code": "12", "percentage": "12"}))
