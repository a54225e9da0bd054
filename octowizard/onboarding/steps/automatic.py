"""Automatic syncing: only after a clean run by hand, with the files that make the computer do it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence

from octowizard.locale import _
from octowizard.onboarding.model import State, Step
from octowizard.onboarding.steps.parts import Told, declaration, state_of

AUTOMATIC = "automatic"
HOUR, MINUTE = 6, 30  # before anybody opens a journal; after the bank statements of the night


def automatic_sync(told: Told) -> Step:
    """Offered only when a sync by hand left nothing failing."""
    standing = told.standing
    watching = standing.profile.mode == "observer"
    waits = told.waits_for("first-sync")
    ready = waits is None and told.before.get("first-sync") is State.DONE
    answer = declaration(standing, AUTOMATIC, _("Is the automatic sync switched on?"))
    files: tuple[tuple[str, str], ...] = ()
    example = standing.profile.practice and ready and not watching
    if ready and not watching:
        files = schedules(standing.profile.name, command(), os.environ.get("OCTOWIZARD_HOME"))
    return Step(
        id="automatic-sync",
        title=_("Automatic syncing"),
        state=state_of(ready and answer.answer is True, waits=None if ready else "first-sync"),
        what=_(
            "Set the automatic synchronisation only now that the connection has been established and a run was clean."
        )
        if ready
        else _(
            "Set the automatic synchronisation only after the connection has been established and a run by hand was "
            "clean."
        ),
        why=_("What runs by itself tells nobody when it fails: mend what fails while you are looking."),
        now=(
            _("The last run was clean.") if ready else _("There was no clean run by hand yet."),
            *((_("You declared that it is switched on."),) if answer.answer else ()),
        ),
        notes=(
            _("Teamleader's own automatic sync runs by night, and its results come as notifications.")
            if watching
            else _(
                "One of these is enough: a line for cron, a timer and a service for systemd, or a command that makes a "
                "task of Windows. Each runs the sync once a day and fails visibly (exit code 1 or 3)."
            ),
            *((_("This is a practice company: take the files as an example."),) if example else ()),
        ),
        declarations=(answer,),
        files=files,
        skip=_("The sync runs when you run it."),
        problems=("set-up-missing",),
    )


def command() -> tuple[str, ...]:
    """How the octowizard that is running now is called by a program, as words."""
    found = shutil.which("octowizard")
    return (found,) if found else (sys.executable, "-m", "octowizard")


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
