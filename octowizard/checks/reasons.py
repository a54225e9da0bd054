"""Why a document or customer cannot be synced: one function per problem, from the facts to the words.

The ids are those of the catalogue. Each explanation names the record, the evidence, the fix with the menu path,
and when it counts as fixed. What a vendor refused without our having foreseen it keeps the vendor's own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from octowizard.books.fiscal import Barrier, FiscalYear, JournalState, Period
from octowizard.locale import _
from octowizard.octopus.errors import name_of
from octowizard.transport.errors import LimitReached, LimitSpent, SignInRefused, Unreachable, VendorError


@dataclass(frozen=True, slots=True)
class Reason:
    """An explanation before it becomes an event: the problem's id and what there is to say."""

    problem: str
    title: str
    evidence: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    fixed_when: str = ""
    vendor: str | None = None
    vendor_code: int | None = None
    vendor_text: str | None = None


def not_bookable(
    wall: Barrier,
    *,
    day: date,
    journal_key: str,
    year: FiscalYear | None,
    period: Period | None,
    journal: JournalState | None,
) -> Reason:
    """A document that no fiscal year, period or journal takes."""
    dated = _("The document is dated {day}.").format(day=day.isoformat())
    name = year.name if year else f"{day:%Y}"
    number = period.number if period else 0
    match wall:
        case Barrier.NO_YEAR:
            return Reason(
                wall.value,
                _("No fiscal year holds {day}").format(day=day.isoformat()),
                (dated, _("Octopus has no fiscal year with that day.")),
                (
                    _(
                        "In Octopus: Management > Fiscal years, create the missing year (years must be consecutive)."
                    ),
                    _("Then create the journals in it, and choose File > Synchronise."),
                ),
                _("A fiscal year holds {day}.").format(day=day.isoformat()),
            )
        case Barrier.YEAR_CLOSED:
            return Reason(
                wall.value,
                _("Fiscal year {year} is closed").format(year=name),
                (dated, _("Fiscal year {year} is closed in Octopus.").format(year=name)),
                (
                    _("Ask your accountant to re-open fiscal year {year}, or to book it another way.").format(
                        year=name
                    ),
                ),
                _("Fiscal year {year} is open again.").format(year=name),
            )
        case Barrier.NO_PERIOD:
            return Reason(
                wall.value,
                _("No period of fiscal year {year} holds {day}").format(year=name, day=day.isoformat()),
                (dated,),
                (_("Ask your accountant to look at the periods of fiscal year {year}.").format(year=name),),
                _("A period holds {day}.").format(day=day.isoformat()),
            )
        case Barrier.NO_JOURNAL:
            return Reason(
                wall.value,
                _("Journal {journal} is missing in fiscal year {year}").format(
                    journal=journal_key, year=name
                ),
                (dated, _("Octopus shows no journal {journal} in that year.").format(journal=journal_key)),
                (
                    _(
                        "In Octopus: Management > Journals, create {journal} with entry type Sales bookings."
                    ).format(journal=journal_key),
                    _("If it is there on your screen: File > Synchronise."),
                ),
                _("{journal} is visible in fiscal year {year}.").format(journal=journal_key, year=name),
            )
        case Barrier.WRONG_TYPE:
            return Reason(
                wall.value,
                _("Journal {journal} has the wrong type").format(journal=journal_key),
                (
                    _("{journal} takes Invoices, not Sales bookings, in {year}.").format(
                        journal=journal_key, year=name
                    ),
                ),
                (
                    _("In Octopus: Management > Journals > {journal}, entry type: Sales bookings.").format(
                        journal=journal_key
                    ),
                ),
                _("{journal} has entry type Sales bookings.").format(journal=journal_key),
            )
        case Barrier.JOURNAL_CLOSED:
            return Reason(
                wall.value,
                _("Journal {journal} is closed").format(journal=journal_key),
                (_("{journal} is closed in fiscal year {year}.").format(journal=journal_key, year=name),),
                (
                    _("In Octopus: Management > Journals > {journal}, open it again.").format(
                        journal=journal_key
                    ),
                ),
                _("{journal} is open.").format(journal=journal_key),
            )
        case Barrier.SECURED | Barrier.CLOSED:
            secured = wall is Barrier.SECURED
            until = 0 if journal is None else journal.protected_period if secured else journal.closed_period
            label = "Secured till period" if secured else "Closed until period"
            title = (
                _("Period {period} is secured in {journal}")
                if secured
                else _("Period {period} is closed in {journal}")
            )
            return Reason(
                wall.value,
                title.format(period=number, journal=journal_key),
                (
                    dated,
                    _("That is period {period}; {journal} has {label}: {until}.").format(
                        period=number, journal=journal_key, label=label, until=until
                    ),
                ),
                (
                    _(
                        "In Octopus: Management > Journals > {journal}, set {label} lower than {period}."
                    ).format(journal=journal_key, label=label, period=number),
                    _("Not once the VAT return of that period has been filed: then ask your accountant."),
                ),
                _("{journal} takes bookings in {period}.").format(journal=journal_key, period=number),
            )


