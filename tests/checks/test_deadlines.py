"""The days that a dossier works towards."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from octowizard.checks.deadlines import deadlines
from octowizard.planning.plan import plan
from octowizard.snapshot.model import Snapshot
from tests.build import PROFILE, SNAPSHOT, head


def told(**changes: object) -> list[tuple[str, str, int]]:
    snapshot: Snapshot = msgspec.structs.replace(SNAPSHOT, **changes)
    return [
        (one.kind, one.day.isoformat(), one.documents)
        for one in deadlines(snapshot, plan(snapshot, PROFILE, "head"))
    ]


def test_the_sooner_of_the_return_and_the_end_of_the_year_comes_first_with_what_waits_for_it() -> None:
    pending = tuple(
        head(id=f"d-{month}", number=f"2026 / {month}", date=date(2026, month, 3)) for month in (2, 10, 11)
    )
    assert told(pending=pending, returns={5: "MONTHLY"}) == [
        ("monthly-return", "2026-11-20", 1),  # of October, on its last day
        ("year-end", "2026-12-31", 3),
    ]
    assert told(pending=pending, returns={5: "QUARTERLY"}) == [
        ("year-end", "2026-12-31", 3),
        ("quarterly-return", "2027-01-25", 2),
    ]


def test_what_is_not_known_is_no_deadline() -> None:
    assert told() == [("year-end", "2026-12-31", 0)]
    assert told(years=(), returns={5: "MONTHLY"}) == []
    assert told(taken_at=datetime(2027, 3, 1, tzinfo=UTC)) == []
