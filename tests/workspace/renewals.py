"""Two octowizards that renew Teamleader's sign-in at once, one of them killed: `python -m tests.workspace.renewals`.

Each round lets the access token of a practice company end and starts two processes that call Teamleader through the
same profile. One is killed, every other time in the very moment in which the vendor has its request for tokens, else at
any; now and then both are. Then a third one must be signed in still, and the vendor must have been asked for tokens
once. `--rounds 200 --seed 1` is the long form; the suite plays a short one. POSIX only: it forks.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.sync.company import PROFILE, Company, company

TOKEN = "oauth2/access_token"
WITHIN = 60.0  # seconds after which something hangs


@dataclass
class Race:
    """What happened so far."""

    company: Company
    chance: random.Random
    rounds: int = 0
    kills: int = 0
    in_flight: int = 0  # kills while the vendor had the request
    refreshes: list[int] = field(default_factory=list)  # per expiry
    lost: list[str] = field(default_factory=list)  # what whoever came after a kill was told

    def round(self) -> None:
        """One expiry."""
        self.company.clock(minutes=61)
        before = self._asked()
        self.rounds += 1
        first, second = _start(self.company.home), _start(self.company.home)
        killed = {first}
        if self.chance.random() < 0.3:
            killed.add(second)
        if self.rounds % 2:
            _until(lambda: self._asked() > before, first, second)
            self.in_flight += len(killed)
        else:
            time.sleep(self.chance.uniform(0, 0.9))
        for process in killed:
            os.kill(process, signal.SIGKILL)
        self.kills += len(killed)
        codes = {process: _ended(process) for process in (first, second)}
        if second not in killed and codes[second]:
            self.lost.append(f"round {self.rounds}: the survivor ended with {codes[second]}")
        if code := _ended(_start(self.company.home)):
            self.lost.append(f"round {self.rounds}: the next one ended with {code}")
            self.company.sign_in_again()
        self.refreshes.append(self._asked() - before)

    def _asked(self) -> int:
        calls: dict[str, int] = self.company.world()["teamleader"]["calls"]
        return calls.get(TOKEN, 0)

    @property
    def told(self) -> str:
        """One line."""
        return (
            f"{self.rounds} expiries, {self.kills} kills ({self.in_flight} with the request at the vendor): "
            f"{sum(self.refreshes)} refreshes, at most {max(self.refreshes)} per expiry, {len(self.lost)} lost sign-ins"
        )

    @property
    def sound(self) -> bool:
        """Nothing was lost, and each expiry cost one refresh."""
        return not self.lost and set(self.refreshes) == {1}


def _until(come: Callable[[], bool], *processes: int) -> None:
    begun = time.monotonic()
    while not come():
        assert time.monotonic() - begun < WITHIN, f"{processes} never asked for tokens"
        time.sleep(0.01)


def _start(home: Path) -> int:
    """The id of a process that calls Teamleader once through the profile, as every command does."""
    sys.stderr.flush()
    process = os.fork()
    if process == 0:
        code = 70
        try:
            asyncio.run(_call(home))
            code = 0
        except Exception as error:
            sys.stderr.write(f"{error}\n")
            code = 3
        finally:
            sys.stderr.flush()
            os._exit(code)
    return process


async def _call(home: Path) -> None:
    from octowizard.sync.accounts import open_accounts
    from octowizard.workspace import profiles
    from octowizard.workspace.db import Workspace

    profile = profiles.load(home, PROFILE)
    with Workspace(profiles.folder(home, PROFILE) / "workspace.sqlite") as workspace:
        async with open_accounts(home, profile, workspace) as accounts:
            await accounts.teamleader.me()


def _ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def main(words: list[str]) -> int:
    """Play it; 0 when nothing was lost and each expiry cost one refresh."""
    parser = argparse.ArgumentParser(prog="python -m tests.workspace.renewals")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(words)
    import octowizard.sync.accounts  # noqa: F401 - once, before the first fork

    small = ("--customers", "2", "--documents", "1", "--limits", "off")
    with tempfile.TemporaryDirectory() as home, company(Path(home), *small) as served:
        race = Race(served, random.Random(given.seed))
        served.faults({"operation": TOKEN, "kind": "latency", "milliseconds": 80})
        for _round in range(given.rounds):
            race.round()
    sys.stdout.write("\n".join((race.told, *race.lost, "")))
    return 0 if race.sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
