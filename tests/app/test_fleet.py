"""Every profile on a line, in the app, by keys."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from octowizard.workspace import profiles
from octowizard.workspace.profiles import add_without_accounts
from tests.app.stage import staged, text, until, words
from tests.app.staged import PROFILE, StagedSession


async def test_the_fleet_shows_each_profile_checks_all_and_opens_one(tmp_path: Path) -> None:
    profiles.save(tmp_path, PROFILE)
    for name in ("north", "south"):
        add_without_accounts(tmp_path, name, date(2026, 1, 1))
    (tmp_path / "profiles" / "broken").mkdir()
    (tmp_path / "profiles" / "broken" / "profile.json").write_text("{", encoding="utf-8")
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 24)) as pilot:
        await until(pilot, lambda: app.runner is not None and app.runner.idle)
        await pilot.press("f12")
        await until(pilot, lambda: "south" in text(app))
        assert "✖ broken" in text(app)
        assert text(app).count("not read yet") == 3
        await pilot.press("end", "r")
        await until(pilot, lambda: "? 1 could not tell" in text(app))
        assert text(app).count("not read yet") == 2
        await until(pilot, lambda: app.runner is not None and app.runner.idle)
        await pilot.press("enter")
        await until(pilot, lambda: app.next_profile == "south")
        assert "north" in words(app)
