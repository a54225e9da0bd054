"""An import that is killed again and again, with calls that fail: in the end everybody is there, once.

The long form: OCTOWIZARD_LONG=1 pytest tests/customers/test_importing_killed.py -o addopts= -s -k long
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from octowizard.workspace import links
from octowizard.workspace.db import Workspace
from tests.sync.company import SECONDS, Company, company, environment

SETTLED = 0.4  # seconds: the practice company has ended every request by then


def start(present: Company) -> subprocess.Popen[str]:
    """An import in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.customers.importer", str(present.home), str(SETTLED)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(present.home),
    )


def kill_somewhere(present: Company, chance: random.Random) -> bool:
    """One import, killed after a few customers, or at any moment; whether the kill came in time."""
    process = start(present)
    assert process.stdout is not None
    after = chance.randint(1, 12) if chance.random() < 0.8 else None
    clock = threading.Timer(20.0 if after else chance.uniform(0.3, 1.5), process.kill)
    clock.start()
    seen = 0
    for line in process.stdout:
        seen += line.startswith("made ")
        if after is not None and seen >= after:
            time.sleep(chance.uniform(0.0, 0.02))  # the moment of the kill is what is random
            process.kill()
            break
    _rest, err = process.communicate(timeout=SECONDS)
    clock.cancel()
    assert "Traceback" not in err, err
    return process.returncode == -signal.SIGKILL


def storm(home: Path, *, seed: int, customers: int, kills: int) -> str:
    """Kill so often, finish in peace, compare; the figures in words."""
    chance = random.Random(seed)
    words = ("--scenario", "b", "--customers", str(customers), "--limits", "off")
    with company(home, *words, "--latency-teamleader", "8") as present:
        relations = present.world()["octopus"]["relations"]
        present.faults(
            *(
                {"operation": operation, "kind": kind, "probability": 0.05}
                for operation in ("companies.add", "contacts.add")
                for kind in ("drop_before", "drop_after")
            )
        )
        killed = runs = 0
        while killed < kills:
            killed += kill_somewhere(present, chance)
            runs += 1
        present.faults()
        for _attempt in range(5):
            process = start(present)
            out, err = process.communicate(timeout=SECONDS)
            assert process.returncode == 0, err
            ended = json.loads(out.splitlines()[-1])
            if ended["outcome"] == "complete":
                break
        assert (ended["outcome"], ended["left"], ended["in_doubt"]) == ("complete", 0, 0)
        side = present.world()["teamleader"]
        wanted = Counter(
            " ".join(filter(None, (r.get("firstName"), r["name"]))) for r in relations if r["client"]
        )
        made = Counter(
            record.get("name") or " ".join(filter(None, (record["first_name"], record["last_name"])))
            for record in (*side["companies"], *side["contacts"])
        )
        assert made == wanted
        with Workspace(present.workspace) as workspace:
            known = links.customers(workspace)
        assert set(known) == {record["id"] for record in (*side["companies"], *side["contacts"])}
        assert len({link.relation for link in known.values()}) == customers
    said = f"{killed} kills in {runs} runs, {customers} customers: none twice, none missing"
    print(said)  # noqa: T201 - the figures are what the long form is run for
    return said


def test_nobody_is_imported_twice_or_lost_when_the_process_is_killed_again_and_again(tmp_path: Path) -> None:
    assert storm(tmp_path, seed=1, customers=60, kills=5)


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("OCTOWIZARD_LONG"), reason="the long form: OCTOWIZARD_LONG=1")
def test_the_long_form_with_a_hundred_kills(tmp_path: Path) -> None:
    assert storm(tmp_path, seed=2, customers=1000, kills=100)
