"""From what is kept to the Snapshot of an audit: all that stands on each side, and nothing of where it belongs.

Unlike `assemble`, what many records share is held by each of them: an audit ends soon, and what finding it again costs
was a third of its reading (measured, 20,000 documents; they hold 15 MB more).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain, islice
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
_AT_ONCE = 500  # records that are decoded together, which takes less than one by one
_NULL = b"null"


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
    for kind in ("invoice", "credit_note"):
        for some in _lots(kept.with_details(workspace, kind)):
            documents = _decoded([body for body, _detail in some], ListedDocument)
            known: list[DocumentLines | None]
            try:
                known = _decoded([detail or _NULL for _body, detail in some], DocumentLines | None)  # type: ignore[arg-type] # takes a union too
            except kept.SPOILT:
                known = [_lines(detail) for _body, detail in some]
            for document, lines in zip(documents, known, strict=True):
                yield document, lines if document.stamp else None


def _lines(detail: bytes | None) -> DocumentLines | None:
    """The lines of a document; None where they cannot be read any more: they are read again."""
    try:
        return msgspec.json.decode(detail, type=DocumentLines) if detail is not None else None
    except kept.SPOILT:
        return None


def _sales(workspace: Workspace) -> tuple[SalesBooking, ...]:
    sales: list[SalesBooking] = []
    for some in _lots(kept.with_details(workspace, "booking")):
        heads = _decoded([body for body, _detail in some], BookingHead)
        details: list[BookingDetail | None]
        details = _decoded([detail or _NULL for _body, detail in some], BookingDetail | None)  # type: ignore[arg-type] # as above
        sales += map(SalesBooking, heads, details)
    return tuple(sales)


def _all(workspace: Workspace, kind: str, shape: type[T]) -> tuple[T, ...]:
    return tuple(chain.from_iterable(_decoded(some, shape) for some in _lots(kept.records(workspace, kind))))


def _lots(records: Iterator[T]) -> Iterator[list[T]]:
    while some := list(islice(records, _AT_ONCE)):
        yield some


def _decoded(bodies: Sequence[bytes], shape: type[T]) -> list[T]:
    """Records of one shape; what one of them raises that is none."""
    with suppress(*kept.SPOILT):
        several: list[T] = msgspec.json.decode(b"[%b]" % b",".join(bodies), type=list[shape])  # type: ignore[valid-type] # a class that is given
        if len(several) == len(bodies):
            return several
    return list(map(msgspec.json.Decoder(shape).decode, bodies))
