"""Long lists, and many events at once; how fast, `python -m tests.bench app` measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.app.widgets.document_list import DocumentList
from octowizard.app.widgets.line_list import LineList
from octowizard.presentation.run_rows import RunState
from octowizard.sync import events as e
from tests.app.stage import home_read, over, staged, text, until
from tests.app.staged import CUSTOMERS, StagedSession, document


def many(count: int) -> list[e.Event]:
    """`count` events about half as many documents."""
    documents = [document(number, CUSTOMERS[number % 8]) for number in range(1, count // 2 + 1)]
    waiting = [e.DocumentWaiting(document=one) for one in documents]
    booked = [
        e.DocumentBooked(document=one, bookyear=2026, journal="V1", number=number, period=202603)
        for number, one in enumerate(documents, 1)
    ]
    return [*waiting, *booked]


async def test_ten_thousand_events_at_once_all_come_in_and_the_keys_are_answered(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession(many(10_000)))
    async with app.run_test(size=(120, 40)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7")
        await until(pilot, lambda: "Preview first" in text(app))
        await pilot.press("p")
        await over(pilot, app)
        for key in ("end", "pageup", "home", "pagedown"):
            await pilot.press(key)
        assert app.screen.query_one(DocumentList).length == 5_000 + 1  # and its heading


async def test_one_of_twenty_thousand_documents_is_found(tmp_path: Path) -> None:
    state = RunState(dry_run=True)
    for event in many(40_000):
        state.apply(event)
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        listed = app.screen.query_one(DocumentList)
        listed.live = True
        listed.show_run(state)
        assert listed.length > 20_000
        listed.words = "2026 / 19999"
        listed.show_run(state)
        assert listed.length == 2  # under its heading


async def test_nothing_ticks_when_nothing_happens(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        own = [
            timer for timer in app.screen._timers if timer.name != "screen_update"
        ]  # textual's own, paused
        assert not own


async def test_a_screen_whose_cursor_stands_still_is_drawn_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves: list[LineList[object]] = []
    go = LineList.go

    def counted(lines: LineList[object], index: int, *, by_user: bool = False) -> None:
        moves.append(lines)
        go(lines, index, by_user=by_user)

    monkeypatch.setattr(LineList, "go", counted)
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("down")
        await until(pilot, lambda: "›✖ " in text(app))
        for place in ("", "2", "3", "4", "5", "6", "7", "8", "9"):
            await pilot.press(*place, *["down"] * bool(place))
            await app.workers.wait_for_complete()
            for _ in range(5):
                await pilot.pause()
            moves.clear()
            for _ in range(20):
                await pilot.pause()
            assert not moves, app.screen
