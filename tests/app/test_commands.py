"""Keys, footer, palette and help say the same, and offer only what is possible."""

from __future__ import annotations

import pkgutil
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import msgspec
import pytest
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input, TextArea

from octowizard.app import screens
from octowizard.app.app import OctowizardApp
from octowizard.app.commands import shown
from octowizard.app.everywhere import EVERYWHERE
from octowizard.app.place_screen import PlaceScreen
from octowizard.app.places import GOING
from octowizard.app.places import PLACES as PLACES_OF_A_PRACTICE_COMPANY
from octowizard.app.screens.help import HelpScreen
from octowizard.app.screens.history import HistoryScreen
from octowizard.app.screens.jump import LETTERS, JumpScreen
from octowizard.app.screens.settings import SettingsScreen
from octowizard.app.screens.sync import SyncScreen
from octowizard.app.widgets.frame import KeyLine
from octowizard.session import configuration
from octowizard.snapshot.model import DocumentHead
from octowizard.workspace import settings
from tests.app.stage import home_read, over, staged, text, told, until
from tests.app.staged import NOW, StagedSession
from tests.app.staged_desk import StagedDesk

PLACES = tuple(
    screen
    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}.")
    for screen in vars(import_module(module.name)).values()
    if isinstance(screen, type) and issubclass(screen, PlaceScreen) and screen.__module__ == module.name
    if screen.OFFERS  # a base of screens, and the welcome, have no commands of their own
)


@pytest.mark.parametrize("place", PLACES)
def test_every_key_of_the_footer_is_bound_and_every_bound_key_is_in_the_help(
    place: type[PlaceScreen],
) -> None:
    bound = {
        key.strip()
        for binding in place.BINDINGS
        if not isinstance(binding, tuple)
        for key in binding.key.split(",")
    }
    assert bound == {key for command in place.OFFERS for key in command.keys}
    for command in place.OFFERS:
        assert callable(getattr(place, f"do_{command.run}"))
        assert command.name().strip()
        assert command.help().endswith(".")


@pytest.mark.parametrize("place", PLACES)
def test_no_key_does_two_things_at_once(place: type[PlaceScreen]) -> None:
    everywhere = {key for command in EVERYWHERE + GOING for key in command.keys}
    own = [key for command in place.OFFERS for key in command.keys]
    assert not everywhere.intersection(own)
    doubled = {key for key in own if own.count(key) > 1}
    # Stop while running and show all otherwise; open what needs attention and preview otherwise; exclude what is in,
    # and include what is out: never both. Nor are both of these ever enabled: sign in again and read an export, the
    # other way and the preview, to the message and from it.
    by_place = {"ChecksScreen": {"i"}, "HomeScreen": {"p"}, "TroubleshootScreen": {"tab"}}
    assert doubled <= {"escape", "enter", "x"} | by_place.get(place.__name__, set())


def test_nothing_depends_on_a_control_chord_alone() -> None:
    commands = [*EVERYWHERE, *GOING, *(command for place in PLACES for command in place.OFFERS)]
    for command in commands:
        assert any(not key.startswith("ctrl+") for key in command.keys), command.run


async def offered(app: OctowizardApp) -> set[str]:
    """The names in the footer's list of the present screen, all of them."""
    assert isinstance(app.screen, PlaceScreen)
    return {command.name() for command in app.screen.offered()}


async def test_the_palette_offers_what_is_possible_and_nothing_else(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 44)) as pilot:
        await pilot.press("7")
        await until(pilot, lambda: "Preview first" in text(app))
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette) and "light or dark" in text(app))
        palette = text(app)
        assert "preview   p" in palette
        for impossible in ("start the sync", "retry this one", "stop", "browser"):
            assert impossible not in palette
        await pilot.press("escape", "p")
        await over(pilot, app)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette) and "start the sync" in text(app))
        assert "retry this one" not in text(app)


async def test_the_palette_does_what_is_chosen(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 30)) as pilot:
        await home_read(pilot, app)
        await pilot.press("ctrl+p", *"histo")
        await until(pilot, lambda: "all runs so far" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen))


