"""The command at the top of this package."""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import msgspec

from octowizard.workspace.vault import KEY
from tests.storm.rounds import Sums, play, rounds, warm_up
from tests.storm.script import Script, cut, drawn
from tests.storm.vendor import Vendor
from tests.workspace.postgres import running


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _figures(sums: Sums) -> str:
    parts = [
        (name, ", ".join(f"{round(count)} {what}" for what, count in counter.most_common()))
        for name, counter in (
            ("faults", sums.faults),
            ("kills", sums.killed_at),
            ("commands", sums.commands),
            ("deeds", sums.hands),
            ("seconds", sums.seconds),
        )
    ]
    return "\n".join(f"  {name}: {text}" for name, text in parts)


@contextlib.contextmanager
def _server(wanted: bool) -> Iterator[str]:
    """The address of a PostgreSQL of this storm's own, and in the environment a key for its secrets; or ""."""
    if not wanted:
        yield ""
        return
    from cryptography.fernet import Fernet

    with running() as server, patch.dict(os.environ, {KEY: Fernet.generate_key().decode()}):
        yield server


def one_again(script: Script, server: str) -> int:
    """Its script, and what comes of it; the exit code."""
    _say(msgspec.json.format(msgspec.json.encode(script)).decode())
    with Vendor() as vendor:
        warm_up(vendor, server)
        sums = play(vendor, script, server)
    _say("\n".join(sums.log))
    for violation in sums.violations:
        _say(f"VIOLATION {violation}")
    _say(f"{sums}\n{_figures(sums)}")
    return 1 if sums.violations else 0


def main(words: list[str]) -> int:
    """Its exit code: 1 when there are violations."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm")
    parser.add_argument("--minutes", type=float, default=10.0, help="begin no round after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--round", type=int, help="this round alone, with its script")
    parser.add_argument("--script", type=Path, help="one round as this file writes it out, as --round does")
    parser.add_argument("--rounds", type=int, default=10**9, help="the first so many")
    parser.add_argument("--steps", type=int, default=99, help="of each round the first so many")
    parser.add_argument("--worlds", type=int, default=2, help="so many rounds side by side")
    parser.add_argument("--postgres", action="store_true", help="what is remembered lives in a PostgreSQL")
    parser.add_argument("--first", action="store_true", help="end at the first violation")
    parser.add_argument("--json", action="store_true", help="the sums as one JSON object, last")
    given = parser.parse_args(words)
    with _server(given.postgres) as server:
        if given.script is not None:
            return one_again(msgspec.json.decode(given.script.read_bytes(), type=Script), server)
        if given.round is not None:
            return one_again(cut(drawn(given.seed, given.round), given.steps), server)
        return storm(given, server)


def storm(given: argparse.Namespace, server: str) -> int:
    """Rounds until the time is over; the exit code."""
    began = time.monotonic()
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    until = began + given.minutes * 60
    workers = [
        context.Process(
            target=rounds,
            args=(number + 1, given.worlds, given.seed, until, given.rounds, given.steps, told, server),
        )
        for number in range(given.worlds)
    ]
    for process in workers:
        process.start()
    sums, working, shown = Sums(), len(workers), 0.0
    while working:
        found = told.get()
        if found is None:
            working -= 1
            continue
        number, one = found
        sums.add(one)
        passed = time.monotonic() - began
        for violation in one.violations:
            _say(f"VIOLATION after {passed:.0f} s, seed {given.seed}, round {number}: {violation}")
        if passed - shown > 10:
            shown = passed
            _say(f"{passed:6.0f} s  {sums}")
        if given.first and sums.violations:
            for process in workers:
                process.terminate()
            break
    for process in workers:
        process.join()
    minutes = (time.monotonic() - began) / 60
    used = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) / 60
    _say(f"seed {given.seed}, {minutes:.1f} minutes: {sums}\n{_figures(sums)}")
    pace = f"{sums.kills / minutes:.0f} kills, {sums.faults.total() / minutes:.0f} faults"
    _say(f"  a minute: {pace}; {used:.1f} minutes of processor, load {os.getloadavg()[0]:.0f}")
    if given.json:
        _say(json.dumps({"rounds": sums.rounds, "violations": sums.violations}))
    return 1 if sums.violations else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
