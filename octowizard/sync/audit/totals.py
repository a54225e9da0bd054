"""The totals of both sides along every dimension, each row with the documents that make its difference. Pure."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from octowizard.books.money import ZERO
from octowizard.books.vat_return import VatReturn
from octowizard.snapshot.model import Kind, ListedDocument, Snapshot
from octowizard.sync.audit.alike import Alike
from octowizard.sync.audit.customers import Customers
from octowizard.sync.audit.model import DIMENSIONS, Dimension, Entry, Measure, Row, Table
from octowizard.sync.audit.sides import ONE, AccountAndCode, Share, Shares, Side, Sides

_SHARED: tuple[Dimension, ...] = (
    "rate",
    "vat-code",
    "account",
)  # what a document may stand in several rows of
UNKNOWN = ""  # the key of what has no year, no period, no code


class _Sum:
    """A row in the making. `both`: what is the same on both sides, which nearly all is."""

    __slots__ = ("apart", "both", "entries", "octopus", "teamleader")

    def __init__(self) -> None:
        self.teamleader: list[Decimal | int] = [0, ZERO, ZERO, ZERO]
        self.octopus: list[Decimal | int] = [0, ZERO, ZERO, ZERO]
        self.both: list[Decimal | int] = [0, ZERO, ZERO, ZERO]
        self.entries = array("I")
        self.apart: list[int] = []

    @property
    def is_apart(self) -> bool:
        """Whether anything in it was looked at side by side."""
        return bool(self.teamleader[0] or self.octopus[0])


class _Group:
    """Documents that are the same on both sides: the numbers of their entries, their bases and totals, with their sign.

    They are added up at the end, in one go.
    """

    __slots__ = ("amounts", "entries")

    def __init__(self) -> None:
        self.entries = array("I")
        self.amounts: list[tuple[Decimal, Decimal]] = []  # base and total

    def sum(self) -> list[Decimal | int]:
        """Their number, base, VAT and total."""
        if len(self.amounts) == 1:
            ((base, total),) = self.amounts
        else:
            base, total = (sum(part, ZERO) for part in zip(*self.amounts, strict=True))
        return [len(self.amounts), base, total - base, total]


class _Place:
    """A day, a journal, a period and a return: `keys` of its rows, and what is the same on both sides."""

    __slots__ = ("has_return", "keys", "same")

    def __init__(self, keys: tuple[tuple[Dimension, str], ...], *, has_return: bool) -> None:
        self.keys = keys
        self.has_return = has_return
        self.same = _Group()


class _Spread:
    """Documents that are the same on both sides and stand on the same accounts and codes, or percentages.

    `shares`: base and VAT of each of these, of one document after the other, above zero on a credit note too.
    """

    __slots__ = ("entries", "shares")

    def __init__(self) -> None:
        self.shares: list[Sequence[Share]] = []
        self.entries = array("I")

    def sums(self) -> list[Share]:
        """Base and VAT of each part, of all the documents."""
        parts = (zip(*part, strict=True) for part in zip(*self.shares, strict=True))
        return [(sum(bases, ZERO), sum(vats, ZERO)) for bases, vats in parts]


Amounts = tuple[Decimal, Decimal, Decimal]  # base, VAT, total
P = TypeVar("P", AccountAndCode, str)  # what a share stands on
_Spreads = dict[tuple[Kind, tuple[P, ...]], _Spread]


class Totals:
    """Adds up entry by entry."""

    def __init__(self, snapshot: Snapshot, customers: Customers, sides: Sides) -> None:
        self._snapshot = snapshot
        self._customers = customers
        self._sides = sides
        self._rows: dict[Dimension, defaultdict[str, _Sum]] = {one: defaultdict(_Sum) for one in DIMENSIONS}
        self._left_out: dict[Dimension, int] = dict.fromkeys(DIMENSIONS, 0)
        self._places: dict[tuple[object, ...], _Place] = {}
        # Of documents that are the same on both sides, by day and by customer.
        self._days: dict[Kind, dict[date, _Group]] = {"invoice": {}, "credit_note": {}}
        self._of_customers: defaultdict[str, _Group] = defaultdict(_Group)
        self._by_line: _Spreads[AccountAndCode] = {}
        self._by_rate: _Spreads[str] = {}

    def add(
        self, index: int, entry: Entry, mine: Side | None, its: Side | None, *, other_customer: bool
    ) -> None:
        """Add one document, one booking, or both. `other_customer`: the booking is somebody else's."""
        ours, theirs = _amounts(mine), _amounts(its)
        our_keys = self._keys(mine, self._customer_of(entry, other=False)) if mine else ()
        their_keys = self._keys(its, self._customer_of(entry, other=other_customer)) if its else ()
        for dimension, key in our_keys:
            _plus(self._rows[dimension][key].teamleader, ours)
        for dimension, key in their_keys:
            _plus(self._rows[dimension][key].octopus, theirs)
        every = {*our_keys, *their_keys}
        apart = every if ours != theirs else {*our_keys} ^ {*their_keys}
        for dimension, key in every:
            row = self._rows[dimension][key]
            row.entries.append(index)
            if (dimension, key) in apart:
                row.apart.append(index)
        if (mine is not None and mine.to_return is None) or (its is not None and its.to_return is None):
            self._left_out["return"] += 1
        nothing: tuple[Shares | None, ...] = ({}, {}, {})
        ours_by = (mine.rates, mine.codes, mine.accounts) if mine is not None else nothing
        theirs_by = (its.rates, its.codes, its.accounts) if its is not None else nothing
        for dimension, before, after in zip(_SHARED, ours_by, theirs_by, strict=True):
            self._add_shares(dimension, index, mine, its, before, after)

    def add_alike(self, index: int, document: ListedDocument, same: Alike) -> None:
        """Add one document of which both sides say the same."""
        kind, base, total = document.kind, document.base or ZERO, document.amount
        if kind == "credit_note":
            base, total = -base, -total
        of_day = self._days[kind].get(document.date) or self._day(document)
        of_customer, amounts = self._of_customers[document.customer_id], (base, total)
        of_day.entries.append(index)
        of_day.amounts.append(amounts)
        of_customer.entries.append(index)
        of_customer.amounts.append(amounts)
        if same.by_line is None:
            _spread(self._by_rate, index, kind, same.by_rate)
        else:
            _spread(self._by_line, index, kind, same.by_line)

    def _day(self, document: ListedDocument) -> _Group:
        """Those of the day and the kind of a document that is the same on both sides, where it is their first."""
        day, kind = document.date, document.kind
        year, period, to_return = self._sides.place(day)
        place = self._place(day, self._sides.journal(document), period, year, to_return)
        self._days[kind][day] = place.same
        return place.same

    def _keys(self, side: Side, customer: str) -> tuple[tuple[Dimension, str], ...]:
        """The keys of a side in all the dimensions in which it stands in one row."""
        place = self._place(side.day, side.journal, side.period, side.year, side.to_return)
        return (*place.keys, ("customer", customer))

    def _place(self, day: date, journal: str, period: int, year: int, to_return: VatReturn | None) -> _Place:
        """Where a side stands. A return is known by its first day: hashing all of it costs more than the rest."""
        known = day, journal, period, year, to_return and to_return.start
        place = self._places.get(known)
        if place is None:
            keys: list[tuple[Dimension, str]] = [
                ("year", str(year or UNKNOWN)),
                ("journal", journal),
                ("period", f"{year}/{period}" if period else UNKNOWN),
                ("month", f"{day:%Y-%m}"),
            ]
            if to_return is not None:
                keys.append(("return", f"{to_return.start}/{to_return.end}"))
            place = self._places[known] = _Place(tuple(keys), has_return=to_return is not None)
        return place

    def _customer_of(self, entry: Entry, *, other: bool) -> str:
        if entry.known is not None and not other:
            return f"c/{entry.known.customer_id}"
        assert entry.booking is not None
        relation = entry.booking.head.relation
        owner = self._customers.owner(relation)
        return f"c/{owner}" if owner is not None else f"r/{relation}"

    def _add_shares(
        self,
        dimension: Dimension,
        index: int,
        mine: Side | None,
        its: Side | None,
        ours: Shares | None,
        theirs: Shares | None,
    ) -> None:
        if ours is None or theirs is None:
            self._left_out[dimension] += 1
            return
        for key in ours.keys() | theirs.keys():
            row = self._rows[dimension][key]
            before, after = _share(mine, ours.get(key)), _share(its, theirs.get(key))
            _plus(row.teamleader, before)
            _plus(row.octopus, after)
            row.entries.append(index)
            if before != after:
                row.apart.append(index)

    def tables(self) -> Mapping[Dimension, Table]:
        """The tables, their rows in order."""
        self._add_places()
        self._add_customers()
        self._add_spreads()
        labels = {one: {key: self._label(one, key) for key in rows} for one, rows in self._rows.items()}
        return {
            dimension: Table(
                dimension=dimension,
                rows=tuple(
                    Row(
                        key=key,
                        label=labels[dimension][key],
                        teamleader=(ours := _measure(row.teamleader, row.both)),
                        octopus=_measure(row.octopus, row.both) if row.is_apart else ours,
                        entries=row.entries,
                        apart=tuple(row.apart),
                    )
                    for _place, key, row in sorted(
                        (self._order(dimension, key, labels[dimension][key]), key, row)
                        for key, row in rows.items()
                    )
                ),
                left_out=self._left_out[dimension],
            )
            for dimension, rows in self._rows.items()
        }

    def _add_places(self) -> None:
        """Add what is the same on both sides to the rows of its days."""
        for place in self._places.values():
            entries = place.same.entries
            if entries:
                both = place.same.sum()
                for dimension, key in place.keys:
                    _more(self._rows[dimension][key], both, entries)
            if not place.has_return:
                self._left_out["return"] += len(entries)
        self._places.clear()
        self._days.clear()

    def _add_customers(self) -> None:
        rows = self._rows["customer"]
        for customer, group in self._of_customers.items():
            row = rows[f"c/{customer}"]  # nothing else is added to what is the same there
            row.both = group.sum()
            row.entries.extend(group.entries)
        self._of_customers.clear()

    def _add_spreads(self) -> None:
        """Add what is the same on both sides to the rows of its rates, codes and accounts, once to each."""

        def of_line(part: AccountAndCode) -> tuple[tuple[Dimension, str], ...]:
            account, code = part
            rate = self._sides.percentages.get(code, UNKNOWN)
            return ("rate", rate), ("vat-code", code), ("account", str(account))

        self._add_rows(self._by_line, of_line)
        for spread in self._by_rate.values():  # their lines were not read
            self._left_out["vat-code"] += len(spread.entries)
            self._left_out["account"] += len(spread.entries)
        self._add_rows(self._by_rate, lambda rate: (("rate", rate),))

    def _add_rows(
        self, spreads: _Spreads[P], rows_of: Callable[[P], tuple[tuple[Dimension, str], ...]]
    ) -> None:
        for (kind, parts), spread in spreads.items():
            sign = -1 if kind == "credit_note" else 1
            rows: dict[tuple[Dimension, str], list[Decimal]] = {}
            for part, (base, vat) in zip(parts, spread.sums(), strict=True):
                for row in rows_of(part):
                    known = rows.setdefault(row, [ZERO, ZERO])
                    known[0] += sign * base
                    known[1] += sign * vat
            for (dimension, key), (base, vat) in rows.items():
                both: list[Decimal | int] = [len(spread.entries), base, vat, base + vat]
                _more(self._rows[dimension][key], both, spread.entries)
        spreads.clear()

    def _order(self, dimension: Dimension, key: str, label: str) -> tuple[object, ...]:
        if dimension == "customer":
            return (label.casefold(), key)
        if dimension in ("year", "period"):
            year, _slash, period = key.partition("/")
            ids = [one.id for one in self._snapshot.years]
            known = year.isdigit() and int(year) in ids
            return (ids.index(int(year)) if known else len(ids), int(period or 0), key)
        if dimension == "rate":
            return (-Decimal(key) if key else Decimal(1), key)
        return (key,)

    def _label(self, dimension: Dimension, key: str) -> str:
        """How the vendors write it; empty where a reader has to say it in words."""
        match dimension:
            case "year" | "period":
                year, _slash, period = key.partition("/")
                name = next((one.name for one in self._snapshot.years if str(one.id) == year), "")
                return f"{name} {period}".strip()
            case "rate":
                return f"{key} %" if key else ""
            case "account":
                charts = (chart.get(int(key)) for chart in self._snapshot.accounts.values())
                name = next((one.name for one in charts if one is not None and one.name), "")
                return f"{key} {name}".strip()
            case "customer":
                side, _slash, id_ = key.partition("/")
                if side == "c":
                    return self._customers.name_of.get(id_, id_)
                return self._customers.relation_name(int(id_)) or id_
            case _:
                return key


