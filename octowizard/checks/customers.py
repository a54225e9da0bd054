"""Customers: findable or creatable as a relation, complete, with a VAT number that fits, and there only once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from octowizard.books.vat import Regime
from octowizard.checks.grouping import (
    SHOWN,
    customer_record,
    document_record,
    grouped,
)
from octowizard.checks.registry import Finding, Record, check, finding
from octowizard.checks.sources import CONNECTING, INFERRED, OCTOPUS_API
from octowizard.locale import _, ngettext
from octowizard.locale.formats import day as shown_day
from octowizard.matching.keys import address_key
from octowizard.matching.vat_numbers import can_be_checked, firm_key, is_intra_community, is_used_in, vat_key
from octowizard.planning import blockers
from octowizard.planning.blockers import Blocker
from octowizard.planning.customers import full_name, own_numbers, share_a_word
from octowizard.planning.plan import plan, readable
from octowizard.snapshot.model import CustomerFacts, DocumentHead, RelationFacts, Snapshot
from octowizard.workspace.declared import DeclaredCustomer
from octowizard.workspace.profiles import Profile

PROBLEMS = ("customer-missing", "customer-without-country", "duplicate-relation")
_EMAIL = re.compile(r"[^\s@,;<>()\[\]]+@[^\s@.,;<>()\[\]]+(\.[^\s@.,;<>()\[\]]+)+")
_INTRA = {Regime.INTRA_GOODS: False, Regime.INTRA_SERVICES: True}  # whether services


@check(
    "customers",
    lambda: _("Customers as relations"),
    needs=("documents", "bookings", "years", "journals", "relations", "customers"),
    problems=(*PROBLEMS, "external-id-mismatch"),
    source=f"{OCTOPUS_API} (relations: country required, external number unique)",
)
def customers(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Customers of waiting documents that cannot be a relation; relations that stand twice or changed number."""
    planned = plan(snapshot, profile)
    blocked = list(planned.blocked())
    named = {document.head.id for document, blocker in blocked if blocker.problem in PROBLEMS}
    # A customer's trouble is told even when its document is blocked by something else first, or waits.
    for document in planned.documents:
        relation = planned.relations.get(document.head.customer_id)
        if document.draft is None and isinstance(relation, Blocker) and document.head.id not in named:
            blocked.append((document._replace(behind=0), relation))
    findings = list(grouped(blocked, PROBLEMS.__contains__))
    yield from findings
    yield from _renumbered(snapshot)
    if readable(snapshot):
        evidence = "\n".join(line for finding in findings for line in finding.evidence)
        yield from _twice_in_octopus(snapshot.relations, evidence)


def _renumbered(snapshot: Snapshot) -> Iterator[Finding]:
    relations = {relation.id: relation for relation in snapshot.relations}
    names = {head.customer_id: head.customer_name for head in snapshot.pending}
    changed = [
        (customer, link, relation)
        for customer, link in snapshot.linked.items()
        if (relation := relations.get(link.relation)) is not None
        and link.external_number
        and relation.external_number != link.external_number
        # A relation that was found, not made, may keep a number of its own.
        and link.external_number in own_numbers(customer)
    ]
    if changed:
        yield finding(
            "external-id-mismatch",
            _("The external number of relations was changed in Octopus"),
            (
                Record("relation", names.get(customer) or relation.name, str(relation.id))
                for customer, _link, relation in changed
            ),
            (
                _("Relation {relation} {name}: was {ours}, is now {theirs}.").format(
                    relation=relation.id,
                    name=relation.name,
                    ours=link.external_number,
                    theirs=relation.external_number,
                )
                for _customer, link, relation in changed
            ),
        )


def _twice_in_octopus(relations: Iterable[RelationFacts], named_in_evidence: str) -> Iterator[Finding]:
    groups: dict[str, list[RelationFacts]] = defaultdict(list)
    for relation in relations:
        if relation.vat_key and relation.active and relation.client:
            groups[firm_key(relation.vat_key)].append(relation)
    for vat, same in groups.items():
        if len(same) < 2 or all(f"{relation.id}  {relation.name}" in named_in_evidence for relation in same):
            continue
        evidence = _("{vat} is the VAT number of relations {relations}; no document waits for them.").format(
            vat=vat, relations=", ".join(str(relation.id) for relation in same)
        )
        several = blockers.several_relations(same[0].name, (evidence,))
        yield finding(
            several.problem,
            several.title,
            (Record("relation", relation.name, str(relation.id)) for relation in same),
            several.evidence,
            several.names,
            foreseen=True,
        )


