"""From what is kept to the Snapshot of an audit: all that stands on each side, and nothing of where it belongs.

Unlike `assemble`, what many records share is held by each of them: an audit ends soon, and what finding it again costs
was a third of its reading (measured, 20,000 documents; they hold 15 MB more).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

import msgspec

from octowizard.snapshot.assemble import Records, Triage, build, returns
from octowizard.snapshot.model import (
    BookingDetail,
    BookingHead,
    DocumentHead,
    DocumentLines,
    ListedDocument,
    Match,
    RelationFacts,
    SalesBooking,
    Snapshot,
)
from octowizard.snapshot.parts import Look, journals_read
from octowizard.workspace import exclusions, kept
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Profile

T = TypeVar("T")


def for_audit(workspace: Workspace, profile: Profile, look: Look) -> Snapshot:
    """The Snapshot of all that an audit compares: nobody waits in it, and customers are known by their documents."""
    records = Records(_all(workspace, "relation", RelationFacts), {}, _all(workspace, "match", Match))
    snapshot = build(workspace, profile, look.taken_at, Triage([], 0, [], []), records=records)
    start = profile.start_date
    listed: list[ListedDocument] = []
    lines: dict[str, DocumentLines] = {}
    for document, spread in _listed(workspace):
        if document.date >= start:
            listed.append(document)
            if spread is not None:
                lines[document.id] = spread
    return msgspec.structs.replace(
        snapshot,
        ages=look.at,
        unread=look.unread,
        partial=look.partial,
        missing_details=look.missing_details,
        returns=returns(workspace, snapshot.years),
        troubles=look.troubles,
        kept=look.kept,
        listed=tuple(listed),
        lines=lines,
        sales=_sales(workspace),
        sales_read=journals_read(workspace),
        kept_out=exclusions.excluded(workspace),
    )


def let_go(snapshot: Snapshot) -> None:
    """Free the lines of the documents, once they were compared, one by one.

    With the rest of the Snapshot they would be freed in one go, in which no other thread has its turn, the screen's
    neither: 50 ms (measured, 20,000 documents).
    """
    lines = snapshot.lines
    while isinstance(lines, dict) and lines:
        lines.popitem()


def without_lines(workspace: Workspace, first: date, last: date) -> list[DocumentHead]:
    """The kept documents of these days whose lines were not read since they last changed."""
    return [head for head, lines in _listed(workspace) if lines is None and first <= head.date <= last]


def _listed(workspace: Workspace) -> Iterator[tuple[ListedDocument, DocumentLines | None]]:
    """The kept documents with their lines, where these are known."""
    decode = msgspec.json.Decoder(ListedDocument).decode
    decode_lines = msgspec.json.Decoder(DocumentLines).decode
    for kind in ("invoice", "credit_note"):
        for body, detail in kept.with_details(workspace, kind):
            document = decode(body)
            lines = None
            if detail is not None and document.stamp:
                try:
                    lines = decode_lines(detail)
                except kept.SPOILT:
                    lines = None  # they are read again
            yield document, lines


def _sales(workspace: Workspace) -> tuple[SalesBooking, ...]:
    decode = msgspec.json.Decoder(BookingHead).decode
    decode_detail = msgspec.json.Decoder(BookingDetail).decode
    return tuple(
        [
            SalesBooking(decode(body), decode_detail(detail) if detail is not None else None)
            for body, detail in kept.with_details(workspace, "booking")
        ]
    )


def _all(workspace: Workspace, kind: str, shape: type[T]) -> tuple[T, ...]:
    return tuple(map(msgspec.json.Decoder(shape).decode, kept.records(workspace, kind)))
