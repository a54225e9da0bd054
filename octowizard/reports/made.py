"""A report made of what is kept: the audit, which is half of the work, beside the checks where that is safe."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from octowizard.reports import Format, prepare, render

if TYPE_CHECKING:
    from octowizard.locale.labels import Language
    from octowizard.presentation.blocks import Page
    from octowizard.presentation.report import Report
    from octowizard.reports.mail import Attachment
    from octowizard.session.reporting import Known, Reporting

_TASKS = Path("/proc/self/task")


def kept_report(
    reporting: Reporting, language: Language | None = None, format: Format = "html"
) -> tuple[Report, Known]:
    """The report of what is kept, and what it was made of; no vendor is asked. `format`: what it is meant for."""
    audited = _beside(lambda: _audited(reporting))
    from octowizard.presentation.report import report  # after the other process has begun: it does without it

    known = reporting.kept()
    prepare(format)  # while the audit is still being made
    return report(known, audited(), language), known


def _audited(reporting: Reporting) -> Page:
    """The page of the audit, or why there is none."""
    from octowizard.presentation.audit import not_audited, page

    why = reporting.not_audited()
    return not_audited(why) if why else page(reporting.audit())


def attachment(made: Report) -> Attachment:
    """The report as a web page that goes with a letter."""
    from octowizard.reports.mail import Attachment

    return Attachment(f"octowizard {made.made_at:%Y-%m-%d}.html", "text/html", render(made, "html"))


def _beside(work: Callable[[], Page]) -> Callable[[], Page]:
    """Begin the work in a process beside this one, and give what waits for its result.

    Only where this process has one thread, so that nothing is copied half done, and two processors; only Linux tells.
    Elsewhere, and where the other process ends without a result, it is done when it is waited for.
    """
    if not _TASKS.is_dir() or len(os.listdir(_TASKS)) > 1 or (os.cpu_count() or 1) < 2:  # noqa: PTH208 - counted only
        return work
    import multiprocessing

    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(work, sender), daemon=True)
    process.start()
    sender.close()

    def result() -> Page:
        try:
            made: Page = receiver.recv()
        except EOFError:
            return work()  # it says here what went wrong there
        finally:
            receiver.close()
        process.join()
        return made

    return result


def _do(work: Callable[[], Page], sender: Any) -> None:
    """In the process beside: what ends the whole ends it too, without a word; what goes wrong is told by the other."""
    import signal
    from contextlib import suppress

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    with suppress(Exception):
        sender.send(work())
    sender.close()
