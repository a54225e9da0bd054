"""The client against the practice company's Teamleader over real HTTP, every exchange held against the contract."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from octowizard.sandbox.faults import Fault
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.state import World
from octowizard.sandbox.web import Company
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.loopback import code_from
from octowizard.teamleader.models import Money
from octowizard.teamleader.oauth import Credentials, TokenStore, authorize_url, exchange_code
from octowizard.transport.errors import Failed, Interrupted, Refused, SignInRefused, VendorError
from octowizard.transport.ledger import MemoryCallLedger
from octowizard.transport.retry import AT_ONCE
from octowizard.workspace.secrets import RefreshToken, SecretStore
from tests.contracts import check_request, check_response
from tests.teamleader.samples import uuid
from tests.teamleader.vendor import NO_BODY, Store

TODAY = datetime(2026, 11, 20, tzinfo=UTC)


class Checked(httpx.AsyncHTTPTransport):
    """Real HTTP, with each request and each answer checked against the contract on the way."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("access_token"):
            body = dict(parse_qsl(request.content.decode()))
        else:
            body = json.loads(request.content, parse_float=Decimal)
        no_body = path.endswith(NO_BODY)
        check_request("teamleader", "POST", path, {}, dict(request.headers), None if no_body else body)
        response = await super().handle_async_request(request)
        content = await response.aread()
        data = json.loads(content, parse_float=Decimal) if content else None
        check_response(
            "teamleader",
            "POST",
            path,
            response.status_code,
            dict(response.headers),
            data,
            undocumented=(500,),
        )
        return httpx.Response(response.status_code, headers=response.headers, content=content)


@dataclass
class StandIn:
    company: Company
    address: str

    @property
    def world(self) -> World:
        return self.company.world

    @property
    def auth_address(self) -> str:
        return f"{self.address}/teamleader-auth"

    @property
    def credentials(self) -> Credentials:
        side = self.world.teamleader
        return Credentials(side.client_id, side.client_secret)

    def client(self, store: TokenStore | None = None, counter: MemoryCallLedger | None = None) -> Teamleader:
        store = store or Store([], next(iter(self.world.teamleader.refresh_tokens)))
        return Teamleader(
            f"{self.address}/teamleader",
            self.auth_address,
            self.credentials,
            store,
            counter=counter,
            http=Checked(),
            pauses=AT_ONCE,
        )


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    company = new_company(SCENARIOS["healthy"].build(1, 30, 60))
    async with serving(company) as served:
        yield StandIn(company, served.url)


async def test_everything_a_snapshot_needs_is_read(stand_in: StandIn) -> None:
    side = stand_in.world.teamleader
    async with stand_in.client() as teamleader:
        assert (await teamleader.me()).account.id == side.me["account"]["id"]
        (department, *_others) = await teamleader.departments()
        assert department.id in side.departments
        assert {rate.id for rate in await teamleader.tax_rates()} == set(side.tax_rates)
        here = await teamleader.tax_rates(department.id)
        assert {rate.department.id for rate in here} == {department.id}
        categories = await teamleader.product_categories(department.id)
        assert {category.id for category in categories} <= set(side.product_categories)
        assert any(category.account_in(department.id) for category in categories)
        assert (await teamleader.payment_terms()).default == side.default_payment_term
        companies = [record async for page in teamleader.companies() for record in page.records]
        contacts = [record async for page in teamleader.contacts() for record in page.records]
        assert {record.id for record in companies} == set(side.companies)
        assert {record.id for record in contacts} == set(side.contacts)
        for record in companies:
            assert (await teamleader.company(record.id)).name == record.name
        for person in contacts:
            assert (await teamleader.contact(person.id)).name == person.name
        some = list(side.companies)[:5]
        found = [record.id async for page in teamleader.companies_by_id(some) for record in page.records]
        assert sorted(found) == sorted(some)


