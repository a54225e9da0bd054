"""Smart import: first see which relations Teamleader has already, link those that surely are, import only the rest.

No duplicate is made: a relation that may be a customer of Teamleader waits until the user has said whether it is, and
a relation that stands in Octopus twice is brought over once. Not here: how a pair is judged (matching/), and how the
rest is imported (importing.py).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from octowizard.customers import directory, importing, relation_store
from octowizard.customers.company import Draft
from octowizard.locale import _
from octowizard.matching.keys import address_key, name_key
from octowizard.matching.record import Customer
from octowizard.matching.vat_numbers import firm_key, vat_key
from octowizard.octopus.client import Octopus
from octowizard.octopus.models import Relation
from octowizard.planning.customers import external_number, share_a_word
from octowizard.progress import Report, Stop
from octowizard.snapshot.parts import FEW_MINUTES, clock_offset, is_young, written_parts
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import IMPORT_TAG, PaymentTermRecord
from octowizard.workspace import links
from octowizard.workspace.db import Workspace
from octowizard.workspace.lock import only_one

HOW = "matched"  # as the links that are made here say


class Pairing(msgspec.Struct, frozen=True):
    """A relation and the customer of Teamleader that it surely, or perhaps, is. `why` in words, weights first.

    `recognised`: a sync knows the two for one without a link, by VAT number, address or octowizard's own number.
    """

    relation: int
    external_number: int
    name: str
    customer: str
    customer_name: str
    score: float
    why: tuple[str, ...]
    recognised: bool = False


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
    await directory.read_octopus(workspace, octopus)
    await directory.read_teamleader(workspace, teamleader, report)
    return await importing.default_term(teamleader)


async def preview(
    workspace: Workspace, octopus: Octopus, teamleader: Teamleader, report: Report, *, fresh: bool = True
) -> Preview:
    """Read both sides and say what a smart import would do. Raises VendorError.

    Unless `fresh`, what was read minutes ago is used again; the import itself always reads before it writes.
    """
    if not fresh and _just_read(workspace):
        default = await importing.default_term(teamleader)
    else:
        default = await read(workspace, octopus, teamleader, report)
    sorting = await sorted_out(workspace, default)
    tagged = sum(
        IMPORT_TAG in seen.customer.tags
        for seen in directory.seen(workspace)
        if seen.customer.kind == "company"
    )
    imports = await importing.preview(workspace, octopus, teamleader, sorting.new, tagged)
    return Preview(sorting, imports)


def _just_read(workspace: Workspace) -> bool:
    """Whether the customers of both sides were read minutes ago, and nothing was written to them since."""
    now = datetime.now(UTC)
    offset = clock_offset(workspace)
    octopus_at, teamleader_at = directory.read_at(workspace)
    return (
        octopus_at is not None
        and teamleader_at is not None
        and is_young(octopus_at, now + offset, FEW_MINUTES)  # by Octopus' clock
        and is_young(teamleader_at, now, FEW_MINUTES)
        and not {"customers", "relations"} & written_parts(workspace)
    )


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
    from octowizard.matching.evidence_text import sentence

    drafts = {d.relation: d for d in importing.drafts(workspace, default) if isinstance(d, Draft)}
    ours = [directory.relation(card) for card in relation_store.each(workspace) if _number(card) in drafts]
    theirs = directory.in_teamleader(workspace)
    linked = {customer: link.relation for customer, link in links.customers(workspace).items()}
    given = directory.answered(workspace, directory.OCTOPUS, directory.TEAMLEADER)
    different = {(answer.left, answer.right) for answer in given if not answer.same}
    by_number = _by_our_number(drafts.values(), ours, theirs, different)
    same = [pairing for pairing in by_number if pairing.customer not in linked]
    same += _by_import(
        drafts,
        [relation for relation in ours if int(relation.key) not in {pairing.relation for pairing in same}],
        [customer for customer in theirs if customer.key not in linked and IMPORT_TAG in customer.tags],
        different,
    )
    doubtful: list[Pairing] = []
    held: dict[int, Held] = {}
    relations_settled = {str(pairing.relation) for pairing in same}
    customers_settled = {pairing.customer for pairing in same}
    left = [relation for relation in ours if relation.key not in relations_settled]
    right = [customer for customer in theirs if customer.key not in customers_settled]
    for pair in match(left, right, given) if left and right else ():
        relation, customer = left[pair.left], right[pair.right]
        draft = drafts[int(relation.key)]
        if customer.key not in linked:
            why = tuple(sentence(evidence) for evidence in pair.why)
            pairings = same if pair.zone == "sure" else doubtful
            known = _recognised(relation, customer)
            pairings.append(_pairing(draft, customer, pair.score, why, recognised=known))
        elif pair.zone == "sure" or not _differ(relation, customer):
            text = _linked_before(customer, linked[customer.key])
            held[draft.relation] = Held(draft.relation, draft.name, text)
    placed = {p.relation for p in (*same, *doubtful)} | held.keys()
    rest = [relation for relation in ours if int(relation.key) not in placed]
    brought_over = [relation for relation in ours if int(relation.key) in placed]
    pairs = linked | {pairing.customer: pairing.relation for pairing in same}
    held |= _twins(rest, brought_over, theirs, drafts, different, pairs)
    new = frozenset(int(relation.key) for relation in rest) - held.keys()
    return Sorting(tuple(same), tuple(doubtful), tuple(held.values()), new)


def _linked_before(customer: Customer, relation: int) -> str:
    """Why a relation is left out that looks like a customer of another relation."""
    text = _("It looks like {name}, which is linked with relation {number} of Octopus: is it there twice?")
    return text.format(name=customer.name, number=relation)


def _pairing(
    draft: Draft, customer: Customer, score: float, why: tuple[str, ...], *, recognised: bool
) -> Pairing:
    number, name = draft.external_number, draft.name
    return Pairing(draft.relation, number, name, customer.key, customer.name, score, why, recognised)


def _recognised(relation: Customer, customer: Customer) -> bool:
    """Whether the sure keys by which a sync links the two are the same (`planning.customers`)."""
    vat = _vat(relation)
    if vat and vat == _vat(customer):
        return True
    keys = [address_key(each.name, each.street, each.postcode) for each in (relation, customer)]
    return keys[0] is not None and keys[0] == keys[1]


def _by_our_number(
    drafts: Iterable[Draft], ours: list[Customer], theirs: list[Customer], different: set[tuple[str, str]]
) -> list[Pairing]:
    """Relations that octowizard itself once made of a customer: its number in them follows from the customer's id.

    So that they are known again after a workspace was lost. As everywhere, never against two VAT numbers.
    """
    by_number = {external_number(c.key, attempt): c for attempt in (2, 1, 0) for c in theirs}
    by_key = {relation.key: relation for relation in ours}
    why = (_("octowizard's own number: the relation was made of this customer"),)
    pairings = []
    for draft in drafts:
        customer = by_number.get(draft.external_number) if draft.external_number else None
        relation = by_key.get(str(draft.relation))
        if customer is None or relation is None:
            continue
        # Once in a hundred thousand, two customers' numbers are the same.
        alike = share_a_word(relation.name, customer.name)
        if alike and (relation.key, customer.key) not in different and not _differ(relation, customer):
            pairings.append(_pairing(draft, customer, 1.0, why, recognised=True))
    return pairings


def _by_import(
    drafts: Mapping[int, Draft],
    ours: list[Customer],
    imported: list[Customer],
    different: set[tuple[str, str]],
) -> list[Pairing]:
    """Relations and what an import of Octopus' companies made of them: it bears the tag, and the same data.

    Beside the customer that was there before, each is two: the matching alone would not dare to choose.
    """
    why = (_("imported from Octopus: it bears the tag, and the same VAT number, address or name"),)
    keys: tuple[Callable[[Customer], object], ...] = (
        _vat,
        lambda customer: address_key(customer.name, customer.street, customer.postcode),
        lambda customer: name_key(customer.name),
    )
    pairings: dict[int, Pairing] = {}
    taken: set[str] = set()
    for key in keys:
        copies: dict[object, Customer] = {}
        for customer in reversed(imported):
            if customer.key not in taken and key(customer):
                copies[key(customer)] = customer
        left = [relation for relation in ours if int(relation.key) not in pairings and key(relation)]
        bearers = Counter(map(key, left))
        for relation in left:
            copy = copies.get(key(relation))
            if copy is None or bearers[key(relation)] > 1 or _differ(relation, copy):
                continue
            if (relation.key, copy.key) not in different:
                draft, known = drafts[int(relation.key)], _recognised(relation, copy)
                pairings[draft.relation] = _pairing(draft, copy, 1.0, why, recognised=known)
                taken.add(copy.key)
    return list(pairings.values())


def _twins(
    rest: list[Customer],
    brought_over: list[Customer],
    theirs: list[Customer],
    drafts: dict[int, Draft],
    different: set[tuple[str, str]],
    linked: Mapping[str, int],
) -> dict[int, Held]:
    """Of what is left: relations with the VAT number of a customer, or of a relation that is brought over.

    The matching pairs each customer once; the second relation of a firm would else become its duplicate. `linked`:
    the customers that have a relation, or get one now; a second one is a question about Octopus, not about the pair.
    """
    customers = {vat: customer for customer in theirs if (vat := _vat(customer))}
    taken = {vat: relation.key for relation in brought_over if (vat := _vat(relation))}
    held: dict[int, Held] = {}
    for relation in rest:
        vat, number = _vat(relation), int(relation.key)
        if vat is None:
            continue
        customer = customers.get(vat)
        if customer is not None and (relation.key, customer.key) not in different:
            if customer.key in linked:
                text = _linked_before(customer, linked[customer.key])
            else:
                text = _("{name} in Teamleader has its VAT number: say whether they are the same.").format(
                    name=customer.name
                )
            held[number] = Held(number, drafts[number].name, text)
        elif vat in taken:
            text = _("Relation {number} of Octopus has the same VAT number, and is brought over.")
            held[number] = Held(number, drafts[number].name, text.format(number=taken[vat]))
        else:
            taken[vat] = relation.key
    return held


def _vat(customer: Customer) -> str | None:
    key = vat_key(customer.vat, customer.country)
    return key and firm_key(key)


def _differ(relation: Customer, customer: Customer) -> bool:
    """Two checked VAT numbers that are not the same."""
    left, right = _vat(relation), _vat(customer)
    return bool(left and right and left != right)


def _number(card: Relation) -> int:
    key = card.relation_identification_service_data.relation_key
    return key.id if key else 0
