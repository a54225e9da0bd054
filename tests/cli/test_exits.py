"""Exit codes are a promise to scripts, and every error is one sentence."""

import errno
import sys
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import main
from octowizard.cli.exits import CODES, NotReached, Usage, explained
from octowizard.sync.events import RunFinished
from octowizard.transport.errors import ConfigurationError, SignInRefused, Unreachable
from octowizard.transport.redact import remember_secret
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.profiles import ProfileError
from octowizard.workspace.secrets import SecretsUnavailable


def finished(**fields: Any) -> RunFinished:
    """A run that ended, with nothing to tell but these fields."""
    counts = dict.fromkeys(
        [
            "run",
            "booked",
            "relations_created",
            "relations_linked",
            "payments_registered",
            "in_sync",
            "excluded",
            "failing",
            "left_for_later",
        ],
        0,
    )
    return RunFinished(**{**counts, "dry_run": False, "outcome": "complete", **fields})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 0),
        ({"excluded": 3}, 0),
        ({"failing": 1}, 1),
        ({"payments_parked": 1}, 1),
        ({"payments_drifting": 1}, 1),
        ({"outcome": "attention"}, 1),
        ({"outcome": "refused"}, 1),
        ({"outcome": "limit", "failing": 2}, 3),
        ({"outcome": "unreachable"}, 3),
        ({"outcome": "cancelled", "failing": 2}, 130),
    ],
)
def test_a_script_can_tell_from_the_exit_code_how_a_run_ended(fields: dict[str, Any], code: int) -> None:
    assert CODES[finished(**fields).verdict] == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Usage("a sentence"), 2),
        (ConfigurationError("a sentence"), 2),
        (WorkspaceError("a sentence"), 2),
        (ProfileError("a sentence"), 2),
        (SecretsUnavailable("a sentence"), 2),
        (NotReached("a sentence"), 3),
        (Unreachable("Octopus", "POST /authenticate"), 3),
        (SignInRefused("Octopus", "POST /authenticate", status=401), 3),
        (OSError(errno.ENOSPC, "No space left on device", "/x/workspace.sqlite"), 2),
        (PermissionError(errno.EACCES, "Permission denied", "/x/profile.json"), 2),
    ],
)
def test_a_known_error_is_one_sentence_and_leaves_no_crash_report(
    error: Exception, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    sentence, given = explained(error)
    assert given == code
    assert sentence
    assert "\n" not in sentence
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_foresaw_is_one_sentence_and_a_report_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    remember_secret("hunter2-hunter2")

    def break_down(_named: object) -> None:
        raise KeyError("hunter2-hunter2 was not there")

    monkeypatch.setattr(main, "build_parser", break_down)
    assert main.run(["profiles", "list"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    (report,) = (tmp_path / "crashes").iterdir()
    assert str(report) in said.err
    text = report.read_text(encoding="utf-8")
    assert "break_down" in text
    assert "hunter2" not in text
    if sys.platform != "win32":
        assert report.stat().st_mode & 0o077 == 0


def test_ctrl_c_outside_a_run_is_130_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "build_parser", interrupted)
    assert main.run(["profiles", "list"]) == 130
    assert capsys.readouterr().err == "octowizard: Interrupted.\n"
