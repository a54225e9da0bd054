"""How a list in a file was understood: which columns were read as what, and which were left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.locale import _
from octowizard.matching import evidence_text

if TYPE_CHECKING:
    from octowizard.customers.exports import Reading

_SIGNS = {"\t": "tab", " ": "blank"}


def field_name(field: str) -> str:
    """What a column holds, as the evidence of a pair calls it; the field itself where it has no other name."""
    return {
        "external": _("customer number in Octopus"),
        "relation": _("relation number"),
        "company_id": _("id of the company"),
        "first_name": _("first name"),
        "last_name": _("last name"),
        "street_more": _("second address line"),
        "postcode_and_town": _("postcode and town"),
        "website": _("website"),
        "vat_type": _("VAT type"),
        "document_number": _("number of the document"),
        "date": _("date"),
        "due_on": _("due date"),
        "customer": _("customer"),
        "amount": _("total with VAT"),
        "open_amount": _("amount due"),
        "currency": _("currency"),
        "communication": _("structured communication"),
        "status": _("status"),
    }.get(field) or evidence_text.field_name("house" if field == "number" else field)


def read_as(reading: Reading) -> str:
    """One sentence: the columns with what they were read as, and those that were left out."""
    columns = " · ".join(f"{title} → {field_name(field)}" for title, field in reading.taken)
    rest = [
        _("{title} (its values are something else)").format(title=title) if title in reading.denied else title
        for title in reading.left_out
    ]
    text = (
        _("{file} ({how}) was read as: {columns}. Left out: {rest}.")
        if rest
        else _("{file} ({how}) was read as: {columns}. No column was left out.")
    )
    return text.format(
        file=reading.name, how=manner(reading), columns=columns or _("nothing"), rest=" · ".join(rest)
    )


def manner(reading: Reading) -> str:
    """`UTF-8, columns separated by ;`, or the sheet of a workbook."""
    from octowizard.customers.encodings import name_of

    if not reading.encoding:
        return _("sheet “{sheet}”").format(sheet=reading.sheet)
    encoding = name_of(reading.encoding)
    if not reading.separator.isprintable() and reading.separator != "\t":
        return _("{encoding}, one column").format(encoding=encoding)
    return _("{encoding}, columns separated by {sign}").format(
        encoding=encoding, sign=_SIGNS.get(reading.separator, reading.separator)
    )
