"""Merging, then undoing, killed again and again while calls fail: nothing is lost, nothing is there twice.

The long form: OCTOWIZARD_LONG=1 pytest tests/customers/test_merging_killed.py -o addopts= -s -k long
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from octowizard.workspace import intents, links, undo_packs
from octowizard.workspace.db import Workspace
from tests.customers.pairs import substance
from tests.sync.company import SECONDS, Company, company, environment

Json = dict[str, Any]

SETTLED = 0.4  # seconds: the practice company has ended every request by then
WRITES = (
    "companies.add",
    "companies.update",
    "companies.delete",
    "contacts.linkToCompany",
    "contacts.unlinkFromCompany",
)


def start(present: Company, work: str) -> subprocess.Popen[str]:
    """Some work in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.customers.merger", str(present.home), work, str(SETTLED)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(present.home),
    )


def finished(present: Company, work: str) -> str:
    """Its outcome, from its beginning to its end."""
    out, err = start(present, work).communicate(timeout=SECONDS)
    assert "ended" in out, err
    return out.splitlines()[-1]


def killed(present: Company, work: str, chance: random.Random) -> bool:
    """Begin it, kill it a moment later; whether the kill came in time."""
    process = start(present, work)
    assert process.stdout is not None
    line = process.stdout.readline()
    if line.startswith("begun"):
        time.sleep(chance.uniform(0.0, 0.5))  # the moment of the kill is what is random
    process.kill()
    process.communicate(timeout=SECONDS)
    return process.returncode == -signal.SIGKILL


def storm(present: Company, work: str, kills: int, chance: random.Random) -> None:
    """Kill it so often, or until it has ended by itself; then once in peace."""
    present.faults(
        *(
            {"operation": operation, "kind": kind, "probability": 0.04}
            for operation in WRITES
            for kind in ("drop_before", "drop_after")
        )
    )
    for _kill in range(kills):
        if not killed(present, work, chance):
            break
    present.faults()
    for _attempt in range(5):
        if finished(present, work).startswith("ended complete 0"):
            return
    raise AssertionError("never at peace")


def seen(world: Json) -> Counter[str]:
    """The companies without their ids, with the people who work for each."""
    people: dict[str, list[str]] = {}
    for contact in world["contacts"]:
        for link in contact["companies"]:
            said = f"{contact['first_name']} {contact['last_name']} {link['position']}"
            people.setdefault(link["company"]["id"], []).append(said)
    return Counter(
        repr((sorted(substance(one).items()), sorted(people.get(one["id"], ()))))
        for one in world["companies"]
    )


def check_merged(before: Json, after: Json, packs: list[undo_packs.Pack]) -> None:
    """Each pair has become one company that has all that both had."""
    old, new = ({one["id"]: one for one in world["companies"]} for world in (before, after))
    gone = {pack.gone for pack in packs if pack.state == "merged"}
    assert len(gone) == sum(pack.state == "merged" for pack in packs)
    assert set(new) == set(old) - gone
    staff = {c["id"]: [link["company"]["id"] for link in c["companies"]] for c in after["contacts"]}
    into = {pack.gone: pack.survivor for pack in packs if pack.state == "merged"}
    for contact in before["contacts"]:
        wanted = {into.get(link["company"]["id"], link["company"]["id"]) for link in contact["companies"]}
        assert sorted(staff[contact["id"]]) == sorted(wanted)
    for loser, survivor in into.items():
        theirs, ours = old[loser], new[survivor]
        for name, value in (("emails", "email"), ("telephones", "number")):
            assert {e[value] for e in theirs[name]} <= {e[value] for e in ours[name]} or name == "telephones"
            assert len({e[value] for e in ours[name]}) == len(ours[name])
        assert set(theirs["tags"]) <= set(ours["tags"])
        assert all(ours[name] for name in ("vat_number", "website", "iban") if theirs[name])


def played(home: Path, *, seed: int, customers: int, kills: int) -> str:
    """Both storms and the verdict; the figures in words."""
    chance = random.Random(seed)
    words = ("--scenario", "c", "--customers", str(customers), "--limits", "off")
    with company(home, *words, "--latency-teamleader", "8") as present:
        pairs = int(finished(present, "prepare").split()[1])
        assert pairs > customers // 4
        before = present.world()["teamleader"]
        with Workspace(present.workspace) as workspace:
            linked = Counter(link.relation for link in links.customers(workspace).values())
        storm(present, "merge", kills, chance)
        with Workspace(present.workspace) as workspace:
            packs = undo_packs.packs(workspace)
            assert {pack.state for pack in packs} <= {"merged", "undone"}
            into = Counter(pack.survivor for pack in packs if pack.state == "merged")
            assert max(into.values()) > 1  # a group went into one
            assert intents.in_state(workspace, "open") == []
            assert Counter(link.relation for link in links.customers(workspace).values()) == linked
        check_merged(before, present.world()["teamleader"], packs)
        storm(present, "undo", kills, chance)
        with Workspace(present.workspace) as workspace:
            assert {pack.state for pack in undo_packs.packs(workspace)} == {"undone"}
            assert Counter(link.relation for link in links.customers(workspace).values()) == linked
        assert seen(present.world()["teamleader"]) == seen(before)
    said = f"{pairs} pairs merged and undone again, each under {kills} kills: nothing lost, nothing twice"
    print(said)  # noqa: T201 - the figures are what the long form is run for
    return said


def test_nothing_is_lost_or_twice_when_merging_and_undoing_are_killed(tmp_path: Path) -> None:
    assert played(tmp_path, seed=1, customers=24, kills=3)


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("OCTOWIZARD_LONG"), reason="the long form: OCTOWIZARD_LONG=1")
def test_the_long_form_with_fifty_kills_each_way(tmp_path: Path) -> None:
    assert played(tmp_path, seed=2, customers=300, kills=50)
