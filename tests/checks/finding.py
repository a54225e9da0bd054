"""What the checks find in a small Snapshot. Not a test."""

from typing import Any

import msgspec

from octowizard.checks.registry import Finding, run_checks
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile
from tests.build import PROFILE, SOUND


def findings_in(snapshot: Snapshot = SOUND, profile: Profile = PROFILE, **changes: Any) -> list[Finding]:
    """The findings, with these members of the Snapshot changed."""
    return run_checks(msgspec.structs.replace(snapshot, **changes), profile)[0]


def only_finding(**changes: Any) -> Finding:
    """The one finding that there is then."""
    (finding,) = findings_in(**changes)
    return finding
