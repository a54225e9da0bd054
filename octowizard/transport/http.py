"""HTTP as both clients need it: one careful client, JSON with Decimals, a missing answer put into our tree of errors.

Not here: what a status means (each client knows its vendor), tokens, limits.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import cache, partial
from ipaddress import ip_address
from socket import gaierror
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from urllib.parse import urlencode, urlsplit

import msgspec

from octowizard import __version__
from octowizard.locale import _
from octowizard.transport import bounds
from octowizard.transport.certificates import advice, causes, distrust, trusted
from octowizard.transport.door import ENCODINGS, BoundedCalls, Patience
from octowizard.transport.errors import (
    ConfigurationError,
    Interrupted,
    Unreachable,
    Unreadable,
    Untrusted,
    VendorError,
    WebPage,
)
from octowizard.transport.ledger import BRUSSELS
from octowizard.transport.messages import (
    Carrier,
    Cut,
    Garbled,
    NoConnection,
    NoConnectionInTime,
    NotSent,
    NoWordInTime,
    Origin,
    Request,
    Response,
    Unanswered,
    origin_of,
)
from octowizard.transport.proxies import proxy_for
from octowizard.transport.redact import log_call

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

# We drop an idle connection before the vendor drops it under a write, which would leave that in doubt.
_KEEP_ALIVE = 3.0

USER_AGENT = f"octowizard/{__version__}"


def checked_address(address: str) -> tuple[str, bool]:
    """The base address without a slash at the end, and whether it is on this machine.

    Raises ConfigurationError unless it is https, or plain http on the loopback interface (practice company).
    """
    try:
        origin = origin_of(address)
    except ValueError:
        raise ConfigurationError(
            _("{address} is not a web address: it must begin with https://.").format(address=address)
        ) from None
    loopback = _is_loopback(origin.host)
    if origin.scheme != "https" and not loopback:
        raise ConfigurationError(
            _("{address} is not safe: passwords are only sent over https, or to this machine itself.").format(
                address=address
            )
        )
    return address.rstrip("/"), loopback


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


Send = Callable[[Request], Awaitable[Response]]
Attempts = Callable[[Request, Send], Awaitable[Response]]
"""What a call is made of: puts a token into the request and sends it; once more where the token was not taken."""


class Client:
    """What `client` makes. `base_url`: without a slash at the end. An async context manager."""

    def __init__(self, base_url: str, origin: Origin, calls: BoundedCalls) -> None:
        self.base_url = base_url
        self.origin = origin
        self._calls = calls
        self._usual = {
            "Accept": "*/*",
            "Accept-Encoding": ENCODINGS,
            "Connection": "keep-alive",
            "User-Agent": USER_AGENT,
        }

    def build_request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Request:
        """To a path below the base address, with its query as it is to be sent."""
        usual = {**self._usual, **headers} if headers else self._usual.copy()
        return Request(method, self.origin.path + path, usual, content)

    def form(self, path: str, fields: Mapping[str, str]) -> Request:
        """A POST of these fields."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.build_request("POST", path, headers=headers, content=urlencode(fields).encode())

    async def send(self, request: Request) -> Response:
        """What comes back, whatever it says. Raises Unanswered and OutOfBounds."""
        return await self._calls.send(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._calls.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_how: object) -> None:
        await self.aclose()


