"""What a job says of itself while it goes on."""

from __future__ import annotations

import threading

import pytest

from octowizard.app.runner import Job
from octowizard.progress import Ahead, Report, Stop

WRITTEN = Ahead("Create journal V1", "")
SEEN_AGAIN = Ahead("relations", "Octopus", of=120)


@pytest.mark.parametrize(("ahead", "told"), [(WRITTEN, "writing"), (SEEN_AGAIN, "reading")])
def test_a_job_that_writes_says_when_it_only_sees_again_what_it_wrote(ahead: Ahead, told: str) -> None:
    async def nothing(_report: Report, _stop: Stop) -> None:
        """What it does is told from outside."""

    job = Job(nothing, threading.Lock(), writes=True, mode="setup")
    job.reading, job.ahead = (ahead.what, 40), ahead
    assert (job.live.text, job.sees_again) == (told, ahead is SEEN_AGAIN)
    assert (job.live.done, job.live.total) == ((40, 120) if ahead is SEEN_AGAIN else (0, 0))
