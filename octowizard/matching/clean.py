"""Raw texts to columns that compare: one number per distinct value, whole columns at a time.

Nothing is judged here. A value that proves nothing (a VAT number that fails its check, a phone of four digits, a
mail domain anyone can have) becomes 0, which means absent everywhere after this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from octowizard.matching import lexicon
from octowizard.matching.keys import name_key, vat_key
from octowizard.matching.record import Customer

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

WORDS = 7  # words of a name that are looked at, the rarest first
STREET_PARTS = 4
LOT = 40_000  # rows whose words are looked at at a time
POPULATION = (
    2_000  # rows at least, when it is counted how rare something is: a short list does not make a name common
)
HABIT = 0.15  # share of a list's names that hold the same structural word: more is a habit
SEVERAL = 3  # mails, phones, accounts of one customer that are looked at

_LETTERS = (("œ", "oe"), ("æ", "ae"), ("ø", "o"), ("ł", "l"), ("đ", "d"), ("ð", "d"), ("þ", "th"), ("ı", "i"))
_KEEP_WORDS = bytes(c if (chr(c).isalnum() and c < 128) or c == 10 else 32 for c in bytes(range(256)).lower())
_NOT_DIGITS = bytes(c for c in range(256) if not (48 <= c <= 57 or c in (10, 43)))
_NOT_ALNUM = bytes(c for c in range(256) if not ((chr(c).isalnum() and c < 128) or c == 10))
_LEGAL_SHORT = dict(lexicon.LEGAL_PHRASES)
_LEGAL_PHRASE = re.compile(rf"\b(?:{'|'.join(_LEGAL_SHORT)})\b")
_DOTTED = re.compile(r"\.(?<=\b\w\.)(?=\w\b)")  # the point first, so that only points are looked at
_SINGLES = re.compile(r"\b(\w)\.?\s*&\s*(?=\w\b)")
_BELGIUM = ("BE", "")
_BE = re.compile(r"(?:BTW|TVA|VAT|BTWNR|KBO|BCE|RPR|RPM|ONDNR)*(?:BE)?(\d{9,10})$")


@dataclass(frozen=True, slots=True)
class Column:
    """One value per row as the number of the distinct value in `values`; 0 (the empty text) is absent."""

    ids: Ints
    values: list[str]

    @property
    def present(self) -> Bools:
        """Which rows have a value."""
        return self.ids > 0


@dataclass(frozen=True, slots=True)
class Several:
    """At most SEVERAL values per row, `ids` being (rows, SEVERAL), 0 for none."""

    ids: Ints
    values: list[str]

    @property
    def present(self) -> Bools:
        """Which rows have any value."""
        return self.ids[:, 0] > 0


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a text per row, `ids` being (rows, at most so many words), the rarest first, 0 for none.

    `weight` is per distinct word: the natural logarithm of one row in so many that has it.
    """

    ids: Ints
    values: list[str]
    weight: Floats
    count: Ints

    @property
    def present(self) -> Bools:
        """Which rows have a word."""
        return self.ids[:, 0] > 0


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of both lists, the left ones first, column by column."""

    rows: int
    left: int  # how many rows are of the left list
    name: Bag
    structure: NDArray[np.int64]  # one bit per structural word, lexicon.STRUCTURE
    legal: Column
    compact: list[str]  # the name's letters without blanks, legal form and small words
    length: Ints  # of `compact`
    whole: Ints  # the number of the whole name, its words in any order; 0 for none
    vat: Column
    vat_written: Column  # digits of a VAT number that fails its check
    national: Column
    external: Column
    born: Column
    email: Several
    domain: Column
    phone: Several
    iban: Several
    street: Bag
    street_type: Ints
    house: Ints  # house number, 0 for none
    postcode: Column
    city: Column
    region: Column
    country: Column
    kind: Column
    belongs: Ints  # the number of the key of the company that a contact belongs to; 0 for none
    own: Ints  # the number of the row's own key, 0 for one that no contact belongs to

    @property
    def population(self) -> int:
        """How many rows it is reckoned against when it is said how rare something is."""
        return max(self.rows, POPULATION)


def numbered(values: Sequence[str]) -> Column:
    """Distinct values numbered from 1 in order of appearance; the empty text is 0."""
    distinct = dict.fromkeys(chain(("",), values))
    if len(distinct) == 1:
        return Column(np.zeros(len(values), dtype=np.int32), [""])
    index = dict(zip(distinct, range(len(distinct)), strict=True))
    return Column(np.fromiter(map(index.__getitem__, values), np.int32, len(values)), list(distinct))


def _lines(values: Sequence[str]) -> str:
    """The column as one text, a line per value, so that whole columns can be changed at once."""
    text = "\n".join(values)
    if text.count("\n") != len(values) - 1:
        text = "\n".join([v.replace("\n", " ") for v in values])
    return text


def _plain(text: str) -> bytes:
    """Small letters without accents, in ASCII; letters of other scripts are lost."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        for letter, plain in _LETTERS:
            text = text.replace(letter, plain)
        return text.encode("ascii", "ignore")
    return text.lower().encode("ascii")


