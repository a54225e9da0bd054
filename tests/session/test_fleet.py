"""Many profiles in one process: who is worked on when, and what one of them does to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from octowizard.progress import Report, Stop, Verdict, Wait, tell_wait, unless_stopped
from octowizard.session import fleet
from octowizard.session.fleet import Begun, Reading, Standing, Told, Waits, worst
from octowizard.session.session import Session
from octowizard.workspace.profiles import ProfileError, without_accounts
from tests.build import PROFILE

Work = Callable[[str, Report, Stop], Awaitable[Verdict]]


def explain(error: Exception) -> tuple[str, Verdict]:
    return str(error), "unusable" if isinstance(error, ProfileError) else "unknown"


def opened(profile: str) -> Session:
    if profile == "lost":
        raise ProfileError("no such profile")
    return Session(Path(), without_accounts(profile, PROFILE.start_date))


async def run(profiles: str, work: Work, stop: Stop | None = None, **options: Any) -> list[Told]:
    heard: list[Told] = []

    async def on_session(session: Session, report: Report, stop: Stop) -> Standing:
        profile = session.profile.name
        return Standing(profile=profile, verdict=await work(profile, report, stop))

    await fleet.run(profiles.split(), opened, on_session, heard.append, stop or Stop(), explain, **options)
    return heard


def ends(heard: list[Told]) -> dict[str, tuple[Verdict | None, str]]:
    return {one.profile: (one.verdict, one.why) for one in heard if isinstance(one, Standing)}


async def test_one_that_fails_leaves_the_others_alone() -> None:
    async def work(profile: str, _report: Report, _stop: Stop) -> Verdict:
        if profile == "down":
            raise ExceptionGroup("of tasks", [OSError("no network")])
        return "well"

    assert ends(await run("a lost down z", work)) == {
        "a": ("well", ""),
        "lost": ("unusable", "no such profile"),
        "down": ("unknown", "no network"),
        "z": ("well", ""),
    }


async def test_so_many_are_at_work_together_and_no_more() -> None:
    at_work, most, full = 0, 0, asyncio.Event()

    async def work(_profile: str, _report: Report, _stop: Stop) -> Verdict:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        if at_work == 3:
            full.set()
        await full.wait()
        at_work -= 1
        return "well"

    assert len(ends(await run("a b c d e f g", work, at_once=3))) == 7
    assert most == 3


async def test_a_request_to_end_ends_what_is_read_and_begins_nothing() -> None:
    stop, begun = Stop(), []

    async def work(profile: str, _report: Report, _stop: Stop) -> Verdict:
        begun.append(profile)
        if len(begun) == 2:
            stop.request()
        await unless_stopped(asyncio.Event().wait)
        return "well"

    heard = await run("a b c d", work, stop, at_once=2)
    assert begun == ["a", "b"]
    assert ends(heard) == dict.fromkeys("abcd", ("stopped", ""))


async def test_a_write_is_brought_to_its_end_before_all_ends() -> None:
    stop = Stop()

    async def work(_profile: str, _report: Report, stop: Stop) -> Verdict:
        stop.request()
        await unless_stopped(lambda: asyncio.sleep(0))  # what a write does
        return "attention"

    assert ends(await run("a b", work, stop, at_once=1, writes=True)) == {
        "a": ("attention", ""),
        "b": ("stopped", ""),
    }


async def test_what_goes_on_is_told_with_the_name_of_its_profile() -> None:
    wait = Wait("Teamleader", "window", 0.0, 200)

    async def work(_profile: str, report: Report, _stop: Stop) -> Verdict:
        report("invoices", 7)
        tell_wait(wait)
        return "well"

    heard = await run("a b", work, at_once=1)
    assert [type(one) for one in heard] == [Begun, Reading, Waits, Standing] * 2
    assert [one.profile for one in heard] == ["a"] * 4 + ["b"] * 4


def test_all_together_end_as_what_is_sure_before_what_is_not() -> None:
    assert worst([]) == "well"
    assert worst(["well", "unknown"]) == "unknown"
    assert worst(["unknown", "unusable", "well"]) == "unusable"
    assert worst(["unusable", "attention", "unknown"]) == "attention"
    assert worst(["attention", "stopped"]) == "stopped"
