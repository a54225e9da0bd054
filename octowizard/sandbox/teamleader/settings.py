"""The account's settings: entities, VAT rates, terms, ledgers, products, custom fields, old ids, webhooks.

All of it is read-only through the API but custom field definitions (which can be made, never changed) and
webhooks (official). Nothing is delivered to a webhook: the practice company has no way out of the machine.
"""

from __future__ import annotations

from octowizard.sandbox.state import Json, Kept
from octowizard.sandbox.teamleader import paging
from octowizard.sandbox.teamleader.call import Desk, Result, Work, created, done, new_id, shown
from octowizard.sandbox.teamleader.checks import Refused, bad, known

_DEPARTMENT_LIST = "id name vat_number currency emails status"
_DEPARTMENT = f"{_DEPARTMENT_LIST} address telephones website iban bic fiscal_regime"
_PRODUCT_LIST = "id name description code unit added_at updated_at"
_PRODUCT = f"{_PRODUCT_LIST} purchase_price selling_price tax product_category custom_fields"
_FIELD = "id context type label group required configuration"


def me(desk: Desk, _body: Json) -> Result:
    return shown({"teams": [], **desk.side.me})


def business_types_list(desk: Desk, body: Json) -> Result:
    records = paging.select(desk.side.business_types.values(), paging.equal("country")(body))
    return shown([paging.only(data, ("id", "name", "country")) for data in records])


def tags_list(desk: Desk, body: Json) -> Result:
    """Tags have no id and no record: they are what companies and contacts carry (official: name only)."""
    side = desk.side
    tags = {tag for kept in side.customers for tag in kept.data["tags"]}
    page, _ = paging.page_of(sorted(tags, key=str.casefold), body, desk.switches)
    return shown([{"tag": tag} for tag in page])


def payment_terms_list(desk: Desk, _body: Json) -> Result:
    terms = [paging.only(k.data, ("id", "type", "days")) for k in desk.side.payment_terms.values()]
    default = desk.side.default_payment_term
    return shown(terms, {"default": default} if default else {})


def commercial_discounts_list(desk: Desk, body: Json) -> Result:
    sieves = paging.department(body.get("filter") or {})
    records = paging.select((Kept(data) for data in desk.side.commercial_discounts), sieves)
    return shown([paging.only(data, ("id", "name", "department")) for data in records])


def product_categories_list(desk: Desk, body: Json) -> Result:
    """With `department_id`: the categories that have a ledger in that department (inferred)."""
    department = (body.get("filter") or {}).get("department_id")
    records = paging.select(desk.side.product_categories.values(), [])
    if department is not None:
        records = [c for c in records if any(e["department"]["id"] == department for e in c["ledgers"])]
    return shown([paging.only(data, ("id", "name", "ledgers")) for data in records])


def fields_create(desk: Desk, body: Json) -> Result:
    given = body.get("configuration") or {}
    configuration: Json = {key: given[key] for key in ("default_value", "searchable") if key in given}
    if body["type"] in ("single_select", "multi_select"):
        if not given.get("options"):
            raise bad("configuration.options must not be empty", "configuration.options")
        configuration["options"] = [{"id": new_id(), "value": value} for value in given["options"]]
        configuration["extra_option_allowed"] = False
    identity = new_id()
    data = {"id": identity, **{name: body[name] for name in ("context", "type", "label")}, "group": None}
    data |= {"required": body.get("required", False), "configuration": configuration}
    desk.side.custom_field_definitions[identity] = Kept(data)
    return created("customFieldDefinition", identity)


def migrate_tax_rate(desk: Desk, body: Json) -> Result:
    """The id of the rate with an old code (`21`, `CM`, ...) in a department; letter codes are inferred."""
    known(body["department_id"], desk.side.departments, "department_id")
    for identity, kept in desk.side.tax_rates.items():
        mine = kept.data["department"]["id"] == body["department_id"]
        if mine and str(kept.hidden.get("code")) == body["tax_rate"]:
            return shown({"type": "taxRate", "id": identity})
    raise Refused(404, "tax rate not found", "tax_rate")


