"""Another language while the app is open: every screen speaks it at once, and goes on where it was."""

from __future__ import annotations

import json
from pathlib import Path

from octowizard import locale
from tests.app.stage import home_read, over, staged, text, until
from tests.app.staged import StagedSession


async def test_the_key_changes_the_language_of_every_screen_and_keeps_it(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("1", "L")
        await until(pilot, lambda: "Volgende" in text(app) and "zonet gelezen" in text(app))
        assert "Start" in text(app)
        await pilot.press("7")
        await over(pilot, app)
        assert "Voorbeeld" in text(app)
        await pilot.press("f10")
        await until(pilot, lambda: "Instellingen" in text(app))
        await pilot.press("L")
        await until(pilot, lambda: "Réglages" in text(app))
        assert locale.spoken() == "fr"
    assert json.loads((tmp_path / "settings.json").read_text())["language"] == "fr"
