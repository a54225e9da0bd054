"""Which customers of two lists, or of one, are the same: `match`. No vendor, disk or clock; the same answer each time.

The way of a pair: `clean` makes columns of the texts, `candidates` finds what is worth a look, `compare` says how far
each field agrees, `weights` what that is worth in these lists, `learning` what the answers add, `zones` decides; in one
list `neighbours` speaks against those who only share a door, and `groups` says which rows are one customer.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, overload

from octowizard.matching.evidence import Answer, Evidence, Pair, Zone, explain, written
from octowizard.matching.record import Customer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from octowizard.matching.clean import Table
    from octowizard.matching.compare import Compared
    from octowizard.matching.groups import Group
    from octowizard.matching.learning import Taught
    from octowizard.matching.weights import Weights

_ZONES: tuple[Zone, ...] = ("not", "doubtful", "sure")
HOPELESS = -8.0  # log-odds by the first weights, of pairs that no better weights will save
_BATCH = 2_000  # pairs that are explained at a time
_MOST = 30.0  # log-odds of the user's own word
SAID = {True: _MOST, False: -_MOST, None: 0.0}


class Lot(NamedTuple):
    """Some pairs column by column, one behind the other: what a `Pair` says of each, and what that follows from.

    `levels` and `added`: (pairs, fields). `first`: the log-odds before any field is looked at, but for `lessons`, which
    answers and numbers added to every pair. `said`: whether the user called the two the same; None: nothing was said.
    """

    left: list[int]
    right: list[int]
    zone: list[Zone]
    score: list[float]
    levels: NDArray[np.int8]
    added: NDArray[np.float32]
    first: list[float]
    lessons: float
    said: list[bool | None]


class Matches(Sequence[Pair]):
    """The pairs found: sure ones first, then by falling score. Each explains itself when it is asked for."""

    def __init__(
        self,
        left: Sequence[Customer],
        right: Sequence[Customer],
        compared: Compared,
        weights: Weights,
        added: NDArray[np.float32],
        zone: NDArray[np.int8],
        answered: NDArray[np.bool_],
        offset: int,
        shown: int,
        groups: tuple[Sequence[Group], Sequence[Group]],
        rivalled: NDArray[np.bool_],
    ) -> None:
        """`added` are the fields' weights per pair; `offset` how many rows of the table stand before the right list.

        The first `shown` pairs are the matches, those after them are only asked about.
        """
        self._left, self._right = left, right
        self._compared, self._weights, self._added = compared, weights, added
        self._zone, self._answered, self._rivalled = zone, answered, rivalled
        self._offset, self._shown = offset, shown
        self._numbers: dict[tuple[int, int], int] | None = None
        self.groups = groups
        """The rows of the left list that are one customer, and those of the right one; of two lists only such rows as
        would be paired with the same row of the other list."""

    @property
    def pairs(self) -> Sequence[Pair]:
        """All pairs."""
        return self

    def __len__(self) -> int:
        return self._shown

    @overload
    def __getitem__(self, index: int) -> Pair: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Pair]: ...
    def __getitem__(self, index: int | slice) -> Pair | Sequence[Pair]:
        if isinstance(index, slice):
            return [self._pair(n) for n in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._pair(index)

    def __iter__(self) -> Iterator[Pair]:
        for lot in self.lots():
            yield from self._pairs(lot)

    def lots(self) -> Iterator[Lot]:
        """All pairs by column, so many at a time; for whoever needs all of them and no `Pair` of any."""
        for start in range(0, self._shown, _BATCH):
            yield self._lot(start, min(start + _BATCH, self._shown))

    def _pair(self, n: int) -> Pair:
        return next(self._pairs(self._lot(n, n + 1)))

    def _lot(self, start: int, end: int) -> Lot:
        """The pairs from `start` to before `end`."""
        import numpy as np

        part = slice(start, end)
        levels, added = self._compared.levels[part], self._added[part]
        lessons = self._weights.learnt_prior
        first = (self._weights.prior + self._weights.carried)[self._compared.carried[part]].tolist()
        # Those answered *different* stand behind the matches.
        said = [
            number < self._shown if answered else None
            for number, answered in enumerate(self._answered[part].tolist(), start)
        ]
        # Single numbers summed as double ones: no order of them would give another sum.
        total = np.where(levels > 0, added, np.float32(0.0)).sum(axis=1, dtype=np.float64)
        total += np.array(first) + lessons + np.array(list(map(SAID.__getitem__, said)))
        score: list[float] = (1.0 / (1.0 + np.exp(-np.clip(total, -700.0, 700.0)))).tolist()
        lefts = self._compared.left[part].tolist()
        rights = (self._compared.right[part] - self._offset).tolist()
        zone = list(map(_ZONES.__getitem__, self._zone[part].tolist()))
        return Lot(lefts, rights, zone, score, levels, added, first, lessons, said)

    def _pairs(self, lot: Lot) -> Iterator[Pair]:
        from octowizard.matching.by_column import some

        reasons = explain(lot.levels, lot.added)
        learnt = [Evidence("lessons", lot.lessons)] if lot.lessons else []
        for i, j, left, right, zone, score, first, said, found in zip(
            lot.left,
            lot.right,
            some(self._left, lot.left),
            some(self._right, lot.right),
            lot.zone,
            lot.score,
            lot.first,
            lot.said,
            reasons,
            strict=True,
        ):
            why = [
                Evidence(field, weight, written(left, field), written(right, field), how)
                for (field, how), weight in found
            ]
            why += learnt
            why.append(Evidence("rarity", first))
            if said is not None:
                why.insert(0, Evidence("answer", SAID[said], how="same" if said else "other"))
            yield Pair(i, j, zone, score, tuple(why))

    def levels(self, index: int) -> dict[str, int]:
        """How far each field of a pair agrees, to be kept with the user's answer."""
        from octowizard.matching.fields import FIELDS

        row = self._compared.levels[index].tolist()
        return {field.name: level for field, level in zip(FIELDS, row, strict=True) if level}

    def rivalled(self, index: int) -> bool:
        """Whether a pair is doubtful only because another candidate of its rows is about as like."""
        return bool(self._rivalled[index])

    def pair(self, index: int) -> Pair:
        """A pair by its index, or by one that `questions` gave, which may be in the zone *not*."""
        return self._pair(index)

    def number(self, left: int, right: int) -> int | None:
        """The index, for `pair` and `levels`, of two rows of one list, the smaller first; None where they have none."""
        if self._numbers is None:
            both = zip(
                self._compared.left.tolist(), (self._compared.right - self._offset).tolist(), strict=True
            )
            self._numbers = {ends: number for number, ends in enumerate(both)}
        return self._numbers.get((left, right))

    def questions(self, count: int) -> list[int]:
        """What to ask the user first so that the answers teach most about the rest: indexes for `pair` and `levels`.

        Unlike a queue of the doubtful pairs these may be pairs that seem sure or that seem not to be one customer.
        """
        import numpy as np

        from octowizard.matching.questions import choose
        from octowizard.matching.weights import starts

        score = self._added.sum(axis=1, dtype=np.float64) + starts(self._compared, self._weights)
        return choose(self._compared, score, self._answered, count)

    def said(self, index: int) -> bool | None:
        """Whether the user called the two of a pair the same; None: nothing was said of them."""
        return index < self._shown if self._answered[index] else None

    def different(self) -> list[int]:
        """The pairs that the user called different, by their indexes for `pair` and `levels`."""
        import numpy as np

        return (np.flatnonzero(self._answered[self._shown :]) + self._shown).tolist()

    def count(self, zone: object) -> int:
        """How many pairs are in a zone."""
        return int((self._zone[: self._shown] == _ZONES.index(zone)).sum()) if zone in _ZONES else 0


