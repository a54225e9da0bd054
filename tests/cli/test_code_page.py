"""Output on a code page that lacks our marks: each keeps a sign of its own, and `?` says only *not known*."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
from pathlib import Path

import pytest

from octowizard.cli.code_page import NAME, SIGNS
from octowizard.cli.console import ready_streams
from octowizard.presentation.blocks import TONES
from octowizard.presentation.calendar_marks import MARKS
from octowizard.sync import events
from octowizard.workspace.db import Workspace
from octowizard.workspace.runs import RunLog
from tests.cli.commands import environment
from tests.cli.test_narrative import CLOSED, booked, document, started
from tests.cli.test_sync_staged import keep

CODE_PAGES = ("ascii", "cp1252", "latin-1", "cp850", "cp437", "iso8859-15", "mac_roman")


def shown(text: str, code_page: str) -> str:
    ready_streams()
    return codecs.decode(codecs.encode(text, code_page, NAME), code_page)


@pytest.mark.parametrize("code_page", CODE_PAGES)
@pytest.mark.parametrize(
    "marks",
    [
        tuple(TONES),
        tuple(MARKS.values()),
        ("✔", "✖", "▲", "→", "≠", "·"),
        ("█", "▒"),
        ("█", "▓", "░"),
        tuple("▁▂▃▄▅▆▇█"),
    ],
)
def test_marks_stay_distinct_and_none_becomes_a_question(code_page: str, marks: tuple[str, ...]) -> None:
    signs = [shown(mark, code_page) for mark in marks]
    assert len(set(signs)) == len(marks)
    assert not any("\\" in sign for sign in signs)
    assert [mark for mark, sign in zip(marks, signs, strict=True) if sign == "?"] == [
        m for m in marks if m == "?"
    ]


def test_a_question_mark_means_no_more_than_not_known() -> None:
    assert "?" not in MARKS.values()  # a journal that is missing is known to be


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_every_sign_can_be_shown_everywhere(code_page: str) -> None:
    assert all(sign.isascii() and "?" not in sign for sign in SIGNS.values())
    assert "?" not in shown("".join(SIGNS), code_page)
    assert "\\" not in shown("──▶ ‹Ctrl-C›", code_page)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Zoë", "Zoe"),
        ("Łódź", "Lodz"),
        ("Cœur", "Coeur"),
        ("Straße 5", "Strasse 5"),
        ("שלום", "\\u05e9\\u05dc\\u05d5\\u05dd"),
        ("👩", "\\U0001f469"),
    ],
)
def test_a_name_is_spelled_with_the_letters_that_there_are(name: str, seen: str) -> None:
    assert shown(name, "ascii") == seen


def test_a_letter_that_the_code_page_has_stays() -> None:
    assert shown("Zoë – Łódź", "cp1252") == "Zoë – Lódz"


@pytest.mark.parametrize("code_page", ["cp1252", "cp850", "ascii"])
def test_booked_and_failed_documents_keep_different_marks(tmp_path: Path, code_page: str) -> None:
    keep(tmp_path)
    with Workspace.open(tmp_path, "acme") as workspace:
        log = RunLog(workspace, dry_run=False)
        failed = events.DocumentFailed(document=document("2026 / 2"), explanation=CLOSED)
        for event in (started(), booked("2026 / 1", 1), failed):
            log.add(events.to_line(event), None)
        log.flush()
    ended = subprocess.run(
        [sys.executable, "-m", "octowizard", "history", "1"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(tmp_path, PYTHONIOENCODING=code_page),
        timeout=60,
        check=False,
    )
    lines = ended.stdout.decode(code_page).splitlines()
    assert any(line.lstrip().startswith("v invoice 2026 / 1") for line in lines), lines
    assert any(line.lstrip().startswith("X invoice 2026 / 2") for line in lines), lines
    assert not any("?" in line for line in lines)


@pytest.mark.skipif(os.name == "nt", reason="a terminal of lines")
@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_of_lines_gets_a_sentence_and_no_screen(tmp_path: Path, term: str) -> None:
    person, terminal = os.openpty()
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "octowizard", "--sandbox", "healthy"],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=environment(tmp_path, TERM=term),
            timeout=60,
            check=False,
        )
        said = os.read(person, 10_000).decode()
    finally:
        os.close(person)
        os.close(terminal)
    assert ended.returncode == 2
    assert "The app needs a terminal" in said
    assert "\x1b" not in said
    assert said.count("octowizard: ") == 1
