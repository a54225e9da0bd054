"""Home's last look at both sides, as it was kept. Loads neither vendor: it is what the app shows first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from octowizard.locale import _
from octowizard.sync import events
from octowizard.sync.overview import Overview, Side
from octowizard.workspace import kept, runs
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import first_run, workspace_of
from octowizard.workspace.profiles import Profile

_READING = "overview"


def remembered(root: Path, profile: Profile) -> Overview:
    """What was last seen, offline; with the last run as it ended since."""
    with workspace_of(root, profile) as workspace:
        reading = kept.reading(workspace, _READING)
        last = last_run(workspace)
        if reading is None:
            return msgspec.structs.replace(nothing_read(profile), last_run=last)
        seen = msgspec.json.decode(reading.body, type=Overview)
        return msgspec.structs.replace(seen, last_run=last)


def remember(workspace: Workspace, seen: Overview, now: datetime) -> None:
    """Keep it for the next time."""
    kept.keep_reading(workspace, _READING, msgspec.json.encode(seen), now)


def nothing_read(profile: Profile) -> Overview:
    return Overview(
        taken_at=None,
        octopus=Side(name=f"{profile.dossier_id} {profile.dossier_name}".strip()),
        teamleader=Side(name=profile.department_name or "Teamleader"),
        next_step=_("Read both sides."),
    )


def last_run(workspace: Workspace) -> events.RunFinished | None:
    first = first_run(workspace)
    for run in runs.runs(workspace):
        if run.id >= first and not run.dry_run and run.last_line is not None:
            last = events.from_line(run.last_line)
            if isinstance(last, events.RunFinished):
                return last
    return None
