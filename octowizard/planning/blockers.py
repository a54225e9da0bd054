"""Why a document or customer cannot be synced: one function per problem, from the facts to the sentences.

The ids are those declared in `problems.py`. A Blocker names the record and the evidence; what to do about it, and
when it counts as fixed, is on the problem's card (`octowizard.problems.remedy`). A vendor's refusal that no Snapshot
foretold keeps the vendor's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from octowizard.books.fiscal import Barrier, FiscalYear, JournalState, Period
from octowizard.locale import _, ngettext
from octowizard.locale.formats import amount, year_name
from octowizard.locale.formats import day as shown_day
from octowizard.octopus.errors import NO_ACCESS_TO_DOSSIER, name_of
from octowizard.planning.problems import RECORDS, UNFORESEEN, by_code, has
from octowizard.snapshot.model import BookingHead, DocumentHead
from octowizard.transport.errors import (
    Failed,
    Forbidden,
    Interrupted,
    LimitReached,
    LimitSpent,
    SignInRefused,
    Unreachable,
    VendorError,
    plainly,
)

OCTOPUS, TEAMLEADER = "Octopus", "Teamleader"
SIGNING_IN = ("POST /authentication", "POST /dossiers")
_WRITES = ("POST /dossiers/{dossierId}/", "PUT /dossiers/{dossierId}/")
_DOWN = (502, 503, 504)  # what a web address answers for a service behind it that does not


@dataclass(frozen=True, slots=True)
class Blocker:
    """What keeps a document, customer or payment from being synced: the problem's id and the facts of this case.

    `names`: records by the names that the card's texts use (journal, period, account ...). `vendor_code` and
    `vendor_text`: the vendor's answer, where it was the vendor that refused; `request`: what it was asked, as its
    contract names it.
    """

    problem: str
    title: str
    evidence: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    vendor: str | None = None
    vendor_code: int | None = None
    vendor_text: str | None = None
    request: str | None = None


def _blocker(problem: str, title: str, *evidence: str, **facts: object) -> Blocker:
    """A Blocker with its texts filled in; the facts that are names of records go with it."""
    return Blocker(
        problem,
        title.format(**facts),
        tuple(text.format(**facts) for text in evidence),
        {name: str(fact) for name, fact in facts.items() if name in RECORDS},
    )


def _dated(*, payment: bool) -> str:
    return _("The payment is dated {day}.") if payment else _("The document is dated {day}.")


def between_years(day: date, one: FiscalYear, other: FiscalYear, *, payment: bool = False) -> Blocker:
    """A document, or a payment, of a day between two fiscal years that do not follow each other."""
    return _blocker(
        "year-gap",
        _("Fiscal years {year} and {other} do not follow each other"),
        _dated(payment=payment),
        _("{year} ends on {end}, {other} begins on {start}."),
        day=shown_day(day),
        year=one.name,
        end=shown_day(one.end),
        other=other.name,
        start=shown_day(other.start),
    )


def not_bookable(
    wall: Barrier,
    *,
    day: date,
    journal_key: str,
    year: FiscalYear | None,
    period: Period | None,
    journal: JournalState | None,
    payment: bool = False,
) -> Blocker:
    """A document, or a payment, that no fiscal year, period or journal takes."""
    dated = _dated(payment=payment)
    evidence: tuple[str, ...]
    facts: dict[str, object] = {"day": shown_day(day)}
    if wall is not Barrier.NO_YEAR:
        facts["year"] = year_name(year.name) if year else f"{day:%Y}"
    if wall not in (Barrier.NO_YEAR, Barrier.YEAR_CLOSED, Barrier.NO_PERIOD):
        facts["journal"] = journal_key
    match wall:
        case Barrier.NO_YEAR:
            title = _("No fiscal year holds {day}")
            evidence = (dated, _("Octopus has no fiscal year with that day."))
        case Barrier.YEAR_CLOSED:
            title = _("Fiscal year {year} is closed")
            evidence = (dated, _("Fiscal year {year} is closed in Octopus."))
        case Barrier.NO_PERIOD:
            title, evidence = _("No period of fiscal year {year} holds {day}"), (dated,)
        case Barrier.NO_JOURNAL:
            title = _("Journal {journal} is missing in fiscal year {year}")
            evidence = (dated, _("Octopus shows no journal {journal} in that year."))
        case Barrier.WRONG_TYPE:
            title = _("Journal {journal} has the wrong type")
            evidence = (_("{journal} takes invoices of Octopus' own module in {year}, and no bookings."),)
        case Barrier.JOURNAL_CLOSED:
            title = _("Journal {journal} is closed")
            evidence = (_("{journal} is closed in fiscal year {year}."),)
        case Barrier.SECURED:
            title = _("Period {period} is secured in {journal}")
            evidence = (dated, _("{journal} is secured till {until}; the period is {period}."))
            facts |= {"period": period.number if period else 0, "until": journal and journal.protected_period}
        case Barrier.CLOSED:
            title = _("Period {period} is closed in {journal}")
            evidence = (dated, _("{journal} is closed until {until}; the period is {period}."))
            facts |= {"period": period.number if period else 0, "until": journal and journal.closed_period}
    return _blocker(wall.value, title, *evidence, **facts)


def missing_account(lines: Iterable[str]) -> Blocker:
    """Lines without a ledger account."""
    line_without = _("Line “{line}” has no product category, so no account.")
    evidence = tuple(line_without.format(line=line) for line in lines)
    return Blocker("missing-account", _("A line has no ledger account"), evidence)


def unmapped_category(name: str, why: str) -> Blocker:
    """A product category that leads to no account."""
    title = _("Category “{category}” leads to no ledger account")
    return _blocker("unmapped-category", title, "{why}", category=name, why=why)


def unknown_account(number: str, year: str) -> Blocker:
    """An account that the chart of that year does not hold."""
    return _blocker(
        "unknown-account",
        _("Account {account} is not in the chart of {year}"),
        _("The chart of accounts of fiscal year {year} has no {account}."),
        account=number,
        year=year_name(year),
    )


def missing_discount_account() -> Blocker:
    """A document discount, and no account to book it on."""
    return _blocker(
        "missing-discount-account",
        _("There is no account for the discount"),
        _("The document has a commercial discount; account 708000 is not in the chart and none was named."),
    )


def cost_centre_missing(number: int, year: str) -> Blocker:
    """An account that demands a cost centre and proposes none: Teamleader knows of none either."""
    return _blocker(
        "cost-centre-missing",
        _("Account {account} demands a cost centre in {year}"),
        _("Account {account} has a mandatory cost centre and proposes none."),
        _("A document of Teamleader names no cost centre."),
        account=number,
        year=year,
    )


def unmapped_vat(description: str, rate: Decimal, why: str) -> Blocker:
    """A tax rate that leads to no VAT code."""
    title = _("VAT rate “{vat}” leads to no VAT code in Octopus")
    return _blocker("unmapped-vat", title, "{why}", vat=description or f"{rate:%}", why=why)


def vat_code_wrong_type(code: str, *, credit_note: bool) -> Blocker:
    """A VAT code without the card that this kind of document needs (code -75)."""
    title, evidence = _("VAT code {code} cannot be used for sales"), _("Code {code} has no card for sales.")
    if credit_note:
        title = _("VAT code {code} cannot be used for credit notes")
        evidence = _("Code {code} has no card for credit notes on sales.")
    return _blocker("vat-code-wrong-type", title, evidence, code=code)


def unknown_currency(code: str, known: Iterable[str]) -> Blocker:
    """A currency that the dossier does not have."""
    return _blocker(
        "unknown-currency",
        _("Octopus does not know the currency {code}"),
        _("The dossier has: {known}."),
        code=code,
        known=", ".join(sorted(known)),
    )


def missing_rate(code: str) -> Blocker:
    """A foreign document without an exchange rate."""
    return _blocker("missing-exchange-rate", _("The document has no exchange rate for {code}"), code=code)


def totals_differ(lines: Decimal, total: Decimal) -> Blocker:
    """Lines that do not add up to the document's own total."""
    return _blocker(
        "totals-differ",
        _("The lines do not add up to the document's total"),
        _("Lines with VAT: {lines}; the document says {total}."),
        lines=amount(lines),
        total=amount(total),
    )


