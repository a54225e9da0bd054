"""A run played again on the screen: from the history, and from a support bundle where there are no accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.history import HistoryScreen
from octowizard.app.screens.replay import SPEEDS, ReplayScreen
from octowizard.app.widgets.slider import Slider
from octowizard.session import recordings
from octowizard.session.recordings import Recording
from octowizard.sync import events as e
from tests.app.stage import same_picture, settled, staged, text, until, words
from tests.app.staged import NOW, StagedSession, ending


@pytest.fixture(scope="module")
def recording() -> Recording:
    """The staged company's sync."""
    return recordings.of_run(StagedSession(), 2)


@pytest.fixture
def app(tmp_path: Path, recording: Recording) -> Iterator[OctowizardApp]:
    """The app of a replay, which has to leave no trace."""
    root = tmp_path / "none"
    yield OctowizardApp(root, None, now=lambda: NOW, recording=recording)
    assert not root.exists()


async def paused(pilot: Pilot[None], app: OctowizardApp) -> ReplayScreen:
    """The screen, standing at the beginning."""
    screen = app.screen
    assert isinstance(screen, ReplayScreen)
    await pilot.press("space", "home")
    await until(pilot, lambda: screen.position == 0 and not screen.playing)
    return screen


async def test_a_replay_plays_to_its_end_by_itself_and_shows_what_the_run_came_to(app: OctowizardApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        screen = app.screen
        assert isinstance(screen, ReplayScreen)
        for _step in SPEEDS:
            await pilot.press("plus")
        await until(pilot, lambda: screen.stage == "over")
        shown = text(app)
        assert "Replay of sync 2" in shown
        assert "▲ Sync: ended after 42 s" in shown
        assert "✖ The period is closed" in shown
        assert "Dakwerken Maes ⇄ 9045119 Dakwerken Maes NV" in shown
        await pilot.press("escape")
    assert app.return_code == 0


async def test_the_slider_goes_to_any_event_by_keys_and_by_mouse_and_back_again(app: OctowizardApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await paused(pilot, app)
        total = len(screen.recording.events)
        await pilot.press("right", "right")
        await until(pilot, lambda: f" 2 of {total} events" in text(app) and "○ 1 ready" in text(app))
        await pilot.press("left")
        await until(pilot, lambda: f" 1 of {total} events" in text(app) and "1 ready" not in text(app))
        await pilot.press("end")
        await until(pilot, lambda: screen.stage == "over" and "✖ The period is closed" in text(app))
        await pilot.press("shift+left")
        await until(pilot, lambda: screen.position == total - total // 10 and screen.stage == "running")
        await pilot.press("shift+right", "home")
        await until(pilot, lambda: screen.position == 0 and "The period is closed" not in text(app))
        slider = screen.query_one(Slider)
        await pilot.click(Slider, offset=(slider.size.width - 2, 0))
        await until(pilot, lambda: screen.position == total)
        await pilot.press("space")
        await until(pilot, lambda: screen.playing and screen.position < total)


async def test_going_on_event_by_event_shows_the_same_as_going_to_the_end(app: OctowizardApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await paused(pilot, app)
        await pilot.press(*["right"] * len(screen.recording.events))
        await until(pilot, lambda: screen.stage == "over")
        stepped = await settled(pilot, app)
        await pilot.press("home", "end")
        await until(pilot, lambda: screen.stage == "over" and text(app) == stepped)


async def test_the_speed_is_told_and_bounded(app: OctowizardApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await paused(pilot, app)
        for key, end in (("minus", SPEEDS[0]), ("plus", SPEEDS[-1])):
            await pilot.press(*[key] * len(SPEEDS))
            await until(pilot, lambda end=end: f"{end:,} a second".replace(",", ".") in text(app))  # type: ignore[misc] # mypy infers no lambda with a default
        assert not screen.is_enabled("faster")


async def test_documents_are_searched_and_explained_as_in_a_sync_and_nothing_else_is_offered(
    app: OctowizardApp,
) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await paused(pilot, app)
        await pilot.press("end")
        await until(pilot, lambda: screen.stage == "over")
        await pilot.press("slash", *"2026 / 151", "left", "home", "enter")
        await until(pilot, lambda: "2026 / 151" in text(app) and "2026 / 144" not in text(app))
        assert screen.position == len(screen.recording.events)  # the keys went into the field
        await pilot.press("escape")
        await until(pilot, lambda: "2026 / 144" in text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "What to do" in text(app))
        await pilot.press("escape", "1", "7", "f8", "f4", "o", "s", "p", "v")
        await until(pilot, lambda: app.screen is screen)
        offered = {command.run for command in screen.offered()}
        assert not offered & {"browse", "start", "preview", "retry", "mend", "doctor", "profiles", "home"}


async def test_a_run_of_the_history_is_played_again_and_escape_leads_back(tmp_path: Path) -> None:
    session = StagedSession()
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("9")
        await until(pilot, lambda: "p play again" in text(app))
        await pilot.press("end", "p")
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen))
        await pilot.press("end")
        await until(
            pilot, lambda: "Replay of preview 1" in text(app) and "▲ Preview: a sync would" in words(app)
        )
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
        await pilot.press("home", "p")  # a run that was cut off
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen))
        await pilot.press("end")
        await until(pilot, lambda: "not finished; the next run settles what is in doubt" in text(app))
    assert session.asked == []


async def test_what_a_later_octowizard_added_is_left_out_and_said(
    tmp_path: Path, recording: Recording
) -> None:
    lines = [e.to_line(event) for event in recording.events]
    lines.insert(3, b'{"schema":1,"event":"coffee_brewed","cups":2}')
    newer = recordings._recording(lines, "here")
    app = OctowizardApp(tmp_path / "none", None, now=lambda: NOW, recording=newer)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "1 event that only a later octowizard knows is left out." in text(app))


async def test_twenty_thousand_documents_never_hold_up_the_keys(
    tmp_path: Path, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = recording.started
    booked = next(one for one in recording.events if isinstance(one, e.DocumentBooked))
    documents = (msgspec.structs.replace(booked.document, id=str(number)) for number in range(20_000))
    many = [msgspec.structs.replace(booked, document=document) for document in documents]
    done = ending([], dry_run=False)
    long = Recording(started=started, events=(started, *many, done))
    app = OctowizardApp(tmp_path / "none", None, now=lambda: NOW, recording=long)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await paused(pilot, app)
        update, seen = screen._update, set[int]()

        def noted() -> None:
            seen.add(screen.position)
            update()

        monkeypatch.setattr(screen, "_update", noted)
        await pilot.press("end")
        await until(pilot, lambda: screen.stage == "over")
        assert len(seen) > 1  # in between the loop had its turn
        assert "20.002 of 20.002 events" in text(app)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)], ids=lambda side: str(side))
async def test_a_replay_looks_as_it_was_approved(app: OctowizardApp, width: int, height: int) -> None:
    async with app.run_test(size=(width, height)) as pilot:
        screen = await paused(pilot, app)
        await pilot.press(*["shift+right"] * 6)
        await until(pilot, lambda: screen.position == 6 * (len(screen.recording.events) // 10))
        await same_picture(pilot, app, f"replay-{width}x{height}")
