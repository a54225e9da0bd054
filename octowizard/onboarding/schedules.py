"""Ready files that make a computer run the sync every day: crontab, systemd, the task scheduler of Windows."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence

from octowizard import itself

HOUR, MINUTE = 6, 30  # before anybody opens a journal; after the bank statements of the night


def command() -> tuple[str, ...]:
    """How the octowizard that is running now is called by a program, as words."""
    if itself.is_standalone():
        return (sys.executable,)
    installed = shutil.which("octowizard")
    return (installed,) if installed else tuple(itself.part("octowizard"))


def schedules(profile: str, program: Sequence[str], home: str | None = None) -> tuple[tuple[str, str], ...]:
    """Ready texts, as (name, text): a crontab line, a systemd service and timer, a command that makes a Windows task.

    Each runs `octowizard --profile NAME sync --yes` every day at half past six by the computer's own clock. `home`:
    the folder of the profiles where it is not the usual one.
    """
    words = [*program, "--profile", profile, "sync", "--yes"]
    where = f"OCTOWIZARD_HOME={shlex.quote(home)} " if home else ""
    cron = f"{where}{shlex.join(words)}".replace("%", r"\%")  # a bare % ends a command in a crontab
    quoted = " ".join(_systemd(word) for word in words)
    environment = f"Environment={_systemd(f'OCTOWIZARD_HOME={home}')}\n" if home else ""
    service = f"""[Unit]
Description=octowizard: sync {profile}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
{environment}ExecStart={quoted}
"""
    timer = f"""[Unit]
Description=octowizard: sync {profile} every day

[Timer]
OnCalendar=*-*-* {HOUR:02}:{MINUTE:02}:00
Persistent=true

[Install]
WantedBy=timers.target
"""
    run = subprocess.list2cmdline(words)
    if home:
        run = f'cmd /c "set OCTOWIZARD_HOME={home}&& {run}"'
    name = f"octowizard-{profile}"
    at = f"{HOUR:02}:{MINUTE:02}"
    task = subprocess.list2cmdline(
        ["schtasks", "/Create", "/SC", "DAILY", "/ST", at, "/TN", name, "/TR", run]
    )
    return (
        ("crontab", f"{MINUTE} {HOUR} * * * {cron}\n"),
        (f"{name}.service", service),
        (f"{name}.timer", timer),
        (f"{name}.cmd", f"{task}\n"),
    )


def _systemd(word: str) -> str:
    """A word of a unit file: % and $ mean something there, blanks and quotes need quotes."""
    plain = word.replace("%", "%%").replace("$", "$$")
    if any(character in plain for character in " \t\"'\\"):
        escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return plain
