"""What each degree of agreement is worth, in natural log-odds: measured on the lists themselves, without labels.

For a level: the logarithm of how much more often it is seen among the same customers than among two at random (Fellegi
and Sunter). At random is counted on pairs drawn at random, and for a full agreement on the value itself: rare words and
numbers weigh more. Among the same is estimated by expectation and maximisation, starting from `fields`, under the
constraint that a row has one counterpart, which keeps the estimate honest where address, phone and mail move together.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from octowizard.matching import carried, together
from octowizard.matching.clean import Table
from octowizard.matching.columns import Ints
from octowizard.matching.compare import Compared, compare
from octowizard.matching.fields import FIELDS, INDEX, UNITS
from octowizard.matching.neighbours import Beside, hold_against_neighbours, neighbours
from octowizard.matching.tokens import POPULATION

Doubles = NDArray[np.float64]
Singles = NDArray[np.float32]
Longs = NDArray[np.int64]

HIGHEST = max(field.top for field in FIELDS) + 1
TRUST = 40.0  # pairs that the starting point counts for
ROUNDS = 5
SORT_ROUNDS = 6
SAMPLE = 30_000
LOT = 50_000  # pairs that are compared at a time
CEILING = 14.0  # no level proves more than this without a look at the value
ANCHORS = (
    150  # pairs that share a number of their own: so many, and they alone show how the same customers differ
)
OWN = 0.01  # a number is a row's own when at most this share of a list has it in common with another row
MOST_PAIRS = 4.5  # pairs per row of one list, at most, that are one customer: each stands there ten times
SHORTEST = 10  # rows a list is taken to have at least
WITNESSES = 80_000  # rows whose pairs are looked at although two VAT numbers forbid them
RAREST = 0.001  # no list is so clean that fewer rows than this carry a number of somebody else

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
_MOVED = np.array(
    [1.0, 0.25, 0.15, 0.1, 0.1]
)  # who moved has another street, number, postcode and town at once
# Share of the values that another row has too, where little can be counted: in short lists, and in one list, where the
# rows that share a value may be what is looked for (inferred).
_USUAL = {
    "vat": 0.01,
    "national": 0.01,
    "external": 0.02,
    "email": 0.3,
    "phone": 0.3,
    "iban": 0.1,
    "name": 0.3,
}
_USUAL_NEIGHBOURS = 0.5


@dataclass(frozen=True, slots=True)
class Habits:
    """How often rows of one list have something in common without being the same: what a coincidence looks like here.

    `shared`: (fields), the share of a field's values that another row of the same list has too. `neighbours`: how many
    other rows of its list a row shares a house, phone, mail or account with, on average.
    """

    shared: Doubles
    neighbours: float


@dataclass(frozen=True, slots=True)
class Weights:
    """`same` and `random`: (fields, levels), how often a level is seen among each; `prior`: log-odds of any pair.

    `learnt`: (fields, levels), what answers add to a level; `learnt_prior` what they add to every pair.
    """

    same: Doubles
    random: Doubles
    prior: float
    habits: Habits
    rows: int  # of both lists
    population: int  # rows that rarity is reckoned against
    opposite: int  # rows a row may be matched with, reckoned in the same way
    learnt: Doubles
    carried: Doubles  # (sorts), what a pair of rows of such a sort has in odds over any pair: `carried.added`
    together: Doubles  # (sorts), what the lists themselves add to a sort of agreement: `together`
    learnt_prior: float = 0.0
    beside: Beside | None = None  # of one list: how neighbours differ from the same customers

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
    first, second = _sizes(table, one)
    low = 0 if one else table.left
    if first * second <= SAMPLE:
        i, j = np.divmod(np.arange(first * second), max(second, 1))
        j += low
    else:
        chance = np.random.default_rng(20_26)
        i = chance.integers(0, first, SAMPLE)
        j = chance.integers(low, table.rows, SAMPLE)
    i, j = i[i != j], j[i != j]
    seen = np.zeros((len(FIELDS), HIGHEST))
    for start in range(0, len(i), LOT):
        seen += _count(compare(table, i[start : start + LOT], j[start : start + LOT]), None)
    seen[:, 0] = 0.0
    total = seen.sum(axis=1, keepdims=True)
    guess = np.where(_start() > 1e-5, 0.02, 0.0)  # a level never seen may still be seen
    guess[:, 1] = 0.9
    share: Doubles = (seen + guess) / np.maximum(total + guess.sum(axis=1, keepdims=True), 1.0)
    return share


def _shared(ids: Ints) -> tuple[Doubles, float, float]:
    """For one list: other rows with the value per row, how many values are shared, how many there are."""
    flat = ids.reshape(len(ids), -1)
    counts = np.bincount(flat.ravel())
    counts[0] = 0
    others = np.maximum(counts[flat] - 1, 0)
    used = flat > 0
    return others.max(axis=1).astype(np.float64), float((others[used] > 0).sum()), float(used.sum())


def habits(table: Table, one: bool) -> Habits:
    """What the rows of one list have in common, counted in both lists."""
    columns = {
        "vat": table.vat.ids,
        "national": table.national.ids,
        "external": table.external.ids,
        "email": table.email.ids,
        "phone": table.phone.ids,
        "iban": table.iban.ids,
        "name": table.whole,
    }
    shared = np.ones(len(FIELDS))
    if one:
        for name, share in _USUAL.items():
            shared[INDEX[name]] = share
        return Habits(shared, _USUAL_NEIGHBOURS)
    halves = (slice(0, table.left), slice(table.left, table.rows))
    others = np.zeros(table.rows)
    for name, ids in columns.items():
        twice = total = 0.0
        for half in halves:
            per_row, some, every = _shared(ids[half])
            twice, total = twice + some, total + every
            if name in ("email", "phone", "iban"):
                others[half] = np.maximum(others[half], per_row)
        shared[INDEX[name]] = max(RAREST, (twice + 20.0 * _USUAL[name]) / (total + 20.0))
    place = np.where(
        (table.house > 0) & table.street.present,
        (table.street.ids[:, 0].astype(np.int64) << 20)
        + table.house
        + table.postcode.ids.astype(np.int64) * 7_919_000_003,
        0,
    )
    codes = np.unique(place, return_inverse=True)[1].astype(np.int32)
    codes[place == 0] = 0
    for half in halves:
        others[half] = np.maximum(others[half], _shared(codes[half])[0])
    neighbours = (np.minimum(others, 5.0).sum() + 20.0 * _USUAL_NEIGHBOURS) / (table.rows + 20.0)
    return Habits(shared, float(np.clip(neighbours, 0.02, 3.0)))


def _rare(compared: Compared, weights: Weights) -> Singles:
    """(pairs, fields): weight per field before the contact's units are weighed together."""
    by_level = weights.by_level
    # A field's weights stand side by side in memory, since all that follows goes field by field.
    result = np.empty(compared.levels.shape, dtype=np.float32, order="F")
    for f in range(len(FIELDS)):
        result[:, f] = by_level[f].astype(np.float32)[compared.levels[:, f]]
    log_same = np.log(np.maximum(weights.same, 1e-6))
    alone = np.log(weights.population / 2.0) - 1e-3  # the rarity of what no list has twice
    for name, level, share in _RARE:
        f = INDEX[name]
        hit = np.flatnonzero(compared.levels[:, f] == level)
        rarity = compared.rarity[hit, f]
        bonus = np.where(rarity >= alone, -np.log(weights.habits.shared[f]), 0.0) if share == 1.0 else 0.0
        result[hit, f] = share * rarity + bonus + log_same[f, level]
    # That both say Holding is part of the name; that one does is news.
    structure = INDEX["structure"]
    result[:, structure] = np.minimum(result[:, structure], 0.0)
    # A name of common words may have a namesake that neither list shows.
    names = INDEX["name"]
    same = compared.levels[:, names] == FIELDS[names].top
    result[same, names] = np.minimum(result[same, names], compared.words[same] + 2.0)
    return result


