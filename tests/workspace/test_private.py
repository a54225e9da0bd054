"""Nobody else on the computer reads what octowizard keeps."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from octowizard.app import clipboard
from octowizard.workspace import private, settings
from octowizard.workspace.db import Workspace
from octowizard.workspace.lock import only_one
from octowizard.workspace.profiles import folder, save
from octowizard.workspace.secrets import OCTOPUS_PASSWORD, SecretStore
from tests.workspace.test_profiles import profile as a_profile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")


@pytest.fixture
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def _open_to_others(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.stat().st_mode & 0o077)


@pytest.mark.parametrize("umask", [0, 0o022, 0o077], indirect=True)
def test_whatever_the_umask_all_that_is_kept_is_its_owners_alone(tmp_path: Path, umask: None) -> None:
    home = tmp_path / "not" / "there yet"
    save(home, a_profile("acme"))
    place = folder(home, "acme")
    SecretStore("acme", place, "file", environ={}).write(OCTOPUS_PASSWORD, "geheim")
    settings.save(home, settings.Settings())
    clipboard.save(home / "saved", "customers", datetime(2026, 11, 20, tzinfo=UTC))
    with Workspace.open(home, "acme") as workspace, only_one(place, "sync"):
        with workspace.durable() as db:
            db.execute("INSERT INTO exclusion VALUES ('1', 'now')")
        kept = {path.name for path in place.iterdir()}
        assert {"workspace.sqlite-wal", "workspace.sqlite-shm", "sync.lock", "sync.json"} <= kept
        assert _open_to_others(tmp_path) == []


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    """A home as an older version under a wide umask left it, with something of the user's beside it."""
    place = folder(tmp_path, "acme")
    place.mkdir(parents=True)
    for path in (place / "profile.json", place / "workspace.sqlite", tmp_path / "notes.txt"):
        path.touch()
        path.chmod(0o644)
    for path in (place, place.parent):
        path.chmod(0o755)
    return tmp_path


def test_what_was_open_to_others_is_closed_and_said_once(opened: Path) -> None:
    (said,) = private.mend(opened, "acme")
    assert said.startswith("4 files and folders in ")
    assert _open_to_others(opened) == ["notes.txt"], "what is not octowizard's is left alone"
    assert private.mend(opened, "acme") == ()


def test_a_home_behind_a_link_is_closed_and_links_in_it_are_not_followed(opened: Path) -> None:
    outside = opened / "notes.txt"
    folder(opened, "acme").joinpath("link").symlink_to(outside)
    home = opened / "home"
    home.symlink_to(opened, target_is_directory=True)
    (said,) = private.mend(home, "acme")
    assert "4 files" in said
    assert outside.stat().st_mode & 0o777 == 0o644


def test_what_cannot_be_closed_is_named_and_keeps_nobody_from_working(
    opened: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted", str(self))

    monkeypatch.setattr(Path, "chmod", refuse)
    (said,) = private.mend(opened, "acme")
    assert str(opened / "profiles") in said
    assert "chmod go-rwx" in said


def test_a_disk_without_rights_is_named_too(opened: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "chmod", lambda self, mode: None)
    (said,) = private.mend(opened, "acme")
    assert "octowizard cannot change that" in said


def test_a_file_that_could_not_be_written_whole_is_not_left_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fdopen

    def full(descriptor: int, mode: str) -> Any:
        real(descriptor, mode).close()

        def write(_body: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        return nullcontext(SimpleNamespace(write=write))

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(OSError, match="No space"):
        private.write_new(tmp_path / "report.html", b"x")
    monkeypatch.undo()
    private.write_new(tmp_path / "report.html", b"whole")  # the same command again, once there is room
    assert (tmp_path / "report.html").read_bytes() == b"whole"
