"""Countries: a name or code as people write it to two letters (ISO 3166), and whose VAT numbers count there.

Names in Dutch, French, English and German are those of CLDR (`countries.json`).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import msgspec

from octowizard.matching.keys import name_key

# Not from python-stdnum, which has them too and loads `ssl`: a list of Belgian customers needs neither.
_WEST = ("AT", "BE", "DE", "DK", "ES", "FI", "FR", "GR", "IE", "IT", "LU", "NL", "PT", "SE")
_SINCE_2004 = ("BG", "CY", "CZ", "EE", "HR", "HU", "LT", "LV", "MT", "PL", "RO", "SI", "SK")
EU: Final = frozenset((*_WEST, *_SINCE_2004))
"""The 27 member states, by ISO code."""

VAT_AREA: Final = EU | {"MC"}
"""Where a sale to a private person is one within the EU (Directive 2006/112, art. 5-7). Monaco counts as France;
territories with a code of their own (overseas France, Åland, the Canary Islands) lie outside."""

# Where another country's numbers are used. French overseas firms and those of Monaco are registered in France, those
# of Åland in Finland, of the Isle of Man in the United Kingdom; Liechtenstein has Swiss enterprise numbers.
_NUMBERED_BY: Final = {
    "MC": "FR",
    **dict.fromkeys(("GP", "MQ", "GF", "RE", "YT", "MF", "BL", "PM", "WF", "PF", "NC", "TF"), "FR"),
    "AX": "FI",
    "IC": "ES",
    "EA": "ES",
    "IM": "GB",
    "LI": "CH",
}
# The letters before a VAT number where they are not the ISO code.
_LETTERS: Final = {"GR": "EL", "CH": "CHE"}
_COUNTRY_OF_LETTERS: Final = {"EL": "GR", "XI": "GB", "UK": "GB", "CHE": "CH"}

# What CLDR does not list: letters on letters and cars, the Commission's codes, older and everyday names, and what the
# member states and their neighbours call themselves.
_ALSO: Final = {
    "A": "AT",
    "B": "BE",
    "D": "DE",
    "E": "ES",
    "F": "FR",
    "H": "HU",
    "I": "IT",
    "L": "LU",
    "N": "NO",
    "P": "PT",
    "S": "SE",
    "SLO": "SI",
    "VK": "GB",
    "EL": "GR",
    "UK": "GB",
    "XI": "GB",
    **dict.fromkeys(("holland", "hollande"), "NL"),
    **dict.fromkeys(("england", "engeland", "angleterre", "grandebretagne", "greatbritain"), "GB"),
    **dict.fromkeys(("grootbrittannie", "grossbritannien", "scotland", "schotland", "wales"), "GB"),
    **dict.fromkeys(("noordierland", "northernireland", "irlandedunord", "nordirland"), "GB"),
    **dict.fromkeys(("czechrepublic", "tsjechischerepubliek", "republiquetcheque"), "CZ"),
    "tschechischerepublik": "CZ",
    **dict.fromkeys(("slovakrepublic", "slowaakserepubliek", "republiqueslovaque"), "SK"),
    **dict.fromkeys(("republicofireland", "eire"), "IE"),
    **dict.fromkeys(("grandduchedeluxembourg", "groothertogdomluxemburg"), "LU"),
    **dict.fromkeys(("VS", "verenigdestatenvanamerika", "etatsunisdamerique", "unitedstatesofamerica"), "US"),
    **dict.fromkeys(("ivorycoast", "elfenbeinkuste"), "CI"),
    **dict.fromkeys(("gdluxembourg", "gdluxemburg", "gdduluxembourg"), "LU"),
    **dict.fromkeys(("hongkong", "hongkongsar"), "HK"),
    "verkoninkrijk": "GB",
    "francemetropolitaine": "FR",
    "espana": "ES",
    "italia": "IT",
    "polska": "PL",
    **dict.fromkeys(("ceskarepublika", "cesko"), "CZ"),
    "slovensko": "SK",
    "slovenija": "SI",
    "hrvatska": "HR",
    "magyarorszag": "HU",
    "eesti": "EE",
    "latvija": "LV",
    "lietuva": "LT",
    "suomi": "FI",
    "sverige": "SE",
    "danmark": "DK",
    "norge": "NO",
    "turkey": "TR",
    "ilemaurice": "MU",
}

# Its names in two languages, what it is part of, or its code before its name.
_BETWEEN = re.compile(r"[/(,;|]|\s[-–—]\s|(?<=^[A-Z]{2})[-–—]")
_ARTICLES: Final = ("the ", "de ", "het ", "la ", "le ", "les ", "l ", "die ")


class _Countries(msgspec.Struct, frozen=True):
    """`countries`: by ISO code the names in four languages, the codes of three letters or digits, and former ones."""

    countries: dict[str, tuple[list[str], list[str]]]


@cache
def _known() -> tuple[dict[str, str], dict[str, str]]:
    """The country of a name and of a code; read where a list spells a country out, and nowhere else."""
    text = files("octowizard.matching").joinpath("countries.json").read_bytes()
    countries = msgspec.json.decode(text, type=_Countries).countries
    names = {
        name_key(name).replace(" ", ""): code for code, (known, _) in countries.items() for name in known
    }
    return names | _ALSO, {other: code for code, (_, others) in countries.items() for other in others}


@lru_cache(maxsize=2_000)
def country_code(written: str | None) -> str:
    """Two letters (ISO) of a code or a name; "" for none, and what nobody knows as it is, in capitals."""
    text = (written or "").strip().upper()
    if text in _ALSO:
        return _ALSO[text]
    if (len(text) == 2 and text.isascii() and text.isalpha()) or not text:
        return text
    key = name_key(text)
    bare = key.partition(" ")[2] if key.startswith(_ARTICLES) else key
    names, codes = _known()
    for name in (key, bare, *map(name_key, _BETWEEN.split(text))):
        if code := names.get(name.replace(" ", "")):
            return code
    key = key.replace(" ", "").upper()
    return codes.get(key, key)


@lru_cache(maxsize=2_000)
def vat_letters(country: str | None) -> str:
    """The letters that begin the VAT numbers used in a country (BE, EL, CHE); "" where none can be checked."""
    if (country or "").strip().upper() == "XI":
        return "XI"
    code = country_code(country)
    code = _NUMBERED_BY.get(code, code)
    return _LETTERS.get(code, code) if code in EU or code in ("GB", "CH") else ""


def country_of_letters(letters: str) -> str:
    """The country (ISO) whose VAT numbers begin with these letters; Northern Ireland is in the United Kingdom."""
    return _COUNTRY_OF_LETTERS.get(letters, letters)
