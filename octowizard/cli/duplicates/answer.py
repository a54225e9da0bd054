"""`octowizard duplicates answer`: says whether two customers are one, for good; it is never asked again."""

import argparse
from typing import TYPE_CHECKING, Final

from octowizard.cli import accounts
from octowizard.cli.arguments import add_json, add_part, paragraphs
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import WELL, Usage
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.workspace.db import Workspace

NAME: Final = "answer"
_PLACES: Final = ("octopus", "teamleader", "file")


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The subcommand and its options."""
    parser = add_part(
        commands,
        common,
        NAME,
        _("say whether two customers are the same; it is remembered"),
        _(
            "Your word decides: two customers called the same are paired from now on, two called different are\n"
            "not shown again. Answers also teach the comparison what counts in your lists."
        ),
        paragraphs(
            _("a customer is named PLACE/ID: octopus/1042, teamleader/0f12…, file/left.csv/L12"),
            """with --json, one object: {"schema": 1, "command": "duplicates answer", "left", "right",
  "answer": same|different, or null when it was taken back; "answers": how many there are now}""",
        ),
    )
    parser.add_argument("left", metavar="LEFT", help=_("the one"))
    parser.add_argument("right", metavar="RIGHT", help=_("the other"))
    parser.add_argument(
        "answer", choices=("same", "different", "forget"), help=_("what they are; forget takes it back")
    )
    add_json(parser)


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Keep the answer. The exit code."""
    from octowizard.presentation.json_output import Answered, encoded
    from octowizard.workspace import answers

    left, right, given = _place(arguments.left), _place(arguments.right), arguments.answer
    if left == right:
        raise Usage(_("{customer} cannot be compared with itself.").format(customer=plain(left)))
    with (
        accounts.chosen(wanted, console) as session,
        session.workspace() as workspace,
    ):
        if given == "forget":
            if not answers.forget(workspace, left, right):
                raise Usage(
                    _("Nothing was ever said of {left} and {right}.").format(
                        left=plain(left), right=plain(right)
                    )
                )
        else:
            for customer in (left, right):
                _is_there(workspace, customer)
            answers.remember(workspace, left, right, same=given == "same")
        number = len(answers.given(workspace))
    if arguments.json:
        answer = None if given == "forget" else given
        console.json(encoded(Answered(left, right, answer, number), command=f"duplicates {NAME}"))
    else:
        console.line(
            ngettext("Remembered: {count} answer.", "Remembered: {count} answers.", number).format(
                count=number
            )
            if given != "forget"
            else ngettext(
                "Taken back: {count} answer is left.", "Taken back: {count} answers are left.", number
            ).format(count=number)
        )
    return WELL


def _is_there(workspace: "Workspace", customer: str) -> None:
    """A mistyped id would be remembered for nobody. Only of a side that was read can it be told. Usage."""
    from octowizard.customers import directory

    place, _slash, key = customer.partition("/")
    if place == "file":
        return
    read_at = directory.read_at(workspace)[0 if place == "octopus" else 1]
    kept = directory.in_octopus if place == "octopus" else directory.in_teamleader
    if read_at is not None and all(one.key != key for one in kept(workspace)):
        raise Usage(
            _(
                "{side} had no customer {id} when it was last read: `octowizard duplicates find` reads it."
            ).format(side=place.capitalize(), id=plain(key))
        )


def _place(written: str) -> str:
    place, _slash, key = written.partition("/")
    if place not in _PLACES or not key or (place == "file" and not key.partition("/")[2]):
        raise Usage(
            _("“{text}” names no customer: write octopus/NUMBER, teamleader/ID or file/NAME/ID.").format(
                text=plain(written)
            )
        )
    return written
