"""What README promises on the command line is there, word for word."""

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

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    (commands,) = (a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(commands.choices)


def duplicates() -> dict[str, argparse.ArgumentParser]:
    """The parser of each subcommand of duplicates."""
    parser = parsers()["duplicates"]
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return dict(commands.choices)


def test_it_opens_with_the_two_commands() -> None:
    blocks = re.findall(r"```\n(.*?)```", README, re.DOTALL)
    assert blocks[0].endswith(".venv/bin/octowizard --sandbox\n")
    assert blocks[1].endswith(".venv/bin/pytest\n")
    assert [block.count("\n") for block in blocks[:2]] == [1, 1]
    assert README.index(blocks[1]) < 400


def test_the_example_of_the_last_event_is_one() -> None:
    (example,) = re.findall(r"```json\n(.*?)\n```", README, re.DOTALL)
    shown = events.from_line(example)
    assert isinstance(shown, events.RunFinished)
    assert set(re.findall(r'"(\w+)":', example)) == set(
        re.findall(r'"(\w+)":', events.to_line(finished()).decode())
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_it(name: str) -> None:
    assert name in parsers()
    assert f"`octowizard {name}" in README


def test_it_names_no_option_scenario_or_variable_that_is_not_there() -> None:
    known = {"--control", "--port", "--document", "--sandbox", "--help"}
    for parser in (build_parser(), *parsers().values(), *duplicates().values()):
        known |= {option for action in parser._actions for option in action.option_strings}
        known |= {"--sandbox-url", "--without-accounts"}
    assert set(re.findall(r"(?<![\w.-])--[a-z][a-z-]*", README)) <= known
    assert set(re.findall(r"octowizard --sandbox ([a-z]+)", README)) <= {*SCENARIOS}
    for name in re.findall(r"`(OCTOWIZARD_(?:OCTOPUS|TEAMLEADER)\w+)`", README):
        assert name == variable(name.removeprefix("OCTOWIZARD_").lower())
