"""Settings of the network that cannot be followed: exit 2 and one sentence that names the variable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from octowizard.cli import main
from octowizard.transport.certificates import trusted
from octowizard.workspace import secrets
from tests.cli.test_sync_staged import keep


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with a profile of real addresses, where nobody answers, and its secrets in the environment."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    monkeypatch.setenv("OCTOWIZARD_LANGUAGE", "en")
    for name in secrets.secret_names():
        monkeypatch.setenv(secrets.variable(name), "practice")
    addresses = ("octopus_url", "teamleader_url", "teamleader_auth_url")
    keep(tmp_path, **dict.fromkeys(addresses, "https://127.0.0.2.invalid"))
    (tmp_path / "not-a-certificate.pem").write_text("not a certificate\n")
    trusted.cache_clear()
    yield tmp_path
    trusted.cache_clear()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "socks://127.0.0.1:9"),
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
        ("all_proxy", "socks5h://127.0.0.1:9"),
        ("HTTPS_PROXY", "ftp://127.0.0.1:9"),
        ("SSL_CERT_FILE", "/nonexistent/ca.pem"),
        ("SSL_CERT_FILE", "not-a-certificate.pem"),
        ("SSL_CERT_DIR", "/nonexistent"),
        ("NO_PROXY", "10.0.0.0/8,fe80::/10,[::1]"),
        ("no_proxy", "localhost,::1"),
    ],
)
@pytest.mark.parametrize("words", [("check",), ("sync", "--yes")], ids=" ".join)
def test_a_setting_that_cannot_be_followed_is_named(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    value: str,
    words: tuple[str, ...],
) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setenv(variable, value)
    code = main.run(["--profile", "acme", *words])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    (line,) = [line for line in err.splitlines() if line.startswith("octowizard: ")]
    assert variable in line
    assert err.endswith(f"{line}\n")
    assert not (home / "crashes").exists()
