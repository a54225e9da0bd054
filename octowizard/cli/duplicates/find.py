"""`octowizard duplicates find`: which customers of two lists are the same, how sure that is, and why."""

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from octowizard.cli.arguments import add_json, add_part, paragraphs
from octowizard.cli.console import Console, plain
from octowizard.cli.duplicates import sources
from octowizard.cli.exits import WELL
from octowizard.locale import _
from octowizard.locale.counted import counted
from octowizard.locale.formats import count, labelled

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.duplicates.sources import Source, Sources
    from octowizard.cli.wanted import Wanted
    from octowizard.matching.engine import Matches
    from octowizard.matching.evidence import Pair as Match
    from octowizard.matching.groups import Group as Matched
    from octowizard.presentation.json_output import Group

NAME: Final = "find"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The subcommand and its options."""
    parser = add_part(
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
        paragraphs(
            """with --json, one object:
  {"schema": 1, "command": "duplicates find", "left": place, "right": place or null for one list alone,
   "pairs": [{"left", "right", "zone": sure|doubtful, "score": 0 to 1, "why": [signed weights in words]}],
   "groups": [{"side": left|right, "members": [], "zone": sure|doubtful, "score", "sure": [[], …]}],
   "counts": {"left", "right", "sure", "doubtful", "groups"}}
  left and right of a pair: the value in the column id (also: rec_id, Teamleader ID, relation number), as text,
  where there is one; else the number of the row below the titles, from 1, empty rows not counted; of the
  accounts, the vendor's own id, as text. place: octopus, teamleader or file/NAME; place/id names a customer in
  `duplicates answer`. Sure pairs first, then by falling score. groups: the customers that stand twice or more
  in one list; its pairs are those within the groups. sure of a group: its members that surely are one, the
  largest lot first. Of two lists only such groups as would be paired with the same customer of the other.""",
            _(
                "exit codes: 0 compared (also when nothing is the same), 2 wrong usage or file, 3 could not tell"
            ),
        ),
    )
    sources.add_arguments(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Compare and tell. The exit code."""
    with sources.opened(arguments, wanted, console) as lists:
        from octowizard.matching.engine import match

        right = None if lists.right is None else lists.right.customers
        number = len(lists.left.customers) + len(right or ())
        console.progress(_("comparing {customers}").format(customers=counted("customer", number)))
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
        "groups": sum(map(len, matches.groups)),
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
    for lot in _pairs(lists, matches):
        yield between + lot
        between = b","
    yield b'],"groups":' + encode(list(_groups(lists, matches)))
    yield b',"counts":' + encode(_counts(lists, matches)) + b"}"


def _pairs(lists: "Sources", matches: "Matches") -> Iterator[bytes]:
    from octowizard.matching.by_column import texts
    from octowizard.presentation.json_pairs import Keys, pairs

    one, other = lists.left, lists.right or lists.left
    keys = Keys(texts(one.customers, "key"), one.numbered)
    other_keys = Keys(texts(other.customers, "key"), other.numbered)
    return pairs(matches, one.customers, other.customers, (keys, other_keys))


def _groups(lists: "Sources", matches: "Matches") -> "Iterator[Group]":
    from octowizard.presentation.json_output import Group

    for side, source, groups in _sides(lists, matches):
        key: type[int] | type[str] = int if source.numbered else str
        for group in groups:
            yield Group(
                side=side,
                members=[key(source.customers[row].key) for row in group.members],
                zone=group.zone,
                score=round(group.score, 6),
                sure=[
                    [key(source.customers[row].key) for row in core] for core in group.cores if len(core) > 1
                ],
            )


def _sides(lists: "Sources", matches: "Matches") -> "Iterator[tuple[str, Source, Sequence[Matched]]]":
    """Each list that holds groups, by the name that it has in JSON."""
    for side, source, groups in zip(
        ("left", "right"), (lists.left, lists.right or lists.left), matches.groups, strict=True
    ):
        if groups:
            yield side, source, groups


def _called(place: str) -> str:
    """A list as people call it: the vendor, or the name of its file."""
    return plain(place.removeprefix("file/")) if "/" in place else place.capitalize()


def _tell_groups(console: Console, lists: "Sources", matches: "Matches", least: int) -> None:
    """The groups of `least` customers or more, those that are sure first."""
    from octowizard.presentation.blocks import Gap, Heading, Item
    from octowizard.presentation.pairs import SHOWN, ZONES, all_in_json, group_heading, group_of

    for _side, source, every in _sides(lists, matches):
        groups = [group for group in every if len(group.members) >= least]
        if not groups:
            continue
        console.show(
            [Heading(group_heading(len(groups), _called(source.place) if lists.right is not None else ""))]
        )
        for group in groups[:SHOWN]:
            core = set(group.cores[0]) if len(group.cores[0]) > 1 else set()
            first, *rest = [*group.cores[0], *(row for row in group.members if row not in group.cores[0])]
            mark = ZONES[group.zone]
            console.show([Item(group_of(len(group.members), group.zone), mark, indent=2)])
            for row in (first, *rest):
                one = source.customers[row]
                at = " ".join(filter(None, (one.street, one.number, one.postcode, one.city)))
                text = " · ".join(filter(None, (f"{one.key}  {one.name}", at)))
                console.show([Item(text, "" if row in core else ZONES["doubtful"], indent=4)])
        if len(groups) > SHOWN:
            console.show([Item(all_in_json(len(groups) - SHOWN), indent=2)])
        console.show([Gap()])


def _tell(console: Console, lists: "Sources", matches: "Matches") -> None:
    from octowizard.matching.evidence_text import sentence
    from octowizard.presentation.blocks import Gap, Heading, Item
    from octowizard.presentation.pairs import SHOWN, ZONES, all_in_json, zone_name

    left, right = lists.left.customers, (lists.right or lists.left).customers
    counts = _counts(lists, matches)
    alone = lists.right is None
    _tell_groups(console, lists, matches, 3 if alone else 2)
    shown = (
        {row for group in matches.groups[0] if len(group.members) > 2 for row in group.members}
        if alone
        else set()
    )
    for zone in ("sure", "doubtful"):
        number, pairs = _pairs_of(matches, zone, SHOWN, shown)
        if not number:
            continue
        mark = ZONES[zone]
        console.show([Heading(labelled(zone_name(zone), number), mark)])
        for pair in pairs:
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
        _("{customers} compared with each other.")
        if lists.right is None
        else _("{customers} compared with {other}.")
    )
    console.note(compared.format(customers=counted("customer", counts["left"]), other=count(counts["right"])))


def _pairs_of(matches: "Matches", zone: str, most: int, shown: set[int]) -> "tuple[int, list[Match]]":
    """How many pairs of a zone there are but those of customers that were `told` already, and the first of them."""
    start = 0 if zone == "sure" else matches.count("sure")
    places: Sequence[int] = range(start, start + matches.count(zone))
    if shown:
        places = [place for place in places if matches.pair(place).left not in shown]
    return len(places), [matches.pair(place) for place in places[:most]]
