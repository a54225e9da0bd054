"""The concepts that a text speaks of, whatever its words: the lexicon of `concepts.toml`, and how words lead to it.

A word is known as it stands, inflected, within a compound, cut in two, misread by a scanner or misspelt; a word that is
denied stands for the opposite concept. Which concepts make which problem is on the cards (`likely.py`).
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from octowizard.problems.message_cleanup import folded

FOREIGN = "foreign"
OURS = "ours"

_MOST_WORDS = 400  # of a text; a mail has fewer, and what its thread repeats says nothing new
_WORD = re.compile(
    r"[^\W_]+['’]t\b|[^\W_]+(?:_[^\W_]+|[-‐‑]\s*\n\s*[^\W\d_]+)*|[.!?;]+(?=\s|$)|\n\s*\n|\n\s*(?=[-*•]|\d+[.)]\s)|,"
)
_LINE_END = re.compile(r"[-‐‑]\s*\n\s*")  # within a word
_SIGNS = str.maketrans({"0": "o", "1": "l", "5": "s", "8": "b", "|": "l", "!": "i"})
_ENDINGS = (
    "s", "es", "e", "en", "n", "t", "d", "ed", "x", "r", "er", "ing", "ne", "ee", "ees", "tje", "tjes", "de", "te",
    "je",
)  # fmt: skip
_LINKS = ("", "s", "e", "en", "n")  # between the parts of a compound
_SHORT_PARTS = frozenset({"btw", "tva", "vat", "klant", "fout"})
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("code journal", re.compile(r"(?<![\w/.-])[v]\d{1,3}(?![\w/.-]*\w)", re.I)),
    ("document", re.compile(r"(?<![\w/.-])(?:19|20)\d\d ?/ ?(?!(?:19|20)\d\d\b)\d{1,6}(?![\w/-])")),
    ("percent vatrate", re.compile(r"(?<![\d.,])(?:0|6|12|21)(?:[.,]00?)? ?(?:%|procent|percent|pour ?cent)", re.I)),
    ("account sevenhundred", re.compile(r"(?<![\d.,/-])70\d{4,6}(?![\d/-])")),
    ("vatnumber", re.compile(r"(?<!\w)be ?[01]?\d{3}\.?\d{3}\.?\d{3}(?!\d)", re.I)),
    ("period", re.compile(r"(?<!\d)20[12]\d(?:0[1-9]|1[0-2])(?!\d)|(?<!\w)[qkt][1-4](?!\w)", re.I)),
    ("plainyear", re.compile(r"(?<![\w/.-])20[12]\d(?![\w/-]| ?/)")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+\.\w+")),
)  # fmt: skip
_BEFORE, _AFTER = 5, 3  # words between what is denied and what denies it
_DENIES = ("negation", "no")


class Spot(NamedTuple):
    """A concept where it stands: the words from `first` to `last` of `clause`; `sure` 1 where it is written so."""

    concept: str
    clause: int
    first: int
    last: int
    sure: float
    denial: int = -1  # the word that denies it, where it stands for the opposite


class Reading(NamedTuple):
    """A text by its concepts. `words`: as they stand there; `starts`: where in the text."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    spots: tuple[Spot, ...]
    clauses: int


class _Word(NamedTuple):
    text: str
    flat: str
    clause: int
    part: int  # of the clause, between commas
    start: int


class _Lexicon(NamedTuple):
    """`words` and `phrases`: to their concepts; a phrase by its first word. `parts`: what compounds are made of."""

    words: dict[str, tuple[str, ...]]
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    known: tuple[str, ...]
    parts: frozenset[str]
    plain: frozenset[str]
    denied: dict[str, str]
    domain: dict[str, int]


@cache
def _lexicon() -> _Lexicon:
    table = tomllib.loads((files("octowizard.problems") / "concepts.toml").read_text(encoding="utf-8"))
    words: dict[str, dict[str, None]] = {}
    phrases: dict[str, dict[tuple[tuple[str, ...], str], None]] = {}
    plain: set[str] = set()
    denied: dict[str, str] = {}
    domain: dict[str, int] = {}
    for concept, row in table.items():
        entries = [
            tuple(re.findall(r"[^\W]+", folded(entry)))
            for language in ("en", "nl", "fr")
            for entry in row.get(language, "").split(",")
        ]
        if concept == "plain":
            plain.update(word for entry in entries for word in entry)
            continue
        denied.update({concept: row["not"]} if "not" in row else {})
        domain[concept] = row.get("domain", 0)
        for entry in filter(None, entries):
            if len(entry) == 1:
                words.setdefault(entry[0], {})[concept] = None
            else:
                phrases.setdefault(entry[0], {})[entry, concept] = None
    pieces = {piece for entries_ in phrases.values() for entry, _concept in entries_ for piece in entry}
    known = set(words) | pieces
    return _Lexicon(
        {word: tuple(concepts) for word, concepts in words.items()},
        {word: tuple(entries_) for word, entries_ in phrases.items()},
        tuple(sorted(word for word in known if len(word) >= 5 and word.isalpha())),
        frozenset(
            w for w in words if (len(w) >= 4 and w.isalpha() and FOREIGN not in words[w]) or w in _SHORT_PARTS
        ),
        frozenset(plain),
        denied,
        domain,
    )


