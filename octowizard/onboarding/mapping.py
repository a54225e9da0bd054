"""The Mapping: where product categories, tax rates, discounts and mirrored payments lead to in Octopus.

Rows are a pure function of a Snapshot and a profile: what holds now and where it comes from, what is proposed and
why, what can be chosen. A choice is written into the profile, which the planner of the bookings reads. Nothing is
written to a vendor.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple, TypeVar, get_args

import msgspec

from octowizard.books.accounts import DISCOUNTS
from octowizard.books.vat import Regime, regime_of
from octowizard.checks.years import today as day_of
from octowizard.locale import _
from octowizard.matching.keys import name_key
from octowizard.planning.blockers import Blocker
from octowizard.planning.plan import planner_of
from octowizard.snapshot.model import (
    AccountFacts,
    CategoryFacts,
    Kind,
    Snapshot,
    TaxRateFacts,
    VatCodeFacts,
)
from octowizard.workspace.profiles import Mirror, Profile

T = TypeVar("T")

RowKind = Literal["category", "rate", "discount", "mirror-journal", "mirror-account"]
Origin = Literal["teamleader", "chosen", "proposed", "none"]

DISCOUNT, MIRROR_JOURNAL, MIRROR_ACCOUNT = "discount", "mirror-journal", "mirror-account"

_HEADING = re.compile(
    r"\b(groep|groupe?|gruppe|rubriek|rubrique|heading|titel|titre|subtota+l|sous[- ]total|totaa?l)\b"
)
_MONEY = re.compile(r"5[5-8]\d{4}")  # banks, cash, internal transfers (Belgian standard chart)
SALES = (
    "70"  # accounts of sales begin so: those that Teamleader takes over (vendor's page on connecting Octopus)
)
_DISCOUNT_WORDS = {"korting", "kortingen", "remise", "remises", "discount", "discounts", "rabais"}
_ALIKE = 0.5  # as many words in common make two names alike enough to propose one for the other


class Choice(NamedTuple):
    """Something that can be chosen, and what it is called."""

    value: str
    label: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that leads somewhere.

    `value`: where it leads now ("" nowhere), `named` what that is called, `origin` where it comes from: Teamleader's
    settings, the user's choice, or octowizard's own reading of names and rates. `trouble`: why documents fail here,
    "" when they don't; `note`: what looks odd and fails nothing. `proposal`: another value, with its `reason`; `sure`
    when nothing else fits as well. `waiting`: documents that need it now. `optional`: nothing fails without it.
    """

    id: str
    kind: RowKind
    label: str
    detail: str = ""
    value: str = ""
    named: str = ""
    origin: Origin = "none"
    trouble: str = ""
    note: str = ""
    proposal: str = ""
    proposed: str = ""
    reason: str = ""
    sure: bool = False
    waiting: int = 0
    optional: bool = False
    choices: tuple[Choice, ...] = ()


class _Proposal(NamedTuple):
    """What a row could lead to, and why; `sure` when nothing else fits as well."""

    value: str
    name: str
    reason: str
    sure: bool = True


class Suggestion(NamedTuple):
    """The account that fits a tax rate by itself: what *auto-suggest accounts at certain VAT rates* should say."""

    rate: str
    code: str
    account: int
    named: str
    reason: str


class CannotChoose(Exception):
    """A value that a row does not take; the message is one sentence that says which ones it takes."""


# --- the rows --------------------------------------------------------------------------------------------


def rows(snapshot: Snapshot, profile: Profile) -> tuple[Row, ...]:
    """All rows: what fails first, what documents wait for before the rest, what is optional last."""
    books = _Books(snapshot, profile)
    made = [
        *(_of_category(books, category) for category in snapshot.categories.values()),
        *(_of_rate(books, rate) for rate in snapshot.tax_rates.values()),
        _of_discount(books),
        *_of_mirror(books),
    ]
    kinds = get_args(RowKind)

    def urgency(row: Row) -> tuple[object, ...]:
        needed = bool(row.trouble and row.waiting)
        return row.optional, not row.trouble, not needed, kinds.index(row.kind), row.label.casefold(), row.id

    return tuple(sorted(made, key=urgency))


def row_named(rows: Iterable[Row], name: str) -> Row:
    """The row with this id, or the only one of this name. CannotChoose when there is none, or more than one."""
    every = tuple(rows)
    same = [row for row in every if row.id == name]
    same = same or [row for row in every if row.label.casefold() == name.strip().casefold()]
    if len(same) == 1:
        return same[0]
    if same:
        raise CannotChoose(
            _("Several rows are called “{name}”: say which one by its id ({ids}).").format(
                name=name, ids=", ".join(row.id for row in same)
            )
        )
    raise CannotChoose(_("No row of the mapping is called “{name}”.").format(name=name))


