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
from octowizard.locale.formats import amount
from octowizard.locale.formats import day as shown_day
from octowizard.octopus.errors import name_of
from octowizard.planning.problems import UNFORESEEN, by_code, has
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
)

OCTOPUS, TEAMLEADER = "Octopus", "Teamleader"
SIGNING_IN = ("POST /authentication", "POST /dossiers")
_WRITES = ("POST /dossiers/{dossierId}/", "PUT /dossiers/{dossierId}/")
_NO_ACCESS = -3  # Octopus' NO_ACCESS_TO_DOSSIER: what may not be done follows from the operation
_DOWN = (502, 503, 504)  # what a web address answers for a service behind it that does not


@dataclass(frozen=True, slots=True)
class Blocker:
    """What keeps a document, customer or payment from being synced: the problem's id and the facts of this case.

    `names`: records by the names that the card's texts use (journal, period, account ...). `vendor_code` and
    `vendor_text`: the vendor's answer, where it was the vendor that refused.
    """

    problem: str
    title: str
    evidence: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    vendor: str | None = None
    vendor_code: int | None = None
    vendor_text: str | None = None


def between_years(day: date, one: FiscalYear, other: FiscalYear, *, payment: bool = False) -> Blocker:
    """A document, or a payment, of a day between two fiscal years that do not follow each other."""
    return Blocker(
        "year-gap",
        years_apart(one, other),
        (
            _dated(day, payment=payment),
            _("{one} ends on {end}, {other} begins on {start}.").format(
                one=one.name, end=shown_day(one.end), other=other.name, start=shown_day(other.start)
            ),
        ),
        {"year": one.name},
    )


def _dated(day: date, *, payment: bool) -> str:
    text = _("The payment is dated {day}.") if payment else _("The document is dated {day}.")
    return text.format(day=shown_day(day))


def years_apart(one: FiscalYear, other: FiscalYear) -> str:
    """That two fiscal years do not follow each other."""
    return _("Fiscal years {one} and {other} do not follow each other").format(one=one.name, other=other.name)


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
    shown = shown_day(day)
    dated = _dated(day, payment=payment)
    name = year.name if year else f"{day:%Y}"
    number = period.number if period else 0
    match wall:
        case Barrier.NO_YEAR:
            return Blocker(
                wall.value,
                _("No fiscal year holds {day}").format(day=shown),
                (dated, _("Octopus has no fiscal year with that day.")),
            )
        case Barrier.YEAR_CLOSED:
            return Blocker(
                wall.value,
                _("Fiscal year {year} is closed").format(year=name),
                (dated, _("Fiscal year {year} is closed in Octopus.").format(year=name)),
                {"year": name},
            )
        case Barrier.NO_PERIOD:
            return Blocker(
                wall.value,
                _("No period of fiscal year {year} holds {day}").format(year=name, day=shown),
                (dated,),
                {"year": name},
            )
        case Barrier.NO_JOURNAL:
            return Blocker(
                wall.value,
                _("Journal {journal} is missing in fiscal year {year}").format(
                    journal=journal_key, year=name
                ),
                (dated, _("Octopus shows no journal {journal} in that year.").format(journal=journal_key)),
                {"journal": journal_key, "year": name},
            )
        case Barrier.WRONG_TYPE:
            return Blocker(
                wall.value,
                _("Journal {journal} has the wrong type").format(journal=journal_key),
                (
                    _("{journal} takes invoices of Octopus' own module in {year}, and no bookings.").format(
                        journal=journal_key, year=name
                    ),
                ),
                {"journal": journal_key, "year": name},
            )
        case Barrier.JOURNAL_CLOSED:
            return Blocker(
                wall.value,
                _("Journal {journal} is closed").format(journal=journal_key),
                (_("{journal} is closed in fiscal year {year}.").format(journal=journal_key, year=name),),
                {"journal": journal_key, "year": name},
            )
        case Barrier.SECURED | Barrier.CLOSED:
            secured = wall is Barrier.SECURED
            until = 0 if journal is None else journal.protected_period if secured else journal.closed_period
            title = (
                _("Period {period} is secured in {journal}")
                if secured
                else _("Period {period} is closed in {journal}")
            )
            that = (
                _("{journal} is secured till {until}; the period is {period}.")
                if secured
                else _("{journal} is closed until {until}; the period is {period}.")
            )
            return Blocker(
                wall.value,
                title.format(period=number, journal=journal_key),
                (dated, that.format(period=number, journal=journal_key, until=until)),
                {"journal": journal_key, "year": name, "period": str(number)},
            )


