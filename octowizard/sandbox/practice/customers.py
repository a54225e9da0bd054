"""Customers on both sides: relation cards in Octopus; fields, merging and the recycle bin in Teamleader."""

from __future__ import annotations

from typing import Any

from octowizard.sandbox.practice.action import BadArguments, Task, action
from octowizard.sandbox.state import Json, Kept, words
from octowizard.sandbox.teamleader.checks import iso

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
def edit_relation(task: Task) -> Json:
    """Change one field of a relation card, or empty a text."""
    relation = task.relation()
    field = task.one_of("field", *_FIELDS)
    value: Any
    if field in _FLAGS:
        value = task.yes("value")
    elif field in _NUMBERS or field == _EXTERNAL:
        value = task.number("value")
    else:
        value = task.emptied("value")
    where = relation.data["relationIdentificationServiceData"] if field == _EXTERNAL else relation.data
    before = where.get(field)
    where[field] = value
    if value == "":
        del where[field]
    relation.modified = task.now
    return {"relation": relation.id, "field": field, "before": before, "after": value}


@action("deactivate-relation")
def deactivate_relation(task: Task) -> Json:
    relation = task.relation()
    relation.data["active"] = False
    relation.modified = task.now
    return {"relation": relation.id, "active": False}


@action("close-relation-window")
def close_relation_window(task: Task) -> Json:
    relation = task.relation()
    before, relation.open_by = relation.open_by, None
    return {"relation": relation.id, "was_open_by": before}


@action("teamleader-merge")
def merge(task: Task) -> Json:
    """Actions > Merge: the loser goes, all that hangs on it goes to the survivor. It cannot be undone."""
    side, now = task.side, iso(task.now)
    survivor = task.customer("survivor")
    loser = task.customer("loser")
    if survivor is loser:
        raise BadArguments("A customer cannot be merged with itself.")
    person = survivor.is_person
    if person != loser.is_person:
        raise BadArguments("A company and a contact cannot be merged.")
    identity, gone = survivor.data["id"], loser.data["id"]
    _take_over(survivor, loser)
    survivor.data["updated_at"] = now
    moved = 0
    for kept in side.documents:
        if kept.data["invoicee"]["customer"]["id"] == gone:
            kept.data["invoicee"]["customer"] = {**kept.data["invoicee"]["customer"], "id": identity}
            kept.data["updated_at"] = now
            moved += 1
    for kept in side.contacts.values():
        _relink(kept, gone, identity, now)
    del (side.contacts if person else side.companies)[gone]
    return {"survivor": survivor.name, "merged": loser.name, "documents_moved": moved}


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
def change_vat_type(task: Task) -> Json:
    """The VAT type is on the screen only; the API shows no more than that the customer was changed."""
    customer = task.customer()
    before = customer.hidden.get("vat_type")
    customer.hidden["vat_type"] = task.one_of("type", *_VAT_TYPES)
    task.touch(customer)
    return {"customer": customer.name, "before": before, "after": customer.hidden["vat_type"]}


@action("teamleader-edit-customer")
def edit_customer(task: Task) -> Json:
    """Change the country, a number or the e-mail address of a company or contact, or empty it."""
    customer = task.customer()
    field = task.one_of("field", "country", "vat_number", "enterprise_number", "email")
    value = task.emptied("value") or None
    data = customer.data
    if field == "country":
        before = _set_country(customer, value)
    elif field == "email":
        before = (customer.primary("emails") or {}).get("email")
        others = [entry for entry in data["emails"] if entry["type"] != "primary"]
        data["emails"] = [{"type": "primary", "email": value}, *others] if value else others
    else:
        name = "national_identification_number" if field == "enterprise_number" else field
        before, data[name] = data[name], value
    task.touch(customer)
    return {"customer": customer.name, "field": field, "before": before, "after": value}


def _set_country(customer: Kept, country: str | None) -> str | None:
    if primary := customer.primary("addresses"):
        before: str | None = primary["address"]["country"]
        primary["address"] = {**primary["address"], "country": country}
        return before
    blank = {"line_1": None, "postal_code": None, "city": None, "area_level_two": None, "addressee": None}
    customer.data["addresses"].append({"type": "primary", "address": {**blank, "country": country}})
    return None


@action("teamleader-restore-customer")
def restore_customer(task: Task) -> Json:
    """Take a company or contact out of the recycle bin: by id, by exact name, or the only one there."""
    side, wanted = task.side, task.text("customer", "")
    fitting = [
        kept
        for identity, kept in side.recycled.items()
        if not wanted or wanted == identity or wanted.casefold() == kept.name.casefold()
    ]
    if len(fitting) != 1:
        raise BadArguments(f"The recycle bin of Teamleader holds {len(fitting) or 'no'} such customers.")
    customer = side.recycled.pop(fitting[0].data["id"])
    (side.contacts if customer.is_person else side.companies)[customer.data["id"]] = customer
    task.touch(customer)
    return {"customer": customer.name, "restored": True}


@action("teamleader-set-external-id")
def set_external_id(task: Task) -> Json:
    """The accounting package's customer number is on the screen only, and in exports."""
    customer = task.customer()
    before = customer.hidden.get("external_id")
    customer.hidden["external_id"] = str(task.number("number", at_least=1))
    task.touch(customer)
    return {"customer": customer.name, "before": before, "after": customer.hidden["external_id"]}
