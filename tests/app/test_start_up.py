"""What stands between the user and the first frame, and what is seen while a practice company is made ready."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from octowizard.app.app import OctowizardApp
from octowizard.cli.exits import NotReached
from octowizard.session.practice_company import Making
from octowizard.workspace.profiles import Profile, save
from tests.app.stage import text, until, words
from tests.app.staged import PROFILE

# What reads, compares, checks and explains; none of it is seen in the first frame.
HEAVY = (
    "numpy",
    "rapidfuzz",
    "python_calamine",
    "httpx",
    "keyring",
    "stamina",
    "stdnum",
    "sqlite3",
    "starlette",
)
ROOMS = (
    "octopus",
    "teamleader",
    "transport",
    "checks",
    "customers",
    "matching",
    "onboarding",
    "outbox",
    "problems",
)
FIRST_FRAME = """
import json, sys
from collections import Counter
from pathlib import Path
from threading import Thread
from textual._compositor import Compositor
from textual.css.stylesheet import Stylesheet
from octowizard.app.app import OctowizardApp
from octowizard.app.screens.home import HomeScreen
from octowizard.session.session import Session
from octowizard.workspace.profiles import load

done = Counter()

def counted(owner, name):
    method = getattr(owner, name)
    def counting(self, *given, **named):
        done[name] += 1
        return method(self, *given, **named)
    setattr(owner, name, counting)

counted(Stylesheet, "reparse")
counted(Compositor, "render_full_update")
counted(Thread, "start")
shown = OctowizardApp.post_display_hook

def first_frame_is_there(app):
    drawn = "".join(segment.text for line in app.screen._compositor.render_strips() for segment in line)
    print(json.dumps({"drawn": drawn, "loaded": sorted(sys.modules), "done": done}))
    app.call_later(app.exit)
    OctowizardApp.post_display_hook = shown

OctowizardApp.post_display_hook = first_frame_is_there
root = Path(sys.argv[1])
profile = load(root, "kept")
OctowizardApp(root, Session(root, profile)).run(headless=True, size=(80, 24))
"""


def first_frame(folder: Path) -> dict[str, Any]:
    """What the first frame of the app shows on a kept profile, and what was loaded and done before it was there."""
    save(folder, msgspec.structs.replace(PROFILE, name="kept"))
    ended = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME, str(folder)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    seen: dict[str, Any] = json.loads(ended.stdout)
    return seen


def test_the_first_frame_waits_for_home_and_nothing_else(tmp_path: Path) -> None:
    seen = first_frame(tmp_path)
    assert "Needs attention" in seen["drawn"]
    loaded = set(seen["loaded"])
    assert loaded & {*HEAVY, *(f"octowizard.{room}" for room in ROOMS)} == set()
    screens = {name for name in loaded if name.startswith("octowizard.app.screens.")}
    assert screens == {"octowizard.app.screens.home"}


def test_before_the_first_frame_the_look_is_read_once_all_is_drawn_once_and_nothing_else_is_begun(
    tmp_path: Path,
) -> None:
    assert first_frame(tmp_path)["done"] == {"render_full_update": 1}


async def test_home_is_there_while_the_practice_company_is_made_ready(tmp_path: Path) -> None:
    ready = threading.Event()

    def prepare(_tell: object) -> Profile:
        assert ready.wait(30)
        return PROFILE

    app = OctowizardApp(tmp_path, None, prepare=prepare)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "the practice company is being made ready" in text(app))
        assert "Wait a moment" in text(app)
        await pilot.press("7", "p", "r")  # there is nothing yet to go to or to read
        assert app.current_mode == "home"
        assert PROFILE.dossier_name not in text(app)
        ready.set()
        await until(pilot, lambda: PROFILE.dossier_name in text(app).splitlines()[0])
        assert "being made ready" not in text(app)
        await pilot.press("7")
        await until(pilot, lambda: app.current_mode == "sync")


async def test_of_a_large_practice_company_home_and_the_title_say_how_far_it_is_and_how_long_yet(
    tmp_path: Path,
) -> None:
    ready = threading.Event()

    def prepare(tell: Callable[[Making | None], None]) -> Profile:
        tell(Making(customers=10_000, documents=20_000, percent=46, seconds=12))
        assert ready.wait(30)
        return PROFILE

    app = OctowizardApp(tmp_path, None, prepare=prepare)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "● making the company 46 % · 12 s" in text(app).splitlines()[0])
        assert "about 12 s left · making 10.000 customers and 20.000 documents: 46 %" in words(app)
        ready.set()
        await until(pilot, lambda: PROFILE.dossier_name in text(app).splitlines()[0])
        assert "making" not in text(app)


async def test_a_practice_company_that_does_not_start_is_told_on_home_and_to_the_shell(
    tmp_path: Path,
) -> None:
    def prepare(_tell: object) -> Profile:
        raise NotReached("The practice company did not start: no port was free")

    app = OctowizardApp(tmp_path, None, prepare=prepare)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "did not start: no port was free" in text(app))
        assert "q  Leave, and start octowizard again." in text(app)
        assert "q quit" in text(app)
        await pilot.press("q")
    assert isinstance(app.crashed, NotReached)