def missing_account(lines: Iterable[str]) -> Blocker:
    """Lines without a ledger account."""
    return Blocker(
        "missing-account",
        _("A line has no ledger account"),
        tuple(_("Line “{line}” has no product category, so no account.").format(line=line) for line in lines),
    )


def unmapped_category(name: str, why: str) -> Blocker:
    """A product category that leads to no account."""
    return Blocker(
        "unmapped-category",
        _("Category “{name}” leads to no ledger account").format(name=name),
        (why,),
        {"category": name},
    )


def unknown_account(number: str, year: str) -> Blocker:
    """An account that the chart of that year does not hold."""
    return Blocker(
        "unknown-account",
        _("Account {account} is not in the chart of {year}").format(account=number, year=year),
        (
            _("The chart of accounts of fiscal year {year} has no {account}.").format(
                account=number, year=year
            ),
        ),
        {"account": number, "year": year},
    )


def missing_discount_account() -> Blocker:
    """A document discount, and no account to book it on."""
    return Blocker(
        "missing-discount-account",
        _("There is no account for the discount"),
        (
            _(
                "The document has a commercial discount; account 708000 is not in the chart and none was named."
            ),
        ),
    )


def cost_centre_missing(number: int, year: str) -> Blocker:
    """An account that demands a cost centre and proposes none: Teamleader knows of none either."""
    return Blocker(
        "cost-centre-missing",
        _("Account {account} demands a cost centre in {year}").format(account=number, year=year),
        (
            _("Account {account} has a mandatory cost centre and proposes none.").format(account=number),
            _("A document of Teamleader names no cost centre."),
        ),
        {"account": str(number), "year": year},
    )


def unmapped_vat(description: str, rate: Decimal, why: str) -> Blocker:
    """A tax rate that leads to no VAT code."""
    name = description or f"{rate:%}"
    return Blocker(
        "unmapped-vat",
        _("VAT rate “{rate}” leads to no VAT code in Octopus").format(rate=name),
        (why,),
        {"vat": name},
    )


def vat_code_wrong_type(code: str, *, credit_note: bool) -> Blocker:
    """A VAT code without the card that this kind of document needs (code -75)."""
    title = (
        _("VAT code {code} cannot be used for credit notes")
        if credit_note
        else _("VAT code {code} cannot be used for sales")
    )
    evidence = (
        _("Code {code} has no card for credit notes on sales.")
        if credit_note
        else _("Code {code} has no card for sales.")
    )
    return Blocker("vat-code-wrong-type", title.format(code=code), (evidence.format(code=code),))


def unknown_currency(code: str, known: Iterable[str]) -> Blocker:
    """A currency that the dossier does not have."""
    return Blocker(
        "unknown-currency",
        _("Octopus does not know the currency {code}").format(code=code),
        (_("The dossier has: {known}.").format(known=", ".join(sorted(known))),),
    )


def missing_rate(code: str) -> Blocker:
    """A foreign document without an exchange rate."""
    return Blocker(
        "missing-exchange-rate", _("The document has no exchange rate for {code}").format(code=code)
    )


def totals_differ(lines: Decimal, total: Decimal) -> Blocker:
    """Lines that do not add up to the document's own total."""
    return Blocker(
        "totals-differ",
        _("The lines do not add up to the document's total"),
        (
            _("Lines with VAT: {lines}; the document says {total}.").format(
                lines=amount(lines), total=amount(total)
            ),
        ),
    )


