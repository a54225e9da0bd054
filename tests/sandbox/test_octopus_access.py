"""Tokens, dossiers and daily limits of the Octopus stand-in."""

from datetime import timedelta

import pytest

from tests.sandbox.octopus_world import OPEN, SOFTWARE_HOUSE, D, Octopus, booking, wrapped

YEARS = f"{D}/bookyears"


async def test_a_wrong_password_is_counted_and_said_to_developers_only(octopus: Octopus) -> None:
    said = await octopus.call(
        "POST",
        "/authentication",
        headers={"softwareHouseUuid": SOFTWARE_HOUSE},
        body={"user": "U12345", "password": "fout"},
        status=401,
    )
    assert list(said) == ["technicalInfo"]
    assert said["technicalInfo"].startswith(
        "Incrementing failed login attempt count for user U12345, IP address "
    )
    assert octopus.company.world.octopus.failed_logins == 1


async def test_a_wrong_software_house_is_refused(octopus: Octopus) -> None:
    said = await octopus.call(
        "POST",
        "/authentication",
        headers={"softwareHouseUuid": "other"},
        body={"user": "U12345", "password": "geheim"},
        status=401,
    )
    assert said["errorCode"] == -68


@pytest.mark.parametrize(("path", "header"), [("/dossiers", "Token"), (YEARS, "dossierToken")])
async def test_a_missing_token_is_said_to_be_empty(octopus: Octopus, path: str, header: str) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}):
        answer = await octopus.raw("GET", path, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["errorCode"] == -79
        assert answer.json()["technicalInfo"] == "Empty access token"
    answer = await octopus.raw("GET", path, headers={header: "made-up"})
    assert (answer.status_code, answer.json()["errorCode"]) == (401, -2)


async def test_a_user_token_opens_no_dossier_by_itself(octopus: Octopus) -> None:
    answer = await octopus.raw("GET", YEARS, headers={"Token": await octopus.sign_in()})
    assert (answer.status_code, answer.json()["technicalInfo"]) == (401, "Empty access token")


async def test_header_names_may_be_written_in_any_case(octopus: Octopus) -> None:
    token = await octopus.sign_in()
    for name in ("dossiertoken", "DOSSIERTOKEN", "DossierToken"):
        assert (await octopus.raw("GET", YEARS, headers={name: token})).status_code == 200


async def test_tokens_last_ten_minutes_by_the_practice_clock(octopus: Octopus) -> None:
    token = await octopus.sign_in()
    octopus.company.world.clock.advance(timedelta(seconds=598))
    assert (await octopus.raw("GET", YEARS, headers={"dossierToken": token})).status_code == 200
    octopus.company.world.clock.advance(timedelta(seconds=2))
    assert (await octopus.raw("GET", YEARS, headers={"dossierToken": token})).status_code == 401


async def test_a_token_of_another_dossier_is_refused(octopus: Octopus) -> None:
    token = await octopus.sign_in(dossier=3)
    answer = await octopus.raw("GET", YEARS, headers={"dossierToken": token})
    assert (answer.status_code, answer.json()["errorCode"]) == (401, -3)
    empty = await octopus.raw("GET", "/dossiers/3/bookyears", headers={"dossierToken": token})
    assert empty.status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"dossierId": "2"}, 403),
        ({"dossierId": "99"}, 404),
        ({}, 400),
        ({"dossierId": "x"}, 400),
        ({"dossierId": "1", "localeId": "5"}, 400),
    ],
)
async def test_a_dossier_that_cannot_be_opened(octopus: Octopus, query: dict[str, str], status: int) -> None:
    user = await octopus.call(
        "POST",
        "/authentication",
        headers={"softwareHouseUuid": SOFTWARE_HOUSE},
        body={"user": "U12345", "password": "geheim"},
    )
    answer = await octopus.raw("POST", "/dossiers", query, {"Token": user["token"]})
    assert answer.status_code == status


async def test_the_language_of_the_token_names_the_journals(octopus: Octopus) -> None:
    for locale, name in ((0, "Dagboek V1"), (1, "Dagboek V1"), (3, "Journal V1")):
        token = await octopus.sign_in(locale=locale)
        path = f"{YEARS}/{OPEN}/journals"
        listed = (await octopus.raw("GET", path, headers={"dossierToken": token})).json()
        assert {one["journalKey"]: one["name"] for one in listed}["V1"] == name


