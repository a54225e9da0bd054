"""'Do it for me': which changes are wanted, as a pure function of the Snapshot, the profile, decisions and the day.

The requests themselves are in `requests.py`; how one is made that the user has agreed to, in `apply.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import dropwhile
from typing import Any

from octowizard.books.accounts import DISCOUNTS, account_numbers
from octowizard.books.fiscal import FiscalYear, JournalState
from octowizard.books.numbers import sequence_of
from octowizard.checks.setup import right_dossiers
from octowizard.checks.years import WARN_BEFORE
from octowizard.checks.years import today as day_of
from octowizard.customers.relation import vat_type, vat_type_of_number
from octowizard.locale import _
from octowizard.matching.vat_numbers import country_of_key
from octowizard.onboarding import requests
from octowizard.onboarding.mapping import SALES
from octowizard.onboarding.model import Change
from octowizard.planning.blockers import Blocker
from octowizard.planning.customers import external_number, own_numbers
from octowizard.planning.plan import plan, planner_of
from octowizard.planning.problems import PROBLEMS, Fix
from octowizard.snapshot.model import CustomerFacts, Kind, RelationFacts, Snapshot
from octowizard.workspace.profiles import Profile

Decisions = Mapping[str, Any]
_NOTHING: Decisions = {}

# What only the user knows of the first fiscal year, as keys of declarations.
CALENDAR_YEAR, VAT_QUARTERLY = "calendar-year", "vat-quarterly"

CONTRACTOR = "contractor"  # what an export of Teamleader calls the VAT type (its API shows none)

_AHEAD = timedelta(days=800)
_MOST_YEARS = 12
_SALES = re.compile(rf"{SALES}\d{{1,4}}")


# --- what is wanted --------------------------------------------------------------------------------------


def changes(
    fix: Fix, snapshot: Snapshot, profile: Profile, decisions: Decisions = _NOTHING
) -> tuple[Change, ...]:
    """The changes of one kind of fix that are wanted, in the order in which they are to be made.

    None in a dossier that is known to be the wrong one, and no first fiscal year before it was said how it runs.
    """
    if wrong_dossier(snapshot, profile, decisions):
        return ()
    match fix:
        case "years":
            return _agreed_years(snapshot, profile, decisions)
        case "set-up":
            return _agreed_years(snapshot, profile, decisions) or journals(snapshot, profile)
        case "missing-journals":
            return tuple(missing_journals(snapshot, profile))
        case "entry-types":
            return tuple(wrong_types(snapshot, profile))
        case "secured-periods":
            return tuple(secured_periods(snapshot, profile))
        case "bank-journals":
            return bank_journals(snapshot, profile)
        case "accounts":
            return accounts(snapshot, profile)
        case "cost-centres":
            return cost_centres(snapshot, profile)
        case "relations":
            return relations(snapshot, profile)
        case "external-numbers":
            return external_numbers(snapshot, profile)
        case "contractors":
            return contractors(snapshot, profile)


def wrong_dossier(snapshot: Snapshot, profile: Profile, decisions: Decisions) -> bool:
    """Whether another dossier bears the department's VAT number, and nobody has confirmed the one that is linked."""
    return decisions.get("dossier") != profile.dossier_id and right_dossiers(snapshot, profile) is not None


def _agreed_years(snapshot: Snapshot, profile: Profile, decisions: Decisions) -> tuple[Change, ...]:
    answered = all(f"declared/{key}" in decisions for key in (CALENDAR_YEAR, VAT_QUARTERLY))
    return years(snapshot, profile, decisions, day_of(snapshot)) if snapshot.years or answered else ()


def for_problem(
    problem: str, snapshot: Snapshot, profile: Profile, decisions: Decisions = _NOTHING
) -> tuple[Change, ...]:
    """What can be changed for the user against a problem of the catalogue; () where only a person can mend it."""
    declared = PROBLEMS.get(problem)
    if declared is None or declared.fix is None:
        return ()
    return changes(declared.fix, snapshot, profile, decisions)