def match(
    left: Sequence[Customer],
    right: Sequence[Customer] | None = None,
    answers: Sequence[Answer] = (),
    *,
    all_candidates: bool = False,
) -> Matches:
    """The same customers in `left` and `right`, each row in one pair at most; without `right` the groups in `left`.

    In one list a customer may stand ten times: its pairs are those within its groups, always with left < right.
    Pairs answered *same* are sure; those answered *different* are left out, as are all in the zone *not*, unless
    `all_candidates` asks for whatever was compared.
    """
    if not left or (right is not None and not right):
        # Nobody beside nobody: there is nothing to compare, and nothing to measure weights on.
        left, right, answers = [Customer(key="")], [Customer(key="")], ()
    # Millions of short-lived lists and no cycle among them: the collector would look through all customers each time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _match(left, right, answers, all_candidates)
    finally:
        if collecting:
            gc.enable()


def _match(
    left: Sequence[Customer],
    right: Sequence[Customer] | None,
    answers: Sequence[Answer],
    all_candidates: bool,
) -> Matches:
    if right is None:
        return _within(left, answers, all_candidates)
    import numpy as np

    from octowizard.matching.clean import clean
    from octowizard.matching.learning import taught
    from octowizard.matching.zones import SURE, settle

    table = clean(left, right)
    lessons = taught(answers, left, right, one=False)
    scored = _score(table, lessons, False, all_candidates)
    compared, same, different = scored.compared, scored.same, scored.different
    settled = settle(table, compared, scored.settled, one=False)
    zone = settled.zone
    zone[same] = SURE
    groups = _of_each_side(
        table, scored
    )  # before the pairs are copied in their order, for the sake of memory
    del table
    shown = (all_candidates | (zone > 0)) & ~different
    hidden = ~shown & (settled.chosen | different)
    order = np.lexsort((compared.right, compared.left, -scored.settled, -zone, ~shown))
    order = order[(shown | hidden)[order]]
    return Matches(
        left,
        right,
        compared.take(order),
        scored.weights,
        scored.added[order],
        zone[order],
        (same | different)[order],
        len(left),
        int(shown.sum()),
        groups,
        settled.rivalled[order] & (zone[order] != SURE),
    )


