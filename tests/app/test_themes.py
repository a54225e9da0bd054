"""The looks: each can be read, follows the terminal where nobody chose one, and is kept where one was chosen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme
from textual.widgets import Input, TextArea

from octowizard.app import themes
from octowizard.app.app import OctowizardApp
from octowizard.app.terminal import GroundNamed, _hearing
from octowizard.workspace.profiles import Profile, ProfileError
from tests.app.stage import home_read, over, staged, text, told, until
from tests.app.staged import StagedSession

ALL = [theme for theme in (*themes.THEMES, *BUILTIN_THEMES.values()) if not theme.ansi]


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.name)
def test_every_text_of_every_theme_stands_out_from_every_ground(theme: Theme) -> None:
    raw = {**themes.DEFAULTS, **theme.to_color_system().generate(), **theme.variables}
    made = {name: Color.parse(value) for name, value in themes.legible(theme, raw).items() if value[0] == "#"}
    for ink in (*themes.INKS, "text", "text-muted", "text-disabled"):
        for ground in themes.GROUNDS:
            assert themes.contrast(made[ink], made[ground]) >= themes.ENOUGH, (ink, ground)
    for ink, ground in (("block-cursor-foreground", "block-cursor-background"), ("background", "error")):
        assert themes.contrast(made[ink], made[ground]) >= themes.ENOUGH, (ink, ground)


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
def test_our_own_themes_are_legible_as_they_are_written(theme: Theme) -> None:
    raw = {**theme.to_color_system().generate(), **theme.variables}
    made = themes.legible(theme, raw)
    assert {ink: Color.parse(made[ink]) for ink in themes.INKS} == {
        ink: Color.parse(raw[ink]) for ink in themes.INKS
    }


def test_contrast_is_counted_as_the_guideline_does() -> None:
    assert themes.contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert themes.contrast(Color.parse("#777"), Color.parse("#fff")) == pytest.approx(4.48, abs=0.01)


def pairs(app: OctowizardApp, inside: str) -> Iterator[tuple[Color, Color, str]]:
    """The colours of all that is written in a part of the screen, each with its ground."""
    region = app.screen.query_one(inside).region if inside else app.screen.region
    for strip in app.screen._compositor.render_strips()[region.y : region.bottom]:
        for segment in strip.crop(region.x, region.right):
            style = segment.style
            if style is None or not segment.text.strip() or set(segment.text) & set("─│╭╮╰╯█░▁▂▃▄▅▆▇━"):
                continue
            if style.color is None or style.bgcolor is None:
                continue
            ink, ground = (Color.from_rich_color(colour) for colour in (style.color, style.bgcolor))
            yield (ground, ink, segment.text) if style.reverse else (ink, ground, segment.text)


@pytest.mark.parametrize("name", ["octowizard-night", "octowizard-day", "textual-dark", "solarized-light"])
async def test_what_stands_on_the_screens_can_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"theme": name}))
    app = staged(tmp_path, StagedSession())

    def look(inside: str = "") -> None:  # a dialog; what is dimmed behind it is not to be read
        for ink, ground, words in pairs(app, inside):
            assert themes.contrast(ink, ground) >= themes.ENOUGH, (ink.hex, ground.hex, words)

    async with app.run_test(size=(120, 36)) as pilot:
        await home_read(pilot, app)
        assert app.theme == name
        look()
        await pilot.press("7", "p")
        await over(pilot, app)
        look()
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "What do you want to do?" in text(app))
        look("#--container")
        await pilot.press("escape", "3")
        await until(pilot, lambda: "read" in text(app))
        look()
        await pilot.press("question_mark")
        await until(pilot, lambda: "Keys" in text(app))
        look("#help")


async def test_the_look_is_that_of_the_terminal_until_one_is_chosen(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        assert app.theme == "octowizard-night"
        app.post_message(GroundNamed("rgb:fdfd/f6f6/e3e3"))
        await until(pilot, lambda: app.theme == "octowizard-day")
        await pilot.press("t")
        await until(pilot, lambda: (tmp_path / "settings.json").exists() and app.theme == "octowizard-night")
        app.post_message(GroundNamed("rgb:ffff/ffff/ffff"))
        await pilot.pause()
        assert app.theme == "octowizard-night"


def test_the_environment_tells_of_a_light_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORFGBG", "0;15")
    assert staged(tmp_path, StagedSession()).theme == "octowizard-day"
    (tmp_path / "settings.json").write_text('{"theme": "nord"}')
    assert staged(tmp_path, StagedSession()).theme == "nord"


@pytest.mark.parametrize(
    ("said", "dark"),
    [
        ("rgb:1111/1616/1c1c", True),
        ("rgb:ff/ff/ff", False),
        ("rgb:f/f/f", False),
        ("rgb:", None),
        ("rgb:1/2", None),
        ("15;0", True),
        ("0;default;15", False),
        ("0;8", True),
        ("15;default", None),
        ("", None),
    ],
)
def test_what_a_terminal_says_of_its_ground_is_understood(said: str, dark: bool | None) -> None:
    assert themes.behind(said) is dark


def test_the_answer_of_a_terminal_is_not_typed_into_the_app() -> None:
    from textual._xterm_parser import XTermParser

    parser = _hearing(XTermParser)()
    answered = [*parser.feed("a\x1b]11;rgb:11"), *parser.feed("11/2222/3333\x1b\\b")]
    keys = [message.key for message in answered if not isinstance(message, GroundNamed)]
    assert keys == ["a", "b"]
    assert [message.colour for message in answered if isinstance(message, GroundNamed)] == [
        "rgb:1111/2222/3333"
    ]


async def test_a_theme_is_seen_before_it_is_kept_and_left_as_it_was(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 30)) as pilot:
        await home_read(pilot, app)
        await pilot.press("T")
        await until(pilot, lambda: "as the terminal is" in text(app))
        await pilot.press("down", "down")
        await until(pilot, lambda: app.theme == "octowizard-day")
        await pilot.press("escape")
        await until(pilot, lambda: app.theme == "octowizard-night")
        assert not (tmp_path / "settings.json").exists()
        await pilot.press("T")
        await until(pilot, lambda: "as the terminal is" in text(app))
        await pilot.press("end")
        await until(pilot, lambda: app.theme == themes.names()[-1])
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "settings.json").exists())
    again = staged(tmp_path, StagedSession())
    assert again.theme == themes.names()[-1]


async def test_a_theme_that_there_is_not_is_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"theme": "gruvbax"}')
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        assert "There is no theme “gruvbax”: perhaps “gruvbox” is meant." in told(app)
        assert app.theme == "octowizard-night"


@pytest.mark.parametrize(("written", "environment"), [("less", ""), ("full", "1")])
def test_who_wants_less_motion_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, environment: str
) -> None:
    monkeypatch.setenv("NO_MOTION", environment)
    (tmp_path / "settings.json").write_text(json.dumps({"motion": written}))
    app = staged(tmp_path, StagedSession())
    assert app.still
    assert app.animation_level == "none"


async def test_a_practice_company_that_passes_leaves_its_theme_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("OCTOWIZARD_HOME", str(home))

    def never(_tell: object) -> Profile:
        raise ProfileError("It was not made ready.")

    passing = OctowizardApp(tmp_path / "passes", None, prepare=never)
    async with passing.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "It was not made ready." in text(passing))
        await pilot.press("t")
        await until(pilot, lambda: (home / "settings.json").exists())
    assert OctowizardApp(tmp_path / "next", None, prepare=never).theme == "octowizard-day"


async def test_where_nothing_shall_move_no_cursor_blinks(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"motion": "less"}')
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("8")
        await until(pilot, lambda: isinstance(app.focused, Input | TextArea) or "Paste" in text(app))
        field = app.screen.query_one("#message")
        field.focus()
        await until(pilot, lambda: app.focused is field)
        assert isinstance(field, Input | TextArea)
        assert not field.cursor_blink
