"""The picture for a ticket: one key, on every screen, with a bundle beside it; nothing secret, on wish no names."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.command import CommandPalette

from octowizard.app.picture import mask, words_of
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.connect import ConnectScreen
from octowizard.session.overview import Attention
from octowizard.transport.redact import remember_secret
from octowizard.workspace.db import Workspace
from octowizard.workspace.runs import RunLog
from tests.app.stage import home_read, over, staged, text, told, until
from tests.app.staged import PROFILE, StagedSession


@pytest.fixture
def session(tmp_path: Path) -> StagedSession:
    """The staged company, whose runs are in the workspace too."""
    session = StagedSession()
    with Workspace.open(tmp_path, PROFILE.name) as workspace:
        for number in (1, 2):
            log = RunLog(workspace, dry_run=number == 1)
            lines = list(session.run_lines(number))
            for line in lines:
                log.add(line, None)
            log.finish(lines[-1])
    return session


def saved(root: Path, suffix: str) -> list[Path]:
    return sorted((root / "saved").glob(f"*{suffix}"))


@asynccontextmanager
async def preview_pictured(
    root: Path, session: StagedSession, key: str, toast: str
) -> AsyncIterator[tuple[Path, Path, str]]:
    """The picture and the bundle that the key saves after a preview, and what is said of them."""
    app = staged(root, session)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await until(pilot, lambda: "Dakwerken Maes" in text(app))  # all of it is drawn
        await pilot.press(key)
        await until(pilot, lambda: toast in told(app))
        [picture], [bundle] = saved(root, ".svg"), saved(root, ".zip")
        yield picture, bundle, told(app)


def shown_in(picture: Path) -> str:
    """The text of a picture, which is well-formed and asks nobody for anything."""
    svg = picture.read_text(encoding="utf-8")
    ET.fromstring(svg)
    assert not re.findall(r"""(?:url\(|href=)["']?http|@import|<script""", svg)
    return html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", svg, flags=re.DOTALL)).replace("\xa0", " ")


def files_of(bundle: Path) -> dict[str, str]:
    with zipfile.ZipFile(bundle) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


async def test_one_key_saves_the_screen_and_a_bundle_beside_it_and_says_where(
    tmp_path: Path, session: StagedSession
) -> None:
    async with preview_pictured(tmp_path, session, "f2", "Saved to") as (picture, bundle, said):
        assert (picture.stem, str(picture) in said) == (bundle.stem, True)
        assert "with all that the screen shows" in said
        shown = shown_in(picture)
        for words in ("Foo [BE] bvba", "The period is closed", "2026 / 144", "Dakwerken Maes"):
            assert words in shown
        assert {"about.json", "profile.json", "runs/2.jsonl"} <= set(files_of(bundle))


async def test_without_names_neither_picture_nor_bundle_tells_of_anybody(
    tmp_path: Path, session: StagedSession
) -> None:
    async with preview_pictured(tmp_path, session, "f3", "without names") as (picture, bundle, _said):
        shown, files = shown_in(picture), files_of(bundle)
        for name in (
            "Peeters",
            "Garage",
            "Foo",
            "Broeck",
            "שלום",
            "Zoë",
            "Lefèvre",
            "Anouk",
            "Dakwerken",
            "9045119",
            "144",
        ):
            assert name not in shown + "".join(files.values()), name
        assert "Preview" in shown
        assert "start the sync" in shown
        assert set(files) == {"about.json", "profile.json", "calls.txt"}


async def test_the_picture_of_an_earlier_run_has_that_run_in_its_bundle(
    tmp_path: Path, session: StagedSession
) -> None:
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("9")
        await until(pilot, lambda: "p play again" in text(app))
        await pilot.press("end", "enter")
        await until(pilot, lambda: "2026 / 144" in text(app))
        await pilot.press("f2")
        await until(pilot, lambda: "Saved to" in told(app))
        [bundle] = saved(tmp_path, ".zip")
        assert [name for name in files_of(bundle) if name.startswith("runs/")] == ["runs/1.jsonl"]


async def test_a_question_and_the_palette_have_their_picture_taken_too(
    tmp_path: Path, session: StagedSession
) -> None:
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("f2")
        await until(pilot, lambda: len(saved(tmp_path, ".zip")) == 1)
        assert "Start the sync?" in shown_in(saved(tmp_path, ".svg")[0])
        await pilot.press("n", "colon")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*"picture for")
        await until(pilot, lambda: "picture for a ticket" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: len(saved(tmp_path, ".zip")) == 2)


async def test_no_secret_is_in_a_picture_not_even_one_that_a_vendor_says(
    tmp_path: Path, session: StagedSession
) -> None:
    remember_secret("hunter-two-secret")
    session.overview = type(session.overview)(
        **{
            **{name: getattr(session.overview, name) for name in session.overview.__struct_fields__},
            "attention": (Attention(mark="✖", title="hunter-two-secret was said"),),
        }
    )
    app = staged(tmp_path, session)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await home_read(pilot, app)
        await until(pilot, lambda: "hunter-two-secret" in text(app))
        await pilot.press("f2")
        await until(pilot, lambda: "Saved to" in told(app))
        assert "hunter" not in shown_in(saved(tmp_path, ".svg")[0])


async def test_what_cannot_be_saved_is_said(tmp_path: Path) -> None:
    (tmp_path / "saved").write_text("a file where the folder would be", encoding="utf-8")
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: bool(told(app)))
        assert "Saved to" not in told(app)


async def test_without_accounts_the_picture_is_taken_too_and_a_password_stays_dots(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession(), profile=None)
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await until(pilot, lambda: "Welcome to octowizard" in text(app))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, ConnectScreen))
        await pilot.press("f2")
        await until(pilot, lambda: "Saved to" in told(app))
        assert set(files_of(saved(tmp_path, ".zip")[0])) == {"about.json"}


def test_masked_text_keeps_its_width_and_the_words_of_octowizard() -> None:
    own = words_of(["{count} failing", "The period is closed"])
    assert (
        mask("✖ 3 failing  The period of Café 商店 is closed", own)
        == "✖ 0 failing  The period xx Xxxx xxxx is closed"
    )
