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
_LAUNCH = """
import json, os, subprocess, sys, time
began = time.monotonic()
process = subprocess.Popen([sys.executable, *sys.argv[2:]], stdout=open(sys.argv[1], "wb"), stdin=subprocess.DEVNULL)
_pid, status, usage = os.wait4(process.pid, 0)
kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
took = [time.monotonic() - began, usage.ru_utime + usage.ru_stime, kilobytes / 1024]
print(json.dumps([*took, os.waitstatus_to_exitcode(status)]))
"""


class Launched(NamedTuple):
    """What a program took, start-up included: seconds on the wall and of the processor, the most memory in MB."""

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
