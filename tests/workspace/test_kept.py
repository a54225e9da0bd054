"""What was read of both sides, kept with its age."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from octowizard.workspace import kept
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import ReadingDamaged
from octowizard.workspace.forget import forget_readings
from octowizard.workspace.kept import Reading, Record

NOW = datetime(2026, 11, 20, 8, 30, 15, 250_000, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "workspace.sqlite") as opened:
        yield opened


def test_a_reading_keeps_its_age_and_is_replaced_whole(workspace: Workspace) -> None:
    kept.keep_reading(workspace, "oc/bookyears", b"[1,2]", NOW.astimezone(timezone(timedelta(hours=1))))
    assert kept.reading(workspace, "oc/bookyears") == Reading(NOW, b"[1,2]")
    kept.keep_reading(workspace, "oc/bookyears", b"[]", NOW + timedelta(hours=1))
    assert kept.reading(workspace, "oc/bookyears") == Reading(NOW + timedelta(hours=1), b"[]")
    assert kept.reading(workspace, "oc/journals/5") is None


def test_readings_are_found_by_the_beginning_of_their_names(workspace: Workspace) -> None:
    for name in ("cursor/booking/5/V1", "cursor/booking/6/V1", "cursor/bookings", "cursor/match"):
        kept.keep_reading(workspace, name, name.encode(), NOW)
    assert kept.readings(workspace, "cursor/booking/") == {
        "5/V1": Reading(NOW, b"cursor/booking/5/V1"),
        "6/V1": Reading(NOW, b"cursor/booking/6/V1"),
    }


def test_records_are_added_changed_and_dropped_one_by_one(workspace: Workspace) -> None:
    kept.keep_records(
        workspace, "relation", [Record("2", b"two"), Record("1", b"one"), Record("3", b"three")]
    )
    kept.keep_records(workspace, "booking", [Record("1", b"another kind")])
    kept.keep_records(workspace, "relation", [Record("2", b"changed")])
    kept.drop_records(workspace, "relation", ["3", "unheard of"])
    assert list(kept.records(workspace, "relation")) == [b"one", b"changed"]
    assert kept.record(workspace, "relation", "2") == b"changed"
    assert kept.record(workspace, "relation", "3") is None
    kept.drop_kind(workspace, "relation")
    assert list(kept.records(workspace, "relation")) == []
    assert list(kept.records(workspace, "booking")) == [b"another kind"]


def test_records_that_fail_half_way_are_not_kept_at_all(workspace: Workspace) -> None:
    def failing() -> Iterator[Record]:
        yield Record("1", b"one")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept.keep_records(workspace, "relation", failing())
    assert list(kept.records(workspace, "relation")) == []


def test_a_full_record_is_used_until_the_document_changes(workspace: Workspace) -> None:
    kept.keep_records(workspace, "invoice", [Record("d-1", b"head", "monday")])
    assert kept.detail(workspace, "invoice", "d-1", "monday") is None
    kept.keep_detail(workspace, "invoice", "d-1", b"lines", "monday")
    assert kept.detail(workspace, "invoice", "d-1", "monday") == b"lines"
    kept.keep_records(workspace, "invoice", [Record("d-1", b"head", "monday")])  # read again, unchanged
    assert kept.detail(workspace, "invoice", "d-1", "monday") == b"lines"
    kept.keep_records(workspace, "invoice", [Record("d-1", b"other head", "tuesday")])
    assert kept.detail(workspace, "invoice", "d-1", "tuesday") is None
    kept.keep_detail(workspace, "invoice", "d-1", b"other lines", "tuesday")
    assert kept.detail(workspace, "invoice", "d-1", "tuesday") == b"other lines"


def test_records_may_be_changed_while_they_are_gone_through(workspace: Workspace) -> None:
    kept.keep_records(workspace, "relation", [Record(f"{n:03}", b"old") for n in range(300)])
    seen = 0
    for _body in kept.records(workspace, "relation"):
        if seen % 100 == 0:
            kept.keep_reading(workspace, "oc/bookyears", str(seen).encode(), NOW)
        seen += 1
    assert seen == 300
    assert kept.reading(workspace, "oc/bookyears") == Reading(NOW, b"200")


def test_what_was_read_can_be_forgotten_but_not_whose_workspace_it_is(workspace: Workspace) -> None:
    kept.keep_reading(workspace, "belongs", b"{}", NOW)
    kept.keep_reading(workspace, "oc/bookyears", b"[", NOW)
    kept.keep_records(workspace, "invoice", [Record("a", b"{")])
    forget_readings(workspace)
    assert kept.readings(workspace, "") == {"belongs": Reading(NOW, b"{}")}
    assert list(kept.records(workspace, "invoice")) == []


@pytest.mark.sqlite  # where a column takes any type
@pytest.mark.parametrize("spoilt", ["body = 'text'", "taken_at = 'yesterday'", "taken_at = '2026-01-01'"])
def test_a_spoilt_reading_is_told_apart_from_a_spoilt_link(workspace: Workspace, spoilt: str) -> None:
    kept.keep_reading(workspace, "oc/bookyears", b"[]", NOW)
    with workspace.quick() as db:
        db.execute(f"UPDATE reading SET {spoilt}")
    with pytest.raises(ReadingDamaged):
        kept.reading(workspace, "oc/bookyears")
