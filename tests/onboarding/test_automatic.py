"""The ready files of the automatic sync can be taken over as they are."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from octowizard.onboarding.schedules import command, schedules

PROGRAM = ("/opt/my tools/100%/octowizard",)


def of(home: str | None = None) -> dict[str, str]:
    return {name.rpartition(".")[2]: text for name, text in schedules("acme", PROGRAM, home)}


def test_the_crontab_line_runs_the_sync_once_a_day() -> None:
    minute, hour, *days, rest = of("/srv/o")["crontab"].rstrip("\n").split(" ", 5)
    assert (minute, hour, days) == ("30", "6", ["*", "*", "*"])
    assert shlex.split(rest.replace(r"\%", "%")) == [
        "OCTOWIZARD_HOME=/srv/o",
        *PROGRAM,
        "--profile",
        "acme",
        "sync",
        "--yes",
    ]
    assert "%" not in rest.replace(r"\%", "")


def test_the_units_of_systemd_name_the_program_and_the_time() -> None:
    files = of("/srv/o o")
    service = configparser.RawConfigParser(delimiters="=")
    service.optionxform = str  # type: ignore[assignment,method-assign]  # names of units have capitals
    service.read_string(files["service"])
    assert service["Service"]["ExecStart"] == '"/opt/my tools/100%%/octowizard" --profile acme sync --yes'
    assert service["Service"]["Environment"] == '"OCTOWIZARD_HOME=/srv/o o"'
    timer = configparser.RawConfigParser(delimiters="=")
    timer.read_string(files["timer"])
    assert timer["Timer"]["oncalendar"] == "*-*-* 06:30:00"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    names = []
    for name, text in schedules("acme", (sys.executable, "-m", "octowizard")):
        if name.endswith((".service", ".timer")):
            (tmp_path / name).write_text(text, encoding="utf-8")
            names.append(str(tmp_path / name))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, check=False, text=True
    )
    assert str(tmp_path) not in checked.stderr


def test_the_task_of_windows_is_one_command() -> None:
    line = of()["cmd"]
    assert line.startswith("schtasks /Create /SC DAILY /ST 06:30 /TN octowizard-acme /TR ")
    assert r"\"/opt/my tools/100%/octowizard\" --profile acme sync --yes" in line


def test_the_program_that_runs_now_is_named_so_that_it_is_found() -> None:
    assert shutil.which(command()[0]) is not None
