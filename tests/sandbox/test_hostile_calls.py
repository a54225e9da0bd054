"""Whatever is sent to the control address: a JSON answer at once, no fault of the stand-in, and it lives on.

The long form: OCTOWIZARD_LONG=1 pytest tests/sandbox/test_hostile_calls.py; it gives each of the worst values to each
argument of each action, and not a third of them by turns.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octowizard.sandbox import control
from octowizard.sandbox.practice import ACTIONS
from octowizard.sandbox.server import build_app, new_company
from octowizard.sandbox.state import Switches, World
from octowizard.sandbox.worlds import SCENARIOS

URL = "http://127.0.0.1:8123"
LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
EXAMPLES = 5_000 if LONG else 60
SECONDS = 5.0  # on a machine with other work; each takes a few thousandths of that
quick = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


class Caller:
    """A practice company in this process, and what it answers to JSON texts."""

    def __init__(self, world: World, files: Path | None = None) -> None:
        self.company = new_company(world, files=files)
        app = build_app(self.company, URL)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url=control.address(self.company))

    async def post(self, path: str, body: str | bytes) -> int:
        """Send it; whatever it is, the answer is JSON, comes soon, and is a result or one sentence."""
        began = time.monotonic()
        sent = {"Content-Type": "application/json"}
        answer = await self.http.post(path, content=body, headers=sent)
        assert time.monotonic() - began < SECONDS, body[:200]
        self.told(answer)
        return answer.status_code

    def told(self, answer: httpx.Response) -> None:
        assert answer.status_code in (200, 400, 413), (answer.request.content[:500], answer.text)
        said = json.loads(answer.content)
        assert isinstance(said, dict)
        if answer.status_code != 200:
            assert list(said) == ["error"]
            assert said["error"]
            assert len(said["error"]) < 5_000

    async def lives(self) -> None:
        """Everything it holds can still be shown."""
        for path in ("/world", "/connection", "/scenario", "/clock", "/faults", "/switches", "/limits"):
            answer = await self.http.get(path)
            assert answer.status_code == 200, answer.text
            json.loads(answer.content)
        signed = f"{URL}/octopus-rest-api/v1/about/version"
        assert (await self.http.get(signed)).status_code == 200


def small() -> World:
    return SCENARIOS["healthy"].build(1, 6, 6)


_WORLD = small()
_COMPANY = next(iter(_WORLD.teamleader.companies.values()))
LIKELY: list[Any] = [
    *("V1", "V2", "F1", "A1", "Z9", "2026", "2025", "2027", "202609", "bookings", "invoices", "yes", "no"),
    *("700000", "700100", "12", "1", "0", "21", "0.5", "part", "all", "any", "name", "name,email", "none"),
    *("2026 / 1", "2026 / 2", "2026/1", "V1/1", "V1/2", "2026-12-31", "2027-12-31", "country", "email"),
    *("vat_number", "USD", "EUR", "both", "contractor", "klant", "a.csv", "b.xlsx", "externalRelationId"),
    *("vatType", "expirationDays", "follow", "connector", "Octopus Import"),
    *(str(_COMPANY.data["name"]), str(_COMPANY.data["id"])),
    *(f"V1/{booking[2]}" for booking in list(next(iter(_WORLD.octopus.dossiers.values())).bookings)[-2:]),
    *(kept.data["invoice_number"] for kept in list(_WORLD.teamleader.invoices.values())[-3:]),
    *(1, 2, 40, 2026, 700100, 9045119, True, False),
]
HOSTILE: list[Any] = [
    *(
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "-1",
        "0.001",
        "1e400",
        "1e-400",
        "1E+999999",
        "9" * 30,
        "9" * 600,
    ),
    *("\x00", "\ud800", "\U0010ffff", "\u202e", " ", "/", "../..", "/etc/passwd", "a/" * 200, "١٢", "²", "½"),
    *(
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
        "9999",
        "0000",
        "-2026",
        "V9999999999",
        "V1/" + "9" * 40,
        "V0",
    ),
    *("%s%n{0}{x}", "x" * 100_000, "None", "[]", "true", "1,2,3", "1,5", "1_000", "0x10", "+1", "01"),
    *(
        10**30,
        -(10**30),
        2**31,
        2**63 - 1,
        -1,
        1.5,
        1e300,
        1e-300,
        -0.0,
        None,
        "",
        [],
        {},
        [[]],
        {"a": {}},
        [1] * 999,
    ),
]
VALUES = st.one_of(
    st.sampled_from(LIKELY),
    st.sampled_from(LIKELY),
    st.sampled_from(HOSTILE),
    st.text(max_size=20),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    """One practice action with most of what it takes, likely or hostile."""
    name = draw(st.sampled_from(sorted(ACTIONS)))
    body: dict[str, Any] = {"action": name}
    for argument in ACTIONS[name].arguments:
        if draw(st.integers(0, 5)):
            body[argument] = draw(VALUES)
    return body


@quick
@given(st.lists(calls(), min_size=1, max_size=6))
async def test_any_practice_action_with_any_argument_is_answered(steps: list[dict[str, Any]]) -> None:
    caller = Caller(small())
    for body in steps:
        await caller.post("/do", json.dumps(body))
    await caller.lives()


@pytest.mark.parametrize("name", sorted(ACTIONS))
async def test_every_argument_of_every_practice_action_takes_the_worst(name: str, tmp_path: Path) -> None:
    caller = Caller(small(), tmp_path)
    good = {
        "file": "a.csv",
        "match": "all",
        "fields": "name",
        "relation": "1",
        "journal": "V1",
        "year": "2026",
    }
    good |= {"customer": _COMPANY.data["name"], "account": "700000", "field": "name", "document": "2026 / 1"}
    takes = ACTIONS[name].arguments
    for turn, argument in enumerate(takes, sorted(ACTIONS).index(name)):
        for value in HOSTILE if LONG else HOSTILE[turn % 3 :: 3]:
            body = {key: text for key, text in good.items() if key in takes} | {argument: value}
            await caller.post("/do", json.dumps({"action": name, **body}))
    await caller.lives()


UNITS = ("now", "advance", "days", "hours", "minutes", "seconds")
NAMES = {
    "/clock": UNITS,
    "/switches": tuple(Switches.__dataclass_fields__),
    "/limits": ("limits",),
    "/faults": ("operation", "kind", "status", "milliseconds", "times", "probability", "clear"),
    "/do": ("action", "file", "n"),
}
WORST = [
    *HOSTILE,
    *("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "2099-12-31T23:59:59-14:00"),
    *(
        [429, 10**30],
        [429, -(2**40)],
        [True, 1],
        ["429", "1"],
        [429],
        "Europe",
        "../../etc/passwd",
        "utc",
        "on",
    ),
    *("GET /dossiers", "latency", "status", "invoices.list", 10**400),
]


@pytest.mark.parametrize("path", sorted(NAMES))
async def test_every_member_of_every_control_call_takes_the_worst(path: str) -> None:
    caller = Caller(small())
    for name in NAMES[path]:
        for value in WORST:
            await caller.post(path, json.dumps({name: value}))
            if path == "/faults":
                fault = {"operation": "GET /dossiers", "kind": "latency", "milliseconds": 1, name: value}
                await caller.post(path, json.dumps(fault))
    await caller.lives()


async def test_only_so_many_faults_wait() -> None:
    caller = Caller(small())
    fault = {"operation": "GET /dossiers", "kind": "latency", "milliseconds": 1}
    assert await caller.post("/faults", json.dumps([fault] * 999)) == 200
    assert await caller.post("/faults", json.dumps([fault] * 2)) == 400
    assert len(caller.company.faults.waiting) == 999


@quick
@given(st.sampled_from(sorted(NAMES)), st.data())
async def test_any_control_call_is_answered(path: str, data: st.DataObject) -> None:
    values = st.one_of(st.sampled_from(WORST), VALUES)
    body = data.draw(
        st.one_of(st.dictionaries(st.sampled_from(NAMES[path]), values), st.lists(values, max_size=3), values)
    )
    caller = Caller(small())
    await caller.post(path, json.dumps(body))
    await caller.lives()


NOTHING = (
    b"",
    b" ",
    b"null",
    b"[]",
    b"5",
    b'"x"',
    b"{",
    b"\xff\xfe{}",
    '{"action": "synchronise"}'.encode("utf-16"),
    b'{"action": "synchronise", "action": "pay"}',
    b'{"days": 1, "days": 2}',
    b'{"limits": "on", "limits": "off"}',
    b'{"action": "\\ud800"}',
    b'{"action": "\xed\xa0\x80"}',
    b'{"\\udfff": 1}',
    b'{"days": NaN}',
    b'{"days": 1e999999999}',
    b'{"days": -Infinity}',
    b'{"days": ' + b"9" * 5_000 + b"}",
    b'{"action": ' + b"9" * 900_000 + b"}",
    b"[" * 90 + b"]" * 90,
    b"[" * 500 + b"]" * 500,
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"action": "' + b"x" * 900_000 + b'"}',
    b"[" + b"[]," * 300_000 + b"[]]",
)


@pytest.mark.parametrize("path", sorted(NAMES))
async def test_a_body_that_is_no_object_worth_the_name_is_one_sentence(path: str) -> None:
    caller = Caller(small())
    before = repr(caller.company.world.switches)
    for body in NOTHING:
        nothing_to_add = path == "/faults" and body == b"[]"
        assert await caller.post(path, body) == (200 if nothing_to_add else 400), body[:80]
        assert repr(caller.company.world.switches) == before, body[:80]
        await caller.lives()


async def test_the_call_that_hung_it_for_good_is_refused_at_once() -> None:
    caller = Caller(small())
    before = len(caller.company.world.teamleader.invoices)
    for n in ("9" * 30, 10**15, "1000000"):
        assert await caller.post("/do", json.dumps({"action": "teamleader-new-invoice", "n": n})) == 400
    assert len(caller.company.world.teamleader.invoices) == before
    assert await caller.post("/do", json.dumps({"action": "teamleader-new-invoice", "n": 50})) == 200


async def test_the_clock_stays_where_everything_is_a_date() -> None:
    caller = Caller(small())
    for body in (
        {"now": "9999-12-31T23:59:59+00:00"},
        {"now": "0001-01-01T00:00:00+14:00"},
        {"days": 365 * 80},
        {"advance": 1e300},
        {"now": "2099-12-31T00:00:00+00:00", "days": 2},
    ):
        assert await caller.post("/clock", json.dumps(body)) == 400, body
    assert await caller.post("/clock", '{"now": "2099-12-31T12:00:00+00:00"}') == 200
    assert await caller.post("/do", '{"action": "next-day"}') == 400
    assert await caller.post("/do", '{"action": "teamleader-new-invoice"}') in (200, 400)
    await caller.lives()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b'{"name": "\\ud800"}',
        b'{"name": "\xed\xa0\x80"}',
        b'{"name": "x", "remarks": ' + b"9" * 400 + b"}",
        b'{"name": "x", "client": ' + b"[" * 99 + b"]" * 99 + b"}",
        b'{"amount": 1e9999999, "name": 1}',
        b'{"user": "\\ud800", "password": 123456789012345678901234567890}',
    ],
)
async def test_neither_api_stumbles_over_what_nobody_could_keep(body: bytes) -> None:
    world = small()
    world.limits = False
    world.teamleader.access_tokens["good"] = world.clock.now().replace(year=2030)
    app = build_app(new_company(world), URL)
    sent = {"Content-Type": "application/json", "Authorization": "Bearer good"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as http:
        octopus = "/octopus-rest-api/v1"
        login = {"user": world.octopus.user, "password": world.octopus.password}
        key = {"softwareHouseUuid": world.octopus.software_house}
        token = (await http.post(f"{octopus}/authentication", json=login, headers=key)).json()["token"]
        (number,) = world.octopus.dossiers
        opened = await http.post(f"{octopus}/dossiers?dossierId={number}", headers={"Token": token})
        sent["dossierToken"] = opened.json()["Dossiertoken"]
        place = f"{octopus}/dossiers/{number}"
        for method, path in (
            ("POST", f"{octopus}/authentication"),
            ("PUT", f"{place}/relations"),
            ("POST", f"{place}/buysellbookings"),
            ("POST", f"{place}/balancings"),
            ("POST", "/teamleader/companies.add"),
            ("POST", "/teamleader/invoices.draft"),
            ("POST", "/teamleader/companies.list"),
        ):
            answer = await http.request(method, path, content=body, headers={**key, **sent})
            assert answer.status_code != 403
        assert (await http.post("/teamleader/companies.list", headers=sent)).status_code == 200


async def test_a_question_for_the_world_of_a_strange_dossier_is_answered() -> None:
    caller = Caller(small())
    for wanted in ("9" * 5_000, "x", "", "-1", "١", "%00", "1e5"):
        answer = await caller.http.get(f"/world?dossier={wanted}")
        caller.told(answer)
        assert answer.status_code == 400
