"""contacts.*: search, read, add, change, delete, and their links with companies.

A link is made, changed and removed on the contact only (official); the list does not show links.
"""

from __future__ import annotations

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
    "first_name",
    "last_name",
    "salutation",
    "emails",
    "telephones",
    "website",
    "language",
    "gender",
    "birthdate",
    "iban",
    "bic",
    "national_identification_number",
    "remarks",
    "marketing_mails_consent",
)
_SHARED = (
    "id",
    "first_name",
    "last_name",
    "status",
    "salutation",
    "emails",
    "telephones",
    "website",
    "gender",
    "birthdate",
    "iban",
    "bic",
    "national_identification_number",
    "language",
    "payment_term",
    "invoicing_preferences",
    "tags",
    "added_at",
    "updated_at",
    "web_url",
    "marketing_mails_consent",
)
_INFO = (*_SHARED, "vat_number", "addresses", "remarks", "custom_fields")
_LINK = ("position", "secondary_position", "division", "decision_maker", "company")


def contacts_list(desk: Desk, body: Json) -> Result:
    """Never with `meta`: the live API does not honour `includes=pagination` here (seen by one client)."""
    filters = body.get("filter") or {}
    sieves = [
        *paging.ids(filters),
        *paging.since(filters),
        *paging.equal(filters, "status", "marketing_mails_consent"),
        *paging.carries(filters),
        *paging.primary_email(filters),
        *paging.mentions(filters, _texts),
    ]
    if "company_id" in filters:
        sieves.append(_works_at(filters["company_id"]))
    found = paging.select(desk.side.contacts.values(), sieves)
    found = paging.ordered(found, body, _KEYS, ("added_at", "desc"))
    page, _ = paging.page_of(found, body, desk.switches)
    includes = paging.included(body)
    return shown([_lean(data, includes) for data in page])


def contacts_info(desk: Desk, body: Json) -> Result:
    data = find(desk.side.contacts, body["id"], "contact").data
    answer = paging.only(data, _INFO)
    answer["companies"] = [paging.only(link, _LINK) for link in data.get("companies") or ()]
    return shown(answer)


def contacts_add(desk: Desk, body: Json) -> Result:
    identity = new_id()
    data: Json = {
        "id": identity,
        "first_name": None,
        "last_name": body["last_name"],
        "status": "active",
        "salutation": None,
        "emails": [],
        "telephones": [],
        "addresses": [],
        **dict.fromkeys(("website", "vat_number", "gender", "birthdate", "iban", "bic")),
        **dict.fromkeys(("national_identification_number", "language", "payment_term", "remarks")),
        "invoicing_preferences": {"electronic_invoicing_address": None},
        "tags": [],
        "added_at": desk.stamp,
        "web_url": f"https://focus.teamleader.eu/contact_detail.php?id={identity}",
        "marketing_mails_consent": False,
        "custom_fields": [],
        "companies": [],
    }
    people.write(desk, data, body, _PLAIN, "contact")
    desk.side.contacts[identity] = Kept(data)
    return created("contact", identity)


def contacts_update(desk: Desk, body: Json) -> Result:
    data = find(desk.side.contacts, body["id"], "contact").data
    people.write(desk, data, body, _PLAIN, "contact")
    return done()


def contacts_delete(desk: Desk, body: Json) -> Result:
    """Refused with linked documents, as for companies (inferred)."""
    find(desk.side.contacts, body["id"], "contact")
    if people.has_documents(desk, "contact", body["id"]):
        raise bad("Contact cannot be deleted because invoices or credit notes are linked to it", "id")
    desk.side.recycled[body["id"]] = desk.side.contacts.pop(body["id"])
    return done()


def link_to_company(desk: Desk, body: Json) -> Result:
    """A second link with the same company is refused (inferred)."""
    kept = find(desk.side.contacts, body["id"], "contact")
    known(body["company_id"], desk.side.companies, "company_id")
    if _link(kept, body["company_id"]) is not None:
        raise bad("Contact is already linked to this company", "company_id")
    link: Json = {
        "position": body.get("position"),
        "secondary_position": None,
        "division": None,
        "decision_maker": body.get("decision_maker", False),
        "company": {"type": "company", "id": body["company_id"]},
    }
    kept.data["companies"] = [*(kept.data.get("companies") or ()), link]
    kept.data["updated_at"] = desk.stamp
    return done()


def update_company_link(desk: Desk, body: Json) -> Result:
    kept = find(desk.side.contacts, body["id"], "contact")
    link = _linked(desk, kept, body["company_id"])
    link.update(paging.only(body, ("position", "decision_maker")))
    kept.data["updated_at"] = desk.stamp
    return done()


def unlink_from_company(desk: Desk, body: Json) -> Result:
    kept = find(desk.side.contacts, body["id"], "contact")
    link = _linked(desk, kept, body["company_id"])
    kept.data["companies"] = [other for other in kept.data["companies"] if other is not link]
    kept.data["updated_at"] = desk.stamp
    return done()


def _link(kept: Kept, company: str) -> Json | None:
    for link in kept.data.get("companies") or ():
        if link["company"]["id"] == company:
            found: Json = link
            return found
    return None


def _linked(desk: Desk, kept: Kept, company: str) -> Json:
    known(company, desk.side.companies, "company_id")
    link = _link(kept, company)
    if link is None:
        raise bad("Contact is not linked to this company", "company_id")
    return link


def _lean(data: Json, includes: frozenset[str]) -> Json:
    answer = paging.only(data, _SHARED)
    answer["primary_address"] = people.primary_address(data)
    if "custom_fields" in includes:
        answer["custom_fields"] = data.get("custom_fields") or []
    return answer


def _works_at(company: str) -> paging.Sieve:
    def works(data: Json) -> bool:
        return any(link["company"]["id"] == company for link in data.get("companies") or ())

    return lambda found: [data for data in found if works(data)]


def _texts(data: Json) -> list[str | None]:
    name = f"{data.get('first_name') or ''} {data['last_name']}"
    emails = [entry["email"] for entry in data.get("emails") or ()]
    return [name, *emails, *(entry["number"] for entry in data.get("telephones") or ())]


_KEYS: dict[str, paging.Key] = {
    "name": lambda data: (data["last_name"].casefold(), (data.get("first_name") or "").casefold()),
    "added_at": itemgetter("added_at"),
    "updated_at": itemgetter("updated_at"),
}

OPERATIONS = (
    Operation("contacts.list", contacts_list),
    Operation("contacts.info", contacts_info),
    Operation("contacts.add", contacts_add),
    Operation("contacts.update", contacts_update),
    Operation("contacts.delete", contacts_delete),
    Operation("contacts.linkToCompany", link_to_company),
    Operation("contacts.updateCompanyLink", update_company_link),
    Operation("contacts.unlinkFromCompany", unlink_from_company),
)
