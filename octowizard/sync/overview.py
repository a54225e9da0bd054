"""What Home shows: both sides, the three counters, what needs attention and the next sensible step."""

from __future__ import annotations

from datetime import datetime

import msgspec

from octowizard.sync.events import RunFinished


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One vendor. `signed_in` is None as long as nobody has tried."""

    name: str
    signed_in: bool | None = None
    customers: int | None = None  # companies and contacts, or relations that are clients
    detail: str = ""  # `57 documents wait`, `next number V1/143`
    problem: str = ""  # one sentence, when it cannot be reached or refuses


class Attention(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that needs attention. `mark`: ✖ blocks, ▲ warning. `problem`: its card, where one is sure."""

    mark: str
    title: str
    consequence: str = ""  # `7 invoices wait`
    problem: str = ""


class CallsLeft(msgspec.Struct, frozen=True, kw_only=True):
    """Calls left today (Octopus) or this minute (Teamleader) for one kind of call."""

    label: str
    left: int
    limit: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. `taken_at` None: nothing has been read yet."""

    taken_at: datetime | None
    octopus: Side
    teamleader: Side
    in_sync: int | None = None
    excluded: int | None = None
    failing: int | None = None
    waiting: int | None = None
    attention: tuple[Attention, ...] = ()
    calls_left: tuple[CallsLeft, ...] = ()
    last_run: RunFinished | None = None
    next_step: str = ""
