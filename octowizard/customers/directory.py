"""The customers of both sides as the matching sees them: relations of Octopus, companies and contacts of Teamleader.

Read from the vendors and kept; what was kept can be looked at again without a call. Not here: lists in files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from octowizard.customers import relation_store, sides
from octowizard.matching.record import Customer
from octowizard.octopus.models import Relation
from octowizard.progress import Report
from octowizard.snapshot.listing import Listing
from octowizard.teamleader.models import (
    Address,
    Company,
    CompanyBase,
    ContactBase,
    ContactListItem,
)
from octowizard.teamleader.pages import PAGE_SIZE
from octowizard.workspace import answers, kept, links
from octowizard.workspace.db import Workspace

if TYPE_CHECKING:
    from octowizard.matching.evidence import Answer
    from octowizard.octopus.client import Octopus
    from octowizard.teamleader.client import Teamleader

OCTOPUS: Final = sides.OCTOPUS
TEAMLEADER: Final = sides.TEAMLEADER
# Octopus' VAT types of private persons (its contract).
_PRIVATE = (7, 8, 9)
KIND: Final = "duplicates/customer"
_READ_AT = "duplicates/customers"


class Seen(msgspec.Struct, frozen=True, gc=False):
    """A company or contact as Teamleader's list shows it, with where its page is."""

    customer: Customer
    web_url: str = ""
    status: str = "active"
    added_at: datetime | None = None


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Seen)


async def read_octopus(workspace: Workspace, octopus: Octopus) -> datetime:
    """Bring the kept relation cards up to date; as of when they are. Raises VendorError."""
    return await relation_store.read(workspace, octopus)


async def read_teamleader(workspace: Workspace, teamleader: Teamleader, report: Report) -> datetime:
    """Read every company and contact, a hundred a call, and keep them. Raises VendorError; then nothing has changed.

    Who was there and is gone, merged or deleted by somebody, is linked with no relation any more.
    """
    seen: list[kept.Record] = []
    known = how_many(workspace)
    listing = Listing(report, "companies", teamleader.window, a_call=PAGE_SIZE, of=known, about=True)
    async for page in teamleader.companies():
        seen += [kept.Record(one.id, _encode(_company(one, one.primary_address))) for one in page.records]
        listing.tell(len(seen))
    companies = len(seen)
    async for people in teamleader.contacts():
        seen += [kept.Record(one.id, _encode(_contact(one))) for one in people.records]
        report("contacts", len(seen) - companies)
    now = datetime.now(UTC)
    there = {record.key for record in seen}
    for customer in links.customers(workspace):
        # One that was never in the list may have been made since by another octowizard.
        if customer not in there and kept.record(workspace, KIND, customer) is not None:
            links.drop_customer(workspace, customer)
    kept.keep_records(workspace, KIND, seen)
    kept.keep_only(workspace, KIND, there)
    kept.keep_reading(workspace, _READ_AT, b"{}", now)
    return now


def how_many(workspace: Workspace) -> int:
    """How many companies and contacts are kept."""
    return sum(1 for _key in kept.keys(workspace, KIND, ""))


def keep_listed(workspace: Workspace, customers: Iterable[Customer], at: datetime) -> None:
    """Keep these companies and contacts, as a file lists them, instead of all that were kept."""
    kept.drop_kind(workspace, KIND)
    kept.keep_records(workspace, KIND, (kept.Record(one.key, _encode(Seen(one))) for one in customers))
    kept.keep_reading(workspace, _READ_AT, b"{}", at)


def read_at(workspace: Workspace) -> tuple[datetime | None, datetime | None]:
    """As of when the customers of Octopus and of Teamleader are kept; None: never read."""
    reading = kept.reading(workspace, _READ_AT)
    return relation_store.read_at(workspace), reading.taken_at if reading else None


def in_octopus(workspace: Workspace) -> list[Customer]:
    """The kept relations that are active and not merely suppliers."""
    return [
        relation(card)
        for card in relation_store.each(workspace)
        if card.active is not False and (card.client is not False or not card.supplier)
    ]


def in_teamleader(workspace: Workspace) -> list[Customer]:
    """The kept companies and contacts; those that are linked bear the number of their relation."""
    numbers = {link.customer: str(link.relation) for link in links.customers(workspace).values()}
    return [
        msgspec.structs.replace(one.customer, external=numbers[one.customer.key])
        if one.customer.key in numbers
        else one.customer
        for one in seen(workspace)
    ]


