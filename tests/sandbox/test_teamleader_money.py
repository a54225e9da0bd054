"""What a practice document comes to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from octowizard.sandbox.teamleader import money
from octowizard.sandbox.teamleader.documents import due_on, structured_communication
from tests.contracts import check_schema
from tests.sandbox.teamleader_world import RATE_6, RATE_21, RATE_MC, SALES, line, uid

Json = dict[str, Any]

RATES = {RATE_21: Decimal("0.21"), RATE_6: Decimal("0.06"), RATE_MC: Decimal("0"), uid(15): Decimal("0.00")}


def amounts(total: Json) -> dict[str, Decimal]:
    return {key: value["amount"] for key, value in total.items() if isinstance(value, dict)}


def test_vat_is_rounded_on_each_line_and_half_a_cent_goes_up() -> None:
    groups, total = money.totals([{"line_items": [line("0.50", RATE_21), line("0.50", RATE_21)]}], RATES)
    # 0.105 a line: 0.11 twice, not 0.21 on the sum
    assert amounts(total)["tax_inclusive"] == Decimal("1.22")
    assert groups[0]["line_items"][0]["total"]["tax_inclusive"]["amount"] == Decimal("0.61")
    check_schema("teamleader", "LineGroup", groups[0])


def test_a_line_discount_is_taken_before_vat() -> None:
    discount = {"type": "percentage", "value": Decimal(10)}
    groups, total = money.totals(
        [{"line_items": [line("19.99", RATE_21, "3", discount=discount)]}],
        RATES,
    )
    shown = groups[0]["line_items"][0]["total"]
    assert shown["tax_exclusive_before_discount"]["amount"] == Decimal("59.97")
    assert shown["tax_exclusive"]["amount"] == Decimal("53.97")
    assert amounts(total)["tax_inclusive"] == Decimal("65.30")


def test_a_document_discount_is_taken_per_rate() -> None:
    lines = [line("33.33", RATE_21), line("10.01", RATE_6)]
    _, total = money.totals([{"line_items": lines}], RATES, [{"type": "percentage", "value": Decimal(5)}])
    by_rate = {
        entry["rate"]: (entry["taxable"]["amount"], entry["tax"]["amount"]) for entry in total["taxes"]
    }
    assert by_rate == {
        Decimal("0.21"): (Decimal("31.66"), Decimal("6.65")),
        Decimal("0.06"): (Decimal("9.51"), Decimal("0.57")),
    }
    assert amounts(total)["payable"] == Decimal("48.39")
    assert amounts(total)["tax_exclusive_before_discount"] == Decimal("43.34")


def test_different_zero_rates_fall_together() -> None:
    _, total = money.totals([{"line_items": [line("10", RATE_MC), line("5", uid(15))]}], RATES)
    assert len(total["taxes"]) == 1
    assert total["taxes"][0]["taxable"]["amount"] == Decimal("15.00")


def test_a_document_without_lines_comes_to_nothing() -> None:
    _, total = money.totals([], RATES)
    assert amounts(total)["payable"] == 0


@given(
    st.lists(
        st.tuples(
            st.decimals(min_value="-99999", max_value="99999", places=4),
            st.decimals(min_value="0.001", max_value="999", places=3),
            st.sampled_from([RATE_21, RATE_6, RATE_MC]),
            st.integers(0, 100),
        ),
        max_size=6,
    ),
    st.integers(0, 100),
)
def test_totals_always_add_up_to_the_cent(
    lines: list[tuple[Decimal, Decimal, str, int]], percent: int
) -> None:
    given_lines = [
        line(str(price), rate, str(quantity), discount={"type": "percentage", "value": off})
        for price, quantity, rate, off in lines
    ]
    discounts = [{"type": "percentage", "value": percent}] if percent else []
    groups, total = money.totals([{"line_items": given_lines}], RATES, discounts)
    net = sum((entry["taxable"]["amount"] for entry in total["taxes"]), Decimal(0))
    tax = sum((entry["tax"]["amount"] for entry in total["taxes"]), Decimal(0))
    assert amounts(total)["tax_exclusive"] == net
    assert amounts(total)["tax_inclusive"] == net + tax
    assert all(amount == amount.quantize(Decimal("0.01")) for amount in amounts(total).values())
    if not discounts:
        items = groups[0]["line_items"]
        assert net == sum((item["total"]["tax_exclusive"]["amount"] for item in items), Decimal(0))
    assert money.totals(money.as_input(groups), RATES, discounts) == (groups, total)


def test_ledger_product_and_section_survive_the_way_there_and_back() -> None:
    sent = [{"section": {"title": "Part one"}, "line_items": [line(extended_description="**more**")]}]
    groups, _ = money.totals(sent, RATES)
    assert groups[0]["line_items"][0]["product_category"] == {"type": "productCategory", "id": SALES}
    assert money.as_input(groups) == sent


def test_due_dates_follow_the_payment_term() -> None:
    assert due_on("2026-01-31", {"type": "after_invoice_date", "days": 30}) == "2026-03-02"
    assert due_on("2026-01-31", {"type": "end_of_month", "days": 30}) == "2026-03-31"
    assert due_on("2026-01-31", {"type": "cash"}) == "2026-01-31"


@given(st.integers(0, 10**12))
def test_payment_references_check_by_97(number: int) -> None:
    digits = structured_communication(number).strip("+").replace("/", "")
    assert len(digits) == 12
    assert int(digits[10:]) == (int(digits[:10]) % 97 or 97)
