"""Access: what a vendor refused while both sides were read, the dossier that was chosen, the calls of the day."""

from __future__ import annotations

from collections.abc import Iterator

from octowizard.checks.registry import Finding, Record, check, finding
from octowizard.checks.setup import right_dossiers
from octowizard.checks.sources import CONNECTING, OCTOPUS_API
from octowizard.locale import _, ngettext
from octowizard.locale.counted import counted
from octowizard.locale.formats import count
from octowizard.planning.plan import nothing_bookable
from octowizard.snapshot.model import Snapshot, Trouble
from octowizard.workspace.profiles import Profile


@check(
    "access",
    lambda: _("Sign-in and rights"),
    needs=(),
    problems=(
        *("sign-in-refused", "dossier-refused", "software-house-refused", "teamleader-rights"),
        *("webservice-inactive", "too-many-connections", "unreachable", "vendor-refused"),
    ),
    source=OCTOPUS_API,
)
def access(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """One finding per vendor and refusal."""
    groups: dict[tuple[str, str], list[Trouble]] = {}
    for trouble in snapshot.troubles:
        if trouble.problem != "daily-limit":  # that is told of what could not be checked, and why
            groups.setdefault((trouble.vendor, trouble.problem), []).append(trouble)
    for (vendor, problem), troubles in groups.items():
        yield finding(
            problem,
            _title(vendor, problem),
            (Record("account", vendor, vendor.lower()),),
            dict.fromkeys(trouble.said for trouble in troubles),
            {"dossier": profile.dossier_name} if profile.dossier_name else {},
            refusals=troubles,
        )


def _title(vendor: str, problem: str) -> str:
    match problem:
        case "sign-in-refused":
            return _("{vendor} refuses the sign-in").format(vendor=vendor)
        case "unreachable":
            return _("{vendor} cannot be reached").format(vendor=vendor)
        case "dossier-refused":
            return _("Octopus does not open the dossier")
        case "software-house-refused":
            return _("Octopus does not accept the software house for this dossier")
        case "webservice-inactive":
            return _("The web service of Octopus is not active for this user")
        case "too-many-connections":
            return _("Octopus allows no more connections for now")
        case "teamleader-rights":
            return _("Teamleader does not show this user what octowizard needs")
        case _:
            return _("{vendor} refused to tell something").format(vendor=vendor)


@check(
    "dossier",
    lambda: _("The right dossier"),
    needs=("sides",),
    problems=("two-dossiers",),
    source=CONNECTING,
)
def dossier(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """The login sees several dossiers, and another one bears the VAT number of the department."""
    wrong = right_dossiers(snapshot, profile)
    if wrong is None:
        return
    chosen, department, others = wrong
    stuck = nothing_bookable(snapshot, profile) is not None
    yield finding(
        "two-dossiers",
        _("The profile is linked to another dossier than the department's"),
        (Record("dossier", shown.name, str(shown.id)) for shown in (chosen, *others)),
        (
            ngettext(
                "The Octopus login sees {count} dossier.",
                "The Octopus login sees {count} dossiers.",
                len(snapshot.dossiers),
            ).format(count=len(snapshot.dossiers)),
            _("Linked is {chosen} ({their}); {department} ({ours}) is {right}.").format(
                chosen=chosen.name,
                their=chosen.vat_key or _("no VAT number"),
                department=department.name,
                ours=department.vat_key,
                right=others[0].name,
            ),
        ),
        {"dossier": others[0].name},
        foreseen=not stuck,
    )


@check(
    "calls",
    lambda: _("Calls of the day"),
    needs=("documents", "bookings"),
    problems=("daily-limit",),
    source=OCTOPUS_API,
)
def calls(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """More documents wait than Octopus takes bookings today."""
    left, waiting = snapshot.bookings_left, len(snapshot.pending)
    if left is None or left >= waiting or not profile.limits:
        return
    yield finding(
        "daily-limit",
        _("Octopus does not take all waiting documents today"),
        evidence=(
            ngettext(
                "{waiting} waits; Octopus takes {left} more booking today.",
                "{waiting} wait; Octopus takes {left} more bookings today.",
                left,
            ).format(waiting=counted("document", waiting), left=count(left)),
        ),
        foreseen=True,
    )
