"""VAT: every rate leads to a VAT code for sales and for credit notes, and the VAT of a document fits its rates."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from octowizard.books.money import ZERO, cents
from octowizard.checks.grouping import SHOWN, ahead, document_record, findings_of, named_already
from octowizard.checks.peppol import is_electronic
from octowizard.checks.registry import Finding, Record, check, finding
from octowizard.checks.sources import OCTOPUS_API
from octowizard.locale import _
from octowizard.locale.formats import amount
from octowizard.planning.blockers import Blocker
from octowizard.planning.plan import planner_of
from octowizard.snapshot.model import DocumentDetail, DocumentHead, Kind, Snapshot
from octowizard.workspace.profiles import Profile

PROBLEMS = ("unmapped-vat", "vat-code-wrong-type")
TOLERATED = Decimal("0.05")  # rounding each line explains so much on an ordinary document (inferred)
_KINDS: tuple[Kind, ...] = ("invoice", "credit_note")


@check(
    "vat-codes",
    lambda: _("VAT rates against VAT codes"),
    needs=("years", "journals", "documents", "bookings", "settings", "vat_codes", "accounts", "details"),
    whole_with=("currencies",),
    problems=PROBLEMS,
    source=f"{OCTOPUS_API} (VAT codes and their types); which zero rate is which: inferred from descriptions",
)
def vat_codes(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Documents whose rate has no code; and rates that the next document could bear."""
    yield from findings_of(snapshot, profile, PROBLEMS)
    named = named_already(snapshot, profile)
    planner = planner_of(snapshot, profile)
    for rate in snapshot.tax_rates.values():
        for kind in _KINDS:
            blocker = planner.vat_code_of(rate.id, kind)
            if not isinstance(blocker, Blocker) or (blocker.problem, blocker.title) in named:
                continue
            named.add((blocker.problem, blocker.title))
            record = Record("tax_rate", rate.description, rate.id)
            yield ahead(blocker, record, *blocker.evidence, _("No document with this rate waits yet."))


@check(
    "rounding",
    lambda: _("VAT per line against VAT per rate"),
    needs=("documents", "bookings", "details", "customers", "years", "journals"),
    problems=("rounding-difference",),
    source="https://docs.peppol.eu/poacc/billing/3.0/ (BR-CO-17: VAT per rate = base x rate, rounded)",
)
def rounding(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Documents whose VAT is more than five cents off base x rate.

    Teamleader rounds per line, an electronic invoice per rate: a cent or two is normal and no finding. Beyond that it
    is a warning where the law asks for an electronic invoice, which is rounded on the total per rate since 2026.
    """
    groups: dict[bool, list[tuple[DocumentHead, list[str]]]] = {True: [], False: []}
    for head in snapshot.pending:
        detail = snapshot.details.get(head.id)
        lines = list(_beyond_rounding(head, detail)) if detail is not None else []
        if detail is not None and lines:
            electronic = is_electronic(head, snapshot.customers.get(head.customer_id))
            groups[electronic].append(
                (head, [*lines, _rounded_per_rate(head, detail)] if electronic else lines)
            )
    for electronic, differing in groups.items():
        if differing:
            yield finding(
                "rounding-difference",
                _("The VAT of an electronic invoice is rounded per line, where the law asks it per rate")
                if electronic
                else _("The VAT of a document is not its base times its rate"),
                (document_record(head) for head, _lines in differing),
                [line for _head, lines in differing for line in lines][: 2 * SHOWN],
                foreseen=not electronic,
            )


def _rounded_per_rate(head: DocumentHead, detail: DocumentDetail) -> str:
    vat = sum((cents(total.base * total.rate) for total in detail.totals), ZERO)
    return _("{document}: rounded per rate the total is {due}; the document says {said}.").format(
        document=head.number, due=amount(detail.total_base + vat), said=amount(detail.total)
    )


def _beyond_rounding(head: DocumentHead, detail: DocumentDetail) -> Iterator[str]:
    for total in detail.totals:
        due = cents(total.base * total.rate)
        if abs(total.vat - due) > TOLERATED:
            yield _("{document}: {base} at {rate} % is {due} VAT; the document says {said}.").format(
                document=head.number,
                base=amount(total.base),
                rate=f"{(total.rate * 100).normalize():f}",
                due=amount(due),
                said=amount(total.vat),
            )
