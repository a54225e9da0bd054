"""Ledger accounts: every line has one, every category leads to one that exists, cost centres can be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from octowizard.checks.bookable import Planner
from octowizard.checks.finding import Finding, Record, check
from octowizard.checks.pages import OCTOPUS_API, TROUBLESHOOTING
from octowizard.checks.reasons import Reason
from octowizard.checks.verdicts import document_record, findings_of, verdicts
from octowizard.locale import _
from octowizard.snapshot.model import DocumentHead, Snapshot
from octowizard.workspace.profiles import Profile

PROBLEMS = ("missing-account", "unmapped-category", "unknown-account", "missing-discount-account")
MANDATORY = 1  # cost centre type of an account (Octopus' contract: 0 none, 1 mandatory, 2 optional)


@check(
    "accounts",
    lambda: _("Ledger accounts"),
    needs=("years", "journals", "documents", "bookings", "settings", "accounts", "details"),
    problems=PROBLEMS,
    again=("accounts", "settings", "details"),
    source=TROUBLESHOOTING,
)
def accounts(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Documents that no account takes, and categories that the next document could meet."""
    yield from findings_of(snapshot, profile, PROBLEMS)
    told = {
        (verdict.reason.problem, verdict.reason.title)
        for verdict in verdicts(snapshot, profile)
        if verdict.reason is not None
    }
    planner = Planner(snapshot, profile.mapping, profile.invoice_journal, profile.credit_note_journal)
    for year in snapshot.years:
        if not snapshot.accounts.get(year.id):
            continue
        for category in snapshot.categories.values():
            if category.elsewhere:
                continue  # made for another department: no document of this one needs it
            reason = planner.account_of(category.id, year)
            if not isinstance(reason, Reason) or (reason.problem, reason.title) in told:
                continue
            told.add((reason.problem, reason.title))
            yield Finding(
                problem=reason.problem,
                severity="warning",
                title=reason.title,
                records=(Record("product_category", category.name, category.id),),
                evidence=(
                    *reason.evidence,
                    _("Category “{name}”; no document with it waits yet.").format(name=category.name),
                ),
                fix=reason.fix,
                fixed_when=reason.fixed_when,
            )


@check(
    "cost-centres",
    lambda: _("Mandatory cost centres"),
    needs=("years", "journals", "documents", "bookings", "settings", "accounts", "details"),
    problems=("cost-centre-missing",),
    again=("accounts", "details"),
    source=f"{OCTOPUS_API} (costCentreType of an account; what Octopus answers without one: inferred)",
)
def cost_centres(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Accounts that demand a cost centre and propose none: Teamleader knows of none either."""
    waiting: dict[tuple[str, int], list[DocumentHead]] = {}
    for verdict in verdicts(snapshot, profile):
        if verdict.draft is None:
            continue
        chart = snapshot.accounts[verdict.draft.year.id]
        for number in dict.fromkeys(line.account_key for line in verdict.draft.lines):
            account = chart.get(number)
            if account and account.cost_centre == MANDATORY and account.default_cost_centre is None:
                waiting.setdefault((verdict.draft.year.name, number), []).append(verdict.head)
    for (year, number), heads in waiting.items():
        yield Finding(
            problem="cost-centre-missing",
            severity="warning",
            title=_("Account {account} demands a cost centre in {year}").format(account=number, year=year),
            records=tuple(map(document_record, heads)),
            evidence=(
                _("Account {account} has a mandatory cost centre and proposes none.").format(account=number),
                _("A document of Teamleader names no cost centre; Octopus may refuse the booking."),
            ),
            fix=(
                _(
                    "In Octopus: Management > Accounts > {account}, give it a cost centre that is proposed, or make "
                    "the cost centre optional."
                ).format(account=number),
            ),
            fixed_when=_("Account {account} proposes a cost centre, or demands none.").format(account=number),
        )
