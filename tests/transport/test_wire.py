"""Errors, decoding, the clock, retry, and what may never be seen."""

import logging
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from octowizard import __version__
from octowizard.transport import bounds, errors, http, redact, retry
from octowizard.transport.certificates import trusted
from octowizard.transport.clock import VendorClock
from octowizard.transport.errors import (
    ConfigurationError,
    Failed,
    Forbidden,
    Interrupted,
    LimitReached,
    Refused,
    SignInRefused,
    Unreachable,
    Unreadable,
)
from octowizard.transport.retry import AT_ONCE, may_repeat, read

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


class Line(Struct):
    amount: Decimal
    day: date | None = None


class Book(Struct):
    lines: list[Line]
    name: str = ""


@given(st.decimals(-(10**12), 10**12, places=2))
def test_an_amount_survives_the_wire_to_the_cent(amount: Decimal) -> None:
    assert http.decode(http.encode(Line(amount)), Line).amount == amount
    assert str(amount).encode() in http.encode(Line(amount))


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-01-31T00:00:00", date(2026, 1, 31)),
        ("2026-01-31 00:00:00.000", date(2026, 1, 31)),
        ("2026-01-31T00:00:00+01:00", date(2026, 1, 31)),
        ("2026-01-30T23:00:00Z", date(2026, 1, 31)),
    ],
)
def test_a_date_sent_as_a_time_stamp_is_still_that_day(sent: str, day: date) -> None:
    body = f'{{"lines": [{{"amount": 1.10, "day": "{sent}"}}]}}'.encode()
    assert http.decode(body, Book).lines[0] == Line(Decimal("1.10"), day)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"lines": [{"amount": 1}, {"amount": true}]}', "$.lines[...].amount"),
        (b'{"lines": [{"amount": 1, "day": "yesterday"}]}', "$.lines[...].day"),
        (b'{"lines": [{"amount": 1}', "$"),
        (b"", "$"),
        (b"<html>", "$"),
        (b'{"lines": [], "name": "\xff"}', "$"),
    ],
)
def test_an_answer_that_fits_no_contract_says_where(body: bytes, path: str) -> None:
    with pytest.raises(Unreadable) as caught:
        http.decode(body, Book, vendor="Octopus", operation="GET /x", status=200)
    assert _without_index(caught.value.path) == path
    assert (f"at {caught.value.path} " in str(caught.value)) == (path != "$")
    assert not caught.value.in_doubt


def _without_index(path: str) -> str:
    return path.replace("[0]", "[...]").replace("[1]", "[...]")


@pytest.mark.parametrize(
    "address",
    [
        "http://service.inaras.be/x",
        "ftp://127.0.0.1/",
        "service.inaras.be",
        "",
        "http://127.0.0.1.example.com/",
    ],
)
def test_a_password_is_never_sent_in_the_open(address: str) -> None:
    with pytest.raises(ConfigurationError):
        http.client(address)


@pytest.mark.parametrize(
    "address", ["https://example.com/v1", "http://127.0.0.1:80", "http://localhost:1", "http://[::1]:9/x"]
)
def test_https_and_this_machine_are_accepted(address: str) -> None:
    assert http.checked_address(address + "/")[0] == address


