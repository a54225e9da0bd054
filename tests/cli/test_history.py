"""The history on the command line: the runs, one run again, one document through all runs."""

import sys
from pathlib import Path

import pytest

from octowizard.sync import events
from octowizard.workspace.db import Workspace
from octowizard.workspace.runs import RunLog
from tests.cli.commands import octowizard
from tests.cli.test_exits import finished
from tests.cli.test_narrative import CLOSED, booked, document, started
from tests.cli.test_sync_staged import keep


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A profile with three runs: one that failed a document, one that booked it, one that was cut off."""
    keep(tmp_path)
    with Workspace.open(tmp_path, "acme") as workspace:
        failed = events.DocumentFailed(document=document("2026 / 15"), explanation=CLOSED)
        twin = events.DocumentFailed(document=document("2026/15", kind="credit_note"), explanation=CLOSED)
        record(workspace, started(), failed, twin, finished(failing=2, outcome="attention"))
        record(workspace, started(), booked("2026 / 15", 41), finished(booked=1, in_sync=1))
        record(workspace, started(), booked("2026 / 16", 42))
    return tmp_path


def record(workspace: Workspace, *happened: events.Event) -> None:
    """Keep a run as the engine does; one whose last event is not its end stays cut off."""
    log = RunLog(workspace, dry_run=False)
    for event in happened:
        subject: events.Document | None = getattr(event, "document", None)
        log.add(events.to_line(event), subject.id if subject else None)
    log.flush()
    if isinstance(happened[-1], events.RunFinished):
        log.finish(events.to_line(happened[-1]))


def test_the_runs_are_listed_newest_first_with_what_they_did(home: Path) -> None:
    ended = octowizard(home, "history")
    assert (ended.code, ended.err) == (0, "")
    newest, middle, oldest = ended.out.splitlines()
    assert newest.split()[0] == "3"
    assert "not finished" in newest
    assert "1 document," in middle
    assert "complete" in middle
    assert "2 blocked" in oldest
    assert "needs attention" in oldest


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_what_was_open_to_others_is_closed_and_said_once_on_stderr(home: Path) -> None:
    kept = home / "profiles" / "acme" / "workspace.sqlite"
    kept.chmod(0o644)
    first, second = octowizard(home, "history", "--json"), octowizard(home, "history", "--json")
    assert (first.code, first.out) == (0, second.out)
    assert first.err.startswith(
        f"1 file or folder in {home} was open to other users of this computer; now it is"
    )
    assert (first.err.count("\n"), second.err) == (1, "")
    assert kept.stat().st_mode & 0o077 == 0


def test_programs_get_one_line_per_run(home: Path) -> None:
    ended = octowizard(home, "history", "--json")
    lines = ended.events()
    assert [line["run"] for line in lines] == [3, 2, 1]
    assert [line["schema"] for line in lines] == [1, 1, 1]
    assert lines[0]["result"] is None
    assert lines[1]["result"]["booked"] == 1


def test_one_run_is_told_again_as_it_was(home: Path) -> None:
    ended = octowizard(home, "history", "2")
    assert ended.code == 0
    assert "booked as V1/41" in ended.out
    assert [line["event"] for line in octowizard(home, "history", "2", "--json").events()] == [
        "run_started",
        "document_booked",
        "run_finished",
    ]


def test_a_document_is_followed_through_all_runs(home: Path) -> None:
    ended = octowizard(home, "history", "--document", "2026 / 15", "--json")
    assert [line["event"] for line in ended.events()] == ["document_failed", "document_booked"]


def test_a_number_is_found_however_its_spaces_are_typed(home: Path) -> None:
    ended = octowizard(home, "history", "--document", "2026/16")
    assert ended.code == 0
    assert "V1/42" in ended.out


def test_an_invoice_and_a_credit_note_of_one_number_are_told_apart(home: Path) -> None:
    ended = octowizard(home, "history", "--document", "2026/15", "--json")
    assert [line["document"]["kind"] for line in ended.events()] == ["credit_note"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["9"], "no run 9"),
        (["--document", "2026 / 99"], "2026 / 99"),
        (["--document", "00000000-0000-0000-0000-000000000000"], "Nothing is remembered"),
        (["2", "--document", "2026 / 15"], "not both"),
    ],
)
def test_what_is_not_there_is_told_with_exit_2(home: Path, words: list[str], said: str) -> None:
    ended = octowizard(home, "history", *words)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert said in ended.err


def test_without_a_run_the_history_says_how_to_make_one(tmp_path: Path) -> None:
    keep(tmp_path)
    ended = octowizard(tmp_path, "history")
    assert (ended.code, ended.out) == (0, "")
    assert "octowizard sync" in ended.err


def test_a_damaged_workspace_is_one_sentence_and_stays_as_it_is(home: Path) -> None:
    path = home / "profiles" / "acme" / "workspace.sqlite"
    for part in path.parent.glob("workspace.sqlite-*"):
        part.unlink()
    path.write_bytes(b"not a database at all" * 100)
    ended = octowizard(home, "history")
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert str(path) in ended.err
    assert path.read_bytes().startswith(b"not a database")
