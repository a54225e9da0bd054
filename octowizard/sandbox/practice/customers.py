"""Customers on both sides: relation cards in Octopus; fields, merging and the recycle bin in Teamleader."""

from __future__ import annotations

from typing import Any

from octowizard.sandbox.practice.action import (
    Arguments,
    BadArguments,
    action,
    customer_named,
    dossier_of,
    relation_named,
    relation_number,
    touched,
)
from octowizard.sandbox.state import Json, Kept, World, words
from octowizard.sandbox.worlds.customers import printed_name, stamp

_TEXTS = words(
    "name firstName streetAndNr postalCode city country telephone email vatNr ibanAccountNr remarks "
    "searchField1 searchField2"
)
_NUMBERS = ("vatType", "expirationType", "expirationDays", "factLanguage", "corporationType")
_FLAGS = ("client", "supplier", "active")
_EXTERNAL = "externalRelationId"
_FIELDS = (*_TEXTS, *_NUMBERS, *_FLAGS, _EXTERNAL)
_VAT_TYPES = words("vat_liable intra_community_eu outside_eu private_person exempted_from_vat contractor")
# Filled in on the survivor where it has nothing itself.
_BLANKS = words(
    "vat_number national_identification_number website iban bic business_type language payment_term remarks"
)
_LISTS = ("emails", "telephones", "addresses", "custom_fields")


@action("edit-relation")
def edit_relation(world: World, arguments: Arguments) -> Json:
    """Change one field of a relation card, or empty a text."""
    relation = relation_named(dossier_of(world), arguments.text("relation"))
    field = arguments.one_of("field", *_FIELDS)
    value: Any
    if field in _FLAGS:
        value = arguments.yes("value")
    elif field in _NUMBERS or field == _EXTERNAL:
        value = arguments.number("value")
    else:
        value = arguments.text_or("value", "")
    where = relation.data["relationIdentificationServiceData"] if field == _EXTERNAL else relation.data
    before = where.get(field)
    where[field] = value
    if value == "":
        del where[field]
    relation.modified = world.clock.now()
    return {"relation": relation_number(relation), "field": field, "before": before, "after": value}


@action("deactivate-relation")
def deactivate_relation(world: World, arguments: Arguments) -> Json:
    relation = relation_named(dossier_of(world), arguments.text("relation"))
    relation.data["active"] = False
    relation.modified = world.clock.now()
    return {"relation": relation_number(relation), "active": False}


@action("close-relation-window")
def close_relation_window(world: World, arguments: Arguments) -> Json:
    relation = relation_named(dossier_of(world), arguments.text("relation"))
    before, relation.open_by = relation.open_by, None
    return {"relation": relation_number(relation), "was_open_by": before}


@action("teamleader-merge")
def merge(world: World, arguments: Arguments) -> Json:
    """Actions > Merge: the loser goes, all that hangs on it goes to the survivor. It cannot be undone."""
    side, now = world.teamleader, stamp(world.clock.now())
    survivor = customer_named(world, arguments.text("survivor"))
    loser = customer_named(world, arguments.text("loser"))
    if survivor is loser:
        raise BadArguments("A customer cannot be merged with itself.")
    person = "last_name" in survivor.data
    if person != ("last_name" in loser.data):
        raise BadArguments("A company and a contact cannot be merged.")
    identity, gone = survivor.data["id"], loser.data["id"]
    _take_over(survivor, loser)
    survivor.data["updated_at"] = now
    moved = 0
    for kept in (*side.invoices.values(), *side.credit_notes.values()):
        if kept.data["invoicee"]["customer"]["id"] == gone:
            kept.data["invoicee"]["customer"] = {**kept.data["invoicee"]["customer"], "id": identity}
            kept.data["updated_at"] = now
            moved += 1
    for kept in side.contacts.values():
        _relink(kept, gone, identity, now)
    del (side.contacts if person else side.companies)[gone]
    return {"survivor": printed_name(survivor), "merged": printed_name(loser), "documents_moved": moved}


