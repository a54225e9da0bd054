"""Writes `octowizard/matching/countries.json` from CLDR, by Babel: `python -m tests.matching.country_names`"""

from __future__ import annotations

import json
from pathlib import Path

from babel import Locale
from babel.core import get_cldr_version, get_global

FILE = Path(__file__).parents[2] / "octowizard" / "matching" / "countries.json"
_LANGUAGES = ("de", "en", "fr", "nl")


def written() -> str:
    """The file: the version of CLDR; per country its names in four languages, and its other codes, former ones too."""
    names: dict[str, set[str]] = {}
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2:
                names.setdefault(code, set()).add(name)
    codes: dict[str, list[str]] = {}
    for alias, present in sorted(get_global("territory_aliases").items()):
        if len(present) == 1 and alias.isalnum():
            codes.setdefault(present[0], []).append(alias)
    countries = [
        f"{json.dumps(code)}: {json.dumps([sorted(names.get(code, ())), codes.get(code, [])], ensure_ascii=False)}"
        for code in sorted(names.keys() | codes.keys())
    ]
    return f'{{"cldr": "{get_cldr_version()}", "countries": {{\n' + ",\n".join(countries) + "\n}}\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