def folded(values: Sequence[str]) -> list[str]:
    """Small letters without accents, words and numbers parted by blanks, how many is not said.

    `B.V.B.A.` and `H & M` become one word. A text without any Latin letter or digit keeps its own script.
    """
    if not any(values):
        return list(values)
    result = _folded_at_once([v if v.isascii() else "" for v in values])
    accented = [n for n, v in enumerate(values) if not v.isascii()]
    if accented:
        for n, text in zip(accented, _folded_at_once([values[n] for n in accented]), strict=True):
            result[n] = text if text and not text.isspace() else name_key(values[n])
    return result


def _folded_at_once(values: Sequence[str]) -> list[str]:
    text = _lines([_SINGLES.sub(r"\1", v) if "&" in v else v for v in values])
    if "." in text:
        text = _DOTTED.sub("", text)
    result = _plain(text).translate(_KEEP_WORDS).decode("ascii").split("\n")
    if len(result) == len(values):
        return result
    # A compatibility form that holds a line of its own.
    return [_plain(v).translate(_KEEP_WORDS).decode("ascii").replace("\n", " ") for v in values]


def _several(lists: Sequence[Sequence[str]], clean: Callable[[list[str], list[int]], list[str]]) -> Several:
    """The first SEVERAL distinct good values of each row. `clean` is given all values and the row of each."""
    rows = [row for row, values in enumerate(lists) for _ in values]
    flat = clean(list(chain.from_iterable(lists)), rows)
    column = numbered(flat)
    ids = np.zeros((len(lists), SEVERAL), dtype=np.int32)
    if len(flat):
        _spread(np.asarray(rows, dtype=np.int64), column.ids, ids)
    return Several(ids, column.values)


def _spread(rows: NDArray[np.int64], values: Ints, into: Ints) -> None:
    """Lay the values (those that are not 0), in rising rows, side by side into the table; the rest is dropped."""
    kept = values > 0
    rows, values = rows[kept], values[kept]
    if not len(rows):
        return
    first = np.searchsorted(rows, rows, side="left")
    place = np.arange(len(rows)) - first
    fits = place < into.shape[1]
    into[rows[fits], place[fits]] = values[fits]


def _split(values: Sequence[str], marks: str) -> list[tuple[str, ...]]:
    """Several values that stand in one field, taken apart."""
    pattern = re.compile(f"[{marks}]")
    return [tuple(pattern.split(v)) if pattern.search(v) else (v,) for v in values]


# --- numbers ------------------------------------------------------------------------------------------------------


def _vat(values: Sequence[str], countries: Sequence[str]) -> tuple[Column, Column]:
    """VAT numbers in one notation, and the digits of those that fail their check."""
    raw = _letters_and_digits(values).upper().split("\n")
    good, bad = [""] * len(raw), [""] * len(raw)
    # The common ways to write a Belgian number, checked all at once; the others one by one.
    plain = [
        t[2:] if t.startswith("BE") else t if countries[row] in _BELGIUM else "" for row, t in enumerate(raw)
    ]
    letters = np.array(plain, dtype="S11").view(np.uint8).reshape(-1, 11).astype(np.int64)
    length = (letters > 0).sum(axis=1)
    numeric = (((letters >= 48) & (letters <= 57)) | (letters == 0)).all(axis=1)
    shifted = np.where((length == 9)[:, None], np.roll(letters, 1, axis=1), letters)[:, :10]
    digits = np.where(shifted > 0, shifted - 48, 0)
    number = digits[:, :8] @ (10 ** np.arange(7, -1, -1))
    belgian = numeric & ((length == 9) | (length == 10))
    valid = (
        belgian & (digits[:, 0] < 2) & (number > 0) & (97 - number % 97 == digits[:, 8] * 10 + digits[:, 9])
    )
    for row in np.flatnonzero(valid).tolist():
        text = plain[row]
        good[row] = "BE" + text if len(text) == 10 else "BE0" + text
    for row in np.flatnonzero(belgian & ~valid).tolist():
        bad[row] = plain[row].zfill(10)
    for row in np.flatnonzero(~belgian).tolist():
        text = raw[row]
        if not text:
            continue
        found = _BE.match(text)
        key = vat_key(
            f"BE{found[1]}" if found and countries[row] in _BELGIUM else text, countries[row] or None
        )
        if key:
            good[row] = key
        elif sum(c.isdigit() for c in text) >= 6:
            bad[row] = "".join(c for c in text if c.isdigit())
    return numbered(good), numbered(bad)


