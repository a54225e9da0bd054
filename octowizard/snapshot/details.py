"""The full record of a document: from what is kept when it has not changed since, or else from Teamleader."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from octowizard.snapshot import convert
from octowizard.snapshot.model import DocumentDetail, DocumentHead
from octowizard.workspace import kept
from octowizard.workspace.db import Workspace

if TYPE_CHECKING:
    from octowizard.teamleader.client import Teamleader

AT_ONCE = 6  # calls of Teamleader side by side; its window, not this, is the limit

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(DocumentDetail).decode


def kept_detail(workspace: Workspace, head: DocumentHead) -> DocumentDetail | None:
    """The lines of a document as they are kept; None where it has changed since, or they cannot be decoded."""
    with suppress(*kept.SPOILT):
        body = kept.detail(workspace, head.kind, head.id, head.stamp) if head.stamp else None
        return _decode(body) if body else None
    return None


def is_passing(detail: DocumentDetail) -> bool:
    """Whether how its electronic invoice fares is not known, or changes without the document being changed."""
    return detail.peppol_status in ("", "sending")


class Details:
    """Reads details a few at a time. `keep`: remember them for a later run (a preview does)."""

    def __init__(
        self, workspace: Workspace, teamleader: Teamleader, own_currency: str, *, keep: bool
    ) -> None:
        import asyncio  # what is kept is looked at without it

        self._workspace = workspace
        self._teamleader = teamleader
        self._own_currency = own_currency
        self._keep = keep
        self._places = asyncio.Semaphore(AT_ONCE)

    async def of(self, head: DocumentHead) -> DocumentDetail:
        """Lines, totals and payments of a document, as kept where it has not changed. Raises VendorError."""
        return kept_detail(self._workspace, head) or await self.read(head)

    async def read(self, head: DocumentHead) -> DocumentDetail:
        """The same, read in any case. Raises VendorError."""
        async with self._places:
            read = self._teamleader.invoice if head.kind == "invoice" else self._teamleader.credit_note
            detail = convert.document_detail(await read(head.id), self._own_currency)
        if self._keep:
            self.remember(head, detail)
        return detail

    def remember(self, head: DocumentHead, detail: DocumentDetail) -> None:
        """Keep the lines until the document changes."""
        if head.stamp:
            kept.keep_detail(self._workspace, head.kind, head.id, _encode(detail), head.stamp)


def kept_invoice(workspace: Workspace, identity: str) -> DocumentHead | None:
    """The head of an invoice as Teamleader's list last showed it."""
    body = kept.record(workspace, "invoice", identity)
    return msgspec.json.decode(body, type=DocumentHead) if body else None
