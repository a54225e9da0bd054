"""The whole way on the practice company: the real app, the real sync, both stand-ins."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from typing import Any

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.cli.console import Console
from octowizard.cli.practice import company
from octowizard.cli.wanted import Wanted
from octowizard.workspace.profiles import Profile
from tests.app.stage import over, text, told, until, words


def world(profile: Profile) -> dict[str, Any]:
    """Everything that both sides hold."""
    with urllib.request.urlopen(f"{profile.control_url}/world", timeout=30) as answer:
        held: dict[str, Any] = json.load(answer)
    return held


async def test_the_keys_on_screen_book_every_waiting_document_of_the_practice_company() -> None:
    with company(Wanted(scenario="healthy"), Console()) as accounts:
        before = await asyncio.to_thread(world, accounts.profile)
        session = accounts
        app = OctowizardApp(accounts.root, session)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, lambda: "read just now" in text(app), seconds=60)
            assert "⏎  Preview the sync" in text(app)
            await pilot.press("enter")
            await until(pilot, lambda: "s start the sync" in text(app), seconds=60)
            seen = await asyncio.to_thread(world, accounts.profile)
            assert seen["octopus"]["bookings"] == before["octopus"]["bookings"]
            assert seen["octopus"]["relations"] == before["octopus"]["relations"]
            await pilot.press("s")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press("enter")
            await over(pilot, app)
            assert "✔ Sync: complete" in words(app)
            await pilot.press("9")
            await until(pilot, lambda: "complete:" in text(app))
        after = await asyncio.to_thread(world, accounts.profile)
    waiting = len(after["octopus"]["bookings"]) - len(before["octopus"]["bookings"])
    assert waiting == 60
    assert not after["octopus"]["refused"]
    assert not after["teamleader"]["refused"]


def cure(profile: Profile, action: str, **arguments: str) -> None:
    """What a person would do in the vendor's own screens."""
    body = json.dumps({"action": action, **arguments}).encode()
    request = urllib.request.Request(f"{profile.control_url}/do", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


async def test_checks_names_what_is_broken_and_says_when_it_has_been_mended() -> None:
    with company(Wanted(scenario="wrong-journal-type"), Console()) as accounts:
        session = accounts
        app = OctowizardApp(accounts.root, session)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, lambda: "read just now" in text(app), seconds=60)
            await pilot.press("7", "p")
            await over(pilot, app)
            await until(pilot, lambda: "✖ Journal V2 has the wrong type" in text(app))
            await pilot.press("3", "a")
            await until(pilot, lambda: "›✖ Journal V2 has the wrong type" in text(app), seconds=60)
            await until(pilot, lambda: "Beheer > Dagboeken" in text(app))
            await pilot.press("4")
            await until(pilot, lambda: "V2, Boekjaar 2026" in text(app) and "wrong type" in text(app))
            await pilot.press("3")
            await asyncio.to_thread(
                cure, accounts.profile, "set-entry-type", journal="V2", type="bookings", year="2026"
            )
            await pilot.press("r")
            await until(pilot, lambda: "✔ Fixed: Journal V2 has the wrong type" in told(app), seconds=60)
            assert "0 blocking" in text(app)
        after = await asyncio.to_thread(world, accounts.profile)
    assert not after["octopus"]["refused"]
