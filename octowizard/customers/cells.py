"""What the cells of a list of customers hold: several values in one, or a guard against spreadsheets."""

from __future__ import annotations

# What stands between several values in one cell; the last as Google writes it.
MAILS = (";", ",", " ", "\n", ":::")
PHONES = (";", ",", " / ", "|", "\n", ":::")


def several(row: list[str], places: list[int], between: tuple[str, ...]) -> tuple[str, ...]:
    """The values of columns of which there may be several, each of which may hold several."""
    if len(places) == 1:
        text = row[places[0]]
        if not text:
            return ()
        if text.isalnum():
            return (text,)
        for sign in between:
            if sign in text:
                break
        else:
            return (text,)
    else:
        text = between[0].join(row[place] for place in places if row[place])
    for sign in between[1:]:
        text = text.replace(sign, between[0])
    return tuple(dict.fromkeys(part.strip() for part in text.split(between[0]) if part.strip()))


def unguarded(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking a name for a formula (`route.py` sets it)."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text
