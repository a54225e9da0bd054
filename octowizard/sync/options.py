"""How a sync is to run; loads neither vendor."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from octowizard.workspace.profiles import Mirror


class SyncOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to run. None and empty mean: as the profile says, everything."""

    dry_run: bool = False
    fresh: bool = False  # a preview reads again what was read a few minutes ago; a run always does
    start_date: date | None = None
    numbering: Literal["follow", "next"] | None = None
    only: tuple[str, ...] = ()  # Teamleader document ids: just these, no payments
    mirror: Mirror | None = None  # journal and account for payments made in Teamleader
    no_other_connector: bool = False  # the user confirms that Teamleader's own sync is switched off