@pytest.mark.parametrize(
    ("raised", "kind", "doubt"),
    [
        (httpx.ConnectError("no route"), Unreachable, False),
        (httpx.ConnectTimeout("slow"), Unreachable, False),
        (httpx.ReadTimeout("slow"), Interrupted, True),
        (httpx.ReadError(""), Interrupted, True),
        (httpx.WriteError("cut"), Interrupted, True),
        (httpx.RemoteProtocolError("Server disconnected"), Interrupted, True),
    ],
)
async def test_only_a_write_that_may_have_left_is_in_doubt(
    raised: httpx.HTTPError, kind: type[errors.VendorError], doubt: bool
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise raised

    async with http.client("https://example.com", transport=httpx.MockTransport(answer)) as client:
        for write in (False, True):
            with pytest.raises(kind) as caught:
                await http.exchange(
                    client,
                    client.build_request("POST", "/x"),
                    vendor="Octopus",
                    operation="POST /x",
                    write=write,
                )
            assert caught.value.in_doubt is (doubt and write)
            assert ("look in Octopus" in str(caught.value)) is (doubt and write)


async def test_https_is_checked_against_the_certificates_of_this_machine() -> None:
    assert trusted().check_hostname
    assert trusted() is trusted()
    async with http.client("https://example.com") as client:
        assert client.base_url == "https://example.com"


async def test_a_real_refused_connection_names_the_address() -> None:
    async with http.client("http://127.0.0.1:1") as client:
        with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:1 .*nothing was sent"):
            await http.exchange(
                client, client.build_request("GET", "/x"), vendor="Octopus", operation="GET /x", write=False
            )


def test_the_vendors_clock_counts_wherever_ours_stands() -> None:
    local = [NOW]
    clock = VendorClock(lambda: local[0])
    assert clock.now() == NOW
    clock.learn("nonsense")
    clock.learn(None)
    assert clock.offset == timedelta(0)
    clock.learn("Sun, 22 Nov 2026 08:00:00 GMT")
    assert clock.now() == NOW + timedelta(days=2)
    local[0] = NOW + timedelta(seconds=2)
    clock.learn("Sun, 22 Nov 2026 08:00:01 GMT")  # aged a second on its way: no reason to go back
    assert clock.offset == timedelta(days=2)
    clock.learn("Mon, 23 Nov 2026 08:00:00 GMT")  # the practice clock was moved
    assert clock.offset == timedelta(days=3, seconds=-2)


@pytest.mark.parametrize(
    ("error", "repeat"),
    [
        (Unreachable("Octopus", "x"), True),
        (Interrupted("Octopus", "x"), True),
        (Failed("Octopus", "x", status=500), True),
        (Failed("Octopus", "x", status=503), True),
        (Failed("Octopus", "x", status=501), False),
        (Refused("Octopus", "x", status=400), False),
        (Forbidden("Octopus", "x", status=403), False),
        (SignInRefused("Octopus", "x", status=401), False),
        (Unreadable("Octopus", "x"), False),
        (LimitReached("Octopus", "x", status=429), False),
        (LimitReached("Teamleader", "x", status=429, until=NOW + timedelta(seconds=20)), 20.0),
        (LimitReached("Teamleader", "x", status=429, until=NOW - timedelta(seconds=20)), 0.0),
        (LimitReached("Octopus", "x", status=429, until=NOW + timedelta(hours=9)), False),
        (ValueError(), False),
    ],
)
def test_only_what_passes_by_itself_is_tried_again(error: Exception, repeat: bool | float) -> None:
    assert may_repeat(error, NOW) == repeat
    assert type(may_repeat(error, NOW)) is type(repeat)


@pytest.mark.parametrize(("failures", "calls"), [(0, 1), (1, 2), (2, 3), (5, 3)])
async def test_a_read_is_made_three_times_at_most(failures: int, calls: int) -> None:
    made = 0

    async def call() -> str:
        nonlocal made
        made += 1
        if made <= failures:
            raise Failed("Octopus", "GET /x", status=503)
        return "answer"

    if failures < 3:
        assert await read(call, pauses=AT_ONCE) == "answer"
    else:
        with pytest.raises(Failed):
            await read(call, pauses=AT_ONCE)
    assert made == calls


async def test_a_limit_that_stays_is_waited_for_once_and_by_one_read_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retry, "_LOOK_AFTER", 0.01)
    calls, in_vain = 0, retry.InVain()

    async def call() -> str:
        nonlocal calls
        calls += 1
        raise LimitReached("Teamleader", "x", status=429, until=NOW + timedelta(seconds=60))

    for expected in (2, 3):
        with pytest.raises(LimitReached):
            await read(call, pauses=AT_ONCE, now=lambda: NOW, in_vain=in_vain)
        assert calls == expected


async def test_a_window_that_opens_soon_after_it_was_looked_at_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retry, "_LOOK_AFTER", 0.01)
    moments = iter([NOW, NOW + timedelta(seconds=59.99)])
    now, calls = NOW, 0

    async def call() -> str:
        nonlocal now, calls
        now, calls = next(moments, NOW + timedelta(seconds=60)), calls + 1
        if calls < 3:
            raise LimitReached("Teamleader", "x", status=429, until=NOW + timedelta(seconds=60))
        return "answer"

    assert await read(call, pauses=AT_ONCE, now=lambda: now) == "answer"
    assert calls == 3


