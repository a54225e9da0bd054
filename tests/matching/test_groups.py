"""One list gives groups: who stands there ten times is one customer, and who stands behind the same door is not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octowizard.matching.engine import match
from octowizard.matching.evidence import Answer
from octowizard.matching.record import Customer
from tests.benchmarks.matching_lessons import grouped as grouped_rows
from tests.benchmarks.matching_lessons import lessons_of_one_list
from tests.matching.firms import firm, strangers, word

HERE = {"street": "Kerkstraat 12", "postcode": "9000", "city": "Gent"}
SPELLED = (
    firm("", "Basisschool Sint-Jozef", phone="09 220 11 22", **HERE),
    firm("", "BS St.-Jozef", street="Kerkstr. 12", postcode="9000"),
    firm("", "BASISSCHOOL SINT-JOZEF", phone="+32 9 220 11 22", city="Gent"),
    firm("", "Basischool Sint-Jozef", phone="09/220.11.22", **HERE),
)
ROWS, KEPT_APART = 1_500, 71  # a seed that no weight was set by


def grouped(rows: Sequence[Customer], answers: Sequence[Answer] = ()) -> list[set[str]]:
    """The groups by the keys of their members."""
    return [{rows[row].key for row in group.members} for group in match(rows, None, answers).groups[0]]


def keyed(some: Sequence[Customer], mark: str = "r") -> list[Customer]:
    from msgspec.structs import replace

    return [replace(one, key=f"{mark}{number}") for number, one in enumerate(some)]


def test_groups_of_ten_are_found_on_a_list_that_nothing_was_set_by_and_answers_better_them() -> None:
    rows, owner = grouped_rows(KEPT_APART, ROWS)
    assert max(len(group.members) for group in match(rows).groups[0]) >= 9
    (_none, before), (answers, after) = lessons_of_one_list(rows, owner, 30)
    assert answers == 30
    assert before[2] >= 0.90
    assert after[2] >= 0.966
    assert min(before[3], after[3]) >= 0.995


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(SPELLED), min_size=1, max_size=9), st.integers(0, 3), st.integers(2, 6))
def test_rows_that_are_equal_letter_for_letter_are_always_in_one_group(
    some: list[Customer], which: int, times: int
) -> None:
    rows = keyed([*some, *[SPELLED[which]] * times]) + strangers(20)
    equal = {f"r{n}" for n in range(len(some), len(some) + times)}
    assert any(equal <= group for group in grouped(rows))


def test_rows_with_nothing_but_the_same_name_are_a_group_that_is_not_sure() -> None:
    rows = [*keyed([firm("", "Garage Maes")] * 3), *strangers(20)]
    (group,) = match(rows).groups[0]
    assert (group.members, group.zone) == ((0, 1, 2), "doubtful")


def test_a_customer_that_is_spelled_in_four_ways_is_one_group() -> None:
    assert grouped([*keyed(SPELLED), *strangers(40)]) == [{"r0", "r1", "r2", "r3"}]


@pytest.mark.parametrize(
    "beside",
    [
        firm("x", "Oudercomité Basisschool Sint-Jozef", phone="09 220 11 22", **HERE),
        firm("x", "Scouts Volsolera", phone="09 220 11 22", **HERE),
        firm("x", "Volsolera Catering", **HERE),
        firm("x", "Basisschool Sint-Jozef", street="Naamsestraat 5", postcode="3000", city="Leuven"),
    ],
    ids=["parents", "another-with-its-line", "another-at-its-door", "namesake"],
)
def test_who_is_behind_the_same_door_or_bears_the_same_name_is_another(beside: Customer) -> None:
    assert grouped([*keyed(SPELLED), beside, *strangers(40)]) == [{"r0", "r1", "r2", "r3"}]


def test_a_chain_of_weak_links_is_not_one_group() -> None:
    """Each is like the next one in half of its name, and the ends have nothing in common."""
    words = [word(number) for number in range(3_001, 4_000, 131)]
    rows = [
        firm(f"c{n}", f"{one} {other}", postcode="9000", phone=f"09 220 1{n // 2} 22")
        for n, (one, other) in enumerate(pairwise(words))
    ]
    assert all(len(group) <= 3 for group in grouped([*rows, *strangers(40)]))


def test_an_answer_joins_a_group_or_leaves_one() -> None:
    other = firm("x", "De Kleine Prins", phone="014 71 11 22")
    rows = [*keyed(SPELLED), other, *strangers(40)]
    joined = Answer(left="x", right="r0", same=True)
    assert any({"x", "r0"} <= group for group in grouped(rows, [joined]))
    left = Answer(left="r3", right="r0", same=False)
    assert not any({"r3", "r0"} <= group for group in grouped(rows, [left]))


def test_two_equal_rows_that_were_called_different_are_not_in_one_group() -> None:
    rows = [*keyed([SPELLED[0]] * 3), *strangers(20)]
    said = Answer(left="r0", right="r1", same=False)
    assert not any({"r0", "r1"} <= group for group in grouped(rows, [said]))


def test_the_order_of_the_rows_decides_no_group() -> None:
    rows, _owner = grouped_rows(3, 200)
    assert sorted(map(sorted, grouped(rows))) == sorted(map(sorted, grouped(rows[::-1])))


def test_of_two_lists_each_row_is_in_one_pair_and_a_side_that_holds_a_group_says_so() -> None:
    left = [*keyed((SPELLED[0], SPELLED[2], SPELLED[0]), "l"), *strangers(40)]
    right = [firm("r", "Basisschool Sint-Jozef", phone="09 220 11 22", **HERE), *strangers(40, 500)]
    matches = match(left, right)
    assert len([pair for pair in matches if pair.right == 0]) == 1
    of_left, of_right = matches.groups
    assert [group.members for group in of_left] == [(0, 1, 2)]
    assert not of_right
    back = match(right, left)
    assert [group.members for group in back.groups[1]] == [(0, 1, 2)]


def test_many_equal_rows_are_one_group_and_not_millions_of_pairs() -> None:
    matches = match([*keyed([SPELLED[0]] * 3_000), *strangers(20)])
    assert [len(group.members) for group in matches.groups[0]] == [3_000]
    assert len(matches) < 3_100
