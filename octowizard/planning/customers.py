"""Which relation a customer is. Pure; the checks and the sync ask the same code, so that they cannot disagree.

A customer is linked to an existing relation on sure keys only: octowizard's own external number, a checked VAT
number, or name, street and postcode together where no VAT number contradicts. Nobody is linked on a name alone.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from octowizard.matching.keys import address_key, name_key, vat_key
from octowizard.snapshot.model import CustomerFacts, RelationFacts

How = Literal["external_number", "vat_number", "name_and_address"]

EU = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE"}
) | {
    *("IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
}
_LOWEST, _HIGHEST = 100_000_000, 999_999_999


class Found(NamedTuple):
    """The relation a customer already is."""

    relation: int
    external_number: int
    how: How


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


def full_name(customer: CustomerFacts) -> str:
    """The name as people write it: first name first."""
    return " ".join(part for part in (customer.first_name, customer.name) if part)


def country_of(customer: CustomerFacts) -> str | None:
    """The customer's country (ISO, two letters): of the address, or else of a checked VAT number."""
    if customer.country:
        return customer.country.upper()
    key = vat_key(customer.vat_number)
    return ("GR" if key.startswith("EL") else key[:2]) if key else None


class Relations:
    """The relations of a dossier, to be asked for a customer; grows with those made during a run."""

    def __init__(self, relations: Iterable[RelationFacts]) -> None:
        self._by_vat: dict[str, list[RelationFacts]] = defaultdict(list)
        self._by_address: dict[tuple[str, str, str], list[RelationFacts]] = defaultdict(list)
        self._by_external: dict[int, RelationFacts] = {}
        for relation in relations:
            self.add(relation)

    def add(self, relation: RelationFacts) -> None:
        """Take one more relation into account."""
        if relation.vat_key:
            self._by_vat[relation.vat_key].append(relation)
        if relation.address_key:
            self._by_address[relation.address_key].append(relation)
        if relation.external_number:
            self._by_external[relation.external_number] = relation

    def find(self, customer: CustomerFacts) -> Found | Ambiguous | None:
        """The relation this customer is; None when it is none yet."""
        vat = vat_key(customer.vat_number, customer.country)
        for attempt in range(3):
            known = self._by_external.get(external_number(customer.id, attempt))
            if known is not None and _agrees(known, vat) and _akin(known.name, full_name(customer)):
                return Found(known.id, known.external_number, "external_number")
        if vat and (same := self._by_vat.get(vat)):
            return _choose(same, "vat_number")
        key = address_key(full_name(customer), customer.street, customer.postcode)
        if key and (same := [r for r in self._by_address.get(key, ()) if _agrees(r, vat)]):
            return _choose(same, "name_and_address")
        return None

    def free_number(self, customer: CustomerFacts) -> int:
        """An external number for this customer that no relation bears."""
        attempt = 0
        while external_number(customer.id, attempt) in self._by_external:
            attempt += 1
        return external_number(customer.id, attempt)


def _agrees(relation: RelationFacts, vat: str | None) -> bool:
    """No two different valid VAT numbers: those are two firms, whatever else is the same."""
    return not (vat and relation.vat_key and relation.vat_key != vat)


def _akin(one: str, other: str) -> bool:
    """Names with a word in common: two customers' numbers may, once in a hundred thousand, be the same."""
    return bool(set(name_key(one).split()) & set(name_key(other).split()))


def _choose(same: list[RelationFacts], how: How) -> Found | Ambiguous:
    best = [r for r in same if r.active and r.client] or [r for r in same if r.active] or same
    if len(best) > 1:
        return Ambiguous(tuple(best))
    return Found(best[0].id, best[0].external_number, how)
