"""The calls to Teamleader: what is sent, what is made of every odd answer, and what is never sent twice."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import httpx
import pytest

from octowizard.teamleader.client import Teamleader, moment
from octowizard.teamleader.models import Money
from octowizard.teamleader.oauth import Credentials
from octowizard.transport.errors import (
    ConfigurationError,
    Failed,
    Forbidden,
    Interrupted,
    LimitReached,
    Refused,
    Unreachable,
    Unreadable,
    VendorError,
)
from octowizard.transport.ledger import MemoryCallLedger
from tests.teamleader import samples
from tests.teamleader.samples import uuid
from tests.teamleader.vendor import Store, Vendor, ok, refused

SINCE = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=1)))
PAID = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


async def every_page(vendor: Vendor, pages: Callable[[Teamleader], Any]) -> list[Any]:
    async with vendor.client() as teamleader:
        return [page async for page in pages(teamleader)]


async def test_a_list_ends_at_the_first_short_page(vendor: Vendor) -> None:
    vendor.will(
        "companies.list",
        ok([samples.company(number) for number in range(100)]),
        ok([samples.company(number) for number in range(100, 140)]),
    )
    pages = await every_page(vendor, lambda teamleader: teamleader.companies(updated_since=SINCE))
    assert [len(page.records) for page in pages] == [100, 40]
    assert vendor.bodies["companies.list"][1] == {
        "filter": {"updated_since": "2026-01-02T02:04:05+00:00"},
        "page": {"size": 100, "number": 2},
        "sort": [{"field": "added_at", "order": "asc"}],
    }


async def test_a_list_of_exactly_one_page_ends_after_the_empty_one(vendor: Vendor) -> None:
    vendor.will("contacts.list", ok([samples.contact(number) for number in range(100)]), ok([]))
    pages = await every_page(vendor, lambda teamleader: teamleader.contacts())
    assert [len(page.records) for page in pages] == [100]
    assert vendor.calls("contacts.list") == 2


async def test_beside_each_record_stands_the_json_it_came_as(vendor: Vendor) -> None:
    vendor.strict = False
    vendor.will("invoices.list", ok([samples.invoice_item(1, field_of_tomorrow=1), samples.invoice_item(2)]))
    (page,) = await every_page(vendor, lambda teamleader: teamleader.invoices(since=date(2026, 1, 1)))
    assert [record.id for record in page.records] == [uuid(1), uuid(2)]
    assert json.loads(page.raw[0])["field_of_tomorrow"] == 1
    assert json.loads(page.raw[1])["id"] == uuid(2)


async def test_ids_are_asked_for_a_hundred_at_a_time_and_each_once(vendor: Vendor) -> None:
    vendor.will("companies.list", ok([samples.company(1)]))
    wanted = [uuid(number) for number in [*range(150), 3, 4]]
    await every_page(vendor, lambda teamleader: teamleader.companies_by_id(wanted))
    assert [len(body["filter"]["ids"]) for body in vendor.bodies["companies.list"]] == [100, 50]


async def test_documents_are_filtered_as_asked(vendor: Vendor) -> None:
    vendor.will("invoices.list", ok([samples.invoice_item()]))
    vendor.will("creditNotes.list", ok([samples.credit_note_item()]))
    await every_page(
        vendor,
        lambda teamleader: teamleader.invoices(
            department_id=samples.DEPARTMENT,
            since=date(2026, 1, 1),
            until=date(2026, 12, 31),
            status=["outstanding", "matched"],
            updated_since=SINCE,
        ),
    )
    await every_page(
        vendor,
        lambda teamleader: teamleader.credit_notes(department_id=samples.DEPARTMENT, since=date(2026, 1, 1)),
    )
    assert vendor.bodies["invoices.list"][0]["filter"] == {
        "department_id": samples.DEPARTMENT,
        "invoice_date_after": "2026-01-01",
        "invoice_date_before": "2026-12-31",
        "status": ["outstanding", "matched"],
        "updated_since": "2026-01-02T02:04:05+00:00",
    }
    assert "sort" not in vendor.bodies["creditNotes.list"][0]


async def test_amounts_arrive_to_the_last_digit(vendor: Vendor) -> None:
    vendor.will("invoices.info", ok(samples.invoice()))
    async with vendor.client() as teamleader:
        invoice = await teamleader.invoice(uuid(1))
    assert invoice.total.due == Money(Decimal("100.05"), "EUR")
    assert str(invoice.grouped_lines[0].line_items[0].total.tax_exclusive.amount) == "0.15"
    assert invoice.total.taxes[0].rate == Decimal("0.21")
    assert invoice.payments[0].payment.amount == Decimal("23.40")


@pytest.mark.parametrize("data", [samples.credit_note(), [samples.credit_note()]], ids=["object", "array"])
async def test_a_credit_note_is_read_in_both_shapes(vendor: Vendor, data: Any) -> None:
    vendor.will("creditNotes.info", ok(data))
    async with vendor.client() as teamleader:
        credit_note, raw = await teamleader.credit_note_raw(uuid(1))
    assert credit_note.credit_note_number == "2026/5"
    assert json.loads(raw)["id"] == uuid(1)


async def test_no_credit_note_at_all_is_not_taken_for_one(vendor: Vendor) -> None:
    vendor.will("creditNotes.info", ok([]))
    async with vendor.client() as teamleader:
        with pytest.raises(Unreadable, match=r"\$\.data"):
            await teamleader.credit_note(uuid(1))


async def test_null_in_every_field_that_can_do_without_is_read(vendor: Vendor) -> None:
    vendor.strict = False
    optional = {
        "invoice_number", "invoice_date", "due_on", "paid", "paid_at", "sent", "purchase_order_number",
        "payment_reference", "currency_exchange_rate", "created_at", "updated_at", "web_url", "delivery_date",
        "payment_term", "currency", "note", "on_hold_since", "peppol_status",
    }  # fmt: skip
    vendor.will("invoices.info", ok(samples.invoice(1, **dict.fromkeys(optional))))
    names = [
        "status", "business_type", "vat_number", "website", "primary_address", "iban", "bic", "language",
        "preferred_currency", "payment_term", "invoicing_preferences", "added_at", "updated_at", "web_url",
    ]  # fmt: skip
    vendor.will("companies.list", ok([samples.company(1, **dict.fromkeys(names))]))
    (page,) = await every_page(vendor, lambda teamleader: teamleader.companies())
    async with vendor.client() as teamleader:
        invoice = await teamleader.invoice(uuid(1))
    assert invoice.invoice_number is None
    assert page.records[0].updated_at is None


async def test_a_value_no_list_names_is_data(vendor: Vendor) -> None:
    vendor.strict = False
    vendor.will("invoices.info", ok(samples.invoice(status="disputed", peppol_status="on_its_way")))
    async with vendor.client() as teamleader:
        assert (await teamleader.invoice(uuid(1))).status == "disputed"


@pytest.mark.parametrize(
    "written", ["2021-06-15T10:51:23.035+0100", "2021-06-15T10:51:23.035+01:00", "2021-06-15T09:51:23.035Z"]
)
async def test_moments_are_read_in_every_form_seen(vendor: Vendor, written: str) -> None:
    vendor.strict = False
    vendor.will("companies.info", ok(samples.company(updated_at=written)))
    async with vendor.client() as teamleader:
        company = await teamleader.company(uuid(1))
    assert company.updated_at == datetime(2021, 6, 15, 9, 51, 23, 35000, tzinfo=UTC)


async def test_a_wrong_type_is_named_by_its_path_in_the_whole_answer(vendor: Vendor) -> None:
    vendor.strict = False
    broken = samples.invoice_item(2)
    broken["total"]["due"]["amount"] = "a lot"
    vendor.will("invoices.list", ok([samples.invoice_item(1), broken]))
    with pytest.raises(Unreadable) as caught:
        await every_page(vendor, lambda teamleader: teamleader.invoices())
    assert caught.value.path == "$.data[1].total.due.amount"
    assert "$.data[1].total.due.amount" in str(caught.value)


@pytest.mark.parametrize(
    "body", [b'{"data": [', b"<html>", b"", b'{"meta": {}}', b"[1]", b'{"data": 7}', b"\xff"]
)
async def test_an_answer_that_is_no_list_is_one_clear_error(vendor: Vendor, body: bytes) -> None:
    vendor.strict = False
    vendor.will("companies.list", httpx.Response(200, content=body))
    with pytest.raises(Unreadable):
        await every_page(vendor, lambda teamleader: teamleader.companies())


async def test_settings_are_read(vendor: Vendor) -> None:
    department = {"id": uuid(1), "name": "Main", "vat_number": None, "currency": "EUR", "status": "active"}
    rate = {
        "id": uuid(2),
        "description": "21 %",
        "rate": Decimal("0.21"),
        "department": samples.DEPARTMENT_REF,
    }
    ledgers = [{"department": samples.DEPARTMENT_REF, "ledger_account_number": "70100"}]
    vendor.will("departments.list", ok([department]))
    vendor.will("taxRates.list", ok([rate]))
    vendor.will("productCategories.list", ok([{"id": uuid(3), "name": "Work", "ledgers": ledgers}]))
    async with vendor.client() as teamleader:
        assert [each.name for each in await teamleader.departments()] == ["Main"]
        assert [each.rate for each in await teamleader.tax_rates(samples.DEPARTMENT)] == [Decimal("0.21")]
        (category,) = await teamleader.product_categories(samples.DEPARTMENT)
        assert category.account_in(samples.DEPARTMENT) == "70100"
        assert category.account_in(uuid(99)) is None


async def test_the_default_payment_term_is_known(vendor: Vendor) -> None:
    body = {"data": [{"id": uuid(1), "type": "after_invoice_date", "days": 30}], "meta": {"default": uuid(1)}}
    vendor.will("paymentTerms.list", httpx.Response(200, json=body))
    async with vendor.client() as teamleader:
        terms = await teamleader.payment_terms()
    assert (terms.default, terms.terms[0].days) == (uuid(1), 30)


async def test_every_call_names_the_version_of_the_interface(vendor: Vendor) -> None:
    vendor.will("departments.list", ok([]))
    async with vendor.client() as teamleader:
        await teamleader.departments()
    assert vendor.requests[-1].headers["X-Api-Version"] == "2023-09-26"
    assert vendor.requests[-1].headers["Content-Type"] == "application/json"


# --- writes ---------------------------------------------------------------------------------------------------

Write = Callable[[Teamleader], Awaitable[Any]]
WRITES: dict[str, Write] = {
    "companies.add": lambda tl: tl.add_company({"name": "Foo"}),
    "companies.update": lambda tl: tl.update_company(uuid(1), {"vat_number": None}),
    "companies.delete": lambda tl: tl.delete_company(uuid(1)),
    "companies.tag": lambda tl: tl.tag_company(uuid(1), ["a"]),
    "contacts.add": lambda tl: tl.add_contact({"last_name": "Foo"}),
    "contacts.linkToCompany": lambda tl: tl.link_contact(uuid(1), uuid(2), decision_maker=True),
    "contacts.unlinkFromCompany": lambda tl: tl.unlink_contact(uuid(1), uuid(2)),
    "invoices.registerPayment": lambda tl: tl.register_payment(uuid(1), Money(Decimal("9.10"), "EUR"), PAID),
}


def done(operation: str) -> httpx.Response:
    if operation.endswith(".add"):
        return ok({"type": operation.partition(".")[0].removesuffix("s"), "id": uuid(5)}, 201)
    return ok(None, 204)


@pytest.mark.parametrize("operation", WRITES)
async def test_each_write_is_sent_once_as_the_contract_says(vendor: Vendor, operation: str) -> None:
    vendor.will(operation, done(operation))
    async with vendor.client() as teamleader:
        await WRITES[operation](teamleader)
    assert vendor.calls(operation) == 1


@pytest.mark.parametrize(
    ("answer", "error", "in_doubt"),
    [
        (httpx.ConnectError("no route"), Unreachable, False),
        (httpx.ConnectTimeout("slow"), Unreachable, False),
        (httpx.ReadError("cut"), Interrupted, True),
        (httpx.ReadTimeout("slow"), Interrupted, True),
        (httpx.RemoteProtocolError("cut in the body"), Interrupted, True),
        (httpx.Response(500), Failed, True),
        (httpx.Response(503, content=b"<html>"), Failed, True),
        (refused(429), LimitReached, False),
        (refused(400), Refused, False),
        (refused(403), Forbidden, False),
        (refused(404), Refused, False),
        (httpx.Response(302, headers={"Location": "https://elsewhere.test/"}), Unreadable, True),
    ],
    ids=lambda value: getattr(value, "__name__", repr(value)[:40]),
)
@pytest.mark.parametrize("operation", WRITES)
async def test_a_write_that_failed_is_never_repeated_and_says_whether_it_is_in_doubt(
    vendor: Vendor, operation: str, answer: Any, error: type[VendorError], in_doubt: bool
) -> None:
    vendor.strict = False
    vendor.will(operation, answer)
    async with vendor.client() as teamleader:
        with pytest.raises(error) as caught:
            await WRITES[operation](teamleader)
    assert vendor.calls(operation) == 1
    assert caught.value.in_doubt is in_doubt
    assert caught.value.operation == operation


async def test_a_write_refused_for_an_old_token_is_sent_again_with_a_new_one(vendor: Vendor) -> None:
    vendor.will("companies.delete", refused(401), ok(None, 204))
    async with vendor.client() as teamleader:
        await teamleader.delete_company(uuid(1))
    assert vendor.calls("companies.delete") == 2


async def test_a_new_company_without_an_id_in_the_answer_is_in_doubt(vendor: Vendor) -> None:
    vendor.strict = False
    vendor.will("companies.add", httpx.Response(201, content=b"{}"))
    async with vendor.client() as teamleader:
        with pytest.raises(Unreadable) as caught:
            await teamleader.add_company({"name": "Foo"})
    assert caught.value.in_doubt


async def test_a_payment_is_sent_to_the_cent_with_its_moment_in_utc(vendor: Vendor) -> None:
    vendor.will("invoices.registerPayment", ok(None, 204))
    async with vendor.client() as teamleader:
        await teamleader.register_payment(uuid(1), Money(Decimal("1234567.10"), "EUR"), SINCE)
    assert vendor.bodies["invoices.registerPayment"] == [
        {
            "id": uuid(1),
            "payment": {"amount": Decimal("1234567.10"), "currency": "EUR"},
            "paid_at": "2026-01-02T02:04:05+00:00",
        }
    ]
    assert b'"amount":1234567.10' in vendor.requests[-1].content


def test_a_moment_without_a_zone_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 1, 1))  # noqa: DTZ001 - the missing zone is what is tested


# --- reads that fail ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [httpx.ConnectError("no"), httpx.ReadError("cut"), httpx.Response(500), httpx.Response(503)]
)
async def test_a_read_that_failed_for_a_moment_is_made_again(vendor: Vendor, answer: Any) -> None:
    vendor.will("invoices.info", answer, answer, ok(samples.invoice()))
    async with vendor.client() as teamleader:
        assert (await teamleader.invoice(uuid(1))).id == uuid(1)
    assert vendor.calls("invoices.info") == 3


async def test_a_read_is_given_up_after_three_attempts(vendor: Vendor) -> None:
    vendor.will("invoices.info", httpx.ReadError("cut"))
    async with vendor.client() as teamleader:
        with pytest.raises(Interrupted) as caught:
            await teamleader.invoice(uuid(1))
    assert vendor.calls("invoices.info") == 3
    assert caught.value.again
    assert not caught.value.in_doubt


async def test_an_unknown_id_is_a_refusal_with_404_and_the_vendors_words(vendor: Vendor) -> None:
    vendor.will("invoices.info", refused(404, "Invoice not found"))
    async with vendor.client() as teamleader:
        with pytest.raises(Refused, match="Invoice not found") as caught:
            await teamleader.invoice(uuid(1))
    assert (caught.value.status, caught.value.field) == (404, "name")
    assert vendor.calls("invoices.info") == 1


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"null", b'"no"', b'{"errors": 7}', b'{"errors": [7, {"title": 1, "meta": []}]}']
)
async def test_a_refusal_without_a_readable_reason_is_still_a_refusal(vendor: Vendor, body: bytes) -> None:
    vendor.strict = False
    vendor.will("invoices.info", httpx.Response(400, content=body))
    async with vendor.client() as teamleader:
        with pytest.raises(Refused) as caught:
            await teamleader.invoice(uuid(1))
    assert caught.value.status == 400


async def test_a_read_over_the_limit_is_made_again_and_a_lasting_one_says_until_when(vendor: Vendor) -> None:
    spent = refused(429, "Rate limit exceeded", **{"X-RateLimit-Reset": "2026-02-08T11:09:08.500+0100"})
    vendor.will("invoices.info", spent, ok(samples.invoice()))
    vendor.will("creditNotes.info", spent)
    async with vendor.client() as teamleader:
        assert (await teamleader.invoice(uuid(1))).id == uuid(1)
        with pytest.raises(LimitReached) as caught:
            await teamleader.credit_note(uuid(1))
    assert caught.value.until == datetime(2026, 2, 8, 10, 9, 9, 500_000, tzinfo=UTC)
    assert vendor.calls("creditNotes.info") == 3


async def test_the_window_learns_from_every_answer_and_counts_every_attempt(vendor: Vendor) -> None:
    headers = {"X-RateLimit-Limit": "200", "X-RateLimit-Remaining": "77", "X-RateLimit-Reset": "soon"}
    vendor.will(
        "invoices.info",
        refused(401, **headers),
        httpx.ReadError("cut"),
        ok(samples.invoice(), 200, **headers),
    )
    counter = MemoryCallLedger()
    async with vendor.client(counter) as teamleader:
        await teamleader.invoice(uuid(1))
        assert teamleader.window.remaining == 77
        assert teamleader.window._used() == 3
        assert counter.spent("teamleader/an-id", "invoices.info", teamleader.clock.now()) == 3


async def test_an_account_without_a_window_is_not_held_up(vendor: Vendor) -> None:
    headers = {"X-RateLimit-Limit": "1000000", "X-RateLimit-Remaining": "999999"}
    vendor.will("departments.list", ok([], 200, **headers))
    async with vendor.client() as teamleader:
        await teamleader.departments()
        await asyncio.gather(*(teamleader.departments() for _ in range(300)))
    assert vendor.calls("departments.list") == 301


async def test_the_clock_of_the_vendor_is_learnt(vendor: Vendor) -> None:
    vendor.will("invoices.info", ok(samples.invoice(), Date="Fri, 20 Nov 2020 08:00:00 GMT"))
    async with vendor.client() as teamleader:
        await teamleader.invoice(uuid(1))
        assert teamleader.clock.now().year == 2020


@pytest.mark.parametrize(
    "address", ["http://api.example.test", "ftp://api.example.test", "api.example.test", ""]
)
def test_an_address_that_would_send_tokens_in_the_open_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError):
        Teamleader(address, "https://auth.example.test", Credentials("an-id", "a-secret"), Store([]))
