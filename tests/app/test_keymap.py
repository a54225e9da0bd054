"""Keys of one's own: they work, stand in footer, help and palette, and what cannot be is told in one sentence."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import octowizard
from octowizard.app.app import OctowizardApp
from octowizard.app.keymap import all_screens, ids, resolved
from octowizard.app.screens.help import HelpScreen
from octowizard.app.screens.history import HistoryScreen
from octowizard.app.screens.sync import SyncScreen
from octowizard.app.widgets.frame import KeyLine
from octowizard.locale.keys import be_on, follow, key_of
from octowizard.presentation.run_summary import after_a_try
from tests.app.stage import home_read, over, staged, text, told, until
from tests.app.staged import StagedSession

ROOT = Path(octowizard.__file__).parent


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
    app = wanted(tmp_path, sync__preview="f11", history="H")
    async with app.run_test(size=(100, 40)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7")
        await until(pilot, lambda: isinstance(app.screen, SyncScreen) and "Preview first" in text(app))
        assert "f11 preview" in text(app).splitlines()[-1]
        assert "f11 makes the preview." in text(app)
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(app.screen, SyncScreen)
        assert app.screen.stage != "over"
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and "f11 " in text(app))
        await pilot.press("escape", "ctrl+p", *"previ")
        await until(pilot, lambda: "preview   f11" in text(app))
        await pilot.press("escape", "f11")
        await over(pilot, app)
        assert not re.search(r"\bp (makes|previews)", text(app))
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


def sentences() -> Iterator[tuple[str, str]]:
    """Every text for people outside the command line, with the file where it stands."""
    for file in sorted(ROOT.rglob("*.py")):
        if file.relative_to(ROOT).parts[0] in ("cli", "sandbox"):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("_", "ngettext"):
                for given in node.args:
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        yield file.name, given.value


def test_no_sentence_names_a_key_by_itself_but_asks_which_it_is() -> None:
    does = (
        "accepts|begins|checks|compares|copies|does|goes|leads|links|makes|merges|opens|pastes|previews|reads|"
        "saves|settles|shows|starts|takes|undoes"
    )
    named = re.compile(
        rf"(?<![\w'’{{])(?:[a-zA-Z]|f\d+) (?:then )?(?:{does})\b|\((?:in the app: )?[a-z\d](?: on [\w ]+)?\)"
    )
    assert [one for one in sentences() if named.search(one[1])] == []


def test_a_sentence_that_names_a_key_names_that_of_the_command() -> None:
    keys = {id: command.key for id, command in ids(OctowizardApp.OFFERS, all_screens())}
    asked = set()
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "key_of" and len(node.args) == 2:
                id, usual = node.args
                if isinstance(id, ast.Constant) and isinstance(usual, ast.Constant):
                    asked.add((str(id.value), str(usual.value)))
    anywhere = {(f"*.{id.partition('.')[2]}", key) for id, key in keys.items()}
    assert asked
    assert asked - set(keys.items()) - anywhere == set()


def test_a_sentence_follows_the_key_that_the_user_gave_to_a_command() -> None:
    try:
        follow({"sync.preview": "f11", "checks.mend": "D"})
        assert after_a_try(0) == "f11 previews what there is to do."
        assert key_of("sync.start", "s") == "s"
        be_on("checks")
        assert key_of("*.mend", "d") == "D"
        be_on("sync")
        assert key_of("*.mend", "d") == "d"
    finally:
        follow({})
