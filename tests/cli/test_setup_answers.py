"""`setup --write-answers` and `--answers`: one set-up done by hand, the next one by its file."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import main
from octowizard.workspace import decisions, profiles
from octowizard.workspace.db import Workspace
from tests.cli.commands import Ended
from tests.sync.company import PROFILE, Company, company

SMALL = ("--scenario", "a", "--customers", "6", "--documents", "4")


class Office:
    """Commands in this process, each in the home of one practice company."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capture = monkeypatch, capfd

    def at(self, present: Company, *words: str) -> Ended:
        self._patch.setenv("OCTOWIZARD_HOME", str(present.home))
        self._capture.readouterr()
        code = main.run(["--profile", PROFILE, *words])
        return Ended(code, *self._capture.readouterr())

    def well(self, present: Company, *words: str) -> Ended:
        ended = self.at(present, *words)
        assert ended.code == 0, (words, ended.out, ended.err)
        return ended

    def status(self, present: Company) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.at(present, "setup", "--offline", "--json").out)
        return found


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Office:
    for name in [name for name in os.environ if name.startswith("OCTOWIZARD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OCTOWIZARD_LANGUAGE", "en")
    return Office(monkeypatch, capfd)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Company, Company]]:
    """Two companies of scenario A, of another seed."""
    with ExitStack() as served:
        homes = [tmp_path / name for name in ("first", "second")]
        for home in homes:
            home.mkdir()
        first, second = (
            served.enter_context(company(home, *SMALL, "--seed", str(seed)))
            for seed, home in enumerate(homes, 1)
        )
        yield first, second


def kept(present: Company) -> tuple[profiles.Profile, dict[str, Any]]:
    """All that an answers file may change of a profile."""
    profile = profiles.load(present.home, PROFILE)
    with Workspace.open(present.home, PROFILE) as workspace:
        found = decisions.beginning(workspace)
    found.pop("first_look", None)  # each company has its own customers
    return profile, found


def by_name(office: Office, present: Company) -> dict[str, tuple[str, str]]:
    """Where each row of the mapping leads, and where that comes from, by names."""
    rows = json.loads(office.at(present, "mapping", "--json").out)["rows"]
    return {row["label"]: (row["value"], row["origin"]) for row in rows}


def finished_by_hand(office: Office, present: Company) -> None:
    """Every question, choice and step, as an office does the first of its companies."""
    for words in (
        "declare booster no",
        "choose invoice-journal V3",
        "choose octopus-language en",
        "choose message-language fr",
        "start 2026-01-01",
        "declare calendar-year yes",
        "declare vat-quarterly no",
        "do create-fiscal-year --yes",
        "do create-journals --yes",
    ):
        office.well(present, "setup", *words.split())
    for words in ("declare accounts yes", "do check-accounts --yes", "declare no-contractor yes"):
        office.well(present, "setup", *words.split())
    office.well(present, "mapping", "set", "21%", "21")
    for words in ("do first-sync --yes", "skip payments", "declare automatic yes"):
        office.well(present, "setup", *words.split())


