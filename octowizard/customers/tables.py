"""Reads a table from a file: .xlsx (also .xls, .ods) or .csv, whatever its encoding and separator. Rows of plain text.

What the file is follows from its content, not from its ending. Rows come one by one, so a long .csv takes no memory.
Not here: what the columns mean (`exports.py`).
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import signal
import sys
import threading
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from octowizard.locale import _
from octowizard.locale.formats import count
from octowizard.transport.errors import ConfigurationError
from octowizard.workspace.exhausted import exhausted

# Teamleader's import and export know no more (support article 25691237031697).
MOST_COLUMNS = 200
# A workbook is unpacked in memory: no export of customers comes near this.
_LARGEST_WORKBOOK = 100_000_000
_LARGEST_TEXT = 500_000_000
_LONGEST_LINE = 8_000_000  # characters: 200 columns as long as a cell of Excel may be
_SECONDS = 60  # for a workbook: 1.2 million cells take three
_LARGEST_ANSWER = 140_000_000  # bytes: a little more than the child may say
_CHUNK = 1 << 20
MOST_ROWS = 500_000  # twice as many as the customers that Teamleader gives a list of
_SEPARATORS = ";,\t|"
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zip (.xlsx, .ods), and the older .xls
_SAMPLE_ROWS = 20


class BadTable(ConfigurationError):
    """A file that cannot be used as a table; the message is one sentence that says what, where and what to do."""


class Table(msgspec.Struct, frozen=True):
    """A header, and the rows below it, to be read once.

    Every row has as many cells as the header, without blanks around them; rows without any text are left out.
    `sheet`: the sheet they are on, of `sheets`; "" and () in a .csv. Iterating raises BadTable where a row is broken.
    """

    name: str
    sheet: str
    sheets: tuple[str, ...]
    header: tuple[str, ...]
    rows: Iterator[list[str]]


def open_table(path: Path, sheet: str = "") -> Table:
    """The table in a file; of a workbook, the sheet of that name, or the first that holds anything. BadTable."""
    beginning = _beginning(path)
    if beginning.startswith(_WORKBOOK):
        return _workbook_table(path, sheet)
    if path.stat().st_size > _LARGEST_TEXT:
        raise BadTable(
            _(
                "{file} is larger than 500 MB: leave out the columns that say nothing about who a customer is."
            ).format(file=path.name)
        )
    if sheet:
        raise BadTable(
            _("{file} is no workbook, so it has no sheet “{sheet}”: leave the sheet out.").format(
                file=path.name, sheet=sheet
            )
        )
    return _text_table(path, beginning)


def _beginning(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise BadTable(
                _("{file} is a folder: name the .xlsx or .csv file that is in it.").format(file=path)
            )
        if path.exists() and not path.is_file():
            raise BadTable(_("{file} is no ordinary file: save it as a .csv file first.").format(file=path))
        with path.open("rb") as file:
            beginning = file.read(_CHUNK)
    except FileNotFoundError:
        raise BadTable(_("There is no file {file}: check its name and folder.").format(file=path)) from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and (why := exhausted(error, path)):
            raise BadTable(why) from None
        reason = getattr(error, "strerror", None) or str(error)
        raise BadTable(
            _("{file} cannot be read ({reason}): check its name and your rights.").format(
                file=path, reason=reason
            )
        ) from None
    if not beginning:
        raise BadTable(_("{file} is empty: export it again.").format(file=path.name))
    return beginning


# --- text ------------------------------------------------------------------------------------------------


def _text_table(path: Path, beginning: bytes) -> Table:
    encoding = _encoding(path, beginning)
    start = _decoded(path, beginning, encoding)
    if start[:4].lower() == "sep=" and len(start) > 4:  # Excel's own way to name the separator
        separator, told = start[4], 1
    else:
        separator, told = _separator(start), 0
    rows = _csv_rows(path, encoding, separator, told)
    header = _header(path, next(rows, []), lambda: next(rows, []))
    rows.close()

    def below() -> Iterator[list[str]]:
        again = _csv_rows(path, encoding, separator, told)
        next(again)
        return _even(path, header, again)

    return Table(path.name, "", (), header, below())


def _encoding(path: Path, beginning: bytes) -> str:
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if beginning.startswith(codecs.BOM_UTF8):
        if not _is_utf8(path):
            raise BadTable(
                _(
                    "{file} says that it is UTF-8 and is not: save it again as .csv, with UTF-8 as its encoding."
                ).format(file=path.name)
            )
        return "utf-8-sig"
    if b"\0" in beginning:
        if beginning[1:2] == b"\0" and beginning[0:1] != b"\0":
            return "utf-16-le"
        raise _no_table(path)
    if _is_utf8(path):
        return "utf-8"
    # What is no UTF-8 comes from Windows as a rule; the five bytes that Windows leaves open are Latin-1.
    with path.open("rb") as file:
        unused = any(byte in chunk for chunk in iter(lambda: file.read(_CHUNK), b"") for byte in _NOT_WINDOWS)
    return "latin-1" if unused else "cp1252"


_NOT_WINDOWS = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _decoded(path: Path, beginning: bytes, encoding: str) -> str:
    """The beginning as text; BadTable when it is none: control characters, or nothing that could be a header."""
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(beginning).lstrip("\ufeff")
    strange = sum(text.count(chr(code)) for code in (*range(1, 9), *range(14, 32), 0x7F, 0xFFFD))
    if "\0" in text or strange > 2 + len(text) // 200:
        raise _no_table(path)
    if not text.strip():
        raise BadTable(_("{file} is empty: export it again.").format(file=path.name))
    return text


def _no_table(path: Path) -> BadTable:
    return BadTable(
        _("{file} is neither a workbook nor text: save it as .xlsx or .csv first.").format(file=path.name)
    )


def _separator(text: str) -> str:
    """The separator by which the first rows fall into the most equal columns; of one column, a sign nobody types."""
    best, most = "\x1f", (False, 1)
    for candidate in _SEPARATORS:
        reader = csv.reader(io.StringIO(text[:65536], newline=""), delimiter=candidate, skipinitialspace=True)
        widths = []
        try:
            for row in reader:
                if any(row):
                    widths.append(len(row))
                if len(widths) > _SAMPLE_ROWS:
                    break
        except csv.Error:
            continue
        if widths and widths[0] > 1:
            alike = sum(width == widths[0] for width in widths)
            if (alike * 2 >= len(widths), widths[0]) > most:
                best, most = candidate, (alike * 2 >= len(widths), widths[0])
    return best


def _csv_rows(path: Path, encoding: str, separator: str, told: int) -> Generator[list[str], None, None]:
    """All rows that hold something, the header first."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(_lines(path, file), delimiter=separator, skipinitialspace=True, strict=True)
        try:
            for _line in range(told):
                next(reader, None)
            for row in reader:
                cells = list(map(str.strip, row))
                if any(cells):
                    yield cells
        except csv.Error as error:
            raise BadTable(_broken(path, reader.line_num, str(error))) from None
        except UnicodeError:
            raise BadTable(
                _("{file} breaks off within a letter after line {line}: export it again.").format(
                    file=path.name, line=reader.line_num
                )
            ) from None


