"""How often what people write finds its card, per part and language, and how often something else is taken for one.

`python -m tests.problems.corpus.measure [--show PART]` prints the shares, and with `--show` what was answered wrongly
in that part. The parts that are kept apart stay unseen unless they are asked for by name: the recogniser is not tuned
to them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from octowizard.problems.recognition import recognise

Language = Literal["en", "nl", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "nl", "fr")
PARTS = ("tuned", "heldout", "unrelated", "unrelated-apart")


class Sentence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text. A single card is right (`problems` of one, or any of `either`), several (`problems`), or none."""

    text: str
    language: Language
    kind: Literal["message", "told", "question", "mail", "typo"] = "told"
    problems: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    apart: bool = False

    def answered_by(self, cards: Sequence[str], places: int = 0) -> bool:
        """Whether all its cards are among the first; without `places`: no other card comes before or between."""
        first = cards[: places or len(self.problems) or 1]
        if self.either:
            return any(card in first for card in self.either)
        return set(self.problems) <= set(first)


class Answers(NamedTuple):
    """Ids of cards, the best first: which are certain, which are likely, which are only near."""

    exact: tuple[str, ...]
    likely: tuple[str, ...]
    nearest: tuple[str, ...]
    because: tuple[str, ...]
    """What is quoted of the text as the reasons for the likely ones."""

    @property
    def given(self) -> tuple[str, ...]:
        """What is answered: the certain ones, then the likely ones."""
        return tuple(dict.fromkeys(self.exact + self.likely))


class Shares(NamedTuple):
    """How many texts there are, and how many of them were answered rightly by each measure."""

    texts: int
    exact: int
    first: int
    among_three: int

    @property
    def recall(self) -> float:
        """Exact or likely, with the right card first."""
        return self.first / self.texts


@cache
def answers(text: str) -> Answers:
    """What the recogniser answers: the one place that knows its shape.

    Errors of their own that stand beside the first answer come before what is merely likely too.
    """
    found = recognise(text)
    likely = tuple(one.problem for one in found.likely)
    exact = (found.problem,) if found.problem else ()
    because = tuple(quoted for one in found.likely for quoted in one.because)
    return Answers(exact, (*likely[: 1 - len(exact)], *found.also, *likely), tuple(found.nearest), because)


@cache
def sentences(part: str) -> list[Sentence]:
    """The texts of a part."""
    name, _, apart = part.partition("-")
    file = Path(__file__).with_name(f"{name}.toml")
    every = msgspec.toml.decode(file.read_bytes(), type=dict[str, list[Sentence]])["sentences"]
    return every if name != "unrelated" else [one for one in every if one.apart == bool(apart)]


def with_a_card(part: str) -> list[Sentence]:
    """The texts of a part that a card answers."""
    return [one for one in sentences(part) if one.problems or one.either]


def questions(part: str) -> list[Sentence]:
    """The texts of a part that only the accounts can answer."""
    return [one for one in sentences(part) if one.kind == "question"]


def measured(texts: Sequence[Sentence]) -> Shares:
    """How these texts are answered."""
    exact = first = among_three = 0
    for one in texts:
        found = answers(one.text)
        exact += one.answered_by(found.exact)
        first += one.answered_by(found.given)
        among_three += one.answered_by(tuple(dict.fromkeys(found.given + found.nearest)), places=3)
    return Shares(len(texts), exact, first, among_three)


def claimed(texts: Sequence[Sentence]) -> list[Sentence]:
    """Those for which any card is given, certain or likely."""
    return [one for one in texts if answers(one.text).given]


def wrong(part: str) -> Iterator[str]:
    """The texts of a part that are answered wrongly, one a line: what was right, what was given, the text."""
    for one in sentences(part):
        found = answers(one.text)
        wanted = one.problems or one.either
        if not one.answered_by(found.given) if wanted else found.given:
            right = " + ".join(one.problems) or " / ".join(one.either) or "-"
            given = ", ".join(found.given) or f"- (near: {', '.join(found.nearest)})"
            yield f"{one.language} {one.kind} | {right} | {given} | {one.text!r}"


def report() -> Iterator[str]:
    """The shares, a line each."""
    yield f"{'part':<16} {'language':<8} {'texts':>5} {'exact':>7} {'first':>7} {'three':>7}"
    for part in ("tuned", "heldout"):
        texts = with_a_card(part)
        for language in (None, *LANGUAGES):
            of = measured([one for one in texts if language in (None, one.language)])
            shares = " ".join(f"{count / of.texts:7.1%}" for count in of[1:])
            yield f"{part:<16} {language or 'all':<8} {of.texts:>5} {shares}"
    for part in ("tuned", "heldout"):
        asked = questions(part)
        yield f"{part}: {len(claimed(asked))} of {len(asked)} mere questions answered without evidence"
    for part in ("unrelated", "unrelated-apart"):
        others = sentences(part)
        yield f"{part}: {len(claimed(others))} false alarms in {len(others)}"


def main(words: Sequence[str]) -> int:
    """Print them."""
    parser = argparse.ArgumentParser(prog="python -m tests.problems.corpus.measure")
    parser.add_argument("--show", choices=PARTS, help="also what this part's texts were wrongly taken for")
    part: str | None = parser.parse_args(words).show
    sys.stdout.writelines(f"{line}\n" for line in report())
    if part is not None:
        sys.stdout.writelines(f"{line}\n" for line in wrong(part))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
