"""The two streams: stdout is data, stderr is narration, with one line of progress that rewrites itself.

Plain text only, so that it reads well in a log and through a screen reader. Not here: what the lines say.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from octowizard.cli import code_page

TYPE_CHECKING = False  # typing takes longer to load than a text to print
if TYPE_CHECKING:
    from typing import ClassVar, TextIO

    from octowizard.presentation.blocks import Block, Page

_BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_VISIBLE = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *_BIDI, *range(0xD800, 0xE000))
}
_LINES_KEPT = {code: seen for code, seen in _VISIBLE.items() if code not in (0x09, 0x0A)}
# The same in UTF-8, with surrogates as they are written where nobody forbids it.
_STEERING = re.compile(
    rb"\x7f|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xed[\xa0-\xbf][\x80-\xbf]"
)
_STEERING_BEGINS = (b"\x7f", b"\xc2", b"\xd8\x9c", b"\xe2\x80", b"\xe2\x81", b"\xed")
_SECONDS_BETWEEN_PROGRESS = 0.1
_NO_SCREEN = ("dumb", "unknown")  # terminals of lines only, as of an editor
_BAR = 16  # columns of a bar
# Never colour alone: it is the marks that are coloured.
_COLOURED = {"✔": 32, "✖": 31, "▲": 33, "●": 36}
_MARKS = re.compile("|".join(_COLOURED))
_WIDEST = 100  # columns of a sentence, however wide the terminal


def plain(text: str) -> str:
    """Text from outside, letter for letter, except what would steer the terminal: that is made visible."""
    return text.translate(_VISIBLE)


def clean(text: str) -> str:
    """As `plain`, but line breaks and tabs stay: the last door before a stream that a person reads."""
    return text.translate(_LINES_KEPT)


def json_clean(line: bytes) -> bytes:
    r"""JSON in UTF-8 with what would steer a terminal written as `\uXXXX`: the same JSON, harmless when shown."""
    # Looked for at once: a list of names is full of accents, and hardly ever of these.
    return _STEERING.sub(_escaped, line) if any(map(line.__contains__, _STEERING_BEGINS)) else line


def _escaped(match: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % ord(match.group().decode("utf-8", "surrogatepass"))


def _in_colour(mark: re.Match[str]) -> str:
    return f"\x1b[{_COLOURED[mark.group()]}m{mark.group()}\x1b[0m"


def _shortened(text: str, width: int) -> str:
    """Text that is too wide, cut between words."""
    if len(text) <= width:
        return text
    kept, blank, _word = text[:width].rpartition(" ")
    return f"{kept.rstrip(' ·')}…" if blank else text[:width]


def fitted(text: str, stream: TextIO) -> str:
    """A sentence, broken between words where a terminal is narrower; as it is where no terminal shows it."""
    columns = _columns_of(stream)
    if len(text) <= columns or not columns or "\n" in text:
        return text
    from octowizard.presentation.blocks import Item
    from octowizard.presentation.text import lines

    words = text.lstrip(" ")
    return "\n".join(lines([Item(words)], columns, len(text) - len(words)))


def _columns_of(stream: TextIO) -> int:
    """The columns that a text may take; none where no terminal shows it."""
    if not stream.isatty():
        return 0
    import shutil  # it loads the compressors

    return min(_WIDEST, shutil.get_terminal_size().columns)


def _pager() -> str:
    return os.environ.get("PAGER") or ("less" if sys.platform != "win32" else "")


def tell(sentence: str) -> None:
    """One sentence of octowizard on stderr, for whoever has no console; a line of progress makes room for it."""
    if Console.in_progress is not None:
        Console.in_progress.clear()
    with suppress(OSError, ValueError):  # a closed stderr changes nothing about how it ended
        sys.stderr.write(clean(fitted(f"octowizard: {sentence}", sys.stderr) + "\n"))


def takes_app() -> bool:
    """Whether there is a terminal that the app can be drawn on, or a browser: then Textual is told so."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on stderr
    return all(stream.isatty() for stream in streams) and os.environ.get("TERM") not in _NO_SCREEN


