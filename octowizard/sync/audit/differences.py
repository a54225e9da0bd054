"""What is not the same between a document and its booking, each thing by its name. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from octowizard.books.money import CENT, ZERO
from octowizard.books.numbers import bare
from octowizard.snapshot.model import ListedDocument, SalesBooking
from octowizard.sync.audit.customers import Customers
from octowizard.sync.audit.model import Difference, Kind
from octowizard.sync.audit.pairing import is_comment_of
from octowizard.sync.audit.sides import Shares, Side


def compared(
    entry: int,
    document: ListedDocument,
    booking: SalesBooking,
    mine: Side,
    its: Side,
    customers: Customers,
    *,
    other_customer: bool,
) -> Iterator[Difference]:
    """What is not the same between them. `mine` is Teamleader's side, `its` that of Octopus.

    `other_customer`: the booking is on the relation of somebody else.
    """

    def difference(kind: Kind, teamleader: object, octopus: object) -> Difference:
        return Difference(
            kind=kind,
            entry=entry,
            teamleader=str(teamleader),
            octopus=str(octopus),
            amount=its.own(its.total) - mine.own(mine.total),
        )

    if not is_comment_of(booking.head.comment, document.number):
        yield difference("by-hand", document.number, booking.head.comment or booking.head.reference)
    if other_customer:
        name = customers.relation_name(booking.head.relation) or str(booking.head.relation)
        yield difference("customer", document.customer_name, name)
    if mine.agrees(its) and mine.codes in (None, its.codes) and mine.accounts in (None, its.accounts):
        return
    same_currency = mine.currency == its.currency
    codes = same_currency and (
        _moved(mine.rates, its.rates) or (mine.codes is not None and _moved(mine.codes, its.codes or {}))
    )
    accounts = same_currency and mine.accounts is not None and _moved(mine.accounts, its.accounts or {})
    if not same_currency:
        yield difference("currency", _money(mine), _money(its))
    elif kind := _amount_kind(mine, its, moved=codes or accounts):
        amounts = (mine.base, its.base) if kind == "split" else (mine.total, its.total)
        yield difference(kind, *amounts)
    if mine.journal != its.journal:
        yield difference("journal", mine.journal, its.journal)
    if (mine.year, mine.period) != (its.year, its.period):
        yield difference("period", mine.period, its.period)
    elif mine.day != its.day:
        yield difference("date", mine.day, its.day)
    if codes:
        known = mine.codes is not None and _moved(mine.codes, its.codes or {})
        ours, theirs = (mine.codes, its.codes) if known else (mine.rates, its.rates)
        yield difference("vat-code", _keys(ours), _keys(theirs))
    if accounts:
        yield difference("account", _keys(mine.accounts), _keys(its.accounts))


def _money(side: Side) -> str:
    return f"{side.total} {side.currency}"


def _amount_kind(mine: Side, its: Side, *, moved: bool) -> Kind | None:
    """What differs in the amounts: nothing, a cent for each VAT rate, the rate of exchange, or the amount.

    `moved`: they stand on other codes or accounts, which says why they are spread otherwise.
    """
    total, base = its.total - mine.total, its.base - mine.base
    slack = CENT * max(1, len(mine.rates))
    if abs(total) > slack:
        return "amount"
    if abs(base) > slack:
        return "amount" if total and not moved else None if moved else "split"
    apart = max(
        abs(total),
        abs(base),
        abs(its.own(its.total) - mine.own(mine.total)),
        abs(its.own(its.base) - mine.own(mine.base)),
    )
    if apart > slack:
        return "currency"
    if apart:
        return "rounding"
    pairs = [(mine.rates, its.rates), (mine.codes, its.codes), (mine.accounts, its.accounts)]
    spread = (ours is not None and ours != theirs for ours, theirs in pairs)
    return "rounding" if not moved and any(spread) else None


def _differences(ours: Shares, theirs: Shares) -> Iterator[tuple[Decimal, Decimal]]:
    nothing = (ZERO, ZERO)
    for key in ours.keys() | theirs.keys():
        yield from zip(ours.get(key, nothing), theirs.get(key, nothing), strict=True)


def _moved(ours: Shares, theirs: Shares) -> bool:
    """Whether they stand on other keys, or the same sum is spread over the same keys otherwise, by more than cents."""
    if ours.keys() != theirs.keys():
        return True
    if len(ours) < 2:
        return False
    slack = CENT * len(ours)
    if sum(base for base, _vat in ours.values()) != sum(base for base, _vat in theirs.values()):
        return False
    return any(abs(a - b) > slack for a, b in _differences(ours, theirs))


def _keys(shares: Shares | None) -> str:
    return ", ".join(sorted(shares or ()))


def gaps(
    bookings: Iterable[SalesBooking], documents: Sequence[ListedDocument], first: date, last: date
) -> Iterator[Difference]:
    """Numbers that lack between two others: of bookings in a journal and fiscal year, of documents in their series.

    Only those that lack between `first` and `last`, both inclusive: what surrounds a gap tells of which days it is.
    """
    journals: dict[tuple[int, str], dict[int, date]] = defaultdict(dict)
    for head, _detail in bookings:
        journals[head[:2]][head.number] = head.date  # bookyear and journal
    for (_year, journal), numbers in sorted(journals.items()):
        for low, high in _lacking(numbers, first, last):
            yield Difference(kind="gap", octopus=_range(f"{journal}/", low, high))
    series: dict[tuple[str, str], dict[int, date]] = defaultdict(dict)
    as_written: dict[tuple[str, str], dict[int, date]] = {}  # the same ones, by prefix as it is written
    for document in documents:
        prefix, slash, sequence = document.number.rpartition("/")
        sequence = sequence.strip()
        if not sequence.isdigit():
            sequence = bare(sequence)
        if slash and sequence.isascii() and sequence.isdigit():
            sequences = as_written.get(written := (document.kind, prefix))
            if sequences is None:
                sequences = as_written[written] = series[document.kind, bare(prefix)]
            sequences[int(sequence)] = document.date
    for (kind, prefix), sequences in sorted(series.items()):
        for low, high in _lacking(sequences, first, last):
            yield Difference(kind="gap", teamleader=_range(f"{prefix}/", low, high), of=kind)


def _lacking(numbers: Mapping[int, date], first: date, last: date) -> Iterator[tuple[int, int]]:
    ordered = sorted(numbers)
    if ordered[-1] - ordered[0] == len(ordered) - 1:
        return
    for before, after in pairwise(ordered):
        if after == before + 1:
            continue
        begins, ends = sorted((numbers[before], numbers[after]))
        if begins <= last and ends >= first:
            yield before + 1, after - 1


def _range(prefix: str, first: int, last: int) -> str:
    return f"{prefix}{first}" if first == last else f"{prefix}{first}-{last}"
