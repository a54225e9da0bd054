"""The changes that octowizard can make for the user, one function each: the exact request, and all of it in words.

Pure: nothing is read or sent. `fixes.py` decides which of them are wanted. What the lines of a change say is made
from its body, value by value, so that nothing is sent that was not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from octowizard.books.fiscal import FiscalYear, JournalState, Period
from octowizard.locale import _, ngettext, pgettext
from octowizard.locale.formats import YEAR_WORDS, day
from octowizard.locale.labels import Languages, path, shown
from octowizard.octopus import models as oc
from octowizard.onboarding.model import Change
from octowizard.snapshot.model import RelationFacts
from octowizard.workspace.profiles import Profile

if TYPE_CHECKING:
    from octowizard.outbox.changes import Operation

_APART = " · "  # between a value, letter for letter, and what it means
_DAYS = ("fromDate", "toDate")  # members that hold a day
_INSERT, _UPDATE = "commonJournalInsertRequestData", "commonJournalUpdateRequestData"
_INVOICES = {
    "NL": "Verkoopfacturen",
    "FR": "Factures de vente",
    "EN": "Sales invoices",
    "DE": "Verkaufsrechnungen",
}
_CREDITS = {
    "NL": "Creditnota's verkoop",
    "FR": "Notes de crédit vente",
    "EN": "Sales credit notes",
    "DE": "Verkaufsgutschriften",
}


_BANK = {"NL": "Bank", "FR": "Banque", "EN": "Bank", "DE": "Bank"}


def create_year(profile: Profile, start: date, end: date, *, periods: str, vat_return: str) -> Change:
    """A fiscal year. `periods`: MONTH, QUARTER or YEAR; `vat_return`: MONTHLY, QUARTERLY or YEARLY.

    Start date, order and the missing way back: vendor's page on connecting. What is not sent keeps Octopus' defaults.
    """
    years = f"{start:%Y}" if start.year == end.year else f"{start:%Y}-{end:%Y}"
    return _octopus(
        profile,
        f"create-year:{start.isoformat()}",
        _("Create fiscal year {year}").format(year=years),
        _("Fiscal year {year} is there.").format(year=years),
        "POST /bookyears",
        oc.BookyearInsert(
            names=_names({language: f"{word} {years}" for language, word in YEAR_WORDS.items()}),
            booking_period_type=periods,
            from_date=start,
            to_date=end,
            pro_rata_temporis=True,
            declarant_type=vat_return,
        ),
        also=(
            _("The start date of a fiscal year can't be changed afterwards, and a year can't be taken away."),
            _("The next fiscal year will begin on the day after {end}.").format(end=day(end)),
            _("Its journals are made apart. What is not named here is as Octopus makes it by itself."),
        ),
        irreversible=True,
    )


def create_journal(
    profile: Profile, year: FiscalYear, key: str, *, credit_notes: bool, next_number: int | None = None
) -> Change:
    """A sales journal of type Sales bookings. `next_number`: where numbers follow Teamleader's, the first one."""
    also = [_("Teamleader shows it after {path}.").format(path=_synchronise(profile))]
    if next_number is not None:
        also.append(
            _("Its first document gets number {number}, as in Teamleader.").format(number=next_number)
        )
    return _octopus(
        profile,
        f"create-journal:{year.id}:{key}",
        _("Create journal {journal} in {year}").format(journal=key, year=year.name),
        _("Journal {journal} is there in {year}.").format(journal=key, year=year.name),
        "POST /journals/V",
        oc.SellJournalInsert(
            oc.CommonJournalInsert(
                bookyear_key=oc.Key(year.id),
                sequence_number=int(key[1:]),
                names=_names(_CREDITS if credit_notes else _INVOICES),
                next_document_number=next_number,
            ),
            oc.INSERTION_TYPES[oc.BOOKINGS],
        ),
        year=year,
        also=also,
    )


