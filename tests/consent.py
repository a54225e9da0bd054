"""A browser for sign-ins: follows Teamleader's consent page and comes back to the redirect address."""

from __future__ import annotations

import re
import socket
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlsplit


def free_port() -> int:
    """A port of the loopback interface that nobody has now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def visit(address: str) -> tuple[int, str, str]:
    """Status, the place it sends to, and the page."""
    parts = urlsplit(address)
    assert parts.hostname
    connection = HTTPConnection(parts.hostname, parts.port, timeout=30)
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
