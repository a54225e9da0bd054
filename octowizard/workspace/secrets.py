"""Where each secret lives: an environment variable, the system keyring, or a file its owner alone can read.

The variable comes first. After it comes one place per profile, chosen by the user: the keyring, or (on a
machine without one, and for the practice company) a file. Nothing falls back from the keyring to a file by
itself, and nothing here ever prints a value. All calls block, the keyring for at most three seconds: call them
in a thread.

Not here: what the secrets are used for, and Octopus' session tokens, which live in memory only.
"""

import asyncio
import hashlib
import os
import secrets as _random
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, Protocol, TypeVar

from octowizard.locale import _
from octowizard.transport.redact import remember_secret
from octowizard.workspace import private
from octowizard.workspace.exhausted import exhausted
from octowizard.workspace.profiles import Profile, folder
from octowizard.workspace.vault import Locked, vault_of

OCTOPUS_SOFTWARE_HOUSE: Final = "octopus_software_house"
OCTOPUS_PASSWORD: Final = "octopus_password"
OCTOPUS_REFRESH_TOKEN: Final = "octopus_refresh_token"
TEAMLEADER_CLIENT_SECRET: Final = "teamleader_client_secret"
TEAMLEADER_REFRESH_TOKEN: Final = "teamleader_refresh_token"
TEAMLEADER_ACCESS_TOKEN: Final = "teamleader_access_token"
"""Goes with the refresh token: kept only in the profile's place, never read from the environment."""

OCTOPUS_DAYS: Final = timedelta(days=60)
SERVICE: Final = "octowizard"
KEYRING_SECONDS: Final = 3.0
LOCK_SECONDS: Final = 60.0

# Those that are replaced at each use.
ROTATING: Final = frozenset({OCTOPUS_REFRESH_TOKEN, TEAMLEADER_REFRESH_TOKEN, TEAMLEADER_ACCESS_TOKEN})

Place = Literal["environment", "keyring", "file"]
T = TypeVar("T")


def secret_names() -> tuple[str, ...]:
    """The names of all secrets of a profile."""
    return (
        OCTOPUS_SOFTWARE_HOUSE,
        OCTOPUS_PASSWORD,
        OCTOPUS_REFRESH_TOKEN,
        TEAMLEADER_CLIENT_SECRET,
        TEAMLEADER_REFRESH_TOKEN,
        TEAMLEADER_ACCESS_TOKEN,
    )


def needed_names(octopus_sign_in: str) -> tuple[str, ...]:
    """The names of those that a profile cannot do without, by how it signs in to Octopus (password or browser)."""
    other = OCTOPUS_PASSWORD if octopus_sign_in == "browser" else OCTOPUS_REFRESH_TOKEN
    return tuple(name for name in secret_names() if name not in (other, TEAMLEADER_ACCESS_TOKEN))


class SecretsUnavailable(Exception):
    """A secret cannot be read or kept; `str()` is one sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret and the place it came from. Its repr shows the place only."""

    value: str = field(repr=False)
    place: Place

    def __str__(self) -> str:
        return f"<{self.place}>"


