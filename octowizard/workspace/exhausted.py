"""What this computer has no more of, room on the disk or open files: how it is known, and the one sentence for each.

What SQLite says of its own files is told in `db`: a full disk there promises something about the sync.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from octowizard.locale import _

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_OPEN = (errno.EMFILE, errno.ENFILE)  # of this process, or of all
_ROOM = 1 << 20  # bytes
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
        return error.errno in _OPEN
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return False


def has_no_room(folder: Path) -> bool:
    """Whether so little is left on the disk that SQLite cannot make its log or its shared memory there."""
    from shutil import disk_usage

    with suppress(OSError):
        return disk_usage(folder).free < _ROOM
    return False


def exhausted(error: OSError, what: object = "") -> str:
    """The sentence when that is the cause of the error, else "". `what` could not be used, where that is known."""
    if error.errno in _FULL:
        text = _("The disk is full: make room, then run the same command again.")
        if what:
            text = _("The disk is full ({place}): make room, then run the same command again.")
        return text.format(place=what)
    return too_many_open(what) if error.errno in _OPEN else ""


def too_many_open(what: object = "") -> str:
    """The one sentence for it, wherever it is noticed."""
    text = _(
        "This computer lets octowizard open no more files: close other programs or raise the limit (ulimit -n), "
        "then start again."
    )
    if what:
        text = _(
            "This computer lets octowizard open no more files ({place}): close other programs or raise the limit "
            "(ulimit -n), then start again."
        )
    return text.format(place=what)
