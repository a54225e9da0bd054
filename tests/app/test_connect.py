"""The first screen leads on by keys alone: to the practice company, to one's own accounts, to an answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.connect import ConnectScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.start import WANTS_PRACTICE
from octowizard.session import connect
from octowizard.workspace import drafts, profiles
from tests.app.stage import text, until, words
from tests.consent import agreed, free_port, visit
from tests.sync.company import Company, company


LONGEST_TYPED = 12


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(
        tmp_path_factory.mktemp("other"), "--customers", "3", "--documents", "1", "--limits", "off"
    ) as served:
        yield served


async def fill_in(pilot: Pilot[None], *values: str) -> None:
    """Wait for the form, type into its fields (an empty value takes what stands there) and send it.

    What is long is pasted, as a person does.
    """
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, FormScreen))
    form = app.screen
    for number, value in enumerate(values):
        await until(
            pilot,
            lambda: form.focused is form.query_one(f"#field-{number}", Input),  # noqa: B023 - now
        )
        if len(value) > LONGEST_TYPED and form.focused is not None:
            form.focused.post_message(Paste(value))
            value = ""
        await pilot.press(*value, "enter")
    await until(pilot, lambda: app.screen is not form)


async def goes_on(pilot: Pilot[None], title: str) -> None:
    """Wait for a stage, and go into it."""
    app = pilot.app
    assert isinstance(app, OctowizardApp)
    await until(pilot, lambda: title in text(app) and "trying it" not in text(app))
    await pilot.press("enter")


async def test_from_welcome_to_home_by_keys_alone_with_a_wrong_password_on_the_way(
    tmp_path: Path, served: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, port = served.line, free_port()
    served.do("teamleader-register-redirect", address=f"http://localhost:{port}/callback")
    monkeypatch.setattr(connect, "VENDORS", connect.Addresses(
        octopus=line["octopus_url"], teamleader=line["teamleader_url"],
        teamleader_sign_in=line["teamleader_auth_url"],
    ))  # fmt: skip
    monkeypatch.setattr(connect, "PORT", port)
    monkeypatch.setattr("octowizard.app.app.over_ssh", lambda: False)
    monkeypatch.setattr(
        "webbrowser.open",
        lambda page: threading.Thread(target=lambda: visit(agreed(page)), daemon=True).start(),
    )
    octopus, teamleader = line["octopus"], line["teamleader"]
    app = OctowizardApp(tmp_path, None)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Connect your accounts" in text(app))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, ConnectScreen))
        await pilot.press("enter")
        await fill_in(pilot, "mine", "", "file")
        await goes_on(pilot, "Octopus: sign in")
        await fill_in(pilot, octopus["software_house"], octopus["user"], "wrong", "")
        await until(pilot, lambda: "Octopus refuses this user or password" in words(app))
        assert drafts.names(tmp_path) == []
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        assert app.screen.query_one("#field-2", Input).password
        await fill_in(pilot, octopus["software_house"], octopus["user"], octopus["password"], "")
        await goes_on(pilot, "Octopus: the dossier")
        await fill_in(pilot, "")
        await goes_on(pilot, "Teamleader: the integration")
        assert drafts.names(tmp_path) == ["mine"]
        await fill_in(pilot, teamleader["client_id"], teamleader["client_secret"])
        await goes_on(pilot, "Teamleader: let octowizard in")
        await goes_on(pilot, "Teamleader: the company entity")
        await fill_in(pilot, "")
        await goes_on(pilot, "Name and VAT number are the same.")
        await fill_in(pilot, "")
        await goes_on(pilot, "The sync")
        await fill_in(pilot, "none", "2026-01-01", "", "")
        await goes_on(pilot, "Connected")
        await until(pilot, lambda: app.current_mode == "home" and "read just now" in text(app))
    assert profiles.load(tmp_path, "mine").dossier_id == line["dossier_id"]


async def test_a_message_is_explained_without_accounts_and_the_practice_company_is_a_key_away(
    tmp_path: Path,
) -> None:
    app = OctowizardApp(tmp_path, None)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Diagnose a message" in text(app))
        await pilot.press("d")
        await fill_in(pilot, "Book year period is closed")
        await until(pilot, lambda: "What to do" in text(app))
        await pilot.press("escape")
        await pilot.press("p")
    assert app.return_code == WANTS_PRACTICE
    assert profiles.names(tmp_path) == []
