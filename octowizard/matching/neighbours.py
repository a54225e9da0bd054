"""In one list: two that share a door or a line may be one customer, or neighbours: a school and its association.

Against strangers at random even a name that hardly agrees makes such two one. So they are held against neighbours as
well. How often names, doors and lines agree among those is estimated on the list itself, by expectation and
maximisation from what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from octowizard.matching.compare import Compared
from octowizard.matching.fields import FIELDS, INDEX

Doubles = NDArray[np.float64]

ROUNDS = 10
LEAST_TRUST = 40.0  # pairs that the starting point counts for, at least
TRUST = 0.3  # the same as a share of the pairs in touch
SOME = 10.0  # pairs of each sort that are taken to be there before any is seen
# How far the names of neighbours agree, by level, the first where one has no name (inferred, like the two below).
_NAMES = (1.0, 0.5, 0.25, 0.17, 0.07, 0.01, 0.0003)
# What the same customers share, and what neighbours do: a line per door (not known, another, the same), in it the lines
# (not known, another, the same).
_SAME = ((0.001, 0.001, 0.08), (0.001, 0.001, 0.06), (0.3, 0.15, 0.4))
_NEIGHBOURS = ((0.001, 0.001, 0.05), (0.001, 0.001, 0.1), (0.3, 0.35, 0.2))


@dataclass(frozen=True, slots=True)
class Beside:
    """How two look that share a door or a line: row 0 of each table one customer, row 1 neighbours.

    `name`: (2, levels), how often names agree so far; `things`: (2, kinds), how often they share door and line, by
    `_things`; `odds`: log-odds that two in touch are one, before all that.
    """

    name: Doubles
    things: Doubles
    odds: float

    def score(self, names: NDArray[np.int8], things: NDArray[np.intp]) -> Doubles:
        """The log-odds of pairs in touch."""
        name, thing = (np.log(table[0]) - np.log(table[1]) for table in (self.name, self.things))
        return np.asarray(self.odds + name[names] + thing[things])


def _things(compared: Compared) -> NDArray[np.intp]:
    """What two share: 3 times the door (0 not known, 1 another, 2 the same), plus the line, counted alike."""
    house, street = compared.level("house"), compared.level("street")
    town = (compared.level("postcode") >= 2) | (compared.level("city") >= 2)
    same_door = (street >= 2) & ((house == 2) | (house == 0) & town)
    door = np.where(same_door, 2, np.where((house == 1) | (street == 1), 1, 0))
    lines = [
        (compared.level(field), FIELDS[INDEX[field]].top) for field in ("phone", "email", "domain", "iban")
    ]
    same_line = np.logical_or.reduce([level == top for level, top in lines])
    other_line = np.logical_or.reduce([level == 1 for level, _top in lines])
    return np.asarray(3 * door + np.where(same_line, 2, np.where(other_line, 1, 0)))


def _in_touch(things: NDArray[np.intp]) -> NDArray[np.bool_]:
    return np.asarray((things >= 6) | (things % 3 == 2))


def neighbours(compared: Compared) -> Beside:
    """How neighbours differ from the same customers here, from all pairs in touch."""
    things = _things(compared)
    touching = _in_touch(things)
    names, things = compared.level("name")[touching], things[touching]
    start = Beside(
        np.array([(1.0, *FIELDS[INDEX["name"]].same), _NAMES]),
        np.array([_SAME, _NEIGHBOURS]).reshape(2, -1),
        0.0,
    )
    trust = max(LEAST_TRUST, len(names) * TRUST)

    def learnt(first: Doubles, values: NDArray[np.intp] | NDArray[np.int8], same: Doubles) -> Doubles:
        seen = trust * first
        seen += np.stack([np.bincount(values, w, minlength=first.shape[1]) for w in (same, 1.0 - same)])
        return np.asarray(seen / seen.sum(axis=1, keepdims=True))

    known = start
    for _round in range(ROUNDS):
        same = 1.0 / (1.0 + np.exp(-known.score(names, things)))
        name = learnt(start.name, names, np.where(names > 0, same, 0.0))
        name[:, 0] = 1.0  # that one of them has no name says nothing
        odds = np.log((same.sum() + SOME) / (len(same) - same.sum() + SOME))
        known = Beside(name, learnt(start.things, things, same), float(odds))
    return known


def hold_against_neighbours(
    compared: Compared, beside: Beside, prior: float, result: NDArray[np.float32], contact: list[int]
) -> None:
    """Lower the name's weight in `result` (pairs, fields) where neighbours explain what two have in common.

    `contact`: the numbers of the fields by which a customer is found and reached.
    """
    things = _things(compared)
    touching = np.flatnonzero(_in_touch(things))
    name = INDEX["name"]
    part = result[touching]
    every = part.sum(axis=1, dtype=np.float64)
    whole = every + prior
    odds = beside.score(compared.levels[touching, name], things[touching])
    odds += every - part[:, [name, *contact]].sum(axis=1)
    result[touching, name] += np.minimum(0.0, -np.logaddexp(-whole, -odds) - whole).astype(np.float32)
