"""What must hold for any lists: hypothesis makes firms that share and miss whatever, and looks for an exception."""

from __future__ import annotations

import math
import os

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from octowizard.matching.engine import Matches, match
from octowizard.matching.evidence import Pair
from octowizard.matching.record import Customer
from octowizard.matching.vat_numbers import vat_key
from octowizard.matching.zones import MARGIN, margins
from tests.matching.firms import VAT, firm, strangers

EXAMPLES = 60 if os.environ.get("OCTOWIZARD_LONG") else 12
NAMES = st.sampled_from(
    [
        "Bakkerij Peeters",
        "Peeters Holding",
        "PEETERS bv",
        "Garage Maes",
        "Garage Mae",
        "Maes Immo nv",
        "Jan Maes",
        "",
        "De",
        "B.V.",
    ]
)
ADDRESSES = st.sampled_from(
    [
        ("Kerkstraat 12", "9000", "Gent"),
        ("12, Kerkstr.", "", "Gand"),
        ("Rue de l'Eglise 4 bte 2", "4000", "Liège"),
        ("", "", ""),
    ]
)
CUSTOMERS = st.builds(
    lambda name, vat, at, email, phone, kind: firm(
        "", name, vat=vat, street=at[0], postcode=at[1], city=at[2], email=email, phone=phone, kind=kind
    ),
    NAMES,
    st.sampled_from(["", "", VAT[0], VAT[1], "0403170701", "BE0403170702", "abc"]),
    ADDRESSES,
    st.sampled_from(["", "info@peeters.example", "jan@peeters.example", "jan@gmail.com"]),
    st.sampled_from(["", "09/220 11 22", "+32 9 220 11 22", "0477 12 34 56"]),
    st.sampled_from(["", "", "company", "person"]),
)
LISTS = st.lists(CUSTOMERS, max_size=7)
WORDS_APART = ("Holding", "Immo")


def keyed(customers: list[Customer], side: str) -> list[Customer]:
    """The same with a key each, and strangers after them."""
    from msgspec.structs import replace

    return [
        *(replace(c, key=f"{side}{n}") for n, c in enumerate(customers)),
        *strangers(15, 0 if side == "l" else 500),
    ]


def apart(one: Customer, other: Customer) -> bool:
    """Whether two valid VAT numbers differ."""
    numbers = vat_key(one.vat), vat_key(other.vat)
    return None not in numbers and numbers[0] != numbers[1]


def on_name_alone(pair: Pair) -> bool:
    """Whether nothing but the name (and its form) speaks for a pair."""
    return all(
        e.field in ("name", "legal", "structure", "kind", "country", "rarity", "lessons")
        for e in pair.why
        if e.weight > 0
    )


def sure(matches: Matches) -> set[tuple[int, int]]:
    """The places of the sure pairs."""
    return {(p.left, p.right) for p in matches if p.zone == "sure"}


@settings(max_examples=EXAMPLES, deadline=None)
@given(LISTS, LISTS)
def test_nothing_sure_against_a_veto_or_on_a_name_alone(some: list[Customer], others: list[Customer]) -> None:
    left, right = keyed(some, "l"), keyed(others, "r")
    for pair in match(left, right):
        one, other = left[pair.left], right[pair.right]
        assert not apart(one, other)
        if pair.zone == "sure":
            assert not on_name_alone(pair)
            assert {one.kind, other.kind} != {"company", "person"} or vat_key(one.vat) == vat_key(
                other.vat
            ) is not None
            if any((w in one.name) != (w in other.name) for w in WORDS_APART) and one.name and other.name:
                assert vat_key(one.vat) == vat_key(other.vat) is not None


@settings(max_examples=EXAMPLES, deadline=None)
@given(LISTS)
def test_in_one_list_too(some: list[Customer]) -> None:
    rows = keyed(some, "l")
    for pair in match(rows):
        assert pair.left < pair.right
        assert not apart(rows[pair.left], rows[pair.right])
        assert pair.zone != "sure" or not on_name_alone(pair)


@settings(max_examples=EXAMPLES, deadline=None)
@given(LISTS, LISTS)
def test_left_and_right_may_change_places(some: list[Customer], others: list[Customer]) -> None:
    left, right = keyed(some, "l"), keyed(others, "r")
    there, back = match(left, right), match(right, left)
    assert sure(there) == {(j, i) for i, j in sure(back)}


@settings(max_examples=EXAMPLES, deadline=None)
@given(LISTS, LISTS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(
    some: list[Customer], others: list[Customer], rng: object
) -> None:
    left, right = keyed(some, "l"), keyed(others, "r")
    mixed_left, mixed_right = left[:], right[:]
    rng.shuffle(mixed_left)  # type: ignore[attr-defined]  # hypothesis types its Random as an object
    rng.shuffle(mixed_right)  # type: ignore[attr-defined]  # as above
    first, second = match(left, right), match(mixed_left, mixed_right)
    assert {(left[i].key, right[j].key) for i, j in sure(first)} == {
        (mixed_left[i].key, mixed_right[j].key) for i, j in sure(second)
    }


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(5, 9)), st.sampled_from([3, 5, 7, 9, 10, 12]), min_size=1
    ),
    st.permutations(range(5)),
    st.permutations(range(5, 10)),
)
def test_equal_scores_make_no_pair_sure_by_the_order_of_the_rows(
    scores: dict[tuple[int, int], int], lefts: list[int], rights: list[int]
) -> None:
    def clear(order: dict[int, int]) -> set[tuple[int, int]]:
        pairs = [(order[i], order[j]) for i, j in scores]
        left, right = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
        chosen, ahead = margins(left, right, np.array([*scores.values()], dtype=np.float64), 10)
        return {pair for pair, taken, by in zip(scores, chosen, ahead, strict=True) if taken and by >= MARGIN}

    mixed = dict(enumerate([*lefts, *rights]))
    assert clear(mixed) == clear({row: row for row in range(10)})


@settings(max_examples=EXAMPLES, deadline=None)
@given(LISTS, LISTS)
def test_every_score_is_the_sum_of_its_reasons(some: list[Customer], others: list[Customer]) -> None:
    for pair in match(keyed(some, "l"), keyed(others, "r")):
        total = math.fsum(e.weight for e in pair.why)
        assert math.isclose(pair.score, 1 / (1 + math.exp(-total)), abs_tol=1e-9)
        assert 0.0 <= pair.score <= 1.0


@settings(max_examples=EXAMPLES, deadline=None)
@given(LISTS, LISTS)
def test_the_same_lists_give_the_same_answer(some: list[Customer], others: list[Customer]) -> None:
    left, right = keyed(some, "l"), keyed(others, "r")
    assert list(match(left, right)) == list(match(left, right))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 250))
def test_strangers_in_the_lists_make_nothing_sure(more: int) -> None:
    """What is doubtful by rule stays so, however rare it becomes."""
    left = [firm("a", "Bakkerij Peeters"), firm("b", "Maes nv", phone="092201122", email="x@maes.example")]
    right = [
        firm("c", "Bakkerij Peeters"),
        firm("d", "Maes Holding nv", phone="092201122", email="x@maes.example"),
    ]
    assert not match([*left, *strangers(more)], [*right, *strangers(more, 1000)]).count("sure")
