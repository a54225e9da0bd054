"""What a session remembers of both sides is never older than what was kept meanwhile."""

from pathlib import Path
from typing import Any

import pytest

from octowizard.session.session import Session
from tests.build import PROFILE


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
