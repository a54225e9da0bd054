"""What the app says in passing: above the keys, over no text, gone when it is read, and there to be read again."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.widgets.notice_line import MOST, Notice, told
from octowizard.presentation.confirmation import leaving
from tests.app.stage import home_read, staged, text, until
from tests.app.staged import StagedSession

LONG = "Saved to /home/somebody/papers/2026, with all that the screen shows. " * 6


def rows(shown: str) -> list[str]:
    return [line.strip() for line in shown.rstrip("\n").split("\n")]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 50)], ids=str)
async def test_a_message_has_a_line_of_its_own_above_the_keys_and_covers_nothing(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=size) as pilot:
        await home_read(pilot, app)
        before = rows(text(app))
        app.tell("✔ Handed to xclip.")
        await until(pilot, lambda: "Handed to xclip" in text(app))
        after = rows(text(app))
        assert after[-2] == "✔ Handed to xclip."
        assert after[-1] == before[-1]
        covered = {line for line in before[:-1] if line} - set(after)
        assert len(covered) <= 1  # where the window is full, a line has been scrolled out, none is covered
        await pilot.press("down")
        await until(pilot, lambda: "Handed to xclip" not in text(app))


async def test_a_mistake_stays_until_a_key_and_says_so_with_its_mark(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        app.tell("Nothing was saved: [/x] is full", wrong=True)
        await until(pilot, lambda: "✖ Nothing was saved: [/x] is full" in text(app))
        assert [notice.wrong for notice in app.notices.present] == [True]
        await pilot.press("down")
        await until(pilot, lambda: "Nothing was saved" not in text(app))


async def test_messages_that_came_together_are_both_read_and_can_be_read_again(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        app.tell("✔ Copied.")
        app.tell("✔ Saved.")
        await until(pilot, lambda: "✔ Copied." in text(app) and "✔ Saved." in text(app))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "✔ Copied." in text(app))
        assert text(app).index("✔ Saved.") < text(app).index("✔ Copied.")


async def test_a_message_in_a_dialog_covers_neither_its_text_nor_its_answers(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(60, 14)) as pilot:
        await home_read(pilot, app)
        app.push_screen(ConfirmScreen(leaving(sync=True)))
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        app.tell("✔ Copied.")
        await until(pilot, lambda: "✔ Copied." in text(app))
        assert rows(text(app))[-1] == "✔ Copied."
        assert " y " in text(app)
        assert " n " in text(app)


async def test_a_message_goes_along_to_the_screen_that_is_shown_next(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        app.tell("✔ Connected.")
        app.go_to("history")
        await until(pilot, lambda: app.current_mode == "history" and "✔ Connected." in text(app))


def test_a_message_longer_than_the_line_names_the_key_that_shows_all_of_it() -> None:
    lines = told([Notice("A first one."), Notice(LONG)], 60).plain.split("\n")
    assert len(lines) == MOST
    assert lines[0].startswith("i Saved to /home/somebody")
    assert lines[-1].strip() == "^n shows all of it"
    assert all(cell_len(line) <= 60 for line in lines)


def test_a_message_that_brings_its_mark_is_not_marked_twice() -> None:
    assert told([Notice("✔ Merged.")], 60).plain == "✔ Merged."
    assert told([Notice("Not merged.", wrong=True)], 60).plain == "✖ Not merged."
