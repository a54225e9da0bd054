"""Names and addresses as keys: what may link two records without a person looking, and only that."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def name_key(name: str | None) -> str:
    """A name without case, accents, punctuation or double blanks; never a key on its own."""
    if not name:
        return ""
    # Letters such as 𝘈 have a small form only once they are decomposed.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return _SPACES.sub(" ", kept).strip()


def address_key(name: str | None, street: str | None, postcode: str | None) -> tuple[str, str, str] | None:
    """Name (its words in any order), street with number and postcode; None unless all three are there."""
    words = " ".join(sorted(name_key(name).split()))
    key = (words, name_key(street), name_key(postcode).replace(" ", ""))
    return key if all(key) else None
