"""The sign-in of Teamleader Focus: consent address, code for tokens, and the refresh token that is new at every use.

Each renewal kills the refresh token it uses (official), so the next one is kept durably before the access token
that came with it is used, one process renews at a time, and a refusal is not repeated (`transport/refusals.py`):
more than ten calls with wrong credentials in ten minutes block the caller's address (official help).

A process that dies between the vendor's answer and the keeping of it would end the sign-in. So there are as few
renewals as can be (the access token is kept too, and every process uses it to its end), and whoever signs in from a
profile renews in a process of its own (`Apart`, made in `workspace/renewal.py`), which outlives the one that asked.

Not here: where tokens live (`workspace/secrets.py`), and the window of calls (the token address has none).
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Final, Protocol
from urllib.parse import urlencode

import msgspec

from octowizard.locale import _
from octowizard.teamleader.answers import explained, refusal
from octowizard.transport.bounds import fits_a_header, lifetime
from octowizard.transport.clock import VendorClock
from octowizard.transport.door import Patience
from octowizard.transport.errors import SignInRefused, Unreadable, VendorError
from octowizard.transport.http import Client, check_for_body, checked_address, client, decode, exchange
from octowizard.transport.messages import Response
from octowizard.transport.redact import remember_secret
from octowizard.transport.refusals import Credential, MemoryRefusals, Refusals, sign_in

if TYPE_CHECKING:
    import httpx

OPERATION: Final = "oauth2/access_token"
RENEW_BEFORE: Final = 60.0
"""Seconds before the end of an access token at which the next one is fetched."""


class TokenStore(Protocol):
    """Keeps the one refresh token that is valid now, and the access token that came with it.

    All but `lock` may block: they are called in a thread.
    """

    def read(self) -> str | None:
        """The refresh token to use, or None when nobody has signed in."""

    def replace(self, old: str | None, new: str) -> None:
        """Keep `new` in the place of `old` (None at a first sign-in); durable when it returns."""

    def access(self) -> str | None:
        """What `keep_access` kept last, a secret; None when there is nothing or it cannot be read."""

    def keep_access(self, text: str | None) -> None:
        """Keep this, as well protected as the refresh token; None: forget it. A failure is no error."""

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Held while a token is renewed, against every other process."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What identifies the integration; made when it is registered with Teamleader."""

    client_id: str
    client_secret: str = field(repr=False)


class Granted(msgspec.Struct, frozen=True):
    """A pair of tokens. `expires_in`: see `lifetime`. The repr shows no token."""

    access_token: str
    refresh_token: str
    expires_in: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def lifetime(self) -> float:
        """Seconds the access token lives, whatever the vendor says: a month at most."""
        return lifetime(bytes(self.expires_in))

    def __repr__(self) -> str:
        return f"Granted(lifetime={self.lifetime:.0f})"


class KeptAccess(msgspec.Struct, frozen=True):
    """An access token as it is kept between runs. The repr shows no token.

    `until`: when to use it no longer, by the vendor's clock. `offset`: seconds our clock lacked then, so that a
    start, which has not heard of the vendor's clock yet, is not misled by a clock that is always wrong.
    `origin`: fingerprint of the integration and of the refresh token it came with.
    """

    token: str
    until: Annotated[datetime, msgspec.Meta(tz=True)]
    offset: float
    origin: str

    def __repr__(self) -> str:
        return f"KeptAccess(until={self.until.isoformat()})"


class Unkept(msgspec.Struct, frozen=True):
    """What came for a spent refresh token and could not be kept; `seconds`: how long to use the access token."""

    spent: str
    granted: Granted
    seconds: float

    def __repr__(self) -> str:
        return "Unkept()"


class Renewed(msgspec.Struct, frozen=True):
    """How a renewal ended elsewhere: an access token, a KeptAccess in JSON; or tokens that are yet to be kept."""

    access: str = ""
    unkept: Unkept | None = None

    def __repr__(self) -> str:
        return "Renewed()"


Apart = Callable[[str | None], Awaitable[Renewed]]
"""Renews in another process, given an access token that was turned down. Raises what `Tokens` raises."""


