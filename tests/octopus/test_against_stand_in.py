"""Every method over real HTTP against the practice company, with each exchange held against the contract."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from msgspec.structs import replace

from octowizard.octopus import bookings as b
from octowizard.octopus import models as m
from octowizard.octopus.client import Octopus
from octowizard.octopus.errors import (
    ILLEGAL_DOCUMENT_SEQUENCE_NR,
    UNKNOWN_BOOKYEAR_PERIOD_NR,
    UNKNOWN_VATCODE,
)
from octowizard.octopus.session import Credentials
from octowizard.sandbox.faults import Fault
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.web import Company
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.transport.errors import Interrupted, LimitReached, LimitSpent, Refused, SignInRefused
from octowizard.transport.ledger import MemoryCallLedger
from octowizard.transport.messages import Request, Response
from octowizard.transport.retry import AT_ONCE
from tests.contracts import check_request, check_response

NAMES = (m.LocalizedString("NL", "Proef"), m.LocalizedString("EN", "Trial"))
PREFIX = "/octopus-rest-api/v1"
_ELEVEN_MINUTES = timedelta(minutes=11)


@pytest.fixture
async def company() -> AsyncIterator[Company]:
    """The healthy company, served on the loopback interface."""
    async with serving(new_company(SCENARIOS["healthy"].build(1, 12, 10))) as served:
        yield served.company


def check_calls(client: Octopus) -> None:
    """Hold every request and response against the contract on the way."""
    send = client._http.send

    async def checked(request: Request) -> Response:
        path, _mark, query = request.target.removeprefix(PREFIX).partition("?")
        sent = json.loads(request.content, parse_float=Decimal) if request.content else None
        check_request("octopus", request.method, path, dict(parse_qsl(query)), request.headers, sent)
        response = await send(request)
        content, is_json = (
            response.content,
            response.headers.get("Content-Type", "").startswith("application/json"),
        )
        came = json.loads(content, parse_float=Decimal) if is_json and content else content.decode() or None
        check_response("octopus", request.method, path, response.status_code, response.headers, came)
        return response

    vars(client._http)["send"] = checked


def connected(company: Company, *, password: str | None = None, dossier_id: int | None = None) -> Octopus:
    side = company.world.octopus
    client = Octopus(
        company.url + PREFIX,
        Credentials(side.software_house, side.user, password or side.password),
        dossier_id=dossier_id or next(iter(side.dossiers)),
        locale_id=1,
        ledger=MemoryCallLedger(),
        enforce_limits=company.world.limits,
        pauses=AT_ONCE,
    )
    check_calls(client)
    return client


@pytest.fixture
async def octopus(company: Company) -> AsyncIterator[Octopus]:
    company.world.limits = False
    async with connected(company) as client:
        yield client


async def open_year(octopus: Octopus) -> m.Bookyear:
    return next(year for year in await octopus.bookyears() if not year.closed)


async def next_booking(octopus: Octopus, journal_key: str = "V1") -> b.BuySellBooking:
    year = await open_year(octopus)
    journals = {journal.journal_key: journal for journal in await octopus.journals(year.bookyear_key.id)}
    relation = next(relation for relation in await octopus.relations() if relation.client)
    return b.BuySellBooking(
        year.bookyear_key,
        journal_key,
        journals[journal_key].last_booked_document_nr + 1,
        relation.relation_identification_service_data,
        year.periods[-1].bookyear_period,
        year.periods[-1].start_date,
        year.periods[-1].end_date,
        Decimal("121.00"),
        "EUR",
        Decimal(1),
        comment='Café "\'t Hoekje" [BE]',
        reference="+++090/9337/55493+++",
        booking_lines=(b.BuySellBookingLine(700000, Decimal("100.00"), "21", Decimal("21.00")),),
    )


async def test_the_first_look_at_a_dossier_reads_everything(octopus: Octopus, company: Company) -> None:
    dossier = company.world.octopus.dossiers[octopus.dossier_id or 0]
    assert (await octopus.version())[0].isdigit()
    assert octopus.dossier_id in [found.dossier_key.id for found in await octopus.dossiers()]
    years = await octopus.bookyears()
    assert [year.bookyear_key.id for year in years] == sorted(dossier.bookyears)
    for year in years:
        detail = await octopus.bookyear(year.bookyear_key.id)
        assert (detail.from_date, detail.to_date) == (year.start_date, year.end_date)
        assert len(year.periods) == 12
        journals = await octopus.journals(year.bookyear_key.id)
        assert {"V1", "V2", "F1"} <= {journal.journal_key for journal in journals}
        assert 700000 in [account.account_key.id for account in await octopus.accounts(year.bookyear_key.id)]
    sales = await octopus.sales_journal(years[-1].bookyear_key.id, 1)
    assert sales.insertion_type == "BOOKING"
    codes = {(code.code, code.type) for code in await octopus.vat_codes()}
    assert {("21", m.SELL), ("21", m.SELL_CREDIT_NOTE)} <= codes
    assert "EUR" in await octopus.currencies()
    assert len(await octopus.cost_centres()) == len(dossier.cost_centres)
    active = [kept for kept in dossier.relations.values() if kept.data.get("active", True)]
    assert len(await octopus.relations()) == len(active)


async def test_what_changed_since_a_moment_is_read(octopus: Octopus) -> None:
    assert (await octopus.modified_accounts(None)).modified
    assert (await octopus.modified_relations(None)).modified
    never = datetime(2200, 1, 1, tzinfo=UTC)
    assert await octopus.modified_accounts(never) == m.SyncAccounts()
    assert await octopus.modified_relations(never) == m.SyncRelations()
    assert await octopus.modified_balancings(never) == b.SyncBalancings()
    assert await octopus.modified_bookings(-1, None, never) == []
    assert await octopus.modified_financial_bookings(-1, None, never) == []
    assert await octopus.booking_lines(-1, -1, never) == b.SyncBookings()


async def test_a_booking_arrives_to_the_cent_and_can_be_found_again(octopus: Octopus) -> None:
    sent = await next_booking(octopus)
    year = sent.bookyear_key.id
    await octopus.post_booking(sent)
    found = await octopus.booking(year, "V1", sent.document_sequence_nr)
    assert found is not None
    assert (found.amount, found.comment, found.reference) == (sent.amount, sent.comment, sent.reference)
    assert [(line.base_amount, line.vat_amount) for line in found.booking_lines] == [
        (Decimal("100.00"), Decimal("21.00"))
    ]
    assert await octopus.booking(year, "V1", sent.document_sequence_nr + 1) is None
    assert found in await octopus.modified_bookings(year, "V1", None)
    rows = (await octopus.booking_lines(year, m.JOURNAL_TYPES["V"], None)).modified_bookings
    assert sent.document_sequence_nr in [row.document_sequence_nr for row in rows]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"document_sequence_nr": 9_000}, ILLEGAL_DOCUMENT_SEQUENCE_NR),
        ({"bookyear_periode_nr": 1}, UNKNOWN_BOOKYEAR_PERIOD_NR),
        (
            {"booking_lines": (b.BuySellBookingLine(700000, Decimal(121), "none", Decimal(0)),)},
            UNKNOWN_VATCODE,
        ),
    ],
)
async def test_a_refused_booking_brings_the_vendors_number(
    octopus: Octopus, change: dict[str, object], code: int
) -> None:
    sent = replace(await next_booking(octopus), **change)
    with pytest.raises(Refused) as caught:
        await octopus.post_booking(sent)
    assert (caught.value.code, caught.value.in_doubt) == (code, False)


async def test_a_receipt_is_matched_seen_and_undone(octopus: Octopus) -> None:
    sale = await next_booking(octopus)
    await octopus.post_booking(sale)
    relation = sale.relation_identification_service_data.relation_key
    assert relation is not None
    journals = await octopus.journals(sale.bookyear_key.id)
    last = next(journal for journal in journals if journal.journal_key == "F1").last_booked_document_nr
    line = b.FinancialDiversBookingLine("C", sale.amount, relation_id=relation.id, reference="2026/V1")
    receipt = b.FinancialDiversBooking(
        sale.bookyear_key, "F1", last + 1, sale.bookyear_periode_nr, sale.document_date, Decimal(1), (line,)
    )
    await octopus.post_financial_booking(receipt)
    assert await octopus.financial_booking(sale.bookyear_key.id, "F1", last + 1) is not None
    assert receipt.document_sequence_nr in [
        found.document_sequence_nr
        for found in await octopus.modified_financial_bookings(sale.bookyear_key.id, "F1", None)
    ]
    year = await open_year(octopus)
    query = b.RelationQuery(
        year.bookyear_key,
        year.bookyear_key,
        year.periods[0].bookyear_period,
        year.periods[-1].bookyear_period,
    )
    number = sale.document_sequence_nr
    assert ("V1", number) in [
        (i.journal_key, i.document_sequence_nr) for i in await octopus.open_items(query)
    ]

    rows = (await octopus.booking_lines(year.bookyear_key.id, m.JOURNAL_TYPES["F"], None)).modified_bookings
    of_receipt = [row for row in rows if row.document_sequence_nr == last + 1 and row.relation_key]
    pair = b.BalancingPair(
        b.BalancingKey(sale.bookyear_key, "V1", number),
        b.BalancingKey(sale.bookyear_key, "F1", last + 1, of_receipt[0].line_sequence_nr),
    )
    await octopus.post_balancing(b.Balancing(pair.debet_key, pair.credit_key, sale.amount))
    matches = (await octopus.modified_balancings(None)).modified_balancings
    match = next(match for match in matches if match.debet_document.balancing_key == pair.debet_key)
    assert (match.matched, match.credit_document.balancing_key) == (sale.amount, pair.credit_key)
    assert ("V1", number) not in [
        (i.journal_key, i.document_sequence_nr) for i in await octopus.open_items(query)
    ]
    history = await octopus.history(replace(query, relation_id=relation.id))
    assert number in [item.document_sequence_nr for item in history if item.journal_key == "V1"]

    await octopus.delete_balancing(pair)
    undone = (await octopus.modified_balancings(None)).deleted_balancings
    assert pair.debet_key in [match.debet_document.balancing_key for match in undone]


async def test_a_relation_is_created_once_and_then_merged(octopus: Octopus) -> None:
    identity = m.RelationIdentification(external_relation_id=4711)
    relation = m.Relation(identity, "EUR", name="Foo [BE] & Zonen", client=True, country="BE", vat_type=1)
    created = await octopus.put_relation(relation)
    assert created is not None
    assert created.relation_identification_service_data.relation_key is not None
    assert await octopus.put_relation(replace(relation, city="Gent")) is None
    found = await octopus.find_relations(external_id=4711)
    assert [(one.name, one.city) for one in found] == [("Foo [BE] & Zonen", "Gent")]
    assert await octopus.find_relations(vat_number="BE9999.999.999") == []


async def test_years_journals_and_accounts_can_be_made_and_changed(octopus: Octopus) -> None:
    last = (await octopus.bookyears())[-1]
    following = last.end_date.year + 1
    made = await octopus.create_bookyear(
        m.BookyearInsert(NAMES, "MONTH", date(following, 1, 1), date(following, 12, 31), False, "QUARTERLY")
    )
    assert made.from_date == date(following, 1, 1)
    renamed = await octopus.update_bookyear(m.BookyearUpdate(made.bookyear_key, names=NAMES[:1]))
    assert [name.value for name in renamed.names if name.language == "NL"] == ["Proef"]

    created = await octopus.create_sales_journal(
        m.SellJournalInsert(m.CommonJournalInsert(made.bookyear_key, 9, NAMES), "BOOKING")
    )
    assert created.common_journal_service_data.journal_key_service_data.journal_key == "V9"
    changed = await octopus.update_sales_journal(
        m.SellJournalUpdate(m.CommonJournalUpdate(made.bookyear_key, 9), "VAT_EXCLUSIVE")
    )
    assert changed.insertion_type == "VAT_EXCLUSIVE"

    key = m.AccountKey(last.bookyear_key, 700987)
    await octopus.put_account(m.Account(key, m.Descriptions(nl="Proef", fr="Essai", en="Trial", de="Probe")))
    accounts = await octopus.accounts(last.bookyear_key.id)
    account = next(account for account in accounts if account.account_key.id == 700987)
    assert account.description.fr == "Essai"
    await octopus.put_account(account)


async def test_the_text_of_an_error_number_can_be_asked(octopus: Octopus) -> None:
    sample = await octopus.sample_error(-13, 1)
    assert sample.error_code == -13
    assert "document nummer" in sample.error_message


async def test_a_wrong_password_is_counted_once_by_the_vendor(company: Company) -> None:
    before = company.world.octopus.failed_logins
    async with connected(company, password="wrong-password") as client:
        for _ in range(3):
            with pytest.raises(SignInRefused):
                await client.bookyears()
    assert company.world.octopus.failed_logins == before + 1


async def test_a_dossier_of_somebody_else_is_refused(company: Company) -> None:
    async with connected(company, dossier_id=1) as client:
        with pytest.raises(Refused) as caught:
            await client.bookyears()
    assert caught.value.operation == "POST /dossiers"


async def test_a_token_that_ended_is_renewed_without_anybody_noticing(
    octopus: Octopus, company: Company
) -> None:
    await octopus.bookyears()
    company.world.clock.advance(_ELEVEN_MINUTES)
    sent = await next_booking(octopus)
    company.world.clock.advance(_ELEVEN_MINUTES)
    await octopus.post_booking(sent)
    found = await octopus.booking(sent.bookyear_key.id, "V1", sent.document_sequence_nr)
    assert found is not None


async def test_the_vendor_never_refuses_for_a_limit_because_we_stop_first(company: Company) -> None:
    company.world.limits = True
    refused = len(company.world.octopus_refused)
    async with connected(company) as client:
        years = await client.bookyears()
        await client.accounts(years[0].bookyear_key.id)
        await client.accounts(years[1].bookyear_key.id)
        with pytest.raises(LimitSpent):
            await client.accounts(years[0].bookyear_key.id)
    assert len(company.world.octopus_refused) == refused


@pytest.mark.parametrize(("kind", "took_effect"), [("drop_before", False), ("drop_after", True)])
async def test_a_cut_connection_leaves_a_booking_in_doubt_and_never_books_twice(
    octopus: Octopus, company: Company, kind: str, took_effect: bool
) -> None:
    sent = await next_booking(octopus)
    company.faults.add(Fault("POST /dossiers/{dossierId}/buysellbookings", kind, times=1))
    with pytest.raises(Interrupted) as caught:
        await octopus.post_booking(sent)
    assert caught.value.in_doubt
    found = await octopus.booking(sent.bookyear_key.id, "V1", sent.document_sequence_nr)
    assert (found is not None) is took_effect
    assert company.world.octopus_calls["POST /dossiers/{dossierId}/buysellbookings"] == 1


async def test_a_read_survives_a_cut_connection_and_a_server_error(
    octopus: Octopus, company: Company
) -> None:
    operation = "GET /dossiers/{dossierId}/bookyears"
    company.faults.add(Fault(operation, "status", status=503, times=1))
    company.faults.add(Fault(operation, "drop_after", times=1))
    del vars(octopus._http)["send"]  # a 503 stands in no contract
    assert len(await octopus.bookyears()) == 3
    assert company.world.octopus_calls[operation] == 3


async def test_the_practice_clock_is_learnt_from_the_answers(octopus: Octopus, company: Company) -> None:
    company.world.clock.advance(timedelta(days=40))
    await octopus.version()
    assert abs(octopus.clock.now() - company.world.clock.now()) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "answer", [(429, -51), (403, -51), (400, -51), (429, None), (403, None), (400, None)]
)
async def test_a_limit_spent_by_somebody_else_is_understood_however_it_is_told(
    company: Company, answer: tuple[int, int | None]
) -> None:
    company.world.limits, company.world.switches.over_limit = True, answer
    async with connected(company) as spender, connected(company) as client:
        del vars(client._http)["send"]  # the contract does not say how a spent limit is told
        await spender.vat_codes()
        await spender.vat_codes()
        with pytest.raises(LimitReached) as caught:
            await client.vat_codes()
    assert (caught.value.status, caught.value.code) == answer
    assert company.world.octopus_calls["GET /dossiers/{dossierId}/vatcodes"] == 3
