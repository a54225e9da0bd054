"""Which proxy a call takes: the one that the environment or the system names, and none for this machine."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from octowizard.locale import _
from octowizard.transport.errors import ConfigurationError

if TYPE_CHECKING:
    import httpx

_HOST = re.compile(
    r"\*|[^\s/\[\]:*]+(:\d+)?"
)  # all; a name, a domain or an IPv4 address, perhaps with a port

_PORTS = {"http": 80, "https": 443}


def proxy_for(address: str) -> httpx.Proxy | None:
    """The proxy for this address, which is not on this machine; None where none is named or it goes without.

    Raises ConfigurationError for a proxy that cannot be used, and for an exception that would be passed over.
    """
    from urllib.request import getproxies, proxy_bypass  # it loads a whole client

    _check_exceptions()
    parts = urlsplit(address)
    known = getproxies()
    scheme = next((scheme for scheme in (parts.scheme, "all") if known.get(scheme)), None)
    if scheme is None or proxy_bypass(f"{parts.hostname or ''}:{parts.port or _PORTS.get(parts.scheme, '')}"):
        return None
    import httpx  # only where there is one

    named = known[scheme]
    try:
        proxy = httpx.Proxy(named if "://" in named else f"http://{named}")
    except (ValueError, httpx.InvalidURL):
        proxy = None
    if proxy is None or proxy.url.scheme not in ("http", "https") or not proxy.url.host:
        raise _unusable(_variable(f"{scheme}_proxy"))
    return proxy


def _variable(name: str) -> str:
    """The variable of the environment as it is written there, the one that counts; "" when there is none."""
    return next(
        (known for known in (name, *os.environ) if known.lower() == name and os.environ.get(known)), ""
    )


def _unusable(variable: str) -> ConfigurationError:
    # Not what it says: it may hold a password.
    if not variable:
        return ConfigurationError(
            _("The proxy that this computer names cannot be used: it must begin with http:// or https://.")
        )
    text = _(
        "The proxy in {variable} cannot be used: it must begin with http:// or https://; correct or remove it."
    )
    return ConfigurationError(text.format(variable=variable))


def _check_exceptions() -> None:
    """Raise ConfigurationError for hosts to go without a proxy that nothing here would ever match."""
    variable = _variable("no_proxy")
    for entry in os.environ.get(variable, "").split(","):
        if entry.strip() and not _HOST.fullmatch(entry.strip()):
            text = _(
                "{variable} holds “{entry}”, which octowizard cannot follow: name hosts, domains or IPv4 addresses, "
                "parted by commas; no ranges of a network, no IPv6 addresses, and .example.com for *.example.com."
            )
            raise ConfigurationError(text.format(variable=variable, entry=entry.strip()))
