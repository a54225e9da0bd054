"""The life of an invoice in the practice Teamleader: drafted, numbered, changed, copied, paid, found, deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.teamleader_world import (
    ABROAD,
    ANN,
    BAKERY,
    BREWERY,
    BRUSSELS,
    GHENT,
    INVOICE_FIELD,
    NO_LEDGER,
    PRODUCT,
    RATE_6,
    RATE_GHENT,
    TRANSFER,
    UNKNOWN,
    Api,
    draft,
    line,
    make_world,
    open_api,
)

Json = dict[str, Any]

PAID_AT = "2026-11-15T10:00:00+00:00"


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with open_api(make_world(limits=False)) as opened:
        yield opened


def payment(identity: str, amount: str, currency: str = "EUR", **over: Any) -> Json:
    money = {"amount": Decimal(amount), "currency": currency}
    return {"id": identity, "payment": money, "paid_at": PAID_AT, **over}


async def test_a_draft_has_no_number_and_shows_its_money(api: Api) -> None:
    identity = (await api("invoices.draft", draft(line("19.99", quantity="3"), line("10", RATE_6)))).id
    shown = await api.invoice(identity)
    assert (shown["status"], shown["invoice_number"], shown["paid"]) == ("draft", None, False)
    assert shown["total"]["payable"] == {"amount": Decimal("83.16"), "currency": "EUR"}
    assert shown["invoicee"]["name"] == "Bakkerij De Proef"
    assert shown["invoicee"]["vat_number"] == "BE0400000097"
    assert shown["currency_exchange_rate"] is None


async def test_a_draft_keeps_all_that_it_was_made_with(api: Api) -> None:
    body = draft(
        line(product_id=PRODUCT, extended_description="**more**"),
        customer=BREWERY,
        currency={"code": "USD", "exchange_rate": Decimal("1.1")},
        purchase_order_number="PO-1",
        discounts=[{"type": "percentage", "value": 5, "description": "Korting"}],
        note="Thank you",
        expected_payment_method={"method": "bank_transfer"},
        custom_fields=[{"id": INVOICE_FIELD, "value": "x"}],
        delivery_date="2026-11-01",
    )
    body["invoicee"]["for_attention_of"] = {"contact_id": ANN}
    shown = await api.invoice((await api("invoices.draft", body)).id)
    assert shown["currency"] == shown["total"]["due"]["currency"] == "USD"
    assert shown["currency_exchange_rate"] == {"from": "USD", "to": "EUR", "rate": Decimal("1.1")}
    assert shown["total"]["tax_exclusive"]["amount"] == Decimal("95.00")
    assert shown["invoicee"]["for_attention_of"]["name"] == "Ann Peeters"
    assert (shown["note"], shown["purchase_order_number"]) == ("Thank you", "PO-1")


async def test_a_contact_can_be_the_customer(api: Api) -> None:
    body = draft()
    body["invoicee"] = {"customer": {"type": "contact", "id": ANN}}
    shown = await api.invoice((await api("invoices.draft", body)).id)
    assert shown["invoicee"]["name"] == "Ann Peeters"
    assert shown["invoicee"]["email"] == "ann@example.be"


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"note": ""}, "note"),
        ({"department_id": UNKNOWN}, "department_id"),
        ({"invoicee": {"customer": {"type": "company", "id": UNKNOWN}}}, "invoicee.customer.id"),
        ({"discounts": [{"type": "percentage", "value": 101}]}, "discounts.0.value"),
        ({"currency": {"code": "BTC"}}, "currency.code"),
        ({"project_id": UNKNOWN}, "project_id"),
        ({"quotation_id": UNKNOWN}, "quotation_id"),
        ({"expected_payment_method": {"method": "sepa_direct_debit"}}, "expected_payment_method"),
    ],
)
async def test_a_wrong_draft_is_refused(api: Api, over: Json, field: str) -> None:
    said = await api("invoices.draft", {**draft(), **over}, strict=False)
    assert (said.status, said.field) == (400, field)
    assert not api.world.teamleader.invoices


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (line(rate=RATE_GHENT), "tax_rate_id"),
        (line(product_category_id=UNKNOWN), "product_category_id"),
        (line(product_id=UNKNOWN), "product_id"),
        (line(description="x" * 251), "description"),
    ],
)
async def test_a_wrong_line_is_refused(api: Api, wrong: Json, field: str) -> None:
    said = await api("invoices.draft", draft(wrong), strict=False)
    assert (said.status, said.field) == (400, f"grouped_lines.0.line_items.0.{field}")


async def test_more_than_250_lines_and_untitled_sections_are_refused(api: Api) -> None:
    assert (await api("invoices.draft", draft(*[line("1")] * 250))).status == 201
    assert (await api("invoices.draft", draft(*[line("1")] * 251))).status == 400
    body = draft(grouped_lines=[{"section": {"title": ""}, "line_items": [line()]}])
    assert (await api("invoices.draft", body, strict=False)).status == 400


async def test_booking_numbers_run_without_gap_per_entity_and_year(api: Api) -> None:
    first = await api.book(on="2026-11-02")
    second = await api.book(on="2026-11-02")
    other = await api.book(line(rate=RATE_GHENT), on="2026-01-05", department_id=GHENT)
    next_year = await api.book(on="2027-01-04")
    numbers = [(await api.invoice(one))["invoice_number"] for one in (first, second, other, next_year)]
    assert numbers == ["2026 / 1", "2026 / 2", "2026 / 1", "2027 / 1"]


async def test_the_name_of_the_fiscal_year_is_printed_in_the_number(api: Api) -> None:
    api.world.teamleader.fiscal_year_names["2026"] = "BJ26"
    assert (await api.invoice(await api.book()))["invoice_number"] == "BJ26 / 1"


async def test_a_booked_invoice_is_outstanding_with_due_date_and_reference(api: Api) -> None:
    shown = await api.invoice(await api.book(on="2026-11-02"))
    assert (shown["status"], shown["invoice_date"], shown["due_on"]) == (
        "outstanding",
        "2026-11-02",
        "2026-12-02",
    )
    assert shown["payment_reference"].startswith("+++")
    abroad = await api.invoice(await api.book(customer=ABROAD))
    assert abroad["payment_reference"] is None


async def test_booking_twice_or_back_in_time_is_refused(api: Api) -> None:
    first = await api.book(on="2026-11-10")
    assert (await api("invoices.book", {"id": first, "on": "2026-11-11"})).status == 400
    second = (await api("invoices.draft", draft())).id
    assert (await api("invoices.book", {"id": second, "on": "2026-11-09"})).status == 400
    assert (await api("invoices.book", {"id": second, "on": "2026-11-10"})).status == 204


async def test_part_payments_add_up_until_the_invoice_is_matched(api: Api) -> None:
    identity = await api.book()
    assert (await api("invoices.registerPayment", payment(identity, "100"))).status == 204
    part = await api.invoice(identity)
    assert (part["status"], part["paid"], part["paid_at"]) == ("outstanding", False, None)
    assert part["total"]["due"]["amount"] == Decimal("21.00")
    last = payment(identity, "21.00", paid_at="2026-11-16T11:00:00+01:00", payment_method_id=TRANSFER)
    assert (await api("invoices.registerPayment", last)).status == 204
    full = await api.invoice(identity)
    assert (full["status"], full["paid"]) == ("matched", True)
    assert full["paid_at"] == "2026-11-16T10:00:00+00:00"
    assert full["total"]["due"]["amount"] == 0
    assert [entry["payment"]["amount"] for entry in full["payments"]] == [100, Decimal("21.00")]


async def test_paying_too_much_is_allowed_and_shows(api: Api) -> None:
    identity = await api.book()
    await api("invoices.registerPayment", payment(identity, "130"))
    assert (await api.invoice(identity))["total"]["due"]["amount"] == Decimal("-9.00")


async def test_removing_payments_takes_all_away(api: Api) -> None:
    identity = await api.book()
    await api("invoices.registerPayment", payment(identity, "60"))
    await api("invoices.registerPayment", payment(identity, "61"))
    assert (await api("invoices.removePayments", {"id": identity})).status == 204
    shown = await api.invoice(identity)
    assert (shown["status"], shown["payments"], shown["paid_at"]) == ("outstanding", [], None)
    assert shown["total"]["due"]["amount"] == Decimal("121.00")


async def test_wrong_payments_are_refused(api: Api) -> None:
    identity = await api.book()
    assert (await api("invoices.registerPayment", payment(identity, "10", "USD"))).status == 400
    assert (await api("invoices.registerPayment", payment(identity, "0"))).status == 400
    bad = payment(identity, "10", payment_method_id=UNKNOWN)
    assert (await api("invoices.registerPayment", bad)).status == 400
    nested = {"id": identity, "payment": {"payment": {"amount": 1, "currency": "EUR"}}, "paid_at": PAID_AT}
    assert (await api("invoices.registerPayment", nested, strict=False)).status == 400
    made = (await api("invoices.draft", draft())).id
    assert (await api("invoices.registerPayment", payment(made, "10"))).status == 400
    assert (await api("invoices.registerPayment", payment(UNKNOWN, "10"))).status == 404
    assert (await api.invoice(identity))["payments"] == []


@pytest.mark.parametrize("bumps", [True, False])
async def test_a_payment_bumps_the_change_date_by_switch(api: Api, bumps: bool) -> None:
    api.world.switches.payment_bumps_updated_at = bumps
    identity = await api.book()
    data = api.world.teamleader.invoices[identity].data
    data["updated_at"] = "2026-11-03T08:00:00+00:00"
    await api("invoices.registerPayment", payment(identity, "10"))
    changed = await api("invoices.list", {"filter": {"updated_since": "2026-11-04T00:00:00+00:00"}})
    assert (identity in changed.ids) is bumps


async def test_only_drafts_can_be_updated(api: Api) -> None:
    made = (await api("invoices.draft", draft())).id
    body = {"id": made, "grouped_lines": [{"line_items": [line("50", RATE_6)]}], "note": None}
    assert (await api("invoices.update", body)).status == 204
    assert (await api.invoice(made))["total"]["payable"]["amount"] == Decimal("53.00")
    discount = {"id": made, "discounts": [{"type": "percentage", "value": 50}]}
    assert (await api("invoices.update", discount)).status == 204
    assert (await api.invoice(made))["total"]["payable"]["amount"] == Decimal("26.50")
    await api("invoices.book", {"id": made, "on": "2026-11-02"})
    assert (await api("invoices.update", body)).status == 400


async def test_a_refused_update_changes_nothing(api: Api) -> None:
    made = (await api("invoices.draft", draft())).id
    body = {"id": made, "note": "new", "grouped_lines": [{"line_items": [line(rate=RATE_GHENT)]}]}
    assert (await api("invoices.update", body)).status == 400
    assert (await api.invoice(made))["note"] is None


async def test_a_booked_invoice_can_be_given_accounts_where_the_account_allows_it(api: Api) -> None:
    identity = await api.book()
    await api("invoices.registerPayment", payment(identity, "21"))
    body = {
        "id": identity,
        "grouped_lines": [{"line_items": [line(product_category_id=NO_LEDGER)]}],
        "invoice_date": "2026-11-05",
    }
    assert (await api("invoices.updateBooked", body)).status == 204
    shown = await api.invoice(identity)
    assert shown["grouped_lines"][0]["line_items"][0]["product_category"]["id"] == NO_LEDGER
    assert shown["total"]["due"]["amount"] == Decimal("100.00")
    assert (shown["invoice_number"], shown["due_on"]) == ("2026 / 1", "2026-12-05")
    assert (await api("invoices.updateBooked", {"id": identity, "invoice_date": "2027-01-01"})).status == 400
    api.world.switches.may_edit_booked = False
    assert (await api("invoices.updateBooked", body)).status == 403
    made = (await api("invoices.draft", draft())).id
    assert (await api("invoices.updateBooked", {"id": made})).status == 400


async def test_a_copy_is_a_draft_of_its_own(api: Api) -> None:
    identity = await api.book()
    await api("invoices.registerPayment", payment(identity, "121"))
    copy = await api.invoice((await api("invoices.copy", {"id": identity})).id)
    assert (copy["status"], copy["invoice_number"], copy["payments"]) == ("draft", None, [])
    assert copy["total"]["due"]["amount"] == Decimal("121.00")
    assert (await api.invoice(identity))["status"] == "matched"


async def test_only_drafts_and_the_last_booked_invoice_can_be_deleted(api: Api) -> None:
    first, second = await api.book(), await api.book()
    made = (await api("invoices.draft", draft())).id
    assert (await api("invoices.delete", {"id": first})).status == 400
    assert (await api("invoices.delete", {"id": made})).status == 204
    assert (await api("invoices.delete", {"id": second})).status == 204
    assert (await api("invoices.delete", {"id": first})).status == 204
    assert (await api.invoice(await api.book()))["invoice_number"] == "2026 / 1"


async def test_a_rendition_can_be_fetched_from_the_address_given(api: Api) -> None:
    identity = await api.book()
    for kind in ("pdf", "ubl/e-fff", "ubl/peppol_bis_3"):
        said = await api("invoices.download", {"id": identity, "format": kind})
        assert said.data["location"].startswith("http://127.0.0.1:8123/")
        assert (await api.http.get(said.data["location"])).status_code == 200
    assert (await api("invoices.download", {"id": UNKNOWN, "format": "pdf"})).status == 404
    assert (await api("invoices.download", {"id": identity, "format": "doc"}, strict=False)).status == 400


@pytest.fixture
async def three(api: Api) -> list[str]:
    """Booked on the 2nd, the 5th and the 9th; the last for the brewery and paid."""
    made = [
        await api.book(on="2026-11-02", purchase_order_number="PO-7"),
        await api.book(on="2026-11-05"),
        await api.book(on="2026-11-09", customer=BREWERY),
    ]
    await api("invoices.registerPayment", payment(made[2], "121"))
    return made


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"invoice_date_after": "2026-11-05"}, [1, 2]),
        ({"invoice_date_before": "2026-11-05"}, [0, 1]),
        ({"invoice_date_after": "2026-11-05", "invoice_date_before": "2026-11-05"}, [1]),
        ({"status": ["matched"]}, [2]),
        ({"status": ["outstanding", "matched"]}, [0, 1, 2]),
        ({"invoice_number": "2026 / 2"}, [1]),
        ({"term": "brouwerij [be]"}, [2]),
        ({"term": "po-7"}, [0]),
        ({"purchase_order_number": "PO-7"}, [0]),
        ({"customer": {"type": "company", "id": BAKERY}}, [0, 1]),
        ({"department_id": GHENT}, []),
        ({"department_id": BRUSSELS}, [0, 1, 2]),
        ({"deal_id": UNKNOWN}, []),
        ({"updated_since": "2026-11-21T00:00:00+00:00"}, []),
    ],
)
async def test_invoices_are_found_by_every_filter(
    api: Api, three: list[str], filters: Json, found: list[int]
) -> None:
    body = {"filter": filters, "sort": [{"field": "invoice_date", "order": "asc"}]}
    assert (await api("invoices.list", body)).ids == [three[index] for index in found]


async def test_invoices_are_found_by_their_payment_reference(api: Api, three: list[str]) -> None:
    reference = (await api.invoice(three[0]))["payment_reference"]
    assert (await api("invoices.list", {"filter": {"payment_reference": reference}})).ids == [three[0]]


async def test_invoices_are_sorted_by_number_and_not_by_text(api: Api) -> None:
    for _ in range(11):
        await api.book()
    body = {"sort": [{"field": "invoice_number", "order": "asc"}]}
    numbers = [record["invoice_number"] for record in (await api("invoices.list", body)).data]
    assert numbers == [f"2026 / {count}" for count in range(1, 12)]
    latest = [record["invoice_number"] for record in (await api("invoices.list")).data]
    assert latest == numbers[::-1]


async def test_the_list_of_invoices_has_neither_lines_nor_payments(api: Api, three: list[str]) -> None:
    lean = (await api("invoices.list")).data[0]
    assert not {"grouped_lines", "payments", "discounts", "payment_term"} & lean.keys()
    assert "email" not in lean["invoicee"]
    names = {"due_incasso_inclusive", "fixed_late_fee", "interest"}
    for includes, more in (("late_fees", names), ("totals.interest,nonsense", {"interest"})):
        listed = (await api("invoices.list", {"includes": includes})).data[0]
        shown = (await api("invoices.info", {"id": listed["id"], "includes": includes})).data
        for total in (listed["total"], shown["total"]):
            assert names & total.keys() == more
            assert total.get("due_incasso_inclusive", total["due"]) == total["due"]
