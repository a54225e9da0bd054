"""A discount on the whole document: spread over the VAT codes, to the cent, or not booked at all."""

from collections import defaultdict
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from octowizard.books.accounts import DISCOUNTS
from octowizard.books.money import allocate, cents
from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Draft
from octowizard.snapshot.model import AccountFacts, DocumentDetail, LineFacts, RateTotal
from octowizard.workspace.profiles import Mapping
from tests.build import ACCOUNTS, RATES, detail, head, line
from tests.planning.planned import planned, planner, refused

replace = msgspec.structs.replace
ZERO = Decimal("0.00")


def discounted(*lines: LineFacts, percent: Decimal) -> DocumentDetail:
    """The document after a discount of so many percent, with totals per rate number as Teamleader states them."""
    whole = detail(*lines)
    kept = 1 - percent / 100
    totals = tuple(RateTotal(t.rate, cents(t.base * kept), cents(t.vat * kept)) for t in whole.totals)
    base = sum((t.base for t in totals), ZERO)
    return replace(
        whole,
        has_discount=True,
        totals=totals,
        total_base=base,
        total=base + sum((t.vat for t in totals), ZERO),
    )


def test_a_discount_is_booked_on_its_account_once_per_vat_code() -> None:
    content = discounted(line("100.00", "21.00"), line("50.00", "3.00", "t6", "work"), percent=Decimal(10))
    draft = planned(head(content.total), content)
    assert [(one.account_key, one.vat_code_key, one.base_amount, one.vat_amount) for one in draft.lines] == [
        (700000, "21", Decimal("100.00"), Decimal("21.00")),
        (701000, "06", Decimal("50.00"), Decimal("3.00")),
        (DISCOUNTS, "06", Decimal("-5.00"), Decimal("-0.30")),
        (DISCOUNTS, "21", Decimal("-10.00"), Decimal("-2.10")),
    ]


def test_two_kinds_of_zero_percent_share_the_discount_by_weight() -> None:
    # Teamleader states one total for all rates of 0 %; the lines keep the kinds apart.
    lines = line("100.00", "0.00", "tmc"), line("200.01", "0.00", "tcm"), line("50.00", "10.50")
    content = discounted(*lines, percent=Decimal("33.33"))
    draft = planned(head(content.total), content)
    off = {one.vat_code_key: one.base_amount for one in draft.lines if one.account_key == DISCOUNTS}
    assert off == {"MC": Decimal("-33.33"), "IC": Decimal("-66.66"), "21": Decimal("-16.66")}
    assert sum(off.values()) == content.total_base - Decimal("350.01")


def test_a_credit_note_gives_the_discount_back() -> None:
    content = discounted(line("100.00", "21.00"), percent=Decimal(10))
    draft = planned(head(content.total, kind="credit_note"), content)
    assert draft.amount == Decimal("-108.90")
    assert [(one.base_amount, one.vat_amount) for one in draft.lines[1:]] == [
        (Decimal(-10), Decimal("-2.10"))
    ]


def test_without_a_discount_nothing_is_booked_on_the_account_for_discounts() -> None:
    assert [one.account_key for one in planned(head(), detail(line("100.00", "21.00"))).lines] == [700000]
    none = discounted(line("100.00", "21.00"), percent=Decimal(0))
    assert [one.account_key for one in planned(head(), none).lines] == [700000]


def test_a_discount_without_an_account_for_it_is_told_and_the_users_choice_is_taken() -> None:
    content = discounted(line("100.00", "21.00"), percent=Decimal(10))
    chart = {number: facts for number, facts in ACCOUNTS.items() if number != DISCOUNTS}
    assert (
        refused(head(content.total), content, planner(accounts={5: chart})).problem
        == "missing-discount-account"
    )
    chosen = planner(Mapping(discount_account=702000), accounts={5: chart})
    assert planned(head(content.total), content, chosen).lines[1].account_key == 702000
    gone = planner(Mapping(discount_account=709999))
    assert refused(head(content.total), content, gone).problem == "missing-discount-account"


def test_the_discount_takes_the_cost_centre_that_its_account_demands() -> None:
    content = discounted(line("100.00", "21.00"), percent=Decimal(10))
    chart = ACCOUNTS | {DISCOUNTS: AccountFacts(DISCOUNTS, 1, 88)}
    key = planned(head(content.total), content, planner(accounts={5: chart})).lines[1].cost_centre_key
    assert key is not None
    assert key.id == 88


def test_a_discount_that_would_raise_the_vat_is_refused_before_octopus_does() -> None:
    lines = [line("1.02", "0.06", "t6")] * 100  # 6.00 by line, 6.12 by rate, of which 6.06 is left after 1 %
    content = detail(*lines)
    totals = (RateTotal(Decimal("0.06"), Decimal("100.98"), Decimal("6.06")),)
    content = replace(content, has_discount=True, totals=totals, total=Decimal("107.04"))
    assert refused(head("107.04"), content).problem == "mixed-signs"


