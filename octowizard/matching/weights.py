"""What each degree of agreement is worth, in natural log-odds: measured on the lists themselves, without labels.

For a level: the logarithm of how much more often it is seen among the same customers than among two at random (Fellegi
and Sunter). At random is counted on pairs drawn at random, and for a full agreement on the value itself: rare words and
numbers weigh more. Among the same is estimated by expectation and maximisation, starting from `fields`, under the
constraint that a row has one counterpart, which keeps the estimate honest where address, phone and mail move together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from octowizard.matching.clean import Table
from octowizard.matching.compare import Compared, compare
from octowizard.matching.fields import FIELDS, INDEX, UNITS

Doubles = NDArray[np.float64]
Singles = NDArray[np.float32]
Longs = NDArray[np.int64]

HIGHEST = max(field.top for field in FIELDS) + 1
TRUST = 40.0  # pairs that the starting point counts for
ROUNDS = 5
SAMPLE = 60_000
CEILING = 14.0  # no single field proves more than this: errors of entry are commoner than e^-14

# Levels that are worth the more, the rarer what is shared: field, level, share of the rarity that counts.
_RARE: tuple[tuple[str, int, float], ...] = (
    ("name", 3, 0.6),
    ("name", 4, 0.85),
    ("name", 5, 0.95),
    ("name", 6, 1.0),
    ("vat", 4, 1.0),
    ("national", 3, 1.0),
    ("external", 2, 1.0),
    ("born", 3, 1.0),
    ("street", 3, 1.0),
    ("house", 2, 1.0),
    ("postcode", 3, 1.0),
    ("city", 3, 1.0),
    ("region", 2, 1.0),
    ("email", 3, 1.0),
    ("domain", 2, 1.0),
    ("phone", 3, 1.0),
    ("iban", 2, 1.0),
)
_DAMPED = np.array([1.0, 0.6, 0.35, 0.2])  # the strongest of the contact's units, the second, …


@dataclass(frozen=True, slots=True)
class Weights:
    """`same` and `random`: (fields, levels), how often a level is seen among each; `prior`: log-odds of any pair.

    `learnt`: (fields, levels), what answers add to a level; `learnt_prior` what they add to every pair.
    """

    same: Doubles
    random: Doubles
    prior: float
    learnt: Doubles
    learnt_prior: float = 0.0

    @property
    def by_level(self) -> Doubles:
        """(fields, levels): the weight of a level where the rarity of the value plays no part."""
        weight = np.log(np.maximum(self.same, 1e-6)) - np.log(np.maximum(self.random, 1e-6))
        weight[:, 0] = 0.0
        clipped: Doubles = np.clip(weight, -CEILING, CEILING)
        return clipped


def _start() -> Doubles:
    same = np.full((len(FIELDS), HIGHEST), 1e-6)
    for number, field in enumerate(FIELDS):
        same[number, 1 : field.top + 1] = field.same
    return same


def _count(compared: Compared, weight: Doubles | None) -> Doubles:
    """(fields, levels): how many pairs, or how much weight of pairs, stand at each level."""
    return np.stack(
        [
            np.bincount(compared.levels[:, f], weights=weight, minlength=HIGHEST)[:HIGHEST]
            for f in range(len(FIELDS))
        ]
    ).astype(np.float64)


def _at_random(table: Table, one: bool) -> Doubles:
    """How often each level is seen among two rows at random."""
    chance = np.random.default_rng(20_26)
    size = int(min(SAMPLE, 30 * table.rows))
    low = 0 if one else table.left
    i = chance.integers(0, table.rows if one else table.left, size)
    j = chance.integers(low, table.rows, size)
    different = i != j
    seen = _count(compare(table, i[different], j[different]), None)
    seen[:, 0] = 0.0
    total = seen.sum(axis=1, keepdims=True)
    guess = np.where(_start() > 1e-5, 0.02, 0.0)  # a level never seen may still be seen
    guess[:, 1] = 0.9
    share: Doubles = (seen + guess) / np.maximum(total + guess.sum(axis=1, keepdims=True), 1.0)
    return share


def _rare(compared: Compared, weights: Weights) -> Singles:
    """(pairs, fields): weight per field before the contact's units are weighed together."""
    by_level = weights.by_level
    result = np.zeros(compared.levels.shape, dtype=np.float32)
    for f in range(len(FIELDS)):
        result[:, f] = by_level[f].astype(np.float32)[compared.levels[:, f]]
    log_same = np.log(np.maximum(weights.same, 1e-6))
    for name, level, share in _RARE:
        f = INDEX[name]
        hit = compared.levels[:, f] == level
        rare = share * compared.rarity[hit, f] + log_same[f, level]
        result[hit, f] = np.minimum(rare, CEILING)
    return result


