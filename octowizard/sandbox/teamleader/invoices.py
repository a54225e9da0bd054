"""invoices.*: the operations; what happens to an invoice lies in `invoice_life`, its money in `money`."""

from __future__ import annotations

from datetime import timedelta

from octowizard.sandbox.state import Kept
from octowizard.sandbox.teamleader import documents, invoice_life, money, paging, people
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
from octowizard.sandbox.teamleader.checks import (
    Json,
    Refused,
    bad,
    iso,
    known,
    parse_moment,
)

_LIST = (
    "id",
    "department",
    "invoice_number",
    "invoice_date",
    "status",
    "due_on",
    "paid",
    "paid_at",
    "sent",
    "purchase_order_number",
    "payment_reference",
    "currency_exchange_rate",
    "created_at",
    "updated_at",
    "web_url",
    "file",
    "deal",
    "project",
    "subscription",
    "delivery_date",
)
_INFO = (
    *_LIST,
    "discounts",
    "grouped_lines",
    "payment_term",
    "payments",
    "note",
    "currency",
    "expected_payment_method",
    "on_hold_since",
    "custom_fields",
    "document_template",
    "peppol_status",
    "invoice_content",
)
_TOTAL_LIST = ("tax_exclusive", "tax_inclusive", "payable", "taxes", "due")
_TOTAL = (
    *_TOTAL_LIST,
    "tax_exclusive_before_discount",
    "tax_inclusive_before_discount",
    "withheld_taxes",
)
DOWNLOAD_LIFE = timedelta(minutes=10)


def invoices_list(desk: Desk, body: Json) -> Result:
    filters = body.get("filter") or {}
    sieves = [
        *paging.ids(filters),
        *paging.status_in(filters),
        *paging.dated(
            "invoice_date",
            filters.get("invoice_date_after"),
            filters.get("invoice_date_before"),
            before_included=True,
        ),
        *paging.department(filters),
        *paging.since(filters),
        *paging.equal(filters, "invoice_number", "purchase_order_number", "payment_reference"),
        *paging.refers(filters, "deal_id", "deal"),
        *paging.refers(filters, "project_id", "project"),
        *paging.refers(filters, "subscription_id", "subscription"),
        *paging.customer(filters),
        *paging.mentions(filters, _texts),
    ]
    found = paging.select(desk.side.invoices.values(), sieves)
    found = paging.ordered(found, body, _KEYS, ("invoice_number", "desc"))
    page, _ = paging.page_of(found, body, desk.switches)
    late = "late_fees" in paging.included(body)
    return shown([_late(documents.lean(data, _LIST, _TOTAL_LIST), late) for data in page])


def invoices_info(desk: Desk, body: Json) -> Result:
    data = find(desk.side.invoices, body["id"], "invoice").data
    return shown(_late(documents.full(data, _INFO, _TOTAL), "late_fees" in paging.included(body)))


def invoices_draft(desk: Desk, body: Json) -> Result:
    known(body["department_id"], desk.side.departments, "department_id")
    identity = new_id()
    data: Json = {
        "id": identity,
        "department": {"type": "department", "id": body["department_id"]},
        "invoice_number": None,
        "invoice_date": None,
        "status": "draft",
        "due_on": None,
        "paid": False,
        "paid_at": None,
        "sent": False,
        "purchase_order_number": None,
        "payment_reference": None,
        "currency_exchange_rate": None,
        "created_at": desk.stamp,
        "web_url": f"https://focus.teamleader.eu/invoice_detail.php?id={identity}",
        **dict.fromkeys(("file", "deal", "project", "subscription", "delivery_date", "note")),
        "discounts": [],
        "payments": [],
        "currency": desk.side.departments[body["department_id"]].data.get("currency") or "EUR",
        **dict.fromkeys(("expected_payment_method", "on_hold_since", "document_template")),
        **dict.fromkeys(("peppol_status", "invoice_content")),
        "custom_fields": [],
    }
    _put(desk, data, body)
    desk.side.invoices[identity] = Kept(data)
    return created("invoice", identity)


