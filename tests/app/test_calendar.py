"""The calendar by its keys: every state told apart without colours, and what to do at each place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from octowizard import locale
from octowizard.app.app import OctowizardApp
from octowizard.app.screens.calendar import CalendarScreen
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.records import RecordList, RecordsScreen
from octowizard.app.widgets.calendar_grid import CalendarGrid
from octowizard.checks.calendar import Calendar, Cell, PeriodRow, YearBlock
from octowizard.locale import _
from octowizard.presentation.calendar_marks import MARKS, state_name
from tests.app.stage import staged, text, until, words
from tests.app.staged import StagedSession
from tests.app.staged_checks import checked, explained
from tests.app.staged_setup import StagedSetUp


def app_with(root: Path, shown: Calendar | None = None) -> tuple[OctowizardApp, StagedSession]:
    """The app with this calendar kept."""
    session = StagedSession()
    session.checked = msgspec.structs.replace(checked(), grid=shown or checked().grid)
    session.explained["secured-period"] = explained()
    return staged(root, session), session


def periods(lengths: list[tuple[date, date]], number: int, waiting: int) -> YearBlock:
    """A fiscal year with these periods; documents wait in the last."""
    rows = tuple(
        PeriodRow(
            number=number + place,
            start=start,
            end=end,
            cells=(
                Cell(
                    journal="V1",
                    state="open",
                    problem=None,
                    waiting=waiting if place == len(lengths) - 1 else 0,
                    booked=0,
                ),
            ),
        )
        for place, (start, end) in enumerate(lengths)
    )
    return YearBlock(
        id=number, name="bookyear", start=lengths[0][0], end=lengths[-1][1], closed=False, periods=rows
    )


async def test_every_state_shows_by_its_mark_and_the_cursor_begins_where_it_matters(tmp_path: Path) -> None:
    app, _engine = app_with(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: "7✖" in text(app) and "Dagboeken" in text(app))
        rows = [line for line in text(app).splitlines() if line[1:].lstrip(" ›").startswith(("V1", "V2"))]
        assert rows[0].split() == [
            "›",
            "V1",
            "invoices",
            *["█", "█", "▒", "7✖", "4", "·", "·", "·", "·", "·", "·", "·", "–"],
        ]
        assert rows[1].split()[:9] == ["V2", "credit", "notes", "!", "!", "!", "!", "4✖", "_"]
        assert "no fiscal year holds these documents" in text(app)
        assert "period 03" in text(app)
        assert "█ closed" in text(app)


async def test_the_arrow_keys_go_from_place_to_place_and_the_pane_follows(tmp_path: Path) -> None:
    app, _engine = app_with(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: "V1, 2026, period 03" in text(app))
        for key, said in (
            ("right", "V1, 2026, period 04"),
            ("down", "V2, 2026, period 04"),
            ("end", "V2, 2026, period 12"),
            ("home", "V2, 2026, period 01"),
            ("up", "V1, 2026, period 01"),
            ("pagedown", "2027: no fiscal year holds"),
            ("up", "V2, 2026, period 01"),
        ):
            await pilot.press(key)
            await until(pilot, lambda said=said: said in text(app))  # type: ignore[misc] # bound now


async def test_a_place_opens_its_documents_and_is_checked_again_alone(tmp_path: Path) -> None:
    app, session = app_with(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: "7 documents wait and cannot be booked here" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and "2026 / 146" in text(app))
        assert "2026 / 147" not in text(app)
        await pilot.press("escape", "r")
        await until(pilot, lambda: session.checks_asked == ["secured-period"])
        await pilot.press("right")
        await until(pilot, lambda: "4 documents wait" in text(app))
        assert "r check again" not in text(app)  # nothing stops bookings there


async def test_a_click_chooses_a_place(tmp_path: Path) -> None:
    app, _engine = app_with(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: "V1, 2026, period 03" in text(app))
        lines = text(app).splitlines()
        row = next(number for number, line in enumerate(lines) if "V2 credit" in line)
        column = lines[row].index("4✖")
        await pilot.click(offset=(column, row))
        await until(pilot, lambda: "V2, 2026, period 04" in text(app))


QUARTERS = [(date(2026, 1 + 3 * q, 1), date(2026, 3 + 3 * q, 28)) for q in range(4)]
LONG = [(date(2026 + m // 12, m % 12 + 1, 1), date(2026 + m // 12, m % 12 + 1, 28)) for m in range(23)]


@pytest.mark.parametrize(
    ("lengths", "said"),
    [
        (QUARTERS, "04"),
        ([(date(2026, 1, 1), date(2026, 12, 31))], "01"),
        ([(date(2025 + m // 6, (m + 6) % 12 + 1, 1), date(2025 + m // 6, (m + 6) % 12 + 1, 28)) for m in range(12)],
         "07/25–06/26"),
    ],
    ids=("quarterly", "yearly", "broken"),
)  # fmt: skip
async def test_other_fiscal_years_than_twelve_months_show_whole(
    tmp_path: Path, lengths: list[tuple[date, date]], said: str
) -> None:
    app, _engine = app_with(tmp_path, Calendar(journals=("V1",), years=(periods(lengths, 1, 5),)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: said in text(app) and "5 documents wait" in text(app))
        place = app.screen.query_one(CalendarGrid).place
        assert place is not None
        assert place[2].waiting == 5


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_a_long_year_scrolls_sideways_and_shows_that_it_does(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app, _engine = app_with(tmp_path, Calendar(journals=("V1",), years=(periods(LONG, 1, 5),)))
    async with app.run_test(size=size) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: "period 23" in text(app))
        assert "‹" in text(app)
        await pilot.press("home")
        await until(pilot, lambda: "period 01" in text(app))
        assert "‹" not in text(app)
        heading = next(line for line in text(app).splitlines() if " 01" in line and " 02" in line)
        assert heading.rstrip().endswith("›")


async def test_nothing_read_yet_is_said_and_not_shown_as_an_empty_calendar(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: isinstance(app.screen, CalendarScreen) and "No calendar yet" in text(app))
        assert "R  reads both sides" in text(app)
        assert "V1 invoices" not in text(app)
        await pilot.press("right", "down", "enter", "r", "end", "pagedown")
        assert isinstance(app.screen, CalendarScreen)


async def test_a_shows_what_the_waiting_documents_come_to_and_again_how_many_they_are(tmp_path: Path) -> None:
    app, _engine = app_with(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: "▒ 7✖" in text(app))
        await pilot.press("a")
        await until(pilot, lambda: "61k✖" in text(app) and "1,9k 1.900 euro" in words(app))
        await pilot.press("a")
        await until(pilot, lambda: "▒ 7✖" in text(app) and "1,9k" not in text(app))


@pytest.mark.parametrize("size", [(110, 30), (160, 50)])
async def test_in_a_wide_window_the_documents_of_the_place_stand_beside_the_calendar(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app, _engine = app_with(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: "7 documents  60.560,50" in text(app))
        assert "2026 / 146" in text(app)
        await pilot.press("right")
        await until(pilot, lambda: "4 documents  " in text(app) and "2026 / 146" not in text(app))
        await pilot.press("tab", "down")
        screen = app.screen
        assert isinstance(screen, CalendarScreen)
        await until(pilot, lambda: screen.documents == (screen.query_one(RecordList).lines[1].id,))
        await pilot.press("enter")  # opens the line: all about this document
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
async def test_the_legend_stands_on_one_line(tmp_path: Path, language: str) -> None:
    locale.choose(language)
    months = [(date(2026, month, 1), date(2026, month, 28)) for month in range(1, 13)]
    app, _engine = app_with(tmp_path, Calendar(journals=("V1",), years=(periods(months, 1, 5),)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: "7✖ " + _("blocked") in text(app))
        assert state_name("open") in text(app)
        assert app.screen.query_one("#legend").size.height == 1
        await pilot.resize_terminal(200, 60)
        await until(pilot, lambda: all(state_name(state) in text(app) for state in MARKS))


async def test_years_of_as_many_periods_stand_below_each_other(tmp_path: Path) -> None:
    months = [(date(2026, month, 1), date(2026, month, 28)) for month in range(1, 13)]
    years = (periods(months, 1, 12345), periods(months, 101, 0))
    app, _engine = app_with(tmp_path, Calendar(journals=("V1",), years=years))
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: "12345" in text(app))
        headings = [line for line in text(app).splitlines() if " 03" in line and " 04" in line]
        assert [line.index(" 04") for line in headings] == [headings[0].index(" 04")] * 2


async def test_what_can_be_done_for_you_is_offered_at_the_place_that_it_mends(tmp_path: Path) -> None:
    app, session = app_with(tmp_path)
    session.setup = setup = StagedSetUp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: "7✖" in text(app))
        assert "d do it for me" not in text(app)  # nothing is offered against a secured period
        await pilot.press("right", "down")
        await until(pilot, lambda: "d does it" in text(app) and "d do it for me" in text(app))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: session.checks_asked == ["wrong-journal-type"])
        assert len(setup.made) == 1
