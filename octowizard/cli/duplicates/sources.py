"""Which lists of customers are compared: files, what the accounts hold, or one of each; and the answers so far."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from octowizard.cli import accounts, lists
from octowizard.cli.arguments import add_offline
from octowizard.cli.console import Console
from octowizard.cli.exits import Usage
from octowizard.cli.interrupt import completed
from octowizard.cli.watching import reporting
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.wanted import Wanted
    from octowizard.customers.by_hand import ByHand
    from octowizard.customers.exports import Export
    from octowizard.matching.evidence import Answer
    from octowizard.matching.record import Customer
    from octowizard.session.session import Session
    from octowizard.workspace.db import Workspace

OCTOPUS: Final = "octopus"
TEAMLEADER: Final = "teamleader"
_LIVE: Final = (OCTOPUS, TEAMLEADER)
_LONG: Final = 2_000_000  # bytes


class Source(NamedTuple):
    """One list. `place`: `octopus`, `teamleader` or `file/<name>`; with a customer's key behind it, its full name.

    `numbered`: its customers are known by the numbers of their rows, since it has no column of ids.
    """

    place: str
    customers: "Sequence[Customer]"
    numbered: bool = False


class Sources(NamedTuple):
    """What is compared; `right` None: the customers of `left` among themselves. `workspace` None: no profile."""

    left: Source
    right: Source | None
    answers: "list[Answer]"
    workspace: "Workspace | None"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options by which the lists are named."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help=_("one list alone: the duplicates within it (.xlsx or .csv)")
    )
    parser.add_argument(
        "--left", metavar="FILE|octopus", help=_("the first list (default: the relations of Octopus)")
    )
    parser.add_argument(
        "--right",
        metavar="FILE|teamleader",
        help=_("the second list (default: the companies and contacts of Teamleader)"),
    )
    lists.add_reading(parser, "left", "right")
    add_offline(parser)


@contextmanager
def opened(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> Iterator[Sources]:
    """The lists, read. Usage, BadTable, VendorError and what opening a workspace raises, each one sentence."""
    left, right = _named(arguments)
    if left in _LIVE or right in _LIVE:
        with accounts.chosen(wanted, console) as session, session.workspace() as workspace:
            if not arguments.offline:
                _read_live(session, {left, right or ""}, console)
            for side in (side for side in _LIVE if side in {left, right}):
                _was_read(side, workspace, session)
            yield _sources(arguments, left, right, workspace, console)
        return
    known = profile_for_answers(wanted)
    if known is None:
        yield _sources(arguments, left, right, None, console)
        return
    with known.workspace() as workspace:
        yield _sources(arguments, left, right, workspace, console)


def _named(arguments: argparse.Namespace) -> tuple[str, str | None]:
    if arguments.file is not None:
        if arguments.left is not None or arguments.right is not None:
            raise Usage(
                _("Name either one FILE, to find its own duplicates, or --left and --right: not both.")
            )
        return arguments.file, None
    left: str = arguments.left if arguments.left is not None else OCTOPUS
    right: str = arguments.right if arguments.right is not None else TEAMLEADER
    if left == right:
        raise Usage(
            _(
                "--left and --right are the same list: to find its own duplicates, name it alone, without them."
            )
        )
    return left, right


def look(
    arguments: argparse.Namespace,
    session: "Session",
    workspace: "Workspace",
    console: Console,
    *only: str,
) -> None:
    """Read both sides (or `only` one), unless `--offline`: then what was kept must be there. Usage, VendorError."""
    sides = only or _LIVE
    if not arguments.offline:
        _read_live(session, set(sides), console)
    for side in sides:
        _was_read(side, workspace, session)


def profile_for_answers(wanted: "Wanted") -> "Session | None":
    """The profile whose answers count for files: the one that is named, or the only one; else none."""
    if wanted.scenario is not None:
        return None  # a fresh practice company has none, and files need none
    from octowizard.session.session import Session
    from octowizard.workspace.profiles import home, load, names

    root = home()
    known = [wanted.profile] if wanted.profile is not None else names(root)
    return Session(root, load(root, known[0])) if len(known) == 1 else None


def _read_live(session: "Session", sides: set[str], console: Console) -> None:
    completed(session.duplicates.read_customers(reporting(console), *sides))
    if session.profile.unconnected:
        from octowizard.cli.watching import tell_origins

        tell_origins(console, session.snapshot(), "relations", "customers")
    console.close()


def _sources(
    arguments: argparse.Namespace,
    left: str,
    right: str | None,
    workspace: "Workspace | None",
    console: Console,
) -> Sources:
    files = {name: file for name, file in (("left", left), ("right", right)) if file and file not in _LIVE}
    by_hand = lists.by_hand(arguments, files, list(files))
    one: Source
    other: Source | None
    if right is not None and len(files) > 1 and all(map(_is_long, files.values())):
        one, other = _both(left, right, by_hand, console)
    else:
        one = _source(left, by_hand.get("left"), workspace, console)
        other = _source(right, by_hand.get("right"), workspace, console) if right is not None else None
    if workspace is None:
        return Sources(one, other, [], None)
    from octowizard.customers import directory

    # What was said before; the matching knows by the keys which customers are meant.
    given = directory.answered(workspace, one.place, (other or one).place)
    return Sources(one, other, given, workspace)


def _source(name: str, by_hand: "ByHand | None", workspace: "Workspace | None", console: Console) -> Source:
    if by_hand is None and workspace is not None:
        from octowizard.customers import directory

        read = directory.in_octopus if name == OCTOPUS else directory.in_teamleader
        return Source(name, read(workspace))
    return _of_file(_read(name, by_hand), console)


def _read(name: str, by_hand: "ByHand | None") -> "Export":
    from pathlib import Path

    from octowizard.customers import exports
    from octowizard.customers.by_hand import ByHand

    return exports.read(Path(name), by_hand or ByHand())


def _of_file(export: "Export", console: Console) -> Source:
    lists.tell_reading(console, export.reading)
    return Source(f"file/{export.name}", export.customers, numbered=not export.has_ids)


def _is_long(file: str) -> bool:
    """Is a file so large that a process of its own to read it is worth what it takes?"""
    from pathlib import Path

    try:
        return Path(file).stat().st_size > _LONG
    except (OSError, ValueError):
        return False  # the reading says what is wrong


def _both(left: str, right: str, by_hand: "dict[str, ByHand]", console: Console) -> tuple[Source, Source]:
    """Two long files, each read, and brought to one notation, by a process of its own where there can be two."""
    from octowizard.beside import Beside

    def washed(side: str, name: str) -> "Export":
        export = _read(name, by_hand.get(side))
        from octowizard.matching.washing import wash

        wash(export.customers)
        return export

    beside = Beside(lambda: washed("right", right))
    try:
        one = _of_file(washed("left", left), console)
        return one, _of_file(beside.result(), console)
    finally:
        beside.end()


def _was_read(side: str, workspace: "Workspace", session: "Session") -> None:
    """Usage where nothing is known of a side: no customers are not the same as none that are there twice."""
    from octowizard.customers import directory

    if directory.read_at(workspace)[0 if side == OCTOPUS else 1] is not None:
        return
    vendor = side.capitalize()
    if vendor in session.profile.unconnected:
        text = _(
            "The customers of {vendor} are not known: it is not connected, and no list of them was taken in. "
            "octowizard setup declare {list} FILE takes one in."
        )
        raise Usage(text.format(vendor=vendor, list="relations" if side == OCTOPUS else "companies"))
    raise Usage(_("Nothing of {side} was read yet: do this once without --offline.").format(side=vendor))
