"""How many calls bringing both sides up to date will take at most, by what is kept. Pure counting: no network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from octowizard.books.fiscal import years_between
from octowizard.snapshot import assemble, audited
from octowizard.snapshot.parts import DAY, FORM, PARTS, Cursor, Part, is_young, last_look, written_parts
from octowizard.workspace import kept
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Profile

PAGE = 100  # records of a list of Teamleader


class Needed(NamedTuple):
    """Calls at most; `lines` of those to Teamleader read the lines of one document each. `pages_unknown`: the lists
    of documents were never read, so that nobody knows how many pages they have."""

    octopus: int
    teamleader: int
    lines: int
    pages_unknown: bool = False


def for_audit(
    workspace: Workspace,
    profile: Profile,
    span: tuple[date, date],
    now: datetime,
    *,
    lines: int | None,
    fresh: bool,
) -> Needed:
    """What an audit of these days takes, signing in aside. `lines`: as in `Fetch`; `fresh`: reads young parts too."""
    look, written = last_look(workspace), written_parts(workspace)

    def taken(part: Part, calls: Callable[[], int]) -> int:
        at = look.at.get(part) if look is not None and part not in look.unread else None
        young = at is not None and part not in written and is_young(at, now, PARTS[part].age)
        return 0 if young and (not fresh or PARTS[part].slow) else calls()

    years = years_between(assemble.years(workspace), *span)
    count = max(1, len(years))
    journals = {profile.invoice_journal, profile.credit_note_journal}
    loaded = _loaded(workspace)
    whole = sum((year, journal) not in loaded for year in years or (0,) for journal in journals)
    charts = {f"oc/accounts/{name}" for name in kept.readings(workspace, "oc/accounts/")}
    without = len(audited.without_lines(workspace, *span))
    to_read = without if lines is None or without <= lines else 0
    octopus = sum(
        (
            taken("years", lambda: 1),
            taken("journals", lambda: count),
            taken("bookings", lambda: 2) + whole,
            taken("vat_codes", lambda: 1),
            taken("accounts", lambda: 1) + sum(f"oc/accounts/{year}" not in charts for year in years or (0,)),
            taken("relations", lambda: 1),
            taken("matches", lambda: 1),
            taken("returns", lambda: count),
        )
    )
    if look is None:  # the first look of all reads what the checks look at besides
        octopus += 2
    pages, known = _pages(workspace, now)
    teamleader = taken("settings", lambda: 2) + taken("documents", lambda: pages) + to_read
    # And Octopus' version, which tells its clock: nothing else shows that what is kept has aged.
    return Needed(octopus + 1, teamleader, to_read, not known)


def _loaded(workspace: Workspace) -> set[tuple[int, str]]:
    """The journals of years whose bookings are kept whole."""
    readings = kept.readings(workspace, "cursor/booking/")
    return {
        (int(year), journal)
        for name, reading in readings.items()
        for year, _slash, journal in [name.partition("/")]
        if msgspec.json.decode(reading.body, type=Cursor).form >= FORM
    }


def _pages(workspace: Workspace, now: datetime) -> tuple[int, bool]:
    """Calls for both lists of documents: whole once a day, else what changed; and whether that is known."""
    calls, known = 0, True
    for kind in ("invoice", "credit_note"):
        reading = kept.reading(workspace, f"cursor/{kind}")
        cursor = msgspec.json.decode(reading.body, type=Cursor) if reading is not None else None
        known &= cursor is not None
        if cursor is None or now - cursor.whole > DAY or cursor.form < FORM:
            calls += sum(1 for _key in kept.keys(workspace, kind, "")) // PAGE + 1
        else:
            calls += 1
    return calls, known
