"""Signing in to Teamleader: the token that changes at every use is never lost, and never tried in vain."""

import asyncio
import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from octowizard.teamleader.oauth import Credentials, authorize_url, exchange_code
from octowizard.transport import http
from octowizard.transport.errors import (
    ConfigurationError,
    Failed,
    Forbidden,
    Interrupted,
    SignInRefused,
    Unreadable,
)
from tests.teamleader.samples import uuid
from tests.teamleader.vendor import Vendor, granted, ok, refused

ME = {"id": uuid(1), "account": {"type": "account", "id": uuid(2)}}
TOKEN = "oauth2/access_token"
RECORDED = {"errors": [{"status": 400, "title": "invalid_grant", "meta": {"hint": "Token has been revoked"}}]}
BY_CONVENTION = {"error": "invalid_grant", "error_description": "revoked"}


@pytest.fixture
def vendor() -> Vendor:
    vendor = Vendor()
    vendor.will("users.me", ok(ME))
    return vendor


async def test_the_next_refresh_token_is_kept_before_the_access_token_is_used(vendor: Vendor) -> None:
    async with vendor.client() as teamleader:
        assert (await teamleader.me()).account.id == uuid(2)
        await teamleader.me()
    assert vendor.diary == [
        "lock",
        "read",
        "renew with refresh-0",
        "keep refresh-1 for refresh-0",
        "keep the access token",
        "unlock",
        "users.me with access-1",
        "users.me with access-1",
    ]


async def test_no_scope_is_asked_for_and_the_keys_of_the_integration_are_sent(vendor: Vendor) -> None:
    async with vendor.client() as teamleader:
        await teamleader.me()
    assert vendor.bodies[TOKEN] == [
        {
            "client_id": "an-id",
            "client_secret": "a-secret",
            "grant_type": "refresh_token",
            "refresh_token": "refresh-0",
        }
    ]


async def test_a_token_about_to_end_is_renewed_before_it_is_used(vendor: Vendor) -> None:
    vendor.will(TOKEN, granted(1, expires_in=0), granted(2))
    async with vendor.client() as teamleader:
        await teamleader.me()
        await teamleader.me()
    assert [line for line in vendor.diary if line.startswith("users.me")] == [
        "users.me with access-1",
        "users.me with access-2",
    ]


async def test_a_refused_access_token_is_renewed_once_and_the_call_made_again(vendor: Vendor) -> None:
    vendor.will("users.me", refused(401), ok(ME))
    async with vendor.client() as teamleader:
        await teamleader.me()
    assert vendor.diary[vendor.diary.index("users.me with access-1") + 1 :] == [
        "read",  # whether the kept token is another one; no
        "lock",
        "read",  # nor has it been replaced meanwhile
        "read",
        "renew with refresh-1",
        "keep refresh-2 for refresh-1",
        "keep the access token",
        "unlock",
        "users.me with access-2",
    ]


async def test_a_second_401_ends_as_a_refused_sign_in_after_one_renewal(vendor: Vendor) -> None:
    vendor.will("users.me", refused(401, "Unauthorized"))
    async with vendor.client() as teamleader:
        with pytest.raises(SignInRefused, match="Unauthorized"):
            await teamleader.me()
    assert (vendor.calls("users.me"), vendor.calls(TOKEN)) == (2, 2)


@pytest.mark.parametrize("body", [RECORDED, BY_CONVENTION], ids=["recorded", "by convention"])
async def test_a_dead_refresh_token_is_sent_once_and_never_again(
    vendor: Vendor, body: dict[str, object]
) -> None:
    vendor.will(TOKEN, httpx.Response(400, json=body))
    async with vendor.client() as teamleader:
        for _again in range(12):
            with pytest.raises(SignInRefused, match="sign in again"):
                await teamleader.me()
    assert vendor.calls(TOKEN) == 1
    assert vendor.calls("users.me") == 0


async def test_a_token_that_another_process_renewed_meanwhile_is_found_by_looking_once(
    vendor: Vendor,
) -> None:
    vendor.store.others = ["refresh-of-another"]
    vendor.will(TOKEN, httpx.Response(400, json=RECORDED), granted(5))
    async with vendor.client() as teamleader:
        await teamleader.me()
    assert [body["refresh_token"] for body in vendor.bodies[TOKEN]] == ["refresh-0", "refresh-of-another"]
    assert vendor.store.token == "refresh-5"


async def test_two_dead_tokens_in_a_row_are_the_end_of_trying(vendor: Vendor) -> None:
    vendor.store.others = ["refresh-of-another", "yet-another"]
    vendor.will(TOKEN, httpx.Response(400, json=RECORDED))
    async with vendor.client() as teamleader:
        with pytest.raises(SignInRefused):
            await teamleader.me()
    assert vendor.calls(TOKEN) == 2


async def test_after_signing_in_anew_the_same_client_goes_on(vendor: Vendor) -> None:
    vendor.will(TOKEN, httpx.Response(400, json=RECORDED), granted(9))
    async with vendor.client() as teamleader:
        with pytest.raises(SignInRefused):
            await teamleader.me()
        vendor.store.token = "refresh-new"
        await teamleader.me()
    assert vendor.store.token == "refresh-9"