def mixed_signs(line: str) -> Blocker:
    """Base and VAT of one line with opposite signs."""
    return Blocker(
        "mixed-signs",
        _("Base and VAT of a line have opposite signs"),
        (_("Line “{line}”.").format(line=line),),
    )


def customer_missing(name: str) -> Blocker:
    """A document whose customer is gone."""
    return Blocker(
        "customer-missing",
        _("The customer “{name}” is no longer in Teamleader").format(name=name),
        (),
        {"customer": name},
    )


def relation_gone(name: str, relation: int) -> Blocker:
    """A customer whose relation is no longer in Octopus (code -16 when a booking names it)."""
    return Blocker(
        "customer-missing",
        _("The relation of “{name}” is no longer in Octopus").format(name=name),
        (
            _("“{name}” was relation {relation}; Octopus shows none with that number.").format(
                name=name, relation=relation
            ),
        ),
        {"customer": name},
    )


def customer_without_country(name: str) -> Blocker:
    """Octopus wants a country."""
    return Blocker(
        "customer-without-country",
        _("The customer “{name}” has no country").format(name=name),
        (_("Octopus takes no relation without a country."),),
        {"customer": name},
    )


def several_relations(name: str, relations: Iterable[str]) -> Blocker:
    """A customer that could be several relations."""
    return Blocker(
        "duplicate-relation",
        _("“{name}” is in Octopus more than once").format(name=name),
        tuple(relations),
        {"customer": name},
    )


def booked_differently(where: str, theirs: Decimal, ours: Decimal) -> Blocker:
    """A booking bears the document's number, with another content."""
    return Blocker(
        "booked-differently",
        _("It stands in Octopus already, with another amount or date"),
        (
            _("{where} bears this number: {theirs} there, {ours} on the document.").format(
                where=where, theirs=amount(theirs), ours=amount(ours)
            ),
        ),
    )


def number_taken(number: int, journal: str, next_number: int) -> Blocker:
    """Following Teamleader's numbers: this one is behind the journal's next."""
    return Blocker(
        "number-taken",
        _("Number {number} is taken in {journal}").format(number=number, journal=journal),
        (_("The next number of {journal} is {next}.").format(journal=journal, next=next_number),),
        {"journal": journal},
    )


def same_number(number: int, journal: str, other: str) -> Blocker:
    """Following Teamleader's numbers: an earlier document that waits has this one too."""
    return Blocker(
        "same-booking-number",
        _("Two documents have number {number} of {journal}").format(number=number, journal=journal),
        (_("{other} takes it first.").format(other=other),),
        {"journal": journal},
    )


def number_gap(number: int, journal: str, next_number: int) -> Blocker:
    """Following Teamleader's numbers: one before it is missing."""
    return Blocker(
        "number-gap",
        _("{journal} wants number {next} first").format(journal=journal, next=next_number),
        (_("The document is number {number}; Octopus takes no gaps.").format(number=number),),
        {"journal": journal},
    )


def no_number(number: str) -> Blocker:
    """Following Teamleader's numbers: there is none to follow."""
    return Blocker("number-unreadable", _("“{number}” has no number to follow").format(number=number))


def observer() -> Blocker:
    """Writing asked of a profile that only watches."""
    return Blocker(
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
        if error.code == _NO_ACCESS and writes:
            return "no-write-right"  # the dossier is open: it is writing that this user may not do
        if error.code == _NO_ACCESS and error.operation == SIGNING_IN[0]:
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
        (str(error), *((_("Error {code}: {name}").format(code=error.code, name=known),) if known else ())),
        {},
        error.vendor,
        error.code,
        error.text or _("no explanation given"),
    )


def forbidden_journal(error: VendorError, journal: str) -> Blocker:
    """403 without a code: the journal is closed, open in another session, or the user may not write in it."""
    return Blocker(
        "open-journal",
        _("Octopus does not let {journal} be written").format(journal=journal),
        (str(error),),
        {"journal": journal},
        error.vendor,
        error.code,
        error.text,
    )
