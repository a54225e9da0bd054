"""Exports that a person makes in Teamleader: the companies, all of them or one segment, as .xlsx or .csv.

They hold what no API gives: the VAT type and the accounting package's customer number. A file lands in the folder
that the practice company was given, under a name that is free.
"""

from __future__ import annotations

import csv
import io

from octowizard.sandbox.practice.action import BadArguments, Task, action
from octowizard.sandbox.practice.files import file_meant, write_new
from octowizard.sandbox.state import Json, Kept

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
_NUMBER = TITLES.index("Accounting package customer number")
_DIGITS = 15  # so many a number keeps in Excel


@action("export-companies")
def export_companies(task: Task) -> Json:
    """Customer relations > Companies > Export, of the companies with a tag or of all."""
    tag = task.text("tag", "")
    file = file_meant(task, new=True)
    kind = file.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise BadArguments(f"file must end with .xlsx or .csv, not {task.text('file')!r}.")
    companies = task.side.companies.values()
    rows = [_row(kept) for kept in companies if not tag or has_tag(kept, tag)]
    write_new(file, _xlsx(rows) if kind == ".xlsx" else _csv(rows))
    return {"file": str(file), "companies": len(rows), "tag": tag}


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


def _csv(rows: list[list[str]]) -> bytes:
    """As a Belgian Excel wants it: semicolons, and a mark in front that says UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(TITLES)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: list[list[str]]) -> bytes:
    """Texts as texts, whatever they begin with; the customer number as a number, as Excel keeps it."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Companies")
    bold = book.add_format({"bold": True})
    for column, title in enumerate(TITLES):
        sheet.write_string(0, column, title, bold)
    for place, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if column == _NUMBER and cell.isdecimal() and len(cell) <= _DIGITS:
                sheet.write_number(place, column, int(cell))
            elif cell:
                sheet.write_string(place, column, cell)
    book.close()
    return out.getvalue()
