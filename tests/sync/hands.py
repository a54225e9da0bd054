"""The other hands of a storm: a bookkeeper, somebody in Teamleader, an octowizard elsewhere, a workspace put back.

What a hand may do at which moment: while a sync runs, the bookkeeper books only for customers whose relation is
there. A relation that a person makes in the very moment in which octowizard makes it cannot be told from its own
(no vendor's call prevents it); between two syncs anything goes. For the same reason the octowizard elsewhere brings
payments back only while no other one runs: Teamleader has no key by which it could refuse the second of two.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sync.company import Company
from tests.sync.ledger import JOURNALS, documents_of, number_of, numbers_booked

Json = dict[str, Any]

_RELATION = {
    "email": "boekhouding@example.be",
    "telephone": "+32 2 555 01 02",
    "remarks": "Gebeld",
    "city": "Gent",
}
PAID = "5.00"  # the same small amount twice on one day: payments that are hard to tell apart


@dataclass
class Hands:
    """What was done so far. `chance` decides what is done next."""

    company: Company
    chance: random.Random
    booked: int = 0
    edits: int = 0
    put_back: int = 0
    done: list[str] = field(
        default_factory=list
    )  # each booking by hand, and when: for a violation's evidence
    _copy: Path | None = field(default=None)

    def meddle(self, *, running: bool) -> None:
        """One deed in the vendors' screens; `running`: a sync is under way."""
        edits: list[Callable[[bool], None]] = [
            *(self._edit_relation, self._edit_relation, self._edit_company, self._free_sale)
        ]
        if (drawn := self.chance.random()) < 0.35:
            edits = [self._book_waiting]
        elif drawn < 0.5:
            edits = [self._new_documents]
        self.chance.choice(edits)(running)

    def pay(self) -> None:
        """The bank: part payments, equal ones, and whole ones."""
        count = self.chance.randint(1, 8)
        for _ in range(self.chance.randint(1, 2)):
            self._do("pay", count=count, amount=PAID)
        if self.chance.random() < 0.5:
            self._do("pay", count=self.chance.randint(1, 12))

    def copy_or_put_back(self) -> None:
        """While no sync runs: keep a copy of the workspace, or put the one that was kept back in its place."""
        place = self.company.workspace
        if not place.exists():
            return
        if self._copy is None:
            self._copy = place.with_name("copy-of-workspace.sqlite")
            with closing(sqlite3.connect(place)) as now, closing(sqlite3.connect(self._copy)) as kept:
                now.backup(kept)
            return
        for beside in ("-wal", "-shm"):
            place.with_name(place.name + beside).unlink(missing_ok=True)
        shutil.move(self._copy, place)
        self._copy = None
        self.put_back += 1
        self.done.append(f"{time.time():.3f} an older workspace put back")
        self.edits += 1

    # --- deeds -----------------------------------------------------------------------------------------

    def _do(self, action: str, **arguments: object) -> None:
        self.company.do(action, **arguments)
        self.edits += 1

    def _book_waiting(self, running: bool) -> None:
        world = self.company.world()
        there = numbers_booked(world)
        known = {r.get("vatNr") for r in world["octopus"]["relations"]} - {None, ""}
        numbers = {c["id"]: c["vat_number"] for c in world["teamleader"]["companies"] if c["vat_number"]}
        waiting = [
            (kind, number_of(kind, document))
            for kind, document in documents_of(world)
            if (kind, number_of(kind, document)) not in there
            and (not running or _vat(numbers.get(document["invoicee"]["customer"]["id"])) in known)
        ]
        if not waiting:
            return self._free_sale(running)
        kind, number = self.chance.choice(waiting)
        journal = JOURNALS[kind]
        try:
            self._do("book-by-hand", journal=journal, document=number)
        except AssertionError as refused:
            # A sync that is under way was quicker: whoever looks sees that the document is booked.
            if not running or "is booked already" not in str(refused):
                raise
            return None
        self.booked += 1
        self.done.append(f"{time.time():.3f} by hand, {'beside a sync' if running else 'no sync'}: {number}")
        return None

    def _free_sale(self, _running: bool) -> None:
        self._do("book-by-hand", journal="V1")

    def _new_documents(self, _running: bool) -> None:
        self._do("teamleader-new-invoice", n=self.chance.randint(1, 4))

    def _edit_relation(self, _running: bool) -> None:
        relations = self.company.world()["octopus"]["relations"]
        relation = self.chance.choice(relations)["relationIdentificationServiceData"]["relationKey"]["id"]
        field_, value = self.chance.choice(list(_RELATION.items()))
        self._do("edit-relation", relation=str(relation), field=field_, value=value)

    def _edit_company(self, _running: bool) -> None:
        company = self.chance.choice(self.company.world()["teamleader"]["companies"])
        self._do(
            "teamleader-edit-customer",
            customer=company["id"],
            field="email",
            value=f"post{self.chance.randint(1, 99)}@example.be",
        )


def _vat(number: str | None) -> str | None:
    """As Octopus' cards bear it."""
    return "".join(filter(str.isalnum, number)) if number else None
