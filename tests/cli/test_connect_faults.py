"""Every call of `connect`, its answer spoilt or refused in every way: one sentence each, and nothing half kept.

One conversation for each call: the same stage is asked again after each fault, and goes on once the answer is sound.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from octowizard.octopus.client import Octopus
from octowizard.session import connect
from octowizard.teamleader.client import Teamleader
from octowizard.transport.retry import AT_ONCE
from tests.cli.test_connect import DONE, Person
from tests.consent import agreed
from tests.hostile.operations import aimed
from tests.hostile.spoils import SPOILS, Answer, Spoil, send
from tests.hostile.vendor import in_front_of
from tests.sync.company import Company, company
from tests.transport.office import beside

Line = str | Callable[[str], str]


@dataclass
class Between:
    """What stands between octowizard and a company: it answers `operation` by `spoil`, as long as there is one."""

    served: Company
    url: str = ""
    operation: str = ""
    spoil: Spoil | None = None
    hits: int = 0
    seen: list[tuple[str, str]] = field(default_factory=list)

    def aimed(self, method: str, path: str) -> bool:
        """Is this the call that is spoilt?"""
        if self.spoil is None:
            return False
        if self.operation == "octopus-oauth/token":
            return path == "/octopus-oauth/token"
        return aimed(self.operation, method, path)

    async def write(self, writer: object, answer: Answer) -> None:
        """The spoilt answer of this moment."""
        self.hits += 1
        assert self.spoil is not None
        await self.spoil.write(writer, answer)  # type: ignore[arg-type] # as it comes


@pytest.fixture(scope="module")
def between(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Between]:
    home = tmp_path_factory.mktemp("other")
    size = ("--customers", "3", "--documents", "1", "--limits", "off")
    with company(home, *size) as served, beside() as servers:
        state = Between(served)
        here = served.line["octopus_url"].partition("/octopus-rest")[0]
        front = servers.enter(in_front_of(here, state.aimed, Spoil("as said", state.write)))
        state.url, state.seen = front.url, front.seen
        yield state


@pytest.fixture
def person(tmp_path: Path, between: Between, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    person = Person(tmp_path, between.served, monkeypatch)
    between.served.do("register-redirect", address=f"http://localhost:{person.port}/callback")
    paths = {
        "octopus": "/octopus-rest-api/v1",
        "octopus-sign-in": "/octopus-oauth",
        "teamleader": urlsplit(person.served.line["teamleader_url"]).path,
        "teamleader-sign-in": urlsplit(person.served.line["teamleader_auth_url"]).path,
    }
    person.addresses = tuple(
        word for name, path in paths.items() for word in (f"--{name}-address", between.url + path)
    )
    monkeypatch.setattr(connect, "Octopus", partial(Octopus, pauses=AT_ONCE))
    monkeypatch.setattr(connect, "Teamleader", partial(Teamleader, pauses=AT_ONCE))
    yield person
    between.spoil, between.hits = None, 0


def pasted(screen: str) -> str:
    """The address to which the browser was sent from the page that was shown last."""
    return agreed(str(re.findall(r"http\S+/authorize\S+", screen)[-1]))


def answered(status: int, body: object, kind: str = "application/json") -> Spoil:
    """This in the place of the sound answer."""
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()

    async def write(writer: object, _answer: Answer) -> None:
        await send(writer, Answer(status, (("Content-Type", kind),), content))  # type: ignore[arg-type] # as it comes

    return Spoil(f"{status}", write)


def faults(person: Person, between: Between, operation: str, spoils: list[Spoil]) -> list[str]:
    """Go through the conversation, the call spoilt in each way; the sentences that were told, in their order."""
    by_browser = operation == "octopus-oauth/token"
    login: tuple[Line, ...] = person.login
    if by_browser:
        login = (person.login[0], "", pasted)
    stages: list[tuple[Line, ...]] = [login, ("",), person.keys, (pasted,), ("",)]
    at = {
        "GET /about/version": 0, "POST /authentication": 0, "GET /dossiers": 0, "octopus-oauth/token": 0,
        "oauth2/access_token": 3, "users.me": 3, "departments.list": 3, "departments.info": 4,
    }.get(operation, 1)  # fmt: skip
    between.operation = operation
    before: list[str] = []

    def armed(spoil: Spoil | None, line: Line, *, first: bool = False) -> Line:
        def give(screen: str) -> str:
            kept = person.kept
            before[:] = kept if first else before
            assert kept == before  # the fault before this one left nothing behind
            between.spoil = spoil
            return line if isinstance(line, str) else line(screen)

        return give

    attempt = (pasted,) if by_browser else stages[at]
    lines: list[Line] = [line for stage in stages[:at] for line in stage]
    lines += login[:2] if by_browser else ()
    for number, spoil in enumerate(spoils):
        lines += [armed(spoil, attempt[0], first=not number), *attempt[1:]]
    lines += [armed(None, attempt[0]), *attempt[1:], *(line for stage in stages[at + 1 :] for line in stage)]
    words = ("--paste", *(("--octopus-sign-in", "browser") if by_browser else ()))
    code, shown = person.connect(*lines, *DONE[1:], words=words)
    assert code == 0, shown
    assert "Traceback" not in shown
    found = re.findall(r"✖ (.*)", shown)
    assert len(found) == len(spoils), shown
    return found


OPERATIONS = (
    "GET /about/version",
    "POST /authentication",
    "octopus-oauth/token",
    "GET /dossiers",
    "POST /dossiers",
    "GET /dossiers/{dossierId}/bookyears",
    "GET /dossiers/{dossierId}/bookyears/{bookyearId}/journals",
    "oauth2/access_token",
    "users.me",
    "departments.list",
    "departments.info",
)
BY_NAME = {spoil.name: spoil for spoil in SPOILS}
CUT, UNREADABLE = "The connection with (Octopus|Teamleader) was lost", "with something octowizard cannot read"
PAGE = "A web page came where (Octopus|Teamleader) should have answered"
DOWN = "is reached, but its service is down on its own side .HTTP 503."
FAULTS = (
    (BY_NAME["hung up"], CUT),
    (BY_NAME["no HTTP"], CUT),
    (BY_NAME["length too great"], CUT),
    (BY_NAME["cut off"], UNREADABLE),
    (BY_NAME["empty"], UNREADABLE),
    (BY_NAME["another kind"], UNREADABLE),
    (BY_NAME["not UTF-8"], UNREADABLE),
    (BY_NAME["nested"], UNREADABLE),
    (BY_NAME["endless body"], UNREADABLE),
    (BY_NAME["a web page"], PAGE),
    (answered(403, "<html>Sign in to the guest network", "text/html"), PAGE),
    (BY_NAME["redirect"], "check the address"),
    (answered(503, {}), DOWN),
)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_fault_of_every_call_is_one_sentence_and_leaves_nothing_half_kept(
    person: Person, between: Between, operation: str
) -> None:
    wanted = list(FAULTS)
    if operation == "GET /about/version":  # plain text, of which half or another is as good
        wanted = [fault for fault in wanted if fault[0].name not in ("cut off", "not UTF-8")]
    told = faults(person, between, operation, [spoil for spoil, _words in wanted])
    for (spoil, words), sentence in zip(wanted, told, strict=True):
        assert re.search(words, sentence), (spoil.name, sentence)


def no(status: int, technical: str = "", code: int | None = None, message: str = "") -> Spoil:
    """Octopus' record of an error, with what there is of it."""
    record = {"errorCode": code, "errorMessage": message, "technicalInfo": technical}
    return answered(status, {name: value for name, value in record.items() if value})


