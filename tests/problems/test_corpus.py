"""What people write in their own words finds its card, and what is about something else finds none."""

from __future__ import annotations

import re
import time
from collections import Counter

import msgspec
import pytest

from octowizard.problems import catalogue, likely
from octowizard.problems.concepts import all_concepts
from octowizard.problems.recognition import recognise
from tests.problems.corpus import learn, measure

# Words that stand in every sentence, whatever it is about.
FILLERS = frozenset(
    [
        "the", "a", "an", "is", "of", "to", "in", "and", "it", "this", "that", "for", "on",
        "at", "was", "are", "be", "not", "no", "de", "het", "een", "van", "op", "te", "en",
        "dat", "die", "dit", "er", "niet", "geen", "nt", "le", "la", "les", "un", "une", "des",
        "du", "je", "que", "qui", "ce", "est", "sont", "pas", "ne", "se", "au",
    ]
)  # fmt: skip
DOCUMENTED = ("closed-period", "wrong-journal-type", "journals-not-synchronised", "missing-account")


def test_the_corpus_is_large_in_every_language_and_keeps_a_third_apart() -> None:
    tuned, heldout = measure.with_a_card("tuned"), measure.with_a_card("heldout")
    every = tuned + heldout
    assert len(every) >= 400
    assert 0.3 < len(heldout) / len(every) < 0.4
    for language in measure.LANGUAGES:
        assert sum(one.language == language for one in every) / len(every) > 0.3
    texts = Counter(card for one in every for card in one.problems + one.either)
    assert set(texts) <= set(catalogue.cards())
    assert all(texts[card] >= 12 for card in DOCUMENTED)
    assert len(measure.sentences("unrelated") + measure.sentences("unrelated-apart")) >= 170


def test_no_text_is_in_two_parts() -> None:
    texts = Counter(
        text
        for part in measure.PARTS
        for text in {" ".join(one.text.lower().split()) for one in measure.sentences(part)}
    )
    assert [text for text, count in texts.items() if count > 1] == []


def test_a_text_with_two_errors_is_right_only_when_both_come_first() -> None:
    both = measure.Sentence(text="", language="en", problems=("a", "b"))
    assert [both.answered_by(given) for given in (("b", "a"), ("a",), ("a", "c", "b"))] == [
        True,
        False,
        False,
    ]
    assert both.answered_by(("a", "c", "b"), places=3)
    one_of_two = measure.Sentence(text="", language="en", either=("a", "b"))
    assert [one_of_two.answered_by(given) for given in (("b", "c"), ("c", "b"), ())] == [True, False, False]


@pytest.mark.parametrize(("part", "reached"), [("tuned", 0.98), ("heldout", 0.95)])
def test_what_people_write_finds_its_card(part: str, reached: float) -> None:
    """The right card first, and for a reason that says something.

    What is aimed at is 0.95 on the part kept apart too: `reached` only ever rises.
    """
    texts = measure.with_a_card(part)
    shares = measure.measured(texts)
    assert shares.recall >= reached, shares
    if part == "tuned":  # what is answered is shown, and the other part stays unseen
        quoted = [(why, one.text) for one in texts for why in measure.answers(one.text).because]
        assert len(quoted) > 2_000
        assert [pair for pair in quoted if mere_fillers(pair[0])] == []


def mere_fillers(quoted: str) -> bool:
    """Does what is quoted of a text as the reason for a likely problem say nothing?"""
    words = re.findall(r"\w+", quoted.casefold())
    return bool(words) and FILLERS.issuperset(words)


def test_what_was_learnt_is_what_is_written() -> None:
    assert msgspec.json.decode(learn.FILE.read_bytes())["learnt_from"] == learn.digest(), (
        "run python -m tests.problems.corpus.learn"
    )


def test_what_was_learnt_is_out_of_date_once_texts_are_read_in_another_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = learn.digest()
    monkeypatch.setattr(likely, "_TOGETHER", 5)
    assert learn.digest() != before


def test_a_text_is_read_fast() -> None:
    """A mail with its thread within 50 ms, on a computer that is not idle: the fastest of five."""
    mail = max((one.text for one in measure.sentences("tuned")), key=len) * 2
    took = []
    for number in range(5):
        began = time.perf_counter()
        recognise(f"{number} {mail}")
        took.append(time.perf_counter() - began)
    assert min(took) < 0.05


def test_every_card_says_of_what_it_speaks_in_concepts_that_there_are() -> None:
    known = all_concepts()
    for card in catalogue.cards().values():
        assert card.likely, card.id
        for rule in (*card.likely, *card.unlikely):
            assert set(re.split(r"[ |]", rule.rstrip("!?"))) <= known, (card.id, rule)


@pytest.mark.parametrize("part", ["tuned", "heldout"])
def test_a_mere_question_is_left_to_the_evidence(part: str) -> None:
    assert [one.text for one in measure.claimed(measure.questions(part))] == []


def test_what_is_about_something_else_is_not_taken_for_an_error_of_ours() -> None:
    texts = measure.sentences("unrelated") + measure.sentences("unrelated-apart")
    assert len(measure.claimed(texts)) <= len(texts) / 100


def test_the_part_that_is_kept_apart_is_shown_only_when_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "answers", lambda text: measure.Answers((), ("no-card",), (), ()))
    assert measure.main([]) == 0
    shares = capsys.readouterr().out
    assert "heldout" in shares
    assert "no-card" not in shares
    for part in measure.PARTS:
        assert measure.main(["--show", part]) == 0
        shown = capsys.readouterr().out
        for other in measure.PARTS:
            assert (repr(measure.sentences(other)[0].text) in shown) == (part == other)
