"""What README promises on the command line is there, word for word, in its three languages; the reference too."""

import argparse
import re
from pathlib import Path

import pytest

from octowizard.cli.commands import COMMANDS
from octowizard.cli.parser import build_parser
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync import events
from octowizard.workspace.secrets import variable
from tests.cli.test_exits import finished

ROOT = Path(__file__).parents[2]
READMES = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.nl.md", "README.fr.md")
}
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
PAGES = {**READMES, "docs/reference.md": REFERENCE}


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    (commands,) = (a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(commands.choices)


def duplicates() -> dict[str, argparse.ArgumentParser]:
    """The parser of each subcommand of duplicates."""
    parser = parsers()["duplicates"]
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return dict(commands.choices)


@pytest.mark.parametrize("name", READMES)
def test_it_opens_with_the_two_commands(name: str) -> None:
    readme = READMES[name]
    blocks = re.findall(r"```\n(.*?)```", readme, re.DOTALL)
    assert blocks[0].endswith(".venv/bin/octowizard --sandbox\n")
    assert blocks[1].endswith(".venv/bin/pytest\n")
    assert [block.count("\n") for block in blocks[:2]] == [1, 1]
    assert readme.index(blocks[1]) < 400


@pytest.mark.parametrize("name", ["README.nl.md", "README.fr.md"])
def test_each_language_has_the_same_commands_and_pictures(name: str) -> None:
    def code(readme: str) -> list[str]:
        return re.findall(r"```.*?```|`(?!it`)[^`\n]+`", readme, re.DOTALL)

    def pictures(readme: str) -> list[str]:
        return re.findall(r"!\[[^]]+\]\((\S+)\)", readme)

    language = name.split(".")[1]
    assert sorted(code(READMES[name])) == sorted(code(READMES["README.md"]))
    assert pictures(READMES[name]) == [
        picture.replace("screenshots/", f"screenshots/{language}/")
        for picture in pictures(READMES["README.md"])
    ]
    assert [line.count("#") for line in READMES[name].splitlines() if line.startswith("#")] == [
        line.count("#") for line in READMES["README.md"].splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize("name", PAGES)
def test_what_it_links_to_is_there(name: str) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", PAGES[name])
    assert links
    assert not [link for link in links if not ((ROOT / name).parent / link).exists()]


def test_the_example_of_the_last_event_is_one() -> None:
    (example,) = re.findall(r"```json\n(.*?)\n```", REFERENCE, re.DOTALL)
    shown = events.from_line(example)
    assert isinstance(shown, events.RunFinished)
    assert set(re.findall(r'"(\w+)":', example)) == set(
        re.findall(r'"(\w+)":', events.to_line(finished()).decode())
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_it(name: str) -> None:
    assert name in parsers()
    assert f"`octowizard {name}" in REFERENCE


@pytest.mark.parametrize("name", PAGES)
def test_it_names_no_option_scenario_or_variable_that_is_not_there(name: str) -> None:
    page = PAGES[name]
    known = {"--control", "--port", "--document", "--sandbox", "--help"}
    for parser in (build_parser(), *parsers().values(), *duplicates().values()):
        known |= {option for action in parser._actions for option in action.option_strings}
        known |= {"--sandbox-url", "--without-accounts"}
    assert set(re.findall(r"(?<![\w.-])--[a-z][a-z-]*", page)) <= known
    assert set(re.findall(r"octowizard --sandbox ([a-z]+)", page)) <= {*SCENARIOS}
    for said in re.findall(r"`(OCTOWIZARD_(?:OCTOPUS|TEAMLEADER)\w+)`", page):
        assert said == variable(said.removeprefix("OCTOWIZARD_").lower())
