"""From the vendors' records, as the wire carries them, to facts."""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
import pytest

from octowizard.books.vat import Regime
from octowizard.octopus import bookings as oc_bookings
from octowizard.octopus import models as oc
from octowizard.snapshot import convert
from octowizard.snapshot.model import AccountFacts, RateTotal, RelationFacts, VatCodeFacts
from octowizard.teamleader import models as tl
from tests.teamleader import samples

T = TypeVar("T")


def wire(record: object, kind: type[T]) -> T:
    """A plain record through JSON, with decimals as the clients read them."""
    return msgspec.json.decode(msgspec.json.Encoder(decimal_format="number").encode(record), type=kind)


# --- Octopus ---------------------------------------------------------------------------------------------


def test_a_bookyear_keeps_its_own_periods_in_order_of_their_dates() -> None:
    year = convert.fiscal_year(
        wire(
            {
                "bookyearKey": {"id": 7},
                "startDate": "2025-07-01",
                "endDate": "2026-06-30",
                "closed": False,
                "periods": [
                    {"bookyearPeriod": 202602, "startDate": "2026-01-01", "endDate": "2026-06-30"},
                    {"bookyearPeriod": 202601, "startDate": "2025-07-01", "endDate": "2025-12-31"},
                ],
            },
            oc.Bookyear,
        )
    )
    assert (year.id, year.name, year.closed) == (7, "2025", False)
    assert [period.number for period in year.periods] == [202601, 202602]
    in_may = year.period_of(date(2026, 5, 1))
    assert in_may is not None
    assert in_may.number == 202602


@pytest.mark.parametrize(("kind", "takes"), [(None, True), (1, True), (2, False), (3, False), (99, True)])
def test_a_journal_for_invoices_takes_no_bookings_and_an_unknown_kind_is_left_to_octopus(
    kind: int | None, takes: bool
) -> None:
    record: dict[str, Any] = {
        "bookyearKey": {"id": 7},
        "journalKey": "V1",
        "name": "Sales",
        "closed": False,
        "protectedPeriod": 202601,
        "closedPeriod": 202512,
        "lastBookedDocumentNr": 40,
    }
    state = convert.journal_state(
        wire(record | ({} if kind is None else {"insertionType": kind}), oc.Journal)
    )
    assert state.takes_bookings is takes
    assert (state.year_id, state.key, state.last_number) == (7, "V1", 40)
    assert (state.protected_period, state.closed_period) == (202601, 202512)


def code(text: str, kind: int, **more: Any) -> oc.VatCode:
    return wire({"code": text, "type": kind, **more}, oc.VatCode)


SELL, CREDIT = (
    {"description": "Medecontractant", "basePercentage": 0},
    {"description": "", "basePercentage": 0},
)


@pytest.mark.parametrize("turned", [False, True])
def test_the_two_cards_of_a_vat_code_are_one_code_in_whatever_order_they_come(turned: bool) -> None:
    cards = [code("00", oc.SELL, **SELL), code("00", oc.SELL_CREDIT_NOTE, **CREDIT)]
    assert convert.vat_codes(reversed(cards) if turned else cards) == (
        VatCodeFacts("00", "Medecontractant", Decimal(0), Regime.CO_CONTRACTOR, sale=True, sale_credit=True),
    )


@pytest.mark.parametrize("turned", [False, True])
def test_a_credit_note_card_without_a_percentage_does_not_make_21_percent_zero(turned: bool) -> None:
    cards = [code("21", oc.SELL, basePercentage=21), code("21", oc.SELL_CREDIT_NOTE)]
    assert convert.vat_codes(reversed(cards) if turned else cards) == (
        VatCodeFacts("21", "", Decimal(21), Regime.NATIONAL, sale=True, sale_credit=True),
    )


def test_purchase_codes_are_no_sales_codes_and_a_code_is_text() -> None:
    cards = [
        code("06", oc.SELL, basePercentage=6),
        code("6", oc.SELL_CREDIT_NOTE, basePercentage=6),
        code("I21", oc.BUY, basePercentage=21),
        code("06", oc.BUY_CREDIT_NOTE, basePercentage=6),
    ]
    found = convert.vat_codes(cards)
    assert [(one.code, one.sale, one.sale_credit) for one in found] == [
        ("06", True, False),
        ("6", False, True),
    ]


def test_an_account_knows_its_name_its_vat_code_and_its_cost_centre() -> None:
    record = {
        "accountKey": {"bookyearKey": {"id": 7}, "id": 701000},
        "description": {"description_FR": "Ventes ", "description_EN": "Sales"},
        "salesVatCode": "21",
        "costCentreType": 1,
        "defaultCostCentreKey": {"id": 77},
    }
    assert convert.account(wire(record, oc.Account)) == AccountFacts(701000, 1, 77, "Ventes", "21")
    bare = {"accountKey": {"bookyearKey": {"id": 7}, "id": 700000}}
    assert convert.account(wire(bare, oc.Account)) == AccountFacts(700000, 0, None)


