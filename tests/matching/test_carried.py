"""What rows carry says something before anything is compared; what agrees together is learnt from the own numbers."""

from __future__ import annotations

import numpy as np

from octowizard.matching import carried
from octowizard.matching.engine import match
from octowizard.matching.record import Customer
from tests.generator import Row, make


def test_a_sort_of_rows_of_which_hardly_any_is_found_counts_for_less() -> None:
    size = np.zeros(carried.SORTS)
    size[[0, 16]] = 1_000_000, 50_000
    sort = np.array([0] * 1_000 + [16] * 50, dtype=np.int8)
    chance = np.array([0.99] * 1_000 + [0.01] * 50)
    added = carried.added(size, sort, chance)
    assert added[16] < -2.0
    assert abs(added[0]) < 0.1
    assert not added[[1, 5, 19]].any()


def test_one_sort_alone_says_nothing() -> None:
    size = np.zeros(carried.SORTS)
    size[3] = 1_000.0
    assert not carried.added(size, np.full(9, 3, dtype=np.int8), np.full(9, 0.7)).any()


def _customer(row: Row) -> Customer:
    return Customer(
        key=row["id"],
        name=row["name"],
        kind="person" if row["type"] == "contact" else "company" if row["type"] else "",
        vat=row["vat"],
        street=row["street"],
        postcode=row["postcode"],
        city=row["city"],
        country=row["country"],
        emails=(row["email"],) if row["email"] else (),
        phones=(row["phone"],) if row["phone"] else (),
        ibans=(row["iban"],) if row["iban"] else (),
    )


def test_contacts_that_the_other_list_does_not_hold_are_not_taken_for_their_firm() -> None:
    """The right list says who is a contact, the left says nothing of the sort: none of them stands there."""
    left, right, truth = make(6_000, 29)
    matches = match([_customer(row) for row in left], [_customer(row) for row in right])
    found = {(left[pair.left]["id"], right[pair.right]["id"]) for pair in matches}
    contacts = {row["id"] for row in right if row["type"] == "contact"}
    wrong = [pair for pair in found if pair[1] in contacts]
    assert len(contacts) == 300
    assert len(wrong) <= 3
    assert 2 * len(found & truth) / (len(found) + len(truth)) >= 0.994
