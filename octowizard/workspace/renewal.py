"""Teamleader's renewal in a process of its own: whoever asked may be killed, the next token is kept all the same.

Teamleader kills a refresh token when it is used, so nothing may stand between its answer and the disk. The process
that renews takes the lock, asks and keeps (`Tokens` does all of it), has a session of its own, so that neither Ctrl-C
nor a closed terminal reaches it, and then tells whoever still listens. Secrets go through its stdin, never through
its arguments or its environment.

Not here: when to renew (`teamleader/oauth.py`), and where secrets live (`secrets.py`).
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
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
    """What the process is to do. `given`: the refresh token of the environment, as `secrets.py` reads it."""

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

    renewed: Renewed | None = None
    error: _Error | None = None


def apart(store: SecretStore, address: str, credentials: Credentials) -> Apart:
    """Renews the sign-in of these credentials at the sign-in address, with the tokens that `store` keeps."""

    async def renew(turned_down: str | None) -> Renewed:
        asked = _Asked(
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
        answer = await asyncio.to_thread(_in_its_process, msgspec.json.encode(asked))
        if answer.error is not None:
            raise _raised(answer.error)
        return answer.renewed or Renewed()

    return renew


def _in_its_process(asked: bytes) -> _Answer:
    secret = set(map(variable, secret_names()))
    environment = {name: value for name, value in os.environ.items() if name not in secret}
    process = subprocess.Popen(
        itself.part(__name__, "-P", "-X", "utf8"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment | {"PYTHONPATH": _search_path()} | itself.outliving(),
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        | getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        said, _nothing = process.communicate(asked, timeout=_SECONDS)
        return msgspec.json.decode(said, type=_Answer)
    except (subprocess.TimeoutExpired, msgspec.DecodeError, OSError):
        # It is left to itself: what it has asked for, it keeps.
        raise Interrupted("Teamleader", OPERATION, _("the renewal gave no answer")) from None


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
            return _Answer(Renewed(unkept=tokens.unkept))
        return _Answer(error=_described(error))
    finally:
        await tokens.close()
    return _Answer(Renewed(tokens.kept))


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
    """Read from stdin what is to be done, do it, and tell it on stdout. A request that was cut off is not done."""
    try:
        asked = msgspec.json.decode(sys.stdin.buffer.read(), type=_Asked)
    except msgspec.DecodeError:
        return
    locale.choose(asked.language)
    answer = asyncio.run(_renew(asked))
    with suppress(OSError):  # nobody listens any more: it is kept
        sys.stdout.buffer.write(msgspec.json.encode(answer))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
