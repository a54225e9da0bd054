"""Import and merge beside other hands: another octowizard, or an older copy of the workspace put back."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from octowizard.customers import importing, merging, smart
from octowizard.outbox import door
from octowizard.workspace import links
from octowizard.workspace.db import Workspace
from tests.customers.pairs import duplicate
from tests.customers.practice import Desk, Stop, desk
from tests.customers.test_importing import check_each_once


def _nothing(*_step: object) -> None:
    """Nobody watches."""


@pytest.mark.parametrize("way", ["plain", "smart"])
async def test_an_import_after_an_older_copy_was_put_back_links_what_it_had_made(
    tmp_path: Path, way: str
) -> None:
    async with desk(tmp_path, "b", 12) as present:
        made = await present.run()
        assert made.outcome == "complete"
        with Workspace(tmp_path / "older.sqlite") as older:  # from before the import: it knows nothing of it
            old = Desk(tmp_path, present.world, present.faults, older, present.octopus, present.teamleader)
            if way == "plain":
                again = await old.run()
            else:
                await smart.run(older, old.octopus, old.teamleader, _nothing, Stop(), _nothing)
                again = await old.run()
            assert (again.outcome, again.made) == ("complete", 0)
            check_each_once(old)


@pytest.mark.parametrize("at_once", [1, 2])
async def test_an_import_that_meets_another_at_work_stops_and_afterwards_links_what_that_one_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(importing, "LOOK_FIRST", 0.0)
    monkeypatch.setattr(importing, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(importing, "AT_ONCE", at_once)
    async with desk(tmp_path, "b", 30) as present:
        with Workspace(tmp_path / "other.sqlite") as elsewhere:
            other = Desk(
                tmp_path, present.world, present.faults, elsewhere, present.octopus, present.teamleader
            )
            others: list[importing.Imported] = []
            met = False

            async def both(made: int) -> None:
                nonlocal met
                if made >= 3 and not met:
                    met = True
                    others.append(await other.run(Stop(after=9)))

            write = door.write

            async def then_the_other(kind: Any, workspace: Workspace, *rest: Any) -> object:
                written = await write(kind, workspace, *rest)
                if workspace is present.workspace:
                    await both(len(links.customers(workspace)))
                return written

            monkeypatch.setattr(importing, "write", then_the_other)
            first = await present.run()
            # While this one waits for the other it makes nobody: it is the one that stops. Of two that both go on it
            # is either.
            stopped = [one for one in (first, *others) if "at the same time" in one.message]
            assert stopped
            assert all(one.outcome == "attention" for one in stopped)
            assert at_once > 1 or stopped == [first]
            assert (await present.run()).outcome == "complete"
            check_each_once(present)


async def test_two_that_somebody_merges_the_other_way_round_do_not_both_go(tmp_path: Path) -> None:
    async with desk(tmp_path, "healthy", 16) as present:
        teamleader, companies_there = present.teamleader, present.world.teamleader.companies
        survivor = next(iter(companies_there))
        gone = duplicate(present.world, survivor, Random(3))
        companies_there[survivor].data |= {
            k: v for k, v in companies_there[gone].data.items() if k not in ("id", "tags", "added_at")
        }
        companies_there[survivor].data["tags"] = list(companies_there[gone].data["tags"])
        plan = await merging.plan(present.workspace, teamleader, survivor, gone)
        assert isinstance(plan, merging.Plan), plan
        assert not plan.fields  # so that no step before the last one meets the survivor
        del companies_there[survivor]  # theirs: the other one was to stay
        result = await merging.merge(present.workspace, teamleader, plan)
        assert isinstance(result, merging.NotMerged)
        assert gone in companies_there
