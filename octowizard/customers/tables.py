"""Reads a table from a file: .xlsx (also .xls, .ods) or .csv, whatever its encoding and separator. Rows of plain text.

What the file is follows from its content, not from its ending. Rows come one by one, so a long .csv takes no memory.
Not here: what the columns mean (`exports.py`).
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from octowizard.locale import _
from octowizard.transport.errors import ConfigurationError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

# Teamleader's import and export know no more (support article 25691237031697).
MOST_COLUMNS = 200
# A workbook is unpacked in memory: no export of customers comes near this.
_LARGEST_WORKBOOK = 100_000_000
_CHUNK = 1 << 20
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
        reader = csv.reader(file, delimiter=separator, skipinitialspace=True, strict=True)
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
    try:
        return _sheet_table(path, sheet)
    except BadTable:
        raise
    except (
        Exception
    ) as error:  # the reader's own errors, and whatever a damaged workbook makes it stumble over
        if type(error).__name__ == "PasswordError" or "password" in str(error).lower():
            raise BadTable(
                _("{file} is locked with a password: save it without one.").format(file=path.name)
            ) from None
        raise BadTable(
            _("{file} is no workbook that can be read: open it and save it as .xlsx or .csv.").format(
                file=path.name
            )
        ) from None


def _sheet_table(path: Path, sheet: str) -> Table:
    from python_calamine import load_workbook

    with load_workbook(path) as book:
        sheets = tuple(book.sheet_names)
        found = _sheet(path, book, sheets, sheet)
        merged = found.merged_cell_ranges or []
        top = found.start[0] if found.start else 0
        if any(first <= top <= last and right > left for (first, left), (last, right) in merged):
            raise _merged(path)
        rows = ([_text(value) for value in row] for row in found.iter_rows())
        filled = (row for row in rows if any(row))
        header = _header(path, next(filled, []), lambda: next(filled, []))
    # The sheet is in memory as a whole: reading it again costs no second opening of the file.
    below = ([_text(value) for value in row] for row in found.iter_rows())
    again = (row for row in below if any(row))
    next(again)
    return Table(path.name, found.name, sheets, header, _even(path, header, again))


def _sheet(path: Path, book: CalamineWorkbook, sheets: tuple[str, ...], wanted: str) -> CalamineSheet:
    if wanted:
        if wanted not in sheets:
            raise BadTable(
                _("{file} has no sheet “{sheet}”; it has: {sheets}.").format(
                    file=path.name, sheet=wanted, sheets=", ".join(sheets)
                )
            )
        return book.get_sheet_by_name(wanted)
    for name in sheets:
        found = book.get_sheet_by_name(name)
        if found.height:
            return found
    raise BadTable(_("{file} is empty: export it again.").format(file=path.name))


def _text(value: Any) -> str:
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
