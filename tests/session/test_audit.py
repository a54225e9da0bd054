"""The audit through the real clients: what it reads, what it uses again, what a limit leaves for tomorrow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from octowizard.presentation.audit_words import subject
from octowizard.sandbox import control
from octowizard.sandbox.octopus.limits import PER_DAY
from octowizard.sandbox.practice import perform
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session.session import Session
from octowizard.sync.audit.model import Audit
from octowizard.workspace import kept
from octowizard.workspace.db import Workspace
from tests.sync.audit_worlds import in_order, totals
from tests.sync.audited import dossier_of
from tests.sync.inside import Inside, inside, last

MODIFIED = "GET /dossiers/{dossierId}/buysellbookings/modified"


def silent(_what: str, _count: int) -> None:
    """Nobody listens."""


def named(audit: Audit) -> set[tuple[str, str]]:
    """Kind and subject of every difference."""
    return {
        (one.kind, subject(audit.entries[one.entry]) if one.entry >= 0 else one.octopus)
        for one in audit.differences
    }


@pytest_asyncio.fixture
async def company(tmp_path: Path) -> AsyncIterator[Inside]:
    """A company in order, and a profile that has read nothing of it."""
    async with inside(tmp_path, in_order(4)) as present:
        yield present


def session_of(present: Inside) -> Session:
    return Session(present.home, present.profile)


async def test_after_a_sync_both_sides_say_the_same_and_the_totals_are_those_of_the_world(
    tmp_path: Path,
) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(2)) as present:
        before = await session_of(present).audit.read(silent)
        assert {kind for kind, _subject in named(before)} == {"missing", "matched"}
        assert last(await present.sync()).booked == 60
        present.world.clock.advance(timedelta(minutes=11))
        audit = await session_of(present).audit.read(silent)
        assert (named(audit), audit.compared) == (set(), 100)
        assert {one.obstacle for one in audit.not_compared} == {"no-open-amount"}  # no line was left unread
        dossier = dossier_of(present.world)
        shown = {
            "octopus": control.octopus_side(present.world, dossier),
            "teamleader": control.teamleader_side(present.world),
        }
        for where, rows in totals(shown).items():
            side, _slash, dimension = where.partition("/")
            table = {row.key: getattr(row, side) for row in audit.tables[dimension].rows}  # type: ignore[index]
            assert {key: tuple(table[key]) for key in rows} == rows, where


async def test_what_people_did_since_is_found_by_reading_what_changed(company: Inside) -> None:
    session = session_of(company)
    assert named(await session.audit.read(silent)) == set()
    company.world.clock.advance(timedelta(hours=1))
    perform(company.world, "book-by-hand", {"journal": "V1", "document": "2026 / 40", "again": "yes"}, None)
    own = perform(company.world, "book-by-hand", {"journal": "V1"}, None)
    invoice = next(
        kept_.data["invoice_number"]
        for kept_ in company.world.teamleader.invoices.values()
        if kept_.data["paid"] and len(kept_.data["payments"]) == 1
    )
    perform(company.world, "teamleader-remove-payments", {"invoice": invoice}, None)
    found = named(await session.audit.read(silent))
    assert found == {("twice", "2026 / 40"), ("by-hand", own["booking"]), ("matched", invoice)}


async def test_calls_are_told_before_and_what_is_fresh_is_used_again(company: Inside) -> None:
    session = session_of(company)
    before = session.calls()
    needed = session.audit.needed(None, None, all_lines=False, fresh=False)
    await session.audit.read(silent)
    made = session.calls().since(before)
    assert needed.pages_unknown
    assert made.octopus <= needed.octopus
    told = session.audit.needed(None, None, all_lines=False, fresh=False)
    assert (told.octopus, told.teamleader, told.lines) == (1, 0, 0)  # the version, which tells the clock
    between = session.calls()
    again = await session.audit.read(silent)
    after = session.calls().since(between)
    assert (after.octopus, after.teamleader) == (1, 0)
    assert named(again) == set()
    assert again == session.audit.kept()


async def test_what_a_limit_ends_goes_on_the_next_day_with_what_lacks(company: Inside) -> None:
    world, session = company.world, session_of(company)
    scope, day = str(dossier_of(world).id), world.clock.now().date().isoformat()
    world.octopus_calls_today[scope, MODIFIED, day] = PER_DAY[MODIFIED] - 1  # one of the two journals
    first = await session.audit.read(silent)
    lacking = {one.obstacle: one for one in first.not_compared}
    assert lacking["bookings-unread"].subject.startswith("V2")
    assert lacking["bookings-unread"].count == 20
    assert "part-unread" in lacking
    assert (named(first), first.compared) == (set(), 80)
    before = world.octopus_calls[MODIFIED]
    world.clock.advance(timedelta(days=1))
    second = await session.audit.read(silent)
    assert (named(second), second.compared) == (set(), 100)
    assert (
        world.octopus_calls[MODIFIED] == before + 2
    )  # the other journal, and what changed since in the first


async def test_the_lines_of_many_are_read_when_they_are_asked_for_and_kept(
    company: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octowizard.session.audit.LINES", 10)
    session = session_of(company)
    audit = await session.audit.read(silent)
    lacking = {one.obstacle: one.count for one in audit.not_compared}
    assert (named(audit), lacking["no-lines"]) == (set(), 100 - lacking.get("no-rate", 0))
    assert audit.tables["account"].left_out == lacking["no-lines"]
    assert not audit.tables["account"].rows
    assert all(row.teamleader == row.octopus for row in audit.tables["rate"].rows)
    assert session.audit.needed(None, None, all_lines=True, fresh=False).lines == 100
    whole = await session.audit.read(silent, all_lines=True)
    assert {one.obstacle for one in whole.not_compared} == {"no-open-amount"}
    assert session.audit.needed(None, None, all_lines=True, fresh=False).lines == 0


async def test_only_the_days_that_were_asked_for_are_compared(company: Inside) -> None:
    session = session_of(company)
    await session.audit.read(silent)
    some = session.audit.kept(date(2026, 3, 1), date(2026, 3, 31))
    assert {row.key for row in some.tables["month"].rows} == {"2026-03"}
    early = session.audit.kept(date(2025, 1, 1))
    assert [one.detail for one in early.not_compared if one.obstacle == "before-start"] == ["2026-01-01"]


async def test_what_an_older_octowizard_kept_is_read_anew_once(company: Inside) -> None:
    session = session_of(company)
    await session.audit.read(silent)

    def older() -> None:
        with Workspace.open(company.home, "p") as workspace, workspace.quick() as db:
            db.execute("UPDATE record SET detail = NULL, detail_stamp = NULL WHERE kind = 'booking'")
            for name in ("booking/5/V1", "booking/5/V2", "invoice", "credit_note"):
                cursor = kept.reading(workspace, f"cursor/{name}")
                assert cursor is not None
                body = cursor.body.replace(b'"form":2', b'"form":1')
                assert body != cursor.body
                db.execute("UPDATE reading SET body = ? WHERE name = ?", (body, f"cursor/{name}"))

    await asyncio.to_thread(older)
    lacking = {one.obstacle for one in session.audit.kept().not_compared}
    assert "bookings-of-before" in lacking
    before = company.world.octopus_calls[MODIFIED]
    again = await session.audit.read(silent)
    assert (named(again), again.compared) == (set(), 100)
    assert company.world.octopus_calls[MODIFIED] == before + 2


async def test_the_last_day_is_that_of_belgium(company: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    session, days = session_of(company), []
    monkeypatch.setattr(session, "moment_there", lambda: datetime(2026, 11, 19, 23, 30, tzinfo=UTC))

    def for_audit(
        _workspace: object, _profile: object, span: tuple[date, date], *_: object, **__: object
    ) -> None:
        days.append(span[1])

    monkeypatch.setattr("octowizard.snapshot.needed.for_audit", for_audit)
    session.audit.needed(None, None, all_lines=False, fresh=False)
    assert days == [date(2026, 11, 20)]
