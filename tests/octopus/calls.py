"""Every method of the client with arguments that fit the contract: for the tests that go through all of them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from octowizard.octopus import bookings as b
from octowizard.octopus import models as m
from octowizard.octopus.client import Octopus

SINCE = datetime(2026, 11, 20, 8, 30, 15, 250_000, tzinfo=UTC)
YEAR = m.Key(5)
NAMES = (m.LocalizedString("NL", "Verkopen"),)
BOOKING = b.BuySellBooking(
    YEAR,
    "V1",
    41,
    m.RelationIdentification(m.Key(3)),
    202611,
    date(2026, 11, 20),
    date(2026, 12, 20),
    Decimal("121.00"),
    "EUR",
    Decimal(1),
    comment="2026 / 41",
    booking_lines=(b.BuySellBookingLine(700000, Decimal("100.00"), "21", Decimal("21.00")),),
)
FINANCIAL = b.FinancialDiversBooking(
    YEAR,
    "F1",
    3,
    202611,
    date(2026, 11, 20),
    Decimal(1),
    (b.FinancialDiversBookingLine("C", Decimal("121.00"), relation_id=3, reference="2026/V1/41"),),
)
PAIR = b.BalancingPair(b.BalancingKey(YEAR, "V1", 41), b.BalancingKey(YEAR, "F1", 3, 1))
QUERY = b.RelationQuery(YEAR, YEAR, 202601, 202612)
RELATION = m.Relation(
    m.RelationIdentification(external_relation_id=12), "EUR", name="Foo [BE] bvba", client=True
)
D = "/dossiers/{dossierId}"
Y = D + "/bookyears/{bookyearId}"


class Call(NamedTuple):
    """`answer`: schema of the 200 answer, with [] after it for a list; "" for an answer without a body."""

    operation: str
    call: Callable[[Octopus], Awaitable[Any]]
    answer: str
    empty: Any = None  # what a 404 "nothing found" means; None where it is a refusal


READS = [
    Call("GET /dossiers", lambda o: o.dossiers(), "DossierServiceData[]"),
    Call(f"GET {D}/bookyears", lambda o: o.bookyears(), "BookyearServiceData[]", []),
    Call(f"GET {Y}", lambda o: o.bookyear(5), "BookyearDetailServiceData"),
    Call(f"GET {Y}/journals", lambda o: o.journals(5), "JournalServiceData[]", []),
    Call(f"GET {Y}/journals/V/{{sequenceNumber}}", lambda o: o.sales_journal(5, 1), "SellJournalServiceData"),
    Call(f"GET {D}/accounts", lambda o: o.accounts(5), "AccountServiceData[]", []),
    Call(
        f"GET {D}/accounts/modified", lambda o: o.modified_accounts(SINCE), "SyncAccounts", m.SyncAccounts()
    ),
    Call(f"GET {D}/vatcodes", lambda o: o.vat_codes(), "VatCodeServiceData[]", []),
    Call(f"GET {D}/costcentres", lambda o: o.cost_centres(), "CostCentreServiceData[]", []),
    Call(f"GET {D}/relations", lambda o: o.relations(), "RelationServiceData[]", []),
    Call(
        f"GET {D}/relations",
        lambda o: o.find_relations(relation_id=3, external_id=4, name="Peeters & Zonen", vat_number="BE0"),
        "RelationServiceData[]",
        [],
    ),
    Call(
        f"GET {D}/relations/modified",
        lambda o: o.modified_relations(None),
        "SyncRelations",
        m.SyncRelations(),
    ),
    Call(
        f"GET {D}/buysellbookings/modified",
        lambda o: o.modified_bookings(5, "V1", SINCE),
        "BuySellBookingServiceData[]",
        [],
    ),
    Call(
        f"GET {D}/financialdiversbookings/modified",
        lambda o: o.modified_financial_bookings(-1, None, SINCE),
        "FinancialDiversBookingServiceData[]",
        [],
    ),
    Call(
        f"GET {Y}/bookings/modified",
        lambda o: o.booking_lines(5, 2, None, SINCE),
        "SyncBookings",
        b.SyncBookings(),
    ),
    Call(
        f"GET {D}/balancings/modified",
        lambda o: o.modified_balancings(SINCE),
        "SyncBalancings",
        b.SyncBalancings(),
    ),
    Call(f"POST {D}/reports/clients/open", lambda o: o.open_items(QUERY), "OpenData[]", []),
    Call(f"POST {D}/reports/clients/history", lambda o: o.history(QUERY), "HistoryData[]", []),
]
# A number that is free is None, which cannot stand in `empty` above.
DOCUMENTS = [
    Call(f"GET {D}/buysellbookings", lambda o: o.booking(5, "V1", 41), "BuySellBookingServiceData"),
    Call(
        f"GET {D}/financialdiversbookings",
        lambda o: o.financial_booking(5, "F1", 3),
        "FinancialDiversBookingServiceData",
    ),
]
WRITES = [
    Call(
        f"POST {D}/bookyears",
        lambda o: o.create_bookyear(
            m.BookyearInsert(NAMES, "MONTH", date(2027, 1, 1), date(2027, 12, 31), False, "QUARTERLY")
        ),
        "BookyearDetailServiceData",
    ),
    Call(
        f"PUT {D}/bookyears",
        lambda o: o.update_bookyear(m.BookyearUpdate(YEAR, to_date=date(2027, 12, 31))),
        "BookyearDetailServiceData",
    ),
    Call(
        f"POST {D}/journals/V",
        lambda o: o.create_sales_journal(
            m.SellJournalInsert(m.CommonJournalInsert(YEAR, 4, NAMES), "BOOKING")
        ),
        "SellJournalServiceData",
    ),
    Call(
        f"PUT {D}/journals/V",
        lambda o: o.update_sales_journal(
            m.SellJournalUpdate(m.CommonJournalUpdate(YEAR, 1, protected_period=0))
        ),
        "SellJournalServiceData",
    ),
    Call(
        f"PUT {D}/accounts",
        lambda o: o.put_account(
            m.Account(m.AccountKey(YEAR, 700900), m.Descriptions(nl="Verkopen"), sales_vat_code="21")
        ),
        "",
    ),
    Call(f"PUT {D}/relations", lambda o: o.put_relation(RELATION), "RelationServiceData"),
    Call(f"POST {D}/buysellbookings", lambda o: o.post_booking(BOOKING), ""),
    Call(f"POST {D}/financialdiversbookings", lambda o: o.post_financial_booking(FINANCIAL), ""),
    Call(
        f"POST {D}/balancings",
        lambda o: o.post_balancing(b.Balancing(PAIR.debet_key, PAIR.credit_key, Decimal("121.00"))),
        "",
    ),
    Call(f"DELETE {D}/balancings/delete", lambda o: o.delete_balancing(PAIR), ""),
]


def names(calls: list[Call]) -> list[str]:
    return [call.operation for call in calls]
