"""A side that nobody signed in to: its parts as they are declared, or as a file tells them, instead of read.

They are kept in the shape in which the vendor would give them, so that all that reads what is kept works unchanged; the
Snapshot says of each where it comes from (`origins`). Not here: what is asked (`onboarding/declarables.py`), and the
lists in files (`customers/declaring.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from octowizard.books.fiscal import FiscalYear, JournalState
from octowizard.locale import _
from octowizard.locale.formats import ago
from octowizard.locale.readings import read_name
from octowizard.octopus import models as oc
from octowizard.snapshot.model import Origin, Snapshot
from octowizard.snapshot.parts import PARTS, Part
from octowizard.workspace import kept
from octowizard.workspace.broken import damaged
from octowizard.workspace.db import UNREADABLE, Workspace
from octowizard.workspace.declarations import Declared, What, standing
from octowizard.workspace.profiles import Profile, Vendor

# What of a Snapshot each declaration tells.
TELLS: Final[Mapping[What, tuple[Part, ...]]] = {
    "years": ("years", "returns"),
    "journals": ("journals",),
    "relations": ("relations",),
    "companies": ("customers", "imported"),
    "invoices": ("documents",),
    "credit_notes": ("documents",),
}
_BROUGHT = "declared/"  # names of the readings that say which declaration was brought last

_encode = msgspec.json.Encoder(decimal_format="number").encode


class DeclaredYear(FiscalYear, frozen=True, kw_only=True):
    """A fiscal year as it is declared. `returns`: how often VAT returns are filed, in Octopus' words; "" not told."""

    returns: str = ""


def vendor_of(what: What) -> Vendor:
    """Whose side it tells of."""
    return PARTS[TELLS[what][0]].vendor


def declared_years(declared: Declared | None) -> tuple[FiscalYear, ...]:
    """The fiscal years of a declaration, in order; none of None."""
    years = msgspec.json.decode(declared.body, type=tuple[FiscalYear, ...]) if declared else ()
    return tuple(sorted(years, key=lambda year: year.start))


def declared_returns(declared: Declared | None) -> dict[int, str]:
    """By fiscal year of a declaration, how often it files VAT returns, in Octopus' words; only what is known."""
    years = msgspec.json.decode(declared.body, type=tuple[DeclaredYear, ...]) if declared else ()
    return {year.id: year.returns for year in years if year.returns}


def declared_journals(declared: Declared | None) -> tuple[JournalState, ...]:
    """The journals of a declaration; none of None."""
    return msgspec.json.decode(declared.body, type=tuple[JournalState, ...]) if declared else ()


def of_unconnected(workspace: Workspace, profile: Profile) -> dict[What, Declared]:
    """What is declared of the sides that are not connected. WorkspaceDamaged."""
    return {
        what: declared
        for what, declared in standing(workspace).items()
        if vendor_of(what) in profile.unconnected
    }


def is_brought(workspace: Workspace, declared: Declared) -> bool:
    """Whether what is kept is what this declaration says."""
    reading = kept.reading(workspace, _BROUGHT + declared.what)
    return reading is not None and reading.taken_at == declared.at


def brought(workspace: Workspace, declared: Declared) -> None:
    """It is, from now on."""
    kept.keep_reading(workspace, _BROUGHT + declared.what, b"{}", declared.at)


def bring(workspace: Workspace, profile: Profile) -> None:
    """Keep the declared fiscal years and journals as if they had been read, where that was not done yet."""
    if not profile.unconnected:
        return
    declared = of_unconnected(workspace, profile)
    years, journals = declared.get("years"), declared.get("journals")
    if years is None or all(is_brought(workspace, each) for each in (years, journals) if each is not None):
        return
    try:
        _keep_years(workspace, years, journals)
    except UNREADABLE as error:
        raise damaged(workspace.path, str(error)) from error
    for each in (years, journals):
        if each is not None:
            brought(workspace, each)


def _keep_years(workspace: Workspace, years: Declared, journals: Declared | None) -> None:
    known, returns = declared_years(years), declared_returns(years)
    kept.keep_reading(workspace, "oc/bookyears", _encode([_bookyear(year) for year in known]), years.at)
    kept.drop_readings(workspace, *(f"oc/returns/{year}" for year in kept.readings(workspace, "oc/returns/")))
    for year in known:
        if year.id in returns:
            detail = _year_detail(year, returns[year.id])
            kept.keep_reading(workspace, f"oc/returns/{year.id}", _encode([detail]), years.at)
    kept.drop_readings(
        workspace, *(f"oc/journals/{year}" for year in kept.readings(workspace, "oc/journals/"))
    )
    if journals is None:
        return
    every = declared_journals(journals)
    for year in known:
        mine = [_journal(each) for each in every if each.year_id == year.id]
        kept.keep_reading(workspace, f"oc/journals/{year.id}", _encode(mine), journals.at)


def _bookyear(year: FiscalYear) -> oc.Bookyear:
    return oc.Bookyear(
        bookyear_key=oc.Key(year.id),
        start_date=year.start,
        end_date=year.end,
        closed=year.closed,
        bookyear_description=year.name,
        periods=tuple(oc.Period(period.number, period.start, period.end) for period in year.periods),
    )


