"""The client against a scripted Octopus: what is sent, what comes back, and what is never done."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from octowizard.octopus.client import timestamp
from octowizard.octopus.contract import LIST_RELATIONS, SEARCH_RELATIONS
from octowizard.transport import http
from octowizard.transport.errors import (
    ConfigurationError,
    Failed,
    Forbidden,
    Interrupted,
    LimitReached,
    LimitSpent,
    Refused,
    SignInRefused,
    Unreachable,
    Unreadable,
    VendorError,
)
from octowizard.transport.ledger import MemoryCallLedger
from tests.octopus.calls import BOOKING, DOCUMENTS, READS, RELATION, SINCE, WRITES, Call, names
from tests.octopus.scripted import CREDENTIALS, NOW, ScriptedOctopus, octopus, refusal, sample

POST_BOOKING = "POST /dossiers/{dossierId}/buysellbookings"
BOOKYEARS = "GET /dossiers/{dossierId}/bookyears"
ACCOUNTS = "GET /dossiers/{dossierId}/accounts"


def succeeding(call: Call) -> httpx.Response:
    if not call.answer:
        return httpx.Response(204)
    record = sample(call.answer.removesuffix("[]"))
    status = 201 if call.operation.startswith("PUT") and "relations" in call.operation else 200
    return httpx.Response(status, content=http.encode([record] if call.answer.endswith("[]") else record))


@pytest.mark.parametrize("call", READS + DOCUMENTS + WRITES, ids=names(READS + DOCUMENTS + WRITES))
async def test_each_call_fits_the_contract_and_its_answer_is_read(call: Call) -> None:
    vendor = ScriptedOctopus()
    vendor.on(call.operation, succeeding(call))
    async with octopus(vendor) as client:
        result = await call.call(client)
    assert vendor.calls(call.operation) == 1
    assert bool(result) is bool(call.answer)
    sent = vendor.requests[-1][1]
    if "{dossierId}" in call.operation:
        assert sent.headers["dossierToken"] == "dossier-1"
        assert "Token" not in sent.headers
    else:
        assert sent.headers["Token"] == "user-1"


@pytest.mark.parametrize("call", READS, ids=names(READS))
async def test_nothing_found_is_empty_and_not_an_error(call: Call) -> None:
    vendor = ScriptedOctopus()
    vendor.on(call.operation, refusal(404, technical="Nothing found"))
    async with octopus(vendor) as client:
        if call.empty is None:
            with pytest.raises(Refused):
                await call.call(client)
        else:
            assert await call.call(client) == call.empty


@pytest.mark.parametrize("call", DOCUMENTS, ids=names(DOCUMENTS))
async def test_a_free_document_number_is_none(call: Call) -> None:
    vendor = ScriptedOctopus()
    vendor.on(call.operation, httpx.Response(404, json={}))
    async with octopus(vendor) as client:
        assert await call.call(client) is None


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, html="<h1>Not Found</h1>"),
        httpx.Response(404, text="Not Found"),
        httpx.Response(404),
        httpx.Response(404, json={"detail": "Not Found"}),
    ],
)
async def test_the_404_of_another_server_is_not_taken_for_an_empty_dossier(answer: httpx.Response) -> None:
    vendor = ScriptedOctopus()
    vendor.on(BOOKYEARS, answer)
    async with octopus(vendor) as client:
        with pytest.raises(Refused) as caught:
            await client.bookyears()
    assert caught.value.status == 404


@pytest.mark.parametrize("call", READS + DOCUMENTS, ids=names(READS + DOCUMENTS))
async def test_a_read_that_fails_is_tried_again_and_each_attempt_is_counted(call: Call) -> None:
    vendor, ledger = ScriptedOctopus(), MemoryCallLedger()
    vendor.on(call.operation, httpx.Response(500), httpx.Response(503), succeeding(call))
    async with octopus(vendor, ledger=ledger, enforce_limits=False) as client:
        await call.call(client)
    scope = "octopus/7" if "{dossierId}" in call.operation else "octopus/-"
    spent = ledger.spent(scope, call.operation, NOW) + ledger.spent(scope, f"{call.operation} (search)", NOW)
    assert (vendor.calls(call.operation), spent) == (3, 3)


@pytest.mark.parametrize("call", WRITES, ids=names(WRITES))
@pytest.mark.parametrize(
    ("answer", "kind", "doubt"),
    [
        (httpx.Response(500), Failed, True),
        (httpx.Response(503), Failed, True),
        (httpx.ReadTimeout("no answer"), Interrupted, True),
        (httpx.RemoteProtocolError("cut"), Interrupted, True),
        (httpx.ConnectError("no route"), Unreachable, False),
        (refusal(403, -12, "open"), Forbidden, False),
        (refusal(400, -13, "nummer"), Refused, False),
        (refusal(429), LimitReached, False),
        (httpx.Response(302, headers={"Location": "https://elsewhere.example/"}), Unreadable, True),
    ],
    ids=str,
)
async def test_a_write_is_never_sent_twice_and_says_whether_it_is_in_doubt(
    call: Call, answer: httpx.Response | httpx.HTTPError, kind: type[VendorError], doubt: bool
) -> None:
    vendor = ScriptedOctopus()
    vendor.on(call.operation, answer)
    async with octopus(vendor) as client:
        with pytest.raises(kind) as caught:
            await call.call(client)
    assert type(caught.value) is kind
    assert vendor.calls(call.operation) == 1
    assert caught.value.in_doubt is doubt
    assert caught.value.operation == call.operation


async def test_a_refused_booking_keeps_the_vendors_own_words() -> None:
    vendor = ScriptedOctopus()
    vendor.on(POST_BOOKING, refusal(400, -13, "Het document nummer is ongeldig.", "Last Document = 6. "))
    async with octopus(vendor) as client:
        with pytest.raises(Refused) as caught:
            await client.post_booking(BOOKING)
    error = caught.value
    assert (error.status, error.code, error.technical) == (400, -13, "Last Document = 6.")
    assert str(error) == (
        "Octopus refused writing bookings: Het document nummer is ongeldig, HTTP 400, code -13."
    )


async def test_a_refusal_with_only_technical_text_still_says_something() -> None:
    vendor = ScriptedOctopus()
    vendor.on(BOOKYEARS, refusal(400, technical="Invalid or missing parameters passed"))
    async with octopus(vendor) as client:
        with pytest.raises(Refused, match="Invalid or missing parameters passed") as caught:
            await client.bookyears()
    assert caught.value.code is None


@pytest.mark.parametrize(
    "answer",
    [
        refusal(429),
        refusal(429, -51, "te veel verbindingen"),
        refusal(403, -51),
        refusal(400, -51),
        refusal(403, text="Maximum allowed calls per day exceeded"),
        refusal(400, technical="Daily limit of requests reached"),
        httpx.Response(429, text="slow down"),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.text}",
)
async def test_a_spent_limit_is_recognised_in_all_its_forms_and_not_pressed(answer: httpx.Response) -> None:
    vendor = ScriptedOctopus()
    vendor.on(BOOKYEARS, answer)
    async with octopus(vendor) as client:
        with pytest.raises(LimitReached):
            await client.bookyears()
    assert vendor.calls(BOOKYEARS) == 1


async def test_a_credit_limit_is_not_taken_for_a_limit_of_calls() -> None:
    vendor = ScriptedOctopus()
    vendor.on(BOOKYEARS, refusal(400, -7, "Kredietlimiet overschreden"))
    async with octopus(vendor) as client:
        with pytest.raises(Refused) as caught:
            await client.bookyears()
    assert type(caught.value) is Refused


async def test_retry_after_tells_when_it_goes_on() -> None:
    vendor = ScriptedOctopus()
    date = "Fri, 20 Nov 2026 08:00:00 GMT"
    vendor.on(POST_BOOKING, httpx.Response(429, headers={"Retry-After": "3600", "Date": date}))
    async with octopus(vendor) as client:
        with pytest.raises(LimitReached) as caught:
            await client.post_booking(BOOKING)
    assert caught.value.until is not None
    assert abs(caught.value.until - NOW - timedelta(hours=1)) < timedelta(seconds=5)


# --- signing in -----------------------------------------------------------------------------------------------


async def test_a_wrong_password_is_sent_exactly_once() -> None:
    vendor = ScriptedOctopus()
    technical = "Incrementing failed login attempt count for user an, IP address 10.0.0.1. "
    vendor.on("POST /authentication", refusal(401, technical=technical))
    async with octopus(vendor) as client:
        results = await asyncio.gather(
            client.bookyears(), client.vat_codes(), client.post_booking(BOOKING), return_exceptions=True
        )
        with pytest.raises(SignInRefused, match="refused the sign-in") as caught:
            await client.dossiers()
    assert [type(result) for result in results] == [SignInRefused] * 3
    assert len(vendor.requests) == 1
    assert CREDENTIALS.password not in str(caught.value) + repr(CREDENTIALS)
    assert caught.value.text == technical.strip()


@pytest.mark.parametrize("answer", [refusal(403, -5, "uitgeschakeld"), refusal(404, -4, "onbekend")])
async def test_a_dossier_that_cannot_be_opened_says_so(answer: httpx.Response) -> None:
    vendor = ScriptedOctopus()
    vendor.on("POST /dossiers", answer)
    async with octopus(vendor) as client:
        with pytest.raises(Refused) as caught:
            await client.bookyears()
    assert caught.value.operation == "POST /dossiers"
    assert vendor.calls(BOOKYEARS) == 0


def expiring(*alive: str) -> Any:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["dossierToken"] not in alive:
            return refusal(401, -79, technical="Token expired")
        return httpx.Response(204) if request.method == "POST" else httpx.Response(200, json=[])

    return answer


async def test_an_ended_token_is_renewed_once_and_the_write_is_sent_again() -> None:
    vendor, ledger = ScriptedOctopus(), MemoryCallLedger()
    vendor.on(POST_BOOKING, expiring("dossier-2"))
    async with octopus(vendor, ledger=ledger) as client:
        await client.post_booking(BOOKING)
    assert vendor.calls(POST_BOOKING) == ledger.spent("octopus/7", POST_BOOKING, NOW) == 2
    assert vendor.calls("POST /authentication") == 2
    bodies = {request.content for made, request in vendor.requests if made == POST_BOOKING}
    assert len(bodies) == 1


async def test_a_token_that_never_holds_ends_after_one_renewal() -> None:
    vendor = ScriptedOctopus()
    vendor.on(POST_BOOKING, expiring())
    async with octopus(vendor) as client:
        with pytest.raises(SignInRefused) as caught:
            await client.post_booking(BOOKING)
    assert vendor.calls(POST_BOOKING) == 2
    assert not caught.value.in_doubt


async def test_many_calls_at_once_sign_in_once_and_renew_once() -> None:
    vendor = ScriptedOctopus()
    vendor.on(BOOKYEARS, expiring("dossier-1"))
    async with octopus(vendor) as client:
        await asyncio.gather(*(client.bookyears() for _ in range(10)))
        assert vendor.calls("POST /authentication") == vendor.calls("POST /dossiers") == 1
        vendor.on(BOOKYEARS, expiring("dossier-2"))
        await asyncio.gather(*(client.bookyears() for _ in range(10)))
    assert vendor.calls("POST /authentication") == vendor.calls("POST /dossiers") == 2


async def test_tokens_are_renewed_before_the_vendor_ends_them() -> None:
    vendor = ScriptedOctopus()
    vendor.on(BOOKYEARS, httpx.Response(200, json=[]))
    passed = [0.0]
    client = octopus(vendor)
    client._session._monotonic = lambda: passed[0]
    async with client:
        for passed[0] in (0.0, 530.0, 545.0):
            await client.bookyears()
    assert vendor.calls("POST /dossiers") == 2
    assert vendor.calls(BOOKYEARS) == 3


async def test_a_sign_in_that_fails_leaves_no_write_in_doubt_and_no_call_counted() -> None:
    vendor, ledger = ScriptedOctopus(), MemoryCallLedger()
    vendor.on("POST /dossiers", httpx.ReadTimeout("no answer"))
    async with octopus(vendor, ledger=ledger) as client:
        with pytest.raises(Interrupted) as caught:
            await client.post_booking(BOOKING)
    assert not caught.value.in_doubt
    assert vendor.calls(POST_BOOKING) == ledger.spent("octopus/7", POST_BOOKING, NOW) == 0


# --- the day's limits -----------------------------------------------------------------------------------------


async def test_a_call_over_the_days_limit_is_not_sent() -> None:
    vendor, ledger = ScriptedOctopus(), MemoryCallLedger()
    vendor.on(ACCOUNTS, httpx.Response(200, json=[]))
    async with octopus(vendor, ledger=ledger) as client:
        assert client.remaining(ACCOUNTS) == 2
        await client.accounts(5)
        await client.accounts(4)
        assert client.remaining(ACCOUNTS) == 0
        with pytest.raises(LimitSpent) as caught:
            await client.accounts(5)
    assert vendor.calls(ACCOUNTS) == 2
    assert (caught.value.limit, caught.value.until > NOW) == (2, True)


async def test_a_call_is_counted_before_it_leaves_and_whatever_the_answer() -> None:
    vendor, ledger = ScriptedOctopus(), MemoryCallLedger()
    counted: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        counted.append(ledger.spent("octopus/7", POST_BOOKING, NOW))
        return refusal(400, -13)

    vendor.on(POST_BOOKING, answer)
    async with octopus(vendor, ledger=ledger) as client:
        with pytest.raises(Refused):
            await client.post_booking(BOOKING)
    assert counted == [1]


async def test_searching_relations_does_not_use_up_the_two_lists_a_day() -> None:
    vendor = ScriptedOctopus()
    vendor.on(LIST_RELATIONS, httpx.Response(200, json=[]))
    async with octopus(vendor) as client:
        for _ in range(5):
            await client.find_relations(vat_number="BE0123.456.789")
        assert client.remaining(SEARCH_RELATIONS) == 395
        assert client.remaining(LIST_RELATIONS) == 2
        with pytest.raises(ValueError, match="at least one term"):
            await client.find_relations()
    assert vendor.calls(LIST_RELATIONS) == 5


async def test_limits_can_be_left_to_the_vendor_and_are_counted_all_the_same() -> None:
    vendor, ledger = ScriptedOctopus(), MemoryCallLedger()
    vendor.on(ACCOUNTS, httpx.Response(200, json=[]))
    async with octopus(vendor, ledger=ledger, enforce_limits=False) as client:
        for _ in range(4):
            await client.accounts(5)
    assert ledger.spent("octopus/7", ACCOUNTS, NOW) == 4


async def test_the_day_is_that_of_the_vendors_clock() -> None:
    vendor, ledger = ScriptedOctopus(), MemoryCallLedger()
    later = httpx.Response(200, json=[], headers={"Date": "Mon, 23 Nov 2026 08:00:00 GMT"})
    vendor.on(ACCOUNTS, httpx.Response(200, json=[]), later)
    async with octopus(vendor, ledger=ledger) as client:
        await client.accounts(5)
        await client.accounts(5)
        assert client.remaining(ACCOUNTS) == 2
        await client.accounts(5)
    assert vendor.calls(ACCOUNTS) == 3


# --- odd answers ----------------------------------------------------------------------------------------------


async def test_a_wrong_type_is_refused_with_its_path() -> None:
    vendor = ScriptedOctopus()
    wrong = sample("BookyearServiceData") | {"closed": "yes"}
    vendor.on(BOOKYEARS, httpx.Response(200, content=http.encode([wrong])))
    async with octopus(vendor) as client:
        with pytest.raises(Unreadable, match=r"\$\[0\]\.closed") as caught:
            await client.bookyears()
    assert caught.value.path == "$[0].closed"


async def test_truncated_json_is_one_sentence() -> None:
    vendor = ScriptedOctopus()
    vendor.on(BOOKYEARS, httpx.Response(200, content=b'[{"bookyearKey": {"id": 5}, "start'))
    async with octopus(vendor) as client:
        with pytest.raises(Unreadable, match="cannot read"):
            await client.bookyears()


async def test_a_created_relation_whose_answer_is_unreadable_is_in_doubt() -> None:
    vendor = ScriptedOctopus()
    vendor.on("PUT /dossiers/{dossierId}/relations", httpx.Response(201))
    async with octopus(vendor) as client:
        with pytest.raises(Unreadable) as caught:
            await client.put_relation(RELATION)
    assert caught.value.in_doubt


async def test_a_merged_relation_answers_nothing() -> None:
    vendor = ScriptedOctopus()
    vendor.on("PUT /dossiers/{dossierId}/relations", httpx.Response(204))
    async with octopus(vendor) as client:
        assert await client.put_relation(RELATION) is None


async def test_version_and_sample_errors_need_no_sign_in() -> None:
    vendor = ScriptedOctopus()
    vendor.on("GET /about/version", httpx.Response(200, text="51.9.17"))
    vendor.on("GET /error", refusal(400, -13, "Het document nummer is ongeldig."))
    async with octopus(vendor, dossier_id=None) as client:
        assert await client.version() == "51.9.17"
        assert (await client.sample_error(-13, 1)).error_message == "Het document nummer is ongeldig."
    assert vendor.tokens == {}


async def test_without_a_dossier_nothing_is_sent() -> None:
    vendor = ScriptedOctopus()
    async with octopus(vendor, dossier_id=None) as client:
        with pytest.raises(ConfigurationError, match="No dossier was chosen"):
            await client.post_booking(BOOKING)
    assert vendor.requests == []


def test_moments_are_sent_as_the_contract_writes_them() -> None:
    assert timestamp(None) == "1980-01-01 00:00:00.000"
    assert timestamp(SINCE) == "2026-11-20 08:30:15.250"
    assert timestamp(SINCE.replace(tzinfo=None, microsecond=0)) == "2026-11-20 08:30:15.000"