def create_bank_journal(profile: Profile, year: FiscalYear, account: int, currency: str) -> Change:
    """The bank journal F1, on a ledger account of the bank."""
    return _octopus(
        profile,
        f"create-journal:{year.id}:F1",
        _("Create bank journal {journal} in {year}").format(journal="F1", year=year.name),
        _("Bank journal {journal} is there in {year}.").format(journal="F1", year=year.name),
        "POST /journals/F",
        oc.FinancialJournalInsert(
            oc.CommonJournalInsert(bookyear_key=oc.Key(year.id), sequence_number=1, names=_names(_BANK)),
            account,
            currency,
        ),
        year=year,
        names={f"{_INSERT}.sequenceNumber": "F1"},
        also=(_("Its IBAN, by which CODA files find it, is filled in in Octopus."),),
    )


def change_entry_type(profile: Profile, year: FiscalYear, journal: JournalState) -> Change:
    """From Invoices to Sales bookings."""
    bookings = shown("octopus.sales-bookings", profile.screens)
    also = [_("Teamleader shows the journal after {path}.").format(path=_synchronise(profile))]
    if journal.last_number:
        holds = _(
            "It holds documents up to number {number}: ask first whether somebody still makes invoices in it."
        )
        also.insert(0, holds.format(number=journal.last_number))
    return _octopus(
        profile,
        f"entry-type:{year.id}:{journal.key}",
        _("Let journal {journal} of {year} take {bookings}").format(
            journal=journal.key, year=year.name, bookings=bookings
        ),
        _("Journal {journal} of {year} takes {bookings}.").format(
            journal=journal.key, year=year.name, bookings=bookings
        ),
        "PUT /journals/V",
        oc.SellJournalUpdate(
            oc.CommonJournalUpdate(oc.Key(year.id), int(journal.key[1:])), oc.INSERTION_TYPES[oc.BOOKINGS]
        ),
        year=year,
        also=also,
    )


def lower_secured(
    profile: Profile, year: FiscalYear, journal: JournalState, to: int, opened: Sequence[Period], waiting: int
) -> Change:
    """Secure fewer periods. `to`: the last that stays secured, 0 for none; `opened`: those that take bookings again."""
    return _octopus(
        profile,
        f"lower-secured:{year.id}:{journal.key}:{journal.protected_period}:{to}",
        _("Lower the secured period of {journal} in {year}").format(journal=journal.key, year=year.name),
        _("Journal {journal} of {year} takes bookings from {start} on.").format(
            journal=journal.key, year=year.name, start=day(opened[0].start)
        ),
        "PUT /journals/V",
        oc.SellJournalUpdate(
            oc.CommonJournalUpdate(oc.Key(year.id), int(journal.key[1:]), protected_period=to)
        ),
        year=year,
        also=(
            _("Now secured till {now}; everybody can book in {periods} again, from {start} to {end}.").format(
                now=journal.protected_period,
                periods=", ".join(str(period.number) for period in opened),
                start=day(opened[0].start),
                end=day(opened[-1].end),
            ),
            ngettext("{count} document waits for it.", "{count} documents wait for it.", waiting).format(
                count=waiting
            ),
            _(
                "If the VAT return of one of these periods has been filed, a booking in it changes what was declared: "
                "then it must not be done without the accountant. Secure the period again afterwards."
            ),
        ),
        before={f"{_UPDATE}.protectedPeriod": journal.protected_period},
    )


def create_account(
    profile: Profile, year: FiscalYear, number: int, name: str, *, used_by: str = ""
) -> Change:
    """A ledger account, named in the language of the dossier's screens."""
    also = [
        _("Its VAT code and its cost centre can only be set in Octopus: {path}.").format(
            path=path(("octopus.management", "octopus.accounts"), profile.screens)
        )
    ]
    if used_by:
        also.insert(0, _("Category “{name}” of Teamleader leads to it.").format(name=used_by))
    return _octopus(
        profile,
        f"create-account:{year.id}:{number}",
        _("Create account {account} in {year}").format(account=number, year=year.name),
        _("Account {account} is there in {year}.").format(account=number, year=year.name),
        "PUT /accounts",
        oc.Account(
            oc.AccountKey(oc.Key(year.id), number), oc.Descriptions(**{profile.screens.octopus: name})
        ),
        year=year,
        also=also,
    )


