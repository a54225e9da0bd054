"""The pairs of two lists as `--json` puts them on stdout (`json_output.Pair`), a lot at a time and by column.

A list of hundreds of thousands has a million reasons to tell: no object is made of any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from octowizard.matching.by_column import written
from octowizard.matching.engine import SAID, Lot, Matches
from octowizard.matching.evidence import REASONS, Evidence, places_of, reasons
from octowizard.matching.evidence_text import both_texts, sentence, wording
from octowizard.matching.fields import FIELDS
from octowizard.matching.record import Customer

_encode = msgspec.json.encode
_ODD = re.compile(r'[\x00-\x1f"\\]')  # what stands otherwise in a text of JSON
_BELOW_NOTHING = -(1 << 20)  # tenths, of a weight that is rounded to nought from below: it keeps its sign
_WEIGHT_BITS, _LEVEL_BITS = 24, 4
_GROUND = 1 << (_WEIGHT_BITS - 1)  # brings the tenths of any weight above 0
# Fields that tell the same of a customer are looked up once.
_KINDS = list(dict.fromkeys(places_of(field.name) for field in FIELDS))
_KIND = np.array([_KINDS.index(places_of(field.name)) for field in FIELDS])


class Keys(NamedTuple):
    """By what the customers of a list go; `numbers`: these are the numbers of its rows."""

    keys: Sequence[str]
    numbers: bool


def pairs(
    matches: Matches, left: Sequence[Customer], right: Sequence[Customer], keys: tuple[Keys, Keys]
) -> Iterator[bytes]:
    """All pairs, the objects of a lot with commas between them. `keys`: by which the customers of either list go."""
    told = _Told(left, right)
    for lot in matches.lots():
        yield ",".join(told.objects(lot, keys)).encode()


class _Heads(dict[int, str]):
    """A reason up to the texts of both customers, by a number for its field, level and weight."""

    def __missing__(self, code: int) -> str:
        code_of_reason, tenths = divmod(code, 1 << _WEIGHT_BITS)
        field, level = divmod(code_of_reason, 1 << _LEVEL_BITS)
        tenths -= _GROUND
        weight = "-0.0" if tenths == _BELOW_NOTHING else f"{tenths / 10:+.1f}"
        words = wording(*REASONS[field][level - 1])
        self[code] = head = f'"{_escaped(words.before)}{weight}{_escaped(words.between)}'
        return head


class _Told:
    """Pairs of two lists, told in the language chosen now."""

    def __init__(self, left: Sequence[Customer], right: Sequence[Customer]) -> None:
        self._left, self._right = left, right
        self._heads = _Heads()
        self._ends = [[f'{_escaped(wording(*reason).after)}"' for reason in field] for field in REASONS]
        self._rare: dict[float, str] = {}

    def objects(self, lot: Lot, keys: tuple[Keys, Keys]) -> Iterator[str]:
        """Each pair of a lot."""
        found = reasons(lot.levels, lot.added)
        tenths = np.rint(found.weight.astype(np.float64) * 10.0)  # exact, so rounded as `.1f` rounds
        tenths[(tenths == 0) & np.signbit(found.weight)] = _BELOW_NOTHING
        code = (found.field << _LEVEL_BITS | found.level) << _WEIGHT_BITS
        code += tenths.astype(np.int64) + _GROUND
        texts, place = self._texts(lot)
        ends = self._ends
        why = [
            f"{head}{texts[at]}{ends[field][level - 1]}"
            for head, at, field, level in zip(
                map(self._heads.__getitem__, code.tolist()),
                place[_KIND[found.field], found.pair].tolist(),
                found.field.tolist(),
                found.level.tolist(),
                strict=True,
            )
        ]
        learnt = [_sentence(Evidence("lessons", lot.lessons))] if lot.lessons else []
        left, right = (_keys(of, rows) for of, rows in zip(keys, (lot.left, lot.right), strict=True))
        scores = _encode([round(score, 6) for score in lot.score])[1:-1].decode().split(",")
        begin = 0
        for i, j, zone, score, first, said, end in zip(
            left,
            right,
            lot.zone,
            scores,
            lot.first,
            lot.said,
            np.cumsum(np.bincount(found.pair, minlength=len(lot.left))).tolist(),
            strict=True,
        ):
            told = why[begin:end]
            begin = end
            told += learnt
            told.append(self._rarity(first))
            if said is not None:
                told.insert(0, _sentence(Evidence("answer", SAID[said], how="same" if said else "other")))
            yield f'{{"left":{i},"right":{j},"zone":"{zone}","score":{score},"why":[{",".join(told)}]}}'

    def _rarity(self, weight: float) -> str:
        if weight not in self._rare:
            self._rare[weight] = _sentence(Evidence("rarity", weight))
        return self._rare[weight]

    def _texts(self, lot: Lot) -> tuple[list[str], NDArray[np.int64]]:
        """What the two of each pair have, where a reason tells it; and the place of that by kind and pair."""
        result: list[str] = []
        place = np.zeros((len(_KINDS), len(lot.left)), dtype=np.int64)
        for number in range(len(_KINDS)):
            fields = np.flatnonzero(number == _KIND)
            rows = np.flatnonzero((lot.levels[:, fields] > 0).any(axis=1))
            if not len(rows):
                continue
            field = FIELDS[fields[0]].name
            place[number, rows] = np.arange(len(result), len(result) + len(rows))
            some = rows.tolist()
            ours = written(self._left, field, [lot.left[row] for row in some])
            theirs = written(self._right, field, [lot.right[row] for row in some])
            result += _all_escaped(both_texts(ours, theirs))
        return result, place


def _all_escaped(texts: list[str]) -> list[str]:
    return list(map(_escaped, texts)) if _ODD.search("".join(texts)) else texts


def _escaped(text: str) -> str:
    """A text as it stands between the quotation marks of JSON."""
    return _encode(text)[1:-1].decode() if _ODD.search(text) else text


def _sentence(evidence: Evidence) -> str:
    return f'"{_escaped(sentence(evidence))}"'


def _keys(of: Keys, rows: list[int]) -> list[str]:
    keys = [of.keys[row] for row in rows]
    return keys if of.numbers else [f'"{key}"' for key in _all_escaped(keys)]
