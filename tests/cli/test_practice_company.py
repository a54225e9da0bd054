"""The whole, as a user has it: the command line against the practice company, and what both sides hold after."""

import json
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.cli.commands import Ended, environment, octowizard, serving

SMALL = ("--customers", "12", "--documents", "10")


class Served:
    """A practice company in a process of its own."""

    def __init__(self, line: dict[str, Any]) -> None:
        self.connection = line
        self.url: str = line["control_url"]

    def world(self) -> Any:
        """All that both sides hold."""
        with urlopen(f"{self.url}/world", timeout=30) as answer:
            return json.load(answer)

    def post(self, what: str, body: object) -> Any:
        """Tell the control address something."""
        request = Request(
            f"{self.url}/{what}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)


@contextmanager
def served(home: Path, *words: str) -> Iterator[Served]:
    """Serve through `octowizard sandbox serve`, as anybody would."""
    with serving("--files", str(home), *words) as out:
        yield Served(json.loads(out.readline()))


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Served]:
    """A small healthy company, kept as the profile `acme`."""
    with served(tmp_path, "--scenario", "healthy", *SMALL) as present:
        added = octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", present.url)
        assert added.code == 0, added.err
        yield present


def test_one_command_syncs_a_whole_practice_company(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "--sandbox", "healthy", *SMALL, "sync", "--yes")
    assert ended.code == 0, ended.err
    assert "✔ Sync: complete in" in ended.out
    assert "booked as V1/" in ended.out


def test_nothing_of_a_practice_company_stays_behind(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    ended = octowizard(
        tmp_path / "home", "--sandbox", "healthy", *SMALL, "sync", "--dry-run", TMPDIR=str(temporary)
    )
    assert ended.code == 0, ended.err
    assert tempfile.gettempdir() != str(temporary)
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "home").exists()


def test_what_the_sync_says_is_what_both_sides_hold(tmp_path: Path, company: Served) -> None:
    ended = octowizard(tmp_path, "sync", "--yes", "--json")
    assert ended.code == 0, ended.err
    lines = ended.events()
    last = lines[-1]
    assert last["event"] == "run_finished"
    assert last["booked"] == 10
    assert last["failing"] == last["left_for_later"] == 0
    said = {
        (line["bookyear"], line["journal"], line["number"])
        for line in lines
        if line["event"] == "document_booked" and not line["found"]
    }
    world = company.world()
    held = [
        (booking["bookyearKey"]["id"], booking["journalKey"], booking["documentSequenceNr"])
        for booking in world["octopus"]["bookings"]
    ]
    assert len(said) == last["booked"]
    assert said <= set(held)
    assert len(held) == len(set(held))
    assert not [refusal for refusal in world["teamleader"]["refused"] if refusal["status"] == 429]


def test_the_preview_says_what_the_run_then_does(tmp_path: Path, company: Served) -> None:
    before = company.world()["octopus"]["bookings"]
    preview = octowizard(tmp_path, "sync", "--dry-run", "--json")
    assert (preview.code, company.world()["octopus"]["bookings"]) == (0, before)
    run = octowizard(tmp_path, "sync", "--yes", "--json")
    assert what_is_written(preview) == what_is_written(run)
    assert what_is_written(run)


def what_is_written(ended: Ended) -> set[tuple[Any, ...]]:
    """Bookings and payments, in whatever order the journals were written."""
    return {
        (line["event"], line["document"]["id"], line.get("journal"), line.get("number"), line.get("amount"))
        for line in ended.events()
        if line["event"] in ("document_booked", "payment_registered")
    }


def test_a_second_sync_has_nothing_left_to_do(tmp_path: Path, company: Served) -> None:
    octowizard(tmp_path, "sync", "--yes")
    again = octowizard(tmp_path, "sync", "--yes", "--json")
    last = again.events()[-1]
    assert again.code == 0
    assert (last["booked"], last["relations_created"], last["payments_registered"]) == (0, 0, 0)
    assert last["in_sync"] >= 10


def test_the_history_tells_of_the_sync(tmp_path: Path, company: Served) -> None:
    preview = octowizard(tmp_path, "sync", "--dry-run", "--json")
    number = next(e["document"]["number"] for e in preview.events() if e["event"] == "document_booked")
    assert "booked as" not in octowizard(tmp_path, "history", "--document", number).out
    octowizard(tmp_path, "sync", "--yes", "--json")
    assert "complete: 10 documents" in octowizard(tmp_path, "history").out
    assert "booked as" in octowizard(tmp_path, "history", "--document", number).out


def test_scenario_a_says_what_is_missing_and_ends_with_1(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "--sandbox", "a", "sync", "--yes")
    assert ended.code == 1, ended.err
    assert "Nothing was written." in ended.out


def test_a_wrong_password_is_tried_once_and_ends_with_3(tmp_path: Path, company: Served) -> None:
    (tmp_path / "profiles" / "acme" / "secrets" / "octopus_password").write_text("wrong-password")
    ended = octowizard(tmp_path, "sync", "--yes")
    assert ended.code == 3
    assert "Traceback" not in ended.err
    assert "wrong-password" not in ended.out + ended.err
    tried = [key for key in company.world()["octopus"]["refused"] if "authentic" in key["operation"].lower()]
    assert len(tried) == 1