def missing_account(lines: Iterable[str]) -> Reason:
    """Lines without a ledger account."""
    return Reason(
        "missing-account",
        _("A line has no ledger account"),
        tuple(_("Line “{line}” has no product category, so no account.").format(line=line) for line in lines),
        (
            _(
                "In Teamleader: open the document, the pencil next to its content, and choose the ledger account."
            ),
            _(
                "For many at once: Settings > Invoices > Ledger accounts, auto-suggest accounts at certain VAT rates."
            ),
        ),
        _("Every line has a ledger account."),
    )


def unmapped_category(name: str, why: str) -> Reason:
    """A product category that leads to no account."""
    return Reason(
        "unmapped-category",
        _("Category “{name}” leads to no ledger account").format(name=name),
        (why,),
        (_("Add the account in Octopus, or choose another in Teamleader (Settings > Ledger accounts)."),),
        _("The category has an account that exists in that fiscal year."),
    )


def unknown_account(number: str, year: str) -> Reason:
    """An account that the chart of that year does not hold."""
    return Reason(
        "unknown-account",
        _("Account {account} is not in the chart of {year}").format(account=number, year=year),
        (
            _("The chart of accounts of fiscal year {year} has no {account}.").format(
                account=number, year=year
            ),
        ),
        (
            _("In Octopus: Management > Accounts, add {account} (ask your accountant).").format(
                account=number
            ),
        ),
        _("Account {account} exists in {year}.").format(account=number, year=year),
    )


def missing_discount_account() -> Reason:
    """A document discount, and no account to book it on."""
    return Reason(
        "missing-discount-account",
        _("There is no account for the discount"),
        (
            _(
                "The document has a commercial discount; account 708000 is not in the chart and none was named."
            ),
        ),
        (_("In Octopus: Management > Accounts, add 708000, or name another account for discounts."),),
        _("An account for discounts exists."),
    )


def unmapped_vat(description: str, rate: Decimal, why: str) -> Reason:
    """A tax rate that leads to no VAT code."""
    return Reason(
        "unmapped-vat",
        _("VAT rate “{rate}” leads to no VAT code in Octopus").format(rate=description or f"{rate:%}"),
        (why,),
        (_("Link the rate to a VAT code of the same percentage and kind."),),
        _("The rate has a VAT code for sales and for credit notes."),
    )


def vat_code_wrong_type(code: str, *, credit_note: bool) -> Reason:
    """A VAT code without the card that this kind of document needs (code -75)."""
    card = "Sale credit note" if credit_note else "Sale"
    return Reason(
        "vat-code-wrong-type",
        _("VAT code {code} cannot be used for credit notes").format(code=code)
        if credit_note
        else _("VAT code {code} cannot be used for sales").format(code=code),
        (_("Code {code} has no card {card}.").format(code=code, card=card),),
        (
            _("In Octopus: Management > VAT codes > {code}, fill in the card {card}.").format(
                code=code, card=card
            ),
            _("Or link the rate to another VAT code of the same percentage and kind."),
        ),
        _("Code {code} has the card {card}.").format(code=code, card=card),
    )


