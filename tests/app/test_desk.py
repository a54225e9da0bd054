"""The practice desk: by the keys on the screen, on the scripted desk and on the real practice company."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest

from octowizard import locale
from octowizard.app.app import OctowizardApp
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.practice import PracticeScreen
from octowizard.app.screens.troubleshoot import TroubleshootScreen
from octowizard.app.widgets.action_list import arranged, groups
from octowizard.cli.wanted import Wanted
from octowizard.locale.practice import asked_name
from octowizard.sandbox.practice import ACTIONS
from octowizard.session.practice_company import DeskError
from octowizard.session.practice_desk import PracticeDesk, choices, fitting, optional, told
from tests.app import stage
from tests.app.practising import company
from tests.app.stage import staged, text, until, words
from tests.app.staged import PROFILE, StagedSession
from tests.app.staged_desk import StagedDesk, world


def at_the_desk(root: Path, desk: StagedDesk | None = None) -> tuple[OctowizardApp, StagedDesk]:
    session = StagedSession()
    session.desk = desk or StagedDesk()
    return staged(root, session), session.desk


async def test_the_desk_exists_only_in_the_practice_company(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(120, 30)) as pilot:
        await stage.home_read(pilot, app)
        await pilot.press("0")
        await pilot.pause()
        assert app.current_mode == "home"
        assert "Practice desk" not in text(app)


async def test_what_is_wrong_is_hidden_until_e_and_enter_cures_it_as_a_person_would(tmp_path: Path) -> None:
    app, desk = at_the_desk(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: "1 thing was made wrong" in words(app))
        assert "2025 / 1" not in text(app)
        await pilot.press("e")
        await until(pilot, lambda: "2025 / 1" in text(app))
        await until(pilot, lambda: "goes Foo [BE] bvba" in words(app))  # called by its name, not by its id
        await pilot.press("enter")
        await until(pilot, lambda: "✔ Cured: The fiscal year is closed" in words(app))
        assert desk.done == [
            {"action": "reopen-year", "year": "2025"},
            {"action": "teamleader-merge", "loser": "c1"},
        ]
        await pilot.press("g")
        closed = "✖ The fiscal year is closed"
        await until(pilot, lambda: isinstance(app.screen, TroubleshootScreen) and closed in text(app))


async def test_a_form_offers_what_exists_and_a_field_that_may_stay_empty_stays_empty(tmp_path: Path) -> None:
    app, desk = at_the_desk(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: "›  Open a closed fiscal year again." in text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen) and "Verkopen" in text(app))
        await pilot.press(*"[be]", "enter")  # by a word of its description
        await until(pilot, lambda: "202601" in text(app))
        await pilot.press("down", "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, PracticeScreen) and "✔ Set Secured" in text(app))
        assert desk.done == [{"action": "set-secured-period", "journal": "V2", "period": "202601"}]
        assert "held back no" in words(app)


async def test_a_form_can_be_left_and_then_nothing_is_done(tmp_path: Path) -> None:
    app, desk = at_the_desk(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: "›  Open a closed fiscal year again." in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, PracticeScreen))
        assert desk.done == []


async def test_a_refusal_is_told_in_its_own_words(tmp_path: Path) -> None:
    app, desk = at_the_desk(tmp_path)
    desk.refuses = "There is no fiscal year [/] in Octopus."
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: "Open a closed" in text(app))
        await pilot.press("slash", *"publish", "enter", "enter")
        await until(pilot, lambda: "✖ There is no fiscal year [/] in Octopus." in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Open a closed" in text(app))


async def test_what_people_decide_about_the_connection_holds_at_once(tmp_path: Path) -> None:
    app, _desk = at_the_desk(tmp_path)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: "Open a closed" in text(app))
        await pilot.press("slash", *"numbered", "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen) and "next" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "9045126 The other" in text(app))
        assert app.profile is not None
        assert (app.profile.numbering, app.profile.start_date) == ("follow", date(2026, 10, 1))


def test_every_action_has_its_place_and_its_summary_can_be_searched() -> None:
    named = [name for _head, names in groups() for name in names]
    assert len(named) == len(set(named))
    assert set(named) <= set(ACTIONS)
    lines = arranged(StagedDesk().actions(), "")
    assert lines[-2:] == ["Other", StagedDesk().actions()[-1]]
    found = arranged(StagedDesk().actions(), "publish held")
    assert [line for line in found if not isinstance(line, str)] == [StagedDesk().actions()[2]]


@pytest.mark.parametrize(
    ("argument", "hint", "offered"),
    [
        ("year", "such as 2026", ["2026", "2025"]),
        ("journal", "the journal, such as V1", ["V1", "V2"]),
        ("invoice", "such as 2026 / 15", ["2026 / 15"]),
        ("document", "such as 2026 / 15", ["2026 / 15", "2026/3"]),
        ("document", "one document: V1/41 in Octopus, or 2026 / 15 in Teamleader", ["2026 / 15", "V1/41"]),
        ("booking", "such as V1/41", ["V1/41"]),
        ("relation", "its number or exact name", ["7"]),
        ("customer", "name or id", ["Foo [BE] bvba", "c2", "c3", "Zoë D'Hondt"]),
        ("type", "bookings or invoices", ["bookings", "invoices"]),
        ("use", "sales, credit_notes or both (both unless given)", ["sales", "credit_notes", "both"]),
        ("numbering", "follow (Teamleader's numbers) or next (the next free one)", ["follow", "next"]),
        ("field", "country, vat_number or email", ["country", "vat_number", "email"]),
        ("desktop", "yes: held back in the desktop program until synchronise", ["yes"]),
        ("name", "its name (the key unless given)", []),
        ("amount", "all that is due unless given", []),
    ],
)
def test_a_field_offers_what_is_known_to_exist(argument: str, hint: str, offered: list[str]) -> None:
    assert [written for written, _what in choices(argument, hint, world())] == offered


def test_no_list_of_choices_is_made_up_from_a_sentence() -> None:
    for action in ACTIONS.values():
        for argument, hint in action.arguments.items():
            assert all(written.strip() == written for written, _what in choices(argument, hint, world()))
    assert optional("the fiscal year, such as 2026 (that of the practice day unless given)")
    assert not optional("the journal, such as V1")


def test_what_is_typed_in_full_stands_first() -> None:
    known = [("2026 / 15", "a"), ("2026 / 1", "b"), ("2025 / 1", "2026 too")]
    assert fitting(known, "2026 / 1")[0] == ("2026 / 1", "b")
    assert fitting(known, "nothing like it") == []
    assert told({"a_b": None, "c": [], "d": ["c1", "x"], "e": True}, world()) == "d Foo [BE] bvba, x · e yes"


async def test_the_tours_errors_are_cured_inside_the_app_and_the_checks_notice() -> None:
    with company(Wanted(scenario="secured-period")) as accounts:
        app = OctowizardApp(accounts.root, accounts)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, lambda: "read just now" in text(app), seconds=60)
            await pilot.press("3", "a")
            await until(pilot, lambda: "›✖ Period" in text(app), seconds=60)
            await pilot.press("0")
            await until(pilot, lambda: "1 thing was made wrong" in words(app))
            await pilot.press("e")
            await until(pilot, lambda: "Holds up" in text(app))
            await pilot.press("enter")
            await until(pilot, lambda: "✔ Cured" in text(app))
            await pilot.press("3", "r")
            await until(pilot, lambda: "✔ Fixed" in stage.told(app), seconds=60)
        desk = PracticeDesk(accounts.profile.control_url or "")
        assert len(await asyncio.to_thread(desk.actions)) == len(ACTIONS)
        with pytest.raises(DeskError, match="no fiscal year 1999"):
            await asyncio.to_thread(desk.do, "reopen-year", {"year": "1999"})
    with pytest.raises(DeskError, match="does not answer"):
        await asyncio.to_thread(desk.planted)
    assert PROFILE.control_url is None


def test_what_was_done_is_told_in_words_whatever_it_is_made_of() -> None:
    done = {
        "receipts": [{"document": "V1/1", "amount": "121.00"}, {"document": "V1/2", "held": {"of": "c1"}}]
    }
    assert (
        told(done, world()) == "receipts document V1/1 · amount 121.00, document V1/2 · held of Foo [BE] bvba"
    )


async def test_a_practice_company_opens_no_page_of_the_real_vendor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("octowizard.app.app.open_browser", opened.append)
    app, _desk = at_the_desk(tmp_path)
    app.practice = True
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.open_address("https://focus.teamleader.eu/company_detail.php?id=1")
        await until(pilot, lambda: "no pages at the vendors" in stage.told(app))
    assert opened == []


def test_what_an_action_asks_for_is_called_in_the_language_of_the_app() -> None:
    locale.choose("nl")
    assert told({"journal": "V1", "year": 2026}) == "dagboek V1 · jaar 2026"
    asked = {name for action in ACTIONS.values() for name in action.arguments}
    same = {"type", "code", "percentage", "document", "tag", "status", "dossier"}  # as in English
    assert {name for name in asked if asked_name(name) == name} == same


async def test_a_search_at_the_desk_that_finds_nothing_says_why_and_how_to_go_on(tmp_path: Path) -> None:
    app, _desk = at_the_desk(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: "1 thing was made wrong" in words(app))
        await pilot.press("slash", *"qqq")
        await until(pilot, lambda: "No action with these words" in text(app))
        assert "esc  shows all actions again" in text(app)
        assert " esc show all  " in text(app).splitlines()[-1]
        await pilot.press("escape")
        await until(pilot, lambda: "No action with these words" not in text(app))