def propose_cost_centre(profile: Profile, year: FiscalYear, number: int, centre: int) -> Change:
    """Complete an account that demands a cost centre: the one that it proposes from now on."""
    return _octopus(
        profile,
        f"account-cost-centre:{year.id}:{number}:{centre}",
        _("Let account {account} of {year} propose cost centre {centre}").format(
            account=number, year=year.name, centre=centre
        ),
        _("Account {account} of {year} proposes cost centre {centre}.").format(
            account=number, year=year.name, centre=centre
        ),
        "PUT /accounts",
        oc.Account(oc.AccountKey(oc.Key(year.id), number), default_cost_centre_key=oc.Key(centre)),
        year=year,
        also=(_("All that octowizard books on the account goes to this cost centre."),),
    )


def fill_relation(
    profile: Profile,
    relation: RelationFacts,
    *,
    vat_type: int | None = None,
    country: str = "",
    external_number: int | None = None,
    why: str = "",
) -> Change:
    """Fill in what a relation lacks; the rest stays as it is (a PUT merges: vendor's contract)."""
    before: dict[str, Any] = {}
    if vat_type is not None:
        before["vatType"] = relation.vat_type or 0
    if country:
        before["country"] = relation.country
    if external_number is not None:
        before["relationIdentificationServiceData.externalRelationId"] = relation.external_number
    also = [why] if why else []
    also.append(
        _("Currency {code} is sent because Octopus asks for it; it stays what it is.").format(
            code=relation.currency
        )
    )
    if external_number is not None:
        also.append(
            _("Another package that knows the relation by its number {number} loses it.").format(
                number=relation.external_number
            )
            if relation.external_number
            else _("By this number octowizard finds the relation again, even on another computer.")
        )
    filled = "-".join([*sorted(before), str(vat_type), country, str(external_number)])
    return _octopus(
        profile,
        f"relation:{relation.id}:{filled}",
        _("Complete relation {name}").format(name=relation.name),
        _("Relation {name} is complete.").format(name=relation.name),
        "PUT /relations",
        oc.Relation(
            oc.RelationIdentification(oc.Key(relation.id), external_number),
            relation.currency,
            country=country,
            vat_type=vat_type,
        ),
        names={"relationIdentificationServiceData.relationKey.id": relation.name},
        accountant=False,
        also=also,
        before=before,
    )


def _octopus(
    profile: Profile,
    id: str,
    title: str,
    result: str,
    operation: Operation,
    record: object,
    *,
    year: FiscalYear | None = None,
    names: Mapping[str, str] = {},
    accountant: bool = True,
    also: Iterable[str] = (),
    before: Mapping[str, Any] = {},
    irreversible: bool = False,
) -> Change:
    """The change that sends this record. `year`: the one that it names; `names`: what the value at a path is called."""
    method, _apart, place = operation.partition(" ")
    body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(record))
    return Change(
        id=id,
        title=title,
        result=result,
        vendor="Octopus",
        method=method,
        path=f"/dossiers/{profile.dossier_id}{place}",
        body=body,
        lines=lines_of(body, profile.screens, year=year, names=names),
        who=_("Your accountant should agree to it.") if accountant else "",
        also=tuple(also),
        irreversible=irreversible,
        before=before,
    )


def _names(by_language: Mapping[str, str]) -> tuple[oc.LocalizedString, ...]:
    return tuple(oc.LocalizedString(language, text) for language, text in by_language.items())


def _synchronise(profile: Profile) -> str:
    return path(("octopus.file", "octopus.synchronise"), profile.screens)


# --- a body in words -------------------------------------------------------------------------------------


def lines_of(
    body: Mapping[str, Any],
    languages: Languages,
    *,
    year: FiscalYear | None = None,
    names: Mapping[str, str] = {},
) -> tuple[tuple[str, str], ...]:
    """Every value of a body as (what, value), in its order; what a value means stands behind it, after a dot.

    A day is written as people write it, as everywhere.

    `year`: the fiscal year that the body names by its key; `names`: what the value at a path is called.
    """
    return tuple(
        (_label(at, languages), _with_meaning(at, value, year, names, languages))
        for at, value in _values(body, "")
    )


