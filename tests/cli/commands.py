"""Runs the command line as a user does: in a process of its own, with a home of its own."""

import atexit
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from tests import guard

SECONDS = 300
ENDING = 30  # seconds, for one that is told to end
OWN = "OCTOWIZARD_"  # the variables that octowizard reads itself, and Python does not


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    def events(self) -> list[dict[str, Any]]:
        """The JSON lines of stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a test: its own home, English, no colours, nothing of the caller's secrets."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OCTOWIZARD_")}
    return {**kept, "OCTOWIZARD_HOME": str(home), "OCTOWIZARD_LANGUAGE": "en", "PYTHONUTF8": "1", **more}


def octowizard(home: Path, *words: str, given: str = "", **more: str) -> Ended:
    """Run `octowizard` to its end, with `given` on a stdin that is no terminal."""
    if hasattr(os, "fork") and all(name.startswith(OWN) for name in more):
        return _loaded().run(words, given, environment(home, **more))
    ended = subprocess.run(
        [sys.executable, "-m", "octowizard", *words],
        input=given,
        capture_output=True,
        encoding="utf-8",
        env=environment(home, **more),
        timeout=SECONDS,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def short_of_room(home: Path, largest: int, *words: str) -> Ended:
    """`octowizard`, where no file may grow beyond so many bytes (POSIX): EFBIG, as a full disk says ENOSPC."""
    return _loaded().run(words, "", environment(home), largest)


class _Loaded:
    """The process of `loaded.py`, which is there as long as this one."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.loaded"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=environment(Path(os.devnull), OPENBLAS_NUM_THREADS="1"),  # threads would not be forked
            cwd=Path(__file__).parents[2],
        )
        guard.LASTING.add(self._process.pid)
        atexit.register(self._end)

    def run(self, words: tuple[str, ...], given: str, variables: dict[str, str], largest: int = 0) -> Ended:
        """As `octowizard`."""
        with tempfile.TemporaryDirectory() as folder:
            streams = {name: Path(folder, name) for name in ("in", "out", "err")}
            streams["in"].write_text(given, encoding="utf-8")
            for name in ("out", "err"):
                streams[name].touch()
            code = self._answer(words, variables, folder, largest=largest)
            return Ended(code, *(streams[name].read_text(encoding="utf-8") for name in ("out", "err")))

    def _answer(
        self, words: tuple[str, ...], variables: dict[str, str], streams: str, **more: int | bool
    ) -> int:
        """What the process answers to one `Run`."""
        asks, answers = self._process.stdin, self._process.stdout
        assert asks is not None
        assert answers is not None
        asked = {
            "words": words,
            "environment": variables,
            "streams": streams,
            "folder": str(Path.cwd()),
            **more,
        }
        asks.write(f"{json.dumps(asked)}\n")
        asks.flush()
        if not select.select([answers], [], [], SECONDS)[0]:
            self._process.kill()
            _loaded.cache_clear()
            raise TimeoutError(f"octowizard {words} did not end")
        return int(answers.readline())

    @contextmanager
    def staying(self, words: tuple[str, ...], variables: dict[str, str]) -> Iterator[IO[bytes]]:
        """Its stdout, for one that runs until its stdin ends, which is when the block is left; its stderr is ours."""
        with tempfile.TemporaryDirectory() as folder:
            for name in ("in", "out"):
                os.mkfifo(Path(folder, name))
            self._answer(words, variables, folder, stays=True)
            # In this order, which is its own: each end waits for the other.
            with Path(folder, "in").open("wb") as its_in, Path(folder, "out").open("rb") as its_out:
                try:
                    yield its_out
                finally:
                    its_in.close()
                    while select.select([its_out], [], [], ENDING)[0]:
                        if not os.read(its_out.fileno(), 65536):
                            break
                    else:
                        raise TimeoutError(f"octowizard {words} did not end with its stdin")

    def _end(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()


@cache
def _loaded() -> _Loaded:
    return _Loaded()


@contextmanager
def serving(*words: str) -> Iterator[IO[bytes]]:
    """`octowizard sandbox serve` in a process of its own until the block is left; its stdout."""
    words = ("sandbox", "serve", "--until-stdin-closes", *words)
    variables = environment(Path(os.devnull))
    if hasattr(os, "fork"):
        with _loaded().staying(words, variables) as out:
            yield out
        return
    command = [sys.executable, "-m", "octowizard", *words]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.stdin.close()
        process.wait(timeout=ENDING)
        process.stdout.close()


def until(stream: IO[str], words: str) -> None:
    """Read lines until one holds the words; an end before that is a failure, not a wait."""
    for line in iter(stream.readline, ""):
        if words in line:
            return
    raise AssertionError(f"it ended without saying {words}")
