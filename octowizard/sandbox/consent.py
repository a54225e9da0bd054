"""The consent pages of both stand-ins: a page with two links, and the address that the browser is sent back to."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode, urlsplit

PAGE_HEADERS = {  # nobody puts the consent page into a page of his own, and lets a person click on it unseen
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def asking(query: Mapping[str, str], path: str, what: str) -> str:
    """The page at `path` that asks for access to `what`: its links add `approve=yes` or `no` to the query."""
    yes = escape(f"{path}?{urlencode({**query, 'approve': 'yes'})}")
    no = escape(f"{path}?{urlencode({**query, 'approve': 'no'})}")
    return page(
        "<p><strong>This is the practice company. No real account is involved.</strong></p>"
        f"<p>An integration asks for access to {escape(what)}.</p>"
        f'<p><a id="allow" href="{yes}">Allow</a> &nbsp; <a id="refuse" href="{no}">Refuse</a></p>'
    )


def back(query: Mapping[str, str], **answer: str) -> str:
    """The redirect address of the query with the answer, and the query's `state` where it has one."""
    address = query["redirect_uri"]
    if "state" in query:
        answer["state"] = query["state"]
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(answer)}"


def page(content: str) -> str:
    """A page of HTML around a content."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Practice company</title></head>'
        f'<body style="font-family: sans-serif; max-width: 40em; margin: 4em auto">{content}</body></html>'
    )
