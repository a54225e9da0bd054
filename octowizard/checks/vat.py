"""VAT: every rate leads to a VAT code for sales and for credit notes, and the VAT of a document fits its rates."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from octowizard.books.money import cents
from octowizard.checks.grouping import SHOWN, ahead, document_record, findings_of, named_already
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
    needs=("documents", "bookings", "details", "years", "journals"),
    problems=("rounding-difference",),
    source="https://docs.peppol.eu/poacc/billing/3.0/ (BR-CO-17: VAT per rate = base x rate, rounded)",
)
def rounding(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Documents whose VAT is more than five cents off base x rate.

    Teamleader rounds per line, an electronic invoice per rate: a cent or two is normal and no finding.
    """
    differing: list[tuple[DocumentHead, str]] = []
    for head in snapshot.pending:
        detail = snapshot.details.get(head.id)
        if detail is not None:
            differing += [(head, line) for line in _beyond_rounding(head, detail)]
    if not differing:
        return
    heads = {head.id: head for head, _line in differing}
    yield finding(
        "rounding-difference",
        _("The VAT of a document is not its base times its rate"),
        map(document_record, heads.values()),
        (line for _head, line in differing[:SHOWN]),
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
