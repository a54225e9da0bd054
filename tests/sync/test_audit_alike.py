"""What the audit takes for the same without making both sides of it, against the plainest sums; and that it makes no
difference to an audit whether it was told that way or by both sides.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from octowizard.books.accounts import DISCOUNTS
from octowizard.books.fiscal import BRUSSELS
from octowizard.snapshot.model import (
    BookingDetail,
    BookingHead,
    DocumentLines,
    Kind,
    ListedDocument,
    RateTotal,
    SalesBooking,
    SalesLine,
    SpreadLine,
)
from octowizard.sync.audit.alike import Alike, Comparing
from octowizard.sync.audit.audit import audit
from octowizard.sync.audit.model import Audit
from octowizard.sync.audit.sides import Sides
from octowizard.workspace.profiles import Mapping
from tests.build import PROFILE, RATES, SNAPSHOT
from tests.sync.audit_worlds import PLANTS, Ground, in_order
from tests.sync.audited import snapshot_of

CENT = Decimal("0.01")
# Where each product category and each tax rate goes: as the generated documents are booked below.
GOES_TO = {"goods": 700000, "work": 701000, "loose": 702000}
BOOKED_WITH = {"t21": "21", "t6": "06", "tmc": "MC", "tex": "EX"}
MAPPED = msgspec.structs.replace(PROFILE, mapping=Mapping(vat=BOOKED_WITH))

cents = st.integers(1, 1_000_000).map(lambda number: number * CENT)
Line = tuple[str, str, Decimal]  # category, tax rate, base
lines_of_a_document = st.lists(
    st.tuples(st.sampled_from(sorted(GOES_TO)), st.sampled_from(sorted(BOOKED_WITH)), cents),
    min_size=1,
    max_size=6,
)
kinds: st.SearchStrategy[Kind] = st.sampled_from(["invoice", "credit_note"])
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def vat_on(line: Line) -> Decimal:
    _category, rate, base = line
    return (base * RATES[rate].rate).quantize(CENT)


def document_of(kind: Kind, day: date, lines: list[Line]) -> ListedDocument:
    """As the list shows it: base and VAT at each rate."""
    at: dict[Decimal, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for line in lines:
        at[RATES[line[1]].rate][0] += line[2]
        at[RATES[line[1]].rate][1] += vat_on(line)
    base = sum((line[2] for line in lines), Decimal(0))
    vat = sum(map(vat_on, lines), Decimal(0))
    return ListedDocument(
        id="d",
        kind=kind,
        number="2026 / 1",
        date=day,
        due_on=None,
        customer_id="c",
        customer_type="company",
        customer_name="Janssens",
        amount=base + vat,
        currency="EUR",
        open_amount=None,
        communication=None,
        stamp="s",
        rate_to_own=Decimal(1),
        base=base,
        rates=tuple(RateTotal(rate, *both) for rate, both in at.items()),
    )


def booking_of(kind: Kind, day: date, lines: list[Line]) -> SalesBooking:
    """As it is booked: a line for each, and what is below zero on a credit note is only its amount."""
    amount = sum((line[2] + vat_on(line) for line in lines), Decimal(0))
    return SalesBooking(
        BookingHead(
            5,
            PROFILE.invoice_journal if kind == "invoice" else PROFILE.credit_note_journal,
            1,
            1,
            day,
            amount if kind == "invoice" else -amount,
            "2026 / 1",
            "",
        ),
        BookingDetail(
            2026 * 100 + day.month,
            day,
            "EUR",
            Decimal(1),
            tuple(
                SalesLine(GOES_TO[category], BOOKED_WITH[rate], base, vat_on((category, rate, base)))
                for category, rate, base in lines
            ),
        ),
    )


def lines_read(lines: list[Line], **changes: Any) -> DocumentLines:
    spread = tuple(
        SpreadLine(category, rate, base, vat_on((category, rate, base))) for category, rate, base in lines
    )
    return DocumentLines(lines=spread, totals=(), has_discount=False, rate_to_own=Decimal(1), **changes)


def told(document: ListedDocument, booking: SalesBooking, lines: DocumentLines | None = None) -> Alike | None:
    snapshot = msgspec.structs.replace(SNAPSHOT, lines={} if lines is None else {"d": lines})
    return Comparing(snapshot, Sides(snapshot, MAPPED)).alike(document, booking)


@given(kinds, days, lines_of_a_document, st.randoms(use_true_random=False), st.booleans())
def test_what_is_booked_as_it_is_invoiced_is_alike_and_told_as_the_plainest_sums(
    kind: Kind, day: date, lines: list[Line], mixed: Random, read: bool
) -> None:
    in_another_order = mixed.sample(lines, len(lines))
    same = told(
        document_of(kind, day, lines),
        booking_of(kind, day, in_another_order),
        lines_read(lines) if read else None,
    )
    assert same is not None
    at_rates: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    on_accounts: dict[tuple[int, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for category, rate, base in lines:
        of_rate = f"{(RATES[rate].rate * 100).normalize():f}"
        for sums in (at_rates[of_rate], on_accounts[GOES_TO[category], BOOKED_WITH[rate]]):
            sums[0] += base
            sums[1] += vat_on((category, rate, base))
    assert {rate: list(share) for rate, share in same.by_rate.items()} == ({} if read else at_rates)
    if read:
        assert same.by_line is not None
        assert {where: list(share) for where, share in same.by_line.items()} == on_accounts
    else:
        assert same.by_line is None


def with_line(booking: SalesBooking, **changes: Any) -> SalesBooking:
    """With its first line changed."""
    assert booking.detail is not None
    first, *rest = booking.detail.lines
    lines = (first._replace(**changes), *rest)
    return booking._replace(detail=msgspec.structs.replace(booking.detail, lines=lines))


def another(booking: SalesBooking, what: str) -> SalesBooking:
    """The booking with one thing that is not the document's."""
    head, detail = booking
    assert detail is not None
    first = detail.lines[0]
    changed: dict[str, Any] = {
        "date": {"date": head.date + timedelta(days=1)},
        "year": {"bookyear": 6},
        "journal": {"journal": "V9"},
        "amount": {"amount": head.amount + CENT},
        "sign": {"amount": -head.amount},
    }
    of_detail: dict[str, Any] = {
        "period": {"period": detail.period + 1},
        "currency": {"currency": "USD"},
        "rate of exchange": {"rate_to_own": Decimal("1.1")},
        "no lines": {"lines": ()},
        "a line twice": {"lines": (first, *detail.lines)},
    }
    of_line: dict[str, Any] = {
        "base": {"base": first.base + CENT},
        "VAT": {"vat": first.vat + CENT},
        "base and VAT": {"base": first.base + CENT, "vat": first.vat - CENT},
        "unknown code": {"vat_code": "??"},
        "other rate": {"vat_code": "06" if first.vat_code != "06" else "21"},
    }
    if what in changed:
        return booking._replace(head=head._replace(**changed[what]))
    if what in of_detail:
        return booking._replace(detail=msgspec.structs.replace(detail, **of_detail[what]))
    return with_line(booking, **of_line[what])