def unmapped(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows on which documents fail, or would."""
    return tuple(row for row in rows if row.trouble and not row.optional)


def suggestions(snapshot: Snapshot, profile: Profile) -> tuple[Suggestion, ...]:
    """An account for each tax rate, where the VAT code that it leads to has one of its own."""
    books = _Books(snapshot, profile)
    fitting = []
    for rate in snapshot.tax_rates.values():
        code = books.planner.vat_code_of(rate.id, "invoice")
        if isinstance(code, VatCodeFacts) and (proposed := _account_of_code(books, code)) is not None:
            account = int(proposed.value)
            fitting.append(Suggestion(rate.description, code.code, account, proposed.name, proposed.reason))
    return tuple(fitting)


class _Books:
    """One Snapshot as the rows look at it: the charts as one, and what the waiting documents use."""

    def __init__(self, snapshot: Snapshot, profile: Profile) -> None:
        self.snapshot = snapshot
        self.profile = profile
        self.planner = planner_of(snapshot, profile)
        # The newest chart speaks for an account; an older one knows those that are no longer there.
        self.years = [year for year in snapshot.years if snapshot.accounts.get(year.id)]
        self.chart: dict[int, AccountFacts] = {}
        for year in self.years:
            self.chart.update(snapshot.accounts[year.id])
        self.accounts = self.choices(is_sales)
        self.of_category: Counter[str] = Counter()
        self.of_rate: Counter[str] = Counter()
        self.rates_of: dict[str, set[str]] = defaultdict(set)
        self.discounted = 0
        for head in snapshot.pending:
            detail = snapshot.details.get(head.id)
            if detail is None:
                continue
            self.discounted += detail.has_discount
            self.of_category.update({line.category_id or "" for line in detail.lines})
            self.of_rate.update({line.tax_rate_id or "" for line in detail.lines})
            for line in detail.lines:
                if line.category_id and line.tax_rate_id:
                    self.rates_of[line.category_id].add(line.tax_rate_id)

    def choices(self, wanted: Callable[[AccountFacts], bool]) -> tuple[Choice, ...]:
        """The accounts that are wanted, by number."""
        accounts = sorted(self.chart.values(), key=lambda account: account.number)
        return tuple(Choice(str(account.number), account.name) for account in accounts if wanted(account))

    def missing(self, account: int) -> list[str]:
        """The years whose chart lacks an account."""
        return [year.name for year in self.years if account not in self.snapshot.accounts[year.id]]

    def codes_of(self, category: CategoryFacts) -> dict[str, VatCodeFacts]:
        """The VAT codes that waiting lines of a category lead to."""
        return {
            code.code: code
            for rate in self.rates_of[category.id]
            if isinstance(code := self.planner.vat_code_of(rate, "invoice"), VatCodeFacts)
        }


def is_heading(account: AccountFacts) -> bool:
    """Whether an account is a heading, as far as its number and name tell: the API shows no such thing (inferred)."""
    return account.number < 100_000 or bool(_HEADING.search(name_key(account.name)))


def is_sales(account: AccountFacts) -> bool:
    """An account that sales can be booked on: 70…, and no heading."""
    return str(account.number).startswith(SALES) and not is_heading(account)


def _proposing(row: Row, proposal: _Proposal | None) -> Row:
    """The row with this proposal."""
    if proposal is None:
        return row
    value, name, reason, sure = proposal
    return msgspec.structs.replace(row, proposal=value, proposed=name, reason=reason, sure=sure)


# --- product categories ----------------------------------------------------------------------------------


def _of_category(books: _Books, category: CategoryFacts) -> Row:
    chosen = books.profile.mapping.accounts.get(category.id)
    text = str(chosen) if chosen is not None else (category.account or "").strip()
    account, trouble = _resolved(books, category, text)
    waiting = books.of_category[category.id]
    optional = category.elsewhere and chosen is None and not waiting
    row = Row(
        id=f"category/{category.id}",
        kind="category",
        label=category.name,
        detail=_("made for another department") if category.elsewhere else "",
        value=str(account.number) if account else text,
        named=account.name if account else "",
        origin="chosen" if chosen is not None else "teamleader" if text else "none",
        trouble=trouble,
        note=_odd(books, category, account) if account and not trouble else "",
        waiting=waiting,
        optional=optional,
        choices=books.accounts,
    )
    return _proposing(row, _account_for(books, category)) if trouble and not optional else row


def _resolved(books: _Books, category: CategoryFacts, text: str) -> tuple[AccountFacts | None, str]:
    """The account that a category leads to in every year that was read, and what is wrong with it."""
    if not text:
        return None, _("It has no ledger account for this department.")
    account: AccountFacts | None = None
    for year in books.years:
        planned = books.planner.account_of(category.id, year)
        if isinstance(planned, Blocker):
            return account, _("{account} is not in the chart of {year}.").format(account=text, year=year.name)
        account = planned
    if account is not None and is_heading(account):  # without a chart nothing can be said against it
        heading = _("{account} {name} is a heading: it takes no bookings.")
        return account, heading.format(account=account.number, name=account.name)
    return account, ""


def _odd(books: _Books, category: CategoryFacts, account: AccountFacts) -> str:
    """What a person should look at: an account of another kind, or one meant for another VAT code."""
    if not str(account.number).startswith(SALES):
        return _("It is no account of sales (70…): Teamleader does not list it.")
    codes = books.codes_of(category)
    if account.vat_code and codes and account.vat_code not in codes:
        return _("The account itself has VAT code {own}; the waiting lines have {codes}.").format(
            own=account.vat_code, codes=", ".join(sorted(codes))
        )
    return ""


def _account_for(books: _Books, category: CategoryFacts) -> _Proposal | None:
    """An account for a category: by its name, by the VAT code of its waiting lines, by the kind of VAT in its name."""
    usable = [
        account for account in books.chart.values() if is_sales(account) and not books.missing(account.number)
    ]
    named = _by_name(usable, category.name)
    if named is not None and name_key(named.name) == name_key(category.name):
        return _account(named, _("It bears the same name."))
    codes = books.codes_of(category)
    if len(codes) == 1:
        [code] = codes.values()
        of_code = [account for account in usable if account.vat_code == code.code]
        if (alike := _by_name(of_code, category.name)) is not None:
            reason = _("Its name is alike, and its VAT code is {code}.").format(code=code.code)
            return _account(alike, reason)
        if (proposed := _account_of_code(books, code)) is not None:
            return proposed._replace(sure=len(of_code) <= 1)
    if named is not None:
        return _account(named, _("Its name is alike."), sure=False)
    regime = regime_of(category.name, Decimal(0))
    special = [code for code in books.snapshot.vat_codes if code.regime is regime]
    if regime is not Regime.ZERO and len(special) == 1:
        proposed = _account_of_code(books, special[0])
        return proposed._replace(sure=False) if proposed is not None else None
    return None


def _account(account: AccountFacts, reason: str, *, sure: bool = True) -> _Proposal:
    return _Proposal(str(account.number), account.name, reason, sure)


def _by_name(accounts: Iterable[AccountFacts], name: str) -> AccountFacts | None:
    """The only account whose name has most words in common with this one, and enough of them."""
    wanted = set(name_key(name).split())
    scored = []
    for account in accounts:
        words = set(name_key(account.name).split())
        if words and wanted:
            scored.append((len(words & wanted) / len(words | wanted), account))
    best = max((score for score, _named in scored), default=0.0)
    alike = [account for score, account in scored if score == best]
    return alike[0] if best >= _ALIKE and len(alike) == 1 else None


def _account_of_code(books: _Books, code: VatCodeFacts) -> _Proposal | None:
    """The account that a VAT code proposes, or the only one that bears it."""
    own = books.chart.get(code.account) if code.account else None
    if own is not None and is_sales(own):
        return _account(own, _("Octopus proposes it for VAT code {code}.").format(code=code.code))
    bearing = [
        account for account in books.chart.values() if account.vat_code == code.code and is_sales(account)
    ]
    if len(bearing) == 1:
        reason = _("It is the only sales account with VAT code {code}.").format(code=code.code)
        return _account(bearing[0], reason)
    return None


# --- tax rates -------------------------------------------------------------------------------------------


def _of_rate(books: _Books, rate: TaxRateFacts) -> Row:
    chosen = books.profile.mapping.vat.get(rate.id)
    kinds: tuple[Kind, ...] = ("invoice", "credit_note")
    planned = [books.planner.vat_code_of(rate.id, kind) for kind in kinds]
    code = next((answer for answer in planned if isinstance(answer, VatCodeFacts)), None)
    blockers = [answer for answer in planned if isinstance(answer, Blocker)]
    sentences = [blocker.evidence[0] if blocker.evidence else f"{blocker.title}." for blocker in blockers]
    same = [known for known in books.snapshot.vat_codes if known.percentage == rate.rate * 100]
    usable = [known for known in same if known.sale and known.sale_credit]
    row = Row(
        id=f"rate/{rate.id}",
        kind="rate",
        label=rate.description or f"{_percent(rate.rate)} %",
        detail=f"{_percent(rate.rate)} %",
        value=chosen or (code.code if code else ""),
        named=code.description if code else "",
        origin="chosen" if chosen else "proposed" if code else "none",
        trouble=" ".join(dict.fromkeys(sentences)),
        reason=_same_kind(code) if code and not chosen else "",
        waiting=books.of_rate[rate.id],
        # A rate nobody uses that leads nowhere fails no document; the screen still shows it.
        optional=bool(blockers) and not same and not books.of_rate[rate.id],
        choices=tuple(Choice(known.code, known.description) for known in usable),
    )
    return _proposing(row, _code_for(rate, usable)) if blockers else row


def _same_kind(code: VatCodeFacts) -> str:
    return _("The same percentage and kind: {code} {description}.").format(
        code=code.code, description=code.description
    )


def _code_for(rate: TaxRateFacts, usable: list[VatCodeFacts]) -> _Proposal | None:
    """A VAT code of the rate's percentage, with a card for sales and one for credit notes."""
    same = [code for code in usable if code.regime is rate.regime]
    wanted = set(name_key(rate.description).split())
    alike = [
        code for code in same or usable if wanted & set(name_key(f"{code.code} {code.description}").split())
    ]
    if len(same) == 1:
        code, reason, sure = same[0], _same_kind(same[0]), True
    elif len(alike) == 1:
        code, reason, sure = alike[0], _("The same percentage, and its name is alike."), bool(same)
    elif len(usable) == 1:
        code, reason, sure = usable[0], _("The only one of that percentage, but of another kind."), False
    else:
        return None
    return _Proposal(code.code, code.description, reason, sure)


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}"