@check(
    "customer-data",
    lambda: _("Data of customers"),
    needs=("customers", "documents", "bookings"),
    problems=("invalid-vat-number", "country-vat-mismatch", "invalid-email", "duplicate-customer"),
    source=f"{INFERRED}; checksums of VAT numbers: the countries' own",
)
def customer_data(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """What Octopus takes and a later step (VAT listing, electronic invoice, payment) will not."""
    known = [
        snapshot.customers[identity]
        for identity in dict.fromkeys(head.customer_id for head in snapshot.pending)
        if identity in snapshot.customers
    ]
    yield from _of_customers(
        "invalid-vat-number",
        _("The VAT number is not valid"),
        [customer for customer in known if _bad_vat(customer)],
        lambda c: _("{name}: “{vat}”.").format(name=full_name(c), vat=c.vat_number),
    )
    yield from _of_customers(
        "country-vat-mismatch",
        _("Country and VAT number are of two countries"),
        [customer for customer in known if _other_country(customer)],
        lambda c: _("{name}: address in {country}, VAT number {vat}.").format(
            name=full_name(c), country=c.country, vat=c.vat_number
        ),
    )
    yield from _of_customers(
        "invalid-email",
        _("The e-mail address is not valid"),
        [customer for customer in known if customer.email and not _EMAIL.fullmatch(customer.email.strip())],
        lambda c: _("{name}: “{email}”.").format(name=full_name(c), email=c.email),
    )
    yield from _twice_in_teamleader(known)


def _of_customers(
    problem: str,
    title: str,
    customers: list[CustomerFacts],
    evidence: Callable[[CustomerFacts], str],
) -> Iterator[Finding]:
    if customers:
        yield finding(
            problem,
            title,
            map(customer_record, customers),
            map(evidence, customers),
            {"customer": full_name(customers[0])} if len(customers) == 1 else {},
        )


def _bad_vat(customer: CustomerFacts) -> bool:
    """A number of a country whose numbers can be checked, that fails the check."""
    written = customer.vat_number or ""
    return vat_key(written, customer.country) is None and can_be_checked(written, customer.country)


def _other_country(customer: CustomerFacts) -> bool:
    key = vat_key(customer.vat_number, customer.country)
    if key is None or not customer.country:
        return False
    return not is_used_in(key, customer.country)


def _twice_in_teamleader(known: Iterable[CustomerFacts]) -> Iterator[Finding]:
    groups: dict[tuple[str, object], list[CustomerFacts]] = defaultdict(list)
    for customer in known:
        vat = vat_key(customer.vat_number, customer.country)
        key = (vat and firm_key(vat)) or address_key(full_name(customer), customer.street, customer.postcode)
        if key:  # a company and its contact are no duplicates: each kind by itself
            groups[customer.type, key].append(customer)
    for same in groups.values():
        if len(same) < 2:
            continue
        yield finding(
            "duplicate-customer",
            _("“{name}” is in Teamleader more than once").format(name=full_name(same[0])),
            map(customer_record, same),
            (
                _("{name}, {street}, {postcode} {city}, {vat}.").format(
                    name=full_name(customer),
                    street=customer.street or "–",
                    postcode=customer.postcode or "–",
                    city=customer.city or "–",
                    vat=customer.vat_number or _("no VAT number"),
                )
                for customer in same
            ),
            {"customer": full_name(same[0])},
        )


@check(
    "intra-community",
    lambda: _("VAT numbers of intra-Community customers"),
    needs=("customers", "documents", "bookings", "details", "settings"),
    problems=("intra-without-vat",),
    source="https://finance.belgium.be (intra-Community listing: every sale names the customer's VAT number)",
)
def intra_community(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Intra-Community sales to a customer without a valid VAT number."""
    concerned: list[tuple[DocumentHead, CustomerFacts]] = []
    for head in snapshot.pending:
        detail, customer = snapshot.details.get(head.id), snapshot.customers.get(head.customer_id)
        if detail is None or customer is None:
            continue
        key = vat_key(customer.vat_number, customer.country)
        rates = (snapshot.tax_rates.get(line.tax_rate_id or "") for line in detail.lines)
        regimes = {rate.regime for rate in rates if rate is not None} & _INTRA.keys()
        if any(key is None or not is_intra_community(key, services=_INTRA[regime]) for regime in regimes):
            concerned.append((head, customer))
    if concerned:
        yield finding(
            "intra-without-vat",
            _("An intra-Community sale needs the customer's VAT number"),
            (document_record(head) for head, _customer in concerned),
            (
                _("{document} for {name} ({country}): VAT number “{vat}”.").format(
                    document=head.number,
                    name=full_name(customer),
                    country=customer.country or "–",
                    vat=customer.vat_number or "",
                )
                for head, customer in concerned
            ),
        )


@check(
    "contractor",
    lambda: _("VAT type Contractor"),
    needs=("declared", "documents", "bookings"),
    problems=("contractor",),
    source=CONNECTING,
)
def contractor(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Customers that an export of Teamleader declares as Contractor: Octopus knows no such relation."""
    contractors = [declared for declared in snapshot.declared.values() if declared.vat_type == "contractor"]
    if contractors:
        ids = {declared.customer for declared in contractors}
        waiting = sum(head.customer_id in ids for head in snapshot.pending)
        evidence = [
            _declared_by(snapshot, contractors),
            _("Octopus has no such type: the relation arrives with VAT type unknown."),
        ]
        if waiting:
            evidence.append(
                ngettext(
                    "{count} document for them waits.", "{count} documents for them wait.", waiting
                ).format(count=waiting)
            )
        yield finding(
            "contractor",
            _("Customers with the VAT type Contractor"),
            (Record(declared.kind, declared.name, declared.customer) for declared in contractors),
            evidence,
        )


@check(
    "customer-numbers",
    lambda: _("Customer numbers in Teamleader"),
    needs=("declared_numbers", "relations"),
    problems=("external-id-mismatch",),
    source=INFERRED,
)
def customer_numbers(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Customers that an export declares with the number of a relation that is not there, or is somebody else.

    The number may be Octopus' own or the external one that the relation bears: either will do.
    """
    by_number: dict[int, list[RelationFacts]] = defaultdict(list)
    for relation in snapshot.relations:
        for number in {relation.id, relation.external_number} - {0}:
            by_number[number].append(relation)
    others_number: list[DeclaredCustomer] = []
    evidence: list[str] = []
    for declared in snapshot.declared.values():
        written = declared.external or ""
        relations = by_number.get(int(written), []) if written.isdecimal() else []
        if not written or any(_same(declared, relation) for relation in relations):
            continue
        others_number.append(declared)
        if relations:
            others = ", ".join(f"{relation.id} {relation.name}" for relation in relations)
            text = _("“{name}” has the number {number}: that is relation {relation}.")
            evidence.append(text.format(name=declared.name, number=written, relation=others))
        else:
            text = _("“{name}” has the number {number}, which no relation has.")
            evidence.append(text.format(name=declared.name, number=written))
    if others_number:
        yield finding(
            "external-id-mismatch",
            _("The customer number in Teamleader is that of another relation"),
            (Record(declared.kind, declared.name, declared.customer) for declared in others_number),
            (_declared_by(snapshot, others_number), *evidence[:SHOWN]),
        )


def _same(declared: DeclaredCustomer, relation: RelationFacts) -> bool:
    """By VAT number where both have one; else by address, or a word that both names have."""
    vat = vat_key(declared.vat_number, declared.country or None)
    if vat and relation.vat_key:
        return firm_key(vat) == firm_key(relation.vat_key)
    place = address_key(declared.name, declared.street, declared.postcode)
    if place and place == relation.address_key:
        return True
    return share_a_word(declared.name, relation.name)


def _declared_by(snapshot: Snapshot, declared: Iterable[DeclaredCustomer]) -> str:
    """Where it comes from: this was not measured."""
    files = ", ".join(dict.fromkeys(one.source for one in declared))
    if snapshot.declared_at is None:
        return _("Declared by {file}: the API of Teamleader does not show it.").format(file=files)
    return _("Declared by {file}, read on {day}: the API of Teamleader does not show it.").format(
        file=files, day=shown_day(snapshot.declared_at.astimezone().date())
    )
