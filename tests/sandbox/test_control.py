"""The control address: what it shows of both sides, and what it lets a test change."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.web import parse_json
from octowizard.sandbox.worlds import SCENARIOS
from tests.contracts import check_schema
from tests.sandbox.octopus_world import START, tiny_world


class Control:
    """Calls one control address."""

    def __init__(self, http: httpx.AsyncClient, world: Any) -> None:
        self.http = http
        self.world = world

    async def get(self, path: str) -> Any:
        answer = await self.http.get(path)
        assert answer.status_code == 200, answer.text
        return parse_json(answer.content)

    async def post(self, path: str, body: Any, status: int = 200) -> Any:
        answer = await self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        return parse_json(answer.content)


@pytest.fixture(params=["tiny"])
async def control(request: pytest.FixtureRequest) -> AsyncIterator[Control]:
    world = tiny_world() if request.param == "tiny" else SCENARIOS[request.param].build(1)
    async with serving(new_company(world)) as served:
        url = served.connection()["control_url"]
        async with httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as http:
            yield Control(http, world)


@pytest.mark.parametrize("control", ["healthy"], indirect=True)
async def test_the_world_shows_both_sides_in_the_vendors_own_shapes(control: Control) -> None:
    shown = await control.get("/world")
    octopus, teamleader = shown["octopus"], shown["teamleader"]
    for vendor, schema, records in (
        ("octopus", "BookyearServiceData", octopus["bookyears"]),
        ("octopus", "JournalServiceData", octopus["journals"]),
        ("octopus", "RelationServiceData", octopus["relations"]),
        ("octopus", "BuySellBookingServiceData", octopus["bookings"]),
        ("octopus", "FinancialDiversBookingServiceData", octopus["financial_bookings"]),
        ("octopus", "BalancingServiceData", octopus["balancings"]),
        ("teamleader", "Company", teamleader["companies"]),
        ("teamleader", "Contact", teamleader["contacts"]),
        ("teamleader", "Invoice", teamleader["invoices"]),
        ("teamleader", "CreditNote", teamleader["credit_notes"]),
    ):
        assert records, schema
        for record in records:
            check_schema(vendor, schema, record)  # type: ignore[arg-type]  # the vendors' names are literals
    assert any(invoice["payments"] for invoice in teamleader["invoices"])
    assert all(isinstance(one["amount"], int | Decimal) for one in octopus["bookings"])
    assert octopus["calls"] == teamleader["calls"] == {}
    assert octopus["refused"] == teamleader["refused"] == []


async def test_calls_and_refusals_are_shown_per_operation(control: Control) -> None:
    base = control.http.base_url.copy_with(path="/octopus-rest-api/v1")
    await control.http.get(f"{base}/dossiers")
    octopus = (await control.get("/world"))["octopus"]
    assert octopus["calls"] == {"GET /dossiers": 1}
    (refusal,) = octopus["refused"]
    assert datetime.fromisoformat(refusal.pop("at")) - START < timedelta(minutes=1)
    assert refusal == {
        "operation": "GET /dossiers",
        "status": 401,
        "code": -79,
        "text": "[placeholder NL -79] ongeldige parameter",
    }


async def test_another_dossier_can_be_asked_for(control: Control) -> None:
    assert (await control.get("/world"))["octopus"]["dossier_id"] == 1
    assert (await control.get("/world?dossier=3"))["octopus"]["bookyears"] == []
    for wrong in ("99", "x"):
        assert (await control.http.get(f"/world?dossier={wrong}")).status_code == 400


async def test_the_clock_can_be_moved_and_set(control: Control) -> None:
    before = control.world.clock.now()
    await control.post("/clock", {"advance": 60})
    shown = await control.post("/clock", {"days": 1, "hours": 2, "minutes": 3, "seconds": 4})
    moved = datetime.fromisoformat(shown["now"]) - before
    assert timedelta(0) <= moved - timedelta(days=1, hours=2, minutes=4, seconds=4) < timedelta(minutes=1)
    shown = await control.post("/clock", {"now": "2030-01-01T00:00:00+01:00"})
    assert shown["now"].startswith("2029-12-31T23:00:0")
    assert (await control.get("/clock"))["now"].startswith("2029-12-31T23:0")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clock", {"now": "tomorrow"}),
        ("/clock", {"now": "2030-01-01T00:00:00"}),
        ("/clock", {"now": 5}),
        ("/clock", {"advance": "x"}),
        ("/clock", {"days": 1e9}),
        ("/clock", {"weeks": 1}),
        ("/clock", {}),
        ("/clock", []),
        ("/switches", {"closed_years": [400, -15]}),
        ("/switches", {"closed_year": [200, -15]}),
        ("/switches", {"closed_year": None}),
        ("/switches", {"limit_day": "mars"}),
        ("/switches", {"timestamps_zone": "Europe/Gent"}),
        ("/switches", {"user_token_seconds": True}),
        ("/switches", {"user_token_seconds": 0}),
        ("/switches", {"may_edit_booked": 1}),
        ("/limits", {"limits": True}),
        ("/do", {"action": "dance"}),
        ("/do", {}),
        ("/do", [1]),
    ],
)
async def test_bad_input_is_refused_with_a_sentence_and_changes_nothing(
    control: Control, path: str, body: Any
) -> None:
    switches = repr(control.world.switches)
    before = control.world.clock.now()
    said = await control.post(path, body, 400)
    assert said["error"].endswith(".")
    assert repr(control.world.switches) == switches
    assert control.world.clock.now() - before < timedelta(minutes=1)


async def test_a_body_that_is_no_json_is_refused(control: Control) -> None:
    answer = await control.http.post("/switches", content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (400, {"error": "The body is no JSON."})


async def test_switches_and_limits_can_be_set(control: Control) -> None:
    body = {"over_limit": [403, None], "total_mismatch": [400, -24], "limit_day": "rolling"}
    shown = await control.post("/switches", body)
    assert (shown["over_limit"], shown["total_mismatch"]) == ([403, None], [400, -24])
    assert control.world.switches.over_limit == (403, None)
    await control.post("/switches", {"total_mismatch": None})
    assert control.world.switches.total_mismatch is None
    assert (await control.get("/switches"))["limit_day"] == "rolling"
    assert await control.post("/limits", {"limits": "off"}) == {"limits": "off"}
    assert control.world.limits is False


@pytest.mark.parametrize("control", ["healthy"], indirect=True)
async def test_practice_actions_are_listed_and_done(control: Control) -> None:
    actions = {one["name"] for one in (await control.get("/actions"))["actions"]}
    assert {"synchronise", "pay", "close-journal"} <= actions
    await control.post("/do", {"action": "close-journal", "journal": "V1", "year": 2026})
    journals = (await control.get("/world"))["octopus"]["journals"]
    assert [one["journalKey"] for one in journals if one["closed"]] == ["V1"]


async def test_the_same_seed_serves_the_same_company() -> None:
    def served(seed: int) -> Any:
        world = SCENARIOS["healthy"].build(seed, 10, 10)
        return [kept.data for kept in world.teamleader.invoices.values()]

    assert served(4) == served(4)
    assert served(4) != served(5)
