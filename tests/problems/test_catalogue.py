"""The catalogue: complete, well formed, translatable and quick to load."""

from __future__ import annotations

import io
import re
import tomllib
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.books.fiscal import Barrier
from octowizard.checks.registry import CHECKS, checks_of, load_all
from octowizard.locale.labels import Languages, labels, path, shown
from octowizard.octopus.errors import NAMES
from octowizard.planning.problems import BY_CODE, PROBLEMS, RECORDS
from octowizard.problems import catalogue
from octowizard.problems.card_text import Screens, extract_cards, filled, places, step
from octowizard.problems.catalogue import Card, cards
from octowizard.problems.evidence import PLACE_PROBLEMS
from octowizard.problems.names import SHAPES
from octowizard.problems.recognition import recognise

HERE = Path(__file__).parent
FOLDER = files("octowizard.problems") / "catalogue"
EVERY = sorted(cards().values(), key=lambda card: card.id)

PROMISED = """
missing-year closed-year missing-period next-year-missing year-gap
missing-journal journals-not-synchronised wrong-journal-type closed-journal open-journal closed-period secured-period
number-taken number-gap number-unreadable
missing-account unmapped-category unknown-account heading-account missing-discount-account cost-centre-missing
unmapped-vat vat-code-wrong-type mixed-signs rounding-difference
totals-differ unknown-currency missing-exchange-rate credit-note-without-invoice booked-differently booked-twice
other-connector bad-dates
contractor customer-missing customer-without-country invalid-vat-number intra-without-vat duplicate-relation
duplicate-customer external-id-mismatch invalid-email country-vat-mismatch
paid-drift unmatched-drift payment-parked
sign-in-refused dossier-refused two-dossiers no-write-right software-house-refused teamleader-rights
webservice-inactive too-many-connections daily-limit unreachable vendor-refused insert-booking set-up-missing
observer-mode no-changes start-date-later import-again same-booking-number
period-soon-secured communication-wrong communication-missing peppol-refused no-enterprise-number imported-twice
"""


def test_every_promised_problem_has_its_card() -> None:
    assert set(PROMISED.split()) <= set(cards())


def test_every_declared_problem_has_its_card_and_every_card_its_problem() -> None:
    assert set(cards()) == set(PROBLEMS)


def test_every_problem_that_a_check_or_a_barrier_names_has_its_card() -> None:
    load_all()
    named = {problem for check in CHECKS.values() for problem in check.problems}
    assert named | {barrier.value for barrier in Barrier} <= set(cards())


@pytest.mark.parametrize("card", EVERY, ids=lambda card: card.id)
def test_a_card_is_whole_and_points_only_at_what_exists(card: Card) -> None:
    assert (FOLDER / f"{card.id}.toml").is_file()
    assert card.causes
    assert card.fix
    assert len({cause.id for cause in card.causes}) == len(card.causes)
    for text in card.texts():
        assert text == text.strip()
        assert text[-1] not in ",:;"
    for cause in card.causes:
        assert set(cause.confirmed_by) <= set(cards())
        assert bool(cause.confirmed_by) != cause.cannot_be_seen
    assert {place for place in places(card) if "." in place} <= set(labels())
    assert {place for place in places(card) if "." not in place} <= RECORDS
    assert card.source == "inferred" or card.source.startswith("https://")


@pytest.mark.parametrize("card", EVERY, ids=lambda card: card.id)
def test_whatever_can_be_seen_is_looked_for_by_some_check(card: Card) -> None:
    told = {*PLACE_PROBLEMS, "observer-mode"}
    for cause in card.causes:
        for problem in cause.confirmed_by:
            assert problem in told or checks_of(problem), (cause.id, problem)


@pytest.mark.parametrize("card", EVERY, ids=lambda card: card.id)
def test_the_messages_of_a_card_are_its_own_and_its_names_are_known(card: Card) -> None:
    for group in (card.messages, card.short_messages):
        assert set(group) <= {"en", "nl", "fr"}
        for texts in group.values():
            assert len(set(texts)) == len(texts)
            for text in texts:
                assert set(re.findall(r"\{(\w+)\}", text)) <= set(SHAPES)
                assert not re.search(r"\w\{|\}\w", text), "a name must stand apart from the words"


def test_no_message_number_or_status_belongs_to_two_cards() -> None:
    texts = [t for c in EVERY for g in (c.messages, c.short_messages) for ts in g.values() for t in ts]
    assert len({t.lower() for t in texts}) == len(texts)
    numbers = [code for problem in PROBLEMS.values() for code in problem.codes]
    assert len(set(numbers)) == len(numbers)
    statuses = [status for problem in PROBLEMS.values() for status in problem.statuses]
    assert len(set(statuses)) == len(statuses)


def test_every_error_number_of_octopus_has_a_card() -> None:
    assert set(BY_CODE) == {code for code in NAMES if code}


