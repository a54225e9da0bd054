"""The contract as Octopus publishes it: one open page beside the API, read without signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from octowizard.locale import _
from octowizard.octopus.client import VENDOR
from octowizard.transport import http as wire
from octowizard.transport.errors import Refused, Unreadable

if TYPE_CHECKING:
    import httpx

_OPERATION = "GET /openapi.json"


async def published(address: str, *, http: httpx.AsyncBaseTransport | None = None) -> dict[str, Any]:
    """The document below the API's own address. Raises VendorError and ConfigurationError."""
    async with wire.client(address, connections=1, transport=http) as door:
        response = await wire.exchange(
            door,
            door.build_request("GET", "/openapi.json"),
            vendor=VENDOR,
            operation=_OPERATION,
            write=False,
        )
    if response.status_code != 200:
        raise Refused(VENDOR, _OPERATION, status=response.status_code)
    document = wire.decode(response.content, dict[str, Any], vendor=VENDOR, operation=_OPERATION)
    if not isinstance(document.get("paths"), dict):
        raise Unreadable(VENDOR, _OPERATION, _("no description of an API"), path="$.paths")
    return document
