"""The doctor and the profiles in the app, by keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.session import doctor
from octowizard.session.doctor import Line
from octowizard.workspace import profiles
from tests.app.stage import staged, text, until, words
from tests.app.staged import PROFILE, StagedSession
from tests.workspace.test_profiles import profile


async def test_the_doctor_is_a_key_away_and_looks_at_a_line_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = True

    def here(_root: Path, _terminal: object, only: str = "", _profile: str = "") -> list[Line]:
        line = Line(check="folder", state="well", text="The folder is [fine].")
        if broken:
            line = Line(check="folder", state="wrong", text="No room.", fix="Make room.")
        first = Line(check="versions", state="well", text="octowizard 1")
        return [line] if only == "folder" else [first, line]

    async def there(_root: Path, only: str = "", _profile: str = "") -> list[Line]:
        assert only in ("", "contract")
        return [Line(check="contract", state="well", text="The same contract.", profile="acme")]

    monkeypatch.setattr(doctor, "here", here)
    monkeypatch.setattr(doctor, "there", there)
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f8")
        await until(pilot, lambda: "No room." in text(app))
        await pilot.press("down")
        await until(pilot, lambda: "→ Make room." in text(app))
        broken = False
        await pilot.press("r")
        await until(pilot, lambda: "The folder is [fine]." in text(app))
        assert "No room." not in text(app)
        await until(pilot, lambda: app.runner is not None and app.runner.idle)
        await pilot.press("R")
        await until(pilot, lambda: "The same contract." in text(app))
        assert "Profile acme" in words(app)
        await pilot.press("escape")
        await until(pilot, lambda: "The same contract." not in text(app))


async def test_another_profile_is_opened_by_keys(tmp_path: Path) -> None:
    profiles.save(tmp_path, PROFILE)
    profiles.save(tmp_path, profile("zeta", dossier_name="Zeta [x]"))
    (tmp_path / "profiles" / "broken").mkdir()
    (tmp_path / "profiles" / "broken" / "profile.json").write_text("{", encoding="utf-8")
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(120, 24)) as pilot:
        await until(pilot, lambda: app.runner is not None and app.runner.idle)
        await pilot.press("f4")
        await until(pilot, lambda: "Zeta [x]" in text(app))
        assert "cannot be read" in words(app)
        await pilot.press("end", "r")
        await until(pilot, lambda: app.next_profile == "zeta")