async def test_the_palette_goes_to_a_document_by_its_number(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("1", "ctrl+p", *"2026 / 151")
        await until(pilot, lambda: "Go to document 2026 / 151" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SyncScreen) and "›○" in text(app).replace(" ", ""))
        assert any(line.startswith("›") and "2026 / 151" in line for line in text(app).splitlines())


async def test_the_help_of_a_screen_names_all_its_keys(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 90)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        footer = app.screen.query_one(KeyLine).pieces(100)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and "Marks" in text(app))
        helped = [line.split("│")[1].strip().split("  ")[0] for line in text(app).splitlines() if "│" in line]
        for key in [piece.text for piece in footer if "bold $primary" in piece.style]:
            assert any(key in line.split(" ") for line in helped), key
        for command in SyncScreen.OFFERS:
            assert any(shown(command.keys[0]) in line.split(" ") for line in helped), command.run


async def test_light_and_dark_can_be_changed_and_are_kept(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        assert app.theme == "octowizard-night"
        await pilot.press("t")
        await until(pilot, lambda: (tmp_path / "settings.json").exists())
    again = staged(tmp_path, StagedSession())
    async with again.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: again.theme == "octowizard-day")


async def test_a_broken_settings_file_is_no_reason_not_to_start(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_bytes(b"\xff{")
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)


async def test_without_colours_everything_can_still_be_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        shown_lines = text(app).splitlines()
        assert any(line.startswith("›✖ The period is closed") for line in shown_lines)
        assert "✔" in text(app)


async def test_a_key_that_does_one_thing_here_and_another_there_stands_once_in_the_help(
    tmp_path: Path,
) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 90)) as pilot:
        await home_read(pilot, app)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and "Marks" in text(app))
        assert isinstance(app.screen, HelpScreen)
        keys = [line.split("  ")[0] for line in app.screen._text(90).plain.splitlines()]
        assert keys.count("⏎") == keys.count("p") == 1
        assert "Do what stands under Next." in text(app)
        assert "Open what needs attention" in text(app)


@pytest.mark.parametrize("key", ["f4", "f12"])
async def test_a_passing_practice_company_says_why_it_shows_no_other_accounts(
    tmp_path: Path, key: str
) -> None:
    session = StagedSession()
    session.fresh = True
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30)) as pilot:
        await home_read(pilot, app)
        await pilot.press(key)
        await until(pilot, lambda: "start octowizard without --sandbox" in told(app))


@pytest.mark.parametrize(
    ("place", "ready", "field"),
    [
        ("8", "Paste a message", "#message"),
        ("7", "The period is closed", "#search"),
        ("0", "Open a closed", "#search"),
    ],
)
async def test_a_burst_of_keys_after_the_one_that_opens_a_field_goes_into_it(
    tmp_path: Path, place: str, ready: str, field: str
) -> None:
    session = StagedSession()
    session.desk = StagedDesk()
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(place)
        if place == "7":
            await pilot.press("p")
        await until(pilot, lambda: ready in text(app))
        for key in "/copy":  # all at once, as a terminal hands on what was typed ahead; c copies elsewhere
            app.post_message(events.Key("slash" if key == "/" else key, key))
        typed = app.screen.query_one(field)
        assert isinstance(typed, Input | TextArea)
        await until(pilot, lambda: (typed.value if isinstance(typed, Input) else typed.text) == "copy")


LOOKED_FOR = (
    ("theme nord", "Theme: nord"),
    ("picture", "picture for a ticket   f2"),
    ("svg", "picture for a ticket   f2"),
    ("screenshot", "picture for a ticket   f2"),
    ("english", "Language: English"),
    ("settings", "settings   f10"),
    ("numbering", "Setting: numbering"),
    ("jump", "jump   f9"),
    *((place.name(), place.name()) for place in PLACES_OF_A_PRACTICE_COMPANY),
    ("audit", "audit   f6"),
    ("profiles", "profiles   f4"),
    ("fleet", "fleet   f12"),
)


async def test_the_palette_finds_what_people_look_for(tmp_path: Path) -> None:
    session = StagedSession()
    session.desk = StagedDesk()
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 40)) as pilot:
        await home_read(pilot, app)
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        field = app.screen.query_one(Input)

        def shows(found: str) -> bool:
            return any(found in line for line in text(app).splitlines()[4:])

        for typed, found in LOOKED_FOR:
            field.value = "zqxj"  # nothing is called so: what was found before is gone
            await until(pilot, lambda found=found: not shows(found))  # type: ignore[misc]  # bound now
            field.value = typed
            await until(pilot, lambda found=found: shows(found))  # type: ignore[misc]  # bound now


