"""Which relation a customer becomes: the one it is linked to, an existing one, a new one, or none and why. Pure.

A customer is linked to an existing relation on sure keys only: octowizard's own external number, a checked VAT
number, or name, street and postcode together where no VAT number contradicts. Nobody is linked on a name alone.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from octowizard.matching.countries import country_code
from octowizard.matching.keys import address_key, name_key
from octowizard.matching.vat_numbers import country_of_key, firm_key, vat_key
from octowizard.planning import blockers
from octowizard.planning.blockers import Blocker
from octowizard.snapshot.model import CustomerFacts, RelationFacts, Snapshot

How = Literal["external_number", "vat_number", "name_and_address"]

_LOWEST, _HIGHEST = 100_000_000, 999_999_999


class AlreadyLinked(NamedTuple):
    """The relation that octowizard remembers the customer to be."""

    relation: int


class ExistingRelation(NamedTuple):
    """A relation of the dossier that the customer is to be linked to."""

    relation: int
    external_number: int
    how: How


class NewRelation(NamedTuple):
    """A relation that is to be made for the customer, with this external number."""

    external_number: int


class Ambiguous(NamedTuple):
    """Several relations bear the customer's VAT number or address: a person decides."""

    relations: tuple[RelationFacts, ...]


def external_number(customer_id: str, attempt: int = 0) -> int:
    """The external number of a customer: nine digits that follow from its Teamleader id.

    So the same customer gets the same number again even when the workspace is lost, and Octopus, which merges
    relations with equal external numbers, does not make it twice. `attempt` counts up past numbers in use.
    """
    digest = hashlib.sha256(f"{customer_id}/{attempt}".encode()).digest()
    return _LOWEST + int.from_bytes(digest[:8]) % (_HIGHEST - _LOWEST + 1)


def own_numbers(customer_id: str) -> tuple[int, ...]:
    """The external numbers by which a relation that octowizard made of the customer is known again."""
    return tuple(external_number(customer_id, attempt) for attempt in range(3))


def full_name(customer: CustomerFacts) -> str:
    """The name as people write it: first name first."""
    return " ".join(part for part in (customer.first_name, customer.name) if part)


def country_of(customer: CustomerFacts) -> str | None:
    """The customer's country (ISO, two letters): of the address, or else of a checked VAT number."""
    if written := country_code(customer.country):
        return written
    key = vat_key(customer.vat_number)
    return country_of_key(key) if key else None


RelationPlan = AlreadyLinked | ExistingRelation | NewRelation | Blocker


class Relations:
    """The relations of a dossier, indexed by what identifies a customer; grows with those made during a run."""

    def __init__(self, relations: Iterable[RelationFacts]) -> None:
        self._by_vat: dict[str, list[RelationFacts]] = defaultdict(list)
        self._by_address: dict[tuple[str, str, str], list[RelationFacts]] = defaultdict(list)
        self._by_external: dict[int, RelationFacts] = {}
        for relation in relations:
            self.add(relation)

    def add(self, relation: RelationFacts) -> None:
        """Take one more relation into account."""
        if relation.vat_key:
            self._by_vat[firm_key(relation.vat_key)].append(relation)
        if relation.address_key:
            self._by_address[relation.address_key].append(relation)
        if relation.external_number:
            self._by_external[relation.external_number] = relation

    def find(self, customer: CustomerFacts) -> ExistingRelation | Ambiguous | None:
        """The relation this customer is; None when it is none yet."""
        vat = vat_key(customer.vat_number, customer.country)
        for number in own_numbers(customer.id):
            known = self._by_external.get(number)
            # Two customers' numbers may, once in a hundred thousand, be the same.
            if known is not None and _agrees(known, vat) and share_a_word(known.name, full_name(customer)):
                return ExistingRelation(known.id, known.external_number, "external_number")
        if vat and (same := self._by_vat.get(firm_key(vat))):
            return _choose(same, "vat_number")
        key = address_key(full_name(customer), customer.street, customer.postcode)
        if key and (same := [r for r in self._by_address.get(key, ()) if _agrees(r, vat)]):
            return _choose(same, "name_and_address")
        return None

    def like(self, relation: RelationFacts) -> list[RelationFacts]:
        """The other relations that bear its VAT number, or without one its name and address."""
        if relation.vat_key:
            same = self._by_vat.get(firm_key(relation.vat_key), ())
        else:
            same = self._by_address.get(relation.address_key, ()) if relation.address_key else ()
        return [other for other in same if other.id != relation.id]

    def free_number(self, customer: CustomerFacts) -> int:
        """An external number for this customer that no relation bears."""
        attempt = 0
        while external_number(customer.id, attempt) in self._by_external:
            attempt += 1
        return external_number(customer.id, attempt)


