"""What a text that matches no message may be about: the problems whose concepts it speaks of, in any words and order.

Each card names the concepts that together make its problem (`likely`), and those that rule it out (`unlikely`). A text
that does not speak of bookkeeping between Octopus and Teamleader is nothing of ours, however like it sounds.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
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
_CLOSE = 0.62  # of the best score: what is less is no alternative
_WEAK = 0.7
_MOST = 5
_LONG = 80  # characters: what is longer names more than a document
_AS_TOLD = 2.0  # what a likeness counts against a rule
_WORD, _NEVER_TOLD = 0.8, -1.1
_LEAST = 3.0
# How like a problem's tellings a text must be: where a card's concepts stand together, and where they do not.
_RATHER, _VERY = 6.0, 8.0
_OF_OTHERS = -3.0  # less than this, and a text speaks as unrelated ones do
_NO_FEATURE = frozenset({FOREIGN, OURS, "trade", "plainyear"})


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

    def likely(self) -> Likely:
        """As it is told."""
        confidence = round(min(0.95, self.score / (self.score + 5)), 2)
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


def candidates(clean: str) -> list[Candidate]:
    """The problems that a cleaned text may be about, the likeliest first; none where it is nothing of ours."""
    text = without_namesakes(clean)
    reading = read(text)
    present = {spot.concept for spot in reading.spots}
    ours = OURS in present
    by_rule = _by_rule(reading, present, ours)
    if FOREIGN in present and not ours:
        return []
    heard = _heard(reading)
    speaks = sum(_tellings().ours.get(feature, 0.0) for feature in heard)
    told = _told(heard)
    like = max(told.values())
    surely = like >= _VERY and domain_of(present) >= _ENOUGH and (ours or speaks > _OF_OTHERS)
    if not surely and not (by_rule and like >= _RATHER):
        return []
    ranked = []
    for problem, weight in told.items():
        known = by_rule.get(problem)
        score = (known.score if known else 0.0) + _AS_TOLD * weight
        if score <= _LEAST:
            continue
        ranked.append((known or _by_words(problem, heard, reading))._replace(score=score))
    return _weeded(sorted((one for one in ranked if one.words), key=lambda one: -one.score))


def _by_rule(reading: Reading, present: set[str], ours: bool) -> dict[str, Candidate]:
    """The problems whose concepts stand together in the text."""
    best: dict[str, Candidate] = {}
    windows = _windows(reading)
    for rule in _rules():
        if not all(term & present for term in rule.needs):
            continue
        for candidate in _of(rule, windows, reading, ours):
            known = best.get(rule.problem)
            if known is None or candidate.score > known.score:
                best[rule.problem] = candidate
    return best


# --- how people tell it -------------------------------------------------------------------------------------------


class _Tellings(msgspec.Struct, frozen=True):
    """What was learnt from what people wrote (tests/problems/corpus/learn.py). `problems`: feature to weights."""

    ours: dict[str, float]
    problems: dict[str, dict[str, float]]


@cache
def _tellings() -> _Tellings:
    return msgspec.json.decode((files("octowizard.problems") / "tellings.json").read_bytes(), type=_Tellings)


def features(clean: str) -> dict[str, int]:
    """What a cleaned text speaks of: its concepts, and the beginnings of its words; each with a word that says it."""
    return _heard(read(without_namesakes(clean)))


def _heard(reading: Reading) -> dict[str, int]:
    heard = {spot.concept: spot.first for spot in reversed(reading.spots) if spot.concept not in _NO_FEATURE}
    for number, word in enumerate(reading.words):
        flat = folded(word)
        if len(flat) >= 4 and not flat.isdigit():
            heard.setdefault(f"w:{flat[:5]}", number)
    return heard


def _told(heard: dict[str, int]) -> dict[str, float]:
    """How like each problem's tellings a text is, for all cards."""
    table = _tellings().problems
    rows = [(table[feature], feature.startswith("w:")) for feature in heard if feature in table]
    missing = _NEVER_TOLD * sum(not word for _row, word in rows)
    told = dict.fromkeys(catalogue.cards(), missing)
    for row, word in rows:
        for problem, weight in row.items():
            if problem in told:
                told[problem] += _WORD * weight if word else weight - _NEVER_TOLD
    return told


def _by_words(problem: str, heard: dict[str, int], reading: Reading) -> Candidate:
    """A candidate that no rule makes: the words that speak most for it."""
    table = _tellings().problems
    weights = {number: table[f].get(problem, 0.0) for f, number in heard.items() if f in table}
    best = sorted(sorted(weights, key=lambda number: -weights[number])[:3])
    words = [number for number in best if weights[number] > 0]
    if not words:
        return Candidate(problem, 0.0, frozenset(), (), 0, 0)
    place = reading.starts[words[0]], reading.starts[words[-1]] + len(reading.words[words[-1]])
    return Candidate(problem, 0.0, frozenset(words), _phrases(words, reading), *place)


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
    """The words by their numbers, those that stand together as one."""
    runs: list[list[str]] = []
    for before, word in zip([-9, *words], words, strict=False):
        if word - before > 1:
            runs.append([])
        runs[-1].append(reading.words[word])
    return tuple(dict.fromkeys(" ".join(run) for run in runs))


def _weeded(ranked: list[Candidate]) -> list[Candidate]:
    """Without the candidates that rest on the words of a much better one."""
    kept: list[Candidate] = []
    for one in ranked:
        rivals = [other for other in kept if other.words & one.words]
        if all(one.score >= _CLOSE * other.score for other in rivals):
            kept.append(one)
    return kept[:_MOST]


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
    found = _BARE_DOCUMENT.fullmatch(clean) if len(clean) < _LONG else None
    return {"invoice": found[1].strip()} if found else {}
