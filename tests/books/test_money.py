"""Money: cents, half up, and nothing lost on the way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.books.money import cents

AMOUNTS = st.decimals(-(10**9), 10**9, places=6)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("6.3189", "6.32"),
        ("0.125", "0.13"),
        ("2.675", "2.68"),  # a float would say 2.67
        ("1.005", "1.01"),  # a float would say 1.00
        ("0.045", "0.05"),  # half to even would say 0.04
        ("-0.045", "-0.05"),
        ("1", "1.00"),
    ],
)
def test_half_a_cent_goes_up(amount: str, rounded: str) -> None:
    assert str(cents(Decimal(amount))) == rounded


@given(AMOUNTS)
def test_rounding_moves_an_amount_by_half_a_cent_at_most_and_whole_cents_not_at_all(amount: Decimal) -> None:
    assert abs(cents(amount) - amount) <= Decimal("0.005")
    assert cents(cents(amount)) == cents(amount)


@given(AMOUNTS)
def test_a_refund_is_rounded_as_the_charge_was(amount: Decimal) -> None:
    assert cents(-amount) == -cents(amount)
