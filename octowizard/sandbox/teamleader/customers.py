"""companies.* and contacts.*: search, read, add, change, delete, tag, and the links of contacts with companies.

There is no merge, no (de)activation, no VAT type and no external number here, because the vendor has none. A link
is made, changed and removed on the contact only (official); the list of contacts does not show links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from operator import itemgetter

from octowizard.sandbox.state import Json, Kept, words
from octowizard.sandbox.teamleader import paging
from octowizard.sandbox.teamleader.call import Desk, Result, Work, created, done, find, new_id, shown
from octowizard.sandbox.teamleader.checks import bad, known
from octowizard.sandbox.teamleader.records import new_company, new_contact

_ADDRESS = ("line_1", "postal_code", "city", "country", "area_level_two")
_LINK = ("position", "secondary_position", "division", "decision_maker", "company")

# what both lists show, what each adds to it, and what only `.info` shows
_COMMON = (
    "id status emails telephones website language payment_term invoicing_preferences iban bic "
    "national_identification_number tags added_at updated_at web_url marketing_mails_consent"
)
_COMPANY = words(f"{_COMMON} name business_type vat_number preferred_currency responsible_user")
_CONTACT = words(f"{_COMMON} first_name last_name salutation gender birthdate")
_INFO = ("addresses", "remarks", "custom_fields")

# what a write copies as it is
_COPIED = "emails telephones website iban bic language remarks national_identification_number marketing_mails_consent"
_COPIED_OF = {
    "company": words(f"{_COPIED} name vat_number preferred_currency"),
    "contact": words(f"{_COPIED} first_name last_name salutation gender birthdate"),
}
_COLLECTION = {"company": "companies", "contact": "contacts"}


def _lean(fields: Iterable[str], data: Json, includes: frozenset[str]) -> Json:
    """A customer as a list shows it."""
    answer = paging.only(data, fields)
    primary = Kept(data).primary("addresses")  # it has no addressee in a list (official)
    answer["primary_address"] = paging.only(primary["address"], _ADDRESS) if primary else None
    if "custom_fields" in includes:
        answer["custom_fields"] = data.get("custom_fields") or []
    if "price_list" in includes and fields is _COMPANY:
        answer["price_list"] = data.get("price_list")
    return answer


def _texts(data: Json) -> list[str | None]:
    """What a search looks through: name, VAT number of a company, mailboxes and telephone numbers."""
    if "last_name" in data:
        names: list[str | None] = [f"{data.get('first_name') or ''} {data['last_name']}"]
    else:
        names = [data["name"], data.get("vat_number")]
    emails = [entry["email"] for entry in data.get("emails") or ()]
    return [*names, *emails, *(entry["number"] for entry in data.get("telephones") or ())]


def _has_number(field: str) -> paging.Filter:
    """Numbers are compared without dots and spaces: the official example is written with them (inferred)."""

    def sieve(wanted: str) -> paging.Sieve:
        bare = _bare(wanted)
        return lambda records: [data for data in records if _bare(data.get(field) or "") == bare]

    return paging.named(field, sieve)


def _bare(value: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", value).upper()


def _works_at(company: str | None) -> paging.Sieve:
    """Linked with the company; with none at all for None (seen by one client)."""
    if company is None:
        return lambda records: [data for data in records if not data.get("companies")]
    return lambda records: [data for data in records if _link(data, company)]


def _listing(
    kind: str, fields: tuple[str, ...], name: paging.Key, *own: paging.Filter, meta: bool = False
) -> Work:
    filters = (
        paging.ids,
        paging.since,
        paging.equal("status", "marketing_mails_consent"),
        paging.carries,
        paging.primary_email,
        paging.mentions(_texts),
        *own,
    )
    keys: dict[str, paging.Key] = {
        "name": name,
        "added_at": itemgetter("added_at"),
        "updated_at": itemgetter("updated_at"),
    }
    default = ("added_at", "desc")
    shape = partial(_lean, fields)
    return paging.listing(_COLLECTION[kind], shape, *filters, keys=keys, default=default, with_meta=meta)


def companies_info(desk: Desk, body: Json) -> Result:
    data = find(desk.side.companies, body["id"], "company").data
    answer = paging.only(data, (*_COMPANY, *_INFO, *(("price_list",) if data.get("price_list") else ())))
    includes = paging.included(body)
    if "related_companies" in includes:
        answer["related_companies"] = data.get("related_companies") or []
    if "related_contacts" in includes:
        answer["related_contacts"] = _contacts_of(desk, body["id"])
    return shown(answer)


def _contacts_of(desk: Desk, company: str) -> list[Json]:
    return [
        {
            "type": "contact",
            "id": identity,
            **{key: link.get(key) for key in ("position", "secondary_position", "division")},
            "is_decision_maker": bool(link.get("decision_maker")),
        }
        for identity, kept in desk.side.contacts.items()
        for link in kept.data.get("companies") or ()
        if link["company"]["id"] == company
    ]


def _contact_full(data: Json, _: frozenset[str]) -> Json:
    answer = paging.only(data, (*_CONTACT, "vat_number", *_INFO))
    answer["companies"] = [paging.only(link, _LINK) for link in data.get("companies") or ()]
    return answer


def companies_add(desk: Desk, body: Json) -> Result:
    """Duplicates are not refused, unknown tags come into being (inferred)."""
    data = new_company(new_id(), body["name"], desk.side.me["id"], desk.stamp)
    _write(desk, "company", data, body)
    desk.side.companies[data["id"]] = Kept(data)
    return created("company", data["id"])


def contacts_add(desk: Desk, body: Json) -> Result:
    data = new_contact(new_id(), body["last_name"], desk.stamp)
    _write(desk, "contact", data, body)
    desk.side.contacts[data["id"]] = Kept(data)
    return created("contact", data["id"])


def _changing(kind: str, change: Callable[[Desk, Json, Json], None]) -> Work:
    """An operation that changes a record, given its data and the body, and answers without one."""

    def work(desk: Desk, body: Json) -> Result:
        data = find(getattr(desk.side, _COLLECTION[kind]), body["id"], kind).data
        change(desk, data, body)
        data["updated_at"] = desk.stamp
        return done()

    return work


def _write(desk: Desk, kind: str, data: Json, body: Json) -> None:
    """Put a body into a record: omitted stays, null clears, lists replace (official)."""
    references = (
        ("business_type_id", "business_type", "businessType", desk.side.business_types),
        ("responsible_user_id", "responsible_user", "user", {desk.side.me["id"]}),
        ("price_list_id", "price_list", "priceList", None),
    )
    for key, _, _, collection in references:
        if body.get(key) and collection is not None and kind == "company":
            known(body[key], collection, key)
    if "custom_fields" in body:  # first, because it can refuse
        data["custom_fields"] = custom_fields(desk, data.get("custom_fields") or [], body, kind)
    data |= paging.only(body, _COPIED_OF[kind])
    if body.get("emails") is not None:  # a mailbox of null is cleared
        data["emails"] = [entry for entry in body["emails"] if entry["email"] is not None]
    if data["telephones"] is None:
        data["telephones"] = []
    if "addresses" in body:
        data["addresses"] = [_address(entry) for entry in body["addresses"]]
    if "tags" in body:
        data["tags"] = list(dict.fromkeys(body["tags"]))
    for key, field, reference, _ in references:
        if key in body and kind == "company":
            data[field] = {"type": reference, "id": body[key]} if body[key] else None


def _address(entry: Json) -> Json:
    given = entry["address"]
    area = given.get("area_level_two_id")
    address: Json = {key: given[key] for key in _ADDRESS[:4]}
    address["area_level_two"] = {"type": "levelTwoArea", "id": area} if area else None
    if entry["type"] != "primary":
        address["addressee"] = given.get("addressee")
    return {"type": entry["type"], "address": address}


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
        reference = {"type": "customFieldDefinition", "id": entry["id"]}
        given[entry["id"]] = {"definition": reference, "value": value}
    if body.get("custom_fields_update_strategy") == "partial":
        return list({**{field["definition"]["id"]: field for field in stored}, **given}.values())
    return list(given.values())


def _tag(_: Desk, data: Json, body: Json) -> None:
    data["tags"] = list(dict.fromkeys([*data["tags"], *body["tags"]]))


def _untag(_: Desk, data: Json, body: Json) -> None:
    data["tags"] = [tag for tag in data["tags"] if tag not in body["tags"]]


def _deleting(kind: str) -> Work:
    """Refused with linked documents: so in the vendor's screens, for the API inferred. Else to the recycle bin."""

    def work(desk: Desk, body: Json) -> Result:
        side, identity = desk.side, body["id"]
        collection: dict[str, Kept] = getattr(side, _COLLECTION[kind])
        kept = find(collection, identity, kind)
        for document in side.documents:
            if document.data["invoicee"]["customer"] == {"type": kind, "id": identity}:
                what = kind.capitalize()
                raise bad(f"{what} cannot be deleted because invoices or credit notes are linked to it", "id")
        if kept.hidden.get("deals"):  # which the API served here does not show
            raise bad("Company cannot be deleted because deals are linked to it", "id")
        side.recycled[identity] = collection.pop(identity)
        for contact in side.contacts.values():
            if _link(contact.data, identity) is not None:
                contact.data["companies"] = [
                    link for link in contact.data["companies"] if link["company"]["id"] != identity
                ]
        return done()

    return work