def client(
    base_url: str,
    *,
    patience: Patience | None = None,
    connections: int = 16,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Client:
    """One client to keep for the whole session; `patience` is that with the vendor, of its own if None.

    No redirects (a token must not follow one), no cookies, no proxy for this machine, HTTP/1.1, and no more of an
    answer than `bounds` allows. Raises ConfigurationError for an address that would send secrets in the open.
    `transport`: in the place of connections.
    """
    address, loopback = checked_address(base_url)
    origin = origin_of(address)
    if transport is None and not loopback:
        transport = _through_proxy(address, most=connections)
    patience = Patience() if patience is None else patience
    carrier = _carrier(origin, transport)
    return Client(address, origin, BoundedCalls(carrier, connections=connections, patience=patience))


def _carrier(origin: Origin, transport: httpx.AsyncBaseTransport | None) -> Carrier:
    if transport is not None:
        from octowizard.transport.proxied import ThroughHttpx

        return ThroughHttpx(origin, transport)
    from octowizard.transport.connections import Connections

    return Connections(origin, verify=trusted() if origin.scheme == "https" else None, idle=_KEEP_ALIVE)


def _through_proxy(address: str, *, most: int) -> httpx.AsyncBaseTransport | None:
    """Connections of httpx, which knows how, where a proxy is named."""
    if (proxy := proxy_for(address)) is None:
        return None
    import httpx

    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=_KEEP_ALIVE)
    verify = trusted() if address.startswith("https:") else False
    return httpx.AsyncHTTPTransport(verify=verify, proxy=proxy, limits=limits)


def check_for_header(text: str, name: str) -> None:
    """Raise ConfigurationError unless a secret of the user can be sent in a header; `name`: what it is, for people."""
    if not bounds.fits_a_header(text):
        raise ConfigurationError(
            _(
                "{name} of this profile holds something that cannot be sent (a space, a new line, a letter "
                "outside ASCII), or nothing at all: copy it again from where it was given."
            ).format(name=name)
        )


