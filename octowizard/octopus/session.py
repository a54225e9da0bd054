"""Signing in to Octopus: the user token that names the user, the dossier token that opens one dossier.

Both are kept in memory only, live ten minutes (official) and are renewed after nine, or once when an answer is
401. A 401 never took effect, so the call that got it is sent again, a write too; a second one is the client's to
report. A refused sign-in is not sent again (`transport/refusals.py`): Octopus counts failed attempts (recorded).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from msgspec import Struct, field

from octowizard.octopus.oauth import BrowserSignIn
from octowizard.transport.errors import SignInRefused
from octowizard.transport.http import Send
from octowizard.transport.messages import Request, Response
from octowizard.transport.redact import remember_secret
from octowizard.transport.refusals import Credential, MemoryRefusals, Refusals, sign_in

_RENEW_AFTER = 540.0  # seconds; the vendor ends a token at 600
_UNKNOWN_HOUSE = -68  # the one number by which Octopus says which part of the sign-in it refused


class Credentials(Struct, frozen=True):
    """What a user signs in with. `software_house` is the id that the vendor gave to the maker of the software."""

    software_house: str
    user: str
    password: str

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Credentials(user={self.user!r})"


class UserTokenAnswer(Struct, frozen=True):
    """The answer of POST /authentication."""

    token: str


class DossierTokenAnswer(Struct, frozen=True):
    """The answer of POST /dossiers; its one member begins with a capital (official)."""

    token: str = field(name="Dossiertoken")


# Does one call of the sign-in (method, path with query, headers, body, type of the answer), counted and checked.
SignInCall = Callable[[str, str, dict[str, str], bytes | None, Any], Awaitable[Any]]


class Session:
    """The two tokens of one client, renewed by whoever needs them first; the others wait."""

    def __init__(
        self,
        credentials: Credentials,
        dossier_id: int | None,
        locale_id: int,
        call: SignInCall,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        address: str = "",
        refusals: Refusals | None = None,
        browser: BrowserSignIn | None = None,
    ) -> None:
        self._credentials = credentials
        self._browser = browser  # signs in instead of user and password
        self._call = call
        self._monotonic = monotonic
        self._query = f"/dossiers?dossierId={dossier_id}&localeId={locale_id}"
        self._tokens: dict[str, tuple[str, float]] = {}
        self._renewing = asyncio.Lock()
        self._refusals = MemoryRefusals() if refusals is None else refusals
        self._refusal: SignInRefused | None = None  # whatever it says: this client has its answer
        house, user, password = credentials.software_house, credentials.user, credentials.password
        self._house = Credential("Octopus", "software house", (address, house))
        self._login = Credential("Octopus", "password", (address, house, user, password))
        if credentials.password:
            remember_secret(credentials.password)
        remember_secret(credentials.software_house)
        self.user = TokenHeader(self, "Token")
        self.dossier = TokenHeader(self, "dossierToken")

    async def token(self, header: str) -> str:
        """The present token for this header ("Token" or "dossierToken"), fetched when there is none.

        Raises SignInRefused without a call after the same sign-in was refused once.
        """
        if (kept := self._fresh(header)) is not None:
            return kept
        async with self._renewing:
            return await self._fetch(header)

    def known_refusal(self) -> SignInRefused | None:
        """The refusal that a sign-in would meet without being sent; None when it would be sent."""
        return self._refusal or next(filter(None, map(self._refusals.find, (self._house, self._login))), None)

    def refuse(self, token: str) -> None:
        """The vendor did not take this token: forget both, the dossier token having come from the user token."""
        if any(kept == token for kept, _ in self._tokens.values()):
            self._tokens.clear()

    def _fresh(self, header: str) -> str | None:
        token, until = self._tokens.get(header, ("", 0.0))
        return token if self._monotonic() < until else None

    async def _fetch(self, header: str) -> str:
        if (kept := self._fresh(header)) is not None:
            return kept
        token = await (self._open_dossier() if header == "dossierToken" else self._sign_in())
        remember_secret(token)
        # Ten minutes from before the answer would be more exact; nine from after it is as safe.
        self._tokens[header] = (token, self._monotonic() + _RENEW_AFTER)
        return token

    async def _sign_in(self) -> str:
        if self._refusal is not None:
            raise self._refusal
        body = msgspec.json.encode({"user": self._credentials.user, "password": self._credentials.password})
        headers = {"softwareHouseUuid": self._credentials.software_house, "Content-Type": "application/json"}

        async def send() -> str:
            answer: UserTokenAnswer = await self._call(
                "POST", "/authentication", headers, body, UserTokenAnswer
            )
            return answer.token

        try:
            if self._browser is not None:
                return await self._browser.user_token(self._refusals, self._house)
            return await sign_in(self._refusals, (self._house, self._login), send, self._blamed)
        except SignInRefused as refusal:
            self._refusal = refusal
            raise

    def _blamed(self, refused: SignInRefused) -> Credential:
        """What a refusal is about; a web service that is not active counts as the login, which Octopus
        can say in the same words."""
        return self._house if refused.code == _UNKNOWN_HOUSE else self._login

    async def _open_dossier(self) -> str:
        user_token = await self._fetch("Token")
        try:
            return await self._dossier_token(user_token)
        except SignInRefused:  # the user token had ended after all: once more with a new one
            self.refuse(user_token)
            return await self._dossier_token(await self._fetch("Token"))

    async def _dossier_token(self, user_token: str) -> str:
        answer: DossierTokenAnswer = await self._call(
            "POST", self._query, {"Token": user_token}, None, DossierTokenAnswer
        )
        return answer.token


class TokenHeader:
    """Puts a token into its header, and sends the request once more with a new one when it is not taken."""

    def __init__(self, session: Session, header: str) -> None:
        self._session = session
        self._header = header

    async def attempts(self, spend: Callable[[], None], request: Request, send: Send) -> Response:
        """See transport.http.Attempts. `spend` is called before each: they count against the day's limit."""
        token = await self._session.token(self._header)
        request.headers[self._header] = token
        spend()
        response = await send(request)
        if response.status_code != 401:
            return response
        self._session.refuse(token)
        request.headers[self._header] = await self._session.token(self._header)
        spend()
        return await send(request)
