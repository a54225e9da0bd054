"""The Teamleader Focus stand-in: its API and its sign-in pages over the practice company's state.

Entry point: `routes(company)`. For whoever builds worlds or changes them: `money.totals` computes a document from
its lines, `documents` and `invoice_life` number, book, pay and credit on a World without HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from octowizard.sandbox.web import Company


def routes(company: Company) -> list[Route]:
    """All addresses of the stand-in. Imports the web parts only now: worlds are built without them."""
    from octowizard.sandbox.teamleader.http import routes as made

    return made(company)
