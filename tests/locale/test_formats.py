"""Numbers as Belgians write them, held to CLDR."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from octowizard import locale
from octowizard.locale.formats import amount, count, year_name


@pytest.fixture(params=["nl", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    locale.choose(request.param)
    return str(request.param)


def cldr(value: Decimal | int, language: str, pattern: str) -> str:
    """As CLDR has it for Belgium; the thin no-break space of French made an ordinary one, as terminals need it."""
    text = format_decimal(value, format=pattern, locale=f"{language}_BE")
    return text.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize("value", ["0", "0.05", "-12.5", "999.99", "1210", "-1234567.89"])
def test_an_amount_is_written_as_in_belgium(language: str, value: str) -> None:
    assert amount(Decimal(value)) == cldr(Decimal(value), language, "#,##0.00")


@pytest.mark.parametrize("value", [0, 1, 999, 1000, 20000, 1234567])
def test_a_count_is_written_as_in_belgium(language: str, value: int) -> None:
    assert count(value) == cldr(value, language, "#,##0")


@given(value=st.decimals(-(10**9), 10**9, places=2))
def test_no_amount_loses_a_cent_in_being_written(value: Decimal) -> None:
    assert Decimal(amount(value).replace(".", "").replace(",", ".")) == value


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("Boekjaar 2026", "2026"),
        ("Exercice comptable 2026", "2026"),
        ("2026", "2026"),
        ("2025-2026", "2025-2026"),
        ("Boekjaar", "Boekjaar"),
    ],
)
def test_a_sentence_about_a_fiscal_year_says_once_that_it_is_one(name: str, year: str) -> None:
    assert year_name(name) == year