def _letters_and_digits(values: Sequence[str]) -> str:
    """A line per value, with nothing but ASCII letters and digits."""
    return _lines(values).encode("ascii", "ignore").translate(None, _NOT_ALNUM).decode("ascii")


def _codes(values: Sequence[str]) -> list[str]:
    """Letters and digits of a number, without the leading zeros that a spreadsheet drops."""
    if not any(values):
        return list(values)
    return [v.lstrip("0") for v in _letters_and_digits(values).lower().split("\n")]


def _born(values: Sequence[str]) -> Column:
    """Dates as yyyymmdd, whichever way round and with or without a time; digits as they are when it is no date."""
    result = []
    if not any(values):
        return numbered(values)
    for value in values:
        parts = re.findall(r"\d+", value)[:3]
        text = "".join(parts)
        if len(parts) == 3 and len(parts[0]) <= 2 and len(parts[2]) == 4:
            text = f"{parts[2]}{parts[1]:0>2}{parts[0]:0>2}"
        elif len(parts) == 3 and len(parts[0]) == 4:
            text = f"{parts[0]}{parts[1]:0>2}{parts[2][:2]:0>2}"
        result.append(text if len(text) >= 6 else "")
    return numbered(result)


def _phones(codes: Sequence[str]) -> Callable[[list[str], list[int]], list[str]]:
    """Phones as digits after the calling code of the country; `codes` is the calling code of each row's country."""

    def clean(values: list[str], rows: list[int]) -> list[str]:
        if not values:
            return []
        digits = (
            _lines(values).encode("ascii", "ignore").translate(None, _NOT_DIGITS).decode("ascii").split("\n")
        )
        result = []
        for text, row in zip(digits, rows, strict=True):
            code = codes[row]
            if text.startswith("+"):
                number = text.replace("+", "")
            elif text.startswith("00"):
                number = text[2:]
            elif text.startswith("0"):
                number = code + text[1:]
            elif len(text) > 9 and text.startswith(code):
                number = text
            else:
                number = code + text
            if number.startswith(code + "0"):
                number = code + number[len(code) + 1 :]
            good = 9 <= len(number) <= 15 and len(set(number[len(code) :])) > 2
            result.append(number if good else "")
        return result

    return clean


def _emails(values: list[str], _rows: list[int]) -> list[str]:
    text = _lines(values).lower().replace("mailto:", "") if values else ""
    parts = (v.strip(" \t<>.,;") for v in text.split("\n")) if values else ()
    return [v if "@" in v[1:-3] and " " not in v else "" for v in parts]


_LETTER_DIGITS = {ord(chr(65 + n)): str(10 + n) for n in range(26)}


def _ibans(values: list[str], _rows: list[int]) -> list[str]:
    if not values:
        return []
    result = []
    for text in _letters_and_digits(values).upper().split("\n"):
        good = 15 <= len(text) <= 34 and text[:2].isalpha() and text[2:4].isdigit()
        if good:
            good = int((text[4:] + text[:4]).translate(_LETTER_DIGITS)) % 97 == 1
        result.append(text if good else "")
    return result


def _anyone(domain: str) -> bool:
    """Whether anyone can have an address there, under whichever top-level domain."""
    return domain in lexicon.FREE_MAIL or domain.split(".")[0] in lexicon.FREE_MAIL_NAMES


def _site(text: str) -> str:
    domain = re.sub(r"^(?:https?:)?/*(?:www\d?\.)?", "", text.strip().lower()).split("/")[0].split("?")[0]
    return domain if "." in domain and not _anyone(domain) else ""


