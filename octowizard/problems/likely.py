"""What a text that matches no message may be about: the problems whose concepts it speaks of, in any words and order.

Each card names the concepts that together make its problem (`likely`), and those that rule it out (`unlikely`). A text
that does not speak of bookkeeping between Octopus and Teamleader is nothing of ours, however like it sounds.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from octowizard.problems import catalogue
from octowizard.problems.concepts import FOREIGN, OURS, Reading, Spot, domain_of, read
from octowizard.problems.message_cleanup import folded, without_namesakes

_PAIR, _ENOUGH = 2, 1  # of domain: two concepts may meet by chance
_WINDOWS = (1, 2, 3)  # clauses that are read together
_SPOTS, _ANCHORS = 120, 6  # that are looked at in one window, and as the first concept of a rule
_APART = 0.03  # what each word between two concepts costs
_WEAK = 0.7
_MOST, _FAINT_ONES = 5, 10
_LONG = 80  # characters: what is longer names more than a document
# Of what was learnt: what each kind of feature counts, and how far a text may be from the others of ours.
_COUNTS = {"w": 0.7, "p": 0.7, "b": 0.5, "g": 0.4}
_LENGTH, _SOME = 4.0, 0.5
# Of the best probability: what is less is no alternative by the words, and none even where evidence speaks for it.
_ALTERNATIVE, _FAINT = 0.06, 0.0005
_MUCH = 8  # of domain
_CLEARLY = 2.0
_SURELY_OURS = 1.5  # of the certainty that a text needs: what one may lack that surely speaks of bookkeeping
_TELLING = 5  # letters of a word that may stand for a problem although it is of no concept
_SAYING = 3
_BEGINNING, _PIECE = 5, 4  # letters
_DENIALS = ("negation", "no")
_TOGETHER = 6  # words between two concepts that make a pair
# Probabilities are told less far apart than they are: evidence decides between those that are close.
_SURENESS = 0.15


class Likely(msgspec.Struct, frozen=True, kw_only=True):
    """A problem that a text may be about. `confidence` 0-1, below 1. `because`: words of the text, then evidence."""

    problem: str
    confidence: float
    because: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """A problem and the words of the text (by their number) that speak for it, from `start` to `end` of it."""

    problem: str
    score: float
    words: frozenset[int]
    because: tuple[str, ...]
    start: int
    end: int
    by_rule: bool = False
    faint: bool = False  # no alternative by the words alone
    sure: float = 0.0  # how surely the text tells a problem at all

    def likely(self) -> Likely:
        """As it is told."""
        confidence = round(0.95 * self.score**_SURENESS, 2)
        return Likely(problem=self.problem, confidence=confidence, because=self.because)


class _Rule(NamedTuple):
    """Concepts that together make a problem. `own`: they speak of nothing else; `weak`: others say it better."""

    problem: str
    needs: tuple[frozenset[str], ...]
    weights: tuple[float, ...]
    without: frozenset[str]
    own: bool
    weak: bool


class _Window(NamedTuple):
    """Some clauses that follow each other, by what they speak of."""

    size: int
    spots: list[Spot]
    concepts: frozenset[str]
    domain: int


@cache
def _rules() -> tuple[_Rule, ...]:
    cards = catalogue.cards().values()
    split = [
        (card, text, tuple(frozenset(term.split("|")) for term in text.rstrip("!?").split()))
        for card in cards
        for text in card.likely
    ]
    users = Counter(
        concept
        for card in cards
        for concept in {c for of, _text, terms in split if of is card for term in terms for c in term}
    )
    weigh = {concept: 1 + 0.35 * math.log(len(cards) / number) for concept, number in users.items()}
    return tuple(
        _Rule(
            card.id,
            terms,
            tuple(max(weigh[c] for c in term) for term in terms),
            frozenset(card.unlikely),
            text.endswith("!"),
            text.endswith("?"),
        )
        for card, text, terms in split
    )


@cache
def _rules_by_concept() -> dict[str, list[int]]:
    """The rules by each concept of what they need most: of the thousand, few are about what a text speaks of."""
    numbers: dict[str, list[int]] = {}
    for number, rule in enumerate(_rules()):
        _weight, rarest = max(zip(rule.weights, rule.needs, strict=True), key=lambda one: one[0])
        for concept in rarest:
            numbers.setdefault(concept, []).append(number)
    return numbers


def candidates(clean: str) -> list[Candidate]:
    """The problems that a cleaned text may be about, the likeliest first, the faint ones after all others.

    None where it is nothing of ours.
    """
    text = without_namesakes(clean)
    reading = read(text)
    present = {spot.concept for spot in reading.spots}
    ours = OURS in present
    if FOREIGN in present and not ours:
        return []
    by_rule = _by_rule(reading, present, ours)
    heard = _heard(reading, by_rule)
    table = _tellings()
    shares = _shares(_sum(heard, table.problems))
    sure = certainty(_sum(heard, table.ours)[0], max(shares))
    if sure < table.least - (_SURELY_OURS if domain_of(present) >= _PAIR else 0.0):
        return []
    most = max(shares)
    near = sorted((n for n, share in enumerate(shares) if share >= _FAINT * most), key=lambda n: -shares[n])
    ruled = any(table.cards[n] in by_rule for n in near if shares[n] >= _ALTERNATIVE * most)
    if sure < table.least_asking and not ruled and asks(clean):
        return []  # only the accounts can tell
    ranked = [
        one._replace(score=shares[n], faint=shares[n] < _ALTERNATIVE * most, sure=sure)
        for n in near
        if (one := by_rule.get(table.cards[n]) or _by_words(n, heard, reading)).words
    ]
    clear = [one for one in ranked if not one.faint][:_MOST]
    return [*clear, *(one for one in ranked if one.faint)][: _MOST + _FAINT_ONES]


def _by_rule(reading: Reading, present: set[str], ours: bool) -> dict[str, Candidate]:
    """The problems whose concepts stand together in the text."""
    best: dict[str, Candidate] = {}
    windows = _windows(reading)
    rules, by_concept = _rules(), _rules_by_concept()
    for number in sorted({number for concept in present for number in by_concept.get(concept, ())}):
        rule = rules[number]
        if any(term.isdisjoint(present) for term in rule.needs):
            continue
        for candidate in _of(rule, windows, reading, ours):
            known = best.get(rule.problem)
            if known is None or candidate.score > known.score:
                best[rule.problem] = candidate
    return best


# --- how people tell it -------------------------------------------------------------------------------------------


class _Tellings(msgspec.Struct, frozen=True):
    """What was learnt from what people wrote (tests/problems/corpus/learn.py): two linear models over features.

    `ours`: whether a text tells a problem at all, which it does from `least` on; one that also asks why something does
    not go through, and no rule speaks for, from `least_asking` on. `problems`: which one, by its number in `cards`.
    Each by feature, then by number; the feature "" is what stands without any.
    """

    cards: tuple[str, ...]
    least: float
    least_asking: float
    ours: dict[str, dict[int, float]]
    problems: dict[str, dict[int, float]]


@cache
def _tellings() -> _Tellings:
    return msgspec.json.decode((files("octowizard.problems") / "tellings.json").read_bytes(), type=_Tellings)


def features(clean: str) -> dict[str, int]:
    """What a cleaned text speaks of, each with the number of a word that says it: see `_heard`."""
    reading = read(without_namesakes(clean))
    present = {spot.concept for spot in reading.spots}
    return _heard(reading, _by_rule(reading, present, OURS in present))


def _heard(reading: Reading, by_rule: dict[str, Candidate]) -> dict[str, int]:
    """Concepts (c:), those that stand near each other (p:), beginnings of words (w:) and of two that follow each
    other (b:), pieces of words (g:) by which an inflected, joined or misspelt one is known, what the rules say (r:).

    And how many of its words speak of anything known (n:, in sixths), and how surely that is bookkeeping (d:).
    """
    heard: dict[str, int] = {}
    spots = sorted(reading.spots[:_SPOTS], key=lambda spot: (spot.first, spot.last, spot.concept))
    for i, one in enumerate(spots):
        heard.setdefault(f"c:{one.concept}", one.first)
        for other in spots[i + 1 : i + 8]:
            near = other.clause == one.clause and other.first - one.last < _TOGETHER
            if near and other.concept != one.concept:
                heard.setdefault("p:" + "+".join(sorted((one.concept, other.concept))), one.first)
    flat = [folded(word) for word in reading.words]
    beginnings = [word[:_BEGINNING] for word in flat]
    for number, word in enumerate(beginnings):
        if not word.isdigit():
            heard.setdefault(f"w:{word}", number)
            for piece in _pieces(flat[number]):
                heard.setdefault(f"g:{piece}", number)
        if number:
            heard.setdefault(f"b:{beginnings[number - 1]}+{word}", number)
    for problem, candidate in by_rule.items():
        heard[f"r:{problem}"] = min(candidate.words)
    best = max(by_rule.values(), key=lambda one: one.score, default=None)
    heard[f"r:best {best.problem}" if best else "r:none"] = min(best.words) if best else 0
    covered = {word for spot in reading.spots for word in range(spot.first, spot.last + 1)}
    heard[f"n:{len(covered) * 6 // max(1, len(reading.words))}"] = 0
    heard[f"d:{min(_MUCH, domain_of(spot.concept for spot in reading.spots))}"] = 0
    return heard


@lru_cache(maxsize=4096)
def _pieces(word: str) -> tuple[str, ...]:
    """All that four letters of a word, its two ends counted, spell one after the other."""
    ended = f"^{word}$"
    return tuple(ended[at : at + _PIECE] for at in range(len(ended) - _PIECE + 1))


def weights(heard: Iterable[str]) -> dict[str, float]:
    """How much each feature of a text counts: the less, the more there are."""
    counts = {feature: _COUNTS.get(feature[0], 1.0) for feature in heard}
    length = math.sqrt(sum(count * count for count in counts.values()) + _SOME)
    return {feature: _LENGTH * count / length for feature, count in counts.items()}


def _sum(heard: dict[str, int], table: dict[str, dict[int, float]]) -> list[float]:
    """What the features that a table knows speak for, by number."""
    sums = [table[""][number] for number in sorted(table[""])]
    for feature, weight in weights(feature for feature in heard if feature in table).items():
        for number, times in table[feature].items():
            sums[number] += weight * times
    return sums


def certainty(ours: float, share: float) -> float:
    """How surely a text tells a problem: how it speaks, and how clearly of one. `share`: the best one's."""
    return ours + _CLEARLY * math.log(max(share, 1e-6))