def contributions(compared: Compared, weights: Weights) -> Singles:
    """(pairs, fields): what each field adds to the log-odds; with the prior they sum to the score."""
    result = _rare(compared, weights)
    postcode, city = INDEX["postcode"], INDEX["city"]
    # A town says little that its postcode has not said, and a region nothing.
    known = compared.levels[:, postcode] > 0
    result[known, city] *= 0.3
    units = np.zeros((len(result), len(UNITS)), dtype=np.float32)
    members = [[f for f, field in enumerate(FIELDS) if field.unit == unit] for unit in UNITS]
    for u, fields in enumerate(members):
        units[:, u] = result[:, fields].sum(axis=1)
    for sign in (1.0, -1.0):
        order = np.argsort(np.argsort(-sign * units, axis=1, kind="stable"), axis=1, kind="stable")
        factor = _DAMPED[order]
        for u, fields in enumerate(members):
            signed = sign * units[:, u] > 0
            for f in fields:
                result[signed, f] *= factor[signed, u].astype(np.float32)
    if weights.learnt.any():
        for f in range(len(FIELDS)):
            result[:, f] += weights.learnt[f].astype(np.float32)[compared.levels[:, f]]
    return result


def posterior(left: Longs, right: Longs, score: Doubles, rows: int, one: bool) -> Doubles:
    """Probability of each pair, given that a row has at most one counterpart (in one list: given the pair alone)."""
    odds = np.exp(np.clip(score, -50.0, 50.0))
    if one:
        return np.asarray(odds / (1.0 + odds))
    all_left = np.bincount(left, weights=odds, minlength=rows)
    all_right = np.bincount(right, weights=odds, minlength=rows)
    return np.asarray(odds / (1.0 + np.maximum(all_left[left], all_right[right])))


def estimate(table: Table, compared: Compared, one: bool) -> Weights:
    """The weights of these lists, from their own pairs."""
    random = _at_random(table, one)
    same = start = _start()
    size_left = table.left
    size_right = table.rows if one else table.rows - table.left
    everything = float(max(size_left, 1)) * float(max(size_right, 1)) / (2.0 if one else 1.0)
    expected = 0.3 * min(size_left, size_right)
    weights = Weights(same, random, float(np.log(expected / everything)), np.zeros_like(same))
    for _round in range(ROUNDS):
        score = contributions(compared, weights).sum(axis=1, dtype=np.float64) + weights.prior
        score[vetoed(compared)] = -50.0
        chance = posterior(compared.left, compared.right, score, table.rows, one)
        seen = _count(compared, chance)
        seen[:, 0] = 0.0
        same = (TRUST * start + seen) / (TRUST * start.sum(axis=1) + seen.sum(axis=1))[:, None]
        expected = float(np.clip(chance.sum(), 1.0, min(size_left, size_right)))
        weights = Weights(same, random, float(np.log(expected / everything)), np.zeros_like(same))
    return weights


def vetoed(compared: Compared) -> NDArray[np.bool_]:
    """Two valid VAT numbers that differ: two firms, whatever else agrees."""
    return np.asarray(compared.level("vat") == 1)
