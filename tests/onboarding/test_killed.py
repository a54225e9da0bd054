"""A set-up of scenario C that is killed at any moment: reopened it knows where it stands, and nothing is done twice.

The long form, with at least 50 kills:

    OCTOWIZARD_LONG=1 pytest tests/onboarding/test_killed.py -o addopts= -s -k long
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from octowizard.matching.vat_numbers import vat_key
from octowizard.workspace import intents
from octowizard.workspace.db import Workspace
from tests.cli.commands import octowizard
from tests.sync.company import PROFILE, Company, company, environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

Json = dict[str, Any]
# What a person types at each step, in the order of the steps.
SCRIPT: dict[str, tuple[str, ...]] = {
    "choose-connector": ("declare", "booster", "no"),
    "create-journals": ("do", "create-journals", "--yes"),
    "customer-vat": ("declare", "no-contractor", "yes"),
    "import-companies": ("do", "import-companies", "--yes"),
    "merge": ("skip", "merge"),
    "connect-teamleader": ("declare", "start-date", "yes"),
    "first-sync": ("do", "first-sync", "--yes"),
    "payments": ("skip", "payments"),
    "automatic-sync": ("declare", "automatic", "yes"),
}
SETTLED = ("done", "skipped")
MARK = " · octowizard"


class Scripted:
    """A set-up by script, killed now and then. `finished`: steps whose command ended well."""

    def __init__(self, present: Company, chance: random.Random) -> None:
        self.present = present
        self.chance = chance
        self.kills = 0
        self.doubles = _doubles(present.world())  # an import makes none
        self.finished: set[str] = set()

    def _start(self, *words: str) -> subprocess.Popen[str]:
        """One that may be killed."""
        return subprocess.Popen(
            [sys.executable, "-m", "octowizard", "--profile", PROFILE, "setup", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(self.present.home),
        )

    def _ended(self, *words: str) -> tuple[int, str]:
        """One that nobody kills: forked from what is loaded, which takes a third of the processor time of a start."""
        ended = octowizard(self.present.home, "--profile", PROFILE, "setup", *words)
        assert "Traceback" not in ended.err, ended.err
        assert ended.code in (0, 1, 3), (words, ended.out, ended.err)
        return ended.code, ended.out

    def reopened(self) -> Json:
        """What it shows when it is opened again; it must be right."""
        _code, out = self._ended("--offline", "--json")
        found: Json = json.loads(out)
        self._right({step["id"]: step["state"] for step in found["steps"]})
        return found

    def _right(self, states: dict[str, str]) -> None:
        for step in self.finished:
            assert states[step] in SETTLED, (step, states)
        world = self.present.world()
        if states["create-journals"] == "done":
            journals = {
                (one["bookyearKey"]["id"], one["journalKey"]): one for one in world["octopus"]["journals"]
            }
            assert journals[5, "V2"]["insertionType"] == 1
            assert journals[5, "V1"]["protectedPeriod"] < 202610
        if states["import-companies"] == "done":
            assert _doubles(world) == self.doubles
        if states["first-sync"] == "done":
            assert len(world["octopus"]["bookings"]) == len(_documents(world))

    def kill_once(self) -> None:
        """Do what comes next and kill it at a random moment; when all is done, do something again."""
        current = self.reopened()["current"] or self.chance.choice(list(SCRIPT))
        process = self._start(*SCRIPT[current])
        timer = threading.Timer(self.chance.uniform(0.25, 1.6), process.kill)
        timer.start()
        out, err = process.communicate(timeout=120)
        timer.cancel()
        if process.returncode == -signal.SIGKILL:
            self.kills += 1
            self.present.clock(minutes=2)
            return
        assert process.returncode in (0, 1), (current, out, err)
        assert "Traceback" not in err, err
        if process.returncode == 0:
            self.finished.add(current)

    def to_the_end(self) -> None:
        """Undisturbed from wherever it stands."""
        for _round in range(2 * len(SCRIPT)):
            current = self.reopened()["current"]
            if current is None:
                return
            code, out = self._ended(*SCRIPT[current])
            assert code == 0, (current, out)
        raise AssertionError(self.reopened())


def _doubles(world: Json) -> Counter[str]:
    """The VAT numbers that more than one customer of Teamleader bears."""
    keys = (vat_key(one.get("vat_number")) for one in world["teamleader"]["companies"])
    found = Counter(key for key in keys if key)
    return Counter({key: number for key, number in found.items() if number > 1})


def _documents(world: Json) -> list[Json]:
    side = world["teamleader"]
    return [*(one for one in side["invoices"] if one["status"] != "draft"), *side["credit_notes"]]


def storm(home: Path, *, seed: int, kills: int, customers: int, documents: int) -> Scripted:
    """The scenario with two things to mend in its journals, killed so often, then led to its end and looked at."""
    words = (
        "--scenario",
        "c",
        "--customers",
        str(customers),
        "--documents",
        str(documents),
        "--limits",
        "off",
    )
    slow = ("--latency-octopus", "15", "--latency-teamleader", "15")
    with company(home, *words, *slow, "--seed", str(seed)) as present:
        present.do("set-entry-type", journal="V2", type="invoices")
        present.do("set-secured-period", journal="V1", period="202610")
        before = present.world()
        octowizard(home, "--profile", PROFILE, "setup", "--status")
        scripted = Scripted(present, random.Random(seed))
        while scripted.kills < kills:
            scripted.kill_once()
        scripted.to_the_end()
        _nothing_twice(before, present.world())
        with Workspace(present.workspace) as workspace:
            assert list(intents.in_state(workspace, "open")) == []
    return scripted


def _nothing_twice(before: Json, after: Json) -> None:
    assert _doubles(after) == _doubles(before)
    booked = Counter(one["comment"].removesuffix(MARK) for one in after["octopus"]["bookings"])
    assert len(booked) == len(after["octopus"]["bookings"]) == len(_documents(after))
    numbers = [
        number
        for one in after["octopus"]["relations"]
        if (number := one["relationIdentificationServiceData"].get("externalRelationId"))
    ]
    assert len(numbers) == len(set(numbers))
    assert len(after["octopus"]["bookyears"]) == len(before["octopus"]["bookyears"])
    assert len(after["octopus"]["journals"]) == len(before["octopus"]["journals"])


def test_a_set_up_that_is_killed_again_and_again_goes_on_where_it_was(tmp_path: Path) -> None:
    assert storm(tmp_path, seed=1, kills=5, customers=12, documents=6).kills == 5


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("OCTOWIZARD_LONG"), reason="the long form: OCTOWIZARD_LONG=1")
def test_the_long_form_with_fifty_kills(tmp_path: Path) -> None:
    for seed, kills in ((2, 17), (3, 17), (4, 16)):
        home = tmp_path / str(seed)
        home.mkdir()
        done = storm(home, seed=seed, kills=kills, customers=60, documents=40)
        print(f"seed {seed}: {done.kills} kills")  # noqa: T201 - the figures are what the long form is run for
