"""The support bundle: what somebody who helps needs to see of a problem, in one .zip, through the one redactor.

It holds no password, token or key. Names, numbers and amounts of documents stay: they are what it is about.
"""

from __future__ import annotations

import os
import platform
import zipfile
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import msgspec

from octowizard import __version__
from octowizard.locale import _
from octowizard.problems.diagnosis import Diagnosis
from octowizard.transport.redact import HIDDEN, redact
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.names import refusal
from octowizard.workspace.profiles import Profile
from octowizard.workspace.runs import run_lines, runs
from octowizard.workspace.secrets import SecretsUnavailable, secret_names, store_of

_PARTS = ("msgspec", "httpx", "textual", "keyring", "platformdirs")
_CRASHES = 3  # the newest ones
_LONGEST = 2_000_000  # characters of one crash report


class BundleError(Exception):
    """The bundle cannot be written; the message is one sentence."""


def write_bundle(
    target: Path,
    text: str,
    diagnosis: Diagnosis,
    root: Path,
    profile: Profile | None,
) -> tuple[str, ...]:
    """Write the bundle, readable by its owner alone, and return the names of its files. BundleError."""
    if why := refusal(target.name):
        raise BundleError(why)
    files = {
        "message.txt": text,
        "diagnosis.json": _json(diagnosis),
        "about.json": _json(_about()),
    }
    if profile is not None:
        _know_secrets(root, profile)
        hidden = msgspec.structs.replace(profile, octopus_user=HIDDEN, teamleader_client_id=HIDDEN)
        files["profile.json"] = _json(hidden)
        files.update(_remembered(root, profile))
    files.update(_crashes(root))
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, body in files.items():
                bundle.writestr(name, redact(body).encode("utf-8", "backslashreplace"))
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
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _about() -> dict[str, str]:
    found = {"octowizard": __version__, "python": platform.python_version(), "system": platform.platform()}
    for part in _PARTS:
        with suppress(metadata.PackageNotFoundError):
            found[part] = metadata.version(part)
    return found


def _remembered(root: Path, profile: Profile) -> dict[str, str]:
    """The last run's events and how many calls of each kind were counted."""
    found: dict[str, str] = {}
    try:
        with Workspace.open(root, profile.name) as workspace:
            last = next(iter(runs(workspace)), None)
            if last is not None:
                lines = [line.decode("utf-8", "replace") for line in run_lines(workspace, last.id)]
                found["last-run.jsonl"] = "".join(f"{line}\n" for line in lines)
            counted = workspace.rows(
                "SELECT operation, count(*) FROM spent GROUP BY operation ORDER BY operation"
            )
            found["calls.txt"] = "".join(f"{number:6}  {operation}\n" for operation, number in counted)
    except WorkspaceError as error:
        found["workspace.txt"] = f"{error}\n"
    return found


def _crashes(root: Path) -> dict[str, str]:
    """The newest crash reports: the only log that octowizard writes to a file."""
    reports = sorted((root / "crashes").glob("crash-*.txt"), reverse=True)[:_CRASHES]
    found: dict[str, str] = {}
    for report in reports:
        with suppress(OSError):
            found[f"log/{report.name}"] = report.read_text(encoding="utf-8", errors="replace")[:_LONGEST]
    return found


def _know_secrets(root: Path, profile: Profile) -> None:
    """Read the secrets, so that the redactor knows them wherever they stand."""
    with suppress(SecretsUnavailable):
        store = store_of(root, profile)
        for name in secret_names():
            store.given(name)
            store.kept(name)