def check_for_body(text: str, name: str) -> None:
    """Raise ConfigurationError unless a name or secret of the user is text that can be written down."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ConfigurationError(
            _("{name} of this profile holds letters that cannot be sent: write it again, in UTF-8.").format(
                name=name
            )
        ) from None


async def exchange(
    client: Client,
    request: Request,
    *,
    vendor: str,
    operation: str,
    write: bool,
    attempts: Attempts | None = None,
) -> Response:
    """Send, read the whole answer, log one line. Any status is returned; a missing answer is raised.

    Raises WebPage for a page in the place of a success, or of a refusal that would be blamed on a password: it comes
    from something in between.
    """
    request.operation = operation
    began = perf_counter()
    try:
        response = await (client.send(request) if attempts is None else attempts(request, client.send))
    except Unanswered as error:
        log_call(vendor, operation, type(error).__name__, (perf_counter() - began) * 1000)
        raise classify(error, client.origin.address, vendor, operation, write=write) from error
    except bounds.OutOfBounds as error:
        log_call(vendor, operation, type(error).__name__, (perf_counter() - began) * 1000)
        raise Unreadable(vendor, operation, str(error), in_doubt=write) from error
    log_call(vendor, operation, response.status_code, (perf_counter() - began) * 1000)
    page = response.headers.get("Content-Type", "").lower().startswith("text/html")
    if page and (response.is_success or (response.status_code in (401, 403) and not write)):
        raise WebPage(vendor, operation, _("a web page"), status=response.status_code, in_doubt=write)
    return response


_IN_OTHER_WORDS: dict[type[Unanswered], Callable[[], str]] = {
    NoConnectionInTime: lambda: _("no connection in time"),
    NoWordInTime: lambda: _("no word in time"),
    Cut: lambda: _("the connection was cut"),
}


def classify(error: Unanswered, address: str, vendor: str, operation: str, *, write: bool) -> VendorError:
    """What it means: nothing was sent, or it was sent and the answer is missing. `address`: of the vendor."""
    text = str(error) or _IN_OTHER_WORDS.get(type(error), lambda: type(error).__name__)()
    if isinstance(error, Garbled):  # a library's own words quote bytes
        text = _("its answer broke off, or was none of a web service")
    if isinstance(error, NotSent):
        proxy = _proxy(address)
        if (shown := distrust(error)) is not None:
            reason = getattr(shown, "verify_message", "") or str(shown)
            return Untrusted(vendor, operation, reason, address=address, advice=advice(shown))
        if any(isinstance(cause, gaierror) for cause in causes(error)):
            host = urlsplit(f"http://{proxy}" if proxy else address).hostname
            text = _("the name {host} is not found").format(host=host)
        elif type(error) is NoConnection:
            text = _("nobody answers there")
        return Unreachable(vendor, operation, text, address=address, proxy=proxy)
    return Interrupted(vendor, operation, text, in_doubt=write)


def _proxy(address: str) -> str:
    """The proxy that leads to this address, without user and password; "" where there is none."""
    try:
        loopback = not address or checked_address(address)[1]
        proxy = None if loopback else proxy_for(address)
    except ConfigurationError:
        return ""
    return proxy.url.netloc.decode("ascii") if proxy is not None else ""


_encoder = msgspec.json.Encoder(decimal_format="number")


def encode(data: object) -> bytes:
    """JSON; a Decimal becomes a JSON number, digit for digit."""
    return _encoder.encode(data)


@cache
def _decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type_, float_hook=bounds.number)


_PATH = re.compile(r" - at `(?P<path>.*)`$", re.DOTALL)
_A_DATE = "Invalid RFC3339 encoded date"
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_MOST_DATE_FIELDS = 12


def decode(
    body: bytes,
    type: type[T],
    *,
    vendor: str = "",
    operation: str = "",
    status: int | None = None,
    write: bool = False,
    part: bool = False,
) -> T:
    """The body as `type`: numbers straight to Decimal, unknown members ignored, wrong types refused.

    A date field may hold a full time stamp: its day is taken (in Brussels, where it has a zone). A name that stands
    twice in a record counts the last time, wherever it is read: nothing but msgspec reads an answer, so that no two
    readers can be made to see two records, and refusing it would take a slower decoder. `part`: a piece of a body
    whose shape has been checked.
    Raises Unreadable with the path of what did not fit (in doubt after a write: it took effect, or not).
    """
    refusal = partial(Unreadable, vendor, operation, status=status, in_doubt=write)
    if not body:
        raise refusal(_("an empty answer"))
    try:
        if not part:
            bounds.check_shape(body)
        result = _typed(body, type)
        bounds.check_values(body, result)
    except bounds.OutOfBounds as error:
        raise refusal(str(error), path=error.path) from error
    except RecursionError as error:
        raise refusal(_("records nested too deep")) from error
    except UnicodeDecodeError as error:
        raise refusal("not UTF-8") from error
    except ValueError as error:  # msgspec's own, and what is no number
        match = _PATH.search(str(error))
        raise refusal(_PATH.sub("", str(error)), path=match["path"] if match else "$") from error
    return result


def decoded_or_none(body: bytes, type: type[T]) -> T | None:
    """As decode; None for what cannot be read."""
    try:
        return decode(body, type)
    except Unreadable:
        return None


def _typed(body: bytes, type: type[T]) -> T:
    try:
        result: T = _decoder(cast("Any", type)).decode(body)
    except msgspec.ValidationError as error:
        if _A_DATE not in str(error):
            raise
        return _with_dates_cut(body, type, error)
    return result


def _with_dates_cut(body: bytes, type: type[T], error: msgspec.ValidationError) -> T:
    """Decode the slow way, cutting time stamps in the fields that msgspec names, one field name at a time."""
    data = _decoder(Any).decode(body)
    for _attempt in range(_MOST_DATE_FIELDS):
        match = _PATH.search(str(error))
        field = match["path"].rpartition(".")[2] if match else ""
        if _A_DATE not in str(error) or not field or not _cut(data, field):
            break
        try:
            return msgspec.convert(data, type)
        except msgspec.ValidationError as next_error:
            error = next_error
    raise error


def _cut(data: Any, field: str) -> bool:
    """Replace time stamps under `field`, anywhere, by their day; whether there was one."""
    changed = False
    if isinstance(data, list):
        for item in data:
            changed = _cut(item, field) or changed
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == field and isinstance(value, str) and _TIMESTAMP.match(value):
                data[key] = _day(value)
                changed = changed or data[key] != value
            else:
                changed = _cut(value, field) or changed
    return changed


def _day(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment.astimezone(BRUSSELS) if moment.tzinfo else moment).date().isoformat()
