"""Keeping a document out of the sync by one key, and letting it in by the same, in a real session."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session.session import Session
from octowizard.workspace import exclusions
from octowizard.workspace.db import Workspace
from tests.app.stage import home_read, over, sync_screen, text, until, words
from tests.sync.inside import Inside, inside


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        yield company


def out(company: Inside) -> frozenset[str]:
    with Workspace.open(company.home, company.profile.name) as workspace:
        return exclusions.excluded(workspace)


async def test_x_keeps_a_document_out_as_the_command_line_does_and_x_lets_it_in_again(
    company: Inside,
) -> None:
    app = OctowizardApp(company.home, Session(company.home, company.profile))
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7", "p")
        await over(pilot, app)
        assert "○ 8 ready   ✖ 0 blocked   – 0 excluded" in text(app)
        row = next(row for row in sync_screen(app).state.rows.values() if row.name == "2026 / 3")  # type: ignore[union-attr] # there is one
        sync_screen(app).show_row(row.key)
        await until(pilot, lambda: "x exclude" in text(app))
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert "It is not brought to Octopus, by this and all later syncs" in words(app)
        await pilot.press("n")
        assert out(company) == frozenset()
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: "○ 7 ready   ✖ 0 blocked   – 1 excluded" in text(app))
        await over(pilot, app)
        assert out(company) == {row.key}
        await until(pilot, lambda: "x include" in text(app))  # the cursor is on it still
        await pilot.press("s", "y")
        await over(pilot, app)
        await until(pilot, lambda: "7 documents" in words(app) and "– 1 excluded" in text(app))
        sync_screen(app).show_row(row.key)
        await until(pilot, lambda: "x include" in text(app))
        await pilot.press("x")
        await until(pilot, lambda: "○ 1 ready   ✖ 0 blocked   – 0 excluded" in text(app))
        assert out(company) == frozenset()


async def test_what_was_excluded_by_its_number_on_the_command_line_is_included_in_the_app(
    company: Inside,
) -> None:
    with Workspace.open(company.home, company.profile.name) as workspace:
        exclusions.exclude(workspace, ["2026 / 3"])
    app = OctowizardApp(company.home, Session(company.home, company.profile))
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7", "p")
        await over(pilot, app)
        (row,) = [row for row in sync_screen(app).state.rows.values() if row.state == "excluded"]  # type: ignore[union-attr] # there is one
        sync_screen(app).show_row(row.key)
        await until(pilot, lambda: "x include" in text(app))
        await pilot.press("x")
        await until(pilot, lambda: "○ 8 ready   ✖ 0 blocked   – 0 excluded" in text(app))
        assert out(company) == frozenset()


async def test_where_numbers_follow_the_question_says_that_the_later_documents_wait(company: Inside) -> None:
    session = Session(company.home, company.profile)
    session.change(numbering="follow")
    app = OctowizardApp(company.home, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7", "p")
        await over(pilot, app)
        row = next(row for row in sync_screen(app).state.rows.values() if row.state == "ready")  # type: ignore[union-attr] # there is one
        sync_screen(app).show_row(row.key)
        await pilot.press("x")
        await until(pilot, lambda: "Its number stays free in Octopus." in words(app))