def _measure(one_side: list[Decimal | int], both: list[Decimal | int]) -> Measure:
    if not one_side[0]:
        return Measure(*both)  # type: ignore[arg-type] # a number, amounts
    return Measure(*one_side).plus(*both)  # type: ignore[arg-type] # the same


def _amounts(side: Side | None) -> Amounts | None:
    if side is None:
        return None
    base, total = side.own(side.base), side.own(side.total)
    return base, total - base, total


def _share(side: Side | None, share: tuple[Decimal, Decimal] | None) -> Amounts | None:
    if side is None or share is None:
        return None
    base, vat = share
    if side.rate_to_own != ONE:
        base, vat = side.own(base), side.own(vat)
    return base, vat, base + vat


def _spread(spreads: _Spreads[P], index: int, kind: Kind, shares: Mapping[P, Share]) -> None:
    """Add the shares of a document that are the same on both sides."""
    parts = tuple(sorted(shares)) if len(shares) > 1 else tuple(shares)
    spread = spreads.get((kind, parts))
    if spread is None:
        spread = spreads[kind, parts] = _Spread()
    spread.entries.append(index)
    spread.shares.append([shares[part] for part in parts] if len(parts) > 1 else tuple(shares.values()))


def _more(row: _Sum, both: Sequence[Decimal | int], entries: array[int]) -> None:
    """Add these documents, which are the same on both sides, to a row."""
    row.both = [before + added for before, added in zip(row.both, both, strict=True)]
    row.entries.extend(entries)


def _plus(total: list[Decimal | int], amounts: Amounts | None) -> None:
    if amounts is None:
        return
    total[0] += 1
    total[1] += amounts[0]
    total[2] += amounts[1]
    total[3] += amounts[2]
