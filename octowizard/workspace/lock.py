"""One sync at a time on a workspace: the second is told who has it.

The lock is an exclusive transaction on a small SQLite file of its own: every system has it, and the system gives
it back when the holder is killed. Who holds it stands beside it, in plain JSON.
"""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from octowizard.locale import _
from octowizard.locale.formats import dated_moment
from octowizard.workspace import database, private
from octowizard.workspace.broken import full
from octowizard.workspace.db import UNREADABLE
from octowizard.workspace.errors import WorkspaceError, WorkspaceLocked
from octowizard.workspace.exhausted import exhausted, no_file_can_be_opened, too_many_open
from octowizard.workspace.sqlite import is_full


class Holder(msgspec.Struct, frozen=True):
    """Who runs the sync."""

    pid: int
    host: str
    since: datetime
    what: str


def _holder(path: Path) -> Holder | None:
    try:
        return _read(path.read_bytes())
    except OSError:
        return None  # not written yet: the refusal then names nobody


def _read(body: bytes) -> Holder | None:
    try:
        return msgspec.json.decode(body, type=Holder)
    except UNREADABLE:  # half written
        return None


def _unusable(place: Path, error: sqlite3.Error) -> WorkspaceError:
    if is_full(error):
        return full(place / "sync.lock")
    if no_file_can_be_opened():
        return WorkspaceError(too_many_open(place / "sync.lock"))
    return WorkspaceError(
        _("The lock {path} cannot be used ({error}). Check the folder and its rights.").format(
            path=place / "sync.lock", error=error
        )
    )


def _held_by(place: Path, holder: Holder | None) -> WorkspaceLocked:
    if holder is None:
        return WorkspaceLocked(
            _(
                "Another octowizard runs a sync on this workspace ({path}). Wait until it has finished."
            ).format(path=place)
        )
    return WorkspaceLocked(
        _(
            "Another octowizard runs a sync on this workspace: process {pid} on {host}, since {since} "
            "({what}). Wait until it has finished, or stop that process; nothing is lost by either."
        ).format(
            pid=holder.pid,
            host=holder.host,
            since=dated_moment(holder.since),
            what=holder.what,
        )
    )


def _ourselves(what: str) -> bytes:
    now = datetime.now(UTC).replace(microsecond=0)
    return msgspec.json.encode(Holder(os.getpid(), socket.gethostname(), now, what))


@contextmanager
def _in_the_database(place: Path, what: str) -> Iterator[None]:
    from octowizard.workspace import postgres

    entered = False
    try:
        with postgres.held(place, _ourselves(what)) as holder:
            if holder is not None:
                raise _held_by(place, _read(holder))
            entered = True
            yield
    except postgres.FAILED as error:
        if entered:
            raise
        raise postgres.explain(error, place) from error


@contextmanager
def only_one(place: Path, what: str) -> Iterator[None]:
    """Hold the lock of the workspace in folder `place`; WorkspaceLocked names who has it."""
    if database.address_of(place):
        with _in_the_database(place, what):
            yield
        return
    named = place / "sync.json"
    try:
        with suppress(OSError):  # what is wrong with the file SQLite says better
            private.make_file(place / "sync.lock")
        connection = sqlite3.connect(place / "sync.lock", timeout=0, isolation_level=None)
    except sqlite3.Error as error:
        raise _unusable(place, error) from error
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise _unusable(place, error) from error
            raise _held_by(place, _holder(named)) from None
        except sqlite3.DatabaseError as error:
            raise WorkspaceError(
                _("The lock {path} is damaged ({error}). Remove that file and start again.").format(
                    path=place / "sync.lock", error=error
                )
            ) from error
        try:
            private.make_file(named)
            named.write_bytes(_ourselves(what))
        except OSError as error:
            why = exhausted(error, named)
            raise WorkspaceError(
                why
                or _(
                    "The workspace {path} cannot be written ({error}). Check the folder and the space left."
                ).format(path=place, error=error.strerror)
            ) from error
        yield
    finally:
        connection.close()
