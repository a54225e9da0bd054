"""A card's sentence with the names in it, in the languages that octowizard speaks."""

from __future__ import annotations

import pytest

from octowizard import locale
from octowizard.locale.labels import Language, Languages
from octowizard.problems.card_text import area_name, filled, title
from octowizard.problems.catalogue import cards


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ({"journal": "V1", "period": "202608"}, "Mettez-le du journal V1 à la période 202608."),
        ({}, "Mettez-le du journal à la période du document."),
    ],
)
def test_a_french_preposition_and_article_become_one_word(names: dict[str, str], sentence: str) -> None:
    locale.choose("fr")
    assert filled("Mettez-le de {journal} à {period}.", names, Languages()) == sentence


def test_a_name_from_outside_that_begins_like_an_article_stays_as_it_is() -> None:
    locale.choose("fr")
    assert (
        filled("Vérifiez à {customer}.", {"customer": "le Bistrot"}, Languages())
        == "Vérifiez à «\N{NO-BREAK SPACE}le Bistrot\N{NO-BREAK SPACE}»."
    )


def test_english_and_dutch_join_nothing() -> None:
    locale.choose("nl")
    assert filled("van {journal}", {"journal": "V1"}, Languages()) == "Van dagboek V1"


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_a_card_is_called_by_words_without_a_place_left_open(language: Language) -> None:
    locale.choose(language)
    assert [called for problem in cards() if "{" in (called := title(problem))] == []


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_what_a_card_is_about_is_named_in_the_language_of_the_app(language: Language) -> None:
    areas = {card.area for card in cards().values()}
    locale.choose(language)
    same = {area for area in areas if area_name(area) == area}
    assert same == ({"documents"} if language == "fr" else set())
