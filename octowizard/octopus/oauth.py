"""Octopus' own sign-in by the browser: consent address, code for tokens, and the user token from a refresh token.

No password is sent or kept: the access token (ten minutes) takes the place of the user token, the refresh token lives
sixty days (official). The address of the tokens and whether the parameters go as a form or in the query could not be
read, so both are given by the caller (*inferred*: `/token`, a form).

Not here: where the refresh token lives (`workspace/secrets.py`), and the dossier token (`session.py`).
"""

from __future__ import annotations

import asyncio
from typing import Any, Final, Protocol
from urllib.parse import urlencode

import msgspec

from octowizard.locale import _
from octowizard.transport.bounds import fits_a_header
from octowizard.transport.errors import Failed, Refused, SignInRefused, Unreadable, VendorError, other_server
from octowizard.transport.http import checked_address, client, decode, decoded_or_none, exchange
from octowizard.transport.messages import Response
from octowizard.transport.redact import remember_secret
from octowizard.transport.refusals import Credential, Refusals, sign_in

OPERATION: Final = "octopus-oauth/token"
_VENDOR: Final = "Octopus"


class RefreshStore(Protocol):
    """Keeps the refresh token. Both may block: they are called in a thread."""

    def read(self) -> str | None:
        """The refresh token, or None when nobody has signed in."""

    def replace(self, new: str) -> None:
        """Keep `new` in its place; durable when it returns."""


class NotGranted(SignInRefused):
    """This code or refresh token is spent, has ended or is unknown."""


class Granted(msgspec.Struct, frozen=True):
    """What came for a code or a refresh token; `refresh_token` empty: the one before stays. The repr shows neither."""

    access_token: str
    refresh_token: str = ""

    def __repr__(self) -> str:
        return "Granted()"


class Door(msgspec.Struct, frozen=True):
    """Where the sign-in is. `in_query`: its parameters go in the query instead of a form."""

    address: str
    in_query: bool = False


def authorize_url(door: Door, software_house: str, redirect_uri: str, state: str) -> str:
    """The consent page to open in a browser. Raises ConfigurationError for an address that is not safe."""
    address, _loopback = checked_address(door.address)
    query = {
        "scope": "webservice",
        "response_type": "code",
        "client_id": software_house,
        "redirect_uri": redirect_uri,
        "state": state,
    }
    return f"{address}/authorize?{urlencode(query)}"


async def exchange_code(door: Door, software_house: str, code: str, redirect_uri: str) -> Granted:
    """The tokens for a code (five minutes). Raises NotGranted, SignInRefused, other VendorErrors as they come."""
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    granted = await _ask(door, software_house, given)
    if not granted.refresh_token:  # without one the sign-in would be over in ten minutes
        raise Unreadable(_VENDOR, OPERATION, _("no token"), path="$.refresh_token", status=200)
    return granted


class FirstRefresh:
    """The refresh token of a sign-in by the browser that is being tried."""

    def __init__(self, token: str) -> None:
        self._token = token

    def read(self) -> str | None:
        """See RefreshStore."""
        return self._token or None

    def replace(self, new: str) -> None:
        """See RefreshStore."""
        self._token = new


class BrowserSignIn:
    """The user token of somebody who signed in by the browser; `first`: an access token that has just come."""

    def __init__(self, door: Door, software_house: str, store: RefreshStore, *, first: str = "") -> None:
        self._door = door
        self._house = software_house
        self._store = store
        self._first = first
        remember_secret(software_house)

    async def user_token(self, refusals: Refusals, house: Credential) -> str:
        """The next access token. A refused refresh token is not sent again. Raises SignInRefused."""
        if self._first:
            first, self._first = self._first, ""
            return first
        refresh = self._judged(await self._read())

        async def send() -> str:
            nonlocal refresh
            token = await self._read()  # whoever had the turn before us may have put the next one there
            refresh = self._judged(token)
            given = {"grant_type": "refresh_token", "refresh_token": token}
            granted = await _ask(self._door, self._house, given)
            if granted.refresh_token not in ("", token):
                await asyncio.to_thread(self._store.replace, granted.refresh_token)
            return granted.access_token

        return await sign_in(
            refusals,
            (house, refresh),
            send,
            lambda refused: refresh if isinstance(refused, NotGranted) else house,
        )

    async def _read(self) -> str:
        token = await asyncio.to_thread(self._store.read)
        if token is None:
            raise SignInRefused(_VENDOR, OPERATION, _("nobody has signed in yet: sign in"))
        remember_secret(token)
        return token

    def _judged(self, token: str) -> Credential:
        """The refresh token, as the vendor judges it."""
        return Credential(_VENDOR, "refresh token", (self._door.address, self._house, token))


async def _ask(door: Door, software_house: str, given: dict[str, str]) -> Granted:
    fields = {"client_id": software_house, **given}
    remember_secret(software_house)
    async with client(door.address, connections=1) as http:
        request = (
            http.build_request("POST", f"/token?{urlencode(fields)}")
            if door.in_query
            else http.form("/token", fields)
        )
        response = await exchange(http, request, vendor=_VENDOR, operation=OPERATION, write=False)
    if response.status_code == 200:
        granted = decode(response.content, Granted, vendor=_VENDOR, operation=OPERATION, status=200)
        for token in (granted.access_token, granted.refresh_token):
            remember_secret(token) if token else None
        if not fits_a_header(granted.access_token):
            raise Unreadable(_VENDOR, OPERATION, _("no token"), path="$.access_token", status=200)
        return granted
    raise _refused(response)


def _refused(response: Response) -> VendorError:
    status = response.status_code
    if status in (400, 401) and b"invalid_grant" in response.content:
        text = _("the sign-in has ended or was revoked: sign in again")
        return NotGranted(_VENDOR, OPERATION, text, status=status)
    body = decoded_or_none(response.content, dict[str, Any]) or {}
    error = (body.get("error"), body.get("error_description"))  # nothing else: it may hold tokens
    text = " ".join(part for part in error if isinstance(part, str))
    if status < 400:
        return other_server(_VENDOR, OPERATION, status)
    if status >= 500:
        return Failed(_VENDOR, OPERATION, text, status=status)
    kind = SignInRefused if status in (400, 401, 403) else Refused
    return kind(_VENDOR, OPERATION, text, status=status)
