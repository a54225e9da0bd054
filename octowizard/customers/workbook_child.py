"""Reads one sheet of a workbook in a process of its own: a program that is run, not a module that is imported.

A file of 1.5 kB can ask for terabytes, and the reader then ends its whole process. Here that is a child with little
memory and little time, so that octowizard lives on. It loads nothing of octowizard, and starts in some 50 ms.

Arguments: the file, the sheet ("" when it may choose), the seconds it may take. stdout: one JSON object, one of
- `{"error": kind, "sheets": [...]}` (kinds: see `_Refused`);
- `{"choose": {sheet: [first rows]}}` when "" was asked for and several sheets that are not hidden hold anything;
- `{"sheet", "sheets", "merged": [rows], "shift": empty columns left out before the first, "zeros": whether a format
  may show zeros that are not handed out}`, and then one JSON array per
  row that holds anything: its texts, as they are shown where a format adds zeros, and its number in the sheet.
Any other end, by a signal too: the workbook cannot be read.
"""

import datetime as dt
import json
import re
import signal
import sys
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree

MOST_MEMORY = 1 << 30  # bytes of address space; 1.2 million cells take 100 MiB
MOST_UNPACKED = 256_000_000  # bytes of all parts of the file together
MOST_CELLS = 10_000_000  # the reader lays out the whole rectangle, empty cells too: 32 bytes each
MOST_LETTERS = 32_767  # in one cell, as Excel has it
MOST_TEXT = 128_000_000  # bytes handed back
FIRST_ROWS = 40  # of each sheet, for the parent to choose by
_CHUNK = 1 << 20
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_STRINGS = re.compile(r"xl/sharedStrings\.xml", re.IGNORECASE)
_CELL = re.compile(rb"""[\s"']r\s*=\s*["']\s*([A-Za-z]{1,7})([0-9]{1,10})["']""")
_EXACT = 10**15  # of a longer number a workbook keeps the first fifteen digits
_LONGEST = MOST_LETTERS * 4  # bytes: four a letter at most in UTF-8


class _Refused(Exception):
    """`kind`: unpacked, cells, letters, text, empty, hidden, sheet, password; `sheets`: those there are."""

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
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    with load_workbook(path) as book:
        sheets = tuple(book.sheet_names)
        if wanted and wanted not in sheets:
            raise _Refused("sheet", sheets)
        if not wanted:
            seen = [
                one.name
                for one in book.sheets_metadata
                if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
            ]
            filled = [sheet for name in seen if (sheet := book.get_sheet_by_name(name)).height]
            if not filled:
                raise _Refused("empty" if len(seen) == len(sheets) else "hidden", sheets)
            if len(filled) > 1:
                _write(out, {"choose": {sheet.name: _first(sheet) for sheet in filled}})
                return
            wanted = filled[0].name
        opened = book.get_sheet_by_name(wanted)
        if opened.height * opened.width > MOST_CELLS:
            raise _Refused("cells")
        top, shift = opened.start or (0, 0)  # rows are handed out from the first of the sheet, columns not
        merged = sorted(
            {
                row + 1
                for (first, left), (last, right) in opened.merged_cell_ranges or []
                if right > left
                for row in range(first, min(last, first + FIRST_ROWS) + 1)
                if row < top + FIRST_ROWS
            }
        )
        head = {
            "sheet": opened.name,
            "sheets": sheets,
            "merged": merged,
            "shift": shift,
            "zeros": hides_zeros(path),
        }
        written = _write(out, head)
        shown = shown_zeros(path, opened.name)
        for number, row in enumerate(opened.iter_rows(), 1):
            texts = [text(value) for value in row]
            for column, as_shown in shown.get(number, ()):
                if 0 <= column - shift < len(texts):
                    texts[column - shift] = as_shown
            if any(texts):
                while not texts[-1]:
                    texts.pop()
                texts.append(str(number))
                written += _write(out, texts)
                if written > MOST_TEXT:
                    raise _Refused("text")


def _first(sheet: Any) -> list[list[str]]:
    """The first rows that hold anything."""
    rows = ([text(value) for value in row[:200]] for row in islice(sheet.iter_rows(), FIRST_ROWS))
    return [row for row in rows if any(row)]


# --- zeros that only a cell's format shows -----------------------------------------------------------------

