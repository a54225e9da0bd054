"""What a session does about duplicates, whichever front end asks."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from octowizard.session.session import Session
from octowizard.workspace import secrets
from octowizard.workspace.errors import WorkspaceLocked
from octowizard.workspace.lock import only_one
from octowizard.workspace.profiles import folder, save
from tests.app.staged import PROFILE


async def test_a_merge_is_not_undone_while_another_octowizard_writes(tmp_path: Path) -> None:
    profile = msgspec.structs.replace(PROFILE, secrets="file")
    place = folder(tmp_path, profile.name)
    store = secrets.SecretStore(profile.name, place, "file", environ={})
    for name in secrets.secret_names():
        store.write(name, "x")
    save(tmp_path, profile)
    with only_one(place, "octowizard sync"), pytest.raises(WorkspaceLocked, match="octowizard sync"):
        await Session(tmp_path, profile).duplicates.undo(1)