@pytest.mark.parametrize("read", [False, True])
@pytest.mark.parametrize(
    "what",
    [
        *("date", "year", "journal", "amount", "sign", "period", "currency", "rate of exchange", "no lines"),
        *("a line twice", "base", "VAT", "base and VAT", "unknown code", "other rate"),
    ],
)
@given(kind=kinds, day=days, lines=lines_of_a_document)
def test_one_thing_that_is_not_the_same_is_never_alike(
    what: str, read: bool, kind: Kind, day: date, lines: list[Line]
) -> None:
    booking = another(booking_of(kind, day, lines), what)
    assert told(document_of(kind, day, lines), booking, lines_read(lines) if read else None) is None


@pytest.mark.parametrize("changes", [{"account": 708000}, {"vat_code": "IC"}])
@given(kind=kinds, day=days, lines=lines_of_a_document)
def test_another_account_or_code_of_the_same_rate_shows_by_the_lines_alone(
    changes: dict[str, Any], kind: Kind, day: date, lines: list[Line]
) -> None:
    if "vat_code" in changes:
        lines = [("goods", "tmc", lines[0][2]), *lines]
    document, booking = document_of(kind, day, lines), with_line(booking_of(kind, day, lines), **changes)
    assert told(document, booking, lines_read(lines)) is None
    assert told(document, booking) is not None  # nobody has read where the lines go


@given(kinds, days, lines_of_a_document)
def test_what_is_not_plain_is_left_to_both_sides(kind: Kind, day: date, lines: list[Line]) -> None:
    document, booking = document_of(kind, day, lines), booking_of(kind, day, lines)
    replace = msgspec.structs.replace
    for other in (
        replace(document, currency="USD"),
        replace(document, rate_to_own=Decimal("1.1")),
        replace(document, base=None),
        replace(document, amount=Decimal(0)),
    ):
        assert told(other, booking) is None
    assert told(document, booking._replace(detail=None)) is None
    unmapped = lines_read([("unlinked", rate, base) for _category, rate, base in lines])
    assert told(document, booking, unmapped) is None