def _values(body: object, at: str) -> Iterator[tuple[str, str]]:
    """Every value with its path, such as `accountKey.id`; the path of a text in one language ends in that language."""
    if isinstance(body, Mapping) and body.keys() == {"language", "value"}:
        yield f"{at}.{body['language']}", str(body["value"])
    elif isinstance(body, Mapping):
        for key, value in body.items():
            yield from _values(value, f"{at}.{key}" if at else str(key))
    elif isinstance(body, list | tuple):
        for value in body:
            yield from _values(value, at)
    elif isinstance(body, bool):
        yield at, _("yes") if body else _("no")
    elif at in _DAYS:
        yield at, day(date.fromisoformat(str(body)))
    else:
        yield at, _("nothing") if body is None else str(body)


def _label(at: str, languages: Languages) -> str:
    """What a member is called; one that nobody foresaw keeps the vendor's own name."""
    bare = at.removeprefix(f"{_INSERT}.").removeprefix(f"{_UPDATE}.")
    if bare.startswith(("names.", "description.description_")):
        return _("Name ({language})").format(language=bare[-2:])
    own = {
        "sellJournalInsertionType": "octopus.entry-type",
        "protectedPeriod": "octopus.secured-till",
        "accountKey.id": "octopus.ledger-account",
        "relationIdentificationServiceData.externalRelationId": "octopus.external-number",
    }
    if bare in own:
        return shown(own[bare], languages)
    return {
        "bookingPeriodType": _("Periods"),
        "fromDate": _("First day"),
        "toDate": _("Last day"),
        "proRataTemporis": _("Depreciation pro rata temporis"),
        "declarantType": pgettext("heading", "VAT return"),
        "bookyearKey.id": _("Fiscal year"),
        "accountKey.bookyearKey.id": _("Fiscal year"),
        "sequenceNumber": _("Journal, number"),
        "account": _("Ledger account"),
        "nextDocumentNumber": _("Number of the next document"),
        "defaultCostCentreKey.id": _("Cost centre it proposes"),
        "relationIdentificationServiceData.relationKey.id": _("Relation"),
        "currencyCode": _("Currency"),
        "vatType": _("VAT type"),
        "country": _("Country"),
        "id": _("Company"),
        "name": _("Name"),
        "vat_number": _("VAT number"),
        "website": _("Website"),
        "iban": _("IBAN"),
        "bic": _("BIC"),
        "language": _("Language"),
        "tags": _("Tag"),
        "emails.type": _("E-mail, kind"),
        "emails.email": _("E-mail"),
        "telephones.type": _("Telephone, kind"),
        "telephones.number": _("Telephone"),
        "addresses.type": _("Address, kind"),
        "addresses.address.line_1": _("Street"),
        "addresses.address.postal_code": _("Postcode"),
        "addresses.address.city": _("City"),
        "addresses.address.country": _("Country"),
        "addresses.address.addressee": _("Addressee"),
    }.get(bare, bare)


def _with_meaning(
    at: str, value: str, year: FiscalYear | None, names: Mapping[str, str], languages: Languages
) -> str:
    """The value letter for letter, and what it means."""
    member = at.rpartition(".")[2]
    if at in names:
        means = names[at]
    elif at.endswith("bookyearKey.id"):
        means = year.name if year is not None else ""
    elif member == "sequenceNumber":
        means = f"V{value}"
    elif member == "protectedPeriod":
        means = _("no period is secured") if value == "0" else _("the last one that stays secured")
    else:
        means = _meanings(languages).get((member, value), "")
    return f"{value}{_APART}{means}" if means else value


def _meanings(languages: Languages) -> dict[tuple[str, str], str]:
    return {
        ("bookingPeriodType", "MONTH"): _("one a month"),
        ("bookingPeriodType", "QUARTER"): _("one a quarter"),
        ("bookingPeriodType", "YEAR"): _("one for the year"),
        ("declarantType", "MONTHLY"): _("every month"),
        ("declarantType", "QUARTERLY"): _("every quarter"),
        ("declarantType", "YEARLY"): _("once a year"),
        ("sellJournalInsertionType", "BOOKING"): shown("octopus.sales-bookings", languages),
        ("vatType", "1"): _("Belgian, VAT liable"),
        ("vatType", "4"): _("intra-Community, VAT liable"),
        ("vatType", "6"): _("VAT liable outside the EU"),
        ("vatType", "7"): _("private, Belgium"),
        ("vatType", "8"): _("private, EU"),
        ("vatType", "9"): _("private, outside the EU"),
        ("vatType", "10"): _("not VAT liable"),
    }
