"""Automatic syncing: only after a clean run by hand, with the files that make the computer do it."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from xml.sax.saxutils import escape

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
    if ready and not watching:
        files = schedules(standing.profile.name, command())
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
                "One of these files is enough: a line for cron, a timer and a service for systemd, or a task for "
                "Windows. Each runs the sync once a day and fails visibly (exit code 1 or 3)."
            ),
        ),
        declarations=(answer,),
        files=files,
        skip=_("The sync runs when you run it."),
        problems=("set-up-missing",),
    )


def command() -> str:
    """The octowizard that is running now, as a path where it is one."""
    found = shutil.which("octowizard")
    here = Path(sys.argv[0])
    return found or (str(here) if here.is_absolute() and here.is_file() else "octowizard")


def schedules(profile: str, program: str) -> tuple[tuple[str, str], ...]:
    """Ready texts, as (name, text): a crontab line, a systemd service and timer, a Windows task.

    Each runs `octowizard --profile NAME sync --yes` every day at half past six by the computer's own clock.
    """
    words = [program, "--profile", profile, "sync", "--yes"]
    line = shlex.join(words)
    cron = line.replace("%", r"\%")  # a bare % ends a command in a crontab
    quoted = " ".join(_systemd(word) for word in words)
    service = f"""[Unit]
Description=octowizard: sync {profile}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={quoted}
"""
    timer = f"""[Unit]
Description=octowizard: sync {profile} every day

[Timer]
OnCalendar=*-*-* {HOUR:02}:{MINUTE:02}:00
Persistent=true

[Install]
WantedBy=timers.target
"""
    task = f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>octowizard: sync {escape(profile)}</Description></RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T{HOUR:02}:{MINUTE:02}:00</StartBoundary>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Settings><StartWhenAvailable>true</StartWhenAvailable></Settings>
  <Actions>
    <Exec><Command>{escape(program)}</Command><Arguments>--profile {escape(profile)} sync --yes</Arguments></Exec>
  </Actions>
</Task>
"""
    name = f"octowizard-{profile}"
    return (
        ("crontab", f"{MINUTE} {HOUR} * * * {cron}\n"),
        (f"{name}.service", service),
        (f"{name}.timer", timer),
        (f"{name}.xml", task),
    )


def _systemd(word: str) -> str:
    """A word of ExecStart: % and $ mean something there, blanks need quotes."""
    plain = word.replace("%", "%%").replace("$", "$$")
    if any(character in plain for character in " \t\"'\\"):
        escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return plain
