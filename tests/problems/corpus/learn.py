"""Learns how people tell each problem, and what tells none, from what they wrote: the file of `likely.py`.

`python -m tests.problems.corpus.learn` writes it; a test says when it is out of date; `--folds` only says how well it
answers texts that it did not learn from. It learns from the sentences of the cards, the tuned part of the corpus and
`tellings.toml`, and from the unrelated texts that are not kept apart; never from what is kept apart.
"""

from __future__ import annotations

import hashlib
import random
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

import octowizard.problems
from octowizard.problems import catalogue
from octowizard.problems.concepts import FOREIGN, OURS
from octowizard.problems.likely import asks, certainty, features, weights
from octowizard.problems.message_cleanup import cleaned
from tests.problems.corpus.measure import questions, sentences, with_a_card

FILE = Path(octowizard.problems.__path__[0]) / "tellings.json"
_HERE = Path(__file__).parent
_NAMES = {
    "journal": "V1",
    "vat": "21%",
    "account": "700000",
    "invoice": "2026 / 12",
    "period": "202602",
    "year": "2026",
}
_SAMPLE = 20  # of so many texts, one tells whether they are still read as they were
_SEEN_OFTEN = 2  # texts in which a feature must stand
_ROUNDS, _STEP = 70, 0.1
_FADE = {"ours": 0.3, "problems": 0.1}  # how strongly weights are drawn to nought
_TINY = 0.15  # what counts less is left out
_FALSE_ALARMS = 0.035  # of unrelated texts, most of them near misses, when they are not learnt from
_ANSWERED = 0.05  # of mere questions, likewise
_FOLDS = 4
_NEVER = -99.0

Matrix = NDArray[np.float32]


class Text(NamedTuple):
    """A text and the cards that answer it; none where nothing does. `card`: it stands on the card itself."""

    text: str
    problems: tuple[str, ...]
    card: bool = False


class Model(NamedTuple):
    """A linear model: a row of `weights` per feature, by `rows`, and one of `bias`."""

    rows: dict[str, int]
    weights: Matrix
    bias: Matrix

    def sums(self, texts: Sequence[frozenset[str]]) -> Matrix:
        """What each text speaks for."""
        return _sums(_placed(texts, self.rows), self.weights, self.bias)


class _Placed(NamedTuple):
    """Texts by the rows of their features: those of text n stand from `starts[n]` to `starts[n + 1]`.

    Or features by the rows of the texts that have them.
    """

    rows: NDArray[np.int64]
    counts: Matrix
    starts: NDArray[np.int64]


def main(words: Sequence[str]) -> int:
    """Write the file, or say how well texts are answered that were not learnt from."""
    every = list(texts())
    seen = [frozenset(features(cleaned(one.text))) for one in every]
    speaks, right = _folded(every, seen)
    ours = [n for n, one in enumerate(every) if one.problems and not one.card]
    unrelated = [
        n for n, one in enumerate(every) if not one.problems and not _answered_otherwise(one.text, seen[n])
    ]
    others = sorted((float(speaks[n]) for n in unrelated), reverse=True)
    others += [_NEVER] * (sum(not one.problems for one in every) - len(others))
    least = others[int(_FALSE_ALARMS * len(others))] + 0.01
    mere = [n for n, one in enumerate(every) if not one.problems and asks(cleaned(one.text))]
    asking = sorted((float(speaks[n]) for n in mere), reverse=True)
    least_asking = max(least, asking[int(_ANSWERED * len(asking))] + 0.01)
    sys.stdout.write(
        f"{len(ours)} texts: {np.mean([right[n] for n in ours]):.1%} their card first, "
        f"{np.mean([speaks[n] >= least for n in ours]):.1%} heard, "
        f"{np.mean([right[n] and speaks[n] >= least for n in ours]):.1%} both; {len(others)} unrelated; "
        f"from {least:.2f} on, {least_asking:.2f} where it asks\n"
    )
    if "--folds" not in words:
        cards = tuple(catalogue.cards())
        table = {
            "cards": cards,
            "learnt_from": digest(),
            "least": round(least, 2),
            "least_asking": round(least_asking, 2),
            "ours": _written(_of_ours(every, seen)),
            "problems": _written(_of_problems(every, seen)),
        }
        FILE.write_bytes(msgspec.json.encode(table, order="sorted"))
    return 0


