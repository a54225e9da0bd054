"""The groups of one list: the rows that are one customer, which may stand there ten times.

Pairs alone do not say it: the first is like the second and the second like the third, and so on to a stranger. So
every pair of rows that hang together is compared, and two groups become one only while their rows agree on average; a
chain of weak links falls apart at its weakest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from operator import attrgetter

import msgspec
import numpy as np
from numpy.typing import NDArray

from octowizard.matching.evidence import Answer, Zone
from octowizard.matching.record import Customer

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
Longs = NDArray[np.int64]

TOGETHER = -0.7  # log-odds that the rows of two groups must reach on average to become one
TAUGHT = 0.5  # the same once the user has answered: then the log-odds are nearer to the truth
CLIP = 8.0  # log-odds: no pair speaks louder than this for or against the others of its groups
NEVER = -1e9
_NUMBERS = ("vat", "national", "emails", "phones", "ibans")  # by which a row without a name is somebody's
SAID = 1e3  # the user's own word
OFTEN = 12  # equal rows, beyond which not every two of them make a pair
MANY = 80  # rows that hang together: of more than these not every pair is compared
STRICTER = 2.0  # log-odds by which the links of what hangs together in too many rows have to be stronger


class Group(msgspec.Struct, frozen=True):
    """Rows of one list that are one customer, by their places in it, counted from 0, rising.

    `cores`: those of them that surely are one, the largest first, each row in one of them; a group is *sure* when it
    has a single core. `score` is 0 to 1: how well the row fits that fits least.
    """

    members: tuple[int, ...]
    cores: tuple[tuple[int, ...], ...]
    score: float

    @property
    def zone(self) -> Zone:
        """Whether it is sure that all of it is one customer."""
        return "sure" if len(self.cores) == 1 else "doubtful"


@dataclass(frozen=True, slots=True)
class Links:
    """Compared pairs: rows, the log-odds of each (NEVER for one that is forbidden), and whether it is sure."""

    left: Longs
    right: Longs
    edge: Doubles
    sure: Bools


@dataclass(frozen=True, slots=True)
class Copies:
    """The rows of a list without those that repeat another letter for letter.

    `firsts`: the places of the rows that are left, rising; `of`: for each row of the list, the place in `firsts` of the
    row that it repeats, or its own; `repeats`: of the places in `firsts` that have more than one row, all of them,
    rising.
    """

    firsts: Sequence[int]
    of: Sequence[int]
    repeats: Mapping[int, list[int]]

    @staticmethod
    def none(rows: int) -> Copies:
        """So many rows, none of which repeats another."""
        return Copies(range(rows), range(rows), {})

    def members(self, place: int) -> list[int]:
        """All rows that are equal to the one at a place in `firsts`, rising."""
        return self.repeats.get(place) or [self.firsts[place]]

    def repeated(self) -> Longs:
        """Each row that is repeated beside itself (left << 32 | right), rising."""
        return np.array([(row << 32) | row for row in sorted(self.repeats)], dtype=np.int64)


def copies(customers: Sequence[Customer], answers: Sequence[Answer]) -> Copies:
    """Which rows repeat another one in everything but key and tags.

    A row with neither name nor number repeats none: two empty rows are not one customer. Nor do two that were answered
    *different*.
    """
    found = _copies(customers, frozenset())
    at = {customer.key: place for customer, place in zip(customers, found.of, strict=True)}
    apart = frozenset(
        key
        for answer in answers
        if not answer.same and at.get(answer.left, -1) == at.get(answer.right, -2)
        for key in (answer.left, answer.right)
    )
    return _copies(customers, apart) if apart else found


def _copies(customers: Sequence[Customer], apart: frozenset[str]) -> Copies:
    fields = attrgetter(*(name for name in Customer.__struct_fields__ if name not in ("key", "tags")))
    seen: dict[object, int] = {}
    firsts: list[int] = []
    of: list[int] = []
    repeats: dict[int, list[int]] = {}
    for row, customer in enumerate(customers):
        place = len(firsts)
        says = customer.name.strip() or any(map(customer.__getattribute__, _NUMBERS))
        if says and customer.key not in apart:
            place = seen.setdefault(fields(customer), place)
        if place == len(firsts):
            firsts.append(row)
        else:
            repeats.setdefault(place, [firsts[place]]).append(row)
        of.append(place)
    return Copies(firsts, of, repeats)


def rivals(left: Longs, right: Longs) -> Longs:
    """The pairs (row << 32 | row) of rows of one side that have a link with the same row of the other, sorted."""
    rivalling: set[int] = set()
    for side, other in ((left, right), (right, left)):
        of: dict[int, list[int]] = {}
        many = np.bincount(other)[other] > 1 if len(other) else np.zeros(0, dtype=np.bool_)
        for row, shared in zip(side[many].tolist(), other[many].tolist(), strict=True):
            of.setdefault(shared, []).append(row)
        for rows in of.values():
            rivalling.update((a << 32) | b for a, b in combinations(sorted(set(rows))[:OFTEN], 2))
    return np.array(sorted(rivalling), dtype=np.int64)


def connected(left: Longs, right: Longs, rows: int) -> list[list[int]]:
    """The rows that hang together by these links, two at least in each, rising."""
    root = list(range(rows))

    def find(x: int) -> int:
        while root[x] != x:
            root[x] = root[root[x]]
            x = root[x]
        return x

    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        a, b = find(i), find(j)
        root[max(a, b)] = min(a, b)
    members: dict[int, list[int]] = {}
    for row in sorted({*left.tolist(), *right.tolist()}):
        members.setdefault(find(row), []).append(row)
    return list(members.values())


def clumps(left: Longs, right: Longs, score: Doubles, rows: int, least: float) -> list[list[int]]:
    """The rows that hang together, in lots of MANY at most where stronger links tell them apart."""
    groups: list[list[int]] = []
    most = least + 4 * STRICTER
    while True:
        kept = score >= least
        left, right, score = left[kept], right[kept], score[kept]
        parts = connected(left, right, rows)
        large = [part for part in parts if len(part) > MANY and least < most]
        groups += [part for part in parts if len(part) <= MANY or least >= most]
        if not large:
            return groups
        inside = np.zeros(rows, dtype=np.bool_)
        inside[[row for part in large for row in part]] = True
        kept = inside[left]
        left, right, score = left[kept], right[kept], score[kept]
        least += STRICTER


def within(parts: Iterable[list[int]]) -> Longs:
    """The pairs (left << 32 | right) of rows that hang together, where those are not too many."""
    return np.array(
        [(i << 32) | j for part in parts if 2 < len(part) <= MANY for i, j in combinations(part, 2)],
        dtype=np.int64,
    )


def split(rows: Sequence[int], edge: Callable[[int, int], float], least: float) -> list[list[int]]:
    """These rows in groups: the two that agree most on average become one, until none agree any more.

    `edge`: the log-odds of a pair, NEVER for one that is forbidden.
    """
    many = len(rows)
    total = np.zeros((many, many))
    for (a, i), (b, j) in combinations(enumerate(rows), 2):
        total[a, b] = total[b, a] = edge(i, j)
    np.fill_diagonal(total, NEVER)
    size = np.ones(many)
    parts = [[row] for row in rows]
    while True:
        mean = total / np.outer(size, size)
        a, b = divmod(int(np.argmax(mean)), many)
        if mean[a, b] < least or a == b:
            return [sorted(group) for group in parts if group]
        total[a] += total[b]
        total[:, a] = total[a]
        total[a, a] = NEVER
        total[b] = total[:, b] = NEVER * many * many
        size[a] += size[b]
        size[b] = 1
        parts[a] += parts[b]
        parts[b] = []


def made(parts: Iterable[list[int]], links: Links, copies: Copies, least: float) -> list[Group]:
    """The groups of what hangs together, sure ones first, then by falling score; rows by their places in the list."""
    edge = dict(
        zip(zip(links.left.tolist(), links.right.tolist(), strict=True), links.edge.tolist(), strict=True)
    )
    sure = set(zip(links.left[links.sure].tolist(), links.right[links.sure].tolist(), strict=True))

    def log_odds(i: int, j: int) -> float:
        return float(edge.get((i, j), 0.0))

    groups: list[Group] = []
    grouped: set[int] = set()
    for part in parts:
        for rows in split(part, log_odds, least):
            if len(rows) > 1:
                grouped.update(rows)
                groups.append(_group(rows, edge, sure, copies))
    alone = (row for row in sorted(copies.repeats) if row not in grouped)
    groups.extend(_group([row], edge, sure, copies) for row in alone)
    return sorted(groups, key=lambda group: (len(group.cores) > 1, -group.score, group.members))


def _group(
    rows: list[int], edge: dict[tuple[int, int], float], sure: set[tuple[int, int]], copies: Copies
) -> Group:
    inside = [pair for pair in combinations(rows, 2) if pair in sure]
    joined = connected(
        np.array([i for i, _j in inside], np.int64),
        np.array([j for _i, j in inside], np.int64),
        max(rows) + 1,
    )
    joined += [[row] for row in set(rows).difference(*joined)]
    cores: list[tuple[int, ...]] = []
    for core in joined:
        if len(core) > 1 or (core[0], core[0]) in sure:
            cores.append(tuple(sorted(row for place in core for row in copies.members(place))))
        else:
            cores += [(row,) for row in copies.members(core[0])]
    links = [
        max(
            [edge.get((min(row, other), max(row, other)), 0.0) for other in rows if other != row],
            default=edge.get((row, row), 0.0),
        )
        for row in rows
    ]
    return Group(
        members=tuple(sorted(row for place in rows for row in copies.members(place))),
        cores=tuple(sorted(cores, key=lambda core: (-len(core), core))),
        score=1.0 / (1.0 + math.exp(-min(links))),
    )


def inside(groups: Iterable[Group], left: Longs, right: Longs, copies: Copies) -> Bools:
    """Which of these pairs have both rows in one group."""
    label = np.arange(-len(copies.firsts), 0)  # a row of no group is in none with any other
    for number, group in enumerate(groups):
        label[[copies.of[row] for row in group.members]] = number
    return np.asarray(label[left] == label[right])


def spread(copies: Copies, left: Longs, right: Longs, wanted: Bools) -> tuple[Longs, Longs, Longs]:
    """The wanted pairs once for every two rows of the list that they stand for: their numbers, left and right rows.

    Of rows that are repeated very often only the first is paired with the others.
    """
    number: list[int] = []
    pairs: list[tuple[int, int]] = []
    chosen = np.flatnonzero(wanted)
    for n, i, j in zip(chosen.tolist(), left[chosen].tolist(), right[chosen].tolist(), strict=True):
        ours, theirs = copies.members(i), copies.members(j)
        if i == j:
            some = list(combinations(ours, 2)) if len(ours) <= OFTEN else [(ours[0], row) for row in ours[1:]]
        else:
            some = [(min(a, b), max(a, b)) for a, b in product(ours[:OFTEN], theirs[:OFTEN])]
        pairs += some
        number += [n] * len(some)
    rows = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return np.array(number, dtype=np.int64), rows[:, 0], rows[:, 1]