def _shares(sums: list[float]) -> list[float]:
    """As probabilities."""
    most = max(sums)
    powers = [math.exp(one - most) for one in sums]
    whole = sum(powers)
    return [one / whole for one in powers]


def _by_words(problem: int, heard: dict[str, int], reading: Reading) -> Candidate:
    """A candidate that no rule makes: the words that speak most for it, those of concepts before all others."""
    table = _tellings()
    weights: dict[int, float] = {}
    other: dict[int, float] = {}
    concepts = {word for spot in reading.spots for word in range(spot.first, spot.last + 1)}
    for feature, word in heard.items():
        weight = table.problems.get(feature, {}).get(problem, 0.0)
        if weight > 0 and feature != "r:none" and feature[0] not in "nd":
            known = weights if word in concepts else other
            known[word] = max(weight, known.get(word, 0.0))
    telling = {word: weight for word, weight in other.items() if len(reading.words[word]) >= _TELLING}
    weights = (
        {word: weight for word, weight in weights.items() if _says(reading.words[word])} or telling or other
    )
    words = sorted(sorted(weights, key=lambda word: -weights[word])[:3])
    if not words:
        return Candidate(table.cards[problem], 0.0, frozenset(), (), 0, 0)
    place = reading.starts[words[0]], reading.starts[words[-1]] + len(reading.words[words[-1]])
    return Candidate(table.cards[problem], 0.0, frozenset(words), _phrases(words, reading), *place)


