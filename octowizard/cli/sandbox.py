"""`octowizard sandbox`: hands everything to the practice company's own command line."""

import argparse
from contextlib import suppress

from octowizard.cli.commands import summary
from octowizard.locale import _

NAME = "sandbox"


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", _common: argparse.ArgumentParser
) -> None:
    """For help and completion only: the words after `sandbox` are read by the practice company itself."""
    from octowizard.sandbox.serve import add_commands

    add_commands(commands.add_parser(NAME, help=summary(NAME), allow_abbrev=False), _)


def run(words: list[str]) -> int:
    """Pass the words on. The exit code."""
    from octowizard.cli.argparse_words import speak
    from octowizard.cli.arguments import Parser
    from octowizard.sandbox.serve import PROGRAM, main

    speak()
    try:
        return main(words, _, Parser(prog=PROGRAM, allow_abbrev=False))
    finally:
        if words[:1] == ["do"]:
            _tell_profiles(words)


def _tell_profiles(words: list[str]) -> None:
    """What was just done on a practice company is read again by the profiles that are connected to it."""
    from octowizard.session.session import Session
    from octowizard.workspace import profiles
    from octowizard.workspace.errors import WorkspaceError

    root = profiles.home()
    for name in profiles.names(root):
        with suppress(WorkspaceError, profiles.ProfileError):
            profile = profiles.load(root, name)
            if profile.control_url and any(word.endswith(profile.control_url) for word in words):
                Session(root, profile).changed_by(" ".join(words))