async def test_a_daily_limit_refuses_the_call_after_the_last_and_ends_with_the_day(octopus: Octopus) -> None:
    world = octopus.company.world
    world.limits = True
    for _ in range(2):
        await octopus.call("GET", f"{D}/vatcodes")
    said = await octopus.call("GET", f"{D}/vatcodes", status=429, undocumented=[429])
    assert said["errorCode"] == -51
    world.switches.over_limit = (403, None)
    said = await octopus.call("GET", f"{D}/vatcodes", status=403, undocumented=[403])
    assert "errorCode" not in said
    world.limits = False
    await octopus.call("GET", f"{D}/vatcodes")
    world.limits = True
    world.clock.advance(timedelta(hours=16))
    octopus.forget_token()
    await octopus.call("GET", f"{D}/vatcodes")


@pytest.mark.parametrize(
    ("day", "hours", "status"),
    [
        ("utc", 15.9, 429),
        ("utc", 16.1, 200),
        ("brussels", 14.9, 429),
        ("brussels", 15.1, 200),
        ("rolling", 23.9, 429),
        ("rolling", 24.1, 200),
    ],
)
async def test_when_the_day_of_the_limits_begins_is_a_switch(
    octopus: Octopus, day: str, hours: float, status: int
) -> None:
    world = octopus.company.world
    world.limits, world.switches.limit_day = True, day
    for _ in range(2):
        await octopus.call("GET", f"{D}/currencies")
    world.clock.advance(timedelta(hours=hours))
    octopus.forget_token()
    await octopus.call("GET", f"{D}/currencies", status=status, undocumented=[429])


async def test_searching_relations_is_counted_apart_from_listing_them(octopus: Octopus) -> None:
    octopus.company.world.limits = True
    for _ in range(3):
        await octopus.call("GET", f"{D}/relations", {"relationId": 1})
    for _ in range(2):
        await octopus.call("GET", f"{D}/relations")
    await octopus.call("GET", f"{D}/relations", status=429, undocumented=[429])
    await octopus.call("GET", f"{D}/relations", {"name": "peeters & zonen bv"})


async def test_accounts_can_be_counted_per_bookyear(octopus: Octopus) -> None:
    world = octopus.company.world
    world.limits, world.switches.limits_per_bookyear = True, True
    for year in (1, 1, 2, 2):
        await octopus.call("GET", f"{D}/accounts", {"bookyearId": year})
    await octopus.call("GET", f"{D}/accounts", {"bookyearId": 1}, status=429, undocumented=[429])


async def test_calls_are_counted_and_an_empty_list_is_no_refusal(octopus: Octopus) -> None:
    stamp = {"bookyearId": OPEN, "modifiedTimeStamp": "2026-11-20 00:00:00.000"}
    await octopus.call("GET", f"{D}/buysellbookings/modified", stamp, status=404)
    await octopus.call("GET", "/error", {"errorCode": -15}, status=400)
    world = octopus.company.world
    assert world.octopus_refused == []
    assert world.octopus_calls["GET /dossiers/{dossierId}/buysellbookings/modified"] == 1
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking(9)), status=400)
    assert [refusal.code for refusal in world.octopus_refused] == [-13]


@pytest.mark.parametrize("stamp", ["", "2026-11-20", "2026-11-20T00:00:00.000", "2026-13-20 00:00:00.000"])
async def test_a_time_stamp_in_another_form_is_a_bad_request(octopus: Octopus, stamp: str) -> None:
    query = {"modifiedTimeStamp": stamp}
    said = await octopus.call("GET", f"{D}/relations/modified", query, status=400)
    assert said == {"technicalInfo": "Invalid or missing parameters passed"}


async def test_the_zone_of_time_stamps_is_a_switch(octopus: Octopus) -> None:
    world = octopus.company.world
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking()), status=201)
    query = {"bookyearId": OPEN, "modifiedTimeStamp": "2026-11-20 08:30:00.000"}
    await octopus.call("GET", f"{D}/buysellbookings/modified", query, status=404)
    world.switches.timestamps_zone = "Europe/Brussels"
    assert len(await octopus.call("GET", f"{D}/buysellbookings/modified", query)) == 1