def seen(workspace: Workspace) -> Iterator[Seen]:
    """The kept companies and contacts, in the order of their ids."""
    for body in kept.records(workspace, KIND):
        yield _decoder.decode(body)


def forget(workspace: Workspace, ids: Iterable[str]) -> None:
    """Customers of Teamleader that are no longer there."""
    kept.drop_records(workspace, KIND, ids)


def answered(
    workspace: Workspace, left: str, right: str, within: Collection[str] | None = None
) -> list[Answer]:
    """What the user said of customers of two places (`octopus`, `teamleader`, `file/NAME`), by their keys.

    `within`: the keys of the left list, where both lists are of one place: an answer does not tell which is which.

    Within Teamleader a relation that was called another than a customer stands for the one it is linked with, such as
    the one that an import made of it: nobody is asked twice. An answer about the two themselves comes after it.
    """
    from octowizard.matching.evidence import Answer

    given: list[Answer] = []
    carried = _of_linked(workspace) if left == right == TEAMLEADER else {}
    for one, other, answer in answers.between(answers.given(workspace), left, right):
        if not one and (linked := carried.get((answer.one, answer.other))):
            given.insert(0, Answer(left=linked[0], right=linked[1], same=False, levels=answer.levels))
            continue
        turned = within is not None and one != "" and one not in within
        ends = (other, one) if turned else (one, other)
        given.append(Answer(left=ends[0], right=ends[1], same=answer.same, levels=answer.levels))
    return given


def _of_linked(workspace: Workspace) -> dict[tuple[str, str], tuple[str, str]]:
    """Of each answer that calls a relation another than a customer, by its names: the one linked with it, and that."""
    customer_of = {str(link.relation): customer for customer, link in links.customers(workspace).items()}
    pairs = {}
    for number, customer, answer in answers.between(answers.given(workspace), OCTOPUS, TEAMLEADER):
        linked = customer_of.get(number, "")
        if linked and linked != customer and not answer.same:
            pairs[answer.one, answer.other] = linked, customer
    return pairs


def relation(card: Relation) -> Customer:
    """A relation card as a customer; its own number is the one by which Octopus knows it."""
    key = card.relation_identification_service_data.relation_key
    number = str(key.id) if key else ""
    person = bool(card.first_name) or card.vat_type in _PRIVATE
    phones = (card.telephone, card.mobile)
    return Customer(
        key=number,
        name=" ".join(part for part in (card.first_name, card.name) if part),
        first_name=card.first_name,
        kind="person" if person else "company" if card.corporation_type else "",
        vat=card.vat_nr,
        external=number,
        street=card.street_and_nr,
        postcode=card.postal_code,
        city=card.city,
        country=card.country,
        emails=(card.email,) if card.email else (),
        phones=tuple(phone for phone in phones if phone),
        ibans=(card.iban_account_nr,) if card.iban_account_nr else (),
        website=card.url,
    )


def company(record: Company) -> Seen:
    """A company of Teamleader as its full record shows it."""
    primary = next((entry.address for entry in record.addresses if entry.type == "primary"), None)
    return _company(record, primary)


def _company(record: CompanyBase, at: Address | None) -> Seen:
    # Belgium's national number of a firm is its VAT number without the letters (Teamleader's fields, inferred).
    national = record.national_identification_number or ""
    belgian = at is None or at.country in (None, "", "BE")
    return _seen(
        record,
        at,
        name=record.name,
        kind="company",
        vat=record.vat_number or (national if belgian else ""),
        national="" if belgian else national,
    )


def _contact(record: ContactListItem) -> Seen:
    return _seen(
        record, record.primary_address, name=record.name, kind="person", first_name=record.first_name or ""
    )


def _seen(record: CompanyBase | ContactBase, at: Address | None, **own: Any) -> Seen:
    """A record with its primary address, and what its kind has of its `own`."""
    # The primary e-mail address first: it is the one that an import compares.
    emails = sorted(record.emails, key=lambda email: email.type != "primary")
    return Seen(
        Customer(
            key=record.id,
            street=(at and at.line_1) or "",
            postcode=(at and at.postal_code) or "",
            city=(at and at.city) or "",
            country=(at and at.country) or "",
            emails=tuple(dict.fromkeys(email.email for email in emails if email.email)),
            phones=tuple(dict.fromkeys(phone.number for phone in record.telephones if phone.number)),
            ibans=(record.iban,) if record.iban else (),
            website=record.website or "",
            tags=tuple(record.tags),
            **own,
        ),
        web_url=record.web_url or "",
        status=record.status or "active",
        added_at=record.added_at,
    )
