"""What every test must leave as it was: a difference fails the test that made it, and is put right for the next one.

Looked at: the home that nobody has (settings, a language, profiles), the environment, the folder of the process, its
locale, how it takes signals, and the processes that it started; its threads are given time. The language that is
spoken is put back without a word, and the secrets that are hidden: a test may choose one, and have some. What is one
in a test, such as a word for a password, would be hidden on the pictures of the next.
"""

from __future__ import annotations

import locale
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from octowizard import locale as spoken
from octowizard.transport import redact

LASTING: set[int] = set()
"""Processes that are started in one test and meant for all that follow, until the end of the run."""
OF_PYTEST = frozenset({"PYTEST_CURRENT_TEST"})
SIGNALS = (signal.SIGINT, signal.SIGTERM)
ENDING = 5.0  # seconds for a thread or a process that is told to end already


@dataclass(frozen=True)
class State:
    """What a test could change of its process and for the tests after it."""

    environment: dict[str, str]
    folder: str
    locale: str
    signals: tuple[Any, ...]
    threads: frozenset[threading.Thread]
    processes: frozenset[int]


def state() -> State:
    """How things stand now: some fifty microseconds."""
    return State(
        {name: value for name, value in os.environ.items() if name not in OF_PYTEST},
        _folder(),
        locale.setlocale(locale.LC_ALL),
        tuple(signal.getsignal(one) for one in SIGNALS),
        frozenset(threading.enumerate()),
        frozenset(_children()),
    )


def put_right(before: State, home: Path) -> list[str]:
    """Put back what differs from `before` and empty `home`; what it was, a line each."""
    _wait_for(before.threads)
    return [
        *_home(home),
        *_environment(before.environment),
        *_process(before),
        *_processes(before.processes),
    ]


def speak_english() -> None:
    """What a test spoke ends with it."""
    if spoken.chosen() is not None or spoken.spoken() != "en":
        spoken.choose("en")


def secrets() -> frozenset[str]:
    """Those that are hidden in all that is shown."""
    return frozenset(redact._remembered)


def only_secrets(before: frozenset[str]) -> None:
    """Hide no others than before."""
    redact._remembered.intersection_update(before)


def _home(home: Path) -> Iterator[str]:
    """What was written where nobody lives: a test has a home of its own, in `tmp_path`."""
    if os.path.lexists(home):
        written = ", ".join(sorted(str(path.relative_to(home)) for path in home.rglob("*"))) or "nothing yet"
        shutil.rmtree(home)
        yield f"it wrote into the home of all tests: {written}"


def _environment(before: dict[str, str]) -> Iterator[str]:
    now = {name: value for name, value in os.environ.items() if name not in OF_PYTEST}
    if now == before:
        return
    for name in sorted(now.keys() | before.keys()):
        if (was := before.get(name)) != now.get(name):
            yield f"the environment has {name}={now.get(name)!r}, and had {was!r}"
            if was is None:
                del os.environ[name]
            else:
                os.environ[name] = was


def _process(before: State) -> Iterator[str]:
    if (folder := _folder()) != before.folder:
        os.chdir(before.folder)
        yield f"it stands in {folder}, and stood in {before.folder}"
    if (now := locale.setlocale(locale.LC_ALL)) != before.locale:
        locale.setlocale(locale.LC_ALL, before.locale)
        yield f"the locale is {now}, and was {before.locale}"
    for one, was in zip(SIGNALS, before.signals, strict=True):
        if (handler := signal.getsignal(one)) is not was and handler != was:
            signal.signal(one, was)
            yield f"{one.name} is taken by {handler}, and was by {was}"


def _wait_for(before: frozenset[threading.Thread]) -> None:
    """Give the threads that a test began time to end; one that waits for a vendor may take longer, and harms nobody."""
    for thread in threading.enumerate():
        if thread not in before:
            thread.join(ENDING)


def _processes(before: frozenset[int]) -> Iterator[str]:
    for child in _children():
        if child in before or child in LASTING:
            continue
        if _runs(child):
            words = _words(child)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            yield f"its process {child} goes on: {words}"


def _folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - a path of which only the letters count
    except FileNotFoundError:
        return "a folder that is gone"


def _children() -> Iterator[int]:
    """The processes that this one started and that are there, as Linux tells; elsewhere none."""
    try:
        tasks = os.listdir("/proc/self/task")  # noqa: PTH208 - names are enough
    except FileNotFoundError:
        return
    for task in tasks:
        with (
            suppress(FileNotFoundError),  # a thread that has just ended
            open(f"/proc/self/task/{task}/children", "rb") as file,  # noqa: PTH123 - quick
        ):
            yield from map(int, file.read().split())


def _runs(process: int) -> bool:
    """Whether it has not ended: one that has may still wait to be asked how."""
    try:
        known = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return known.rpartition(") ")[2][:1] not in "ZX"


def _words(process: int) -> str:
    """Its command line; none as long as it is about to become the program that it was started for."""
    try:
        line = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return ""
    return line.replace(b"\0", b" ").decode(errors="replace").strip()
