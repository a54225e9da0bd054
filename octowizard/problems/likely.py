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
from typing import NamedTuple

import msgspec

from octowizard.problems import catalogue
from octowizard.problems.concepts import FOREIGN, OURS, Reading, Spot, domain_of, read
from octowizard.problems.message_cleanup import without_namesakes

_ENOUGH = 2  # of domain
_WINDOWS = (1, 2, 3)  # clauses that are read together
_APART = 0.03  # what each word between two concepts costs
_CLOSE = 0.62  # of the best score: what is less is no alternative
_WEAK = 0.7
_MOST = 5


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

    def likely(self) -> Likely:
        """As it is told."""
        confidence = round(min(0.95, self.score / (self.score + 1.5)), 2)
        return Likely(problem=self.problem, confidence=confidence, because=self.because)


class _Rule(NamedTuple):
    """Concepts that together make a problem. `own`: they speak of nothing else; `weak`: others say it better."""

    problem: str
    needs: tuple[frozenset[str], ...]
    weights: tuple[float, ...]
    without: frozenset[str]
    own: bool
    weak: bool


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
    reading = read(without_namesakes(clean))
    present = {spot.concept for spot in reading.spots}
    ours = OURS in present
    best: dict[str, Candidate] = {}
    for rule in _rules():
        if not all(term & present for term in rule.needs):
            continue
        for candidate in _of(rule, reading, ours):
            known = best.get(rule.problem)
            if known is None or candidate.score > known.score:
                best[rule.problem] = candidate
    return _weeded(sorted(best.values(), key=lambda one: -one.score))


def _of(rule: _Rule, reading: Reading, ours: bool) -> Iterator[Candidate]:
    for size in _WINDOWS:
        for first in range(max(1, reading.clauses - size + 1)):
            spots = [spot for spot in reading.spots if first <= spot.clause < first + size]
            concepts = {spot.concept for spot in spots}
            if not all(term & concepts for term in rule.needs) or rule.without & concepts:
                continue
            if not ours and (FOREIGN in concepts or not (rule.own or domain_of(concepts) >= _ENOUGH)):
                continue
            candidate = _nearest(rule, spots, reading)
            if candidate is not None:
                less = (1 - 0.08 * (size - 1)) * (_WEAK if rule.weak else 1)
                yield candidate._replace(score=candidate.score * less)


def _nearest(rule: _Rule, spots: list[Spot], reading: Reading) -> Candidate | None:
    """The spots of the rule's concepts that stand nearest each other; no word stands for two of its concepts."""
    by_term = [[spot for spot in spots if spot.concept in term] for term in rule.needs]
    best: Candidate | None = None
    for anchor in by_term[0]:
        chosen, used = [anchor], set(range(anchor.first, anchor.last + 1))
        for others in by_term[1:]:
            free = [s for s in others if not used.issuperset(range(s.first, s.last + 1))]
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
                because = tuple(
                    dict.fromkeys(
                        " ".join(reading.words[s.first : s.last + 1])
                        for s in sorted(chosen, key=lambda s: s.first)
                    )
                )
                ends = min(s.first for s in chosen), max(s.last for s in chosen)
                place = reading.starts[ends[0]], reading.starts[ends[1]] + len(reading.words[ends[1]])
                best = Candidate(rule.problem, score, frozenset(used), because, *place)
    return best


def _weeded(ranked: list[Candidate]) -> list[Candidate]:
    """Without the candidates that rest on the words of a much better one."""
    kept: list[Candidate] = []
    for one in ranked:
        rivals = [other for other in kept if other.words & one.words]
        if all(one.score >= _CLOSE * other.score for other in rivals):
            kept.append(one)
    return kept[:_MOST]


def apart(ranked: list[Candidate]) -> list[Candidate]:
    """The candidates that tell of different errors: no two rest on the same words."""
    kept: list[Candidate] = []
    for one in ranked:
        if not any(other.words & one.words for other in kept):
            kept.append(one)
    return kept


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
    found = _BARE_DOCUMENT.fullmatch(clean)
    return {"invoice": found[1].strip()} if found else {}
