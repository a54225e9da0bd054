"""`octowizard duplicates find`: which customers of two lists are the same, how sure that is, and why."""

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from octowizard.cli.arguments import formatted
from octowizard.cli.console import Console, plain
from octowizard.cli.duplicates import sources
from octowizard.cli.exits import WELL
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.duplicates.sources import Sources
    from octowizard.cli.wanted import Wanted
    from octowizard.matching.engine import Matches
    from octowizard.matching.evidence import Pair

NAME: Final = "find"
_SHOWN = 40  # pairs of each zone for people; --json has them all
_BATCH = 2000


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """The subcommand and its options."""
    parser = commands.add_parser(
        NAME,
        parents=[common],
        help=_("which customers are the same, how sure that is, and why"),
        description=_(
            "Compares two lists of customers, or one with itself. Without files: the relations of Octopus with the\n"
            "companies and contacts of Teamleader. Writes nothing to either side. With files alone no accounts\n"
            "are needed. Columns are known by their titles: id, name, first name, last name, VAT number, street,\n"
            "house number, postcode, city, country, email, phone, IBAN, external id and more, in English, Dutch\n"
            "and French, and as Octopus and Teamleader title them."
        ),
        epilog=_(
            """with --json, one object:
  {"schema": 1, "command": "duplicates find", "left": place, "right": place or null for one list alone,
   "pairs": [{"left", "right", "zone": sure|doubtful, "score": 0 to 1, "why": [signed weights in words]}],
   "counts": {"left", "right", "sure", "doubtful"}}
  left and right of a pair: the value in the column id (also: rec_id, Teamleader ID, relation number), as text,
  where there is one; else the number of the row below the titles, from 1, empty rows not counted; of the
  accounts, the vendor's own id, as text. place: octopus, teamleader or file/NAME; place/id names a customer in
  `duplicates answer`. Sure pairs first, then by falling score.

exit codes: 0 compared (also when nothing is the same), 2 wrong usage or file, 3 could not tell"""
        ),
        formatter_class=formatted(),
        allow_abbrev=False,
    )
    sources.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help=_("one JSON object on stdout (see below)"))


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Compare and tell. The exit code."""
    with sources.opened(arguments, wanted, console) as lists:
        from octowizard.matching.engine import match

        right = None if lists.right is None else lists.right.customers
        console.progress(
            _("comparing {count} customers").format(count=len(lists.left.customers) + len(right or ()))
        )
        matches = match(lists.left.customers, right, lists.answers)
        console.close()
        if arguments.json:
            console.json_pieces(_pieces(lists, matches))
        else:
            _tell(console, lists, matches)
    return WELL


def counts(lists: "Sources", matches: "Matches") -> dict[str, int]:
    """How many customers there are, and pairs of each zone."""
    return {
        "left": len(lists.left.customers),
        "right": len((lists.right or lists.left).customers),
        "sure": matches.count("sure"),
        "doubtful": matches.count("doubtful"),
    }


def _pieces(lists: "Sources", matches: "Matches") -> Iterator[bytes]:
    """The one object, piece by piece: a hundred thousand pairs are never in memory together."""
    import msgspec

    encode = msgspec.json.encode
    head = {
        "schema": 1,
        "command": f"duplicates {NAME}",
        "left": lists.left.place,
        "right": lists.right.place if lists.right is not None else None,
    }
    yield encode(head)[:-1] + b',"pairs":['
    batch: list[dict[str, object]] = []
    between = b""
    for pair in _told(lists, matches):
        batch.append(pair)
        if len(batch) == _BATCH:
            yield between + encode(batch)[1:-1]
            between = b","
            batch.clear()
    if batch:
        yield between + encode(batch)[1:-1]
    yield b'],"counts":' + encode(counts(lists, matches)) + b"}"


def _told(lists: "Sources", matches: "Matches") -> Iterator[dict[str, object]]:
    """Pairs as `--json` has them."""
    from octowizard.matching.words import teller

    one, other = lists.left, lists.right or lists.left
    # An id is a text, whatever it looks like; a row is a number.
    key_left: type[int] | type[str] = int if one.numbered else str
    key_right: type[int] | type[str] = int if other.numbered else str
    for left, right, zone, score, why in matches.told(teller()):
        yield {
            "left": key_left(one.customers[left].key),
            "right": key_right(other.customers[right].key),
            "zone": zone,
            "score": round(score, 6),
            "why": why,
        }


def _tell(console: Console, lists: "Sources", matches: "Matches") -> None:
    from octowizard.matching.words import sentence

    left, right = lists.left.customers, (lists.right or lists.left).customers
    number = counts(lists, matches)
    for zone, mark, title in (
        ("sure", "=", _("the same for sure")),
        ("doubtful", "?", _("perhaps the same")),
    ):
        if not number[zone]:
            continue
        console.line(f"{mark} {title}: {number[zone]}")
        for pair in _first(matches, zone):
            one, other = left[pair.left], right[pair.right]
            console.line(f"  {mark} {plain(one.key)}  {plain(one.name)}")
            console.line(f"    {plain(other.key)}  {plain(other.name)}")
            for evidence in pair.why[:4]:
                console.line(f"      {plain(sentence(evidence))}")
        if number[zone] > _SHOWN:
            console.line(
                "  " + _("and {count} more: --json has them all").format(count=number[zone] - _SHOWN)
            )
        console.line()
    if not number["sure"] and not number["doubtful"]:
        console.line(_("No two customers here seem to be the same."))
    compared = (
        _("{count} customers compared with each other.")
        if lists.right is None
        else _("{count} customers compared with {other}.")
    )
    console.note(compared.format(count=number["left"], other=number["right"]))


def _first(matches: "Matches", zone: str) -> "Iterable[Pair]":
    """The first of a zone. Sure ones stand before the doubtful ones."""
    start = 0 if zone == "sure" else matches.count("sure")
    return matches[start : start + min(_SHOWN, matches.count(zone))]
