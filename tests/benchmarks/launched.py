"""A Python program run in a process of its own, and what it took: seconds on the wall and of the processor, memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

# A process keeps the memory of the one it was forked from as its peak: so the one that forks has to be small.
# The peak that the system keeps is that of one process: where it has others beside it (`octowizard/beside.py`), all of
# them are looked at together, after a second, for what starts in less is measured in milliseconds.
_LAUNCH = """
import json, os, subprocess, sys, threading, time
most = 0.0
def together(pid):
    pids = [pid]
    for one in pids:
        for task in os.listdir(f"/proc/{one}/task"):
            pids += open(f"/proc/{one}/task/{task}/children").read().split()
    lines = (line for one in pids if len(pids) > 1 for line in open(f"/proc/{one}/smaps_rollup"))
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
def watch(pid):
    global most
    while True:
        time.sleep(0.1 if time.monotonic() - began > 1 else 1)
        try:
            most = max(most, together(pid))
        except (OSError, ValueError):
            pass
began = time.monotonic()
process = subprocess.Popen([sys.executable, *sys.argv[2:]], stdout=open(sys.argv[1], "wb"), stdin=subprocess.DEVNULL)
threading.Thread(target=watch, args=(process.pid,), daemon=True).start()
_pid, status, usage = os.wait4(process.pid, 0)
kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
took = [time.monotonic() - began, usage.ru_utime + usage.ru_stime, max(kilobytes / 1024, most)]
print(json.dumps([*took, os.waitstatus_to_exitcode(status)]))
"""


class Launched(NamedTuple):
    """What a program took, start-up included: seconds on the wall and of the processor, the most memory in MB.

    All of it with the processes that it started; memory that they share counts once.
    """

    wall: float
    processor: float
    megabytes: float
    code: int


def launch(words: Sequence[str], out: Path, environment: Mapping[str, str] | None = None) -> Launched:
    """Run `python WORDS…` to its end with nothing to read, what it prints into a file."""
    command = [sys.executable, "-c", _LAUNCH, str(out), *words]
    told = subprocess.run(
        command, stdout=subprocess.PIPE, check=True, text=True, env=dict(environment or os.environ)
    )
    return Launched(*json.loads(told.stdout))
