"""Payments, decided from what was read of both sides."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from octowizard.planning.payments import ReceiptFate, plan_payments, receipt_fate
from octowizard.snapshot.model import Booked, DocumentHead, Match
from octowizard.sync.arrivals import standing
from tests.build import NOTHING, PROFILE, SNAPSHOT, head, match

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


DOLLARS = head(
    "110.00", id="paid", currency="USD", open_amount=Decimal("110.00"), rate_to_own=Decimal("0.909090909")
)


def planned(invoice: DocumentHead, *matches: Match) -> list[tuple[str, Decimal]]:
    """Fate and amount of each payment that a sync would bring back."""
    booked = Booked(invoice, 5, "V1", 15)
    snapshot = msgspec.structs.replace(SNAPSHOT, booked=(booked,), matches=matches)
    return [(one.fate, one.amount) for one in plan_payments(snapshot)]


def test_a_payment_of_a_foreign_invoice_comes_back_in_its_currency_by_the_rate_on_it() -> None:
    assert planned(DOLLARS, match("100.00")) == [("register", Decimal("110.00"))]
    assert planned(DOLLARS, match("40.00")) == [("register", Decimal("44.00"))]
    assert planned(DOLLARS, match("40.00", "a"), match("60.00", "b")) == [
        ("register", Decimal("44.00")),
        ("register", Decimal("66.00")),
    ]


def test_a_foreign_invoice_that_is_paid_as_its_matches_say_but_for_a_cent_has_come_back() -> None:
    partly = msgspec.structs.replace(DOLLARS, open_amount=Decimal("33.01"))  # 76.99 paid, 77.00 converted
    assert planned(partly, match("70.00")) == [("in_sync", Decimal("77.00"))]
    paid = msgspec.structs.replace(DOLLARS, open_amount=NOTHING)
    assert planned(paid, match("100.00")) == [("in_sync", Decimal("110.00"))]


def test_more_matched_than_a_foreign_invoice_is_due_is_left_to_a_person() -> None:
    assert planned(DOLLARS, match("120.00")) == [("park", Decimal("132.00"))]


def test_a_foreign_invoice_without_a_rate_is_counted_and_not_followed() -> None:
    unrated = msgspec.structs.replace(DOLLARS, rate_to_own=None)
    assert planned(unrated, match("100.00")) == [("no_rate", Decimal("100.00"))]
    booked = Booked(unrated, 5, "V1", 15)
    snapshot = msgspec.structs.replace(SNAPSHOT, booked=(booked,), matches=(match("100.00"),))
    seen = standing(snapshot, PROFILE)
    assert seen is not None
    assert (seen.unfollowed, seen.awaited, seen.back) == (1, {}, {})


def test_a_foreign_payment_is_awaited_by_a_watch_until_teamleader_has_it() -> None:
    def of(due: str) -> tuple[int, int]:
        booked = Booked(msgspec.structs.replace(DOLLARS, open_amount=Decimal(due)), 5, "V1", 15)
        snapshot = msgspec.structs.replace(SNAPSHOT, booked=(booked,), matches=(match("100.00"),))
        seen = standing(snapshot, PROFILE)
        assert seen is not None
        return len(seen.awaited), len(seen.back)

    assert (of("110.00"), of("0.00")) == ((1, 0), (0, 1))
