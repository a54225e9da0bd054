"""Names and streets to words: which of them identify, which tell sister firms apart, which mean nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, islice
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from octowizard.matching import lexicon
from octowizard.matching.by_column import Coded, Texts
from octowizard.matching.columns import Bag, Bools, Column, Ints, joined, numbered, spread
from octowizard.matching.pieces import cut, of_texts

WORDS = 7  # words of a name that are looked at, the rarest first
STREET_PARTS = 4
_END = "\0"  # a word that no text holds
LOT = 40_000  # rows whose words are looked at at a time
# Rows at least, when it is counted how rare something is: a short list does not make a name common.
POPULATION = 2_000
HABIT = 0.15  # share of a list's names that hold the same structural word: more is a habit

_LEGAL_SHORT = dict(lexicon.LEGAL_PHRASES)
_LEGAL_PHRASE = re.compile(rf"\b(?:{'|'.join(_LEGAL_SHORT)})\b")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of all rows end to end, each with its row, and the distinct ones."""

    ids: Ints
    rows: NDArray[np.int64]
    values: list[str]


def words_of(texts: Sequence[str]) -> Coded:
    """The words of all rows end to end, 0 behind those of each row."""
    # The words of many rows in one list, the rows parted by a word that no text holds: a list per row would cost more
    # than the work.
    numbers = count()
    index = defaultdict(numbers.__next__, {_END: next(numbers)})
    parts = [np.zeros(0, dtype=np.int32)]
    for start in range(0, len(texts), LOT):
        words = "\n".join(texts[start : start + LOT]).replace("\n", f" {_END} ").split()
        words.append(_END)
        parts.append(np.fromiter(map(index.__getitem__, words), np.int32, len(words)))
    return Coded(np.concatenate(parts), Texts([["", *islice(index, 1, None)]]))


def names_in_words(texts: Sequence[str]) -> Coded:
    """The `words_of` names, long legal forms put short."""
    blob = "\n".join(texts)
    return words_of(
        _LEGAL_PHRASE.sub(lambda found: _LEGAL_SHORT[found[0]], blob).split("\n") if texts else []
    )


def _words(parts: Sequence[Coded], spelled: Callable[[str], str]) -> _Words:
    """All words of several lists; `spelled` gives the one spelling of a distinct word."""
    raw = joined(parts)
    final = numbered([spelled(word) if word else "" for word in raw.values])
    ends = raw.ids == 0
    rows = np.cumsum(ends)
    return _Words(final.ids[raw.ids[~ends]], rows[~ends], final.values)


def _flags(values: Sequence[str], test: Callable[[str], bool]) -> Bools:
    return np.fromiter((test(v) for v in values), dtype=np.bool_, count=len(values))


def _bag(words: _Words, kept: Bools, rows: int, width: int) -> Bag:
    """The rarest `width` distinct kept words per row."""
    pair = (words.rows[kept] << 32) | words.ids[kept]
    pair.sort()
    pair = pair[np.flatnonzero(np.diff(pair, prepend=-1))]
    row, ids = pair >> 32, (pair & 0xFFFFFFFF).astype(np.int32)
    count = np.bincount(ids, minlength=len(words.values)).astype(np.int32)
    weight = np.log(max(rows, POPULATION) / np.maximum(count, 1))
    # Of words equally rare not the one that happens to come first in the list.
    tie = np.fromiter((crc32(v.encode()) for v in words.values), np.int64, len(words.values))
    # One number per word of a row sorts many times faster than three columns.
    rarest = np.lexsort((tie, count)).astype(np.int32)
    rank = np.empty(len(rarest), dtype=np.int64)
    rank[rarest] = np.arange(len(rarest))
    pair = (row << 32) | rank[ids]
    pair.sort()
    table = np.zeros((rows, width), dtype=np.int32)
    spread(pair >> 32, rarest[pair & 0xFFFFFFFF], table)
    return Bag(table, words.values, weight, count)


