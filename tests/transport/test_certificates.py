"""Whom the transport trusts: this computer's store, and what the environment names; a distrust says what to do.

The certificates beside this file, with their keys, are of nobody: made for these tests, for 127.0.0.1.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from octowizard.transport import http
from octowizard.transport.certificates import trusted
from octowizard.transport.errors import ConfigurationError, Untrusted

CERTIFICATES = Path(__file__).parent / "certificates"


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test reads the environment anew."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    trusted.cache_clear()
    yield
    trusted.cache_clear()


@asynccontextmanager
async def vendor(certificate: str) -> AsyncIterator[str]:
    """A vendor that shows this certificate; its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / certificate)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def called(address: str) -> int:
    """The status of one call."""
    async with http.client(address) as client:
        request = client.build_request("GET", "/x")
        response = await http.exchange(client, request, vendor="Octopus", operation="GET /x", write=False)
        return response.status_code


async def test_an_office_s_own_certificate_is_trusted_once_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with vendor("office.pem") as address:
        with pytest.raises(Untrusted) as refused:
            await called(address)
        assert f"The certificate that Octopus shows at {address} is not trusted" in str(refused.value)
        assert "have its own certificate put into the store of this computer" in str(refused.value)
        assert "_ssl.c" not in str(refused.value)
        trusted.cache_clear()
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "office.pem"))
        assert await called(address) == 200


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("other-name.pem", "made out to another name: check the address of the profile"),
        ("expired.pem", "does not hold today: check the date and time of this computer"),
    ],
)
async def test_a_certificate_that_does_not_fit_says_why(
    monkeypatch: pytest.MonkeyPatch, certificate: str, words: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / certificate))
    async with vendor(certificate) as address:
        with pytest.raises(Untrusted) as refused:
            await called(address)
    assert words in str(refused.value)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_place_of_certificates_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "missing"))
    with pytest.raises(ConfigurationError, match=rf"^{variable} names .*missing, which cannot be read"):
        trusted()


@pytest.mark.parametrize(
    "content", [b"", b"not a certificate\n", b"\0\xff\xfe", b"-----BEGIN CERTIFICATE-----\n"]
)
def test_a_file_without_certificates_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(
        ConfigurationError, match=r"^SSL_CERT_FILE names .*ca\.pem, which holds no certificates"
    ):
        trusted()


def test_a_folder_in_the_place_of_the_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"^SSL_CERT_FILE names "):
        trusted()
