"""Why nothing at all can be booked: the set-up is not there yet, or another connector books.

The sync refuses to begin for these; the checks of this file say the same before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from octowizard.checks.registry import Finding, Record, check, finding
from octowizard.locale import _
from octowizard.planning import blockers
from octowizard.planning.blockers import Blocker
from octowizard.planning.plan import plan
from octowizard.snapshot.model import DepartmentFacts, DocumentHead, DossierFacts, Snapshot
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
    nothing = plan(snapshot, profile).blocker
    if nothing is not None and right_dossiers(snapshot, profile) is None:
        yield _blocking(nothing, snapshot.pending)
    if snapshot.elsewhere and profile.mode == "connector" and not profile.other_connector_off:
        yield _blocking(
            blockers.other_connector(snapshot.elsewhere), [head for head, _booking in snapshot.elsewhere]
        )


def right_dossiers(
    snapshot: Snapshot, profile: Profile
) -> tuple[DossierFacts, DepartmentFacts, tuple[DossierFacts, ...]] | None:
    """The linked dossier, the department, and the dossiers that bear its VAT number while the linked one does not."""
    department = snapshot.department
    chosen = next((dossier for dossier in snapshot.dossiers if dossier.id == profile.dossier_id), None)
    if department is None or department.vat_key is None or chosen is None:
        return None
    others = tuple(dossier for dossier in snapshot.dossiers if dossier.vat_key == department.vat_key)
    return (chosen, department, others) if others and chosen not in others else None


def _blocking(blocker: Blocker, heads: Sequence[DocumentHead]) -> Finding:
    return finding(
        blocker.problem,
        blocker.title,
        (Record(head.kind, head.number, head.id) for head in heads),
        blocker.evidence,
        blocker.names,
    )
