"""creditNotes.*: list, info and download. They are made by `invoices.credit` and `invoices.creditPartially`.

There is no way to add one by itself, nor to register a payment on one (official).
"""

from __future__ import annotations

from octowizard.sandbox.teamleader import documents, paging
from octowizard.sandbox.teamleader.call import Desk, Operation, Result, find, shown
from octowizard.sandbox.teamleader.checks import Json
from octowizard.sandbox.teamleader.invoices import download

_LIST = (
    "id",
    "department",
    "credit_note_number",
    "credit_note_date",
    "status",
    "invoice",
    "paid",
    "paid_at",
    "created_at",
    "updated_at",
)
_INFO = (
    *_LIST,
    "discounts",
    "grouped_lines",
    "currency",
    "currency_exchange_rate",
    "document_template",
    "peppol_status",
)
_TOTAL = ("tax_exclusive", "tax_inclusive", "payable", "taxes")


def credit_notes_list(desk: Desk, body: Json) -> Result:
    """In the order they were made; `credit_note_date_before` is exclusive, unlike invoices (official)."""
    filters = body.get("filter") or {}
    sieves = [
        *paging.ids(filters),
        *paging.dated(
            "credit_note_date",
            filters.get("credit_note_date_after"),
            filters.get("credit_note_date_before"),
            before_included=False,
        ),
        *paging.department(filters),
        *paging.since(filters),
        *paging.refers(filters, "invoice_id", "invoice"),
        *paging.refers(filters, "project_id", "project"),
        *paging.customer(filters),
    ]
    found = paging.select(desk.side.credit_notes.values(), sieves)
    page, _ = paging.page_of(found, body, desk.switches)
    return shown([documents.lean(data, _LIST, _TOTAL) for data in page])


def credit_notes_info(desk: Desk, body: Json) -> Result:
    """An object, as clients see it; a list of one, as the official text has it, by switch."""
    data = documents.full(find(desk.side.credit_notes, body["id"], "credit note").data, _INFO, _TOTAL)
    return shown([data] if desk.switches.credit_note_info_as_list else data)


def credit_notes_download(desk: Desk, body: Json) -> Result:
    find(desk.side.credit_notes, body["id"], "credit note")
    return shown(download(desk, body))


OPERATIONS = (
    Operation("creditNotes.list", credit_notes_list),
    Operation("creditNotes.info", credit_notes_info),
    Operation("creditNotes.download", credit_notes_download),
)