def test_a_set_up_written_to_a_file_and_applied_to_the_next_company_ends_equal(
    office: Office, both: tuple[Company, Company], tmp_path: Path
) -> None:
    first, second = both
    finished_by_hand(office, first)
    assert office.status(first)["current"] is None
    file = tmp_path / "answers.toml"
    office.well(first, "setup", "--write-answers", str(file))
    again = office.at(first, "setup", "--write-answers", str(file))
    assert (again.code, "is there already" in again.err) == (2, True)
    text = file.read_text(encoding="utf-8")
    assert "# Is the VAT return filed every quarter? (With no: every month.)\nvat-quarterly = false" in text
    assert {"invoice-journal": "V3", "message-language": "fr"}.items() <= tomllib.loads(text)[
        "choices"
    ].items()
    assert tomllib.loads(text)["rates"] == {"21%": "21"}
    assert str(first.line["dossier_id"]) not in text

    before = kept(second)
    unasked = office.at(second, "setup", "--answers", str(file))
    assert (unasked.code, "--yes" in unasked.err) == (2, True)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        text.replace("booster =", "boster =")
        .replace("no-contractor = true\n", "")
        .replace('"21%"', '"21 %"')
        .replace('invoice-journal = "V3"', 'invoice-journal = "F3"'),
        encoding="utf-8",
    )
    refused = office.at(second, "setup", "--answers", str(wrong), "--yes")
    assert refused.code == 2
    for said in (
        "[questions] boster: not known here; the nearest that is: “booster”.",
        "[questions] no-contractor: not answered: Have all customers",
        "[questions] booster: not answered: Does this Teamleader account",
        "[rates] 21 %: not known here; the nearest that is: “21%”.",
        "[choices] invoice-journal: “F3” is no sales journal",
        "Nothing was kept: 5 answers of",
    ):
        assert said in refused.err
    assert kept(second) == before
    assert second.world()["octopus"]["bookyears"] == []

    office.well(second, "setup", "--answers", str(file), "--yes")
    one, other = office.status(first), office.status(second)
    assert other["current"] is None
    assert [(step["id"], step["state"]) for step in one["steps"]] == [
        (step["id"], step["state"]) for step in other["steps"]
    ]
    assert by_name(office, first) == by_name(office, second)
    mine, theirs = kept(first), kept(second)
    for member in ("start_date", "mode", "numbering", "invoice_journal", "octopus_language", "locale_id"):
        assert getattr(mine[0], member) == getattr(theirs[0], member)
    assert mine[1] == theirs[1]
    journals = [
        sorted(
            (each["bookyearKey"]["id"], each["journalKey"]) for each in side.world()["octopus"]["journals"]
        )
        for side in both
    ]
    assert journals[0] == journals[1]
    # The same file once more finds that all of it holds.
    assert "holds here already" in office.well(second, "setup", "--answers", str(file), "--yes").err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[choices\n", "It is no TOML"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"version = 7\n", "It does not begin with version = 1"),
        (b"", "It does not begin with version = 1"),
        (None, "No such file"),
    ],
)
def test_a_file_that_is_none_of_answers_is_one_sentence(
    office: Office, tmp_path: Path, served: Company, body: bytes | None, said: str
) -> None:
    file = tmp_path / "answers.toml"
    if body is not None:
        file.write_bytes(body)
    ended = office.at(served, "setup", "--answers", str(file), "--yes")
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
    assert said in ended.err
    assert str(file) in ended.err


def test_a_file_agrees_to_no_loss(office: Office, tmp_path: Path, served: Company) -> None:
    office.well(served, "setup", "declare", "booster", "no")
    file = tmp_path / "unasked.toml"
    unfinished = office.at(served, "setup", "--write-answers", str(file))
    assert (unfinished.code, "Not answered here yet: What is the start date" in unfinished.err) == (1, True)
    assert "# start-date = 2026-" in file.read_text(encoding="utf-8")
    office.well(served, "setup", "start", "2026-01-01")
    file = tmp_path / "answers.toml"
    office.at(served, "setup", "--write-answers", str(file))
    office.well(served, "sync", "--yes")
    later = file.read_text(encoding="utf-8").replace("start-date = 2026-01-01", "start-date = 2026-11-18")
    file.write_text(later, encoding="utf-8")
    ended = office.at(served, "setup", "--answers", str(file), "--yes")
    assert ended.code == 2
    assert "lie before 18/11/2026" in ended.err
    assert "octowizard setup choose start-date 2026-11-18" in ended.err
    assert profiles.load(served.home, PROFILE).start_date.isoformat() == "2026-01-01"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(tmp_path_factory.mktemp("served"), "--customers", "8", "--documents", "4") as present:
        yield present


def test_a_complete_set_up_without_a_document_yet_leaves_what_comes_later_for_later_and_fits_the_next(
    office: Office, both: tuple[Company, Company], tmp_path: Path
) -> None:
    """Nothing was booked, so nobody was asked whether the sync runs by itself: the file says so, and is whole."""
    first, second = both
    for words in (
        "declare booster no",
        "start 2027-01-01 --accept-loss",  # nothing is dated so late
        "declare calendar-year yes",
        "declare vat-quarterly no",
        "do create-fiscal-year --yes",
        "do create-journals --yes",
        "declare accounts yes",
        "do check-accounts --yes",
        "declare no-contractor yes",
    ):
        office.well(first, "setup", *words.split())
    status = office.status(first)
    assert status["current"] is None, status["current"]
    file = tmp_path / "answers.toml"
    office.well(first, "setup", "--write-answers", str(file))
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    assert written["later"] == ["automatic"]
    office.well(second, "setup", "start", "2027-01-01", "--accept-loss")  # a file accepts no loss
    office.well(second, "setup", "--answers", str(file), "--yes")
    other = office.status(second)
    assert [(step["id"], step["state"]) for step in status["steps"]] == [
        (step["id"], step["state"]) for step in other["steps"]
    ]
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        file.read_text(encoding="utf-8").replace('["automatic"]', '["automatik"]'), encoding="utf-8"
    )
    refused = office.at(second, "setup", "--answers", str(wrong), "--yes")
    assert (refused.code, "[later] automatik: not known here" in refused.err) == (2, True)