async def test_every_document_is_read_to_the_cent(stand_in: StandIn) -> None:
    side = stand_in.world.teamleader
    async with stand_in.client() as teamleader:
        invoices = [record async for page in teamleader.invoices() for record in page.records]
        credit_notes = [record async for page in teamleader.credit_notes() for record in page.records]
        assert {record.id for record in invoices} == set(side.invoices)
        assert {record.id for record in credit_notes} == set(side.credit_notes)
        for item in invoices:
            invoice = await teamleader.invoice(item.id)
            assert invoice.total.due == item.total.due
            lines = [line for group in invoice.grouped_lines for line in group.line_items]
            if not invoice.discounts:
                total = sum((line.total.tax_exclusive.amount for line in lines), Decimal(0))
                assert total == invoice.total.tax_exclusive.amount
        for note in credit_notes:
            assert (await teamleader.credit_note(note.id)).total.tax_inclusive == note.total.tax_inclusive


async def test_documents_can_be_narrowed_by_date_and_status(stand_in: StandIn) -> None:
    first = date(2026, 11, 1)
    async with stand_in.client() as teamleader:
        pages = teamleader.invoices(since=first, status=["outstanding", "matched"])
        invoices = [record async for page in pages for record in page.records]
        pages_of_notes = teamleader.credit_notes(since=first, updated_since=TODAY - timedelta(days=3650))
        notes = [record async for page in pages_of_notes for record in page.records]
    assert all(record.invoice_date is not None and record.invoice_date >= first for record in invoices)
    assert {record.status for record in invoices} <= {"outstanding", "matched"}
    assert all(record.credit_note_date is not None and record.credit_note_date >= first for record in notes)


async def test_a_payment_arrives_once_and_to_the_cent(stand_in: StandIn) -> None:
    async with stand_in.client() as teamleader:
        open_ones = [
            item async for page in teamleader.invoices(status=["outstanding"]) for item in page.records
        ]
        before = await teamleader.invoice(open_ones[0].id)
        assert before.total.due is not None
        part = Money(Decimal("0.37"), before.total.due.currency)
        await teamleader.register_payment(before.id, part, TODAY)
        after = await teamleader.invoice(before.id)
    assert len(after.payments) == len(before.payments) + 1
    assert after.payments[-1].payment == part
    assert after.total.due is not None
    assert after.total.due.amount == before.total.due.amount - Decimal("0.37")


async def test_customers_can_be_made_changed_linked_and_deleted(stand_in: StandIn) -> None:
    async with stand_in.client() as teamleader:
        company = await teamleader.add_company({"name": "Foo [BE] bvba", "vat_number": "BE0899623035"})
        await teamleader.update_company(company, {"vat_number": None, "website": "https://foo.example"})
        await teamleader.tag_company(company, ["Octopus Import"])
        person = await teamleader.add_contact({"last_name": "Janssens", "first_name": "An"})
        await teamleader.link_contact(person, company, position="CFO", decision_maker=True)
        record = await teamleader.company(company)
        assert (record.name, record.vat_number, record.tags) == ("Foo [BE] bvba", None, ("Octopus Import",))
        assert [link.id for link in record.related_contacts] == [person]
        assert [link.company.id for link in (await teamleader.contact(person)).companies] == [company]
        await teamleader.unlink_contact(person, company)
        await teamleader.delete_company(company)
        with pytest.raises(Refused) as caught:
            await teamleader.company(company)
    assert caught.value.status == 404


async def test_an_unknown_id_is_a_404(stand_in: StandIn) -> None:
    async with stand_in.client() as teamleader:
        for call in (
            teamleader.invoice,
            teamleader.credit_note,
            teamleader.contact,
            teamleader.delete_company,
        ):
            with pytest.raises(Refused) as caught:
                await call(uuid(0xDEAD))
            assert caught.value.status == 404


async def test_an_access_token_that_has_run_out_is_renewed_under_way(stand_in: StandIn) -> None:
    store = Store([], next(iter(stand_in.world.teamleader.refresh_tokens)))
    async with stand_in.client(store) as teamleader:
        await teamleader.me()
        first = store.token
        stand_in.world.clock.advance(timedelta(hours=2))
        await teamleader.me()
    assert store.token != first


async def test_a_spent_refresh_token_ends_in_one_clear_refusal(stand_in: StandIn) -> None:
    old = next(iter(stand_in.world.teamleader.refresh_tokens))
    async with stand_in.client(Store([], old)) as teamleader:
        await teamleader.me()
    async with stand_in.client(Store([], old)) as teamleader:
        with pytest.raises(SignInRefused, match="sign in again"):
            await teamleader.me()


