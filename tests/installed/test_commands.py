"""Each command of the installed octowizard, on practice companies of its own."""

from __future__ import annotations

import pytest

from tests.customers.test_workbook_bounds import xlsx
from tests.installed.command import Installed

pytestmark = pytest.mark.installed


def test_it_is_the_wheel_that_is_tried_without_what_only_tests_need(installed: Installed) -> None:
    where, wanted = installed.python(
        "import octowizard, importlib.util as u\n"
        "print(octowizard.__file__)\n"
        "print([name for name in ('pytest', 'hypothesis', 'jsonschema') if u.find_spec(name)])\n"
    ).splitlines()
    assert "site-packages" in where
    assert wanted == "[]"


def test_it_tells_its_version(installed: Installed) -> None:
    assert installed.run("--version", code=0).out.startswith("octowizard ")


def test_the_scenarios_are_listed(installed: Installed) -> None:
    listed = installed.run("sandbox", "scenarios", code=0).out.splitlines()
    assert {"tour", "healthy", "large", "a", "b", "c"} <= {line.split()[0] for line in listed if line.strip()}


def test_a_whole_sync_of_the_practice_company_ends_well(installed: Installed) -> None:
    installed.run("--sandbox", "healthy", "sync", "--yes", code=0)


def test_a_preview_is_told_as_json_lines(installed: Installed) -> None:
    end = installed.events("--sandbox", "healthy", "sync", "--dry-run", code=0)[-1]
    assert (end["dry_run"], end["failing"]) == (True, 0)


def test_an_empty_octopus_needs_attention_before_it_can_sync(installed: Installed) -> None:
    installed.run("--sandbox", "a", "sync", "--yes", code=1)


def test_the_tour_has_something_to_find(installed: Installed) -> None:
    installed.run("--sandbox", "check", code=1)


def test_a_healthy_company_has_nothing_to_find_and_few_calls_are_spent(installed: Installed) -> None:
    healthy = installed.document("--sandbox", "healthy", "check", code=0)
    assert not healthy["findings"]
    assert healthy["calls"]["octopus"] <= 16


def test_a_secured_period_is_the_one_finding_that_blocks(installed: Installed) -> None:
    secured = installed.document("--sandbox", "secured-period", "check", code=1)
    blocking = [finding["problem"] for finding in secured["findings"] if finding["severity"] == "blocking"]
    assert blocking == ["secured-period"]


def test_the_calendar_has_years(installed: Installed) -> None:
    assert installed.document("--sandbox", "healthy", "calendar", code=0)["years"]


def test_a_message_is_recognised_and_another_is_not(installed: Installed) -> None:
    known = installed.document("diagnose", "Book year period is closed", code=0)
    assert known["problem"] == "closed-period"
    assert known["fix"]
    assert installed.document("diagnose", "Segmentation fault (core dumped)", code=1)["problem"] is None


def test_the_set_up_of_an_empty_octopus_begins(installed: Installed) -> None:
    status = installed.document("--sandbox", "a", "setup", "--status", code=1)
    assert status["scenario"] == "a"
    assert status["current"]
    assert {"id", "title", "state"} <= status["steps"][0].keys()


def test_the_mapping_has_rows(installed: Installed) -> None:
    assert installed.document("--sandbox", "a", "mapping", code=0)["rows"]


def test_duplicates_are_found_in_two_files(installed: Installed) -> None:
    (installed.folder / "left.csv").write_text(
        "id;name;vat;postcode\n1;Dakwerken Maes NV;BE 0404.621.642;9100\n2;Bakkerij Peeters;;3000\n"
    )
    (installed.folder / "right.csv").write_text(
        "Naam,BTW-nummer,Postcode\nDakwerken Maes,0404621642,9100\nGarage Luc,,9000\n"
    )
    pairs = installed.document("duplicates", "find", "--left", "left.csv", "--right", "right.csv", code=0)[
        "pairs"
    ]
    assert [(pair["left"], pair["right"]) for pair in pairs] == [("1", 1)]
    assert pairs[0]["why"]
    installed.run("duplicates", "find", "--left", str(installed.command), "--right", "right.csv", code=2)


def test_a_workbook_is_read_in_the_process_that_the_wheel_has_along(installed: Installed) -> None:
    (installed.folder / "left.csv").write_text("id;name;vat\n1;Dakwerken Maes NV;BE 0404.621.642\n")
    rows = (("Naam", "BTW-nummer"), ("Dakwerken Maes", "0404621642"))
    cells = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for column, text in zip("AB", row, strict=True)
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    xlsx(installed.folder / "right.xlsx", cells)
    found = installed.document("duplicates", "find", "--left", "left.csv", "--right", "right.xlsx", code=0)
    assert [(pair["left"], pair["right"]) for pair in found["pairs"]] == [("1", 1)]


def test_duplicates_of_both_sides_are_planned(installed: Installed) -> None:
    assert installed.document("--sandbox", "c", "duplicates", "plan", code=1)["counts"]["link"] > 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--sandbox nowhere sync --yes", 2),
        ("sync --from yesterday", 2),
        ("sync --yes", 2),
        ("profiles add gone --sandbox-url http://127.0.0.1:1/control", 3),
    ],
)
def test_a_mistake_ends_with_its_exit_code(installed: Installed, words: str, code: int) -> None:
    installed.run(*words.split(), code=code)
