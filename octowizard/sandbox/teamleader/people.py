"""What companies and contacts have in common: writing their fields, tags, custom fields, shown addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from octowizard.sandbox.state import Kept
from octowizard.sandbox.teamleader.call import Desk
from octowizard.sandbox.teamleader.checks import Json, bad, known

_ADDRESS = ("line_1", "postal_code", "city", "country", "area_level_two")


def new_company(identity: str, name: str, user: str, moment: str) -> Json:
    """The record of a company with nothing but a name, made by a user at a moment."""
    return {
        "id": identity,
        "name": name,
        "status": "active",
        **dict.fromkeys(("business_type", "vat_number", "national_identification_number")),
        "emails": [],
        "telephones": [],
        "addresses": [],
        **dict.fromkeys(("website", "iban", "bic", "language", "preferred_currency", "payment_term")),
        "invoicing_preferences": {"electronic_invoicing_address": None},
        "responsible_user": {"type": "user", "id": user},
        "added_at": moment,
        "updated_at": moment,
        "web_url": f"https://focus.teamleader.eu/company_detail.php?id={identity}",
        "tags": [],
        "marketing_mails_consent": False,
        "remarks": None,
        "custom_fields": [],
    }


def check_customer(desk: Desk, customer: Mapping[str, str], path: str) -> Json:
    """The record of a customer reference inside a body; 400 when it does not exist."""
    people = desk.side.companies if customer["type"] == "company" else desk.side.contacts
    known(customer["id"], people, f"{path}.id")
    return people[customer["id"]].data


def write(desk: Desk, data: Json, body: Json, plain: Iterable[str], context: str) -> None:
    """Put a body into a record: omitted stays, null clears, lists replace (official)."""
    if "custom_fields" in body:  # first, because it can refuse
        data["custom_fields"] = custom_fields(desk, data.get("custom_fields") or [], body, context)
    for key in plain:
        if key in body:
            data[key] = body[key]
    if "addresses" in body:
        data["addresses"] = [_address(entry) for entry in body["addresses"]]
    if "tags" in body:
        data["tags"] = list(dict.fromkeys(body["tags"]))
    data["updated_at"] = desk.stamp


def custom_fields(desk: Desk, stored: list[Json], body: Json, context: str) -> list[Json]:
    """The custom fields after a write: the given set, or merged into the stored one when asked `partial`."""
    definitions = desk.side.custom_field_definitions
    given: dict[str, Json] = {}
    for index, entry in enumerate(body["custom_fields"]):
        path = f"custom_fields.{index}"
        known(entry["id"], definitions, f"{path}.id")
        definition = definitions[entry["id"]].data
        if definition["context"] != context:
            raise bad(f"{path}.id does not belong to a {context}", f"{path}.id")
        value = entry.get("value")
        if definition["type"] == "single_select" and value is not None:
            options = [o["value"] for o in (definition.get("configuration") or {}).get("options", ())]
            if value not in options:  # written by the text of the option (seen by one client)
                raise bad("invalid single selection value", f"{path}.value")
        given[entry["id"]] = {
            "definition": {"type": "customFieldDefinition", "id": entry["id"]},
            "value": value,
        }
    if body.get("custom_fields_update_strategy") == "partial":
        return list({**{field["definition"]["id"]: field for field in stored}, **given}.values())
    return list(given.values())


def add_tags(desk: Desk, kept: Kept, tags: Iterable[str]) -> None:
    kept.data["tags"] = list(dict.fromkeys([*kept.data["tags"], *tags]))
    kept.data["updated_at"] = desk.stamp


def remove_tags(desk: Desk, kept: Kept, tags: Iterable[str]) -> None:
    gone = frozenset(tags)
    kept.data["tags"] = [tag for tag in kept.data["tags"] if tag not in gone]
    kept.data["updated_at"] = desk.stamp


def primary_address(data: Json) -> Json | None:
    """The primary address as a list shows it; it has no addressee (official)."""
    for entry in data.get("addresses") or ():
        if entry["type"] == "primary":
            return {key: entry["address"][key] for key in _ADDRESS if key in entry["address"]}
    return None


def has_documents(desk: Desk, kind: str, identity: str) -> bool:
    """Whether an invoice or credit note is made out to this customer."""
    for documents in (desk.side.invoices, desk.side.credit_notes):
        for kept in documents.values():
            customer = kept.data["invoicee"]["customer"]
            if customer["id"] == identity and customer["type"] == kind:
                return True
    return False


def _address(entry: Json) -> Json:
    given = entry["address"]
    area = given.get("area_level_two_id")
    address: Json = {key: given[key] for key in _ADDRESS[:4]}
    address["area_level_two"] = {"type": "levelTwoArea", "id": area} if area else None
    if entry["type"] != "primary":
        address["addressee"] = given.get("addressee")
    return {"type": entry["type"], "address": address}
