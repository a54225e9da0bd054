"""Faults on demand: which hit which call, and what becomes of the write when a connection is cut."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from octowizard.sandbox.faults import BadFault, Fault, Faults, Hit, parse_fault
from octowizard.sandbox.server import Served, new_company, serving
from tests.sandbox.octopus_world import OPEN, SOFTWARE_HOUSE, D, booking, tiny_world, wrapped

POST = "POST /dossiers/{dossierId}/buysellbookings"
NAMES = frozenset({POST, "invoices.registerPayment"})


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    world = tiny_world()
    async with serving(new_company(world)) as running:
        yield running


@pytest.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served.connection()["octopus_url"], trust_env=False) as http:
        yield http


async def token(client: httpx.AsyncClient) -> dict[str, str]:
    signed_in = await client.post(
        "/authentication",
        headers={"softwareHouseUuid": SOFTWARE_HOUSE},
        json={"user": "U12345", "password": "geheim"},
    )
    headers = {"Token": signed_in.json()["token"]}
    opened = await client.post("/dossiers", params={"dossierId": "1"}, headers=headers)
    return {"dossierToken": opened.json()["Dossiertoken"]}


def plain(number: int = 1) -> dict[str, Any]:
    """A booking that the json module can write."""
    data = booking(number, amount=121, exchangeRate=1)
    data["bookingLines"] = [{"accountKey": 700000, "baseAmount": 100, "vatCodeKey": "21", "vatAmount": 21}]
    return wrapped(data)


async def fault(served: Served, **members: Any) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.post(served.connection()["control_url"] + "/faults", json=members)


@pytest.mark.parametrize(("kind", "written"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_cut_connection_leaves_no_answer_and_the_write_undone_or_done(
    served: Served, client: httpx.AsyncClient, kind: str, written: int
) -> None:
    headers = await token(client)
    assert (await fault(served, operation=POST, kind=kind, times=1)).status_code == 200
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await client.post(f"{D}/buysellbookings", json=plain(), headers=headers)
    world = served.company.world
    assert len(world.octopus.dossiers[1].bookings) == written
    assert world.octopus_calls[POST] == 1
    again = await client.post(f"{D}/buysellbookings", json=plain(1 + written), headers=headers)
    assert again.status_code == 201
    assert world.octopus.dossiers[1].journals[OPEN, "V1"].last_booked == 1 + written


async def test_half_an_answer_is_no_json_and_the_write_is_done(
    served: Served, client: httpx.AsyncClient
) -> None:
    headers = await token(client)
    await fault(served, operation=POST, kind="malformed", times=1)
    await fault(served, operation="GET /dossiers/{dossierId}/bookyears", kind="malformed", times=1)
    written = await client.post(f"{D}/buysellbookings", json=plain(), headers=headers)
    assert (written.status_code, written.text) == (200, "<html>")
    assert len(served.company.world.octopus.dossiers[1].bookings) == 1
    listed = await client.get(f"{D}/bookyears", headers=headers)
    assert listed.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|delimiter|Unterminated"):
        listed.json()


async def test_a_status_fault_answers_before_the_write_takes_effect(
    served: Served, client: httpx.AsyncClient
) -> None:
    headers = await token(client)
    await fault(served, operation=POST, kind="status", status=500, times=1)
    await fault(served, operation=POST, kind="status", status=401, times=1)
    first = await client.post(f"{D}/buysellbookings", json=plain(), headers=headers)
    second = await client.post(f"{D}/buysellbookings", json=plain(), headers=headers)
    third = await client.post(f"{D}/buysellbookings", json=plain(), headers=headers)
    assert (first.status_code, first.content) == (500, b"")
    assert (second.status_code, second.json()["errorCode"]) == (401, -2)
    assert third.status_code == 201
    assert [refusal.status for refusal in served.company.world.octopus_refused] == [500, 401]


async def test_latency_delays_the_answer(served: Served, client: httpx.AsyncClient) -> None:
    await fault(served, operation="GET /about/version", kind="latency", milliseconds=300)
    with pytest.raises(httpx.ReadTimeout):
        await client.get("/about/version", timeout=0.1)
    await fault(served, clear=True)
    assert (await client.get("/about/version")).text == "51.9.17"


@pytest.mark.parametrize(
    "members",
    [
        {"operation": "invoices.pay", "kind": "status", "status": 500},
        {"operation": POST, "kind": "explode"},
        {"operation": POST, "kind": "status"},
        {"operation": POST, "kind": "status", "status": 200},
        {"operation": POST, "kind": "latency"},
        {"operation": POST, "kind": "drop_before", "times": 0},
        {"operation": POST, "kind": "drop_before", "probability": 2},
        {"operation": POST, "kind": "drop_before", "often": 2},
        {"clear": False},
    ],
)
async def test_a_fault_that_would_never_fire_is_refused_with_a_sentence(
    served: Served, members: dict[str, Any]
) -> None:
    answer = await fault(served, **members)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert served.company.faults.waiting == []


async def test_a_list_of_faults_is_taken_as_a_whole(served: Served) -> None:
    url = served.connection()["control_url"] + "/faults"
    good = {"operation": "invoices.registerPayment", "kind": "drop_after", "times": 2, "probability": 0.5}
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.post(url, json=[good, {"operation": "x"}])).status_code == 400
        assert (await http.get(url)).json() == {"faults": []}
        assert (await http.post(url, json=[good])).json() == {"faults": [good]}


def test_the_same_seed_draws_the_same_faults() -> None:
    def draws(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add(Fault(POST, "drop_after", probability=0.5))
        return [faults.hit(POST).drop_after for _ in range(64)]

    assert draws(7) == draws(7)
    assert draws(7) != draws(8)
    assert {True, False} == set(draws(7))


def test_faults_of_one_operation_fire_in_turn_and_leave_others_alone() -> None:
    faults = Faults(1)
    for raw in (
        {"operation": POST, "kind": "status", "status": 503, "times": 2},
        {"operation": POST, "kind": "drop_after", "times": 1},
        {"operation": POST, "kind": "latency", "milliseconds": 250},
    ):
        faults.add(parse_fault(raw, NAMES))
    assert faults.hit("invoices.registerPayment") == Hit()
    assert [faults.hit(POST) for _ in range(4)] == [
        Hit(0.25, status=503),
        Hit(0.25, status=503),
        Hit(0.25, drop_after=True),
        Hit(0.25),
    ]
    with pytest.raises(BadFault, match="object"):
        parse_fault("drop", NAMES)
