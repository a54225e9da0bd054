"""Credit notes in the practice Teamleader: in full, in part, numbered, found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from tests.contracts import check_schema
from tests.sandbox.teamleader_world import (
    BAKERY,
    BREWERY,
    GHENT,
    RATE_6,
    RATE_GHENT,
    UNKNOWN,
    Api,
    draft,
    line,
    make_world,
    open_api,
)

Json = dict[str, Any]


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with open_api(make_world(limits=False)) as opened:
        yield opened


def part(identity: str, *lines: Json, **over: Any) -> Json:
    return {"id": identity, "grouped_lines": [{"line_items": list(lines)}], **over}


async def note(api: Api, identity: str) -> Json:
    found: Json = (await api("creditNotes.info", {"id": identity})).data
    return found


async def test_crediting_in_full_settles_the_invoice_to_the_cent(api: Api) -> None:
    discounts = [{"type": "percentage", "value": 5}]
    identity = await api.book(line("19.99", quantity="3"), line("7.77", RATE_6), discounts=discounts)
    made = await api("invoices.credit", {"id": identity, "credit_note_date": "2026-11-20"})
    assert (made.status, made.data["type"]) == (201, "creditNote")
    shown, invoice = await note(api, made.id), await api.invoice(identity)
    assert shown["total"]["payable"] == invoice["total"]["payable"]
    assert shown["total"]["taxes"] == invoice["total"]["taxes"]
    assert shown["credit_note_number"] == "2026/1"
    assert shown["invoice"] == {"type": "invoice", "id": identity}
    assert shown["grouped_lines"][0]["line_items"][0]["unit_price"]["currency"] == "EUR"
    assert invoice["status"] == "matched"


async def test_crediting_a_part_leaves_the_invoice_outstanding(api: Api) -> None:
    identity = await api.book()
    made = await api("invoices.creditPartially", part(identity, line("40")))
    shown, invoice = await note(api, made.id), await api.invoice(identity)
    assert shown["total"]["payable"]["amount"] == Decimal("48.40")
    assert shown["credit_note_date"] == "2026-11-20"
    assert (invoice["status"], invoice["total"]["payable"]["amount"]) == ("outstanding", Decimal("121.00"))


async def test_parts_that_reach_the_whole_settle_the_invoice_and_no_more_can_be_credited(api: Api) -> None:
    identity = await api.book()
    await api("invoices.creditPartially", part(identity, line("40")))
    assert (await api("invoices.credit", {"id": identity})).status == 400
    assert (await api("invoices.creditPartially", part(identity, line("60.01")))).status == 400
    assert (await api("invoices.creditPartially", part(identity, line("60")))).status == 201
    assert (await api.invoice(identity))["status"] == "matched"
    assert (await api("invoices.creditPartially", part(identity, line("1")))).status == 400


async def test_removing_payments_of_a_credited_invoice_leaves_it_matched(api: Api) -> None:
    identity = await api.book()
    await api("invoices.credit", {"id": identity})
    await api("invoices.removePayments", {"id": identity})
    assert (await api.invoice(identity))["status"] == "matched"


async def test_credit_notes_have_a_series_of_their_own(api: Api) -> None:
    numbers = []
    for _ in range(2):
        identity = await api.book()
        numbers.append(await note(api, (await api("invoices.credit", {"id": identity})).id))
    other = await api.book(line(rate=RATE_GHENT), department_id=GHENT)
    numbers.append(await note(api, (await api("invoices.credit", {"id": other})).id))
    assert [shown["credit_note_number"] for shown in numbers] == ["2026/1", "2026/2", "2026/1"]


async def test_what_cannot_be_credited_is_refused(api: Api) -> None:
    made = (await api("invoices.draft", draft())).id
    assert (await api("invoices.credit", {"id": made})).status == 400
    assert (await api("invoices.credit", {"id": UNKNOWN})).status == 404
    identity = await api.book(on="2026-11-10")
    early = {"id": identity, "credit_note_date": "2026-11-09"}
    assert (await api("invoices.credit", early)).status == 400
    foreign = part(identity, line(rate=RATE_GHENT))
    assert (await api("invoices.creditPartially", foreign)).status == 400
    assert not api.world.teamleader.credit_notes


async def test_a_credited_invoice_cannot_be_deleted(api: Api) -> None:
    identity = await api.book()
    await api("invoices.creditPartially", part(identity, line("1")))
    assert (await api("invoices.delete", {"id": identity})).status == 400


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"credit_note_date_after": "2026-11-12"}, [1]),
        ({"credit_note_date_before": "2026-11-12"}, [0]),
        ({"credit_note_date_before": "2026-11-13"}, [0, 1]),
        ({"customer": {"type": "company", "id": BREWERY}}, [1]),
        ({"customer": {"type": "company", "id": BAKERY}}, [0]),
        ({"department_id": GHENT}, []),
        ({"updated_since": "2026-11-21T00:00:00+00:00"}, []),
        ({}, [0, 1]),
    ],
)
async def test_credit_notes_are_found_by_every_filter(api: Api, filters: Json, found: list[int]) -> None:
    made = []
    for customer, on in ((BAKERY, "2026-11-11"), (BREWERY, "2026-11-12")):
        identity = await api.book(customer=customer)
        made.append((await api("invoices.credit", {"id": identity, "credit_note_date": on})).id)
    said = await api("creditNotes.list", {"filter": filters})
    assert said.ids == [made[index] for index in found]
    assert all("grouped_lines" not in record for record in said.data)


async def test_credit_notes_are_found_by_their_invoice(api: Api) -> None:
    first, second = await api.book(), await api.book()
    made = (await api("invoices.credit", {"id": first})).id
    assert (await api("creditNotes.list", {"filter": {"invoice_id": first}})).ids == [made]
    assert (await api("creditNotes.list", {"filter": {"invoice_id": second}})).ids == []


async def test_the_record_comes_as_an_object_or_by_switch_as_a_list(api: Api) -> None:
    made = (await api("invoices.credit", {"id": await api.book()})).id
    shown = await note(api, made)
    check_schema("teamleader", "CreditNote", shown)
    api.world.switches.credit_note_info_as_list = True
    assert (await api("creditNotes.info", {"id": made})).data == [shown]
    assert (await api("creditNotes.info", {"id": UNKNOWN})).status == 404
    said = await api("creditNotes.download", {"id": made, "format": "ubl/e-fff"})
    assert "expires" in said.data
