"""What Teamleader's import of companies would do, for every matching criterion, before anything is deleted. Pure.

The rules (support articles 25691802707985 and 25691321114897): a row of the file edits a company when all of the
chosen fields are the same, or when at least one is, whichever the user chose; else it is added. Inferred, since the
articles are silent: fields are compared as they are written; an empty one is like nothing; rows are taken in the order
of the file, so that a row may meet a company that an earlier row added or edited; of several companies that fit, the
oldest is edited; an empty cell changes nothing.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final, Literal

import msgspec

from octowizard.matching.record import Customer
from octowizard.matching.vat_numbers import vat_key

Field = Literal["name", "vat", "postcode", "email"]
How = Literal["all", "any"]
_MATCHED: Final[tuple[Field, ...]] = ("name", "vat", "email")


class Criterion(msgspec.Struct, frozen=True, order=True):
    """What must be the same: all of the fields, or at least one of them."""

    how: How
    fields: tuple[Field, ...]

    @property
    def id(self) -> str:
        """`name`, `name+postcode` (all of them), `name|vat` (at least one)."""
        return ("|" if self.how == "any" else "+").join(self.fields)


def _criteria() -> tuple[Criterion, ...]:
    """All of every choice of fields, the postcode only beside the name; at least one of every two or three.

    A postcode alone, or as one of several of which one suffices, would take a whole town for one customer.
    """
    chosen = [fields for size in (1, 2, 3) for fields in combinations(_MATCHED, size)]
    every: list[tuple[Field, ...]] = []
    for fields in chosen:
        every.append(fields)
        if fields[0] == "name":
            every.append(("name", "postcode", *fields[1:]))
    return (
        *(Criterion("all", fields) for fields in every),
        *(Criterion("any", fields) for fields in chosen if len(fields) > 1),
    )


CRITERIA: Final = _criteria()


class Line(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One row of the file to import, every text as it will be written. `number`: from 1, without the titles."""

    number: int
    name: str
    vat: str = ""
    external: str = ""
    postcode: str = ""
    email: str = ""


class Company(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A company that is in Teamleader when the import begins, every text as it stands there."""

    key: str
    name: str
    vat: str = ""
    postcode: str = ""
    email: str = ""


class Edit(msgspec.Struct, frozen=True, gc=False):
    """A row that edits a company. `company`: its id, or `row/<n>` when an earlier row of the file added it.

    `wrong`: both have a valid VAT number and they differ, so it is another firm that would get this one's number.
    `name_only`: nothing but the name is the same, so nothing says that it is the same firm. `was` is the company's
    name before.
    """

    line: int
    company: str
    was: str
    wrong: bool = False
    name_only: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What one criterion would do: rows that edit, and rows that are added, in the order of the file."""

    criterion: Criterion
    edited: tuple[Edit, ...]
    added: tuple[int, ...]

    @property
    def wrong(self) -> tuple[Edit, ...]:
        """The edits that would hit another firm."""
        return tuple(edit for edit in self.edited if edit.wrong)

    @property
    def name_only(self) -> tuple[Edit, ...]:
        """The edits that rest on the name alone, and are not known to be wrong."""
        return tuple(edit for edit in self.edited if edit.name_only and not edit.wrong)


def company_of(customer: Customer) -> Company:
    """A company as the import meets it; of several e-mail addresses, the first is the primary one."""
    return Company(
        key=customer.key,
        name=customer.name,
        vat=customer.vat,
        postcode=customer.postcode,
        email=customer.emails[0] if customer.emails else "",
    )


def every(lines: Sequence[Line], companies: Sequence[Company]) -> list[Outcome]:
    """What each criterion would do, in the order of CRITERIA; those that no row could meet are left out.

    `companies` oldest first, without those that will have been deleted.
    """
    filled = {
        field for field in ("name", "vat", "postcode", "email") if any(getattr(x, field) for x in lines)
    }
    return [
        simulate(lines, companies, criterion)
        for criterion in CRITERIA
        if (filled.issuperset(criterion.fields) if criterion.how == "all" else filled & {*criterion.fields})
    ]


def recommended(outcomes: Iterable[Outcome]) -> Outcome | None:
    """The fewest added without a wrong edit; where every criterion has one, the fewest wrong, then the fewest added.

    Of equals, the one with the fewest edits on a name alone, then that which asks for the fewest fields. None when
    there is nothing to choose from.
    """

    def rank(outcome: Outcome) -> tuple[int, int, int, int]:
        return (
            len(outcome.wrong),
            len(outcome.added),
            len(outcome.name_only),
            len(outcome.criterion.fields),
        )

    ranked = sorted(outcomes, key=rank)
    return ranked[0] if ranked else None


def simulate(lines: Sequence[Line], companies: Sequence[Company], criterion: Criterion) -> Outcome:
    """What the import of these rows would do."""
    held = _Held(companies, criterion)
    edited: list[Edit] = []
    added: list[int] = []
    for line in lines:
        place = held.found(line)
        if place is None:
            held.add(line)
            added.append(line.number)
        else:
            edited.append(held.edit(place, line))
    return Outcome(criterion, tuple(edited), tuple(added))


class _Held:
    """The companies while the import goes on: they change, and there come more."""

    def __init__(self, companies: Sequence[Company], criterion: Criterion) -> None:
        self._all = criterion.how == "all"
        self._fields = criterion.fields
        # The columns that the file needs for this criterion: name and VAT number are always in it.
        self._written: tuple[Field, ...] = tuple(dict.fromkeys(("name", "vat", *criterion.fields)))
        self._keys = [company.key for company in companies]
        self._values = [
            {"name": c.name, "vat": c.vat, "postcode": c.postcode, "email": c.email} for c in companies
        ]
        self._places: dict[tuple[str, ...], list[int]] = {}
        for place in range(len(self._keys)):
            self._enter(place)

    def _entries(self, values: dict[str, str]) -> list[tuple[str, ...]]:
        if self._all:
            entry = tuple(values[field] for field in self._fields)
            return [entry] if all(entry) else []
        return [(field, values[field]) for field in self._fields if values[field]]

    def _enter(self, place: int) -> None:
        for entry in self._entries(self._values[place]):
            insort(self._places.setdefault(entry, []), place)

    def _leave(self, place: int) -> None:
        for entry in self._entries(self._values[place]):
            self._places[entry].remove(place)

    def found(self, line: Line) -> int | None:
        """The oldest company that fits."""
        values: dict[str, str] = {field: getattr(line, field) for field in self._fields}
        fitting = [places[0] for entry in self._entries(values) if (places := self._places.get(entry))]
        return min(fitting, default=None)

    def add(self, line: Line) -> None:
        """A company for a row that none fits."""
        self._keys.append(f"row/{line.number}")
        blank = {"name": "", "vat": "", "postcode": "", "email": ""}
        self._values.append(blank | {field: getattr(line, field) for field in self._written})
        self._enter(len(self._keys) - 1)

    def edit(self, place: int, line: Line) -> Edit:
        """What the row has replaces what the company had."""
        values = self._values[place]
        ours, theirs = vat_key(values["vat"]), vat_key(line.vat)
        others = (
            (values["vat"], line.vat),
            (values["postcode"], line.postcode),
            (values["email"], line.email),
        )
        edit = Edit(
            line.number,
            self._keys[place],
            values["name"],
            wrong=ours is not None and theirs is not None and ours != theirs,
            name_only=(ours is None or ours != theirs) and not any(a and a == b for a, b in others),
        )
        self._leave(place)
        for field in self._written:
            values[field] = getattr(line, field) or values[field]
        self._enter(place)
        return edit