def _of_each_side(table: Table, scored: _Scored) -> tuple[list[Group], list[Group]]:
    """The rows of one list that are one customer, of those that would both be the same row of the other one."""
    import numpy as np

    from octowizard.matching import groups
    from octowizard.matching.compare import compare
    from octowizard.matching.learning import Taught
    from octowizard.matching.zones import SURE, SURE_SCORE, forbidden, permitted, settle

    compared = scored.compared
    strong = (scored.settled >= SURE_SCORE) & permitted(compared) & ~forbidden(table, compared)
    codes = groups.rivals(compared.left[strong], compared.right[strong])
    if not len(codes):
        return [], []
    rescored = _weighed(compare(table, codes >> 32, codes & 0xFFFFFFFF), scored.weights, Taught({}, ()))
    links = rescored.compared
    sure = settle(table, links, rescored.settled, one=True).zone == SURE
    parts = groups.connected(links.left[sure], links.right[sure], table.rows)
    edge = np.where(sure, rescored.settled, groups.NEVER)
    everybody = groups.Copies.none(table.rows)
    made = groups.made(parts, groups.Links(links.left, links.right, edge, sure), everybody, groups.TOGETHER)
    return [one for one in made if one.members[0] < table.left], [
        groups.Group(
            tuple(row - table.left for row in one.members),
            tuple(tuple(row - table.left for row in core) for core in one.cores),
            one.score,
        )
        for one in made
        if one.members[0] >= table.left
    ]


class _Scored(NamedTuple):
    """Compared pairs, and what their fields weigh; `same` and `different`: what was answered of them.

    `settled`: the log-odds of each, with the user's word above all.
    """

    compared: Compared
    weights: Weights
    added: NDArray[np.float32]
    settled: NDArray[np.float64]
    same: NDArray[np.bool_]
    different: NDArray[np.bool_]


