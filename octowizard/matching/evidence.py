"""Why two customers are taken for one, or not: one signed weight per field, in natural log-odds, that sum to the score.

A weight of 0.7 doubles the odds, 2.3 makes them ten times as high; below 0 it speaks against. `words.sentence` puts
one into words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Literal

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


_WRITTEN: dict[str, Callable[[Customer], str]] = {
    "name": attrgetter("name"),
    "structure": attrgetter("name"),
    "legal": attrgetter("name"),
    "house": lambda c: c.number or c.street,
    "email": lambda c: c.emails[0] if len(c.emails) == 1 else ", ".join(c.emails),
    "domain": lambda c: c.website or (c.emails[0] if len(c.emails) == 1 else ", ".join(c.emails)),
    "phone": lambda c: c.phones[0] if len(c.phones) == 1 else ", ".join(c.phones),
    "iban": lambda c: c.ibans[0] if len(c.ibans) == 1 else ", ".join(c.ibans),
    **{
        field: attrgetter(field)
        for field in (
            "vat",
            "national",
            "external",
            "born",
            "kind",
            "country",
            "street",
            "postcode",
            "city",
            "region",
        )
    },
}


def written(customer: Customer, field: str) -> str:
    """What the source wrote in a field."""
    return _WRITTEN[field](customer)


Reason = tuple[str, str, Callable[[Customer], str]]  # the field, how far it agrees, what a customer has in it


def explain(levels: NDArray[np.int8], weights: NDArray[np.float32]) -> Iterator[list[tuple[Reason, float]]]:
    """What speaks for and against each of these pairs, with its weight, the strongest first.

    `levels` and `weights`: (pairs, fields). Where every pair starts, lessons and answers are not among it.
    """
    import numpy as np

    pair, field = np.nonzero(levels)
    weight = weights[pair, field]
    order = np.lexsort((-np.abs(weight), pair))
    level = levels[pair, field] - 1
    reasons = zip(
        [_REASONS[f][n] for f, n in zip(field[order].tolist(), level[order].tolist(), strict=True)],
        weight[order].tolist(),
        strict=True,
    )
    for many in np.bincount(pair, minlength=len(levels)).tolist():
        yield list(islice(reasons, many))


_REASONS: tuple[tuple[Reason, ...], ...] = tuple(
    tuple((field.name, how, _WRITTEN[field.name]) for how in field.levels) for field in FIELDS
)
