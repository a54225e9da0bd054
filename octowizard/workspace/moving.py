"""Moving a profile: its workspace and what it is, from the file on this computer to a fleet's database, and back."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import msgspec

from octowizard.locale import _
from octowizard.workspace import database, private, profiles
from octowizard.workspace.db import Connection, Workspace
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.lock import only_one
from octowizard.workspace.profiles import Profile
from octowizard.workspace.schema import TABLES
from octowizard.workspace.secrets import ROTATING, store_of

MOVING = "octowizard profiles move"


def to_database(root: Path, profile: Profile, address: str) -> None:
    """Move a profile to the database at this address. WorkspaceError where a sync runs, or it is there already."""
    folder = profiles.folder(root, profile.name)
    if database.address_of(folder):
        raise WorkspaceError(_("The profile {name} lives in a database already.").format(name=profile.name))
    with only_one(folder, MOVING):
        rows = _all(folder)
        with database.lives_at(address), only_one(folder, MOVING):
            _put(folder, rows)
            keep_profile(address, profile)
            _point(folder, address)  # from here on it lives there
    (folder / "workspace.sqlite").rename(folder / "workspace.moved")


def to_file(root: Path, profile: Profile) -> None:
    """Bring a profile back to a file of this computer. WorkspaceError where a sync runs, or it is one already."""
    folder = profiles.folder(root, profile.name)
    pointer = folder / database.POINTER
    if not pointer.exists() or os.environ.get(database.VARIABLE):
        raise WorkspaceError(_("The profile {name} lives in a file already.").format(name=profile.name))
    address, store = database.address_of(folder), store_of(root, profile)
    with only_one(folder, MOVING):
        rows = _all(folder)
        tokens = {name: value for name in sorted(ROTATING) if (value := store.kept(name)) is not None}
        with database.lives_at(""), only_one(folder, MOVING):
            for old in folder.glob("workspace.sqlite*"):
                old.unlink()
            _put(folder, rows)
            here = store_of(root, profile)
            for name, value in tokens.items():
                here.write(name, value)
            pointer.unlink()  # from here on it lives in the file
        _forget(folder, address)


def _forget(folder: Path, address: str) -> None:
    """Drop all that the database has of a profile."""
    from octowizard.workspace import postgres

    with postgres.shared(address) as connection:
        for table, column in (("profile", "name"), ("secret", "profile"), ("standing", "profile")):
            connection.execute(
                f"DELETE FROM public.octowizard_{table} WHERE {column} = %s".encode(), (folder.name,)
            )
        connection.execute(f'DROP SCHEMA IF EXISTS "{postgres.schema_of(folder)}" CASCADE'.encode())


def _all(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of a workspace, by table."""
    with Workspace(folder / "workspace.sqlite") as workspace:
        return {
            table: list(workspace.rows(f"SELECT {', '.join(columns)} FROM {table}"))
            for table, columns in TABLES.items()
        }


def _put(folder: Path, rows: dict[str, list[tuple[object, ...]]]) -> None:
    """Rows into a fresh workspace, as one."""
    with Workspace(folder / "workspace.sqlite") as workspace, workspace.durable() as db:
        for table, columns in TABLES.items():
            db.execute(f"DELETE FROM {table}")
            marks = ", ".join("?" for _column in columns)
            db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows[table])
        _count_on(db)


def _count_on(db: Connection) -> None:
    """Later rows are numbered after those that were moved."""
    if not isinstance(db, sqlite3.Connection):
        for table, columns in TABLES.items():
            if columns[0] == "id":
                db.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
                    f"(SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
                )


def _point(folder: Path, address: str) -> None:
    beside = folder / f"{database.POINTER}.new"
    private.make_file(beside)
    beside.write_text(f"{address}\n", encoding="utf-8")
    beside.replace(folder / database.POINTER)


def keep_profile(address: str, profile: Profile) -> None:
    """Keep what a profile is, for all hosts. WorkspaceError."""
    from octowizard.workspace import postgres

    try:
        with postgres.shared(address) as connection:
            connection.execute(
                "INSERT INTO public.octowizard_profile VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET body = excluded.body",
                (profile.name, msgspec.json.encode(profile)),
            )
    except postgres.FAILED as error:
        raise postgres.explain(error, Path(profile.name)) from error


def profiles_in(address: str) -> dict[str, Profile]:
    """All profiles of a database. WorkspaceError."""
    from octowizard.workspace import postgres

    try:
        with postgres.shared(address) as connection:
            rows = connection.execute(
                "SELECT name, body FROM public.octowizard_profile ORDER BY name"
            ).fetchall()
    except postgres.FAILED as error:
        raise postgres.explain(error, Path("profiles")) from error
    return {str(name): msgspec.json.decode(body, type=Profile) for name, body in rows}
