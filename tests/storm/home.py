"""The home of a round: its folders, a disk that can be full, and what must hold of it: sound, and no secret outside.

As root on Linux the home is a small disk of its own in memory; elsewhere a limit on the size of files stands for it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from octowizard.workspace import database
from octowizard.workspace.vault import KEY
from tests.storm.remembered import Remembered
from tests.storm.wizard import Ended
from tests.sync.company import POST_BOOKING, PROFILE, PUT_RELATION, REGISTER_PAYMENT

Json = dict[str, Any]

MEGABYTES = 24
SECRETS = "secrets"  # the folder where they may stand, each in a file readable by its owner alone

WRITES = {"booking": POST_BOOKING, "relation": PUT_RELATION, "payment": REGISTER_PAYMENT}


class Home:
    """The folders of one octowizard's computer."""

    def __init__(self, place: Path, address: str = "") -> None:
        """`address`: of the database in which the workspaces of this home live; else they are files."""
        self.place = place
        self.root = place / "home"
        self.files = place / "files"  # where exports of the practice company go
        self.temp = place / "tmp"
        self._ballast = self.root / "ballast"
        for folder in (self.root, self.files, self.temp):
            folder.mkdir(parents=True)
        words = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=700", "tmpfs", str(self.root)]
        self.is_disk = (
            sys.platform == "linux"
            and os.geteuid() == 0
            and subprocess.run(words, capture_output=True, check=False).returncode == 0
        )
        if address:
            pointer = self.root / "profiles" / PROFILE / database.POINTER
            pointer.parent.mkdir(parents=True, mode=0o700)
            pointer.write_text(address, encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """A home of its own, English, nothing of the caller's; all that is written anywhere is written here."""
        kept = {
            name: os.environ[name]
            for name in ("PATH", "LANG", "PYTHONPATH", "VIRTUAL_ENV", KEY)
            if name in os.environ
        }
        return {
            **kept,
            "HOME": str(self.temp),
            "TMPDIR": str(self.temp),
            "XDG_STATE_HOME": str(self.temp),
            "OCTOWIZARD_HOME": str(self.root),
            "OCTOWIZARD_LANGUAGE": "en",
            "PYTHONUTF8": "1",
        }

    def fill(self, left: int) -> int | None:
        """Fill the disk but for so many bytes. Where it is no disk: the size that no file may exceed."""
        if not self.is_disk:
            largest = max((one.stat().st_size for one in self.root.rglob("*") if one.is_file()), default=0)
            return largest + left
        free = os.statvfs(self.root)
        size = free.f_bavail * free.f_frsize - left
        if size > 0:
            self._ballast.write_bytes(b"\0" * size)
        return None

    def empty(self) -> None:
        """There is room again."""
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Away with it."""
        if self.is_disk:
            subprocess.run(["umount", "-l", str(self.root)], check=False)
        shutil.rmtree(self.place, ignore_errors=True)


# --- what must hold ------------------------------------------------------------------------------------------


def leaks(home: Home, workspace: Remembered, secrets: Iterable[str], ended: Iterable[Ended]) -> Iterator[str]:
    """Secrets outside their place: in any file (SQLite's pages, a bundle), a database, what was said, /proc."""
    wanted = [(secret, secret.encode()) for secret in sorted(set(secrets)) if len(secret) > 7]
    for path in (one for one in home.place.rglob("*") if one.is_file()):
        if path.parent.name == SECRETS:
            if path.stat().st_mode & 0o077:
                yield f"{path} can be read by others"
            continue
        for name, content in _contents(path):
            yield from _standing_in(name, content, wanted)
    for name, content in workspace.contents():
        yield from _standing_in(name, content, wanted)
    for one in ended:
        for secret, text in wanted:
            if secret in one.out or secret in one.err:
                yield f"a secret ({secret[:6]}…) was said by {' '.join(one.words)}"
            if any(text in shown for shown in one.seen):
                yield f"a secret ({secret[:6]}…) stood in /proc of {' '.join(one.words)}"


def _standing_in(name: str, content: bytes, wanted: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    for secret, text in wanted:
        if text in content:
            yield f"a secret ({secret[:6]}…) stands in {name}"


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        yield str(path), path.read_bytes()
    except OSError:
        return
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as bundle:
            for name in bundle.namelist():
                yield f"{path}, {name}", bundle.read(name)


def sound(workspace: Remembered) -> Iterator[str]:
    """Its keeper finds nothing wrong, no write is in doubt, nothing was done twice."""
    if found := workspace.unsound():
        yield f"the workspace is not sound: {found}"
        return
    for kind, subject, key in workspace.rows(
        "SELECT kind, subject, natural_key FROM intent WHERE state = 'open'"
    ):
        yield f"still in doubt: {kind} {subject} {key}"
    for kind, column in (("booking", "subject"), ("relation", "subject"), ("payment", "natural_key")):
        twice = (
            f"SELECT kind, {column}, count(*) FROM intent WHERE state = 'done' AND kind = '{kind}' "
            "GROUP BY 1, 2 HAVING count(*) > 1"
        )
        for row in workspace.rows(twice):
            yield f"done twice by the workspace's own account: {row}"


def meant(workspace: Remembered, world: Json) -> Iterator[str]:
    """Every write that reached a vendor had its intent on the disk first. A call without a good key is none."""
    made: Counter[str] = Counter(dict(workspace.rows("SELECT kind, count(*) FROM intent GROUP BY kind")))
    sides = (world["octopus"], world["teamleader"])
    unsigned = Counter(one["operation"] for side in sides for one in side["refused"] if one["status"] == 401)
    for kind, operation in WRITES.items():
        calls = sum(side["calls"].get(operation, 0) for side in sides) - unsigned[operation]
        if calls > made[kind]:
            yield f"{calls} calls of {operation}, of which {made[kind]} were meant"


def writes_of(workspace: Remembered, place: str) -> list[str]:
    """Each write of this octowizard, oldest first: when it was meant, what, and how it ended."""
    rows = workspace.rows(
        "SELECT made_at, run, kind, natural_key, state, outcome, closed_at FROM intent ORDER BY id"
    )
    return [f"{made:.3f} {place}: {' | '.join(map(str, rest))}" for made, *rest in rows]