async def test_a_customer_finds_documents_and_no_command_whose_sentence_has_the_same_letters(
    tmp_path: Path,
) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("1", "ctrl+p", *"peeters")
        await until(pilot, lambda: "Go to document" in text(app))
        assert "jump   f9" not in text(app)


async def test_a_theme_can_be_chosen_in_the_palette(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 40)) as pilot:
        await home_read(pilot, app)
        await pilot.press("colon", *"theme: dracula")
        await until(pilot, lambda: "Theme: dracula" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "dracula" and (tmp_path / "settings.json").exists())


async def test_of_twenty_thousand_documents_the_one_with_the_number_comes_first(tmp_path: Path) -> None:
    session = StagedSession()
    heads = [
        DocumentHead(
            id=str(number),
            kind="invoice",
            number=f"2026 / {number}",
            date=NOW.date(),
            due_on=None,
            open_amount=None,
            communication=None,
            stamp="",
            customer_type="company",
            customer_id="c",
            customer_name=f"Klant {number % 7}",
            amount=Decimal(1),
            currency="EUR",
        )
        for number in range(1, 20_001)
    ]
    session.checked = msgspec.structs.replace(session.checked, documents={head.id: head for head in heads})
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 40)) as pilot:
        await home_read(pilot, app)
        assert app.runner is not None
        app.runner.checked = session.checked
        await pilot.press("colon", *"2026/42")
        await until(pilot, lambda: "Why 2026 / 42 " in text(app))
        found = [line for line in text(app).splitlines() if "Why 2026 / 42" in line]
        assert "Why 2026 / 42  Klant 0" in found[0]
        await pilot.press(*["backspace"] * 7, *"klant 3")
        await until(pilot, lambda: "Why 2026 / 3  Klant 3" in text(app))


async def test_every_setting_says_where_it_comes_from_and_is_changed_where_it_can_be(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 60)) as pilot:
        await home_read(pilot, app)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen) and "dossier_id" in text(app))
        shown_now = text(app)
        for name in (*configuration.OF_THE_PROGRAM, "numbering", "OCTOWIZARD_HOME"):
            assert name in shown_now
        assert "⏎ changes it." in shown_now
        await pilot.press("down", "enter")
        await until(
            pilot, lambda: any("motion" in line and "less" in line for line in text(app).splitlines())
        )
        assert app.animation_level == "none"
        assert settings.load(tmp_path).motion == "less"
        await pilot.press("end")
        await until(pilot, lambda: "Set or remove the variable." in text(app))


async def test_a_key_can_be_given_in_the_app(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 60)) as pilot:
        await home_read(pilot, app)
        app.show_setting("keymap")
        await until(pilot, lambda: "Settings:" in text(app) and "›keymap" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Another key for a command" in text(app))
        await pilot.press(*"sync.preview", "enter", *"q", "enter")
        await until(pilot, lambda: "which “quit” has" in told(app))
        assert not (tmp_path / "settings.json").exists()
        await pilot.press("enter")
        await until(pilot, lambda: "Another key for a command" in text(app))
        await pilot.press(*"sync.preview", "enter", *"f11", "enter")
        await until(pilot, lambda: settings.load(tmp_path).keymap == {"sync.preview": "f11"})


async def test_the_letter_of_jump_mode_moves_the_focus_and_a_number_goes_to_a_place(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        chain = list(app.screen.focus_chain)
        assert chain
        for letter, goal in zip(LETTERS, chain, strict=False):
            await pilot.press("f9")
            await until(
                pilot, lambda: isinstance(app.screen, JumpScreen) and "A letter or a number" in text(app)
            )
            assert f" {letter} " in text(app)
            await pilot.press(letter)
            await until(pilot, lambda goal=goal: app.focused is goal)  # type: ignore[misc]
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen))
        await pilot.press("9")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
        await pilot.press("f9", "escape")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen))
        await pilot.resize_terminal(80, 24)  # the letters would stand beside what they name
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