def _link_to_company(desk: Desk, data: Json, body: Json) -> None:
    """A second link with the same company is refused (inferred)."""
    known(body["company_id"], desk.side.companies, "company_id")
    if _link(data, body["company_id"]) is not None:
        raise bad("Contact is already linked to this company", "company_id")
    link: Json = {
        "position": body.get("position"),
        "secondary_position": None,
        "division": None,
        "decision_maker": body.get("decision_maker", False),
        "company": {"type": "company", "id": body["company_id"]},
    }
    data["companies"] = [*(data.get("companies") or ()), link]


def _update_company_link(desk: Desk, data: Json, body: Json) -> None:
    _linked(desk, data, body["company_id"]).update(paging.only(body, ("position", "decision_maker")))


def _unlink_from_company(desk: Desk, data: Json, body: Json) -> None:
    gone = _linked(desk, data, body["company_id"])
    data["companies"] = [link for link in data["companies"] if link is not gone]


def _link(data: Json, company: str) -> Json | None:
    links: Iterable[Json] = data.get("companies") or ()
    return next((link for link in links if link["company"]["id"] == company), None)


def _linked(desk: Desk, data: Json, company: str) -> Json:
    known(company, desk.side.companies, "company_id")
    link = _link(data, company)
    if link is None:
        raise bad("Contact is not linked to this company", "company_id")
    return link