_FORMAT_PARTS = re.compile(r'"([^"]*)"|\\(.)|(\[[^\]]*\])|_(.)|([0#?])|(.)')
_STYLED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*(?:<(?:\w+:)?f[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>(\d+)(?:\.0+)?</"
)
_FAILED = re.compile(
    rb"""<(?:\w+:)?c\s([^>]*\bt\s*=\s*["']e["'][^>]*)>(?:<(?:\w+:)?f[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)</"""
)
_PADDED = re.compile(r"(?:[A-Z]{2} ?)?0[0-9./ ]*[0-9]")  # 01067, BE 0403.170.701; no decimals
_OLD_FORMAT = re.compile(rb"\x1e\x04.\x00..([\x02-\x20])\x00\x000{2,}[0# ]*", re.DOTALL)  # a record of .xls
_ATTRIBUTE = re.compile(rb"""\b([rst])\s*=\s*["']([^"']*)["']""")


def shown_zeros(path: str, sheet: str) -> dict[int, list[tuple[int, str]]]:
    """By row, from 1: columns, from 0, whose whole numbers are shown with zeros in front, and what is shown.

    The reader of workbooks gives the bare number, and nothing where a formula failed: that is shown too.
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as parts:
        names = set(parts.namelist())
        if "content.xml" in names:
            with parts.open("content.xml") as content:
                return _shown_in_ods(content, sheet)
        if not {"xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        padded = _padding_styles(parts.read("xl/styles.xml"))
        place = _part_of(parts, sheet)
        if place not in names:
            return {}
        shown: dict[int, list[tuple[int, str]]] = {}
        with parts.open(place) as cells:
            for chunk in _chunks(cells, 1000):
                for attributes, digits in _STYLED.findall(chunk):
                    attributes_of_cell = dict(_ATTRIBUTE.findall(attributes))
                    at = re.fullmatch(rb"([A-Za-z]+)([0-9]+)", attributes_of_cell.get(b"r", b""))
                    form = padded.get(attributes_of_cell.get(b"s", b"").decode())
                    if at and form and attributes_of_cell.get(b"t", b"n") == b"n":
                        row = shown.setdefault(int(at[2]), [])
                        row.append((_number(at[1].upper()) - 1, with_zeros(form, digits.decode())))
                for attributes, value in _FAILED.findall(chunk):
                    at = re.fullmatch(
                        rb"([A-Za-z]+)([0-9]+)", dict(_ATTRIBUTE.findall(attributes)).get(b"r", b"")
                    )
                    if at:
                        row = shown.setdefault(int(at[2]), [])
                        row.append((_number(at[1].upper()) - 1, value.decode(errors="replace")))
        return shown


def _shown_in_ods(content: Any, sheet: str) -> dict[int, list[tuple[int, str]]]:
    """The same of an .ods file, which holds what each cell shows beside its number."""
    shown: dict[int, list[tuple[int, str]]] = {}
    within, row, column = False, 0, 0
    for event, part in ElementTree.iterparse(content, ("start", "end")):
        name = part.tag.rpartition("}")[2]
        members = {key.rpartition("}")[2]: value for key, value in part.items()}
        if name == "table" and event == "start":
            within, row = members.get("name") == sheet, 0
        elif not within:
            continue
        elif name == "table-row" and event == "start":
            row, column = row + 1, 0
        elif name == "table-row":
            row += int(members.get("number-rows-repeated", 1)) - 1
            part.clear()
        elif name in ("table-cell", "covered-table-cell") and event == "end":
            times = int(members.get("number-columns-repeated", 1))
            text = "".join(part.itertext()).strip()
            whole = members.get("value-type") == "float" and members.get("value", "").isdigit()
            if whole and times < 100 and _PADDED.fullmatch(text):
                shown.setdefault(row, []).extend((column + at, text) for at in range(times))
            column += times
    return shown


def hides_zeros(path: str) -> bool:
    """Does an .xls file know a format that shows zeros in front? Which cells have it cannot be told here."""
    if zipfile.is_zipfile(path):
        return False
    return _OLD_FORMAT.search(Path(path).read_bytes()) is not None


def _padding_styles(styles: bytes) -> dict[str, str]:
    """The number formats that add zeros, by the number of the cell style that has them."""
    root = ElementTree.fromstring(styles)
    forms = {
        one.get("numFmtId"): one.get("formatCode", "") for one in root.iter() if one.tag.endswith("}numFmt")
    }
    cells = next((one for one in root.iter() if one.tag.endswith("}cellXfs")), ())
    padded = {}
    for number, style in enumerate(cells):
        form = forms.get(style.get("numFmtId"), "").split(";")[0]
        digits = "".join(part[4] for part in _FORMAT_PARTS.findall(form))
        plain = "".join(part[5] for part in _FORMAT_PARTS.findall(form))
        # A point, a percentage, an exponent or a date is no number that zeros are put before.
        if "0" in digits[:-1] and not re.search(r"[.,%EeGgdDmMyYhHsS*@/]", plain):
            padded[str(number)] = form
    return padded


def with_zeros(form: str, digits: str) -> str:
    """A whole number as a format shows it: `00000` makes 01067 of 1067; what else is in the format stays."""
    parts = _FORMAT_PARTS.findall(form)
    places = sum(bool(part[4]) for part in parts)
    left = list(digits[max(0, len(digits) - places) :])
    shown: list[str] = []
    for quoted, escaped, _condition, _space, digit, other in reversed(parts):
        if digit:
            shown.append(left.pop() if left else "0" if digit == "0" else "")
        else:
            shown.append(quoted or escaped or other)
    return (digits[: max(0, len(digits) - places)] + "".join(reversed(shown))).strip()


def _part_of(parts: zipfile.ZipFile, sheet: str) -> str:
    """The part of the file that holds a sheet; "" when it is not found."""
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    link = next(
        (
            value
            for one in book.iter()
            if one.tag.endswith("}sheet") and one.get("name") == sheet
            for key, value in one.items()
            if key.endswith("}id")
        ),
        None,
    )
    for one in ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels")):
        if one.get("Id") == link:
            target = one.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _write(out: BinaryIO, value: object) -> int:
    return out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def text(value: Any) -> str:
    """A cell as text: whole numbers without a decimal point, dates as ISO 8601."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, int) and abs(value) >= _EXACT:
        return repr(float(value))
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
