"""A pasted message finds its card however it was pasted, and nothing else does.

OCTOWIZARD_LONG=1 pastes each message in more ways.
"""

from __future__ import annotations

import html
import os
import re
import time
from datetime import date
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octowizard.octopus.errors import NAMES
from octowizard.planning.problems import BY_CODE
from octowizard.problems import catalogue
from octowizard.problems.recognition import recognise

LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
UNRELATED = (Path(__file__).parent / "unrelated.txt").read_text(encoding="utf-8").splitlines()


class Message(NamedTuple):
    """A message of a card, with its places for names."""

    problem: str
    language: str
    text: str
    common: bool


MESSAGES = [
    Message(card.id, language, text, common)
    for card in catalogue.cards().values()
    for group, common in ((card.messages, False), (card.short_messages, True))
    for language, texts in group.items()
    for text in texts
]

VALUES: dict[str, st.SearchStrategy[str]] = {
    "journal": st.integers(1, 999).map("V{}".format),
    "invoice": st.sampled_from(["2026 / 12", "2026/12", "INV-2026-001", "F2026/7", "2025-0012", "1034", "VF 2026/9"]),
    "other": st.sampled_from(["2026 / 13", "2026/14", "INV-2026-002"]),
    "journal_name": st.sampled_from(["Sales 2026", "V1 Verkopen"]),
    "wanted": st.sampled_from(["Sales bookings", "Verkoopboekingen", "Écritures de vente"]),
    "found": st.sampled_from(["Invoices", "Facturen", "Factures"]),
    "date": st.dates(min_value=date(2019, 1, 1), max_value=date(2035, 12, 31)).map(lambda day: day.isoformat()),
    "period": st.builds("{}{:02}".format, st.integers(2019, 2030), st.integers(1, 12)),
    "year": st.integers(2019, 2030).map(str),
    "account": st.integers(700000, 709999).map(str),
    "vat": st.sampled_from(["21", "06", "21%", "BE0400.000.086", "12"]),
    "amount": st.sampled_from(["1.210,00", "0,01", "12.50"]),
    "currency": st.sampled_from(["USD", "GBP"]),
    "customer": st.sampled_from(["Bakkerij De Smet bvba", "Foo [BE] nv", "O’Neill & Zonen", "Café du Nord"]),
    "category": st.sampled_from(["Diensten", "Consulting & more"]),
    "dossier": st.sampled_from(["4711", "Acme-2026"]),
    "count": st.integers(1, 9999).map(str),
    "number": st.integers(1, 99999).map(str),
    "last": st.integers(10, 99).map(str),
    "new": st.integers(1, 9).map(str),
}  # fmt: skip

SPACES = [" ", " ", " ", " ", "\n", "\u00a0", "  ", "\r\n", "\n> ", " \u200b"]
HTML_SPACES = [" ", " ", "&nbsp;", "<br>", "<br/>\n", "&#160;"]
QUOTES = ["''", '""', "“”", "‘’", "«»", "„“", "``"]
MAILS = [
    ("", ""),
    ("Beste,\n\nWe krijgen deze melding:\n\n", "\n\nMet vriendelijke groeten,\nJan Peeters\nBE0899.623.035\n"),
    ("Hi team,\n\n", "\n\nKind regards\nAn\n-- \nAcme nv, Kerkstraat 12, 9000 Gent\n"),
    ("Bonjour,\n", "\n\nCordialement\nLuc\n"),
    (
        "From: a@example.org\nTo: b@example.org\nDate: 14/02/2026\nSubject: help\n\n"
        "On Sat, 14 Feb 2026 at 09:12, X wrote:\n> ",
        "\n> \n> Thanks\n> X",
    ),
    ("Subject: Fwd: ", "\nSent: Saturday\n"),
    ("Goeiemorgen, sinds gisteren zien we dit: ", " Kan iemand helpen?"),
]  # fmt: skip


def spaced(text: str, spaces: list[str], seed: int) -> str:
    """The text with other spaces; one draw says which, as hundreds of draws would cost more than what is tested."""
    random = Random(seed)
    return "".join(random.choice(spaces) if c == " " else c for c in text)


