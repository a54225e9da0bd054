"""The two lists, and which rows of them are one customer."""

from __future__ import annotations

from random import Random

from tests.generator.firms import population
from tests.generator.records import ACCOUNTANT, COLUMNS, SALES, Row, contact, written

__all__ = ["COLUMNS", "Row", "Truth", "make"]

Truth = set[tuple[str, str]]
# Of a hundred rows of a list: in the other one too; of the right list: contacts of a firm.
IN_BOTH, CONTACTS = 62, 5


def make(rows: int, seed: int) -> tuple[list[Row], list[Row], Truth]:
    """`rows` rows on each side, shuffled, and the pairs of ids (left, right) that are one customer.

    A customer stands at most once in each list. Contacts stand on the right and are nobody's equal.
    """
    rng = Random(f"generator/{rows}/{seed}")
    both = rows * IN_BOTH // 100
    contacts = rows * CONTACTS // 100
    alone_left, alone_right = rows - both, rows - both - contacts
    everybody = population(rng, both + alone_left + alone_right)
    rng.shuffle(everybody)
    left: list[Row] = []
    right: list[Row] = []
    truth: Truth = set()
    for place, firm in enumerate(everybody):
        if place < both + alone_left:
            left.append(written(rng, firm, ACCOUNTANT, f"R{place + 1}"))
        if place < both or place >= both + alone_left:
            right.append(written(rng, firm, SALES, f"T{place + 1}") | {"type": "company"})
        if place < both:
            truth.add((f"R{place + 1}", f"T{place + 1}"))
    firms = [firm for firm in everybody if not firm.private]
    right += [contact(rng, rng.choice(firms), f"C{place + 1}") for place in range(contacts)]
    rng.shuffle(left)
    rng.shuffle(right)
    _renumber(left, right, truth)
    return left, right, truth


def _renumber(left: list[Row], right: list[Row], truth: Truth) -> None:
    """Ids that tell nothing: in the order of each list."""
    new_left = {row["id"]: f"L{place}" for place, row in enumerate(left, 1)}
    new_right = {row["id"]: f"R{place}" for place, row in enumerate(right, 1)}
    pairs = {(new_left[one], new_right[other]) for one, other in truth}
    truth.clear()
    truth |= pairs
    for row in left:
        row["id"] = new_left[row["id"]]
    for row in right:
        row["id"] = new_right[row["id"]]
