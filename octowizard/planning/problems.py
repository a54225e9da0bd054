"""Every problem of the catalogue, declared once: its severity, parts, error numbers, fix and what else sets it apart.

The texts of a problem are on its card (`problems/catalogue/ID.toml`); recognition, reading again, fixes and marks all
read the facts here. Adding a problem is one line here and one card; a test holds the two together.

Error numbers: their names are Octopus' own list (`octopus.errors`); what they mean for a user is inferred from it.
-15 is BOOKYEAR_PERIOD_NR_PROTECTED: `secured-period`, whose card also names a closed period or year as its cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from octowizard.snapshot.parts import Part
from octowizard.workspace.profiles import Vendor

Severity = Literal["blocking", "warning", "info"]
Fix = Literal[
    "years", "set-up", "missing-journals", "entry-types", "secured-periods", "bank-journals", "accounts",
    "cost-centres", "relations", "external-numbers", "contractors",
]  # fmt: skip

# credential: the vendor refused what one signs in with: it is not sent again before it changes or the user asks for it.
# unseen: what it kept from being looked at is not known; nothing else is said to be wrong.
# whole-vendor: the vendor answers nothing else either, and asked again it may count.
# by-year: one cause for all the documents of a year, whichever day of it each bears.
# login: at a sign-in it says that the vendor refused one of the things that were given, and perhaps which.
# passes: by itself or by somebody's hand, while one looks on.
# no-letter: none helps; it passes, it is octowizard's own, or whoever reads of it mends it.
Trait = Literal["credential", "unseen", "whole-vendor", "by-year", "login", "passes", "no-letter"]

# Names that a finding or a blocker gives to records, and that the texts of cards put in place.
RECORDS = frozenset(
    {"journal", "invoice", "period", "year", "account", "vat", "dossier", "category", "customer"}
)
MARKS: Mapping[str, str] = {"blocking": "✖", "warning": "▲", "info": "i"}
UNFORESEEN = "vendor-refused"  # what a vendor refuses without a problem of its own


class Problem(NamedTuple):
    """What is known of a problem apart from its texts.

    `severity`: how grave it is where it is found; one that is only foreseen counts less (`severity_of`). `parts`: of
    the Snapshot, those whose change can mend it: what is read again to look once more. `codes`: error numbers of
    Octopus that mean it. `statuses`: bare HTTP statuses that mean it when nothing better is known. `fix`: what
    octowizard can change for the user against it (`onboarding.fixes`; steps of the set-up offer the same fixes).
    `traits`: what sets it apart from most.
    """

    id: str
    severity: Severity = "blocking"
    parts: frozenset[Part] = frozenset()
    codes: tuple[int, ...] = ()
    statuses: tuple[tuple[Vendor, int], ...] = ()
    fix: Fix | None = None
    traits: tuple[Trait, ...] = ()


def _problem(
    id: str,
    severity: Severity,
    *parts: Part,
    codes: tuple[int, ...] = (),
    statuses: tuple[tuple[Vendor, int], ...] = (),
    fix: Fix | None = None,
    traits: tuple[Trait, ...] = (),
) -> Problem:
    return Problem(id, severity, frozenset(parts), codes, statuses, fix, traits)


# fmt: off
_UNEXPLAINED = (
    -25, -27, -28, -30, -31, -32, -33, -34, -35, -36, -37, -39, -42, -43, -44, -45, -46, -47, -48, -49, -52, -53,
    -54, -55, -56, -57, -58, -59, -60, -61, -62, -63, -64, -65, -66, -67, -69, -70, -71, -72, -73, -74, -76, -77, -78,
)

_ALL: tuple[Problem, ...] = (
    # Fiscal years
    _problem("missing-year", "blocking", "years", "journals", codes=(-9, -8), fix="years",
             traits=("by-year",)),
    _problem("closed-year", "blocking", "years", "journals"),
    _problem("missing-period", "blocking", "years", "journals", codes=(-14,), traits=("by-year",)),
    _problem("next-year-missing", "warning", "years", "journals", fix="years"),
    _problem("year-gap", "blocking", "years", "journals"),
    # Journals
    _problem("missing-journal", "blocking", "journals", codes=(-10, -38), fix="missing-journals"),
    _problem("journals-not-synchronised", "blocking"),
    _problem("wrong-journal-type", "blocking", "journals", codes=(-29,), fix="entry-types"),
    _problem("closed-journal", "blocking", "journals", codes=(-11,)),
    _problem("open-journal", "blocking", codes=(-12,), statuses=(("Octopus", 403),)),
    _problem("closed-period", "blocking", "journals"),
    _problem("secured-period", "blocking", "journals", codes=(-15,), fix="secured-periods"),
    _problem("number-taken", "blocking", "journals", codes=(-13,)),
    _problem("same-booking-number", "blocking", "journals"),
    _problem("number-gap", "blocking", "journals"),
    _problem("number-unreadable", "blocking", "journals"),
    # Accounts
    _problem("missing-account", "blocking", "documents", "details"),
    _problem("unmapped-category", "blocking", "settings", "accounts"),
    _problem("unknown-account", "blocking", "accounts", "settings", codes=(-21,), fix="accounts"),
    _problem("heading-account", "blocking", codes=(-50,)),
    _problem("missing-discount-account", "blocking", "accounts", fix="accounts"),
    _problem("cost-centre-missing", "blocking", "accounts", codes=(-40, -41), fix="cost-centres"),
    # VAT
    _problem("unmapped-vat", "blocking", "vat_codes", "settings", codes=(-22,)),
    _problem("vat-code-wrong-type", "blocking", "vat_codes", "settings", codes=(-75,)),
    _problem("mixed-signs", "blocking", "documents", "details", codes=(-23,)),
    _problem("rounding-difference", "warning", "details", "customers"),
    _problem("period-soon-secured", "warning", "documents", "bookings", "returns"),
    # Documents
    _problem("totals-differ", "blocking", "documents", "details"),
    _problem("unknown-currency", "blocking", "documents", "currencies", codes=(-19,)),
    _problem("missing-exchange-rate", "blocking", "documents", "details", codes=(-20,)),
    _problem("credit-note-without-invoice", "info", "details"),
    _problem("booked-differently", "blocking", "documents", "bookings"),
    _problem("booked-twice", "warning", "bookings"),
    _problem("imported-twice", "warning", "bookings"),
    _problem("peppol-refused", "warning", "documents", "details"),
    _problem("no-enterprise-number", "warning", "customers"),
    _problem("bad-dates", "blocking", "documents", codes=(-17, -18)),
    # Customers
    _problem("customer-missing", "blocking", "relations", "customers", codes=(-16,)),
    _problem("customer-without-country", "blocking", "relations", "customers", codes=(-7,)),
    _problem("duplicate-relation", "blocking", "relations", "customers"),
    _problem("external-id-mismatch", "warning", "relations", fix="external-numbers"),
    _problem("invalid-vat-number", "warning", "customers"),
    _problem("country-vat-mismatch", "warning", "customers"),
    _problem("invalid-email", "warning", "customers"),
    _problem("duplicate-customer", "warning", "customers"),
    _problem("intra-without-vat", "warning", "customers", "details"),
    _problem("contractor", "warning", fix="contractors"),
    _problem("import-again", "warning", "imported"),
    # Payments
    _problem("paid-drift", "warning", "matches", "documents"),
    _problem("unmatched-drift", "warning", "matches", "documents"),
    _problem("communication-wrong", "warning", "documents", "details"),
    _problem("communication-missing", "warning", "documents", "details", "customers"),
    _problem("payment-parked", "warning", "matches", "documents", codes=(-26,)),
    # Access
    _problem("sign-in-refused", "blocking", "years", "settings", codes=(-1, -2, -79),
             statuses=(("Octopus", 401), ("Teamleader", 401)),
             traits=("credential", "unseen", "whole-vendor", "login")),
    _problem("dossier-refused", "blocking", "years", "settings", codes=(-3, -4, -5, -6),
             traits=("whole-vendor", "login")),
    _problem("software-house-refused", "blocking", "years", "settings", codes=(-68,),
             traits=("credential", "unseen", "whole-vendor")),
    _problem("webservice-inactive", "blocking", "years", "settings", traits=("credential", "unseen", "whole-vendor")),
    _problem("teamleader-rights", "blocking", "years", "settings", statuses=(("Teamleader", 403),),
             traits=("no-letter",)),
    _problem("no-write-right", "blocking"),
    _problem("two-dossiers", "blocking", "sides"),
    _problem("too-many-connections", "blocking", "years", "settings", codes=(-51,), statuses=(("Teamleader", 429),),
             traits=("unseen", "whole-vendor", "passes")),
    _problem("daily-limit", "warning", statuses=(("Octopus", 429),), traits=("unseen", "passes", "no-letter")),
    _problem("unreachable", "blocking", "years", "settings", traits=("unseen", "whole-vendor", "passes", "no-letter")),
    _problem("vendor-refused", "blocking", "years", "settings", codes=_UNEXPLAINED,
             statuses=(("Octopus", 400), ("Octopus", 500), ("Teamleader", 400), ("Teamleader", 422),
                       ("Teamleader", 500)), traits=("unseen", "passes", "no-letter")),
    _problem("insert-booking", "blocking", codes=(-24,)),
    _problem("no-changes", "info", statuses=(("Octopus", 404),), traits=("no-letter",)),
    # Set-up
    _problem("set-up-missing", "blocking", "years", "journals", fix="set-up", traits=("no-letter",)),
    _problem("other-connector", "blocking", "years", "journals"),
    _problem("observer-mode", "info", "documents", "bookings", traits=("no-letter",)),
    _problem("start-date-later", "warning", "bookings", "matches"),
)
# fmt: on

PROBLEMS: Mapping[str, Problem] = {problem.id: problem for problem in _ALL}
BY_CODE: Mapping[int, str] = {code: problem.id for problem in _ALL for code in problem.codes}
BY_STATUS: Mapping[tuple[Vendor, int], str] = {
    status: problem.id for problem in _ALL for status in problem.statuses
}


def has(problem: str, trait: Trait) -> bool:
    """Whether the problem is declared with this trait."""
    declared = PROBLEMS.get(problem)
    return declared is not None and trait in declared.traits


def severity_of(problem: str, *, foreseen: bool = False) -> Severity:
    """How grave a declared problem is; one grade less where it is `foreseen` and nothing has failed yet."""
    severity = PROBLEMS[problem].severity
    grades: tuple[Severity, ...] = get_args(Severity)
    return grades[min(grades.index(severity) + foreseen, len(grades) - 1)]


def parts_of(problem: str) -> frozenset[Part]:
    """What to read again to look once more at a problem; nothing for one that is not declared."""
    declared = PROBLEMS.get(problem)
    return declared.parts if declared is not None else frozenset()


def by_code(code: int) -> str:
    """The problem that an error number of Octopus (-1 and below) means; `octopus-N` for one that is on no list."""
    return BY_CODE.get(code, f"octopus-{abs(code)}")