def plan_relation(
    name: str,
    customer: CustomerFacts | None,
    linked: int | None,
    relations: Relations,
) -> RelationPlan:
    """The decision for one customer. `linked`: the relation it is remembered to be; `name`: as documents call it."""
    if linked is not None:
        return AlreadyLinked(linked)
    if customer is None:
        return blockers.customer_missing(name)
    same = relations.find(customer)
    if isinstance(same, Ambiguous):
        shown = [f"{relation.id}  {relation.name}" for relation in same.relations]
        return blockers.several_relations(full_name(customer), shown)
    if same is not None:
        return same
    if country_of(customer) is None:
        return blockers.customer_without_country(full_name(customer))
    return NewRelation(relations.free_number(customer))


def made_relation(customer: CustomerFacts, relation: int, external_number: int) -> RelationFacts:
    """A relation as it stands once it was made for the customer; `relation` below 0: not in Octopus yet."""
    return RelationFacts(
        id=relation,
        external_number=external_number,
        name=full_name(customer),
        vat_key=vat_key(customer.vat_number, customer.country),
        address_key=address_key(full_name(customer), customer.street, customer.postcode),
        client=True,
        active=True,
    )


class RelationPlanner:
    """Plans the relations of a Snapshot's customers in the order in which a run comes to them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._relations = Relations(snapshot.relations)
        self._existing = {relation.id for relation in snapshot.relations}
        self._plans: dict[str, RelationPlan | None] = {}
        self._made = 0

    def plan(self, customer_id: str, name: str) -> RelationPlan | None:
        """The decision when the customer's first document is booked; None when relations or customers are unread.

        A relation that is to be made is there for the customers that follow.
        """
        if customer_id not in self._plans:
            decided = self._plans[customer_id] = self._decided(customer_id, name)
            customer = self._snapshot.customers.get(customer_id)
            if isinstance(decided, NewRelation) and customer is not None:
                self._made += 1
                self._relations.add(made_relation(customer, -self._made, decided.external_number))
        return self._plans[customer_id]

    def foresee(self, customer_id: str, name: str) -> RelationPlan | None:
        """The decision for a customer of whom nothing is booked yet: nothing is made for it."""
        if customer_id in self._plans:
            return self._plans[customer_id]
        return self._decided(customer_id, name)

    def _decided(self, customer_id: str, name: str) -> RelationPlan | None:
        snapshot = self._snapshot
        if {"relations", "customers"} & snapshot.unread.keys():
            return None
        if "customers" in snapshot.origins and customer_id not in snapshot.customers:
            return None  # a list that does not hold it says nothing of it: contacts are exported apart
        link = snapshot.linked.get(customer_id)
        if link is not None and link.relation not in self._existing:
            return blockers.relation_gone(name, link.relation)
        return plan_relation(
            name,
            snapshot.customers.get(customer_id),
            link.relation if link is not None else None,
            self._relations,
        )


def _agrees(relation: RelationFacts, vat: str | None) -> bool:
    """No two different valid VAT numbers: those are two firms, whatever else is the same."""
    return not (vat and relation.vat_key and firm_key(relation.vat_key) != firm_key(vat))


def share_a_word(one: str, other: str) -> bool:
    """Whether two names have a word in common."""
    return bool(set(name_key(one).split()) & set(name_key(other).split()))


def _choose(same: list[RelationFacts], how: How) -> ExistingRelation | Ambiguous:
    best = [r for r in same if r.active and r.client] or [r for r in same if r.active] or same
    if len(best) > 1:
        return Ambiguous(tuple(best))
    return ExistingRelation(best[0].id, best[0].external_number, how)
