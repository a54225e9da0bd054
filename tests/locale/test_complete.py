"""The catalogues hold every text of today, translated: what is missing here would be English on a Dutch screen."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from octowizard.locale import _PLURALS
from tests.locale.catalogues import LANGUAGES, PLURALS, missing, source, template

PLACE = re.compile(r"\{[^}]*\}|%\(\w+\)[sr]|%[sr]")
RENEW = "python -m tests.locale.catalogues --missing"


@pytest.fixture(scope="module", params=LANGUAGES)
def kept(request: pytest.FixtureRequest) -> Catalog:
    """The catalogue of a language, as it is kept."""
    with source(request.param).open("rb") as file:
        return read_po(file, locale=request.param)


@pytest.fixture(scope="module")
def texts() -> Catalog:
    """The texts of today."""
    return template()


def key(message: Message) -> tuple[object, object]:
    return message.id, message.context


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def test_every_text_of_today_is_translated_and_no_other_is_kept(texts: Catalog, kept: Catalog) -> None:
    assert {key(message) for message in kept} == {key(message) for message in texts}, RENEW
    assert [message.id for message in missing(kept)] == []
    assert [message.id for message in kept if message.id and message.fuzzy] == []


def test_a_number_takes_the_form_that_the_catalogue_was_written_for(kept: Catalog) -> None:
    language = str(kept.locale)
    rule = compile(PLURALS[language], "plural", "eval")
    assert [_PLURALS[language](n) for n in range(12)] == [int(eval(rule, {"n": n})) for n in range(12)]
    counting = [message for message in kept if not isinstance(message.id, str)]
    assert counting
    assert [message.id for message in counting if len(forms(message)) != 2] == []


def test_a_translation_has_the_places_of_its_text(kept: Catalog) -> None:
    for message in kept:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            for wanted, text in zip(ids, forms(message), strict=True):
                places = set(PLACE.findall(wanted)) | set(PLACE.findall(ids[-1]))
                assert set(PLACE.findall(text)) <= places, message.id
            assert set(PLACE.findall(forms(message)[-1])) == set(PLACE.findall(ids[-1])), message.id


def test_french_signs_stay_on_the_line_of_their_word() -> None:
    with source("fr").open("rb") as file:
        texts = [text for message in read_po(file) if message.id for text in forms(message)]
    loose = re.compile(r" [;:!?»](?=\s|$)|« ")
    assert [text for text in texts if loose.search(text)] == []


def test_what_stands_for_a_value_is_called_alike_in_the_help_and_in_sentences(kept: Catalog) -> None:
    """`--output BESTAND` in the help, so no sentence says FILE."""
    named = {str(one.id): one.string for one in kept if one.id and one.context == "stands for a value"}
    foreign = {english for english, own in named.items() if own != english}
    assert "FILE" in foreign
    told = [text for one in kept if one.id and one.context != "stands for a value" for text in forms(one)]
    assert [text for text in told if set(re.findall(r"(?<![\w{])[A-Z]{3,}(?![\w}])", text)) & foreign] == []