# --- discounts and mirrored payments -----------------------------------------------------------------------


def _of_discount(books: _Books) -> Row:
    chosen = books.profile.mapping.discount_account
    number = chosen if chosen is not None else DISCOUNTS
    account = books.chart.get(number)
    missing = books.missing(number)
    row = Row(
        id=DISCOUNT,
        kind="discount",
        label=_("Discounts on a whole document"),
        value=str(number) if account or chosen is not None else "",
        named=account.name if account else "",
        origin="chosen" if chosen is not None else "proposed" if account else "none",
        trouble=_("{account} is not in the chart of {year}.").format(account=number, year=", ".join(missing))
        if missing
        else "",
        reason=_("The account for discounts granted in the Belgian standard chart.")
        if account and chosen is None
        else "",
        waiting=books.discounted,
        optional=not books.discounted and chosen is None,
        choices=books.accounts,
    )
    named = [
        known
        for known in books.chart.values()
        if is_sales(known) and _DISCOUNT_WORDS & set(name_key(known.name).split())
    ]
    if missing and len(named) == 1:
        return _proposing(row, _account(named[0], _("Its name speaks of discounts.")))
    return row


def _of_mirror(books: _Books) -> tuple[Row, Row]:
    """Where payments that are made in Teamleader are booked: nowhere, until the user names a place."""
    mirror, snapshot = books.profile.mirror, books.snapshot
    journals = _mirror_journals(snapshot)
    money = books.choices(
        lambda account: bool(_MONEY.fullmatch(str(account.number))) and not is_heading(account)
    )
    journal = Row(
        id=MIRROR_JOURNAL,
        kind="mirror-journal",
        label=_("Payments made in Teamleader: journal"),
        detail=_("F or D; without one, such payments are not booked in Octopus"),
        value=mirror.journal if mirror else "",
        named=journals.get(mirror.journal, "") if mirror else "",
        origin="chosen" if mirror else "none",
        trouble=_("There is no journal {journal}.").format(journal=mirror.journal)
        if mirror and journals and mirror.journal not in journals
        else "",
        choices=tuple(Choice(key, name) for key, name in journals.items()),
    )
    known = books.chart.get(mirror.account) if mirror else None
    account = Row(
        id=MIRROR_ACCOUNT,
        kind="mirror-account",
        label=_("Payments made in Teamleader: money account"),
        detail=_("55 to 58"),
        value=str(mirror.account) if mirror else "",
        named=known.name if known else "",
        origin="chosen" if mirror else "none",
        trouble=_("There is no account {account}.").format(account=mirror.account)
        if mirror and books.chart and known is None
        else "",
        choices=money,
    )
    various = next((choice for choice in journal.choices if choice.value.startswith("D")), None)
    transfers = next((choice for choice in money if choice.value.startswith("58")), None)
    return (
        _mirrored(
            journal,
            mirror,
            various,
            _("Bank journals keep the numbers of the bank statements for themselves."),
        ),
        _mirrored(account, mirror, transfers, _("Internal transfers: the bank statement settles it.")),
    )


