"""Why two customers are taken for one, or not: one signed weight per field, in natural log-odds, that sum to the score.

A weight of 0.7 doubles the odds, 2.3 makes them ten times as high; below 0 it speaks against. `words.sentence` puts
one into words.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from octowizard.matching.fields import FIELDS
from octowizard.matching.record import Customer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Zone = Literal["sure", "doubtful", "not"]


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """What one field says. `left` and `right` are as the sources write them, empty where it is not about a field.

    `field`: a name of `fields.FIELDS`, or `rarity` (how few of all pairs are the same: where every pair starts),
    `answer` (the user's word) or `lessons` (what the pairs already known add to every pair). `how`: the level's name in
    `fields`; `same` for an answer.
    """

    field: str
    weight: float
    left: str = ""
    right: str = ""
    how: str = ""


class Pair(msgspec.Struct, frozen=True, gc=False):
    """Two rows that may be one customer: their places in the lists given, counted from 0.

    `score` is 0 to 1: the logistic of the sum of the weights in `why`. Whether to merge is for `zone` to say.
    """

    left: int
    right: int
    zone: Zone
    score: float
    why: tuple[Evidence, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the user said of two customers, by the keys they have in their lists.

    `levels`, as `Matches.levels` gave them when the question was asked, teach even when the two are in no list now.
    """

    left: str
    right: str
    same: bool
    levels: dict[str, int] = {}


# Of a field, what a customer has: the first of these that is there.
_PLACES: dict[str, tuple[str, ...]] = {
    "structure": ("name",),
    "legal": ("name",),
    "house": ("number", "street"),
    "email": ("emails",),
    "domain": ("website", "emails"),
    "phone": ("phones",),
    "iban": ("ibans",),
}


def places_of(field: str) -> tuple[str, ...]:
    """The attributes of a `Customer` that a field is about: of these, the first that a customer has."""
    return _PLACES.get(field, (field,))


def written(customer: Customer, field: str) -> str:
    """What the source wrote in a field; several values in a row."""
    for place in places_of(field):
        if value := getattr(customer, place):
            return value if isinstance(value, str) else in_a_row(value)
    return ""


def in_a_row(values: tuple[str, ...]) -> str:
    """Several values as one text."""
    return ", ".join(values)


Reason = tuple[str, str]  # the field, how far it agrees


class Reasons(NamedTuple):
    """What speaks for and against some pairs, pair after pair, the strongest first: a line each."""

    pair: NDArray[np.intp]
    field: NDArray[np.intp]
    level: NDArray[np.int8]
    weight: NDArray[np.float32]


def reasons(levels: NDArray[np.int8], weights: NDArray[np.float32]) -> Reasons:
    """What speaks for and against each of these pairs; where every pair starts, lessons and answers are not among it.

    `levels` and `weights`: (pairs, fields).
    """
    import numpy as np

    pair, field = np.nonzero(levels)
    weight = weights[pair, field]
    order = np.lexsort((-np.abs(weight), pair))
    pair, field = pair[order], field[order]
    return Reasons(pair, field, levels[pair, field], weight[order])


def explain(levels: NDArray[np.int8], weights: NDArray[np.float32]) -> Iterator[list[tuple[Reason, float]]]:
    """The `reasons` of each pair, each with its weight."""
    import numpy as np

    found = reasons(levels, weights)
    lines = zip(
        [REASONS[f][n] for f, n in zip(found.field.tolist(), (found.level - 1).tolist(), strict=True)],
        found.weight.tolist(),
        strict=True,
    )
    for many in np.bincount(found.pair, minlength=len(levels)).tolist():
        yield list(islice(lines, many))


REASONS: tuple[tuple[Reason, ...], ...] = tuple(
    tuple((field.name, how) for how in field.levels) for field in FIELDS
)
"""Per field and level - 1: the names of both."""