# --- concepts that stand together ---------------------------------------------------------------------------------


def _of(rule: _Rule, windows: list[_Window], reading: Reading, ours: bool) -> Iterator[Candidate]:
    enough = 0 if rule.own else _PAIR if len(rule.needs) < 3 else _ENOUGH
    for window in windows:
        if not all(term & window.concepts for term in rule.needs) or rule.without & window.concepts:
            continue
        if not ours and (FOREIGN in window.concepts or window.domain < enough):
            continue
        candidate = _nearest(rule, window.spots, reading)
        if candidate is not None:
            less = (1 - 0.08 * (window.size - 1)) * (_WEAK if rule.weak else 1)
            yield candidate._replace(score=candidate.score * less)


def _windows(reading: Reading) -> list[_Window]:
    """The clauses of a text by one, two and three; of one that repeats itself the first that say something new."""
    by_clause: list[list[Spot]] = [[] for _clause in range(reading.clauses)]
    for spot in reading.spots:
        by_clause[spot.clause].append(spot)
    windows: dict[frozenset[tuple[int, str]], _Window] = {}
    for size in _WINDOWS:
        for first in range(max(1, reading.clauses - size + 1)):
            spots = [spot for clause in by_clause[first : first + size] for spot in clause]
            concepts = frozenset(spot.concept for spot in spots)
            known = frozenset((size, concept) for concept in concepts)
            windows.setdefault(known, _Window(size, spots[:_SPOTS], concepts, domain_of(concepts)))
    return list(windows.values())