def unknown_currency(code: str, known: Iterable[str]) -> Reason:
    """A currency that the dossier does not have."""
    return Reason(
        "unknown-currency",
        _("Octopus does not know the currency {code}").format(code=code),
        (_("The dossier has: {known}.").format(known=", ".join(sorted(known))),),
        (_("In Octopus: add the currency {code} to the dossier.").format(code=code),),
        _("The dossier has {code}.").format(code=code),
    )


def missing_rate(code: str) -> Reason:
    """A foreign document without an exchange rate."""
    return Reason(
        "missing-exchange-rate",
        _("The document has no exchange rate for {code}").format(code=code),
        (),
        (_("In Teamleader: fill in the exchange rate of the document."),),
        _("The document shows an exchange rate."),
    )


def totals_differ(lines: Decimal, total: Decimal) -> Reason:
    """Lines that do not add up to the document's own total."""
    return Reason(
        "totals-differ",
        _("The lines do not add up to the document's total"),
        (_("Lines with VAT: {lines}; the document says {total}.").format(lines=lines, total=total),),
        (
            _(
                "In Teamleader: open the document and save its content again; octowizard books no other amount."
            ),
        ),
        _("Lines and total agree to the cent."),
    )


def mixed_signs(line: str) -> Reason:
    """Base and VAT of one line with opposite signs."""
    return Reason(
        "mixed-signs",
        _("Base and VAT of a line have opposite signs"),
        (_("Line “{line}”.").format(line=line),),
        (_("In Teamleader: correct that line; Octopus takes no such booking."),),
        _("Base and VAT of every line have the same sign."),
    )


def customer_missing(name: str) -> Reason:
    """A document whose customer is gone."""
    return Reason(
        "customer-missing",
        _("The customer “{name}” is no longer in Teamleader").format(name=name),
        (),
        (_("In Teamleader: restore the customer from the recycle bin, or merge the document's customer."),),
        _("Teamleader shows the customer again."),
    )


def customer_without_country(name: str) -> Reason:
    """Octopus wants a country."""
    return Reason(
        "customer-without-country",
        _("The customer “{name}” has no country").format(name=name),
        (_("Octopus takes no relation without a country."),),
        (_("In Teamleader: fill in the country of its address."),),
        _("The customer has a country."),
    )


def several_relations(name: str, relations: Iterable[str]) -> Reason:
    """A customer that could be several relations."""
    return Reason(
        "duplicate-relation",
        _("“{name}” is in Octopus more than once").format(name=name),
        tuple(relations),
        (
            _(
                "In Octopus: Management > Relations, keep one of them active, and set the others to not active."
            ),
        ),
        _("Only one active relation has that VAT number or address."),
    )


def booked_differently(where: str, theirs: Decimal, ours: Decimal) -> Reason:
    """A booking bears the document's number, with another content."""
    return Reason(
        "booked-differently",
        _("It stands in Octopus already, with another amount or date"),
        (
            _("{where} bears this number: {theirs} there, {ours} on the document.").format(
                where=where, theirs=theirs, ours=ours
            ),
        ),
        (
            _("In Octopus: correct or remove {where}; octowizard does not book it a second time.").format(
                where=where
            ),
        ),
        _("No other booking bears this number, or it has the same amount and date."),
    )


def number_taken(number: int, journal: str, next_number: int) -> Reason:
    """Following Teamleader's numbers: this one is behind the journal's next."""
    return Reason(
        "number-taken",
        _("Number {number} is taken in {journal}").format(number=number, journal=journal),
        (_("The next number of {journal} is {next}.").format(journal=journal, next=next_number),),
        (
            _(
                "Book with the next free number (--numbering next), or correct the journal with your accountant."
            ),
        ),
        _("The journal's next number is the document's."),
    )


def number_gap(number: int, journal: str, next_number: int) -> Reason:
    """Following Teamleader's numbers: one before it is missing."""
    return Reason(
        "number-gap",
        _("{journal} wants number {next} first").format(journal=journal, next=next_number),
        (_("The document is number {number}; Octopus takes no gaps.").format(number=number),),
        (_("Book the missing documents, or set the journal's next number, or use --numbering next."),),
        _("The journal's next number is the document's."),
    )


