"""The renewal of Teamleader's sign-in in a process of its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from octowizard.sandbox.faults import Fault, Hit
from octowizard.sandbox.server import Served, new_company, serving
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.oauth import Apart, Credentials, NotGranted
from octowizard.transport.errors import Failed, SignInRefused, Unreachable, VendorError
from octowizard.workspace.renewal import apart
from octowizard.workspace.secrets import (
    TEAMLEADER_CLIENT_SECRET,
    TEAMLEADER_REFRESH_TOKEN,
    RefreshToken,
    SecretStore,
    SecretsUnavailable,
    variable,
)
from tests.consent import free_port

TOKEN = "oauth2/access_token"


class Signed:
    """A practice company, and the secrets of somebody who is signed in to it."""

    def __init__(self, served: Served, home: Path) -> None:
        self.company, self.url = served.company, served.url
        self.side = served.company.world.teamleader
        self.store = SecretStore("p", home, "file", environ={})
        self.file = home / "secrets" / TEAMLEADER_REFRESH_TOKEN
        RefreshToken(self.store).replace(None, next(iter(self.side.refresh_tokens)))

    @property
    def asked(self) -> int:
        """How often for tokens."""
        return self.company.world.teamleader_calls.get(TOKEN, 0)

    def keys(self, secret: str = "") -> Credentials:
        return Credentials(self.side.client_id, secret or self.side.client_secret)

    def renews(self, sign_in: str = "", secret: str = "") -> Apart:
        return apart(self.store, sign_in or f"{self.url}/teamleader-auth", self.keys(secret))

    def client(self) -> Teamleader:
        keys, tokens = self.keys(), RefreshToken(self.store)
        addresses = f"{self.url}/teamleader", f"{self.url}/teamleader-auth"
        return Teamleader(*addresses, keys, tokens, apart=self.renews())

    def slow(self) -> asyncio.Event:
        """Let the next request for tokens wait a while for its answer; set when it has arrived."""
        arrived, faults = asyncio.Event(), self.company.faults
        faults.add(Fault(TOKEN, "latency", milliseconds=300, times=1))
        hit = faults.hit

        def seen(operation: str) -> Hit:
            if operation == TOKEN:
                arrived.set()
            return hit(operation)

        faults.hit = seen  # type: ignore[method-assign] # a look at what arrives
        return arrived


@pytest.fixture
async def signed(tmp_path: Path) -> AsyncIterator[Signed]:
    async with serving(new_company(SCENARIOS["healthy"].build(1, 2, 1))) as served:
        yield Signed(served, tmp_path)


async def test_what_goes_wrong_in_it_is_told_as_if_it_had_gone_wrong_here(signed: Signed) -> None:
    async def told(sign_in: str = "", secret: str = "") -> VendorError:
        with pytest.raises(VendorError) as caught:
            await signed.renews(sign_in, secret)(None)
        return caught.value

    nobody = f"http://127.0.0.1:{free_port()}"
    unreached = await told(sign_in=nobody)
    assert (type(unreached), getattr(unreached, "address", "")) == (Unreachable, nobody)
    signed.company.faults.add(Fault(TOKEN, "status", status=500, times=1))
    failed = await told()
    assert (type(failed), failed.status, failed.again) == (Failed, 500, True)
    refused = await told(secret="not the secret")
    assert (type(refused), refused.status) == (SignInRefused, 401)
    signed.store.write(TEAMLEADER_REFRESH_TOKEN, "spent")
    ended = await told()
    assert type(ended) is NotGranted
    assert "sign in again" in str(ended)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="it looks into /proc")
async def test_no_secret_stands_in_its_arguments_or_its_environment(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, token = signed.side.client_secret, RefreshToken(signed.store).read()
    assert token
    monkeypatch.setenv(variable(TEAMLEADER_CLIENT_SECRET), secret)
    monkeypatch.setenv(variable(TEAMLEADER_REFRESH_TOKEN), token)
    arrived = signed.slow()
    async with signed.client() as teamleader:
        call = asyncio.create_task(teamleader.me())
        await arrived.wait()
        seen = _renewing()
        await call
    assert len(seen) == 1
    assert secret.encode() not in seen[0]
    assert token.encode() not in seen[0]


def _renewing() -> list[bytes]:
    processes = (process for process in Path("/proc").iterdir() if process.name.isdecimal())
    return [text for process in processes if (text := _of_renewal(process))]


def _of_renewal(process: Path) -> bytes:
    """Arguments and environment of a child of ours that renews; nothing for another process."""
    try:
        words = (process / "cmdline").read_bytes()
        ours = f"PPid:\t{os.getpid()}\n" in (process / "status").read_text()
        return words + (process / "environ").read_bytes() if ours and b"workspace.renewal" in words else b""
    except OSError:  # it has ended meanwhile
        return b""


async def test_a_token_that_the_disk_did_not_take_is_kept_as_soon_as_it_does(signed: Signed) -> None:
    arrived = signed.slow()
    async with signed.client() as teamleader:
        call = asyncio.create_task(teamleader.me())
        await arrived.wait()
        signed.file.unlink()
        signed.file.mkdir()  # in the way of the file
        with pytest.raises(SecretsUnavailable):
            await call
        signed.file.rmdir()
        await teamleader.me()
    assert signed.asked == 1
    assert signed.side.refresh_tokens[RefreshToken(signed.store).read() or ""]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="it starts octowizard by a fork")
def test_of_two_that_renew_at_once_either_may_be_killed_at_any_moment() -> None:
    """The short form; the long one is `python -m tests.workspace.renewals --rounds 200`."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.workspace.renewals", "--rounds", "10", "--seed", "2"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "10 refreshes, at most 1 per expiry, 0 lost sign-ins" in ended.stdout