def _answered_otherwise(text: str, seen: frozenset[str]) -> bool:
    """Is a text without a card one that never comes to this: a mere question, or one on other programs?"""
    return asks(cleaned(text)) or (f"c:{FOREIGN}" in seen and f"c:{OURS}" not in seen)


def digest() -> str:
    """What the file was learnt from, in short: texts, lexicon, rules, and as what some of the texts are read."""
    lexicon = (files("octowizard.problems") / "concepts.toml").read_text(encoding="utf-8")
    rules = {card.id: (card.likely, card.unlikely) for card in catalogue.cards().values()}
    every = list(texts())
    read = [sorted(features(cleaned(one.text))) for one in every[::_SAMPLE]]
    counts = {feature: round(count, 6) for feature, count in weights(read[0]).items()}
    whole = [lexicon, rules, every, read, counts]
    return hashlib.sha256(msgspec.json.encode(whole, order="sorted")).hexdigest()


def texts() -> Iterator[Text]:
    """All that is learnt from."""
    for card in catalogue.cards().values():
        written = [
            t
            for of in (card.messages, card.short_messages, card.whole_messages)
            for ts in of.values()
            for t in ts
        ]
        for text in (*written, card.title, card.summary):
            for name, value in _NAMES.items():
                text = text.replace(f"{{{name}}}", value)
            yield Text(text, (card.id,), card=True)
    for one in with_a_card("tuned"):
        if one.either or len(one.problems) == 1:
            yield Text(one.text, one.either or one.problems)
    for problem, told in _table("tellings.toml").items():
        yield from (Text(text, (problem,)) for text in told)
    strangers = _table("strangers.toml")
    unrelated = (_HERE.parent / "unrelated.txt").read_text(encoding="utf-8").splitlines()
    asked = [one.text for one in (*sentences("unrelated"), *questions("tuned"))]
    for text in (*asked, *unrelated, *strangers["unrelated"], *strangers["questions"]):
        yield Text(text, ())


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def _folded(every: Sequence[Text], seen: Sequence[frozenset[str]]) -> tuple[Matrix, NDArray[np.bool_]]:
    """How surely each text is held for ours and whether its card comes first, by models that never saw it."""
    cards = list(catalogue.cards())
    chance = random.Random(11)
    fold = [chance.randrange(_FOLDS) for _one in every]
    speaks, right = np.zeros(len(every), np.float32), np.zeros(len(every), np.bool_)
    for number in range(_FOLDS):
        learn = [n for n, one in enumerate(every) if one.card or fold[n] != number]
        test = [n for n, one in enumerate(every) if not one.card and fold[n] == number]
        known, heard = [every[n] for n in learn], [seen[n] for n in learn]
        asked = [seen[n] for n in test]
        ours, sums = _of_ours(known, heard).sums(asked)[:, 0], _of_problems(known, heard).sums(asked)
        best = sums.argmax(1)
        shares = 1 / np.exp(sums - sums.max(1, keepdims=True)).sum(1)
        speaks[test] = [certainty(float(one), float(share)) for one, share in zip(ours, shares, strict=True)]
        right[test] = [cards[place] in every[n].problems for n, place in zip(test, best, strict=True)]
    return speaks, right


def _of_ours(every: Sequence[Text], seen: Sequence[frozenset[str]]) -> Model:
    goal = np.array([[bool(one.problems)] for one in every], np.float32)
    return _model(seen, np.hstack([goal, 1 - goal]), _FADE["ours"], apart=True)