def relation(**more: Any) -> oc.Relation:
    known = {"relationIdentificationServiceData": {"relationKey": {"id": 9}}, "currencyCode": "EUR"}
    return wire(known | more, oc.Relation)


def test_a_relation_is_known_by_its_checked_number_and_its_whole_address() -> None:
    found = convert.relation(
        relation(
            relationIdentificationServiceData={"relationKey": {"id": 9}, "externalRelationId": 123},
            name="Peeters",
            firstName="Jan",
            streetAndNr="Kerkstraat 1",
            postalCode="9000",
            vatNr="BE0400.000.086",
            country="BE ",
            active=False,
            client=False,
            vatType=1,
        )
    )
    assert found == RelationFacts(
        9,
        123,
        "Jan Peeters",
        "BE0400000086",
        ("jan peeters", "kerkstraat 1", "9000"),
        client=False,
        active=False,
        vat_type=1,
        country="BE",
        currency="EUR",
    )


def test_a_relation_that_says_nothing_of_itself_is_an_active_client_without_keys() -> None:
    assert convert.relation(relation(name="Foo")) == RelationFacts(
        9, 0, "Foo", None, None, True, True, currency="EUR"
    )


def test_a_relation_without_a_key_cannot_be_linked() -> None:
    assert convert.relation(relation(relationIdentificationServiceData={"externalRelationId": 5})) is None


BALANCE: dict[str, Any] = {
    "type": {"type": "C"},
    "debetDocument": {
        "balancingKey": {
            "bookyearKey": {"id": 5},
            "journalKey": "V1",
            "documentSequenceNr": 41,
            "lineSequenceNr": -1,
        },
        "documentDate": "2026-02-10",
    },
    "creditDocument": {
        "balancingKey": {
            "bookyearKey": {"id": 5},
            "journalKey": "F1",
            "documentSequenceNr": 3,
            "lineSequenceNr": 2,
        },
        "documentDate": "2026-02-20",
        "reference": "+++084/2613/66074+++",
    },
    "debetBalancedBookingAmount": 0,
    "creditBalancedBookingAmount": 121.00,
}


def test_a_match_says_which_invoice_was_paid_when_and_how_much() -> None:
    found = convert.match(wire(BALANCE, oc_bookings.BalancingDetail))
    assert found is not None
    assert (found.bookyear, found.journal, found.number, found.amount) == (5, "V1", 41, Decimal(121))
    assert (found.counter_journal, found.counter_date) == ("F1", date(2026, 2, 20))
    assert found.counter_text == "+++084/2613/66074+++"
    assert found.key == "5/V1/41/-1|5/F1/3/2"


def test_a_match_between_two_other_documents_is_no_payment_of_an_invoice() -> None:
    turned = BALANCE | {
        "debetDocument": BALANCE["creditDocument"],
        "creditDocument": BALANCE["debetDocument"],
    }
    assert convert.match(wire(turned, oc_bookings.BalancingDetail)) is None


# --- Teamleader ------------------------------------------------------------------------------------------


def test_a_company_shows_its_primary_address_and_mail() -> None:
    record = samples.company(
        1,
        vat_number="BE0400000086",
        emails=[
            {"type": "invoicing", "email": "inv@foo.example"},
            {"type": "primary", "email": "foo@foo.example"},
        ],
        telephones=[{"type": "fax", "number": "1"}, {"type": "phone", "number": "2"}],
        primary_address={"line_1": "Markt 1", "postal_code": "9000", "city": "Gent", "country": "BE"},
        payment_term={"type": "end_of_month", "days": 30},
        preferred_currency="USD",
    )
    found = convert.company(wire(record, tl.CompanyListItem))
    assert (found.type, found.email, found.telephone) == ("company", "foo@foo.example", "2")
    assert (found.street, found.postcode, found.city, found.country) == ("Markt 1", "9000", "Gent", "BE")
    assert (found.term_type, found.term_days, found.currency) == ("end_of_month", 30, "USD")


def test_a_company_that_says_nothing_of_itself_is_taken_as_it_is() -> None:
    found = convert.company(wire(samples.company(1), tl.CompanyListItem))
    assert (found.street, found.country, found.email, found.term_type) == (None, None, None, None)


def test_a_contact_keeps_first_and_last_name_apart() -> None:
    telephones = [{"type": "mobile", "number": "0470"}]
    found = convert.contact(
        wire(samples.contact(1, first_name="An", telephones=telephones), tl.ContactListItem)
    )
    assert (found.type, found.first_name, found.name, found.mobile) == ("contact", "An", "Janssens", "0470")


def test_a_draft_is_no_document_yet() -> None:
    for changes in ({"status": "draft"}, {"invoice_number": None}, {"invoice_date": None}):
        assert convert.invoice_head(wire(samples.invoice_item(1, **changes), tl.InvoiceListItem)) is None
    without = samples.credit_note_item(1, credit_note_number=None)
    assert convert.credit_note_head(wire(without, tl.CreditNoteListItem)) is None


