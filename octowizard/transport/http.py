"""HTTP as both clients need it: one careful httpx client, JSON with Decimals, httpx errors put into our tree.

Not here: what a status means (each client knows its vendor), tokens, limits.
"""

import re
import ssl
from datetime import datetime
from decimal import Decimal
from functools import cache
from ipaddress import ip_address
from time import perf_counter
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import httpx
import msgspec

from octowizard.locale import _
from octowizard.transport.errors import ConfigurationError, Interrupted, Unreachable, Unreadable, VendorError
from octowizard.transport.ledger import BRUSSELS
from octowizard.transport.redact import log_call

T = TypeVar("T")

# We drop an idle connection before the vendor drops it under a write, which would leave that in doubt.
_KEEP_ALIVE = 3.0
_CONNECT_TIMEOUT = 10.0


def checked_address(address: str) -> tuple[str, bool]:
    """The base address without a slash at the end, and whether it is on this machine.

    Raises ConfigurationError unless it is https, or plain http on the loopback interface (practice company).
    """
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in ("http", "https"):
        raise ConfigurationError(
            _("{address} is not a web address: it must begin with https://.").format(address=address)
        )
    loopback = _is_loopback(host)
    if parts.scheme != "https" and not loopback:
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


@cache
def _tls() -> ssl.SSLContext:
    """Loading the store of certificates takes time: once, and only where there is TLS."""
    return httpx.create_ssl_context()


def client(
    base_url: str,
    *,
    timeout: float = 30.0,
    connections: int = 16,
    auth: httpx.Auth | None = None,
    headers: dict[str, str] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """One client to keep for the whole session; `timeout` in seconds, per read and write.

    No redirects (a token must not follow one), no proxy for this machine, HTTP/1.1.
    Raises ConfigurationError for an address that would send secrets in the open.
    """
    address, loopback = checked_address(base_url)
    return httpx.AsyncClient(
        base_url=address,
        verify=_tls() if address.startswith("https:") and transport is None else False,
        trust_env=not loopback and transport is None,
        follow_redirects=False,
        timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT_TIMEOUT), pool=None),
        limits=httpx.Limits(
            max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=_KEEP_ALIVE
        ),
        auth=auth,
        headers=headers,
        transport=transport,
    )


async def exchange(
    client: httpx.AsyncClient,
    request: httpx.Request,
    *,
    vendor: str,
    operation: str,
    write: bool,
    auth: httpx.Auth | None = None,
) -> httpx.Response:
    """Send, read the whole answer, log one line. Any status is returned; a missing answer is raised."""
    began = perf_counter()
    try:
        response = await client.send(request, auth=auth)
    except httpx.HTTPError as error:
        log_call(vendor, operation, type(error).__name__, (perf_counter() - began) * 1000)
        raise classify(error, vendor, operation, write=write) from error
    log_call(vendor, operation, response.status_code, (perf_counter() - began) * 1000)
    return response


_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


def classify(error: httpx.HTTPError, vendor: str, operation: str, *, write: bool) -> VendorError:
    """What an httpx error means: nothing was sent, or it was sent and the answer is missing."""
    text = str(error) or type(error).__name__
    if isinstance(error, _NOT_SENT):
        try:
            address = f"{error.request.url.scheme}://{error.request.url.netloc.decode('ascii')}"
        except RuntimeError:  # httpx: the error knows no request
            address = ""
        return Unreachable(vendor, operation, text, address=address)
    return Interrupted(vendor, operation, text, in_doubt=write)


_encoder = msgspec.json.Encoder(decimal_format="number")


def encode(data: object) -> bytes:
    """JSON; a Decimal becomes a JSON number, digit for digit."""
    return _encoder.encode(data)


@cache
def _decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type_, float_hook=Decimal)


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
) -> T:
    """The body as `type`: numbers straight to Decimal, unknown members ignored, wrong types refused.

    A date field may hold a full time stamp: its day is taken (in Brussels, where it has a zone).
    Raises Unreadable with the path of what did not fit (in doubt after a write: it took effect, or not).
    """
    try:
        result: T = _decoder(cast("Any", type)).decode(body)
    except msgspec.DecodeError as error:
        if isinstance(error, msgspec.ValidationError) and _A_DATE in str(error):
            try:
                return _with_dates_cut(body, type, error)
            except msgspec.ValidationError as second:
                error = second
        found = _PATH.search(str(error))
        raise Unreadable(
            vendor,
            operation,
            _PATH.sub("", str(error)),
            path=found["path"] if found else "$",
            status=status,
            in_doubt=write,
        ) from error
    except UnicodeDecodeError as error:
        raise Unreadable(vendor, operation, "not UTF-8", status=status, in_doubt=write) from error
    return result


def _with_dates_cut(body: bytes, type: type[T], error: msgspec.ValidationError) -> T:
    """Decode the slow way, cutting time stamps in the fields that msgspec names, one field name at a time."""
    data = _decoder(Any).decode(body)
    for _attempt in range(_MOST_DATE_FIELDS):
        found = _PATH.search(str(error))
        field = found["path"].rpartition(".")[2] if found else ""
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
