"""What both sides must hold, whatever happened on the way, made of the two vendors' records alone.

Nothing of octowizard is used: the worlds are the JSON of `/control/world`, before the first octowizard and now. Each
function gives its violations, in words; none: all is as it must be.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.sync.company import POST_BOOKING

Json = dict[str, Any]
Key = tuple[str, str]  # kind and number of a document
Place = tuple[int, str, int]  # fiscal year, journal, number of a booking

MARK = " · octowizard"
BY_HAND = "Factuur "  # how the bookkeeper's comment on a document begins
TYPED = re.compile(r"\d{4} ?/ ?\w+")  # the number alone, of whoever typed a document in otherwise
JOURNALS = {"invoice": "V1", "credit_note": "V2"}
VAT_CODES_AT = {"21": Decimal("0.21"), "12": Decimal("0.12"), "06": Decimal("0.06")}  # other codes: no VAT


# --- reading the records -------------------------------------------------------------------------------------


def documents_of(world: Json) -> list[tuple[str, Json]]:
    """Every booked Teamleader document with its kind."""
    side = world["teamleader"]
    invoices = [("invoice", record) for record in side["invoices"] if record["invoice_number"]]
    return invoices + [("credit_note", record) for record in side["credit_notes"]]


def number_of(kind: str, document: Json) -> str:
    """The number as Teamleader shows it."""
    return str(document[f"{kind}_number"])


def document_in(booking: Json) -> Key | None:
    """Kind and number of the document that a sales booking is, whoever made it; None for another sale."""
    comment = booking["comment"]
    if not (comment.endswith(MARK) or comment.startswith(BY_HAND) or TYPED.fullmatch(comment)):
        return None
    kind = "credit_note" if booking["journalKey"] == JOURNALS["credit_note"] else "invoice"
    return kind, comment.removesuffix(MARK).removeprefix(BY_HAND)


def place_in(booking: Json) -> Place:
    """Where it stands."""
    return booking["bookyearKey"]["id"], booking["journalKey"], booking["documentSequenceNr"]


def numbers_booked(world: Json) -> set[Key]:
    """The documents that stand in Octopus."""
    return {found for booking in world["octopus"]["bookings"] if (found := document_in(booking))}


@dataclass(frozen=True)
class Known:
    """What is known beside the records.

    `start`: the first day of the sync. `barred`: journals that somebody holds open in the program, which no record
    shows. `planted`: what is wrong with the company and not mended. `affected`: numbers of documents that cannot be
    booked for it. `told`: by document id, the problem that octowizard named last. `follow`: numbers follow
    Teamleader's. `mapped`: accounts were chosen anew. `alone`: one octowizard wrote, with one workspace.
    """

    start: str
    barred: frozenset[str] = frozenset()
    planted: frozenset[str] = frozenset()
    affected: frozenset[str] = frozenset()
    told: Mapping[str, str] = field(default_factory=dict)
    follow: bool = False
    mapped: bool = False
    alone: bool = True


# --- at all times --------------------------------------------------------------------------------------------


def never(before: Json, world: Json) -> Iterator[str]:
    """What may at no time be so, in the middle of a storm either."""
    yield from _bookings_twice(before, world)
    yield from _gaps(before, world)
    yield from _relations_twice(before, world)
    yield from _payments_twice(before, world)
    yield from _companies_lost(before, world)


def _bookings_twice(before: Json, world: Json) -> Iterator[str]:
    documents = Counter((kind, number_of(kind, one)) for kind, one in documents_of(world))
    allowed = Counter(found for one in before["octopus"]["bookings"] if (found := document_in(one)))
    booked: dict[Key, list[Json]] = defaultdict(list)
    for booking in world["octopus"]["bookings"]:
        if found := document_in(booking):
            booked[found].append(booking)
    for key, places in booked.items():
        if len(places) > max(1, documents[key], allowed[key]):
            yield f"booked twice: {key[1]} at {[shown(one) for one in places]}"


def shown(booking: Json) -> str:
    """A booking as a violation names it."""
    names = ("journalKey", "documentSequenceNr", "comment", "documentDate")
    return " ".join(str(booking.get(name)) for name in names)


def _series(world: Json) -> dict[tuple[int, str], list[int]]:
    numbers: dict[tuple[int, str], list[int]] = defaultdict(list)
    for booking in world["octopus"]["bookings"]:
        year, journal, number = place_in(booking)
        numbers[year, journal].append(number)
    return numbers


def _gaps(before: Json, world: Json) -> Iterator[str]:
    there = _series(before)
    for series, numbers in _series(world).items():
        taken = set(numbers)
        if len(taken) < len(numbers):
            yield f"a number twice in {series}: {sorted(numbers)}"
        first = max(there.get(series, [0]))  # those of before may begin anywhere, and lack some
        lacking = set(range(first + 1, max(taken) + 1)) - taken
        if lacking:
            yield f"numbers lack in {series}: {sorted(lacking)}"


def _relations_twice(before: Json, world: Json) -> Iterator[str]:
    now, then = _relation_numbers(world), _relation_numbers(before)
    more = [number for number, times in now.items() if times > max(1, then[number])]
    if more:
        yield f"more than one relation with the numbers {more}"


def _relation_numbers(world: Json) -> Counter[str]:
    """How many relations bear each external number and each VAT number."""
    relations = world["octopus"]["relations"]
    external = (r["relationIdentificationServiceData"].get("externalRelationId", 0) for r in relations)
    vat = (f"VAT {relation['vatNr']}" for relation in relations if relation.get("vatNr"))
    return Counter([*(f"external {number}" for number in external if number), *vat])


def _matches(world: Json) -> Counter[tuple[str, str, Decimal]]:
    """Invoice, day and amount of each match of a sale with the bank."""
    days = {place_in(one): one["documentDate"] for one in world["octopus"]["financial_bookings"]}
    at = {place_in(one): found for one in world["octopus"]["bookings"] if (found := document_in(one))}
    matches: Counter[tuple[str, str, Decimal]] = Counter()
    for match in world["octopus"]["balancings"]:
        sale, bank = place_in(match["debetKey"]), place_in(match["creditKey"])
        if sale in at and bank in days:
            matches[at[sale][1], days[bank], Decimal(match["balanceAmount"])] += 1
    return matches


def _payments(world: Json) -> Counter[tuple[str, str, Decimal]]:
    payments: Counter[tuple[str, str, Decimal]] = Counter()
    for invoice in world["teamleader"]["invoices"]:
        for payment in invoice["payments"]:
            amount = Decimal(payment["payment"]["amount"])
            payments[str(invoice["invoice_number"]), payment["paid_at"][:10], amount] += 1
    return payments


def _payments_twice(before: Json, world: Json) -> Iterator[str]:
    own = {i["invoice_number"] for i in world["teamleader"]["invoices"] if i["currency"] == "EUR"}
    then = _payments(before)
    for payment, times in (_payments(world) - then).items():
        if payment[0] in own and times + then[payment] > max(_matches(world)[payment], then[payment]):
            yield f"paid in Teamleader more often than matched in Octopus: {payment}"
    was = {one["id"]: _paid(one) for one in before["teamleader"]["invoices"]}
    for invoice in world["teamleader"]["invoices"]:
        paid = _paid(invoice)
        if paid > max(Decimal(invoice["total"]["payable"]["amount"]), was.get(invoice["id"], Decimal(0))):
            yield f"paid more than is payable: {invoice['invoice_number']}, {paid}"


def _paid(invoice: Json) -> Decimal:
    return sum((Decimal(one["payment"]["amount"]) for one in invoice["payments"]), Decimal(0))


def _digits(number: str | None) -> str:
    return "".join(filter(str.isdigit, number or ""))


def _companies_lost(before: Json, world: Json) -> Iterator[str]:
    """Each company is there, or another that is the same firm; each document and contact has its customer."""
    side = world["teamleader"]
    numbers = Counter(_digits(one.get("vat_number")) for one in side["companies"])
    there = {one["id"] for one in (*side["companies"], *side["contacts"])}
    names = {one["name"].casefold() for one in side["companies"]}
    for company in before["teamleader"]["companies"]:
        number = _digits(company.get("vat_number"))
        if company["id"] not in there and not (
            numbers[number] if number else company["name"].casefold() in names
        ):
            yield f"a company is lost: {company['name']} {company.get('vat_number')}"
    lost = {one["id"] for one in (*before["teamleader"]["contacts"],)} - there
    if lost:
        yield f"contacts are lost: {sorted(lost)}"
    gone = _customers(before) - {
        one["id"] for one in (*before["teamleader"]["companies"], *before["teamleader"]["contacts"])
    }
    for customer in _customers(world) - there - gone:
        yield f"a document has lost its customer {customer}"
    then = Counter(_digits(one.get("vat_number")) for one in before["teamleader"]["companies"])
    for number, times in numbers.items():
        if number and times > max(1, then[number]):
            yield f"a company was made twice: {number}"


def _customers(world: Json) -> set[str]:
    return {one["invoicee"]["customer"]["id"] for _kind, one in documents_of(world)}


def too_many(world: Json, faults: Mapping[str, int]) -> Iterator[str]:
    """Calls beyond a limit: those that a vendor refused with 429, but for the ones that were faults, by operation."""
    sides = (world["octopus"], world["teamleader"])
    refused = Counter(one["operation"] for side in sides for one in side["refused"] if one["status"] == 429)
    for operation, times in (refused - Counter(faults)).items():
        yield f"{times} calls of {operation} beyond its limit"


# Refusals that nobody meets who has read what both sides hold: a number that is not the next one (nobody else books in
# the calm), a closed year or period, a closed journal, another entry type, sums that do not add up.
AVOIDABLE = frozenset({-13, -15, -11, -29, -24})


# The refusal of a booking whose relation card somebody has open, which no record shows.
UNSEEN = {"insert-booking": -24}


def avoidable(then: Json, world: Json, known: Known) -> Iterator[str]:
    """Bookings that were sent since `then` and could not be taken, as the records showed."""
    codes = AVOIDABLE - {UNSEEN[problem] for problem in known.planted & UNSEEN.keys()}
    for one in world["octopus"]["refused"][len(then["octopus"]["refused"]) :]:
        if one["operation"] == POST_BOOKING and one["code"] in codes:
            yield f"a booking was sent that could not be taken: {one['text']}"


# --- in the end ----------------------------------------------------------------------------------------------


def unbooked(world: Json, known: Known) -> dict[Key, str]:
    """The documents that do not stand in Octopus, and why the world does not let them: "" where it would."""
    there = numbers_booked(world)
    lacking = [
        (kind, one)
        for kind, one in documents_of(world)
        if (kind, number_of(kind, one)) not in there and one[f"{kind}_date"] >= known.start
    ]
    reasons = {(kind, number_of(kind, one)): _reason(kind, one, world, known) for kind, one in lacking}
    if known.follow and any(reasons.values()):
        reasons = {key: why or "its number comes after one that is barred" for key, why in reasons.items()}
    return reasons


def _reason(kind: str, document: Json, world: Json, known: Known) -> str:
    number = number_of(kind, document)
    if number in known.affected:
        return "planted"
    problem = known.told.get(document["id"], "")
    if problem and problem in known.planted:
        return f"planted: {problem}"
    day, key = document[f"{kind}_date"], JOURNALS[kind]
    year = next((y for y in world["octopus"]["bookyears"] if y["startDate"] <= day <= y["endDate"]), None)
    if year is None or year["closed"]:
        return "no open fiscal year"
    period = next((p for p in year["periods"] if p["startDate"] <= day <= p["endDate"]), None)
    journal = next(
        (
            j
            for j in world["octopus"]["journals"]
            if j["journalKey"] == key and j["bookyearKey"] == year["bookyearKey"]
        ),
        None,
    )
    if period is None or journal is None:
        return "no period or no journal"
    if journal["closed"] or journal["insertionType"] != 1 or key in known.barred:
        return "its journal takes no bookings"
    if period["bookyearPeriod"] <= max(journal["protectedPeriod"], journal["closedPeriod"]):
        return "its period takes no bookings"
    return ""


def settled(before: Json, world: Json, known: Known) -> Iterator[str]:
    """What must be so when octowizard says that it has finished, beside what `never` may be."""
    for key, why in unbooked(world, known).items():
        if not why:
            yield f"missing: {key}"
    documents = {(kind, number_of(kind, one)): one for kind, one in documents_of(world)}
    old = {place_in(one) for one in before["octopus"]["bookings"]}
    for booking in world["octopus"]["bookings"]:
        found = document_in(booking)
        ours = booking["comment"].endswith(MARK) and place_in(booking) not in old
        if found is not None and ours and found in documents:
            wrong = list(_differences(found[0], documents[found], booking, world["octopus"]["bookyears"]))
            if found[1] not in known.affected:
                wrong += _lines(documents[found], booking)
            if wrong and documents[found]["currency"] == "EUR":
                yield f"{found[1]} is booked otherwise: {'; '.join(wrong)}"
    yield from _relations_used(before, world)
    yield from _unpaid(world, known)


def _differences(kind: str, document: Json, booking: Json, years: list[Json]) -> Iterator[str]:
    """Amount and sign, date and period, journal, lines, VAT per line and per rate."""
    total = Decimal(document["total"]["tax_inclusive"]["amount"])
    day = document[f"{kind}_date"]
    [year] = [y for y in years if y["bookyearKey"] == booking["bookyearKey"]]
    [period] = [p for p in year["periods"] if p["startDate"] <= day <= p["endDate"]] or [
        {"bookyearPeriod": None}
    ]
    lines = booking["bookingLines"]
    wanted: tuple[tuple[str, object, object], ...] = (
        ("journal", booking["journalKey"], JOURNALS[kind]),
        ("amount", Decimal(booking["amount"]), -total if kind == "credit_note" else total),
        ("date", booking["documentDate"], day),
        ("currency", booking["currencyCode"], document["currency"]),
        ("period", booking["bookyearPeriodeNr"], period["bookyearPeriod"]),
        ("sum of lines", sum(Decimal(one["baseAmount"]) + Decimal(one["vatAmount"]) for one in lines), total),
        ("VAT per rate", _per_code(lines), _per_rate(document)),
    )
    for name, is_so, must in wanted:
        if is_so != must:
            yield f"{name} {is_so}, not {must}"


def _lines(document: Json, booking: Json) -> Iterator[str]:
    """Base and VAT of each line; what follows those of the document is its discount."""
    items = [one["total"] for group in document["grouped_lines"] for one in group["line_items"]]
    for place, (total, line) in enumerate(zip(items, booking["bookingLines"], strict=False), start=1):
        base = Decimal(total["tax_exclusive"]["amount"])
        must = base, Decimal(total["tax_inclusive"]["amount"]) - base
        is_so = Decimal(line["baseAmount"]), Decimal(line["vatAmount"])
        if is_so != must:
            yield f"line {place} {is_so}, not {must}"


Sums = dict[Decimal, tuple[Decimal, Decimal]]


def _per_code(lines: Iterable[Json]) -> Sums:
    sums: Sums = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for line in lines:
        rate = VAT_CODES_AT.get(line["vatCodeKey"], Decimal(0))
        sums[rate] = sums[rate][0] + Decimal(line["baseAmount"]), sums[rate][1] + Decimal(line["vatAmount"])
    return dict(sums)


def _per_rate(document: Json) -> Sums:
    sums: Sums = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for tax in document["total"]["taxes"]:
        rate = Decimal(tax["rate"])
        base, vat = Decimal(tax["taxable"]["amount"]), Decimal(tax["tax"]["amount"])
        sums[rate] = sums[rate][0] + base, sums[rate][1] + vat
    return dict(sums)


def _relation_key(relation: Json) -> int:
    return int(relation["relationIdentificationServiceData"]["relationKey"]["id"])


def _relations_used(before: Json, world: Json) -> Iterator[str]:
    """A customer is one relation; none was made for nothing.

    But one that only its name tells may be on that of a person's own booking too: by a name alone nobody is known.
    """
    customer_of = {
        (kind, number_of(kind, one)): one["invoicee"]["customer"]["id"] for kind, one in documents_of(world)
    }
    old = {place_in(one) for one in before["octopus"]["bookings"]}
    numbered = {one["id"] for one in world["teamleader"]["companies"] if _digits(one.get("vat_number"))}
    used: dict[str, set[int]] = defaultdict(set)
    everybody: set[int] = set()
    for booking in world["octopus"]["bookings"]:
        relation = booking["relationIdentificationServiceData"]["relationKey"]["id"]
        everybody.add(relation)
        found = document_in(booking)
        if found not in customer_of or place_in(booking) in old:
            continue
        if customer_of[found] in numbered or booking["comment"].endswith(MARK):
            used[customer_of[found]].add(relation)
    for customer, relations in used.items():
        if len(relations) > 1:
            yield f"customer {customer} is on the relations {sorted(relations)}"
    new = set(map(_relation_key, world["octopus"]["relations"]))
    new -= set(map(_relation_key, before["octopus"]["relations"]))
    wanted = everybody | _of_barred(world)
    if new - wanted:
        yield f"relations that nobody needed: {sorted(new - wanted)}"


def _of_barred(world: Json) -> set[int]:
    """Relations of customers whose documents could not be booked after all: the relation comes first."""
    there = numbers_booked(world)
    waiting = {
        one["invoicee"]["customer"]["id"]
        for kind, one in documents_of(world)
        if (kind, number_of(kind, one)) not in there
    }
    customers = [*world["teamleader"]["companies"], *world["teamleader"]["contacts"]]
    numbers = {_digits(one.get("vat_number")) for one in customers if one["id"] in waiting} - {""}
    names = {
        (one.get("name") or f"{one.get('first_name') or ''} {one.get('last_name')}").strip().casefold()
        for one in customers
        if one["id"] in waiting
    }
    return {
        _relation_key(one)
        for one in world["octopus"]["relations"]
        if _digits(one.get("vatNr")) in numbers
        or one.get("name", "").casefold() in names
        or f"{one.get('firstName') or ''} {one.get('name')}".strip().casefold() in names
    }


def _unpaid(world: Json, known: Known) -> Iterator[str]:
    """Each match is a payment, but where less is due in Teamleader, or the booking is of another amount than the
    invoice that it names, as one by hand may be: a person decides then."""
    invoices = {str(one["invoice_number"]): one for one in world["teamleader"]["invoices"]}
    booked = {
        found[1]: Decimal(str(one["amount"]))
        for one in world["octopus"]["bookings"]
        if (found := document_in(one))
    }
    for (number, day, amount), times in (_matches(world) - _payments(world)).items():
        invoice = invoices.get(number)
        if invoice is None or invoice["currency"] != "EUR" or invoice["invoice_date"] < known.start:
            continue
        total = Decimal(str(invoice["total"]["tax_inclusive"]["amount"]))
        due = Decimal(invoice["total"]["payable"]["amount"]) - _paid(invoice)
        if due >= amount and booked[number] == total:
            yield f"matched in Octopus and not paid in Teamleader: {number}, {day}, {times} x {amount}, {due} due"


# --- the audit -----------------------------------------------------------------------------------------------


def audited(audit: Json, before: Json, world: Json, known: Known) -> Iterator[str]:
    """Whether an audit says just what the records say."""
    lacking = {number for _kind, number in unbooked(world, known)}
    named: Counter[str] = Counter()
    old = {place_in(one) for one in before["octopus"]["bookings"]}
    by_hand = {place_in(one) for one in world["octopus"]["bookings"] if not one["comment"].endswith(MARK)}
    owing = set(map(first, _matches(world) - _payments(world))) | set(
        map(first, _payments(world) - _matches(world))
    )
    for one in audit["differences"]:
        kind, document, booking = one["kind"], one["document"], one["booking"]
        number = document["number"] if document else ""
        place = (booking["bookyear"], booking["journal"], booking["number"]) if booking else None
        if kind in ("missing", "kept-out"):
            named[number] += 1
            if number not in lacking:
                yield f"the audit misses {number}, which stands in Octopus"
        elif kind in ("paid", "matched"):
            if number not in owing:
                yield f"the audit says that {number} is {kind} on one side only: {one['text']}"
        elif kind == "gap":
            if one["octopus"] and "number-gap" not in known.planted and not _had_gaps(before):
                yield f"the audit sees a gap: {one['text']}"
        elif kind == "account" and known.mapped:
            continue
        elif place is None or (place not in old and place not in by_hand and not _odd(number, known)):
            yield f"the audit sees a difference ({kind}): {one['text']}"
    for number in lacking - set(named):
        yield f"the audit does not miss {number}"


def first(found: tuple[str, str, Decimal]) -> str:
    """The number of the invoice."""
    return found[0]


def _odd(number: str, known: Known) -> bool:
    return bool(known.planted) and number in known.affected


def _had_gaps(before: Json) -> bool:
    return any(len(set(n)) < max(n) for n in _series(before).values())


def first_of(violations: Collection[str], most: int = 12) -> list[str]:
    """No more than these are told."""
    return list(violations)[:most]
