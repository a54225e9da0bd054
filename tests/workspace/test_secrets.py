"""Secrets stay where the user chose, are never shown, and the token that rotates is never lost."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from octowizard.teamleader.oauth import TokenStore
from octowizard.transport.redact import HIDDEN, redact
from octowizard.workspace.secrets import (
    OCTOPUS_PASSWORD,
    TEAMLEADER_ACCESS_TOKEN,
    TEAMLEADER_CLIENT_SECRET,
    TEAMLEADER_REFRESH_TOKEN,
    RefreshToken,
    Secret,
    SecretStore,
    SecretsUnavailable,
    variable,
)

VALUE = "s3cret-value-of-a-test"
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no permission bits")


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str, /) -> str | None:
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self.values[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        del self.values[service, username]


class Forgetful(Ring):
    def set_password(self, service: str, username: str, password: str, /) -> None:
        pass


class Broken(Ring):
    def get_password(self, service: str, username: str, /) -> str | None:
        raise RuntimeError(f"no bus for {VALUE}")

    def set_password(self, service: str, username: str, password: str, /) -> None:
        raise RuntimeError(f"no bus for {password}")


class Silent(Ring):
    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()

    def get_password(self, service: str, username: str, /) -> str | None:
        self.release.wait()
        return None


def in_keyring(folder: Path, ring: Ring, **environ: str) -> SecretStore:
    return SecretStore("main", folder, environ=environ, keyring=ring)


def in_file(folder: Path, **environ: str) -> SecretStore:
    return SecretStore("main", folder, "file", environ=environ)


def test_the_environment_comes_before_the_chosen_place(tmp_path: Path) -> None:
    ring = Ring()
    in_keyring(tmp_path, ring).write(OCTOPUS_PASSWORD, "kept-password")
    store = in_keyring(tmp_path, ring, OCTOWIZARD_OCTOPUS_PASSWORD="given-password")
    assert store.read(OCTOPUS_PASSWORD) == Secret("given-password", "environment")
    empty = in_keyring(tmp_path, ring, OCTOWIZARD_OCTOPUS_PASSWORD="")
    assert empty.read(OCTOPUS_PASSWORD) == Secret("kept-password", "keyring")


def test_a_keyring_is_not_asked_when_the_environment_has_the_secret(tmp_path: Path) -> None:
    store = in_keyring(tmp_path, Broken(), OCTOWIZARD_OCTOPUS_PASSWORD=VALUE)
    assert store.read(OCTOPUS_PASSWORD) == Secret(VALUE, "environment")


@pytest.mark.parametrize("place", ["keyring", "file"])
def test_a_secret_is_kept_replaced_and_forgotten(tmp_path: Path, place: str) -> None:
    store = in_keyring(tmp_path, Ring()) if place == "keyring" else in_file(tmp_path)
    assert store.read(TEAMLEADER_CLIENT_SECRET) is None
    store.write(TEAMLEADER_CLIENT_SECRET, VALUE)
    store.write(TEAMLEADER_CLIENT_SECRET, VALUE + "é\r\n")
    kept = store.read(TEAMLEADER_CLIENT_SECRET)
    assert kept is not None
    assert (kept.value, kept.place) == (VALUE + "é\r\n", place)
    store.delete(TEAMLEADER_CLIENT_SECRET)
    store.delete(TEAMLEADER_CLIENT_SECRET)
    assert store.read(TEAMLEADER_CLIENT_SECRET) is None


def test_two_profiles_do_not_share_a_keyring_entry(tmp_path: Path) -> None:
    ring = Ring()
    SecretStore("one", tmp_path, environ={}, keyring=ring).write(OCTOPUS_PASSWORD, "first-password")
    assert SecretStore("two", tmp_path, environ={}, keyring=ring).read(OCTOPUS_PASSWORD) is None


def test_a_keyring_that_silently_keeps_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretsUnavailable, match="was not kept"):
        in_keyring(tmp_path, Forgetful()).write(OCTOPUS_PASSWORD, VALUE)


def test_a_broken_keyring_is_one_sentence_without_the_value_and_no_file_appears(tmp_path: Path) -> None:
    store = in_keyring(tmp_path, Broken())
    with pytest.raises(SecretsUnavailable, match="RuntimeError") as writing:
        store.write(OCTOPUS_PASSWORD, VALUE)
    with pytest.raises(SecretsUnavailable, match="RuntimeError") as reading:
        store.read(OCTOPUS_PASSWORD)
    for caught in (writing, reading):
        assert VALUE not in str(caught.value)
        assert "OCTOWIZARD_" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_keyring_that_hangs_is_given_up(tmp_path: Path) -> None:
    ring = Silent()
    store = SecretStore("main", tmp_path, environ={}, keyring=ring, keyring_seconds=0.01)
    with pytest.raises(SecretsUnavailable, match="did not answer"):
        store.read(OCTOPUS_PASSWORD)
    ring.release.set()


def test_where_a_secret_lives_is_told_without_its_value(tmp_path: Path) -> None:
    kept = in_keyring(tmp_path, Ring())
    assert "Not kept" in kept.where(OCTOPUS_PASSWORD)
    kept.write(OCTOPUS_PASSWORD, VALUE)
    file = in_file(tmp_path)
    file.write(OCTOPUS_PASSWORD, VALUE)
    given = in_keyring(tmp_path, Ring(), OCTOWIZARD_OCTOPUS_PASSWORD=VALUE)
    sentences = [store.where(OCTOPUS_PASSWORD) for store in (kept, file, given)]
    assert "keyring" in sentences[0]
    assert str(tmp_path) in sentences[1]
    assert "OCTOWIZARD_OCTOPUS_PASSWORD" in sentences[2]
    broken = in_keyring(tmp_path, Broken()).where(OCTOPUS_PASSWORD)
    shown = [
        *sentences,
        broken,
        repr(file),
        repr(file.read(OCTOPUS_PASSWORD)),
        str(file.read(OCTOPUS_PASSWORD)),
    ]
    assert not any(VALUE in text for text in shown)


@posix
def test_the_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        in_file(tmp_path).write(OCTOPUS_PASSWORD, VALUE)
    finally:
        os.umask(before)
    folder = tmp_path / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.iterdir()] == [OCTOPUS_PASSWORD]
    assert (folder / OCTOPUS_PASSWORD).stat().st_mode & 0o777 == 0o600


@posix
def test_a_file_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    store = in_file(tmp_path)
    store.write(OCTOPUS_PASSWORD, VALUE)
    (tmp_path / "secrets" / OCTOPUS_PASSWORD).chmod(0o640)
    with pytest.raises(SecretsUnavailable, match="chmod 600"):
        store.read(OCTOPUS_PASSWORD)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("in the way")
    with pytest.raises(SecretsUnavailable, match="cannot be used"):
        in_file(tmp_path).write(OCTOPUS_PASSWORD, VALUE)


def test_a_write_that_fails_half_way_leaves_the_old_value_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = in_file(tmp_path)
    store.write(OCTOPUS_PASSWORD, "old-password")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(SecretsUnavailable, match="The disk is full"):
            store.write(OCTOPUS_PASSWORD, VALUE)
    assert store.read(OCTOPUS_PASSWORD) == Secret("old-password", "file")
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == [OCTOPUS_PASSWORD]


# --- the refresh token ----------------------------------------------------------------------------------------


def test_the_refresh_token_is_a_token_store(tmp_path: Path) -> None:
    store: TokenStore = RefreshToken(in_file(tmp_path))
    assert store.read() is None
    store.replace(None, "refresh-1")
    store.replace("refresh-1", "refresh-2")
    assert store.read() == "refresh-2"


def test_the_successor_of_a_given_token_outranks_it_until_another_is_given(tmp_path: Path) -> None:
    name = variable(TEAMLEADER_REFRESH_TOKEN)
    first = RefreshToken(in_file(tmp_path, **{name: "given-1"}))
    assert first.read() == "given-1"
    first.replace("given-1", "next-1")
    first.replace("next-1", "next-2")
    assert RefreshToken(in_file(tmp_path, **{name: "given-1"})).read() == "next-2"
    assert RefreshToken(in_file(tmp_path, **{name: "given-2"})).read() == "given-2"
    assert RefreshToken(in_file(tmp_path)).read() == "next-2"


async def test_a_place_that_cannot_keep_the_next_token_is_found_before_one_is_spent(tmp_path: Path) -> None:
    name = variable(TEAMLEADER_REFRESH_TOKEN)
    tokens = RefreshToken(in_keyring(tmp_path, Forgetful(), **{name: "given-1"}))
    entered = False
    with pytest.raises(SecretsUnavailable, match="was not kept"):
        async with tokens.lock():
            entered = True
    assert not entered


async def test_only_one_at_a_time_renews(tmp_path: Path) -> None:
    inside = 0
    most = 0

    async def renew() -> None:
        nonlocal inside, most
        async with RefreshToken(in_file(tmp_path)).lock():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(renew() for _ in range(5)))
    assert most == 1


@pytest.mark.parametrize("place", ["keyring", "file"])
def test_the_access_token_is_kept_beside_the_refresh_token_and_goes_with_it(
    tmp_path: Path, place: str
) -> None:
    environ = {variable(TEAMLEADER_ACCESS_TOKEN): "not-a-place-for-it"}
    ring = Ring()
    store = in_keyring(tmp_path, ring, **environ) if place == "keyring" else in_file(tmp_path, **environ)
    tokens = RefreshToken(store)
    assert tokens.access() is None
    tokens.replace(None, "refresh-1")
    tokens.keep_access(VALUE)
    assert tokens.access() == VALUE
    assert redact(f"it is {VALUE}") == f"it is {HIDDEN}"
    tokens.keep_access(None)
    assert (tokens.access(), tokens.read()) == (None, "refresh-1")
    tokens.keep_access(VALUE)
    store.delete(TEAMLEADER_REFRESH_TOKEN)
    assert (tokens.access(), tokens.read(), ring.values) == (None, None, {})


@posix
def test_the_file_of_the_access_token_is_its_owners_alone_and_not_used_when_others_can_read_it(
    tmp_path: Path,
) -> None:
    tokens = RefreshToken(in_file(tmp_path))
    tokens.keep_access(VALUE)
    file = tmp_path / "secrets" / TEAMLEADER_ACCESS_TOKEN
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    assert tokens.access() is None


@pytest.mark.parametrize("ring", [Broken(), Forgetful()], ids=["broken", "forgetful"])
def test_a_keyring_that_cannot_keep_the_access_token_stops_nothing(tmp_path: Path, ring: Ring) -> None:
    tokens = RefreshToken(in_keyring(tmp_path, ring))
    tokens.keep_access(VALUE)
    tokens.keep_access(None)
    assert tokens.access() is None


HOLDER = """
import asyncio, sys
from pathlib import Path
from octowizard.workspace.secrets import SecretStore
async def hold():
    async with SecretStore("main", Path(sys.argv[1]), "file", environ={}).lock():
        print("held", flush=True)
        sys.stdin.read()
asyncio.run(hold())
"""


async def test_another_process_that_renews_is_waited_for_and_named_if_it_takes_too_long(
    tmp_path: Path,
) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert (await holder.stdout.readline()).strip() == b"held"
    store = in_file(tmp_path)
    with pytest.raises(SecretsUnavailable, match="Another octowizard"):
        async with store.lock(seconds=0):
            pass
    waiting = asyncio.create_task(_pass_through(store))
    holder.kill()  # a process that dies, however it dies, holds nothing
    await waiting
    await holder.communicate()


async def _pass_through(store: SecretStore) -> None:
    async with store.lock():
        pass