def domain_of(concepts: Iterable[str]) -> int:
    """How surely these concepts speak of bookkeeping between the two vendors, 0 and up."""
    domain = _lexicon().domain
    return sum(domain.get(concept, 0) for concept in set(concepts))


def all_concepts() -> frozenset[str]:
    """The names of all concepts, those that are only ever meant by a denial or a shape included."""
    lexicon = _lexicon()
    shapes = (name for names, _shape in _SHAPES for name in names.split())
    return frozenset({*lexicon.domain, *lexicon.denied.values(), *shapes})


def read(clean: str) -> Reading:
    """The concepts of a text that was cleaned."""
    lexicon = _lexicon()
    words = list(_words(clean))
    spots = [*_shaped(clean, words), *_named(words, lexicon)]
    return Reading(
        tuple(word.text for word in words),
        tuple(word.start for word in words),
        tuple(_with_denials(spots, words, lexicon)),
        words[-1].clause + 1 if words else 0,
    )


def _words(text: str) -> Iterator[_Word]:
    clause = part = count = 0
    for match in _WORD.finditer(text):
        token = match[0]
        if token == ",":
            part += 1
        elif not token[0].isalnum():
            clause += 1
            part = 0
        else:
            token = _LINE_END.sub("", token)
            yield _Word(token, folded(token), clause, part, match.start())
            count += 1
            if count >= _MOST_WORDS:
                return


def _shaped(text: str, words: list[_Word]) -> Iterator[Spot]:
    """What its shape alone tells: a journal, a number of an invoice, a rate, an account."""
    starts = [word.start for word in words]
    end = starts[-1] + len(words[-1].text) if words else 0
    for names, shape in _SHAPES:
        for match in shape.finditer(text, 0, end):
            first, last = bisect_left(starts, match.start()), bisect_left(starts, match.end()) - 1
            if first <= last:
                for name in names.split():
                    yield Spot(name, words[first].clause, first, last, 1.0)


def _named(words: list[_Word], lexicon: _Lexicon) -> Iterator[Spot]:
    """What the words name, one by one, two by two where a word was cut, and as phrases."""
    meant = [_forms(word.flat) for word in words]
    for i, word in enumerate(words):
        forms, sure = meant[i]
        for form in forms:
            for concept in lexicon.words.get(form, ()):
                yield Spot(concept, word.clause, i, i, sure)
            for phrase, concept in lexicon.phrases.get(form, ()):
                last = _phrase_end(phrase, i, words, meant)
                if last is not None:
                    yield Spot(concept, word.clause, i, last, sure)
        if i + 1 < len(words) and words[i + 1].clause == word.clause:
            cut = not (forms and meant[i + 1][0])
            whole, whole_sure = _joined(word.flat, words[i + 1].flat, cut=cut)
            for form in whole:
                for concept in lexicon.words.get(form, ()):
                    yield Spot(concept, word.clause, i, i + 1, whole_sure)


def _phrase_end(
    phrase: tuple[str, ...], first: int, words: list[_Word], meant: list[tuple[tuple[str, ...], float]]
) -> int | None:
    """Where the phrase ends that begins at `first`, with at most one word between two of its own."""
    at = first
    for piece in phrase[1:]:
        for place in (at + 1, at + 2):
            if place < len(words) and words[place].clause == words[first].clause and piece in meant[place][0]:
                at = place
                break
        else:
            return None
    return at


