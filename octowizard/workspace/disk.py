"""A disk that takes no more: how it is known, and the one sentence for it. A sync has its own (`db.full`)."""

from __future__ import annotations

import errno

from octowizard.locale import _


def is_full(error: OSError) -> bool:
    """Whether the disk, the user's part of it, or a file of it takes no more."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def full(place: object = "") -> str:
    """The sentence. `place`: what could not be written, where it is known."""
    return _("The disk is full{place}: make room, then run the same command again.").format(
        place=f" ({place})" if place else ""
    )
