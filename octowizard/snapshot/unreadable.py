"""What was read and kept, and cannot be decoded any more: it is dropped, and read again.

Only readings of the vendors, which can always be had again. Links, intents and decisions cannot: damage there stays
an error of the workspace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from octowizard.locale import _
from octowizard.octopus import models as oc
from octowizard.snapshot.model import (
    BookingHead,
    CustomerFacts,
    DocumentHead,
    Match,
    RelationFacts,
)
from octowizard.snapshot.part_reader import Cursor
from octowizard.snapshot.parts import PARTS, Look, Part, keep_look, last_look
from octowizard.teamleader import models as tl
from octowizard.workspace import kept
from octowizard.workspace.db import UNREADABLE, Workspace
from octowizard.workspace.errors import WorkspaceDamaged

T = TypeVar("T")

# By what a reading's name begins with.
_READINGS: Mapping[str, Any] = {
    "oc/bookyears": list[oc.Bookyear],
    "oc/journals/": list[oc.Journal],
    "oc/accounts/": list[oc.Account],
    "oc/vat_codes": list[oc.VatCode],
    "oc/currencies": list[str],
    "oc/dossiers": list[oc.Dossier],
    "tl/tax_rates": list[tl.TaxRate],
    "tl/categories": list[tl.ProductCategory],
    "tl/departments": list[tl.Department],
    "tl/imported": list[CustomerFacts],
    "tl/customers": dict[str, str],
    "cursor/": Cursor,
    "looked/": int,
    "written/": dict[str, str],
    "look": Look,
    "clock": float,
    "overview": dict[str, Any],
    "setup/customers": dict[str, Any],
}
# By kind of record: its shape, and the part that is read again whole when one is spoilt.
_RECORDS: Mapping[str, tuple[Any, Part]] = {
    "invoice": (DocumentHead, "documents"),
    "credit_note": (DocumentHead, "documents"),
    "customer": (CustomerFacts, "customers"),
    "relation": (RelationFacts, "relations"),
    "booking": (BookingHead, "bookings"),
    "match": (Match, "matches"),
    "undone": (Match, "matches"),
}


def mended(workspace: Workspace, work: Callable[[], T]) -> T:
    """What `work` comes to; where something kept cannot be decoded, once more without it. WorkspaceError else."""
    try:
        return work()
    except (*UNREADABLE, WorkspaceDamaged):
        if not drop_unreadable(workspace):
            raise
        return work()


def drop_unreadable(workspace: Workspace) -> bool:
    """Forget what was read and cannot be decoded; its parts count as unread. Whether there was any."""
    spoilt = [(name, _part_of(name)) for name in _spoilt_readings(workspace)]
    parts = {part for _name, part in spoilt if part is not None}
    for kind, (shape, part) in _RECORDS.items():
        if not _decodes(workspace, kind, shape):
            parts.add(part)
            spoilt.append((kind, part))
            kept.drop_kind(workspace, kind)
            if part == "bookings":
                kept.drop_readings(workspace, *(f"looked/{name}" for name in _names(workspace, "looked/")))
    if not spoilt:
        return False
    kept.drop_readings(workspace, *(name for name, _part in spoilt))
    for part in parts:
        for prefix in PARTS[part].shown_by:
            kept.drop_readings(workspace, *(prefix + name for name in _names(workspace, prefix)))
    look = last_look(workspace)
    if look is not None:
        why = _("what was kept of it cannot be read any more: a check reads it again")
        unread = look.unread | {str(part): why for part in parts}
        keep_look(workspace, msgspec.structs.replace(look, unread=unread))
    return True


def _names(workspace: Workspace, prefix: str) -> list[str]:
    rows = workspace.rows("SELECT name FROM reading WHERE name GLOB ?", f"{prefix}*")
    return [str(name).removeprefix(prefix) for (name,) in rows]


def _part_of(name: str) -> Part | None:
    return next((part for part, row in PARTS.items() if name.startswith(row.shown_by or "-")), None)


def _spoilt_readings(workspace: Workspace) -> Iterator[str]:
    for (name,) in list(workspace.rows("SELECT name FROM reading")):
        shape = next((shape for prefix, shape in _READINGS.items() if str(name).startswith(prefix)), None)
        if shape is None:
            continue
        try:
            reading = kept.reading(workspace, name)
            if reading is not None:
                msgspec.json.decode(reading.body, type=shape)
        except (*UNREADABLE, WorkspaceDamaged):
            yield str(name)


def _decodes(workspace: Workspace, kind: str, shape: Any) -> bool:
    """Whether every record of a kind does; its details are read again one by one."""
    decode = msgspec.json.Decoder(shape).decode
    try:
        for body in kept.records(workspace, kind):
            decode(body)
    except (*UNREADABLE, WorkspaceDamaged):
        return False
    return True
