"""The history as the real workspace keeps it, read through a session."""

from __future__ import annotations

from pathlib import Path

from octowizard.session.session import Session
from octowizard.sync import events as e
from octowizard.workspace.db import Workspace
from octowizard.workspace.runs import RunLog
from tests.app.staged import PROFILE, document, ending


def keep(root: Path, number: int, *, dry_run: bool) -> e.DocumentBooked:
    """One run that booked one document."""
    booked = e.DocumentBooked(
        document=document(7, "Foo [BE] bvba"), bookyear=5, journal="V1", number=number, period=202603
    )
    done = ending([booked], dry_run=dry_run)
    with Workspace.open(root, PROFILE.name) as workspace:
        log = RunLog(workspace, dry_run=dry_run)
        for event in (booked, done):
            log.add(e.to_line(event), "i7" if event is booked else None)
        log.finish(e.to_line(done))
    return booked


def test_runs_come_newest_first_and_with_their_result(tmp_path: Path) -> None:
    keep(tmp_path, 1, dry_run=True)
    keep(tmp_path, 2, dry_run=False)
    runs = Session(tmp_path, PROFILE).runs()
    assert [(run.id, run.dry_run) for run in runs] == [(2, False), (1, True)]
    assert runs[0].result == ending([keep(tmp_path, 3, dry_run=False)], dry_run=False)


def test_a_preview_is_no_part_of_a_documents_history(tmp_path: Path) -> None:
    keep(tmp_path, 1, dry_run=True)
    booked = keep(tmp_path, 2, dry_run=False)
    session = Session(tmp_path, PROFILE)
    [(run, _started, events)] = session.document_runs("i7")
    assert (run, events) == (2, [booked])
    assert list(session.document_runs("i8")) == []
    first, _last = session.run_events(1)
    assert isinstance(first, e.DocumentBooked)
    assert first.document.number == "2026 / 7"
