"""A storm: syncs that are killed at random moments while calls fail, until all is booked and paid all the same.

With `Hands`, others are at work between any two steps: a bookkeeper who books the very documents that wait, people
who edit relations and companies, an octowizard on another computer, an older copy of the workspace put back; and
somebody on this computer asks a command about the same profile while the sync runs.

    python -m tests.sync.storm --minutes 30 --seed 1          (POSIX; two worlds side by side unless --worlds says)

prints for each round what was done to it, and in the end the sums and the violations; exit code 1 when there are any.
A round is a storm over one small company and the verdict of ledger.py on both sides.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sync.company import (
    POST_BOOKING,
    PROFILE,
    PUT_RELATION,
    REGISTER_PAYMENT,
    Company,
    Ended,
    company,
    environment,
    events_in,
)
from tests.sync.forking import Forked, load
from tests.sync.hands import PAID, Hands
from tests.sync.ledger import check_all

Json = dict[str, Any]
Process = subprocess.Popen[str] | Forked
Start = Callable[[Company, tuple[str, ...]], Process]

WRITES = ("document_booked", "relation_created", "payment_registered")
OPERATIONS = (POST_BOOKING, PUT_RELATION, REGISTER_PAYMENT)
_D = "GET /dossiers/{dossierId}"
READS = (f"{_D}/buysellbookings/modified", f"{_D}/relations/modified", f"{_D}/balancings/modified")
QUESTIONS = (("history",), ("check", "--offline"))
LONGEST = 2.0  # seconds that a sync is let live at most before it is killed, with hands


def in_a_process_of_its_own(present: Company, words: tuple[str, ...]) -> Process:
    """As a user starts it."""
    return present.start(*words)


def forked(present: Company, words: tuple[str, ...]) -> Process:
    """The same in a tenth of the time; a request that was cut has ended sooner than for a real vendor."""
    return Forked(
        ["--profile", PROFILE, "sync", "--json", *words], environment(present.home), _stand_in_is_quick
    )


def _stand_in_is_quick() -> None:
    from octowizard.outbox import lookup

    # The stand-in handles a request within a few hundredths of a second.
    lookup.LEAVES_WITHIN, lookup.SETTLING_SECONDS = 0.0, 0.5


@dataclass
class Storm:
    """What happened so far. `chance` decides everything that is random."""

    company: Company
    chance: random.Random
    start: Start = in_a_process_of_its_own
    hands: Hands | None = None
    elsewhere: Company | None = None  # an octowizard of the same company on another computer
    kills: int = 0
    runs: int = 0
    outcomes: list[str] = field(default_factory=list)
    days: int = 0
    seconds: float = 0.0

    def blow(self, kills: int, *, write_faults: float, read_faults: float = 0.0) -> None:
        """Run and kill until there were so many kills; payments come in at the bank all the while."""
        began = time.monotonic()
        until = self.kills + kills
        self.company.faults(*_faults(write_faults, read_faults))
        while self.kills < until:
            self._run(self.company)
            if self.hands is not None:
                self._between_two_runs(self.hands)
            elif self.runs % 8 == 0:
                self._pay()
        self.company.faults()
        self.seconds += time.monotonic() - began

    def calm(self) -> Ended:
        """Run without faults until a run ends with nothing left to do; returns it."""
        self.company.faults()
        self._pay()
        for _attempt in range(30):
            self.company.clock(minutes=15)
            ended = self._whole(self.company)
            self.outcomes.append(ended.last["outcome"])
            if ended.last["outcome"] == "limit":
                self._next_day()
            elif _is_signed_out(ended.last):
                self.company.sign_in_again()
            elif not _wrote(ended):
                assert ended.last["outcome"] in ("complete", "attention"), ended.last
                return ended
        raise AssertionError(f"never calm: {self.outcomes[-30:]}")

    def _between_two_runs(self, hands: Hands) -> None:
        """Nobody of ours is at work. What a killed sync had sent arrives first."""
        time.sleep(0.05)
        for _deed in range(self.chance.randint(0, 3)):
            hands.meddle(running=False)
        if self.chance.random() < 0.25:
            hands.pay()
        if self.chance.random() < 0.2:
            hands.copy_or_put_back()
        if self.elsewhere is not None and self.chance.random() < 0.25:
            if self.chance.random() < 0.5:
                self._run(self.elsewhere)
                time.sleep(0.05)
            else:
                self._whole(self.elsewhere)
        if self.chance.random() < 0.5:
            self.company.clock(minutes=self.chance.choice((1, 5, 20)))

    def _next_day(self) -> None:
        self.company.clock(days=1)
        self.days += 1

    def _pay(self) -> None:
        """The bank: part payments, equal ones, and whole ones."""
        if self.hands is not None:
            self.hands.pay()
            return
        count = self.chance.randint(5, 40)
        for _ in range(self.chance.randint(1, 2)):
            self.company.do("pay", count=count, amount=PAID)
        if self.chance.random() < 0.5:
            self.company.do("pay", count=self.chance.randint(5, 60))

    def _words(self) -> tuple[str, ...]:
        return ("--yes", "--no-other-connector") if self.hands is not None else ("--yes",)

    def _whole(self, present: Company) -> Ended:
        process = self.start(present, self._words())
        out, err = process.communicate()
        assert process.returncode is not None
        return Ended(process.returncode, events_in(out), err)

    def _run(self, present: Company) -> None:
        """One sync, killed after some writes or some time; with hands, others work between its steps."""
        self.runs += 1
        after_writes = self.chance.random() < (0.6 if self.hands else 0.8)
        writes = self.chance.randint(1, 14)
        moment = self.chance.uniform(0.0, 0.02)
        longest = LONGEST if self.hands else 20.0
        process = self.start(present, self._words())
        other, asking = self._beside(present), self._asking(present)
        until = time.monotonic() + (longest if after_writes else self.chance.uniform(0.02, 1.0))
        seen, last = 0, ""
        for line in _lines(process, until):
            last = line
            seen += any(f'"event":"{name}"' in line for name in WRITES)
            if after_writes and seen >= writes:
                time.sleep(moment)  # not to wait for anything: the moment of the kill is what is random
                break
            if self.hands is not None and self.chance.random() < 0.06:
                self.hands.meddle(running=True)
        killed = _end(process)
        if other is not None:
            self.kills += _end(other) is None
        if asking is not None:
            _out, err = asking.communicate()
            assert asking.returncode in (0, 1, 3), err  # 3: not everything was read yet
        if killed is None:
            self.kills += 1
            return
        rest, err = killed
        last = (rest.splitlines() or [last])[-1]
        finished = events_in(last)[0] if last else {}
        outcome = finished.get("outcome", "?") if last else err
        self.outcomes.append(outcome)
        assert "Traceback" not in err, err
        if outcome == "limit":
            self._next_day()
        elif _is_signed_out(finished):
            present.sign_in_again()
        else:
            self.company.clock(minutes=2)

    def _asking(self, present: Company) -> Process | None:
        """Sometimes somebody asks about the same profile meanwhile: that opens and closes its workspace."""
        if self.hands is None or not present.workspace.exists() or self.chance.random() > 0.3:
            return None
        words = ["--profile", PROFILE, *self.chance.choice(QUESTIONS)]
        return Forked(words, environment(present.home), _stand_in_is_quick)

    def _beside(self, present: Company) -> Process | None:
        """Sometimes the octowizard elsewhere books at the same time: documents only (see hands.py)."""
        if self.elsewhere is None or present is self.elsewhere or self.chance.random() > 0.15:
            return None
        invoices = self.company.world()["teamleader"]["invoices"]
        some = self.chance.sample(invoices, min(5, len(invoices)))
        numbers = [record["invoice_number"] for record in some if record["invoice_number"]]
        return self.start(self.elsewhere, (*self._words(), "--only", *numbers)) if numbers else None


def _lines(process: Process, until: float) -> Iterator[str]:
    """The lines of its output as they come, until it ends or the moment is there."""
    assert process.stdout is not None
    left = b""
    descriptor = process.stdout.fileno()
    while (wait := until - time.monotonic()) > 0:
        ready, _, _ = select.select([descriptor], [], [], wait)
        if not ready:
            return
        if not (some := os.read(descriptor, 65536)):
            return
        *whole, left = (left + some).split(b"\n")
        for line in whole:
            yield line.decode()


def _end(process: Process) -> tuple[str, str] | None:
    """Kill it; None when it died of that, else what it had still said."""
    process.kill()
    rest, err = process.communicate()
    return None if process.returncode == -signal.SIGKILL else (rest, err)


def _is_signed_out(finished: Json) -> bool:
    """Whether a kill lost the token that Teamleader had just given: every token serves once."""
    return finished.get("outcome") == "unreachable" and "sign-in" in finished["message"]


def _wrote(ended: Ended) -> bool:
    names = ("booked", "relations_created", "payments_registered", "left_for_later")
    return any(ended.last[name] for name in names)


def _faults(writes: float, reads: float) -> Iterator[Json]:
    for operation, probability in (*((o, writes) for o in OPERATIONS), *((o, reads) for o in READS)):
        for kind, status in (("drop_before", None), ("drop_after", None), ("status", 500)):
            fault: Json = {"operation": operation, "kind": kind, "probability": probability}
            if probability:
                yield fault | ({"status": status} if status else {})


@contextlib.contextmanager
def alone(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that does not outlive the block."""
    try:
        yield process
    finally:
        process.kill()
        process.wait()


