"""Weighs the words and concepts in which each problem is told, from what people wrote: the file of `likely.py`.

`python -m tests.problems.corpus.learn` writes it; a test says when it is out of date. It learns from the sentences of
the cards, the tuned part of the corpus and `tellings.toml`, and from the unrelated texts that are not kept apart; never
from what is kept apart.
"""

from __future__ import annotations

import math
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

import octowizard.problems
from octowizard.problems import catalogue
from octowizard.problems.likely import features
from octowizard.problems.message_cleanup import cleaned
from tests.problems.corpus.measure import sentences, with_a_card

FILE = Path(octowizard.problems.__path__[0]) / "tellings.json"
_TELLINGS = Path(__file__).with_name("tellings.toml")
_UNRELATED = Path(__file__).parent.parent / "unrelated.txt"
_SMOOTH = 0.3
_NAMES = {
    "journal": "V1",
    "vat": "21%",
    "account": "700000",
    "invoice": "2026 / 12",
    "period": "202602",
    "year": "2026",
}

Seen = Mapping[str, list[frozenset[str]]]


def main(_words: Sequence[str]) -> int:
    """Write the file."""
    FILE.write_bytes(learnt())
    return 0


def learnt() -> bytes:
    """The file as it should be."""
    seen = _seen()
    strangers = [one.text for one in sentences("unrelated")]
    strangers += _UNRELATED.read_text(encoding="utf-8").splitlines()
    table = {
        "ours": _of_ours([f for of in seen.values() for f in of], [_features(text) for text in strangers]),
        "problems": _of_problems(seen),
    }
    return msgspec.json.format(msgspec.json.encode(table, order="sorted"), indent=0).replace(b"\n", b"")


def _seen() -> Seen:
    """What each card's texts speak of."""
    seen: dict[str, list[frozenset[str]]] = defaultdict(list)
    for card in catalogue.cards().values():
        told = [
            t
            for of in (card.messages, card.short_messages, card.whole_messages)
            for ts in of.values()
            for t in ts
        ]
        for text in (*told, card.title, card.summary):
            for name, value in _NAMES.items():
                text = text.replace(f"{{{name}}}", value)
            seen[card.id].append(_features(text))
        for rule in card.likely:
            terms = (term.split("|")[:2] for term in rule.rstrip("!?").split())
            seen[card.id].append(frozenset(concept for term in terms for concept in term))
    for one in with_a_card("tuned"):
        for problem in one.either or (one.problems if len(one.problems) == 1 else ()):
            seen[problem].append(_features(one.text))
    for problem, texts in tomllib.loads(_TELLINGS.read_text(encoding="utf-8")).items():
        seen[problem] += [_features(text) for text in texts]
    return seen


def _features(text: str) -> frozenset[str]:
    return frozenset(features(cleaned(text)))


def _of_problems(seen: Seen) -> dict[str, dict[str, float]]:
    """How much more often a feature stands in texts on a problem than in texts on any, as a logarithm."""
    shares: dict[str, float] = defaultdict(float)
    counts = {problem: Counter(f for one in of for f in one) for problem, of in seen.items()}
    for problem, counted in counts.items():
        for feature, number in counted.items():
            shares[feature] += number / len(seen[problem])
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for problem, counted in counts.items():
        for feature, number in counted.items():
            share = (number + _SMOOTH) / (len(seen[problem]) + 5 * _SMOOTH)
            weight = round(math.log(share / (shares[feature] / len(seen) + 0.01)), 1)
            if weight > 0 or not feature.startswith("w:"):
                table[feature][problem] = weight
    return table


def _of_ours(ours: Sequence[frozenset[str]], strangers: Sequence[frozenset[str]]) -> dict[str, float]:
    """How much more often a feature stands in texts on our problems than in unrelated ones, as a logarithm."""
    of_ours, of_strangers = (Counter(f for one in texts for f in one) for texts in (ours, strangers))
    return {
        feature: round(
            math.log(
                (of_ours[feature] + 0.5)
                / (len(ours) + 1)
                / ((of_strangers[feature] + 0.5) / (len(strangers) + 1))
            ),
            1,
        )
        for feature in {*of_ours, *of_strangers}
        if of_ours[feature] + of_strangers[feature] > 1
    }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
