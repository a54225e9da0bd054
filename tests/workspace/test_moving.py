"""A profile moves into the database of a fleet, and back, with all that it remembers and its newest sign-in."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from octowizard.workspace import database, intents, kept, links, moving, profiles
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceError, WorkspaceLocked
from octowizard.workspace.lock import only_one
from octowizard.workspace.secrets import RefreshToken, SecretStore, SecretsUnavailable
from octowizard.workspace.vault import KEY
from tests.workspace.postgres import database as fresh_database
from tests.workspace.test_profiles import profile

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
MADE = (
    links.CustomerLink("c-1", 9, 123_456_789, "created"),
    links.DocumentLink("d-1", "invoice", 5, "V1", 41, "booked"),
    links.PaymentLink("p-1", "d-1", Decimal("12.10"), "2026-11-20", "registered"),
)


def intent(workspace: Workspace) -> int:
    return intents.open_intent(
        workspace, run=1, kind="booking", subject="d-2", natural_key="5/V1/42", body=b"{}", vendor_time=NOW
    )


def store(root: Path) -> SecretStore:
    return SecretStore("acme", profiles.folder(root, "acme"), "file", environ={})


@pytest.fixture
def address(server: str, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv(KEY, Fernet.generate_key().decode())
    with fresh_database(server) as made:
        yield made


async def test_a_profile_moves_into_a_database_and_back_with_all_that_it_remembers(
    tmp_path: Path, address: str
) -> None:
    moved = profile("acme", secrets="file")
    profiles.save(tmp_path, moved)
    with Workspace.open(tmp_path, "acme") as workspace:
        links.keep(workspace, *MADE)
        kept.keep_reading(workspace, "oc/bookyears", b"[]", NOW)
        before = intent(workspace)
    RefreshToken(store(tmp_path)).replace(None, "first-token")

    moving.to_database(tmp_path, moved, address)
    assert moving.profiles_in(address) == {"acme": moved}
    with Workspace.open(tmp_path, "acme") as workspace:
        assert kept.reading(workspace, "oc/bookyears") == kept.Reading(NOW, b"[]")
        assert [one.id for one in intents.in_state(workspace, "open")] == [before]
        after = intent(workspace)
    assert after > before
    assert RefreshToken(store(tmp_path)).read() == "first-token"
    RefreshToken(store(tmp_path)).replace("first-token", "second-token")

    elsewhere = tmp_path / "another host"
    profiles.save(elsewhere, moved)
    with database.lives_at(address):
        assert RefreshToken(store(elsewhere)).read() == "second-token"

    moving.to_file(tmp_path, moved)
    assert moving.profiles_in(address) == {}
    with Workspace.open(tmp_path, "acme") as workspace:
        assert [one.id for one in intents.in_state(workspace, "open")] == [before, after]
        assert links.customers(workspace) == {"c-1": MADE[0]}
    assert RefreshToken(store(tmp_path)).read() == "second-token"


async def test_a_profile_is_not_moved_under_a_sync(tmp_path: Path, address: str) -> None:
    moved = profile("acme", secrets="file")
    profiles.save(tmp_path, moved)
    with only_one(profiles.folder(tmp_path, "acme"), "sync"), pytest.raises(WorkspaceLocked):
        moving.to_database(tmp_path, moved, address)
    moving.to_database(tmp_path, moved, address)
    with only_one(profiles.folder(tmp_path, "acme"), "sync"), pytest.raises(WorkspaceLocked):
        moving.to_file(tmp_path, moved)
    with pytest.raises(WorkspaceError, match="lives in a database already"):
        moving.to_database(tmp_path, moved, address)


async def test_a_secret_in_the_database_is_read_with_its_key_alone(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    with database.lives_at(address):
        RefreshToken(store(tmp_path)).replace(None, "rotating-token")
        with psycopg.connect(address) as connection:
            rows = connection.execute("SELECT body FROM public.octowizard_secret").fetchall()
        assert rows
        assert all(b"rotating-token" not in bytes(body) for (body,) in rows)
        monkeypatch.setenv(KEY, Fernet.generate_key().decode())
        with pytest.raises(SecretsUnavailable, match="is not the key"):
            RefreshToken(store(tmp_path)).read()
        monkeypatch.delenv(KEY)
        with pytest.raises(SecretsUnavailable, match="set OCTOWIZARD_KEY"):
            RefreshToken(store(tmp_path)).read()


async def test_a_database_that_was_dropped_and_is_there_anew_is_made_ready_anew(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.setenv(KEY, Fernet.generate_key().decode())
    with fresh_database(server) as address, database.lives_at(address):
        RefreshToken(store(tmp_path)).replace(None, "first-token")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            name = address.rpartition("/")[2]
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        assert RefreshToken(store(tmp_path)).read() is None
        RefreshToken(store(tmp_path)).replace(None, "second-token")
        assert RefreshToken(store(tmp_path)).read() == "second-token"
