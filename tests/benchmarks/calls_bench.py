"""How many calls a task makes beyond those without which it cannot be done.

    python -m tests.bench calls

What cannot be done without: a call of Octopus for each booking and each relation made, one of Teamleader for the lines
of each document booked, and a page for a hundred documents that are new, one at least of invoices and one of credit
notes. The rest is what octowizard spends on looking.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.figure import Figure
from tests.cli.commands import octowizard
from tests.sync.company import PROFILE, Company, company

LOOKING_OCTOPUS, LOOKING_TEAMLEADER = 20, 10  # calls of a run
DOCUMENTS, PAGE = 300, 100


class Calls(NamedTuple):
    """Calls of each side so far."""

    octopus: int
    teamleader: int


def _made(present: Company) -> Calls:
    world = present.world()
    return Calls(*(sum(world[side]["calls"].values()) for side in ("octopus", "teamleader")))


def _spent(present: Company, task: Callable[[], Any]) -> tuple[Calls, Any]:
    before = _made(present)
    ended = task()
    after = _made(present)
    return Calls(after.octopus - before.octopus, after.teamleader - before.teamleader), ended


def _sync(present: Company, *, first: bool) -> tuple[Calls, Calls]:
    """What a sync spent, and what it could not do without."""
    spent, ended = _spent(present, present.sync)
    world = present.world()["teamleader"]
    new = (len(world[kind]) if first else 0 for kind in ("invoices", "credit_notes"))
    pages = sum(max(1, ceil(number / PAGE)) for number in new)
    booked, made = ended.last["booked"], ended.last["relations_created"]
    return spent, Calls(booked + made, booked + pages)


def figures() -> Iterator[Figure]:
    """Each once: calls are the same in every run."""
    with (
        tempfile.TemporaryDirectory(prefix="octowizard-bench-") as home,
        company(Path(home), "--limits", "off", "--documents", str(DOCUMENTS)) as present,
    ):
        names = {f"first sync of {DOCUMENTS} documents": True, "second sync, with nothing to book": False}
        for name, first in names.items():
            spent, needed = _sync(present, first=first)
            for side, bound in (("octopus", LOOKING_OCTOPUS), ("teamleader", LOOKING_TEAMLEADER)):
                ours, least = getattr(spent, side), getattr(needed, side)
                yield Figure(
                    f"{name}: calls of {side.title()} to look",
                    "calls",
                    (float(ours - least),),
                    bound,
                    beside=f"{ours} in all, {least} at the least",
                )
        for name in ("check", "check once more"):
            spent, _ended = _spent(present, lambda: octowizard(present.home, "--profile", PROFILE, "check"))
            yield Figure(f"{name}, minutes after a sync: calls", "calls", (float(sum(spent)),))
