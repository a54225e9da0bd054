"""Sure, doubtful or not: by rule and margin, never by probability alone.

Sure takes two independent kinds of agreement (a number that identifies; the name; where and how the customer is
reached; the date of birth), nothing that speaks against it, and a clear margin over every other candidate of either
row. A name alone is never enough, and no probability makes up for it: address, phone and mail move together, so the
more rows there are, the more strangers seem certain.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from octowizard.matching.clean import Table
from octowizard.matching.compare import Compared, located
from octowizard.matching.fields import FIELDS, INDEX
from octowizard.matching.weights import vetoed

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
Longs = NDArray[np.int64]

SURE_SCORE = 6.9  # log-odds: a thousand to one
MARGIN = 4.0  # log-odds over the next best candidate of either row
DOUBTFUL_SCORE = 0.0  # as likely as not
ASKED_SCORE = -8.0  # log-odds below which a pair is not even worth a question

_OF_A_NAME = ("name", "structure", "legal", "kind")  # what its name and its sort tell of a customer

NOT, DOUBTFUL, SURE = 0, 1, 2
_LOT = 20_000  # pairs that are gone through at a time


@dataclass(frozen=True, slots=True)
class Settled:
    """Per pair: its zone, whether it is the one chosen for both its rows, and its margin over the next best.

    `rivalled`: it would be sure, were it not that another candidate of its rows is about as like.
    """

    zone: NDArray[np.int8]
    chosen: Bools
    margin: Doubles
    rivalled: Bools


def forbidden(table: Table, compared: Compared) -> Bools:
    """Pairs that are never one customer: two valid VAT numbers that differ; a contact and the company it belongs to."""
    i, j = compared.left, compared.right
    own, belongs = table.own, table.belongs
    contact = ((belongs[i] > 0) & (belongs[i] == own[j])) | ((belongs[j] > 0) & (belongs[j] == own[i]))
    of_a_company = (belongs[i] > 0) | (belongs[j] > 0)
    return np.asarray(vetoed(compared) | contact | (of_a_company & (compared.level("kind") == 1)))


def identified(compared: Compared) -> Bools:
    """Pairs that share a number that identifies: a valid VAT number, a national number, the number in Octopus."""
    return np.asarray(
        (compared.level("vat") == 4) | (compared.level("national") == 3) | (compared.level("external") == 2)
    )


def reached(compared: Compared) -> Bools:
    """Pairs that share a mail address, a mail domain of their own, a phone or an account."""
    return np.asarray(
        (compared.level("email") == 3)
        | (compared.level("domain") == 2)
        | (compared.level("phone") == 3)
        | (compared.level("iban") == 2)
    )


def only_name(table: Table, compared: Compared) -> Bools:
    """Pairs with the same name of which nothing else can be compared: one of the two has nothing else."""
    found = (
        (compared.level("name") == 6) & (compared.level("structure") != 1) & (compared.level("legal") != 1)
    )
    # Where both have something else, and nothing that the other has too, they are two namesakes like any other.
    bare = ~table.has_more
    found &= bare[compared.left] | bare[compared.right]
    others = [INDEX[field.name] for field in FIELDS if field.name not in _OF_A_NAME]
    alike = np.flatnonzero(found)
    found[alike] = ~(compared.levels[alike][:, others] > 0).any(axis=1)
    return np.asarray(found)


def permitted(compared: Compared) -> Bools:
    """Pairs that the rules allow to be sure, whatever their score."""
    name = compared.level("name")
    number = identified(compared)
    place, reach = located(compared), reached(compared)
    born = compared.level("born")
    contact = place | reach
    # A name that is the same in all its words, or all but a typing error; and no word that tells sister firms apart.
    same_name = (name >= 5) & (compared.level("structure") != 1)
    some_name = (name >= 3) | (name == 0)
    by_number = number & (some_name | contact | (born == 3))
    by_name = same_name & contact & (compared.level("legal") != 1) & (compared.level("kind") != 1)
    by_birth = (name >= 3) & (born == 3) & contact
    against = (compared.level("vat") == 2) | ((compared.level("national") == 1) & ~(place & (born == 3)))
    structure = (compared.level("structure") == 1) & ~(compared.level("vat") == 4)
    return np.asarray((by_number | ((by_name | by_birth) & ~against)) & ~structure)


def _rivals(group: Longs, score: Doubles, rows: int) -> Doubles:
    """For each pair the best score of another pair of the same row; -1e9 without one."""
    best = np.full(rows, -1e9)
    np.maximum.at(best, group, score)
    is_best = score == best[group]
    many = np.bincount(group[is_best], minlength=rows)
    second = np.full(rows, -1e9)
    np.maximum.at(second, group[~is_best], score[~is_best])
    second = np.where(many > 1, best, second)
    return np.asarray(np.where(is_best, second[group], best[group]))


def assign(left: Longs, right: Longs, score: Doubles, rows: int) -> tuple[Bools, Bools]:
    """Which pairs are chosen when every row may have one partner: the best first; equal scores by row.

    And which of these are chosen whatever the order of the rows: no equal score, and nothing that hangs on one, would
    have given a row another partner.
    """
    chosen = np.zeros(len(score), dtype=np.bool_)
    taken = bytearray(rows)
    by_order = bytearray(rows)  # rows whose partner the order of the rows may decide
    partner, got_at = array("q", bytes(8 * rows)), array("d", bytes(8 * rows))  # of rows that are taken

    def doubt(row: int, at: float) -> None:
        """The row might have got another partner at this score, and so might the one it has got."""
        if not taken[row]:
            by_order[row] = 1
        elif got_at[row] == at:
            by_order[row] = by_order[partner[row]] = 1

    order = np.lexsort((right, left, -score))
    lots = (order[start : start + _LOT] for start in range(0, len(order), _LOT))  # for the sake of memory
    in_order = (
        zip(lot.tolist(), left[lot].tolist(), right[lot].tolist(), score[lot].tolist(), strict=True)
        for lot in lots
    )
    for k, i, j, at in chain.from_iterable(in_order):
        if not (taken[i] or taken[j]):
            taken[i] = taken[j] = 1
            partner[i], partner[j] = j, i
            got_at[i] = got_at[j] = at
            chosen[k] = True
            if by_order[i] or by_order[j]:
                by_order[i] = by_order[j] = 1
            continue
        open_to_it = all(not taken[row] or by_order[row] or got_at[row] == at for row in (i, j))
        if open_to_it:
            doubt(i, at)
            doubt(j, at)
    clear = chosen.copy()
    where = np.flatnonzero(chosen)
    unclear = np.frombuffer(by_order, dtype=np.bool_)
    clear[where] = ~(unclear[left[where]] | unclear[right[where]])
    return chosen, clear


def margins(left: Longs, right: Longs, score: Doubles, rows: int) -> tuple[Bools, Doubles]:
    """Which pairs of two lists are chosen, and how far each is ahead of every other candidate of its rows."""
    chosen = np.zeros(len(score), dtype=np.bool_)
    open_pairs = np.flatnonzero(score >= ASKED_SCORE)
    picked, clear = assign(left[open_pairs], right[open_pairs], score[open_pairs], rows)
    chosen[open_pairs] = picked
    # A rival whose other row is clearly better off with another is no rival.
    partner = np.full(rows, -1e9)
    certain = open_pairs[clear]
    partner[left[certain]] = score[certain]
    partner[right[certain]] = score[certain]
    at_left = np.where(partner[right] - score >= MARGIN, -1e9, score)
    at_right = np.where(partner[left] - score >= MARGIN, -1e9, score)
    at_left[chosen] = at_right[chosen] = score[chosen]
    ahead = score - np.maximum(_rivals(left, at_left, rows), _rivals(right, at_right, rows))
    return chosen, np.asarray(ahead)


def settle(table: Table, compared: Compared, score: Doubles, one: bool, floor: float = SURE_SCORE) -> Settled:
    """The zone of every pair. `floor` is the score that sure takes here, never below SURE_SCORE."""
    rows = table.rows
    left, right = compared.left, compared.right
    score = np.where(forbidden(table, compared), -1e9, score)
    alive = score > -1e9
    zone = np.zeros(len(score), dtype=np.int8)
    if one:
        chosen = alive & (score >= ASKED_SCORE)
        margin = np.full(len(score), np.inf)
    else:
        chosen, margin = margins(left, right, score, rows)
        margin[~alive] = -1e9
    # One valid VAT number is one firm in law, whatever it calls itself, and so nearly is one bank account: always
    # worth a question.
    same = (compared.level("vat") == 4) | (compared.level("iban") == 2)
    zone[chosen & ((score >= DOUBTFUL_SCORE) | (alive & same))] = DOUBTFUL
    by_itself = chosen & permitted(compared) & (score >= max(floor, SURE_SCORE))
    zone[by_itself & (margin >= MARGIN)] = SURE
    if one:
        _no_quarrels(left, right, zone, vetoed(compared), rows)
    else:
        _by_name_alone(left, right, score, zone, chosen, alive & only_name(table, compared), rows)
    return Settled(zone, chosen, margin, by_itself & (margin < MARGIN))


def _by_name_alone(
    left: Longs, right: Longs, score: Doubles, zone: NDArray[np.int8], chosen: Bools, named: Bools, rows: int
) -> None:
    """Rows that no question is about get one about their namesake of whom nothing else is known.

    An import of names has nothing else to say; and no namesake who lives elsewhere stands in its way.
    """
    if not named.any():
        return
    busy = np.zeros(rows, dtype=np.bool_)
    settled = zone > NOT
    busy[left[settled]] = busy[right[settled]] = True
    asked = np.flatnonzero(named & ~busy[left] & ~busy[right])
    picked, _clear = assign(left[asked], right[asked], score[asked], rows)
    asked = asked[picked]
    busy[:] = False
    busy[left[asked]] = busy[right[asked]] = True
    chosen[~settled & (busy[left] | busy[right])] = False
    chosen[asked] = True
    zone[asked] = DOUBTFUL


def _no_quarrels(left: Longs, right: Longs, zone: NDArray[np.int8], veto: Bools, rows: int) -> None:
    """In one list: rows that hang together by sure pairs, two of which are forbidden, are all but doubtful."""
    sure = np.flatnonzero(zone == SURE)
    if not len(sure) or not veto.any():
        return
    root = list(range(rows))

    def find(x: int) -> int:
        while root[x] != x:
            root[x] = root[root[x]]
            x = root[x]
        return x

    for i, j in zip(left[sure].tolist(), right[sure].tolist(), strict=True):
        root[find(i)] = find(j)
    bad = {
        find(i) for i, j in zip(left[veto].tolist(), right[veto].tolist(), strict=True) if find(i) == find(j)
    }
    if bad:
        for k in sure.tolist():
            if find(int(left[k])) in bad:
                zone[k] = DOUBTFUL