def years(snapshot: Snapshot, profile: Profile, decisions: Decisions, today: date) -> tuple[Change, ...]:
    """The fiscal years that are lacking, oldest first: each begins the day after the one before it ends.

    They reach from the first day that is needed (start date, waiting documents, today) to the last, extra years in
    between included, and on to the next year when the last one ends within two months. Before the first year that
    there is, none can be made. Periods are those of the last year; without one there are twelve, in a calendar year.
    What the user declares of the first year: CALENDAR_YEAR (with no, none is offered), VAT_QUARTERLY.
    """
    if "years" in snapshot.unread or not snapshot.taken_at.timestamp():
        return ()
    # A document of the year 2062 is a slip of the pen, and no reason for forty years.
    needed = {day for day in days_needed(snapshot, today) if day - today < _AHEAD} or {today}
    last = snapshot.years[-1] if snapshot.years else None
    if last is None and decisions.get(f"declared/{CALENDAR_YEAR}") is False:
        return ()  # its first day can't be changed afterwards, and only a person knows it
    start = last.end + timedelta(days=1) if last else date(min(needed).year, 1, 1)
    periods = _periods_of(last)
    quarterly = decisions.get(f"declared/{VAT_QUARTERLY}", periods == "QUARTER") is True
    vat_return = "QUARTERLY" if quarterly else "MONTHLY"
    made: list[Change] = []
    end = start - timedelta(days=1)
    while len(made) < _MOST_YEARS and (end < max(needed) or end - today < WARN_BEFORE):
        end = _a_year_later(start) - timedelta(days=1)
        made.append(requests.create_year(profile, start, end, periods=periods, vat_return=vat_return))
        start = end + timedelta(days=1)
    return tuple(made)


def journals(snapshot: Snapshot, profile: Profile) -> tuple[Change, ...]:
    """All that the two sales journals lack: themselves, the right entry type, periods that take the documents."""
    return (
        *missing_journals(snapshot, profile),
        *wrong_types(snapshot, profile),
        *secured_periods(snapshot, profile),
    )


def missing_journals(snapshot: Snapshot, profile: Profile) -> Iterator[Change]:
    """The journals that open years lack."""
    if {"years", "journals"} & snapshot.unread.keys():
        return
    for year in concerned(snapshot):
        for key, kind in _keys(profile).items():
            if (year.id, key) not in snapshot.journals:
                yield requests.create_journal(
                    profile,
                    year,
                    key,
                    credit_notes=kind == "credit_note",
                    next_number=_first_number(snapshot, profile, year, kind),
                )


def wrong_types(snapshot: Snapshot, profile: Profile) -> Iterator[Change]:
    """The journals of open years that take Invoices."""
    for year, journal in _journals(snapshot, profile):
        if not journal.takes_bookings:
            yield requests.change_entry_type(profile, year, journal)


def secured_periods(snapshot: Snapshot, profile: Profile) -> Iterator[Change]:
    """The journals that are secured over waiting documents: lowered to just before the first of them, no further."""
    places = [document.place for document in plan(snapshot, profile, "head").documents]
    for year, journal in _journals(snapshot, profile):
        waiting = [
            place.period
            for place in places
            if place.year is not None
            and place.year.id == year.id
            and place.journal == journal.key
            and place.period is not None
            # What is also closed is not opened by this: the API cannot lower the closed period (official).
            and journal.closed_period < place.period.number <= journal.protected_period
        ]
        if not waiting:
            continue
        first = min(waiting, key=lambda period: period.number)
        opened = [p for p in year.periods if first.number <= p.number <= journal.protected_period]
        below = [p.number for p in year.periods if p.number < first.number]
        yield requests.lower_secured(
            profile, year, journal, max(below, default=0), opened, waiting=len(waiting)
        )


def bank_journals(snapshot: Snapshot, profile: Profile) -> tuple[Change, ...]:
    """A bank journal for each year concerned that has begun, was read and has none: bank statements go into one.

    On the first account of the bank (550000 and on) that the chart of the year has.
    """
    if {"years", "journals"} & snapshot.unread.keys():
        return ()
    made = []
    for year in concerned(snapshot):
        read = snapshot.journal_years is None or year.id in snapshot.journal_years
        there = any(place == year.id and key.startswith("F") for place, key in snapshot.journals)
        if there or not read or year.start > day_of(snapshot):
            continue
        account = next(
            (number for number in sorted(snapshot.accounts.get(year.id, ())) if 550000 <= number < 560000),
            None,
        )
        if account is not None:
            made.append(requests.create_bank_journal(profile, year, account, snapshot.own_currency))
    return tuple(made)


