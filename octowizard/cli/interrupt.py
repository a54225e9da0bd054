"""Ctrl-C and its kin: the first asks a run to end after the write in flight, the second leaves at once.

Leaving at once loses nothing: every write has its intent on disk, and the next run looks what became of it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from octowizard.cli.exits import INTERRUPTED

TYPE_CHECKING = False  # typing takes longer to load than a text to print
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from octowizard.progress import Stop, Wait

    T = TypeVar("T")


_ORDERS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP") if hasattr(signal, name)
]
_last_acts: list[Callable[[], None]] = []


@contextmanager
def last_act(act: Callable[[], None]) -> Iterator[None]:
    """Within it, `act` is also done when the program leaves at once (then nothing else is)."""
    _last_acts.append(act)
    try:
        yield
    finally:
        _last_acts.remove(act)


@contextmanager
def ending_orderly() -> Iterator[None]:
    """Within it, an order to end (SIGTERM, a closed terminal) is a KeyboardInterrupt like Ctrl-C."""
    with _handling(_end):
        yield


def _end(_number: int, frame: FrameType | None) -> None:
    if _imports(frame):
        leave_at_once()
    raise KeyboardInterrupt


def _imports(frame: FrameType | None) -> bool:
    """Whether a module is being loaded here.

    An extension in C may swallow an exception that is raised while it sets itself up, and be left without what it
    was about to keep: msgspec then ended the process by a segmentation fault at its first use.
    """
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _tell_wait(wait: Wait | None) -> None:
    """Work stands still: why, and until when."""
    if wait is not None:
        from octowizard.cli.console import tell
        from octowizard.presentation.events import waits

        tell(waits(wait))


def completed(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine comes to; the one place where the command line runs any.

    Where nobody else minds an order to end (`stopping`), the first one cancels the work, so that it closes what it
    has open, and is a KeyboardInterrupt here; the second ends the process.
    """
    import asyncio  # here: it takes longer to load than all of the command line

    from octowizard.progress import waits_told_to

    no_word_of_interrupted_tasks()
    if signal.getsignal(signal.SIGINT) is not _end:
        with waits_told_to(_tell_wait):
            return asyncio.run(work)
    ordered = False
    cancel: Callable[[], object] | None = None

    async def main() -> T:
        nonlocal cancel
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def cancel_soon() -> None:
            loop.call_soon_threadsafe(task.cancel)

        cancel = cancel_soon
        if ordered:
            raise asyncio.CancelledError
        return await work

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal ordered
        if ordered:
            leave_at_once()
        ordered = True
        if cancel is not None:
            with suppress(RuntimeError):  # all is done, and the loop is closed already
                cancel()

    try:
        with _handling(handle), waits_told_to(_tell_wait):
            result = asyncio.run(main())
    except asyncio.CancelledError:
        if ordered:
            raise KeyboardInterrupt from None
        raise
    finally:
        work.close()  # where the order came before it began
    if ordered:
        raise KeyboardInterrupt
    return result


@contextmanager
def stopping(stop: Stop, announcement: str) -> Iterator[None]:
    """Within it, the first order asks `stop` and says so on stderr; the second ends the process."""
    orders = 0

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal orders
        orders += 1
        if orders > 1:
            leave_at_once()
        stop.request()
        with suppress(OSError):
            # Straight to the file: the buffered stream may be in the middle of a line just now.
            os.write(2, f"\n{announcement}\n".encode())

    with _handling(handle):
        yield


def leave_at_once() -> None:
    """End the process here and now, tidying what would otherwise stay behind."""
    for act in reversed(_last_acts):
        with suppress(Exception):
            act()
    with suppress(Exception):
        sys.stdout.flush()
    os._exit(INTERRUPTED)


def no_traceback_when_ending() -> None:
    """An order to end that arrives where Python can only print and go on (a finaliser, a callback) is obeyed there."""
    before = sys.unraisablehook

    def unraisable(what: sys.UnraisableHookArgs) -> None:
        if what.exc_type is not None and issubclass(what.exc_type, KeyboardInterrupt):
            leave_at_once()
        before(what)

    sys.unraisablehook = unraisable


def no_word_of_interrupted_tasks() -> None:
    """What asyncio finds left of a task that was interrupted is no news to anybody."""
    import logging  # a text is printed without it

    def is_news(record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], KeyboardInterrupt))

    logging.getLogger("asyncio").addFilter(is_news)


@contextmanager
def _handling(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    before = {}
    with suppress(ValueError):  # only the main thread may set handlers; another one is never interrupted
        for order in _ORDERS:
            before[order] = signal.signal(order, handler)
    try:
        yield
    finally:
        for order, former in before.items():
            signal.signal(order, former)
