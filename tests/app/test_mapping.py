"""The Mapping screen, by the keys on the screen."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from textual.widgets import Static

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.mapping import MappingScreen
from octowizard.app.screens.setup import SetupScreen
from octowizard.app.widgets.mapping_list import MappingList
from octowizard.cli.wanted import Wanted
from octowizard.workspace.profiles import Mirror, load
from tests.app.practising import company
from tests.app.stage import over, staged, text, told, until, words
from tests.app.staged import StagedSession
from tests.app.staged_setup import StagedSetUp


def mapping_app(root: Path) -> tuple[OctowizardApp, StagedSession]:
    """The app on the real mapping of `books`: what is chosen is kept, and leads there from then on."""
    session = StagedSession()
    return staged(root, session), session


def chosen(session: StagedSession) -> dict[str, int]:
    """The accounts that were chosen, by category, as they are kept on the disk."""
    if not session.adopted:
        return {}
    kept = load(session.root, session.profile.name).mapping
    assert kept == session.profile.mapping
    return dict(kept.accounts)


async def test_what_leads_nowhere_stands_first_and_a_choice_is_found_by_typing(tmp_path: Path) -> None:
    app, session = mapping_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "✖ 3 lead nowhere · 1 with a sure proposal" in text(app))
        assert "›✖ Webwinkel" in text(app)
        assert "Proposal: 700000 Webwinkel" in words(app)
        about = app.screen.query_one("#row-text", Static)
        assert "bears the same name" in " ".join(str(about.render()).split())
        assert "1 document has a line without a product category" in words(app)
        await pilot.press("enter", *"herst")
        await until(pilot, lambda: "›⏎ 700300" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "✖ 2 lead nowhere" in text(app))
        assert chosen(session) == {"1": 700300}
        assert "›✖ Dienst" in text(app)  # on to the next that leads nowhere


async def test_the_proposal_is_marked_and_escape_chooses_nothing(tmp_path: Path) -> None:
    app, session = mapping_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "›✖ Webwinkel" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "›⏎ 700000" in text(app))
        await pilot.press("down", "1", "escape")  # a digit is typed, and goes to no other place
        await until(pilot, lambda: "⏎ choose" in text(app))
        assert isinstance(app.screen, MappingScreen)
        assert chosen(session) == {}
        await pilot.press("enter", "enter")
        await until(pilot, lambda: chosen(session) == {"1": 700000})


async def test_all_sure_proposals_are_accepted_only_after_they_were_shown(tmp_path: Path) -> None:
    app, session = mapping_app(tmp_path)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "a accept all" in text(app))
        await pilot.press("a")
        await until(
            pilot, lambda: isinstance(app.screen, ConfirmScreen) and "Webwinkel → 700000" in text(app)
        )
        assert "700100" not in text(app).split("Accept 1 proposal?")[1].split("accept")[0]
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, MappingScreen))
        assert chosen(session) == {}
        await pilot.press("A")
        await until(pilot, lambda: "Accept 2 proposals?" in text(app))
        await pilot.press("y")
        await until(pilot, lambda: "✔ 2 proposals accepted." in told(app))
        assert chosen(session) == {"1": 700000, "2": 700100}


async def test_a_choice_can_be_taken_back(tmp_path: Path) -> None:
    app, session = mapping_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "›✖ Webwinkel" in text(app))
        await pilot.press("u")  # nothing was chosen yet: no such command
        await pilot.press("enter", "enter")
        await until(pilot, lambda: chosen(session) == {"1": 700000})
        await until(pilot, lambda: "✖ 2 lead nowhere" in text(app))
        await pilot.press("home", "down", "down", "down")
        await until(pilot, lambda: "your choice" in text(app))
        await pilot.press("u")
        await until(pilot, lambda: "✖ 3 lead nowhere" in text(app))
        assert chosen(session) == {}


async def test_journal_and_account_of_mirrored_payments_are_asked_together(tmp_path: Path) -> None:
    app, session = mapping_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "›✖ Webwinkel" in text(app))
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen) and "D1" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "⏎ 580000" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: session.profile.mirror == Mirror(journal="D1", account=580000))


async def test_a_value_that_is_refused_is_told_in_one_sentence(tmp_path: Path) -> None:
    app, _session = mapping_app(tmp_path)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "›✖ Webwinkel" in text(app))
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press(*"[/]", "enter", "enter")
        await until(
            pilot,
            lambda: "“[/]” is nothing that “Payments made in Teamleader: journal” can lead to" in told(app),
        )


async def test_accounts_can_be_read_again_and_suggestions_and_set_up_are_a_key_away(tmp_path: Path) -> None:
    app, session = mapping_app(tmp_path)
    setup = session.setup
    assert isinstance(setup, StagedSetUp)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "›✖ Webwinkel" in text(app))
        await pilot.press("r")
        await until(pilot, lambda: setup.looked == ["check-accounts"] and "r check again" in text(app))
        await pilot.press("s")
        await until(
            pilot, lambda: isinstance(app.screen, DetailScreen) and "Octopus proposes it" in text(app)
        )
        await pilot.press("escape", "backspace")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))


async def test_an_unmapped_category_is_mapped_and_its_documents_can_be_booked_by_keys_alone() -> None:
    with company(Wanted(scenario="unmapped-category")) as accounts:
        app = OctowizardApp(accounts.root, accounts)
        async with app.run_test(size=(100, 30), notifications=True) as pilot:
            await until(pilot, lambda: "read just now" in text(app), seconds=60)
            await pilot.press("5")  # what it needs is read by itself
            await until(
                pilot, lambda: "Doubtful proposal" in text(app) and "⏎ choose" in text(app), seconds=60
            )
            await pilot.press("enter", "enter")
            await until(pilot, lambda: "✔ Every row leads somewhere" in text(app))
            assert app.profile is not None
            assert list(app.profile.mapping.accounts.values()) == [700000]
            assert load(accounts.root, accounts.profile.name).mapping == app.profile.mapping
            await pilot.press("7", "p")
            await over(pilot, app)
            assert "Nothing stands in the way." in words(app)


async def test_rows_are_searched_and_escape_shows_all_again(tmp_path: Path) -> None:
    app, _session = mapping_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "›✖ Webwinkel" in text(app))
        await pilot.press("slash", *"700300")
        await until(pilot, lambda: "›✔ Foo [BE] bvba B" in text(app) and "✖ Webwinkel" not in text(app))
        await pilot.press("z")
        await until(pilot, lambda: "No row with these words" in text(app) and "esc  shows all" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "✖ Webwinkel" in text(app) and "⏎ choose" in text(app))


@pytest.mark.parametrize("size", [(80, 24), (110, 30), (160, 50)])
async def test_no_name_is_cut_beside_blank_columns_and_no_two_columns_touch(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app, _session = mapping_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "›✖ Webwinkel" in text(app))
        lines = app.screen.query_one(MappingList)
        rows = [[part for part, _tone in lines.cells(row, lines.size.width - 1)] for row in lines.lines]
        for cells in rows:
            for left, right in pairwise(cells[1:]):
                assert left[-1:] in ("", " ") or right[:1] in ("", " "), cells
        if any(part.rstrip().endswith("…") for cells in rows for part in cells):
            for column in zip(*rows, strict=True):  # each is as wide as what stands in it, and no wider
                width = len(column[0])
                assert max(len(part.rstrip()) for part in column) >= width - 2, column
