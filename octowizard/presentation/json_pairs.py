"""The pairs of two lists as `--json` puts them on stdout (`json_output.Pair`), a lot at a time and by column.

A list of hundreds of thousands has a million reasons to tell: no object is made of any of them. What a lot says is laid
together from what stands somewhere already: the beginnings and ends of sentences, and the texts of both lists.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from octowizard.matching.by_column import pieces
from octowizard.matching.engine import SAID, Lot, Matches
from octowizard.matching.evidence import REASONS, Evidence, places_of, reasons
from octowizard.matching.evidence_text import BETWEEN_BOTH, sentence, wording
from octowizard.matching.fields import FIELDS
from octowizard.matching.pieces import Pieces, cut, equal, of_texts
from octowizard.matching.record import Customer

_encode = msgspec.json.encode
_ODD = re.compile(r'[\x00-\x1f"\\]')  # what stands otherwise in a text of JSON
_BELOW_NOTHING = -(1 << 20)  # tenths, of a weight that is rounded to nought from below: it keeps its sign
_WEIGHT_BITS, _LEVEL_BITS = 24, 4
_GROUND = 1 << (_WEIGHT_BITS - 1)  # brings the tenths of any weight above 0
# Fields that tell the same of a customer are looked up once.
_KINDS = list(dict.fromkeys(places_of(field.name) for field in FIELDS))
_KIND = np.array([_KINDS.index(places_of(field.name)) for field in FIELDS])
_ON_THE_WAY = 3  # lots that are told while one is written
_OF_A_REASON = (
    5  # pieces of a reason: up to the texts, one text, what stands between, the other, what is behind
)
_LEVELS = max(len(field) for field in REASONS)

Longs = NDArray[np.int64]


class Keys(NamedTuple):
    """By what the customers of a list go; `numbers`: these are the numbers of its rows."""

    keys: Sequence[str]
    numbers: bool


def pairs(
    matches: Matches, left: Sequence[Customer], right: Sequence[Customer], keys: tuple[Keys, Keys]
) -> Iterator[bytes]:
    """All pairs, the objects of a lot with commas between them. `keys`: by which the customers of either list go."""
    told = _Told(left, right)
    # Two at a time: numpy lets go of the interpreter half of the time.
    with ThreadPoolExecutor(2) as pool:
        on_the_way: deque[Future[bytes]] = deque()
        for lot in matches.lots():
            on_the_way.append(pool.submit(told.objects, lot, keys))
            if len(on_the_way) > _ON_THE_WAY:
                yield on_the_way.popleft().result()
        for work in on_the_way:
            yield work.result()


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


class _Both(NamedTuple):
    """What the two customers of some pairs have in some fields: the text of one, and of the other where it differs.

    `begins` and `lengths` of each, and the place in them by kind and pair.
    """

    joined: list[NDArray[np.uint8]]
    begins: tuple[Longs, Longs]
    lengths: tuple[Longs, Longs]
    place: Longs


class _Told:
    """Pairs of two lists, told in the language chosen now."""

    def __init__(self, left: Sequence[Customer], right: Sequence[Customer]) -> None:
        self._left, self._right = left, right
        self._heads = _Heads()
        ends = [f'{_escaped(wording(*reason).after)}",' for field in REASONS for reason in field]
        self._fixed = of_texts([BETWEEN_BOTH, *ends])
        firsts = np.cumsum([1, *map(len, REASONS)])[: len(REASONS)]
        self._end = firsts[:, None] + np.arange(_LEVELS)
        self._last: dict[float, str] = {}

    def objects(self, lot: Lot, keys: tuple[Keys, Keys]) -> bytes:
        """The pairs of a lot, with commas between them."""
        found = reasons(lot.levels, lot.added)
        tenths = np.rint(found.weight.astype(np.float64) * 10.0)  # exact, so rounded as `.1f` rounds
        tenths[(tenths == 0) & np.signbit(found.weight)] = _BELOW_NOTHING
        code = (found.field << _LEVEL_BITS | found.level) << _WEIGHT_BITS
        code += tenths.astype(np.int64) + _GROUND
        distinct, head = np.unique(code, return_inverse=True)
        heads = of_texts(list(map(self._heads.__getitem__, distinct.tolist())))
        frames = of_texts(
            list(chain.from_iterable(zip(self._begun(lot, keys), self._ended(lot), strict=True)))
        )
        both = self._texts(lot)
        place = both.place[_KIND[found.field], found.pair]
        # All that there is, end to end; and the pieces of it that make up the lot, in their order.
        every = [frames.joined, heads.joined, self._fixed.joined, *both.joined]
        at_heads = len(frames.joined)
        at_fixed = at_heads + len(heads.joined)
        at_texts = at_fixed + len(self._fixed.joined)
        many = len(lot.left)
        of_each = np.bincount(found.pair, minlength=many) * _OF_A_REASON + 2
        first = np.cumsum(of_each) - of_each
        begins = np.empty(many * 2 + len(found.pair) * _OF_A_REASON, dtype=np.int64)
        lengths = np.empty_like(begins)
        for number, where in enumerate((first, first + of_each - 1)):
            begins[where] = frames.begins[number::2]
            lengths[where] = frames.lengths[number::2]
        where = np.arange(len(found.pair)) * _OF_A_REASON + found.pair * 2 + 1
        end = self._end[found.field, found.level - 1]
        different = both.lengths[1][place] >= 0
        for number, (begin, length) in enumerate(
            (
                (heads.begins[head] + at_heads, heads.lengths[head]),
                (both.begins[0][place] + at_texts, both.lengths[0][place]),
                (at_fixed, self._fixed.lengths[0] * different),
                (both.begins[1][place] + at_texts, np.maximum(both.lengths[1][place], 0)),
                (self._fixed.begins[end] + at_fixed, self._fixed.lengths[end]),
            )
        ):
            begins[where + number] = begin
            lengths[where + number] = length
        lengths[-1] -= 1  # no comma behind the last
        return cut(np.concatenate(every), begins, lengths).tobytes()

    def _begun(self, lot: Lot, keys: tuple[Keys, Keys]) -> Iterator[str]:
        """Each pair up to what the fields say."""
        left, right = (_keys(of, rows) for of, rows in zip(keys, (lot.left, lot.right), strict=True))
        scores = _encode([round(score, 6) for score in lot.score])[1:-1].decode().split(",")
        for i, j, zone, score, said in zip(left, right, lot.zone, scores, lot.said, strict=True):
            word = ""
            if said is not None:
                word = f"{_sentence(Evidence('answer', SAID[said], how='same' if said else 'other'))},"
            yield f'{{"left":{i},"right":{j},"zone":"{zone}","score":{score},"why":[{word}'

    def _ended(self, lot: Lot) -> Iterator[str]:
        """Each pair from behind that."""
        learnt = f"{_sentence(Evidence('lessons', lot.lessons))}," if lot.lessons else ""
        for weight in lot.first:
            if weight not in self._last:
                self._last[weight] = f"{_sentence(Evidence('rarity', weight))}]}},"
            yield f"{learnt}{self._last[weight]}"

    def _texts(self, lot: Lot) -> _Both:
        """What the two of each pair have, where a reason tells it."""
        joined: list[NDArray[np.uint8]] = []
        sizes: tuple[list[Longs], list[Longs]] = ([], [])
        begins: tuple[list[Longs], list[Longs]] = ([], [])
        place = np.zeros((len(_KINDS), len(lot.left)), dtype=np.int64)
        size = count = 0
        for number in range(len(_KINDS)):
            fields = np.flatnonzero(number == _KIND)
            rows = np.flatnonzero((lot.levels[:, fields] > 0).any(axis=1))
            if not len(rows):
                continue
            field = FIELDS[fields[0]].name
            place[number, rows] = np.arange(count, count + len(rows))
            count += len(rows)
            some = rows.tolist()
            ours = _as_in_json(pieces(self._left, field, [lot.left[row] for row in some]))
            theirs = _as_in_json(pieces(self._right, field, [lot.right[row] for row in some]))
            # Told once where both have the same.
            lengths = np.where(equal(ours, theirs), -1, theirs.lengths)
            for side, one in enumerate((ours, theirs)):
                begins[side].append(one.begins + size)
                joined.append(one.joined)
                size += len(one.joined)
            sizes[0].append(ours.lengths)
            sizes[1].append(lengths)
        nothing = np.zeros(0, dtype=np.int64)
        return _Both(
            joined,
            (np.concatenate([nothing, *begins[0]]), np.concatenate([nothing, *begins[1]])),
            (np.concatenate([nothing, *sizes[0]]), np.concatenate([nothing, *sizes[1]])),
            place,
        )


def _as_in_json(texts: Pieces) -> Pieces:
    """Texts as they stand between the quotation marks of JSON."""
    joined, lengths = texts
    odd = (joined < ord(" ")) | (joined == ord('"')) | (joined == ord("\\"))
    if not odd.any():
        return texts
    ends = np.cumsum(lengths)
    return of_texts(
        [
            _escaped(joined[begin:end].tobytes().decode("utf-8", "surrogatepass"))
            for begin, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True)
        ]
    )


def _escaped(text: str) -> str:
    """A text as it stands between the quotation marks of JSON."""
    return _encode(text)[1:-1].decode() if _ODD.search(text) else text


def _sentence(evidence: Evidence) -> str:
    return f'"{_escaped(sentence(evidence))}"'


def _keys(of: Keys, rows: list[int]) -> list[str]:
    keys = [of.keys[row] for row in rows]
    if of.numbers:
        return keys
    return (
        [f'"{_escaped(key)}"' for key in keys] if _ODD.search("".join(keys)) else [f'"{key}"' for key in keys]
    )
