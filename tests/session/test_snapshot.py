"""What a session remembers of both sides is never older than what was kept meanwhile."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from octowizard.presentation.events import doing, how_far
from octowizard.progress import Ahead
from octowizard.session.session import Session
from tests.build import PROFILE, SOUND


def test_what_changes_while_a_snapshot_is_built_is_in_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(tmp_path, PROFILE)
    built: list[Any] = []

    def offline(_root: Path, _profile: object) -> Any:
        built.append(object())
        if len(built) == 1:
            session.forget()  # as another thread that keeps something just then
        return built[-1]

    monkeypatch.setattr("octowizard.sync.look.offline", offline)
    assert session.snapshot() is built[1]
    assert session.snapshot() is built[1]
    session.forget()
    assert session.snapshot() is built[2]


def test_that_all_is_read_and_is_being_checked_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(tmp_path, PROFILE)
    told: list[tuple[str, int]] = []

    async def look(_root: Path, *_what: object, report: Any, **_how: object) -> Any:
        report("vat_returns", 1)
        return SOUND

    monkeypatch.setattr("octowizard.sync.look.look", look)

    def report(what: str, number: int) -> None:
        told.append((what, number))

    for checking in (session.check("", report), session.look(report=report)):
        told.clear()
        asyncio.run(checking)
        what, number = told.pop()
        assert told == [("vat_returns", 1)]
        assert number == len(list(SOUND.documents))
        assert how_far(number, Ahead(what, "")).startswith(f"{doing(what)} {number} document")
        assert doing(what) == "checking"
