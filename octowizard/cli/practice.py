"""The practice company behind `--sandbox`: served by a process of its own, which ends when this one does.

It gets a temporary home with one profile, `practice`; both begin afresh each time and are gone afterwards.
This and `cli/sandbox.py` are the only files here that know of `octowizard.sandbox`.
"""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from octowizard import itself
from octowizard.cli.exits import NotReached, Usage
from octowizard.cli.interrupt import last_act
from octowizard.cli.wanted import Wanted
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.console import Console
    from octowizard.session.practice_company import Making
    from octowizard.session.session import Session
    from octowizard.workspace.profiles import Profile

    Tell = Callable[[Making | None], None]
    """Gets how far a large practice company is; None: it takes a while, and nothing is known of how far it is."""

NAME = "practice"
DEFAULT = "tour"  # the scenario of a bare --sandbox
# Milliseconds an answer takes when somebody watches: about what the vendors take, so that a run can be followed.
OCTOPUS_PACE, TEAMLEADER_PACE = 120, 60
_SECONDS_TO_START = 300.0  # the largest scenario is built before the first line comes
_SECONDS_UNTIL_SAID = 1.5
_SECONDS_BY_ITSELF, _SECONDS_TO_END = 0.5, 5.0
_PASSED_ON = frozenset(
    {
        *("PATH", "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TEMP", "TMP"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT"),
        *("LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ", "TZDIR", "PYTHONTZPATH"),
        *("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONSAFEPATH"),
        *("PYTHONUTF8", "PYTHONIOENCODING", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"),
        *(
            "LD_LIBRARY_PATH",
            "DYLD_LIBRARY_PATH",
            "__PYVENV_LAUNCHER__",
        ),  # a Python with its library elsewhere
    }
)


def known(scenario: str, commands: tuple[str, ...]) -> None:
    """Usage, with the nearest names, when there is no such scenario (it may have been meant as a command)."""
    import difflib

    from octowizard.sandbox.worlds import SCENARIOS

    if scenario in SCENARIOS:
        return
    near = difflib.get_close_matches(scenario, SCENARIOS, n=3, cutoff=0.5)
    meant = difflib.get_close_matches(scenario, commands, n=1, cutoff=0.7)
    if near:
        hint = _("Did you mean {names}?").format(names=_(" or ").join(near))
    elif meant:
        hint = _("Did you mean the command {name}?").format(name=meant[0])
    else:
        hint = _("There are: {names}.").format(names=", ".join(SCENARIOS))
    raise Usage(_("There is no practice company “{scenario}”. {hint}").format(scenario=scenario, hint=hint))


def scenarios() -> tuple[str, ...]:
    """The names of the practice companies."""
    from octowizard.sandbox.worlds import SCENARIOS

    return tuple(SCENARIOS)


@contextmanager
def company(wanted: Wanted, console: Console) -> Iterator[Session]:
    """Serve the practice company and yield its accounts. NotReached, with its own words, if it cannot start."""
    from octowizard.presentation.practice import in_the_making

    said = False

    def tell(making: Making | None) -> None:
        nonlocal said
        if not said and (making is None or making.seconds is not None):
            said = True
            console.note(in_the_making(making))

    with starting(wanted) as (home, ready):
        from octowizard.session.session import Session

        yield Session(home, ready(tell), fresh=True)


@contextmanager
def starting(wanted: Wanted) -> Iterator[tuple[Path, Callable[[Tell], Profile]]]:
    """Begin to serve the practice company; yields its home, and what waits until its accounts are there.

    The waiting raises NotReached, with the company's own words, if it cannot start; it tells when it takes long, and
    how far it is.
    """
    home = Path(tempfile.mkdtemp(prefix="octowizard-practice-"))

    def tidy() -> None:
        shutil.rmtree(home, ignore_errors=True)

    guard, over = threading.Lock(), threading.Event()  # nobody writes into a home that is being tidied away
    with last_act(tidy):
        try:
            with _served(wanted, home) as first_line:

                def ready(tell: Tell) -> Profile:
                    from octowizard.session import practice_company

                    with guard:
                        line = first_line(tell)
                        if over.is_set():
                            raise NotReached(_("The practice company was stopped."))
                        return practice_company.add(home, NAME, practice_company.decoded(line))

                yield home, ready
        finally:
            over.set()
            with guard:
                tidy()


@contextmanager
def _served(wanted: Wanted, home: Path) -> Iterator[Callable[[Tell], bytes]]:
    files = home / "files"
    files.mkdir()
    command = [
        *itself.part("octowizard.sandbox"),
        "serve",
        "--until-stdin-closes",
        "--tell-making",
        "--port",
        "0",
    ]
    command += ["--files", str(files)]
    for option, value in (
        ("--scenario", wanted.scenario or DEFAULT),
        ("--seed", wanted.seed),
        ("--customers", wanted.customers),
        ("--documents", wanted.documents),
        ("--latency-octopus", OCTOPUS_PACE if wanted.watched else None),
        ("--latency-teamleader", TEAMLEADER_PACE if wanted.watched else None),
    ):
        if value is not None:
            command += [option, str(value)]
    words = home / "served.txt"
    with words.open("wb") as errors:
        # A group of its own: Ctrl-C is for us, and a write in flight still needs its other side.
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(),
            start_new_session=os.name != "nt",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    try:
        yield lambda tell: _first_line(process, words, tell)
    finally:
        _end(process)


def _environment() -> dict[str, str]:
    """What Python and the system need of our environment, and nothing else: the user's real secrets may be in it."""
    kept = {name: value for name, value in os.environ.items() if name.upper() in _PASSED_ON}
    return kept | itself.shared()


def _first_line(process: subprocess.Popen[bytes], words: Path, tell: Tell) -> bytes:
    """The first line that is not one of how far it is."""
    from octowizard.session import practice_company

    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read(stream: IO[bytes]) -> None:
        with stream:
            line = stream.readline()
            while (making := practice_company.making(line)) is not None:
                tell(making)
                line = stream.readline()
            lines.put(line)
            while stream.read(65536):  # a full pipe would hold the practice company up
                pass

    assert process.stdout is not None  # it was asked for
    threading.Thread(target=read, args=(process.stdout,), daemon=True).start()
    try:
        line = lines.get(timeout=_SECONDS_UNTIL_SAID)
    except queue.Empty:
        tell(None)
        try:
            line = lines.get(timeout=_SECONDS_TO_START)
        except queue.Empty:
            line = b""
    if line.strip():
        return line
    _end(process)
    written = words.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    reason = written[-1].removeprefix("octowizard sandbox: ") if written else _("it ended without a word")
    if process.returncode == 2:  # it was asked something impossible: so were we
        raise Usage(reason)
    raise NotReached(_("The practice company did not start: {reason}").format(reason=reason))


def _end(process: subprocess.Popen[bytes]) -> None:
    """It ends when its input does; if it should not, or is still being started, it is made to."""
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    for seconds, harder in (
        (_SECONDS_BY_ITSELF, process.terminate),
        (_SECONDS_TO_END, process.kill),
        (_SECONDS_TO_END, lambda: None),
    ):
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            harder()
        else:
            break
