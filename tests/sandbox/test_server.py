"""`python -m octowizard.sandbox`: what it prints, how it ends, and what it says to bad input."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from octowizard.sandbox.serve import main
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.worlds import SCENARIOS
from tests.sandbox.octopus_world import tiny_world

KEYS = {
    "octopus_url",
    "teamleader_url",
    "teamleader_auth_url",
    "control_url",
    "octopus",
    "teamleader",
    "scenario",
    "seed",
    "limits",
    "start_date",
    "department_id",
    "department_name",
    "dossier_id",
    "answers",
    "default_language",
}


@contextlib.asynccontextmanager
async def started(*options: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, Any]]]:
    """The program and its first line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "octowizard.sandbox",
        "serve",
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield process, json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_whoever_asks_for_it_hears_how_far_a_large_company_is() -> None:
    size = ("--customers", "1000", "--documents", "6000", "--scenario", "large")
    told: list[dict[str, Any]] = []
    async with started(*size, "--tell-making", "--until-stdin-closes") as (process, line):
        assert process.stdout is not None
        while (making := line.get("making")) is not None:
            told.append(making)
            line = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
        assert set(line) == KEYS
    assert told
    assert {(one["customers"], one["documents"]) for one in told} == {(1000, 6000)}
    percents = [one["percent"] for one in told]
    assert percents == sorted(percents)
    assert 0 < percents[-1] < 100
    assert told[-1]["seconds"] >= 0


async def test_the_first_line_says_all_that_a_client_needs() -> None:
    async with started("--seed", "3", "--limits", "off", "--until-stdin-closes") as (process, line):
        assert set(line) == KEYS
        assert (line["scenario"], line["seed"], line["limits"]) == ("healthy", 3, "off")
        assert line["dossier_id"] in [dossier["id"] for dossier in line["octopus"]["dossiers"]]
        async with httpx.AsyncClient(trust_env=False) as http:
            assert (await http.get(line["octopus_url"] + "/about/version")).text == "51.9.17"
            again = (await http.get(line["control_url"] + "/connection")).json()
            # Whoever connects gets a sign-in of its own: a refresh token serves once.
            assert again["teamleader"].pop("refresh_token") != line["teamleader"].pop("refresh_token")
            assert again == line
        assert process.stdin is not None
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), 10) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly_while_clients_are_connected(number: signal.Signals) -> None:
    async with started() as (process, line), httpx.AsyncClient(trust_env=False) as http:
        await http.get(line["octopus_url"] + "/about/version")
        process.send_signal(number)
        _, errors = await asyncio.wait_for(process.communicate(), 10)
        assert process.returncode == 0
        # A person started it: stderr says what to type next, and nothing else.
        assert f"octowizard profiles add NAME --sandbox-url {line['control_url']}\n" in errors.decode()
        assert errors.decode().splitlines()[-1].startswith("  octowizard sandbox do --control ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
async def test_it_does_not_wait_for_a_slow_call_to_end() -> None:
    async with (
        started("--latency-octopus", "60000", "--until-stdin-closes") as (process, line),
        httpx.AsyncClient(trust_env=False) as http,
    ):
        slow = asyncio.create_task(http.get(line["octopus_url"] + "/about/version", timeout=30))
        calls: dict[str, int] = {}
        while not calls:
            calls = (await http.get(line["control_url"] + "/world")).json()["octopus"]["calls"]
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), 10)
        assert (process.returncode, errors) == (0, b"")
        with contextlib.suppress(httpx.TransportError):
            assert (await slow).status_code == 500


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["serve", "--scenario", "paradise"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "x"],
        ["serve", "--customers", "-1"],
        ["serve", "--customers", "0", "--documents", "3"],
        ["serve", "--latency-octopus", "1.5"],
        ["serve", "--limits", "maybe"],
        ["do", "--control", "no-address", "pay"],
        ["do", "--control", "http://[", "pay"],
        ["do", "--control", "http://127.0.0.1:port/control", "pay"],
        ["do", "--control", "http://127.0.0.1:9/control", "pay", "count"],
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("octowizard sandbox: ")
    assert shown.err.count("\n") == 1
    assert shown.err.endswith(".\n")


def test_a_port_in_use_gets_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    assert capsys.readouterr().err.startswith(f"octowizard sandbox: Port {port} cannot be used: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_an_output_that_is_full_is_not_told_as_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    was = signal.getsignal(signal.SIGINT)  # ignored where a shell runs these tests in the background
    with contextlib.suppress(OSError), Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(OSError, match="No space left"):  # the command line tells it, as everywhere
            main(["serve", "--customers", "2", "--documents", "2"])
        signal.signal(signal.SIGINT, was)  # asyncio puts back Python's own
        with contextlib.suppress(OSError):
            full.close()


def test_a_company_that_is_not_there_is_exit_code_3(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/control"
        assert main(["do", "--control", url, "synchronise"]) == 3
    assert "could not be reached" in capsys.readouterr().err


def test_the_scenarios_are_listed_for_people_and_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(SCENARIOS)
    assert main(["scenarios", "--json"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == list(SCENARIOS)


async def test_a_practice_action_is_done_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    world = SCENARIOS["healthy"].build(1, 5, 5)
    async with serving(new_company(world)) as served:
        control = served.connection()["control_url"]
        words = ["do", "--control", control, "close-journal", "journal=V1", "year=2026"]
        code = await asyncio.to_thread(main, words)
        assert (code, capsys.readouterr().err) == (0, "")
        assert await asyncio.to_thread(main, ["do", "--control", control, "dance"]) == 2
        assert "dance" in capsys.readouterr().err
    assert [journal.closed for (_, key), journal in world.octopus.dossiers[9045119].journals.items()].count(
        True
    ) >= 1


async def test_nothing_web_is_imported_to_list_scenarios() -> None:
    code = (
        "import sys; from octowizard.sandbox.serve import main; main(['scenarios', '--json']); "
        "sys.exit(int('starlette' in sys.modules or 'uvicorn' in sys.modules))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0


async def test_the_date_header_follows_the_practice_clock() -> None:
    world = tiny_world()
    world.clock.advance(timedelta(days=365))
    async with serving(new_company(world)) as served, httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(served.url + "/octopus-rest-api/v1/about/version")
        shown = parsedate_to_datetime(answer.headers["date"])
        assert len(answer.headers.get_list("date")) == 1
        assert abs(shown - world.clock.now()) < timedelta(seconds=5)


async def test_base_latency_is_waited_per_vendor() -> None:
    company = new_company(tiny_world(), latency_octopus_ms=400)
    async with serving(company) as served, httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(httpx.ReadTimeout):
            await http.get(served.url + "/octopus-rest-api/v1/about/version", timeout=0.1)
        answer = await http.post(served.url + "/teamleader/users.me", timeout=5)
        assert answer.status_code == 401