def _mirror_journals(snapshot: Snapshot) -> dict[str, str]:
    """The financial and the various journals of the open years from today on, with their names."""
    day = max(snapshot.start_date, day_of(snapshot)) if snapshot.years else snapshot.start_date
    open_years = {year.id for year in snapshot.years if year.end >= day and not year.closed}
    return {
        key: journal.name
        for (year, key), journal in sorted(snapshot.journals.items())
        if key[:1] in ("F", "D") and year in open_years
    }


def _mirrored(row: Row, mirror: Mirror | None, fitting: Choice | None, reason: str) -> Row:
    """The row with what fits it, proposed where nothing stands or what stands is gone."""
    row = msgspec.structs.replace(row, optional=not row.trouble, reason=reason if fitting else "")
    if fitting is None or (mirror is not None and not row.trouble):
        return row
    return msgspec.structs.replace(row, proposal=fitting.value, proposed=fitting.label)


# --- choosing --------------------------------------------------------------------------------------------


def choose(profile: Profile, row: Row, value: str) -> Profile:
    """The profile with this value for the row; "" takes the user's choice back. Not written to the disk.

    CannotChoose for a value that the row does not take.
    """
    known = {choice.value for choice in row.choices}
    if value and value not in known:
        shown = ", ".join(choice.value for choice in row.choices[:12]) or _("nothing")
        if len(row.choices) > 12:
            shown += " …"
        raise CannotChoose(
            _("“{value}” is nothing that “{row}” can lead to; there are: {choices}.").format(
                value=value, row=row.label, choices=shown
            )
        )
    mapping = profile.mapping
    match row.kind:
        case "category":
            accounts = _with(mapping.accounts, row.id.partition("/")[2], int(value) if value else None)
            mapping = msgspec.structs.replace(mapping, accounts=accounts)
        case "rate":
            vat = _with(mapping.vat, row.id.partition("/")[2], value or None)
            mapping = msgspec.structs.replace(mapping, vat=vat)
        case "discount":
            mapping = msgspec.structs.replace(mapping, discount_account=int(value) if value else None)
        case "mirror-journal" | "mirror-account":
            return msgspec.structs.replace(profile, mirror=_mirror(profile.mirror, row, value))
    return msgspec.structs.replace(profile, mapping=mapping)