@st.composite
def pasted(draw: st.DrawFn, message: Message) -> tuple[str, dict[str, str]]:
    """A message as somebody might paste it, and the names that stand in it."""
    names: dict[str, str] = {}
    as_html = draw(st.booleans())
    quotes = draw(st.sampled_from(QUOTES))
    text = re.sub(r"(?<!\w)['“\"]|['”\"](?!\w)", "\x00", message.text)
    parts = re.split(r"(\{\w+\})", text)
    for position, part in enumerate(parts):
        if part.startswith("{"):
            name = part[1:-1]
            names[name] = draw(VALUES[name])
            parts[position] = names[name]
            if draw(st.booleans()) and name not in ("last", "new"):
                parts[position] = f"{quotes[0]}{names[name]}{quotes[1]}"
    text = "".join(parts).replace("\x00", draw(st.sampled_from(["'", '"', "’", ""])))
    if draw(st.booleans()):
        text = text.replace("'", "’")
    if message.common:
        text = f"Octopus: {text}"
    if as_html:
        text = html.escape(text, quote=draw(st.booleans()))
        text = spaced(text, HTML_SPACES, draw(st.integers(0, 9999)))
        text = draw(
            st.sampled_from(["<p>{}</p>", "<td><b>{}</b></td>", "{}<br", '<div class="note">{}</div>'])
        ).format(text)
    else:
        text = spaced(text, SPACES, draw(st.integers(0, 9999)))
    before, after = draw(st.sampled_from(MAILS))
    return before + text + draw(st.sampled_from(["", ".", "!", " "])) + after, names


def plain(value: str) -> str:
    """A value with everything taken out that writing may change."""
    return re.sub(r"[\s\"'’‘“”«»„`]+", "", value).lower()


def of_a_card(problem: str) -> list[Message]:
    return [message for message in MESSAGES if message.problem == problem]


@pytest.mark.parametrize("problem", sorted({message.problem for message in MESSAGES}))
@settings(max_examples=12 if LONG else 5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_each_message_finds_its_card_and_its_names_however_it_was_pasted(
    problem: str, data: st.DataObject
) -> None:
    for message in of_a_card(problem):
        text, names = data.draw(pasted(message))
        found = recognise(text)
        expected = problem
        if "last" in names and "new" in names and int(names["new"]) > int(names["last"]) + 1:
            expected = "number-gap"
        assert found.problem == expected, text
        for name, value in names.items():
            if name == "journal_name" and "journal" in found.names:
                continue
            assert plain(found.names[name]) == plain(value), (name, text)


@pytest.mark.parametrize("texts", [UNRELATED[place::20] for place in range(20)], ids=range(20))
def test_an_error_of_something_else_is_never_taken_for_one_of_ours(texts: list[str]) -> None:
    for text in texts:
        found = recognise(text)
        assert (found.problem, found.names, found.confidence, found.likely) == (None, {}, 0.0, ()), text


def test_two_hundred_unrelated_errors_were_tried() -> None:
    assert len(set(UNRELATED)) >= 200


@settings(max_examples=60 if LONG else 30, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_at_all_gets_an_answer(text: str) -> None:
    assert recognise(text).confidence <= 1.0


@pytest.mark.parametrize(
    ("text", "problem", "names"),
    [
        ("Book year period is closed", "closed-period", {}),
        (
            "'Journal V1' in Octopus has the wrong type. This should be 'Sales bookings' but is 'Invoices' instead.",
            "wrong-journal-type",
            {"journal": "V1", "wanted": "Sales bookings", "found": "Invoices"},
        ),
        ("Journal has the wrong type", "wrong-journal-type", {}),
        (
            "Not all journals can be found in the Marketplace, but the setup of the journals is correct in Octopus",
            "journals-not-synchronised",
            {},
        ),
        ("An invoice item did not have an account specified for invoice X", "missing-account", {"invoice": "X"}),
        ("Octopus doesn't recognize this VAT type and the relations would be synced to Octopus with the 'unknown' VAT "
         "type.", "contractor", {}),
        ("be sure to close the sales journal during the sync!", "open-journal", {}),
        ("Is your Octopus login connected to more than one Octopus account?", "two-dossiers", {}),
    ],
)  # fmt: skip
def test_the_documented_messages_are_recognised_as_they_are_written(
    text: str, problem: str, names: dict[str, str]
) -> None:
    found = recognise(text)
    assert (found.problem, found.names, found.confidence) == (problem, names, 1.0)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-15", "secured-period"),
        ("error -15", "secured-period"),
        ("Error: -15", "secured-period"),
        ("errorCode: -15", "secured-period"),
        ("fout -12", "open-journal"),
        ("Erreur −9", "missing-year"),
        ("BOOKYEAR_PERIOD_NR_PROTECTED", "secured-period"),
        ("ERR_JOURNAL_WRONG_MODE", "wrong-journal-type"),
        ("journal_open", "open-journal"),
        ('{"errorCode": -16, "errorMessage": "onbekende relatie"}', "customer-missing"),
        ('{"errorCode":-24,"technicalInfo":"Unable to insert booking in dossier 12."}', "insert-booking"),
        ("Error -29: JOURNAL_WRONG_MODE", "wrong-journal-type"),
        ("Octopus refused addBuySellBooking: geweigerd, HTTP 400, code -22.", "unmapped-vat"),
        ("Octopus does not allow addBuySellBooking: no explanation given, HTTP 403.", "open-journal"),
        ("Teamleader does not allow invoices.list: forbidden, HTTP 403.", "teamleader-rights"),
        ("[placeholder NL -15] periode beveiligd of afgesloten", "secured-period"),
    ],
)
def test_an_error_number_or_its_name_finds_the_card(text: str, problem: str) -> None:
    assert recognise(text).problem == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Validation failed. Please contact support@octopus.be", "peppol-refused"),
        ("This invoice has already been sent via Peppol", "peppol-refused"),
        ("invalid_grant", "sign-in-refused"),
        ("Invalid access token", "sign-in-refused"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate",
         "unreachable"),
        ("No match was found in the accounting package for the VAT rate 12%", "unmapped-vat"),
        ("No match was found … for the VAT rate 12%", "unmapped-vat"),
        ("The used ledger account doesn't exist in your accounting software", "unknown-account"),
        ("Missing ledger account for commercial discounts", "missing-discount-account"),
        ("No changes found", "no-changes"),
        ("Invoices 2026/1 and 2026/2 have the same booking number", "same-booking-number"),
        ("Invoices X and Y have the same booking number", "same-booking-number"),
    ],
)  # fmt: skip
def test_a_message_of_a_neighbour_is_recognised_by_itself(text: str, problem: str) -> None:
    assert recognise(text).problem == problem


