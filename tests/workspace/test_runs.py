"""The history: every event of every run, as it was shown."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from octowizard.workspace.db import Workspace
from octowizard.workspace.runs import RunLog, document_lines, run_lines, runs


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workspace.sqlite"


@pytest.fixture
def workspace(path: Path) -> Iterator[Workspace]:
    with Workspace(path) as opened:
        yield opened


def test_a_finished_run_is_read_back_line_by_line(workspace: Workspace, path: Path) -> None:
    log = RunLog(workspace, dry_run=True)
    lines = [f'{{"n": {n}, "name": "Foo [BE] é"}}'.encode() for n in range(450)]
    for line in lines:
        log.add(line, None)
    log.finish(b'{"event": "run_finished"}')
    with Workspace(path) as later:
        assert list(run_lines(later, log.id)) == lines
        (run,) = runs(later)
    assert (run.id, run.dry_run, run.last_line) == (log.id, True, b'{"event": "run_finished"}')
    assert run.finished is not None
    assert run.started <= run.finished <= datetime.now(UTC)


def test_a_run_that_was_cut_off_is_shown_as_such_with_what_it_had_said(
    workspace: Workspace, path: Path
) -> None:
    log = RunLog(workspace, dry_run=False)
    for n in range(450):
        log.add(str(n).encode(), None)
    with Workspace(path) as later:  # as after a kill: nothing was flushed at the end
        (run,) = runs(later)
        written = list(run_lines(later, run.id))
    assert (run.finished, run.last_line, run.dry_run) == (None, None, False)
    assert len(written) >= 400
    assert written == [str(n).encode() for n in range(len(written))]


def test_what_happened_to_a_document_is_told_over_all_runs_oldest_first(workspace: Workspace) -> None:
    for run in (b"1", b"2"):
        log = RunLog(workspace, dry_run=False)
        log.add(run + b" other", "d-2")
        log.add(run + b" failed", "d-1")
        log.add(run + b" general", None)
        log.finish(b"{}")
    preview = RunLog(workspace, dry_run=True)
    preview.add(b"3 booked", "d-1")
    preview.finish(b"{}")
    assert list(document_lines(workspace, "d-1")) == [b"1 failed", b"2 failed"]
    assert list(document_lines(workspace, "unheard of")) == []
    assert [record.id for record in runs(workspace)] == [3, 2, 1]
    assert list(run_lines(workspace, 99)) == []


def test_a_run_without_events_is_a_run_all_the_same(workspace: Workspace) -> None:
    log = RunLog(workspace, dry_run=False)
    log.flush()
    log.finish(b"{}")
    assert [record.id for record in runs(workspace)] == [log.id]
    assert list(run_lines(workspace, log.id)) == []
