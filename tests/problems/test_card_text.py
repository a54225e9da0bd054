"""A card's sentence with the names in it, in the languages that octowizard speaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from octowizard import locale
from octowizard.locale.labels import Languages
from octowizard.problems.card_text import filled
from tests.locale.catalogues import compiled_into


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled_into(tmp_path_factory.mktemp("locale"))


@pytest.fixture(autouse=True)
def language(catalogues: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = locale.chosen()
    monkeypatch.setattr(locale, "__path__", [str(catalogues), *locale.__path__])
    yield
    monkeypatch.undo()
    locale.choose(before)


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
        == "Vérifiez à “le Bistrot”."
    )


def test_english_and_dutch_join_nothing() -> None:
    locale.choose("nl")
    assert filled("van {journal}", {"journal": "V1"}, Languages()) == "Van dagboek V1"