def _of_problems(every: Sequence[Text], seen: Sequence[frozenset[str]]) -> Model:
    ours = [n for n, one in enumerate(every) if one.problems]
    cards = list(catalogue.cards())
    goal = np.array([[card in every[n].problems for card in cards] for n in ours], np.float32)
    return _model([seen[n] for n in ours], goal / goal.sum(1, keepdims=True), _FADE["problems"])


def _model(seen: Sequence[frozenset[str]], goal: Matrix, fade: float, *, apart: bool = False) -> Model:
    """Multinomial logistic regression by Adam. `apart`: of two columns that are each other's opposite, the first."""
    often = Counter(feature for one in seen for feature in one)
    rows = {f: n for n, f in enumerate(sorted(f for f, count in often.items() if count >= _SEEN_OFTEN))}
    placed = _placed(seen, rows)
    text_of = np.repeat(np.arange(len(seen)), np.diff(placed.starts))
    order = np.argsort(
        placed.rows, kind="stable"
    )  # the same by feature: those of one are what it is learnt from
    of_row = _Placed(
        text_of[order],
        placed.counts[order],
        np.searchsorted(placed.rows[order], np.arange(len(rows) + 1)),
    )
    weight, bias = np.zeros((len(rows), goal.shape[1]), np.float32), np.zeros(goal.shape[1], np.float32)
    moments = [np.zeros_like(one) for one in (weight, weight, bias, bias)]
    for turn in range(1, _ROUNDS + 1):
        sums = _sums(placed, weight, bias)
        powers = np.exp(sums - sums.max(1, keepdims=True))
        error = (powers / powers.sum(1, keepdims=True) - goal) / len(seen)
        slope = fade / len(seen) * weight + _gathered(of_row, error)
        for place, (value, change) in enumerate(((weight, slope), (bias, error.sum(0)))):
            mean, spread = moments[2 * place], moments[2 * place + 1]
            mean += 0.1 * (change - mean)
            spread += 0.01 * (change * change - spread)
            value -= _STEP * mean / (1 - 0.9**turn) / (np.sqrt(spread / (1 - 0.99**turn)) + 1e-8)
    if apart:
        weight, bias = weight[:, :1] - weight[:, 1:], bias[:1] - bias[1:]
    return Model(rows, weight, bias)


def _placed(seen: Sequence[frozenset[str]], rows: dict[str, int]) -> _Placed:
    counted = [weights(sorted(feature for feature in one if feature in rows)) for one in seen]
    return _Placed(
        np.array([rows[feature] for one in counted for feature in one], np.int64),
        np.array([count for one in counted for count in one.values()], np.float32),
        np.cumsum([0, *map(len, counted)]),
    )


def _sums(placed: _Placed, weight: Matrix, bias: Matrix) -> Matrix:
    result: Matrix = _gathered(placed, weight) + bias
    return result


def _gathered(placed: _Placed, values: Matrix) -> Matrix:
    """For each text the sum of the rows of `values` that it has, each by its count.

    One by one: the few rows of a text stay in the processor's cache, those of all texts at once do not.
    """
    sums = np.empty((len(placed.starts) - 1, values.shape[1]), np.float32)
    for text, (start, end) in enumerate(zip(placed.starts[:-1], placed.starts[1:], strict=True)):
        sums[text] = placed.counts[start:end] @ values[placed.rows[start:end]]
    return sums


def _written(model: Model) -> dict[str, dict[str, float]]:
    """As the file has it: what counts, to one decimal."""
    table = {
        feature: {str(n): round(float(w), 1) for n, w in enumerate(model.weights[row]) if abs(w) >= _TINY}
        for feature, row in model.rows.items()
    }
    table[""] = {str(number): round(float(w), 2) for number, w in enumerate(model.bias)}
    return {feature: row for feature, row in table.items() if row}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
