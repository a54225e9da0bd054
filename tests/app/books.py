"""A snapshot whose mapping has a row of each kind, three of which lead nowhere; the real mapping works on it."""

from __future__ import annotations

import msgspec

from octowizard.books.vat import Regime
from octowizard.snapshot.model import AccountFacts, CategoryFacts, Snapshot
from tests.build import CODES, RATES, SNAPSHOT, V1, detail, head, line

OPEN = "Dienst in België"  # a category whose account can only be guessed


def account(number: int, name: str) -> AccountFacts:
    """An account that asks for no cost centre and bears no VAT code."""
    return AccountFacts(number, 0, None, name)


def books(text: str = "Foo [BE] bvba") -> Snapshot:
    """`text` stands wherever text from outside can stand.

    13 documents wait: 12 with a line of the category Webwinkel, which has no account, one with a line without any.
    """
    chart = (
        account(700000, "Webwinkel"),
        account(700100, "Diensten in België"),
        account(700300, "Onderhoud en herstellingen"),
        account(701000, text),
        account(708000, text),
        account(580000, "Interne overboekingen"),
    )
    categories = (
        CategoryFacts("1", "Webwinkel", None),
        CategoryFacts("2", OPEN, f"999999 {text}"),
        CategoryFacts("3", f"{text} B", "700300"),
    )
    pending = tuple(head(id=f"d{number}", customer_name=text) for number in range(13))
    details = {one.id: detail(line("100.00", "21.00", category="1")) for one in pending[1:]}
    return msgspec.structs.replace(
        SNAPSHOT,
        journals={
            **SNAPSHOT.journals,
            (5, "D1"): msgspec.structs.replace(V1, key="D1", name="Diverse"),
            (5, "F1"): msgspec.structs.replace(V1, key="F1", name=text),
        },
        accounts={5: {one.number: one for one in chart}},
        vat_codes=tuple(
            msgspec.structs.replace(code, description=text, account=700000) if code.code == "21" else code
            for code in CODES
            if code.regime is not Regime.CO_CONTRACTOR
        ),
        tax_rates={key: RATES[key] for key in ("t21", "tmc")},
        categories={one.id: one for one in categories},
        pending=pending,
        details={"d0": detail(line("10.00", "2.10", category=None)), **details},
    )
