"""`octowizard sandbox`: hands everything to the practice company's own command line."""

import argparse

from octowizard.cli.commands import summary

NAME = "sandbox"


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", _common: argparse.ArgumentParser
) -> None:
    """For help and completion only: the words after `sandbox` are read by the practice company itself."""
    parser = commands.add_parser(
        NAME,
        help=summary(NAME),
        allow_abbrev=False,
    )
    parser.add_argument("action", choices=("serve", "do", "scenarios"))


def run(words: list[str]) -> int:
    """Pass the words on. The exit code."""
    from octowizard.sandbox.serve import main

    return main(words)
