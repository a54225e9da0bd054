"""What comes next: one answer out of the Plan, the set-up, what needs attention, and the run that is on. Pure.

`presentation/next_step.py` has the words, and each front end the key or the command that does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from octowizard.planning.counts import Counts

Leads = Literal[
    "read",  # nothing was ever read: read both sides
    "read_again",  # a side did not answer
    "run",  # a sync, a preview or a watch is on: look at it
    "setup",  # the set-up asks for something
    "mend",  # octowizard can make the change that frees the documents
    "finding",  # a person must mend something: what and how stands among the checks
    "preview",  # documents are ready: a preview, and then the sync
    "watch",  # Teamleader's own integration books: look on
    "done",  # nothing is left
]


class SetUpStands(msgspec.Struct, frozen=True, kw_only=True):
    """How far the set-up is: `done` of `total` steps, or `begun` where not every step is known yet, `done` None.

    `step`, `title`: the one that asks for something, "" when none does.

    `keeps_from_syncing`: a sync before that step could make customers or bookings twice. `opens`: the screen where
    it is done, where that is another one.
    """

    done: int | None
    total: int
    begun: bool = True
    step: str = ""
    title: str = ""
    opens: str = ""
    keeps_from_syncing: bool = False


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be done. `number`: the documents that it is about.

    `problem`, `title`: what needs attention. `does`: the changes that octowizard offers to make.
    """

    leads: Leads
    number: int = 0
    problem: str = ""
    title: str = ""
    does: tuple[str, ...] = ()


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """What is done next, and what could be done instead."""

    way: Way
    other: Way | None = None


class Blocking(msgspec.Struct, frozen=True, kw_only=True):
    """A cause that blocks documents; mending it frees `number` of them."""

    problem: str
    title: str
    number: int
    does: tuple[str, ...] = ()


NOTHING_READ = Next(way=Way(leads="read"))


def next_step(
    counts: Counts | None,
    setup: SetUpStands | None,
    blocking: Sequence[Blocking],
    *,
    refused: Sequence[Blocking] = (),
    watches: bool = False,
    connected: bool = True,
) -> Next:
    """What comes next. `blocking`: most documents first. `refused`: sides that did not let us in.

    `watches`: another integration books. `connected`: both sides were signed in to.
    """
    if refused:
        first = refused[0]
        if first.problem == "unreachable":
            return Next(way=Way(leads="read_again"))
        return Next(
            way=Way(leads="finding", problem=first.problem, title=first.title), other=Way(leads="read_again")
        )
    ways = [*_syncs(counts, blocking, watches=watches, connected=connected)]
    if setup is not None and setup.step:
        asks = Way(leads="setup", title=setup.title)
        first_sync = setup.opens == "sync"  # its step is the sync itself
        begun = counts is not None and counts.booked > 0
        if not first_sync:
            if setup.keeps_from_syncing:
                ways = [way for way in ways if way.leads != "preview"]
            leads = setup.keeps_from_syncing or not begun or not ways
            ways = [asks, *ways] if leads else [*ways, asks]
    if not ways:
        ways = [
            Way(leads="watch" if watches and connected else "done", number=counts.booked if counts else 0)
        ]
    return Next(way=ways[0], other=ways[1] if len(ways) > 1 else None)


def _syncs(
    counts: Counts | None, blocking: Sequence[Blocking], *, watches: bool, connected: bool
) -> list[Way]:
    """What brings more documents to Octopus, the most first."""
    ways: list[Way] = []
    if blocking:
        worst = max(blocking, key=lambda one: (bool(one.does), one.number))
        ways.append(
            Way(
                leads="mend" if worst.does else "finding",
                number=worst.number,
                problem=worst.problem,
                title=worst.title,
                does=worst.does,
            )
        )
    if counts is not None and counts.ready and connected:
        ways.append(Way(leads="watch" if watches else "preview", number=counts.ready))
    return ways
