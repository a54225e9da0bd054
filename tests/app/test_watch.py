"""The Sync screen of a profile that watches: what Teamleader's own integration books is seen to arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.sync import SyncScreen
from octowizard.sandbox.practice import perform
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session.session import Session
from octowizard.sync import arrivals
from tests.app.stage import sync_screen, text, until, words
from tests.sync.inside import Inside, inside
from tests.sync.watching import observing


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Inside]:
    """Eight documents wait, and the profile watches."""
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 8, 8)) as served:
        served.change(limits=False)
        await observing(served)
        yield served


def opened(company: Inside) -> OctowizardApp:
    return OctowizardApp(company.home, Session(company.home, company.profile))


async def test_documents_arrive_on_the_screen_and_the_watch_ends_when_all_are_there(
    company: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "UNLIMITED", 0.2)
    perform(company.world, "set-secured-period", {"journal": "V2", "period": "202612"})
    app = opened(company)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "read just now" in text(app))
        await pilot.press("7")
        await until(pilot, lambda: "This profile watches" in text(app))
        assert "l watch" in text(app)
        assert "s start the sync" not in text(app)
        await pilot.press("l")
        await until(pilot, lambda: "octowizard writes nothing" in text(app) and "✖ 1 blocked" in text(app))
        assert "○ 7 ready" in text(app)
        assert "Period 202610 is secured in V2" in text(app)
        done = perform(company.world, "native-sync", {"count": 3})
        await until(pilot, lambda: "✔ 3 booked" in text(app))
        assert "p preview" not in text(app)  # while it watches
        rows = sync_screen(app).state
        assert rows is not None
        assert {row.name: row.status for row in rows.rows.values() if row.state == "booked"} == {
            one["document"]: one["booking"] for one in done["booked"]
        }
        await pilot.press("1")
        await until(pilot, lambda: app.current_mode == "home" and "✔ 3 booked" in text(app))
        await until(pilot, lambda: "○ 4 ready" in text(app) and "✖ 1 blocked" in text(app))
        await until(pilot, lambda: "⏎ Look at what goes on: watching" in words(app))
        perform(company.world, "set-secured-period", {"journal": "V2", "period": "0"})
        perform(company.world, "native-sync", {})
        await pilot.press("7")
        await until(pilot, lambda: "✔ Watch: all has arrived" in text(app))
        assert "8 documents have arrived" in words(app)
        assert "l watch" in text(app)


async def test_esc_ends_the_wait_at_once_and_what_arrived_stays_known(
    company: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "UNLIMITED", 3600.0)
    perform(company.world, "native-sync", {"count": 5})
    app = opened(company)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "l")
        await until(pilot, lambda: "looks again in" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "○ Watch: stopped" in text(app))
        assert isinstance(app.screen, SyncScreen)
        assert app.runner is not None
        assert not app.runner.watching
        await pilot.press("l")
        await until(pilot, lambda: "looks again in" in text(app))
        assert "✔ 5 booked" in text(app)
        assert "Booked" not in text(app)  # they arrived before


async def test_a_profile_turned_into_a_connector_ends_its_watch_in_a_sentence(
    company: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "UNLIMITED", 0.2)
    app = opened(company)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "l")
        await until(pilot, lambda: "octowizard writes nothing" in text(app))
        assert app.runner is not None
        app.runner.session.change(mode="connector")
        await until(pilot, lambda: "connector mode" in words(app))
        assert "l watch" not in text(app)