def with_discount(
    kind: Kind, day: date, lines: list[Line], share: Decimal
) -> tuple[ListedDocument, SalesBooking, DocumentLines]:
    """A document with so much off its whole, and its booking: a line below zero for each code, on the own account."""
    totals: list[RateTotal] = []
    off: list[SalesLine] = []
    for rate in sorted({line[1] for line in lines}):
        of_rate = [line for line in lines if line[1] == rate]
        base, vat = sum((line[2] for line in of_rate), Decimal(0)), sum(map(vat_on, of_rate), Decimal(0))
        less, less_vat = ((amount * share).quantize(CENT) for amount in (base, vat))
        totals.append(RateTotal(RATES[rate].rate, base - less, vat - less_vat))
        if less or less_vat:
            off.append(SalesLine(DISCOUNTS, BOOKED_WITH[rate], -less, -less_vat))
    document = msgspec.structs.replace(
        document_of(kind, day, lines),
        base=sum((one.base for one in totals), Decimal(0)),
        amount=sum((one.base + one.vat for one in totals), Decimal(0)),
        rates=tuple(totals),
    )
    booking = booking_of(kind, day, lines)
    assert booking.detail is not None
    booked = booking.head._replace(amount=document.booked_amount)
    detail = msgspec.structs.replace(booking.detail, lines=(*booking.detail.lines, *off))
    read = msgspec.structs.replace(lines_read(lines), totals=tuple(totals), has_discount=True)
    return document, SalesBooking(booked, detail), read


# One rate with no VAT at most: what is taken off a rate is then taken off one code.
plain_lines = lines_of_a_document.filter(
    lambda lines: len({rate for _c, rate, _b in lines} & {"tmc", "tex"}) < 2
)


@given(kinds, days, plain_lines, st.integers(1, 60))
def test_a_discount_on_the_whole_is_alike_where_it_is_booked_on_its_account(
    kind: Kind, day: date, lines: list[Line], percent: int
) -> None:
    document, booking, read = with_discount(kind, day, lines, percent * CENT)
    assume(all(share.base for share in document.rates))
    same = told(document, booking, read)
    assert same is not None
    assert same.by_line is not None
    assert sum((base for base, _vat in same.by_line.values()), Decimal(0)) == document.base
    off = {code: share for (account, code), share in same.by_line.items() if account == DISCOUNTS}
    assert booking.detail is not None
    assert off == {
        one.vat_code: (one.base, one.vat) for one in booking.detail.lines if one.account == DISCOUNTS
    }


@given(kinds, days, plain_lines, st.integers(1, 60), st.sampled_from([{"account": 708100}, {"base": CENT}]))
def test_a_discount_that_is_booked_otherwise_is_not(
    kind: Kind, day: date, lines: list[Line], percent: int, changes: dict[str, Any]
) -> None:
    document, booking, read = with_discount(kind, day, lines, percent * CENT)
    assert booking.detail is not None
    *rest, last = booking.detail.lines
    assume(last.account == DISCOUNTS)
    lines_booked = (*rest, last._replace(**changes))
    other = booking._replace(detail=msgspec.structs.replace(booking.detail, lines=lines_booked))
    assert told(document, other, read) is None


# --- one total, told in two ways ------------------------------------------------------------------------------


def shown(one: Audit) -> Any:
    """All that an audit says, but for the order in which documents stand in a row."""
    return (
        {
            dimension: (
                table.left_out,
                [
                    (row.key, row.label, row.teamleader, row.octopus, sorted(row.entries), sorted(row.apart))
                    for row in table.rows
                ],
            )
            for dimension, table in one.tables.items()
        },
        one.differences,
        one.open_teamleader,
        one.open_octopus,
        one.not_compared,
        one.compared,
        one.entries,
    )


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize("seed", [2, 11])
def test_an_audit_says_the_same_where_every_document_is_looked_at_from_both_sides(
    seed: int, lines: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, random = in_order(seed), Random(seed)
    ground = Ground(world, random)
    for plant in random.sample(sorted(PLANTS), 6):
        PLANTS[plant](ground)
    snapshot = snapshot_of(world, lines=lines)
    today = world.clock.now().astimezone(BRUSSELS).date()
    profile = msgspec.structs.replace(PROFILE, start_date=date.fromisoformat(world.start_date))
    asked: list[Alike | None] = []
    alike = Comparing.alike

    def counted(self: Comparing, document: ListedDocument, booking: SalesBooking) -> Alike | None:
        asked.append(alike(self, document, booking))
        return asked[-1]

    monkeypatch.setattr(Comparing, "alike", counted)
    usual = shown(audit(snapshot, profile, today))
    assert sum(one is not None for one in asked) > len(asked) / 2  # most are told the short way
    monkeypatch.setattr(Comparing, "alike", lambda *_anything: None)
    assert shown(audit(snapshot, profile, today)) == usual
