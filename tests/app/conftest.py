"""What every app of a test process would do again: parsing its style sheets, and sleeping after each key.

Each app parses the same sheets again, some six times until its first screen is up: a quarter of the time of a test.
After each key a pilot sleeps twice for a fiftieth of a second at least, and up to two seconds while anything moves.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from textual import app, pilot
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


TURN = 0.004  # seconds in which a process that is done does next to nothing
LONGEST = 0.2


async def _idle(min_sleep: float = 0.0, max_sleep: float = LONGEST) -> None:
    """As textual's, in shorter turns: let the app take in the key; what a test needs beyond that it waits for."""
    del min_sleep
    deadline = time.monotonic() + min(max_sleep, LONGEST)
    while True:
        before = time.process_time()
        await asyncio.sleep(TURN)
        if time.process_time() - before < TURN / 20 or time.monotonic() > deadline:
            return


@pytest.fixture(scope="session", autouse=True)
def _keys_are_taken_in_shorter_turns() -> None:
    for module in (app, pilot):
        module.wait_for_idle = _idle  # type: ignore[attr-defined]
