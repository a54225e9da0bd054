"""What a workspace promises holds in SQLite and in PostgreSQL: most tests of this room run on both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workspace.postgres import MISSING, database, programs, running

BOTH = ("answers", "db", "declared", "forget", "intents", "kept", "ledgers", "lock", "refusals", "runs")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each of these once in SQLite, and in PostgreSQL unless it is about the file (`sqlite`)."""
    name = metafunc.module.__name__.rpartition(".test_")[2]
    only = metafunc.definition.get_closest_marker("sqlite") is not None
    if name in BOTH and not only:
        metafunc.parametrize("backend", ["sqlite", "postgres"], indirect=True)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL for all tests of this worker."""
    if programs() is None:
        pytest.skip(MISSING)
    with running() as address:
        yield address


@pytest.fixture(autouse=True)
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the workspaces of the test live; in PostgreSQL a database of its own, named in the environment."""
    chosen: str = getattr(request, "param", "sqlite")
    monkeypatch.delenv("OCTOWIZARD_DATABASE", raising=False)
    if chosen == "sqlite":
        yield chosen
        return
    with database(request.getfixturevalue("server")) as address:
        monkeypatch.setenv("OCTOWIZARD_DATABASE", address)
        yield chosen
