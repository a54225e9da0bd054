"""Forgetting what belongs to one dossier or department, when a profile turns to another.

A workspace says whose it is: whoever opens it for a profile (`workspace_of`) never meets what was read of another
dossier, whichever way the profile came to change. The history of runs stays, as history; spent calls are counted
per dossier and stay too. Coming back to a dossier, octowizard knows its own bookings by their reference.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from octowizard.locale import _
from octowizard.workspace import intents, kept, profiles
from octowizard.workspace.broken import damaged
from octowizard.workspace.db import UNREADABLE, Workspace
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.lock import only_one
from octowizard.workspace.profiles import Mapping, Profile

_READING: Final = "belongs"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # nothing of a vendor was read with it, so that it has no age

# What was read can be read again, whatever it is of.
_READ = ("DELETE FROM reading", "DELETE FROM record")
# What ties Teamleader's side to one dossier, and what was decided in view of it.
_OF_A_DOSSIER = (
    "DELETE FROM customer_link",
    "DELETE FROM document_link",
    "DELETE FROM payment_link",
    "DELETE FROM decision",
    "DELETE FROM prediction",
    # What the user said of two customers of Teamleader stays true; of a relation, its number means another now.
    "DELETE FROM same_answer WHERE left_key NOT LIKE 'teamleader/%' OR right_key NOT LIKE 'teamleader/%'",
)
# Documents of another department can bear the numbers that were excluded.
_OF_A_DEPARTMENT = ("DELETE FROM exclusion", "DELETE FROM decision", "DELETE FROM prediction")


class Belongs(msgspec.Struct, frozen=True, kw_only=True):
    """Whose the workspace is. `after_run`: runs up to this one were of another dossier or department."""

    dossier_id: int
    department_id: str
    after_run: int = 0


def workspace_of(root: Path, profile: Profile) -> Workspace:
    """The workspace of the profile, to be used as a context manager; what it kept of another dossier is forgotten.

    A side that was not connected was nobody's: once it is, the workspace goes on with all that was declared.

    WorkspaceError when it can't be used, when a write to the other dossier is still in doubt, or when the profile
    on the disk names another dossier than `profile` (another octowizard changed it).
    """
    workspace = Workspace.open(root, profile.name)
    try:
        belongs = _belongs(workspace)
        if belongs is None:
            _keep(workspace, _belonging(profile, 0))
        elif belongs != (now := _belonging(profile, belongs.after_run)) and _is_of(belongs, profile):
            _keep(workspace, now)
        elif not _is_of(belongs, profile):
            _newest_of(root, profile)
            with only_one(profiles.folder(root, profile.name), "octowizard: change of dossier"):
                _forget(workspace, belongs, profile)
    except BaseException:
        workspace.close()
        raise
    return workspace


def first_run(workspace: Workspace) -> int:
    """The lowest number that a run of this dossier and department can have."""
    belongs = _belongs(workspace)
    return belongs.after_run + 1 if belongs else 1


def forget_readings(workspace: Workspace, spare: tuple[str, ...] = ()) -> None:
    """Forget what was read of both sides: something of it is spoilt, and all of it can be read again.

    `spare`: beginnings of names of readings that stay, because they cost much.
    """
    with workspace.quick() as db:
        names = [str(name) for (name,) in db.execute("SELECT name FROM reading")]
        gone = [(name,) for name in names if name != _READING and not name.startswith(spare)]
        db.executemany("DELETE FROM reading WHERE name = ?", gone)
        db.execute("DELETE FROM record")


def change_dossier(root: Path, profile: Profile, dossier_id: int, name: str) -> Profile:
    """Turn the profile to another dossier of the same login, and forget all of the one before; the new profile.

    The accounts, codes and journals that were chosen in the old dossier go with it, and so does the word that no
    other connector books there. Raises WorkspaceError (a sync runs, or a write is in doubt) and ProfileError, with
    nothing changed.
    """
    if dossier_id == profile.dossier_id:
        return profile
    fresh = msgspec.structs.replace(
        profile,
        dossier_id=dossier_id,
        dossier_name=name,
        mapping=Mapping(),
        mirror=None,
        other_connector_off=False,
        invoice_journal="V1",
        credit_note_journal="V2",
    )
    return _turned(root, profile, fresh)


def change_department(root: Path, profile: Profile, department_id: str, name: str) -> Profile:
    """Turn the profile to another department of the same account, and forget what was read; the new profile.

    Links stay: the dossier is the same, and so are its bookings. Tax rates belong to a department, so that what
    they lead to is to be said again. Raises as `change_dossier`.
    """
    if department_id == profile.department_id:
        return profile
    mapping = msgspec.structs.replace(profile.mapping, vat={})
    return _turned(
        root,
        profile,
        msgspec.structs.replace(profile, department_id=department_id, department_name=name, mapping=mapping),
    )


def _turned(root: Path, old: Profile, fresh: Profile) -> Profile:
    with (
        workspace_of(root, old) as workspace,
        only_one(profiles.folder(root, old.name), "octowizard: change of dossier"),
    ):
        belongs = _belongs(workspace)
        assert belongs is not None
        _nothing_in_doubt(workspace, belongs, fresh)
        # First the profile: cut off here, the workspace is still the old one's, and is seen to be.
        profiles.save(root, fresh)
        _forget(workspace, belongs, fresh)
    return fresh


def _forget(workspace: Workspace, belongs: Belongs, profile: Profile) -> None:
    _nothing_in_doubt(workspace, belongs, profile)
    statements = list(_READ)
    if belongs.department_id != profile.department_id:
        statements += _OF_A_DEPARTMENT
    row = workspace.row("SELECT max(id) FROM run")
    last = int(row[0]) if row and row[0] is not None else 0
    with workspace.durable() as db:
        if belongs.dossier_id != profile.dossier_id:
            statements += _OF_A_DOSSIER
            db.execute(
                "UPDATE intent SET state = 'not_done', closed_at = ?, outcome = 'another dossier was chosen' "
                "WHERE state = 'parked'",
                (time.time(),),
            )
        for statement in statements:
            db.execute(statement)
        db.execute(
            "INSERT INTO reading VALUES (?, ?, ?)",
            (_READING, _NEVER.isoformat(), msgspec.json.encode(_belonging(profile, last))),
        )


def _nothing_in_doubt(workspace: Workspace, belongs: Belongs, profile: Profile) -> None:
    """A write in doubt is settled by looking at the dossier it went to: after the change nobody could."""
    if belongs.dossier_id != profile.dossier_id and intents.in_state(workspace, "open"):
        raise WorkspaceError(
            _(
                "The last sync with dossier {old} was cut off while it wrote. Sync with {old} once more, so that "
                "this is settled; then choose dossier {new}."
            ).format(old=belongs.dossier_id, new=profile.dossier_id)
        )


def _newest_of(root: Path, profile: Profile) -> None:
    """A profile that was changed elsewhere since it was loaded must not take its workspace back."""
    if profile.name in profiles.names(root):
        now = profiles.load(root, profile.name)
        if (now.dossier_id, now.department_id) != (profile.dossier_id, profile.department_id):
            raise WorkspaceError(
                _("Profile {name} connects dossier {id} now: start octowizard again.").format(
                    name=profile.name, id=now.dossier_id
                )
            )


def _is_of(belongs: Belongs, profile: Profile) -> bool:
    """Whether it is the profile's, or that of a side that was not connected when it was last used."""
    return belongs.dossier_id in (0, profile.dossier_id) and belongs.department_id in (
        "",
        profile.department_id,
    )


def never_writes(workspace: Workspace) -> bool:
    """Whether it is of a profile of which a side is not connected."""
    belongs = _belongs(workspace)
    return belongs is not None and not (belongs.dossier_id and belongs.department_id)


def _belongs(workspace: Workspace) -> Belongs | None:
    belongs = kept.reading(workspace, _READING)
    try:
        return msgspec.json.decode(belongs.body, type=Belongs) if belongs else None
    except UNREADABLE as error:
        raise damaged(workspace.path, str(error)) from error


def _keep(workspace: Workspace, belongs: Belongs) -> None:
    kept.keep_reading(workspace, _READING, msgspec.json.encode(belongs), _NEVER)


def _belonging(profile: Profile, after_run: int) -> Belongs:
    return Belongs(dossier_id=profile.dossier_id, department_id=profile.department_id, after_run=after_run)
