"""companies.*: search, read, add, change, delete, tag.

There is no merge, no (de)activation, no VAT type and no external number here, because the vendor has none.
"""

from __future__ import annotations

import re
from operator import itemgetter

from octowizard.sandbox.state import Kept
from octowizard.sandbox.teamleader import paging, people
from octowizard.sandbox.teamleader.call import (
    Desk,
    Operation,
    Result,
    created,
    done,
    find,
    new_id,
    shown,
)
from octowizard.sandbox.teamleader.checks import Json, bad, known

_PLAIN = (
    "name",
    "vat_number",
    "national_identification_number",
    "emails",
    "telephones",
    "website",
    "iban",
    "bic",
    "language",
    "preferred_currency",
    "marketing_mails_consent",
    "remarks",
)
_SHARED = (
    "id",
    "name",
    "status",
    "business_type",
    "vat_number",
    "national_identification_number",
    "emails",
    "telephones",
    "website",
    "iban",
    "bic",
    "language",
    "preferred_currency",
    "payment_term",
    "invoicing_preferences",
    "responsible_user",
    "added_at",
    "updated_at",
    "web_url",
    "tags",
    "marketing_mails_consent",
)
_INFO = (*_SHARED, "addresses", "remarks", "custom_fields")


def companies_list(desk: Desk, body: Json) -> Result:
    filters = body.get("filter") or {}
    sieves = [
        *paging.ids(filters),
        *paging.since(filters),
        *paging.equal(filters, "status", "marketing_mails_consent"),
        *paging.carries(filters),
        *paging.primary_email(filters),
        *paging.mentions(filters, _texts),
        *(_number(filters, field) for field in _NUMBERS if field in filters),
    ]
    found = paging.select(desk.side.companies.values(), sieves)
    found = paging.ordered(found, body, _KEYS, ("added_at", "desc"))
    page, meta = paging.page_of(found, body, desk.switches)
    includes = paging.included(body)
    lean = [_lean(data, includes) for data in page]
    return shown(lean, meta if "pagination" in includes else None)


def companies_info(desk: Desk, body: Json) -> Result:
    data = find(desk.side.companies, body["id"], "company").data
    answer = paging.only(data, (*_INFO, "price_list") if data.get("price_list") else _INFO)
    includes = paging.included(body)
    if "related_companies" in includes:
        answer["related_companies"] = data.get("related_companies") or []
    if "related_contacts" in includes:
        answer["related_contacts"] = _contacts_of(desk, body["id"])
    return shown(answer)


def companies_add(desk: Desk, body: Json) -> Result:
    """Duplicates are not refused, unknown tags come into being (inferred)."""
    identity = new_id()
    data = people.new_company(identity, body["name"], desk.side.me["id"], desk.stamp)
    _put(desk, data, body)
    desk.side.companies[identity] = Kept(data)
    return created("company", identity)


def companies_update(desk: Desk, body: Json) -> Result:
    _put(desk, find(desk.side.companies, body["id"], "company").data, body)
    return done()


def companies_delete(desk: Desk, body: Json) -> Result:
    """Refused with linked documents: so in the vendor's screens, for the API inferred. Else to the recycle bin."""
    kept = find(desk.side.companies, body["id"], "company")
    if people.has_documents(desk, "company", body["id"]):
        raise bad("Company cannot be deleted because invoices or credit notes are linked to it", "id")
    if kept.hidden.get("deals"):  # which the API served here does not show
        raise bad("Company cannot be deleted because deals are linked to it", "id")
    desk.side.recycled[body["id"]] = desk.side.companies.pop(body["id"])
    for kept in desk.side.contacts.values():
        if any(link["company"]["id"] == body["id"] for link in kept.data.get("companies") or ()):
            kept.data["companies"] = [c for c in kept.data["companies"] if c["company"]["id"] != body["id"]]
    return done()


def companies_tag(desk: Desk, body: Json) -> Result:
    people.add_tags(desk, find(desk.side.companies, body["id"], "company"), body["tags"])
    return done()


def companies_untag(desk: Desk, body: Json) -> Result:
    people.remove_tags(desk, find(desk.side.companies, body["id"], "company"), body["tags"])
    return done()


def _put(desk: Desk, data: Json, body: Json) -> None:
    references = (
        ("business_type_id", "business_type", "businessType"),
        ("responsible_user_id", "responsible_user", "user"),
        ("price_list_id", "price_list", "priceList"),
    )
    if body.get("business_type_id"):
        known(body["business_type_id"], desk.side.business_types, "business_type_id")
    if body.get("responsible_user_id"):
        known(body["responsible_user_id"], {desk.side.me["id"]}, "responsible_user_id")
    people.write(desk, data, body, _PLAIN, "company")
    for key, field, kind in references:
        if key in body:
            data[field] = {"type": kind, "id": body[key]} if body[key] else None


def _lean(data: Json, includes: frozenset[str]) -> Json:
    answer = paging.only(data, _SHARED)
    answer["primary_address"] = people.primary_address(data)
    if "custom_fields" in includes:
        answer["custom_fields"] = data.get("custom_fields") or []
    if "price_list" in includes:
        answer["price_list"] = data.get("price_list")
    return answer


def _contacts_of(desk: Desk, company: str) -> list[Json]:
    return [
        {
            "type": "contact",
            "id": identity,
            "position": link.get("position"),
            "secondary_position": link.get("secondary_position"),
            "division": link.get("division"),
            "is_decision_maker": bool(link.get("decision_maker")),
        }
        for identity, kept in desk.side.contacts.items()
        for link in kept.data.get("companies") or ()
        if link["company"]["id"] == company
    ]


def _texts(data: Json) -> list[str | None]:
    emails = [entry["email"] for entry in data.get("emails") or ()]
    telephones = [entry["number"] for entry in data.get("telephones") or ()]
    return [data["name"], data.get("vat_number"), *emails, *telephones]


def _number(filters: Json, field: str) -> paging.Sieve:
    """Numbers are compared without dots and spaces: the official example is written with them (inferred)."""
    wanted = _bare(filters[field])
    return lambda found: [data for data in found if _bare(data.get(field) or "") == wanted]


def _bare(value: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", value).upper()


_NUMBERS = ("vat_number", "national_identification_number")
_KEYS: dict[str, paging.Key] = {
    "name": lambda data: data["name"].casefold(),
    "added_at": itemgetter("added_at"),
    "updated_at": itemgetter("updated_at"),
}

OPERATIONS = (
    Operation("companies.list", companies_list),
    Operation("companies.info", companies_info),
    Operation("companies.add", companies_add),
    Operation("companies.update", companies_update),
    Operation("companies.delete", companies_delete),
    Operation("companies.tag", companies_tag),
    Operation("companies.untag", companies_untag),
)
