"""Work that is done in a process beside this one, where there is a processor for it; elsewhere when it is waited for.

Only Linux can tell that nothing is copied half done: that this process has one thread. Neither Windows nor macOS copies
a process safely, and to start a new one takes as long as the work that it would save.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
_TASKS = Path("/proc/self/task")
_held: list[object] | None = None  # in a process that ends with its work


class Beside(Generic[T]):
    """Work that was begun; its result, of what can be pickled, is asked for once."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._process: BaseProcess | None = None
        self._receiver: Connection | None = None
        if can_be_beside():
            self._begin()

    @property
    def begun(self) -> bool:
        """Whether it is done by another process, so that this one has time for other work."""
        return self._process is not None

    def result(self) -> T:
        """What the work gives. Where the other process ended without, it is done here, and says what went wrong."""
        if self._process is None or self._receiver is None:
            return self._work()
        try:
            made: T = self._receiver.recv()
        except EOFError:
            return self._work()
        finally:
            self.end()
        return made

    def end(self) -> None:
        """No process is left: nobody waits for the result any more, or it is there."""
        if self._process is not None and self._receiver is not None:
            self._receiver.close()
            self._process.terminate()
            self._process.join()
            self._process.close()
        self._process = self._receiver = None

    def _begin(self) -> None:
        import multiprocessing

        context = multiprocessing.get_context("fork")
        self._receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=_do, args=(self._work, sender), daemon=True)
        try:
            self._process.start()
        except OSError:  # no memory, or no more processes: it is done when it is waited for
            self._receiver.close()
            self._process = self._receiver = None
        finally:
            sender.close()


def can_be_beside() -> bool:
    """Whether there is a second processor, and this process can be copied."""
    if not _TASKS.is_dir() or len(os.listdir(_TASKS)) > 1:  # noqa: PTH208 - counted only
        return False
    return len(os.sched_getaffinity(0)) > 1


def hold(*things: object) -> bool:
    """Keep these until the process ends, where it is one beside another; whether it is.

    To free twenty thousand documents before the result is handed over takes a tenth as long as the work itself.
    """
    if _held is not None:
        _held.extend(things)
    return _held is not None


def _do(work: Callable[[], Any], sender: Connection) -> None:
    """In the process beside: what ends the whole ends it too, without a word; what goes wrong is told by the other."""
    import signal

    global _held
    _held = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    with suppress(Exception):
        sender.send(work())
    sender.close()
