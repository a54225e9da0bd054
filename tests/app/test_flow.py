"""The way of a first-time user, by the keys that the screen shows."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import msgspec

from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.history import HistoryScreen, RunList, StoryScreen
from octowizard.app.screens.sync import SyncScreen
from octowizard.sync import events as e
from tests.app.stage import home_read, over, staged, sync_screen, text, until
from tests.app.staged import CLOSED, PROFILE, StagedSession, company


def clean() -> list[e.Event]:
    """A run in which nothing fails."""
    kinds = (e.DocumentBooked, e.DocumentWaiting, e.PaymentRegistered, e.RelationCreated)
    booked = {one.document.id for one in company() if isinstance(one, e.DocumentBooked)}
    return [
        one
        for one in company()
        if isinstance(one, kinds) and (not isinstance(one, e.DocumentWaiting) or one.document.id in booked)
    ]


async def test_the_keys_on_screen_lead_from_home_to_a_finished_sync(tmp_path: Path) -> None:
    session = StagedSession(clean())
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await home_read(pilot, app)
        assert "p  or sync the 57 that are ready now" in text(app)
        await pilot.press("p")
        await over(pilot, app)
        assert session.wrote == 0
        assert "s start the sync" in text(app)
        assert "From what was read 4 min ago; a sync reads again." in text(app)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        shown = text(app)
        assert "22 documents" not in shown
        assert "V1/140 … V1/163" in shown
        assert "V2/7 … V2/9" in shown
        assert "Nothing has been written so far" in shown
        assert session.wrote == 0
        await pilot.press("enter")
        await over(pilot, app)
        assert [one.dry_run for one in session.asked] == [True, False]
        assert session.wrote == len(session.happens)
        assert "✔ Sync: complete in 42 s" in text(app)
        assert "From what was read" not in text(app)
        assert session.looked == 1
        await pilot.press("1")
        await until(pilot, lambda: session.looked == 2)  # what was read before the sync is no longer so
        await pilot.press("q")
    assert app.return_code == 0


async def test_nothing_is_written_when_the_summary_is_not_confirmed(tmp_path: Path) -> None:
    session = StagedSession(clean())
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        for key in ("n", "escape", "q"):
            await pilot.press("s")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, SyncScreen))
    assert [one.dry_run for one in session.asked] == [True]


async def test_the_preview_groups_what_fails_by_its_cause_with_what_it_holds_up(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        shown = text(app)
        head = shown.index("✖ The period is closed")
        assert head < shown.index("2026 / 144") < shown.index("2026 / 146") < shown.index("✖ The VAT number")
        assert "Beheer >" in shown
        assert "✖ 3 blocked" in shown  # nothing was tried, so that nothing has failed


async def test_in_the_narrowest_window_a_key_that_the_screen_names_is_in_its_footer(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("s", "y")
        await over(pilot, app)
        await until(pilot, lambda: "f shows what is left" in text(app))
        await until(pilot, lambda: "f filter" in text(app).splitlines()[-1])
        await until(pilot, lambda: "p preview" in text(app).splitlines()[-1])


def whole(shown: str) -> bool:
    """Does the amount stand in full at the end of each line, behind where its document will be, with blanks between?"""
    lines = [line for line in shown.splitlines() if "Carver" in line]
    return bool(lines) and all(
        re.search(r"(?:…|Inc\.) +→ V\d/\d+ +15\.866,13 USD[^\d]?$", line) for line in lines
    )


async def test_an_amount_is_never_cut_and_touches_no_name(tmp_path: Path) -> None:
    dear = [
        msgspec.structs.replace(
            one,
            document=msgspec.structs.replace(
                one.document,
                amount=Decimal("15866.13"),
                currency="USD",
                customer="Carver Engineering Boston Inc.",
            ),
        )
        for one in clean()
        if isinstance(one, e.DocumentBooked)
    ]
    app = staged(tmp_path, StagedSession(list(dear)))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await until(pilot, lambda: whole(text(app)))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Carver Engineering" in text(app) and whole(text(app)))


async def test_enter_opens_no_empty_page_where_all_is_well_and_asks_whether_to_sync(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession(clean()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("home")
        await until(pilot, lambda: "›○ Ready" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert "Nothing has been written so far" in text(app)
        await pilot.press("n", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))


async def test_escape_stops_after_the_write_in_flight_and_says_what_is_left(tmp_path: Path) -> None:
    session = StagedSession(clean())
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        session.hold_after = 30
        await pilot.press("s", "enter")
        await until(pilot, lambda: session.held.is_set() and "esc stop" in text(app))
        await pilot.press("escape")
        await over(pilot, app)
        shown = text(app)
        assert "Sync: stopped after" in shown
        assert "left. p previews what is left" in shown
        assert "Left for the next run" in shown


async def test_a_failing_document_can_be_tried_again_alone_after_a_question(tmp_path: Path) -> None:
    session = StagedSession()
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("s", "enter")
        await until(pilot, lambda: len(session.asked) == 2)
        await over(pilot, app)
        await pilot.press("down")
        assert "r retry this one" in text(app)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: len(session.asked) == 3)
        await over(pilot, app)
        assert session.asked[-1].only == ("i144",)
        state = sync_screen(app).state
        assert state is not None
        assert state.rows["i144"].status == "V1/144"
        assert len(state.rows) == 28
        # It speaks of that one, and says that others stay behind.
        assert "✔ Sync: 2026 / 144 is booked as V1/144." in text(app)
        assert "f shows the 2 documents that stay behind" in text(app)


async def test_enter_explains_a_row_and_e_shows_what_the_vendor_said_to_whoever_asks(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "What to do" in text(app))
        shown = text(app)
        assert CLOSED.vendor_text is not None
        assert "e evidence" in shown
        assert CLOSED.vendor_text not in shown
        await pilot.press("e")
        for _page in range(3):
            await pilot.press("pagedown")
            shown += text(app)
        assert "Octopus says" in shown
        assert CLOSED.vendor_text in shown
        assert "2 documents wait for it" in shown


async def test_the_list_can_be_searched_and_filtered_and_shown_whole_again(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("f")
        await until(pilot, lambda: "To be booked" not in text(app))
        assert "The period is closed" in text(app)
        await pilot.press("escape", "slash", *"2026/151", "enter")
        await until(pilot, lambda: "2026 / 144" not in text(app))
        assert "2026 / 151" in text(app)
        await pilot.press("escape")
        await until(pilot, lambda: "2026 / 144" in text(app))


async def test_keys_still_work_after_a_question_and_never_land_in_a_hidden_field(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("slash", "7", "enter", "s")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await over(pilot, app)
        screen = sync_screen(app)
        assert screen.focused is screen.query_one("#documents")
        await pilot.press("9")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen))


async def test_the_counters_open_their_documents_with_the_mouse(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        column = text(app).splitlines()[_line_with(text(app), "– 1 excluded")].index("– 1 excluded")
        await pilot.click("#counter-line", offset=(column + 3, 0))
        await until(pilot, lambda: "2026 / 147" in text(app) and "2026 / 144" not in text(app))


async def test_keys_and_places_can_be_clicked(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.click("#place-line", offset=(text(app).splitlines()[1].index("Sync") + 1, 0))
        await until(pilot, lambda: isinstance(app.screen, SyncScreen))
        await pilot.click("#key-line", offset=(text(app).splitlines()[-1].index("preview"), 0))
        await over(pilot, app)
        await pilot.click("#key-line", offset=(text(app).splitlines()[-1].index("explain"), 0))
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        assert isinstance(app.screen_stack[-2], SyncScreen)  # a click does its command once


async def test_the_run_that_is_on_is_running_now_in_the_history_and_has_its_end_when_it_ended(
    tmp_path: Path,
) -> None:
    session = StagedSession()
    session.hold_after, session.run_number = 40, 3
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7", "p")
        await until(pilot, session.held.is_set)
        await pilot.press("9")
        await until(pilot, lambda: re.search(r"●  3  .*previewing: 9 of 27 documents", text(app)) is not None)
        assert "not finished" not in text(app)
        session.release()
        await until(pilot, lambda: re.search(r"●  3  .*previewing", text(app)) is None)


async def test_every_run_of_the_history_has_a_bar_and_is_explained_beside_the_list(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(110, 30)) as pilot:
        await home_read(pilot, app)
        await pilot.press("9")
        await until(pilot, lambda: "█ booked  ▓ blocked" in text(app))
        lines = app.screen.query_one(RunList)
        await pilot.press("down")
        await until(pilot, lambda: "What needs attention" in text(app))
        assert app.screen.query_one("#beside").region.x >= lines.region.right
        row = text(app).splitlines()[lines.region.y + 1]
        assert re.search(r"sync +█+▓+", row), row


async def test_a_history_without_a_run_says_why_and_which_key_leads_on(tmp_path: Path) -> None:
    session = StagedSession()
    session.runs = list  # type: ignore[method-assign] # nothing has run
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("9")
        await until(pilot, lambda: "No run yet" in text(app) and "7  goes to Sync" in text(app))
        await pilot.press("7")
        await until(pilot, lambda: "Preview first" in text(app))


async def test_a_run_of_the_history_opens_line_by_line_and_so_does_a_document(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("9")
        await until(pilot, lambda: "needs attention" in text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, StoryScreen) and "2026 / 144" in text(app))
        assert "Foo [BE] bvba: waits for 2026 / 144" in text(app)
        await pilot.press("escape", "7", "p")
        await over(pilot, app)
        await pilot.press("down", "h")
        await until(pilot, lambda: isinstance(app.screen, StoryScreen) and "period is closed" in text(app))
        assert "2026 / 145" not in text(app)


async def test_quitting_during_a_sync_asks_and_lets_the_write_in_flight_end(tmp_path: Path) -> None:
    session = StagedSession(clean())
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        session.hold_after = 30
        await pilot.press("s", "enter")
        await until(pilot, lambda: session.held.is_set() and "361" in text(app))
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert "A sync is on" in text(app)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, SyncScreen))
        runner = app.runner
        assert runner is not None
        assert runner.run is not None
        assert runner.run.alive
        await pilot.press("q", "y")
        await until(pilot, lambda: not runner.running)
    assert session.wrote == 30


async def test_a_profile_that_only_watches_cannot_start_a_sync(tmp_path: Path) -> None:
    session = StagedSession(clean())
    app = staged(tmp_path, session, msgspec.structs.replace(PROFILE, mode="observer"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        assert "only watches" in text(app)
        await pilot.press("s")
        await pilot.pause()
        assert isinstance(app.screen, SyncScreen)


async def test_another_connector_is_explained_and_the_users_word_settles_it(tmp_path: Path) -> None:
    session = StagedSession(clean())
    session.refuses = e.Explanation(
        problem="other-connector", title="Another connector books in this dossier", fix=("Switch it off.",)
    )
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        assert "Another connector books" in text(app)
        assert "y it is switched off" in text(app)
        session.refuses = None
        await pilot.press("y")
        await until(pilot, lambda: len(session.asked) == 2)
        await over(pilot, app)
        assert session.asked[-1].no_other_connector
        await pilot.press("s", "y")
        await until(pilot, lambda: len(session.asked) == 3)
        assert session.asked[-1].no_other_connector


async def test_a_refusal_is_explained_and_can_be_copied(tmp_path: Path) -> None:
    session = StagedSession()
    session.refuses = e.Explanation(
        problem="not-set-up", title="Octopus is not set up yet", evidence=("Octopus has no journal V1.",)
    )
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        assert "Octopus has no journal V1." in text(app)
        assert "Nothing was written" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        await pilot.press("escape", "s")
        assert [one.dry_run for one in session.asked] == [True]


async def test_without_accounts_the_first_screen_says_what_to_do(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession(), None)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Try the practice company" in text(app))
        await pilot.press("7", "9", "1")
        assert "Try the practice company" in text(app)
        await pilot.press("question_mark", "end")
        await until(pilot, lambda: "Marks" in text(app))
        await pilot.press("escape", "q")
    assert app.return_code == 0


def _line_with(shown: str, words: str) -> int:
    return next(number for number, line in enumerate(shown.splitlines()) if words in line)


async def test_a_standstill_is_counted_down_above_the_list_with_the_time_left(tmp_path: Path) -> None:
    waiting = e.Waiting(vendor="Teamleader", why="window", limit=200, seconds=38)
    session = StagedSession([*clean()[:12], e.Gauge(seconds_left=150), waiting, *clean()[12:]])
    session.hold_after = 14
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        line = "Teamleader allows 200 calls a minute: goes on in 38 s"
        await until(pilot, lambda: line in text(app) and "about 2 min left  " in text(app))
        await pilot.press("escape")
        await over(pilot, app)
