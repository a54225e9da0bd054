"""The runs in a support bundle of somebody else: a file that nobody has to trust.

Nothing is unpacked onto the disk, and nothing in memory beyond a bound. What the lines say is for `session.recordings`.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

import msgspec

from octowizard.locale import _
from octowizard.problems.bundle import FORMAT, RUN, BundleError

_LARGEST_FILE = 100_000_000  # bytes of the .zip
_LARGEST_RUN = 200_000_000  # bytes unpacked; a run of 20,000 documents takes 20 million
_LARGEST_ABOUT = 100_000
_MOST_FILES = 100
_RUN = re.compile(RUN.format(run=r"(\d{1,9})"))
_LAST_RUN = "last-run.jsonl"  # the name before there were several
_SPOILT = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


class _About(msgspec.Struct):
    """Of `about.json`, what decides whether it can be read."""

    octowizard: str
    bundle: str = "0"  # before runs could be read


def read_run(path: Path, run: int | None = None) -> tuple[int, list[int], list[bytes]]:
    """A run in the bundle, without a number the newest: its number, those of all, and its events, one JSON object each.

    BundleError.
    """
    if not path.is_file():
        raise BundleError(_("There is no support bundle {path}: name the .zip file.").format(path=path))
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise _spoilt(path, _("it is larger than any support bundle"))
        with zipfile.ZipFile(path) as bundle:
            _known(path, bundle)
            names = {
                int(known[1]) if (known := _RUN.fullmatch(name)) else 0: name
                for name in bundle.namelist()
                if _RUN.fullmatch(name) or name == _LAST_RUN
            }
            if not names:
                raise BundleError(
                    _("The support bundle {path} holds no run: there is nothing to play.").format(path=path)
                )
            if run is not None and run not in names:
                raise BundleError(
                    _("The support bundle {path} holds no run {run}; it holds {runs}.").format(
                        path=path, run=run, runs=", ".join(map(str, sorted(names)))
                    )
                )
            number = max(names) if run is None else run
            lines = _unpacked(path, bundle, names[number], _LARGEST_RUN).splitlines()
            return number, sorted(names), lines
    except _SPOILT:
        raise _spoilt(path, _("it is no .zip file, or was damaged on its way")) from None


def _known(path: Path, bundle: zipfile.ZipFile) -> None:
    """Is it a support bundle, of a form that this octowizard reads? BundleError."""
    names = bundle.namelist()
    foreign = len(names) > _MOST_FILES or len(set(names)) < len(names)
    if foreign or any(_leads_out(name) for name in names):
        raise _spoilt(path, _("its list of files is not one that octowizard writes"))
    try:
        about = msgspec.json.decode(_unpacked(path, bundle, "about.json", _LARGEST_ABOUT), type=_About)
        version = int(about.bundle)
    except (KeyError, ValueError, msgspec.MsgspecError):
        raise _spoilt(path, _("no octowizard wrote it")) from None
    if version > FORMAT:
        raise BundleError(
            _(
                "The support bundle {path} is of a later octowizard ({version}): install that one to play it."
            ).format(path=path, version=about.octowizard[:20])
        )


def _leads_out(name: str) -> bool:
    """Would a file of this name be unpacked elsewhere than in the folder that was meant?"""
    parts = PurePosixPath(name).parts
    return name.startswith("/") or ".." in parts or any(sign in name for sign in "\\:\0")


def _unpacked(path: Path, bundle: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A file of the bundle, read no further than `most` bytes, whatever its head says. BundleError, KeyError."""
    with bundle.open(name) as file:
        body = file.read(most + 1)
    if len(body) > most:
        raise _spoilt(path, _("it holds more than any run does"))
    return body


def _spoilt(path: Path, why: str) -> BundleError:
    return BundleError(_("{path} cannot be played as a support bundle: {why}.").format(path=path, why=why))