# What Octopus answers to a sign-in: recorded where it has no number, by the list of its numbers otherwise.
SIGN_INS = (
    (
        no(401, "Incrementing failed login attempt count for user U-1, IP address 192.0.2.1. "),
        "refuses this user or password. It counts wrong attempts",
    ),
    (no(401, code=-1, message="Ongeldige login"), "refuses this user or password"),
    (no(401, "Unknown software house", -68), "does not know this software-house id"),
    (no(403, "Web service not active for user U-1", -3), "web service is not active for this Octopus user"),
    (no(401, "Invalid or missing parameters passed"), "lacks a part of the sign-in"),
    (no(401, "x", -79), "lacks a part of the sign-in"),
    (no(401), "does not say which part: the software-house id, the user, the password, or a web service"),
    (no(403), "does not say which part"),
    (no(429, "Too many connections", -51), "allows no more connections of this user now"),
    (no(404), "There is no web service of Octopus at this address"),
)
REFUSALS = {
    "POST /dossiers": (
        (no(403, "Unauthorized or disabled dossier"), "it is disabled, or this user has no right to it"),
        (no(403, "Unauthorized or disabled dossier", -5), "This dossier is disabled in Octopus"),
        (no(403, "No access", -3), "This Octopus user has no right to this dossier"),
        (no(404, "Dossier not found"), "no longer finds this dossier"),
    ),
    "octopus-oauth/token": (
        (answered(400, {"error": "invalid_grant"}), "Octopus does not take this code: it is older than five"),
        (answered(404, "", "text/plain"), "There is no web service of Octopus at this address"),
    ),
    "oauth2/access_token": (
        (
            answered(400, {"errors": [{"status": 400, "title": "invalid_grant"}]}),
            "Teamleader does not take this code: it is older than ten minutes, was used before, or belongs to another",
        ),
        (answered(404, "", "text/plain"), "There is no web service of Teamleader at this address"),
    ),
    "users.me": (
        (answered(403, {"errors": [{"title": "Forbidden"}]}), "refuses reading who is signed in: tick the scopes"),
        (answered(429, {}), "allows a set number of calls a minute"),
    ),
    "departments.list": (
        (answered(403, {"errors": [{"title": "Forbidden"}]}), "refuses reading company entities: tick the scopes"),
    ),
}  # fmt: skip


