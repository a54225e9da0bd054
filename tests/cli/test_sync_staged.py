"""What the command `sync` makes of a sync: who is asked, what ends it, what reaches a pipe. The sync is staged."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from octowizard.workspace.profiles import Profile, save
from tests.cli.commands import Ended, environment, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of POSIX")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    keep(tmp_path)
    return tmp_path


def keep(home: Path, **fields: object) -> None:
    """A practice profile nothing needs to serve."""
    values: dict[str, object] = {
        "name": "acme",
        "octopus_url": "http://127.0.0.1:1/octopus",
        "teamleader_url": "http://127.0.0.1:1/teamleader",
        "teamleader_auth_url": "http://127.0.0.1:1/teamleader-auth",
        "octopus_user": "practice",
        "teamleader_client_id": "client",
        "dossier_id": 9045119,
        "department_id": "department",
        "start_date": date(2026, 1, 1),
        "mode": "connector",
        "secrets": "file",
    }
    save(home, Profile(**{**values, **fields}))  # type: ignore[arg-type]  # the fields of each test differ


def begun(
    home: Path, play: str, *words: str, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.PIPE
) -> "subprocess.Popen[str]":
    """The staged command, under way."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.cli.staged", *words],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(home, STAGED=play),
        start_new_session=True,
    )


def ended(home: Path, play: str, *words: str) -> Ended:
    """The staged command, run to its end."""
    process = begun(home, play, *words)
    out, err = process.communicate(timeout=60)
    return Ended(process.returncode, out, err)


def at_a_terminal(home: Path, play: str, answer: str, *words: str) -> Ended:
    """The staged command with a person at the keyboard, who answers the question."""
    person, terminal = os.openpty()
    try:
        os.write(person, answer.encode())
        process = begun(home, play, *words, stdin=terminal)
        out, err = process.communicate(timeout=60)
    finally:
        os.close(person)
        os.close(terminal)
    return Ended(process.returncode, out, err)


def test_yes_runs_without_a_question_and_ends_with_0(home: Path) -> None:
    run = ended(home, "two", "sync", "--yes")
    assert run.code == 0
    assert "booked as V1/2" in run.out
    assert "would" not in run.out


def test_json_is_all_that_reaches_stdout(home: Path) -> None:
    run = ended(home, "two", "sync", "--yes", "--json")
    assert run.code == 0
    assert run.err == ""
    lines = run.events()
    assert [line["event"] for line in lines][-1] == "run_finished"
    assert {line["schema"] for line in lines} == {1}
    assert '"amount":1210.00' in run.out


@pytest.mark.parametrize("words", [["sync"], ["sync", "--json"]])
def test_without_anybody_to_ask_nothing_begins(home: Path, words: list[str]) -> None:
    run = ended(home, "two", *words)
    assert (run.code, run.out) == (2, "")
    assert "--yes" in run.err


def test_a_person_sees_the_preview_says_yes_and_gets_the_run(home: Path) -> None:
    run = at_a_terminal(home, "two", "y\n", "sync")
    assert run.code == 0
    assert "Start the sync, and write 2 documents? [y/N]" in run.err
    assert run.out.index("would be booked as V1/2") < run.out.index(" booked as V1/2")


@pytest.mark.parametrize("answer", ["n\n", "\n", "\x04"])
def test_any_other_answer_writes_nothing(home: Path, answer: str) -> None:
    run = at_a_terminal(home, "two", answer, "sync")
    assert run.code == 0
    assert "Nothing was written." in run.err
    assert "  booked as" not in run.out


def test_nobody_is_asked_to_confirm_nothing(home: Path) -> None:
    run = at_a_terminal(home, "nothing", "", "sync")
    assert run.code == 0
    assert "[y/N]" not in run.err


def test_an_incomplete_set_up_ends_with_1_and_says_what_is_missing(home: Path) -> None:
    run = ended(home, "refused", "sync", "--yes")
    assert run.code == 1
    assert "✖ Period 3 is closed" in run.out
    assert "    What to do: Release the period in Octopus." in run.out


def test_a_second_octowizard_is_told_who_has_the_workspace(home: Path) -> None:
    run = ended(home, "locked", "sync", "--yes")
    assert (run.code, run.out) == (2, "")
    assert "process 4711" in run.err
    assert run.err.count("\n") == 1


def test_a_profile_that_only_watches_writes_nothing_but_previews(home: Path) -> None:
    keep(home, mode="observer")
    refused = ended(home, "two", "sync", "--yes")
    assert (refused.code, refused.out) == (2, "")
    assert "observer" in refused.err
    assert "octowizard profiles edit acme mode connector" in refused.err
    assert ended(home, "two", "sync", "--dry-run").code == 0


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
def test_the_first_order_to_stop_ends_orderly_with_130(home: Path, order: signal.Signals) -> None:
    process = begun(home, "waits", "sync", "--yes", "--json")
    assert process.stdout is not None
    until(process.stdout, '"document_booked"')
    process.send_signal(order)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    last = json.loads(out.splitlines()[-1])
    assert (last["event"], last["outcome"], last["left_for_later"]) == ("run_finished", "cancelled", 1)
    assert "Stopping after the write in flight" in err
    assert "Traceback" not in err


def test_the_second_order_leaves_at_once(home: Path) -> None:
    process = begun(home, "deaf", "sync", "--yes", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    until(process.stdout, '"document_booked"')
    process.send_signal(signal.SIGINT)
    until(process.stderr, "Stopping")
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")


@pytest.mark.parametrize("words", [["--json"], []])
def test_a_reader_that_leaves_stops_the_run_without_a_word(home: Path, words: list[str]) -> None:
    process = begun(home, "floods", "sync", "--yes", *words)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 130
    assert "Traceback" not in err
    assert "Broken" not in err


def test_a_document_that_does_not_wait_is_told(home: Path) -> None:
    run = ended(home, "nothing", "sync", "--yes", "--only", "2026 / 99")
    assert run.code == 1  # no run has ever met such a number
    assert "None of these documents waits to be booked: 2026 / 99." in run.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("words", [["sync", "--yes"], ["sync", "--yes", "--json"], ["sync", "--dry-run"]])
def test_a_full_stdout_lets_the_run_end_in_its_own_order_and_is_told_once(
    home: Path, words: list[str]
) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        process = begun(home, "floods", *words, stdout=full)
        _out, err = process.communicate(timeout=60)
    finally:
        os.close(full)
    assert process.returncode == 2
    assert "The play has come to its own end." in err
    assert [line for line in err.splitlines() if line.startswith("octowizard: ")] == [
        "octowizard: The disk is full: make room, then run the same command again."
    ]
    assert not (home / "crashes").exists()
