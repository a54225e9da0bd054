"""All screens tell one story: what was answered, mended, booked or goes on is known on Home, and counts add up."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from pathlib import Path

import pytest
from textual.pilot import Pilot

from octowizard.app import app as app_module
from octowizard.app.app import OctowizardApp
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.home import HomeScreen
from octowizard.app.screens.setup import SetupScreen
from octowizard.app.screens.sync import SyncScreen
from octowizard.cli.wanted import Wanted
from octowizard.onboarding.model import State
from octowizard.presentation.next_step import sentence
from octowizard.presentation.overview import in_words
from octowizard.progress import Report, Stop, Wait, tell_wait
from octowizard.session.next_step import Way
from octowizard.session.overview import how_far
from octowizard.session.profile_session import Checked
from octowizard.session.session import Session
from octowizard.sync.options import SyncOptions
from tests.app.practising import company
from tests.app.stage import home_read, over, staged, text, until, words
from tests.app.staged import StagedSession
from tests.app.staged_setup import StagedSetUp
from tests.app.test_flow import clean

SECONDS = 120.0
FIGURES = re.compile(r"[✔○✖–] (\d+) (booked|ready|blocked|excluded)")


async def set_up(session: Session) -> None:
    """Answer and make all that the set-up asks for, up to its first sync."""
    setup = session.setup
    guide = await setup.look("", _silent)
    for _step in range(40):
        step = next((one for one in guide.steps if one.id == guide.current), None)
        if step is None or step.id == "first-sync":
            return
        asked = [one for one in step.declarations if one.answer is None]
        if asked:
            guide = setup.declare(asked[0].key, asked[0].key != "booster")
        elif step.changes:
            await setup.make(step.id, step.changes, _silent, Stop())
            guide = await setup.look(step.id, _silent)
        elif step.id == "import-companies":
            await setup.preview_import(_silent)
            await setup.import_companies(lambda *_told: None, Stop(), _silent)
            guide = await setup.look("", _silent)
        elif step.skip is not None:
            guide = setup.skip(step.id)
        else:
            guide = await setup.look(step.id, _silent)


def _silent(_what: str, _count: int) -> None:
    """Nobody listens."""


def figures(app: OctowizardApp) -> dict[str, int]:
    """The counts on the bar of Home."""
    return {name: int(number) for number, name in FIGURES.findall(text(app))}


async def settled(pilot: Pilot[None], app: OctowizardApp) -> None:
    """Home shows what is so now, and reads nothing."""

    def so() -> bool:
        runner = app.runner
        return (
            runner is not None and runner.up_to_date and runner.live() is None and app.current_mode == "home"
        )

    await until(pilot, lambda: so() and "read " in text(app) and "One moment" not in text(app), SECONDS)


async def test_after_the_set_up_and_a_clean_sync_home_says_that_all_is_booked() -> None:
    with company(Wanted(scenario="a")) as session:
        app = OctowizardApp(session.root, session)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot, app)
            assert "⏎ Go on with the set-up: Which integration" in words(app)
            assert figures(app) == {"blocked": 30}
            await pilot.press("2")
            await until(pilot, lambda: isinstance(app.screen, SetupScreen))
            await asyncio.to_thread(lambda: asyncio.run(set_up(session)))
            await pilot.press("1")
            await settled(pilot, app)
            assert "not set up yet" not in text(app)
            assert figures(app) == {"ready": 30}
            assert "⏎ Preview the sync: 30 documents are ready" in words(app)
            await pilot.press("enter")
            await until(pilot, lambda: "s start the sync" in text(app), SECONDS)
            await pilot.press("s")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press("y")
            await over(pilot, app)
            await pilot.press("1")
            await settled(pilot, app)
            assert figures(app) == {"booked": 30}
            assert "blocked" not in text(app)
            assert "Preview the sync" not in text(app)


@pytest.mark.parametrize("scenario", ["tour", "wrong-journal-type", "healthy"])
async def test_home_the_preview_and_the_command_line_count_the_same_documents(scenario: str) -> None:
    with company(Wanted(scenario=scenario)) as session:
        app = OctowizardApp(session.root, session)
        async with app.run_test(size=(100, 30)) as pilot:
            await settled(pilot, app)
            counted = figures(app)
            await pilot.press("7", "p")
            await until(pilot, lambda: "Preview: " in text(app) and "s start the sync" in text(app), SECONDS)
            shown = {name: number for name, number in figures(app).items() if number}
            assert shown == counted
            counts = session.kept_checks().overview.counts
            assert counts is not None
            assert sum(counted.values()) == counts.total
            await pilot.press("1")
            await settled(pilot, app)
            assert figures(app) == counted


async def test_what_was_mended_is_no_longer_on_home_and_its_documents_are_ready() -> None:
    with company(Wanted(scenario="tour")) as session:
        app = OctowizardApp(session.root, session)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot, app)
            before = figures(app)
            assert "frees 12" in words(app)
            await pilot.press("enter")  # what Next says is asked first
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen), SECONDS)
            await pilot.press("y")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            await until(pilot, lambda: figures(app).get("ready") == before["ready"] + 12, SECONDS)
            await settled(pilot, app)
            assert "Journal V2 has the wrong type" not in text(app)
            after = figures(app)
            assert after["blocked"] == before["blocked"] - 12
            assert sum(after.values()) == sum(before.values())
            await pilot.press("3")
            await until(pilot, lambda: isinstance(app.screen, ChecksScreen))
            await until(pilot, lambda: "Journal V2 has the wrong type" not in text(app))


@pytest.mark.parametrize("scenario", ["b", "c"])
async def test_an_unfinished_set_up_comes_before_a_first_sync_and_before_nothing_to_do(scenario: str) -> None:
    with company(Wanted(scenario=scenario)) as session:
        app = OctowizardApp(session.root, session)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot, app)
            assert "⏎ Go on with the set-up: Which integration" in words(app)
            assert "Nothing to do" not in text(app)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, SetupScreen))
            await until(pilot, lambda: "›● Which integration" in text(app), SECONDS)
            await until(pilot, lambda: app.live() is None, SECONDS)
            await pilot.press("n")
            await until(pilot, lambda: "›● Which integration" not in text(app), SECONDS)
            await pilot.press("1")
            await settled(pilot, app)
            assert "Which integration" not in text(app)
            assert "Go on with the set-up: " in words(app)


async def test_duplicates_that_nobody_has_settled_keep_from_syncing() -> None:
    with company(Wanted(scenario="c")) as session:
        await session.look()
        await session.setup.look("", _silent)
        session.setup.declare("booster", False)
        shown = session.kept_checks().overview
        assert shown.setup is not None
        assert shown.setup.keeps_from_syncing
        assert shown.next.way.leads == "setup"
        assert shown.next.other is None  # nor is a sync the other way
        assert shown.doubles is not None


async def test_before_both_sides_are_known_no_sync_is_offered_past_customers_that_may_be_there_twice() -> (
    None
):
    with company(Wanted(scenario="c")) as session:
        await session.look()
        shown = session.kept_checks().overview
        assert (shown.next.way.leads, shown.next.other) == ("setup", None)


async def test_after_an_import_nobody_is_asked_again_and_the_new_ones_are_counted() -> None:
    with company(Wanted(scenario="c")) as session:
        await session.look()
        await session.setup.look("", _silent)
        pairs = session.duplicates
        across = pairs.queue("across")
        doubtful = [across.case(place) for place in range(len(across)) if across.kind(place) == "doubtful"]
        for number, case in enumerate(doubtful):  # one is the same, which teaches that the others may be
            pairs.answer(case.names, number == 0, {})
        done = await pairs.smart_import(lambda *_told: None, Stop(), _silent, look_after=True)
        within = pairs.queue("within")
        assert len(doubtful) > 2
        assert within.count("doubtful") == within.count("sure") == 0
        now = session.setup.kept().counts
        assert f"{48 + done.imported.made - len(doubtful) + 1} companies" in now
        assert f"{12 + len(doubtful) - 1} contacts" in now


async def test_the_next_numbers_are_those_after_what_was_booked() -> None:
    with company(Wanted(scenario="healthy")) as session:
        await session.look()
        await session.sync(SyncOptions(), lambda _event: None, Stop())
        shown = session.kept_checks().overview
        last: dict[str, int] = {}
        for booked in session.snapshot().booked:
            last[booked.journal] = max(last.get(booked.journal, 0), booked.number)
        assert last
        for numbers in shown.numbers:
            journal, number = numbers.split("/")
            assert int(number) > last.get(journal, 0)


async def test_while_a_sync_goes_on_every_screen_tells_how_far_it_is_and_enter_on_home_leads_there(
    tmp_path: Path,
) -> None:
    session = StagedSession(clean())
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        assert "⟳ idle" in text(app).splitlines()[0]
        session.hold_after = 30
        await pilot.press("p")
        await until(pilot, session.held.is_set)
        for place in app.places:
            app.go_to(place.mode)
            await until(pilot, lambda: "7 ● previewing 33 % · 2 min" in text(app).splitlines()[0])
        app.go_to("home")
        await until(pilot, lambda: "⏎ Look at what goes on: previewing: 9 of 27 documents" in words(app))
        assert "Preview the sync" not in text(app)
        assert "or sync" not in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SyncScreen))
        session.release()
        await over(pilot, app)
        for place in app.places:  # each was seen while it went on
            app.go_to(place.mode)
            await until(pilot, lambda: "⟳ idle" in text(app).splitlines()[0])
        await pilot.press("1")
        await until(pilot, lambda: "Let journal V2 take sales bookings" in words(app))


async def test_the_title_says_at_once_that_a_run_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "BEAT", 3600.0)  # nothing looks again by itself
    app = staged(tmp_path, StagedSession(clean()))
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7", "p")
        await over(pilot, app)
        await until(pilot, lambda: "⟳ idle" in text(app).splitlines()[0])


async def test_history_says_that_the_run_that_goes_on_goes_on(tmp_path: Path) -> None:
    session = StagedSession(clean())
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        session.hold_after = 30
        await pilot.press("p")
        await until(pilot, session.held.is_set)
        live = app.live()
        assert live is not None
        unfinished = [one for one in session.runs() if one.result is None]
        assert unfinished
        assert app.runner is not None
        assert app.runner.run is not None
        app.runner.run.progress.run = unfinished[0].id  # the script's own run has a result already
        await pilot.press("9")
        await until(pilot, lambda: "previewing: 9 of 27 documents" in text(app))
        assert "not finished" not in text(app)
        session.release()


async def test_home_counts_down_while_a_vendor_lets_it_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, go_on = StagedSession(), threading.Event()
    look = session.look

    async def waiting(*, fresh: bool = False, report: Report) -> Checked:
        tell_wait(Wait("Teamleader", "window", time.monotonic() + 38, 200))
        await asyncio.to_thread(go_on.wait, 30)
        tell_wait(None)
        return await look(fresh=fresh, report=report)

    monkeypatch.setattr(session, "look", waiting)
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Teamleader allows 200 calls a minute: goes on in 3" in words(app))
        await until(pilot, lambda: "1 ◌ reading: waits 3" in text(app).splitlines()[0])
        go_on.set()
        await home_read(pilot, app)


async def test_enter_on_home_does_what_next_says_until_the_cursor_is_on_a_line(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        assert "│ ⏎  Let journal V2 take sales bookings: frees 5 documents" in text(app)
        assert "⏎ do it" in text(app).splitlines()[-1]
        await pilot.press("down")
        await until(pilot, lambda: "›✖ Journal V2 takes Invoices" in text(app))
        assert "│ ↑  Let journal V2" in text(app)
        assert "⏎ open" in text(app).splitlines()[-1]
        await pilot.press("up")
        await until(pilot, lambda: "│ ⏎  Let journal V2" in text(app))
        assert "›✖" not in text(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 50)])
async def test_calls_left_are_shown_once_a_fifth_is_left_and_always_after_b(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=size) as pilot:
        await home_read(pilot, app)
        assert "Calls left" not in text(app)
        await pilot.press("b")
        await until(pilot, lambda: "Calls left: journals 21/24" in words(app))
        await pilot.press("b")
        await until(pilot, lambda: "Calls left" not in text(app))


@pytest.mark.parametrize("scenario", ["a", "c", "healthy", "tour"])
async def test_the_counts_add_up_to_the_documents_since_the_start_date(scenario: str) -> None:
    with company(Wanted(scenario=scenario)) as session:
        for look in (session.look, _after(session)):
            counts = (await look()).overview.counts
            snapshot = session.snapshot()
            assert counts is not None
            assert counts.total == len({head.id for head in snapshot.documents})
            assert counts.ready + counts.blocked == len(snapshot.pending)
            numbers = [int(number) for number in re.findall(r"(\d+)", in_words(counts))]
            assert numbers[0] == sum(numbers[1:])


def _after(session: Session):  # type: ignore[no-untyped-def] # a look
    async def synced() -> Checked:
        await session.sync(SyncOptions(), lambda _event: None, Stop())
        return session.kept_checks()

    return synced


async def test_a_preview_is_out_of_date_once_something_was_mended_elsewhere(tmp_path: Path) -> None:
    session = StagedSession(clean())
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("p")
        await over(pilot, app)
        await until(pilot, lambda: "s start the sync" in text(app))
        await pilot.press("2")
        await until(pilot, lambda: "›● Which integration" in text(app))
        session.amended()
        await pilot.press("7")
        await until(pilot, lambda: "Out of date: something was changed since." in words(app))
        assert "start the sync" not in text(app)
        assert "Next: p previews again." in words(app)
        await pilot.press("p")
        await until(pilot, lambda: "s start the sync" in text(app))
        assert "Out of date" not in text(app)


async def test_set_up_follows_what_was_settled_elsewhere(tmp_path: Path) -> None:
    session, setup = StagedSession(), StagedSetUp()
    session.setup = setup
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("2")
        await until(pilot, lambda: "›● Which integration" in text(app))
        await pilot.press("1")
        setup.now("choose-connector", State.DONE)
        assert app.runner is not None
        await asyncio.to_thread(app.runner.kept_checks)
        await pilot.press("2")
        await until(pilot, lambda: "›● Journals" in text(app))
        assert app.runner.state is not None
        assert app.runner.state.guide is not None
        assert app.runner.state.guide.current == "create-journals"


def test_home_counts_no_steps_of_the_set_up_before_all_of_them_are_known() -> None:
    setup = StagedSetUp()
    before = how_far(setup.kept())
    assert sentence(Way(leads="setup", title="Journals"), before) == "Go on with the set-up: Journals"
    setup.now("map-accounts", State.TODO)
    known = how_far(setup.kept())
    assert known.done == setup.kept().done
    assert sentence(Way(leads="setup", title="Journals"), known).endswith("(2 of 8 steps done)")