def mixed_signs(line: str) -> Blocker:
    """Base and VAT of one line with opposite signs."""
    title = _("Base and VAT of a line have opposite signs")
    return _blocker("mixed-signs", title, _("Line “{line}”."), line=line)


def customer_missing(name: str) -> Blocker:
    """A document whose customer is gone."""
    title = _("The customer “{customer}” is no longer in Teamleader")
    return _blocker("customer-missing", title, customer=name)


def relation_gone(name: str, relation: int) -> Blocker:
    """A customer whose relation is no longer in Octopus (code -16 when a booking names it)."""
    return _blocker(
        "customer-missing",
        _("The relation of “{customer}” is no longer in Octopus"),
        _("“{customer}” was relation {relation}; Octopus shows none with that number."),
        customer=name,
        relation=relation,
    )


def customer_without_country(name: str) -> Blocker:
    """Octopus wants a country."""
    return _blocker(
        "customer-without-country",
        _("The customer “{customer}” has no country"),
        _("Octopus takes no relation without a country."),
        customer=name,
    )


def several_relations(name: str, relations: Iterable[str]) -> Blocker:
    """A customer that could be several relations."""
    title = _("“{customer}” is in Octopus more than once").format(customer=name)
    return Blocker("duplicate-relation", title, tuple(relations), {"customer": name})


def booked_differently(where: str, theirs: Decimal, ours: Decimal) -> Blocker:
    """A booking bears the document's number, with another content."""
    return _blocker(
        "booked-differently",
        _("It stands in Octopus already, with another amount or date"),
        _("{where} bears this number: {theirs} there, {ours} on the document."),
        where=where,
        theirs=amount(theirs),
        ours=amount(ours),
    )


