"""How a text goes wrong: by the fingers, by the scanner, by the person who shortens it, by a form too short for it."""

from __future__ import annotations

import unicodedata
from random import Random

# The tables read best in wide lines.
# ruff: noqa: E501
# Neighbours on a Belgian keyboard (azerty, point).
_NEIGHBOURS = {
    "a": "zq", "z": "aes", "e": "zrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "om",
    "q": "asw", "s": "qdz", "d": "sfe", "f": "dgr", "g": "fht", "h": "gjy", "j": "hku", "k": "jli", "l": "kmo", "m": "lp",
    "w": "xq", "x": "wcs", "c": "xvd", "v": "cbf", "b": "vng", "n": "bhj",
    "0": "9", "1": "2", "2": "13", "3": "24", "4": "35", "5": "46", "6": "57", "7": "68", "8": "79", "9": "80",
}  # fmt: skip
_SCANNED = (
    ("o", "0"),
    ("l", "1"),
    ("i", "1"),
    ("rn", "m"),
    ("m", "rn"),
    ("s", "5"),
    ("b", "8"),
    ("cl", "d"),
    ("vv", "w"),
    ("e", "c"),
    ("u", "ii"),
)
_SHORTER = (
    ("straat", "str."), ("laan", "ln"), ("steenweg", "stwg"), ("Steenweg", "Stwg."), ("plein", "pl."), ("Avenue", "Av."), ("Boulevard", "Bd"),
    ("Chaussée", "Chée"), ("Place", "Pl."), ("Rue de la", "R. de la"), ("Rue", "R."), ("Sint-", "St.-"), ("Saint-", "St-"), ("Square", "Sq."),
)  # fmt: skip


def slip(rng: Random, text: str) -> str:
    """One slip of the fingers: a neighbouring key, two letters swapped, one dropped, one struck twice."""
    if len(text) < 4:
        return text
    place = rng.randrange(1, len(text) - 1)
    letter, kind = text[place], rng.random()
    if kind < 0.4:
        near = _NEIGHBOURS.get(letter.lower())
        if near is None:
            return text
        new = rng.choice(near)
        return text[:place] + (new.upper() if letter.isupper() else new) + text[place + 1 :]
    if kind < 0.65:
        return text[:place] + text[place + 1] + letter + text[place + 2 :]
    if kind < 0.85:
        return text[:place] + text[place + 1 :]
    return text[:place] + letter + text[place:]


def scanned(rng: Random, text: str) -> str:
    """One sign as a scanner misread it."""
    fitting = [pair for pair in _SCANNED if pair[0] in text]
    if not fitting:
        return text
    right, wrong = rng.choice(fitting)
    place = text.rindex(right) if rng.random() < 0.5 else text.index(right)
    return text[:place] + wrong + text[place + len(right) :]


def without_accents(text: str) -> str:
    """As typed on a keyboard without them."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def shortened_street(street: str) -> str:
    """With the usual abbreviation, where there is one."""
    for long, short in _SHORTER:
        if long in street:
            return street.replace(long, short, 1)
    return street


def initials(text: str) -> str:
    """`Van den Bossche` as V.D.B."""
    return "".join(f"{word[0]}." for word in text.split())


def slug(text: str) -> str:
    """Letters and digits only, for a domain or a mailbox."""
    return "".join(sign for sign in without_accents(text).lower() if sign.isascii() and sign.isalnum())
