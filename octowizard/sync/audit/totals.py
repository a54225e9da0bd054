"""The totals of both sides along every dimension, each row with the documents that make its difference. Pure."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from octowizard.books.money import ZERO
from octowizard.snapshot.model import Snapshot
from octowizard.sync.audit.customers import Customers
from octowizard.sync.audit.model import DIMENSIONS, Dimension, Entry, Measure, Row, Table
from octowizard.sync.audit.sides import ONE, Shares, Side

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


class _Place:
    """A day, a journal, a period and a return: `keys` of its rows, and the sum of what is the same on both sides."""

    __slots__ = ("keys", "same")

    def __init__(self, keys: tuple[tuple[Dimension, str], ...]) -> None:
        self.keys = keys
        self.same = _Sum()


Amounts = tuple[Decimal, Decimal, Decimal]  # base, VAT, total


class Totals:
    """Adds up entry by entry."""

    def __init__(self, snapshot: Snapshot, customers: Customers) -> None:
        self._snapshot = snapshot
        self._customers = customers
        self._rows: dict[Dimension, defaultdict[str, _Sum]] = {one: defaultdict(_Sum) for one in DIMENSIONS}
        self._left_out: dict[Dimension, int] = dict.fromkeys(DIMENSIONS, 0)
        self._places: dict[tuple[object, ...], _Place] = {}

    def add(
        self, index: int, entry: Entry, mine: Side | None, its: Side | None, *, other_customer: bool
    ) -> None:
        """Add one document, one booking, or both. `other_customer`: the booking is somebody else's."""
        if mine is not None and its is not None and mine.agrees(its) and not other_customer:
            self._add_same(index, entry, mine, its)
            return
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

    def _add_same(self, index: int, entry: Entry, side: Side, its: Side) -> None:
        """Add one document that is the same on both sides, its codes and accounts perhaps apart."""
        amounts = _amounts(side)
        row = self._rows["customer"][self._customer_of(entry, other=False)]
        _plus(row.both, amounts)
        row.entries.append(index)
        here = self._place(side).same
        _plus(here.both, amounts)
        here.entries.append(index)
        if side.to_return is None:
            self._left_out["return"] += 1
        theirs_by = (its.rates, its.codes, its.accounts)
        for dimension, shares, others in zip(
            _SHARED, (side.rates, side.codes, side.accounts), theirs_by, strict=True
        ):
            if shares is None or shares != others:
                self._add_shares(dimension, index, side, its, shares, others)
                continue
            rows = self._rows[dimension]
            for key, share in shares.items():
                row = rows[key]
                _plus(row.both, _share(side, share))
                row.entries.append(index)

    def _keys(self, side: Side, customer: str) -> tuple[tuple[Dimension, str], ...]:
        """The keys of a side in all the dimensions in which it stands in one row."""
        return (*self._place(side).keys, ("customer", customer))

    def _place(self, side: Side) -> _Place:
        """Where a side stands. A return is known by its first day: hashing all of it costs more than the rest."""
        known = side.day, side.journal, side.period, side.year, side.to_return and side.to_return.start
        place = self._places.get(known)
        if place is None:
            keys: list[tuple[Dimension, str]] = [
                ("year", str(side.year or UNKNOWN)),
                ("journal", side.journal),
                ("period", f"{side.year}/{side.period}" if side.period else UNKNOWN),
                ("month", f"{side.day:%Y-%m}"),
            ]
            if side.to_return is not None:
                keys.append(("return", f"{side.to_return.start}/{side.to_return.end}"))
            place = self._places[known] = _Place(tuple(keys))
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
        for place in self._places.values():
            same = place.same
            if not same.entries:
                continue
            for dimension, key in place.keys:
                row = self._rows[dimension][key]
                row.both = [sum(two) for two in zip(row.both, same.both, strict=True)]
                row.entries.extend(same.entries)
        self._places.clear()
        labels = {one: {key: self._label(one, key) for key in rows} for one, rows in self._rows.items()}
        return {
            dimension: Table(
                dimension=dimension,
                rows=tuple(
                    Row(
                        key=key,
                        label=labels[dimension][key],
                        teamleader=Measure(*row.teamleader).plus(*row.both),  # type: ignore[arg-type] # a number, amounts
                        octopus=Measure(*row.octopus).plus(*row.both),  # type: ignore[arg-type] # the same
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


def _plus(total: list[Decimal | int], amounts: Amounts | None) -> None:
    if amounts is None:
        return
    total[0] += 1
    total[1] += amounts[0]
    total[2] += amounts[1]
    total[3] += amounts[2]