def test_a_total_per_rate_that_no_line_bears_is_not_booked() -> None:
    content = detail(line("100.00", "21.00"))
    totals = (*content.totals, RateTotal(Decimal("0.06"), Decimal("-10.00"), Decimal("-0.60")))
    content = replace(content, has_discount=True, totals=totals, total=Decimal("110.40"))
    assert refused(head("110.40"), content).problem == "totals-differ"


AMOUNTS = st.integers(0, 500_000).map(lambda n: Decimal(n) / 100)
RATE_IDS = ["t21", "t6", "t0", "tmc", "tcm"]


@st.composite
def lines_of(draw: st.DrawFn) -> LineFacts:
    rate = draw(st.sampled_from(RATE_IDS))
    base = draw(AMOUNTS).quantize(Decimal("0.01"))
    return line(base, cents(base * RATES[rate].rate), rate, draw(st.sampled_from(["goods", "work"])))


PERCENT = st.integers(1, 10_000).map(lambda n: Decimal(n) / 100)


@given(st.lists(lines_of(), min_size=1, max_size=12), PERCENT)
def test_with_a_discount_the_lines_add_up_to_the_total_and_to_each_rate(
    lines: list[LineFacts], percent: Decimal
) -> None:
    content = discounted(*lines, percent=percent)
    draft = planned(head(content.total), content)
    assert sum((one.base_amount + one.vat_amount for one in draft.lines), ZERO) == content.total
    code_rates = {"21": "0.21", "06": "0.06", "00": "0", "MC": "0", "IC": "0"}
    for stated in content.totals:
        booked = [one for one in draft.lines if Decimal(code_rates[one.vat_code_key]) == stated.rate]
        assert sum((one.base_amount for one in booked), ZERO) == stated.base
        assert sum((one.vat_amount for one in booked), ZERO) == stated.vat


@given(st.lists(lines_of(), min_size=1, max_size=12), PERCENT)
def test_each_vat_code_bears_its_own_share_of_the_discount(lines: list[LineFacts], percent: Decimal) -> None:
    content = discounted(*lines, percent=percent)
    draft = planned(head(content.total), content)
    sold: dict[str, Decimal] = defaultdict(lambda: ZERO)
    off: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for one in draft.lines:
        (off if one.account_key == DISCOUNTS else sold)[one.vat_code_key] += one.base_amount
    for code, base in sold.items():
        assert abs(-off[code] - base * percent / 100) <= Decimal("0.03")  # at most three codes share a rate


@given(
    lines=st.lists(lines_of(), min_size=1, max_size=6),
    percent=PERCENT,
    place=st.sampled_from(["document", "list", "rate"]),
    off=st.sampled_from([Decimal("0.01"), Decimal("-0.01"), Decimal("5")]),
)
def test_totals_that_contradict_each_other_are_never_booked(
    lines: list[LineFacts], percent: Decimal, place: str, off: Decimal
) -> None:
    content = discounted(*lines, percent=percent)
    listed = content.total
    if place == "document":
        content = replace(content, total=content.total + off)
    elif place == "list":
        listed += off
    else:
        first = content.totals[0]
        content = replace(content, totals=(replace(first, base=first.base + off), *content.totals[1:]))
    made = planner().draft(head(listed), content)
    assert isinstance(made, Blocker)
    assert made.problem in ("totals-differ", "mixed-signs")


@given(
    st.lists(st.integers(-100_000, 100_000).map(lambda n: Decimal(n) / 100), min_size=1, max_size=8),
    st.integers(-100_000, 100_000).map(lambda n: Decimal(n) / 100),
)
def test_an_amount_that_is_split_loses_and_gains_nothing(weights: list[Decimal], amount: Decimal) -> None:
    parts = allocate(amount, weights)
    assert sum(parts, ZERO) == amount
    assert len(parts) == len(weights)
    assert all(part == cents(part) for part in parts)


def test_an_amount_is_split_by_weight_and_nothing_goes_to_nobody() -> None:
    assert allocate(Decimal("-10.00"), [Decimal(1), Decimal(2)]) == [Decimal("-3.33"), Decimal("-6.67")]
    assert allocate(Decimal("-10.00"), [ZERO, ZERO]) == [Decimal("-10.00"), ZERO]
    assert allocate(Decimal("-10.00"), [Decimal(5), Decimal(-5)]) == [Decimal("-10.00"), ZERO]
    assert allocate(Decimal("-10.00"), []) == []


def test_lines_that_cancel_out_do_not_break_the_discount() -> None:
    content = discounted(line("10.00", "0.00", "t0"), line("-10.00", "0.00", "tmc"), percent=Decimal(5))
    assert isinstance(planner().draft(head(content.total), content), Draft)
