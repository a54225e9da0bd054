"""Words the practice company is made of: places, people, trades, legal forms. The words lie in `names.json`.

Places are real pairs of postcode and city; people and firms are put together from common words and stand for
nobody.
"""

from __future__ import annotations

from octowizard.sandbox.tables import table

_DATA = table("worlds/names.json")


def _words(part: str) -> dict[str, tuple[str, ...]]:
    return {key: tuple(text.split("|")) for key, text in _DATA[part].items()}


def _place(text: str, separator: str) -> tuple[str, str]:
    postcode, _, city = text.partition(separator)
    return postcode, city


# The names that every rendering of outside text must survive. Country, language, name.
SPECIAL: tuple[tuple[str, str, str], ...] = tuple(
    (land, tongue, name) for land, tongue, name in _DATA["special"]
)

# Language -> pairs of postcode and city, or words.
PLACES = {language: tuple(_place(one, " ") for one in all_) for language, all_ in _words("places").items()}
STREETS = _words("streets")
FIRST_NAMES = _words("first_names")
LAST_NAMES = _words("last_names")
TRADES = _words("trades")
LEGAL_FORMS = _words("legal_forms")

# Customers abroad: country, language, legal form, family names, and pairs of postcode and city.
ABROAD: dict[str, tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...]]] = {
    country: (language, form, tuple(families.split("|")), tuple(_place(one, ", ") for one in places))
    for country, (language, form, families, places) in _DATA["abroad"].items()
}
EUROPEAN_UNION = frozenset({"NL", "FR", "DE", "LU"})

# What is sold: ledger account of the category, and descriptions. Plain domestic sales come first.
SOLD = _words("sold")
