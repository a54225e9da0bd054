"""What a job says of itself while it goes on."""

from __future__ import annotations

import threading

import pytest

from octowizard.app.job_screen import JobScreen
from octowizard.app.live import of_job
from octowizard.app.runner import Job
from octowizard.progress import Ahead, Report, Stop

WRITTEN = Ahead("Create journal V1", "")
SEEN_AGAIN = Ahead("relations", "Octopus", of=120)


@pytest.mark.parametrize(("ahead", "told"), [(WRITTEN, "writing"), (SEEN_AGAIN, "reading")])
def test_a_job_that_writes_says_when_it_only_sees_again_what_it_wrote(ahead: Ahead, told: str) -> None:
    live = of_job("setup", 40, ahead, None, writes=True, stopping=False)
    assert live.text == told
    assert (live.done, live.total) == ((40, 120) if ahead is SEEN_AGAIN else (0, 0))

    async def nothing(_report: Report, _stop: Stop) -> None:
        """What it does is told from outside."""

    screen: JobScreen = JobScreen.__new__(JobScreen)
    screen.job = Job(nothing, threading.Lock(), writes=True)
    screen.job.reading, screen.job.ahead = (ahead.what, 40), ahead
    screen.doing, screen.progress = "writing", ""
    assert f"● {told} " in str(screen.line())
