"""A served practice company, synced through a profile: what the installed octowizard says is what both sides hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.request import urlopen

import pytest

from tests.installed.command import Installed

pytestmark = pytest.mark.installed


class Synced(NamedTuple):
    """A profile `served` after its first sync: the events, and what both sides held then."""

    installed: Installed
    events: list[dict[str, Any]]
    world: dict[str, Any]


@pytest.fixture(scope="module")
def synced(command: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synced]:
    """The company and its profile, once for the tests below: a second sync changes nothing of it."""
    installed = Installed(command, tmp_path_factory.mktemp("elsewhere"), tmp_path_factory.mktemp("home"))
    with installed.serving("healthy") as url:
        installed.run("profiles", "add", "served", "--sandbox-url", url, code=0)
        events = installed.events("--profile", "served", "sync", "--yes", code=0)
        with urlopen(f"{url}/world") as answer:
            world = json.load(answer)
        yield Synced(installed, events, world)
        installed.run("profiles", "remove", "served", "--yes", code=0)
        assert "served" not in installed.run("profiles", "list", code=0).out


def test_all_that_is_said_to_be_booked_is_in_octopus_once(synced: Synced) -> None:
    booked = {
        (event["bookyear"], event["journal"], event["number"])
        for event in synced.events
        if event["event"] == "document_booked" and not event["found"]
    }
    held = [
        (booking["bookyearKey"]["id"], booking["journalKey"], booking["documentSequenceNr"])
        for booking in synced.world["octopus"]["bookings"]
    ]
    end = synced.events[-1]
    assert end["booked"] == len(booked) > 0
    assert end["failing"] == end["left_for_later"] == 0
    assert len(held) == len(set(held))
    assert booked <= set(held)


def test_teamleader_never_has_to_say_that_it_is_too_much(synced: Synced) -> None:
    assert not [refused for refused in synced.world["teamleader"]["refused"] if refused["status"] == 429]


def test_a_second_sync_has_nothing_left_to_do(synced: Synced) -> None:
    end = synced.installed.events("--profile", "served", "sync", "--yes", code=0)[-1]
    assert (end["booked"], end["relations_created"], end["payments_registered"]) == (0, 0, 0)


def test_the_profile_is_listed_and_shown(synced: Synced) -> None:
    listed = synced.installed.run("profiles", "list", code=0).out
    assert any(line.startswith("served ") for line in listed.splitlines())
    assert json.loads(synced.installed.run("profiles", "show", "served", "--json", code=0).out)


def test_the_history_tells_of_the_first_sync(synced: Synced) -> None:
    assert "sync" in synced.installed.run("history", code=0).out
    told_again = synced.installed.events("history", "1", code=0)
    assert told_again[-1]["run"] == synced.events[-1]["run"] == 1
