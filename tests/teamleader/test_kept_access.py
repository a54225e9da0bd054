"""The access token kept between runs: a start costs no renewal, so that a kill seldom meets one."""

import asyncio
import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import msgspec
import pytest

from octowizard.sandbox.faults import Fault
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.oauth import Credentials, KeptAccess, Tokens
from octowizard.transport.clock import VendorClock
from octowizard.transport.errors import SignInRefused
from octowizard.transport.redact import HIDDEN, redact
from octowizard.transport.retry import AT_ONCE
from octowizard.workspace.secrets import (
    TEAMLEADER_REFRESH_TOKEN,
    RefreshToken,
    SecretStore,
    variable,
)
from tests.teamleader.samples import uuid
from tests.teamleader.vendor import Vendor, granted, ok, refused

ME = {"id": uuid(1), "account": {"type": "account", "id": uuid(2)}}
TOKEN = "oauth2/access_token"
DEAD = httpx.Response(400, json={"errors": [{"status": 400, "title": "invalid_grant"}]})
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def vendor() -> Vendor:
    vendor = Vendor()
    vendor.will("users.me", ok(ME))
    return vendor


async def run(vendor: Vendor) -> None:
    """What one process does: it starts, calls, ends."""
    async with vendor.client() as teamleader:
        await teamleader.me()


def used(vendor: Vendor) -> list[str]:
    return [line.removeprefix("users.me with ") for line in vendor.diary if line.startswith("users.me")]


async def test_a_new_start_within_the_hour_asks_for_no_token(vendor: Vendor) -> None:
    await run(vendor)
    vendor.diary.clear()
    await run(vendor)
    assert vendor.diary == ["read", "users.me with access-1"]
    assert vendor.calls(TOKEN) == 1


async def test_a_kept_token_of_which_the_hour_is_over_is_not_tried(vendor: Vendor) -> None:
    vendor.will(TOKEN, granted(1, expires_in=0), granted(2))
    await run(vendor)
    await run(vendor)
    assert used(vendor) == ["access-1", "access-2"]


async def test_a_kept_token_that_is_turned_down_costs_one_renewal(vendor: Vendor) -> None:
    await run(vendor)
    vendor.will("users.me", refused(401), ok(ME))
    async with vendor.client() as teamleader:
        await asyncio.gather(*(teamleader.me() for _ in range(5)))
    assert vendor.calls(TOKEN) == 2
    assert vendor.store.token == "refresh-2"


async def test_a_renewal_by_another_process_is_found_before_renewing_too(vendor: Vendor) -> None:
    async with vendor.client() as one, vendor.client() as other:
        await one.me()
        await other.me()
        vendor.will("users.me", refused(401), ok(ME))
        await other.me()
        vendor.will("users.me", refused(401), ok(ME))
        await one.me()
    assert vendor.calls(TOKEN) == 2
    assert used(vendor)[-2:] == ["access-1", "access-2"]


async def test_a_token_kept_for_another_integration_is_not_used(vendor: Vendor) -> None:
    await run(vendor)
    other = Tokens(
        "https://auth.example.test",
        Credentials("another-id", "a-secret"),
        vendor.store,
        VendorClock(),
        http=httpx.MockTransport(vendor._answer),
    )
    assert await other.current() == "access-2"
    await other.close()


async def test_after_signing_in_anew_the_old_access_token_is_not_used(vendor: Vendor) -> None:
    await run(vendor)
    vendor.store.token = "refresh-of-another-account"
    await run(vendor)
    assert used(vendor) == ["access-1", "access-2"]
    assert vendor.bodies[TOKEN][1]["refresh_token"] == "refresh-of-another-account"


@pytest.mark.parametrize(
    "text", ["", "nonsense", "{}", '{"token": 1}', '{"token":"x","until":"2026-11-20T12:00:00","offset":0}']
)
async def test_a_kept_token_that_cannot_be_understood_is_as_none(vendor: Vendor, text: str) -> None:
    vendor.store.kept = text
    await run(vendor)
    assert used(vendor) == ["access-1"]


async def test_a_dead_sign_in_is_forgotten_whole_and_not_tried_at_each_start(vendor: Vendor) -> None:
    await run(vendor)
    vendor.will("users.me", refused(401))
    vendor.will(TOKEN, DEAD)
    for _start in range(3):
        with pytest.raises(SignInRefused, match="sign in again"):
            await run(vendor)
    assert vendor.calls("users.me") == 2  # the good one, and one that was turned down
    assert vendor.store.kept is None


