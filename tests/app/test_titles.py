"""The title over what has the keys: there where rows are many, and in no click's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.app.screens.detail import DetailScreen
from tests.app.stage import staged, text, until
from tests.app.staged import StagedSession
from tests.app.staged_checks import SECURED, WRONG_TYPE, checked


def engine_with_findings() -> StagedSession:
    session = StagedSession()
    session.checked = checked()
    return session


@pytest.mark.parametrize(
    ("size", "titled"), [((80, 24), True), ((160, 50), True), ((60, 20), False)], ids=str
)
async def test_the_list_that_has_the_keys_has_its_title_where_there_is_room(
    tmp_path: Path, size: tuple[int, int], titled: bool
) -> None:
    app = staged(tmp_path, engine_with_findings())
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: f"✖ {SECURED.title}" in text(app))
        assert ("─ Findings ─" in text(app)) is titled
        app.screen.set_focus(None)
        await until(pilot, lambda: "─ Findings ─" not in text(app))


async def test_a_click_under_the_title_takes_the_line_that_was_clicked(tmp_path: Path) -> None:
    app = staged(tmp_path, engine_with_findings())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: f"›✖ {SECURED.title}" in text(app))
        row = next(number for number, line in enumerate(text(app).splitlines()) if WRONG_TYPE.title in line)
        await pilot.click(offset=(8, row))
        await until(pilot, lambda: f"›✖ {WRONG_TYPE.title}" in text(app))


async def test_home_shows_the_evidence_of_what_stands_beside_its_list_by_a_key_in_its_footer(
    tmp_path: Path,
) -> None:
    app = staged(tmp_path, engine_with_findings())
    async with app.run_test(size=(160, 50)) as pilot:
        await until(pilot, lambda: "  e explain  " in text(app).splitlines()[-1])
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "Evidence" in text(app))
        await pilot.press("escape")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "e explain" not in text(app))
