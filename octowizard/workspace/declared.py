"""Customers as the user's exports of Teamleader declare them: VAT type and customer number, which no API shows.

The last export stands: reading another replaces all of it. Not here: the reading of files (`customers/`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

import msgspec

from octowizard.workspace.broken import damaged
from octowizard.workspace.db import UNREADABLE, Workspace


class DeclaredCustomer(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One row of an export. `customer`: its Teamleader id, or its place where the export has no ids.

    `vat_type`: Teamleader's text code, "" where it is empty; `external`: the accounting package's customer number,
    digits as written. Either is None where the export has no such column. `source`: the name of the file.
    """

    customer: str
    source: str
    kind: str = "company"
    name: str = ""
    vat_number: str = ""
    country: str = ""
    street: str = ""
    postcode: str = ""
    vat_type: str | None = None
    external: str | None = None


class Declaration(NamedTuple):
    """All that is declared, and when it was read."""

    read_at: datetime
    customers: tuple[DeclaredCustomer, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files that it comes from."""
        return tuple(dict.fromkeys(one.source for one in self.customers))


class _Row(NamedTuple):
    body: str
    at: Annotated[datetime, msgspec.Meta(tz=True)]


_decode = msgspec.json.Decoder(DeclaredCustomer).decode


def keep(workspace: Workspace, customers: Iterable[DeclaredCustomer], read_at: datetime) -> None:
    """Replace what was declared before; of rows with the same id the last counts."""
    at = read_at.astimezone(UTC).isoformat()
    last: dict[str, DeclaredCustomer] = {}
    for one in customers:
        last.pop(one.customer, None)
        last[one.customer] = one
    with workspace.durable() as db:
        db.execute("DELETE FROM declared")
        db.executemany(
            "INSERT INTO declared (customer, body, source, at, place) VALUES (?, ?, ?, ?, ?)",
            (
                (one.customer, msgspec.json.encode(one).decode(), one.source, at, place)
                for place, one in enumerate(last.values())
            ),
        )


def declaration(workspace: Workspace) -> Declaration | None:
    """What is declared, in the order of the export; None when nothing is."""
    rows = list(workspace.read(_Row, "SELECT body, at FROM declared ORDER BY place"))
    if not rows:
        return None
    try:
        return Declaration(rows[0].at, tuple(_decode(row.body) for row in rows))
    except UNREADABLE as error:
        raise damaged(workspace.path, str(error)) from error
