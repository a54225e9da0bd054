"""The command line on a staged sync, as a program: `python -m tests.cli.staged WORDS`.

The play is named by STAGED: `two` books two documents, `waits` books one and then waits to be stopped, `deaf`
waits and never stops, `floods` tells of documents until it is stopped, `refused` and `locked` do not begin.
For what needs another process (signals, terminals, pipes) and no sync.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from octowizard.progress import Stop
from octowizard.sync import events
from octowizard.sync.options import SyncOptions
from octowizard.workspace.errors import WorkspaceLocked
from octowizard.workspace.profiles import Profile
from tests.cli.test_exits import finished
from tests.cli.test_narrative import CLOSED, booked, started


async def run_sync(
    root: Path, profile: Profile, options: SyncOptions, emit: Callable[[events.Event], None], stop: Stop
) -> events.RunFinished:
    """Play it."""
    play = os.environ["STAGED"]
    if play == "locked":
        raise WorkspaceLocked("Another octowizard (process 4711) runs a sync on this workspace.")
    emit(started(dry_run=options.dry_run, profile=profile.name))
    end = finished(dry_run=options.dry_run, booked=2, in_sync=2)
    if play == "refused":
        emit(events.RunRefused(explanation=CLOSED))
        end = finished(dry_run=options.dry_run, outcome="refused")
    elif play == "two":
        emit(booked("2026 / 1", 1))
        emit(booked("2026 / 2", 2))
    elif play == "nothing":
        end = finished(dry_run=options.dry_run, in_sync=2)
    else:
        emit(booked("2026 / 1", 1))
        while play == "floods" and not stop.requested:
            emit(booked("2026 / 1", 1))
            await asyncio.sleep(0)
        heard, loop = asyncio.Event(), asyncio.get_running_loop()
        with stop.heard_by(lambda: loop.call_soon_threadsafe(heard.set)):
            if not stop.requested:
                await heard.wait()
        if play == "deaf":
            await asyncio.Event().wait()
        if play == "floods":
            sys.stderr.write("The play has come to its own end.\n")
        end = finished(dry_run=options.dry_run, outcome="cancelled", booked=1, left_for_later=1)
    emit(end)
    return end


if __name__ == "__main__":
    staged = ModuleType("octowizard.sync.run")
    setattr(staged, run_sync.__name__, run_sync)
    sys.modules["octowizard.sync.run"] = staged
    from octowizard.cli.main import run

    sys.exit(run(sys.argv[1:]))
