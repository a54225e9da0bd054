"""Lists whose habits no weights can know beforehand, and what reviewed pairs teach about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from random import Random

from msgspec.structs import replace

from octowizard.matching.engine import Matches, match
from octowizard.matching.evidence import Answer
from octowizard.matching.record import Customer
from tests.generator import Row, make
from tests.generator.groups import make_groups
from tests.matching.firms import customers

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


# --- groups of one list -----------------------------------------------------------------------------------


def grouped(seed: int, rows: int = 3_000) -> tuple[list[Customer], dict[str, int]]:
    """A list in which a customer stands up to ten times, and who each row is."""
    made, owner = make_groups(rows, seed)
    return customers(made), owner


GROUPED: dict[str, Callable[[], tuple[list[Customer], dict[str, int]]]] = {
    "schools, care and shops": lambda: grouped(1),
    "the same, by a seed kept apart": lambda: grouped(71),
}


def right_of(matches: Matches, truth: Pairs) -> tuple[float, float, float, float]:
    """Precision, recall and F1 over the pairs of the groups, and the precision of those that are sure."""

    def every(lots: Iterable[Sequence[int]]) -> Pairs:
        return {pair for lot in lots for pair in combinations(sorted(lot), 2)}

    found = every(group.members for group in matches.groups[0])
    sure = every(core for group in matches.groups[0] for core in group.cores)
    hit = len(found & truth)
    return (
        hit / max(1, len(found)),
        hit / max(1, len(truth)),
        2 * hit / max(1, len(found) + len(truth)),
        len(sure & truth) / max(1, len(sure)),
    )


def lessons_of_one_list(
    rows: list[Customer], owner: Mapping[str, int], answers: int
) -> Iterator[tuple[int, tuple[float, float, float, float]]]:
    """How many answers were given by a user who knows the truth, and `right_of`: without any, and with all."""
    who = [owner[row.key] for row in rows]
    of: dict[int, list[int]] = {}
    for place, one in enumerate(who):
        of.setdefault(one, []).append(place)
    truth = {pair for places in of.values() for pair in combinations(places, 2)}
    said: list[Answer] = []
    matches = match(rows)
    yield 0, right_of(matches, truth)
    while len(said) < answers:
        for index in matches.questions(min(10, answers - len(said))):
            pair = matches.pair(index)
            said.append(
                Answer(
                    left=rows[pair.left].key,
                    right=rows[pair.right].key,
                    same=who[pair.left] == who[pair.right],
                    levels=matches.levels(index),
                )
            )
        matches = match(rows, None, said)
    yield len(said), right_of(matches, truth)
