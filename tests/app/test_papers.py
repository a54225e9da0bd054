"""Reports and mails from the app: by their keys, saved, opened, and never from a practice company unasked."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest
from textual.pilot import Pilot

from octowizard.app import app as app_module
from octowizard.app.app import OctowizardApp
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.letter import LetterScreen
from octowizard.session.reporting import Known, Reporting
from octowizard.sync.audit.audit import audit
from octowizard.sync.audit.model import Audit
from tests.app.stage import home_read, staged, text, told, until
from tests.app.staged import NOW, PROFILE, StagedSession
from tests.app.staged_checks import checked


class Session(StagedSession):
    """The scripted session, with an audit of the books that it has."""

    reporting = cast(Reporting, None)  # a property in the real one

    def __init__(self) -> None:
        super().__init__()
        self.checked = checked()
        self.reporting = cast(
            Reporting, SimpleNamespace(kept=self._known, audit=self._audited, not_audited=str)
        )

    def _audited(self) -> Audit:
        return audit(self.books, self.profile, NOW.date(), None, None)

    def _known(self) -> Known:
        return Known(self.checked, self.books, self.profile, (), NOW)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to the system to be opened."""
    addresses: list[str] = []
    monkeypatch.setattr(app_module, "over_ssh", lambda: False)

    def open_it(address: str) -> bool:
        addresses.append(address)
        return True

    monkeypatch.setattr(app_module, "open_browser", open_it)
    return addresses


async def letter_of(pilot: Pilot[None], app: OctowizardApp, *keys: str) -> LetterScreen:
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(app.screen, LetterScreen))
    assert isinstance(app.screen, LetterScreen)
    return app.screen


async def test_a_key_saves_the_report_and_opens_it(tmp_path: Path, opened: list[str]) -> None:
    app = staged(tmp_path, Session())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await home_read(pilot, app)
        await pilot.press("f7")
        await until(pilot, lambda: bool(opened))
        assert "Saved to" in told(app)
        (file,) = (tmp_path / "saved").glob("*.html")
        assert opened == [file.as_uri()]
        assert "<h2" in file.read_text(encoding="utf-8")


async def test_a_finding_has_a_mail_in_three_languages_to_copy_save_and_open(
    tmp_path: Path, opened: list[str]
) -> None:
    session = Session()
    session.profile = msgspec.structs.replace(PROFILE, practice=False)
    app = staged(tmp_path, session, session.profile)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "2 blocking" in text(app))
        screen = await letter_of(pilot, app, "m")
        await until(pilot, lambda: "Beveiligde periode" in text(app))
        await pilot.press("L")
        await until(pilot, lambda: "Période protégée" in text(app))
        await pilot.press("L")
        await until(pilot, lambda: "Secured period in Octopus" in text(app))
        await pilot.press("w")
        await until(pilot, lambda: "Saved to" in told(app))
        (file,) = (tmp_path / "saved").glob("*.eml")
        assert b"Subject: Secured period in Octopus" in file.read_bytes()
        await pilot.press("o")
        await until(pilot, lambda: bool(opened))
        assert opened[0].startswith("mailto:?subject=Secured%20period")
        assert not screen.is_enabled("next")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, LetterScreen))


async def test_a_mail_stays_a_mail_when_the_window_changes_and_more_becomes_known(tmp_path: Path) -> None:
    app = staged(tmp_path, Session())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "2 blocking" in text(app))
        await letter_of(pilot, app, "m")
        await until(pilot, lambda: "Beveiligde periode" in text(app))
        await pilot.resize_terminal(160, 50)
        checks = app.screen_stack[-2]
        assert isinstance(checks, ChecksScreen)
        checks.explain()  # as when the causes of the finding have been looked at
        await until(pilot, lambda: "Beveiligde periode" in text(app))
        await pilot.press("escape", "e")  # the page of the finding itself takes in what becomes known
        await until(pilot, lambda: checks._followed is app.screen)


async def test_a_practice_company_opens_a_mail_only_after_a_yes(tmp_path: Path, opened: list[str]) -> None:
    session = Session()
    session.profile = msgspec.structs.replace(PROFILE, practice=True)
    app = staged(tmp_path, session, session.profile)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await home_read(pilot, app)
        screen = await letter_of(pilot, app, "f5")
        await until(pilot, lambda: "This is a practice company" in text(app))
        assert screen.letter.template == "report"
        await until(pilot, lambda: "L language" in text(app))  # a key and its name stand on one line
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, LetterScreen))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert opened == []
        await pilot.press("y")
        await until(pilot, lambda: bool(opened))
        assert "The report does not go along this way" in told(app)
        await pilot.press("w")  # the report goes along
        await until(pilot, lambda: any((tmp_path / "saved").glob("*.eml")))
        (file,) = (tmp_path / "saved").glob("*.eml")
        assert b"multipart/mixed" in file.read_bytes()
