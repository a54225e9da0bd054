"""Connecting real accounts on the command line, against a practice company that another process serves.

The browser is an HTTP client that follows the consent page and comes back to the redirect address.
"""

from __future__ import annotations

import io
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from octowizard.cli import main
from octowizard.workspace import drafts, profiles, secrets
from tests.cli.commands import environment
from tests.consent import agreed, free_port, visit
from tests.sync.company import Company, company

START = "2026-01-01"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(
        tmp_path_factory.mktemp("other"), "--customers", "3", "--documents", "1", "--limits", "off"
    ) as served:
        yield served


@pytest.fixture(autouse=True)
def sound(served: Company) -> Iterator[None]:
    """Each test finds, and the next one, a company that refuses nothing."""
    yield
    served.faults()


class Person:
    """Types these lines; a line may be made from what stands on the screen at that moment."""

    def __init__(self, home: Path, served: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self.served, self._patch = home, served, monkeypatch
        line = served.line
        self.octopus, self.teamleader = line["octopus"], line["teamleader"]
        self.addresses: tuple[str, ...] = (
            "--octopus-address", line["octopus_url"],
            "--teamleader-address", line["teamleader_url"],
            "--teamleader-sign-in-address", line["teamleader_auth_url"],
        )  # fmt: skip
        monkeypatch.setenv("OCTOWIZARD_HOME", str(home))
        monkeypatch.setenv("OCTOWIZARD_LANGUAGE", "en")
        monkeypatch.delenv("SSH_CONNECTION", raising=False)
        self.port = free_port()
        served.do("teamleader-register-redirect", address=f"http://localhost:{self.port}/callback")
        self.browser(lambda page: visit(agreed(page)))

    def browser(self, comes: Callable[[str], object]) -> None:
        """What the browser does with the page it is given, in a thread as a browser does."""

        def open_(page: str) -> bool:
            self.given_to_browser = dict(os.environ)
            threading.Thread(target=comes, args=(page,), daemon=True).start()
            return True

        self._patch.setattr("webbrowser.open", open_)

    def connect(self, *lines: str | Callable[[str], str], words: tuple[str, ...] = ()) -> tuple[int, str]:
        """Exit code, and all that was shown."""
        self.screen = screen = io.StringIO()
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
        code = main.run(["connect", "mine", *secret, "--port", str(self.port), *self.addresses, *words])
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


DONE = ("", "", "none", START, "", "")  # the entity, the comparison, the sync


def test_broken_off_it_goes_on_where_it_was_and_the_half_is_shown_as_such(person: Person) -> None:
    code, text = person.connect(*person.login, "")
    assert code == 1
    assert "mine: Octopus is connected, Teamleader is not yet" in text
    assert "profiles/mine/profile.json" not in person.kept
    shown, listed = io.StringIO(), ["profiles", "list"]
    person._patch.setattr(sys, "stdout", shown)
    assert main.run(listed) == 0
    assert "mine: Octopus is connected, Teamleader is not yet" in shown.getvalue()
    code, text = person.connect(*person.keys, *DONE)
    assert code == 0, text
    assert "Octopus password" not in text
    assert profiles.load(person.home, "mine").octopus_user == person.octopus["user"]


def test_what_goes_on_asks_the_addresses_of_before_and_one_that_is_given_now_instead(person: Person) -> None:
    person.connect(*person.login, "")
    given, person.addresses = person.addresses, ()
    person.browser(lambda _page: None)
    code, text = person.connect(*person.keys, "", words=("--paste",))
    assert code == 1
    assert person.served.line["teamleader_auth_url"] in text  # the consent page, not the vendor's own
    assert "focus.teamleader.eu/oauth2" not in text
    elsewhere = f"http://localhost:{free_port()}"
    person.addresses = ("--teamleader-sign-in-address", elsewhere)
    code, text = person.connect(*person.keys, "", words=("--paste",))
    assert f"{elsewhere}/oauth2/authorize" in text
    person.addresses = given[-2:]
    person.browser(lambda page: visit(agreed(page)))
    code, text = person.connect(*person.keys, *DONE)
    assert code == 0, text
    profile = profiles.load(person.home, "mine")
    assert profile.teamleader_url == person.served.line["teamleader_url"]


def test_a_half_can_be_removed_with_its_secrets(person: Person) -> None:
    person.connect(*person.login, "", words=("--octopus-only",))
    assert person.secret(secrets.OCTOPUS_PASSWORD) == person.octopus["password"]
    taken = ["profiles", "add", "mine", "--sandbox-url", person.served.line["control_url"]]
    assert main.run(taken) == 2
    assert person.secret(secrets.OCTOPUS_PASSWORD) == person.octopus["password"]
    assert main.run(["profiles", "remove", "mine", "--yes"]) == 0
    assert person.kept == []


def test_the_side_of_teamleader_alone_and_then_the_other(person: Person) -> None:
    code, text = person.connect(*person.keys, "", words=("--teamleader-only",))
    assert (code, "mine: Teamleader is connected, Octopus is not yet" in text) == (1, True)
    code, text = person.connect(
        *person.login, "", "", "classic", START, "V1", "V2", words=("--octopus-only",)
    )
    assert code == 0, text
    profile = profiles.load(person.home, "mine")
    assert (profile.mode, profile.other_connector_off) == ("observer", False)


def test_where_there_is_no_browser_the_address_is_pasted_and_a_strangers_is_not_taken(person: Person) -> None:
    def page(screen: str) -> str:
        return str(re.findall(r"http\S+/authorize\S+", screen)[-1])

    def stranger(screen: str) -> str:
        return agreed(page(screen)).replace("state=", "state=x")

    code, text = person.connect(
        *person.login, "", *person.keys,
        stranger, lambda screen: agreed(page(screen), link="refuse"), lambda screen: agreed(page(screen)),
        *DONE, words=("--paste",),
    )  # fmt: skip
    assert code == 0, text
    assert "belongs to another sign-in" in text
    assert "The page came back without letting octowizard in (access_denied)" in text


def test_the_page_that_is_shown_is_as_good_as_the_one_that_was_opened(person: Person) -> None:
    def clicked(_page: str) -> None:
        shown = re.findall(r"http\S+/authorize\S+", person.screen.getvalue())[-1]
        visit(agreed(shown))

    person.browser(clicked)
    code, text = person.connect(*person.keys, "", words=("--teamleader-only",))
    assert "mine: Teamleader is connected" in text
    assert "another sign-in" not in text
    assert code == 1


def test_a_browser_that_comes_back_without_a_code_leads_to_pasting(person: Person) -> None:
    person.browser(lambda page: visit(agreed(page, link="refuse")))
    code, text = person.connect(*person.login, "", *person.keys, "")
    assert code == 1
    assert "The page came back without letting octowizard in" in text
    assert "Nothing was pasted" in text
    assert person.secret(secrets.TEAMLEADER_CLIENT_SECRET) is None


def test_a_wrong_password_is_sent_once_and_a_wrong_client_secret_too(person: Person) -> None:
    house, user, password, language = person.login
    before = person.served.world()["octopus"]["failed_logins"]
    wrong = (house, user, "wrong", language)
    code, text = person.connect(
        *wrong, *wrong, house, user, password, language, "", words=("--octopus-only",)
    )
    assert text.count("Octopus refuses this user or password") == 2
    assert person.served.world()["octopus"]["failed_logins"] == before + 1
    assert (code, "Octopus is connected" in text) == (1, True)
    key = person.keys[0]
    code, text = person.connect(key, "not-it", *person.keys, *DONE)
    assert (code, "Teamleader refuses the client id or the client secret" in text) == (0, True), text


def test_an_address_that_is_not_safe_and_a_keyring_that_keeps_nothing_are_refused_before_anything_is_asked(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, text = person.connect(words=("--teamleader-address", "http://example.com"))
    assert (code, "is not safe" in text) == (2, True)

    class Null:
        def get_password(self, _service: str, _user: str) -> None:
            return None

        def set_password(self, _service: str, _user: str, _password: str) -> None:
            return None

    monkeypatch.setattr(secrets, "_system_keyring", Null)
    code, text = person.connect(words=("--secrets", "keyring"))
    assert (code, person.kept) == (2, [])
    assert "takes secrets and does not keep them" in text
    assert "--secrets file" in text


def test_signing_in_again_keeps_the_profile_and_replaces_what_signs_in(person: Person) -> None:
    assert person.connect(*person.login, "", *person.keys, *DONE)[0] == 0
    before = profiles.load(person.home, "mine")
    token = person.secret(secrets.TEAMLEADER_REFRESH_TOKEN)
    store = secrets.SecretStore("mine", person.home / "profiles" / "mine", "file", environ={})
    store.write(secrets.OCTOPUS_PASSWORD, "an older one")
    code, text = person.connect(*person.login, "", *person.keys, "", words=("--reauthorise",))
    assert (code, "mine is signed in again." in text) == (0, True), text
    assert profiles.load(person.home, "mine") == before
    assert person.secret(secrets.OCTOPUS_PASSWORD) == person.octopus["password"]
    assert person.secret(secrets.TEAMLEADER_REFRESH_TOKEN) not in (None, token)
    assert main.run(["check", "--profile", "mine", "--json"]) in (0, 1)
    assert "already a profile" in person.connect()[1]
    code, text = person.connect(*person.login, "", words=("--reauthorise",))
    assert (code, "signed in again to Octopus; the sign-in to Teamleader stays" in text) == (1, True), text


def test_what_the_environment_holds_is_not_asked_nor_kept_nor_given_to_the_browser(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(secrets.variable(secrets.OCTOPUS_PASSWORD), person.octopus["password"])
    house, user, _password, language = person.login
    code, text = person.connect(house, user, language, "", *person.keys, *DONE)
    assert code == 0, text
    assert person.secret(secrets.OCTOPUS_PASSWORD) is None
    assert person.octopus["password"] not in str(person.given_to_browser)
    assert os.environ[secrets.variable(secrets.OCTOPUS_PASSWORD)] == person.octopus["password"]
    every = [*person.keys[1:], person.secret(secrets.TEAMLEADER_REFRESH_TOKEN) or "?", *person.login[:1]]
    for path in person.home.rglob("*"):
        if path.is_file() and path.parent.name != "secrets":
            assert not any(secret.encode() in path.read_bytes() for secret in every), path
    assert not any(secret in text for secret in (*every, person.octopus["password"]))


def test_a_journal_and_a_day_that_do_not_exist_are_asked_again(person: Person) -> None:
    person.connect(*person.login, "", *person.keys, "", "")
    code, text = person.connect("none", "1 January", "V1", "V2", "perhaps", "none", START, "V9", "v1", "V2")
    assert code == 0, text
    assert "“1 January” is no day" in text
    assert "“perhaps” is no answer to “Which integration runs the sync today?”" in text
    assert "”: write V1 or V2 or V3." in text


def test_a_wrong_language_is_asked_again_without_the_password(person: Person) -> None:
    code, text = person.connect(*person.login[:3], "zz", "fr", "", words=("--octopus-only",))
    assert (code, text.count("Octopus password")) == (1, 1), text
    assert "“zz” is no answer to “In which language does Octopus send its messages?”" in text


def test_a_code_that_is_not_taken_leads_to_a_new_page_before_pasting(person: Person) -> None:
    def spent(page: str) -> None:
        visit(re.sub("code=[^&]+", "code=spent", agreed(page)))

    person.browser(spent)
    code, text = person.connect(
        *person.keys,
        lambda screen: agreed(str(re.findall(r"http\S+/authorize\S+", screen)[-1])),
        "",
        words=("--teamleader-only",),
    )
    assert "Teamleader does not take this code" in text
    assert "mine: Teamleader is connected" in text, text
    assert code == 1


def test_the_mail_that_asks_for_a_software_house_id_is_ready(person: Person) -> None:
    code, text = person.connect(words=("--mail", "--port", "9000"))
    assert code == 0
    assert "http://localhost:9000/callback" in text
    for asked in ("Company", "Software: octowizard", "Address", "Contact", "Language", "Redirect address"):
        assert asked in text


def test_where_both_sides_are_not_the_same_company_it_says_so_in_red_and_does_not_go_on_by_itself(
    person: Person, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with company(tmp_path_factory.mktemp("twins"), "--scenario", "two-dossiers") as twins:
        person.served, line = twins, twins.line
        person.addresses = (
            "--octopus-address", line["octopus_url"],
            "--teamleader-address", line["teamleader_url"],
            "--teamleader-sign-in-address", line["teamleader_auth_url"],
        )  # fmt: skip
        person.octopus, person.teamleader = line["octopus"], line["teamleader"]
        twins.do("teamleader-register-redirect", address=f"http://localhost:{person.port}/callback")
        wrong, right = (str(one["id"]) for one in reversed(line["octopus"]["dossiers"]))
        if str(line["dossier_id"]) == wrong:
            wrong, right = right, wrong
        for number in (wrong, right):
            code, text = person.connect(*person.login, number, *person.keys, "", "", words=())
            assert code == 1, text
            assert "This user sees several dossiers" in text
            if "DIFFERENT VAT NUMBER" in text:
                assert "Write yes, dossier, entity." in text
                assert "The sync" not in text
                break
            assert main.run(["profiles", "remove", "mine", "--yes"]) == 0
        else:
            pytest.fail("neither dossier differs")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_on_a_terminal_no_secret_is_shown_while_it_is_typed(tmp_path: Path, served: Company) -> None:
    import pty
    import subprocess

    ours, theirs = pty.openpty()
    words = ("connect", "mine", "--octopus-only", "--secrets", "file", "--octopus-address")
    process = subprocess.Popen(
        [sys.executable, "-m", "octowizard", *words, served.line["octopus_url"]],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=environment(tmp_path),
    )  # fmt: skip
    os.close(theirs)
    octopus, shown, whole = served.line["octopus"], b"", b""
    typed = (
        ("Software-house id:", octopus["software_house"]), ("Octopus user:", octopus["user"]),
        ("Octopus password:", octopus["password"]), ("[dossier]", ""), ("Dossier [", ""),
    )  # fmt: skip
    for question, answer in typed:
        while question.encode() not in shown:
            shown += (part := os.read(ours, 4096))
            whole += part
        os.write(ours, f"{answer}\n".encode())
        shown = shown.partition(question.encode())[2]
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        whole += part
    os.close(ours)
    assert process.wait(timeout=60) == 1
    assert b"Octopus is connected" in whole
    assert octopus["password"].encode() not in whole
    assert octopus["software_house"].encode() not in whole


def test_octopus_by_the_browser_keeps_no_password_and_a_check_works_with_it(person: Person) -> None:
    url = person.served.line["octopus_url"].partition("/octopus-rest-api")[0]
    person.served.do("register-redirect", address=f"http://localhost:{person.port}/callback")
    by_browser = ("--octopus-sign-in", "browser", "--octopus-sign-in-address", f"{url}/octopus-oauth")
    house, _user, _password, language = person.login
    code, text = person.connect(house, language, "", *person.keys, *DONE, words=by_browser)
    assert code == 0, text
    assert person.secret(secrets.OCTOPUS_PASSWORD) is None
    profile = profiles.load(person.home, "mine")
    assert (profile.octopus_sign_in, profile.octopus_user) == ("browser", "")
    store = secrets.SecretStore("mine", person.home / "profiles" / "mine", "file", environ={})
    ends = secrets.OctopusRefresh(store).ends()
    assert ends is not None
    assert main.run(["check", "--profile", "mine", "--json"]) in (0, 1)
    token = secrets.OctopusRefresh(store).read()
    assert token is not None
    for days, told in ((40, False), (50, True)):
        begun = ends - secrets.OCTOPUS_DAYS - timedelta(days=days)
        store.write(secrets.OCTOPUS_REFRESH_TOKEN, f"{token} {begun}")
        shown = io.StringIO()
        person._patch.setattr(sys, "stderr", shown)
        main.run(["history", "--profile", "mine"])
        assert ("The sign-in to Octopus ends on" in shown.getvalue()) is told
    shown = io.StringIO()
    person._patch.setattr(sys, "stdout", shown)
    main.run(["doctor", "--profile", "mine", "--only", "secrets"])
    assert "by the browser lasts until" in shown.getvalue()
    store.write(secrets.OCTOPUS_REFRESH_TOKEN, f"{token} {ends - secrets.OCTOPUS_DAYS}")
    main.run(["doctor", "--profile", "mine", "--only", "secrets"])
    assert "All secrets of the sign-in are kept." in shown.getvalue()
    store.write(secrets.OCTOPUS_REFRESH_TOKEN, "gone")
    assert main.run(["check", "--profile", "mine", "--fresh", "--json"]) == 3


def test_an_octopus_that_wants_the_parameters_in_the_query(person: Person) -> None:
    url = person.served.line["octopus_url"].partition("/octopus-rest-api")[0]
    person.served.do("register-redirect", address=f"http://localhost:{person.port}/callback")
    by_browser = ("--octopus-only", "--octopus-sign-in", "browser", "--octopus-sign-in-address")
    house, _user, _password, language = person.login
    person.served.switch(oauth_parameters="query")
    try:
        code, text = person.connect(house, language, words=(*by_browser, f"{url}/octopus-oauth"))
        assert (code, "try --oauth-in-query" in text) == (1, True), text
        words = (*by_browser, f"{url}/octopus-oauth", "--oauth-in-query")
        code, text = person.connect(house, language, "", words=words)
        assert "mine: Octopus is connected" in text
    finally:
        person.served.switch(oauth_parameters="form")
