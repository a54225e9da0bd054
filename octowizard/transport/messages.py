"""A request to a vendor, its response, and why there is none: the words of whoever calls and whoever carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

_PORTS: Final = {"http": 80, "https": 443}
_AS_IT_IS: Final = (
    "/%:@!$&'()*+,;=~?"  # of an address: what has its meaning there, and what is written out already
)
_HOST: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")


class Origin(NamedTuple):
    """Where a vendor is. `host`: as it is looked up; `netloc`: as the header Host names it; `path`: without a slash."""

    scheme: str
    host: str
    port: int
    netloc: str
    path: str

    @property
    def is_numeric(self) -> bool:
        """Whether the host is an address, not a name."""
        return ":" in self.host or self.host.replace(".", "").isdigit()

    @property
    def address(self) -> str:
        """For people: scheme and host."""
        return f"{self.scheme}://{self.netloc}"


def origin_of(address: str) -> Origin:
    """Read a base address. Raises ValueError for what is none."""
    if not address.isprintable():
        raise ValueError(address)
    parts = urlsplit(address)
    host, port = parts.hostname, parts.port
    if not host or parts.scheme not in _PORTS:
        raise ValueError(address)
    if ":" in host:
        from ipaddress import IPv6Address

        netloc = f"[{IPv6Address(host)}]"
    else:
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
        if not _HOST.issuperset(host) or ".." in host or host.startswith("."):
            raise ValueError(address)
        netloc = host
    usual = _PORTS[parts.scheme]
    if port not in (None, usual):
        netloc += f":{port}"
    return Origin(parts.scheme, host, port or usual, netloc, quote(parts.path.rstrip("/"), safe=_AS_IT_IS))


class Headers(Mapping[str, str]):
    """Of a response, by name in whatever letters; one that comes several times is one, parted by commas."""

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        values: dict[str, str] = {}
        for name, value in pairs:
            name = name.lower()
            values[name] = f"{values[name]}, {value}" if name in values else value
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Request:
    """What is sent. `target`: path and query as the first line names them; `operation`: see Patience."""

    __slots__ = ("content", "headers", "method", "operation", "target")

    def __init__(self, method: str, target: str, headers: dict[str, str], content: bytes | None) -> None:
        self.method = method
        self.target = target if _is_plain(target) else quote(target, safe=_AS_IT_IS)
        self.headers = headers
        self.content = content
        self.operation = ""


def _is_plain(target: str) -> bool:
    return target.isascii() and target.isprintable() and " " not in target


class Response(NamedTuple):
    """What came, whole and unpacked."""

    status_code: int
    headers: Headers
    content: bytes

    @property
    def is_success(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status_code < 300


class Arriving(Protocol):
    """A response on its way; both methods may raise OutOfBounds, which ends it."""

    def begin(self, status_code: int, headers: Headers) -> None:
        """All but its body is there."""

    def take(self, piece: bytes) -> None:
        """More of its body, as it was sent."""


class Seconds(NamedTuple):
    """How long is waited: for a new connection, without a byte, and in all."""

    connect: float
    silence: float
    in_all: float


class Carrier(Protocol):
    """Connections to one vendor."""

    async def carry(self, request: Request, arriving: Arriving, patience: Seconds) -> None:
        """Send it once, and hand over the response as it comes, to its end.

        Raises NotSent where nothing left, other Unanswered where it may have; TimeoutError when `in_all` is over.
        """

    async def aclose(self) -> None:
        """Close them."""


class Unanswered(Exception):
    """There is no whole response; something may have been sent. The text is part of a sentence, or empty."""


class NotSent(Unanswered):
    """Nothing has left."""


class NoConnection(NotSent):
    """Nobody takes the call, or somebody who is not trusted: what it goes back to says which."""


class NoConnectionInTime(NotSent):
    """The same, for want of any answer."""


class HeldBack(NotSent):
    """It was not worth sending."""


class NoProxy(NotSent):
    """The proxy in between does not let it pass."""


class NoWordInTime(Unanswered):
    """Nothing came for too long."""


class Cut(Unanswered):
    """The connection ended in an error."""


class Garbled(Unanswered):
    """The connection was closed before the end of the response, or what came is no HTTP."""
