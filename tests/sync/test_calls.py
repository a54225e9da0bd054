"""A sync is sparing with calls, never goes over a limit, and goes on the next day where a limit ended it.

The long form, with more documents, and the whole of a window of Teamleader waited for in real time:

    OCTOWIZARD_LONG=1 pytest tests/sync/test_calls.py -o addopts=
"""

import os
from collections import defaultdict
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from octowizard.sandbox.octopus.limits import PER_DAY
from tests.storm import home, model
from tests.storm.model import documents_of
from tests.storm.remembered import remembered
from tests.sync.company import POST_BOOKING, Company, Ended, company

Json = dict[str, Any]

LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
NO_WINDOW = 100_000  # calls a minute: Teamleader says itself that it does not limit


def check_calls(before: Json, present: Company, ended: Ended, runs: int = 1) -> None:
    """No more calls than the documents and new customers explain, and none refused."""
    world = present.world()
    booked, made = ended.last["booked"], ended.last["relations_created"]
    everything = len(documents_of(world))
    customers = len(world["teamleader"]["companies"]) + len(world["teamleader"]["contacts"])
    octopus = sum(world["octopus"]["calls"].values()) - sum(before["octopus"]["calls"].values())
    teamleader = sum(world["teamleader"]["calls"].values()) - sum(before["teamleader"]["calls"].values())
    assert octopus <= booked + made + 20 * runs, world["octopus"]["calls"]
    assert teamleader <= booked + ceil(everything / 100) + ceil(customers / 100) + 10 * runs, world[
        "teamleader"
    ]["calls"]
    assert (world["octopus"]["refused"], world["teamleader"]["refused"]) == ([], [])


@pytest.mark.parametrize("documents", [None, 300 if LONG else 130])
def test_a_sync_needs_hardly_more_calls_than_it_writes(tmp_path: Path, documents: int | None) -> None:
    words = () if documents is None else ("--documents", str(documents))
    with company(tmp_path, *words) as present:
        present.switch(rate_limit_per_minute=200 if documents is None else NO_WINDOW)
        before = present.world()
        ended = present.sync()
        assert (ended.code, ended.last["booked"]) == (0, documents or 60)
        check_calls(before, present, ended)
        again = present.world()
        assert present.sync().last["booked"] == 0
        check_calls(again, present, present.sync())


def test_a_preview_and_the_run_after_it_read_each_document_once(tmp_path: Path) -> None:
    with company(tmp_path) as present:
        before = present.world()
        present.sync("--dry-run")
        ended = present.sync()
        assert ended.last["booked"] == 60
        check_calls(before, present, ended, runs=2)


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="the long form: OCTOWIZARD_LONG=1")
def test_more_documents_than_the_window_of_teamleader_holds_meet_no_429(tmp_path: Path) -> None:
    with company(tmp_path, "--documents", "300") as present:
        before = present.world()
        ended = present.sync()
        assert (ended.code, ended.last["booked"]) == (0, 300)
        check_calls(before, present, ended)


MANY = (900, 120) if LONG else (410, 40)  # documents and customers; Octopus takes 400 bookings a day


def test_more_documents_than_a_day_takes_go_on_day_after_day_and_no_limit_is_exceeded(tmp_path: Path) -> None:
    documents, customers = MANY
    days = ceil(documents / 400)
    with company(tmp_path, "--documents", str(documents), "--customers", str(customers)) as present:
        present.switch(rate_limit_per_minute=NO_WINDOW)
        before = present.world()
        spent: dict[str, list[int]] = defaultdict(list)
        booked = []
        for day in range(days):
            start = present.world()
            ended = present.sync()
            booked.append(ended.last["booked"])
            if day == 0:
                _a_second_run_says_so_and_sends_nothing(present, documents - sum(booked))
            world = present.world()
            for name, count in world["octopus"]["calls"].items():
                spent[name].append(count - start["octopus"]["calls"].get(name, 0))
            if day < days - 1:
                assert (ended.code, ended.last["outcome"]) == (3, "limit")
                assert ended.last["left_for_later"] == documents - sum(booked)
                goes_on = datetime.fromisoformat(ended.last["goes_on"])
                now = datetime.fromisoformat(world["now"])
                assert timedelta(0) < goes_on - now <= timedelta(hours=25)
                [limit] = ended.of("limit_reached")
                assert limit["operation"] == POST_BOOKING
                # To the minute that was said: earlier it would not go on.
                present.clock(seconds=(goes_on - now).total_seconds() + 1)
        assert booked == [*(400 for _day in range(days - 1)), documents - 400 * (days - 1)]
        assert (ended.code, ended.last["outcome"]) == (0, "complete")
        over = {name: days for name, days in spent.items() if max(days) > PER_DAY.get(name, 10**9)}
        assert over == {}
        assert world["octopus"]["refused"] == []
        # A key that expired overnight is refused once and renewed.
        assert {r["status"] for r in world["teamleader"]["refused"]} <= {401}
        known = model.Known(start=present.connection()["start_date"])
        assert [*model.never(before, world), *model.settled(before, world, known)] == []
        workspace = remembered(present.workspace)
        assert [*home.sound(workspace), *home.meant(workspace, world)] == []


def _a_second_run_says_so_and_sends_nothing(present: Company, left: int) -> None:
    """On a day that is spent."""
    before = present.world()
    again = present.sync()
    assert (again.code, again.last["outcome"], again.last["booked"]) == (3, "limit", 0)
    assert again.last["left_for_later"] == left
    assert present.world()["octopus"]["bookings"] == before["octopus"]["bookings"]
    assert present.world()["octopus"]["refused"] == []
    preview = present.sync("--dry-run")
    assert (preview.code, preview.last["booked"], preview.last["left_for_later"]) == (3, 0, left)