def _company_name(data: Json) -> str:
    return str(data["name"]).casefold()


def _contact_name(data: Json) -> tuple[str, str]:
    return (data["last_name"].casefold(), (data.get("first_name") or "").casefold())


def _updating(kind: str) -> Work:
    return _changing(kind, lambda desk, data, body: _write(desk, kind, data, body))


_BY_NUMBER = tuple(map(_has_number, ("vat_number", "national_identification_number")))

OPERATIONS: dict[str, Work] = {
    "companies.list": _listing("company", _COMPANY, _company_name, *_BY_NUMBER, meta=True),
    "companies.info": companies_info,
    "companies.add": companies_add,
    "companies.update": _updating("company"),
    "companies.delete": _deleting("company"),
    "companies.tag": _changing("company", _tag),
    "companies.untag": _changing("company", _untag),
    # never with `meta`: the live API does not honour `includes=pagination` here (seen by one client)
    "contacts.list": _listing("contact", _CONTACT, _contact_name, paging.named("company_id", _works_at)),
    "contacts.info": paging.info("contacts", "contact", _contact_full),
    "contacts.add": contacts_add,
    "contacts.update": _updating("contact"),
    "contacts.delete": _deleting("contact"),
    "contacts.tag": _changing("contact", _tag),
    "contacts.untag": _changing("contact", _untag),
    "contacts.linkToCompany": _changing("contact", _link_to_company),
    "contacts.updateCompanyLink": _changing("contact", _update_company_link),
    "contacts.unlinkFromCompany": _changing("contact", _unlink_from_company),
}