def test_an_invoice_of_the_list_shows_what_is_due_and_its_communication() -> None:
    record = samples.invoice_item(
        1,
        payment_reference="+++084/2613/66074+++",
        updated_at="2026-03-02T10:00:00+01:00",
        due_on="2026-03-31",
    )
    head = convert.invoice_head(wire(record, tl.InvoiceListItem))
    assert head is not None
    assert (head.kind, head.number, head.date, head.due_on) == (
        "invoice",
        "2026 / 15",
        date(2026, 3, 1),
        date(2026, 3, 31),
    )
    assert (head.amount, head.open_amount, head.currency) == (Decimal("123.45"), Decimal("100.05"), "EUR")
    assert (head.communication, head.stamp) == ("084261366074", "2026-03-02T10:00:00+01:00")


def test_a_free_payment_reference_is_no_structured_communication() -> None:
    head = convert.invoice_head(
        wire(samples.invoice_item(1, payment_reference="Thank you"), tl.InvoiceListItem)
    )
    assert head is not None
    assert head.communication is None


def test_a_credit_note_has_neither_a_due_date_nor_an_open_amount() -> None:
    head = convert.credit_note_head(wire(samples.credit_note_item(1), tl.CreditNoteListItem))
    assert head is not None
    assert (head.kind, head.number, head.amount) == ("credit_note", "2026/5", Decimal("10.00"))
    assert (head.due_on, head.open_amount) == (None, None)


def test_a_document_keeps_the_vat_of_each_line_as_it_was_stated() -> None:
    found = convert.document_detail(wire(samples.invoice(1), tl.Invoice), "EUR")
    assert [(line.base, line.vat, line.category_id) for line in found.lines] == [
        (Decimal("0.15"), Decimal("0.03"), None)
    ]
    assert found.totals == (RateTotal(Decimal("0.21"), Decimal("123.45"), Decimal("0.07")),)
    assert [payment.amount for payment in found.payments] == [Decimal("23.40")]
    assert (found.has_discount, found.rate_to_own, found.open_amount) == (
        False,
        Decimal(1),
        Decimal("100.05"),
    )
    discounts = [{"type": "percentage", "value": 10}]
    assert convert.document_detail(
        wire(samples.invoice(1, discounts=discounts), tl.Invoice), "EUR"
    ).has_discount


def test_a_credit_note_has_no_payments() -> None:
    found = convert.document_detail(wire(samples.credit_note(1), tl.CreditNote), "EUR")
    assert (found.payments, found.payment_reference, found.open_amount) == ((), None, None)


def test_a_category_has_the_account_of_its_department_and_of_no_other() -> None:
    record = {
        "id": "k",
        "name": "Goods",
        "ledgers": [
            {"department": samples.DEPARTMENT_REF | {"id": "other"}, "ledger_account_number": "701000"},
            {"department": samples.DEPARTMENT_REF, "ledger_account_number": "700000"},
        ],
    }
    category = wire(record, tl.ProductCategory)
    assert convert.category(category, samples.DEPARTMENT).account == "700000"
    assert convert.category(category, "other").account == "701000"
    assert convert.category(category, "third").account is None


@pytest.mark.parametrize(
    ("exchange", "rate"),
    [
        ({"from": "USD", "to": "EUR", "rate": Decimal("0.92")}, "0.92"),
        ({"from": "EUR", "to": "USD", "rate": Decimal("1.25")}, "0.8"),
        ({"from": "EUR", "to": "USD", "rate": Decimal(3)}, "0.3333333333"),
        ({"from": None, "to": None, "rate": Decimal("0.92")}, "0.92"),
        ({"from": "USD", "to": "EUR", "rate": Decimal(0)}, "0"),
        ({"from": "USD", "to": "EUR", "rate": None}, "0"),
        (None, "0"),
    ],
)
def test_the_exchange_rate_is_read_in_either_direction_and_never_made_up(
    exchange: dict[str, Any] | None, rate: str
) -> None:
    record = samples.invoice(1, currency_exchange_rate=exchange)
    record["total"] = record["total"] | {"tax_inclusive": {"amount": Decimal("123.45"), "currency": "USD"}}
    found = convert.document_detail(wire(record, tl.Invoice), "EUR").rate_to_own
    assert found == Decimal(rate)


def test_a_document_in_the_own_currency_needs_no_exchange_rate() -> None:
    record = samples.invoice(1, currency_exchange_rate={"from": "EUR", "to": "EUR", "rate": Decimal("0.5")})
    assert convert.document_detail(wire(record, tl.Invoice), "EUR").rate_to_own == 1


def test_equal_payments_of_a_day_get_seconds_that_tell_them_apart_and_stay_the_same() -> None:
    keys = [f"5/V1/{n}/-1|5/F1/3/{n}" for n in range(300)]
    seconds = [convert.second_of_day(key) for key in keys]
    assert seconds == [convert.second_of_day(key) for key in keys]
    assert all(8 * 3600 <= second < 18 * 3600 for second in seconds)
    assert len(set(seconds)) > 290
