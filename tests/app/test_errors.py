"""Whatever goes wrong is one sentence on the screen, and the app goes on."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from octowizard.app import clipboard
from octowizard.app.app import OctowizardApp
from octowizard.progress import Report
from octowizard.session import terminal
from octowizard.session.profile_session import Checked
from octowizard.session.session import Session
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.profiles import ProfileError, folder, save
from octowizard.workspace.secrets import SecretStore, secret_names
from tests.app.stage import home_read, over, staged, text, told, until, words
from tests.app.staged import NOW, PROFILE, StagedSession
from tests.app.staged_checks import checked

DAMAGED = "The workspace /home/x [/]/workspace.sqlite is damaged."


@pytest.mark.parametrize("error", [WorkspaceError(DAMAGED), ProfileError(DAMAGED)])
async def test_a_broken_workspace_is_told_on_home_and_in_a_run(tmp_path: Path, error: Exception) -> None:
    session = StagedSession()
    session.look_raises = session.raises = error
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: DAMAGED in text(app))
        assert "⏎  Mend what stands below, then read both sides again." in text(app)
        await pilot.press("7", "p")
        await over(pilot, app)
        assert DAMAGED in text(app)
        session.raises = None
        await pilot.press("p")
        await until(pilot, lambda: "2026 / 144" in text(app))


@pytest.mark.parametrize(("found", "last"), [(checked(), "✖ "), (StagedSession().checked, "✔ Nothing.")])
async def test_home_says_that_nothing_needs_attention_only_when_all_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Checked, last: str
) -> None:
    session, may_check = StagedSession(), threading.Event()
    session.overview = msgspec.structs.replace(session.overview, attention=())
    session.checked = found
    monkeypatch.setattr(session, "remembered", lambda: session.overview)
    look = session.look

    async def waiting(*, fresh: bool = False, report: Report) -> Checked:
        del report
        assert await asyncio.to_thread(may_check.wait, 30)
        return await look(fresh=fresh)

    monkeypatch.setattr(session, "look", waiting)
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Still looking for what needs attention." in text(app))
        assert "Nothing." not in text(app)
        may_check.set()
        await until(pilot, lambda: last in text(app).partition("Needs attention")[2])
        assert "Still looking" not in text(app)
        assert ("✔ Nothing." in text(app)) == (last == "✔ Nothing.")


async def test_the_next_step_is_to_read_again_when_a_side_cannot_be_reached(tmp_path: Path) -> None:
    profile = msgspec.structs.replace(PROFILE, secrets="file")
    store = SecretStore(profile.name, folder(tmp_path, profile.name), "file", environ={})
    for name in secret_names():
        store.write(name, "invented")
    app = OctowizardApp(tmp_path, Session(tmp_path, profile), now=lambda: NOW)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "⏎ Look at the connection, then read both sides again." in words(app))
        assert "Preview the sync" not in words(app)
        assert "r read again" in text(app)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
async def test_what_was_open_to_others_is_said_when_the_app_opens(tmp_path: Path) -> None:
    save(tmp_path, PROFILE)
    kept = folder(tmp_path, PROFILE.name) / "profile.json"
    kept.chmod(0o644)
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "1 file or folder in " in told(app))
        assert "was open to other users of this computer; now it is yours alone." in told(app)
        assert kept.stat().st_mode & 0o077 == 0


async def test_an_unexpected_error_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    session = StagedSession()
    session.raises = ZeroDivisionError("division by zero")
    app = staged(tmp_path, session)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        assert "did not expect (ZeroDivisionError: division by zero)" in words(app)
        assert "Traceback" not in text(app)
        await pilot.press("1")
        await home_read(pilot, app)


def saved(root: Path) -> list[Path]:
    return sorted((root / "saved").glob("*.txt")) if (root / "saved").exists() else []


async def test_copying_over_ssh_says_which_way_it_went_and_never_that_it_worked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    monkeypatch.setenv("DISPLAY", ":0")
    app = staged(tmp_path, StagedSession())
    assert app.animation_level == "none"
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("down", "c")
        await until(pilot, lambda: "Handed to your terminal (OSC 52)" in text(app))
        assert "2026 / 144 The period is closed" in app.clipboard
        assert "(-26) Periode is afgesloten [202603]" in app.clipboard
        await pilot.press("w")
        await until(pilot, lambda: bool(saved(tmp_path)))
        await until(pilot, lambda: "Saved to" in text(app))
        assert saved(tmp_path)[0].read_text(encoding="utf-8") == app.clipboard


async def test_what_is_saved_on_a_passing_practice_company_stays_where_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passing, here = tmp_path / "passing", tmp_path / "here"
    passing.mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    session = StagedSession()
    session.fresh = True
    app = staged(passing, session)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await home_read(pilot, app)
        assert "⏎  Let journal V2 take sales bookings" in text(app)  # the key stands where the cursor is
        await pilot.press("w")
        await until(pilot, lambda: bool(list(here.glob("octowizard *.txt"))))
        await until(pilot, lambda: f"Saved to {here}" in told(app))
        assert saved(passing) == []


async def test_opening_in_the_browser_prints_the_address_for_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    opened: list[str] = []
    app = staged(tmp_path, StagedSession(), msgspec.structs.replace(PROFILE, practice=False))
    monkeypatch.setattr("octowizard.app.app.open_browser", opened.append)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("down", "o")
        await until(pilot, lambda: bool(opened))
        assert opened == ["https://focus.teamleader.eu/invoice_detail.php?id=144"]
        assert "invoice_detail.php?id=144" in text(app)
        app.open_address("javascript:alert(1)")
        app.open_address("file:///etc/passwd")
        await until(pilot, lambda: "not a web address" in text(app))
    assert len(opened) == 1


def test_the_clipboard_tool_is_that_of_the_person_and_not_of_a_far_machine() -> None:
    assert terminal.system_tool({"SSH_TTY": "/dev/pts/1", "DISPLAY": ":0"}, "linux") is None
    assert terminal.system_tool({}, "linux") is None


def test_a_clipboard_tool_that_fails_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(clipboard._TOOLS, "xclip", ("octowizard-no-such-tool",))
    assert clipboard.give_to("xclip", "text") is False
    assert "OSC 52" in clipboard.route_text(None)
    assert "xclip" in clipboard.route_text("xclip")


def test_two_files_saved_in_one_second_are_both_kept(tmp_path: Path) -> None:
    first = clipboard.save(tmp_path, "one", NOW)
    second = clipboard.save(tmp_path, "two", NOW)
    assert first != second
    assert (first.read_text(), second.read_text()) == ("one", "two")
