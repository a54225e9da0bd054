"""Which of the two backends opens a workspace."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from octowizard.workspace.database import address_of


def backend_of(folder: Path) -> ModuleType:
    """What opens the workspace of a profile's folder: `sqlite` or `postgres`."""
    if address_of(folder):
        from octowizard.workspace import postgres  # of the extra `fleet`

        return postgres
    from octowizard.workspace import sqlite

    return sqlite
