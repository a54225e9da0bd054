"""Troubleshoot by its keys: paste, pick, look again, and an honest answer to what nobody knows."""

from __future__ import annotations

from pathlib import Path

from textual import events

from octowizard.app.screens.troubleshoot import TroubleshootScreen
from octowizard.app.widgets.message_box import MessageBox, harmless
from tests.app.stage import staged, text, told, until, words
from tests.app.staged import StagedSession
from tests.app.staged_checks import explained

MAIL = "Dag,\n\nDe factuur kon niet worden geboekt:\nPeriode 202603 is beveiligd in V1\n\nGroeten"


async def test_a_paste_is_explained_at_once_with_what_it_names_and_its_causes(tmp_path: Path) -> None:
    session = StagedSession()
    session.explained["secured-period"] = explained()
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("8")
        await until(pilot, lambda: "Paste a message" in text(app))
        app.post_message(events.Paste(MAIL))
        await until(pilot, lambda: "✖ Very probably: The period is secured" in text(app))
        shown = words(app)
        assert "Less likely: The request was malformed" in shown
        assert "journal V1" in shown
        assert "period 202603" in shown
        assert "Beheer > Dagboeken" in shown
        await pilot.press("e")
        for _page in range(4):
            await pilot.press("pagedown")
        await until(pilot, lambda: "– Ruled out" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Paste a message" in text(app))


async def test_a_typed_number_is_explained_by_enter_and_its_digits_do_not_change_the_place(
    tmp_path: Path,
) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("8")
        await until(pilot, lambda: "Paste a message" in text(app))
        await pilot.press("slash", "minus", "1", "5", "enter")
        await until(pilot, lambda: "✖ The period is secured" in text(app))
        assert isinstance(app.screen, TroubleshootScreen)
        assert "? It may be" in text(app)


async def test_a_paste_into_the_field_keeps_its_lines_and_waits_for_enter(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("8", "slash")
        app.post_message(events.Paste(MAIL + "\x1b[31m"))
        box = app.screen.query_one(MessageBox)
        await until(pilot, lambda: box.text == MAIL + "[31m")
        await pilot.press("enter")
        await until(pilot, lambda: "✖ The period is secured" in text(app))


async def test_words_search_the_cards_and_enter_opens_one(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("8")
        await until(pilot, lambda: "The journal is closed" in text(app))
        await pilot.press("slash", *"beveiligd")
        await until(
            pilot, lambda: "The period is secured" in text(app) and "The journal is closed" not in text(app)
        )
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "✖ The period is secured" in text(app) and "What to do" in text(app))


async def test_an_unknown_message_gets_an_honest_answer_the_nearest_and_a_bundle(tmp_path: Path) -> None:
    session = StagedSession()
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("8")
        await until(pilot, lambda: "Paste a message" in text(app))
        app.post_message(events.Paste("The flux capacitor of the period journal is out of plutonium [/x]"))
        await until(pilot, lambda: "octowizard does not know this message" in words(app))
        assert "What to do" not in text(app)
        await pilot.press("B")
        await until(pilot, lambda: "Saved to" in told(app))
        assert len(list((tmp_path / "saved").glob("octowizard support *.zip"))) == 1


async def test_check_again_reads_what_the_problem_depends_on_and_explains_anew(tmp_path: Path) -> None:
    session = StagedSession()
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("8")
        await until(pilot, lambda: "Paste a message" in text(app))
        app.post_message(events.Paste("Periode 202603 is beveiligd in V1"))
        await until(pilot, lambda: "? It may be" in text(app) and "r check again" in text(app))
        session.explained["secured-period"] = explained()
        await pilot.press("r")
        await until(pilot, lambda: "✖ Very probably: The period is secured" in text(app))
        assert session.checks_asked == ["secured-period"]


def test_a_paste_loses_what_a_terminal_would_act_upon_and_nothing_else() -> None:
    assert harmless("a\x1b[31m\tb\r\nc\u202e d [/x]") == "a[31m b\nc d [/x]"


async def test_what_is_typed_stands_in_the_field_letter_for_letter_and_changes_no_place(
    tmp_path: Path,
) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("8", *"factuur 2026 / 40 c4f0r")
        box = app.screen.query_one(MessageBox)
        await until(pilot, lambda: box.text == "factuur 2026 / 40 c4f0r")
        await pilot.press("escape")  # to the list, where digits change the place and letters are text again
        await pilot.press(*"fout 15")
        await until(pilot, lambda: box.text == "fout 15")
        await pilot.press("escape", "1", "8", *"c4")  # who comes back types at once
        await until(pilot, lambda: box.text.endswith("c4") and isinstance(app.screen, TroubleshootScreen))


async def test_an_answer_has_keys_and_tab_and_esc_move_between_it_and_its_message(tmp_path: Path) -> None:
    session = StagedSession()
    session.explained["secured-period"] = explained()
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("8", *"fout -15", "enter")
        await until(pilot, lambda: "✖ Very probably: The period is secured" in text(app))
        assert "> fout -15" in text(app)
        assert "Less likely: The request was malformed." in words(app)
        box = app.screen.query_one(MessageBox)
        assert not box.display
        await pilot.press("tab", *" in V2")
        await until(pilot, lambda: box.text == "fout -15 in V2")
        await pilot.press("escape")
        await until(pilot, lambda: not box.display and "> fout -15" in text(app))
        await pilot.press("tab", *" V3", "enter")
        await until(pilot, lambda: not box.display and "> fout -15 V3" in text(app))
        await pilot.press("1")
        await until(pilot, lambda: not isinstance(app.screen, TroubleshootScreen))
