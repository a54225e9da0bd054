"""A storm: syncs that are killed at random moments while calls fail, until all is booked and paid all the same."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.sync.company import POST_BOOKING, PUT_RELATION, REGISTER_PAYMENT, Company, Ended, events_in

Json = dict[str, Any]

WRITES = ("document_booked", "relation_created", "payment_registered")
OPERATIONS = (POST_BOOKING, PUT_RELATION, REGISTER_PAYMENT)
PAID = "5.00"  # the same small amount twice on one day: payments that are hard to tell apart


@dataclass
class Storm:
    """What happened so far. `chance` decides everything that is random."""

    company: Company
    chance: random.Random
    kills: int = 0
    runs: int = 0
    outcomes: list[str] = field(default_factory=list)
    days: int = 0
    seconds: float = 0.0

    def blow(self, kills: int, *, write_faults: float) -> None:
        """Run and kill until there were so many kills; payments come in at the bank all the while."""
        began = time.monotonic()
        self.company.faults(*_faults(write_faults))
        while self.kills < kills:
            self._run()
            if self.runs % 8 == 0:
                self._pay()
        self.company.faults()
        self.seconds += time.monotonic() - began

    def calm(self) -> Ended:
        """Run without faults until a run ends with nothing left to do; returns it."""
        self.company.faults()
        self._pay()
        for _attempt in range(30):
            self.company.clock(minutes=15)
            ended = self.company.sync()
            self.outcomes.append(ended.last["outcome"])
            if ended.last["outcome"] == "limit":
                self._next_day()
            elif not _wrote(ended):
                return ended
        raise AssertionError(f"never calm: {self.outcomes[-30:]}")

    def _next_day(self) -> None:
        self.company.clock(days=1)
        self.days += 1

    def _pay(self) -> None:
        """The bank: part payments, equal ones, and whole ones."""
        count = self.chance.randint(5, 40)
        for _ in range(self.chance.randint(1, 2)):
            self.company.do("pay", count=count, amount=PAID)
        if self.chance.random() < 0.5:
            self.company.do("pay", count=self.chance.randint(5, 60))
        self.company.clock(minutes=15)  # later than what a cut-off run still relies on

    def _run(self) -> None:
        self.runs += 1
        process = self.company.start("--yes")
        assert process.stdout is not None
        after_writes = self.chance.random() < 0.8
        writes = self.chance.randint(1, 14)
        moment = self.chance.uniform(0.0, 0.02)
        clock = threading.Timer(20.0 if after_writes else self.chance.uniform(0.05, 1.5), process.kill)
        clock.start()
        seen, last = 0, ""
        for line in process.stdout:
            last = line
            seen += any(f'"event":"{name}"' in line for name in WRITES)
            if after_writes and seen >= writes:
                time.sleep(moment)  # not to wait for anything: the moment of the kill is what is random
                process.kill()
                break
        _rest, err = process.communicate()
        clock.cancel()
        if process.returncode == -signal.SIGKILL:
            self.kills += 1
            return
        outcome = events_in(last)[0].get("outcome", "?") if last else err
        self.outcomes.append(outcome)
        assert "Traceback" not in err, err
        if outcome == "limit":
            self._next_day()
        else:
            self.company.clock(minutes=2)


def _wrote(ended: Ended) -> bool:
    names = ("booked", "relations_created", "payments_registered", "left_for_later")
    return any(ended.last[name] for name in names)


def _faults(probability: float) -> Iterator[Json]:
    for operation in OPERATIONS:
        for kind, status in (("drop_before", None), ("drop_after", None), ("status", 500)):
            fault: Json = {"operation": operation, "kind": kind, "probability": probability}
            yield fault | ({"status": status} if status else {})


@contextlib.contextmanager
def alone(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that does not outlive the block."""
    try:
        yield process
    finally:
        process.kill()
        process.wait()
