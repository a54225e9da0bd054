"""octowizard with everything loaded, ready to be run again and again: `python -m tests.cli.loaded`. POSIX only.

Each run is a process of its own, forked from this one: its own streams, environment, exit code and state, as from a
shell. Only the part of a second that Python takes to load it is saved. One JSON object a line: a `Run` on stdin, its
exit code on stdout; its process id where it `stays`, as a practice company does that is served. This process runs
nothing itself and has no threads.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import resource
import sys
import threading
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NoReturn

import msgspec

ROOMS = (
    "cli", "session", "onboarding", "sync", "customers", "problems", "checks", "planning", "snapshot", "outbox",
    "matching", "reports", "presentation", "sandbox", "sandbox.worlds",
)  # fmt: skip
LATE = (
    *(
        "httptools",
        "httpx",
        "anyio._backends._asyncio",
        "numpy",
        "phonenumbers",
        "rapidfuzz.fuzz",
        "rapidfuzz.process",
    ),
)
"""What is loaded only when there is something to be sent, read or compared."""


class Run(msgspec.Struct):
    """One run. `folder`: where it stands. `streams`: where the files `in`, `out` and, as a rule, `err` are its streams.

    `stays`: it is not waited for. `largest`: no file of it may grow beyond so many bytes.
    """

    words: list[str]
    environment: dict[str, str]
    streams: str
    folder: str
    stays: bool = False
    largest: int = 0


def load() -> None:
    """Load what commands need; nothing of it looks at the environment or keeps anything but itself."""
    for room in ROOMS:
        for module in iter_modules(import_module(f"octowizard.{room}").__path__, f"octowizard.{room}."):
            with suppress(ImportError):  # of an extra that is not installed
                import_module(module.name)
    for late in LATE:
        import_module(late)


def main() -> None:
    """Serve until stdin ends."""
    load()
    gc.collect()
    gc.freeze()  # else a child copies what it has in common with this process, only to look for garbage
    for line in sys.stdin.buffer:
        run = msgspec.convert(json.loads(line), Run)  # words that are no text are lone surrogates
        child = os.fork()
        if child == 0:
            _be_octowizard(run)
        answer = child if run.stays else os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
        with suppress(ChildProcessError):  # those that have stayed, and are gone by now
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _be_octowizard(run: Run) -> NoReturn:
    code = 70
    try:
        if run.largest:
            resource.setrlimit(resource.RLIMIT_FSIZE, (run.largest, run.largest))
        streams = Path(run.streams)
        os.dup2(os.open(streams / "in", os.O_RDONLY), 0)
        os.dup2(os.open(streams / "out", os.O_WRONLY), 1)
        if (streams / "err").exists():
            os.dup2(os.open(streams / "err", os.O_WRONLY), 2)
        os.chdir(run.folder)
        os.environ.clear()
        os.environ.update(run.environment)
        sys.stdin, sys.stdout, sys.stderr = (
            open(0, encoding="utf-8", closefd=False),  # noqa: SIM115 - of this process until its end
            open(1, "w", encoding="utf-8", closefd=False),  # noqa: SIM115 - it is this process' own stream
            open(2, "w", encoding="utf-8", closefd=False, buffering=1),  # noqa: SIM115 - it is this process' own stream
        )
        sys.argv = ["octowizard", *run.words]
        from octowizard.__main__ import main as command

        code = command()
    except BaseException:
        traceback.print_exc()
    try:
        threading._shutdown()  # type: ignore[attr-defined] # what an interpreter does at its end
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
