"""Runs commands of octowizard as processes of their own, forked from one that has loaded it: for run.py.

Reads one JSON line at a time: {"words", "environment", "out"}; answers {"code", "seconds", "cpu", "kilobytes"}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from importlib import import_module

SECONDS = 300
LOADED = (
    "httpx",
    "stamina",
    "octowizard.cli.main",
    "octowizard.sync.run",
    "octowizard.customers.importing",
    "tests.hostile.operations",
)


def main() -> None:
    """Say that it is ready, and serve until stdin ends."""
    for name in LOADED:
        import_module(name)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        wanted = json.loads(line)
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            _become(wanted)
        _pid, status, used = os.wait4(child, 0)
        ended = {
            "code": os.waitstatus_to_exitcode(status),
            "seconds": time.monotonic() - began,
            "cpu": used.ru_utime + used.ru_stime,
            "kilobytes": used.ru_maxrss,
        }
        sys.stdout.write(json.dumps(ended) + "\n")
        sys.stdout.flush()


def _become(wanted: dict[str, object]) -> None:
    from octowizard.cli.main import run
    from tests.hostile.operations import DIRECT, direct

    code = 99
    try:
        os.environ.clear()
        os.environ.update(wanted["environment"])  # type: ignore[call-overload]
        for number, name in ((1, "out"), (2, "err")):
            file = os.open(f"{wanted['out']}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(file, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        signal.alarm(SECONDS)
        words: list[str] = wanted["words"]  # type: ignore[assignment]
        code = direct(words[-1].removeprefix(DIRECT)) if words[-1].startswith(DIRECT) else run(words)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
