"""What may be wrong with a workspace wherever it lives, in one sentence each."""

from __future__ import annotations

from pathlib import Path

from octowizard.locale import _
from octowizard.workspace.errors import WorkspaceDamaged, WorkspaceError, WorkspaceFull
from octowizard.workspace.schema import STEPS

BUSY_SECONDS = 10.0


def full(path: Path) -> WorkspaceFull:
    """That there is no room left for this file of the workspace."""
    return WorkspaceFull(
        _(
            "The disk is full: octowizard could not write to {path}. Free some space and start the sync again; "
            "what was confirmed before stands, and nothing will be written twice."
        ).format(path=path)
    )


def damaged(path: Path, reason: str, kind: type[WorkspaceDamaged] = WorkspaceDamaged) -> WorkspaceDamaged:
    """What is said of a workspace that holds what octowizard never wrote there.

    The way out books nothing twice: each run reads what stands in both accounts before it writes.
    """
    return kind(
        _(
            "The workspace {path} is damaged ({error}). Put back a copy of it, or move it away to begin with a new "
            "one (its -wal and -shm files go with it): before it writes, octowizard reads both accounts and "
            "recognises what was booked there."
        ).format(path=path, error=" ".join(reason.split())[:200])
    )


def newer(path: Path, version: int) -> WorkspaceError:
    """That a newer octowizard has made it."""
    return WorkspaceError(
        _(
            "The workspace {path} was made by a newer octowizard (format {theirs}, this one knows {ours}). "
            "Install the newer version; nothing was changed."
        ).format(path=path, theirs=version, ours=len(STEPS))
    )
