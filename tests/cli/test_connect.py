"""Connecting real accounts on the command line, against a practice company that another process serves.

The browser is an HTTP client that follows the consent page and comes back to the redirect address.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from octowizard.cli import main
from octowizard.session import connect
from octowizard.workspace import drafts, profiles, secrets
from tests.sync.company import Company, company

START = "2026-01-01"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(tmp_path_factory.mktemp("other"), "--customers", "3", "--documents", "1") as served:
        yield served


@pytest.fixture(autouse=True)
def sound(served: Company) -> Iterator[None]:
    """Each test finds, and the next one, a company that refuses nothing."""
    yield
    served.faults()


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


class Person:
    """Types these lines; a line may be made from what stands on the screen at that moment."""

    def __init__(self, home: Path, served: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self.served, self._patch = home, served, monkeypatch
        line = served.line
        self.octopus, self.teamleader = line["octopus"], line["teamleader"]
        self.addresses = (
            "--octopus-address", line["octopus_url"],
            "--teamleader-address", line["teamleader_url"],
            "--teamleader-sign-in-address", line["teamleader_auth_url"],
        )  # fmt: skip
        monkeypatch.setenv("OCTOWIZARD_HOME", str(home))
        monkeypatch.setenv("OCTOWIZARD_LANGUAGE", "en")
        monkeypatch.delenv("SSH_CONNECTION", raising=False)
        self.browser(lambda page: visit(agreed(page)))

    def browser(self, comes: Callable[[str], object]) -> None:
        """What the browser does with the page it is given, in a thread as a browser does."""

        def open_(page: str) -> bool:
            self.given_to_browser = {name: value for name, value in os.environ.items()}
            threading.Thread(target=comes, args=(page,), daemon=True).start()
            return True

        self._patch.setattr("webbrowser.open", open_)

    def connect(self, *lines: str | Callable[[str], str], words: tuple[str, ...] = ()) -> tuple[int, str]:
        """Exit code, and all that was shown."""
        screen = io.StringIO()
        rest = iter(lines)

        class Typed(io.StringIO):
            def readline(self, *_size: int | None) -> str:  # type: ignore[override] # the size is of no use
                line = next(rest, None)
                if line is None:
                    return ""
                return (line if isinstance(line, str) else line(screen.getvalue())) + "\n"

        self._patch.setattr(sys, "stdin", Typed())
        self._patch.setattr(sys, "stdout", screen)
        self._patch.setattr(sys, "stderr", screen)
        secret = () if "--reauthorise" in words else ("--secrets", "file")
        code = main.run(["connect", "mine", *secret, *self.addresses, *words])
        assert next(rest, None) is None, screen.getvalue()
        return code, screen.getvalue()

    @property
    def login(self) -> tuple[str, ...]:
        return self.octopus["software_house"], self.octopus["user"], self.octopus["password"], ""

    @property
    def keys(self) -> tuple[str, str]:
        return self.teamleader["client_id"], self.teamleader["client_secret"]

    def secret(self, name: str) -> str | None:
        return secrets.SecretStore("mine", self.home / "profiles" / "mine", "file", environ={}).kept(name)

    @property
    def kept(self) -> list[str]:
        """All files of the home."""
        return sorted(str(path.relative_to(self.home)) for path in self.home.rglob("*") if path.is_file())


@pytest.fixture
def person(tmp_path: Path, served: Company, monkeypatch: pytest.MonkeyPatch) -> Person:
    return Person(tmp_path, served, monkeypatch)


def test_from_an_empty_home_to_a_profile(person: Person) -> None:
    code, text = person.connect(*person.login, "", *person.keys, "", "", "none", START, "", "")
    assert code == 0, text
    profile = profiles.load(person.home, "mine")
    line = person.served.line
    assert (profile.dossier_id, profile.department_id) == (line["dossier_id"], line["department_id"])
    assert (profile.mode, profile.secrets, profile.practice) == ("connector", "file", False)
    assert "Name and VAT number are the same." in text
    assert drafts.load(person.home, "mine") is None


def test_show(person: Person) -> None:
    code, text = person.connect(*person.login, "", *person.keys, "", "", "none", START, "", "")
    print(text)
