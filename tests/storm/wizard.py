"""An octowizard of a storm: started by a fork (or anew), in a time that runs faster, killed where the script says.

How long a call may last, how long a request that was cut off may still be at work, how long a read waits before it is
tried again: all are a fraction of what they are at a real vendor.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import resource
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from tests.storm.forking import Forked
from tests.storm.script import Kill
from tests.storm.times import CALL, SETTLED

LONGEST = 180.0  # seconds: who still runs then hangs
AT_LAST = "killed as it was to note its end"
HOOKED = frozenset(
    {"before-commit", "after-commit", "before-intent", "after-intent", "before-outcome", "after-outcome"}
)


class Prepared(msgspec.Struct, frozen=True):
    """How this octowizard differs from one that a user starts.

    `most`: bytes of the largest file it may write. `skew`: seconds by which its clock is wrong.
    """

    calm: bool = False
    kill: Kill | None = None
    most: int | None = None
    skew: int = 0


@dataclass
class Ended:
    """One that has ended. `code` below zero: the signal that ended it."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str
    seen: list[bytes] = field(
        default_factory=list
    )  # what every user of the computer saw: /proc, of it and its own

    @property
    def killed(self) -> bool:
        """By SIGKILL."""
        return self.code == -signal.SIGKILL


class Wizard:
    """One that runs; it waits for `go`."""

    def __init__(
        self,
        words: tuple[str, ...],
        environment: Mapping[str, str],
        prepared: Prepared,
        *,
        fresh: bool = False,
    ) -> None:
        self.words = words
        self._seen: list[bytes] = []
        self._out = b""
        waiting, self._gate = os.pipe()
        self._process: Forked | subprocess.Popen[str]
        if fresh:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.storm.wizard",
                    msgspec.json.encode(prepared).decode(),
                    str(waiting),
                    *words,
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                env=environment,
                pass_fds=(waiting,),
            )
        else:
            self._process = Forked(words, environment, lambda: prepare(prepared, waiting), keep=(waiting,))
        os.close(waiting)
        self.pid = self._process.pid
        assert self._process.stdout is not None
        self._stdout = self._process.stdout.fileno()

    def go(self) -> None:
        """Let it begin."""
        os.write(self._gate, b"!")
        os.close(self._gate)

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()

    def wait(self, until: float) -> bool:
        """Read what it says until it ends, or until then (monotonic); whether it has ended."""
        while (left := until - time.monotonic()) > 0:
            ready, _, _ = select.select([self._stdout], [], [], left)
            if not ready:
                return False
            some = os.read(self._stdout, 65536)
            if not some:
                return True
            if not self._seen:
                self._seen = list(_shown(self.pid))
            self._out += some
        return False

    def ended(self) -> Ended:
        """When it has ended, or after its kill. One that hangs is killed, and its code is 124."""
        hangs = not self.wait(time.monotonic() + LONGEST)
        if hangs:
            self.kill()
        rest, err = self._process.communicate()
        code = self._process.returncode
        assert code is not None
        out = self._out.decode(errors="replace") + rest
        return Ended(self.words, 124 if hangs else code, out, err, self._seen)