def _lines(path: Path, file: TextIO) -> Iterator[str]:
    """The lines of a text file. BadTable for one that no table has, before it fills the memory."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise BadTable(
                _(
                    "{file} holds a line of more than eight million characters, so it is no table: export it again."
                ).format(file=path.name)
            )
        yield line


def _broken(path: Path, line: int, error: str) -> str:
    if "field larger" in error or "unexpected end" in error:
        return _(
            "{file} holds a quotation mark that is never closed (noticed at line {line}): close it, or export "
            "the file again."
        ).format(file=path.name, line=line)
    return _(
        "{file}, line {line}: a value in quotation marks goes on after the closing one; double those that "
        "belong to the text, or export the file again."
    ).format(file=path.name, line=line)


# --- workbooks -------------------------------------------------------------------------------------------


def _workbook_table(path: Path, sheet: str) -> Table:
    if path.stat().st_size > _LARGEST_WORKBOOK:
        raise BadTable(
            _("{file} is larger than 100 MB: save the sheet with the customers as .csv.").format(
                file=path.name
            )
        )
    if _beginning(path).startswith(_WORKBOOK[0]) and not zipfile.is_zipfile(path):
        raise _refused(path, sheet, "unreadable", ())
    lines = _read_apart(path, sheet).split(b"\n")[:-1]
    # A sheet that turned out too long has its refusal behind the rows it had already given.
    last = msgspec.json.decode(lines[-1]) if lines else {"error": "unreadable"}
    if isinstance(last, dict) and "error" in last:
        raise _refused(path, sheet, last["error"], last.get("sheets", ()))
    head = msgspec.json.decode(lines[0], type=_Head)
    if head.merged:
        raise _merged(path)
    filled = iter(lines[1:3])
    header = _header(path, _cells(next(filled, b"[]")), lambda: _cells(next(filled, b"[]")))
    return Table(path.name, head.sheet, head.sheets, header, _even(path, header, map(_cells, lines[2:])))


class _Head(msgspec.Struct, frozen=True):
    """What the child says of the sheet before its rows."""

    sheet: str
    sheets: tuple[str, ...]
    merged: bool


def _cells(line: bytes) -> list[str]:
    return msgspec.json.decode(line, type=list[str])


def _read_apart(path: Path, sheet: str) -> bytes:
    """The answer of the child that reads the workbook (`workbook_child.py`). BadTable when it gave none in time."""
    import subprocess

    secrets_left_out = {key: value for key, value in os.environ.items() if not key.startswith("OCTOWIZARD_")}
    # By its path, without this folder on the search path: it loads nothing of octowizard.
    program = [sys.executable, "-P", "-X", "utf8", str(Path(__file__).with_name("workbook_child.py"))]
    with subprocess.Popen(
        [*program, str(path.absolute()), sheet, str(_SECONDS)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=secrets_left_out,
    ) as child:
        assert child.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(max(_SECONDS + 1, 0), end)
        timer.start()
        try:
            answer = child.stdout.read(_LARGEST_ANSWER + 1)
            if len(answer) > _LARGEST_ANSWER:
                child.kill()
            child.wait()
        except BaseException:
            child.kill()
            raise
        finally:
            timer.cancel()
    if late.is_set() or child.returncode == -getattr(signal, "SIGALRM", 0):
        raise _too_long(path)
    if len(answer) > _LARGEST_ANSWER:
        raise _refused(path, sheet, "text", ())
    # The reader aborts where it gets no memory; the system kills what takes too much.
    if child.returncode in (-getattr(signal, "SIGABRT", 0), -getattr(signal, "SIGKILL", 0)):
        raise _refused(path, sheet, "memory", ())
    if child.returncode:
        raise _refused(path, sheet, "crashed" if child.returncode < 0 else "unreadable", ())
    return answer


def _too_long(path: Path) -> BadTable:
    return BadTable(
        _(
            "{file} could not be read within {seconds} seconds: save the sheet with the customers as .csv."
        ).format(file=path.name, seconds=_SECONDS)
    )


def _refused(path: Path, sheet: str, kind: str, sheets: Sequence[str]) -> BadTable:
    """The sentence for what the child refused, by the kinds that it knows."""
    if kind == "sheet":
        return BadTable(
            _("{file} has no sheet “{sheet}”; it has: {sheets}.").format(
                file=path.name, sheet=sheet, sheets=", ".join(sheets)
            )
        )
    if kind == "letters":
        return BadTable(
            _(
                "{file} holds a cell with more text than Excel allows (32,767 characters): shorten it, or save "
                "the sheet with the customers as .csv."
            ).format(file=path.name)
        )
    sentences = {
        "empty": _("{file} is empty: export it again."),
        "password": _("{file} is locked with a password: save it without one."),
        "cells": _(
            "{file} spans more than ten million cells, most of them empty as a rule: save the sheet with the "
            "customers as .csv."
        ),
        "unpacked": _(
            "{file} is larger than 256 MB when unpacked: save the sheet with the customers as .csv."
        ),
        "text": _("{file} holds more text than octowizard reads: save the sheet with the customers as .csv."),
        "crashed": _(
            "{file} could not be read: the reader of workbooks failed. Save the sheet with the customers as .csv."
        ),
        "memory": _(
            "{file} needs more memory than octowizard gives a workbook: save the sheet with the customers as .csv."
        ),
    }
    unreadable = _("{file} is no workbook that can be read: open it and save it as .xlsx or .csv.")
    return BadTable(sentences.get(kind, unreadable).format(file=path.name))


# --- both ------------------------------------------------------------------------------------------------


def _merged(path: Path) -> BadTable:
    return BadTable(
        _(
            "The first row of {file} holds merged cells or a heading of its own: remove it, so that the first row "
            "has one title above each column."
        ).format(file=path.name)
    )


def _header(path: Path, first: list[str], second: Callable[[], list[str]]) -> tuple[str, ...]:
    """The first row as titles, without empty ones at its end. BadTable when it cannot be a header."""
    if not first:
        raise BadTable(_("{file} is empty: export it again.").format(file=path.name))
    while not first[-1]:
        first.pop()
    if len(first) == 1:
        below = [cell for cell in second() if cell]
        if len(below) > 2:
            raise _merged(path)
    if len(first) > MOST_COLUMNS:
        raise BadTable(
            _(
                "{file} has {count} columns, more than the {most} that Teamleader takes: remove those that say "
                "nothing about who a customer is."
            ).format(file=path.name, count=len(first), most=MOST_COLUMNS)
        )
    # A title that spans two columns leaves the second one empty.
    if sum(not title for title in first) * 2 > len(first):
        raise _merged(path)
    return tuple(first)


def _even(path: Path, header: tuple[str, ...], rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Rows as wide as the header. BadTable when one has a value where the header has no column."""
    width = len(header)
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise BadTable(
                _(
                    "{file} has more than {most} rows below the titles, more than any list of customers: export the "
                    "customers only."
                ).format(file=path.name, most=count(MOST_ROWS))
            )
        if len(row) < width:
            row.extend([""] * (width - len(row)))
        elif len(row) > width:
            if any(row[width:]):
                raise BadTable(
                    _(
                        "{file}, row {row} below the titles: it has more values than there are columns; put the one "
                        "that holds the separator in quotation marks, or export the file again."
                    ).format(file=path.name, row=number)
                )
            del row[width:]
        yield row
