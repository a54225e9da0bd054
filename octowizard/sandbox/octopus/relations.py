"""The operations on relations: list, search, changes, and the merging PUT."""

from __future__ import annotations

from functools import cache

from octowizard.sandbox.octopus.errors import Refused, bad_parameters
from octowizard.sandbox.octopus.session import Visit, changes, ok, ok_unless_empty
from octowizard.sandbox.state import Json, Relation
from octowizard.sandbox.tables import table
from octowizard.sandbox.web import Answer, empty_response

_DEFAULTS: Json = {  # recorded after creating with a minimal body; an absent country comes back as two blanks
    "active": True,
    "client": False,
    "corporationType": 0,
    "country": "  ",
    "expirationDays": 30,
    "expirationType": 2,
    "factLanguage": 0,
    "financialDiscount": False,
    "supplier": False,
    "vatType": 0,
}
_VAT_TYPES = frozenset({0, 1, 4, 6, 7, 8, 9, 10})
_NOTHING: Json = {"string": "", "integer": 0, "boolean": False}


@cache
def _empty_members() -> Json:
    """All members but dates and keys, as one without a value is shown."""
    members = table("octopus/requests.json")["RelationServiceData"]["properties"]
    kinds = {name: member.get("type") for name, member in members.items() if member.get("format") != "date"}
    return {name: _NOTHING[kind] for name, kind in kinds.items() if kind in _NOTHING}


def shown(data: Json) -> Json:
    """A relation with all its members, zeros and empty texts too (recorded)."""
    return {**_empty_members(), **data}


def list_relations(visit: Visit) -> Answer:
    """`GET relations`: without search parameters the active ones; with any, those that meet at least one.

    A search compares exactly (names ignoring case) and finds inactive relations too; external number 0 stands
    for "none" and finds nothing. How exactly the vendor compares is not published.
    """
    name, vat = visit.call.query("name"), visit.call.query("vatNr")
    key, external = visit.optional_int("relationId"), visit.optional_int("extRelationId")
    relations = visit.dossier.relations
    if name is None and vat is None and key is None and external is None:
        if visit.world.switches.relations_list_refused:
            raise bad_parameters()
        records = [relation.data for relation in relations.values() if relation.data.get("active", True)]
    else:
        wanted = name.casefold() if name else None
        records = [
            relation.data
            for number, relation in relations.items()
            if number == key
            or (external and relation.external_id == external)
            or (vat and relation.data.get("vatNr") == vat)
            or (wanted and str(relation.data.get("name", "")).casefold() == wanted)
        ]
    return ok_unless_empty([shown(data) for data in records], "relations")


def list_modified(visit: Visit) -> Answer:
    """`GET relations/modified`: inactive ones too; the time stamp may be left out (everything)."""
    since = visit.optional_stamp()
    relations = [(entry.data, entry.modified) for entry in visit.dossier.relations.values()]
    modified, deleted = (
        [shown(data) for data, moment in changed if since is None or moment >= since]
        for changed in (relations, visit.dossier.deleted_relations)
    )
    return changes("modified relations", modified, deleted)


def put_relation(visit: Visit) -> Answer:
    """`PUT relations`: found by key or external number: merged (204); otherwise created with a new key (201).

    An external number of 0 without a key finds nothing, so it creates a relation each time.
    """
    given = visit.write("RelationServiceData")
    if given["currencyCode"] not in visit.dossier.currencies:
        raise Refused(400, -19, f"Currency {given['currencyCode']} unknown. ")
    if given.get("vatType", 0) not in _VAT_TYPES:
        raise Refused(400, -7, f"Unable to insert or update relation.  Unknown VAT type {given['vatType']}. ")
    identification = given.pop("relationIdentificationServiceData")
    known = visit.dossier.relation(identification)
    external = identification.get("externalRelationId", 0)
    if known is not None:
        return _merge(visit, known, external, given)
    number = max(visit.dossier.next_relation_id, max(visit.dossier.relations, default=0) + 1)
    visit.dossier.next_relation_id = number + 1
    data = {
        **_DEFAULTS,
        **given,
        "relationIdentificationServiceData": {"externalRelationId": external, "relationKey": {"id": number}},
    }
    visit.dossier.relations[number] = Relation(data, visit.now)
    return ok(shown(data), 201)


def _merge(visit: Visit, known: Relation, external: int, given: Json) -> Answer:
    identification = known.data["relationIdentificationServiceData"]
    if external and external != known.external_id:
        other = visit.dossier.relation({"externalRelationId": external})
        if other is not None:
            why = f"External relation {external} is relation {other.id}. "
            raise Refused(400, -7, f"Unable to insert or update relation.  {why}")
        identification["externalRelationId"] = external
    known.data.update(given)
    known.modified = visit.now
    return empty_response(204)
