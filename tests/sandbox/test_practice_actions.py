"""Each practice action does what the same click does in the vendor's screen, and stamps it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from octowizard.sandbox import practice
from octowizard.sandbox.practice import BadArguments, UnknownAction, perform
from octowizard.sandbox.state import Dossier, Journal, Kept, World
from octowizard.sandbox.worlds import SCENARIOS
from tests.contracts import check_schema

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    """The healthy company at noon of its first day."""
    made = SCENARIOS["healthy"].build(1, None, None)
    made.clock.set(NOON)
    return made


def dossier_of(world: World) -> Dossier:
    (dossier,) = world.octopus.dossiers.values()
    return dossier


def journal(world: World, key: str, year: int = 5) -> Journal:
    return dossier_of(world).journals[year, key]


def invoice(world: World, number: str) -> Kept:
    return next(k for k in world.teamleader.invoices.values() if k.data["invoice_number"] == number)


def recent(moment: datetime | str) -> bool:
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return NOON <= moment + timedelta(seconds=1) <= NOON + timedelta(minutes=5)


def open_key(world: World) -> tuple[int, str, int]:
    """The oldest sales invoice that nothing is matched with."""
    dossier = dossier_of(world)
    matched = dossier.matched()
    return next(key for key in dossier.bookings if key[1] == "V1" and (*key, -1) not in matched)


def document(key: tuple[int, str, int]) -> str:
    return f"{key[1]}/{key[2]}"


def test_every_action_says_what_it_does_and_takes() -> None:
    assert len(practice.ACTIONS) >= 25
    for name, action in practice.ACTIONS.items():
        assert action.name == name
        assert action.summary.endswith(".")
        assert all(action.arguments.values())


def test_an_unknown_action_or_argument_is_named(world: World) -> None:
    with pytest.raises(UnknownAction, match="fly"):
        perform(world, "fly", {})
    with pytest.raises(BadArguments, match="speed"):
        perform(world, "pay", {"speed": 1})
    with pytest.raises(BadArguments, match="needs journal"):
        perform(world, "close-journal", {})


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("close-year", {"year": "1999"}),
        ("set-secured-period", {"journal": "V1", "period": "209913"}),
        ("set-secured-period", {"journal": "V1", "period": "soon"}),
        ("set-entry-type", {"journal": "V1", "type": "poems"}),
        ("set-entry-type", {"journal": "F1", "type": "bookings"}),
        ("close-journal", {"journal": "V99"}),
        ("create-journal", {"journal": "Z1"}),
        ("create-journal", {"journal": "V1"}),
        ("create-year", {"year": "2031"}),
        ("pay", {"document": "V1/9999"}),
        ("pay", {"document": "2026 / 9999"}),
        ("pay", {"all": "perhaps"}),
        ("pay", {"all": True, "count": 1}),
        ("pay", {"amount": "-1"}),
        ("pay", {"amount": "1.005"}),
        ("pay", {"amount": "NaN"}),
        ("import-coda", {"share": "2"}),
        ("unreconcile", {"document": "V9/1"}),
        ("book-by-hand", {"journal": "A1"}),
        ("delete-last-booking", {"journal": "D1"}),
        ("edit-relation", {"relation": "1", "field": "shoeSize", "value": "44"}),
        ("edit-relation", {"relation": "Nobody at all", "field": "city", "value": "Gent"}),
        ("teamleader-pay", {"invoice": "2026/1", "amount": "1"}),
        ("teamleader-merge", {"survivor": "Peeters & Zonen BV", "loser": "Peeters & Zonen BV"}),
        ("teamleader-change-vat-type", {"customer": "Peeters & Zonen BV", "type": "king"}),
        ("teamleader-set-line-account", {"document": "2026 / 1", "line": "99", "category": "none"}),
        ("teamleader-set-line-account", {"document": "2026 / 1", "line": "1", "category": "999999"}),
        ("teamleader-book-draft", {"draft": "9"}),
        ("teamleader-new-invoice", {"n": "0"}),
        ("teamleader-new-credit-note", {"invoice": "2026 / 9999"}),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    world: World, action: str, arguments: dict[str, Any]
) -> None:
    dossier = dossier_of(world)
    before = (
        len(dossier.bookings),
        len(dossier.financial_bookings),
        len(dossier.balancings),
        len(dossier.journals),
    )
    with pytest.raises(BadArguments) as told:
        perform(world, action, arguments)
    assert str(told.value).endswith(".")
    after = (
        len(dossier.bookings),
        len(dossier.financial_bookings),
        len(dossier.balancings),
        len(dossier.journals),
    )
    assert before == after


def test_a_closed_year_can_be_reopened_and_closed_again(world: World) -> None:
    year = dossier_of(world).bookyears[4]
    perform(world, "reopen-year", {"year": "2025"})
    assert year.data["closed"] is False
    perform(world, "close-year", {"year": 2025})
    assert year.data["closed"] is True


def test_a_secured_period_can_be_lowered_for_one_journal(world: World) -> None:
    shown = perform(world, "set-secured-period", {"journal": "v1", "period": 9})
    assert journal(world, "V1").protected_period == 202609
    assert shown["protected_period"] == 202609
    perform(world, "set-secured-period", {"journal": "V1", "period": "0"})
    assert journal(world, "V1").protected_period == 0
    assert journal(world, "V2").protected_period == 202609
    assert recent(journal(world, "V1").modified)
    perform(world, "set-closed-period", {"journal": "V1", "year": "2027", "period": "202703"})
    assert journal(world, "V1", 6).closed_period == 202703
    assert journal(world, "V1").closed_period == 0


def test_a_journal_can_be_closed_locked_and_released(world: World) -> None:
    perform(world, "close-journal", {"journal": "V1"})
    assert journal(world, "V1").closed is True
    perform(world, "reopen-journal", {"journal": "V1"})
    assert journal(world, "V1").closed is False
    perform(world, "open-journal-window", {"journal": "V1", "user": "An"})
    assert journal(world, "V1").locked_by == "An"
    perform(world, "close-journal-window", {"journal": "V1"})
    assert journal(world, "V1").locked_by is None
    perform(world, "open-journal-window", {"journal": "V1"})
    perform(world, "release-journal", {"journal": "V1"})
    assert journal(world, "V1").locked_by is None


def test_the_entry_type_of_a_sales_journal_can_be_set(world: World) -> None:
    perform(world, "set-entry-type", {"journal": "V1", "type": "invoices"})
    assert journal(world, "V1").insertion_type == 2
    perform(world, "set-entry-type", {"journal": "V1", "type": "bookings"})
    assert journal(world, "V1").insertion_type == 1


def test_desktop_changes_stay_invisible_until_synchronised(world: World) -> None:
    perform(world, "create-journal", {"journal": "V4", "name": "Webshop", "desktop": "yes"})
    perform(world, "set-entry-type", {"journal": "V1", "type": "invoices", "desktop": "yes"})
    perform(world, "create-year", {"year": "2028", "desktop": True})
    assert journal(world, "V4").desktop_only
    assert journal(world, "V1").insertion_type == 1
    assert dossier_of(world).bookyears[7].desktop_only
    shown = perform(world, "synchronise", {})
    assert not journal(world, "V4").desktop_only
    assert journal(world, "V4").names["NL"] == "Webshop"
    assert journal(world, "V1").insertion_type == 2
    assert not dossier_of(world).bookyears[7].desktop_only
    assert not journal(world, "V1", 7).desktop_only
    assert {"fiscal year 2028", "journal V4 of 2026", "journal V1 of 2026"} <= set(shown["published"])
    assert perform(world, "synchronise", {})["published"] == []


def test_a_new_year_brings_the_accounts_and_empty_journals_of_the_last(world: World) -> None:
    perform(world, "create-year", {"year": 2028})
    dossier = dossier_of(world)
    check_schema("octopus", "BookyearServiceData", dossier.bookyears[7].data)
    assert {number for year, number in dossier.accounts if year == 7} == {
        number for year, number in dossier.accounts if year == 6
    }
    for (year, _), account in dossier.accounts.items():
        assert account.data["accountKey"]["bookyearKey"]["id"] == year
    assert journal(world, "V1", 7).last_booked == 0


def test_the_first_year_of_an_empty_company_has_accounts_and_no_sales_journals() -> None:
    world = SCENARIOS["a"].build(1, None, None)
    perform(world, "create-year", {"year": "2026"})
    dossier = dossier_of(world)
    assert (1, 700000) in dossier.accounts
    assert not dossier.journals
    perform(world, "create-journal", {"journal": "V1"})
    assert (1, "V1") in dossier.journals


def test_a_statement_is_imported_without_being_reconciled(world: World) -> None:
    dossier, key = dossier_of(world), open_key(world)
    before = len(dossier.balancings)
    shown = perform(world, "import-coda", {"document": document(key), "share": "part"})
    assert len(dossier.balancings) == before
    booked = dossier.financial_bookings[5, "F1", journal(world, "F1").last_booked]
    check_schema("octopus", "FinancialDiversBookingServiceData", booked.data)
    (line,) = booked.data["bookingLines"]
    assert line["reference"] == dossier.bookings[key].data["reference"]
    assert (
        line["relationId"]
        == dossier.bookings[key].data["relationIdentificationServiceData"]["relationKey"]["id"]
    )
    assert line["amount"] == shown["receipts"][0]["amount"] < dossier.bookings[key].data["amount"]
    assert booked.data["documentDate"] == "2026-11-20"
    assert recent(booked.modified)
    rest = perform(world, "import-coda", {"document": document(key)})
    assert rest["receipts"][0]["amount"] + line["amount"] == dossier.bookings[key].data["amount"]
    with pytest.raises(BadArguments, match="left to pay"):
        perform(world, "import-coda", {"document": document(key)})
    assert len(perform(world, "reconcile", {})["matched"]) == 2
    assert dossier.matched()[*key, -1] == dossier.bookings[key].data["amount"]
    assert all(recent(made.modified) for made in dossier.balancings[before:])
    assert perform(world, "reconcile", {}) == {"matched": []}


def test_paying_all_leaves_no_invoice_open(world: World) -> None:
    dossier = dossier_of(world)
    shown = perform(world, "pay", {"all": "yes"})
    assert shown["matched"]
    matched = dossier.matched()
    for key, booking in dossier.bookings.items():
        if key[1] == "V1":
            assert matched[*key, -1] == booking.data["amount"]
    statement = dossier.financial_bookings[5, "F1", journal(world, "F1").last_booked]
    assert len(statement.data["bookingLines"]) == len(shown["matched"])
    assert perform(world, "pay", {})["statement"] is None


def test_paying_by_the_number_of_the_teamleader_invoice_in_part(world: World) -> None:
    dossier, key = dossier_of(world), open_key(world)
    number = dossier.bookings[key].data["comment"].partition(" · ")[0]
    perform(world, "pay", {"document": number, "amount": "1,50"})
    assert dossier.matched()[*key, -1] == Decimal("1.50")
    perform(world, "pay", {"document": document(key)})
    assert dossier.matched()[*key, -1] == dossier.bookings[key].data["amount"]


def test_paying_a_count_takes_the_oldest_open_invoices(world: World) -> None:
    dossier = dossier_of(world)
    matched = dossier.matched()
    open_keys = [
        key
        for key, booking in dossier.bookings.items()
        if key[1] == "V1" and matched.get((*key, -1), Decimal(0)) < booking.data["amount"]
    ]
    shown = perform(world, "pay", {"count": 2})
    assert [entry["document"] for entry in shown["matched"]] == [document(key) for key in open_keys[:2]]


def test_undoing_a_reconciliation_is_remembered(world: World) -> None:
    dossier, key = dossier_of(world), open_key(world)
    perform(world, "pay", {"document": document(key)})
    perform(world, "unreconcile", {"document": document(key)})
    assert (*key, -1) not in dossier.matched()
    ((balancing, moment),) = dossier.deleted_balancings
    assert balancing.debet["documentSequenceNr"] == key[2]
    assert recent(moment)
    with pytest.raises(BadArguments, match="not reconciled"):
        perform(world, "unreconcile", {"document": document(key)})


def test_a_sale_booked_by_hand_takes_the_next_number(world: World) -> None:
    dossier = dossier_of(world)
    last = journal(world, "V1").last_booked
    perform(world, "book-by-hand", {"journal": "V1", "amount": "242"})
    booked = dossier.bookings[5, "V1", last + 1]
    check_schema("octopus", "BuySellBookingServiceData", booked.data)
    assert booked.data["amount"] == Decimal("242.00")
    assert [line["baseAmount"] for line in booked.data["bookingLines"]] == [Decimal("200.00")]
    assert booked.by == "desktop"
    assert journal(world, "V1").next_document_number == last + 2


def test_a_teamleader_document_booked_by_hand_has_its_lines_and_customer(world: World) -> None:
    dossier = dossier_of(world)
    number = f"2026 / {journal(world, 'V1').last_booked + 1}"
    shown = perform(world, "book-by-hand", {"journal": "V1", "document": number})
    booked = dossier.bookings[5, "V1", journal(world, "V1").last_booked]
    check_schema("octopus", "BuySellBookingServiceData", booked.data)
    total = invoice(world, number).data["total"]["payable"]["amount"]
    assert booked.data["amount"] == total == shown["amount"]
    relation = booked.data["relationIdentificationServiceData"]["relationKey"]["id"]
    check_schema("octopus", "RelationServiceData", dossier.relations[relation].data)
    assert "octowizard" not in booked.data["comment"]


def test_a_document_that_stands_is_entered_again_only_on_purpose(world: World) -> None:
    number = f"2026 / {journal(world, 'V1').last_booked + 1}"
    place = perform(world, "book-by-hand", {"journal": "V1", "document": number})["booking"]
    with pytest.raises(BadArguments, match=f"{number} is booked already, as {place}"):
        perform(world, "book-by-hand", {"journal": "V1", "document": number})
    again = perform(world, "book-by-hand", {"journal": "V1", "document": number, "again": "yes"})
    assert again["booking"] == f"V1/{journal(world, 'V1').last_booked}" != place


def test_only_the_last_booking_can_be_deleted_and_not_while_reconciled(world: World) -> None:
    dossier = dossier_of(world)
    perform(world, "book-by-hand", {"journal": "V1"})
    last = journal(world, "V1").last_booked
    perform(world, "pay", {"document": f"V1/{last}"})
    with pytest.raises(BadArguments, match="reconciled"):
        perform(world, "delete-last-booking", {"journal": "V1"})
    perform(world, "unreconcile", {"document": f"V1/{last}"})
    perform(world, "delete-last-booking", {"journal": "V1"})
    assert (5, "V1", last) not in dossier.bookings
    assert dossier.deleted_bookings[0][:3] == (5, "V1", last)
    assert (journal(world, "V1").last_booked, journal(world, "V1").next_document_number) == (last - 1, last)


def test_words_are_taken_as_the_screens_and_octowizard_write_them(world: World) -> None:
    perform(world, "set-entry-type", {"journal": "V1", "type": "invoices"})
    perform(world, "set-entry-type", {"journal": "V1", "type": "Sales bookings"})
    assert journal(world, "V1").insertion_type == 1
    customer = next(iter(world.teamleader.companies.values()))
    perform(world, "teamleader-change-vat-type", {"customer": customer.data["id"], "type": "VAT liable"})
    assert customer.hidden["vat_type"] == "vat_liable"


def test_a_relation_card_can_be_changed(world: World) -> None:
    dossier = dossier_of(world)
    number, relation = next(iter(dossier.relations.items()))
    perform(world, "edit-relation", {"relation": str(number), "field": "vatType", "value": "0"})
    perform(world, "edit-relation", {"relation": number, "field": "externalRelationId", "value": 4711})
    perform(world, "edit-relation", {"relation": number, "field": "email", "value": "none"})
    assert relation.data["vatType"] == 0
    assert relation.data["relationIdentificationServiceData"]["externalRelationId"] == 4711
    assert "email" not in relation.data
    assert recent(relation.modified)
    perform(world, "deactivate-relation", {"relation": number})
    assert relation.data["active"] is False
    check_schema("octopus", "RelationServiceData", relation.data)


def test_a_payment_registered_in_teamleader_settles_the_invoice(world: World) -> None:
    number = f"2026 / {journal(world, 'V1').last_booked + 1}"
    due = invoice(world, number).data["total"]["due"]["amount"]
    perform(world, "teamleader-pay", {"invoice": number, "amount": "0.01"})
    assert invoice(world, number).data["status"] == "outstanding"
    shown = perform(world, "teamleader-pay", {"invoice": number})
    assert shown["paid"] == due - Decimal("0.01")
    assert invoice(world, number).data["paid"] is True
    check_schema("teamleader", "Invoice", invoice(world, number).data)
    with pytest.raises(BadArguments, match="Nothing is due"):
        perform(world, "teamleader-pay", {"invoice": number})


def test_a_merge_moves_documents_and_contacts_and_fills_blanks(world: World) -> None:
    side = world.teamleader
    survivor, loser = list(side.companies.values())[:2]
    survivor.data["website"], loser.data["website"] = None, "https://peeters.example.com"
    moved = [k for k in side.invoices.values() if k.data["invoicee"]["customer"]["id"] == loser.data["id"]]
    printed = [kept.data["invoicee"]["name"] for kept in moved]
    contact = next(iter(side.contacts.values()))
    link = {"type": "company", "id": loser.data["id"]}
    contact.data["companies"] = [{"company": link, "position": None, "decision_maker": False}]
    shown = perform(world, "teamleader-merge", {"survivor": survivor.data["name"], "loser": loser.data["id"]})
    assert loser.data["id"] not in side.companies
    assert survivor.data["website"] == "https://peeters.example.com"
    assert recent(survivor.data["updated_at"])
    assert moved
    assert {kept.data["invoicee"]["customer"]["id"] for kept in moved} == {survivor.data["id"]}
    assert [kept.data["invoicee"]["name"] for kept in moved] == printed
    assert shown["documents_moved"] >= len(moved)
    assert contact.data["companies"][0]["company"]["id"] == survivor.data["id"]
    check_schema("teamleader", "Company", survivor.data)


def test_the_vat_type_of_a_customer_can_be_changed(world: World) -> None:
    customer = next(iter(world.teamleader.companies.values()))
    shown = perform(
        world, "teamleader-change-vat-type", {"customer": customer.data["name"].upper(), "type": "contractor"}
    )
    assert customer.hidden["vat_type"] == "contractor"
    assert shown["before"] == "vat_liable"
    assert recent(customer.data["updated_at"])


def test_the_account_of_a_line_can_be_taken_away_and_chosen(world: World) -> None:
    number = f"2026 / {journal(world, 'V1').last_booked + 1}"
    line = invoice(world, number).data["grouped_lines"][0]["line_items"][0]
    perform(world, "teamleader-set-line-account", {"document": number, "line": 1, "category": "none"})
    assert line.get("product_category", "gone") is None
    perform(world, "teamleader-set-line-account", {"document": number, "line": "1", "category": "701000"})
    category = world.teamleader.product_categories[line["product_category"]["id"]]
    assert category.data["ledgers"][0]["ledger_account_number"] == "701000"
    check_schema("teamleader", "Invoice", invoice(world, number).data)


def test_a_draft_gets_the_next_number_when_booked(world: World) -> None:
    shown = perform(world, "teamleader-book-draft", {})
    data = world.teamleader.invoices[shown["id"]].data
    assert data["invoice_number"] == "2026 / 81"
    assert data["invoice_date"] == "2026-11-20"
    assert data["status"] == "outstanding"
    check_schema("teamleader", "Invoice", data)


def test_new_invoices_are_dated_the_practice_day_and_can_be_credited(world: World) -> None:
    shown = perform(world, "teamleader-new-invoice", {"n": "3", "customer": "Peeters & Zonen BV"})
    assert [entry["invoice"] for entry in shown["invoices"]] == ["2026 / 81", "2026 / 82", "2026 / 83"]
    for entry in shown["invoices"]:
        data = world.teamleader.invoices[entry["id"]].data
        assert data["invoice_date"] == "2026-11-20"
        check_schema("teamleader", "Invoice", data)
    made = perform(world, "teamleader-new-credit-note", {"invoice": "2026 / 81"})
    assert made["not_credited"] == 0
    assert invoice(world, "2026 / 81").data["status"] == "matched"
    note = world.teamleader.credit_notes[made["id"]].data
    assert note["credit_note_number"] == "2026/21"
    check_schema("teamleader", "CreditNote", note)
    with pytest.raises(BadArguments, match="already credited"):
        perform(world, "teamleader-new-credit-note", {"invoice": "2026 / 81"})
    perform(world, "teamleader-new-credit-note", {"invoice": "2026 / 82", "line": 1})


def test_new_invoices_come_out_the_same_for_the_same_seed() -> None:
    made = []
    for _ in range(2):
        world = SCENARIOS["healthy"].build(4, None, None)
        made.append(perform(world, "teamleader-new-invoice", {"n": 2}))
    assert made[0] == made[1]


def test_a_sale_to_a_customer_without_an_address_is_booked_by_hand_too(world: World) -> None:
    invoice = next(kept for kept in world.teamleader.invoices.values() if kept.number)
    customer = world.teamleader.customer(invoice.data["invoicee"]["customer"])
    assert customer is not None
    customer.data["addresses"] = []
    (dossier,) = world.octopus.dossiers.values()
    dossier.relations.clear()
    dossier.bookings.clear()
    made = perform(world, "book-by-hand", {"journal": "V1", "document": str(invoice.number)})
    assert made["document"] == invoice.number
    (relation,) = dossier.relations.values()
    assert "streetAndNr" not in relation.data