def authorize_url(auth_address: str, client_id: str, redirect_uri: str, state: str) -> str:
    """The consent page to open in a browser.

    No `scope` is sent: a free one has been refused (recorded), and those of the registration hold without it.
    Raises ConfigurationError for an address that is not safe.
    """
    address, _loopback = checked_address(auth_address)
    query = {"client_id": client_id, "response_type": "code", "redirect_uri": redirect_uri, "state": state}
    return f"{address}/oauth2/authorize?{urlencode(query)}"


async def exchange_code(
    auth_address: str,
    credentials: Credentials,
    code: str,
    redirect_uri: str,
    *,
    clock: VendorClock | None = None,
    http: "httpx.AsyncBaseTransport | None" = None,
) -> Granted:
    """The tokens for a code (single use, ten minutes); `redirect_uri` is the one the code was asked with.

    The caller keeps the refresh token (`TokenStore.replace(None, granted.refresh_token)`) before anything else.
    `clock` learns the vendor's time. Raises NotGranted for a code that does not hold, SignInRefused for
    credentials that do not, other VendorErrors as they come.
    """
    async with client(auth_address, connections=1, transport=http) as door:
        return await _ask(
            door,
            credentials,
            {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri},
            clock,
        )


class FirstTokens:
    """The tokens of a sign-in that is being tried: in memory, until whoever tries it keeps them."""

    def __init__(self, credentials: Credentials, granted: Granted, clock: VendorClock) -> None:
        self._refresh: str | None = granted.refresh_token
        self._access: str | None = _kept_access(
            credentials, granted, clock, granted.lifetime - min(RENEW_BEFORE, granted.lifetime / 2)
        )

    def read(self) -> str | None:
        """See TokenStore."""
        return self._refresh

    def replace(self, old: str | None, new: str) -> None:
        """See TokenStore."""
        del old
        self._refresh = new

    def access(self) -> str | None:
        """See TokenStore."""
        return self._access

    def keep_access(self, text: str | None) -> None:
        """See TokenStore."""
        self._access = text

    def lock(self) -> AbstractAsyncContextManager[None]:
        """See TokenStore; no other process knows these tokens."""
        return nullcontext()


