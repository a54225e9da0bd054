"""The Set up screen by the keys it shows: on the scripted set-up, then scenario A on the real practice company."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.home import HomeScreen
from octowizard.app.screens.mapping import MappingScreen
from octowizard.app.screens.setup import SetupScreen
from octowizard.app.screens.setup_closing import SetupClosingScreen
from octowizard.cli.wanted import Wanted
from octowizard.onboarding.model import Declaration, State
from octowizard.workspace.errors import WorkspaceError
from tests.app.practising import company
from tests.app.stage import over, same_picture, staged, text, told, until, words
from tests.app.staged import StagedSession
from tests.app.staged_setup import StagedSetUp


def setup_app(root: Path) -> tuple[OctowizardApp, StagedSetUp]:
    session = StagedSession()
    setup = StagedSetUp()
    session.setup = setup
    return staged(root, session), setup


@asynccontextmanager
async def opened(
    root: Path, size: tuple[int, int] = (80, 24), *, notifications: bool = False
) -> AsyncIterator[tuple[Pilot[None], OctowizardApp, StagedSetUp]]:
    """The scripted set-up on its screen, at the first step."""
    app, setup = setup_app(root)
    async with app.run_test(size=size, notifications=notifications) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "›● Which integration" in text(app))
        yield pilot, app, setup


def pane(app: OctowizardApp) -> str:
    """What stands right of the rail, as running text; not what is sent, beside it."""
    columns = (line.split("│") for line in text(app).splitlines())
    return " ".join(" ".join(line[1] for line in columns if len(line) > 1).split())


async def test_the_question_comes_first_and_its_answer_leads_to_the_next_step(tmp_path: Path) -> None:
    async with opened(tmp_path) as (pilot, app, setup):
        assert "Scenario A" in text(app)
        assert "2 of 8" in text(app)
        await pilot.press("n")
        await until(pilot, lambda: "›● Journals" in text(app))
        assert setup.decided == [("booster", False)]
        assert setup.looked == []  # opening it costs no call


async def test_a_change_shows_exactly_what_is_sent_and_nothing_is_written_without_a_yes(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, (120, 50), notifications=True) as (pilot, app, setup):
        await pilot.press("n")
        await until(pilot, lambda: "›● Journals" in text(app))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        shown = words(app)
        for change in setup.steps[3].changes:
            for what, value in change.lines:
                assert what in shown
                assert value in shown
            assert change.who in shown
            assert f"{change.method} {change.path}" in shown
        assert "This cannot be undone." in shown
        await pilot.press("enter")  # red: enter says no
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))
        assert setup.made == []
        await pilot.press("enter", "y")  # the obvious next thing is the change
        await until(pilot, lambda: "›? Accounts of" in text(app))
        assert [change.id for change in setup.made] == ["create:Foo [BE] bvba", "create:V3"]
        assert setup.looked == ["create-journals"]
        assert "✔ Journal Foo [BE] bvba is there in Boekjaar 2026." in told(app)


async def test_what_the_vendor_refuses_stands_at_the_step_and_the_cursor_stays(tmp_path: Path) -> None:
    async with opened(tmp_path) as (pilot, app, setup):
        setup.fails = "Octopus says [/]: no."
        await pilot.press("n")
        await until(pilot, lambda: "›● Journals" in text(app))
        await pilot.press("d", "y")
        await until(pilot, lambda: "Octopus says [/]: no." in pane(app))
        assert "›● Journals" in text(app)


async def test_every_step_by_enter_but_for_its_questions(tmp_path: Path) -> None:
    async with opened(tmp_path, (100, 36)) as (pilot, app, setup):
        await pilot.press("n")
        await until(pilot, lambda: setup.decided == [("booster", False)] and "›● Journals" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: "›? Accounts of" in text(app))
        await pilot.press("enter")  # not known: read again
        await until(pilot, lambda: "›● Accounts of" in text(app))
        assert setup.looked[-1] == "map-accounts"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MappingScreen))
        setup.now("map-accounts", State.DONE)
        await pilot.press("backspace")
        await until(pilot, lambda: "✔ Accounts of" in text(app) and "›● Import companies" in text(app))


async def test_only_y_and_n_answer_a_question_and_enter_is_not_offered(tmp_path: Path) -> None:
    async with opened(tmp_path) as (pilot, app, setup):
        assert text(app).splitlines()[-1].startswith(" y yes  n no")
        await pilot.press("enter", "d")
        assert isinstance(app.screen, SetupScreen)
        assert setup.decided == []
        await pilot.press("y")
        await until(pilot, lambda: setup.decided == [("booster", True)])


async def test_a_question_that_was_answered_with_no_is_not_asked_again_where_something_can_be_done(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, (120, 50)) as (pilot, app, setup):
        await pilot.press("n")
        await until(pilot, lambda: "›● Journals" in text(app))
        answered = Declaration(key="vat-quarterly", question="Is it filed every quarter?", answer=False)
        setup.steps[3] = msgspec.structs.replace(setup.steps[3], declarations=(answered,))
        await pilot.press("r")
        await until(pilot, lambda: "You said: no." in pane(app) and app.focused is not None)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert "Invoertype (Entry type)" in words(app)


async def test_a_complete_set_up_sums_up_and_says_what_comes_next(tmp_path: Path) -> None:
    app, setup = setup_app(tmp_path)
    for step in setup.steps:
        setup.now(step.id, State.DONE)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, SetupClosingScreen))
        assert "✔ The set-up is complete 8 of 8" in words(app)
        assert "Dossier 9045119 is linked" in words(app)
        assert "Sync runs when you run it." in words(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen) and "⏎ go on" in text(app))
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, SetupClosingScreen))
        setup.now("first-sync", State.TODO)
        await pilot.press("1", "2")  # what comes back is shown, and no closing that no longer holds
        await until(pilot, lambda: isinstance(app.screen, SetupScreen) and "›● First sync" in text(app))
        setup.now("first-sync", State.DONE)
        await pilot.press("1", "2")
        await until(pilot, lambda: isinstance(app.screen, SetupClosingScreen))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_a_step_can_be_skipped_after_its_consequence_was_shown_and_taken_up_again(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as (pilot, app, setup):
        await pilot.press("n")
        await until(pilot, lambda: "›● Journals" in text(app))
        await pilot.press("k")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and "are not booked." in text(app))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))
        await pilot.press("k")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: "– Journals" in text(app))
        assert setup.decided[-1] == ("create-journals", False)
        await pilot.press("home", "down", "down", "down", "k")
        await until(pilot, lambda: setup.decided[-1] == ("create-journals", True))


async def test_another_scenario_can_be_chosen_and_is_said_to_be_a_choice(tmp_path: Path) -> None:
    app, setup = setup_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "Scenario A" in text(app))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, FormScreen) and "detected" in text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Chosen scenario B" in text(app))
        await pilot.press("c", *"a", "enter")
        await until(pilot, lambda: setup.decided == ["b", None])


async def test_another_dossier_on_a_used_workspace_is_a_red_question_that_names_the_loss(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, (100, 36)) as (pilot, app, setup):
        setup.loss = "This workspace belongs to [another] dossier"
        await pilot.press("down", "down", "p")
        await until(pilot, lambda: isinstance(app.screen, FormScreen) and "Maes [Holding]" in text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and "… and 8 more" in text(app))
        assert setup.loss in words(app)
        assert app.screen.has_class("-red")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))
        assert setup.decided == []
        await pilot.press("p", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: "9045126 Maes" in text(app))
        assert app.profile is not None
        assert app.profile.dossier_id == 9045126
        await until(pilot, lambda: setup.looked == ["choose-dossier"])


async def test_start_date_journals_and_numbering_are_chosen_and_a_wrong_day_is_told(tmp_path: Path) -> None:
    async with opened(tmp_path, (100, 36), notifications=True) as (pilot, app, setup):
        await pilot.press("end", "up", "p")
        await until(pilot, lambda: isinstance(app.screen, FormScreen) and "start date" in text(app))
        await pilot.press(*"tomorrow", "enter", "enter", "enter", "enter")
        await until(pilot, lambda: "“tomorrow” is no day" in told(app))
        assert setup.decided == []
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press(*"2026-10-01", "enter", *"v3", "enter", "enter", "down", "enter")
        await until(pilot, lambda: len(setup.decided) == 3)
        assert setup.decided == [
            {"start_date": date(2026, 10, 1)},
            {"invoice_journal": "V3"},
            {"numbering": "follow"},
        ]


async def test_the_import_shows_a_preview_its_progress_and_what_failed(tmp_path: Path) -> None:
    async with opened(tmp_path, (100, 36), notifications=True) as (pilot, app, setup):
        await pilot.press("end", "up", "up", "p")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and "Link and import?" in text(app))
        for said in ("imported as new companies", "4 suppliers only", "payment term  6", "customer number"):
            assert said in words(app) or said in text(app)
        assert setup.imports == 0
        setup.hold = True
        await pilot.press("y")
        await until(pilot, lambda: "importing 6/15 · about" in words(app))
        assert setup.imports == 0
        await pilot.press("q")
        await until(pilot, lambda: "Something is being written" in text(app))
        await pilot.press("n", "escape")
        await until(pilot, lambda: "stopping" in text(app))


async def test_an_import_that_ended_is_told_with_what_is_left(tmp_path: Path) -> None:
    async with opened(tmp_path, (100, 36), notifications=True) as (pilot, app, _setup):
        await pilot.press("end", "up", "up", "enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "14 imported" in text(app))
        assert "7 Foo [BE] bvba: Teamleader does not take [/]." in words(app)
        await pilot.press("escape")
        await until(pilot, lambda: "✔ Import companies" in text(app))


async def test_how_it_is_done_by_hand_and_the_ready_files_can_be_copied(tmp_path: Path) -> None:
    async with opened(tmp_path, (100, 36), notifications=True) as (pilot, app, _setup):
        await pilot.press("down", "down", "down", "s")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "Beheer > Dagboeken" in text(app))
        await pilot.press("escape", "e")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "Skipping" in text(app))
        await pilot.press("escape", "end", "f")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "30 6 * * *" in text(app))
        await pilot.press("c")
        await until(pilot, lambda: "clipboard" in told(app) or "Handed to" in told(app))


async def test_reading_shows_its_progress_and_can_be_stopped(tmp_path: Path) -> None:
    async with opened(tmp_path, notifications=True) as (pilot, app, setup):
        setup.hold = True
        await pilot.press("r")
        await until(pilot, lambda: "● reading journals 4" in text(app) and "esc stop" in text(app))
        await pilot.press("d", "n", "escape")
        await until(pilot, lambda: "Stopped." in told(app) and "r check again" in text(app))
        assert setup.decided == []


async def test_mode_and_languages_are_chosen_at_the_first_step(tmp_path: Path) -> None:
    async with opened(tmp_path, (100, 36)) as (pilot, app, setup):
        await pilot.press("p")
        await until(
            pilot,
            lambda: isinstance(app.screen, FormScreen) and "Who books, and in which languages?" in text(app),
        )
        await pilot.press("down", "enter", "enter", "enter", "enter", *"fr", "enter")
        await until(pilot, lambda: len(setup.decided) == 2)
        assert setup.decided == [{"mode": "observer"}, {"locale_id": 2}]


async def test_the_head_shows_the_counts_of_then_beside_those_of_now_and_a_second_look_says_what_came_of_it(
    tmp_path: Path,
) -> None:
    app, setup = setup_app(tmp_path)
    async with app.run_test(size=(100, 36), notifications=True) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "Octopus: 1 customer, 0 fiscal years." in text(app))
        assert "When detected" not in text(app)
        setup.counts = "2 fiscal years"
        await pilot.press("r")
        await until(pilot, lambda: "Read again: the figures are as they are now" in told(app))
        assert "When detected: Octopus: 1 customer, 0 fiscal years." in words(app)
        assert "Now: 2 fiscal years." in words(app)
        await pilot.press("r")
        await until(pilot, lambda: "Read again: nothing has changed." in told(app))


async def test_nothing_known_yet_is_read_by_itself_once(tmp_path: Path) -> None:
    app, setup = setup_app(tmp_path)
    setup.now("connect-octopus", State.UNKNOWN)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: setup.looked == [""] and "r check again" in text(app))
        await pilot.press("1", "2")
        await until(pilot, lambda: "1 of 8" in text(app))
        assert setup.looked == [""]


async def test_a_broken_workspace_is_one_sentence(tmp_path: Path) -> None:
    app, setup = setup_app(tmp_path)

    def broken() -> Any:
        raise WorkspaceError("The workspace [/] is damaged.")

    setup.kept = broken  # type: ignore[method-assign] # the one that breaks
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "✖ The workspace [/] is damaged." in text(app))


async def test_a_long_step_is_paged_without_leaving_it(tmp_path: Path) -> None:
    app, _setup = setup_app(tmp_path)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "›● Which" in text(app))
        await pilot.press("down", "down", "down")
        await until(pilot, lambda: "Journals  to do" in text(app))
        await pilot.press("pagedown")
        await until(pilot, lambda: "Journals  to do" not in text(app))
        await pilot.press("up", "down")
        await until(pilot, lambda: "Journals  to do" in text(app))


# --- the real one -------------------------------------------------------------------------------------------


def world(control_url: str | None) -> dict[str, Any]:
    """Everything that both sides hold."""
    with urllib.request.urlopen(f"{control_url}/world", timeout=30) as answer:
        held: dict[str, Any] = json.load(answer)
    return held


TO_A_CLEAN_SYNC, TO_THE_CLOSING = 12, 16  # key presses, counted from the opening of the app
STEPS_OF_A = 14


@pytest.mark.parametrize(("width", "height"), [(80, 24), (160, 50)], ids=str)
async def test_from_an_empty_octopus_to_a_clean_first_sync_by_keys_alone(width: int, height: int) -> None:
    """Scenario A in 12 key presses, on Home, Set up and Sync, in 16 to the closing; with a picture of each step."""
    with company(Wanted(scenario="a")) as accounts:
        app = OctowizardApp(accounts.root, accounts)
        pressed: list[str] = []
        async with app.run_test(size=(width, height), notifications=True) as pilot:

            async def press(*keys: str) -> None:
                pressed.extend(keys)
                await pilot.press(*keys)

            async def at(step: str) -> None:
                def there() -> bool:
                    shown = text(app)
                    return f"›● {step[:20]}" in shown and not any(
                        f"● {one}" in shown for one in ("reading", "comparing", "writing")
                    )

                await until(pilot, there, 60)
                app.clear_notifications()
                name = step.lower().replace(" ", "-")
                await same_picture(pilot, app, f"a-{name}-{width}x{height}")

            def answered() -> int:
                guide = app.screen.guide if isinstance(app.screen, SetupScreen) else None
                asked = (one for step in (guide.steps if guide else ()) for one in step.declarations)
                return sum(one.answer is not None for one in asked)

            async def answer_yes() -> None:
                before = answered()
                await press("y")
                await until(pilot, lambda: answered() > before, 60)

            async def asked(step: str) -> None:
                await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
                name = step.lower().replace(" ", "-")
                await same_picture(pilot, app, f"a-{name}-asked-{width}x{height}")

            await until(pilot, lambda: "read just now" in text(app) and "not set up yet" in text(app), 60)
            await press("enter")  # what needs attention first is the set-up
            await at("Which integration")
            await press("n")
            await at("Fiscal year")
            await answer_yes()
            await until(pilot, lambda: "question 2 of 2" in text(app))
            await answer_yes()
            await press("enter")
            await asked("Fiscal year")
            assert "Create journal V1 in Boekjaar 2027" in words(app)
            await press("y")  # the journals too: they follow from the years, and were shown
            await at("Ledger accounts")
            await press("enter")
            await asked("Ledger accounts")
            assert "Has your accountant agreed" in words(app)
            await press("y")
            for step in ("VAT type of customers", "Connection and start date"):
                await at(step)
                await press("y")
            await at("First sync")
            await press("enter")  # the preview; as nothing stands in the way, it asks whether to sync
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen), 60)
            assert "Nothing has been written so far" in words(app)
            await press("y")
            await over(pilot, app)
            assert "✔ Sync: complete" in words(app)
            assert len(pressed) <= TO_A_CLEAN_SYNC
            await press("2")
            await at("Payments")
            await press("enter")
            await asked("Payments")
            await press("y")
            await at("Automatic syncing")
            await press("n")
            await until(pilot, lambda: isinstance(app.screen, SetupClosingScreen))
            assert len(pressed) <= TO_THE_CLOSING
            app.clear_notifications()
            await same_picture(pilot, app, f"a-closing-{width}x{height}")
            assert "30 documents stand in Octopus" in words(app)
            await pilot.press("escape", "home")
            await until(pilot, lambda: "›✔ Which integration" in text(app))
            for number in range(STEPS_OF_A):  # all steps as they stand at the end
                await same_picture(pilot, app, f"a-end-{number + 1:02}-{width}x{height}")
                await pilot.press("down")
        held = await asyncio.to_thread(world, accounts.profile.control_url)
    assert len(held["octopus"]["bookings"]) == 30
    # A look for a journal that is not there yet is refused; no write is.
    assert all(one["operation"].startswith("GET ") for one in held["octopus"]["refused"])
    assert not held["teamleader"]["refused"]
