"""Reads one sheet of a workbook in a process of its own: a program that is run, not a module that is imported.

A file of 1.5 kB can ask for terabytes, and the reader then ends its whole process. Here that is a child with little
memory and little time, so that octowizard lives on. It loads nothing of octowizard, and starts in some 50 ms.

Arguments: the file, the sheet ("" for the first that holds anything), the seconds it may take. stdout: one JSON
object, either `{"error": kind, "sheets": [...]}` (kinds: see `_Refused`) or `{"sheet", "sheets", "merged"}` and then
one JSON array of texts per row that holds anything. Any other end, by a signal too: the workbook cannot be read.
"""

import datetime as dt
import json
import re
import signal
import sys
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

MOST_MEMORY = 1 << 30  # bytes of address space; 1.2 million cells take 100 MiB
MOST_UNPACKED = 256_000_000  # bytes of all parts of the file together
MOST_CELLS = 10_000_000  # the reader lays out the whole rectangle, empty cells too: 32 bytes each
MOST_LETTERS = 32_767  # in one cell, as Excel has it
MOST_TEXT = 128_000_000  # bytes handed back
_CHUNK = 1 << 20
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_STRINGS = re.compile(r"xl/sharedStrings\.xml", re.IGNORECASE)
_CELL = re.compile(rb"""[\s"']r\s*=\s*["']\s*([A-Za-z]{1,7})([0-9]{1,10})["']""")
_LONGEST = MOST_LETTERS * 4  # bytes: four a letter at most in UTF-8


class _Refused(Exception):
    """`kind`: unpacked, cells, letters, text, empty, sheet, password; `sheets`: those there are."""

    def __init__(self, kind: str, sheets: tuple[str, ...] = ()) -> None:
        super().__init__(kind)
        self.kind = kind
        self.sheets = sheets


def bounded(seconds: int) -> None:
    """Take no more memory and time than that, and leave no core file. Windows has neither limit: the parent waits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
    if sys.platform != "win32":
        import resource

        signal.alarm(seconds)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
        try:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        except (OSError, ValueError):
            return  # a system that has the limit only by name (macOS)


def looked_at(path: str) -> None:
    """What a zip holds, before any reader unpacks it. _Refused; a file that is no zip passes."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as parts:
        # A size that is a lie makes zipfile and the reader refuse the part.
        if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
            raise _Refused("unpacked")
        for part in parts.infolist():
            if _SHEET.fullmatch(part.filename):
                with parts.open(part) as sheet:
                    _sheet_looked_at(sheet)
            elif _STRINGS.fullmatch(part.filename):
                with parts.open(part) as strings:
                    for chunk in _chunks(strings, _LONGEST + 1):
                        if max(map(len, chunk.split(b"<"))) > _LONGEST:
                            raise _Refused("letters")


def _sheet_looked_at(sheet: Any) -> None:
    """Whether the rectangle around all cells, and each text, is of a size that a list of customers can have."""
    rows: set[int] = set()
    columns: set[bytes] = set()
    for chunk in _chunks(sheet, _LONGEST + 1):
        if max(map(len, chunk.split(b"<"))) > _LONGEST:
            raise _Refused("letters")
        for column, row in _CELL.findall(chunk):
            columns.add(column.upper())
            rows.add(int(row))
        if rows and columns:
            width = [_number(column) for column in columns]
            if (max(rows) - min(rows) + 1) * (max(width) - min(width) + 1) > MOST_CELLS:
                raise _Refused("cells")


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _chunks(part: Any, overlap: int) -> Iterator[bytes]:
    """The bytes of a part, piece by piece, each with the end of the one before in front."""
    before = b""
    while piece := part.read(_CHUNK):
        yield before + piece
        before = (before + piece)[-overlap:]


def read(path: str, wanted: str, out: BinaryIO) -> None:
    """Write the head and the rows of a sheet. _Refused; the reader's own errors pass."""
    from python_calamine import load_workbook

    with load_workbook(path) as book:
        sheets = tuple(book.sheet_names)
        if wanted and wanted not in sheets:
            raise _Refused("sheet", sheets)
        found = book.get_sheet_by_name(wanted) if wanted else None
        for name in () if wanted else sheets:
            candidate = book.get_sheet_by_name(name)
            if candidate.height:
                found = candidate
                break
        if found is None:
            raise _Refused("empty", sheets)
        if found.height * found.width > MOST_CELLS:
            raise _Refused("cells")
        top = found.start[0] if found.start else 0
        merged = any(
            first <= top <= last and right > left
            for (first, left), (last, right) in found.merged_cell_ranges or []
        )
        written = _write(out, {"sheet": found.name, "sheets": sheets, "merged": merged})
        for row in found.iter_rows():
            texts = [text(value) for value in row]
            if any(texts):
                while not texts[-1]:
                    texts.pop()
                written += _write(out, texts)
                if written > MOST_TEXT:
                    raise _Refused("text")


def _write(out: BinaryIO, value: object) -> int:
    return out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def text(value: Any) -> str:
    """A cell as text: whole numbers without a decimal point, dates as ISO 8601."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return "" if value is None else str(value)


def main() -> int:
    """0, also when the file was refused; 1 when it cannot be read."""
    path, wanted, seconds = sys.argv[1:]
    bounded(int(seconds))
    out = sys.stdout.buffer
    try:
        looked_at(path)
        read(path, wanted, out)
    except _Refused as refused:
        _write(out, {"error": refused.kind, "sheets": refused.sheets})
    except Exception as error:  # the reader's own, and whatever a damaged workbook makes it stumble over
        locked = type(error).__name__ == "PasswordError" or "password" in str(error).lower()
        _write(out, {"error": "password" if locked else "unreadable", "sheets": ()})
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
