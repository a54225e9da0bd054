"""Profiles on the command line: from a served practice company to a folder, and away again."""

import errno
import itertools
import json
import os
import socket
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import accounts, main
from octowizard.cli.console import Console
from octowizard.cli.exits import explained
from octowizard.cli.wanted import Wanted
from octowizard.session import practice_company
from octowizard.session.practice_company import DeskError
from octowizard.session.session import Session
from octowizard.transport.errors import ConfigurationError
from octowizard.workspace.lock import only_one
from octowizard.workspace.profiles import ProfileError, folder, load, save
from octowizard.workspace.secrets import OCTOPUS_PASSWORD, SecretStore, SecretsUnavailable
from tests.cli.commands import octowizard
from tests.workspace.test_profiles import profile

PASSWORD = "correct horse battery"


class Control:
    """A control address that answers whatever `body` and `status` hold."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b""
        self.location = ""
        self.asked: list[str] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                right = self.path == "/control/connection"
                owner.asked.append(self.path)
                self.send_response(owner.status if right else 404)
                if owner.location:
                    self.send_header("Location", owner.location)
                self.end_headers()
                self.wfile.write(owner.body if right else b"")

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/control"
        self.says({})

    def says(self, changes: dict[str, Any]) -> None:
        """Answer a whole connection with these members changed."""
        base = self.url.removesuffix("/control")
        connection = {
            "octopus_url": f"{base}/octopus-rest-api/v1",
            "teamleader_url": f"{base}/teamleader",
            "teamleader_auth_url": f"{base}/teamleader-auth",
            "control_url": self.url,
            "octopus": {
                "software_house": "software-house-1",
                "user": "practice@example.com",
                "password": PASSWORD,
                "dossiers": [
                    {"id": 9045119, "description": "Acme NV"},
                    {"id": 9045120, "description": "Twin BV"},
                ],
            },
            "teamleader": {"client_id": "client-1", "client_secret": "sesame-1", "refresh_token": "token-1"},
            "scenario": "healthy",
            "seed": 1,
            "limits": "off",
            "start_date": "2026-01-01",
            "department_id": "department-1",
            "dossier_id": 9045119,
            "default_language": "nl",
            **changes,
        }
        self.body = json.dumps(connection).encode()


@pytest.fixture
def control() -> Iterator[Control]:
    served = Control()
    thread = threading.Thread(target=served.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    served.server.shutdown()
    thread.join()
    served.server.server_close()


def test_a_served_practice_company_becomes_a_profile_with_its_secrets(
    tmp_path: Path, control: Control
) -> None:
    ended = octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    assert (ended.code, ended.err) == (0, "")
    assert "9045119 Acme NV" in ended.out
    profile = load(tmp_path, "acme")
    assert (profile.mode, profile.practice, profile.limits, profile.secrets) == (
        "connector",
        True,
        False,
        "file",
    )
    assert (profile.octopus_user, profile.teamleader_client_id) == ("practice@example.com", "client-1")
    store = SecretStore("acme", tmp_path / "profiles" / "acme", "file", environ={})
    assert store.kept(OCTOPUS_PASSWORD) == PASSWORD


def test_what_the_user_names_goes_before_what_the_practice_company_proposes(
    tmp_path: Path, control: Control
) -> None:
    words = ["profiles", "add", "twin", "--sandbox-url", control.url]
    more = ["--dossier", "9045120", "--department", "department-2", "--from", "2026-07-01", "--json"]
    ended = octowizard(tmp_path, *words, *more)
    assert ended.code == 0
    (line,) = ended.events()
    assert (line["dossier_id"], line["dossier_name"]) == (9045120, "Twin BV")
    assert (line["department_id"], line["start_date"], line["schema"]) == ("department-2", "2026-07-01", 1)


def test_no_secret_is_ever_shown(tmp_path: Path, control: Control) -> None:
    octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    for words in (["list"], ["list", "--json"], ["show", "acme"], ["show", "acme", "--json"]):
        ended = octowizard(tmp_path, "profiles", *words)
        assert ended.code == 0
        assert "acme" in ended.out
        for secret in (PASSWORD, "sesame-1", "token-1", "software-house-1"):
            assert secret not in ended.out + ended.err


def test_show_says_where_each_secret_lives(tmp_path: Path, control: Control) -> None:
    octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    ended = octowizard(tmp_path, "profiles", "show", "acme", "--json")
    places = ended.events()[0]["secrets_at"]
    assert len(places) == 6
    places.pop("teamleader_access_token")  # nowhere before the first sign-in
    places.pop("octopus_refresh_token")  # only of a sign-in by the browser
    assert all(str(tmp_path) in place for place in places.values())


def test_secrets_of_real_accounts_in_the_environment_are_not_those_of_a_practice_company(
    tmp_path: Path, control: Control
) -> None:
    octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    ended = octowizard(tmp_path, "profiles", "show", "acme", OCTOWIZARD_OCTOPUS_PASSWORD="real")
    assert ended.code == 0
    assert "OCTOWIZARD_OCTOPUS_PASSWORD" not in ended.out


def test_a_renamed_profile_keeps_its_secrets_and_what_is_remembered(tmp_path: Path, control: Control) -> None:
    octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    path = folder(tmp_path, "acme") / "profile.json"
    path.write_text(path.read_text("utf-8").replace('"numbering"', '"numbring"'), encoding="utf-8")
    (folder(tmp_path, "acme") / "remembered").touch()
    assert octowizard(tmp_path, "profiles", "rename", "acme", "acme").code == 2
    ended = octowizard(tmp_path, "profiles", "rename", "acme", "maes", "--json")
    assert ended.code == 0
    assert "“numbring”" in ended.err  # writing the profile anew leaves it out
    assert "“numbering” is meant" in ended.err
    assert ended.events()[0]["name"] == load(tmp_path, "maes").name == "maes"
    assert not folder(tmp_path, "acme").exists()
    assert (folder(tmp_path, "maes") / "remembered").is_file()
    store = SecretStore("maes", folder(tmp_path, "maes"), "file", environ={})
    assert store.kept(OCTOPUS_PASSWORD) == PASSWORD


def test_edit_without_words_says_what_there_is_to_choose(tmp_path: Path, control: Control) -> None:
    octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    ended = octowizard(tmp_path, "profiles", "edit", "acme", "mode")
    assert (ended.code, ended.out.splitlines()[0]) == (0, "mode: connector")
    ended = octowizard(tmp_path, "profiles", "edit", "acme", "moode", "observer")
    assert ended.code == 2
    assert "there are: mode" in ended.err


def test_a_second_profile_of_the_same_name_does_not_replace_the_first(
    tmp_path: Path, control: Control
) -> None:
    words = ["profiles", "add", "acme", "--sandbox-url", control.url]
    octowizard(tmp_path, *words)
    ended = octowizard(tmp_path, *words, "--dossier", "9045120")
    assert ended.code == 2
    assert "already" in ended.err
    assert load(tmp_path, "acme").dossier_id == 9045119


def test_a_removed_profile_leaves_nothing_behind(tmp_path: Path, control: Control) -> None:
    octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    unasked = octowizard(tmp_path, "profiles", "remove", "acme")
    assert (unasked.code, "--yes" in unasked.err) == (2, True)
    assert octowizard(tmp_path, "profiles", "remove", "acme", "--yes").code == 0
    assert not (tmp_path / "profiles" / "acme").exists()


def test_several_profiles_need_a_name(tmp_path: Path, control: Control) -> None:
    for name in ("acme", "twin"):
        octowizard(tmp_path, "profiles", "add", name, "--sandbox-url", control.url)
    ended = octowizard(tmp_path, "history")
    assert ended.code == 2
    assert "acme, twin" in ended.err


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://example.com/control", 2),
        ("ftp://127.0.0.1/control", 2),
        ("nonsense", 2),
        ("http://127.0.0.1:1/control", 3),
    ],
)
def test_an_address_that_cannot_be_right_or_does_not_answer_is_one_sentence(
    tmp_path: Path, address: str, code: int
) -> None:
    ended = octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", address)
    assert (ended.code, ended.out, ended.err.count("\n")) == (code, "", 1)
    assert not (tmp_path / "profiles").exists()


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b""), (500, b"oops"), (200, b"{"), (200, b"[]"), (200, b'{"octopus_url": 5}'), (200, b"\xff")],
)
def test_something_else_at_that_address_is_one_sentence(
    tmp_path: Path, control: Control, status: int, body: bytes
) -> None:
    control.status, control.body = status, body
    ended = octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    assert (ended.code, ended.out, ended.err.count("\n")) == (3, "", 1)
    assert not (tmp_path / "profiles").exists()


def test_a_practice_company_cannot_send_us_to_a_stranger(tmp_path: Path, control: Control) -> None:
    control.says({"octopus_url": "http://octopus.example/v1"})
    ended = octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    assert ended.code == 2
    assert not (tmp_path / "profiles").exists()


@pytest.mark.parametrize(
    "address",
    [
        "https://octopus.example/v1",
        "http://10.0.0.1:8010",
        "http://127.0.0.1.evil.example:8010",
        "https://127.0.0.1:8010",
        "http://user:password@127.0.0.1:8010",
        "http://evil.example@127.0.0.1:8010",
        "http://127.0.0.1:0/v1",
        "http://127.0.0.1:99999/v1",
        "http://127.0.0.1:8010/v1?to=evil",
        "http://127.0.0.1:8010/v1#evil",
        "file:///etc/passwd",
        "",
        "//127.0.0.1:8010",
    ],
)
def test_every_address_in_the_answer_must_be_of_this_machine(
    tmp_path: Path, control: Control, address: str
) -> None:
    for name in ("octopus_url", "teamleader_url", "teamleader_auth_url", "control_url"):
        control.says({name: address})
        given = practice_company.decoded(control.body)
        with pytest.raises((ProfileError, ConfigurationError)) as refused:
            practice_company.add(tmp_path, "acme", given)
        assert "user:password" not in str(refused.value)
        assert not (tmp_path / "profiles").exists()
    ended = octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("address", ["https://sandbox.example/control", "https://127.0.0.1:1/control"])
def test_a_practice_company_is_looked_for_on_this_machine_only(tmp_path: Path, address: str) -> None:
    ended = octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", address)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "on this machine" in ended.err


def test_an_answer_that_sends_us_elsewhere_is_not_followed(tmp_path: Path, control: Control) -> None:
    control.status, control.location = 302, control.url.replace("/control", "/elsewhere")
    ended = octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    assert (ended.code, ended.err.count("\n"), "HTTP 302" in ended.err) == (3, 1, True)
    assert control.asked == ["/control/connection"]


def test_an_answer_without_end_is_refused_when_it_is_too_long(control: Control) -> None:
    control.body += b" " * 1_000_000
    with pytest.raises(DeskError, match="too long"):
        practice_company.read_from(control.url)


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice_company, "_SECONDS", 0.3)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            caller, _address = server.accept()
            with caller, suppress(OSError):
                while not over.wait(0.05):
                    caller.sendall(b"H")

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(DeskError, match=r"no answer within"):
            practice_company.read_from(f"http://127.0.0.1:{server.getsockname()[1]}/control/hush-hush")
        over.set()
        thread.join()


def test_the_secret_of_the_control_address_is_neither_shown_nor_said(
    tmp_path: Path, control: Control
) -> None:
    secret = "s" * 32
    control.says({"control_url": f"{control.url}/{secret}"})
    octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    assert load(tmp_path, "acme").control_url == f"{control.url}/{secret}"
    for words in (["list", "--json"], ["show", "acme"], ["show", "acme", "--json"]):
        ended = octowizard(tmp_path, "profiles", *words)
        assert (ended.code, secret in ended.out + ended.err) == (0, False)
    for address in (f"{control.url}/{secret}", f"http://127.0.0.1:1/control/{secret}"):
        ended = octowizard(tmp_path, "profiles", "add", "twin", "--sandbox-url", address)
        assert (ended.code, secret in ended.out + ended.err) == (3, False)


def test_an_unknown_dossier_is_told_with_those_there_are(tmp_path: Path, control: Control) -> None:
    ended = octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url, "--dossier", "1")
    assert ended.code == 2
    assert "9045119 (Acme NV)" in ended.err


@pytest.mark.parametrize("content", [b"", b"{", b'{"name": 5}', b"\xff\xfe"])
def test_a_broken_profile_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "profiles" / "acme" / "profile.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    ended = octowizard(tmp_path, "sync", "--yes")
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert str(path) in ended.err
    assert path.read_bytes() == content


@pytest.mark.parametrize("written", [0, 4], ids=["a secret", "the profile"])
def test_a_full_disk_is_told_as_full_and_leaves_no_half_a_profile(
    tmp_path: Path, control: Control, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """Of the files of a new profile, so many are on the disk when it is full; four are secrets."""
    sync, room = os.fsync, itertools.count()

    def full(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode) and next(room) >= written:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises((ProfileError, SecretsUnavailable)) as told:
        practice_company.add(tmp_path, "acme", practice_company.read_from(control.url))
    sentence, code = explained(told.value)
    assert code == 2
    assert sentence.startswith(f"The disk is full ({tmp_path / 'profiles' / 'acme'}")
    assert sentence.endswith("): make room, then run the same command again.")
    assert not (tmp_path / "profiles" / "acme").exists()


def test_a_folder_nobody_may_write_to_is_one_sentence(tmp_path: Path, control: Control) -> None:
    blocked = tmp_path / "home"
    blocked.write_text("a file where the folder should be")
    ended = octowizard(blocked, "profiles", "add", "acme", "--sandbox-url", control.url)
    assert (ended.code, ended.out) == (2, ""), sys.platform
    assert ended.err.count("\n") == 1


def test_a_profile_is_not_removed_under_a_sync(tmp_path: Path, control: Control) -> None:
    control.says({})
    assert octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url).code == 0
    with only_one(folder(tmp_path, "acme"), "octowizard sync"):
        removed = octowizard(tmp_path, "profiles", "remove", "acme", "--yes")
    assert removed.code == 2
    assert "Another octowizard runs a sync on this workspace" in removed.err
    assert load(tmp_path, "acme").name == "acme"


def test_profiles_are_never_those_of_a_practice_company(tmp_path: Path, control: Control) -> None:
    control.says({})
    assert octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url).code == 0
    removed = octowizard(tmp_path, "--sandbox", "tour", "profiles", "remove", "acme", "--yes")
    assert removed.code == 2
    assert "--sandbox has no profiles of its own" in removed.err
    assert load(tmp_path, "acme").name == "acme"


def test_a_profile_that_cannot_be_read_can_still_be_removed(tmp_path: Path, control: Control) -> None:
    octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", control.url)
    (tmp_path / "profiles" / "acme" / "profile.json").write_text("{", encoding="utf-8")
    ended = octowizard(tmp_path, "profiles", "remove", "acme", "--yes")
    assert (ended.code, ended.out) == (0, "Removed: acme\n")
    assert not (tmp_path / "profiles" / "acme").exists()


def test_an_app_that_began_without_accounts_can_open_other_ones_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: dict[str, Any] = {}
    monkeypatch.setattr("octowizard.app.start.start", lambda *_accounts, **more: begun.update(more) or 0)
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm")
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    assert main.run([]) == 0
    save(tmp_path, profile("acme"))
    assert begun["reopen"]("acme").profile.name == "acme"


def test_that_a_sign_in_ends_soon_is_told_by_commands_and_left_to_the_app_by_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path, profile("acme"))
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    monkeypatch.setattr(Session, "sign_in_ends", lambda _session: date(2026, 12, 1))
    with accounts.chosen(Wanted(), Console()):
        assert "octowizard connect acme --reauthorise" in capsys.readouterr().err
    with accounts.chosen(Wanted(watched=True), Console()):
        assert capsys.readouterr().err == ""