def test_a_failure_that_is_named_by_its_number_alone_finds_its_card() -> None:
    assert [card.id for n in (15, 21, 24) if (card := catalogue.card(f"octopus-{n}"))] == [
        "secured-period",
        "unknown-account",
        "insert-booking",
    ]
    assert catalogue.card("octopus-99") is None
    assert catalogue.card("octopus-") is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"severity": "fatal"}, "severity"),
        ({"colour": "red"}, "colour"),
        ({"causes": [{"id": "x"}]}, "text"),
        ({"octopus_codes": ["-15"]}, "octopus_codes"),
        ({"messages": {"de": ["x"]}}, "messages"),
    ],
)
def test_a_card_that_is_not_well_formed_is_refused_with_the_place(change: dict[str, Any], said: str) -> None:
    raw = tomllib.loads((FOLDER / "closed-year.toml").read_text(encoding="utf-8"))
    with pytest.raises(msgspec.ValidationError, match=said):
        msgspec.convert({**raw, **change}, Card)


def test_the_cards_are_read_once_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = cards()
    monkeypatch.setattr(catalogue, "files", None)  # a second reading would fail
    assert cards() is asked
    assert catalogue.card("closed-year") is asked["closed-year"]


@pytest.mark.parametrize("card", EVERY, ids=lambda card: card.id)
def test_translators_get_every_text_of_a_card(card: Card) -> None:
    body = (FOLDER / f"{card.id}.toml").read_bytes()
    found = list(extract_cards(io.BytesIO(body), (), (), {}))
    assert {text for _line, _function, text, _comments in found} == set(card.texts())
    lines = body.decode().splitlines()
    assert all(text in lines[line - 1] for line, _function, text, _comments in found)


@pytest.mark.parametrize("card", EVERY, ids=lambda card: card.id)
def test_no_text_is_shown_with_a_place_left_open(card: Card) -> None:
    languages: tuple[Any, ...] = ("en", "nl", "fr")
    for language, names in product(languages, ({}, dict.fromkeys(RECORDS, "Foo [BE] {x}"))):
        shown_texts = [filled(text, names, Languages.both(language)) for text in card.texts()]
        shown_texts += [step(one, names, Screens(Languages.both(language))) for one in card.fix]
        for text in shown_texts:
            assert not re.search(r"\{[a-z.-]+\}", text.replace("{x}", "")), language


def test_menu_labels_are_shown_in_the_language_octopus_is_shown_in() -> None:
    menu = ("octopus.management", "octopus.journals")
    screens = (Languages(), Languages(octopus="nl"), Languages("fr", "nl"))
    assert [path(menu, languages) for languages in screens] == [
        "Management > Journals",
        "Beheer > Dagboeken",
        "Gestion > Journaux",
    ]


def test_each_vendor_has_its_own_language() -> None:
    french_octopus = Languages(octopus="fr", teamleader="nl")
    assert path(("octopus.accounting", "octopus.import"), french_octopus) == "Comptabilité > Importer"
    assert path(("teamleader.settings", "teamleader.invoices"), french_octopus) == "Instellingen > Facturen"


@pytest.mark.parametrize(
    ("id", "languages", "label"),
    [
        ("octopus.secured-till", Languages.both("nl"), "Beveiligd tot periode"),
        (
            "octopus.reconcile",
            Languages.both("nl"),
            "Afpunten*",
        ),  # the word is Octopus' own, the place was not seen
        ("octopus.synchronise", Languages.both("nl"), "Synchroniseren* (Synchronise)"),
        ("teamleader.link-dossier", Languages.both("fr"), "Link dossier*"),
        ("teamleader.link-dossier", Languages(), "Link dossier"),
    ],
)
def test_a_label_that_nobody_has_seen_bears_the_mark(id: str, languages: Languages, label: str) -> None:
    assert shown(id, languages) == label


SENTENCES: list[dict[str, Any]] = tomllib.loads((HERE / "coverage.toml").read_text(encoding="utf-8"))[
    "sentence"
]
TROUBLES = [sentence for sentence in SENTENCES if sentence["article"] == "troubleshooting"]
trouble = pytest.mark.parametrize("sentence", TROUBLES, ids=lambda sentence: sentence["begins"][:40])


def test_the_article_on_troubleshooting_is_in_the_table_with_errors_and_cures() -> None:
    assert {sentence.get("message", False) for sentence in TROUBLES} == {True, False}
    assert len({sentence["begins"] for sentence in TROUBLES}) == len(TROUBLES) == 24


def test_every_card_that_the_table_names_is_there() -> None:
    assert {sentence["card"] for sentence in SENTENCES if "card" in sentence} <= set(cards())


@trouble
def test_what_the_article_on_troubleshooting_says_stands_on_the_card(sentence: dict[str, Any]) -> None:
    card = cards()[sentence["card"]]
    texts = [filled(text, {}, Languages()) for text in card.texts()] + [
        step(one, {}, Screens()) for one in card.fix
    ]
    assert any(sentence["says"] in text for text in texts)


@trouble
def test_a_documented_error_or_cause_pasted_alone_is_recognised_and_a_cure_is_not(
    sentence: dict[str, Any],
) -> None:
    expected = sentence["card"] if sentence.get("message") else None
    assert recognise(sentence["begins"]).problem == expected