def choose_mirror(profile: Profile, rows: Iterable[Row], journal: str, account: str) -> Profile:
    """Journal and money account together, since one is nothing without the other. CannotChoose as `choose`."""
    by_id = {row.id: row for row in rows}
    for id, value in ((MIRROR_JOURNAL, journal), (MIRROR_ACCOUNT, account)):
        if value not in {choice.value for choice in by_id[id].choices}:
            choose(profile, by_id[id], value or "–")  # says which there are
    return msgspec.structs.replace(profile, mirror=Mirror(journal=journal, account=int(account)))


def _mirror(mirror: Mirror | None, row: Row, value: str) -> Mirror | None:
    if not value:
        return None
    if row.kind == "mirror-journal":
        if mirror is None:
            raise CannotChoose(
                _("A journal needs its money account as well: name both, such as `{journal} 580000`.").format(
                    journal=value
                )
            )
        return msgspec.structs.replace(mirror, journal=value)
    if mirror is None:
        raise CannotChoose(_("First name the journal for payments made in Teamleader."))
    return msgspec.structs.replace(mirror, account=int(value))


def accept(profile: Profile, rows: Iterable[Row], *, unsure: bool = False) -> tuple[Profile, tuple[Row, ...]]:
    """The profile with every sure proposal taken (with `unsure`, every one), and the rows that this changed.

    What is optional stays as it is: nobody asked for it.
    """
    taken = [row for row in rows if row.proposal and not row.optional and (row.sure or unsure)]
    for row in taken:
        profile = choose(profile, row, row.proposal)
    return profile, tuple(taken)


def _with(known: Mapping[str, T], key: str, value: T | None) -> dict[str, T]:
    """The same without the key, or with its new value."""
    rest = {each: kept for each, kept in known.items() if each != key}
    return rest if value is None else {**rest, key: value}
