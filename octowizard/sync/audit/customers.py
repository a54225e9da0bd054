"""Whether the relation that a document is booked on is its customer. Pure; links prove nothing here.

A VAT number tells; without one on either side the name does. Where neither does, the other documents of the same
customer decide: a customer stands on one relation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property
from typing import NamedTuple

from octowizard.matching.keys import name_key
from octowizard.matching.vat_numbers import vat_key
from octowizard.snapshot.model import BookingHead, ListedDocument, RelationFacts
from octowizard.sync.audit.model import Entry


def _words(name: str) -> str:
    return " ".join(sorted(name_key(name).split()))


class _Usage(NamedTuple):
    """On which relation a customer's documents stand, where they agree on one, and how many; whose it is therefore."""

    usual: dict[str, tuple[int, int]]
    owner: dict[int, str]


class Customers:
    """The customers of documents, and the relations of bookings, by what tells them apart."""

    def __init__(self, documents: Sequence[ListedDocument], relations: Iterable[RelationFacts]) -> None:
        self._documents = documents
        self._relations = {relation.id: relation for relation in relations}
        self._keys: dict[str, str | None] = {}  # VAT numbers as they are printed
        self._identities: dict[int, set[str]] = {}
        self._entries: Sequence[Entry] = ()

    # Nearly every document stands on the relation that shows its customer's own number or name: the rest is looked at
    # where one does not.
    @cached_property
    def name_of(self) -> Mapping[str, str]:
        """The name of each customer, by id: that of its first document."""
        return {one.customer_id: one.customer_name for one in reversed(self._documents)}

    @cached_property
    def _by_vat(self) -> Mapping[str, set[str]]:
        by_vat: dict[str, set[str]] = defaultdict(set)
        for customer, vat in {(one.customer_id, one.customer_vat) for one in self._documents}:
            if key := self._vat(vat):
                by_vat[key].add(customer)
        return by_vat

    @cached_property
    def _numbered(self) -> Set[str]:
        """The customers that show a VAT number."""
        return {customer for customers in self._by_vat.values() for customer in customers}

    @cached_property
    def _relations_by_vat(self) -> Set[str]:
        """The VAT numbers of relations."""
        return {relation.vat_key for relation in self._relations.values() if relation.vat_key}

    @cached_property
    def _by_name(self) -> Mapping[str, set[str]]:
        by_name: dict[str, set[str]] = defaultdict(set)
        for customer, name in {(one.customer_id, one.customer_name) for one in self._documents}:
            by_name[_words(name)].add(customer)
        return by_name

    @cached_property
    def _relations_by_name(self) -> Mapping[str, set[int]]:
        by_name: dict[str, set[int]] = defaultdict(set)
        for relation in self._relations.values():
            by_name[_words(relation.name)].add(relation.id)
        return by_name

    def _vat(self, printed: str | None) -> str | None:
        if not printed:
            return None
        if printed not in self._keys:
            self._keys[printed] = vat_key(printed)
        return self._keys[printed]

    def relation_name(self, relation: int) -> str:
        """As Octopus has it; empty where it has no such relation (any more)."""
        known = self._relations.get(relation)
        return known.name if known else ""

    def identities(self, relation: int) -> set[str]:
        """The customers that a relation may be, by VAT number, else by name."""
        if relation not in self._identities:
            known = self._relations.get(relation)
            numbers: set[str] = set()
            if known is not None:
                numbers |= self._by_vat.get(known.vat_key or "", set())
                same_name = self._by_name.get(_words(known.name) or " ", set())
                # Two firms of one name are told apart by their numbers.
                numbers |= {c for c in same_name if not (known.vat_key and c in self._numbered)}
            self._identities[relation] = numbers
        return self._identities[relation]

    def same(self, booking: BookingHead, document: ListedDocument) -> bool:
        """Whether the relation is this document's customer, by what both show of themselves."""
        known, key = self._relations.get(booking.relation), self._vat(document.customer_vat)
        if known is not None and (
            (key is not None and key == known.vat_key)
            or (known.name == document.customer_name and not (key and known.vat_key))
        ):
            return True
        return document.customer_id in self.identities(booking.relation)

    def _named_alike(self, document: ListedDocument) -> set[int]:
        """The relations that bear the customer's name, and no number that tells them apart."""
        named = self._relations_by_name.get(_words(document.customer_name), set())
        numbered = self._vat(document.customer_vat) is not None
        return {one for one in named if not (numbered and self._relations[one].vat_key)}

    def learn(self, entries: Sequence[Entry]) -> None:
        """From now on, which relation each customer's documents stand on tells as well."""
        self._entries = entries
        self.__dict__.pop("_usage", None)

    @cached_property
    def _usage(self) -> _Usage:
        pairs = Counter(
            (document.customer_id, booking.head.relation)
            for document, booking, _twin in self._entries
            if document is not None and booking is not None
        )
        used: dict[str, Counter[int]] = defaultdict(Counter)
        for (customer, relation), times in pairs.items():
            used[customer][relation] = times
        usage = _Usage({}, {})
        for customer, relations in used.items():
            (first, most), *others = relations.most_common(2)
            if not others or most > others[0][1]:
                usage.usual[customer] = first, most
                usage.owner.setdefault(first, customer)
        return usage

    def verdict(self, booking: BookingHead, document: ListedDocument) -> bool | None:
        """True: it is the document's customer; False: it is another one; None: nothing tells."""
        relation, customer = booking.relation, document.customer_id
        if self.same(booking, document):
            return True
        usual, times = self._usage.usual.get(customer, (relation, 1))
        known = self._relations.get(relation)
        if usual != relation or self._vat(document.customer_vat) in self._relations_by_vat:
            return False
        if known is not None and known.vat_key in self._by_vat:
            return False  # by its number it is another customer
        if times > 1:
            return None
        return (
            False
            if self.identities(relation) or (known is not None and self._named_alike(document))
            else None
        )

    def owner(self, relation: int) -> str | None:
        """The customer that a relation is, where one alone is; else the one whose documents stand on it."""
        identities = self.identities(relation)
        return next(iter(identities)) if len(identities) == 1 else self._usage.owner.get(relation)