def _score(table: Table, lessons: Taught, one: bool, all_candidates: bool) -> _Scored:
    """Find what is worth a look, compare it, and weigh it by these lists and the answers."""
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    from octowizard.matching.candidates import KEPT, KEPT_IN_ONE, candidates
    from octowizard.matching.learning import PULL, PULL_IN_ONE, learn, learn_from_numbers
    from octowizard.matching.weights import begin, estimate, witnesses, worth_keeping

    seen = witnesses(table)
    with ThreadPoolExecutor(1) as pool:  # numpy lets go of the interpreter most of the time
        begun = pool.submit(begin, table, one)
        i, j = candidates(table, one, KEPT_IN_ONE if one else KEPT, None if all_candidates else seen)
        weights = begun.result()
    if lessons.pairs:
        codes = np.unique(np.concatenate([(i << 32) | j, lessons.codes()]))
        i, j = codes >> 32, codes & 0xFFFFFFFF
    compared = worth_keeping(table, i, j, weights, None if all_candidates else HOPELESS, lessons.codes())
    del i, j  # three times as many as those that were kept
    weights = estimate(table, compared, weights, one)
    weights = learn_from_numbers(seen, compared, weights)
    weights = learn(compared, weights, lessons, PULL_IN_ONE if one else PULL)
    return _weighed(compared, weights, lessons)


def _weighed(compared: Compared, weights: Weights, lessons: Taught) -> _Scored:
    import numpy as np

    from octowizard.matching.weights import contributions, starts

    added = contributions(compared, weights)
    score = added.sum(axis=1, dtype=np.float64) + starts(compared, weights)
    same, different = lessons.masks(compared)
    settled = np.where(same, _MOST + np.abs(score), np.where(different, -1e9, score))
    return _Scored(compared, weights, added, settled, same, different)


def _within(customers: Sequence[Customer], answers: Sequence[Answer], all_candidates: bool) -> Matches:
    """One list: pairs within its groups; rows that repeat another letter for letter are compared as one."""
    import numpy as np

    from octowizard.matching import groups
    from octowizard.matching.clean import clean
    from octowizard.matching.compare import Compared, compare
    from octowizard.matching.learning import taught
    from octowizard.matching.zones import DOUBTFUL, SURE, forbidden, settle

    copies = groups.copies(customers, answers)
    rows = [customers[row] for row in copies.firsts]
    table = clean(rows)
    lessons = taught(answers, customers, customers, one=True).by(copies.of)
    scored = _score(table, lessons, True, all_candidates)
    links = scored.compared
    least = groups.TOGETHER if not lessons.pairs else groups.TAUGHT
    strong = scored.settled >= least
    parts = groups.clumps(links.left[strong], links.right[strong], scored.settled[strong], len(rows), least)
    known = (links.left << 32) | links.right
    codes = np.setdiff1d(np.concatenate([groups.within(parts), copies.repeated()]), known)
    if len(codes):
        links = Compared.joined([links, compare(table, codes >> 32, codes & 0xFFFFFFFF)])
        scored = _weighed(links, scored.weights, lessons)
    settled = settle(table, links, scored.settled, one=True)
    zone = settled.zone
    zone[scored.same] = SURE
    never = scored.different | forbidden(table, links) & ~scored.same
    edge = np.where(never, groups.NEVER, np.clip(scored.settled, -groups.CLIP, groups.CLIP))
    edge[scored.same] = groups.SAID
    made = groups.made(parts, groups.Links(links.left, links.right, edge, zone == SURE), copies, least)
    zone[(links.left == links.right) & (zone == 0)] = DOUBTFUL
    inside = groups.inside(made, links.left, links.right, copies)
    shown = (all_candidates | inside & (zone > 0) | scored.same) & ~scored.different
    hidden = ~shown & (settled.chosen | inside | scored.different)
    kept, left, right = groups.spread(copies, links.left, links.right, shown | hidden)
    order = np.lexsort((right, left, -scored.settled[kept], -zone[kept], ~shown[kept]))
    kept = kept[order]
    return Matches(
        customers,
        customers,
        replace(links.take(kept), left=left[order], right=right[order]),
        scored.weights,
        scored.added[kept],
        zone[kept],
        (scored.same | scored.different)[kept],
        0,
        int(shown[kept].sum()),
        (made, []),
        settled.rivalled[kept] & (zone[kept] != SURE),
    )