def _take_over(survivor: Kept, loser: Kept) -> None:
    """Blanks are filled, lists united; on a conflict the survivor keeps its own."""
    ours, theirs = survivor.data, loser.data
    for field in _BLANKS:
        if not ours.get(field) and theirs.get(field):
            ours[field] = theirs[field]
    for field in _LISTS:
        kinds = {entry["type"] for entry in ours[field] if "type" in entry}
        ours[field] = ours[field] + [entry for entry in theirs[field] if entry.get("type") not in kinds]
    ours["tags"] = [*ours["tags"], *(tag for tag in theirs["tags"] if tag not in ours["tags"])]
    for name, value in loser.hidden.items():
        survivor.hidden.setdefault(name, value)


def _relink(contact: Kept, gone: str, identity: str, now: str) -> None:
    links = contact.data["companies"]
    if all(link["company"]["id"] != gone for link in links):
        return
    has = any(link["company"]["id"] == identity for link in links)
    kept = [link for link in links if link["company"]["id"] != gone or not has]
    contact.data["companies"] = [
        {**link, "company": {"type": "company", "id": identity}} if link["company"]["id"] == gone else link
        for link in kept
    ]
    contact.data["updated_at"] = now


@action("teamleader-change-vat-type")
def change_vat_type(world: World, arguments: Arguments) -> Json:
    """The VAT type is on the screen only; the API shows no more than that the customer was changed."""
    customer = customer_named(world, arguments.text("customer"))
    before = customer.hidden.get("vat_type")
    customer.hidden["vat_type"] = arguments.one_of("type", *_VAT_TYPES)
    touched(world, customer)
    return {"customer": printed_name(customer), "before": before, "after": customer.hidden["vat_type"]}


@action("teamleader-edit-customer")
def edit_customer(world: World, arguments: Arguments) -> Json:
    """Change the country, VAT number or e-mail address of a company or contact, or empty it."""
    customer = customer_named(world, arguments.text("customer"))
    field = arguments.one_of("field", "country", "vat_number", "email")
    value = arguments.text_or("value", "") or None
    data = customer.data
    if field == "country":
        before = _set_country(customer, value)
    elif field == "email":
        before = next((entry["email"] for entry in data["emails"] if entry["type"] == "primary"), None)
        others = [entry for entry in data["emails"] if entry["type"] != "primary"]
        data["emails"] = [{"type": "primary", "email": value}, *others] if value else others
    else:
        before, data["vat_number"] = data["vat_number"], value
    touched(world, customer)
    return {"customer": printed_name(customer), "field": field, "before": before, "after": value}


def _set_country(customer: Kept, country: str | None) -> str | None:
    for entry in customer.data["addresses"]:
        if entry["type"] == "primary":
            before: str | None = entry["address"]["country"]
            entry["address"] = {**entry["address"], "country": country}
            return before
    blank = {"line_1": None, "postal_code": None, "city": None, "area_level_two": None, "addressee": None}
    customer.data["addresses"].append({"type": "primary", "address": {**blank, "country": country}})
    return None


@action("teamleader-restore-customer")
def restore_customer(world: World, arguments: Arguments) -> Json:
    """Take a company or contact out of the recycle bin: by id, by exact name, or the only one there."""
    side, wanted = world.teamleader, arguments.text_or("customer", "")
    found = [
        kept
        for identity, kept in side.recycled.items()
        if not wanted or wanted == identity or wanted.casefold() == printed_name(kept).casefold()
    ]
    if len(found) != 1:
        raise BadArguments(f"The recycle bin of Teamleader holds {len(found) or 'no'} such customers.")
    customer = side.recycled.pop(found[0].data["id"])
    (side.contacts if "last_name" in customer.data else side.companies)[customer.data["id"]] = customer
    touched(world, customer)
    return {"customer": printed_name(customer), "restored": True}


@action("teamleader-set-external-id")
def set_external_id(world: World, arguments: Arguments) -> Json:
    """The accounting package's customer number is on the screen only, and in exports."""
    customer = customer_named(world, arguments.text("customer"))
    before = customer.hidden.get("external_id")
    customer.hidden["external_id"] = str(arguments.number("number", at_least=1))
    touched(world, customer)
    return {"customer": printed_name(customer), "before": before, "after": customer.hidden["external_id"]}