def _places(values: Singles) -> NDArray[np.intp]:
    """The place of each value in its row, the smallest first."""
    columns = np.ascontiguousarray(values.T)
    places = np.zeros(columns.shape, dtype=np.int8)
    for x, one in enumerate(columns):
        for y, other in enumerate(columns):
            if x != y:
                places[x] += other < one if y > x else other <= one
    return places.T.astype(np.intp)


def _sisters(compared: Compared, result: Singles, contact: list[int], most: float) -> None:
    """Firms that a word such as Holding tells apart: name and contact together point to the family, and no further."""
    apart = np.flatnonzero(compared.levels[:, INDEX["structure"]] == 1)
    parts = np.array([INDEX["name"], *contact])
    total = np.ascontiguousarray(result[np.ix_(apart, parts)]).sum(axis=1)
    over = total > most
    result[np.ix_(apart[over], parts)] *= (most / total[over])[:, None]


def contributions(compared: Compared, weights: Weights) -> Singles:
    """(pairs, fields): what each field adds to the log-odds; with the prior they sum to the score."""
    result = _rare(compared, weights)
    members = [
        [f for f, field in enumerate(FIELDS) if field.unit == unit and compared.levels[:, f].any()]
        for unit in UNITS
    ]
    members = [fields for fields in members if fields]
    # A town says little that its postcode has not said.
    result[compared.levels[:, INDEX["postcode"]] > 0, INDEX["city"]] *= 0.3
    for fields in members:
        if len(fields) > 1:
            part = result[:, fields]
            result[:, fields] = np.where(part < 0, part * _MOVED[_places(part)], part)
    if members:
        units = np.stack([result[:, fields].sum(axis=1) for fields in members], axis=1)
        factor = np.where(units > 0, _DAMPED[_places(-units)], _DAMPED[_places(units)]).astype(np.float32)
        # Neighbours and sister firms share all of it: no more than it takes to point to the house and who is in it.
        most = max(1.0, float(np.log(weights.opposite / weights.habits.neighbours)))
        total = (units * factor).sum(axis=1)
        factor *= np.where(total > most, most / np.maximum(total, 1.0), 1.0)[:, None].astype(np.float32)
        for u, fields in enumerate(members):
            for f in fields:
                result[:, f] *= factor[:, u]
        _sisters(compared, result, [f for fields in members for f in fields], most)
        if weights.beside is not None:
            contact = [f for fields in members for f in fields]
            hold_against_neighbours(compared, weights.beside, weights.prior, result, contact)
    if weights.learnt.any():
        for f in range(len(FIELDS)):
            result[:, f] += weights.learnt[f].astype(np.float32)[compared.levels[:, f]]
    if weights.together.any():
        result[:, INDEX["name"]] += weights.together.astype(np.float32)[together.sorts(compared)]
    return np.ascontiguousarray(result)


