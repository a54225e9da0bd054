"""Smart import: first see which relations Teamleader has already, link those that surely are, import only the rest.

No duplicate is made: a relation that may be a customer of Teamleader waits until the user has said whether it is, and
a relation that stands in Octopus twice is brought over once. Not here: how a pair is judged (matching/), and how the
rest is imported (importing.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec

from octowizard.customers import cards, importing, live
from octowizard.customers.company import IMPORT_TAG, Draft
from octowizard.locale import _
from octowizard.matching.keys import name_key, vat_key
from octowizard.matching.record import Customer
from octowizard.octopus.client import Octopus
from octowizard.octopus.models import Relation
from octowizard.planning.customers import external_number
from octowizard.progress import Report, Stop
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import PaymentTermRecord
from octowizard.workspace import answers, links
from octowizard.workspace.db import Workspace
from octowizard.workspace.lock import only_one

HOW = "matched"  # as the links that are made here say


class Pairing(msgspec.Struct, frozen=True):
    """A relation and the customer of Teamleader that it surely, or perhaps, is. `why` in words, weights first."""

    relation: int
    external_number: int
    name: str
    customer: str
    customer_name: str
    score: float
    why: tuple[str, ...]


class Held(msgspec.Struct, frozen=True):
    """A relation that is not brought over because it, or its twin, is there already; `why` in one sentence."""

    relation: int
    name: str
    why: str


class Sorting(msgspec.Struct, frozen=True):
    """Every active client of Octopus that is not linked yet, in one of four heaps.

    `same` will be linked, `new` imported; `doubtful` wait for the user's answer, `held` for somebody to tidy up.
    """

    same: tuple[Pairing, ...]
    doubtful: tuple[Pairing, ...]
    held: tuple[Held, ...]
    new: frozenset[int]


class Preview(msgspec.Struct, frozen=True):
    """What a smart import would do: the heaps, and the import of the new ones."""

    sorting: Sorting
    imports: importing.Preview


class Done(msgspec.Struct, frozen=True):
    """How a smart import ended: how many were linked, what is left to answer, and the import of the rest."""

    linked: int
    sorting: Sorting
    imported: importing.Imported

    @property
    def outcome(self) -> importing.Outcome:
        """That of the import; attention while answers are wanting."""
        if self.imported.outcome == "complete" and (self.sorting.doubtful or self.sorting.held):
            return "attention"
        return self.imported.outcome


async def read(
    workspace: Workspace, octopus: Octopus, teamleader: Teamleader, report: Report
) -> PaymentTermRecord | None:
    """Read the customers of both sides anew; the payment term of new ones. Raises VendorError."""
    await live.read_octopus(workspace, octopus)
    await live.read_teamleader(workspace, teamleader, report)
    return await importing.default_term(teamleader)


async def preview(workspace: Workspace, octopus: Octopus, teamleader: Teamleader, report: Report) -> Preview:
    """Read both sides and say what a smart import would do. Raises VendorError."""
    default = await read(workspace, octopus, teamleader, report)
    sorting = await sorted_out(workspace, default)
    tagged = sum(
        IMPORT_TAG in one.customer.tags for one in live.seen(workspace) if one.customer.kind == "company"
    )
    imports = await importing.preview(workspace, octopus, teamleader, sorting.new, tagged)
    return Preview(sorting, imports)


async def run(
    workspace: Workspace,
    octopus: Octopus,
    teamleader: Teamleader,
    tell: importing.Tell,
    stop: Stop,
    report: Report,
) -> Done:
    """Link what is the same, import what is new. Begun again, it goes on where it ended.

    Raises what `importing.run` raises.
    """
    with only_one(workspace.path.parent, "octowizard duplicates import"):
        # What an import that was cut off has made must bear its link before anybody is compared with it.
        await importing.settle_earlier(workspace, teamleader, stop)
        default = await read(workspace, octopus, teamleader, report)
        sorting = await sorted_out(workspace, default)
        made = [links.CustomerLink(p.customer, p.relation, p.external_number, HOW) for p in sorting.same]
        links.keep(workspace, *made)
    imported = await importing.run(workspace, octopus, teamleader, tell, stop, sorting.new)
    return Done(len(made), sorting, imported)


async def sorted_out(workspace: Workspace, default: PaymentTermRecord | None) -> Sorting:
    """The heaps, from what is kept; off the event loop, on a connection of its own."""

    def computed() -> Sorting:
        with Workspace(workspace.path) as own:
            return sort_out(own, default)

    return await asyncio.to_thread(computed)


def sort_out(workspace: Workspace, default: PaymentTermRecord | None) -> Sorting:
    """The heaps, from what is kept: pure of calls, but some seconds of work with thousands of customers."""
    from octowizard.matching.engine import match
    from octowizard.matching.evidence import Answer
    from octowizard.matching.words import sentence

    numbers = {d.relation: d for d in importing.drafts(workspace, default) if isinstance(d, Draft)}
    ours = [live.relation(card) for card in cards.each(workspace) if _number(card) in numbers]
    theirs = live.in_teamleader(workspace)
    linked = {customer: link.relation for customer, link in links.customers(workspace).items()}
    said = answers.between(answers.given(workspace), live.OCTOPUS, live.TEAMLEADER)
    given = [Answer(left=one, right=other, same=a.same, levels=a.levels) for one, other, a in said]
    same: list[Pairing] = []
    doubtful: list[Pairing] = []
    held: dict[int, Held] = {}
    known = _by_our_number(numbers.values(), ours, theirs, {(a.left, a.right) for a in given if not a.same})
    same += [pairing for pairing in known if pairing.customer not in linked]
    settled = {str(pairing.relation) for pairing in same}, {pairing.customer for pairing in same}
    left = [one for one in ours if one.key not in settled[0]]
    right = [one for one in theirs if one.key not in settled[1]]
    for pair in match(left, right, given) if left and right else ():
        one, other = left[pair.left], right[pair.right]
        draft = numbers[int(one.key)]
        if other.key in linked:
            text = _(
                "It looks like {name}, which is linked with relation {number} of Octopus: is it there twice?"
            )
            if pair.zone == "sure" or not _differ(one, other):
                held[draft.relation] = Held(
                    draft.relation, draft.name, text.format(name=other.name, number=linked[other.key])
                )
            continue
        found = Pairing(
            draft.relation,
            draft.external_number,
            draft.name,
            other.key,
            other.name,
            pair.score,
            tuple(sentence(evidence) for evidence in pair.why),
        )
        (same if pair.zone == "sure" else doubtful).append(found)
    placed = {p.relation for p in (*same, *doubtful)} | held.keys()
    rest = [one for one in ours if int(one.key) not in placed]
    _hold_twins(rest, ours, theirs, placed, numbers, held, {(a.left, a.right) for a in given if not a.same})
    new = frozenset(int(one.key) for one in rest) - held.keys()
    return Sorting(tuple(same), tuple(doubtful), tuple(held.values()), new)


def _by_our_number(
    drafts: Iterable[Draft], ours: list[Customer], theirs: list[Customer], different: set[tuple[str, str]]
) -> list[Pairing]:
    """Relations that octowizard itself once made of a customer: its number in them follows from the customer's id.

    So that they are known again after a workspace was lost. As everywhere, never against two VAT numbers.
    """
    by_number = {external_number(one.key, attempt): one for attempt in (2, 1, 0) for one in theirs}
    by_key = {one.key: one for one in ours}
    found = []
    for draft in drafts:
        other = by_number.get(draft.external_number) if draft.external_number else None
        one = by_key.get(str(draft.relation))
        if other is None or one is None or (one.key, other.key) in different or _differ(one, other):
            continue
        if not set(name_key(one.name).split()) & set(name_key(other.name).split()):
            continue  # once in a hundred thousand, two customers' numbers are the same
        why = _("octowizard's own number: the relation was made of this customer")
        found.append(
            Pairing(draft.relation, draft.external_number, draft.name, other.key, other.name, 1.0, (why,))
        )
    return found


def _hold_twins(
    rest: list[Customer],
    ours: list[Customer],
    theirs: list[Customer],
    placed: set[int],
    numbers: dict[int, Draft],
    held: dict[int, Held],
    different: set[tuple[str, str]],
) -> None:
    """Of what is left: relations with the VAT number of a customer, or of a relation that is brought over.

    The matching pairs each customer once; the second relation of a firm would else become its duplicate.
    """
    customers = {key: one for one in theirs if (key := vat_key(one.vat, one.country or None))}
    taken = {
        key: one.key
        for one in ours
        if int(one.key) in placed and (key := vat_key(one.vat, one.country or None))
    }
    for one in rest:
        key = vat_key(one.vat, one.country or None)
        if key is None:
            continue
        number = int(one.key)
        there = customers.get(key)
        if there is not None and (one.key, there.key) not in different:
            text = _("{name} in Teamleader has its VAT number: say whether they are the same.")
            held[number] = Held(number, numbers[number].name, text.format(name=there.name))
        elif key in taken:
            text = _("Relation {number} of Octopus has the same VAT number, and is brought over.")
            held[number] = Held(number, numbers[number].name, text.format(number=taken[key]))
        else:
            taken[key] = one.key


def _differ(one: Customer, other: Customer) -> bool:
    """Two checked VAT numbers that are not the same."""
    left, right = vat_key(one.vat, one.country or None), vat_key(other.vat, other.country or None)
    return bool(left and right and left != right)


def _number(card: Relation) -> int:
    key = card.relation_identification_service_data.relation_key
    return key.id if key else 0
