"""Ready mails: whom they ask, in which language, about what; and nothing from outside steers a mail program."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from msgspec.structs import replace

from octowizard.checks.registry import Finding, Record, finding
from octowizard.locale import labels
from octowizard.locale.formats import labelled
from octowizard.onboarding.model import Show, State, Step
from octowizard.onboarding.steps.registry import definitions
from octowizard.planning.problems import PROBLEMS, has
from octowizard.presentation import letters
from octowizard.presentation.text import copied
from octowizard.reports.mail import LONGEST_ADDRESS, Attachment, eml, mail_address, mailto
from octowizard.snapshot.model import BookingHead, CustomerFacts
from tests.build import PROFILE as BARE
from tests.build import SNAPSHOT, head

PROFILE = replace(BARE, dossier_id=9045119, dossier_name="Acme nv", department_name="Acme Gent")
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
MAES = CustomerFacts(id="k1", type="company", name="Maes", email="an@maes.example")
HEADS = tuple(
    head(
        id=f"i{number}",
        number=f"2026 / {number}",
        date=date(2026, 3, number),
        customer_id=f"k{number % 2 + 1}",
        customer_name=("Maes", "Peeters")[number % 2],
        amount="1210.00",
    )
    for number in range(1, 5)
)
BOOKS = replace(SNAPSHOT, pending=HEADS, customers={"k1": MAES})


def of(problem: str, **names: str) -> Finding:
    return finding(problem, "…", (Record("invoice", head.number, head.id) for head in HEADS), names=names)


def step_of(id: str, *show: Show) -> Step:
    return Step(id=id, title="…", state=State.TODO, what="…", why="…", show=show)


def test_every_problem_is_asked_about_once_or_by_nobody_and_every_step_is_one() -> None:
    asked = Counter(problem for one in letters.templates().values() for problem in one.problems)
    assert {problem for problem, number in asked.items() if number > 1} == set()
    assert {problem for problem in PROBLEMS if not has(problem, "no-letter")} == asked.keys()
    steps = [step for one in letters.templates().values() for step in one.steps]
    assert len(steps) == len(set(steps))
    assert set(steps) <= definitions().keys()
    assert all(id == one.id for id, one in letters.templates().items())


@pytest.mark.parametrize("language", letters.LANGUAGES)
def test_the_accountant_gets_the_question_the_documents_and_where_to_click_in_one_language(
    language: labels.Language,
) -> None:
    (letter,) = letters.on_findings(
        [of("secured-period", journal="V1", period="202603")], BOOKS, PROFILE, language
    )
    text = letter.text()
    assert letter.to == "accountant"
    assert letter.subject == letters.templates()["secured-period"].asked(language).subject
    assert "- 2026 / 1 · 01/03/2026 · Peeters · 1.210,00" in text
    assert ": V1 · " in text
    assert ": 202603" in text
    assert (
        labelled(
            "Octopus",
            labels.path(("octopus.management", "octopus.journals"), labels.Languages.both(language)),
            language,
        )
        in text
    )
    assert PROFILE.department_name in text.splitlines()[-1]
    words = {"nl": "Het gaat om:", "fr": "Il s'agit de :", "en": "It is about:"}
    assert [one for one, said in words.items() if said in text] == [language]


def test_each_customer_gets_a_mail_of_its_own_without_the_documents_of_others_or_our_books() -> None:
    several = letters.on_findings([of("peppol-refused")], BOOKS, PROFILE, "fr")
    assert [(one.to, one.about, one.address) for one in several] == [
        ("customer", "Peeters", ""),
        ("customer", "Maes", "an@maes.example"),
    ]
    for one in several:
        assert len(one.records) == 2
        assert "Octopus" not in one.text()
        assert str(PROFILE.dossier_id) not in one.text()
    assert not set(several[0].records) & set(several[1].records)


def test_nobody_is_asked_about_what_passes_by_itself() -> None:
    assert letters.on_findings([of("unreachable")], BOOKS, PROFILE, "nl") == ()
    assert letters.on_findings([], BOOKS, PROFILE, "nl") == ()
    assert letters.on_step(step_of("first-sync"), PROFILE) is None


def test_a_booking_is_named_with_its_day_its_document_and_its_amount() -> None:
    ours, other = (
        BookingHead(1, "V1", number, 7, date(2026, 6, 7), Decimal("2932.55"), comment, "")
        for number, comment in ((15, "2026 / 15 · octowizard"), (81, "Factuur 2026 / 15"))
    )
    one = finding("imported-twice", "…", (Record("booking", "V1/81", "1/V1/81"),))
    (letter,) = letters.on_findings([one], replace(BOOKS, imported_twice=((ours, other),)), PROFILE, "nl")
    assert letter.records == ("V1/81 · 07/06/2026 · Factuur 2026 / 15 · 2.932,55",)


def test_the_mail_with_the_report_asks_each_question_once_and_a_step_says_where_it_is_done() -> None:
    found = [of("secured-period"), of("closed-period"), of("missing-account"), of("peppol-refused")]
    letter = letters.on_report(found, PROFILE, "nl")
    secured, account = letter.records
    assert secured.startswith("Beveiligde periode in Octopus: ")
    assert account.startswith("Welke rekening? Voor de verkoop")  # a question needs no colon
    assert "\n\nDeze vragen kunnen wij zelf niet beantwoorden:\n- Bevei" in letter.text()
    nothing = letters.on_report([], PROFILE, "nl")
    assert "Deze vragen" not in nothing.text()  # none is announced where there is none
    assert letter.records[0].endswith("(2026 / 1, 2026 / 2, 2026 / 3, 2026 / 4)")
    by_hand = Show("Octopus", "Beheer > Btw-codes", "…", ("octopus.management", "octopus.vat-codes"))
    for language in letters.LANGUAGES:
        step = letters.on_step(step_of("map-vat", by_hand), PROFILE, language)
        assert step is not None
        menu = labels.path(by_hand.menu, labels.Languages.both(language))
        assert labelled("Octopus", menu, language) in step.text()


def test_a_mail_of_a_practice_company_says_so_in_the_first_line_and_where_it_is_shown() -> None:
    (letter,) = letters.on_findings([of("secured-period")], BOOKS, replace(PROFILE, practice=True), "nl")
    assert letter.text().startswith("OEFENBEDRIJF")
    assert letters.practice_company() in copied(letters.page(letter))
    (real,) = letters.on_findings([of("secured-period")], BOOKS, replace(PROFILE, practice=False), "nl")
    assert "OEFENBEDRIJF" not in real.text()


# --- for mail programs ----------------------------------------------------------------------------------------


def read(body: bytes) -> EmailMessage:
    message = message_from_bytes(body, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def test_a_saved_mail_is_a_draft_in_utf_8_with_correct_headers_and_its_report() -> None:
    letter = replace(letters.on_report([of("secured-period")], PROFILE, "fr"), address="comptable@example.be")
    body = eml(letter, NOW, Attachment("report.html", "text/html", b"<!DOCTYPE html>"))
    message = read(body)
    assert b"\r\n" in body
    assert body.isascii() or b"8bit" in body
    assert message["Subject"] == letter.subject
    assert message["To"] == "comptable@example.be"
    assert message["Date"].datetime == NOW
    assert message["X-Unsent"] == "1"
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content_charset() == "utf-8"
    assert text["Content-Language"] == "fr"
    assert text.get_content().replace("\r\n", "\n") == letter.text()
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("report.html", "text/html")


@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nBcc: x@y.example", "a@b.example, x@y.example", "<a@b.example>", "no", "a b@c.example"],
)
def test_what_is_no_address_is_left_out_and_adds_no_header(address: str) -> None:
    letter = replace(letters.on_report([], PROFILE, "en"), address=address, subject="x\r\nBcc: x@y.example")
    message = read(eml(letter, NOW))
    assert mail_address(letter) == ""
    assert message["To"] is None
    assert message["Bcc"] is None
    parts = urlsplit(mailto(letter).address)
    assert parts.path == ""
    assert set(parse_qs(parts.query)) == {"subject", "body"}


def test_a_mail_program_gets_no_more_than_systems_hand_on_and_the_mail_says_that_it_is_cut() -> None:
    letter = replace(
        letters.on_report([], PROFILE, "nl"),
        records=tuple(f"2026 / {n} · é€ & = ? # {n}" for n in range(200)),
    )
    opened = mailto(letter)
    assert opened.cut
    assert len(opened.address) <= LONGEST_ADDRESS
    body = parse_qs(urlsplit(opened.address).query)["body"][0]
    assert "ingekort" in body
    assert "- 2026 / 0 · é€ & = ? # 0" in body
    assert f"… en nog {200 - body.count('2026 / ')} andere." in body
    short = mailto(letters.on_software_house("http://127.0.0.1:8765/", "nl"))
    assert not short.cut
    assert "Redirect-adres: http://127.0.0.1:8765/" in unquote(short.address)
