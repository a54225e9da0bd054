"""Text from outside is shown letter for letter, on every screen, and never acts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events

from octowizard.app.content import cell, content, wrapped
from octowizard.app.screens.calendar import CalendarScreen
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.history import HistoryScreen
from octowizard.app.screens.home import HomeScreen
from octowizard.app.screens.records import RecordsScreen
from octowizard.app.screens.sync import SyncScreen
from octowizard.app.screens.troubleshoot import TroubleshootScreen
from octowizard.app.widgets.document_list import DocumentList
from octowizard.checks.calendar import Calendar
from octowizard.checks.registry import Finding, NotChecked, Record
from octowizard.presentation.visible import plain
from octowizard.session.profile_session import Checked
from octowizard.sync import events as e
from octowizard.sync.calls import CallsLeft
from tests.app.stage import home_read, over, staged, text, until
from tests.app.staged import NOW, PROFILE, StagedSession, overview
from tests.app.staged_checks import checked, explained, head

HOSTILE = (
    "Foo [BE] bvba",
    "[/x]",
    "[/]",
    "[@click=app.quit]x[/]",
    "[link=https://example.org]a[/link]",
    "[bold red]NV[/bold red]",
    "\\[a] $x {y} %s",
    "שלום בע״מ مرحبا",
    "👩‍👩‍👧 Café 🍰",
    "a\x1b[31mred\x1b]0;title\x07",
    "tab\there\r\nnew line\x00",
    "\u202e0,00 disguised\u2066",
    "very " * 200 + "long",
    "x" * 600,
    "",
)
# The same, several in one text: what one of them would break or set off, it does among others too. SHORT: what fits
# into a column.
SHORT = (
    *(" ".join(HOSTILE[:3]), *HOSTILE[3:5], " ".join(HOSTILE[5:7]), HOSTILE[7], " ".join(HOSTILE[8:10])),
    *HOSTILE[10:12],
)
TOGETHER = (" ".join(HOSTILE[:4]), " ".join(HOSTILE[4:7]), " ".join(HOSTILE[7:12]), *HOSTILE[12:])


def company(said: str) -> list[e.Event]:
    """A run in which `said` stands wherever text from outside can stand."""
    one = e.Document(
        kind="invoice",
        id="i1",
        number=said or "1",
        date=date(2026, 3, 1),
        customer=said,
        amount=Decimal("12.10"),
        currency=said[:3] or "EUR",
        web_url=said,
    )
    two = msgspec.structs.replace(one, id="i2", number="2")
    three = msgspec.structs.replace(one, id="i3", number="3")
    four = msgspec.structs.replace(one, id="i4", number="4")
    why = e.Explanation(
        problem=said,
        title=said,
        evidence=(said, said),
        fix=(said,),
        fixed_when=said,
        vendor=said,
        vendor_code=-26,
        vendor_text=said,
    )
    return [
        e.RelationCreated(customer_id="k", customer=said, external_number=1),
        e.CustomerFailed(customer_id="k", customer=said, explanation=why),
        e.DocumentBooked(document=one, bookyear=2026, journal=said or "V1", number=1, period=202603),
        e.DocumentFailed(document=two, explanation=why, blocks=1),
        e.DocumentBlocked(document=three, waits_for=said),
        e.DocumentExcluded(document=four, reason=said, message=said),
        e.PaymentRegistered(document=one, amount=one.amount, paid_on=one.date, in_full=False),
        e.PaymentParked(document=four, amount=one.amount, question=said),
        e.PaymentDrift(document=msgspec.structs.replace(one, id="i5"), message=said),
        e.Notice(message=said, level="warning"),
        e.Settled(kind="booking", label=said, outcome="parked", message=said),
    ]


def everything() -> list[e.Event]:
    """One run that holds every hostile text, each in every place."""
    found: list[e.Event] = []
    for number, said in enumerate(HOSTILE):
        for event in company(said):
            about = getattr(event, "document", None)
            if isinstance(about, e.Document):
                own = msgspec.structs.replace(about, id=f"{number} {about.id}")
                found.append(msgspec.structs.replace(event, document=own))
            else:
                found.append(event)
    return found


async def test_no_name_or_message_breaks_a_screen_or_acts(tmp_path: Path) -> None:
    session = StagedSession(everything())
    profile = msgspec.structs.replace(PROFILE, department_name="[/x]", dossier_name="[@click=app.quit]x[/]")
    app = staged(tmp_path, session, profile)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await home_read(pilot, app)
        assert isinstance(app.screen, HomeScreen)
        for said in TOGETHER:
            session.overview = overview(said)
            assert app.runner is not None
            app.runner.checked = session.shown()
            app.screen.draw()
            app.tell(said)
            await pilot.pause()
        await pilot.press("7", "p")
        await over(pilot, app)
        listed = app.screen.query_one(DocumentList)
        for place in range(0, listed.length, 7):
            listed.go(place)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, DetailScreen))
            await pilot.press("c", "o", "escape")
            app.clear_notifications()  # dozens of them at once take seconds to draw
        await pilot.press("slash", *"[/]", "escape", "ctrl+p", *"go", "escape", "s")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("n")
        for row in range(8, 30, 4):
            await pilot.click(offset=(8, row))
        await until(pilot, lambda: isinstance(app.screen, SyncScreen | DetailScreen))
        assert app.is_running


@pytest.mark.parametrize("said", SHORT, ids=range(len(SHORT)))
async def test_a_name_stands_on_the_screens_letter_for_letter(tmp_path: Path, said: str) -> None:
    session = StagedSession(company(said))
    session.overview = overview(said)
    app = staged(tmp_path, session)
    async with app.run_test(size=(200, 50), notifications=True) as pilot:
        await home_read(pilot, app)
        assert plain(said) in text(app)
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("f")
        await until(pilot, lambda: plain(said) in text(app))
        app.tell(said)
        await until(pilot, lambda: text(app).count(plain(said)) > 3)
        await pilot.press("9")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen) and "preview" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: plain(said) in text(app))


async def test_a_document_with_brackets_is_found_by_the_palette(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession(company("Foo [BE] bvba [/x]")))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("colon", *"[be] bvba")
        await until(pilot, lambda: "Go to document Foo [BE] bvba [/x]" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SyncScreen))


def test_what_a_terminal_would_act_upon_is_shown_instead() -> None:
    assert plain("a\x1b[31m\r\n\x07\x7f") == "a␛[31m␍␊␇␡"
    assert plain("\u202e12,10") == "‹202E›12,10"
    assert plain("\x9b31m\ud800") == "‹009B›31m\ufffd"
    assert plain("Foo [BE] bvba שלום 👩‍👩‍👧") == "Foo [BE] bvba שלום 👩‍👩‍👧"
    assert content("[/x]\n[b]", ("[@click=app.quit]", "bold")).plain == "[/x]\n[b][@click=app.quit]"


@given(st.text(max_size=60), st.integers(0, 40), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_cell_is_exactly_as_wide_as_its_column(said: str, width: int, right: bool) -> None:
    assert cell_len(cell(said, width, right=right)) == width


@given(st.text(max_size=200), st.integers(10, 60))
@settings(max_examples=300, deadline=None)
def test_wrapped_text_loses_no_letter_and_fits(said: str, width: int) -> None:
    found = wrapped(said, width)
    assert all(cell_len(line) <= width for line in found)
    kept = "".join(found).replace(" ", "")
    assert kept == "".join(plain(line) for line in said.split("\n")).replace(" ", "")


def everywhere(said: str) -> Checked:
    """A look at both sides in which `said` stands wherever text from outside can stand."""
    found = checked()
    about = Record(said, said, "i140")
    finding = Finding(
        problem=said or "x",
        severity="blocking",
        title=said,
        records=(about, Record("company", said, said)),
        evidence=(said, said),
        fix=(said,),
        fixed_when=said,
    )
    hostile = msgspec.structs.replace(head("i140", said), number=said, currency=said[:3], web_url=said)
    year = msgspec.structs.replace(found.grid.years[0], name=said)
    return msgspec.structs.replace(
        found,
        findings=(finding, msgspec.structs.replace(finding, problem="secured-period")),
        not_checked=(NotChecked(said, said, said),),
        grid=Calendar(journals=(said, "V2"), years=(year,)),
        documents={"i140": hostile},
        not_read={"years": said},
        calls_left=(CallsLeft(label=said, left=1, limit=2),),
        kept=((said, NOW),),
    )


async def test_no_text_breaks_checks_calendar_or_troubleshoot(tmp_path: Path) -> None:
    session = StagedSession()
    session.checked = everywhere(HOSTILE[0])
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: "2 blocking" in text(app))
        checks = app.screen
        assert isinstance(checks, ChecksScreen)
        for said in TOGETHER:
            checks.checked, session.explained = everywhere(said), {"secured-period": explained(said)}
            checks.draw()
            await pilot.press("enter", "escape")
        await pilot.press("e", "c", "escape", "a")
        await until(pilot, lambda: "a check all" in text(app))
        await pilot.press("4")
        await until(pilot, lambda: isinstance(app.screen, CalendarScreen) and "7✖" in text(app))
        calendar = app.screen
        assert isinstance(calendar, CalendarScreen)
        for said in TOGETHER:
            calendar.checked, session.explained = everywhere(said), {"secured-period": explained(said)}
            calendar.draw()
            await pilot.press("e", "escape")
        await pilot.press("enter", "escape", "c", "g")
        await until(pilot, lambda: isinstance(app.screen, TroubleshootScreen))
        await pilot.press("escape")
        for said in TOGETHER:
            session.explained = {"secured-period": explained(said)}
            await pilot.press("slash")
            app.post_message(events.Paste(said + "\nPeriode 202603 is beveiligd in V1"))
            await pilot.press("enter")
            await until(pilot, lambda: "Very probably" in text(app))
            await pilot.press("c", "escape")
        assert app.is_running


@pytest.mark.parametrize("said", SHORT, ids=range(len(SHORT)))
async def test_a_finding_stands_on_the_screens_letter_for_letter(tmp_path: Path, said: str) -> None:
    session = StagedSession()
    session.checked = everywhere(said)
    session.explained = {"secured-period": explained(said)}
    app = staged(tmp_path, session)
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: text(app).count(plain(said.splitlines()[0]).rstrip("␍")) > 4)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and plain(said) in text(app))
        await pilot.press("escape", "8")
        await until(pilot, lambda: "Paste a message" in text(app))
        app.post_message(events.Paste("Periode 202603 is beveiligd in V1"))
        await until(pilot, lambda: text(app).count(plain(said.splitlines()[0]).rstrip("␍")) > 8)
