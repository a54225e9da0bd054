"""What is quoted of a text as the reason for a likely problem are words that say something."""

from __future__ import annotations

import re

from octowizard.problems.recognition import recognise
from tests.problems.corpus import measure

# Words that stand in every sentence, whatever it is about.
FILLERS = frozenset(
    [
        "the",
        "a",
        "an",
        "is",
        "of",
        "to",
        "in",
        "and",
        "it",
        "this",
        "that",
        "for",
        "on",
        "at",
        "was",
        "are",
        "be",
        "not",
        "no",
        "de",
        "het",
        "een",
        "van",
        "op",
        "te",
        "is",
        "en",
        "dat",
        "die",
        "dit",
        "er",
        "niet",
        "geen",
        "nt",
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "du",
        "je",
        "que",
        "qui",
        "ce",
        "est",
        "sont",
        "pas",
        "ne",
        "se",
        "au",
        "a",
    ]
)


def test_no_likely_problem_rests_on_words_that_stand_in_every_sentence() -> None:
    fillers: list[tuple[str, str]] = []
    told = 0
    for one in measure.with_a_card("tuned"):
        for likely in recognise(one.text).likely:
            told += 1
            for quoted in likely.because:
                words = re.findall(r"\w+", quoted.casefold())
                if words and FILLERS.issuperset(words):
                    fillers.append((quoted, one.text))
    assert told > 500
    assert fillers == []
