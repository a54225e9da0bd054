"""Reading both sides as far as a sync needs them: one order of calls for preview, run and Home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from octowizard.checks.bookable import years_of
from octowizard.locale import _
from octowizard.snapshot import build
from octowizard.snapshot.model import DocumentHead, Snapshot
from octowizard.snapshot.take import Report, Taking, kept_documents
from octowizard.sync.accounts import Accounts
from octowizard.transport.errors import VendorError
from octowizard.workspace import links
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Profile


async def read_both(
    workspace: Workspace,
    accounts: Accounts,
    profile: Profile,
    start: date,
    *,
    resumed: bool,
    report: Report,
) -> tuple[Snapshot, list[VendorError | str]]:
    """The Snapshot, and what could not be read or refreshed today: a limit, or a sentence about its age.

    Octopus' clock must be known already (`Octopus.version`). Raises VendorError.
    """
    taking = Taking(
        workspace,
        accounts.octopus,
        accounts.teamleader,
        department_id=profile.department_id,
        resumed=resumed,
        report=report,
    )
    await taking.settings()
    await taking.documents(start)
    await taking.bookyears()
    await taking.codes()
    years = build.years(workspace)
    linked = links.documents(workspace)
    days = {head.date for head in _kept_heads(workspace) if head.id not in linked}
    concerned = [year.id for year in years if any(year.start <= day <= year.end for day in days)]
    await taking.journals(concerned)
    await taking.bookings(concerned, sorted({profile.invoice_journal, profile.credit_note_journal}))
    await taking.matches()
    sorted_out = build.triage(workspace, start)
    await taking.accounts(years_of(years, [head.date for head in sorted_out.pending]))
    known = links.customers(workspace)
    unknown = [head for head in sorted_out.pending if head.customer_id not in known]
    if unknown:
        await taking.relations()
    await taking.customers(unknown)
    notices: list[VendorError | str] = list(taking.unread_accounts.values())
    notices += [
        _("Today's calls for {what} are used up: what is shown was read at {moment}.").format(
            what=what, moment=f"{since.astimezone():%Y-%m-%d %H:%M}"
        )
        for what, since in taking.stale
    ]
    snapshot = build.build(
        workspace,
        taken_at=accounts.octopus.clock.now(),
        start=start,
        department_id=profile.department_id,
        own_currency=build.EURO,
        sorted_out=sorted_out,
    )
    return snapshot, notices


def _kept_heads(workspace: Workspace) -> Iterator[DocumentHead]:
    return chain(kept_documents(workspace, "invoice"), kept_documents(workspace, "credit_note"))
