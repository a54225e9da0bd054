"""Where a side, now that it is connected, is otherwise than it was declared. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from octowizard.books.fiscal import FiscalYear, JournalState
from octowizard.customers.declared_lists import listed_customers, listed_documents
from octowizard.locale import _, pgettext
from octowizard.locale.counted import counted
from octowizard.locale.formats import amount, day, year_name
from octowizard.locale.labels import Languages, shown
from octowizard.locale.readings import read_name
from octowizard.matching.vat_numbers import vat_key
from octowizard.onboarding.model import SETTLED, Guide
from octowizard.snapshot.declared_parts import (
    TELLS,
    declared_journals,
    declared_returns,
    declared_years,
    vendor_of,
)
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.declarations import Declared, What


class Difference(NamedTuple):
    """One thing that was declared otherwise. `declared`, `measured`: both as people read them."""

    subject: str
    declared: str
    measured: str


class Measured(NamedTuple):
    """One declaration against the side itself. `unread`: why that could not be read, "" where it was."""

    what: What
    source: str
    at: datetime
    differences: tuple[Difference, ...]
    unread: str = ""


def measured(
    standing: Mapping[What, Declared], snapshot: Snapshot, screens: Languages
) -> tuple[Measured, ...]:
    """Each declaration that stands of a side that is connected by now, against what was read of that side."""
    compare: dict[What, Callable[[Snapshot, Mapping[What, Declared]], Iterator[Difference]]] = {
        "years": _years,
        "journals": partial(_journals, bookings=shown("octopus.sales-bookings", screens)),
        "relations": _relations,
        "companies": _companies,
        "invoices": _invoices,
        "credit_notes": _credit_notes,
    }
    replaced = []
    for what, declared in standing.items():
        if vendor_of(what) in snapshot.unconnected:
            continue
        why = next((snapshot.unread[part] for part in TELLS[what][:1] if part in snapshot.unread), "")
        differences = () if why else tuple(compare[what](snapshot, standing))
        replaced.append(Measured(what, declared.source, declared.at, differences, why))
    return tuple(replaced)


def words(guide: Guide, decisions: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The steps that the user declared done, and that are not, by what was read since."""
    return tuple(
        Difference(step.title, _("done"), step.now[0] if step.now else step.what)
        for step in guide.steps
        if decisions.get(f"declared/done/{step.id}") is True
        and not step.unconnected
        and step.state not in SETTLED
    )


def _years(snapshot: Snapshot, standing: Mapping[What, Declared]) -> Iterator[Difference]:
    theirs = {year.start: year for year in snapshot.years}
    returns = declared_returns(standing["years"])
    for ours in declared_years(standing["years"]):
        there = theirs.pop(ours.start, None)
        declared, measured = _year(ours), _year(there)
        # Octopus is asked for it only where a return may soon be due.
        if ours.id in returns and there is not None and there.id in snapshot.returns:
            declared[_("VAT return")] = _rhythm(returns[ours.id])
            measured[_("VAT return")] = _rhythm(snapshot.returns[there.id])
        yield from _told(_("Fiscal year {year}").format(year=year_name(ours.name)), declared, measured)
    for year in theirs.values():
        yield from _told(_("Fiscal year {year}").format(year=year_name(year.name)), {}, _year(year))


def _year(year: FiscalYear | None) -> dict[str, str]:
    if year is None:
        return {}
    return {
        _("days"): f"{day(year.start)} – {day(year.end)}",
        _("state"): pgettext("a period", "closed") if year.closed else pgettext("a period", "open"),
        _("periods"): _("{first} to {last}").format(
            first=year.periods[0].number if year.periods else "–",
            last=year.periods[-1].number if year.periods else "–",
        ),
    }


def _rhythm(returns: str) -> str:
    """How often a VAT return is filed, from Octopus' word for it."""
    return {"MONTHLY": _("every month"), "QUARTERLY": _("every quarter")}.get(returns, _("neither"))


def _vat_number() -> str:
    return pgettext("in a sentence", "VAT number")


