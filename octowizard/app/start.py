"""The way into the app from the command line; textual is loaded here and not before."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.app.app import OctowizardApp
    from octowizard.session.practice_company import Prepare
    from octowizard.session.recordings import Recording
    from octowizard.session.session import Session


WANTS_PRACTICE = 64
"""What `start` comes to when the user, who has no accounts yet, wants the practice company."""


def start(
    root: Path,
    session: Session | None,
    *,
    leave_at_once: Callable[[], None],
    prepare: Prepare | None = None,
    reopen: Callable[[str], Session] | None = None,
    recording: Recording | None = None,
) -> int:
    """Run the app until the user leaves; the exit code. `session` None: a first screen says what to do.

    With a `recording` and no session it is played again, and the app does nothing else.

    `reopen` opens another profile by its name, on which the app then begins anew.

    `prepare` waits for the profile of a practice company that is still being made ready, and tells how far it is; the
    app is there meanwhile.
    What it raises is told on Home, and raised from here when the user has left.

    When the terminal goes away or the process is told to end, this raises KeyboardInterrupt within three seconds: a
    sync that is on has ended after the write in flight, or `leave_at_once` is called. A mistake in the app itself is
    raised from here, when the terminal is as it was before.
    """
    app = _run(root, session, prepare, leave_at_once, recording)
    while app.next_profile and reopen is not None and app.crashed is None:
        app = _run(root, reopen(app.next_profile), None, leave_at_once)
    if app.crashed is not None:
        raise app.crashed
    return app.return_code or 0


def serve(words: Sequence[str], port: int, ready: Callable[[str], None]) -> None:
    """Serve the app to the browser of this computer, until KeyboardInterrupt; `words` follow `octowizard` in each tab.

    `ready` gets the address. ModuleNotFoundError without the extra `web`; OSError for a port that cannot be had.
    """
    import asyncio

    from octowizard.app.web import serving

    asyncio.run(serving(words, port, ready))


def _run(
    root: Path,
    session: Session | None,
    prepare: Prepare | None,
    leave_at_once: Callable[[], None],
    recording: Recording | None = None,
) -> OctowizardApp:
    from octowizard.app.app import OctowizardApp
    from octowizard.app.leaving import ending_on_orders
    from octowizard.presentation.visible import plain

    app = OctowizardApp(root, session, prepare=prepare, recording=recording)
    named = " ⇄ ".join(app.accounts() or ())
    with (
        ending_on_orders(app, leave_at_once) as ordered,
        _terminal_title(plain(f"octowizard  {named}".strip())),
    ):
        try:
            app.run()
        finally:
            if app.runner is not None:
                app.runner.end_watch()
            writing = app.runner.writing if app.runner is not None else None
            if writing is not None and not ordered.is_set():
                writing.stop.request()
                sys.stderr.write(_("octowizard ends after the write in flight.") + "\n")
                writing.join()
        if ordered.is_set():
            raise KeyboardInterrupt
    return app


@contextmanager
def _terminal_title(title: str) -> Iterator[None]:
    """Name the terminal's window after the accounts, and give it its old name back."""
    stream = sys.__stdout__
    if stream is None or not stream.isatty() or sys.platform == "win32":
        yield
        return
    stream.write(f"\x1b[22;2t\x1b]2;{title}\x07")
    stream.flush()
    try:
        yield
    finally:
        with suppress(OSError):  # the terminal is gone
            stream.write("\x1b[23;2t")
            stream.flush()
