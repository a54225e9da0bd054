"""How many calls were made for a profile, and what is left: by the workspace's own count, without the network."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from octowizard.locale import _, pgettext
from octowizard.octopus.contract import max_calls_per_day
from octowizard.planning.blockers import SIGNING_IN
from octowizard.snapshot.parts import PARTS, clock_offset
from octowizard.transport.ledger import PERIOD, SIZE
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import workspace_of
from octowizard.workspace.ledgers import SpentCalls, TakenTurns
from octowizard.workspace.profiles import Profile

_D = "/dossiers/{dossierId}"
REMOVED = f"GET {_D}/bookyears/{{bookyearId}}/bookings/modified"  # names the bookings that were removed


class CallsLeft(msgspec.Struct, frozen=True, kw_only=True):
    """Calls left today (Octopus) or this minute (Teamleader) for one kind of call."""

    label: str
    left: int
    limit: int


class Calls(NamedTuple):
    """Calls that were counted so far, signing in aside; `left` of today's limits, `window` of Teamleader's minute."""

    octopus: int
    teamleader: int
    left: tuple[CallsLeft, ...]
    window: CallsLeft | None = None

    def since(self, before: Calls) -> Calls:
        """Those made after `before` was looked at."""
        return self._replace(
            octopus=self.octopus - before.octopus, teamleader=self.teamleader - before.teamleader
        )


def calls(root: Path, profile: Profile) -> Calls:
    """Calls counted so far, by the vendors' clock as it was last seen."""
    with workspace_of(root, profile) as workspace:
        octopus, teamleader = (_counted(workspace, vendor) for vendor in ("octopus", "teamleader"))
        if not profile.limits or "Octopus" in profile.unconnected:
            return Calls(octopus, teamleader, ())
        recent = TakenTurns(workspace).recent(
            f"teamleader/{profile.teamleader_client_id}", time.time() - PERIOD
        )
        window = CallsLeft(label="Teamleader", left=max(SIZE - len(recent), 0), limit=SIZE)
        return Calls(octopus, teamleader, _left(workspace, profile), window)


def looks_left(workspace: Workspace, profile: Profile) -> int | None:
    """How often what others book can still be looked at today; None without limits."""
    if not profile.limits:
        return None
    spent, now = SpentCalls(workspace, "Octopus"), datetime.now(UTC) + clock_offset(workspace)
    return min(
        max(limit - spent.spent(f"octopus/{profile.dossier_id}", operation, now), 0)
        for operation in (PARTS["bookings"].spends, PARTS["matches"].spends, REMOVED)
        if (limit := max_calls_per_day(operation)) is not None
    )


def _left(workspace: Workspace, profile: Profile) -> tuple[CallsLeft, ...]:
    spent, now = SpentCalls(workspace, "Octopus"), datetime.now(UTC) + clock_offset(workspace)
    operations = {
        _("bookings"): f"POST {_D}/buysellbookings",
        _("fiscal years"): PARTS["years"].spends,
        _("journals"): PARTS["journals"].spends,
        pgettext("ledger", "accounts"): f"GET {_D}/accounts",
        _("VAT codes"): PARTS["vat_codes"].spends,
        _("relations"): PARTS["relations"].spends,
    }
    return tuple(
        CallsLeft(
            label=label,
            left=max(limit - spent.spent(f"octopus/{profile.dossier_id}", operation, now), 0),
            limit=limit,
        )
        for label, operation in operations.items()
        if (limit := max_calls_per_day(operation)) is not None
    )


def _counted(workspace: Workspace, vendor: str) -> int:
    row = workspace.row(
        "SELECT count(*) FROM spent WHERE scope LIKE ? AND operation NOT IN (?, ?)",
        f"{vendor}/%",
        *SIGNING_IN,
    )
    return int(row[0]) if row else 0