def accounts(snapshot: Snapshot, profile: Profile) -> tuple[Change, ...]:
    """The sales accounts that product categories (or discounts) lead to and that a chart that was read lacks.

    Only those that begin with 70: the others are no matter of sales, and not ours to make.
    """
    made: list[Change] = []
    for year in concerned(snapshot):
        chart = snapshot.accounts.get(year.id)
        if not chart:
            continue
        # Shorter numbers are filled up with zeros, as they are when a document is booked.
        missing = {
            account_numbers(account)[-1]: categories[-1]
            for account, categories in missing_accounts(snapshot, profile, year).items()
            if _SALES.fullmatch(account)
        }
        discounts = profile.mapping.discount_account or DISCOUNTS
        if discounts not in chart and _discounted(snapshot, year) and _SALES.fullmatch(str(discounts)):
            missing.setdefault(discounts, "")
        for number, category in missing.items():
            name = _name_of(snapshot, number) or category or _DISCOUNTS[profile.screens.octopus]
            made.append(requests.create_account(profile, year, number, name, used_by=category))
    return tuple(made)


def missing_accounts(snapshot: Snapshot, profile: Profile, year: FiscalYear) -> dict[str, list[str]]:
    """Accounts that categories of the department name and the chart of a year lacks, each with its categories."""
    planner = planner_of(snapshot, profile)
    missing: dict[str, list[str]] = {}
    for category in snapshot.categories.values():
        blocker = None if category.elsewhere else planner.account_of(category.id, year)
        if isinstance(blocker, Blocker) and blocker.problem == "unknown-account":
            chosen = profile.mapping.accounts.get(category.id)
            account = str(chosen) if chosen is not None else (category.account or "").strip()
            missing.setdefault(account, []).append(category.name)
    return missing


def cost_centres(snapshot: Snapshot, profile: Profile) -> tuple[Change, ...]:
    """For accounts that demand a cost centre and propose none: the one that the same account proposes in another year,
    or the only one that the other accounts of that year propose."""
    made = []
    for year in concerned(snapshot):
        chart = snapshot.accounts.get(year.id, {})
        others = {account.default_cost_centre for account in chart.values()} - {None}
        for account in chart.values():
            if account.cost_centre != 1 or account.default_cost_centre is not None:
                continue
            elsewhere = {
                other.default_cost_centre
                for each in snapshot.accounts.values()
                if (other := each.get(account.number)) and other.default_cost_centre is not None
            }
            fitting = elsewhere or others
            if len(fitting) == 1 and (centre := next(iter(fitting))) is not None:
                made.append(requests.propose_cost_centre(profile, year, account.number, centre))
    return tuple(made)


def relations(snapshot: Snapshot, profile: Profile) -> tuple[Change, ...]:
    """VAT type and country of clients that have none, where they follow from a checked VAT number or the customer."""
    if "relations" in snapshot.unread:
        return ()
    clients = (relation for relation in snapshot.relations if relation.client and relation.active)
    return _completed(snapshot, profile, clients)


def contractors(snapshot: Snapshot, profile: Profile) -> tuple[Change, ...]:
    """The relations of customers that are declared Contractor, as far as they arrived without a VAT type."""
    declared = {key for key, customer in snapshot.declared.items() if customer.vat_type == CONTRACTOR}
    wanted = {link.relation for key, link in snapshot.linked.items() if key in declared}
    return _completed(snapshot, profile, (each for each in snapshot.relations if each.id in wanted))


def external_numbers(snapshot: Snapshot, profile: Profile) -> tuple[Change, ...]:
    """Put back the number that octowizard gave a relation, where nobody else bears it by now."""
    there = {relation.id: relation for relation in snapshot.relations}
    taken = {relation.external_number for relation in snapshot.relations}
    made = []
    for customer, link in snapshot.linked.items():
        relation = there.get(link.relation)
        ours = link.external_number or external_number(customer)
        if relation is None or not relation.currency or relation.external_number == ours or ours in taken:
            continue
        if ours in own_numbers(customer) and (link.external_number or not relation.external_number):
            made.append(requests.fill_relation(profile, relation, external_number=ours))
    return tuple(made)


# --- what the changes follow from ------------------------------------------------------------------------

_DISCOUNTS = {"nl": "Toegekende kortingen", "fr": "Remises accordées", "en": "Discounts granted"}


