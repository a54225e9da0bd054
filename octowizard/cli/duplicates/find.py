"""`octowizard duplicates find`: which customers of two lists are the same, how sure that is, and why."""

import argparse
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from octowizard.cli.arguments import add_command, add_json
from octowizard.cli.console import Console
from octowizard.cli.duplicates import sources
from octowizard.cli.exits import WELL
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.duplicates.sources import Sources
    from octowizard.cli.wanted import Wanted
    from octowizard.matching.engine import Matches
    from octowizard.matching.evidence import Pair as Match
    from octowizard.presentation.json_output import Pair

NAME: Final = "find"
_BATCH = 2000


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The subcommand and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _("which customers are the same, how sure that is, and why"),
        _(
            "Compares two lists of customers, or one with itself. Without files: the relations of Octopus with the\n"
            "companies and contacts of Teamleader. Writes nothing to either side. With files alone no accounts\n"
            "are needed. Columns are known by their titles: id, name, first name, last name, VAT number, street,\n"
            "house number, postcode, city, country, email, phone, IBAN, external id and more, in English, Dutch,\n"
            "French and German, and as Octopus, Teamleader and other programs title them; a line says which were read."
        ),
        _(
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
    )
    sources.add_arguments(parser)
    add_json(parser)


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


def _counts(lists: "Sources", matches: "Matches") -> dict[str, int]:
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

    from octowizard.presentation.json_output import SCHEMA

    encode = msgspec.json.encode
    head = {
        "schema": SCHEMA,
        "command": f"duplicates {NAME}",
        "left": lists.left.place,
        "right": lists.right.place if lists.right is not None else None,
    }
    yield encode(head)[:-1] + b',"pairs":['
    between = b""
    pairs = _pairs(lists, matches)
    while batch := list(islice(pairs, _BATCH)):
        yield between + encode(batch)[1:-1]
        between = b","
    yield b'],"counts":' + encode(_counts(lists, matches)) + b"}"


def _pairs(lists: "Sources", matches: "Matches") -> "Iterator[Pair]":
    from octowizard.matching.evidence_text import teller
    from octowizard.presentation.json_output import Pair

    one, other = lists.left, lists.right or lists.left
    key_left: type[int] | type[str] = int if one.numbered else str
    key_right: type[int] | type[str] = int if other.numbered else str
    for left, right, zone, score, why in matches.told(teller()):
        yield Pair(
            left=key_left(one.customers[left].key),
            right=key_right(other.customers[right].key),
            zone=zone,
            score=round(score, 6),
            why=why,
        )


def _tell(console: Console, lists: "Sources", matches: "Matches") -> None:
    from octowizard.matching.evidence_text import sentence
    from octowizard.presentation.blocks import Gap, Heading, Item
    from octowizard.presentation.pairs import SHOWN, ZONES, all_in_json, zone_name

    left, right = lists.left.customers, (lists.right or lists.left).customers
    counts = _counts(lists, matches)
    for zone, number in (("sure", counts["sure"]), ("doubtful", counts["doubtful"])):
        if not number:
            continue
        mark = ZONES[zone]
        console.show([Heading(f"{zone_name(zone)}: {number}", mark)])
        for pair in _first(matches, zone, SHOWN):
            one, other = left[pair.left], right[pair.right]
            console.show(
                [
                    Item(f"{one.key}  {one.name}", mark, indent=2),
                    Item(f"{other.key}  {other.name}", indent=4),
                    *(Item(sentence(evidence), indent=6) for evidence in pair.why[:4]),
                ]
            )
        if number > SHOWN:
            console.show([Item(all_in_json(number - SHOWN), indent=2)])
        console.show([Gap()])
    if not counts["sure"] and not counts["doubtful"]:
        console.line(_("No two customers here seem to be the same."))
    compared = (
        _("{count} customers compared with each other.")
        if lists.right is None
        else _("{count} customers compared with {other}.")
    )
    console.note(compared.format(count=counts["left"], other=counts["right"]))


def _first(matches: "Matches", zone: str, most: int) -> "Iterable[Match]":
    """The first of a zone. Sure ones stand before the doubtful ones."""
    start = 0 if zone == "sure" else matches.count("sure")
    return matches[start : start + min(most, matches.count(zone))]
