"""Starting octowizard without loading it anew: a fork of a process that has it loaded. POSIX only.

The child runs the command line as the shell would (own process, own standard output, killed like any other); only
the second that Python takes to load it is saved. The forking process must have no threads.
"""

from __future__ import annotations

import itertools
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import IO

Prepare = Callable[[], None]
MOST_OPEN = 4096  # files of a storm, at any time


class Forked:
    """A running octowizard: as much of `subprocess.Popen` as a storm needs."""

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        prepare: Prepare,
        keep: Collection[int] = (),
    ) -> None:
        """`keep`: files of the forking process that the child needs; the others are not open in it."""
        reading, writing = os.pipe()
        self._err: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - read when the child has ended
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _be_octowizard(words, environment, prepare, (writing, self._err.fileno()), keep)
        os.close(writing)
        self.stdout = os.fdopen(reading, encoding="utf-8")

    def kill(self) -> None:
        """SIGKILL."""
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)

    def communicate(self) -> tuple[str, str]:
        """The rest of its output, and its standard error, when it has ended."""
        rest = self.stdout.read()
        self.stdout.close()
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self._err.seek(0)
        said = self._err.read().decode()
        self._err.close()
        return rest, said


def _be_octowizard(
    words: Sequence[str],
    environment: Mapping[str, str],
    prepare: Prepare,
    told: tuple[int, int],
    keep: Collection[int],
) -> None:
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(told[0], 1)
        os.dup2(told[1], 2)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for one, after in itertools.pairwise(
            sorted({2, *keep, resource.getrlimit(resource.RLIMIT_NOFILE)[0]})
        ):
            os.closerange(one + 1, min(after, MOST_OPEN))
        os.environ.clear()
        os.environ.update(environment)
        sys.stdin, sys.stdout, sys.stderr = (
            open(0, encoding="utf-8", closefd=False),  # noqa: SIM115 - of this process until its end
            open(1, "w", encoding="utf-8", closefd=False),  # noqa: SIM115 - it is this process' own stream
            open(2, "w", encoding="utf-8", closefd=False),  # noqa: SIM115 - it is this process' own stream
        )
        from octowizard.cli.main import run

        prepare()
        code = run(list(words))
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
