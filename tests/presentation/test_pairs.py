"""How pairs of customers are worded."""

from __future__ import annotations

import msgspec

from octowizard.customers import importing, smart
from octowizard.customers.review import Case, Identity, Row
from octowizard.matching.record import Customer
from octowizard.presentation.blocks import Entry
from octowizard.presentation.one_pair import apart, speaks
from octowizard.presentation.pairs import smart_done


def test_two_of_the_same_name_are_told_with_the_number_of_the_relation() -> None:
    pairs = tuple(smart.Pairing(n, n, "Marie Henry", f"t{n}", "Marie Henry", 0.6, ()) for n in (49, 50))
    sorting = smart.Sorting((), pairs, (), frozenset())
    made = importing.Imported(
        outcome="complete", made=0, found=0, failed=(), left=0, in_doubt=0, seconds=1.0, message=""
    )
    texts = [
        block.text for block in smart_done(smart.Done(0, sorting, made)).blocks if isinstance(block, Entry)
    ]
    assert texts[:2] == ["49 Marie Henry – Marie Henry", "50 Marie Henry – Marie Henry"]


def test_two_customers_of_teamleader_that_only_their_ids_tell_apart_are_told_by_the_vendor_once() -> None:
    one, other = (Identity(f"Teamleader {id}", "9000 Gent", "no document") for id in ("8f14e45f", "c9f0f895"))
    assert apart(one, other) == "Teamleader 8f14e45f ⇄ c9f0f895"


def test_a_pair_that_only_a_rival_makes_doubtful_says_so_until_it_is_answered() -> None:
    one, other = Customer(key="1", name="Garage Maes"), Customer(key="2", name="Garage Maes")
    case = Case(
        left=one,
        right=other,
        places=("teamleader", "octopus"),
        zone="doubtful",
        score=0.999,
        why=(),
        rows=(Row("name", "Garage Maes", "Garage Maes", "="),),
        levels={},
        rivalled=True,
    )
    assert speaks(case) == "The same: name. Another one is about as like: you decide which it is."
    assert speaks(msgspec.structs.replace(case, said=True)) == "The same: name."