async def test_a_refresh_token_that_could_not_be_kept_is_kept_before_an_older_access_token_is_used(
    vendor: Vendor,
) -> None:
    await run(vendor)
    async with vendor.client() as teamleader:
        vendor.will("users.me", refused(401), ok(ME))
        vendor.store.broken = OSError("disk full")
        with pytest.raises(OSError, match="disk full"):
            await teamleader.me()
        vendor.store.broken = None
        assert await teamleader._tokens.current(refused="one-before-that") == "access-2"
    assert vendor.store.token == "refresh-2"


# --- clocks -------------------------------------------------------------------------------------------------


class Start:
    """One process: a clock of its own, and a vendor that tells its time in each answer."""

    def __init__(self, vendor: Vendor, ours: datetime, theirs: datetime) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            response = vendor._answer(request)
            response.headers["Date"] = format_datetime(theirs, usegmt=True)
            return response

        self.tokens = Tokens(
            "https://auth.example.test",
            Credentials("an-id", "a-secret"),
            vendor.store,
            VendorClock(lambda: ours),
            http=httpx.MockTransport(answer),
        )

    async def token(self) -> str:
        token = await self.tokens.current()
        await self.tokens.close()
        return token


HOUR = timedelta(hours=1)
HALF = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("first", "second", "token"),
    [
        ((NOON, NOON), (NOON + HALF, NOON + HALF), "access-1"),
        ((NOON, NOON), (NOON + HOUR, NOON + HOUR), "access-2"),
        # a clock that is always wrong, by hours, either way
        ((NOON + 3 * HOUR, NOON), (NOON + 3 * HOUR + HALF, NOON + HALF), "access-1"),
        ((NOON - 3 * HOUR, NOON), (NOON - 3 * HOUR + HALF, NOON + HALF), "access-1"),
        ((NOON - 3 * HOUR, NOON), (NOON - 2 * HOUR, NOON + HOUR), "access-2"),
        # ours was put right, forwards, in between: one renewal too many, no harm
        ((NOON - 3 * HOUR, NOON), (NOON + HALF, NOON + HALF), "access-2"),
        # ours was set back: the token is tried, and a 401 would lead to a renewal
        ((NOON, NOON), (NOON - 24 * HOUR, NOON + 2 * HOUR), "access-1"),
    ],
)
async def test_the_end_of_a_kept_token_goes_by_the_clock_of_the_vendor(
    vendor: Vendor, first: tuple[datetime, datetime], second: tuple[datetime, datetime], token: str
) -> None:
    assert await Start(vendor, *first).token() == "access-1"
    assert await Start(vendor, *second).token() == token


async def test_what_the_refused_by_vendor_of_its_clock_counts_more_than_what_was_kept(vendor: Vendor) -> None:
    await Start(vendor, NOON, NOON).token()
    late = Start(vendor, NOON + HALF, NOON + 2 * HOUR)
    late.tokens._clock.learn(format_datetime(NOON + 2 * HOUR, usegmt=True))
    assert await late.token() == "access-2"


async def test_what_was_kept_of_a_wrong_clock_is_not_added_to_what_the_vendor_says_now(
    vendor: Vendor,
) -> None:
    await Start(vendor, NOON - 3 * HOUR, NOON).token()
    later = Start(vendor, NOON - 3 * HOUR + HALF, NOON + HALF)
    later.tokens._clock.learn(format_datetime(NOON + HALF, usegmt=True))
    assert await later.token() == "access-1"


# --- where it is kept ---------------------------------------------------------------------------------------