def no_number(number: str) -> Reason:
    """Following Teamleader's numbers: there is none to follow."""
    return Reason(
        "number-unreadable",
        _("“{number}” has no number to follow").format(number=number),
        (),
        (_("Book with the next free number instead (--numbering next)."),),
        _("The document number ends in a number."),
    )


# Octopus' return codes that have a card of their own (names: its list of errors; what they mean here: inferred).
_PROBLEM_OF_CODE = {
    -1: "sign-in-refused",
    -2: "sign-in-refused",
    -3: "dossier-refused",
    -4: "dossier-refused",
    -5: "dossier-refused",
    -6: "dossier-refused",
    -9: "missing-year",
    -10: "missing-journal",
    -11: "closed-journal",
    -12: "open-journal",
    -13: "number-taken",
    -14: "missing-period",
    -15: "closed-period",
    -16: "customer-missing",
    -17: "bad-dates",
    -18: "bad-dates",
    -19: "unknown-currency",
    -20: "missing-exchange-rate",
    -21: "unknown-account",
    -22: "unmapped-vat",
    -23: "mixed-signs",
    -24: "insert-booking",
    -29: "wrong-journal-type",
    -38: "missing-journal",
    -40: "cost-centre-missing",
    -41: "cost-centre-missing",
    -50: "heading-account",
    -51: "too-many-connections",
    -68: "software-house-refused",
    -75: "vat-code-wrong-type",
    -79: "sign-in-refused",
}


_WRITES = ("POST /dossiers/{dossierId}/", "PUT /dossiers/{dossierId}/")


def vendor_said(error: VendorError) -> Reason:
    """What a vendor refused, or could not do; octowizard had not foreseen it."""
    if isinstance(error, LimitSpent | LimitReached):
        problem = "daily-limit"
    elif isinstance(error, SignInRefused):
        problem = "sign-in-refused"
    elif isinstance(error, Unreachable):
        problem = "unreachable"
    elif error.vendor == "Octopus" and error.code == -3 and error.operation.startswith(_WRITES):
        problem = "no-write-right"  # the dossier is open: it is writing that this user may not do
    elif error.vendor == "Octopus" and error.code is not None:
        problem = _PROBLEM_OF_CODE.get(error.code, f"octopus-{abs(error.code)}")
    else:
        problem = "vendor-refused"
    known = name_of(error.code) if error.vendor == "Octopus" and error.code is not None else None
    said = error.text or _("no explanation given")
    if problem == "open-journal":
        fix: tuple[str, ...] = (
            _("Close the sales journal in Octopus on every computer, then try again."),
            _("After a crash: Management > Journals > Release journal."),
        )
    else:
        fix = (_("Try again; if it stays, send the support bundle."),)
    title = _("{vendor} refused it").format(vendor=error.vendor)
    if problem == "open-journal":
        title = _("The journal is open in Octopus")
    elif problem == "unreachable":
        title = _("{vendor} cannot be reached").format(vendor=error.vendor)
    return Reason(
        problem,
        title,
        (str(error), *((_("Error {code}: {name}").format(code=error.code, name=known),) if known else ())),
        fix,
        _("{vendor} takes it.").format(vendor=error.vendor),
        error.vendor,
        error.code,
        said,
    )


def forbidden_journal(error: VendorError, journal: str) -> Reason:
    """403 without a code: the journal is closed, open in another session, or the user may not write in it."""
    return Reason(
        "open-journal",
        _("Octopus does not let {journal} be written").format(journal=journal),
        (str(error),),
        (
            _("Close the sales journal in Octopus on every computer, then try again."),
            _("After a crash: Management > Journals > {journal} > Release journal.").format(journal=journal),
            _("If it is closed, or the user may not book in it: ask your accountant."),
        ),
        _("{journal} takes bookings.").format(journal=journal),
        error.vendor,
        error.code,
        error.text,
    )
