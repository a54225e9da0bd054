"""Amounts, days and moments as a Belgian bookkeeper writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from octowizard.locale import formats

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        ("1210", "EUR", "1.210,00"),
        ("-605.5", "EUR", "-605,50"),
        ("1234567.891", "EUR", "1.234.567,891"),
        ("0", "EUR", "0,00"),
        ("99.99", "USD", "99,99 USD"),
        ("1E+3", "EUR", "1.000,00"),
    ],
)
def test_an_amount_is_written_with_dots_and_a_comma(value: str, currency: str, written: str) -> None:
    assert formats.amount(Decimal(value), currency) == written


def test_days_and_counts() -> None:
    assert formats.day(date(2026, 3, 4)) == "04/03/2026"
    assert formats.count(20000) == "20.000"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=2), "2 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=9), "9 days ago"),
    ],
)
def test_how_long_ago(before: timedelta, said: str) -> None:
    assert formats.ago(NOW - before, NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.42, "0,4 s"),
        (4, "4 s"),
        (9.97, "10 s"),
        (59, "59 s"),
        (61, "1 min"),
        (3599, "1 h 00 min"),
        (3900, "1 h 05 min"),
    ],
)
def test_how_long_something_takes(seconds: float, said: str) -> None:
    assert formats.duration(seconds) == said


def test_a_moment_is_as_short_as_it_can_be() -> None:
    assert formats.moment(NOW, NOW) == "09:30"
    assert formats.moment(NOW - timedelta(days=1), NOW) == "20/11 09:30"
    assert formats.moment(NOW - timedelta(days=400), NOW) == "17/10/2025 09:30"
