"""Where the workspaces live: in a file beside each profile, or all of them in the PostgreSQL of a fleet.

The environment variable OCTOWIZARD_DATABASE names the PostgreSQL (`postgresql://user@host/name`) for all profiles of
this process; else a profile whose folder holds `database` (made by `profiles move`) lives in the one named there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType

VARIABLE = "OCTOWIZARD_DATABASE"
POINTER = "database"


_instead: ContextVar[str | None] = ContextVar("lives_at", default=None)


@contextmanager
def lives_at(address: str) -> Iterator[None]:
    """Within it, workspaces live at this address (empty: in files), whatever their folders say: for moving them."""
    before = _instead.set(address)
    try:
        yield
    finally:
        _instead.reset(before)


def address_of(folder: Path) -> str:
    """The address of the PostgreSQL in which the workspace of a profile's folder lives; empty for a file in it."""
    if (chosen := _instead.get()) is not None:
        return chosen
    if given := os.environ.get(VARIABLE):
        return given
    try:
        return (folder / POINTER).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):  # whoever opens it says the latter
        return ""


def backend_of(folder: Path) -> ModuleType:
    """What opens the workspace of a profile's folder: `sqlite` or `postgres`."""
    if address_of(folder):
        from octowizard.workspace import postgres  # of the extra `fleet`

        return postgres
    from octowizard.workspace import sqlite

    return sqlite
