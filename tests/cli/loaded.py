"""octowizard with everything loaded, ready to be run again and again: `python -m tests.cli.loaded`. POSIX only.

Each run is a process of its own, forked from this one: its own streams, environment, exit code and state, as from a
shell. Only the part of a second that Python takes to load it is saved. One JSON object a line: a `Run` on stdin, its
exit code on stdout. This process runs nothing itself and has no threads.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import threading
import traceback
from pathlib import Path
from typing import NoReturn

import msgspec


class Run(msgspec.Struct):
    """One run. `folder`: where it stands, and where the files `in`, `out` and `err` are its streams."""

    words: list[str]
    environment: dict[str, str]
    streams: str
    folder: str


def load() -> None:
    """Load what most commands need; nothing of it looks at the environment or keeps anything but itself."""
    import octowizard.checks.registry
    import octowizard.cli.main
    import octowizard.presentation.detail
    import octowizard.problems.explain
    import octowizard.problems.recognition
    import octowizard.session.session
    import octowizard.sync.accounts
    import octowizard.sync.look
    import octowizard.sync.run  # noqa: F401 - to be there when a child asks for it


def main() -> None:
    """Serve until stdin ends."""
    load()
    for line in sys.stdin.buffer:
        run = msgspec.convert(json.loads(line), Run)  # words that are no text are lone surrogates
        child = os.fork()
        if child == 0:
            _be_octowizard(run)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


def _be_octowizard(run: Run) -> NoReturn:
    code = 70
    try:
        streams = Path(run.streams)
        os.dup2(os.open(streams / "in", os.O_RDONLY), 0)
        os.dup2(os.open(streams / "out", os.O_WRONLY), 1)
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
