"""Scenarios B and C on the real practice company, by keys alone: from nothing to a sync that leaves nothing failing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.pilot import Pilot

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.duplicates import DuplicatesScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.setup_closing import SetupClosingScreen
from octowizard.cli.wanted import Wanted
from octowizard.session.session import Session
from tests.app.practising import company
from tests.app.stage import over, text, until, words
from tests.app.test_setup import world

B_TO_THE_CLOSING, C_TO_A_CLEAN_SYNC = 14, 25  # key presses, counted from the opening of the app


def app_of(accounts: Session) -> OctowizardApp:
    return OctowizardApp(accounts.root, accounts)


def at(app: OctowizardApp, step: str) -> Callable[[], bool]:
    """Whether the cursor is on this step, and nothing goes on."""

    def there() -> bool:
        shown = text(app)
        return f"›● {step}" in shown and not any(
            f"● {what}" in shown for what in ("reading", "comparing", "writing", "import")
        )

    return there


class Keys:
    """Presses keys, and counts them from the opening of the app."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self._pilot = pilot
        self.pressed = 0

    async def __call__(self, *keys: str) -> None:
        self.pressed += len(keys)
        await self._pilot.press(*keys)


async def begin(pilot: Pilot[None], press: Keys, app: OctowizardApp, step: str) -> None:
    """Open Set up and answer the first question."""
    await until(pilot, lambda: "read just now" in text(app), 60)
    await press("2")
    await until(pilot, at(app, "Which integration"), 60)
    await press("n")
    await until(pilot, at(app, step), 60)


async def sync(pilot: Pilot[None], press: Keys, app: OctowizardApp) -> None:
    """From the step First sync through the preview to the end of the sync."""
    await press("enter")
    await until(pilot, lambda: isinstance(app.screen, ConfirmScreen), 60)
    assert "Nothing has been written so far" in words(app)
    await press("y")
    await over(pilot, app)
    assert "✔ Sync: complete" in words(app)


async def test_b_brings_the_customers_of_octopus_over_and_then_books_the_first_invoices() -> None:
    with company(Wanted(scenario="b", customers=20)) as accounts:
        app = app_of(accounts)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            press = Keys(pilot)
            await begin(pilot, press, app, "Import companies")
            await press("enter")
            await until(
                pilot, lambda: isinstance(app.screen, ConfirmScreen) and "Link and import?" in text(app), 60
            )
            await press("y")
            await until(pilot, at(app, "Connection and start"), 60)
            await press("y")
            await until(pilot, lambda: isinstance(app.screen, SetupClosingScreen), 60)
            assert "First sync: with the first invoice or credit note." in words(app)
            assert press.pressed <= B_TO_THE_CLOSING
            app.clear_notifications()
            await press("0")  # nothing waits yet: people make the first invoices
            await until(pilot, lambda: "Open a closed fiscal year" in text(app))
            await press("slash", *"make and book", "enter", "enter")
            await until(pilot, lambda: isinstance(app.screen, FormScreen))
            await press("3", "enter", "enter")
            await until(pilot, lambda: "✔ Make and book" in text(app))
            await press("2")
            await until(pilot, lambda: isinstance(app.screen, SetupClosingScreen))
            await press("escape", "r")  # a document waits now: it comes back
            await until(pilot, at(app, "First sync"), 60)
            await sync(pilot, press, app)
        held = await asyncio.to_thread(world, accounts.profile.control_url)
    assert len(held["teamleader"]["companies"]) + len(held["teamleader"]["contacts"]) == 20
    assert len(held["octopus"]["bookings"]) == 3
    assert len(held["octopus"]["relations"]) == 22


async def test_c_links_who_is_the_same_imports_the_rest_and_books_everything() -> None:
    with company(Wanted(scenario="c")) as accounts:
        before = await asyncio.to_thread(world, accounts.profile.control_url)
        app = app_of(accounts)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            press = Keys(pilot)
            await begin(pilot, press, app, "VAT type of customers")
            await press("y")
            await until(pilot, at(app, "Import companies"), 60)
            await press("enter")
            # the set-up has read both sides for its own count
            await until(
                pilot, lambda: isinstance(app.screen, DuplicatesScreen) and "1 of 51" in text(app), 60
            )
            for _round in ("who is sure", "who was answered for"):
                await press("i")
                await until(pilot, lambda: isinstance(app.screen, ConfirmScreen), 60)
                await press("y")
                await until(pilot, lambda: isinstance(app.screen, DetailScreen), 60)
                await press("escape")
                await until(pilot, lambda: isinstance(app.screen, DuplicatesScreen))
                if "5 doubtful" in text(app):
                    await press(*"nnnnn")  # other people of the same name
            await press("2")
            await until(pilot, at(app, "Connection and start"), 60)
            await press("y")
            await until(pilot, at(app, "First sync"), 60)
            await sync(pilot, press, app)
            assert press.pressed <= C_TO_A_CLEAN_SYNC
        held = await asyncio.to_thread(world, accounts.profile.control_url)
    assert len(held["octopus"]["bookings"]) - len(before["octopus"]["bookings"]) == 30
    new = len(held["octopus"]["relations"]) - len(before["octopus"]["relations"])
    assert new < len(before["octopus"]["relations"]) / 4  # who is the same was not made a second time
