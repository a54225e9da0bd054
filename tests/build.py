"""A Profile and small Snapshots: fiscal year 2026 by month, V1 and V2, a few rates, categories and accounts.

`SNAPSHOT` holds no documents; in `SOUND` one waits, and nothing is wrong.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from octowizard.books.fiscal import FiscalYear, JournalState, Period
from octowizard.books.vat import Regime
from octowizard.snapshot.model import (
    AccountFacts,
    Booked,
    CategoryFacts,
    CustomerFacts,
    DocumentDetail,
    DocumentHead,
    LineFacts,
    Match,
    RateTotal,
    RelationFacts,
    Snapshot,
    TaxRateFacts,
    VatCodeFacts,
)
from octowizard.workspace.profiles import Profile

NOTHING = Decimal("0.00")


def months(year: int) -> tuple[Period, ...]:
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    return tuple(
        Period(year * 100 + month, starts[month - 1], starts[month] - timedelta(days=1))
        for month in range(1, 13)
    )


YEAR = FiscalYear(5, "2026", date(2026, 1, 1), date(2026, 12, 31), False, months(2026))
V1 = JournalState(5, "V1", "Sales", False, 0, 0, True, 40)
V2 = JournalState(5, "V2", "Credit notes", False, 0, 0, True, 3)
ACCOUNTS = {
    700000: AccountFacts(700000, 0, 66),  # takes no cost centre, although one is named
    701000: AccountFacts(701000, 1, 77),
    702000: AccountFacts(702000, 2, None),
    708000: AccountFacts(708000, 0, None),
}


def vat_code(code: str, percentage: str, regime: Regime, **changes: bool) -> VatCodeFacts:
    return VatCodeFacts(
        code,
        code,
        Decimal(percentage),
        regime,
        sale=changes.get("sale", True),
        sale_credit=changes.get("sale_credit", True),
    )


CODES = (
    vat_code("21", "21", Regime.NATIONAL),
    vat_code("06", "6", Regime.NATIONAL),
    vat_code("00", "0", Regime.ZERO),
    vat_code("MC", "0", Regime.CO_CONTRACTOR),
    vat_code("IC", "0", Regime.INTRA_GOODS),
    vat_code("ICD", "0", Regime.INTRA_SERVICES),
    vat_code("EX", "0", Regime.EXPORT),
)
RATES = {
    rate.id: rate
    for rate in (
        TaxRateFacts("t21", "21%", Decimal("0.21"), Regime.NATIONAL),
        TaxRateFacts("t6", "6%", Decimal("0.06"), Regime.NATIONAL),
        TaxRateFacts("t0", "0%", Decimal(0), Regime.ZERO),
        TaxRateFacts("tmc", "Medecontractant", Decimal(0), Regime.CO_CONTRACTOR),
        TaxRateFacts("tcm", "CM", Decimal(0), Regime.INTRA_GOODS),
        TaxRateFacts("tvcmd", "VCMD", Decimal(0), Regime.INTRA_SERVICES),
        TaxRateFacts("tex", "EX", Decimal(0), Regime.EXPORT),
        TaxRateFacts("t20", "20%", Decimal("0.20"), Regime.NATIONAL),
    )
}
CATEGORIES = {
    category.id: category
    for category in (
        CategoryFacts("goods", "Goods", "700000"),
        CategoryFacts("work", "Work", "701000"),
        CategoryFacts("loose", "Loose", "702000"),
        CategoryFacts("unlinked", "Unlinked", None),
        CategoryFacts("gone", "Gone", "799999"),
    )
}
SNAPSHOT = Snapshot(
    taken_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
    start_date=date(2026, 1, 1),
    own_currency="EUR",
    years=(YEAR,),
    journals={(5, "V1"): V1, (5, "V2"): V2},
    accounts={5: ACCOUNTS},
    vat_codes=CODES,
    currencies=frozenset({"EUR", "USD"}),
    tax_rates=RATES,
    categories=CATEGORIES,
    relations=(),
    pending=(),
    customers={},
    matches=(),
    in_sync=0,
    elsewhere=(),
    differing=(),
)


def head(amount: str | Decimal = "121.00", **changes: Any) -> DocumentHead:
    known: dict[str, Any] = {
        "id": "d-1",
        "kind": "invoice",
        "number": "2026 / 15",
        "date": date(2026, 2, 10),
        "due_on": date(2026, 3, 12),
        "customer_id": "c-1",
        "customer_type": "company",
        "customer_name": "Foo [BE] bvba",
        "amount": Decimal(amount),
        "currency": "EUR",
        "open_amount": None,
        "communication": None,
        "stamp": "",
    }
    return DocumentHead(**(known | changes))


def line(
    base: str | Decimal, vat: str | Decimal, rate: str = "t21", category: str | None = "goods"
) -> LineFacts:
    return LineFacts("Apples", category, rate, Decimal(base), Decimal(vat))


def detail(*lines: LineFacts, total: Decimal | None = None, **changes: Any) -> DocumentDetail:
    """A document with these lines; its totals are their sums unless told otherwise."""
    base = sum((one.base for one in lines), NOTHING)
    rates = {RATES[one.tax_rate_id].rate for one in lines if one.tax_rate_id in RATES}
    known: dict[str, Any] = {
        "lines": lines,
        "totals": tuple(
            RateTotal(
                rate,
                sum((one.base for one in lines if RATES[one.tax_rate_id or ""].rate == rate), NOTHING),
                sum((one.vat for one in lines if RATES[one.tax_rate_id or ""].rate == rate), NOTHING),
            )
            for rate in sorted(rates)
        )
        if all(one.tax_rate_id in RATES for one in lines)
        else (),
        "total_base": base,
        "total": base + sum((one.vat for one in lines), NOTHING) if total is None else total,
        "has_discount": False,
        "payment_reference": "+++084/2613/66074+++",
        "purchase_order": None,
        "rate_to_own": Decimal(1),
    }
    return DocumentDetail(**(known | changes))


PROFILE = Profile(
    name="acme",
    octopus_url="https://service.inaras.be/octopus-rest-api/v1",
    teamleader_url="https://api.focus.teamleader.eu",
    teamleader_auth_url="https://focus.teamleader.eu",
    octopus_user="u",
    teamleader_client_id="c",
    dossier_id=1,
    department_id="d",
    start_date=date(2026, 1, 1),
    mode="connector",
    octopus_language="nl",
)
NEXT = FiscalYear(6, "2027", date(2027, 1, 1), date(2027, 12, 31), False, months(2027))
CUSTOMER = CustomerFacts(
    id="c-1",
    type="company",
    name="Foo [BE] bvba",
    vat_number="BE0998877690",
    enterprise_number="0998877690",
    street="Kaai 1",
    postcode="9000",
    city="Gent",
    country="BE",
    email="info@foo.example.com",
)
PLAIN = detail(line("100.00", "21.00"))
SOUND = msgspec.structs.replace(
    SNAPSHOT,
    years=(YEAR, NEXT),
    journals={
        **SNAPSHOT.journals,
        (6, "V1"): msgspec.structs.replace(V1, year_id=6),
        (6, "V2"): msgspec.structs.replace(V2, year_id=6),
    },
    categories={key: CATEGORIES[key] for key in ("goods", "loose")},
    tax_rates={key: rate for key, rate in RATES.items() if key != "t20"},
    pending=(head(),),
    details={"d-1": PLAIN},
    customers={"c-1": CUSTOMER},
)
INVOICE = head(open_amount=Decimal("0.00"), id="paid")
BOOKED = Booked(INVOICE, 5, "V1", 15)


def relation(number: int, **changes: Any) -> RelationFacts:
    known: dict[str, Any] = {
        "id": number,
        "external_number": 0,
        "name": "FOO BVBA",
        "vat_key": "BE0998877690",
        "address_key": None,
        "client": True,
        "active": True,
    }
    return RelationFacts(**(known | changes))


def match(amount: str, key: str = "m", **changes: Any) -> Match:
    known: dict[str, Any] = {
        "key": key,
        "bookyear": 5,
        "journal": "V1",
        "number": 15,
        "amount": Decimal(amount),
        "counter_journal": "F1",
        "counter_date": date(2026, 3, 1),
        "counter_text": "",
    }
    return Match(**(known | changes))
