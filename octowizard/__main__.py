"""The way into the process, also of the installed command: an order to end is obeyed from here to the last moment.

Until the command line is loaded, and again once the command has ended, there is nothing to tidy: Ctrl-C leaves at
once, without a traceback from the middle of an import or of the interpreter's own end. What comes before this file
(Python's own start) cannot be ours.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import signal
import sys
from types import FrameType

TYPE_CHECKING = False  # typing takes longer to load than this file
if TYPE_CHECKING:
    from typing import Any


# How seldom Python looks for cyclic garbage. By itself it does after 700 new objects, which takes a fifteenth of the
# processor's time and finds hardly any: records hold no cycles.
_VISITS = (20_000, 10, 10)


class _Nowhere(io.FileIO):
    """What stands for a standard stream that is closed; `lost`: something was written to it."""

    lost = False

    def write(self, data: Any, /) -> int:
        self.lost = True
        return super().write(data)


def _open_what_is_closed() -> dict[str, _Nowhere]:
    """Lead each standard stream that the caller has closed to nowhere, and name it.

    Else the next file that is opened, a workspace too, would stand in its place and be written to by mistake.
    """
    closed = {}
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: those before it are open by now
            closed[name] = nowhere = _Nowhere(number, "w" if number else "r")
            ends = io.BufferedWriter(nowhere) if number else io.BufferedReader(nowhere)
            setattr(sys, name, io.TextIOWrapper(ends, encoding="utf-8"))
    return closed


def _leave(_number: int, _frame: FrameType | None) -> None:
    os._exit(130)


def main() -> int:
    """Run the command line. The exit code; that of a stdout that takes nothing where data went to a closed one."""
    gc.set_threshold(*_VISITS)
    closed = _open_what_is_closed()
    # The last of all that is done at the end. Python then puts its handlers away, and Ctrl-C would kill what has
    # ended already; only a signal that is ignored stays so.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGINT, _leave)
    from octowizard.cli.interrupt import no_traceback_when_ending
    from octowizard.cli.main import run

    no_traceback_when_ending()
    code = run()
    if "stdout" in closed and closed["stdout"].lost:
        from octowizard.cli.console import tell
        from octowizard.cli.exits import WELL, WRONG_USAGE
        from octowizard.locale import _

        tell(_("Standard output is closed, so what there was to tell went nowhere."))
        return WRONG_USAGE if code == WELL else code
    return code


if __name__ == "__main__":
    sys.exit(main())
