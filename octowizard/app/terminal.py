"""What the app draws on. A terminal may be closed at any moment; the app then still has to end in its own order.

A terminal is asked for the colour of its ground (OSC 11) while the first frame is being made: nobody waits for the
answer, which some never give.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import IO, Any

from textual.driver import Driver
from textual.message import Message
from textual.messages import ExitApp

_ASKING = "\x1b]11;?\x07"
_ANSWER = re.compile(r"\x1b\]11;([^\x07\x1b]*)(?:\x07|\x1b\\)")
_BEGUN = re.compile(r"\x1b\]1[^\x07]{0,40}\Z")  # the rest of the answer comes with what is read next
_ASK_NOBODY = ("linux", "dumb", "unknown")  # the console of Linux shows the question instead of answering it


class GroundNamed(Message):
    """The terminal has told the colour of its ground, as `rgb:1111/2222/3333`."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self.colour = colour


class _Screen:
    """The file of a terminal. What is written to it after the terminal is gone is dropped.

    Textual's thread that writes would end by the error, and whoever fills its bounded queue then waits for ever.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()


def outliving_its_terminal(driver: type[Driver], *, asking: bool = False) -> type[Driver]:
    """The driver of this system, made so that a closed terminal neither blocks nor restarts it.

    `asking`: the app gets `GroundNamed` when the terminal tells the colour of its ground.
    """

    class Outliving(driver):  # type: ignore[misc, valid-type]  # which one it is depends on the system
        _file: Any  # as the drivers of Textual name it

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            if hasattr(self, "_file"):  # not where there is no terminal, as in a browser
                self._file = _Screen(self._file)
            self._asks = asking and answers(driver)

        def start_application_mode(self) -> None:
            super().start_application_mode()
            if self._asks:
                self._asks = False  # not once more after it was suspended
                self.write(_ASKING)
                self.flush()

        def run_input_thread(self) -> None:
            super().run_input_thread()
            if self.is_web and not self.exit_event.is_set():  # whoever served the page is gone
                self.send_message(ExitApp())

        def _sigcont_application(self, *given: Any) -> None:
            # The system sends SIGCONT with the SIGHUP of a closed terminal, tmux at other moments too: where nothing
            # was suspended there is nothing to resume, and a second pair of threads would be left over.
            if self._must_signal_resume and os.isatty(self.fileno):
                super()._sigcont_application(*given)

    return Outliving


def answers(driver: type[Driver]) -> bool:
    """Whether the terminal may be asked: what it answers is then kept from those who read keys."""
    module = sys.modules[driver.__module__]
    if os.environ.get("TERM", "") in _ASK_NOBODY or not module.__name__.endswith("linux_driver"):
        return False
    module.XTermParser = _hearing(module.XTermParser)  # type: ignore[attr-defined]  # its driver makes one of them
    return True


def _hearing(parser: Any) -> Any:
    """The parser of what a terminal sends, with answers to the question taken out: it would read them as keys."""
    if getattr(parser, "hears", False):
        return parser

    class Hearing(parser):  # type: ignore[misc]  # Textual's, of whatever version
        hears = True
        _rest = ""

        def feed(self, data: str) -> Iterable[Message]:
            text, self._rest = self._rest + data, ""
            while data and (answer := _ANSWER.search(text)) is not None:
                yield GroundNamed(answer.group(1))
                text = text[: answer.start()] + text[answer.end() :]
            if data and (begun := _BEGUN.search(text)) is not None:
                text, self._rest = text[: begun.start()], begun.group()
            if text or not data:  # an empty text ends the parser
                yield from super().feed(text)

    return Hearing
