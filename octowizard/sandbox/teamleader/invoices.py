"""invoices.* and creditNotes.*: the operations; what happens to an invoice lies in `invoice_life`.

Credit notes are made by `invoices.credit` and `invoices.creditPartially`. There is no way to add one by itself, nor
to register a payment on one (official).
"""

from __future__ import annotations

from datetime import timedelta

from octowizard.sandbox.state import Json, Kept, words
from octowizard.sandbox.teamleader import documents, invoice_life, money, paging
from octowizard.sandbox.teamleader.call import Desk, Result, Work, created, done, find, new_id, shown
from octowizard.sandbox.teamleader.checks import Refused, bad, iso, known, parse_moment
from octowizard.sandbox.teamleader.customers import custom_fields
from octowizard.sandbox.teamleader.records import new_invoice

_LIST = (
    "id department invoice_number invoice_date status due_on paid paid_at sent purchase_order_number "
    "payment_reference currency_exchange_rate created_at updated_at web_url file deal project subscription "
    "delivery_date"
)
_INFO = (
    f"{_LIST} discounts grouped_lines payment_term payments note currency expected_payment_method on_hold_since "
    "custom_fields document_template peppol_status invoice_content"
)
_TOTAL_LIST = "tax_exclusive tax_inclusive payable taxes due"
_TOTAL = f"{_TOTAL_LIST} tax_exclusive_before_discount tax_inclusive_before_discount withheld_taxes"

_NOTE_LIST = (
    "id department credit_note_number credit_note_date status invoice paid paid_at created_at updated_at"
)
_NOTE_INFO = (
    f"{_NOTE_LIST} discounts grouped_lines currency currency_exchange_rate document_template peppol_status"
)
_NOTE_TOTAL = "tax_exclusive tax_inclusive payable taxes"

_INVOICEE_LIST = "name vat_number customer for_attention_of"
_INVOICEE = f"{_INVOICEE_LIST} email national_identification_number"
DOWNLOAD_LIFE = timedelta(minutes=10)


def _document(fields: str, invoicee: str, total: str) -> paging.Shape:
    """The shape of a document with these fields, of itself, its customer and its total."""
    keys, of_invoicee, of_total = words(fields), words(invoicee), words(total)

    def shape(data: Json, includes: frozenset[str]) -> Json:
        answer = paging.only(data, keys)
        answer["invoicee"] = paging.only(data["invoicee"], of_invoicee)
        answer["total"] = paging.only(data["total"], of_total)
        if "invoice_number" in data:
            none = money.money(money.ZERO, answer["total"]["payable"]["currency"])
            late = {"due_incasso_inclusive": answer["total"]["due"], "fixed_late_fee": none, "interest": none}
            # none are charged here: nothing is added to what is due
            asked = [name for name in late if not {"late_fees", f"totals.{name}"}.isdisjoint(includes)]
            answer["total"] |= paging.only(late, asked)
        return answer

    return shape


_FULL_NOTE = _document(_NOTE_INFO, _INVOICEE, _NOTE_TOTAL)


def credit_notes_info(desk: Desk, body: Json) -> Result:
    """An object, as clients see it; a list of one, as the official text has it, by switch."""
    data = _FULL_NOTE(find(desk.side.credit_notes, body["id"], "credit note").data, frozenset())
    return shown([data] if desk.switches.credit_note_info_as_list else data)


def invoices_draft(desk: Desk, body: Json) -> Result:
    known(body["department_id"], desk.side.departments, "department_id")
    if "quotation_id" in body:
        raise bad("quotation_id does not exist", "quotation_id")  # the practice company has none
    currency = desk.side.departments[body["department_id"]].data.get("currency") or "EUR"
    data = new_invoice(new_id(), body["department_id"], currency, desk.stamp) | {"invoice_content": None}
    _put(desk, data, body)
    desk.side.invoices[data["id"]] = Kept(data)
    return created("invoice", data["id"])


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
    _put(desk, changed, paging.only(body, _BOOKED))
    changed["due_on"] = documents.due_on(changed["invoice_date"], changed.get("payment_term"))
    documents.settle(desk.world, changed)
    kept.data = changed
    return done()


