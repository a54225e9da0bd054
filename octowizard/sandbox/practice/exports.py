"""Exports that a person makes on the vendors' screens: Teamleader's companies, all of them or one segment, its invoices
and credit notes, and Octopus' relations, as .xlsx or .csv.

Those of companies hold what no API gives: the VAT type and the accounting package's customer number. A file lands in
the folder that the practice company was given, under a name that is free.
"""

from __future__ import annotations

import csv
import io

from octowizard.sandbox.practice.action import BadArguments, Task, action
from octowizard.sandbox.practice.files import file_meant, write_new
from octowizard.sandbox.state import Json, Kept, words

# As the screens and the articles name the columns.
TITLES = (
    "Teamleader ID",
    "Name",
    "VAT type",
    "VAT number",
    "Accounting package customer number",
    "Street",
    "Zip Code",
    "City",
    "Country",
    "Email",
    "Phone",
    "Website",
    "IBAN",
    "Language",
    "Tags",
)
VAT_TYPES = {
    "vat_liable": "VAT liable",
    "intra_community_eu": "Intra-Community",
    "outside_eu": "Outside the EU",
    "private_person": "Private person",
    "exempted_from_vat": "Not VAT liable",
    "contractor": "Contractor",
}
DOCUMENT_TITLES = (
    "Teamleader ID",
    "Number",
    "Date",
    "Due date",
    "Customer",
    "External ID",
    "Total incl. VAT",
    "Amount due",
    "Currency",
    "Structured communication",
    "Status",
)
RELATION_TITLES = (
    "Relationship No.",
    "External Relationship No. (Other Package)",
    "Name",
    "VAT number",
    "Street and number",
    "Postal code",
    "City",
    "Country",
    "Email",
    "Telephone",
    "IBAN",
)
_NUMBER = "Accounting package customer number"
_DIGITS = 15  # so many a number keeps in Excel


@action("export-companies")
def export_companies(task: Task) -> Json:
    """Customer relations > Companies > Export, of the companies with a tag or of all."""
    tag = task.text("tag", "")
    companies = task.side.companies.values()
    rows = [_row(kept) for kept in companies if not tag or has_tag(kept, tag)]
    return {**_written(task, TITLES, rows), "companies": len(rows), "tag": tag}


@action("export-invoices")
def export_invoices(task: Task) -> Json:
    """Revenue > Invoices > Export; drafts are in the list without a number."""
    rows = [_document(task, kept, "invoice") for kept in task.side.invoices.values()]
    return {**_written(task, DOCUMENT_TITLES, rows), "documents": len(rows)}


@action("export-credit-notes")
def export_credit_notes(task: Task) -> Json:
    """Revenue > Credit notes > Export."""
    rows = [_document(task, kept, "credit_note") for kept in task.side.credit_notes.values()]
    return {**_written(task, DOCUMENT_TITLES, rows), "documents": len(rows)}


@action("export-relations")
def export_relations(task: Task) -> Json:
    """Management > Relations, the active ones, exported from the list on the screen."""
    cards = [card for card in task.dossier.relations.values() if card.data.get("active", True)]
    rows = [_relation(card.data) for card in cards]
    return {**_written(task, RELATION_TITLES, rows), "relations": len(rows)}


def _written(task: Task, titles: tuple[str, ...], rows: list[list[str]]) -> Json:
    """Write the file that the arguments name."""
    file = file_meant(task, new=True)
    kind = file.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise BadArguments(f"file must end with .xlsx or .csv, not {task.text('file')!r}.")
    write_new(file, _xlsx(titles, rows) if kind == ".xlsx" else _csv(titles, rows))
    return {"file": str(file)}


def has_tag(kept: Kept, tag: str) -> bool:
    """Whether a customer bears a tag, ignoring case."""
    return tag.casefold() in map(str.casefold, kept.data["tags"])


def _row(kept: Kept) -> list[str]:
    data, hidden = kept.data, kept.hidden
    address, email = kept.address, kept.primary("emails")
    phones = [entry["number"] for entry in data["telephones"]]
    cells = (
        data["id"],
        data["name"],
        VAT_TYPES.get(hidden.get("vat_type", ""), ""),
        data["vat_number"],
        hidden.get("external_id"),
        address.get("line_1"),
        address.get("postal_code"),
        address.get("city"),
        address.get("country"),
        email["email"] if email else "",
        phones[0] if phones else "",
        data["website"],
        data["iban"],
        data["language"],
        ", ".join(data["tags"]),
    )
    return ["" if cell is None else str(cell) for cell in cells]


def _document(task: Task, kept: Kept, kind: str) -> list[str]:
    data, total = kept.data, kept.data["total"]
    customer = task.side.customer(data["invoicee"]["customer"])
    due = total.get("due")
    cells = (
        data["id"],
        data.get(f"{kind}_number"),
        data.get(f"{kind}_date"),
        data.get("due_on"),
        data["invoicee"].get("name"),
        customer.hidden.get("external_id") if customer is not None else "",
        total["tax_inclusive"]["amount"],
        due["amount"] if due else "",
        total["tax_inclusive"]["currency"],
        data.get("payment_reference"),
        data.get("status"),
    )
    return ["" if cell is None else str(cell) for cell in cells]


def _relation(data: Json) -> list[str]:
    numbers = data["relationIdentificationServiceData"]
    name = " ".join(part for part in (data.get("firstName"), data.get("name")) if part)
    fields = words("vatNr streetAndNr postalCode city country email telephone ibanAccountNr")
    cells = (numbers["relationKey"]["id"], numbers.get("externalRelationId"), name, *map(data.get, fields))
    return ["" if cell is None else str(cell) for cell in cells]


def _csv(titles: tuple[str, ...], rows: list[list[str]]) -> bytes:
    """As a Belgian Excel wants it: semicolons, and a mark in front that says UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(titles)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(titles: tuple[str, ...], rows: list[list[str]]) -> bytes:
    """Texts as texts, whatever they begin with; the customer number as a number, as Excel keeps it."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Export")
    bold = book.add_format({"bold": True})
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    for place, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if titles[column] == _NUMBER and cell.isdecimal() and len(cell) <= _DIGITS:
                sheet.write_number(place, column, int(cell))
            elif cell:
                sheet.write_string(place, column, cell)
    book.close()
    return out.getvalue()