def migrate_id(desk: Desk, body: Json) -> Result:
    """Old integer ids are the record's place in order of making, from 1: the practice company has none."""
    side = desk.side
    collections = {
        "company": side.companies,
        "contact": side.contacts,
        "invoice": side.invoices,
        "creditNote": side.credit_notes,
        "product": side.products,
        "department": side.departments,
    }
    if body["type"] not in collections:
        raise bad(f"type must be in `{{ {', '.join(collections)} }}`", "type")
    identities = list(collections[body["type"]])
    old = str(body["id"])
    if not old.isdecimal() or len(old) > 18 or not 1 <= int(old) <= len(identities):
        raise Refused(404, f"{body['type']} not found", "id")
    return shown({"type": body["type"], "id": identities[int(old) - 1]})


def webhooks_list(desk: Desk, _body: Json) -> Result:
    return shown([{"url": url, "types": types} for url, types in sorted(desk.side.webhooks.items()) if types])


def webhooks_register(desk: Desk, body: Json) -> Result:
    types = desk.side.webhooks.setdefault(body["url"], [])
    types.extend(kind for kind in dict.fromkeys(body["types"]) if kind not in types)
    return done()


def webhooks_unregister(desk: Desk, body: Json) -> Result:
    types = desk.side.webhooks.get(body["url"])
    if types is None:
        raise Refused(404, "webhook not found", "url")
    left = [kind for kind in types if kind not in body["types"]]
    if left:
        desk.side.webhooks[body["url"]] = left
    else:
        del desk.side.webhooks[body["url"]]
    return done()


OPERATIONS: dict[str, Work] = {
    "users.me": me,
    "departments.list": paging.listing(
        "departments",
        paging.fields(_DEPARTMENT_LIST),
        paging.ids,
        paging.status_in,
        keys={
            "default_department": lambda _: 0,  # the default one was made first
            "name": lambda data: data["name"].casefold(),
            "created_at": lambda _: 0,
        },
        paged=False,
    ),
    "departments.info": paging.info("departments", "department", paging.fields(_DEPARTMENT)),
    "businessTypes.list": business_types_list,
    "tags.list": tags_list,
    "taxRates.list": paging.listing(
        "tax_rates",
        paging.fields("id description rate department"),
        paging.department,
        keys={
            "department_id": lambda data: data["department"]["id"],
            "rate": lambda data: data["rate"],
            "description": lambda data: data["description"],
        },
    ),
    "paymentTerms.list": payment_terms_list,
    "paymentMethods.list": paging.listing(
        "payment_methods", paging.fields("id name status"), paging.ids, paging.status_in
    ),
    "commercialDiscounts.list": commercial_discounts_list,
    "productCategories.list": product_categories_list,
    "products.list": paging.listing(
        "products",
        paging.fields(_PRODUCT_LIST),
        paging.ids,
        paging.since,
        paging.mentions(lambda data: (data.get("name"), data.get("code"))),
    ),
    "products.info": paging.info("products", "product", paging.fields(_PRODUCT)),
    "customFieldDefinitions.list": paging.listing(
        "custom_field_definitions",
        paging.fields(_FIELD),
        paging.ids,
        paging.equal("context"),
        keys={"label": lambda data: data["label"].casefold(), "context": lambda data: data["context"]},
    ),
    "customFieldDefinitions.info": paging.info(
        "custom_field_definitions", "custom field definition", paging.fields(_FIELD)
    ),
    "customFieldDefinitions.create": fields_create,
    "migrate.taxRate": migrate_tax_rate,
    "migrate.id": migrate_id,
    "webhooks.list": webhooks_list,
    "webhooks.register": webhooks_register,
    "webhooks.unregister": webhooks_unregister,
}
