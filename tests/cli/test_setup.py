"""`octowizard setup` as a user runs it: from two sets of credentials to a clean first sync, by this command alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from octowizard.matching.keys import name_key
from octowizard.matching.vat_numbers import vat_key
from octowizard.workspace import decisions
from octowizard.workspace.db import Workspace
from tests.cli.commands import Ended, environment, octowizard
from tests.sync.company import PROFILE, Company, company

Json = dict[str, Any]


def setup(home: Path, *words: str) -> Ended:
    """One `octowizard setup`, on a stdin that is no terminal."""
    return octowizard(home, "--profile", PROFILE, "setup", *words)


def well(home: Path, *words: str) -> Ended:
    """One that must end well."""
    ended = setup(home, *words)
    assert ended.code == 0, (words, ended.out, ended.err)
    return ended


def told(ended: Ended) -> Json:
    """The object of --json: the last line."""
    found: Json = json.loads(ended.out.splitlines()[-1])
    return found


def decided(home: Path, **decision: bool) -> None:
    """What a user has said before, put where it is kept."""
    with Workspace.open(home, PROFILE) as workspace:
        for key, value in decision.items():
            decisions.put(workspace, key.replace("__", "/").replace("_", "-"), value)


def started(home: Path) -> None:
    """The user agrees to the start date as it is: nobody assumes it."""
    well(home, "declare", "start-date", "yes")


def states(found: Json) -> dict[str, str]:
    return {step["id"]: step["state"] for step in found["steps"]}


def test_an_empty_octopus_comes_to_a_clean_first_sync_by_this_command_alone(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "a", "--customers", "12", "--documents", "12") as present:
        first = setup(tmp_path, "--status", "--json")
        assert (first.code, first.err) == (1, "")
        begun = told(first)
        assert (begun["scenario"], begun["current"]) == ("a", "choose-connector")
        well(tmp_path, "declare", "booster", "no")
        asked = setup(tmp_path, "do", "create-fiscal-year", "--yes")
        assert (asked.code, asked.out) == (2, "")
        assert "from 1 January to 31 December?" in asked.err
        assert "octowizard setup declare calendar-year yes|no" in asked.err
        assert present.world()["octopus"]["bookyears"] == []
        well(tmp_path, "declare", "calendar-year", "yes")
        asked = setup(tmp_path, "do", "create-fiscal-year", "--yes")
        assert (asked.code, "declare vat-quarterly yes|no" in asked.err) == (2, True)
        well(tmp_path, "declare", "vat-quarterly", "yes")
        early = setup(tmp_path, "do", "create-journals", "--yes")
        assert (early.code, "octowizard setup do create-fiscal-year" in early.err) == (1, True)
        well(tmp_path, "do", "create-fiscal-year", "--yes")
        made = told(well(tmp_path, "do", "create-journals", "--yes", "--json"))
        assert [one["outcome"] for one in made["done"]] == ["done"] * 4
        assert made["why"] == ""
        asked = setup(tmp_path, "do", "check-accounts", "--yes")
        assert (asked.code, "declare accounts yes|no" in asked.err) == (2, True)
        assert "PUT /dossiers/{dossierId}/accounts" not in present.world()["octopus"]["calls"]
        well(tmp_path, "declare", "accounts", "yes")
        well(tmp_path, "do", "check-accounts", "--yes")
        decided(tmp_path, declared__no_contractor=True)
        started(tmp_path)
        done = well(tmp_path, "do", "first-sync", "--yes")
        assert "0 blocked" in done.out
        ended = told(setup(tmp_path, "--status", "--json"))
        assert states(ended)["first-sync"] == "done"
        world = present.world()
        assert len(world["octopus"]["bookings"]) == 12
        assert [one for one in world["octopus"]["refused"] if not one["operation"].startswith("GET")] == []
        assert "30 6 * * *" in json.dumps(ended)


def test_customers_of_octopus_are_imported_and_the_first_invoice_is_booked(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "b", "--customers", "15") as present:
        decided(tmp_path, booster=False)
        well(tmp_path, "do", "import-companies", "--yes")
        again = well(tmp_path, "do", "import-companies", "--yes")
        assert "done" in again.out
        teamleader = present.world()["teamleader"]
        assert len(teamleader["companies"]) + len(teamleader["contacts"]) == 15
        present.do("teamleader-new-invoice", customer=teamleader["companies"][0]["name"])
        present.clock(minutes=1)
        started(tmp_path)
        well(tmp_path, "do", "first-sync", "--yes")
        ended = told(setup(tmp_path, "--status", "--json"))
        assert (ended["scenario"], states(ended)["first-sync"]) == ("b", "done")
        octopus = present.world()["octopus"]
        assert len(octopus["bookings"]) == 1
        assert len(octopus["relations"]) == 16  # the fifteen clients and the supplier, and nobody twice


def _pairs(teamleader: Json) -> list[tuple[str, str]]:
    """Survivor and loser of each double that the import made, as a person would see them."""
    pairs = []
    for kind in ("companies", "contacts"):
        records = teamleader[kind]
        own = [one for one in records if "Octopus Import" not in one["tags"]]
        for imported in records:
            if imported in own:
                continue
            same = [
                one
                for one in own
                if (key := vat_key(imported.get("vat_number"))) and key == vat_key(one.get("vat_number"))
            ] or [
                one
                for one in own
                if _who(one) == _who(imported)
                and not (vat_key(one.get("vat_number")) and vat_key(imported.get("vat_number")))
            ]
            if same:
                own.remove(same[0])
                pairs.append((same[0]["id"], imported["id"]))
    return pairs


def _who(record: Json) -> tuple[str, str]:
    address: Json = next((entry["address"] for entry in record["addresses"]), {})
    name = record.get("name") or f"{record['first_name']} {record['last_name']}"
    return name_key(name), address.get("postal_code", "")


def test_customers_on_both_sides_are_imported_merged_and_synchronised_without_a_double(
    tmp_path: Path,
) -> None:
    with company(tmp_path, "--scenario", "c", "--customers", "30", "--documents", "15") as present:
        present.switch(rate_limit_per_minute=100_000)  # its minute is no part of this
        decided(tmp_path, booster=False, declared__no_contractor=True)
        present.do("import-companies-from-octopus")  # Teamleader's own, which knows of nobody
        well(tmp_path, "do", "import-companies", "--yes")
        doubled = len(_pairs(present.world()["teamleader"]))
        well(tmp_path, "do", "merge", "--yes")
        assert len(_pairs(present.world()["teamleader"])) < doubled
        for survivor, loser in _pairs(present.world()["teamleader"]):
            present.do("teamleader-merge", survivor=survivor, loser=loser)
        well(tmp_path, "do", "merge", "--yes")
        before = len(present.world()["octopus"]["relations"])
        started(tmp_path)
        well(tmp_path, "do", "first-sync", "--yes")
        octopus = present.world()["octopus"]
        assert len(octopus["bookings"]) == 15
        ended = told(setup(tmp_path, "--status", "--json"))
        assert (ended["scenario"], states(ended)["merge"], states(ended)["first-sync"]) == (
            "c",
            "done",
            "done",
        )
        # who is not in Octopus gets a relation, and nobody a second one
        keys = (vat_key(one.get("vatNr")) for one in octopus["relations"])
        numbers = [key for key in keys if key]
        assert len(octopus["relations"]) > before
        assert len(numbers) == len(set(numbers))


def test_duplicates_can_be_skipped_with_their_consequence(served: Path) -> None:
    skipped = well(served, "skip", "merge")
    assert "The doubles stay" in skipped.err
    assert states(told(well(served, "skip", "merge", "--undo", "--json")))["merge"] == "waits"


def test_a_loss_is_named_and_yes_alone_does_not_accept_it(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "c", "--customers", "10", "--documents", "5") as present:
        octowizard(tmp_path, "--profile", PROFILE, "sync", "--yes")
        present.clock(minutes=1)
        refused = setup(tmp_path, "start", "2026-11-18")
        assert refused.code == 2
        assert "synchronised documents lie before 18/11/2026" in refused.err
        assert "--accept-loss" in refused.err
        accepted = well(tmp_path, "start", "2026-11-18", "--accept-loss", "--json")
        assert "18/11/2026" in json.dumps(told(accepted)["steps"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("do", "no-such-step", "--yes"), "There is no step “no-such-step”"),
        (("do", "create-journals", "--change", "x", "--yes"), "offers no change “x”"),
        (("declare", "weather", "yes"), "There is no question “weather”"),
        (("dossier", "7"), "sees no dossier 7"),
        (("start", "tomorrow"), "is no day"),
        (("choose", "invoice-journal", "F1"), "“F1” is no sales journal"),
        (("choose", "weather", "rain"), "There is nothing called “weather” to choose"),
        (("choose", "mode", "both"), "write connector or observer"),
    ],
)
def test_what_cannot_be_done_as_asked_is_said_in_one_sentence(
    words: tuple[str, ...], said: str, served: Path
) -> None:
    ended = setup(served, *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert len(ended.err.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("served")
    with company(home, "--scenario", "c", "--customers", "10", "--documents", "3"):
        setup(home, "--status")
        yield home


def test_all_of_the_connection_can_be_chosen_and_the_start_date_is_asked_for(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "a", "--customers", "5", "--documents", "3"):
        decided(tmp_path, booster=False)
        wrong = setup(tmp_path, "choose", "mode", "both")  # told before either side is read
        assert (wrong.code, len(wrong.err.splitlines())) == (2, 1)
        listed = well(tmp_path, "choose").out
        assert "invoice-journal: V1\n  Which journal is connected to the invoices?" in listed
        for what, value in (
            ("invoice-journal", "V3"),
            ("credit-note-journal", "v4"),
            ("octopus-language", "en"),
            ("message-language", "fr"),
            ("mode", "observer"),
        ):
            well(tmp_path, "choose", what, value)
        profile = json.loads((tmp_path / "profiles" / PROFILE / "profile.json").read_text(encoding="utf-8"))
        assert (profile["invoice_journal"], profile["credit_note_journal"]) == ("V3", "V4")
        assert (profile["octopus_language"], profile["locale_id"], profile["mode"]) == ("en", 2, "observer")
        asked = next(
            step
            for step in told(setup(tmp_path, "--offline", "--json"))["steps"]
            if step["id"] == "connect-teamleader"
        )
        assert [one["answer"] for one in asked["declarations"]] == [None]
        started(tmp_path)
        other = told(well(tmp_path, "choose", "start-date", "2026-02-01", "--json"))
        (again,) = (step["declarations"] for step in other["steps"] if step["id"] == "connect-teamleader")
        assert again == [
            {"key": "start-date", "question": "Is 01/02/2026 the start date of the sync?", "answer": True}
        ]


def test_after_a_no_the_next_command_is_the_one_that_can_settle_the_step(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "c", "--customers", "6", "--documents", "3"):
        decided(tmp_path, booster=False, accounts=True, no_contractor=False)
        status = setup(tmp_path, "--status")
        assert (
            "Next: octowizard setup declare no-contractor yes|no" in status.out
        )  # not `do`, which does nothing
        assert "Next: octowizard setup do " in well(tmp_path, "declare", "no-contractor", "yes").err


def test_a_journal_that_the_dossier_does_not_have_is_kept_and_said(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "c", "--customers", "6", "--documents", "3"):
        chosen = well(tmp_path, "choose", "invoice-journal", "V9")
        assert "There is no sales journal V9 in the dossier; it has V1, V2" in chosen.err
        assert "There is no" not in well(tmp_path, "choose", "invoice-journal", "V1").err


def test_looking_offline_before_anything_was_read_tells_nothing_for_certain(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "a", "--customers", "5", "--documents", "3") as present:
        ended = setup(tmp_path, "--offline", "--json")
        assert ended.code == 3
        assert "done" not in states(told(ended)).values()
        assert present.world()["octopus"]["calls"] == {}


def test_the_json_has_the_documented_members(served: Path) -> None:
    found = told(setup(served, "--offline", "--json"))
    assert set(found) == {
        *("schema", "command", "profile", "scenario", "detected", "reason", "overruled", "booster"),
        *("current", "steps", "counts", "summary", "closing"),
    }
    step = {*("id", "title", "state", "what", "why", "now", "notes", "changes", "declarations", "show")}
    step |= {"declares", "unconnected", "phase", "recall", "consent", "consenting", "foretold", "then"}
    shared = step | {"declaring", "skip", "opens", "problems", "files", "command"}
    assert [set(one) ^ shared for one in found["steps"]] == [set()] * len(found["steps"])
    helped = octowizard(served, "setup", "--help").out
    assert all(f'"{name}"' in helped for name in found)
    assert all(f'"{name}"' in helped for name in step)


def on_a_terminal(home: Path, answers: str) -> Ended:
    """`octowizard setup` with these answers typed on a terminal."""
    import pty

    ours, theirs = pty.openpty()
    try:
        os.write(ours, answers.encode())
        ended = subprocess.run(
            [sys.executable, "-m", "octowizard", "--profile", PROFILE, "setup"],
            stdin=theirs,
            capture_output=True,
            encoding="utf-8",
            env=environment(home),
            timeout=120,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
def test_a_walk_on_the_terminal_leads_from_nothing_to_the_end(tmp_path: Path) -> None:
    answers = "".join(f"{letter}\n" for letter in "nyydydyydyyydykyy")
    with company(tmp_path, "--scenario", "a", "--customers", "10", "--documents", "5") as present:
        ended = on_a_terminal(tmp_path, answers)
        assert ended.code == 0, (ended.out[-3000:], ended.err[-3000:])
        assert "✔ The set-up is complete" in ended.out
        assert "5 documents stand in Octopus." in ended.out
        assert "Payments. Invoices stay unpaid" in ended.out  # what was skipped, with what that brings
        assert "\x1b" not in ended.out
        assert len(present.world()["octopus"]["bookings"]) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
def test_a_walk_links_who_is_the_same_before_it_imports_the_rest(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "c", "--customers", "12", "--documents", "4") as present:
        before = len(present.world()["teamleader"]["companies"])
        clients = present.world()["octopus"]["relations"]
        # the Booster; another situation and back; VAT types; the smart import; leave
        ended = on_a_terminal(tmp_path, "a\nb\na\ndetect\nn\ny\nd\ny\nq\n")
        assert ended.code == 1, (ended.out[-3000:], ended.err[-3000:])
        assert "You chose this situation; the counts say: C" in " ".join(ended.out.split())
        assert "linked, being the same:" in ended.out
        found = told(setup(tmp_path, "--offline", "--json"))
        assert (found["scenario"], found["overruled"]) == ("c", False)
        assert before < len(present.world()["teamleader"]["companies"]) < before + len(clients)


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
def test_a_no_on_the_terminal_writes_nothing_and_leaving_loses_nothing(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "a", "--customers", "5", "--documents", "3") as present:
        ended = on_a_terminal(tmp_path, "n\ny\ny\nd\nn\nq\n")
        assert ended.code == 1, (ended.out[-3000:], ended.err[-3000:])
        assert "Nothing was written." in ended.err
        decided(tmp_path, declared__calendar_year=True, declared__vat_quarterly=True)
        unasked = setup(tmp_path, "do", "create-fiscal-year", "--json")
        assert (unasked.code, "--yes" in unasked.err) == (2, True)
        assert present.world()["octopus"]["bookyears"] == []
        kept = told(setup(tmp_path, "--offline", "--json"))
        assert states(kept)["choose-connector"] == "done"


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
def test_a_loss_is_accepted_on_the_terminal_by_a_word_that_is_no_slip(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "two-dossiers", "--customers", "8", "--documents", "3") as present:
        decided(tmp_path, booster=False)
        octowizard(
            tmp_path, "--profile", PROFILE, "sync", "--yes"
        )  # of the wrong one: a history that would go
        for word, dossier in (("y", present.line["dossier_id"]), ("lose it", 9045119)):
            ended = on_a_terminal(tmp_path, f"c\n9045119\n{word}\nq\n")
            assert "This workspace belongs to dossier 9045126" in ended.err
            path = tmp_path / "profiles" / PROFILE / "profile.json"
            assert json.loads(path.read_text(encoding="utf-8"))["dossier_id"] == dossier


def test_a_profile_that_only_watches_is_told_to_sync_in_teamleader(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "c", "--customers", "10", "--documents", "3") as present:
        _watching(present)
        decided(
            tmp_path,
            booster=False,
            declared__no_contractor=True,
            skipped__import_companies=True,
            skipped__merge=True,
        )
        started(tmp_path)
        ended = setup(tmp_path, "do", "first-sync", "--yes")
        assert ended.code == 1
        assert "Revenue > Invoices" in ended.err
        assert present.world()["octopus"]["bookings"] == []


def _watching(present: Company) -> None:
    path = present.home / "profiles" / PROFILE / "profile.json"
    profile = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**profile, "mode": "observer"}), encoding="utf-8")
