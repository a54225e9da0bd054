"""What can be wrong with the workspace; each message is one sentence that says what, where and what to do."""

import errno
import os

from octowizard.locale import _


class WorkspaceError(Exception):
    """The workspace cannot be used. Nothing was written to a vendor."""


class WorkspaceLocked(WorkspaceError):
    """Another octowizard runs a sync on this workspace; the message names it."""


class WorkspaceDamaged(WorkspaceError):
    """The workspace holds what octowizard never wrote there."""


class WorkspaceFull(WorkspaceError):
    """The disk took no more. What was confirmed before stands."""


def is_too_many_open(error: OSError) -> bool:
    """Whether the operating system gave no more file descriptors, to this process or to anybody."""
    return error.errno in (errno.EMFILE, errno.ENFILE)


_SQLITE_NEEDS = 5
"""Files that SQLite has open at once for a workspace (itself, -wal, -shm, a journal, its folder); what it had opened
of them before it gave up is free again when it is asked why."""


def no_file_can_be_opened() -> bool:
    """Whether there are fewer descriptors left than SQLite needs: it does not tell why it could not open a file."""
    opened: list[int] = []
    try:
        for _each in range(_SQLITE_NEEDS):
            opened.append(os.open(os.devnull, os.O_RDONLY))  # noqa: PERF401  # those before a failure are closed
    except OSError as error:
        return is_too_many_open(error)
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return False


def too_many_open(what: object = "") -> str:
    """The one sentence for it, wherever it is noticed."""
    place = f" ({what})" if what else ""
    return _(
        "This computer lets octowizard open no more files{place}: close other programs or raise the limit "
        "(ulimit -n), then start again."
    ).format(place=place)
