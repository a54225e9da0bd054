"""Lists whose habits no weights can know beforehand, and what reviewed pairs teach about them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from msgspec.structs import replace

from octowizard.matching.engine import Matches, match
from octowizard.matching.evidence import Answer
from octowizard.matching.record import Customer
from tests.generator import Row, make

Pairs = set[tuple[int, int]]
Lists = tuple[list[Customer], list[Customer], Pairs]
_FIRST = (
    "Jan",
    "Piet",
    "Luc",
    "Marc",
    "Els",
    "An",
    "Tom",
    "Koen",
    "Bart",
    "Sofie",
    "Eva",
    "Nele",
    "Hugo",
    "Rik",
)
_LAST = (
    "Bral",
    "Cuyt",
    "Dhont",
    "Eeckels",
    "Froyen",
    "Gijsen",
    "Hoste",
    "Ickx",
    "Joos",
    "Kimps",
    "Loos",
    "Moens",
)


def customer(row: Row) -> Customer:
    """A row of the generator without its numbers: what is left where nobody filled them in."""
    return Customer(
        key=row["id"],
        name=row["name"],
        street=row["street"],
        postcode=row["postcode"],
        city=row["city"],
        country=row["country"],
        emails=(row["email"],) if row["email"] else (),
        phones=(row["phone"],) if row["phone"] else (),
    )


def without_numbers(rows: int = 4_000, seed: int = 11) -> Lists:
    """Lists of the generator without VAT numbers and accounts."""
    left, right, truth = make(rows, seed)
    at_left, at_right = ({row["id"]: n for n, row in enumerate(side)} for side in (left, right))
    pairs = {(at_left[a], at_right[b]) for a, b in truth}
    return [customer(row) for row in left], [customer(row) for row in right], pairs


def by_owner(share: float = 0.45) -> Lists:
    """The right list knows nearly half of the firms by the name of their owner."""
    left, right, truth = without_numbers()
    rng = Random("by owner")
    renamed = [
        replace(c, name=f"{rng.choice(_FIRST)} {rng.choice(_LAST)}") if rng.random() < share else c
        for c in right
    ]
    return left, renamed, truth


def by_office(share: float = 0.5, offices: int = 25) -> Lists:
    """Half of the right list has the address, phone and mail of one of some accountants' offices."""
    left, right, truth = without_numbers()
    rng = Random("by office")
    pool = rng.sample(right, offices)
    moved = []
    for c in right:
        at = rng.choice(pool)
        there = {field: getattr(at, field) for field in ("street", "postcode", "city", "emails", "phones")}
        moved.append(replace(c, **there) if rng.random() < share else c)
    return left, moved, truth


def by_name_and_town() -> Lists:
    """Nothing but name, postcode and town."""
    left, right, truth = without_numbers()
    bare = [[replace(c, street="", emails=(), phones=()) for c in side] for side in (left, right)]
    return bare[0], bare[1], truth


LISTS: dict[str, Callable[[], Lists]] = {
    "the right list knows nearly half of the firms by their owner": by_owner,
    "half of the right list is reached through an accountant": by_office,
    "nothing but name, postcode and town": by_name_and_town,
    "no numbers": without_numbers,
}


def f1(matches: Matches, truth: Pairs) -> float:
    """F1 of all pairs shown."""
    found = {(pair.left, pair.right) for pair in matches}
    return 2 * len(found & truth) / (len(found) + len(truth))


def curve(
    left: list[Customer], right: list[Customer], truth: Pairs, answers: int, step: int = 10
) -> list[tuple[int, float]]:
    """F1 after every `step` answers of a user who knows the truth and is asked what teaches most."""
    said: list[Answer] = []
    points = []
    while True:
        matches = match(left, right, said)
        points.append((len(said), f1(matches, truth)))
        if len(said) >= answers:
            return points
        for index in matches.questions(step):
            pair = matches.pair(index)
            said.append(
                Answer(
                    left=left[pair.left].key,
                    right=right[pair.right].key,
                    same=(pair.left, pair.right) in truth,
                    levels=matches.levels(index),
                )
            )