def _domains(emails: Several, websites: Sequence[str]) -> Column:
    """The firm's own domain, of its website or else of its mail; none for a mail provider that anyone can have."""
    domains = [v.rpartition("@")[2] for v in emails.values]
    anyone = {d: _anyone(d) for d in set(domains)}
    sites = numbered(websites)
    both = numbered(
        [*("" if anyone[d] else d for d in domains), *(_site(v) if v else "" for v in sites.values)]
    )
    of_mail, of_site = both.ids[: len(domains)], both.ids[len(domains) :]
    result = of_site[sites.ids]
    for place in range(SEVERAL):
        result = np.where(result > 0, result, of_mail[emails.ids[:, place]])
    return Column(result.astype(np.int32), [])


# --- words --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of all rows end to end, each with its row, and the distinct ones."""

    ids: Ints
    rows: NDArray[np.int64]
    values: list[str]


def _words(texts: Sequence[str], spelled: Callable[[str], str]) -> _Words:
    """All words; `spelled` gives the one spelling of a distinct word."""
    # The words of many rows in one list, the rows parted by a word that no text holds: a list per row would cost more
    # than the work.
    index = {"\0": 0}
    parts = [np.zeros(0, dtype=np.int32)]
    for start in range(0, len(texts), LOT):
        words = "\n".join(texts[start : start + LOT]).replace("\n", " \0 ").split()
        words.append("\0")
        for word in dict.fromkeys(words):
            if word not in index:
                index[word] = len(index)
        parts.append(np.fromiter(map(index.__getitem__, words), np.int32, len(words)))
    raw = np.concatenate(parts)
    final = numbered([spelled(word) if word != "\0" else "" for word in index])
    ends = raw == 0
    rows = np.cumsum(ends)
    return _Words(final.ids[raw[~ends]], rows[~ends], final.values)


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
    order = np.lexsort((tie[ids], count[ids], row))
    table = np.zeros((rows, width), dtype=np.int32)
    _spread(row[order], ids[order], table)
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


def _names(texts: list[str], rows: int, left: int) -> tuple[Bag, NDArray[np.int64], Column, list[str]]:
    blob = "\n".join(texts)
    texts = _LEGAL_PHRASE.sub(lambda found: _LEGAL_SHORT[found[0]], blob).split("\n")
    del blob
    words = _words(texts, lambda w: lexicon.NAME_WORDS.get(w, w))
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
    np.bitwise_or.at(structure, words.rows, bit_of[words.ids])
    # A word that one list puts behind every other name is its habit, and tells no firm from another.
    for half in (slice(0, left), slice(left, rows)):
        for bit in range(len(lexicon.STRUCTURES)):
            if (structure[half] >> bit & 1).mean() > HABIT if rows > 40 and structure[half].size else False:
                structure &= ~(1 << bit)
    values = words.values
    kept_rows = words.rows[kept]
    ends = np.searchsorted(kept_rows, np.arange(rows + 1)).tolist()
    kept_words = [values[i] for i in words.ids[kept].tolist()]
    compact = ["".join(kept_words[ends[r] : ends[r + 1]]) for r in range(rows)]
    return bag, structure, Column(legal, list(forms)), compact


def _whole(bag: Bag) -> Ints:
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


def _streets(texts: list[str], numbers: list[str], rows: int) -> tuple[Bag, Ints, Ints]:
    """The words of the street, its type, and the house number, whichever order and language they stand in."""
    words = _words([f"{t} {n}" if n else t for t, n in zip(texts, numbers, strict=True)], _street_word)
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


def _mapped(values: Sequence[str], clean: Callable[[str], str]) -> Column:
    """A column with few distinct values: each cleaned once."""
    raw = numbered(values)
    return _joined(raw, [clean(v) if v else "" for v in raw.values])


def _joined(raw: Column, spelled: Sequence[str]) -> Column:
    final = numbered(spelled)
    return Column(final.ids[raw.ids], final.values)


def _postcode(text: str) -> str:
    code = "".join(c for c in text.upper() if c.isalnum() and c.isascii())
    for country in ("BE", "B", "F", "L", "D"):
        if code.startswith(country) and code[len(country) :].isdigit():
            return code[len(country) :]
    return code[:4] if re.fullmatch(r"\d{4}[A-Z]{2}", code) else code


