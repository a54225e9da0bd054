"""'Do it for me' beside a finding and beside a failing document."""

from __future__ import annotations

from pathlib import Path

import msgspec

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.sync import SyncScreen
from octowizard.cli.wanted import Wanted
from octowizard.sync import events as e
from octowizard.sync.calls import CallsLeft
from tests.app import staged as script
from tests.app.practising import company
from tests.app.stage import over, staged, text, told, until, words
from tests.app.staged import StagedSession
from tests.app.staged_checks import WRONG_TYPE, checked
from tests.app.staged_setup import StagedSetUp


async def test_a_finding_is_mended_after_the_exact_change_was_shown_and_checked_again(tmp_path: Path) -> None:
    session, setup = StagedSession(), StagedSetUp()
    session.setup, session.checked = setup, checked()
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 36), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "Period 202603" in text(app))
        await pilot.press("d")  # nothing is offered for this one
        assert isinstance(app.screen, ChecksScreen)
        await pilot.press("down")
        await until(pilot, lambda: f"›✖ {WRONG_TYPE.title}" in text(app) and "d do it for me" in text(app))
        await until(pilot, lambda: "d does it" in text(app))
        await pilot.press("d")
        await until(
            pilot, lambda: isinstance(app.screen, ConfirmScreen) and "Creditnota's Foo [BE]" in text(app)
        )
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ChecksScreen))
        assert setup.made == []
        await pilot.press("d", "y")
        await until(pilot, lambda: session.checks_asked == [WRONG_TYPE.problem])
        assert len(setup.made) == 1
        assert "✔ Journal Foo [BE] bvba is there" in told(app)


async def test_what_is_told_stands_above_the_keys_and_covers_neither_the_remedy_nor_the_calls_left(
    tmp_path: Path,
) -> None:
    session = StagedSession()
    few = (CallsLeft(label="journals", left=1, limit=24),)
    session.checked = msgspec.structs.replace(checked(), calls_left=few)
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "Calls left" in text(app))
        app.tell("✔ Journal V2 of 2026 takes Sales bookings.")
        await until(pilot, lambda: "takes Sales bookings" in text(app))
        lines = text(app).splitlines()
        assert next(n for n, line in enumerate(lines) if "takes Sales bookings" in line) == len(lines) - 2
        assert any("What to do" in line for line in lines)
        assert any("Calls left" in line for line in lines)


async def test_what_the_vendor_refuses_is_told_and_checked_again(tmp_path: Path) -> None:
    session, setup = StagedSession(), StagedSetUp()
    session.setup, session.checked = setup, checked()
    setup.fails = "Octopus says [/]: no."
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 36), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "Period 202603" in text(app))
        await pilot.press("down")
        await until(pilot, lambda: "d do it for me" in text(app))
        await pilot.press("d", "y")
        await until(pilot, lambda: "Octopus says [/]: no." in told(app))


async def test_a_failing_document_offers_the_change_that_mends_its_cause(tmp_path: Path) -> None:
    why = msgspec.structs.replace(script.CLOSED, problem="wrong-journal-type")
    happens = [
        msgspec.structs.replace(event, explanation=why) if isinstance(event, e.DocumentFailed) else event
        for event in script.company()
    ]
    session, setup = StagedSession(happens), StagedSetUp()
    session.setup = setup
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 36), notifications=True) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await until(pilot, lambda: "d do it for me" in text(app))
        await pilot.press(
            "enter"
        )  # the whole page names the key too, so it is in its footer and does the same
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "d do it for me" in text(app))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: len(setup.made) == 1)
        await until(
            pilot,
            lambda: isinstance(app.screen, SyncScreen) and "✔ Journal Foo [BE] bvba is there" in told(app),
        )


async def test_a_wrong_entry_type_is_mended_in_octopus_by_two_keys() -> None:
    with company(Wanted(scenario="wrong-journal-type")) as accounts:
        app = OctowizardApp(accounts.root, accounts)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, lambda: "read just now" in text(app), seconds=60)
            await pilot.press("3", "a")
            await until(pilot, lambda: "›✖ Journal V2 has the wrong type" in text(app), seconds=60)
            await until(pilot, lambda: "d do it for me" in text(app))
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and "V2" in words(app))
            await pilot.press("y")
            await until(pilot, lambda: "✔ Fixed: Journal V2 has the wrong type" in told(app), seconds=60)