def ready_streams() -> None:
    """No character of a name may end the program: where the terminal cannot show one, it gets a substitute."""
    codecs.register_error(code_page.NAME, code_page.substitute)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):  # replaced by something that is no text file, or closed
            if (stream.encoding or "").lower().replace("-", "") != "utf8":
                stream.reconfigure(errors=code_page.NAME)  # type: ignore[union-attr]  # absent on a stand-in


def silence_stdout() -> None:
    """After its reader has left: what is still buffered must not raise when the interpreter ends."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


class Console:
    """Writes lines to both streams and keeps the progress line below them."""

    in_progress: ClassVar[Console | None] = None  # the one that has a line of progress on the screen

    def __init__(
        self,
        out: TextIO | None = None,
        err: TextIO | None = None,
        *,
        plain: bool = False,
        colour: bool = True,
        verbose: bool = False,
    ) -> None:
        """`plain`: no colours, no pager, and nothing that rewrites itself; the streams decide where it is not set.

        `verbose`: pages with all their evidence, and the vendors' raw words.
        """
        self._verbose = verbose
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        terminal = os.environ.get("TERM") != "dumb" and not plain
        self._live = terminal and self._err.isatty()
        colour = colour and terminal and not os.environ.get("NO_COLOR") and sys.platform != "win32"
        self._coloured = {id(stream) for stream in (self._out, self._err) if colour and stream.isatty()}
        self._pager = "" if not (terminal and self._out.isatty() and sys.stdin.isatty()) else _pager()
        self._paged: list[str] | None = None
        self._shown = False
        self._next = 0.0

    def line(self, text: str = "") -> None:
        """A line of data on stdout. BrokenPipeError when nobody reads it any more."""
        if self._paged is not None:
            self._paged.append(text)
            return
        self.clear()
        self._out.write(self._dressed(text, self._out))
        if self._live:
            self._out.flush()  # the progress line must stay below it

    def text(self, body: str) -> None:
        """A whole text on stdout, line by line."""
        for line in body.removesuffix("\n").split("\n"):
            self.line(line)

    def json(self, line: bytes) -> None:
        """One JSON line on stdout, there at once for whoever reads along."""
        self._out.flush()
        line = json_clean(line)
        binary = getattr(self._out, "buffer", None)
        if binary is None:
            self._out.write(f"{line.decode()}\n")
            self._out.flush()
        else:
            binary.write(line + b"\n")
            binary.flush()

    def json_pieces(self, pieces: Iterable[bytes]) -> None:
        """One JSON line on stdout that is too long to be held as a whole, piece by piece."""
        self._out.flush()
        binary = getattr(self._out, "buffer", None)
        for piece in pieces:
            if binary is None:
                self._out.write(json_clean(piece).decode())
            else:
                binary.write(json_clean(piece))
        self.json(b"")

    def note(self, text: str = "") -> None:
        """A line of narration on stderr."""
        self.clear()
        self._flush_out()
        with suppress(BrokenPipeError):
            self._err.write(self._dressed(fitted(text, self._err), self._err))
            self._err.flush()

    def _dressed(self, text: str, stream: TextIO) -> str:
        line = clean(f"{text}\n")
        return _MARKS.sub(_in_colour, line) if id(stream) in self._coloured else line

    @contextmanager
    def paged(self) -> Iterator[None]:
        """Within it, what is longer than the terminal is shown by the pager ($PAGER, else less) at the end."""
        if not self._pager:
            yield
            return
        self._paged = []
        try:
            yield
        finally:
            lines, self._paged = self._paged, None
            self.clear()
            width = max(1, self.columns())
            # What was told at once can be many lines, such as the whole of a help.
            shown = sum(1 + len(one) // width for line in lines for one in line.split("\n"))
            if shown < self.size()[1]:
                for line in lines:
                    self.line(line)
            else:
                self._through_pager("".join(self._dressed(line, self._out) for line in lines))

    def _through_pager(self, text: str) -> None:
        import shlex
        import subprocess

        try:
            process = subprocess.Popen(
                shlex.split(self._pager), stdin=subprocess.PIPE, env={"LESS": "-RFX", **os.environ}
            )
        except (OSError, ValueError):  # there is none
            self._out.write(text)
            return
        with suppress(BrokenPipeError, KeyboardInterrupt):  # whoever reads has seen enough
            process.communicate(text.encode(errors="replace"))
        process.wait()

    def columns(self) -> int:
        """Of the terminal."""
        import shutil  # it loads the compressors

        return shutil.get_terminal_size().columns

    def show(self, blocks: Iterable[Block], *, indent: int = 0, note: bool = False) -> None:
        """Blocks as lines on stdout, or as a note; broken between words where a terminal shows them."""
        from octowizard.presentation.folds import printed
        from octowizard.presentation.text import lines

        write = self.note if note else self.line
        for text in lines(blocks if self._verbose else printed(blocks), self._width(note), indent):
            write(plain(text))

    def page(self, page: Page, *, note: bool = False) -> None:
        """A whole page, its blocks under its title."""
        from octowizard.presentation.blocks import Heading

        self.show([Heading(page.title, page.mark, page.aside)], note=note)
        self.show(page.blocks, indent=4, note=note)

    def _width(self, note: bool) -> int:
        return _columns_of(self._err if note else self._out)

    def size(self, *, note: bool = False) -> tuple[int, int]:
        """Columns and lines that a text may take; none of either where no terminal shows it."""
        if not (self._err if note else self._out).isatty():
            return 0, 0
        import shutil  # it loads the compressors

        columns, lines = shutil.get_terminal_size()
        return min(_WIDEST, columns), lines

    @property
    def progress_is_due(self) -> bool:
        """Whether anyone would see what `progress` shows now: nobody need put it into words where not."""
        return self._live and time.monotonic() >= self._next

    def progress(self, text: str, share: float | None = None) -> None:
        """Show where it stands, ten times a second at most; only a terminal gets to see it. `share`: done, of one."""
        if not self.progress_is_due:
            return
        self._next = time.monotonic() + _SECONDS_BETWEEN_PROGRESS
        width = self.columns() - 1
        text = plain(text)
        if share is not None and width > 3 * _BAR:
            full = round(min(share, 1.0) * _BAR)
            text = f"{'━' * full}{'─' * (_BAR - full)} {text}"
        with suppress(BrokenPipeError):
            self._err.write(f"\r\x1b[K{_shortened(text, width)}")
            self._err.flush()
        self._shown = True
        Console.in_progress = self

    def answer(self, question: str) -> str | None:
        """The line that the person at the terminal answers with; None at the end of the input."""
        from octowizard.presentation.blocks import Item
        from octowizard.presentation.text import lines

        self.clear()
        self._flush_out()
        asked = "\n".join(lines([Item(question)], max(0, self._width(note=True) - 1)))
        self._err.write(clean(f"{asked} "))
        self._err.flush()
        line = sys.stdin.readline()
        return line.strip() if line else None

    def secret(self, question: str) -> str | None:
        """As `answer`, for what must not be seen: a terminal does not show what is typed."""
        if not (sys.stdin.isatty() and self._err.isatty()):
            return self.answer(question)
        import getpass

        self.clear()
        self._flush_out()
        try:
            return getpass.getpass(clean(f"{question} "), stream=self._err).strip()
        except EOFError:
            return None

    def asks(self, question: str) -> bool:
        """Whether the person at the terminal answers yes; anything else, and the end of the input, is no."""
        from octowizard.locale import _

        asked = _("{question} [y/N]").format(question=question)
        return (self.answer(asked) or "").lower() in ("y", "yes", "j", "ja", "o", "oui")

    def close(self) -> None:
        """Leave the cursor on a fresh line."""
        self.clear()
        self._flush_out()

    def _flush_out(self) -> None:
        self._out.flush()

    def clear(self) -> None:
        """Take the line of progress away."""
        if self._shown:
            with suppress(BrokenPipeError):
                self._err.write("\r\x1b[K")
                self._err.flush()
            self._shown = False
            Console.in_progress = None
            self._next = 0.0
