"""The app on the scripted session, and how a test waits for it: for what is shown, never for a time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.sync import SyncScreen
from octowizard.workspace.profiles import Profile
from tests.app.staged import NOW, PROFILE, StagedSession

PICTURES = Path(__file__).parent / "pictures"


def staged(root: Path, session: StagedSession, profile: Profile | None = PROFILE) -> OctowizardApp:
    """The app with a standing clock."""
    session.root = root
    session.profile = profile or session.profile
    return OctowizardApp(root, session if profile else None, now=lambda: NOW)


async def until(pilot: Pilot[None], met: Callable[[], bool], seconds: float = 90.0) -> None:
    """Let the app go on until `met`; fails with the screen's text when it never is."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, "never happened; the screen shows:\n" + text(pilot.app)  # type: ignore[arg-type] # ours
        await pilot.pause(0.01)
    await pilot.pause()


def text(app: OctowizardApp) -> str:
    """What stands on the screen, line by line, without blanks at the ends."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines) + "\n"


def words(app: OctowizardApp) -> str:
    """What stands on the screen as running text, however it is broken into lines."""
    return " ".join(text(app).split())


def told(app: OctowizardApp) -> str:
    """All that was said above the keys, also what has gone since."""
    return "\n".join(notice.text for notice in app.notices.past)


def sync_screen(app: OctowizardApp) -> SyncScreen:
    """The Sync screen, which must be the one that is shown."""
    assert isinstance(app.screen, SyncScreen)
    return app.screen


async def home_read(pilot: Pilot[None], app: OctowizardApp) -> None:
    """Home has read both sides."""
    await until(pilot, lambda: "read just now" in text(app) or "✖ " in text(app))


async def over(pilot: Pilot[None], app: OctowizardApp) -> None:
    """The run that is on is over, and shown so."""
    await until(pilot, lambda: isinstance(app.screen, SyncScreen) and app.screen.stage == "over")


async def settled(pilot: Pilot[None], app: OctowizardApp) -> str:
    """What stands on the screen once no layout is under way any more."""
    shown, before = text(app), ""
    while shown != before:
        before = shown
        await pilot.pause(0.03)
        shown = text(app)
    return shown


SCROLLBARS = str.maketrans("▁▂▃▄▅▆▇", "       ")


async def same_picture(pilot: Pilot[None], app: OctowizardApp, name: str, *, titled: bool = True) -> None:
    """The screen is, or soon becomes, as it was when somebody looked at it; OCTOWIZARD_UPDATE=1 keeps the new one.

    `titled`: with its first line, which counts down while something waits. Eighths of a character, by which
    scrollbars end, are left out.
    """

    async def taken() -> str:
        lines = (await settled(pilot, app)).translate(SCROLLBARS).split("\n")
        return "\n".join(line.rstrip() for line in lines[0 if titled else 1 :])

    shown = await taken()
    path = PICTURES / f"{name}.txt"
    if os.environ.get("OCTOWIZARD_UPDATE"):
        path.write_text(shown, encoding="utf-8")
    assert path.exists(), f"no picture {path.name}: look at the screen, then run with OCTOWIZARD_UPDATE=1"
    approved, deadline = path.read_text(encoding="utf-8"), time.monotonic() + 30.0
    while shown != approved and time.monotonic() < deadline:  # a busy computer may draw a part of it later
        shown = await taken()
    assert shown == approved