def _city(text: str) -> str:
    words = name_key(text)
    words = re.sub(r"\b(?:cedex.*|\d+)", "", words).strip()
    if words in lexicon.CITIES:
        return lexicon.CITIES[words]
    parts = words.split()
    if parts and parts[0] in ("sint", "saint", "st", "sankt"):
        words = " ".join(["sint", *parts[1:]])
    return lexicon.CITIES.get(words, words)


def _country(text: str) -> str:
    key = name_key(text).replace(" ", "")
    return lexicon.COUNTRIES.get(key, key.upper())


def _national_is_vat(values: Sequence[str]) -> bool:
    """Whether the column of national numbers holds enterprise numbers: most of a sample pass the VAT check."""
    sample = [v for v in values if v][:400]
    return bool(sample) and sum(vat_key(v, "BE") is not None for v in sample) > 0.6 * len(sample)


def clean(customers: Sequence[Customer], left: int) -> Table:
    """The columns of these customers, of whom the first `left` are the left list (all, when there is but one)."""
    rows = len(customers)
    country = _mapped([c.country for c in customers], _country)
    countries = [country.values[i] for i in country.ids.tolist()]
    code_of = [lexicon.CALLING_CODES.get(v, "32") for v in country.values]
    codes = [code_of[i] for i in country.ids.tolist()]
    national = [c.national for c in customers]
    vats = [c.vat for c in customers]
    if _national_is_vat(national):
        vats = [v or n for v, n in zip(vats, national, strict=True)]
        national = [""] * rows
    vat, vat_written = _vat(vats, countries)
    email = _several(_taken_apart([c.emails for c in customers], _TWO_MAILS, _BETWEEN), _emails)
    own, belongs = _belonging(customers)
    names = folded([c.name if c.first_name in c.name else f"{c.first_name} {c.name}" for c in customers])
    bag, structure, legal, compact = _names(names, rows, left)
    street, street_type, house = _streets(
        folded([c.street for c in customers]), folded([c.number for c in customers]), rows
    )
    return Table(
        rows=rows,
        left=left,
        name=bag,
        structure=structure,
        legal=legal,
        compact=compact,
        length=np.fromiter(map(len, compact), np.int32, rows),
        whole=_whole(bag),
        vat=vat,
        vat_written=vat_written,
        national=numbered(_codes(national)),
        external=numbered(_codes([c.external for c in customers])),
        born=_born([c.born for c in customers]),
        email=email,
        domain=_domains(email, [c.website for c in customers]),
        phone=_several(
            _taken_apart([c.phones for c in customers], _TWO_PHONES, _BETWEEN_PHONES), _phones(codes)
        ),
        iban=Several(_several([c.ibans for c in customers], _ibans).ids, []),
        street=street,
        street_type=street_type,
        house=house,
        postcode=_mapped([c.postcode for c in customers], _postcode),
        city=_mapped([c.city for c in customers], _city),
        region=_mapped([c.region for c in customers], name_key),
        country=country,
        kind=numbered([c.kind for c in customers]),
        belongs=belongs,
        own=own,
    )


def _belonging(customers: Sequence[Customer]) -> tuple[Ints, Ints]:
    """The own key of each row and the key of the company it belongs to, in one numbering."""
    companies = numbered([c.company for c in customers])
    index = {key: number for number, key in enumerate(companies.values)}
    if len(index) == 1:
        return companies.ids, companies.ids
    own = np.fromiter((index.get(c.key, 0) for c in customers), np.int32, len(customers))
    return own, companies.ids


_BETWEEN = re.compile(r"\s*[;,|]\s*|\s+/\s+|\s+")
_TWO_MAILS = re.compile(r"@[^\n@]*@")
_TWO_PHONES = re.compile(r"(?:\d[^\d\n]*){15}")
_BETWEEN_PHONES = re.compile(r"\s*[;,|]\s*|\s+(?:/|of|ou|or)\s+")


def _taken_apart(
    lists: list[tuple[str, ...]], several: re.Pattern[str], between: re.Pattern[str]
) -> list[Sequence[str]]:
    """The values of each row, those that `several` finds in one field parted at `between`."""
    if not several.search(_lines(list(chain.from_iterable(lists)))):
        return list(lists)
    return [
        [part for v in values for part in (between.split(v) if several.search(v) else (v,))]
        if values
        else values
        for values in lists
    ]
