"""`octowizard fleet`: many profiles by one command."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from octowizard.workspace.profiles import add_without_accounts
from tests.cli.commands import octowizard
from tests.sync.company import PROFILE, company


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two profiles that ask nobody, and one that cannot be read."""
    for name in ("north", "south"):
        add_without_accounts(tmp_path, name, date(2026, 1, 1))
    (tmp_path / "profiles" / "broken").mkdir()
    (tmp_path / "profiles" / "broken" / "profile.json").write_text("{", encoding="utf-8")
    return tmp_path


def test_every_profile_has_a_line_and_one_that_is_broken_keeps_no_other_from_being_checked(
    home: Path,
) -> None:
    ended = octowizard(home, "fleet", "check", "--all", "--json")
    *lines, last = ended.events()
    assert {line["profile"]: line["verdict"] for line in lines} == {
        "north": "unknown",  # nobody has told yet what its sides are like
        "south": "unknown",
        "broken": "unusable",
    }
    assert "cannot be read" in next(line["why"] for line in lines if line["profile"] == "broken")
    assert (ended.code, last["exit_code"], last["profiles"]) == (2, 2, 3)
    shown = octowizard(home, "fleet", "check", "north", "broken")
    assert [line.split()[:2] for line in shown.out.splitlines()[2:4]] == [["?", "north"], ["✖", "broken"]]
    assert "south" not in shown.out
    assert "✖ broken: The profile" in shown.out
    assert octowizard(home, "fleet", "check", "south").code == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check"], "Name the profiles, or give --all"),
        (["check", "--all", "north"], "Name the profiles, or give --all"),
        (["check", "--all", "--at-once", "0"], "--at-once takes 1 to 64, not 0."),
        (["check", "--all", "--offline", "--fresh"], "--offline asks nobody"),
        (["sync", "--all"], "There is no terminal to ask on: add --yes to write"),
        (["setup", "--all"], "--answers"),
        (["--profile", "north", "check", "--all"], "`fleet` works on your own profiles"),
    ],
)
def test_what_is_not_clear_is_not_done(home: Path, words: list[str], said: str) -> None:
    ended = octowizard(home, "fleet", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_answers_that_cannot_be_read_are_told_for_each_profile(home: Path) -> None:
    ended = octowizard(home, "fleet", "setup", "--answers", str(home / "none.toml"), "--all", "--yes")
    assert ended.code == 2
    assert [
        line for line in ended.err.splitlines() if line.startswith(("north: ", "south: ", "broken: "))
    ] != []
    assert ended.out.split() == ["broken", "north", "south"]


def test_a_sync_of_all_books_once_in_each_that_can(home: Path) -> None:
    with company(home, "--documents", "6", "--customers", "4") as served:
        ended = octowizard(home, "fleet", "sync", "--all", "--yes", "--json")
        said = {line["profile"]: line["said"] for line in ended.events()[:-1]}
        verdicts = {line["profile"]: line["verdict"] for line in ended.events()[:-1]}
        assert verdicts == {PROFILE: "well", "north": "unusable", "south": "unusable", "broken": "unusable"}
        assert "6 documents" in said[PROFILE]
        booked = len(served.world()["octopus"]["bookings"])
        again = octowizard(home, "fleet", "sync", PROFILE, "--yes")
        assert (again.code, len(served.world()["octopus"]["bookings"])) == (0, booked)
        assert "nothing to write" in again.out