class Keyring(Protocol):
    """The three calls that are used of a keyring (the `keyring` module itself, or a stand-in in a test)."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


class SecretStore:
    """The secrets of one profile.

    `folder` is the profile's own; in its `secrets/` (made when first needed, 0700) live the lock and, for
    `place="file"`, one file (0600) per secret. Methods raise `SecretsUnavailable` when the place fails.
    """

    def __init__(
        self,
        profile: str,
        folder: Path,
        place: Literal["keyring", "file"] = "keyring",
        *,
        environ: Mapping[str, str] = os.environ,
        keyring: Keyring | None = None,
        keyring_seconds: float = KEYRING_SECONDS,
    ) -> None:
        self.profile = profile
        self.place: Final = place
        self.folder: Final = folder
        self._folder = folder / "secrets"
        self._environ = environ
        self._keyring = keyring
        self._seconds = keyring_seconds
        self._vault = vault_of(folder)

    def __repr__(self) -> str:
        return f"SecretStore({self.profile!r}, {self.place})"

    def read(self, name: str) -> Secret | None:
        """The secret and where it came from, or None when no place has it."""
        given = self.given(name)
        if given is not None:
            return Secret(given, "environment")
        kept = self.kept(name)
        return None if kept is None else Secret(kept, self.place)

    def given(self, name: str) -> str | None:
        """The value of the environment variable; an empty one counts as absent."""
        value = self._environ.get(variable(name)) or None
        if value is not None:
            remember_secret(value)
        return value

    def kept(self, name: str) -> str | None:
        """The value in the profile's place, whatever the environment says."""
        value = self._in_the_vault(name)
        if value is not None:
            pass
        elif self.place == "file":
            value = _read_file(self._file(name))
        else:
            value = self._ask(lambda keyring: keyring.get_password(SERVICE, self._user(name)))
        if value is not None:
            remember_secret(value)
        return value

    def write(self, name: str, value: str) -> None:
        """Keep a value, replacing the one before it at a stroke, and read it back before saying so."""
        remember_secret(value)
        if self._vault is not None and name in ROTATING:
            with _unlocked():
                self._vault.write(name, value)
        elif self.place == "file":
            _own_folder(self._folder)
            _replace_file(self._file(name), value)
        else:
            self._ask(lambda keyring: keyring.set_password(SERVICE, self._user(name), value))
        if self.kept(name) != value:
            raise SecretsUnavailable(
                _("A secret was not kept in {place}; {advice}").format(
                    place=self._describe_place(name), advice=_advice(name)
                )
            )

    def try_place(self) -> None:
        """Make sure that a keyring keeps what it is given, before anybody types a password for it.

        A back-end that takes everything and keeps nothing raises no error of its own.
        """
        if self.place == "file":
            return
        value = _random.token_hex(16)
        user = self._user("probe")
        self._ask(lambda keyring: keyring.set_password(SERVICE, user, value))
        kept = self._ask(lambda keyring: keyring.get_password(SERVICE, user))
        if kept != value:
            raise SecretsUnavailable(
                _("The keyring of this system takes secrets and does not keep them; {advice}").format(
                    advice=_advice()
                )
            )
        self._ask(lambda keyring: keyring.delete_password(SERVICE, user))

    def delete(self, name: str) -> None:
        """Forget a kept value; one that is not there is no error. The environment is not touched.

        With the refresh token goes the access token that came with it: whoever is forgotten is signed out.
        """
        if name == TEAMLEADER_REFRESH_TOKEN:
            self.delete(TEAMLEADER_ACCESS_TOKEN)
        if self._vault is not None and name in ROTATING:
            with _unlocked():
                self._vault.delete(name)
        if self.place == "file":
            with suppress(FileNotFoundError):
                self._file(name).unlink()
        elif self.kept(name) is not None:
            self._ask(lambda keyring: keyring.delete_password(SERVICE, self._user(name)))

    def where(self, name: str) -> str:
        """Where the secret lives, as a sentence for people; never its value, and never an error."""
        try:
            secret = self.read(name)
        except SecretsUnavailable as unavailable:
            return str(unavailable)
        if secret is None:
            return _("Not kept anywhere yet.")
        if secret.place == "environment":
            return _("In the environment variable {variable}.").format(variable=variable(name))
        return _("In {place}.").format(place=self._describe_place(name))

    @asynccontextmanager
    async def lock(self, seconds: float = LOCK_SECONDS, *, name: str = "lock") -> AsyncIterator[None]:
        """Hold a lock of this profile against every process of this machine; freed by the system if we die."""
        descriptor = await asyncio.to_thread(self._open_lock, name)
        try:
            deadline = time.monotonic() + seconds
            while not _try_lock(descriptor):
                if time.monotonic() >= deadline:
                    raise SecretsUnavailable(
                        _(
                            "Another octowizard has been renewing the sign-in of {profile} for {seconds:.0f} "
                            "seconds; close it and try again."
                        ).format(profile=self.profile, seconds=seconds)
                    )
                await asyncio.sleep(0.02)
            yield
        finally:
            os.close(descriptor)

    def _open_lock(self, name: str) -> int:
        _own_folder(self._folder)
        try:
            return os.open(self._folder / name, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise _unusable(self._folder / name, error) from None

    def _in_the_vault(self, name: str) -> str | None:
        """What another host may have replaced; a fleet's first token is that of the profile's place."""
        if self._vault is None or name not in ROTATING:
            return None
        with _unlocked():
            return self._vault.read(name)

    def _file(self, name: str) -> Path:
        return self._folder / name

    def _user(self, name: str) -> str:
        return f"{self.profile}/{name}"

    def _describe_place(self, name: str) -> str:
        if self.place == "file":
            return _("the file {path}, readable by its owner alone").format(path=self._file(name))
        return _("the keyring of this system, under {service}").format(service=SERVICE)

    def _ask(self, question: Callable[[Keyring], T]) -> T:
        """Put a question to the keyring, in a thread of its own that is left behind when it does not answer.

        A daemon thread, because a keyring waiting for a broken D-Bus must not keep the program from ending.
        """
        answers: list[T] = []
        errors: list[Exception] = []

        def ask() -> None:
            try:
                answers.append(question(self._keyring or _system_keyring()))
            except Exception as error:  # a backend may raise anything: D-Bus, COM, OS errors
                errors.append(error)

        thread = threading.Thread(target=ask, name="octowizard-keyring", daemon=True)
        thread.start()
        thread.join(self._seconds)
        if answers:
            return answers[0]
        advice = _advice()
        if errors:
            # The error's own text is left out: a backend may quote the value it could not keep.
            raise SecretsUnavailable(
                _("The keyring of this system cannot be used ({error}); {advice}").format(
                    error=type(errors[0]).__name__, advice=advice
                )
            ) from None
        raise SecretsUnavailable(
            _("The keyring of this system did not answer within {seconds:.0f} seconds; {advice}").format(
                seconds=self._seconds, advice=advice
            )
        )


@contextmanager
def _unlocked() -> Iterator[None]:
    try:
        yield
    except Locked as error:
        raise SecretsUnavailable(str(error)) from None


def store_of(root: Path, profile: Profile) -> SecretStore:
    """The secrets of a profile; those of real accounts in the environment are not for a practice company."""
    environ = {} if profile.practice else os.environ
    return SecretStore(profile.name, folder(root, profile.name), profile.secrets, environ=environ)


class RefreshToken:
    """Teamleader's refresh token, which is replaced at every use; what `Tokens` of `teamleader/` needs.

    A token given by the environment is only the first of a line. Its successor is kept in the profile's
    place, marked with a fingerprint of the given one, and outranks it until the variable holds another.
    The access token that came last is kept beside it, as a text that `teamleader/` alone understands.
    """

    def __init__(self, store: SecretStore) -> None:
        self._store = store

    def read(self) -> str | None:
        """The token to use now, or None when there never was one."""
        given = self._store.given(TEAMLEADER_REFRESH_TOKEN)
        kept, _space, origin = (self._store.kept(TEAMLEADER_REFRESH_TOKEN) or "").partition(" ")
        if given is not None and origin != _fingerprint(given):
            return given
        return kept or None

    def replace(self, old: str | None, new: str) -> None:
        """Keep `new`, durably, in the place of `old` (None at a first sign-in)."""
        if new != old:
            remember_secret(new)
        self._keep(new)

    def access(self) -> str | None:
        """What `keep_access` kept last, or None. One that cannot be read is none: a renewal takes its place."""
        try:
            return self._store.kept(TEAMLEADER_ACCESS_TOKEN) or None
        except SecretsUnavailable:
            return None

    def keep_access(self, text: str | None) -> None:
        """Keep the access token, or forget it (None). A failure is no error: it only costs a renewal more."""
        with suppress(SecretsUnavailable, OSError):
            if text is None:
                self._store.delete(TEAMLEADER_ACCESS_TOKEN)
            else:
                self._store.write(TEAMLEADER_ACCESS_TOKEN, text)

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """One process renews at a time.

        A place that cannot keep the next token is found out here, before the present one is spent.
        """
        async with self._store.lock():
            await asyncio.to_thread(self._try_to_keep)
            yield

    def _try_to_keep(self) -> None:
        present = self.read()
        if present is not None:
            self._keep(present)

    def _keep(self, token: str) -> None:
        given = self._store.given(TEAMLEADER_REFRESH_TOKEN)
        self._store.write(
            TEAMLEADER_REFRESH_TOKEN, token if given is None else f"{token} {_fingerprint(given)}"
        )


class OctopusRefresh:
    """Octopus' refresh token of a sign-in by the browser, with the day from which its sixty days count."""

    def __init__(
        self, store: SecretStore, today: Callable[[], date] = lambda: datetime.now(UTC).date()
    ) -> None:
        self._store = store
        self._today = today

    def read(self) -> str | None:
        """The token, or None when nobody has signed in."""
        secret = self._store.read(OCTOPUS_REFRESH_TOKEN)
        return None if secret is None else secret.value.partition(" ")[0]

    def replace(self, new: str) -> None:
        """Keep `new` durably; its days count from today."""
        remember_secret(new)
        self._store.write(OCTOPUS_REFRESH_TOKEN, f"{new} {self._today().isoformat()}")

    def ends(self) -> date | None:
        """The day on which it ends; None where that is not known."""
        day = (self._store.kept(OCTOPUS_REFRESH_TOKEN) or "").partition(" ")[2]
        try:
            return date.fromisoformat(day) + OCTOPUS_DAYS
        except ValueError:
            return None


def variable(name: str) -> str:
    """The environment variable that may hold a secret: `octopus_password` is OCTOWIZARD_OCTOPUS_PASSWORD."""
    return f"OCTOWIZARD_{name.upper()}"


@contextmanager
def hidden_from_children() -> Iterator[None]:
    """Within it, no secret stands in the environment that a process started meanwhile inherits."""
    hidden = {name: os.environ.pop(name) for name in map(variable, secret_names()) if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _advice(name: str | None = None) -> str:
    return _(
        "set {variable}, or choose a file readable by you alone as the place for this profile's secrets "
        "(octowizard connect --secrets file; in the app: file, where it asks where secrets are kept)."
    ).format(
        variable=variable(name)
        if name
        else _("the variables OCTOWIZARD_… (octowizard connect --help names them)")
    )


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def _system_keyring() -> Keyring:
    import keyring  # here, in the asking thread: it costs time, and some backends talk to D-Bus when loaded

    return keyring


def _unusable(path: Path, error: OSError) -> SecretsUnavailable:
    reason = error.strerror or error
    return SecretsUnavailable(
        exhausted(error, path)
        or _("{path} cannot be used for secrets: {reason}.").format(path=path, reason=reason)
    )


def _own_folder(folder: Path) -> None:
    try:
        private.make_folder(folder)
        folder.chmod(0o700)
    except OSError as error:
        raise _unusable(folder, error) from None


def _read_file(path: Path) -> str | None:
    """The content, or None without a file. One that others can read is refused (Windows has no such bits)."""
    try:
        with path.open("rb") as file:
            open_to_others = sys.platform != "win32" and os.fstat(file.fileno()).st_mode & 0o077
            if open_to_others:
                raise SecretsUnavailable(
                    _("{path} can be read by others, so it is not used: run chmod 600 on it.").format(
                        path=path
                    )
                )
            return file.read().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise SecretsUnavailable(
            _("{path} does not hold text; enter the secret anew.").format(path=path)
        ) from None
    except OSError as error:
        raise _unusable(path, error) from None


def _replace_file(path: Path, value: str) -> None:
    """Write beside, sync, and put in place: whoever reads sees the old value or the new, never less."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(value.encode())
                file.flush()
                os.fsync(file.fileno())
            _put_in_place(beside, path)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise
        if sys.platform != "win32":  # the new name is durable once its folder is; Windows has no such call
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise _unusable(path, error) from None


def _put_in_place(beside: Path, path: Path) -> None:
    """`os.replace`, tried again for a second on Windows, where a reader or a virus scanner holds the name."""
    for attempts_left in range(99 if os.name == "nt" else 0, -1, -1):
        try:
            beside.replace(path)
            return
        except PermissionError:
            if not attempts_left:
                raise
            time.sleep(0.01)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
