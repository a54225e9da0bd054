"""One parsing of the style sheets for all apps of a test process.

Each app parses the same sheets again, some six times until its first screen is up: a quarter of the time of a test.
"""

from __future__ import annotations

from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_parse_rules = Stylesheet._parse_rules
_parsed: dict[tuple[object, ...], list[RuleSet]] = {}


@pytest.fixture(scope="session", autouse=True)
def _sheets_are_parsed_once() -> None:
    def parse(sheet: Stylesheet, css: str, *place: Any, **named: Any) -> list[RuleSet]:
        key = (css, place, tuple(named.items()), frozenset(sheet._variables.items()))
        if key not in _parsed:
            _parsed[key] = _parse_rules(sheet, css, *place, **named)
        return _parsed[key]

    Stylesheet._parse_rules = parse  # type: ignore[assignment, method-assign]
