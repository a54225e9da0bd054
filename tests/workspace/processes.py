"""Other processes, and places that cannot be written: what a test of the workspace needs besides a file."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]


class Other:
    """Another Python process that runs `code`; `words` are its arguments."""

    def __init__(self, code: str, *words: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, words)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.stdin: IO[str] = self._process.stdin
        self.stdout: IO[str] = self._process.stdout
        self.pid = self._process.pid

    def line(self) -> str:
        """The next line it says; waits for it."""
        return self.stdout.readline().strip()

    def go(self) -> None:
        """Let it go on from where it reads a line."""
        self.stdin.write("\n")
        self.stdin.flush()

    def kill(self) -> str:
        """End it without a warning (SIGKILL); what it had said until then."""
        self._process.kill()
        return self.end()

    def end(self) -> str:
        """Wait until it has ended; the rest of what it said."""
        said = self.stdout.read()
        self._process.wait(timeout=60)
        self.stdin.close()
        self.stdout.close()
        return said


@contextmanager
def other(code: str, *words: object) -> Iterator[Other]:
    """Another process, gone when the block ends."""
    process = Other(code, *words)
    try:
        yield process
    finally:
        if not process.stdout.closed:
            process.kill()


@contextmanager
def read_only_folder(*, holding: Path | None = None) -> Iterator[Path]:
    """A folder in which this process may not write (a root user becomes nobody meanwhile), with a copy in it."""
    place = Path(tempfile.mkdtemp(prefix="octowizard-test-"))
    root = os.name == "posix" and os.geteuid() == 0
    try:
        if holding is not None:
            shutil.copy(holding, place)
            (place / holding.name).chmod(0o644)
        place.chmod(0o555)
        if root:
            os.seteuid(65534)
        try:
            yield place
        finally:
            if root:
                os.seteuid(0)
    finally:
        place.chmod(0o755)
        shutil.rmtree(place)
