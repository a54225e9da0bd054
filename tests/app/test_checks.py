"""The way through Checks by the keys that the screen shows."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from octowizard.app.screens.calendar import CalendarScreen
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.records import RecordsScreen
from octowizard.app.screens.troubleshoot import TroubleshootScreen
from octowizard.checks.registry import NotChecked
from octowizard.customers.by_hand import BadTable
from octowizard.planning.counts import Counts
from octowizard.presentation.blocks import Item, Page
from octowizard.session.profile_session import Checked
from octowizard.sync.calls import CallsLeft
from octowizard.workspace.errors import WorkspaceError
from tests.app.stage import home_read, over, staged, text, told, until
from tests.app.staged import PROFILE, StagedSession
from tests.app.staged_checks import NEXT_YEAR, SECURED, WRONG_TYPE, checked, explained


def engine_with(found: Checked | None = None) -> StagedSession:
    """The scripted session with something kept of an earlier check."""
    session = StagedSession()
    session.checked = found or checked()
    session.explained["secured-period"] = explained()
    return session


def line_of(shown: str, said: str) -> int:
    return next(number for number, line in enumerate(shown.splitlines()) if said in line)


async def test_what_was_kept_shows_at_once_worst_first_with_its_age_and_the_calls_left(
    tmp_path: Path,
) -> None:
    few = (CallsLeft(label="journals", left=4, limit=24), CallsLeft(label="bookings", left=400, limit=400))
    session = engine_with(msgspec.structs.replace(checked(), calls_left=few))
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "2 blocking" in text(app) and "? not checked" in text(app))
        shown = text(app)
        order = [
            line_of(shown, said) for said in (f"✖ {SECURED.title}", f"✖ {WRONG_TYPE.title}", "▲ There is")
        ]
        assert order == sorted(order)
        assert "read 2 min ago" in shown
        assert "journals 4/24" in shown
        assert "400/400" not in shown  # a limit of which much is left troubles nobody
        assert "? not checked: duplicate" in shown
        assert "7 documents" in shown
        assert session.checks_asked == []  # opening it costs no call


async def test_home_follows_what_was_mended_on_checks(tmp_path: Path) -> None:
    session = engine_with()
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        assert SECURED.title in text(app)
        await pilot.press("3")
        await until(pilot, lambda: "2 blocking" in text(app))
        counts = Counts(booked=355, ready=61, blocked=1, excluded=12)
        session.overview = msgspec.structs.replace(session.overview, counts=counts, lines_unread=40)
        session.after_check = msgspec.structs.replace(checked(), findings=checked().findings[1:])
        await pilot.press("r")
        await until(pilot, lambda: "✔ Fixed" in told(app) or "1 blocking" in text(app))
        await pilot.press("1")
        await until(pilot, lambda: SECURED.title not in text(app))
        await until(pilot, lambda: "○ 61 ready" in text(app))
        assert "✖ 1 blocked" in text(app)
        assert "1 blocked so far: the lines of 40 documents are not read" in text(app)
        assert session.looked == 1  # what Checks has read is not read once more


async def test_the_pane_tells_evidence_remedy_who_and_what_not_to_do(tmp_path: Path) -> None:
    app = staged(tmp_path, engine_with())
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "? Less likely" in text(app))
        shown = text(app)
        for said in ("Beheer > Dagboeken", "Who", "What not", "Fixed when", "– Ruled out", "? Less likely"):
            assert said in shown
        assert "V1 is secured till 202603" in shown


async def test_one_finding_is_checked_again_alone_and_the_screen_says_that_it_is_fixed(
    tmp_path: Path,
) -> None:
    session = engine_with()
    session.after_check = msgspec.structs.replace(
        checked(), findings=checked().findings[1:], not_checked=checked().not_checked[1:]
    )
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: f"›✖ {SECURED.title}" in text(app))
        await pilot.press("r")
        await until(pilot, lambda: f"✔ Fixed: {SECURED.title}" in told(app))
        assert session.checks_asked == ["secured-period"]
        assert f"✖ {SECURED.title}" not in text(app)


async def test_a_refused_sign_in_is_sent_again_by_its_own_key_and_no_other_finding_has_it(
    tmp_path: Path,
) -> None:
    refused = msgspec.structs.replace(SECURED, problem="sign-in-refused", title="Octopus refuses the sign-in")
    session = engine_with(msgspec.structs.replace(checked(), findings=(refused, WRONG_TYPE)))
    app = staged(tmp_path, session)
    async with app.run_test(size=(160, 50), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: f"›✖ {refused.title}" in text(app))
        assert "sign in again" in text(app)
        await pilot.press("i")
        await until(pilot, lambda: "Still so: Octopus refuses the sign-in" in told(app))
        assert session.checks_asked == ["try again", "sign-in-refused"]
        await pilot.press("down")
        await until(pilot, lambda: f"›✖ {WRONG_TYPE.title}" in text(app))
        assert "sign in again" not in text(app)


async def test_a_finding_that_stays_is_said_to_stay(tmp_path: Path) -> None:
    session = engine_with()
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: f"›✖ {SECURED.title}" in text(app))
        await pilot.press("down", "r")
        await until(pilot, lambda: f"Still so: {WRONG_TYPE.title}" in told(app))
        assert session.checks_asked == ["wrong-journal-type"]


async def test_what_could_not_be_looked_at_is_never_called_fixed(tmp_path: Path) -> None:
    session = engine_with()
    spent = NotChecked("journals", "Journals and periods", "today's calls for journals are used up")
    session.after_check = msgspec.structs.replace(
        checked(), findings=checked().findings[1:], not_checked=(spent,)
    )
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: f"›✖ {SECURED.title}" in text(app))
        await pilot.press("r")
        await until(pilot, lambda: "Not everything could be read" in told(app))
        assert "Fixed:" not in told(app)


async def test_checking_all_shows_its_progress_and_can_be_stopped(tmp_path: Path) -> None:
    session = engine_with()
    session.hold_check = True
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "2 blocking" in text(app))
        await pilot.press("a")
        await until(pilot, lambda: "● reading journals 4" in text(app) and "esc stop" in text(app))
        await pilot.press("a", "r")  # one at a time
        await pilot.press("escape")
        await until(pilot, lambda: "Stopped." in told(app) and "a check all" in text(app))
        assert session.checks_asked == [""]
        assert SECURED.title in text(app)
        session.hold_check = False
        await pilot.press("R")
        await until(pilot, lambda: session.checks_asked == ["", ""])


async def test_the_records_of_a_finding_open_and_a_document_opens_in_the_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    opened: list[str] = []
    app = staged(tmp_path, engine_with(), msgspec.structs.replace(PROFILE, practice=False))
    monkeypatch.setattr("octowizard.app.app.open_browser", opened.append)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: f"›✖ {SECURED.title}" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and "2026 / 146" in text(app))
        assert "Foo [BE] bvba" in text(app)
        await pilot.press("down", "o")
        await until(pilot, lambda: bool(opened))
        assert opened == ["https://focus.teamleader.eu/invoice_detail.php?id=141"]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ChecksScreen))


async def test_a_finding_is_explained_on_a_page_copied_and_taken_to_troubleshoot(tmp_path: Path) -> None:
    app = staged(tmp_path, engine_with())
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "Less likely" in text(app))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "What not" in text(app))
        await pilot.press("escape", "c")
        await until(pilot, lambda: "clipboard" in told(app) or "Handed to" in told(app))
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, TroubleshootScreen) and "Less likely" in text(app))
        await pilot.press("4")
        await until(pilot, lambda: isinstance(app.screen, CalendarScreen) and "7✖" in text(app))


async def test_a_page_that_lies_over_the_checks_stays_what_it_is_when_more_is_known_of_a_finding(
    tmp_path: Path,
) -> None:
    app = staged(tmp_path, engine_with())
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "Less likely" in text(app))
        checks = app.screen
        assert isinstance(checks, ChecksScreen)
        checks.show_page(Page(title="A ready mail", blocks=(Item("Dear accountant,"),)))
        await until(pilot, lambda: "Dear accountant," in text(app))
        checks.explain()
        await pilot.resize_terminal(90, 30)
        await until(pilot, lambda: "Dear accountant," in text(app))
        await pilot.press("escape", "e")
        await until(pilot, lambda: "What not" in text(app))
        checks.more_known(checks._followed, Page(title="More is known"))
        await until(pilot, lambda: "More is known" in text(app))


async def test_home_names_what_the_checks_found_and_enter_opens_it(tmp_path: Path) -> None:
    app = staged(tmp_path, engine_with())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await until(pilot, lambda: SECURED.title in text(app) and "⏎ do it" in text(app))
        assert text(app).count(NEXT_YEAR.title) == 1  # both the look and the checks know of it
        assert "rounding" not in text(app).lower()
        await pilot.press("down", "down")
        await until(pilot, lambda: "⏎ open" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChecksScreen))
        await until(pilot, lambda: any(line.startswith("›✖ Journal V2") for line in text(app).splitlines()))


async def test_nothing_read_yet_is_not_called_fine(tmp_path: Path) -> None:
    session = StagedSession()
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "Nothing has been read yet" in text(app))
        assert "✔" not in text(app)
        session.after_check = msgspec.structs.replace(checked(), findings=(), not_checked=())
        await pilot.press("a")
        await until(pilot, lambda: "✔ Nothing stands in the way" in text(app))


async def test_a_check_that_breaks_is_one_sentence_and_the_kept_findings_stay(tmp_path: Path) -> None:
    session = engine_with()
    session.raises = WorkspaceError("The workspace [/] is damaged.")
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: SECURED.title in text(app))
        await pilot.press("a")
        await until(pilot, lambda: "✖ The workspace [/] is damaged." in text(app))
        assert SECURED.title in text(app)


async def test_an_export_is_read_by_its_path_and_a_wrong_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    session = engine_with()
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: SECURED.title in text(app))
        session.declare_raises = BadTable("companies [/].xlsx is no spreadsheet.")
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press(*"'/x y/a.xlsx'", "enter", "enter")
        await until(pilot, lambda: "✖ companies [/].xlsx is no spreadsheet." in text(app))
        assert SECURED.title in text(app)
        session.declare_raises = None
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press(*"/x/a.csv", "enter", *"/x/b.csv", "enter")
        await until(pilot, lambda: "Read: 412 customers" in told(app))
        assert "is no spreadsheet" not in text(app)
        assert session.declared == [(Path("/x y/a.xlsx"),), (Path("/x/a.csv"), Path("/x/b.csv"))]
        assert session.checks_asked == []  # a file costs no call


async def test_a_failing_document_of_the_sync_shows_its_causes_and_the_remedy_in_the_menus_language(
    tmp_path: Path,
) -> None:
    session = engine_with()
    session.explained["closed-period"] = explained()
    app = staged(tmp_path, session)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("down")
        await until(pilot, lambda: "Less likely" in text(app))
        assert "– Ruled out" in text(app)
        assert "Beheer > Dagboeken" in text(app)
        assert "Octopus says" not in text(app)  # raw words of a vendor are for whoever asks
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "Octopus says" in text(app))
