"""A frame is drawn in steps, and is the same as one drawn at once; garbage is looked for while nobody is there."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from textual.screen import Screen

from octowizard.app import collector, drawing
from octowizard.app.collector import Collector
from octowizard.app.widgets.frame import TitleLine
from tests.app.stage import home_read, staged, text, until
from tests.app.staged import StagedSession


async def test_between_the_steps_of_a_frame_a_key_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "SLICE", 0.0)  # one line in each turn
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(120, 40)) as pilot:
        await home_read(pilot, app)
        drawn: list[str] = []
        at_once = Screen._compositor_refresh

        def shown(screen: Screen[None]) -> None:
            drawn.append(type(screen).__name__)
            at_once(screen)

        monkeypatch.setattr(Screen, "_compositor_refresh", shown)
        app.go_to("history")
        await until(pilot, lambda: getattr(app.screen, "_in_steps", False))
        drawn.clear()
        app.simulate_key("1")  # answered although the frame is not there yet
        await until(pilot, lambda: app.current_mode == "home")
        assert "HistoryScreen" not in drawn
        await until(pilot, lambda: "HomeScreen" in drawn and "Needs attention" in text(app))


async def test_a_frame_in_steps_shows_what_was_changed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "SLICE", 0.0)
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await home_read(pilot, app)
        app.go_to("history")
        await until(pilot, lambda: getattr(app.screen, "_in_steps", False))
        app.tell("Something new")
        await until(
            pilot, lambda: not getattr(app.screen, "_in_steps", True) and "Something new" in text(app)
        )
        assert not app.screen._compositor._dirty_regions


@pytest.mark.parametrize("step", ["_draw_ahead", "_drawn_ahead"])
async def test_what_becomes_otherwise_between_two_ticks_of_a_frame_in_steps_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The title said *previewing* long after the end: it had changed after the last tick, and was forgotten."""
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        screen, told = app.screen, []
        monkeypatch.setattr(drawing, "lines_ahead", lambda _screen: iter(()))
        monkeypatch.setattr(
            Screen, "_compositor_refresh", lambda one: told.append(set(one._compositor._dirty_regions))
        )
        title = screen.query_one(TitleLine)
        title.refresh()
        screen._dirty_widgets.add(title)  # as its message does, before the next tick
        getattr(screen, step)()
        told.append(set(screen._compositor._dirty_regions))
        assert any(region.contains_region(title.region) for region in told[0])


async def test_what_was_drawn_by_another_way_meanwhile_ends_no_app(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        app.screen._compositor._dirty_regions.clear()
        assert list(drawing.lines_ahead(app.screen)) == []


def test_all_that_lives_is_visited_when_that_is_due_and_nobody_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, moment, visited = gc.get_threshold(), [0.0], []
    monkeypatch.setattr(collector, "monotonic", lambda: moment[0])
    monkeypatch.setattr(collector, "DUE", 1)
    monkeypatch.setattr(gc, "collect", lambda *generation: visited.append(generation))
    monkeypatch.setattr(gc, "freeze", lambda: None)  # of this process many things shall still go
    collect = gc.get_stats
    visits = [0]
    monkeypatch.setattr(gc, "get_stats", lambda: [{}, {**collect()[1], "collections": visits[0]}, {}])
    try:
        one = Collector()
        one.begin()
        moment[0] = 100.0
        one.look()
        assert visited == []  # nothing has come since
        visits[0] = 1
        one.touched()
        one.look()
        assert visited == []  # somebody is there
        moment[0] = 200.0
        one.look()
        one.look()
        assert visited == [()]
    finally:
        gc.set_threshold(*before)
