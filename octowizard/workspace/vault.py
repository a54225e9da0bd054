"""Secrets that are replaced at each use, in the database of a fleet: every host must find the newest one.

Encrypted with a key that only the hosts' environment has (OCTOWIZARD_KEY, 32 bytes in URL-safe base64, as
`python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"` makes one).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from octowizard.locale import _
from octowizard.workspace import database

if TYPE_CHECKING:
    import psycopg

KEY = "OCTOWIZARD_KEY"


class Locked(Exception):
    """The vault cannot be opened or reached; the text is one sentence."""


class Vault:
    """The replaced secrets of one profile. All of it blocks, and raises Locked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> str | None:
        """The value that was kept last, on whichever host; None when none was."""
        from cryptography.fernet import Fernet, InvalidToken

        with self._opened() as (connection, key):
            row = connection.execute(
                "SELECT body FROM public.octowizard_secret WHERE profile = %s AND name = %s",
                (self._folder.name, name),
            ).fetchone()
        if row is None:
            return None
        try:
            return Fernet(key).decrypt(bytes(row[0])).decode()
        except InvalidToken:
            raise Locked(
                _("{variable} is not the key with which the secrets of {profile} were kept.").format(
                    variable=KEY, profile=self._folder.name
                )
            ) from None

    def write(self, name: str, value: str) -> None:
        """Keep a value, durably."""
        from cryptography.fernet import Fernet

        with self._opened() as (connection, key):
            connection.execute(
                "INSERT INTO public.octowizard_secret VALUES (%s, %s, %s) "
                "ON CONFLICT (profile, name) DO UPDATE SET body = excluded.body",
                (self._folder.name, name, Fernet(key).encrypt(value.encode())),
            )

    def delete(self, name: str) -> None:
        """Forget a value; one that is not there is no error."""
        with self._opened() as (connection, _key):
            connection.execute(
                "DELETE FROM public.octowizard_secret WHERE profile = %s AND name = %s",
                (self._folder.name, name),
            )

    @contextmanager
    def _opened(self) -> Iterator[tuple[psycopg.Connection[tuple[Any, ...]], str]]:
        from octowizard.workspace import postgres

        key = os.environ.get(KEY, "")
        try:
            from cryptography.fernet import Fernet

            Fernet(key)
        except ValueError:
            raise Locked(
                _("The secrets of a fleet are encrypted: set {variable} to the key of its hosts.").format(
                    variable=KEY
                )
            ) from None
        try:
            with postgres.shared(database.address_of(self._folder)) as connection:
                yield connection, key
        except postgres.FAILED as error:
            raise Locked(str(postgres.explain(error, self._folder))) from error


def vault_of(folder: Path) -> Vault | None:
    """The vault of a profile's folder; None where its workspace is a file."""
    return Vault(folder) if database.address_of(folder) else None
