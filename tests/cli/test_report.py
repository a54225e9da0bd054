"""`octowizard report` and `octowizard letter` as a bookkeeper has them: one company, served and synced once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.cli import main
from octowizard.session import terminal
from octowizard.workspace import profiles
from tests.cli.commands import Ended
from tests.cli.test_duplicates import home
from tests.cli.test_practice_company import served

__all__ = ["home"]  # a fixture

Ask = Callable[..., Ended]


@pytest.fixture
def ask(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[Ask]:
    """Runs `octowizard ...` in this process, on a company whose September is secured."""

    def run(*words: str) -> Ended:
        capfdbinary.readouterr()
        code = main.run(list(words))
        out, err = capfdbinary.readouterr()
        return Ended(code, out.decode(), err.decode())

    with served(home, "--scenario", "secured-period", "--customers", "6", "--documents", "6") as company:
        assert main.run(["profiles", "add", "acme", "--sandbox-url", company.url]) == 0
        yield run


def body(ended: Ended) -> dict[str, Any]:
    (line,) = ended.out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_report_in_every_format_tells_the_same_and_nothing_is_written_over(
    ask: Ask, tmp_path: Path
) -> None:
    unread = ask("report", "--offline")
    assert unread.code == 3
    assert "Nothing has been read of either side yet" in unread.out

    told = ask("report")
    assert told.code == 0, told.err
    for part in (
        "## State of the connection",
        "### ✖ Period 202610 is secured in V1",
        "- **What to do**: Octopus: Beheer \\> Dagboeken",
        "## What was booked",
        "## Audit: do both sides say the same?",
        "- **Beveiligde periode in Octopus**: Deze documenten horen in een periode",
        "This is a practice company",
    ):
        assert part in told.out
    as_json = body(ask("report", "--offline", "--format", "json"))
    assert (as_json["schema"], as_json["command"], as_json["profile"]) == (1, "report", "acme")
    chapters = {one["id"]: one for one in as_json["chapters"]}
    assert list(chapters) == ["connection", "findings", "booked", "audit", "questions"]
    assert chapters["findings"]["pages"][0]["title"] == "Period 202610 is secured in V1"
    bars = [one for one in chapters["audit"]["blocks"] if one["block"] == "bars"]
    assert [one["name"] for one in bars[0]["series"]] == ["Teamleader", "Octopus"]

    for name, begins in (("r.html", b"<!DOCTYPE html>"), ("r.xlsx", b"PK"), ("r.json", b'{"schema":1')):
        written = ask("report", "--offline", "--output", str(tmp_path / name))
        assert (written.code, written.out) == (0, f"Written to {tmp_path / name}\n")
        assert (tmp_path / name).read_bytes().startswith(begins)
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    again = ask("report", "--offline", "--output", str(tmp_path / "r.html"))
    assert again.code == 2
    assert "is there already" in again.err
    for name, wrong in (
        (str(tmp_path / "r.pdf"), "not written as .pdf"),
        ("", "no name"),
        (str(tmp_path), "no name"),
    ):
        refused = ask("report", "--offline", "--output", name)
        assert (refused.code, refused.out) == (2, "")
        assert wrong in refused.err
    assert not (tmp_path / "r.pdf").exists()
    assert "- **Who runs the sync?** octowizard books" in told.out
    no_text = ask("report", "--offline", "--format", "xlsx")
    assert (no_text.code, no_text.out) == (2, "")
    assert "--output FILE.xlsx" in no_text.err


def test_the_language_turns_menus_and_questions_and_what_it_cannot_turn_is_said(ask: Ask) -> None:
    assert ask("check").code == 1
    french = ask("report", "--offline", "--language", "fr")
    assert "Octopus\N{NO-BREAK SPACE}: Gestion \\> Journaux" in french.out
    assert "Ces documents appartiennent à une période" in french.out
    assert "Beheer" not in french.out
    assert "not translated yet" not in french.err + french.out
    english = ask("report", "--offline", "--language", "en")
    assert "Octopus: Management \\> Journals" in english.out
    assert "not translated yet" not in english.err + english.out


def test_letters_are_listed_written_and_saved_and_nobody_is_asked_about_what_is_not_so(
    ask: Ask, tmp_path: Path
) -> None:
    unread = ask("letter", "--offline")
    assert (unread.code, unread.out) == (3, "")
    assert "Nothing was read yet" in unread.err
    assert ask("check").code == 1
    listed = ask("letter", "--offline")
    assert listed.code == 0
    assert "secured-period" in listed.out
    assert "the accountant" in listed.out

    mail = ask("letter", "secured-period", "--offline")
    assert mail.code == 0
    assert mail.out.startswith("Subject: Beveiligde periode in Octopus\n\nOEFENBEDRIJF")
    assert "- Octopus: Beheer > Dagboeken" in mail.out
    french = body(ask("letter", "secured-period", "--offline", "--language", "fr", "--json"))
    (letter,) = french["letters"]
    assert (letter["to"], letter["language"]) == ("accountant", "fr")
    assert "Où le trouver" in letter["text"]

    printed = ask("letter", "report", "--offline")
    assert printed.code == 0
    assert "The report does not go along this way" in printed.err
    file = tmp_path / "mail.eml"
    saved = ask("letter", "report", "--offline", "--to-address", "an@example.be", "--output", str(file))
    assert saved.code == 0, saved.err
    assert "all names and amounts are invented" in saved.err
    assert "does not go along" not in saved.err
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert message["To"] == "an@example.be"
    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "text/html"
    assert "<!DOCTYPE html>" in attached.get_content()

    body_of_it = message.get_body()
    assert body_of_it is not None
    assert "Deze vragen kunnen wij zelf niet beantwoorden:\n- Bevei" in body_of_it.get_content().replace(
        "\r\n", "\n"
    )
    assert ask("letter", "map-vat").out.startswith("Subject: Welke btw-code?")
    assert ask("setup", "scenario", "a").code == 0
    assert ask("letter", "software-house").out.startswith("Subject: Softwarehuis-id")
    for words, code, said in (
        (("letter", "closed-year", "--offline"), 1, "is not found here now"),
        (("letter", "unreachable"), 2, "Nobody has to be asked about “unreachable”"),
        (("letter", "merge"), 2, "There is no step “merge” in this set-up"),
        (("letter", "secured-perod"), 2, "Did you mean secured-period"),
        (("letter", "report", "--offline", "--to-address", "nobody"), 2, "is no mail address"),
        (("letter", "report", "--offline", "--output", str(file)), 2, "is there already"),
        (("letter", "report", "--offline", "--output", str(tmp_path / "mm.txt")), 2, "is saved as .eml"),
    ):
        ended = ask(*words)
        assert (ended.code, ended.out) == (code, "")
        assert said in ended.err
    assert not (tmp_path / "mm.txt").exists()


def test_where_nobody_could_be_asked_no_letter_is_said_to_be_needless(ask: Ask, home: Path) -> None:
    profile = profiles.load(home, "acme")
    dead = "http://127.0.0.1:1"
    profiles.save(
        home, msgspec.structs.replace(profile, octopus_url=f"{dead}/octopus", teamleader_url=f"{dead}/t")
    )
    for words in (("letter",), ("letter", "secured-period"), ("letter", "--json")):
        ended = ask(*words)
        assert ended.code == 3
        assert "Octopus cannot be reached" in ended.err


def test_a_mail_is_opened_where_there_is_a_program_and_else_printed(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    there = False

    def open_it(address: str) -> bool:
        opened.append(address)
        return there

    monkeypatch.setattr(terminal, "open_browser", open_it)
    ended = ask("letter", "software-house", "--open", "--language", "en")
    assert ended.code == 1
    assert "There is no mail program here" in ended.err
    assert ended.out.startswith("Subject: Software-house id")
    assert opened[0].startswith("mailto:?subject=Software-house%20id")
    there = True
    assert ask("letter", "software-house", "--open").code == 0


def test_connect_prints_the_same_mail_in_the_language_asked_for(ask: Ask) -> None:
    dutch = ask("--language", "nl", "connect", "--mail")
    assert dutch.out.startswith("Onderwerp: Softwarehuis-id")
    assert "Redirect-adres: http://localhost:8765/callback" in dutch.out
    assert "software-house id" in ask("connect", "--mail").out
