"""Prints the table of the practice companies: what a check finds, what a sync fails on, the cure, the calls.

Not a test: `python -m tests.scenarios.table [SCENARIO ...]` runs each of them and writes Markdown to stdout.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from octowizard.checks.registry import Finding
from octowizard.planning.blockers import SIGNING_IN
from octowizard.sandbox import control
from octowizard.sandbox.worlds import SCENARIOS
from tests.scenarios.exceptions import ASKED_TO_TRY_AGAIN, DECLARED, MAY_BE_REFUSED, UNSEEN
from tests.scenarios.practising import Ended, Practice, documents, practice

TITLES = (
    *("Scenario", "Check finds (**blocking**)", "Named", "Failed in the sync", "Cure"),
    *("Clean after, sync", "Octopus calls: first, second check"),
)


async def row(name: str) -> tuple[str, ...]:
    """One company from beginning to end."""
    with tempfile.TemporaryDirectory() as folder:
        async with practice(Path(folder), name) as company:
            calls = await _calls(company), await _calls(company)
    with tempfile.TemporaryDirectory() as folder:
        async with practice(Path(folder), name) as company:
            told = control.scenario(company.world)
            found = await _check(company, told)
            before = await company.sync()
            missing = company.not_booked()
            company.cure()
            if name in ASKED_TO_TRY_AGAIN:
                company.try_again()
            left = await _check(company, told)
            company.wait()
            after = await company.sync()
            clean = "clean" if not left else "still: " + ", ".join(sorted(f.problem for f in left))
            complete = after.last.outcome if not company.not_booked() else "documents are missing"
            return (
                f"`{name}`",
                _found(name, found),
                _named(found),
                _failed(before, missing),
                _cure(told["cure"]),
                f"{clean}, {complete}",
                f"{calls[0]}, {calls[1]}",
            )


async def _check(company: Practice, told: dict[str, Any]) -> list[Finding]:
    """With an export first, where something is planted that only an export shows."""
    if any(plant["problem"] in DECLARED for plant in told["plants"]):
        company.export()
    return await company.check()


async def _calls(company: Practice) -> int:
    """What a check costs, signing in aside."""

    def counted() -> int:
        calls = company.world.octopus_calls
        return sum(count for operation, count in calls.items() if operation not in SIGNING_IN)

    before = counted()
    await company.check()
    company.wait()
    return counted() - before


def _found(name: str, findings: Iterable[Finding]) -> str:
    counted = Counter((f.problem, f.severity == "blocking") for f in findings)
    parts = [
        (f"**{problem}**" if blocking else problem) + (f" ×{count}" if count > 1 else "")
        for (problem, blocking), count in sorted(counted.items())
    ]
    return ", ".join(parts) or (f"nothing: {UNSEEN[name]}" if name in UNSEEN else "nothing")


def _named(findings: Iterable[Finding]) -> str:
    stopping = [f for f in findings if f.severity == "blocking" or f.problem in MAY_BE_REFUSED]
    return _numbers(documents(stopping)) if stopping else "–"


def _failed(before: Ended, missing: list[str]) -> str:
    if before.last.outcome in ("complete", "attention"):
        behind = len(missing) - len(before.failed)
        return _numbers(before.failed) + (f", and {behind} behind them" if behind > 0 else "")
    return f"the whole run ({before.last.outcome}): {len(missing)}"


def _numbers(numbers: list[str]) -> str:
    if len(numbers) > 4:
        return f"{len(numbers)}: {numbers[0]} … {numbers[-1]}"
    return ", ".join(numbers) or "–"


def _cure(steps: list[dict[str, Any]]) -> str:
    counted = Counter(f"`{step['action']}`" for step in steps)
    return ", ".join(f"{name} ×{count}" if count > 1 else name for name, count in counted.items()) or "none"


async def table(names: Iterable[str]) -> None:
    """Print the rows as they come."""
    print("| " + " | ".join(TITLES) + " |")  # noqa: T201 - its output is what it is for
    print("|" + " --- |" * len(TITLES))  # noqa: T201
    for name in names:
        print("| " + " | ".join(await row(name)) + " |", flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(table(sys.argv[1:] or [*(n for n, s in SCENARIOS.items() if s.breaks), "tour", "healthy"]))
