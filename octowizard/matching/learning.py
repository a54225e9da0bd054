"""What the user's answers teach: each level of agreement may come to weigh more or less than the lists alone suggest.

Logistic regression with the weights so far as its starting point and a pull back to it, so that one answer moves
little and thirty move what they agree on. Two valid VAT numbers, equal or not, are answers that the lists give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from octowizard.matching import together
from octowizard.matching.compare import Compared
from octowizard.matching.evidence import Answer
from octowizard.matching.fields import FIELDS, INDEX
from octowizard.matching.record import Customer
from octowizard.matching.weights import HIGHEST, Weights, contributions, starts

Bools = NDArray[np.bool_]
Doubles = NDArray[np.float64]
Longs = NDArray[np.int64]

PULL = 2.0  # how strongly a level's weight is held to where it started when the user answers
PULL_IN_ONE = 1.0  # the same in one list, where an answer speaks for the many pairs of its group
DOUBT = 4.0  # log-odds: an answer against a stronger belief is taken as if the belief were no stronger
OWN_PULL = 5.0  # the same for what the lists teach, which is much, and not quite what is asked
SORT_PULL = 1.0  # the same for what agrees together
OWN_LEAST, OWN_MOST = (
    300,
    12_000,
)  # pairs with two valid VAT numbers: fewer teach nothing, more count for no more
UNCLEAR = (-4.0, 12.0)  # log-odds, VAT left out: where there is something to learn
ROUNDS = 25


@dataclass(frozen=True, slots=True)
class Taught:
    """The answers: about pairs of these lists, by rows, and about customers that are gone, by their levels."""

    pairs: Mapping[tuple[int, int], bool]
    gone: tuple[tuple[Mapping[str, int], bool], ...]

    def by(self, rows: Sequence[int]) -> Taught:
        """The same by other numbers of the rows: `rows` has the new one for each of the old."""
        pairs = {(min(rows[i], rows[j]), max(rows[i], rows[j])): same for (i, j), same in self.pairs.items()}
        return Taught(pairs, self.gone)

    def codes(self) -> Longs:
        """The pairs answered, left row << 32 | right row, sorted."""
        return np.sort(np.array([(a << 32) | b for a, b in self.pairs], dtype=np.int64))

    def masks(self, compared: Compared) -> tuple[Bools, Bools]:
        """Which of the compared pairs were answered *same*, and which *different*."""
        codes = (compared.left << 32) | compared.right
        places = []
        for wanted in (True, False):
            asked = np.array(
                [(a << 32) | b for (a, b), same in self.pairs.items() if same is wanted], dtype=np.int64
            )
            places.append(np.isin(codes, asked))
        return places[0], places[1]


def taught(
    answers: Sequence[Answer], left: Sequence[Customer], right: Sequence[Customer], one: bool
) -> Taught:
    """The answers by rows of the table; the last answer about a pair counts, and either order of its keys."""
    if not answers:
        return Taught({}, ())
    offset = 0 if one else len(left)
    at_left = {customer.key: n for n, customer in enumerate(left)}
    at_right = {customer.key: offset + n for n, customer in enumerate(right)}
    pairs: dict[tuple[int, int], bool] = {}
    gone: list[tuple[Mapping[str, int], bool]] = []
    for answer in answers:
        for a, b in ((answer.left, answer.right), (answer.right, answer.left)):
            if a in at_left and b in at_right:
                i, j = at_left[a], at_right[b]
                if i != j:
                    pairs[(min(i, j), max(i, j)) if one else (i, j)] = answer.same
                break
        else:
            if answer.levels:
                gone.append((answer.levels, answer.same))
    return Taught(pairs, tuple(gone))


class Learnt(NamedTuple):
    """What to add to a pair's log-odds: per (field, level), per sort of agreement (`together`), to all."""

    levels: Doubles
    sorts: Doubles
    every: float


