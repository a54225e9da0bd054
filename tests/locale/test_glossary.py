"""The catalogues say what the glossary says, and no text names a vendor's menu or button by itself."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from octowizard.locale.labels import labels
from tests.locale.catalogues import LANGUAGES, ROOT, source

GLOSSARY = tomllib.loads((ROOT / "octowizard" / "locale" / "glossary.toml").read_text(encoding="utf-8"))[
    "term"
]

# What stays as it is in every language: what is typed, a place, a command.
AS_TYPED = re.compile(r"`[^`]*`|\{[^}]*\}|--[a-z-]+|octowizard [a-z]+|\bduplicates [a-z]+")
LETTER_BY_LETTER = {  # texts that name columns or values in the words of a program
    "where the .xlsx or .csv stands, with the column VAT type": "columns of an export",
    "Keeps Name, Accounting package customer number": "columns of an export",
    "{file} has neither a column VAT type": "columns of an export",
    "{file}, sheet “{sheet}”, has no column such as": "columns of an export",
    "{file} has no column such as": "columns of an export",
    "bookings or invoices": "values that are typed",
    "a finding (secured-period), a step": "words that are typed",
}

# Labels that are ordinary words as well: what they mean stands in a sentence, not where to click.
ORDINARY = {
    "Fiscal Year", "Fiscal years", "VAT codes", "VAT number", "VAT liable", "Ledger account", "Ledger accounts",
    "Credit note", "Sales journal", "CODA files", "company entity", "Octopus", "CODA", "Sales booking",
}  # fmt: skip
NAMED_ALL_THE_SAME = {
    "Import companies from Octopus": "the title of the step, in octowizard's own words",
    "Octopus Import": "a tag: data, the same in all languages",
    "English screens may call it “Sales Entries”": "what another language than the reader's says",
    "Accounting package customer number": "a column of an export",
    "VAT type Contractor": "a kind of finding, of no profile",
    "the VAT type Contractor": "the same",
    "File > Synchronise: publish": "an action of the practice company, which knows no profile",
    "Set `Secured till period` of a journal": "the same",
    "Set `Closed until period` of a journal": "the same",
    "Switch on `Import companies from Octopus`": "the same",
}


def forms(message: Message) -> tuple[str, str]:
    """The English text and its translation, each with all its forms."""
    english = message.id if isinstance(message.id, str) else " ".join(message.id)
    text = message.string if isinstance(message.string, str) else " ".join(message.string or ())
    return english, text


def stands_in(term: str, english: str) -> bool:
    """Whether the English text has the term, in the singular or the plural."""
    many = f"{term[:-1]}(?:y|ies)" if term.endswith("y") else f"{term}(?:s|es)?"
    found = re.search(rf"(?<![\w-]){many}(?![\w-])", english, 0 if term.isupper() else re.IGNORECASE)
    return found is not None


def unlike(message: Message, language: str) -> list[str]:
    """What a translation says otherwise than the glossary."""
    english, text = forms(message)
    if not text or english.startswith(tuple(LETTER_BY_LETTER)):
        return []
    plain, said = AS_TYPED.sub("", english), AS_TYPED.sub("", text).casefold()
    found = []
    for term in GLOSSARY:
        wanted = [word.casefold() for word in term[language]]
        held = any(word in said or word in text for word in wanted)
        if not held and any(stands_in(one, plain) for one in term["en"]):
            found.append(f"{term['en'][0]} is {wanted[0]}: {text}")
        found += [
            f"{word} is no word for {term['en'][0]}: {text}"
            for word in term.get(f"not_{language}", ())
            if word.casefold() in said
        ]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_words_of_the_glossary(language: str) -> None:
    with source(language).open("rb") as file:
        assert [one for message in read_po(file) if message.id for one in unlike(message, language)] == []


def test_a_term_of_the_glossary_is_complete() -> None:
    marks = {"octopus", "teamleader", "common", "ours"}
    for term in GLOSSARY:
        assert {"en", "nl", "fr", "mark"} <= set(term), term
        assert term["mark"] in marks
        assert set(term) <= {"en", "nl", "fr", "mark", "note", "not_nl", "not_fr"}, term


def test_menus_and_buttons_are_named_by_their_labels() -> None:
    """A path, or a label of two words or more, stands in a text as a place: each vendor has its own language."""
    names = {one.en for one in labels().values() if " " in one.en} - ORDINARY
    named = re.compile(" > |" + "|".join(rf"\b{re.escape(name)}\b" for name in sorted(names)))
    with source("nl").open("rb") as file:
        texts: list[Any] = [message.id for message in read_po(file) if message.id]
    singular = (text if isinstance(text, str) else text[0] for text in texts)
    assert [
        text for text in singular if named.search(text) and not any(one in text for one in NAMED_ALL_THE_SAME)
    ] == []


LOOSE = re.compile(r"(?: [;:?!»](?!\S)|« |\d %)")


def test_french_holds_its_signs_by_a_no_break_space() -> None:
    """A terminal wraps at an ordinary one, and a colon would begin a line."""
    with source("fr").open("rb") as file:
        texts = [message.string for message in read_po(file) if message.id]
    every = [form for text in texts for form in ((text,) if isinstance(text, str) else text or ())]
    assert [form for form in every if LOOSE.search(form)] == []
