"""Keys of one's own: they work, stand in footer, help and palette, and what cannot be is told in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from octowizard.app.app import OctowizardApp
from octowizard.app.keymap import all_screens, ids, resolved
from octowizard.app.screens.help import HelpScreen
from octowizard.app.screens.history import HistoryScreen
from octowizard.app.screens.sync import SyncScreen
from octowizard.app.widgets.frame import KeyLine
from tests.app.stage import home_read, over, staged, text, told, until
from tests.app.staged import StagedSession


def wanted(home: Path, **keymap: str) -> OctowizardApp:
    """The app for somebody with this keymap."""
    (home / "settings.json").write_text(
        json.dumps({"keymap": {id.replace("__", "."): keys for id, keys in keymap.items()}})
    )
    return staged(home, StagedSession())


def test_every_command_has_an_id_of_its_own() -> None:
    every = [id for id, _command in ids(OctowizardApp.OFFERS, all_screens())]
    assert len(every) == len(set(every))
    assert {"quit", "sync", "sync.preview", "detail.close", "settings.change"} <= set(every)


async def test_a_command_goes_by_its_new_key_and_no_longer_by_the_old_one(tmp_path: Path) -> None:
    app = wanted(tmp_path, sync__preview="f12", history="H")
    async with app.run_test(size=(100, 40)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7")
        await until(pilot, lambda: isinstance(app.screen, SyncScreen) and "Preview first" in text(app))
        assert "f12 preview" in text(app).splitlines()[-1]
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(app.screen, SyncScreen)
        assert app.screen.stage != "over"
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and "f12 " in text(app))
        await pilot.press("escape", "ctrl+p", *"previ")
        await until(pilot, lambda: "preview   f12" in text(app))
        await pilot.press("escape", "f12")
        await over(pilot, app)
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
        assert told(app) == ""


async def test_the_key_to_leave_stands_in_the_footer(tmp_path: Path) -> None:
    app = wanted(tmp_path, quit="Q")
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        pieces = app.screen.query_one(KeyLine).pieces(80)
        assert "Q" in [piece.text for piece in pieces]


@pytest.mark.parametrize(
    ("keymap", "sentence"),
    [
        ({"sync__preview": "q"}, "The keymap gives “sync.preview” the key q, which “quit” has: its keys stay."),
        ({"quit": "p"}, "The keymap gives “quit” the key p, which “"),
        ({"sync__preview": "j"}, "The keymap gives “sync.preview” the key j, which moves in lists: its keys stay."),
        ({"sync__previw": "x"},
         "The keymap names “sync.previw”, which is no command: perhaps “sync.preview” is meant."),
        ({"zzz": "x"}, "The keymap names “zzz”, which is no command."),
        ({"quit": "hyper+nix"}, "The keymap gives “quit” the key “hyper+nix”, which there is not: its keys stay."),
    ],
)  # fmt: skip
async def test_a_key_that_cannot_be_is_told_and_changes_nothing(
    tmp_path: Path, keymap: dict[str, str], sentence: str
) -> None:
    app = wanted(tmp_path, **keymap)
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await until(pilot, lambda: sentence in told(app))
        await pilot.press("7", "p")
        await over(pilot, app)


def test_two_commands_can_change_keys_with_each_other() -> None:
    everywhere, screens = OctowizardApp.OFFERS, all_screens()
    keymap, sentences = resolved({"quit": "f6", "audit": "q ctrl+q"}, everywhere, screens)
    assert sentences == []
    assert {command.run: command.keys for command in keymap.of("", everywhere)}["audit"] == ("q", "ctrl+q")


def test_a_name_without_a_screen_is_meant_on_every_screen_that_has_it() -> None:
    keymap, sentences = resolved({"copy": "ctrl+y"}, OctowizardApp.OFFERS, all_screens())
    assert sentences == []
    for owner, offered in all_screens().items():
        for command in keymap.of(owner, offered.commands):
            assert command.run != "copy" or command.keys == ("ctrl+y",)