@lru_cache(maxsize=8192)
def _forms(flat: str) -> tuple[tuple[str, ...], float]:
    """The words of the lexicon that a word is, and how surely."""
    if flat.endswith(("'t", "’t")):  # can't, doesn't
        return ("not",), 1.0
    lexicon = _lexicon()
    if base := _inflected(flat):
        return base, 1.0
    if len(flat) < 4 or flat in lexicon.plain:
        return (), 0.0
    if any(c.isdigit() for c in flat) or "|" in flat:
        if not any(c.isalpha() for c in flat):
            return (), 0.0
        for read_as in (flat.translate(_SIGNS), flat.replace("1", "i").translate(_SIGNS)):
            if read_as.isalpha() and (base := _inflected(read_as) or _compound(read_as)):
                return base, 0.9
        flat = flat.translate(_SIGNS)
        if not flat.isalpha():
            return (), 0.0
    if parts := _compound(flat):
        return parts, 0.95
    return _misspelt(flat)


def _inflected(flat: str) -> tuple[str, ...]:
    lexicon = _lexicon()

    def has(word: str) -> bool:
        return word in lexicon.words or word in _pieces()

    if has(flat):
        return (flat,)
    if flat in lexicon.plain:
        return ()
    for ending in _ENDINGS:
        if flat.endswith(ending) and len(flat) - len(ending) >= 4 and has(flat[: -len(ending)]):
            return (flat[: -len(ending)],)
    for ending in ("e", "en", "s"):  # a word whose own ending fell away: boekjar, afgesloten
        if len(flat) >= 5 and f"{flat}{ending}" in lexicon.words:
            return (f"{flat}{ending}",)
    return ()


@cache
def _pieces() -> frozenset[str]:
    return frozenset(
        piece for entries in _lexicon().phrases.values() for phrase, _concept in entries for piece in phrase
    )


@lru_cache(maxsize=4096)
def _compound(flat: str) -> tuple[str, ...]:
    """The parts of a compound: boekjaarperiode is boekjaar and periode; nothing where it is none."""
    if len(flat) < 7:
        return ()
    parts = _lexicon().parts
    for cut in range(len(flat) - 3, 2, -1):
        if flat[:cut] not in parts:
            continue
        for link in _LINKS:
            rest = flat[cut:]
            if rest.startswith(link) and len(rest) - len(link) >= 3:
                tail = rest[len(link) :]
                for stem in (tail, *(tail[: -len(e)] for e in ("en", "s", "n") if tail.endswith(e))):
                    if stem in parts:
                        return flat[:cut], stem
                if further := _compound(tail):
                    return (flat[:cut], *further)
    return ()


def _joined(first: str, second: str, *, cut: bool) -> tuple[tuple[str, ...], float]:
    """A word that was cut in two: boek jaar, per iode. `cut`: not both parts are words themselves."""
    whole = first + second
    if not whole.isalpha() or len(whole) < 6 or len(first) < 2 or len(second) < 2:
        return (), 0.0
    words = _lexicon().words
    return ((whole,) if whole in words else _compound(whole) if cut else ()), 0.9


def _misspelt(flat: str) -> tuple[tuple[str, ...], float]:
    """The word that is meant, where one is near enough: one slip in a short word, two in a long one."""
    if len(flat) < 5 or not flat.isalpha():
        return (), 0.0
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    best: tuple[str, float] | None = None
    for read_as in dict.fromkeys(
        (flat, flat.replace("rn", "m"), flat.replace("m", "rn"), flat.replace("ij", "y"))
    ):
        most = 1 if len(read_as) < 8 else 2
        nearest = process.extractOne(read_as, _lexicon().known, scorer=OSA.distance, score_cutoff=most)
        if nearest is None:
            continue
        word, slips = nearest[0], nearest[1]
        if slips and len(read_as) < 8 and word[0] != read_as[0]:
            continue
        if slips and FOREIGN in _lexicon().words.get(word, ()):
            continue
        if best is None or slips < best[1]:
            best = word, slips
    return ((best[0],), 0.95 - 0.1 * best[1]) if best else ((), 0.0)


def _with_denials(spots: list[Spot], words: list[_Word], lexicon: _Lexicon) -> Iterator[Spot]:
    """The spots, each concept that is denied as its opposite."""
    denials = [spot for spot in spots if spot.concept in _DENIES]
    for spot in spots:
        opposite = lexicon.denied.get(spot.concept)
        if opposite is None:
            yield spot
            continue
        near = next((d for d in denials if _denies(d, spot, words)), None)
        yield spot._replace(concept=opposite, denial=near.first) if near else spot


def _denies(denial: Spot, spot: Spot, words: list[_Word]) -> bool:
    if denial.clause != spot.clause or words[denial.first].part != words[spot.first].part:
        return False
    if denial.first <= spot.first <= denial.last:
        return False
    if denial.first < spot.first:
        return spot.first - denial.last <= _BEFORE
    return denial.first - spot.last <= _AFTER