async def test_wrong_keys_of_the_integration_are_sent_once(vendor: Vendor) -> None:
    vendor.strict = False
    vendor.will(TOKEN, httpx.Response(401, json={"error": "invalid_client"}))
    async with vendor.client() as teamleader:
        for _again in range(3):
            with pytest.raises(SignInRefused, match="invalid_client"):
                await teamleader.me()
    assert vendor.calls(TOKEN) == 1


async def test_nobody_signed_in_says_so_and_sends_nothing(vendor: Vendor) -> None:
    vendor.store.token = None
    async with vendor.client() as teamleader:
        with pytest.raises(SignInRefused, match="nobody has signed in"):
            await teamleader.me()
    assert vendor.requests == []


async def test_callers_at_the_same_time_share_one_renewal(vendor: Vendor) -> None:
    async with vendor.client() as teamleader:
        await asyncio.gather(*(teamleader.me() for _ in range(20)))
    assert vendor.calls(TOKEN) == 1


async def test_a_token_that_could_not_be_kept_is_not_used_and_not_lost(vendor: Vendor) -> None:
    vendor.store.broken = OSError("disk full")
    async with vendor.client() as teamleader:
        with pytest.raises(OSError, match="disk full"):
            await teamleader.me()
        assert vendor.calls("users.me") == 0
        vendor.store.broken = None
        await teamleader.me()
    assert vendor.calls(TOKEN) == 1
    assert vendor.diary[-4:] == [
        "keep refresh-1 for refresh-0",
        "keep the access token",
        "unlock",
        "users.me with access-1",
    ]


async def test_a_caller_that_gives_up_does_not_cost_the_sign_in(vendor: Vendor) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(request: httpx.Request) -> httpx.Response:
        arrived.set()
        await go_on.wait()
        return granted(1)

    teamleader = vendor.client()
    teamleader._tokens._door = http.client("https://auth.example.test", transport=httpx.MockTransport(slowly))
    call = asyncio.create_task(teamleader.me())
    await arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    go_on.set()
    await teamleader.close()
    assert vendor.store.token == "refresh-1"


async def test_a_renewal_without_answer_leaves_no_write_in_doubt(vendor: Vendor) -> None:
    vendor.will(TOKEN, httpx.ReadError("cut"))
    vendor.will("companies.delete", ok(None, 204))
    async with vendor.client() as teamleader:
        with pytest.raises(Interrupted) as caught:
            await teamleader.delete_company(uuid(1))
    assert not caught.value.in_doubt
    assert vendor.calls("companies.delete") == 0


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(503, content=b"<html>"), Failed),
        (httpx.Response(200, content=b"{}"), Unreadable),
        (httpx.Response(200, content=b"<html>"), Unreadable),
        (httpx.Response(403, json={"error": "blocked"}), SignInRefused),
    ],
)
async def test_odd_answers_to_a_renewal_have_their_own_error(
    vendor: Vendor, answer: httpx.Response, error: type[Exception]
) -> None:
    vendor.strict = False
    vendor.will(TOKEN, answer)
    async with vendor.client() as teamleader:
        with pytest.raises(error):
            await teamleader.me()


async def test_a_missing_right_is_not_taken_for_a_dead_sign_in(vendor: Vendor) -> None:
    vendor.will("users.me", refused(403, "No access to users"))
    async with vendor.client() as teamleader:
        with pytest.raises(Forbidden, match="No access to users"):
            await teamleader.me()
    assert vendor.calls(TOKEN) == 1


def test_the_consent_address_has_what_it_needs_and_no_scope() -> None:
    address = authorize_url("https://focus.example.test/", "id", "http://localhost:8000/callback", "s t")
    parts = urlsplit(address)
    assert (parts.netloc, parts.path) == ("focus.example.test", "/oauth2/authorize")
    assert parse_qs(parts.query) == {
        "client_id": ["id"],
        "response_type": ["code"],
        "redirect_uri": ["http://localhost:8000/callback"],
        "state": ["s t"],
    }


def test_a_consent_address_in_the_open_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        authorize_url("http://focus.example.test", "id", "http://localhost/", "s")


async def test_a_code_is_swapped_for_tokens_that_no_repr_shows() -> None:
    vendor = Vendor()
    pair = await exchange_code(
        "https://auth.example.test",
        Credentials("an-id", "a-secret"),
        "the-code",
        "http://localhost:8000/callback",
        http=httpx.MockTransport(vendor._answer),
    )
    assert (pair.access_token, pair.refresh_token, pair.lifetime) == ("access-1", "refresh-1", 3600)
    assert "access-1" not in repr(pair)
    assert "a-secret" not in repr(Credentials("an-id", "a-secret"))
    assert vendor.bodies[TOKEN][0]["redirect_uri"] == "http://localhost:8000/callback"
    assert json.dumps(vendor.bodies[TOKEN][0]).count("scope") == 0


async def test_a_used_code_says_to_sign_in_again() -> None:
    vendor = Vendor()
    vendor.will(TOKEN, httpx.Response(400, json=RECORDED))
    with pytest.raises(SignInRefused, match="sign in again"):
        await exchange_code(
            "https://auth.example.test",
            Credentials("an-id", "a-secret"),
            "the-code",
            "http://localhost:8000/callback",
            http=httpx.MockTransport(vendor._answer),
        )
