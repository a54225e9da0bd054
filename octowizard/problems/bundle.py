"""The support bundle: what somebody who helps needs to see of a problem, in one .zip, through the one redactor.

It holds no password, token or key. Names, numbers and amounts of documents stay, unless they are left out: they are
what it is about. `bundle_reading` reads the runs in it, elsewhere.
"""

from __future__ import annotations

import os
import platform
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from importlib import metadata
from pathlib import Path

import msgspec

from octowizard import __version__
from octowizard.locale import _
from octowizard.problems.diagnosis import Diagnosis
from octowizard.transport.redact import HIDDEN, redact, redacted
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.names import refusal
from octowizard.workspace.profiles import Profile
from octowizard.workspace.runs import run_lines, runs
from octowizard.workspace.secrets import SecretsUnavailable, secret_names, store_of

_PARTS = ("msgspec", "httpx", "textual", "keyring")
_CRASHES = 3  # the newest ones
_LONGEST = 2_000_000  # characters of one crash report


FORMAT = 1
"""Raised when a reader of before could not read the runs of a bundle any more."""
RUN = "runs/{run}.jsonl"

_decode = msgspec.json.Decoder(float_hook=Decimal).decode  # an amount stays letter for letter what it was
_encode = msgspec.json.Encoder(decimal_format="number").encode


class BundleError(Exception):
    """The bundle cannot be written, or not read; the message is one sentence."""


def write_bundle(
    target: Path,
    root: Path,
    profile: Profile | None,
    *,
    text: str = "",
    diagnosis: Diagnosis | None = None,
    run: int | None = None,
    names: bool = True,
) -> tuple[str, ...]:
    """Write the bundle, readable by its owner alone, and return the names of its files. BundleError.

    `text`, `diagnosis`: the message that it is about. `run`: the run that it is about; without one the newest, and
    the newest that wrote. Without `names` all is left out that tells of customers: runs, messages, crash reports.
    """
    if why := refusal(target.name):
        raise BundleError(why)
    if profile is not None:
        _know_secrets(root, profile)
    files = {"about.json": _json(_about())}
    if diagnosis is not None:
        files = {"message.txt": redact(text), "diagnosis.json": _json(diagnosis), **files}
    if profile is not None:
        hidden = msgspec.structs.replace(profile, octopus_user=HIDDEN, teamleader_client_id=HIDDEN)
        if not names:
            hidden = msgspec.structs.replace(
                hidden,
                name=HIDDEN,
                dossier_name=HIDDEN,
                department_name=HIDDEN,
                department_id=HIDDEN,
                dossier_id=0,
            )
        files["profile.json"] = _json(hidden)
        files.update(_remembered(root, profile, run, names=names))
    if names:
        files.update(_crashes(root))
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, body in files.items():
                bundle.writestr(name, body.encode("utf-8", "backslashreplace"))
    except FileExistsError:
        raise BundleError(
            _("{path} exists already: name another file for the support bundle.").format(path=target)
        ) from None
    except OSError as error:
        raise BundleError(
            _("The support bundle cannot be written to {path} ({reason}).").format(
                path=target, reason=error.strerror
            )
        ) from None
    return tuple(files)


def _json(value: object) -> str:
    return msgspec.json.format(_encode(redacted(msgspec.to_builtins(value))), indent=2).decode() + "\n"


def _line(line: bytes) -> str:
    """An event without secrets: still an event, whatever a secret looks like."""
    try:
        return _encode(redacted(_decode(line))).decode()
    except msgspec.DecodeError:  # damaged on the disk
        return redact(line.decode("utf-8", "replace"))


def _about() -> dict[str, str]:
    entries = {
        "bundle": str(FORMAT),
        "octowizard": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    for part in _PARTS:
        with suppress(metadata.PackageNotFoundError):
            entries[part] = metadata.version(part)
    return entries


def _remembered(root: Path, profile: Profile, run: int | None, *, names: bool) -> dict[str, str]:
    """The events of the runs that it is about, and how many calls of each kind were counted."""
    entries: dict[str, str] = {}
    try:
        with Workspace.open(root, profile.name) as workspace:
            for number in _runs_of(workspace, run) if names else ():
                lines = map(_line, run_lines(workspace, number))
                entries[RUN.format(run=number)] = "".join(f"{line}\n" for line in lines)
            counted = workspace.rows(
                "SELECT operation, count(*) FROM spent GROUP BY operation ORDER BY operation"
            )
            entries["calls.txt"] = redact(
                "".join(f"{number:6}  {operation}\n" for operation, number in counted)
            )
    except WorkspaceError as error:
        entries["workspace.txt"] = redact(f"{error}\n")
    return entries


def _runs_of(workspace: Workspace, run: int | None) -> Iterable[int]:
    """The run, or the newest; after a preview also the newest that wrote: it is often that which failed."""
    if run is not None:
        return (run,)
    past = runs(workspace)
    wrote = [one for one in past if not one.dry_run]
    return dict.fromkeys(one.id for one in (*past[:1], *wrote[:1]))


def _crashes(root: Path) -> dict[str, str]:
    """The newest crash reports: the only log that octowizard writes to a file."""
    reports = sorted((root / "crashes").glob("crash-*.txt"), reverse=True)[:_CRASHES]
    texts: dict[str, str] = {}
    for report in reports:
        with suppress(OSError):
            texts[f"log/{report.name}"] = redact(
                report.read_text(encoding="utf-8", errors="replace")[:_LONGEST]
            )
    return texts


def _know_secrets(root: Path, profile: Profile) -> None:
    """Read the secrets, so that the redactor knows them wherever they stand."""
    with suppress(SecretsUnavailable):
        store = store_of(root, profile)
        for name in secret_names():
            store.given(name)
            store.kept(name)
