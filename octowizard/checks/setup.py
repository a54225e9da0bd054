"""Why nothing at all can be booked: the set-up is not there yet, or another connector books.

The sync refuses to begin for these; the checks of this file say the same before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from octowizard.checks.registry import Finding, Record, check
from octowizard.locale import _, ngettext
from octowizard.planning.blockers import Blocker
from octowizard.snapshot.model import BookingHead, DepartmentFacts, DocumentHead, DossierFacts, Snapshot
from octowizard.workspace.profiles import Profile


@check(
    "setup",
    lambda: _("Set-up of Octopus, and who books"),
    needs=("years", "journals", "documents", "bookings"),
    problems=("set-up-missing", "other-connector"),
    source="https://support.focus.teamleader.eu (connecting Octopus): years, journals V1 and V2, accounts 70...",
)
def set_up(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """What keeps every document waiting."""
    reason = missing(snapshot, profile.invoice_journal, profile.credit_note_journal)
    if reason is not None and right_dossiers(snapshot, profile) is None:
        yield _blocking(reason, snapshot.pending)
    if snapshot.elsewhere and profile.mode == "connector" and not profile.other_connector_off:
        yield _blocking(other_connector(snapshot.elsewhere), [head for head, _booking in snapshot.elsewhere])


def right_dossiers(
    snapshot: Snapshot, profile: Profile
) -> tuple[DossierFacts, DepartmentFacts, tuple[DossierFacts, ...]] | None:
    """The linked dossier, the department, and the dossiers that bear its VAT number while the linked one does not."""
    department = snapshot.department
    chosen = next((found for found in snapshot.dossiers if found.id == profile.dossier_id), None)
    if department is None or department.vat_key is None or chosen is None:
        return None
    others = tuple(found for found in snapshot.dossiers if found.vat_key == department.vat_key)
    return (chosen, department, others) if others and chosen not in others else None


def _blocking(reason: Blocker, heads: Sequence[DocumentHead]) -> Finding:
    return Finding(
        problem=reason.problem,
        severity="blocking",
        title=reason.title,
        names=reason.names,
        records=tuple(Record(head.kind, head.number, head.id) for head in heads),
        evidence=reason.evidence,
    )


def missing(snapshot: Snapshot, invoice_journal: str, credit_note_journal: str) -> Blocker | None:
    """What of the set-up is missing for every waiting document; None when at least one could be booked.

    A single missing year or journal is a matter of the documents it concerns; this is about an Octopus in which
    nothing can be booked at all.
    """
    if not snapshot.pending:
        return None
    journals = (invoice_journal, credit_note_journal)
    if snapshot.years and any(key in journals for _year, key in snapshot.journals):
        return None
    evidence = []
    if not snapshot.years:
        evidence.append(_("Octopus has no fiscal year."))
    there = {key for _year, key in snapshot.journals}
    evidence += [
        _("Octopus has no journal {journal}.").format(journal=key)
        for key in dict.fromkeys(journals)
        if key not in there
    ]
    if not any(snapshot.accounts.values()):
        evidence.append(_("Octopus has no ledger accounts."))
    return Blocker(
        "set-up-missing",
        _("Octopus is not set up yet: nothing can be booked"),
        tuple(evidence),
    )


def other_connector(found: Sequence[tuple[DocumentHead, BookingHead]]) -> Blocker:
    """Documents stand in the journals that octowizard did not book."""
    shown = [
        _("{document} stands as {journal}/{number}, not booked by octowizard.").format(
            document=head.number, journal=booking.journal, number=booking.number
        )
        for head, booking in found[:5]
    ]
    if len(found) > len(shown):
        rest = len(found) - len(shown)
        shown.append(ngettext("… and {count} more.", "… and {count} more.", rest).format(count=rest))
    return Blocker(
        "other-connector",
        _("Another connector, or a person, books these documents too"),
        tuple(shown),
    )
