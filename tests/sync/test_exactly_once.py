"""No booking, relation or payment twice or lost, however often the syncing process is killed.

The long form, with at least 200 kills over at least 1,000 documents, relations and payments, prints its figures:

    OCTOWIZARD_LONG=1 pytest tests/sync/test_exactly_once.py -o addopts= -s -k long
"""

import os
import random
from pathlib import Path

import pytest

from tests.sync.company import company
from tests.sync.ledger import check_all
from tests.sync.storm import Storm


def storm(
    home: Path, *, seed: int, documents: int, customers: int, kills: int, limits: str, faults: float = 0.06
) -> str:
    """A storm over a new company and the verdict; the figures in words."""
    words = ("--customers", str(customers), "--documents", str(documents), "--seed", str(seed))
    # A little latency, so that requests of a killed process are still at work when the next one starts.
    slow = ("--latency-octopus", "8", "--latency-teamleader", "8")
    with company(home, *words, "--limits", limits, *slow) as present:
        before = present.world()
        blowing = Storm(present, random.Random(seed))
        blowing.blow(kills, write_faults=faults)
        ended = blowing.calm()
        world = present.world()
        figures = check_all(present.workspace, before, world, parked=ended.last["payments_parked"])
        assert ended.last["in_sync"] == figures.documents
        assert [r for r in world["teamleader"]["refused"] if r["status"] == 429] == []
        assert [r for r in world["octopus"]["refused"] if r["status"] == 429] == []
    said = f"{blowing.kills} kills in {blowing.runs} runs, {blowing.seconds:.0f} s, {blowing.days} days; {figures}"
    print(said)  # noqa: T201 - the figures are what the long form is run for
    return said


def test_nothing_is_written_twice_or_lost_when_the_process_is_killed_again_and_again(tmp_path: Path) -> None:
    assert storm(tmp_path, seed=1, documents=150, customers=50, kills=15, limits="off")


def test_nothing_is_written_twice_or_lost_when_killed_while_limits_are_on(tmp_path: Path) -> None:
    assert storm(tmp_path, seed=2, documents=60, customers=25, kills=10, limits="on")


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("OCTOWIZARD_LONG"), reason="the long form: OCTOWIZARD_LONG=1")
def test_the_long_form_over_a_thousand_writes(tmp_path: Path) -> None:
    assert storm(tmp_path, seed=3, documents=700, customers=260, kills=210, limits="off")
