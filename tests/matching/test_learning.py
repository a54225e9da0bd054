"""Answers are kept, asked once, and teach about the pairs that nobody was asked about."""

from __future__ import annotations

import pytest

from octowizard.matching.engine import Matches, match
from octowizard.matching.evidence import Answer
from octowizard.matching.record import Customer
from tests.matching.firms import firm, found, strangers, word, zone

HERE = {"street": "Kerkstraat 12", "postcode": "9000", "city": "Gent"}
Lists = tuple[list[Customer], list[Customer]]


def renamed(count: int = 240) -> Lists:
    """Lists in which the right one knows every other firm by its owner: the same house, another name.

    Half of the firms have a neighbour in their house, so that the house alone proves little.
    """
    left, right = [], []
    for n in range(count):
        at = {"street": f"{word(7 * n)}straat {n + 1}", "postcode": str(1000 + 13 * n)}
        owner = f"{word(2000 + n)} {word(3000 + n)}"
        left.append(firm(f"l{n}", f"Bakkerij {word(n)}", **at))
        right.append(firm(f"r{n}", owner if n % 2 else f"Bakkerij {word(n)}", **at))
        if n % 2 == 0:
            left.append(firm(f"x{n}", f"Garage {word(1000 + n)}", **at))
            right.append(firm(f"y{n}", f"Garage {word(1000 + n)}", **at))
    return left, right


def quality(matches: Matches, lists: Lists) -> float:
    """F1 against the truth that a row's counterpart has its place."""
    right = sum(pair.left == pair.right for pair in matches)
    return 2 * right / (len(matches) + len(lists[0]))


def answers(matches: Matches, lists: Lists, count: int) -> list[Answer]:
    """What a user who knows says to the first questions."""
    said = []
    for index in matches.questions(count):
        pair = matches.pair(index)
        said.append(
            Answer(
                left=lists[0][pair.left].key,
                right=lists[1][pair.right].key,
                same=pair.left == pair.right,
                levels=matches.levels(index),
            )
        )
    return said


def test_thirty_answers_raise_what_is_found() -> None:
    lists = renamed()
    before = match(*lists)
    said = answers(before, lists, 10)
    for _more in range(2):
        said += answers(match(*lists, said), lists, 10)
    assert len(said) == 30
    assert quality(before, lists) < 0.9
    assert quality(match(*lists, said), lists) > quality(before, lists) + 0.1


def test_answers_about_customers_that_are_gone_teach_as_well() -> None:
    lists = renamed()
    said = [a for a in answers(match(*lists), lists, 30) if a.same]
    gone = [Answer(left=f"gone-{a.left}", right=a.right, same=True, levels=a.levels) for a in said]
    assert quality(match(*lists, gone), lists) > quality(match(*lists), lists)


def test_the_same_question_is_not_asked_twice() -> None:
    lists = renamed()
    said = answers(match(*lists), lists, 10)
    again = answers(match(*lists, said), lists, 200)
    assert not {(a.left, a.right) for a in said} & {(a.left, a.right) for a in again}


@pytest.mark.parametrize("turned", [False, True], ids=["as-asked", "turned-round"])
def test_what_was_said_to_be_different_is_gone_and_what_was_said_to_be_the_same_is_sure(turned: bool) -> None:
    left = [firm("a", "Bakkerij Peeters", **HERE), firm("b", "Garage Maes"), *strangers(30)]
    right = [firm("c", "Bakkerij Peeters", **HERE), firm("d", "Drukkerij Claes"), *strangers(30, 500)]
    assert zone(match(left, right), 0, 0) == "sure"
    said = [Answer(left="a", right="c", same=False), Answer(left="b", right="d", same=True)]
    if turned:
        said = [Answer(left=s.right, right=s.left, same=s.same) for s in said]
    after = match(left, right, said)
    assert zone(after, 0, 0) == "not"
    assert zone(after, 1, 1) == "sure"
    assert found(after)[1, 1].why[0].field == "answer"


def test_the_last_answer_counts() -> None:
    left, right = [firm("a", "Bakkerij Peeters", **HERE)], [firm("c", "Bakkerij Peeters", **HERE)]
    said = [Answer(left="a", right="c", same=False), Answer(left="c", right="a", same=True)]
    assert zone(match(left, right, said), 0, 0) == "sure"


def test_in_one_list_answers_hold_too() -> None:
    rows = [firm("a", "Bakkerij Peeters", **HERE), firm("b", "Bakkerij Peeters", **HERE), *strangers(30)]
    assert zone(match(rows), 0, 1) == "sure"
    assert zone(match(rows, answers=[Answer(left="b", right="a", same=False)]), 0, 1) == "not"


def test_an_answer_moves_its_own_kind_of_pair_its_own_way() -> None:
    """More of the same answer never moves the pairs of that kind the other way."""
    lists = renamed()
    base = match(*lists, all_candidates=True)
    owners = [n for n, p in enumerate(base) if p.left == p.right and p.zone == "not"]
    asked, target = owners[:8], base[owners[8]]
    for same in (True, False):
        last = target.score
        for many in (2, 4, 8):
            said = [
                Answer(left=f"gone{n}", right=f"away{n}", same=same, levels=base.levels(n))
                for n in asked[:many]
            ]
            now = found(match(*lists, said, all_candidates=True))[target.left, target.right].score
            assert now >= last - 1e-9 if same else now <= last + 1e-9
            last = now


def test_levels_of_fields_that_no_longer_exist_are_passed_over() -> None:
    said = [Answer(left="x", right="y", same=True, levels={"name": 6, "shoe size": 3, "vat": 99})]
    assert zone(match(*renamed(), said), 0, 0) != "not"