def number_taken(number: int, journal: str, next_number: int) -> Blocker:
    """Following Teamleader's numbers: this one is behind the journal's next."""
    return _blocker(
        "number-taken",
        _("Number {number} is taken in {journal}"),
        _("The next number of {journal} is {next}."),
        number=number,
        journal=journal,
        next=next_number,
    )


def same_number(number: int, journal: str, other: str) -> Blocker:
    """Following Teamleader's numbers: an earlier document that waits has this one too."""
    return _blocker(
        "same-booking-number",
        _("Two documents have number {number} of {journal}"),
        _("{other} takes it first."),
        number=number,
        journal=journal,
        other=other,
    )


def number_gap(number: int, journal: str, next_number: int) -> Blocker:
    """Following Teamleader's numbers: one before it is missing."""
    return _blocker(
        "number-gap",
        _("{journal} wants number {next} first"),
        _("The document is number {number}; Octopus takes no gaps."),
        number=number,
        journal=journal,
        next=next_number,
    )


def no_number(number: str) -> Blocker:
    """Following Teamleader's numbers: there is none to follow."""
    return _blocker("number-unreadable", _("“{number}” has no number to follow"), number=number)


def observer() -> Blocker:
    """Writing asked of a profile that only watches."""
    return _blocker(
        "observer-mode", _("This profile only watches: Teamleader's own integration runs the sync")
    )


def other_connector(booked: Sequence[tuple[DocumentHead, BookingHead]]) -> Blocker:
    """Documents stand in the journals that octowizard did not book."""
    shown = [
        _("{document} stands as {journal}/{number}, not booked by octowizard.").format(
            document=head.number, journal=booking.journal, number=booking.number
        )
        for head, booking in booked[:5]
    ]
    if len(booked) > len(shown):
        rest = len(booked) - len(shown)
        shown.append(ngettext("… and {count} more.", "… and {count} more.", rest).format(count=rest))
    return Blocker(
        "other-connector",
        _("Another connector, or a person, books these documents too"),
        tuple(shown),
    )


def no_bookings_left() -> Blocker:
    """The day's calls for bookings are used up."""
    return _blocker("daily-limit", _("Octopus takes no more bookings today"))


def booked_by_others(where: str) -> Blocker:
    """A person, or another connector, booked the document during the sync."""
    return _blocker(
        "other-connector",
        _("Somebody booked it in Octopus while the sync was under way"),
        _("It stands there as {where}; octowizard did not book it."),
        where=where,
    )


def problem_of(error: VendorError) -> str:
    """The problem of the catalogue that a vendor's refusal, or its silence, is: while signing in, reading or writing.

    Error numbers of Octopus are taken as declared where something is written; while reading only those of access are:
    what else a reading is refused for says nothing of a document.
    """
    octopus = error.vendor == OCTOPUS
    writes = octopus and error.operation.startswith(_WRITES)
    if isinstance(error, LimitSpent):
        return "daily-limit"
    if isinstance(error, LimitReached):
        return "too-many-connections" if error.operation in SIGNING_IN else "daily-limit"
    if octopus and error.code is not None:
        if error.code == NO_ACCESS_TO_DOSSIER and writes:
            return "no-write-right"  # the dossier is open: it is writing that this user may not do
        if error.code == NO_ACCESS_TO_DOSSIER and error.operation == SIGNING_IN[0]:
            return "webservice-inactive"  # nobody has named a dossier yet
        meant = by_code(error.code)
        if writes or has(meant, "whole-vendor"):
            return meant
    if isinstance(error, SignInRefused):
        return "sign-in-refused"
    if isinstance(error, Unreachable | Interrupted) or (isinstance(error, Failed) and error.status in _DOWN):
        return "unreachable"
    if isinstance(error, Forbidden) and not octopus:
        return "teamleader-rights"
    if isinstance(error, Forbidden) and not writes:
        return "dossier-refused"
    return UNFORESEEN


def refused_by_vendor(error: VendorError) -> Blocker:
    """What a vendor refused, or could not do, in its own words: nothing of the Snapshot foretold it."""
    problem = problem_of(error)
    known = name_of(error.code) if error.vendor == OCTOPUS and error.code is not None else None
    title = _("{vendor} refused it").format(vendor=error.vendor)
    if problem == "open-journal":
        title = _("The journal is open in Octopus")
    elif problem == "unreachable":
        title = _("{vendor} cannot be reached").format(vendor=error.vendor)
    return Blocker(
        problem,
        title,
        (
            plainly(error),
            *((_("Error {code}: {name}").format(code=error.code, name=known),) if known else ()),
        ),
        {},
        error.vendor,
        error.code,
        error.text or _("no explanation given"),
        error.operation,
    )


def forbidden_journal(error: VendorError, journal: str) -> Blocker:
    """403 without a code: the journal is closed, open in another session, or the user may not write in it."""
    return Blocker(
        "open-journal",
        _("Octopus does not let {journal} be written").format(journal=journal),
        (plainly(error),),
        {"journal": journal},
        error.vendor,
        error.code,
        error.text,
        error.operation,
    )