@pytest.mark.parametrize(
    "text",
    [
        '{"user": "an", "password": "s3cr3t \\" value"}',
        "{'password': 's3cr3t value'}",
        "grant_type=refresh_token&refresh_token=s3cr3t&client_id=1",
        "Authorization: Bearer s3cr3t",
        "bearer s3cr3t, and so on",
        "dossierToken: s3cr3t",
        "softwareHouseUuid=s3cr3t",
        "https://user:s3cr3t@example.com/x",
        "token eyJhbGciOi.eyJs3cr3t.s3cr3t",
        "remembered s3cr3t-exact-value here",
    ],
)
def test_no_secret_is_ever_shown(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    redact.remember_secret("s3cr3t-exact-value")
    assert "s3cr3t" not in redact.redact(text)
    assert redact.HIDDEN in redact.redact(text)
    assert "s3cr3t" not in str(Refused("Octopus", "POST /x", text, status=400, technical=text))
    failed = (ValueError, ValueError(text), None)
    record = logging.LogRecord("asyncio", logging.ERROR, "x", 1, "never retrieved: %s", (text,), failed)
    assert logging.lastResort is not None  # what prints it, since no logging is set up
    logging.lastResort.handle(record)
    printed = capsys.readouterr().err
    assert "s3cr3t" not in printed
    assert printed.count(redact.redact(text)) == 2


def test_what_is_no_secret_stays_letter_for_letter() -> None:
    text = "Foo [BE] bvba, BE0123.456.789, V1/41, 1.210,00 EUR: no token was needed, tokens end after 600 s"
    assert redact.redact(text) == text


def test_the_log_of_calls_has_no_address_and_no_body(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "octowizard.calls"):
        redact.log_call("Octopus", "GET /dossiers", 200, 12.4)
    assert caplog.messages == ["Octopus GET /dossiers -> 200 in 12 ms"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            Refused("Octopus", "POST /x", "Nee.", status=400, code=-13),
            "Octopus refused POST /x: Nee, HTTP 400, code -13.",
        ),
        (
            Failed("Octopus", "GET /x", status=503),
            "Octopus failed during GET /x: no explanation given, HTTP 503; try again later.",
        ),
        (
            Interrupted("Octopus", "POST /x", "cut", in_doubt=True),
            "The connection with Octopus was lost during POST /x (cut). "
            "Whether it took effect is not known: look in Octopus before sending it again.",
        ),
        (
            LimitReached("Octopus", "GET /x", status=429),
            "Octopus takes no more GET /x for now (no explanation given, HTTP 429): try again later.",
        ),
        (
            Unreadable("Octopus", "GET /x", "Expected `int`", path="$.id", status=200),
            "Octopus answered GET /x with something octowizard cannot read, at $.id (Expected `int`): "
            "try again later, and report it if it stays.",
        ),
        (
            Failed("Octopus", "POST /x", status=500, in_doubt=True),
            "Octopus failed during POST /x: no explanation given, HTTP 500. "
            "Whether it took effect is not known: look in Octopus before sending it again.",
        ),
    ],
)
def test_an_error_reads_as_a_sentence(error: errors.VendorError, sentence: str) -> None:
    assert str(error) == sentence


async def test_every_call_says_which_octowizard_makes_it() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=request.headers["User-Agent"])

    async with http.client("https://example.test", transport=httpx.MockTransport(answer)) as client:
        response = await client.send(client.build_request("GET", "/"))
        assert response.content.decode() == f"octowizard/{__version__}"


@pytest.mark.parametrize(
    "body", ["1e400", "[1E+400]", '{"a": -1.5e-400}', '["1e400"]', '[" 1_0.e4_00 "]', '{"a":\n22e999\n}']
)
def test_a_number_out_of_bounds_is_found_however_its_exponent_is_written(body: str) -> None:
    with pytest.raises(bounds.OutOfBounds):
        bounds.check_values(body.encode(), Decimal("1e400"))


def test_an_id_with_a_digit_an_e_and_a_digit_is_no_number_to_be_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(bounds, "_walk")
    body = b'{"id":"4e1c2e33-9e45-4e12-8e8e-1234567890e1","amount":12.50}'
    bounds.check_values(body, {"amount": Decimal("12.50")})


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-inf", "sNaN", "SNAN123", "+Inf", "nan" + "0" * 400])
@pytest.mark.parametrize("before", [0, 256 * 1024 - 4])
def test_a_text_that_counts_as_a_number_and_is_none_is_found(text: str, before: int) -> None:
    body = b" " * before + f'{{"a":"{text}"}}'.encode()
    with pytest.raises(bounds.OutOfBounds):
        bounds.check_values(body, {"a": Decimal(text)})


@pytest.mark.parametrize(
    "text", ["info@office.example", "Informatique & co", "Nancy", "nanna@office.example"]
)
def test_a_text_that_only_begins_like_a_number_that_is_none_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.delattr(bounds, "_walk")
    bounds.check_values(f'{{"email":"{text}","amount":12.50}}'.encode(), {"amount": Decimal("12.50")})


def test_pieces_that_are_still_to_be_decoded_are_looked_at_then() -> None:
    body = b'[{"amount":1e400}]'
    pieces = http.decode(body, list[msgspec.Raw])
    with pytest.raises(errors.Unreadable):
        http.decode(bytes(pieces[0]), dict[str, Decimal], part=True)
    with pytest.raises(errors.Unreadable):
        http.decode(body, list[dict[str, Decimal]])
