"""Folders 0700 and files 0600, whatever the umask: customers' data is in them.

What octowizard makes it makes so; what was there with wider rights (an older version, a copy, a backup put back) is
mended when the profile is opened, with one sentence. Mended are only `profiles`, `crashes` and `saved` with all that
is in them; the home itself may be a folder of the user's with other things in it. A home or profile that is a
symbolic link is followed, links further inside are left alone. Windows has no such bits: there the rights are those
of the user's own data folder, and nothing is done.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from octowizard.locale import _, ngettext

FOLDER = 0o700
FILE = 0o600
_OTHERS = 0o077


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, each for its owner alone. OSError as the system says it."""
    if not path.is_dir():
        if path.parent != path:
            make_folder(path.parent)
        path.mkdir(mode=FOLDER, exist_ok=True)


def make_file(path: Path) -> None:
    """Make an empty file for its owner alone where there is none. OSError as the system says it.

    A file that is there is never opened: on POSIX, closing any descriptor of a file gives up all locks that this
    process has on it, and what SQLite has open would be unguarded from then on. So it is made under another name.
    """
    if path.exists():
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    _make(fresh)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # somebody else has just made it
    except OSError:  # a file system without links
        _make(path)
    finally:
        fresh.unlink()


def write_new(path: Path, body: bytes) -> None:
    """Write a file that was not there, for its owner alone; none is left where it could not be written whole.

    FileExistsError, else OSError as the system says it.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), FILE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _make(path: Path) -> None:
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), FILE))


def mend(root: Path, profile: str) -> tuple[str, ...]:
    """Take away the rights of others on what is kept for this profile; sentences about what was wrong, at most two.

    What cannot be mended (another owner, a file system without rights) is named and does not keep anybody from
    working: refusing would not make it more private.
    """
    if sys.platform == "win32":
        return ()
    mended, stuck = 0, []
    for path, right in _kept(root, profile):
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            if not mode & _OTHERS:
                continue
            path.chmod(mode & right)
            if path.stat().st_mode & _OTHERS:
                stuck.append(path)
            else:
                mended += 1
        except FileNotFoundError:  # such as a -wal that another process has just put away
            continue
        except OSError:
            stuck.append(path)
    return tuple(_sentences(root, mended, stuck))


def _sentences(root: Path, mended: int, stuck: list[Path]) -> Iterator[str]:
    if mended:
        yield ngettext(
            "{count} file or folder in {home} was open to other users of this computer; now it is yours alone.",
            "{count} files and folders in {home} were open to other users of this computer; now they are yours alone.",
            mended,
        ).format(count=mended, home=root)
    if stuck:
        yield _(
            "{path} is open to other users of this computer, and octowizard cannot change that: it holds data of "
            "customers, so let its owner take their rights away (chmod go-rwx), or move {home} to a disk of your own."
        ).format(path=stuck[0], home=root)


def _kept(root: Path, profile: str) -> Iterator[tuple[Path, int]]:
    """All that is kept, folders before what is in them, each with the most that its owner may have."""
    profiles = root / "profiles"
    if profiles.is_dir():
        yield profiles, FOLDER
    for top in (profiles / profile, root / "crashes", root / "saved"):
        if not top.is_dir():
            continue
        yield top, FOLDER
        for place, folders, files in os.walk(top, onerror=lambda _error: None):
            for name in folders:
                if not (path := Path(place, name)).is_symlink():
                    yield path, FOLDER
            for name in files:
                if not (path := Path(place, name)).is_symlink():
                    yield path, FILE