def test_a_host_that_is_not_there_ends_with_3(tmp_path: Path) -> None:
    with served(tmp_path, "--scenario", "healthy", *SMALL) as present:
        octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", present.url)
    ended = octowizard(tmp_path, "sync", "--yes")
    assert ended.code == 3
    assert "Traceback" not in ended.err
    assert "127.0.0.1" in ended.out + ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_says_what_is_left_and_the_next_run_books_it(tmp_path: Path, company: Served) -> None:
    company.post(
        "faults",
        {
            "operation": "POST /dossiers/{dossierId}/buysellbookings",
            "kind": "latency",
            "milliseconds": 300,
        },
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "octowizard", "sync", "--yes", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(tmp_path),
    )
    assert process.stdout is not None
    while '"document_booked"' not in (line := process.stdout.readline()):
        assert line, process.communicate()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    last = json.loads(out.splitlines()[-1])
    assert last["outcome"] == "cancelled"
    assert last["booked"] + last["left_for_later"] == 10
    assert last["left_for_later"] > 0
    company.post("faults", {"clear": True})
    rest = octowizard(tmp_path, "sync", "--yes", "--json").events()[-1]
    assert rest["booked"] == last["left_for_later"]
    held = [
        (booking["journalKey"], booking["documentSequenceNr"])
        for booking in company.world()["octopus"]["bookings"]
    ]
    assert len(held) == len(set(held))


def test_one_document_can_be_synced_alone(tmp_path: Path, company: Served) -> None:
    preview = octowizard(tmp_path, "sync", "--dry-run", "--json").events()
    first = next(line["document"]["number"] for line in preview if line["event"] == "document_booked")
    run = octowizard(tmp_path, "sync", "--yes", "--json", "--only", first)
    booked = [line["document"]["number"] for line in run.events() if line["event"] == "document_booked"]
    assert booked == [first]


def test_secrets_of_real_accounts_in_the_environment_are_not_for_a_practice_company(tmp_path: Path) -> None:
    secrets = {"OCTOWIZARD_OCTOPUS_PASSWORD": "real-1", "OCTOWIZARD_TEAMLEADER_REFRESH_TOKEN": "real-2"}
    ended = octowizard(tmp_path, "--sandbox", "healthy", *SMALL, "sync", "--dry-run", **secrets)
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("words", [["sandbox", "scenarios"], ["sandbox", "scenarios", "--json"]])
def test_the_scenarios_are_listed(tmp_path: Path, words: list[str]) -> None:
    ended = octowizard(tmp_path, *words)
    assert ended.code == 0
    for name in ("healthy", "large", "a", "b", "c"):
        assert name in ended.out


def test_a_number_of_customers_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    ended = octowizard(
        tmp_path, "--sandbox", "healthy", "--customers", "0", "--documents", "5", "sync", "--yes"
    )
    assert ended.code == 2
    assert ended.err.count("octowizard: ") == 1
    assert ended.err.endswith("octowizard: 5 documents need at least one customer.\n")


@contextmanager
def slow_sync(home: Path, company: Served) -> Iterator["subprocess.Popen[str]"]:
    """A sync under way: it has booked its first document, and the next one takes a while."""
    slow = {"operation": "POST /dossiers/{dossierId}/buysellbookings", "kind": "latency", "milliseconds": 500}
    company.post("faults", slow)
    process = subprocess.Popen(
        [sys.executable, "-m", "octowizard", "sync", "--yes", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env=environment(home),
    )
    assert process.stdout is not None
    try:
        while '"document_booked"' not in process.stdout.readline():
            assert process.poll() is None
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def test_a_second_octowizard_is_refused_while_the_first_one_syncs(tmp_path: Path, company: Served) -> None:
    with slow_sync(tmp_path, company):
        second = octowizard(tmp_path, "sync", "--yes")
    assert (second.code, second.out, second.err.count("\n")) == (2, "", 1)


def test_a_killed_sync_is_finished_by_the_next_and_books_nothing_twice(
    tmp_path: Path, company: Served
) -> None:
    before = len(company.world()["octopus"]["bookings"])
    with slow_sync(tmp_path, company) as process:
        process.kill()
    company.post("faults", {"clear": True})
    again = octowizard(tmp_path, "sync", "--yes", "--json")
    assert again.code == 0, again.err
    assert again.events()[0]["resumed"] is True
    held = company.world()["octopus"]["bookings"]
    assert len(held) == before + 10
    assert len({(b["journalKey"], b["documentSequenceNr"]) for b in held}) == len(held)


@pytest.mark.parametrize("harm", ["damaged", "newer"])
def test_a_workspace_that_cannot_be_used_is_one_sentence_and_nothing_is_booked(
    tmp_path: Path, company: Served, harm: str
) -> None:
    path = tmp_path / "profiles" / "acme" / "workspace.sqlite"
    if harm == "damaged":
        path.write_bytes(b"not a database at all" * 100)
    else:
        with closing(sqlite3.connect(path)) as newer:
            newer.execute("PRAGMA journal_mode=WAL")
            newer.execute("PRAGMA user_version=999")
    path.chmod(0o600)  # as octowizard makes it
    kept = path.read_bytes()
    ended = octowizard(tmp_path, "sync", "--yes")
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert str(path) in ended.err
    assert path.read_bytes() == kept
    assert company.world()["octopus"]["calls"].get("POST /dossiers/{dossierId}/buysellbookings", 0) == 0
