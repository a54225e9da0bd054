"""The first screen leads on by keys alone: to the practice company, to one's own accounts, to an answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.connect import ConnectScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.start import WANTS_PRACTICE
from octowizard.session import connect
from octowizard.session.session import Session
from octowizard.workspace import drafts, profiles, secrets
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


async def test_what_a_field_asks_stands_above_it_also_where_the_form_is_longer_than_its_room(
    tmp_path: Path,
) -> None:
    app = OctowizardApp(tmp_path, None)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Connect your accounts" in text(app))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, ConnectScreen))
        await pilot.press("a")
        await until(pilot, lambda: "Port of the redirect address" in text(app))
        await pilot.press(*["tab"] * 4)
        await until(pilot, lambda: "Port of the redirect address" not in text(app))
        await pilot.press(*["shift+tab"] * 4)
        await until(pilot, lambda: "Port of the redirect address" in text(app))


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


def signed_in_by_browser(root: Path, served: Company, name: str, days: int) -> profiles.Profile:
    """Real accounts whose sign-in to Octopus was made so many days ago; nobody is asked for them in these tests."""
    made = profiles.load(served.home, "p")
    profile = msgspec.structs.replace(
        made, name=name, practice=False, control_url="", secrets="file", octopus_sign_in="browser"
    )
    profiles.save(root, profile)
    store = secrets.store_of(root, profile)
    for secret in secrets.needed_names("browser"):
        store.write(secret, "kept")
    day = datetime.now(UTC).date() - timedelta(days=days)
    store.write(secrets.OCTOPUS_REFRESH_TOKEN, f"kept {day}")
    return profile


async def test_home_tells_that_the_sign_in_to_octopus_ends_and_its_key_signs_in_again(
    tmp_path: Path, served: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, port = served.line, free_port()
    served.do("register-redirect", address=f"http://localhost:{port}/callback")
    profile = signed_in_by_browser(tmp_path, served, "mine", days=50)
    here = line["octopus_url"].partition("/octopus-rest")[0]
    profile = msgspec.structs.replace(profile, octopus_oauth_url=f"{here}/octopus-oauth")
    profiles.save(tmp_path, profile)
    monkeypatch.setattr(connect, "PORT", port)
    monkeypatch.setattr("octowizard.app.app.over_ssh", lambda: False)
    monkeypatch.setattr(
        "webbrowser.open",
        lambda page: threading.Thread(target=lambda: visit(agreed(page)), daemon=True).start(),
    )
    app = OctowizardApp(tmp_path, Session(tmp_path, profile))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(
            pilot, lambda: "sign in again (i)." in words(app) and app.runner is not None and app.runner.idle
        )
        await pilot.press("i")
        await until(pilot, lambda: "Sign in again: mine" in text(app))
        await pilot.press("enter")
        await fill_in(pilot, "octopus", "browser")
        await goes_on(pilot, "Octopus: sign in")
        await fill_in(pilot, line["octopus"]["software_house"], "")
        await goes_on(pilot, "Octopus: let octowizard in")
        await goes_on(pilot, "Octopus: the dossier")
        await fill_in(pilot, "")
        await until(pilot, lambda: "mine is signed in again." in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.next_profile == "mine")
    assert Session(tmp_path, profile).sign_in_ends() is None


async def test_half_connected_accounts_stand_among_the_profiles_and_go_on_from_there(
    tmp_path: Path, served: Company
) -> None:
    profile = signed_in_by_browser(tmp_path, served, "mine", days=1)
    half = drafts.OctopusHalf(url="https://octopus.example", locale_id=0, dossier_id=9000001, name="Other")
    drafts.save(tmp_path, drafts.Draft(name="other", secrets="file", octopus=half))
    app = OctowizardApp(tmp_path, Session(tmp_path, profile))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.runner is not None and app.runner.idle and "✖ " in text(app))
        assert "sign in again" not in words(app)
        await pilot.press("f4")
        await until(pilot, lambda: "half connected, so far: Octopus" in text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Half connected: other." in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Teamleader: the integration" in text(app))
