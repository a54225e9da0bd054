"""The practice companies through the stand-in of Octopus itself: what is promised to be bookable is booked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from octowizard.sandbox.octopus import PREFIX, routes
from octowizard.sandbox.state import Dossier, Kept, World
from octowizard.sandbox.web import Company, parse_json
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sandbox.worlds.bookings import booking_lines
from octowizard.sandbox.worlds.settings import settings_of

Json = dict[str, Any]


@asynccontextmanager
async def served(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is signed in to the dossier of the world."""
    world.limits = False
    app = Starlette(routes=routes(Company(world)))
    side = world.octopus
    (dossier,) = side.dossiers.values()
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://practice{PREFIX}") as client:
        signed = await client.post(
            "/authentication",
            headers={"softwareHouseUuid": side.software_house},
            json={"user": side.user, "password": side.password},
        )
        opened = await client.post(
            "/dossiers",
            params={"dossierId": dossier.id, "localeId": 1},
            headers={"Token": signed.json()["token"]},
        )
        client.headers["dossierToken"] = opened.json()["Dossiertoken"]
        yield client


def dossier_of(world: World) -> Dossier:
    (dossier,) = world.octopus.dossiers.values()
    return dossier


def waiting(world: World) -> list[Kept]:
    journals = dossier_of(world).journals
    side = world.teamleader
    found = []
    for collection, journal in ((side.invoices, "V1"), (side.credit_notes, "V2")):
        for kept in collection.values():
            number = kept.number
            if number and int(number.rpartition("/")[2]) > journals[5, journal].last_booked:
                found.append(kept)
    return found


def booking(world: World, kept: Kept, relation: int) -> Json:
    data = kept.data
    credit = "credit_note_number" in data
    day = data["credit_note_date"] if credit else data["invoice_date"]
    total = data["total"]["payable"]["amount"]
    rate = data["currency_exchange_rate"]
    lines = booking_lines(settings_of(world.teamleader), kept)
    for line in lines:
        line |= {"baseAmount": float(line["baseAmount"]), "vatAmount": float(line["vatAmount"])}
    return {
        "bookyearKey": {"id": 5},
        "journalKey": "V2" if credit else "V1",
        "documentSequenceNr": int(str(kept.number).rpartition("/")[2]),
        "relationIdentificationServiceData": {"relationKey": {"id": relation}, "externalRelationId": 0},
        "bookyearPeriodeNr": int(day[:4] + day[5:7]),
        "documentDate": day,
        "expiryDate": day,
        "amount": float(-total if credit else total),
        "currencyCode": data["currency"],
        "exchangeRate": float(rate["rate"]) if rate else 1,
        "bookingLines": lines,
    }


@pytest.mark.parametrize(("name", "seed"), [("healthy", 1), ("healthy", 2), ("healthy", 3), ("c", 1)])
async def test_octopus_accepts_every_waiting_document_under_its_own_number(name: str, seed: int) -> None:
    world = SCENARIOS[name].build(seed, None, None)
    world.switches.total_mismatch = (400, -24)
    relation = next(iter(dossier_of(world).relations))
    documents = waiting(world)
    assert documents
    async with served(world) as client:
        for kept in documents:
            body = {"buySellBookingServiceData": booking(world, kept, relation)}
            answer = await client.post(f"/dossiers/{dossier_of(world).id}/buysellbookings", json=body)
            assert (answer.status_code, answer.text) == (201, ""), kept.number


async def test_the_payments_to_push_show_in_the_feed_of_matches() -> None:
    world = SCENARIOS["healthy"].build(1, None, None)
    async with served(world) as client:
        answer = await client.get(
            f"/dossiers/{dossier_of(world).id}/balancings/modified",
            params={"modifiedTimeStamp": "2026-11-01 00:00:00.000"},
        )
    found = parse_json(answer.content)["modifiedBalancings"]
    assert len(found) == 3
    for detail in found:
        assert detail["type"]["type"] == "C"
        assert detail["creditBalancedBookingAmount"] > 0
        assert detail["debetDocument"]["balancingKey"]["lineSequenceNr"] == -1
        assert detail["debetDocument"]["reference"] == detail["creditDocument"]["reference"]


async def test_an_empty_company_answers_that_there_are_no_years() -> None:
    world = SCENARIOS["a"].build(1, None, None)
    async with served(world) as client:
        answer = await client.get(f"/dossiers/{dossier_of(world).id}/bookyears")
    assert answer.status_code == 404
