"""The names and numbers in a message: journal, invoice, period, year, account, amount, date and so on.

Where a pattern of a card names the place, it is taken from there; else from what stands near it, where its shape or
the word before it leaves no doubt. Values are returned as written, except dates (ISO) and journals (capitals).
"""

from __future__ import annotations

import re
from datetime import date

from octowizard.problems.message_cleanup import after_furniture, folded

_DAY = (
    r"(?:(?:19|20)\d\d-\d\d?-\d\d?|\d\d?[/.-]\d\d?[/.-](?:19|20)\d\d"
    r"|\d\d?(?:er|st|nd|rd|th)?\s{1,2}[^\W\d_]{3,9}\.?\s{1,2}(?:19|20)\d\d)"
)
_TAIL = r"\d\w*(?:(?:\s{0,2}[/–]\s{0,2}|[._-])\d\w*)*"
_NUMBER = rf"(?:[^\W\d_]{{1,8}}[-/._]?)?{_TAIL}"
_SPACED = rf"(?:[^\W\d_]{{1,8}}[-/._]?\s?)?{_TAIL}"
_QUOTE = r"[\"'“‘«]?"
_ANY = r"[^\s,;:()<>\"'“”‘’«».]{1,30}"

# What each name in a pattern stands for, in folded text.
SHAPES: dict[str, str] = {
    "journal": r"[avfdl]\d{1,4}",
    "journal_name": r"\S(?:.{0,38}?\S)?",
    "invoice": rf"(?:{_SPACED}|{_ANY})",
    "other": rf"(?:{_SPACED}|{_ANY})",
    "wanted": r"[^\W\d_](?:[\w\s/-]{0,38}?\w)?",
    "found": r"[^\W\d_](?:[\w\s/-]{0,38}?\w)?",
    "date": _DAY,
    "period": r"(?:19|20)\d{4}",
    "year": r"(?:19|20)\d\d(?:\s?[/–-]\s?(?:19|20)?\d\d)?",
    "account": r"\d{2,8}",
    "vat": r"(?:[a-z]{2,3}\s?)?\d[\d. ]{0,15}(?:,\d{1,2})?(?:\s?%)?|[a-z0-9]{1,6}",
    "amount": r"-?(?:(?:eur|€)\s?)?\d[\d., ]{0,18}(?:\s?(?:eur|€))?",
    "currency": r"[a-z]{3}",
    "customer": r"\S(?:.{0,78}?\S)?",
    "category": r"\S(?:.{0,58}?\S)?",
    "dossier": r"[\w-]{1,60}",
    "count": r"\d{1,6}",
    "number": r"\d{1,10}",
    "last": r"\d{1,10}",
    "new": r"\d{1,10}",
}

_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "january januari janvier jan", "february februari fevrier feb fev", "march maart mars mar mrt",
            "april avril apr avr", "may mei mai", "june juni juin jun", "july juli juillet jul juil",
            "august augustus aout aug", "september septembre sep sept", "october oktober octobre oct okt",
            "november novembre nov", "december decembre dec",
        ),
        start=1,
    )
    for month in names.split()
}  # fmt: skip

_BEFORE = {
    "invoice": (
        r"(?:invoice|factuur|facture|credit note|creditnota|note de credit)"
        r"\s{1,3}(?:n[ro°]\.?\s?|nummer\s|numero\s|number\s)?"
    ),
    "period": r"(?:period|periode)\s{1,3}",
    "year": r"(?:fiscal year|book ?year|boekjaar|exercice(?: comptable)?)\s{1,3}",
    "account": r"(?:account|rekening|compte)(?: number|nummer| n[ro°]\.?| numero)?\s{1,3}",
    "customer": r"(?:customer|klant|client|company|bedrijf|societe|contact)\s{1,3}",
}
_NEARBY: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("invoice", re.compile(rf"{_BEFORE['invoice']}{_QUOTE}\s?({_NUMBER})")),
    # As Teamleader writes the number of an invoice, and nothing else: 2026 / 12.
    ("invoice", re.compile(r"(?<![\w/.-])((?:19|20)\d\d / (?!(?:19|20)\d\d\b)\d{1,6})(?![\w/-])")),
    ("journal", re.compile(r"(?<![\w/.-])([avfdl]\d{1,3})(?![\w/.-]*\w)")),
    ("period", re.compile(rf"{_BEFORE['period']}{_QUOTE}({SHAPES['period']})(?!\d)")),
    ("year", re.compile(rf"{_BEFORE['year']}{_QUOTE}((?:19|20)\d\d(?:\s?[/–-]\s?(?:19|20)\d\d)?)(?!\d)")),
    ("account", re.compile(rf"{_BEFORE['account']}{_QUOTE}(\d{{5,8}})(?!\d)")),
    (
        "vat",
        re.compile(
            r"(?<!\w)(be\s?[01]?\d{3}\.?\d{3}\.?\d{3})(?!\d)|(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?\s?%)"
        ),
    ),
    (
        "amount",
        re.compile(
            r"(?:€|eur)\s?(\d[\d., ]{0,15}\d|\d)|(?<![\d.,/])(\d[\d.]{0,12}(?:[.,]\d\d)?)\s?(?:€|eur(?:o|os)?\b)"
        ),
    ),
    ("date", re.compile(rf"(?<![\w/.-])({_DAY})(?!\d)")),
    ("customer", re.compile(rf"{_BEFORE['customer']}[\"“‘'«]\s?(.{{1,80}}?)\s?[\"”’'»](?!\w)")),
)


def as_value(name: str, text: str, leading: bool = False) -> str:
    """A value as it is returned: one line, without quotes around it; dates in ISO where they are real.

    `leading`: nothing of the message stands before it, so what belongs to the sentence before is cut off.
    """
    if leading:
        text = re.split(r":\s|(?<=\s)[\"'“”‘’«„`]{1,2}(?=\w)", after_furniture(text))[-1]
    value = re.sub(r"\s+", " ", text).strip(" \t\"'“”‘’«»„‚`")
    if name == "journal":
        return value.upper()
    if name in ("invoice", "other", "vat"):
        return value.rstrip(".,;:")
    if name == "date":
        day = day_of(value)
        return day.isoformat() if day else value
    if name == "amount":
        return value.strip(" .,")
    return value


def day_of(text: str) -> date | None:
    """A date as people write it (2026-02-14, 14/02/2026, 14 February 2026); None where it is no real day."""
    parts = re.findall(r"\d+|[^\W\d_]+", folded(text))
    parts = [part for part in parts if part not in ("er", "st", "nd", "rd", "th")]
    if len(parts) != 3:
        return None
    first, month, last = parts
    number = _MONTHS.get(month) or (int(month) if month.isdigit() else 0)
    try:
        return date(int(first), number, int(last)) if len(first) == 4 else date(int(last), number, int(first))
    except ValueError:
        return None


def nearby(text: str) -> dict[str, str]:
    """The names and numbers of a passage that nothing but their shape and the word before them tells."""
    flat = folded(text)
    names: dict[str, str] = {}
    for name, shape in _NEARBY:
        match = shape.search(flat) if name not in names else None
        if match is None:
            continue
        group = match.lastindex or 1
        names[name] = as_value(name, text[match.start(group) : match.end(group)])
    return names
