"""A Snapshot of which a part was not read, or only some of it, in every way in which that happens. Not a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from octowizard.snapshot.model import Snapshot
from octowizard.snapshot.parts import Part

# What of a Snapshot each part gives.
FIELDS: Mapping[Part, tuple[str, ...]] = {
    "years": ("years",),
    "journals": ("journals",),
    "accounts": ("accounts",),
    "vat_codes": ("vat_codes",),
    "currencies": ("currencies",),
    "relations": ("relations",),
    "bookings": ("elsewhere", "differing", "booked", "twice", "imported_twice", "earlier"),
    "documents": ("pending", "booked", "excluded"),
    "details": ("details",),
    "settings": ("tax_rates", "categories"),
    "customers": ("customers",),
    "imported": ("imported",),
    "matches": ("matches", "undone"),
    "sides": ("dossiers",),
    "returns": ("returns",),
    "declared": ("declared",),
    "declared_numbers": ("declared",),
}


class Truncated(NamedTuple):
    """What lacks, how, and the Snapshot without it."""

    part: Part
    how: str
    snapshot: Snapshot


def truncations(whole: Snapshot) -> Iterator[Truncated]:
    """Each part not read at all; a list of it that stopped in the middle; only those records that were asked for."""
    replace = msgspec.structs.replace
    for part, fields in FIELDS.items():
        if part in whole.unread:
            continue
        nothing = {field: type(getattr(whole, field))() for field in fields}
        if part == "sides":
            nothing["department"] = None
        yield Truncated(part, "not read", replace(whole, **nothing, unread={**whole.unread, part: "no"}))
        for half in (0, 1):
            some = {field: _half(getattr(whole, field), half) for field in fields}
            why = {**whole.partial, part: "it stopped"}
            yield Truncated(part, f"stopped {half}", replace(whole, **some, partial=why))
    # What is asked for by years, documents or customers tells by itself what it lacks.
    for id in whole.details:
        yield Truncated("details", f"without {id}", replace(whole, details=_without(whole.details, id)))
    for id in whole.customers:
        rest = _without(whole.customers, id)
        yield Truncated(
            "customers", f"without {id}", replace(whole, customers=rest, customers_asked=frozenset(rest))
        )
    for year in whole.years:
        read = frozenset(one.id for one in whole.years if one.id != year.id)
        journals = {place: state for place, state in whole.journals.items() if place[0] != year.id}
        yield Truncated(
            "journals", f"without {year.name}", replace(whole, journals=journals, journal_years=read)
        )
        charts, returns = _without(whole.accounts, year.id), _without(whole.returns, year.id)
        yield Truncated("accounts", f"without {year.name}", replace(whole, accounts=charts))
        yield Truncated("returns", f"without {year.name}", replace(whole, returns=returns))


def _without(of: Mapping[Any, Any], key: object) -> dict[Any, Any]:
    return {each: value for each, value in of.items() if each != key}


def _half(of: Any, which: int) -> Any:
    """Every second of some records."""
    if isinstance(of, Mapping):
        return dict(list(of.items())[which::2])
    if isinstance(of, frozenset):
        return frozenset(sorted(of)[which::2])
    assert isinstance(of, Sequence)
    return tuple(of)[which::2]