def _structures(words: list[str]) -> NDArray[np.int64]:
    """Per distinct word the bit of the structural word it is, also one letter off or grown together with a name."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    bits = np.zeros(len(words), dtype=np.int64)
    long = [w for w in lexicon.STRUCTURE if len(w) >= 6]
    some = [n for n, w in enumerate(words) if 5 <= len(w) <= 16]
    if some:
        # No more than a few thousand words at a time: the table of all with all would be as large as the lists.
        for start in range(0, len(some), 20_000):
            lot = some[start : start + 20_000]
            far = cdist(
                [words[n] for n in lot], long, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8, workers=-1
            )
            row, column = np.nonzero(far <= 1)
            for r, c in zip(row.tolist(), column.tolist(), strict=True):
                bits[lot[r]] = 1 << lexicon.STRUCTURE[long[c]]
    for number, word in enumerate(words):
        if word in lexicon.STRUCTURE:
            bits[number] = 1 << lexicon.STRUCTURE[word]
        elif not bits[number] and (
            word.endswith(lexicon.GROWN_TOGETHER) or word.startswith(lexicon.GROWN_TOGETHER)
        ):
            grown = next(e for e in lexicon.GROWN_TOGETHER if word.endswith(e) or word.startswith(e))
            if len(word) >= len(grown) + 3:
                bits[number] = 1 << lexicon.STRUCTURE[grown]
    return bits


def names(parts: Sequence[Coded], rows: int, left: int) -> tuple[Bag, NDArray[np.int64], Column, list[str]]:
    words = _words(parts, lambda w: lexicon.NAME_WORDS.get(w, w))
    forms = {form: number for number, form in enumerate(["", *dict.fromkeys(lexicon.LEGAL.values())])}
    form_of = np.array([forms[lexicon.LEGAL.get(v, "")] for v in words.values], dtype=np.int32)
    stop = _flags(words.values, lambda v: v in lexicon.STOP_WORDS)
    form = form_of[words.ids]
    # A first word is a name, not a legal form: `SA Construct` aside, `AG Insurance`, `CV Metaal`.
    kept = (form == 0) & ~stop[words.ids]
    some = np.bincount(words.rows[kept], minlength=rows) > 0
    kept |= ~some[words.rows]
    bag = _bag(words, kept, rows, WORDS)
    legal = np.zeros(rows, dtype=np.int32)
    has_form = (form > 0) & some[words.rows]
    legal[words.rows[has_form]] = form[has_form]
    bit_of = _structures(words.values)
    structure = np.zeros(rows, dtype=np.int64)
    bits = bit_of[words.ids]
    some_bits = np.flatnonzero(bits)
    np.bitwise_or.at(structure, words.rows[some_bits], bits[some_bits])
    # A word that one list puts behind every other name is its habit, and tells no firm from another.
    for half in (slice(0, left), slice(left, rows)):
        for bit in range(len(lexicon.STRUCTURES)):
            if (structure[half] >> bit & 1).mean() > HABIT if rows > 40 and structure[half].size else False:
                structure &= ~(1 << bit)
    return bag, structure, Column(legal, list(forms)), _compact(words, kept, rows)


def _compact(words: _Words, kept: Bools, rows: int) -> list[str]:
    """The kept words of each row without blanks."""
    # All in one text with a line per row, as the rows are too many to be put together one by one.
    pieces = of_texts([*words.values, "\n"])
    ends = np.searchsorted(words.rows[kept], np.arange(1, rows))
    text = np.insert(words.ids[kept], ends, len(words.values))
    lots = (text[start : start + LOT] for start in range(0, len(text), LOT))
    begins, lengths = pieces.begins, pieces.lengths
    compact = b"".join(cut(pieces.joined, begins[lot], lengths[lot]).tobytes() for lot in lots)
    return compact.decode("utf-8", "surrogatepass").split("\n")


def whole_names(bag: Bag) -> Ints:
    """The number of each distinct set of words."""
    rows, width = bag.ids.shape
    code = np.zeros(rows, dtype=np.uint64)
    for place in range(width):
        code = (code ^ bag.ids[:, place].astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        code ^= code >> np.uint64(29)
    order = np.argsort(code)
    code = code[order]
    numbers = np.empty(rows, dtype=np.int32)
    numbers[order] = np.cumsum(np.concatenate((code[:1] == code[:1], code[1:] != code[:-1])))
    numbers[~bag.present] = 0
    return numbers


def _street_word(word: str) -> str:
    """The part of a street's word that identifies it, after `type|`: `kerkstraat` is `1|kerk`, `straat` is `1|`."""
    if word in lexicon.STREET_TYPES:
        return f"{lexicon.STREET_TYPES[word]}|"
    if not word[0].isdigit():
        for suffix in lexicon.STREET_SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= 3:
                core = word[: -len(suffix)]
                return f"{lexicon.STREET_TYPES.get(suffix, 0)}|{lexicon.STREET_WORDS.get(core, core)}"
    return f"0|{lexicon.STREET_WORDS.get(word, word)}"


def streets(parts: Sequence[Coded], rows: int) -> tuple[Bag, Ints, Ints]:
    """The words of the street, its type, and the house number, whichever order and language they stand in."""
    words = _words(parts, _street_word)
    values = words.values
    cores = [v.partition("|")[2] for v in values]
    kinds = np.array([int(v.partition("|")[0] or 0) for v in values], dtype=np.int32)
    digits = [re.match(r"\d+", c) for c in cores]
    value = np.array([min(int(d[0]), 99_999) + 1 if d else 0 for d in digits], dtype=np.int32)
    is_box = _flags(cores, lambda c: c in lexicon.BOX_WORDS)
    is_word = _flags(cores, lambda c: len(c) > 1 and not c[0].isdigit() and c not in lexicon.BOX_WORDS)
    is_word |= kinds > 0
    place = np.arange(len(words.ids))
    start = np.searchsorted(words.rows, np.arange(rows))[words.rows] if len(place) else place
    far = np.int64(1 << 40)
    box_at = np.full(rows, far)
    boxes = is_box[words.ids] & (place > start)
    np.minimum.at(box_at, words.rows[boxes], place[boxes])
    before_box = place < box_at[words.rows]
    last_word = np.full(rows, -1, dtype=np.int64)
    at_word = is_word[words.ids] & before_box
    np.maximum.at(last_word, words.rows[at_word], place[at_word])
    number_at = np.full(rows, far)
    numeric = (value[words.ids] > 0) & before_box
    after = numeric & (place > last_word[words.rows])
    np.minimum.at(number_at, words.rows[after], place[after])
    first = numeric & (place == start) & (number_at[words.rows] == far)
    np.minimum.at(number_at, words.rows[first], place[first])
    house = np.zeros(rows, dtype=np.int32)
    found = number_at < far
    house[found] = value[words.ids[number_at[found]]]
    kind = np.zeros(rows, dtype=np.int32)
    typed = kinds[words.ids] > 0
    kind[words.rows[typed]] = kinds[words.ids][typed]
    stop = _flags(cores, lambda c: len(c) < 2 or c in lexicon.STREET_STOP or c in lexicon.BOX_WORDS)
    core_column = numbered(["" if s else c for c, s in zip(cores, stop, strict=True)])
    plain = _Words(core_column.ids[words.ids], words.rows, core_column.values)
    kept = (plain.ids > 0) & before_box & (place != number_at[words.rows])
    return _bag(plain, kept, rows, STREET_PARTS), kind, house