def starts(compared: Compared, weights: Weights) -> Doubles:
    """The log-odds that each pair has before its fields are looked at."""
    return np.asarray(weights.carried[compared.carried] + weights.prior + weights.learnt_prior)


def posterior(left: Longs, right: Longs, score: Doubles, rows: int, one: bool) -> Doubles:
    """Probability of each pair, given that a row has at most one counterpart (in one list: given the pair alone)."""
    odds = np.exp(np.clip(score, -50.0, 50.0))
    if one:
        return np.asarray(odds / (1.0 + odds))
    all_left = np.bincount(left, weights=odds, minlength=rows)
    all_right = np.bincount(right, weights=odds, minlength=rows)
    return np.asarray(odds / (1.0 + np.maximum(all_left[left], all_right[right])))


def _anchors(compared: Compared, known: Habits) -> tuple[NDArray[np.bool_], list[int]]:
    """Pairs that share a number of their own, which shows how the same customers differ in the rest; the fields."""
    fields = [f for f in (INDEX["vat"], INDEX["national"]) if known.shared[f] <= OWN]
    anchored = np.zeros(len(compared.left), dtype=np.bool_)
    for f in fields:
        anchored |= compared.levels[:, f] == FIELDS[f].top
    return anchored & ~vetoed(compared), fields