def _shown(pid: int) -> list[bytes]:
    """Command line and environment of a process and its children, as /proc shows them; the fork's own is ours."""
    try:
        own = [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
        return [Path(f"/proc/{one}/{name}").read_bytes() for one in own for name in ("cmdline", "environ")]
    except OSError:
        return []  # it has ended


# --- within the process --------------------------------------------------------------------------------------


WARM = (("sync", "--yes", "--json"), ("setup", "--status", "--json"))


def load(environment: Mapping[str, str]) -> None:
    """Load all that these commands come to load, before the first fork that counts: most of it only at need."""
    import importlib

    import octowizard.cli.main

    importlib.import_module("stamina.instrumentation")  # which a first failure would load
    for words in WARM:
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.dup2(os.open(os.devnull, os.O_RDWR), 1)
            os.dup2(1, 2)
            os.environ.update(environment)
            octowizard.cli.main.run(["--profile", "p", *words])
            os.write(writing, " ".join(sys.modules).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as told:
            names = told.read().split()
        os.wait()
        for name in names:
            with contextlib.suppress(ImportError):  # what no import statement brings
                importlib.import_module(name)
    gc.collect()
    gc.freeze()  # else each child would copy what its collector looks through


def prepare(prepared: Prepared, gate: int) -> None:
    """Make this process one of a storm, and wait until it may begin."""
    from octowizard.octopus.client import Octopus
    from octowizard.outbox import lookup
    from octowizard.teamleader.client import Teamleader
    from octowizard.transport import window
    from octowizard.transport.retry import Pauses

    if not os.read(gate, 1):
        os._exit(1)  # whoever was to let it begin is gone
    os.close(gate)
    if prepared.skew:
        right = time.time
        time.time = lambda: right() + prepared.skew
    setattr(lookup, "LEAVES_WITHIN", 0.0)  # noqa: B010 - what is Final for octowizard is not for its storm
    setattr(lookup, "SETTLING_SECONDS", SETTLED)  # noqa: B010
    setattr(lookup, "_BEGAN", time.time())  # noqa: B010 - a fork begins now
    setattr(window, "_OUT_OF_THE_WAY", 0.02)  # noqa: B010
    pauses = Pauses(first=0.005, longest=0.02, scatter=0.005, longest_reset=1.0)
    for client in (Octopus, Teamleader):
        named: dict[str, object] = client.__init__.__kwdefaults__ or {}
        named["pauses"] = pauses
        if not prepared.calm:
            named["timeout"] = CALL
    if prepared.most is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (prepared.most, prepared.most))
    if prepared.kill is not None and prepared.kill.where in HOOKED:
        _kill_at(prepared.kill)
    if prepared.kill is not None and prepared.kill.at_last:
        _kill_at_last()


def _kill_at_last() -> None:
    from octowizard.workspace import runs

    def finish(_log: runs.RunLog, _last_line: bytes) -> None:
        os.write(2, AT_LAST.encode())
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(runs.RunLog, "finish", finish)  # noqa: B010 - what is a method for octowizard is the end for its storm


def _kill_at(kill: Kill) -> None:
    from octowizard.workspace import intents

    when, _, where = kill.where.partition("-")
    left = kill.count

    def passing(moment: str) -> None:
        nonlocal left
        if moment == when:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def hooked(*arguments: Any, **named: Any) -> Any:
            passing("before")
            made = call(*arguments, **named)
            passing("after")
            return made

        return hooked

    if where == "commit":
        hooked = type(
            "Hooked", (sqlite3.Connection,), {"execute": _commits(around, sqlite3.Connection.execute)}
        )
        sqlite3.connect = functools.partial(sqlite3.connect, factory=hooked)  # type: ignore[assignment]
        if "psycopg" in sys.modules:  # as far as workspaces live in PostgreSQL here
            from octowizard.workspace.postgres import Connection

            setattr(Connection, "execute", _commits(around, Connection.execute))  # noqa: B010 - a method for octowizard
    elif where == "intent":
        intents.open_intent = around(intents.open_intent)
    else:
        intents.close = around(intents.close)


def _commits(
    around: Callable[[Callable[..., Any]], Callable[..., Any]], plain: Callable[..., Any]
) -> Callable[..., Any]:
    counted = around(plain)

    def execute(self: object, sql: str, *values: Any) -> Any:
        return (counted if sql == "COMMIT" else plain)(self, sql, *values)

    return execute


def main(arguments: Sequence[str]) -> int:
    """A process that is loaded anew: what it is prepared with, its gate, its words."""
    from octowizard.cli.main import run

    prepare(msgspec.json.decode(arguments[0], type=Prepared), int(arguments[1]))
    return run(list(arguments[2:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
