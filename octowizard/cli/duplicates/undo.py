"""`octowizard duplicates undo`: takes a merge back from its undo pack, and says what cannot come back."""

import argparse
import sys
from typing import TYPE_CHECKING, Final

from octowizard.cli import accounts
from octowizard.cli.arguments import add_json, add_part, add_yes, paragraphs, whole
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import WELL, Usage
from octowizard.cli.watching import watched
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.customers.undo import Undone
    from octowizard.session.session import Session
    from octowizard.workspace.undo_packs import Pack

NAME: Final = "undo"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The subcommand and its options."""
    parser = add_part(
        commands,
        common,
        NAME,
        _("take a merge back"),
        _(
            "Makes the company that went once more, gives its contacts back, and takes from the survivor what the\n"
            "merge added to it. What somebody changed since stays. Without a number: the last merge.\n"
            "Where nobody can be asked (in a script, with --json), it is undone at once."
        ),
        paragraphs(
            """with --json, one object: {"schema": 1, "command": "duplicates undo", "pack", "company": its id now,
  "name", "survivor", "made": whether it had to be made again, "lost": [what does not come back],
  "stays": [fields of the survivor that were changed since]}
with --list and --json: {"schema": 1, "command": "duplicates undo", "packs": [{"pack", "name", "gone",
  "survivor", "state": begun|merged|undoing|undone, "at"}]}""",
            _("exit codes: 0 undone, 2 there is no such merge, 3 could not tell: the same command goes on"),
        ),
    )
    parser.add_argument("pack", nargs="?", type=whole, metavar="ID", help=_("the number of the merge"))
    parser.add_argument("--list", action="store_true", help=_("which merges there are"))
    add_yes(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """List them, or undo one. The exit code."""
    from octowizard.customers.undo import NothingToUndo

    with accounts.chosen(wanted, console) as session:
        packs = _packs(session)
        if arguments.list:
            _list(console, packs, as_json=arguments.json)
            return WELL
        number = _chosen(packs, arguments.pack)
        if sys.stdin.isatty() and not (arguments.yes or arguments.json):
            from octowizard.presentation.pairs import undo_question

            console.show(undo_question(number).blocks, note=True)
            name = next((_name(pack) for pack in packs if pack.id == number), "")
            question = _("Undo merge {number} ({name})?").format(number=number, name=name)
            if not console.asks(plain(question)):
                console.note(_("Nothing was written."))
                return WELL
        try:
            undone = watched(lambda _stop: session.duplicates.undo(number))
        except NothingToUndo as nothing:
            raise Usage(str(nothing)) from nothing
    console.close()
    _tell(console, undone, as_json=arguments.json)
    return WELL


def _packs(session: "Session") -> "list[Pack]":
    from octowizard.workspace import undo_packs

    with session.workspace() as workspace:
        return undo_packs.packs(workspace)


def _chosen(packs: "list[Pack]", wanted: int | None) -> int:
    if wanted is not None:
        return wanted
    undoable = [pack.id for pack in packs if pack.state != "undone"]
    if not undoable:
        from octowizard.presentation.pairs import nothing_to_undo

        raise Usage(nothing_to_undo())
    return undoable[-1]


def _name(pack: "Pack") -> str:
    import msgspec

    from octowizard.customers.undo_pack import Pack as Body

    return msgspec.json.decode(pack.body, type=Body).gone_company.name


def _list(console: Console, packs: "list[Pack]", *, as_json: bool) -> None:
    from octowizard.locale.formats import dated_moment
    from octowizard.presentation.json_output import PackLine, Packs, encoded

    if as_json:
        lines = [PackLine(one.id, _name(one), one.gone, one.survivor, one.state, one.at) for one in packs]
        console.json(encoded(Packs(lines), command=f"duplicates {NAME}"))
        return
    for pack in packs:
        console.line(plain(f"{pack.id:>5}  {dated_moment(pack.at)}  {_state(pack.state):<12}  {_name(pack)}"))
    if not packs:
        console.note(_("Nothing has been merged yet."))


def _state(state: str) -> str:
    return {
        "begun": _("cut off"),
        "merged": _("merged"),
        "undoing": _("half undone"),
        "undone": _("undone"),
    }.get(state, state)


def _tell(console: Console, result: "Undone", *, as_json: bool) -> None:
    if as_json:
        from octowizard.presentation.json_output import encoded

        console.json(encoded(result, command=f"duplicates {NAME}"))
        return
    from octowizard.presentation.pairs import undone

    console.page(undone(result))