async def test_two_octowizards_with_one_sign_in_do_not_cost_each_other_theirs(
    stand_in: StandIn, tmp_path: Path
) -> None:
    first, second = (RefreshToken(SecretStore("practice", tmp_path, "file", environ={})) for _ in range(2))
    first.replace(None, next(iter(stand_in.world.teamleader.refresh_tokens)))
    async with stand_in.client(first) as one, stand_in.client(second) as other:
        for _hours in range(3):
            await asyncio.gather(one.me(), other.me())
            stand_in.world.clock.advance(timedelta(hours=2))
    assert [refusal for refusal in stand_in.world.teamleader_refused if refusal.status != 401] == []
    assert stand_in.world.teamleader_calls["oauth2/access_token"] == 3  # once an hour, whoever is first


async def test_a_first_sign_in_through_the_browser_gives_tokens(stand_in: StandIn) -> None:
    redirect = stand_in.world.teamleader.redirect_uris[0]
    address = authorize_url(stand_in.auth_address, stand_in.credentials.client_id, redirect, "our-state")
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(f"{address}&approve=yes")
    location = answer.headers["Location"]
    assert urlsplit(location).netloc == urlsplit(redirect).netloc
    code = code_from(location, "our-state")
    pair = await exchange_code(stand_in.auth_address, stand_in.credentials, code, redirect, http=Checked())
    async with stand_in.client(Store([], pair.refresh_token)) as teamleader:
        await teamleader.me()
    with pytest.raises(SignInRefused):
        await exchange_code(stand_in.auth_address, stand_in.credentials, code, redirect)


async def test_a_failure_on_a_write_leaves_it_in_doubt_and_sends_it_once(stand_in: StandIn) -> None:
    stand_in.company.faults.add(Fault("companies.add", "status", status=500))
    counter = MemoryCallLedger()
    async with stand_in.client(counter=counter) as teamleader:
        with pytest.raises(Failed) as caught:
            await teamleader.add_company({"name": "Foo"})
    assert caught.value.in_doubt
    assert stand_in.world.teamleader_calls["companies.add"] == 1


@pytest.mark.parametrize(("cut", "arrived"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_payment_whose_answer_was_cut_off_is_in_doubt_and_not_sent_again(
    stand_in: StandIn, cut: str, arrived: int
) -> None:
    side = stand_in.world.teamleader
    number = next(number for number, kept in side.invoices.items() if kept.data["status"] == "outstanding")
    async with stand_in.client() as teamleader:
        before = await teamleader.invoice(number)
        stand_in.company.faults.add(Fault("invoices.registerPayment", cut, times=1))
        with pytest.raises(Interrupted) as caught:
            await teamleader.register_payment(number, Money(Decimal("0.37"), "EUR"), TODAY)
        after = await teamleader.invoice(number)
    assert caught.value.in_doubt
    assert len(after.payments) - len(before.payments) == arrived
    assert stand_in.world.teamleader_calls["invoices.registerPayment"] == 1


async def test_a_read_that_was_cut_off_is_simply_made_again(stand_in: StandIn) -> None:
    number = next(iter(stand_in.world.teamleader.invoices))
    stand_in.company.faults.add(Fault("invoices.info", "drop_after", times=2))
    async with stand_in.client() as teamleader:
        assert (await teamleader.invoice(number)).id == number
    assert stand_in.world.teamleader_calls["invoices.info"] == 3


async def test_many_calls_at_once_never_meet_a_429(stand_in: StandIn) -> None:
    invoices = list(stand_in.world.teamleader.invoices)[:20]
    counter = MemoryCallLedger()
    async with stand_in.client(counter=counter) as teamleader:
        await asyncio.gather(*(teamleader.invoice(invoices[number % 20]) for number in range(120)))
        counted = counter.spent(
            f"teamleader/{stand_in.credentials.client_id}", "invoices.info", teamleader.clock.now()
        )
    assert counted == stand_in.world.teamleader_calls["invoices.info"] == 120
    assert stand_in.world.teamleader_refused == []


async def test_a_stand_in_that_is_gone_is_one_sentence(stand_in: StandIn) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    gone = StandIn(stand_in.company, f"http://127.0.0.1:{port}")
    async with gone.client() as teamleader:
        with pytest.raises(VendorError, match="cannot be reached") as caught:
            await teamleader.me()
    assert caught.value.again
    assert not caught.value.in_doubt