async def test_a_kept_token_is_in_no_repr_and_no_log(
    vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await run(vendor)
    assert vendor.store.kept is not None
    kept = msgspec.json.decode(vendor.store.kept, type=KeptAccess)
    unseen = msgspec.structs.replace(kept, token="access-never-granted-here")
    vendor.store.kept = msgspec.json.encode(unseen).decode()
    await run(vendor)
    assert used(vendor)[-1] == "access-never-granted-here"
    assert redact("it was access-never-granted-here") == f"it was {HIDDEN}"
    assert "access-" not in repr(kept) + str(kept) + caplog.text
    assert "refresh-1" not in vendor.store.kept


async def test_a_refresh_token_from_the_environment_has_its_access_token_kept_too(
    vendor: Vendor, tmp_path: Path
) -> None:
    def client(given: str) -> Teamleader:
        environ = {variable(TEAMLEADER_REFRESH_TOKEN): given}
        return Teamleader(
            "https://api.example.test",
            "https://auth.example.test",
            Credentials("an-id", "a-secret"),
            RefreshToken(SecretStore("main", tmp_path, "file", environ=environ)),
            http=httpx.MockTransport(vendor._answer),
            pauses=AT_ONCE,
        )

    for given in ("given-1", "given-1", "given-2", "given-2"):
        async with client(given) as teamleader:
            await teamleader.me()
    assert used(vendor) == ["access-1", "access-1", "access-2", "access-2"]
    assert [body["refresh_token"] for body in vendor.bodies[TOKEN]] == ["given-1", "given-2"]


async def test_an_access_token_that_cannot_be_kept_costs_nothing_but_a_renewal(
    vendor: Vendor, tmp_path: Path
) -> None:
    vendor_store = RefreshToken(SecretStore("main", tmp_path, "file", environ={}))
    vendor_store.replace(None, "refresh-0")
    (tmp_path / "secrets" / "teamleader_access_token").mkdir()  # in the way of the file
    for start in (1, 2):
        tokens = Tokens(
            "https://auth.example.test",
            Credentials("an-id", "a-secret"),
            vendor_store,
            VendorClock(),
            http=httpx.MockTransport(vendor._answer),
        )
        assert await tokens.current() == f"access-{start}"
        await tokens.close()
    assert vendor_store.read() == "refresh-2"


# --- killed -------------------------------------------------------------------------------------------------

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.oauth import Credentials
from octowizard.workspace.secrets import RefreshToken, SecretStore

address, client_id, client_secret, folder, moment = sys.argv[1:]

def die(*_ignored):
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

class Doomed(RefreshToken):
    def replace(self, old, new):
        if moment == "before the new refresh token is kept":
            die()
        super().replace(old, new)
    def keep_access(self, text):
        if moment == "before the new access token is kept":
            die()
        super().keep_access(text)
        die()

async def main():
    store = Doomed(SecretStore("practice", Path(folder), "file", environ={}))
    async with Teamleader(
        f"{address}/teamleader", f"{address}/teamleader-auth", Credentials(client_id, client_secret), store
    ) as teamleader:
        await teamleader.me()
    print("not killed")

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("moment", "renewals"),
    [
        ("before the new refresh token is kept", 2),
        ("before the new access token is kept", 3),
        ("after both were kept", 2),
    ],
)
async def test_a_process_killed_in_a_renewal_does_not_sign_itself_out(
    tmp_path: Path, moment: str, renewals: int
) -> None:
    company = new_company(SCENARIOS["healthy"].build(1, 5, 5))
    side = company.world.teamleader
    store = RefreshToken(SecretStore("practice", tmp_path, "file", environ={}))
    store.replace(None, next(iter(side.refresh_tokens)))
    async with serving(company) as served:

        def start() -> Teamleader:
            return Teamleader(
                f"{served.url}/teamleader",
                f"{served.url}/teamleader-auth",
                Credentials(side.client_id, side.client_secret),
                store,
            )

        async with start() as teamleader:
            await teamleader.me()
        company.faults.add(Fault("users.me", "status", status=401, times=1))  # makes the next one renew
        doomed = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            KILLED,
            *(served.url, side.client_id, side.client_secret, str(tmp_path), moment),
            stdout=subprocess.PIPE,
        )
        said, _nothing = await doomed.communicate()
        assert (doomed.returncode != 0, said) == (True, b"")
        assert company.world.teamleader_calls[TOKEN] == 2
        async with start() as teamleader:
            assert (await teamleader.me()).account.id == side.me["account"]["id"]
        assert company.world.teamleader_calls[TOKEN] == renewals


async def test_two_processes_that_start_at_once_renew_once(tmp_path: Path, vendor: Vendor) -> None:
    RefreshToken(SecretStore("main", tmp_path, "file", environ={})).replace(None, "refresh-0")

    def tokens() -> Tokens:
        return Tokens(
            "https://auth.example.test",
            Credentials("an-id", "a-secret"),
            RefreshToken(SecretStore("main", tmp_path, "file", environ={})),
            VendorClock(),
            http=httpx.MockTransport(vendor._answer),
        )

    several = [tokens() for _ in range(4)]
    assert await asyncio.gather(*(each.current() for each in several)) == ["access-1"] * 4
    for each in several:
        await each.close()
    assert vendor.calls(TOKEN) == 1
