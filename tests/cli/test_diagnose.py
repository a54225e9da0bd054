"""`octowizard diagnose`: what a person with an error message gets to see, and what a script can rely on."""

import json
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.sync import events
from octowizard.workspace.db import Workspace
from octowizard.workspace.runs import RunLog
from tests.cli.commands import Ended, octowizard
from tests.cli.test_exits import finished
from tests.cli.test_narrative import CLOSED, document, started
from tests.cli.test_sync_staged import keep
from tests.sync.company import PROFILE, company

WRONG_TYPE = (
    "'Journal V2' in Octopus has the wrong type. This should be 'Sales bookings' but is 'Invoices' instead."
)
MEMBERS = {
    "schema",
    "problem",
    "likely",
    "names",
    "causes",
    "fix",
    "fixed_when",
    "nearest",
    "rests_on",
    "not_checked",
}


def told(ended: Ended) -> dict[str, Any]:
    """The one object on stdout."""
    lines = ended.out.splitlines()
    assert len(lines) == 1
    found: dict[str, Any] = json.loads(lines[0])
    assert set(found) == MEMBERS
    assert found["schema"] == 1
    for likely in found["likely"]:
        assert set(likely) == {"problem", "confidence", "because"}
        assert 0 < likely["confidence"] < 1
        assert likely["because"]
    for cause in found["causes"]:
        assert set(cause) == {"cause", "text", "state", "evidence"}
        assert cause["state"] in ("confirmed", "ruled_out", "open")
    return found


def test_a_message_is_explained_without_any_profile(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "diagnose", WRONG_TYPE)
    assert (ended.code, ended.err) == (0, "")
    for words in (
        "[wrong-journal-type]",
        "journal V2",
        "Management > Journals",
        "Sales bookings",
        "Fixed when",
    ):
        assert words in ended.out


def test_its_object_names_what_the_message_names(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "diagnose", "--json", WRONG_TYPE)
    found = told(ended)
    assert found["problem"] == "wrong-journal-type"
    assert found["names"] == {"journal": "V2", "wanted": "Sales bookings", "found": "Invoices"}
    assert {cause["state"] for cause in found["causes"]} == {"open"}
    assert found["fix"]
    assert found["fixed_when"]
    assert ended.code == 0


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["-15"], "secured-period"),
        (["error", "-15"], "secured-period"),
        (["JOURNAL_OPEN"], "open-journal"),
        (["Book", "year", "period", "is", "closed"], "closed-period"),
    ],
)
def test_a_number_or_loose_words_need_no_quotes(tmp_path: Path, words: list[str], problem: str) -> None:
    assert told(octowizard(tmp_path, "diagnose", *words, "--json"))["problem"] == problem


def test_a_mail_can_be_piped_in(tmp_path: Path) -> None:
    mail = "Beste,\n\nDe boekjaarperiode is afgesloten voor factuur 2026 / 12.\n\nGroeten\nAn\n"
    found = told(octowizard(tmp_path, "diagnose", "-", "--json", given=mail))
    assert (found["problem"], found["names"]) == ("closed-period", {"invoice": "2026 / 12"})


def test_an_error_in_ones_own_words_is_told_as_likely_and_never_as_certain(tmp_path: Path) -> None:
    text = "the journal of Octopus seems to have some wrong type"
    ended = octowizard(tmp_path, "diagnose", text)
    assert ended.code == 0
    assert "is no message that octowizard knows, but it speaks of this problem: “journal”" in ended.out
    assert "[wrong-journal-type]" in ended.out
    found = told(octowizard(tmp_path, "diagnose", "--json", text))
    assert found["problem"] is None
    assert found["likely"][0]["problem"] == "wrong-journal-type"
    assert found["fix"]


def test_what_the_accounts_show_is_not_quoted_as_words_of_the_text(tmp_path: Path) -> None:
    text = "the accounting journal of the credit notes seems to have some wrong type in Octopus"
    with company(tmp_path, "--scenario", "healthy") as present:
        octowizard(present.home, "--profile", PROFILE, "check")
        ended = octowizard(present.home, "--profile", PROFILE, "diagnose", text)
    assert "Now: It is not so, or not any more" in ended.out
    assert "speaks of this problem: “" in ended.out
    assert "“It is not so" not in ended.out


