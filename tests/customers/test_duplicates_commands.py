"""`duplicates import|merge|undo`: scenario C from two lists that nobody linked to one list of customers, and back."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import main
from octowizard.teamleader.models import IMPORT_TAG
from tests.cli.commands import Ended
from tests.customers.pairs import substance
from tests.sync.company import PROFILE, Company, company, environment

Json = dict[str, Any]
Said = Callable[..., tuple[Ended, Json]]


@pytest.fixture
def present(tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path, "--scenario", "c", "--customers", "40", "--limits", "off") as served:
        yield served


@pytest.fixture
def run(
    present: Company, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Ended]:
    """Runs `octowizard duplicates ...` in this process, where nobody can be asked."""
    for name, value in (("OCTOWIZARD_HOME", str(present.home)), ("OCTOWIZARD_LANGUAGE", "en")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def ran(*words: str) -> Ended:
        capfdbinary.readouterr()
        code = main.run(["--profile", PROFILE, "duplicates", *words])
        out, err = capfdbinary.readouterr()
        return Ended(code, out.decode(), err.decode())

    return ran


@pytest.fixture
def said(run: Callable[..., Ended]) -> Said:
    """A command with --json, and the object it prints."""

    def told(*words: str) -> tuple[Ended, Json]:
        ended = run(*words, "--json")
        assert "Traceback" not in ended.err, ended.err
        (line,) = ended.out.splitlines()
        return ended, json.loads(line)

    return told


def companies(present: Company) -> dict[str, Json]:
    """The companies of Teamleader by id."""
    return {data["id"]: data for data in present.world()["teamleader"]["companies"]}


def import_everybody(present: Company) -> None:
    """As Teamleader's own slider does: all of Octopus, whoever is there already."""
    words = [sys.executable, "-m", "tests.customers.importer", str(present.home)]
    subprocess.run(words, env=environment(present.home), check=True, capture_output=True)


def test_a_preview_writes_nothing_and_the_import_does_what_it_said(present: Company, said: Said) -> None:
    before = companies(present)
    ended, foreseen = said("import")
    assert (ended.code, foreseen["written"], foreseen["result"]) == (1, False, None)
    assert companies(present) == before
    assert all(loss["why"] for one in foreseen["not_carried"] for loss in one["losses"])
    assert sum(foreseen["losses"].values()) == sum(
        len({loss["what"] for loss in one["losses"]}) for one in foreseen["not_carried"]
    )
    ended, done = said("import", "--yes")
    assert ended.code == 1  # answers are wanting
    assert done["counts"] == foreseen["counts"]
    assert done["result"]["linked"] == len(foreseen["same"]) > 20
    assert done["result"]["made"] == foreseen["counts"]["new"] > 0
    assert {one["relation"] for one in done["doubtful"]} == {one["relation"] for one in foreseen["doubtful"]}
    again = said("import", "--yes")[1]
    assert (again["result"]["linked"], again["result"]["made"]) == (0, 0)


def test_duplicates_of_an_import_are_merged_and_brought_back(
    present: Company, said: Said, run: Callable[..., Ended]
) -> None:
    before = companies(present)
    import_everybody(present)
    doubled = companies(present)
    assert len(doubled) > len(before) + 20
    ended, plan = said("merge")
    assert (plan["written"], plan["result"]) == (False, None)
    assert len(plan["pairs"]) > 15
    assert companies(present) == doubled
    ended, done = said("merge", "--yes")
    assert ended.code == (1 if done["not_merged"] else 0)
    assert done["result"]["outcome"] == ("attention" if done["not_merged"] else "complete")
    after = companies(present)
    gone = {one["gone"] for one in done["result"]["merged"]}
    assert gone == {pair["gone"] for pair in plan["pairs"]}
    assert set(after) == set(doubled) - gone
    assert set(before) <= set(after)  # those with a history all stay
    for one in done["result"]["merged"]:
        left, right = doubled[one["gone"]], after[one["survivor"]]
        assert {e["email"].casefold() for e in left["emails"]} <= {
            e["email"].casefold() for e in right["emails"]
        }
        assert set(left["tags"]) <= set(right["tags"])
        numbers = ["".join(filter(str.isdigit, c["vat_number"] or "")) for c in (left, right)]
        assert not all(numbers) or numbers[0] == numbers[1]
    last = done["result"]["merged"][-1]
    ended, back = said("undo")
    assert (ended.code, back["pack"], back["made"]) == (0, last["pack"], True)
    assert last["gone"] in " ".join(back["lost"])
    now = companies(present)
    assert substance(now[back["company"]]) == substance(doubled[last["gone"]])
    assert substance(now[last["survivor"]]) == substance(doubled[last["survivor"]])
    listed = {one["pack"]: one["state"] for one in said("undo", "--list")[1]["packs"]}
    assert Counter(listed.values()) == {"merged": len(gone) - 1, "undone": 1}
    ended = run("undo", str(last["pack"]))
    assert ended.code == 2
    assert "undone already" in ended.err


def test_without_yes_nothing_is_written_and_one_pair_is_merged_when_one_is_named(
    present: Company, said: Said, run: Callable[..., Ended]
) -> None:
    import_everybody(present)
    before = companies(present)
    for part in ("import", "merge"):
        ended = run(part)
        assert "Nothing was written" in ended.err or "nothing to link" in ended.err
    assert companies(present) == before
    assert run("undo").code == 2
    plan = said("merge")[1]["pairs"]
    shown = run("merge")
    for pair in plan:  # names alone would not say which of the two it is
        assert re.search(rf"\(Teamleader {pair['survivor'][:8]} · .+\) stays\.", shown.out + shown.err)
        assert re.search(rf"\(Teamleader {pair['gone'][:8]} · .+\) goes\.", shown.out + shown.err)
    wanted, other = plan[0], plan[1]
    done = said("merge", "--pair", wanted["gone"], wanted["survivor"], "--yes")[1]
    assert [one["gone"] for one in done["result"]["merged"]] == [wanted["gone"]]
    assert other["gone"] in companies(present)
    assert IMPORT_TAG in companies(present)[other["gone"]]["tags"]
    refused = said("merge", "--pair", wanted["survivor"], other["survivor"], "--yes")
    assert refused[0].code == 1
    assert refused[1]["not_merged"][0]["obstacle"] in ("vat_veto", "name_alone")
