"""`octowizard check` as a user or a script has it: a program, its exit code, its two streams."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from octowizard.checks.registry import Finding, NotChecked, verdict
from octowizard.cli.exits import CODES
from tests.benchmarks.launched import launch
from tests.cli.commands import Ended, environment, octowizard
from tests.cli.test_practice_company import Served, served

SMALL = ("--customers", "12", "--documents", "10")
UNLIMITED = {"GET /about/version", "POST /authentication", "POST /dossiers"}
KEYS = [
    "schema",
    "command",
    "profile",
    "taken_at",
    "findings",
    "not_checked",
    "counts",
    "declared",
    "calls",
    "read",
    "rests_on",
    "documents",
    "refused",
]


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Served]:
    """A company whose invoices wait behind a secured period, kept as the profile `acme`."""
    with served(tmp_path, "--scenario", "secured-period", *SMALL) as present:
        assert octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", present.url).code == 0
        yield present


def told(ended: Ended) -> Any:
    (line,) = ended.out.splitlines()
    return json.loads(line)


def test_a_healthy_company_is_told_in_one_line_and_exits_with_nought(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "--sandbox", "healthy", *SMALL, "check")
    assert ended.code == 0, ended.err
    assert "✔ Nothing stands in the way of a sync." in ended.out
    assert "not checked: VAT type Contractor" in ended.out
    assert "calls to Octopus; left today: bookings 400/400" in ended.err


def test_a_finding_is_shown_with_records_evidence_fix_and_when_it_is_fixed(
    tmp_path: Path, closed: Served
) -> None:
    ended = octowizard(tmp_path, "check")
    assert ended.code == 1, ended.err
    assert "✖ Period 202610 is secured in V1  [secured-period]" in ended.out
    assert "V1 is secured till 202610; the period is 202610." in ended.out
    assert (
        "What to do: Octopus: Beheer > Dagboeken. Set Beveiligd tot periode of journal V1 to a" in ended.out
    )
    assert "Fixed when: Beveiligd tot periode of the journal is lower than the period" in ended.out
    assert ended.out.splitlines()[-1].startswith("✖ 1 blocking")


def test_json_is_one_object_of_the_promised_shape(tmp_path: Path, closed: Served) -> None:
    ended = octowizard(tmp_path, "check", "--json")
    assert ended.code == 1
    body = told(ended)
    assert list(body) == KEYS
    assert (body["schema"], body["command"], body["profile"]) == (1, "check", "acme")
    (finding,) = body["findings"]
    assert list(finding) == ["problem", "severity", "title", "records", "evidence", "fix", "fixed_when"]
    assert (finding["problem"], finding["severity"]) == ("secured-period", "blocking")
    assert all(list(record) == ["kind", "label", "id"] for record in finding["records"])
    assert body["counts"] == {"blocking": 1, "warning": 0, "info": 0, "not_checked": 2}
    assert [one["check"] for one in body["not_checked"]] == ["contractor", "customer-numbers"]
    asked = {
        operation: count
        for operation, count in closed.world()["octopus"]["calls"].items()
        if operation not in ("POST /authentication", "POST /dossiers")
    }
    assert body["calls"]["octopus"] == sum(asked.values()) <= 16
    assert body["calls"]["kept"] == []


def test_what_was_cured_is_clean_and_the_sync_complete(tmp_path: Path, closed: Served) -> None:
    assert octowizard(tmp_path, "check").code == 1
    cure = json.loads(_get(closed, "scenario"))["cure"]
    for step in cure:
        closed.post("do", step)
    again = octowizard(tmp_path, "check", "--fresh", "--json")
    assert (again.code, told(again)["findings"]) == (0, [])
    assert octowizard(tmp_path, "sync", "--yes", "--json").events()[-1]["outcome"] == "complete"


def test_the_second_check_spends_nothing_says_how_old_it_is_and_fresh_reads_again(
    tmp_path: Path, closed: Served
) -> None:
    first = told(octowizard(tmp_path, "check", "--json"))
    spent = closed.world()["octopus"]["calls"]
    again = told(octowizard(tmp_path, "check", "--json"))
    assert (again["taken_at"], again["read"]) == (first["taken_at"], first["read"])
    assert again["findings"] == first["findings"]
    assert again["calls"]["left"] == first["calls"]["left"]
    closed.post("clock", {"seconds": 190})  # and ten more: a vendor tells its time to the second
    words = octowizard(tmp_path, "check")
    assert "Read 3 min ago; --fresh reads again." in words.err
    preview = octowizard(tmp_path, "sync", "--dry-run")
    assert "Read 3 min ago; --fresh reads again." in preview.err
    now = closed.world()["octopus"]["calls"]
    assert {name for name in now if now[name] != spent.get(name)} <= UNLIMITED
    fresh = told(octowizard(tmp_path, "check", "--fresh", "--json"))
    assert fresh["taken_at"] > first["taken_at"]
    assert fresh["calls"]["left"] != first["calls"]["left"]


def test_what_was_done_on_the_practice_company_by_the_command_is_read_again(
    tmp_path: Path, closed: Served
) -> None:
    assert octowizard(tmp_path, "check").code == 1
    for step in json.loads(_get(closed, "scenario"))["cure"]:
        words = [f"{name}={value}" for name, value in step.items() if name != "action"]
        done = octowizard(tmp_path, "sandbox", "do", "--control", closed.url, step["action"], *words)
        assert done.code == 0, done.err
    again = octowizard(tmp_path, "check", "--json")
    assert (again.code, told(again)["findings"]) == (0, [])


def _get(company: Served, what: str) -> str:
    from urllib.request import urlopen

    with urlopen(f"{company.url}/{what}", timeout=30) as answer:
        text: str = answer.read().decode()
    return text


def test_offline_tells_the_same_with_its_age_and_no_call(tmp_path: Path, closed: Served) -> None:
    live = told(octowizard(tmp_path, "check", "--json"))
    before = closed.world()["octopus"]["calls"]
    kept = octowizard(tmp_path, "check", "--offline", "--json")
    assert kept.code == 1
    assert told(kept)["findings"] == live["findings"]
    assert told(kept)["taken_at"] == live["taken_at"]
    assert told(kept)["calls"]["octopus"] == told(kept)["calls"]["teamleader"] == 0
    words = octowizard(tmp_path, "check", "--offline")
    assert "nothing was asked now" in words.err
    assert closed.world()["octopus"]["calls"] == before


def test_what_only_an_export_shows_is_found_kept_and_gone_after_a_new_export(tmp_path: Path) -> None:
    file = str(tmp_path / "companies.xlsx")
    with served(tmp_path, "--scenario", "contractor", *SMALL) as present:

        def export(to: str) -> Ended:
            name = Path(to).name
            return octowizard(
                tmp_path, "sandbox", "do", "--control", present.url, "export-companies", f"file={name}"
            )

        assert octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", present.url).code == 0
        assert told(octowizard(tmp_path, "check", "--json"))["declared"] is None
        exported = export(file)
        assert exported.code == 0, exported.err
        assert json.loads(exported.out)["file"] == file

        found = octowizard(tmp_path, "check", "--declared", file)
        assert found.code == 1, found.err
        assert "Customers with the VAT type Contractor  [contractor]" in found.out
        assert "Declared by companies.xlsx, read on " in found.out
        assert "Declared by companies.xlsx: 10 customers, read " in found.err
        assert "not checked" not in found.out

        kept = told(octowizard(tmp_path, "check", "--offline", "--json"))
        assert [finding["problem"] for finding in kept["findings"]] == ["contractor"]
        assert kept["declared"]["files"] == ["companies.xlsx"]

        for step in json.loads(_get(present, "scenario"))["cure"]:
            present.post("do", step)
        refused = export(file)
        assert (refused.code, refused.err.count("\n"), "choose another name" in refused.err) == (2, 1, True)
        file = str(tmp_path / "new.xlsx")
        assert export(file).code == 0
        again = octowizard(tmp_path, "check", "--declared", file)
        assert (again.code, "✔ Nothing stands in the way of a sync." in again.out) == (0, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "nothing.csv"),
        ("Naam;Btw-nummer\nFoo;BE0998877690\n", "neither a column VAT type nor"),
        ("Name;VAT type\n", "holds no customer"),
        ("What;Where\n1;2\n", "no column such as Name"),
    ],
)
def test_a_file_that_declares_nothing_is_told_in_one_sentence(
    tmp_path: Path, closed: Served, content: str | None, said: str
) -> None:
    file = tmp_path / "nothing.csv"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    ended = octowizard(tmp_path, "check", "--offline", "--declared", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1


def test_the_tour_is_what_opens_when_no_company_is_named(tmp_path: Path) -> None:
    body = told(octowizard(tmp_path, "--sandbox", *SMALL, "check", "--json"))
    assert {"closed-year", "wrong-journal-type", "missing-account", "paid-drift"} <= {
        finding["problem"] for finding in body["findings"]
    }


def test_offline_before_anything_was_read_cannot_tell(tmp_path: Path, closed: Served) -> None:
    ended = octowizard(tmp_path, "check", "--offline", "--json")
    assert ended.code == 3
    assert told(ended)["taken_at"] is None
    assert told(ended)["findings"] == []
    assert all("nothing has been read yet" in one["why"] for one in told(ended)["not_checked"])


def test_a_company_that_cannot_be_reached_is_not_fine(tmp_path: Path) -> None:
    with served(tmp_path, "--scenario", "healthy", *SMALL) as present:
        assert octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", present.url).code == 0
    ended = octowizard(tmp_path, "check", "--json")
    assert ended.code == 3
    body = told(ended)
    assert {finding["problem"] for finding in body["findings"]} == {"unreachable"}
    assert {"years", "documents"} <= {one["check"] for one in body["not_checked"]}


def test_a_wrong_password_is_tried_once_and_cannot_tell(tmp_path: Path) -> None:
    with served(tmp_path, "--scenario", "sign-in-refused", *SMALL) as present:
        assert octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", present.url).code == 0
        ended = octowizard(tmp_path, "check", "--json")
        assert ended.code == 3
        assert [finding["problem"] for finding in told(ended)["findings"]] == ["sign-in-refused"]
        assert present.world()["octopus"]["calls"]["POST /authentication"] == 1


def test_warnings_fail_unless_only_blocking_ones_should(tmp_path: Path) -> None:
    words = ("--sandbox", "next-year-missing", *SMALL, "check")
    assert octowizard(tmp_path, *words).code == 1
    assert octowizard(tmp_path, *words, "--fail-on", "warning").code == 1
    assert octowizard(tmp_path, *words, "--fail-on", "blocking").code == 0


def test_something_that_is_neither_option_nor_severity_is_wrong_usage(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "check", "--fail-on", "info")
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.err.splitlines()) == 1


def finding(problem: str, severity: Any) -> Finding:
    return Finding(problem=problem, severity=severity, title=problem)


@pytest.mark.parametrize(
    ("findings", "not_checked", "fail_on", "code"),
    [
        ([], [], "warning", 0),
        ([], [NotChecked("contractor", "", "", lasting=True)], "warning", 0),
        ([], [NotChecked("accounts", "", "a limit is spent")], "warning", 3),
        ([finding("secured-period", "blocking")], [NotChecked("accounts", "", "")], "blocking", 1),
        ([finding("paid-drift", "warning")], [], "warning", 1),
        ([finding("paid-drift", "warning")], [NotChecked("accounts", "", "")], "blocking", 3),
        ([finding("rounding-difference", "info")], [], "warning", 0),
        ([finding("unreachable", "blocking")], [], "blocking", 3),
        ([finding("sign-in-refused", "blocking"), finding("secured-period", "blocking")], [], "blocking", 1),
        ([finding("dossier-refused", "blocking")], [], "blocking", 1),
    ],
)
def test_the_exit_code_says_what_is_sure_before_what_is_not(
    findings: list[Finding], not_checked: list[NotChecked], fail_on: Any, code: int
) -> None:
    assert CODES[verdict(findings, not_checked, fail_on)] == code


@pytest.mark.skipif(not os.environ.get("OCTOWIZARD_LONG"), reason="the long form: 20,000 documents")
def test_offline_on_twenty_thousand_documents_takes_two_seconds_and_300_megabytes(tmp_path: Path) -> None:
    with served(tmp_path, "--scenario", "large", "--limits", "off") as present:
        assert octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", present.url).code == 0
        assert octowizard(tmp_path, "check", "--json").code == 0
    words = ["-m", "octowizard", "check", "--offline", "--json"]
    took = launch(words, Path(os.devnull), environment(tmp_path))
    assert took.code == 0
    assert took.wall <= 2
    assert took.megabytes <= 300
