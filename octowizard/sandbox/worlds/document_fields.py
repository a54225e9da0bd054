"""What is read off a Teamleader invoice or credit note: number, date, lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octowizard.sandbox.state import Json, Kept


def is_credit_note(document: Kept) -> bool:
    """Whether a Teamleader document is a credit note."""
    return "credit_note_number" in document.data


def number_of(document: Kept) -> str | None:
    """The document's own number, `2026 / 15` or `2026/3`; None for a draft."""
    number = document.data["credit_note_number" if is_credit_note(document) else "invoice_number"]
    return None if number is None else str(number)


def sequence_of(document: Kept) -> int:
    """15 of `2026 / 15`; 0 where the number does not end in digits."""
    digits = str(number_of(document)).rpartition("/")[2].strip()
    return int(digits) if digits.isdecimal() else 0


def date_of(document: Kept) -> str:
    """The date of the document, YYYY-MM-DD."""
    return str(document.data["credit_note_date" if is_credit_note(document) else "invoice_date"])


def lines_of(document: Kept) -> list[Json]:
    """All lines of the document, in order."""
    return [line for group in document.data["grouped_lines"] for line in group["line_items"]]
