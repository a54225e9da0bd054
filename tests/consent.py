"""A browser for sign-ins: follows Teamleader's consent page and comes back to the redirect address.

A page at https is that of an office (`transport/office.py`): its port of TLS is told once, by `by_tls`.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit


def free_port() -> int:
    """A port of the loopback interface that nobody has now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


_by_tls: list[tuple[int, str]] = []  # the port at which all hosts are, and the CA that is trusted


@contextmanager
def by_tls(port: int, ca: str) -> Iterator[None]:
    """Within it, every page at https is at this port of this machine."""
    _by_tls.append((port, ca))
    try:
        yield
    finally:
        _by_tls.pop()


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port, timeout=30)
    door, ca = _by_tls[-1]
    context = ssl.create_default_context(cafile=ca)
    connection = HTTPSConnection(host, timeout=30, context=context)
    connection.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", door)), server_hostname=host)
    return connection


def visit(address: str) -> tuple[int, str, str]:
    """Status, the place it sends to, and the page."""
    parts = urlsplit(address)
    assert parts.hostname
    connection = _connection(parts.scheme, parts.hostname, parts.port)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", ""), answer.read().decode()
    finally:
        connection.close()


def agreed(page: str, *, link: str = "allow") -> str:
    """The address to which Teamleader sends a person that clicks on this link of the consent page."""
    status, _place, text = visit(page)
    assert status == 200, text
    found = re.search(f'id="{link}" href="([^"]+)"', text)
    assert found
    parts = urlsplit(page)
    return visit(f"{parts.scheme}://{parts.netloc}{unescape(found[1])}")[1]