def invoices_update(desk: Desk, body: Json) -> Result:
    kept = find(desk.side.invoices, body["id"], "invoice")
    if kept.data["status"] != "draft":
        raise bad("Only draft invoices can be updated", "id")
    changed = dict(kept.data)
    _put(desk, changed, body)
    kept.data = changed
    return done()


def invoices_update_booked(desk: Desk, body: Json) -> Result:
    """Only where the account allows it; otherwise 403 (clients saw 400 and 403). The date keeps its fiscal year."""
    kept = find(desk.side.invoices, body["id"], "invoice")
    if kept.data["status"] == "draft":
        raise bad("Only booked invoices can be updated", "id")
    if not desk.switches.may_edit_booked:
        raise Refused(403, "No access to edit booked invoices", "id")
    changed = dict(kept.data)
    if "invoice_date" in body:
        old, new = changed["invoice_date"], body["invoice_date"]
        if documents.fiscal_year(desk.world, old) != documents.fiscal_year(desk.world, new):
            raise bad("invoice_date must stay in its fiscal year", "invoice_date")
    _put(desk, changed, {key: body[key] for key in _BOOKED if key in body})
    changed["due_on"] = documents.due_on(changed["invoice_date"], changed.get("payment_term"))
    documents.settle(desk.world, changed)
    kept.data = changed
    return done()


def invoices_copy(desk: Desk, body: Json) -> Result:
    """A new draft with the same content, without number, dates, payments and reference (inferred)."""
    source = find(desk.side.invoices, body["id"], "invoice").data
    identity = new_id()
    data: Json = {
        **source,
        **dict.fromkeys(("invoice_number", "invoice_date", "due_on", "paid_at", "payment_reference")),
        **dict.fromkeys(("file", "on_hold_since", "peppol_status", "delivery_date")),
        "id": identity,
        "status": "draft",
        "paid": False,
        "sent": False,
        "payments": [],
        "total": {**source["total"], "due": source["total"]["payable"]},
        "web_url": f"https://focus.teamleader.eu/invoice_detail.php?id={identity}",
        "created_at": desk.stamp,
        "updated_at": desk.stamp,
    }
    desk.side.invoices[identity] = Kept(data)
    return created("invoice", identity)


def invoices_book(desk: Desk, body: Json) -> Result:
    invoice_life.book(desk.world, body["id"], body["on"])
    return done()


def invoices_delete(desk: Desk, body: Json) -> Result:
    """Drafts, and the last booked invoice of its fiscal year (official), unless it is credited (inferred)."""
    data = find(desk.side.invoices, body["id"], "invoice").data
    if data["status"] != "draft":
        prefix, count = paging.number_key(data["invoice_number"])
        others = desk.side.invoices.values()
        department = data["department"]["id"]
        last, _ = documents.last_number(others, department, prefix, "invoice_number", "invoice_date")
        if count != last:
            raise bad("Only drafts or the last booked invoice can be deleted", "id")
        if documents.credited(desk.world, body["id"]) > 0:
            raise bad("Invoice cannot be deleted because it is credited", "id")
        if not desk.switches.may_edit_booked:
            raise Refused(403, "No access to delete booked invoices", "id")
    del desk.side.invoices[body["id"]]
    return done()


def register_payment(desk: Desk, body: Json) -> Result:
    find(desk.side.invoices, body["id"], "invoice")
    if "payment_method_id" in body:
        known(body["payment_method_id"], desk.side.payment_methods, "payment_method_id")
    amount = money.decimal(body["payment"]["amount"])
    currency = body["payment"]["currency"]
    invoice_life.register_payment(desk.world, body["id"], amount, currency, parse_moment(body["paid_at"]))
    return done()


def remove_payments(desk: Desk, body: Json) -> Result:
    invoice_life.remove_payments(desk.world, body["id"])
    return done()


def invoices_credit(desk: Desk, body: Json) -> Result:
    return created("creditNote", invoice_life.credit(desk.world, body["id"], body.get("credit_note_date")))