def test_two_errors_in_one_mail_are_both_answered(tmp_path: Path) -> None:
    mail = "Beste,\n\nBoekjaarperiode is gesloten. En dagboek V1 heeft het foute type.\n\nGroeten\nAn\n"
    ended = octowizard(tmp_path, "diagnose", "-", given=mail)
    assert "The period is closed" in ended.out
    assert "[wrong-journal-type]" in ended.out
    assert ended.out.count("What to do") == 2


def test_a_question_without_accounts_says_who_could_answer_it(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "diagnose", "why is my invoice not in octopus?")
    assert ended.code == 1
    assert "only your accounts can tell" in ended.out


def test_an_unknown_text_is_called_unknown_with_the_nearest_cards(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "diagnose", "The flux capacitor of the period journal is out of plutonium")
    assert ended.code == 1
    assert "does not know this message" in ended.out
    assert "--bundle" in ended.out
    found = told(octowizard(tmp_path, "diagnose", "--json", "Segmentation fault (core dumped)"))
    assert found["problem"] is None
    assert (found["names"], found["causes"], found["fix"], found["fixed_when"]) == ({}, [], [], "")


@pytest.mark.parametrize(
    "words", [["diagnose"], ["diagnose", "-"], ["diagnose", "  "], ["diagnose", "x", "--jsn"]]
)
def test_nothing_to_explain_gets_one_sentence_and_exit_2(tmp_path: Path, words: list[str]) -> None:
    ended = octowizard(tmp_path, *words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1


def test_what_steers_a_terminal_is_made_visible(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "diagnose", "The customer “Foo\x1b[2J [/x]” has no country in Octopus")
    assert "\x1b" not in ended.out
    assert "[customer-without-country]" in ended.out


def test_a_profile_that_cannot_be_reached_leaves_causes_open_and_says_why(tmp_path: Path) -> None:
    keep(tmp_path)
    ended = octowizard(tmp_path, "diagnose", WRONG_TYPE, "--json")
    found = told(ended)
    assert {cause["state"] for cause in found["causes"]} == {"open"}
    assert ended.code == 0
    assert ended.err


def test_several_profiles_do_not_keep_a_message_from_being_explained(tmp_path: Path) -> None:
    keep(tmp_path, name="acme")
    keep(tmp_path, name="other")
    ended = octowizard(tmp_path, "diagnose", "-15")
    assert ended.code == 0
    assert "--profile NAME" in ended.err


def test_offline_nobody_is_called(tmp_path: Path) -> None:
    keep(tmp_path)
    ended = octowizard(tmp_path, "diagnose", "-15", "--offline", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert "nothing has been read yet" in json.dumps(told(ended)["causes"])


@pytest.mark.parametrize(
    ("scenario", "message", "cause"),
    [
        ("wrong-journal-type", WRONG_TYPE, "wrong-journal-type"),
        ("secured-period", "Book year period is closed", "secured-period"),
        ("closed-period", "La période de l'exercice est clôturée", "closed-period"),
        ("closed-year", "Boekjaarperiode is afgesloten", "closed-year"),
        (
            "missing-account",
            "An invoice item did not have an account specified for invoice X",
            "missing-account",
        ),
        (
            "journals-not-synchronised",
            "Not all journals can be found in the Marketplace, but the setup of the journals is correct in Octopus",
            "journals-not-synchronised",
        ),
        ("healthy", "Book year period is closed", None),
    ],
)
def test_in_a_practice_company_the_cause_is_found(
    tmp_path: Path, scenario: str, message: str, cause: str | None
) -> None:
    ended = octowizard(tmp_path, "--sandbox", scenario, "diagnose", message, "--json")
    causes = told(ended)["causes"]
    confirmed = [one for one in causes if one["state"] == "confirmed"]
    assert [one["cause"] for one in confirmed] == ([cause] if cause else [])
    assert all(one["evidence"] for one in confirmed)
    assert ended.code == (1 if cause else 0)


# --- the support bundle --------------------------------------------------------------------------------------


def bundle(path: Path) -> dict[str, str]:
    """The files of a bundle."""
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A profile with a secret in its file, a run that failed a document, and a crash report."""
    keep(tmp_path)
    folder = tmp_path / "profiles" / "acme" / "secrets"
    folder.mkdir(mode=0o700)
    secret = folder / "octopus_password"
    secret.write_text("hunter-two-secret", encoding="utf-8")
    secret.chmod(0o600)
    with Workspace.open(tmp_path, "acme") as workspace:
        log = RunLog(workspace, dry_run=False)
        for event in (
            started(),
            events.DocumentFailed(document=document("2026 / 15"), explanation=CLOSED),
            finished(failing=1, outcome="attention"),
        ):
            log.add(events.to_line(event), None)
        log.finish(events.to_line(finished(failing=1, outcome="attention")))
    crashes = tmp_path / "crashes"
    crashes.mkdir()
    (crashes / "crash-20260101-000000-1.txt").write_text("boom hunter-two-secret", encoding="utf-8")
    return tmp_path


def test_a_support_bundle_holds_what_helps_and_no_secret(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "help.zip"
    text = "Book year period is closed; password=pass-in-text, and hunter-two-secret as I typed it"
    ended = octowizard(home, "diagnose", text, "--offline", "--bundle", str(target))
    assert "help.zip" in ended.err
    files = bundle(target)
    assert set(files) == {
        "message.txt", "diagnosis.json", "about.json", "profile.json", "runs/1.jsonl", "calls.txt",
        "log/crash-20260101-000000-1.txt",
    }  # fmt: skip
    everything = "\n".join(files.values())
    for secret in ("hunter-two-secret", "pass-in-text", '"octopus_user": "practice"'):
        assert secret not in everything
    assert "Book year period is closed" in files["message.txt"]
    assert json.loads(files["diagnosis.json"])["problem"] == "closed-period"
    assert "2026 / 15" in files["runs/1.jsonl"]
    assert json.loads(files["about.json"])["octowizard"]


def test_a_secret_that_json_writes_otherwise_stays_out_and_the_run_stays_readable(
    home: Path, tmp_path: Path
) -> None:
    secret = 'say "friend" \\ 202603'
    (home / "profiles" / "acme" / "secrets" / "octopus_password").write_text(secret, encoding="utf-8")
    refused = msgspec.structs.replace(CLOSED, vendor_text=f"no {secret} here, {{'password': 'swordfish'}}")
    with Workspace.open(home, "acme") as workspace:
        log = RunLog(workspace, dry_run=False)
        for event in (
            started(),
            events.DocumentFailed(document=document("2026 / 15"), explanation=refused),
            finished(failing=1, outcome="attention"),
        ):
            log.add(events.to_line(event), None)
        log.finish(events.to_line(finished(failing=1, outcome="attention")))
    target = tmp_path / "help.zip"
    octowizard(home, "diagnose", f"-26 {secret}", "--offline", "--bundle", str(target))
    everything = "\n".join(bundle(target).values())
    assert "friend" not in everything
    assert "swordfish" not in everything
    played = octowizard(tmp_path / "elsewhere", "replay", str(target), "--verbose")
    assert (played.code, "no [hidden] here" in played.out) == (0, True)


def test_a_preview_after_the_sync_that_failed_does_not_push_it_out_of_the_bundle(
    home: Path, tmp_path: Path
) -> None:
    with Workspace.open(home, "acme") as workspace:
        for number in (2, 3):
            log = RunLog(workspace, dry_run=True)
            log.add(events.to_line(started(run=number, dry_run=True)), None)
            log.finish(events.to_line(finished(run=number, dry_run=True)))
    target = tmp_path / "help.zip"
    octowizard(home, "diagnose", "-26", "--offline", "--bundle", str(target))
    assert {name for name in bundle(target) if name.startswith("runs/")} == {"runs/1.jsonl", "runs/3.jsonl"}


def test_secrets_of_the_environment_stay_out_of_the_bundle_too(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "help.zip"
    octowizard(
        home, "diagnose", "odd text with env-secret-value", "--bundle", str(target),
        OCTOWIZARD_OCTOPUS_PASSWORD="env-secret-value",
    )  # fmt: skip
    assert "env-secret-value" not in "".join(bundle(target).values())


def test_an_unknown_message_makes_a_bundle_without_a_profile(tmp_path: Path) -> None:
    target = tmp_path / "help.zip"
    ended = octowizard(tmp_path, "diagnose", "something odd", "--bundle", str(target), "--json")
    assert ended.code == 1
    assert told(ended)["problem"] is None
    assert set(bundle(target)) == {"message.txt", "diagnosis.json", "about.json"}


@pytest.mark.parametrize("place", ["there.zip", "no/such/folder/help.zip", "nul.zip"])
def test_a_bundle_never_replaces_a_file_and_says_where_it_cannot_be_written(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / "there.zip").write_text("mine", encoding="utf-8")
    ended = octowizard(tmp_path, "diagnose", "-15", "--bundle", str(tmp_path / place))
    assert ended.code == 2
    assert place in ended.err
    assert (tmp_path / "there.zip").read_text(encoding="utf-8") == "mine"