def fit(
    levels: NDArray[np.int8],
    base: Doubles,
    same: Doubles,
    weight: Doubles,
    pull: float,
    sorts: NDArray[np.intp] | None = None,
) -> Learnt:
    """What to add so that `base` fits the answers; 0 where they say nothing. Without `sorts` nothing to any of them."""
    size = len(FIELDS) * HIGHEST
    nothing = size + 1 + together.SORTS  # the place of what is not looked at: a field that one lacks, no name
    rows = len(levels)
    # Hardly any place of a row is not 0: the places of those that are 1, a line each.
    places = np.full((len(FIELDS) + 2, rows), nothing)
    columns = levels.T + HIGHEST * np.arange(len(FIELDS))[:, None]
    places[: len(FIELDS)] = np.where(levels.T > 0, columns, nothing)
    places[-2] = size
    if sorts is not None:
        places[-1] = np.where(sorts == together.SORTS - 1, nothing, size + 1 + sorts)
    places = places[(places != nothing).any(axis=1)]
    used = np.unique(places[places != nothing])
    index = np.full(nothing + 1, len(used))
    index[used] = np.arange(len(used))
    places = index[places]
    many = len(used) + 1
    held = np.where(used > size, SORT_PULL, pull)
    added = np.zeros(len(used))

    def margins(at: Doubles) -> Doubles:
        return np.asarray(base + np.append(at, 0.0)[places].sum(axis=0))

    def loss(at: Doubles) -> float:
        margin = margins(at)
        return float((weight * (np.logaddexp(0.0, margin) - same * margin)).sum() + 0.5 * (held * at) @ at)

    def products(each: Doubles) -> Doubles:
        """The sum of `each` over the rows that are 1 at both of two places."""
        total = np.zeros(many * many)
        for number, one in enumerate(places):
            first = one * many
            total += np.bincount(first + one, each, many * many) / 2.0
            for other in places[number + 1 :]:
                total += np.bincount(first + other, each, many * many)
        half = total.reshape(many, many)[:-1, :-1]
        return half + half.T

    worst = loss(added)
    for _round in range(ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(margins(added), -30.0, 30.0)))
        each = np.tile(weight * (same - chance), len(places))
        slope = np.bincount(places.ravel(), each, many)[:-1] - held * added
        curve = products(weight * chance * (1.0 - chance))
        curve[np.diag_indices(len(used))] += held
        step = np.linalg.solve(curve, slope)
        # Newton's step may overshoot where almost all is certain: half of it, until it does good.
        while (now := loss(added + step)) > worst and np.abs(step).max() > 1e-6:
            step /= 2.0
        added += step
        if worst - now < 1e-6:
            break
        worst = now
    full = np.zeros(size + 1 + together.SORTS)
    full[used] = added
    return Learnt(full[:size].reshape(len(FIELDS), HIGHEST), full[size + 1 :], float(full[size]))


def _best(group: Longs, score: Doubles, rows: int) -> Bools:
    best = np.full(rows, -1e9)
    np.maximum.at(best, group, score)
    return np.asarray(score >= best[group])


def learn_from_numbers(seen: Bools, compared: Compared, weights: Weights) -> Weights:
    """The weights after the pairs of which both VAT numbers are valid, which are answers of the lists themselves.

    What would be taken for one customer without a look at those numbers, and is not, shows how far sister firms,
    neighbours and namesakes agree in these very lists, at their very size. `seen`: the rows that count (`witnesses`).
    """
    vat = compared.level("vat")
    known = np.asarray((vat == 1) | (vat == FIELDS[INDEX["vat"]].top)) & seen[compared.left]
    if known.sum() < OWN_LEAST:
        return weights
    added = contributions(compared, weights)
    added[:, INDEX["vat"]] = 0.0
    score = added.sum(axis=1, dtype=np.float64) + weights.prior
    # Both the best that the other has, as the pairs are that this is to judge.
    known &= _best(compared.left, score, weights.rows) & _best(compared.right, score, weights.rows)
    known &= (score > UNCLEAR[0]) & (score < UNCLEAR[1])
    count = int(known.sum())
    if count < OWN_LEAST:
        return weights
    levels = compared.levels[known]
    levels[:, INDEX["vat"]] = 0
    same = (vat[known] != 1).astype(np.float64)
    worth = np.full(count, min(1.0, OWN_MOST / count))
    learnt = fit(levels, score[known], same, worth, OWN_PULL, together.sorts(compared.take(known)))
    return replace(
        weights,
        learnt=weights.learnt + learnt.levels,
        together=weights.together + learnt.sorts,
        learnt_prior=weights.learnt_prior + learnt.every,
    )


def learn(compared: Compared, weights: Weights, lessons: Taught, pull: float) -> Weights:
    """The weights after the answers; `pull`: how strongly they are held to where they started."""
    same, different = lessons.masks(compared)
    asked = same | different
    if not asked.any() and not lessons.gone:
        return weights
    chosen = compared.take(asked)
    added = contributions(chosen, weights).sum(axis=1, dtype=np.float64) + starts(chosen, weights)
    levels, base, truth = chosen.levels, added, same[asked].astype(np.float64)
    if lessons.gone:
        known = np.zeros((len(lessons.gone), len(FIELDS)), dtype=np.int8)
        for n, (kept, _same) in enumerate(lessons.gone):
            for field, level in kept.items():
                if field in INDEX and 0 <= level <= FIELDS[INDEX[field]].top:
                    known[n, INDEX[field]] = level
        weight = weights.by_level + weights.learnt
        worth = weight[np.arange(len(FIELDS)), known].sum(axis=1) + weights.prior + weights.learnt_prior
        levels = np.concatenate([levels, known])
        base = np.concatenate([base, worth])
        truth = np.concatenate([truth, [float(s) for _kept, s in lessons.gone]])
    learnt = fit(levels, np.clip(base, -DOUBT, DOUBT), truth, np.ones(len(truth)), pull)
    return replace(
        weights, learnt=weights.learnt + learnt.levels, learnt_prior=weights.learnt_prior + learnt.every
    )
