"""A record that a vendor could not have sent is found, also when most of it was seen and found sound before."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from octowizard.sandbox.worlds import SCENARIOS
from tests.contracts import check_schema


def invoice() -> dict[str, Any]:
    """The first invoice of a practice company, which is sound."""
    kept = next(iter(SCENARIOS["healthy"].build(1, 4, 3).teamleader.invoices.values()))
    return copy.deepcopy(kept.data)


def _amount(record: dict[str, Any], value: Any) -> None:
    record["total"]["tax_exclusive"]["amount"] = value


def _line(record: dict[str, Any], name: str, value: Any) -> None:
    record["grouped_lines"][0]["line_items"][0][name] = value


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda record: record.update(id=7), "$.id"),
        (lambda record: record.update(id="not an id"), "$.id"),
        (lambda record: record.update(paid="yes"), "$.paid"),
        (lambda record: record.update(status="new"), "$.status"),
        (lambda record: record.pop("status"), "$"),
        (lambda record: record.update(colour="red"), "$"),
        (lambda record: _amount(record, "12.00"), "$.total.tax_exclusive.amount"),
        (lambda record: _amount(record, True), "$.total.tax_exclusive.amount"),
        (lambda record: _line(record, "description", 7), "$.grouped_lines[0].line_items[0].description"),
    ],
)
def test_what_the_contract_forbids_is_found_where_it_stands(
    spoil: Callable[[dict[str, Any]], Any], where: str
) -> None:
    check_schema("teamleader", "Invoice", invoice())
    spoilt = invoice()
    spoil(spoilt)
    for _again in range(2):  # what is wrong is not taken for seen
        with pytest.raises(AssertionError) as told:
            check_schema("teamleader", "Invoice", spoilt)
        assert f"{where}: " in str(told.value)


def test_another_amount_of_the_same_kind_is_sound() -> None:
    other = invoice()
    _amount(other, Decimal("12.34"))
    check_schema("teamleader", "Invoice", other)