def _nearest(rule: _Rule, spots: list[Spot], reading: Reading) -> Candidate | None:
    """The spots of the rule's concepts that stand nearest each other; no word stands for two of its concepts."""
    by_term = [[spot for spot in spots if spot.concept in term] for term in rule.needs]
    best: Candidate | None = None
    for anchor in by_term[0][:_ANCHORS]:
        chosen, used = [anchor], set(range(anchor.first, anchor.last + 1))
        for others in by_term[1:]:
            free = [s for s in others if used.isdisjoint(range(s.first, s.last + 1))]
            if not free:
                break
            near = min(free, key=lambda s: (abs(s.first - anchor.first) - 2 * s.sure, s.first))
            chosen.append(near)
            used.update(range(near.first, near.last + 1))
        else:
            spread = max(s.last for s in chosen) - min(s.first for s in chosen) + 1 - len(used)
            score = sum(weight * s.sure for weight, s in zip(rule.weights, chosen, strict=True))
            score -= min(1.2, _APART * spread)
            if best is None or score > best.score:
                words = sorted(used | {s.denial for s in chosen if s.denial >= 0})
                because = _phrases(words, reading)
                ends = words[0], words[-1]
                place = reading.starts[ends[0]], reading.starts[ends[1]] + len(reading.words[ends[1]])
                best = Candidate(rule.problem, score, frozenset(used), because, *place, by_rule=True)
    return best


def _phrases(words: list[int], reading: Reading) -> tuple[str, ...]:
    """The words by their numbers, those that stand together as one; a "not" or an "in" alone is left out."""
    runs: list[list[int]] = []
    for before, word in zip([-9, *words], words, strict=False):
        if word - before > 1:
            runs.append([])
        runs[-1].append(word)
    denials = {
        word
        for spot in reading.spots
        if spot.concept in _DENIALS
        for word in range(spot.first, spot.last + 1)
    }
    telling = [run for run in runs if any(word not in denials and _says(reading.words[word]) for word in run)]
    return tuple(dict.fromkeys(" ".join(reading.words[word] for word in run) for run in (telling or runs)))


def _says(word: str) -> bool:
    """Can the word say anything where it stands alone?"""
    return len(word) >= _SAYING or any(sign.isdigit() for sign in word)


_QUESTIONS = tuple(
    tuple(frozenset(term.split("|")) for term in text.split())
    for text in (
        "why document|creditnote|book|synchronise|payment",
        "stays document|creditnote|book|synchronise",
        "document|creditnote octopus|book no|unknown|gone|negation|refused",
        "document|creditnote negation|refused book|arrive|synchronise",
        "book negation|refused",
        "synchronise negation|refused|stays",
        "document stuck",
    )
)
_BARE_DOCUMENT = re.compile(
    r"\W*(?:(?:the |de |la |het )?(?:invoice|factuur|facture|credit ?note|creditnota|note de cr[eé]dit|document)\s+"
    r"(?:n[ro°]\.?\s?|nummer\s|num[eé]ro\s|number\s)?)?((?:[^\W\d_]{1,8}[-/._ ]?)?\d[\w]*(?:\s?[/–._-]\s?\d\w*)+)\W*",
    re.I,
)


def asks(clean: str) -> bool:
    """Does a text only ask why something does not go through, or name a document and nothing else?"""
    if bare_document(clean):
        return True
    reading = read(without_namesakes(clean))
    concepts = {spot.concept for spot in reading.spots}
    if OURS not in concepts and FOREIGN in concepts:
        return False
    if OURS not in concepts and domain_of(concepts) < 1:
        return False
    return any(all(term & concepts for term in needs) for needs in _QUESTIONS)


def bare_document(clean: str) -> dict[str, str]:
    """The number of the document, by `invoice`, where the text is nothing else."""
    match = _BARE_DOCUMENT.fullmatch(clean) if len(clean) < _LONG else None
    return {"invoice": match[1].strip()} if match else {}
