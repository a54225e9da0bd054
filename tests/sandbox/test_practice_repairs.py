"""Practice actions that put right what keeps documents from being booked: each does what its screen would, no more."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from octowizard.sandbox.practice import BadArguments, perform
from octowizard.sandbox.state import Dossier, Kept, World
from octowizard.sandbox.worlds import SCENARIOS


@pytest.fixture
def world() -> World:
    return SCENARIOS["healthy"].build(1, 20, None)


def dossier_of(world: World) -> Dossier:
    return next(iter(world.octopus.dossiers.values()))


def invoice_of(world: World, number: str) -> Kept:
    return next(k for k in world.teamleader.invoices.values() if k.data["invoice_number"] == number)


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("add-account", {"account": 708000}),
        ("add-account", {"account": 70}),
        ("add-account", {"account": 1_000_000}),
        ("add-account", {"account": 702000, "year": "1999"}),
        ("set-default-cost-centre", {"account": 702000, "centre": 1}),
        ("set-default-cost-centre", {"account": 700300, "centre": 9}),
        ("add-vat-code", {"code": "21", "percentage": "21"}),
        ("add-vat-code", {"code": "9", "percentage": "nine"}),
        ("add-vat-code", {"code": "9", "percentage": "900"}),
        ("add-vat-code", {"code": "9", "percentage": "NaN"}),
        ("add-vat-code", {"code": "9", "percentage": "9", "use": "poems"}),
        ("add-currency", {"currency": "EUR"}),
        ("add-currency", {"currency": "dollars"}),
        ("restore-periods", {"year": "1999"}),
        ("extend-year", {"year": "2026", "until": "tomorrow"}),
        ("extend-year", {"year": "2026", "until": "2026-06-30"}),
        ("extend-year", {"year": "2026", "until": "2027-06-30"}),
        ("teamleader-save-content", {"document": "2026 / 9999"}),
        ("teamleader-set-exchange-rate", {"document": "2026/1", "rate": "0"}),
        ("teamleader-set-category-account", {"category": "Nothing", "account": "700000"}),
        ("teamleader-remove-payments", {"invoice": "2026/1"}),
        ("teamleader-set-peppol-status", {"document": "2026/1", "status": "lost"}),
        ("teamleader-set-communication", {"invoice": "2026/1", "value": "none"}),
        ("teamleader-set-communication", {"invoice": "2026 / 1"}),
        ("teamleader-join-lines", {"invoice": "2026/1"}),
        ("set-vat-return", {"rhythm": "daily"}),
        ("import-ubl", {"document": "2026 / 9999", "journal": "V1"}),
        ("import-ubl", {"document": "2026 / 1", "journal": "F1"}),
        ("teamleader-edit-customer", {"customer": "Peeters & Zonen BV", "field": "shoe size", "value": "44"}),
        ("teamleader-edit-customer", {"customer": "Nobody", "field": "email", "value": "a@example.com"}),
        ("teamleader-restore-customer", {}),
        ("teamleader-set-external-id", {"customer": "Peeters & Zonen BV", "number": "none"}),
        ("void-booking", {"booking": "V1/9999"}),
        ("void-booking", {"booking": "V1"}),
        ("teamleader-set-due-date", {"invoice": "2026 / 9999", "day": "2026-12-01"}),
        ("teamleader-set-due-date", {"invoice": "2026 / 1", "day": "soon"}),
        ("close-relation-window", {"relation": "Nobody"}),
        ("choose-mode", {"mode": "both"}),
        ("choose-dossier", {"dossier": 1}),
        ("choose-numbering", {"numbering": "backwards"}),
        ("choose-start-date", {"day": "yesterday"}),
    ],
)
def test_what_cannot_be_done_is_one_sentence(world: World, action: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(BadArguments) as told:
        perform(world, action, arguments)
    assert str(told.value).endswith(".")


def test_an_account_is_added_to_the_year_that_is_named_and_to_no_other(world: World) -> None:
    perform(world, "add-account", {"account": 702000, "name": "Webwinkel", "year": "2026"})
    chart = dossier_of(world).accounts
    assert chart[5, 702000].data["description"]["description_NL"] == "Webwinkel"
    assert (6, 702000) not in chart


def test_a_vat_code_gets_only_the_card_it_lacks(world: World) -> None:
    codes = dossier_of(world).vat_codes
    codes[:] = [code for code in codes if (code["code"], code["type"]) != ("21", 4)]
    assert perform(world, "add-vat-code", {"code": "21", "percentage": "21"})["for"] == ["credit notes"]
    assert sorted(code["type"] for code in codes if code["code"] == "21") == [2, 4]


def test_a_year_that_was_cut_short_gets_its_months_back(world: World) -> None:
    year = dossier_of(world).bookyears[5].data
    whole = [dict(period) for period in year["periods"]]
    year["endDate"], year["periods"] = "2026-10-31", year["periods"][:10]
    perform(world, "extend-year", {"year": "2026", "until": "2026-12-31"})
    assert year["periods"] == whole
    year["periods"] = []
    perform(world, "restore-periods", {"year": 2026})
    assert year["periods"] == whole


def test_saving_the_content_adds_a_document_up_again(world: World) -> None:
    kept = invoice_of(world, "2026 / 40")
    right = kept.data["total"]["payable"]["amount"]
    kept.data["total"]["payable"]["amount"] = right + 1
    before = kept.data["updated_at"]
    shown = perform(world, "teamleader-save-content", {"document": "2026 / 40"})
    assert (shown["before"], shown["after"]) == (right + 1, right)
    assert kept.data["total"]["payable"]["amount"] == kept.data["total"]["due"]["amount"] == right
    assert kept.data["updated_at"] > before


def test_a_booking_set_to_zero_keeps_its_number_and_no_longer_names_a_document(world: World) -> None:
    made = perform(world, "book-by-hand", {"journal": "V1", "amount": "60.50"})
    perform(world, "void-booking", {"booking": made["booking"]})
    dossier = dossier_of(world)
    key = (5, "V1", dossier.journals[5, "V1"].last_booked)
    booking = dossier.bookings[key].data
    assert (booking["amount"], booking["reference"]) == (0, "")
    assert all(line["baseAmount"] == line["vatAmount"] == 0 for line in booking["bookingLines"])


def test_a_reconciled_booking_is_not_set_to_zero(world: World) -> None:
    made = perform(world, "book-by-hand", {"journal": "V1", "amount": "60.50"})
    perform(world, "pay", {"document": made["booking"]})
    with pytest.raises(BadArguments, match="reconciled"):
        perform(world, "void-booking", {"booking": made["booking"]})


def test_a_customer_comes_back_from_the_recycle_bin_as_it_was(world: World) -> None:
    side = world.teamleader
    identity = next(iter(side.companies))
    gone = side.companies.pop(identity)
    side.recycled[identity] = gone
    perform(world, "teamleader-restore-customer", {})
    assert side.companies[identity] is gone
    assert not side.recycled


def test_a_customer_without_address_gets_one_with_its_country(world: World) -> None:
    customer = next(iter(world.teamleader.companies.values()))
    customer.data["addresses"] = []
    perform(
        world,
        "teamleader-edit-customer",
        {"customer": customer.data["id"], "field": "country", "value": "BE"},
    )
    (entry,) = customer.data["addresses"]
    assert (entry["type"], entry["address"]["country"]) == ("primary", "BE")


@pytest.mark.parametrize("nothing", ["none", ""])
def test_none_empties_a_field_as_its_help_says(nothing: str, world: World) -> None:
    customer = next(kept for kept in world.teamleader.companies.values() if kept.data["vat_number"])
    perform(
        world,
        "teamleader-edit-customer",
        {"customer": customer.data["id"], "field": "vat_number", "value": nothing},
    )
    assert customer.data["vat_number"] is None


def test_removed_payments_leave_all_due(world: World) -> None:
    kept = next(k for k in world.teamleader.invoices.values() if k.data["paid"] and k.data["payments"])
    perform(world, "teamleader-remove-payments", {"invoice": kept.data["invoice_number"]})
    assert kept.data["payments"] == []
    assert kept.data["total"]["due"]["amount"] == kept.data["total"]["payable"]["amount"]
    assert kept.data["paid"] is False


def test_a_category_moves_to_another_account(world: World) -> None:
    perform(
        world,
        "teamleader-set-category-account",
        {"category": "onderhoud en herstelling", "account": "705000"},
    )
    found = [
        kept.data["ledgers"][0]["ledger_account_number"]
        for kept in world.teamleader.product_categories.values()
        if kept.data["name"] == "Onderhoud en herstelling"
    ]
    assert found == ["705000"]


def test_an_exchange_rate_is_filled_in_for_a_foreign_document_only() -> None:
    world = SCENARIOS["missing-exchange-rate"].build(1)
    number = world.plants[0].affected[0]
    perform(world, "teamleader-set-exchange-rate", {"document": number, "rate": "0,85"})
    rate = invoice_of(world, number).data["currency_exchange_rate"]
    assert rate == {"from": "USD", "to": "EUR", "rate": Decimal("0.85")}
    domestic = next(k for k in world.teamleader.invoices.values() if k.data["currency"] == "EUR")
    with pytest.raises(BadArguments, match="EUR"):
        perform(
            world,
            "teamleader-set-exchange-rate",
            {"document": domestic.data["invoice_number"], "rate": "1.1"},
        )


def test_a_relation_card_that_is_open_stops_its_bookings_until_it_is_closed(world: World) -> None:
    number, card = next(iter(dossier_of(world).relations.items()))
    card.open_by = "Boekhouding"
    told = perform(world, "close-relation-window", {"relation": number})
    assert told["was_open_by"] == "Boekhouding"
    assert card.open_by is None


def test_a_due_date_is_changed_and_the_change_is_seen_in_the_feed(world: World) -> None:
    invoice = invoice_of(world, "2026 / 41")
    before = invoice.data["updated_at"]
    perform(world, "teamleader-set-due-date", {"invoice": "2026 / 41", "day": "2027-01-05"})
    assert invoice.data["due_on"] == "2027-01-05"
    assert invoice.data["updated_at"] > before


def test_the_owner_decides_who_books_and_the_vendors_mend_their_own(world: World) -> None:
    perform(world, "choose-mode", {"mode": "observer"})
    assert world.answers["mode"] == "observer"
    world.out_of_order["octopus"] = 503
    assert perform(world, "restore-service", {}) == {"restored": ["octopus"]}
    assert not world.out_of_order