# --- the long form ---------------------------------------------------------------------------------------


@dataclass
class Sums:
    """What was done in all rounds, and what was found wrong."""

    rounds: int = 0
    runs: int = 0
    kills: int = 0
    faults: int = 0
    edits: int = 0
    by_hand: int = 0
    put_back: int = 0
    documents: int = 0
    violations: list[str] = field(default_factory=list)

    def add(self, other: Sums) -> None:
        """Count another's."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds, {self.runs} syncs, {self.kills} kills, {self.faults} faults, {self.edits} edits "
            f"(of them {self.by_hand} bookings by hand, {self.put_back} workspaces put back), "
            f"{self.documents} documents; violations: {len(self.violations)}"
        )


def round_of(seed: int, kills: int) -> Sums:
    """One company from its first sync to the calm after the storm, with all hands at work."""
    chance = random.Random(seed)
    sums = Sums(rounds=1)
    words = ("--customers", "10", "--documents", str(chance.randint(10, 24)), "--seed", str(seed))
    slow = ("--latency-octopus", "4", "--latency-teamleader", "4", "--limits", "off")
    with tempfile.TemporaryDirectory(prefix="octowizard-storm-") as home, contextlib.ExitStack() as stack:
        present = stack.enter_context(company(Path(home, "here"), *words, *slow))
        other = Company(Path(home, "there"), present.connection())
        hands = Hands(present, chance)
        storm = Storm(present, chance, start=forked, hands=hands, elsewhere=other)
        before = present.world()
        try:
            storm.blow(kills, write_faults=0.12, read_faults=0.04)
            ended = storm.calm()
            last_words = [e for e in ended.events if e["event"] in ("document_failed", "customer_failed")]
            assert ended.last["failing"] == 0, last_words
            world = present.world()
            figures = check_all(
                present.workspace, before, world, parked=ended.last["payments_parked"], all_here=False
            )
            assert ended.last["in_sync"] == figures.documents, ended.last
            sums.documents = figures.documents
        except Exception:
            evidence = sorted([*hands.done, *_writes_of(present, "here"), *_writes_of(other, "elsewhere")])
            sums.violations.append(f"seed {seed}: {traceback.format_exc()}" + "\n".join(evidence))
        world = present.world()
        sums.kills, sums.runs, sums.faults = storm.kills, storm.runs, world["faults_fired"]
        sums.edits, sums.by_hand, sums.put_back = hands.edits, hands.booked, hands.put_back
    return sums


def _writes_of(present: Company, place: str) -> list[str]:
    """Each write of this octowizard, oldest first: when it was meant, what, and how it ended."""
    if not present.workspace.exists():
        return []
    with contextlib.closing(sqlite3.connect(present.workspace)) as db:
        rows = db.execute("SELECT made_at, run, kind, natural_key, state, outcome, closed_at FROM intent")
        return [f"{made:.3f} {place}: {' | '.join(map(str, rest))}" for made, *rest in rows]


def _storms(number: int, seed: int, until: float, kills: int, most: int, told: Any) -> None:
    load()
    for place in range(most):
        if time.monotonic() >= until:
            break
        told.put(round_of(seed * 1_000_000 + number * 10_000 + place, kills))
    told.put(None)


def main(words: list[str]) -> int:
    """The command at the top of this file; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.sync.storm")
    parser.add_argument("--minutes", type=float, default=30.0, help="begin no round after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=2, help="so many companies side by side")
    parser.add_argument("--kills", type=int, default=25, help="in each round")
    parser.add_argument("--rounds", type=int, default=9_999, help="at most so many in each world")
    given = parser.parse_args(words)
    began = time.monotonic()
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    until = began + given.minutes * 60
    arguments = (given.seed, until, given.kills, given.rounds, told)
    worlds = [context.Process(target=_storms, args=(number, *arguments)) for number in range(given.worlds)]
    for process in worlds:
        process.start()
    sums, working = Sums(), len(worlds)
    while working:
        found = told.get()
        if found is None:
            working -= 1
            continue
        sums.add(found)
        sys.stdout.write(f"{time.monotonic() - began:6.0f} s  {found}\n")
        sys.stdout.flush()
        for violation in found.violations:
            sys.stdout.write(f"VIOLATION {violation}\n")
    for process in worlds:
        process.join()
    sys.stdout.write(f"seed {given.seed}, {(time.monotonic() - began) / 60:.1f} minutes: {sums}\n")
    return 1 if sums.violations else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
