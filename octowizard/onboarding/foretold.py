"""The changes that follow from others without a new answer, told before those are made: journals of years to come.

Of such a change only the id of its fiscal year is not known yet. It is made by the same yes as what it follows from,
and only if it is then wanted exactly as it was shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from octowizard.books.fiscal import FiscalYear
from octowizard.locale import _
from octowizard.locale.formats import YEAR_WORDS
from octowizard.onboarding import fixes
from octowizard.onboarding.model import Change
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile

_BODY, _KEY = "commonJournalInsertRequestData", "bookyearKey"
# A year that octowizard makes has a name in each language; which one Octopus tells depends on the dossier.
_YEAR_WORD = re.compile(rf"\b(?:{'|'.join(YEAR_WORDS.values())}) (?=\d)")


def following(changes: Iterable[Change], snapshot: Snapshot, profile: Profile) -> tuple[Change, ...]:
    """The sales journals that the fiscal years lack which these changes make; () where they make none."""
    years = tuple(
        _year(change, -number, profile) for number, change in enumerate(changes, 1) if _makes_year(change)
    )
    if not years:
        return ()
    then = msgspec.structs.replace(
        snapshot,
        years=(*snapshot.years, *years),
        unread={part: why for part, why in snapshot.unread.items() if part != "journals"},
    )
    made = {year.id: year for year in years}
    return tuple(
        _shown(change, made[_year_of(change)])
        for change in fixes.missing_journals(then, profile)
        if _year_of(change) in made
    )


def fitting(foretold: Iterable[Change], wanted: Iterable[Change]) -> tuple[Change, ...]:
    """Those that are wanted now for what was foretold; () where one of them is wanted otherwise, or no more."""
    now = {_apart_from_year(change): change for change in wanted}
    matching = [now.get(_apart_from_year(change)) for change in foretold]
    return () if None in matching else tuple(change for change in matching if change is not None)


def _makes_year(change: Change) -> bool:
    return change.method == "POST" and change.path.endswith("/bookyears")


def _year(change: Change, id: int, profile: Profile) -> FiscalYear:
    """The year that the change makes, open and empty."""
    names = {name["language"].lower(): name["value"] for name in change.body["names"]}
    return FiscalYear(
        id=id,
        name=names[profile.screens.octopus],
        start=date.fromisoformat(change.body["fromDate"]),
        end=date.fromisoformat(change.body["toDate"]),
        closed=False,
        periods=(),
    )


def _year_of(change: Change) -> int:
    year: int = change.body[_BODY][_KEY]["id"]
    return year


def _shown(change: Change, year: FiscalYear) -> Change:
    """The change with the year by its name: Octopus gives it its number when it is made."""
    name = _("{year}, as it is made above").format(year=year.name)
    lines = tuple((what, name if value.startswith(f"{year.id} ") else value) for what, value in change.lines)
    return msgspec.structs.replace(change, lines=lines)


def _apart_from_year(change: Change) -> bytes:
    """All that the change says and sends, but the id of its year and the language of that year's name."""
    data: dict[str, Any] = dict(change.body)
    if _BODY in data:
        data[_BODY] = {**data[_BODY], _KEY: None}
    title = _YEAR_WORD.sub("", change.title)
    identity = (title, change.method, change.path, change.who, change.also, change.irreversible, data)
    return msgspec.json.encode(identity)
