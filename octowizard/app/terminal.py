"""What the app draws on. A terminal may be closed at any moment; the app then still has to end in its own order."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, Any

from textual.driver import Driver


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


def outliving_its_terminal(driver: type[Driver]) -> type[Driver]:
    """The driver of this system, made so that a closed terminal neither blocks nor restarts it."""

    class Outliving(driver):  # type: ignore[misc, valid-type]  # which one it is depends on the system
        _file: Any  # as the drivers of Textual name it

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            if hasattr(self, "_file"):  # not where there is no terminal, as in a browser
                self._file = _Screen(self._file)

        def _sigcont_application(self, *given: Any) -> None:
            # The system sends SIGCONT with the SIGHUP of a closed terminal, tmux at other moments too: where nothing
            # was suspended there is nothing to resume, and a second pair of threads would be left over.
            if self._must_signal_resume and os.isatty(self.fileno):
                super()._sigcont_application(*given)

    return Outliving
