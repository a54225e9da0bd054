"""Each way of spoiling an answer, once, each on another operation; all on all: `python -m tests.hostile.run`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

import httpx
import msgspec
import pytest

from octowizard.octopus import session
from octowizard.octopus.client import Octopus
from octowizard.teamleader import oauth
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.pages import PAGE_SIZE
from octowizard.transport import bounds
from octowizard.transport.door import BoundedCalls, Patience
from octowizard.transport.errors import ConfigurationError, LimitReached, Unreadable, VendorError
from octowizard.transport.http import client, decode, encode, exchange
from octowizard.transport.ledger import MemoryCallLedger
from octowizard.transport.retry import Pauses, read
from tests.hostile.spoils import SPOILS, Answer, Spoil
from tests.hostile.vendor import hostile
from tests.octopus import scripted
from tests.teamleader import samples
from tests.teamleader.vendor import Store, Vendor, ok

ONCE = Pauses(attempts=1)
NOW = scripted.NOW
SECONDS = 0.4  # for one exchange, of which the real bound is 40
JSON = (("Content-Type", "application/json"),)

SOUND: dict[str, Any] = {
    "/authentication": {"token": "user-1"},
    "/dossiers": {"Dossiertoken": "dossier-1"},
    "/dossiers/7/bookyears": [scripted.sample("BookyearServiceData")],
    "/dossiers/7/relations/modified": scripted.sample("SyncRelations"),
    "/dossiers/7/buysellbookings/modified": [scripted.sample("BuySellBookingServiceData")],
    "/oauth2/access_token": {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 3600},
    "/invoices.list": {"data": [samples.invoice_item()]},
    "/invoices.info": {"data": samples.invoice()},
}


async def _invoices(teamleader: Teamleader) -> None:
    async for _page in teamleader.invoices():
        pass


CALLS: dict[str, Callable[[Octopus, Teamleader], Awaitable[Any]]] = {
    "/dossiers/7/bookyears": lambda octopus, _: octopus.bookyears(),
    "/invoices.info": lambda _, teamleader: teamleader.invoice(samples.uuid(1)),
    "/authentication": lambda octopus, _: octopus.bookyears(),
    "/oauth2/access_token": lambda _, teamleader: _invoices(teamleader),
    "/dossiers/7/buysellbookings/modified": lambda octopus, _: octopus.modified_bookings(-1, None, None),
    "/invoices.list": lambda _, teamleader: _invoices(teamleader),
    "/dossiers": lambda octopus, _: octopus.bookyears(),
    "/dossiers/7/relations/modified": lambda octopus, _: octopus.modified_relations(None),
}


async def respond(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
    return Answer(200, JSON, encode(SOUND[path.partition("?")[0]]))


def both(url: str, timeout: float = SECONDS) -> tuple[Octopus, Teamleader]:
    octopus = Octopus(
        url, scripted.CREDENTIALS, dossier_id=7, ledger=MemoryCallLedger(), timeout=timeout, pauses=ONCE
    )
    keys = oauth.Credentials("an-id", "a-secret")
    return octopus, Teamleader(url, url, keys, Store([]), timeout=timeout, pauses=ONCE)


@pytest.mark.parametrize(
    ("spoil", "path"),
    [pytest.param(*pair, id=f"{pair[0].name} {pair[1]}") for pair in zip(SPOILS, cycle(CALLS), strict=False)],
)
async def test_a_spoilt_answer_is_one_sentence_soon(spoil: Spoil, path: str) -> None:
    async with hostile(respond, lambda _method, asked: asked == path, spoil) as vendor:
        # A busy computer is no slow vendor: only where slowness is the spoil, it is not waited for long.
        octopus, teamleader = both(vendor.url, SECONDS if spoil.slow else 60.0)
        async with octopus, teamleader:
            said = ""
            try:
                await CALLS[path](octopus, teamleader)
            except VendorError as error:
                said = str(error)
    assert vendor.hits
    assert "\n" not in said
    assert len(said) < 1_500
    if not spoil.partly:
        assert bool(said) is not spoil.harmless
    if spoil.slow:
        assert "no complete answer" in said or "no word in time" in said


async def test_a_vendor_of_which_two_operations_hang_ends_as_soon_as_with_one() -> None:
    silence = next(spoil for spoil in SPOILS if spoil.name == "silence")
    hanging = ("/dossiers/7/bookyears", "/dossiers/7/relations/modified")
    async with hostile(respond, lambda _method, asked: asked in hanging, silence) as vendor:
        octopus, teamleader = both(vendor.url)
        async with octopus, teamleader:
            await octopus.modified_bookings(-1, None, None)  # signed in
            with pytest.raises(VendorError):
                await octopus.bookyears()
            asked = vendor.hits
            with pytest.raises(VendorError):
                await octopus.bookyears()
            assert vendor.hits == asked  # not waited for again
            await octopus.modified_bookings(-1, None, None)  # another one is: a write has to be looked for


def test_all_that_hangs_of_one_vendor_ends_within_the_time_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("octowizard.transport.door.monotonic", lambda: now)
    patience = Patience(45.0)

    def hang(operation: str, seconds: float) -> None:
        nonlocal now
        began, now = now, now + seconds
        patience.hung(operation, began)

    hang("POST /bookings", 30.0)  # a write, in silence
    assert patience.left("GET /bookings/modified") == 20.0  # the look afterwards
    hang("GET /bookings/modified", 20.0)
    assert [patience.left(name) for name in ("POST /bookings", "GET /bookyears")] == [0.0, 0.0]
    now += 61.0
    assert patience.left("GET /bookyears") == 45.0


def test_operations_that_hang_side_by_side_count_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("octowizard.transport.door.monotonic", lambda: now)
    patience = Patience(45.0)
    now += 20.0
    for name in ("invoices.info", "invoices.info", "companies.list"):
        patience.hung(name, now - 20.0)
    assert patience.left("contacts.list") == 30.0
    assert patience.left("invoices.info") == 25.0
    patience.answered("invoices.info")
    assert patience.left("invoices.info") == 30.0  # forgiven, while the vendor is not


async def test_a_limit_that_is_spent_again_when_it_should_be_free_ends() -> None:
    waits: list[datetime] = []

    async def spent() -> None:
        waits.append(NOW)
        raise LimitReached("Teamleader", "invoices.info", until=NOW + timedelta(seconds=0.04))

    pauses = Pauses(attempts=9, first=0.0, longest=0.0, scatter=0.0, longest_reset=0.1)
    with pytest.raises(LimitReached):
        await read(spent, pauses=pauses, now=lambda: NOW)
    assert len(waits) == 3


async def _listed(vendor: Vendor) -> list[str]:
    async with vendor.client() as teamleader:
        return [record.id async for page in teamleader.invoices() for record in page.records]


def _page(first: int, last: int) -> httpx.Response:
    """A page of the invoices with these numbers, the last one not included."""
    return ok([samples.invoice_item(number) for number in range(first, last)])


@pytest.mark.parametrize(
    "pages",
    [
        [(0, 100), (99, 199), (199, 230)],  # one invoice is added to the first page
        [(0, 100), (97, 197), (196, 210)],  # three, and then one
        [(0, 100), (100, 200), (199, 200)],  # one that leaves nothing but what was read for the last page
    ],
)
async def test_an_invoice_added_while_the_list_is_read_ends_no_run(pages: list[tuple[int, int]]) -> None:
    vendor = Vendor()
    vendor.strict = False
    vendor.will("invoices.list", *(_page(*page) for page in pages))
    found = await _listed(vendor)
    assert found == [samples.invoice_item(number)["id"] for number in range(pages[-1][1])]


@pytest.mark.parametrize(
    "pages",
    [
        [(0, 100), (0, 100)],  # nothing new
        [(0, 100), (100, 200), (0, 100)],  # the first page once more
        [(0, 100), (40, 140), (80, 180)],  # more than a page of them in all
        [(0, 100), (100, 200), (50, 150)],  # of a page long gone
    ],
)
async def test_a_list_that_brings_the_same_again_ends(pages: list[tuple[int, int]]) -> None:
    vendor = Vendor()
    vendor.strict = False
    vendor.will("invoices.list", *(_page(*page) for page in pages))
    with pytest.raises(Unreadable, match="a second time"):
        await _listed(vendor)
    assert vendor.calls("invoices.list") == len(pages)


async def test_a_page_with_a_record_twice_is_refused() -> None:
    vendor = Vendor()
    vendor.strict = False
    vendor.will("invoices.list", ok([samples.invoice_item(number) for number in (1, 2, 1)]))
    with pytest.raises(Unreadable, match="a second time"):
        await _listed(vendor)


async def test_a_list_that_shrinks_while_it_is_read_is_no_list_beyond_its_announcement() -> None:
    vendor = Vendor()
    vendor.strict = False
    data = [samples.invoice_item(number) for number in range(150)]
    answers = [
        httpx.Response(200, content=encode({"data": part, "meta": {"matches": matches}}))
        for part, matches in ((data[:100], 150), (data[100:110], 60))
    ]
    vendor.will("invoices.list", *answers)
    assert len(await _listed(vendor)) == 110


def test_a_name_that_stands_twice_is_read_the_same_way_by_every_shape() -> None:
    body = b'{"token": "first", "token": "last"}'
    assert decode(body, session.UserTokenAnswer).token == "last"
    assert decode(body, dict[str, Any]) == {"token": "last"}
    assert bytes(decode(body, dict[str, msgspec.Raw])["token"]) == b'"last"'


@pytest.mark.parametrize(("matches", "records"), [(1, 2), (PAGE_SIZE, PAGE_SIZE + 1)])
async def test_a_list_of_more_than_was_announced_ends(matches: int, records: int) -> None:
    vendor = Vendor()
    vendor.strict = False
    data = [samples.invoice_item(number) for number in range(records)]
    answer = ok(None)
    body = encode({"data": data, "meta": {"matches": matches}})
    vendor.will("invoices.list", type(answer)(200, content=body))
    async with vendor.client() as teamleader:
        with pytest.raises(Unreadable, match="more records than it announced"):
            await _invoices(teamleader)


async def test_a_list_without_an_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octowizard.teamleader.client.MOST_PAGES", 3)
    vendor = Vendor()
    vendor.strict = False
    pages = [
        ok([samples.invoice_item(at) for at in range(n * PAGE_SIZE, (n + 1) * PAGE_SIZE)]) for n in range(4)
    ]
    vendor.will("invoices.list", *pages)
    async with vendor.client() as teamleader:
        with pytest.raises(Unreadable, match="more than 3 pages"):
            await _invoices(teamleader)
    assert vendor.calls("invoices.list") == 3


@pytest.mark.parametrize(
    ("field", "secret"),
    [
        ("software_house", "huis-é"),
        ("software_house", "a\r\nInjected: 1"),
        ("software_house", ""),
        ("user", "\udcff"),
        ("password", "\udcff"),
    ],
)
def test_a_secret_that_cannot_be_sent_is_named_before_anything_is(field: str, secret: str) -> None:
    given = {"software_house": "house", "user": "an", "password": "pass-word", field: secret}
    with pytest.raises(ConfigurationError, match="The Octopus"):
        Octopus(scripted.ADDRESS, session.Credentials(**given), dossier_id=7, ledger=MemoryCallLedger())


def test_a_teamleader_secret_that_cannot_be_sent_is_named_before_anything_is() -> None:
    url = "https://api.example.test"
    with pytest.raises(ConfigurationError, match="The Teamleader client secret"):
        Teamleader(url, url, oauth.Credentials("an-id", "\udcff-secret"), Store([]))


@pytest.mark.parametrize("expires_in", [-1, 10**30, 1.5e9, "soon", None, [], True])
async def test_a_sign_in_is_not_lost_by_a_lifetime_that_cannot_be(expires_in: Any) -> None:
    vendor = Vendor()
    tokens = {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": expires_in}
    vendor.will("oauth2/access_token", type(ok(None))(200, content=encode(tokens)))
    vendor.strict = False
    vendor.will("invoices.list", ok([]))
    async with vendor.client() as teamleader:
        await _invoices(teamleader)
        await _invoices(teamleader)
    assert vendor.calls("oauth2/access_token") == 1
    assert vendor.store.token == "refresh-1"


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "tök", "x" * 20_000])
async def test_a_token_that_fits_no_header_is_refused(token: str) -> None:
    vendor = Vendor()
    vendor.strict = False
    tokens = {"access_token": token, "refresh_token": "refresh-1"}
    vendor.will("oauth2/access_token", type(ok(None))(200, content=encode(tokens)))
    async with vendor.client() as teamleader:
        with pytest.raises(Unreadable, match="no token"):
            await _invoices(teamleader)


async def test_a_web_page_is_not_taken_for_the_success_of_a_write() -> None:
    page = next(spoil for spoil in SPOILS if spoil.name == "a web page")
    async with hostile(respond, lambda *_: True, page) as vendor, client(vendor.url) as http:
        request = http.build_request("POST", "/dossiers", content=b"{}")
        with pytest.raises(Unreadable, match="A web page came where Octopus") as caught:
            await exchange(http, request, vendor="Octopus", operation="POST /x", write=True)
    assert caught.value.in_doubt
    assert isinstance(http._calls, BoundedCalls)


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"[" * (bounds.DEEPEST + 1) + b"]" * (bounds.DEEPEST + 1), True),
        (b"[" * bounds.DEEPEST + b"]" * bounds.DEEPEST, False),
        (b'[["' + b"[{" * 99 + b'"]]', False),
        (b'{"a\\"' + b"[" * 99 + b'":"\\\\"}', False),
        (b'{"a":' * 60 + b'"]"' + b"}" * 60, True),
        (b"[[],{}," * 60 + b"1" + b"]" * 60, True),
    ],
)
def test_depth_is_that_of_records_not_of_brackets_in_a_text(body: bytes, deep: bool) -> None:
    assert bounds._is_deep(body) is deep