def invoices_credit_partially(desk: Desk, body: Json) -> Result:
    identity = invoice_life.credit_partially(
        desk.world,
        body["id"],
        body["grouped_lines"],
        body.get("discounts") or (),
        body.get("credit_note_date"),
    )
    return created("creditNote", identity)


def invoices_download(desk: Desk, body: Json) -> Result:
    find(desk.side.invoices, body["id"], "invoice")
    return shown(download(desk, body))


def download(desk: Desk, body: Json) -> Json:
    """A temporary address of a rendition; the practice company serves a page that says so there."""
    name = body["format"].replace("/", "-")
    expires = iso(desk.now + DOWNLOAD_LIFE)
    return {"location": f"{desk.address}/teamleader-files/{body['id']}/{name}", "expires": expires}


def _put(desk: Desk, data: Json, body: Json) -> None:
    """Write a body into a document's data. Priced anew whenever lines, discounts or currency change."""
    if "custom_fields" in body:
        data["custom_fields"] = people.custom_fields(desk, data["custom_fields"], body, "invoice")
    if "invoicee" in body:
        data["invoicee"] = documents.invoicee(desk.world, body["invoicee"])
    if "currency" in body:
        own = desk.side.departments[data["department"]["id"]].data.get("currency") or "EUR"
        code = body["currency"]["code"]
        data["currency"] = code
        rate = money.decimal(body["currency"].get("exchange_rate", 1))
        data["currency_exchange_rate"] = None if code == own else money.exchange_rate(own, code, rate)
    if "project_id" in body:
        raise bad("project_id does not exist", "project_id")  # the practice company has no projects
    for key in _COPIED:
        if key in body:
            data[key] = body[key]
    if "document_template_id" in body:
        data["document_template"] = {"type": "documentTemplate", "id": body["document_template_id"]}
    if not _PRICED.isdisjoint(body):
        groups = body["grouped_lines"] if "grouped_lines" in body else money.as_input(data["grouped_lines"])
        department = data["department"]["id"]
        data["grouped_lines"], data["total"] = documents.price(
            desk.world, department, groups, data["discounts"], data["currency"]
        )
    data["updated_at"] = desk.stamp


def _late(answer: Json, wanted: bool) -> Json:
    """With `includes=late_fees`: the practice company charges none, so nothing is added to what is due."""
    if wanted:
        total = answer["total"]
        none = money.money(money.ZERO, total["payable"]["currency"])
        fees = {"due_incasso_inclusive": total["due"], "fixed_late_fee": none, "interest": none}
        answer["total"] = {**total, **fees}
    return answer


def _texts(data: Json) -> tuple[str | None, ...]:
    return (
        data["invoice_number"],
        data.get("purchase_order_number"),
        data.get("payment_reference"),
        data["invoicee"]["name"],
    )


_COPIED = (
    "payment_term",
    "purchase_order_number",
    "invoice_date",
    "discounts",
    "note",
    "expected_payment_method",
    "delivery_date",
)
_PRICED = frozenset({"grouped_lines", "discounts", "currency"})
_BOOKED = (
    "invoicee",
    "payment_term",
    "project_id",
    "grouped_lines",
    "invoice_date",
    "note",
    "custom_fields",
    "expected_payment_method",
)
_KEYS: dict[str, paging.Key] = {
    "invoice_number": lambda data: paging.number_key(data["invoice_number"]),
    "invoice_date": lambda data: data["invoice_date"] or "",
}

OPERATIONS = (
    Operation("invoices.list", invoices_list),
    Operation("invoices.info", invoices_info),
    Operation("invoices.draft", invoices_draft),
    Operation("invoices.update", invoices_update),
    Operation("invoices.updateBooked", invoices_update_booked),
    Operation("invoices.copy", invoices_copy),
    Operation("invoices.book", invoices_book),
    Operation("invoices.delete", invoices_delete),
    Operation("invoices.registerPayment", register_payment),
    Operation("invoices.removePayments", remove_payments),
    Operation("invoices.credit", invoices_credit),
    Operation("invoices.creditPartially", invoices_credit_partially),
    Operation("invoices.download", invoices_download),
)
