"""From an empty home to the first check: both vendors' own sign-in in a browser, by the command and by keys alone.

The browser is a real Chromium where there is one; it clicks on the consent pages of both stand-ins and comes back to
the loopback interface. `office`: the vendors by https and name, behind a proxy that asks for a password; there a plain
HTTP client takes the browser's place too, so that the way is tried on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.connect import ConnectScreen
from octowizard.cli import main
from octowizard.transport.certificates import trusted
from octowizard.workspace import profiles, secrets
from tests.app.stage import text, until
from tests.app.test_connect import fill_in, goes_on
from tests.chromium import PROGRAM, Chromium, chromium
from tests.cli.test_connect import DONE, START, Person
from tests.consent import agreed, by_tls, free_port, visit
from tests.sync.company import Company, company
from tests.transport import office as an_office
from tests.transport.office import Office, beside, office

WITHOUT = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium here (apt-get install chromium)")
WAYS = [
    pytest.param("loopback", "chromium", marks=WITHOUT),
    pytest.param("office", "chromium", marks=WITHOUT),
    ("office", "client"),
]


@dataclass
class Town:
    """A served company, the same as an office sees it, and a browser that is started when first asked for."""

    served: Company
    office: Office
    start: Callable[[], Chromium]

    def addresses(self, way: str) -> dict[str, str]:
        """By the names of the options of `connect`."""
        paths = {name: urlsplit(self.served.line[f"{name}_url"]).path for name in ("octopus", "teamleader")}
        paths["octopus-sign-in"] = "/octopus-oauth"
        paths["teamleader-sign-in"] = urlsplit(self.served.line["teamleader_auth_url"]).path
        here = "http://{}".format(urlsplit(self.served.line["octopus_url"]).netloc)
        return {
            name: (here if way == "loopback" else f"https://{name.removesuffix('-sign-in')}.example") + path
            for name, path in paths.items()
        }


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home = tmp_path_factory.mktemp("other")
    size = ("--customers", "3", "--documents", "1", "--limits", "off")
    with company(home, *size) as served, beside() as servers:
        seen = servers.enter(office(served.line["octopus_url"].partition("/octopus-rest")[0]))
        started: list[Chromium] = []
        block = chromium(
            tmp_path_factory.mktemp("browser"),
            f"--host-resolver-rules=MAP *.example 127.0.0.1:{seen.door}",
            f"--ignore-certificate-errors-spki-list={an_office.PUBLIC_KEY}",
        )

        def start() -> Chromium:
            if not started:
                started.append(block.__enter__())
            return started[0]

        yield Town(served, seen, start)
        if started:
            block.__exit__(None, None, None)


@pytest.fixture
def port(town: Town) -> int:
    """Of the redirect address, which both vendors know."""
    port = free_port()
    for register in ("register-redirect", "teamleader-register-redirect"):
        town.served.do(register, address=f"http://localhost:{port}/callback")
    return port


@pytest.fixture
def person(town: Town, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    person = Person(tmp_path, town.served, monkeypatch)
    person.port = port
    with by_tls(town.office.door, str(an_office.CA)):
        yield person
    trusted.cache_clear()


def settle(person: Person, town: Town, way: str, browser: str) -> None:
    """Put the person into this network, with this browser."""
    person.addresses = tuple(
        word for name, url in town.addresses(way).items() for word in (f"--{name}-address", url)
    )
    if way == "office":
        network(person._patch, town.office)
    if browser == "chromium":
        person._patch.setattr("webbrowser.open", town.start().agrees)
    else:
        person.browser(lambda page: visit(agreed(page)))


def network(patch: pytest.MonkeyPatch, there: Office, *, password: str = an_office.PASSWORD) -> None:
    """The settings of an office."""
    for name in ("https_proxy", "all_proxy", "no_proxy", "NO_PROXY", "ALL_PROXY", "SSL_CERT_DIR"):
        patch.delenv(name, raising=False)
    patch.setenv("HTTPS_PROXY", f"http://{an_office.USER}:{quote(password, safe='')}@{there.proxy}")
    patch.setenv("SSL_CERT_FILE", str(an_office.CA))
    trusted.cache_clear()


@pytest.mark.parametrize(("way", "browser"), WAYS)
def test_the_command_leads_to_the_first_check(person: Person, town: Town, way: str, browser: str) -> None:
    settle(person, town, way, browser)
    house, language = person.octopus["software_house"], ""
    before = len(town.office.asked)
    code, shown = person.connect(
        house, language, "", *person.keys, *DONE, words=("--octopus-sign-in", "browser")
    )
    assert code == 0, shown
    assert person.secret(secrets.OCTOPUS_PASSWORD) is None
    assert main.run(["check", "--profile", "mine", "--json"]) in (0, 1)
    assert (len(town.office.asked) > before) == (way == "office")


@pytest.mark.parametrize(("way", "browser"), WAYS[:2])
async def test_keys_alone_lead_from_an_empty_home_to_the_first_check(
    person: Person, town: Town, way: str, browser: str
) -> None:
    settle(person, town, way, browser)
    person._patch.setattr("octowizard.app.app.over_ssh", lambda: False)
    where = town.addresses(way)
    order = ("octopus", "octopus-sign-in", "teamleader", "teamleader-sign-in")
    app = OctowizardApp(person.home, None)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Connect your accounts" in text(app))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, ConnectScreen))
        await pilot.press("a")
        await fill_in(pilot, str(person.port), *(where[name] for name in order), "")
        await pilot.press("enter")
        await fill_in(pilot, "mine", "browser", "file")
        await goes_on(pilot, "Octopus: sign in")
        await fill_in(pilot, person.octopus["software_house"], "")
        await goes_on(pilot, "Octopus: let octowizard in")
        await goes_on(pilot, "Octopus: the dossier")
        await fill_in(pilot, "")
        await goes_on(pilot, "Teamleader: the integration")
        await fill_in(pilot, *person.keys)
        await goes_on(pilot, "Teamleader: let octowizard in")
        await goes_on(pilot, "Teamleader: the company entity")
        await fill_in(pilot, "")
        await goes_on(pilot, "Name and VAT number are the same.")
        await fill_in(pilot, "")
        await goes_on(pilot, "The sync")
        await fill_in(pilot, "none", START, "", "")
        await goes_on(pilot, "Connected")
        await until(pilot, lambda: app.current_mode == "home" and "read just now" in text(app))
        await pilot.press("3")
        await until(pilot, lambda: app.current_mode == "checks" and " 0 blocking" in text(app))
    assert profiles.load(person.home, "mine").octopus_sign_in == "browser"


def test_what_the_network_of_an_office_refuses_is_told_before_a_password_is_sent(
    person: Person, town: Town
) -> None:
    settle(person, town, "office", "client")
    asked = len(town.office.asked)
    network(person._patch, town.office, password="of last year")
    code, shown = person.connect(*person.login, words=("--octopus-only",))
    assert (code, len(town.office.asked)) == (1, asked), shown
    assert f"The proxy {town.office.proxy} of this network wants a user and a password, or others" in shown
    person._patch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    code, shown = person.connect(*person.login, words=("--octopus-only",))
    assert (code, "by the proxy 127.0.0.1:" in shown, "nobody answers there" in shown) == (1, True, True), (
        shown
    )
    network(person._patch, town.office)
    person._patch.setenv("SSL_CERT_FILE", str(an_office.CERTIFICATES / "office.pem"))
    trusted.cache_clear()
    failed = person.served.world()["octopus"]["failed_logins"]
    code, shown = person.connect(*person.login, words=("--octopus-only",))
    assert (code, "The certificate that Octopus shows at https://octopus.example" in shown) == (1, True), (
        shown
    )
    assert person.served.world()["octopus"]["failed_logins"] == failed
    assert person.kept == []