def _journals(
    snapshot: Snapshot, standing: Mapping[What, Declared], *, bookings: str
) -> Iterator[Difference]:
    """`bookings`: what the entry type that is needed is called on the user's screen."""
    starts = {year.id: year.start for year in declared_years(standing.get("years"))}
    theirs_of = {year.start: year for year in snapshot.years}
    seen: set[tuple[int, str]] = set()
    mine = partial(_journal, bookings)
    for ours in declared_journals(standing["journals"]):
        year = theirs_of.get(starts[ours.year_id]) if ours.year_id in starts else None
        if year is None or (snapshot.journal_years is not None and year.id not in snapshot.journal_years):
            continue  # the year itself is told of, or its journals were not read
        there = snapshot.journals.get((year.id, ours.key))
        seen.add((year.id, ours.key))
        yield from _told(_named(year, ours), mine(ours, ours), mine(there, ours) if there else {})
    for place, there in snapshot.journals.items():
        year = next((each for each in theirs_of.values() if each.id == place[0]), None)
        if year is not None and year.start in starts.values() and place not in seen and place[1][:1] == "V":
            yield from _told(_named(year, there), {}, mine(there, there))


def _named(year: FiscalYear, journal: JournalState) -> str:
    return _("Journal {journal} of {year}").format(journal=journal.key, year=year.name)


def _journal(bookings: str, journal: JournalState, declared: JournalState) -> dict[str, str]:
    facts = {
        _("entry type"): bookings if journal.takes_bookings else _("another one"),
        _("secured till"): str(journal.protected_period),
        _("closed until"): str(journal.closed_period),
        _("state"): pgettext("a period", "closed") if journal.closed else pgettext("a period", "open"),
    }
    if declared.last_number and declared is not journal:
        facts[_("last number")] = str(journal.last_number)
    return facts


def _told(subject: str, declared: Mapping[str, str], there: Mapping[str, str]) -> Iterator[Difference]:
    """The facts that differ, on one line for each subject."""
    none = _("it does not exist")
    if not declared or not there:
        if declared or there:
            yield Difference(subject, _listed(declared) or _("not declared"), _listed(there) or none)
        return
    other = [name for name in declared if declared[name] != there.get(name)]
    if other:
        yield Difference(
            subject, _listed({n: declared[n] for n in other}), _listed({n: there.get(n, none) for n in other})
        )


def _listed(facts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def _relations(snapshot: Snapshot, standing: Mapping[What, Declared]) -> Iterator[Difference]:
    theirs = {str(one.id): one for one in snapshot.relations if one.active and one.client}
    for row in listed_customers(standing["relations"]):
        there = theirs.pop(row.key, None)
        subject = _("Relation {number}  {name}").format(number=row.key, name=row.name)
        ours = {
            _("name"): row.name,
            _vat_number(): vat_key(row.vat, row.country or None) or _("none"),
        }
        facts = {_("name"): there.name, _vat_number(): there.vat_key or _("none")} if there else {}
        yield from _told(subject, ours, facts)
    if theirs:
        number = counted("relation", len(theirs))
        yield Difference(read_name("relations"), _("not in the list"), number)


def _companies(snapshot: Snapshot, standing: Mapping[What, Declared]) -> Iterator[Difference]:
    for row in listed_customers(standing["companies"]):
        there = snapshot.customers.get(row.key)
        if there is None:
            continue  # only the customers of documents that wait are read one by one
        country = there.country or None
        ours = {
            _("name"): row.name,
            _vat_number(): vat_key(row.vat, row.country or None) or _("none"),
        }
        facts = {
            _("name"): there.name,
            _vat_number(): vat_key(there.vat_number, country) or _("none"),
        }
        yield from _told(_("Company {name}").format(name=row.name), ours, facts)


def _invoices(snapshot: Snapshot, standing: Mapping[What, Declared]) -> Iterator[Difference]:
    return _documents(snapshot, "invoice", standing["invoices"])


def _credit_notes(snapshot: Snapshot, standing: Mapping[What, Declared]) -> Iterator[Difference]:
    return _documents(snapshot, "credit_note", standing["credit_notes"])


def _documents(snapshot: Snapshot, kind: str, declared: Declared) -> Iterator[Difference]:
    theirs = {head.number: head for head in snapshot.documents if head.kind == kind}
    for row in listed_documents(declared):
        if row.date < snapshot.start_date:
            continue
        there = theirs.pop(row.number, None)
        ours = {_("date"): day(row.date), _("total with VAT"): amount(row.amount, row.currency)}
        facts = (
            {_("date"): day(there.date), _("total with VAT"): amount(there.amount, there.currency)}
            if there
            else {}
        )
        yield from _told(row.number, ours, facts)
    if theirs:
        number = counted("document", len(theirs))
        yield Difference(read_name("documents"), _("not in the list"), number)
