"""What goes on now, in words: short for the title of every screen, whole where there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.locale import _
from octowizard.locale.formats import count, duration

if TYPE_CHECKING:
    from octowizard.session.state import Live


def percent(live: Live) -> int:
    """How far it is; never 100 before its end."""
    return min(99, live.done * 100 // live.total) if live.total else 0


def short(live: Live) -> str:
    """`syncing 46 % · 38 s`, `reading invoices 1.200`, `waits 38 s`."""
    time = duration(live.seconds_left) if live.seconds_left is not None else ""
    if live.waits and time:
        return _("{what}: waits {time}").format(what=live.text, time=time)
    if live.total and time:
        text = _("{what} {percent} % · {time}")
    elif time:
        text = _("{what} · {time}")
    elif live.total:
        text = _("{what} {percent} %")
    else:
        text = "{what}"
    return text.format(what=live.text, percent=percent(live), time=time)


def whole(live: Live) -> str:
    """How far it is, and how long it still takes, or why it stands still."""
    if live.waits:
        return live.waits
    if live.detail:
        return live.detail
    if not live.total:
        return live.text
    text = _("{what}: {done} of {total} documents")
    if live.seconds_left is not None:
        text = _("{what}: {done} of {total} documents, about {time} left")
    return text.format(
        what=live.text,
        done=count(live.done),
        total=count(live.total),
        time=duration(live.seconds_left or 0),
    )