def _year_detail(year: FiscalYear, returns: str) -> oc.BookyearDetail:
    return oc.BookyearDetail(
        bookyear_key=oc.Key(year.id),
        names=(),
        booking_period_type="",
        from_date=year.start,
        to_date=year.end,
        closed=year.closed,
        declarant_type=returns,
    )


def _journal(state: JournalState) -> oc.Journal:
    return oc.Journal(
        bookyear_key=oc.Key(state.year_id),
        journal_key=state.key,
        name=state.name,
        closed=state.closed,
        last_booked_document_nr=state.last_number,
        protected_period=state.protected_period,
        closed_period=state.closed_period,
        insertion_type=oc.BOOKINGS if state.takes_bookings else oc.INVOICES_EXCLUSIVE,
    )


def forget(workspace: Workspace, vendor: Vendor) -> None:
    """Forget what was kept of declarations, now that the vendor itself can be read; the declarations stay."""
    for what in TELLS:
        if vendor_of(what) == vendor:
            kept.drop_readings(workspace, _BROUGHT + what)
    names: dict[Vendor, tuple[str, ...]] = {
        "Octopus": ("oc/", "cursor/"),
        "Teamleader": ("tl/", "cursor/invoice", "cursor/credit_note", "setup/", "duplicates/"),
    }
    for prefix in names[vendor]:
        kept.drop_readings(workspace, *(prefix + rest for rest in kept.readings(workspace, prefix)))
    kinds: dict[Vendor, tuple[str, ...]] = {
        "Octopus": ("relation", "relation_card"),
        "Teamleader": ("invoice", "credit_note", "customer", "duplicates/customer"),
    }
    for kind in kinds[vendor]:
        kept.drop_kind(workspace, kind)


def with_origins(workspace: Workspace, profile: Profile, snapshot: Snapshot) -> Snapshot:
    """The Snapshot with what it rests on: of a side that is not connected each part is declared, told, or unknown.

    Nobody can declare which documents are booked: all of them count as waiting, and that is said.
    """
    if not profile.unconnected:
        return snapshot
    origins: dict[str, Origin] = {}
    for what, declared in of_unconnected(workspace, profile).items():
        for part in TELLS[what]:
            if part == "returns" and not snapshot.returns:
                continue  # fiscal years are declared with or without
            other = origins.get(part)
            origins[part] = (
                Origin(declared.source, declared.at)
                if other is None
                else Origin(f"{other.source}, {declared.source}", min(other.since, declared.at))
            )
    unread = dict(snapshot.unread)
    for part, row in PARTS.items():
        if part in origins or (part == "bookings" and row.vendor in profile.unconnected):
            unread.pop(part, None)
        elif absent := [each for each in (row.vendor, row.beside) if each in profile.unconnected]:
            unread[part] = unconnected(str(absent[0]))
    ages = {part: origin.since for part, origin in origins.items()}
    return msgspec.structs.replace(
        snapshot,
        origins=origins,
        unread=unread,
        customers_asked=None if "Teamleader" in profile.unconnected else snapshot.customers_asked,
        ages={**snapshot.ages, **ages},
        troubles=tuple(each for each in snapshot.troubles if each.vendor not in profile.unconnected),
        unconnected=profile.unconnected,
    )


def unconnected(vendor: str) -> str:
    """Why nothing of a side is known that nobody declared."""
    return _("{vendor} is not connected, and this was not declared").format(vendor=vendor)


def not_known_to_be_booked(snapshot: Snapshot) -> str:
    """That nobody knows which documents are booked already; "" where Octopus tells it."""
    if "Octopus" not in snapshot.unconnected or "documents" in snapshot.unread:
        return ""
    return _("Nobody can tell what is booked in Octopus already: every document counts as waiting.")


def undeclarable(snapshot: Snapshot) -> frozenset[Part]:
    """The parts of sides that are not connected which nobody can declare either, or need not: how often VAT returns
    are filed."""
    parts_told = {part for parts in TELLS.values() for part in parts if part != "returns" or snapshot.returns}
    absent = (part for part, row in PARTS.items() if row.vendor in snapshot.unconnected)
    return frozenset(part for part in absent if part not in parts_told)


def rests_on(snapshot: Snapshot, parts: Iterable[str] = PARTS) -> list[str]:
    """What an answer from these parts rests on that was not measured, and since when: a sentence for each source."""
    wanted = frozenset(parts)
    by_source: dict[str, list[Part]] = {}
    for part in PARTS:
        if part in wanted and part in snapshot.origins:
            by_source.setdefault(snapshot.origins[part].source, []).append(part)
    sentences = []
    for source, declarations in by_source.items():
        text = _("From {file}, taken in {age}: {what}.") if source else _("Declared by you {age}: {what}.")
        since = min(snapshot.origins[part].since for part in declarations)
        what = ", ".join(read_name(part) for part in declarations)
        sentences.append(text.format(file=source, age=ago(since, snapshot.taken_at), what=what))
    if wanted & {"documents", "bookings"} and (booked := not_known_to_be_booked(snapshot)):
        sentences.append(booked)
    return sentences
