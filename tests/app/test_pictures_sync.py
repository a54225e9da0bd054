"""Sync while both sides are read, while a run waits, and when it has failed: as somebody looked at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from octowizard.progress import Stop
from octowizard.sync import events as e
from octowizard.sync.options import SyncOptions
from tests.app.stage import over, same_picture, staged, text, until, words
from tests.app.staged import StagedSession, company

SIZES = ((60, 20), (80, 24), (160, 50))
REFUSED = e.Explanation(
    problem="unforeseen",
    title="Octopus refused it",
    evidence=("Octopus answered no: writing bookings.",),
    fix=("Look at what Octopus says (e shows it), and try again.",),
    vendor="Octopus",
    vendor_code=-12,
    vendor_text="[placeholder NL -12]",
    vendor_request="POST /dossiers/{dossierId}/buysellbookings",
)


class Reading(StagedSession):
    """Holds while Teamleader's invoices are read."""

    async def _play(self, options: SyncOptions, emit: Callable[[e.Event], None], stop: Stop) -> e.RunFinished:
        emit(e.Reading(what="relation", count=0, vendor="Octopus"))
        emit(
            e.Reading(
                what="invoice",
                count=8_400,
                vendor="Teamleader",
                of=20_000,
                about=True,
                a_call=100,
                limit=200,
                seconds_left=64,
            )
        )
        self.held.set()
        await self._gate(stop)
        return self._end(options, emit, [], "cancelled" if stop.requested else None)


def failing() -> list[e.Event]:
    """A run in which Octopus refuses three documents, and each is followed by bookings."""
    happens = company()
    booked = [place for place, event in enumerate(happens) if isinstance(event, e.DocumentBooked)]
    for place in booked[2:11:4]:
        document = happens[place].document  # type: ignore[attr-defined] # it is a booking
        happens[place] = e.DocumentFailed(document=document, explanation=REFUSED)
    return happens


def paced() -> list[e.Event]:
    """The same, at a pace that changes, and then a standstill."""
    happens = failing()
    for place, rate in enumerate((40, 120, 200, 240, 180, 260, 210, 60, 20)):
        gauge = e.Gauge(
            bookings_left=24,
            relations_left=90,
            teamleader_left=0,
            per_minute=170,
            lately=rate,
            seconds_left=130,
        )
        happens.insert(28 + 2 * place, gauge)
    return happens


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda side: str(side))
async def test_a_long_reading_says_what_how_far_how_long_and_why(
    tmp_path: Path, width: int, height: int
) -> None:
    session = Reading()
    app = staged(tmp_path, session)
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.press("7", "p")
        await until(pilot, lambda: session.held.is_set() and "8.400 of about 20.000" in words(app))
        assert "about 1 min left" in text(app)
        await same_picture(pilot, app, f"sync-reading-{width}x{height}")
        await pilot.press("escape")
        await over(pilot, app)


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda side: str(side))
async def test_a_wait_is_said_under_the_bar_and_no_raw_words_of_a_vendor(
    tmp_path: Path, width: int, height: int
) -> None:
    waiting = e.Waiting(vendor="Teamleader", why="window", limit=200, seconds=38)
    happens = paced()
    session = StagedSession([*happens[:46], waiting, *happens[46:]])
    app = staged(tmp_path, session)
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        session.hold_after = 47
        await pilot.press("s", "y")
        await until(pilot, lambda: session.held.is_set() and "goes on in 38 s" in text(app))
        await until(pilot, lambda: "9/27" in text(app))
        assert "placeholder" not in text(app)
        assert "/dossiers/" not in text(app)
        await same_picture(pilot, app, f"sync-waiting-{width}x{height}", titled=False)
        session.release()
        await over(pilot, app)
        await until(pilot, lambda: "✖ 4 failed" in text(app))
        await until(pilot, lambda: "idle" in text(app).splitlines()[0])  # the title has heard of the end too
        assert "placeholder" not in text(app)
        await same_picture(pilot, app, f"sync-failed-{width}x{height}")
