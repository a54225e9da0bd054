"""Refused credentials, kept in the workspace as fingerprints, so that no later run sends them again.

A copy of the workspace must not help to guess a password, so the fingerprint is scrypt with a random salt of this
workspace: each guess costs what one sign-in does. A key in the keyring would do as well but fails whoever has no
keyring and gives the secrets by the environment. The fingerprint of a password also covers the software-house id, a
random UUID that is not in the workspace: without it there is nothing to guess against. The other credentials are
random and long.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Literal

from octowizard.transport.errors import SignInRefused
from octowizard.transport.refusals import Credential
from octowizard.workspace.broken import damaged
from octowizard.workspace.db import Workspace
from octowizard.workspace.secrets import SecretStore

_COST = 2**14  # 16 MB and some 50 ms; paid only where something was refused


class KeptRefusals:
    """The `Refusals` of one vendor in a workspace; used in the workspace's own thread."""

    def __init__(
        self, workspace: Workspace, store: SecretStore, vendor: Literal["Octopus", "Teamleader"]
    ) -> None:
        self._workspace = workspace
        self._store = store
        self._vendor = vendor

    def find(self, credential: Credential) -> SignInRefused | None:
        """See transport.refusals."""
        salt = self._salt(credential)
        if salt is None:
            return None
        row = self._workspace.row(
            "SELECT operation, text, status, code, at FROM refused_credential "
            "WHERE vendor = ? AND what = ? AND fingerprint = ?",
            credential.vendor,
            credential.what,
            _fingerprint(salt, credential),
        )
        if row is None:
            return None
        operation, text, status, code, at = row
        return SignInRefused(
            credential.vendor,
            operation,
            text,
            status=status,
            code=code,
            since=_moment(self._workspace, at),
        )

    def keep(self, credential: Credential, refused: SignInRefused) -> None:
        """See transport.refusals."""
        salt = self._salt(credential) or os.urandom(16)
        with self._workspace.durable() as db:
            db.execute(
                "INSERT INTO refused_credential VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (vendor, what, fingerprint) DO UPDATE SET salt = excluded.salt, "
                "operation = excluded.operation, text = excluded.text, status = excluded.status, "
                "code = excluded.code, at = excluded.at",
                (
                    credential.vendor,
                    credential.what,
                    _fingerprint(salt, credential),
                    salt,
                    refused.operation,
                    refused.text,
                    refused.status,
                    refused.code,
                    datetime.now(UTC).isoformat(timespec="seconds"),
                ),
            )

    def turn(self) -> AbstractAsyncContextManager[None]:
        """See transport.refusals: one process signs in at a time."""
        return self._store.lock(name=f"{self._vendor.lower()}.lock")

    def _salt(self, credential: Credential) -> bytes | None:
        """The salt of this kind of credential; None when none was ever refused."""
        row = self._workspace.row(
            "SELECT salt FROM refused_credential WHERE vendor = ? AND what = ?",
            credential.vendor,
            credential.what,
        )
        return None if row is None else row[0]


def _moment(workspace: Workspace, kept: object) -> datetime:
    try:
        return datetime.fromisoformat(str(kept))
    except ValueError as error:
        raise damaged(workspace.path, str(error)) from None


def try_again(workspace: Workspace) -> None:
    """Forget what was refused, since the user says that it is mended: each credential is sent once more."""
    with workspace.durable() as db:
        db.execute("DELETE FROM refused_credential")


def _fingerprint(salt: bytes, credential: Credential) -> bytes:
    secret = "\0".join(credential.parts).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=_COST, r=8, p=1, dklen=32)
