"""`octowizard why` as a user and a script have it: one company, served, and synced once."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import main
from octowizard.session.session import Session
from octowizard.workspace.profiles import load
from tests.cli.commands import Ended
from tests.cli.test_duplicates import home
from tests.cli.test_practice_company import Served, served

__all__ = ["home"]  # a fixture

Ask = Callable[..., Ended]


@pytest.fixture
def ask(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[tuple[Ask, Served]]:
    """Runs `octowizard ...` in this process, on a company of six customers and eight documents."""

    def run(*words: str) -> Ended:
        capfdbinary.readouterr()
        code = main.run(list(words))
        out, err = capfdbinary.readouterr()
        return Ended(code, out.decode(), err.decode())

    with served(home, "--scenario", "healthy", "--customers", "6", "--documents", "8") as company:
        assert main.run(["profiles", "add", "acme", "--sandbox-url", company.url]) == 0
        yield run, company


def body(ended: Ended) -> dict[str, Any]:
    (line,) = ended.out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_an_empty_word_is_no_name_and_a_day_that_was_given_is_not_asked_again(
    ask: tuple[Ask, Served], home: Path
) -> None:
    run, company = ask
    for words, what in (
        (("why", ""), "No document was named"),
        (("why", " ", ""), "No document was named"),
        (("setup", "--write-answers", ""), "No file was named"),
        (("setup", "--answers", " "), "No file was named"),
    ):
        refused = run(*words)
        assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
        assert what in refused.err
    added = run("profiles", "add", "other", "--sandbox-url", company.url, "--from", "2026-02-01")
    assert added.code == 0, added.err
    for name, agreed in (("other", "2026-02-01"), ("acme", None)):
        assert Session(home, load(home, name)).setup.standing().decisions.get("start-date") == agreed


def test_a_document_is_told_by_number_id_and_booking_and_what_is_none_in_one_sentence(
    ask: tuple[Ask, Served],
) -> None:
    run, _company = ask
    nothing = run("why", "2026 / 2", "--offline")
    assert (nothing.code, nothing.out, nothing.err.count("\n")) == (3, "", 1)
    assert "were not read" in nothing.err

    waits = run("why", "2026", "/", "2")  # without quotes
    assert waits.code == 0, waits.err
    assert waits.out.startswith("○ Invoice 2026 / 2  ")
    for label in ("Teamleader: ", "Octopus: Not booked", "Next sync: It is booked as V1/", "What to do: "):
        assert label in waits.out
    told = body(run("why", "2026/2", "--json", "--offline"))
    assert (told["schema"], told["command"], told["profile"], told["state"]) == (1, "why", "acme", "to-book")
    assert isinstance(told["document"]["amount"], float | int)
    assert body(run("why", told["document"]["id"], "--json", "--offline")) == told
    title, *lines = run("why", "2026/1", "--offline").out.splitlines()
    assert title.startswith("○ Credit note 2026/1  ")
    (below_zero,) = {word.rstrip(".:") for line in lines for word in line.split() if word.startswith("-")}
    assert f"  {below_zero}  " in f"{title}  "  # the sign that its booking has

    previewed = run("sync", "--dry-run")
    assert previewed.code == 0
    history = run("history", "--document", "2026 / 2")
    assert (history.code, history.out) == (0, "")
    assert "only previewed" in history.err

    assert run("sync", "--yes").code == 0
    booked = body(run("why", "2026 / 2", "--json"))
    place = f"{booked['booking']['journal']}/{booked['booking']['number']}"
    assert booked["state"] == "in-sync"
    assert body(run("why", place, "--json", "--offline"))["document"] == booked["document"]
    assert "booked as" in run("history", "--document", "2026 / 2").out
    newest = run("history", "--json").out.splitlines()[
        0
    ]  # its days are those of the company, as all others are
    assert json.loads(newest)["started"][:10] == booked["taken_at"][:10] == booked["booking"]["since"][:10]

    unknown = run("why", "2026 / 77")
    assert (unknown.code, unknown.out, unknown.err.count("\n")) == (2, "", 1)
    assert "the nearest are" in unknown.err
    several = run("why", "2026 / 1", "--offline")
    if several.code == 2:  # an invoice and a credit note may bear one number
        assert "so give the id" in several.err


def test_what_is_stopped_ends_with_1_and_names_the_menu_first(ask: tuple[Ask, Served]) -> None:
    run, company = ask
    company.post("do", {"action": "set-closed-period", "journal": "V1", "period": "202612"})
    stopped = run("why", "2026 / 2")
    assert stopped.code == 1
    assert "✖ Stops it: Period" in stopped.out
    lines = stopped.out.splitlines()
    assert "Teamleader ✔ ──▶ Octopus ✖ blocked ──▶ matched – ──▶ paid ○" in lines[1]
    assert "Stops it" in lines[2]
    assert "What to do: Octopus: Beheer > Dagboeken" in lines[3]  # the cure before all that shows it
    told = body(run("why", "2026 / 2", "--json", "--offline"))
    assert told["stops"][0]["problem"] == "closed-period"
    assert told["next"] == told["stops"][0]["fix"][0]
