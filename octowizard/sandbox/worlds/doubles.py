"""`doubles`: two administrations that wrote down the same firms for years, each in its own way; none is linked.

From the labelled generator, with all that makes firms hard to tell apart. `answers["same"]` tells who is who, as
[number of the relation, id of the company], for whoever wants to hold a matching against it.
"""

from __future__ import annotations

from random import Random

from octowizard.sandbox.generator import Row, make
from octowizard.sandbox.state import Json, World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.company import begin
from octowizard.sandbox.worlds.customers import add_relation, bare_company, relation_moment

CUSTOMERS = 300


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """`customers` on each side. No documents: first it has to be found out who is who. ValueError when asked for."""
    if documents:
        raise ValueError("Scenario doubles has no documents: first it has to be found out who is who.")
    making = begin("doubles", seed, books.ready_dossier())
    left, right, truth = make(CUSTOMERS if customers is None else customers, seed)
    chance, numbers, ids = making.chance("doubles"), {}, {}
    for row in left:
        numbers[row["id"]] = add_relation(making.dossier, _relation(row), relation_moment(chance))
    for row in right:
        if row["type"] == "company":
            ids[row["id"]] = _company(making.world, chance, row)
    making.world.answers["same"] = sorted([numbers[one], ids[other]] for one, other in truth)
    return making.world


def _relation(row: Row) -> Json:
    """A row as an accountant typed it into Octopus."""
    record: Json = {
        "name": row["name"],
        "client": True,
        "supplier": False,
        "streetAndNr": row["street"],
        "postalCode": row["postcode"],
        "city": row["city"],
        "country": row["country"] or "BE",
        "telephone": row["phone"],
        "email": row["email"],
        "corporationType": 0,
        "currencyCode": "EUR",
        "vatNr": row["vat"],
        "vatType": 1 if row["vat"] else 0,
        "expirationType": 2,
        "expirationDays": 30,
        "factLanguage": 0,
        "ibanAccountNr": row["iban"],
        "financialDiscount": False,
        "active": True,
    }
    return {key: value for key, value in record.items() if value != ""}


def _company(world: World, chance: Random, row: Row) -> str:
    """A row as a sales office typed it into Teamleader; the id of the company."""
    data = bare_company(world, chance, row["name"]).data
    data["vat_number"], data["iban"] = row["vat"] or None, row["iban"] or None
    if row["email"]:
        data["emails"] = [{"type": "primary", "email": row["email"]}]
    if row["phone"]:
        data["telephones"] = [{"type": "phone", "number": row["phone"]}]
    address = {
        "line_1": row["street"] or None,
        "postal_code": row["postcode"] or None,
        "city": row["city"] or None,
        "country": row["country"] or "BE",
        "area_level_two": None,
        "addressee": None,
    }
    data["addresses"] = [{"type": "primary", "address": address}]
    return str(data["id"])
