"""A refused credential is not sent again, by no process and in no later run, until it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from octowizard.transport.errors import Failed, LimitReached, SignInRefused
from octowizard.transport.refusals import Credential, sign_in
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import folder
from octowizard.workspace.refusals import KeptRefusals, try_again
from octowizard.workspace.secrets import SecretStore

OPERATION = "POST /authentication"


def house(uuid: str = "house") -> Credential:
    return Credential("Octopus", "software house", ("https://octopus", uuid))


def login(password: str = "geheim", uuid: str = "house") -> Credential:
    return Credential("Octopus", "password", ("https://octopus", uuid, "els", password))


class Vendor:
    """Refuses, or fails, whatever is sent; counts how often that is."""

    def __init__(self, error: Exception) -> None:
        self.asked = 0
        self.error = error

    async def send(self) -> str:
        self.asked += 1
        await asyncio.sleep(0)
        raise self.error


def refused(status: int = 401, code: int | None = None) -> SignInRefused:
    return SignInRefused("Octopus", OPERATION, "Incrementing failed login", status=status, code=code)


class Home:
    """Profiles in one folder; each run opens the workspace anew, as a command does."""

    def __init__(self, root: Path, opened: ExitStack) -> None:
        self._root, self._opened = root, opened

    def run(self, profile: str = "acme") -> KeptRefusals:
        workspace = self._opened.enter_context(Workspace.open(self._root, profile))
        store = SecretStore(profile, folder(self._root, profile), "file", environ={})
        return KeptRefusals(workspace, store, "Octopus")

    async def sign_in(self, vendor: Vendor, *credentials: Credential) -> Exception:
        """One command that signs in: how that ended."""
        password = credentials[-1]

        def blamed(refusal: SignInRefused) -> Credential:
            return credentials[0] if refusal.code == -68 else password

        with pytest.raises(Exception) as ended:  # noqa: PT011 - which one is what the tests look at
            await sign_in(self.run(), credentials, vendor.send, blamed)
        return ended.value


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with ExitStack() as opened:
        yield Home(tmp_path, opened)


async def test_the_next_command_does_not_send_it_and_says_when_it_was_refused(home: Home) -> None:
    vendor = Vendor(refused())
    first = await home.sign_in(vendor, house(), login())
    assert "octowizard does not send it again" in str(first)
    for _command in range(4):
        again = await home.sign_in(vendor, house(), login())
        assert isinstance(again, SignInRefused)
        assert again.since is not None
        assert f"{again.since.astimezone():%d/%m/%Y}" in str(again)
        assert "--try-again" in str(again)
        assert (again.status, again.operation) == (401, OPERATION)
    assert vendor.asked == 1


async def test_another_password_is_sent_and_the_refused_one_stays_refused(home: Home) -> None:
    vendor = Vendor(refused())
    for password in ("old", "new", "old", "new"):
        await home.sign_in(vendor, house(), login(password))
    assert vendor.asked == 2


async def test_a_refused_software_house_keeps_every_password_back_and_another_house_does_not(
    home: Home,
) -> None:
    vendor = Vendor(refused(code=-68))
    await home.sign_in(vendor, house(), login("one"))
    again = await home.sign_in(vendor, house(), login("two"))
    assert isinstance(again, SignInRefused)
    assert (vendor.asked, again.code) == (1, -68)
    await home.sign_in(vendor, house("other"), login("one", "other"))
    assert vendor.asked == 2


@pytest.mark.parametrize(
    "error",
    [
        Failed("Octopus", OPERATION, status=500),
        LimitReached("Octopus", OPERATION, status=429, code=-51),
        refused(status=404),
        TimeoutError(),
    ],
    ids=["fault", "too many connections", "another server", "silence"],
)
async def test_what_says_nothing_about_the_credential_does_not_keep_it_back(
    home: Home, error: Exception
) -> None:
    vendor = Vendor(error)
    await home.sign_in(vendor, house(), login())
    await home.sign_in(vendor, house(), login())
    assert vendor.asked == 2


async def test_two_commands_at_once_spend_one_attempt(home: Home) -> None:
    vendor = Vendor(refused())
    await asyncio.gather(*(home.sign_in(vendor, house(), login()) for _command in range(3)))
    assert vendor.asked == 1


async def test_the_user_may_try_the_same_once_more(home: Home, tmp_path: Path) -> None:
    vendor = Vendor(refused())
    await home.sign_in(vendor, house(), login())
    with Workspace.open(tmp_path, "acme") as workspace:
        try_again(workspace)
    await home.sign_in(vendor, house(), login())
    await home.sign_in(vendor, house(), login())
    assert vendor.asked == 2


@pytest.mark.sqlite
def test_a_copy_of_the_workspace_does_not_help_to_guess_the_password(home: Home, tmp_path: Path) -> None:
    for profile in ("acme", "other"):
        home.run(profile).keep(login(), refused())
    kept = []
    for profile in ("acme", "other"):
        with Workspace.open(tmp_path, profile) as workspace:
            kept.append(workspace.row("SELECT fingerprint, salt FROM refused_credential"))
        assert b"geheim" not in (folder(tmp_path, profile) / "workspace.sqlite").read_bytes()
    (one, salt), (two, other_salt) = kept[0] or (), kept[1] or ()
    assert one != two, "the same password looks the same in two workspaces"
    assert salt != other_salt
    assert len(salt) >= 16
