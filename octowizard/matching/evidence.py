"""Why two customers are taken for one, or not: one signed weight per field, in natural log-odds, that sum to the score.

A weight of 0.7 doubles the odds, 2.3 makes them ten times as high; below 0 it speaks against. `words.sentence` puts
one into words.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Literal

import msgspec

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
    "structure": attrgetter("name"),
    "legal": attrgetter("name"),
    **{
        field: attrgetter(field)
        for field in ("name", "vat", "national", "external", "born", "kind", "country")
    },
    **{field: attrgetter(field) for field in ("street", "postcode", "city", "region")},
    "house": lambda customer: customer.number or customer.street,
    "email": lambda customer: ", ".join(customer.emails),
    "domain": lambda customer: customer.website or ", ".join(customer.emails),
    "phone": lambda customer: ", ".join(customer.phones),
    "iban": lambda customer: ", ".join(customer.ibans),
}


def written(customer: Customer, field: str) -> str:
    """What the source wrote in a field."""
    return _WRITTEN[field](customer)


def explain(
    left: Customer,
    right: Customer,
    levels: NDArray[np.int8],
    weights: NDArray[np.float32],
    prior: float,
    lessons: float = 0.0,
) -> tuple[Evidence, ...]:
    """The weights of one pair in words' order: the strongest first, where every pair starts last."""
    from octowizard.matching.fields import FIELDS

    found = []
    for field, level, weight in zip(FIELDS, levels.tolist(), weights.tolist(), strict=True):
        if level:
            name = field.name
            texts = written(left, name), written(right, name)
            found.append(Evidence(name, weight, *texts, field.levels[level - 1]))
    found.sort(key=lambda e: -abs(e.weight))
    if lessons:
        found.append(Evidence("lessons", lessons))
    found.append(Evidence("rarity", prior))
    return tuple(found)