def days_needed(snapshot: Snapshot, today: date) -> set[date]:
    """The days that a fiscal year must hold: the start date, every waiting document, and today."""
    return {snapshot.start_date, *(head.date for head in snapshot.pending), max(today, snapshot.start_date)}


def concerned(snapshot: Snapshot) -> tuple[FiscalYear, ...]:
    """The open fiscal years in which something waits or will be booked: those whose journals are always read."""
    waiting = {head.date for head in snapshot.pending}
    since = max(snapshot.start_date, day_of(snapshot))
    return tuple(
        year
        for year in snapshot.years
        if not year.closed and (year.end >= since or any(year.start <= day <= year.end for day in waiting))
    )


def _a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1)


def _periods_of(year: FiscalYear | None) -> str:
    """MONTH, QUARTER or YEAR, as the periods of a year are; MONTH without one."""
    if year is None or not year.periods:
        return "MONTH"
    days = ((year.end - year.start).days + 1) / len(year.periods)
    return "MONTH" if days < 45 else "QUARTER" if days < 135 else "YEAR"


def _keys(profile: Profile) -> dict[str, Kind]:
    """The sales journals of the profile, each with the kind of document it is made for."""
    keys: dict[str, Kind] = {profile.invoice_journal: "invoice"}
    keys.setdefault(profile.credit_note_journal, "credit_note")
    return {key: kind for key, kind in keys.items() if re.fullmatch(r"V[1-9]\d*", key)}


def _journals(snapshot: Snapshot, profile: Profile) -> Iterator[tuple[FiscalYear, JournalState]]:
    """The journals of the profile that there are in the years concerned."""
    for year in concerned(snapshot):
        for key in _keys(profile):
            journal = snapshot.journals.get((year.id, key))
            if journal is not None:
                yield year, journal


def _first_number(snapshot: Snapshot, profile: Profile, year: FiscalYear, kind: Kind) -> int | None:
    """The number that the first document of a new journal has in Teamleader; None where it is 1, or its own affair."""
    if profile.numbering != "follow":
        return None
    numbers = [
        number
        for head in snapshot.pending
        if head.kind == kind and year.start <= head.date <= year.end
        if (number := sequence_of(head.number)) is not None
    ]
    return first if (first := min(numbers, default=1)) > 1 else None


def _discounted(snapshot: Snapshot, year: FiscalYear) -> bool:
    """Whether a waiting document of the year has a discount on the whole of it."""
    return any(
        (detail := snapshot.details.get(head.id)) is not None and detail.has_discount
        for head in snapshot.pending
        if year.start <= head.date <= year.end
    )


def _name_of(snapshot: Snapshot, account: int) -> str:
    """What the account is called in another year."""
    named = (chart[account].name for chart in snapshot.accounts.values() if account in chart)
    return next(dropwhile(lambda name: not name, named), "")


def _completed(
    snapshot: Snapshot, profile: Profile, incomplete: Iterable[RelationFacts]
) -> tuple[Change, ...]:
    """What those of these relations lack that can be told for certain."""
    customers = {
        link.relation: customer
        for key, link in snapshot.linked.items()
        if (customer := snapshot.customers.get(key)) is not None
    }
    wanted = (_completion(profile, relation, customers.get(relation.id)) for relation in incomplete)
    return tuple(change for change in wanted if change is not None)


def _completion(profile: Profile, relation: RelationFacts, customer: CustomerFacts | None) -> Change | None:
    if relation.vat_type is None or not relation.currency:
        return None  # read by an older octowizard, or never: not known is not lacking
    key = relation.vat_key or ""
    country = country_of_key(key) if key and not relation.country else ""
    kind = _vat_type_of(relation, customer) if relation.vat_type == 0 else None
    if kind is None and not country:
        return None
    why = (
        _("It follows from VAT number {number}.").format(number=relation.vat_key)
        if relation.vat_key
        else _("It follows from the customer in Teamleader.")
    )
    return requests.fill_relation(profile, relation, vat_type=kind, country=country, why=why)


def _vat_type_of(relation: RelationFacts, customer: CustomerFacts | None) -> int | None:
    """The VAT type that is sure: of a checked number, or of the customer that the relation is."""
    if relation.vat_key:
        return vat_type_of_number(relation.vat_key)
    return vat_type(customer) if customer is not None else None
