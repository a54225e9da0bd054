"""How pairs of customers are worded."""

from __future__ import annotations

from octowizard.customers import importing, smart
from octowizard.presentation.blocks import Entry
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
