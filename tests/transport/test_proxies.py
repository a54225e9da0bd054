"""Which proxy a call takes, and what is told where one cannot be used."""

import os

import pytest

from octowizard.transport import http
from octowizard.transport.errors import ConfigurationError
from octowizard.transport.proxies import proxy_for

ADDRESS = "https://service.example/v1"


@pytest.fixture(autouse=True)
def _no_proxy_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "socks://127.0.0.1:9"),
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
        ("all_proxy", "socks5h://user:secret@127.0.0.1:9"),
        ("HTTPS_PROXY", "socks4://proxy.example"),
        ("https_proxy", "ftp://proxy.example"),
        ("HTTPS_PROXY", "http://"),
        ("HTTPS_PROXY", "http://proxy.example:port"),
        ("ALL_PROXY", "http://[::1"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as refused:
        proxy_for(ADDRESS)
    assert str(refused.value).startswith(f"The proxy in {variable} cannot be used")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "entry"),
    [
        ("10.0.0.0/8,fe80::/10,[::1]", "10.0.0.0/8"),
        ("localhost, fe80::/10", "fe80::/10"),
        ("localhost,[::1]", "[::1]"),
        ("::1", "::1"),
        ("192.168.0.0/16", "192.168.0.0/16"),
        ("[fe80::1]:8080", "[fe80::1]:8080"),
        ("a.example b.example", "a.example b.example"),
        ("*.example", "*.example"),
        ("localhost, 10.*", "10.*"),
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_an_exception_that_would_never_match_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, entry: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as refused:
        proxy_for(ADDRESS)
    assert str(refused.value).startswith(f"{variable} holds “{entry}”")


@pytest.mark.parametrize(
    ("settings", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, "http://proxy.example:3128"),
        ({"https_proxy": "proxy.example:3128"}, "http://proxy.example:3128"),
        ({"ALL_PROXY": "https://proxy.example"}, "https://proxy.example"),
        ({"ALL_PROXY": "http://all.example", "HTTPS_PROXY": "http://one.example"}, "http://one.example"),
        ({"HTTP_PROXY": "socks5://127.0.0.1:9"}, None),  # not for https
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "service.example"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": ".example, 10.0.0.1"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "other.example:8080,"}, "http://proxy.example"),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "service.example:443"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "service.example:80"}, "http://proxy.example"),
        ({"HTTPS_PROXY": "", "ALL_PROXY": ""}, None),
    ],
)
def test_the_proxy_that_is_named_is_taken(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], proxy: str | None
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    taken = proxy_for(ADDRESS)
    assert (taken and str(taken.url)) == proxy


@pytest.mark.parametrize("address", ["http://127.0.0.1:8010", "http://localhost:8010", "http://[::1]:8010"])
async def test_this_machine_is_never_called_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    for name, value in {"ALL_PROXY": "socks5://127.0.0.1:9", "NO_PROXY": "10.0.0.0/8"}.items():
        monkeypatch.setenv(name, value)
    async with http.client(address) as client:
        assert client.base_url == address