def test_each_way_in_which_octopus_refuses_a_sign_in_has_its_own_sentence(
    person: Person, between: Between
) -> None:
    between.operation = "POST /authentication"
    lines: list[Line] = []

    def house(spoil: Spoil | None, text: str) -> Line:
        def give(_screen: str) -> str:
            between.spoil = spoil
            return text

        return give

    for number, (spoil, _words) in enumerate(
        SIGN_INS
    ):  # others each time: one that was refused is not sent again
        lines += [house(spoil, f"a-house-{number}"), f"U-{number}", "not-it", ""]
    lines += [house(None, person.login[0]), *person.login[1:], ""]
    code, shown = person.connect(*lines, words=("--octopus-only",))
    assert (code, between.hits) == (1, len(SIGN_INS)), shown
    told = re.findall(r"✖ (.*)", shown)
    for (_spoil, words), sentence in zip(SIGN_INS, told, strict=True):
        assert words in sentence
    assert "not-it" not in shown


@pytest.mark.parametrize("operation", REFUSALS)
def test_each_refusal_of_a_later_call_has_its_own_sentence(
    person: Person, between: Between, operation: str
) -> None:
    told = faults(person, between, operation, [spoil for spoil, _words in REFUSALS[operation]])
    for (_spoil, words), sentence in zip(REFUSALS[operation], told, strict=True):
        assert words in sentence


def test_a_client_secret_that_is_wrong_and_one_that_is_blocked_are_told_apart(
    person: Person, between: Between
) -> None:
    between.operation = "oauth2/access_token"
    blocked = answered(403, {"errors": [{"title": "Too many calls with wrong credentials"}]})
    wrong = answered(401, {"errors": [{"title": "invalid_client"}]})
    lines: list[Line] = []
    for number, spoil in enumerate((wrong, blocked)):

        def come(screen: str, spoil: Spoil = spoil) -> str:
            between.spoil = spoil
            return pasted(screen)

        lines += [person.keys[0], f"not-it-{number}", come]
    code, shown = person.connect(*lines, words=("--teamleader-only", "--paste"))
    assert code == 1
    assert "Teamleader refuses the client id or the client secret (invalid_client)" in shown
    assert "Teamleader has blocked this sign-in (Too many calls with wrong credentials)" in shown
    assert person.kept == []


def test_a_redirect_to_another_host_is_not_followed_with_what_signs_in(
    person: Person, between: Between
) -> None:
    between.operation = "POST /authentication"

    async def write(writer: object, answer: Answer) -> None:
        elsewhere = answer.with_headers(Location=f"{between.url.replace('127.0.0.1', 'localhost')}/stolen")
        await send(writer, Answer(307, elsewhere.headers, b""))  # type: ignore[arg-type] # as it comes

    between.spoil = Spoil("elsewhere", write)
    code, shown = person.connect(*person.login, words=("--octopus-only",))
    assert (code, between.hits, person.kept) == (1, 1, [])
    assert "check the address" in shown
    assert not any(path.endswith("/stolen") for _method, path in between.seen)