def invoices_copy(desk: Desk, body: Json) -> Result:
    """A new draft with the same content, without number, dates, payments and reference (inferred)."""
    source = find(desk.side.invoices, body["id"], "invoice").data
    data = source | paging.only(new_invoice(new_id(), "", "", desk.stamp), _NOT_COPIED)
    data["total"] = {**source["total"], "due": source["total"]["payable"]}
    desk.side.invoices[data["id"]] = Kept(data)
    return created("invoice", data["id"])


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
    lines, discounts, on = body["grouped_lines"], body.get("discounts") or (), body.get("credit_note_date")
    note = invoice_life.credit_partially(desk.world, body["id"], lines, discounts, on)
    return created("creditNote", note)


def _downloading(collection: str, kind: str) -> Work:
    """A temporary address of a rendition; the practice company serves a page that says so there."""

    def work(desk: Desk, body: Json) -> Result:
        find(getattr(desk.side, collection), body["id"], kind)
        location = f"{desk.address}/teamleader-files/{body['id']}/{body['format'].replace('/', '-')}"
        return shown({"location": location, "expires": iso(desk.now + DOWNLOAD_LIFE)})

    return work


def _put(desk: Desk, data: Json, body: Json) -> None:
    """Write a body into a document's data. Priced anew whenever lines, discounts or currency change."""
    if "custom_fields" in body:
        data["custom_fields"] = custom_fields(desk, data["custom_fields"], body, "invoice")
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
    data |= paging.only(body, _COPIED)
    if "document_template_id" in body:
        data["document_template"] = {"type": "documentTemplate", "id": body["document_template_id"]}
    if not _PRICED.isdisjoint(body):
        groups = body["grouped_lines"] if "grouped_lines" in body else money.as_input(data["grouped_lines"])
        department = data["department"]["id"]
        data["grouped_lines"], data["total"] = documents.price(
            desk.world, department, groups, data["discounts"], data["currency"]
        )
    data["updated_at"] = desk.stamp


def _texts(data: Json) -> tuple[str | None, ...]:
    numbers = ("invoice_number", "purchase_order_number", "payment_reference")
    return (*(data.get(name) for name in numbers), data["invoicee"]["name"])


_COPIED = words(
    "payment_term purchase_order_number invoice_date discounts note expected_payment_method delivery_date"
)
_NOT_COPIED = words(
    "id invoice_number invoice_date due_on status paid paid_at sent payments payment_reference file on_hold_since "
    "peppol_status delivery_date web_url created_at updated_at"
)
_PRICED = frozenset({"grouped_lines", "discounts", "currency"})
_BOOKED = words(
    "invoicee payment_term project_id grouped_lines invoice_date note custom_fields expected_payment_method"
)
_KEYS: dict[str, paging.Key] = {
    "invoice_number": lambda data: paging.number_key(data["invoice_number"]),
    "invoice_date": lambda data: data["invoice_date"] or "",
}

OPERATIONS: dict[str, Work] = {
    "invoices.list": paging.listing(
        "invoices",
        _document(_LIST, _INVOICEE_LIST, _TOTAL_LIST),
        paging.ids,
        paging.status_in,
        paging.dated("invoice_date", before_included=True),
        paging.department,
        paging.since,
        paging.equal("invoice_number", "purchase_order_number", "payment_reference"),
        paging.refers(deal_id="deal", project_id="project", subscription_id="subscription"),
        paging.customer,
        paging.mentions(_texts),
        keys=_KEYS,
        default=("invoice_number", "desc"),
    ),
    "invoices.info": paging.info("invoices", "invoice", _document(_INFO, _INVOICEE, _TOTAL)),
    "invoices.draft": invoices_draft,
    "invoices.update": invoices_update,
    "invoices.updateBooked": invoices_update_booked,
    "invoices.copy": invoices_copy,
    "invoices.book": invoices_book,
    "invoices.delete": invoices_delete,
    "invoices.registerPayment": register_payment,
    "invoices.removePayments": remove_payments,
    "invoices.credit": invoices_credit,
    "invoices.creditPartially": invoices_credit_partially,
    "invoices.download": _downloading("invoices", "invoice"),
    # in the order they were made; `credit_note_date_before` is exclusive, unlike that of invoices (official)
    "creditNotes.list": paging.listing(
        "credit_notes",
        _document(_NOTE_LIST, _INVOICEE_LIST, _NOTE_TOTAL),
        paging.ids,
        paging.dated("credit_note_date", before_included=False),
        paging.department,
        paging.since,
        paging.refers(invoice_id="invoice", project_id="project"),
        paging.customer,
    ),
    "creditNotes.info": credit_notes_info,
    "creditNotes.download": _downloading("credit_notes", "credit note"),
}
