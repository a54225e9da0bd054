"""Teamleader's renewal in a process of its own: whoever asked may be killed, the next token is kept all the same.

Teamleader kills a refresh token when it is used, so nothing may stand between its answer and the disk. The process
that renews takes the lock, asks and keeps (`Tokens` does all of it), has a session of its own, so that neither Ctrl-C
nor a closed terminal reaches it, and then tells whoever still listens. Secrets go through its stdin, never through
its arguments or its environment. One process renews for whoever asks it, a line each; who works on many profiles
(`renewals_shared`) starts one for all of them.

Not here: when to renew (`teamleader/oauth.py`), and where secrets live (`secrets.py`).
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from octowizard import itself, locale
from octowizard.locale import _
from octowizard.teamleader.oauth import OPERATION, Apart, Credentials, Renewed, Tokens
from octowizard.transport.clock import VendorClock
from octowizard.transport.errors import ConfigurationError, Interrupted, VendorError
from octowizard.workspace.secrets import (
    LOCK_SECONDS,
    TEAMLEADER_REFRESH_TOKEN,
    RefreshToken,
    SecretStore,
    SecretsUnavailable,
    secret_names,
    variable,
)

_SECONDS: Final = LOCK_SECONDS + 120.0
"""How long its answer is waited for: its turn, and all the patience with the vendor."""


class _Asked(msgspec.Struct, frozen=True):
    """What the process is to do. `given`: the refresh token of the environment, as `secrets.py` reads it.

    `number`: what its answer is known by.
    """

    number: int
    profile: str
    folder: str
    place: Literal["keyring", "file"]
    given: str
    address: str
    client_id: str
    client_secret: str
    turned_down: str | None
    language: str | None

    def __repr__(self) -> str:
        return f"_Asked({self.profile!r})"


class _Error(msgspec.Struct, frozen=True):
    """An error by its class, arguments and plain attributes."""

    name: str
    args: list[str | int | None]
    attributes: dict[str, str | int | bool | None]


class _Answer(msgspec.Struct, frozen=True):
    """What came of it: one of the two."""

    number: int
    renewed: Renewed | None = None
    error: _Error | None = None


def apart(store: SecretStore, address: str, credentials: Credentials) -> Apart:
    """Renews the sign-in of these credentials at the sign-in address, with the tokens that `store` keeps."""

    async def renew(turned_down: str | None) -> Renewed:
        shared = _shared.get()
        process = _Process() if shared is None else shared
        asked = _Asked(
            number=process.next_number(),
            profile=store.profile,
            folder=str(store.folder),
            place=store.place,
            given=store.given(TEAMLEADER_REFRESH_TOKEN) or "",
            address=address,
            client_id=credentials.client_id,
            client_secret=credentials.client_secret,
            turned_down=turned_down,
            language=locale.chosen(),
        )
        answer = await process.answer(asked, last=shared is None)
        if answer.error is not None:
            raise _raised(answer.error)
        return answer.renewed or Renewed()

    return renew


class _Process:
    """A process that renews, started when it is first asked, and once more where it has ended. Of any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: dict[int, Future[_Answer]] = {}
        self._numbers = 0

    def next_number(self) -> int:
        """What the next question is known by."""
        with self._guard:
            self._numbers += 1
            return self._numbers

    async def answer(self, asked: _Asked, *, last: bool) -> _Answer:
        """What comes of it. `last`: nothing else will be asked. Raises Interrupted where no answer comes."""
        try:
            waited = await asyncio.to_thread(self._ask, asked, last=last)
            return await asyncio.wait_for(asyncio.wrap_future(waited), _SECONDS)
        except (TimeoutError, OSError):
            # It is left to itself: what it has asked for, it keeps.
            raise Interrupted("Teamleader", OPERATION, _("the renewal gave no answer")) from None
        finally:
            self._waiting.pop(asked.number, None)

    def _ask(self, asked: _Asked, *, last: bool) -> Future[_Answer]:
        with self._guard:
            waited = self._waiting[asked.number] = Future[_Answer]()
            process = self._running()
            assert process.stdin is not None
            process.stdin.write(msgspec.json.encode(asked) + b"\n")
            process.stdin.flush()
            if last:
                process.stdin.close()
            return waited

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = _started()
            threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        return self._process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Hand each answer to whoever waits for it; when the process ends, none will come any more."""
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                with suppress(msgspec.DecodeError):
                    answer = msgspec.json.decode(line, type=_Answer)
                    if (waited := self._waiting.get(answer.number)) is not None:
                        with suppress(InvalidStateError):  # it was cancelled
                            waited.set_result(answer)
        process.wait()
        with self._guard:
            for waited in tuple(self._waiting.values()) if process is self._process else ():
                with suppress(InvalidStateError):
                    waited.set_exception(OSError())

    def close(self) -> None:
        """Nothing else will be asked: it ends when what it has begun is kept."""
        with self._guard:
            if self._process is not None and self._process.stdin is not None:
                with suppress(OSError):
                    self._process.stdin.close()


_shared: ContextVar[_Process | None] = ContextVar("renewals_shared", default=None)


@contextmanager
def renewals_shared() -> Iterator[None]:
    """Within it, and in tasks begun within it, one process renews the sign-ins of all profiles."""
    if _shared.get() is not None:  # a fleet within a worker
        yield
        return
    process = _Process()
    before = _shared.set(process)
    try:
        yield
    finally:
        _shared.reset(before)
        process.close()


def _started() -> subprocess.Popen[bytes]:
    secret = set(map(variable, secret_names()))
    environment = {name: value for name, value in os.environ.items() if name not in secret}
    return subprocess.Popen(
        itself.part(__name__, "-P", "-X", "utf8"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment | {"PYTHONPATH": _search_path()} | itself.outliving(),
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        | getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _search_path() -> str:
    """Where this octowizard lies comes first, however it was started."""
    here = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))


async def _renew(asked: _Asked) -> _Answer:
    environ = {variable(TEAMLEADER_REFRESH_TOKEN): asked.given} if asked.given else {}
    store = SecretStore(asked.profile, Path(asked.folder), asked.place, environ=environ)
    keys = Credentials(asked.client_id, asked.client_secret)
    tokens = Tokens(asked.address, keys, RefreshToken(store), VendorClock())
    try:
        await tokens.current(asked.turned_down)
    except (VendorError, ConfigurationError, SecretsUnavailable) as error:
        if tokens.unkept is not None:
            return _Answer(asked.number, Renewed(unkept=tokens.unkept))
        return _Answer(asked.number, error=_described(error))
    finally:
        await tokens.close()
    return _Answer(asked.number, Renewed(tokens.kept))


def _described(error: Exception) -> _Error:
    attributes = {
        name: value if isinstance(value, str | int) else None for name, value in vars(error).items()
    }
    args = [value if isinstance(value, str | int) else None for value in error.args]
    return _Error(_named(type(error)), args, attributes)


def _named(kind: type[Exception]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _raised(error: _Error) -> Exception:
    """The error that was described; one that nobody knows is a renewal without an answer."""
    kinds = (*_kinds(VendorError), ConfigurationError, SecretsUnavailable)
    kind = next((kind for kind in kinds if _named(kind) == error.name), None)
    if kind is None:
        return Interrupted("Teamleader", OPERATION, _("the renewal gave no answer"))
    made: Any = kind.__new__(kind, *error.args)
    vars(made).update(error.attributes)
    raised: Exception = made
    return raised


def _kinds(kind: type[Exception]) -> list[type[Exception]]:
    return [kind, *(below for each in kind.__subclasses__() for below in _kinds(each))]


def main() -> None:
    """Do what each line of stdin asks for, side by side, and tell it on stdout. One that was cut off is not done."""
    asyncio.run(_serve())


async def _serve() -> None:
    async with asyncio.TaskGroup() as group:
        while line := await asyncio.to_thread(sys.stdin.buffer.readline):
            with suppress(msgspec.DecodeError):
                asked = msgspec.json.decode(line, type=_Asked)
                locale.choose(asked.language)
                group.create_task(_done(asked))


async def _done(asked: _Asked) -> None:
    try:
        answer = await _renew(asked)
    except Exception as error:  # whatever it is, the others are renewed
        answer = _Answer(asked.number, error=_described(error))
    with suppress(OSError):  # nobody listens any more: it is kept
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