class Tokens:
    """The access token of one integration, renewed when it ends or is refused.

    One that this or another process kept is used first, if it came with the refresh token that is valid now.
    Whether it has ended goes by the vendor's clock; where that was misjudged, the 401 leads to a renewal.

    Raises SignInRefused when the user has to sign in again (from then on without asking the vendor, as long as
    what was refused, the refresh token or the client secret, stays the same), other VendorErrors as they come, and
    what the store and `refusals` raise.
    """

    def __init__(
        self,
        auth_address: str,
        credentials: Credentials,
        store: TokenStore,
        clock: VendorClock,
        *,
        http: "httpx.AsyncBaseTransport | None" = None,
        patience: Patience | None = None,
        refusals: Refusals | None = None,
        apart: Apart | None = None,
    ) -> None:
        check_for_body(credentials.client_id, _("The Teamleader client id"))
        check_for_body(credentials.client_secret, _("The Teamleader client secret"))
        self._address = auth_address
        self._refusals = MemoryRefusals() if refusals is None else refusals
        self._credentials = credentials
        self._store = store
        self._clock = clock
        self._door = client(auth_address, patience=patience, connections=1, transport=http)
        self._access: str | None = None
        self._good_until = 0.0
        self._turned_down: str | None = None
        self._renewal: asyncio.Task[str] | None = None
        self._unkept: tuple[str, Granted, float] | None = None
        self._apart = apart
        self.kept = ""  # the access token as it was kept, a KeptAccess in JSON

    async def current(self, refused: str | None = None) -> str:
        """An access token that is not `refused` (one that the vendor has just answered 401 to)."""
        if refused is not None:
            self._turned_down = refused
        if self._access is not None and self._access != refused and monotonic() < self._good_until:
            return self._access
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(), name="teamleader-renewal")
            self._renewal.add_done_callback(_seen)
        # A caller that is cancelled leaves the renewal running: half of one would cost the sign-in.
        return await asyncio.shield(self._renewal)

    async def known_refusal(self) -> SignInRefused | None:
        """The refusal that a renewal would meet without being sent; None when none is needed or it would be sent."""
        token = await asyncio.to_thread(self._store.read)
        if token is None:
            return None  # nobody has signed in: the first call says so
        refused = next(filter(None, map(self._refusals.find, self._judged(token))), None)
        return None if refused is None or await self._take_kept() else refused

    @property
    def unkept(self) -> Unkept | None:
        """Tokens that came and could not be kept; None when there are none."""
        if self._unkept is None:
            return None
        spent, granted, good_until = self._unkept
        return Unkept(spent, granted, good_until - monotonic())

    async def close(self) -> None:
        """Let a renewal under way come to its end, then close the connection."""
        if self._renewal is not None:
            with suppress(Exception):  # whoever waited for it has been told
                await self._renewal
        await self._door.aclose()

    async def _renew(self) -> str:
        self._access = None
        if kept := await self._take_kept():
            return kept
        if (
            self._apart is not None
            and self._unkept is None
            and (token := await self._renewed_by(self._apart))
        ):
            return token
        async with self._store.lock():
            if kept := await self._take_kept():  # whoever held the lock before us has renewed
                return kept
            if self._unkept is None:
                self._unkept = await self._next()
            spent, granted, good_until = self._unkept
            await asyncio.to_thread(self._store.replace, spent, granted.refresh_token)
            self._unkept = None
            self._access, self._good_until = granted.access_token, good_until
            await self._keep_access(granted)
        return granted.access_token

    async def _renewed_by(self, apart: Apart) -> str | None:
        """The access token that another process fetched; None when it could not keep what came, which we have now."""
        client_secret, refresh_token = self._judged(await self._read())

        async def send() -> str | None:
            nonlocal refresh_token
            if kept := await self._take_kept():  # whoever had the turn before us has renewed
                return kept
            try:
                renewed = await apart(self._turned_down)
            except NotGranted:
                refresh_token = self._judged(await self._read())[1]  # it may have used a later one
                raise
            if (unkept := renewed.unkept) is not None:
                self._unkept = (unkept.spent, unkept.granted, monotonic() + unkept.seconds)
                return None
            fresh = msgspec.json.decode(renewed.access, type=KeptAccess)
            remember_secret(fresh.token)
            self._access, self._good_until = fresh.token, monotonic() + self._left(fresh)
            return fresh.token

        return await sign_in(
            self._refusals,
            (client_secret, refresh_token),
            send,
            lambda refused: refresh_token if isinstance(refused, NotGranted) else client_secret,
        )

    def _left(self, kept: KeptAccess) -> float:
        """Seconds for which a kept access token may be used, by the vendor's clock."""
        now = self._clock.now()
        if not self._clock.offset:  # nothing heard of the vendor's clock yet
            now += timedelta(seconds=kept.offset)
        return (kept.until - now).total_seconds()

    async def _take_kept(self) -> str | None:
        """The kept access token, from now on our own; None when it is not for us, has ended or was turned down."""
        if self._unkept is not None:  # its refresh token must be kept before anything else
            return None
        text = await asyncio.to_thread(self._store.access)
        if text is None:
            return None
        try:
            kept = msgspec.json.decode(text, type=KeptAccess)
        except msgspec.DecodeError:
            return None
        remember_secret(kept.token)
        refresh_token = await asyncio.to_thread(self._store.read)
        if refresh_token is None or kept.origin != _origin(self._credentials, refresh_token):
            return None
        left = self._left(kept)
        if left <= 0 or kept.token == self._turned_down:
            return None
        self._access, self._good_until, self.kept = kept.token, monotonic() + left, text
        return kept.token

    async def _keep_access(self, granted: Granted) -> None:
        self.kept = _kept_access(self._credentials, granted, self._clock, self._good_until - monotonic())
        await asyncio.to_thread(self._store.keep_access, self.kept)

    async def _next(self) -> tuple[str, Granted, float]:
        """The refresh token that was spent, what came for it, and until when (monotonic) that holds."""
        token = await self._read()
        try:
            return await self._refresh(token)
        except SignInRefused:
            # Another process may have renewed since we read: look once more. The same token is not tried again.
            present = await self._read()
            if present != token:
                return await self._refresh(present)
            await asyncio.to_thread(self._store.keep_access, None)  # or each start would try it once more
            raise

    async def _read(self) -> str:
        token = await asyncio.to_thread(self._store.read)
        if token is None:
            raise SignInRefused("Teamleader", OPERATION, _("nobody has signed in yet: sign in"))
        remember_secret(token)
        check_for_body(token, _("The Teamleader refresh token"))
        return token

    def _judged(self, token: str) -> tuple[Credential, Credential]:
        """Client secret and refresh token, as the vendor judges them."""
        origin = (self._address, self._credentials.client_id)
        return (
            Credential("Teamleader", "client secret", (*origin, self._credentials.client_secret)),
            Credential("Teamleader", "refresh token", (*origin, token)),
        )

    async def _refresh(self, token: str) -> tuple[str, Granted, float]:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        asked = monotonic()
        client_secret, refresh_token = self._judged(token)
        granted = await sign_in(
            self._refusals,
            (client_secret, refresh_token),
            lambda: _ask(self._door, self._credentials, form, self._clock),
            lambda refused: refresh_token if isinstance(refused, NotGranted) else client_secret,
        )
        return token, granted, asked + max(granted.lifetime - RENEW_BEFORE, granted.lifetime / 2)


