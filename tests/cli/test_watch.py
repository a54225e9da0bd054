"""`octowizard watch` as a user runs it: against a served practice company in another process."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.cli.console import Console
from octowizard.cli.main import run
from octowizard.cli.watch import Narrative
from octowizard.presentation.watching import next_step
from octowizard.sync import events
from octowizard.workspace import profiles
from tests.cli.commands import environment
from tests.cli.test_narrative import CLOSED, document
from tests.sync.company import PROFILE, Company, company


@pytest.fixture
def observed(tmp_path: Path) -> Iterator[Company]:
    """A company without limits, so that a watch looks every two seconds, and a profile that watches."""
    with company(tmp_path, "--documents", "8", "--customers", "8", "--limits", "off") as served:
        mode(served, "observer")
        yield served


def mode(served: Company, chosen: str) -> None:
    profile = profiles.load(served.home, PROFILE)
    profiles.save(served.home, msgspec.structs.replace(profile, mode=chosen))


def command(served: Company, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """A command in this process: its exit code, and what it wrote."""
    code = run(["--profile", PROFILE, *words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def here(observed: Company, monkeypatch: pytest.MonkeyPatch) -> Company:
    """The same, for commands that run in this process."""
    for name, value in environment(observed.home).items():
        if name.startswith("OCTOWIZARD_"):
            monkeypatch.setenv(name, value)
    return observed


def begun(served: Company) -> subprocess.Popen[str]:
    """A watch under way, its events on stdout."""
    return subprocess.Popen(
        [sys.executable, "-m", "octowizard", "--profile", PROFILE, "watch", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(served.home),
    )


def lines(watch: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert watch.stdout is not None
    return (json.loads(line) for line in watch.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_documents_arrive_while_it_is_killed_stopped_and_begun_again_each_once(observed: Company) -> None:
    arrived: list[str] = []

    def until(watch: subprocess.Popen[str], number: int) -> None:
        for event in lines(watch):
            if event["event"] == "document_arrived":
                arrived.append(event["document"]["number"])
            if event["event"] == "watch_looked" and len(arrived) >= number:
                return

    booked = [one["document"] for one in observed.do("native-sync", count=2)["booked"]]
    first = begun(observed)
    until(first, 2)
    first.kill()
    first.communicate()
    booked += [one["document"] for one in observed.do("native-sync", count=3)["booked"]]
    second = begun(observed)
    until(second, 5)
    second.send_signal(signal.SIGINT)  # while it waits
    out, err = second.communicate(timeout=60)
    assert second.returncode == 130, err
    assert json.loads(out.splitlines()[-1])["outcome"] == "cancelled"
    third = begun(observed)
    until(third, 5)
    booked += [one["document"] for one in observed.do("native-sync")["booked"]]
    until(third, 8)
    out, err = third.communicate(timeout=60)
    assert third.returncode == 0, err
    assert sorted(arrived) == sorted(booked)
    assert len(set(arrived)) == 8


def test_it_tells_what_arrived_what_is_missing_and_why(
    here: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    here.do("native-sync", count=2)
    here.do("set-secured-period", journal="V1", period="202610")
    code, out, err = command(here, capsys, "watch", "--for", "1s")
    assert code == 1
    assert "2 documents stood in Octopus already and are recognised now." in err
    assert "octowizard writes nothing to either side." in err
    assert "Period 202610 is secured in V1" in out
    assert "✖ " in out
    assert "What to do" in out
    assert "▲ Watch: ended after" in out
    assert "2 booked" in out
    here.do("set-secured-period", journal="V1", period="0")
    here.do("native-sync")
    code, out, err = command(here, capsys, "watch")
    assert (code, "✔ Watch: all has arrived" in out) == (0, True)
    assert "stood in Octopus already" in err


def test_an_observer_does_not_sync_and_a_connector_does_not_watch(
    here: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = command(here, capsys, "sync", "--yes")
    assert (code, out) == (2, "")
    assert "observer mode" in err
    mode(here, "connector")
    code, out, err = command(here, capsys, "watch")
    assert (code, out) == (2, "")
    assert "connector mode" in err
    here.do("native-sync", count=1)
    code, out, err = command(here, capsys, "sync", "--yes")
    assert code == 1
    assert "Another connector, or a person, books these documents too" in out
    assert len(here.world()["octopus"]["bookings"]) == 1


def narrated(*happened: events.Event) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    narrative = Narrative(Console(out, err))
    for event in happened:
        narrative.tell(event)
    return out.getvalue(), err.getvalue()


COUNTS: dict[str, Any] = {
    "in_sync": 3, "arrived": 1, "waiting": 1, "blocked": 0, "excluded": 1, "payments_awaited": 1,
    "payments_back": 1,
}  # fmt: skip


def test_every_event_of_a_watch_is_told_in_words() -> None:
    one, other = document("2026 / 7"), document("2026 / 8")
    paid: dict[str, Any] = {"document": one, "amount": Decimal("12.10"), "paid_on": date(2026, 4, 2)}
    out, err = narrated(
        events.WatchStarted(
            profile="acme", octopus="9", teamleader="Maes", start_date=date(2026, 1, 1), seconds=1800
        ),
        events.DocumentArrived(document=other, bookyear=5, journal="V1", number=8, already=True),
        events.DocumentFailed(document=one, explanation=CLOSED),
        events.WatchLooked(look=1, looks_left=40, **COUNTS),
        events.Waiting(vendor="Octopus", why="next_look", seconds=75),
        events.Waiting(vendor="Octopus", why="next_look", seconds=74),
        events.Waiting(vendor="Octopus", why="next_look", seconds=0),
        events.DocumentWaiting(document=one),
        events.DocumentArrived(document=one, bookyear=5, journal="V1", number=7, relation=12),
        events.PaymentAwaited(**paid),
        events.PaymentRegistered(in_full=True, **paid),
        events.WatchLooked(look=2, looks_left=1, **COUNTS | {"in_sync": 4}),
        events.Waiting(vendor="Octopus", why="spent", seconds=7200),
        events.Notice(message="Octopus cannot be reached.", level="warning"),
        events.WatchFinished(outcome="attention", looks=2, calls=9, seconds=1800.0, **COUNTS),
    )
    for words in (
        "Watching for 30 min what",
        "1 document stood in Octopus already and is recognised now.",
        "● 3 booked · 1 not there yet · 0 blocked · 1 excluded · 1 payment to come back · 40 looks left today · "
        "looks again in 1 min",
        "nothing is seen any more that stops it",
        "today's calls to Octopus are used up: looks again in 2 h 00 min",
        "▲ Octopus cannot be reached.",
    ):
        assert words in err
    assert err.count("looks again in 1 min") == 1
    for words in (
        "Period 3 is closed",
        "has arrived as V1/7",
        "12,10 paid on 02/04/2026, not in Teamleader yet",
        "12,10 paid on 02/04/2026, registered in Teamleader: paid in full",
        "▲ Watch: ended after 30 min: 1 document has arrived, 1 payment has come back.",
        "Nothing is seen that stops what is not there yet",
    ):
        assert words in out
    assert "V1/8" not in out  # it had arrived before


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("complete", "✔ Watch: all has arrived, after 5 s"),
        ("cancelled", "○ Watch: stopped after 5 s"),
        ("limit", "○ Watch: ended after 5 s, with today's calls to Octopus used up"),
        ("unreachable", "✖ The sign-in was refused."),
    ],
)
def test_each_end_of_a_watch_has_its_sentence(outcome: Any, words: str) -> None:
    message = "The sign-in was refused." if outcome == "unreachable" else ""
    done = events.WatchFinished(outcome=outcome, looks=2, calls=9, seconds=5.0, message=message, **COUNTS)
    assert words in narrated(done)[0]


def test_who_books_is_changed_by_a_guarded_command(here: Company, capsys: pytest.CaptureFixture[str]) -> None:
    """Two choices: that the other integration is off, and then that octowizard books."""

    def edit(*words: str) -> tuple[int, str]:
        code = run(["profiles", "edit", PROFILE, *words])
        return code, capsys.readouterr().err

    assert command(here, capsys, "watch", "--for", "1s")[0] == 1
    code, err = edit("mode", "connector")
    assert (code, profiles.load(here.home, PROFILE).mode) == (2, "observer")
    assert "documents are booked twice" in err
    assert "--accept-loss" in err
    assert edit("other-connector-off", "yes")[0] == 0
    assert edit("mode", "connector")[0] == 0
    assert profiles.load(here.home, PROFILE).mode == "connector"
    assert edit("mode", "observer")[0] == 0
    assert edit("mode", "connector")[0] == 2


@pytest.mark.parametrize("span", ["", "30", "0s", "8d", "-5m", "200h", "1h 30m", "m"])
def test_a_time_that_is_none_is_one_sentence(span: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["watch", f"--for={span}"]) == 2
    assert "write it as 30m, 2h, 90s or 1h30m" in capsys.readouterr().err


def test_with_nobody_to_answer_it_waits_for_them_and_ends_with_3(
    here: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = profiles.load(here.home, PROFILE)
    dead = "http://127.0.0.1:1/octopus"
    profiles.save(here.home, msgspec.structs.replace(profile, octopus_url=dead))
    code, out, err = command(here, capsys, "watch", "--for", "1s")
    assert code == 3
    assert "cannot be reached" in err
    assert "without seeing both sides.\n" in out
    assert "0 booked" not in out + err  # nothing was seen, so nothing is counted


def test_where_only_a_payment_is_awaited_no_document_is_said_to_be_missing() -> None:
    counts = {**COUNTS, "waiting": 0, "blocked": 0, "payments_awaited": 1}
    done = events.WatchFinished(outcome="attention", looks=2, calls=9, seconds=5.0, message="", **counts)
    assert next_step(done).startswith("All documents are there")