@pytest.mark.parametrize("code", sorted(code for code in NAMES if code))
def test_every_error_number_of_octopus_leads_to_a_card(code: int) -> None:
    assert recognise(f"{code}").problem == recognise(NAMES[code]).problem == BY_CODE[code]


@pytest.mark.parametrize(
    "text", ["-80", "15", "0", "-0", "error -150", "exit code -15", "", "   ", "SOME_OTHER_NAME"]
)
def test_a_number_that_is_none_of_octopus_is_not_explained(text: str) -> None:
    assert recognise(text).problem is None


def test_a_number_that_comes_too_early_is_told_from_one_that_was_used() -> None:
    text = "Unable to insert booking in dossier 7.  Illegal document seq Nr.  Last Document = {}.  New Document = {}. "
    assert recognise(text.format(6, 8)).problem == "number-gap"
    assert recognise(text.format(6, 1)).problem == "number-taken"


def test_what_stands_near_the_message_is_named_and_what_stands_in_the_signature_is_not() -> None:
    found = recognise(
        "Hello,\n\nBook year period is closed for invoice 2026 / 12 of 14 February 2026, journal V1, period 202602, "
        "customer “Bakkerij De Smet”, € 1.210,00.\n\nKind regards\nJan, V9, BE0899.623.035, 01/01/2020"
    )
    assert found.problem == "closed-period"
    assert found.names == {
        "invoice": "2026 / 12",
        "date": "2026-02-14",
        "journal": "V1",
        "period": "202602",
        "customer": "Bakkerij De Smet",
        "amount": "1.210,00",
    }


@pytest.mark.parametrize(
    "text",
    [
        r'{"message":"\u0027Journal V1\u0027 in Octopus has the wrong type.\nThis should be \"Sales bookings\" '
        r'but is \"Invoices\" instead."}',
        "=E2=80=98Journal V1=E2=80=99 in Octopus has the wro=\nng type. This should be 'Sales bookings' but=20\n"
        "is 'Invoices' instead.",
        "&amp;#39;Journal V1&amp;#39; in Octopus has the wrong type.&lt;br&gt;This should be 'Sales bookings' but is "
        "'Invoices' instead.",
        "JOURNAL V1 IN OCTOPUS HAS THE WRONG TYPE - THIS SHOULD BE Sales bookings BUT IS Invoices INSTEAD",
        "[14/02/2026 09:12] ERROR: 'Journal V1' in Octopus has the wrong type... This should be «Sales bookings» but "
        "is «Invoices» instead!!!",
    ],
)
def test_a_message_copied_raw_is_recognised(text: str) -> None:
    found = recognise(text)
    assert found.problem == "wrong-journal-type"
    assert {name: found.names[name] for name in ("journal", "wanted", "found")} == {
        "journal": "V1",
        "wanted": "Sales bookings",
        "found": "Invoices",
    }


def test_an_unknown_text_gets_the_nearest_cards() -> None:
    found = recognise("The period of the bookyear seems to be closed somehow, in Octopus")
    assert found.problem is None
    assert set(found.nearest) & {"closed-period", "secured-period"}


def test_a_very_long_paste_is_answered_at_once() -> None:
    began = time.perf_counter()
    recognise("Journal V1 in Octopus has the wrong type. This should be " * 4000 + "a" * 100_000)
    recognise("> <b>" * 50_000 + "&amp;" * 50_000)
    assert time.perf_counter() - began < 5


def test_a_bare_number_as_teamleader_writes_it_names_the_invoice_and_two_years_do_not() -> None:
    assert recognise("Boekjaarperiode is afgesloten 2026 / 12").names["invoice"] == "2026 / 12"
    assert "invoice" not in recognise("Boekjaarperiode is afgesloten (2025 / 2026)").names