class NotGranted(SignInRefused):
    """invalid_grant: this code or refresh token is spent, revoked or unknown."""


def _kept_access(credentials: Credentials, granted: Granted, clock: VendorClock, seconds: float) -> str:
    """An access token as it is kept; `seconds`: how long it is to be used from now on."""
    kept = KeptAccess(
        granted.access_token,
        clock.now() + timedelta(seconds=seconds),
        clock.offset.total_seconds(),
        _origin(credentials, granted.refresh_token),
    )
    return msgspec.json.encode(kept).decode()


def _origin(credentials: Credentials, refresh_token: str) -> str:
    line = f"{credentials.client_id}\n{refresh_token}"
    return hashlib.sha256(line.encode()).hexdigest()[:16]


async def _ask(
    door: Client, credentials: Credentials, form: dict[str, str], clock: VendorClock | None = None
) -> Granted:
    """One request for tokens. A lost answer is no write in doubt: what the user asked for was not sent yet."""
    keys = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
    remember_secret(credentials.client_secret)
    request = door.form("/oauth2/access_token", keys | form)
    response = await exchange(door, request, vendor="Teamleader", operation=OPERATION, write=False)
    if clock is not None:
        clock.learn(response.headers.get("Date"))
    if response.status_code == 200:
        granted = decode(response.content, Granted, vendor="Teamleader", operation=OPERATION, status=200)
        remember_secret(granted.access_token)
        remember_secret(granted.refresh_token)
        for name in ("access_token", "refresh_token"):
            if not fits_a_header(getattr(granted, name)):
                raise Unreadable("Teamleader", OPERATION, _("no token"), path=f"$.{name}", status=200)
        return granted
    raise _refused(response)


def _refused(response: Response) -> VendorError:
    """invalid_grant comes as `{"errors": [{"title": …}]}` (recorded) or `{"error": …}` (the OAuth form)."""
    status = response.status_code
    if status in (400, 401) and b"invalid_grant" in response.content:
        text = _("the sign-in has expired or was revoked: sign in again")
        return NotGranted("Teamleader", OPERATION, text, status=status)
    if status in (400, 401, 403):
        return SignInRefused("Teamleader", OPERATION, explained(response.content).text, status=status)
    return refusal(response, OPERATION, write=False)


def _seen(task: asyncio.Task[str]) -> None:
    """Take note of the outcome, so that one nobody waited for is not reported as forgotten."""
    if not task.cancelled():
        task.exception()
