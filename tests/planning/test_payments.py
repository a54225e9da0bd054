"""Payments, decided from what was read of both sides."""

from decimal import Decimal
from typing import Any

import pytest

from octowizard.planning.payments import ReceiptFate, receipt_fate

TEN = Decimal("10.00")


@pytest.mark.parametrize(
    ("still_open", "facts", "fate"),
    [
        ("10.00", {}, "match"),
        ("9.99", {}, "surplus"),
        ("0.00", {"stands": False}, "removed"),
        ("0.00", {"spent": TEN}, "spent"),
        ("0.00", {"spent": Decimal("9.99")}, "surplus"),
        ("90.00", {"paid": 1, "known": 1}, "surplus"),  # that payment was matched by hand
        ("90.00", {"paid": 2, "known": 1}, "match"),  # ours is the second of two equal ones
        ("90.00", {"paid": 0, "known": 1}, "match"),  # Teamleader's payment is of another amount
    ],
)
def test_a_receipt_is_matched_only_with_what_no_other_receipt_settles(
    still_open: str, facts: dict[str, Any], fate: ReceiptFate
) -> None:
    assert receipt_fate(TEN, Decimal(still_open), **facts) == fate