def begin(table: Table, one: bool) -> Weights:
    """The weights before any pair is seen, but for what coincidences look like in these lists."""
    start = _start()
    return Weights(
        same=start,
        random=_at_random(table, one),
        prior=float(np.log(0.3 * max(1, min(_sizes(table, one))) / _all_pairs(table, one))),
        habits=habits(table, one),
        rows=table.rows,
        population=table.population,
        opposite=max(*_sizes(table, one), POPULATION // 2),
        learnt=np.zeros_like(start),
        carried=np.zeros(carried.SORTS),
        together=np.zeros(together.SORTS),
    )


def _sizes(table: Table, one: bool) -> tuple[int, int]:
    return (table.rows, table.rows) if one else (table.left, table.rows - table.left)


def _all_pairs(table: Table, one: bool) -> float:
    """How many pairs there are; of a handful of rows as if there were SHORTEST, or any two would be half the same."""
    left, right = _sizes(table, one)
    return float(max(left, SHORTEST)) * float(max(right, SHORTEST)) / (2.0 if one else 1.0)


def witnesses(table: Table) -> NDArray[np.bool_]:
    """The rows whose VAT number is to teach how far different firms agree: all, or of a long list enough of them.

    Chosen by the number itself, so that the order of the rows plays no part.
    """
    share = max(1, round(table.rows / WITNESSES))
    if share == 1:
        return np.ones(table.rows, dtype=np.bool_)
    chosen = np.fromiter(
        (crc32(v.encode()) % share == 0 for v in table.vat.values), np.bool_, len(table.vat.values)
    )
    return chosen[table.vat.ids] & table.vat.present


def worth_keeping(
    table: Table, left: Longs, right: Longs, weights: Weights, floor: float | None, asked: Longs
) -> Compared:
    """These pairs compared, but for those whose score by the first weights is below `floor`; in lots, to save memory.

    `asked`: pairs (left << 32 | right) that are kept whatever they score.
    """

    def lot(start: int) -> Compared:
        compared = compare(table, left[start : start + LOT], right[start : start + LOT])
        if floor is None:
            return compared
        # Of the pairs that two VAT numbers forbid some are kept as well: they show what a coincidence looks like.
        added = contributions(compared, weights)
        score = added.sum(axis=1) + weights.prior - np.minimum(added[:, INDEX["vat"]], 0.0)
        return compared.take((score >= floor) | np.isin((compared.left << 32) | compared.right, asked))

    # Two at a time: numpy and rapidfuzz let go of the interpreter while they work.
    with ThreadPoolExecutor(2) as pool:
        lots = list(pool.map(lot, range(0, max(len(left), 1), LOT)))
    return Compared.joined(lots)


def estimate(table: Table, compared: Compared, weights: Weights, one: bool) -> Weights:
    """The weights of these lists, from their own pairs."""
    start = weights.same
    everything = _all_pairs(table, one)
    anchors, own = _anchors(compared, weights.habits)
    enough = int(anchors.sum()) >= ANCHORS
    by_anchors = _count(compared.take(anchors), None) if enough else start
    # With anchors only the share of the same and the numbers themselves are left to settle.
    for _round in range(2 if enough else ROUNDS):
        score = contributions(compared, weights).sum(axis=1, dtype=np.float64) + weights.prior
        chance = _chance(table, compared, score, one)
        seen = _count(compared, chance)
        if enough:
            others = np.ones(len(FIELDS), dtype=np.bool_)
            others[own] = False
            seen[others] = by_anchors[others]
        else:
            # Sister firms look so much alike that they would teach that Holding does not matter.
            seen[INDEX["structure"]] = 0.0
        seen[:, 0] = 0.0
        same = (TRUST * start + seen) / (TRUST * start.sum(axis=1) + seen.sum(axis=1))[:, None]
        most = table.rows * MOST_PAIRS if one else min(_sizes(table, one))
        expected = float(np.clip(chance.sum(), 1.0, most))
        weights = replace(weights, same=same, prior=float(np.log(expected / everything)))
        if one:
            weights = replace(weights, beside=neighbours(compared))
    return weights if one else _by_sort(table, compared, weights)


def _chance(table: Table, compared: Compared, score: Doubles, one: bool) -> Doubles:
    score = np.where(vetoed(compared), -50.0, score)
    return posterior(compared.left, compared.right, score, table.rows, one)


def _by_sort(table: Table, compared: Compared, weights: Weights) -> Weights:
    """The same with the share of the same for each sort of rows."""
    size = carried.sizes(table)
    score = contributions(compared, weights).sum(axis=1, dtype=np.float64) + weights.prior
    more = weights.carried
    for _round in range(SORT_ROUNDS):
        chance = _chance(table, compared, score + more[compared.carried], one=False)
        more = carried.added(size, compared.carried, chance)
    return replace(weights, carried=more)


def vetoed(compared: Compared) -> NDArray[np.bool_]:
    """Two valid VAT numbers that differ: two firms, whatever else agrees."""
    return np.asarray(compared.level("vat") == 1)
