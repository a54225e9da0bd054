"""Reads the rows of a text file (.csv): its encoding (`encodings.py`), and what stands between its columns."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Generator
from itertools import islice
from pathlib import Path

import msgspec

from octowizard.customers import encodings
from octowizard.customers.by_hand import BadTable, ByHand
from octowizard.customers.columns import known, titles_at
from octowizard.customers.encodings import Encoding
from octowizard.locale import _

_LARGEST_TEXT = 500_000_000
_SEPARATORS = ";,\t|"
_NAMED = {"tab": "\t", "\\t": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}
_NOBODY_TYPES = "\x1f"  # the separator of a list of one column
# Excel's own way to name the separator, also when another program wrote it as a value of its own.
_SEP_LINE = re.compile(r"\ufeff?\"?sep=(?P<sign>[^\w\"\s]|\t)\"?[;,\t|]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
# Not the controls that Python takes for blanks too: they are signs of another encoding.
_BLANKS = (
    " \t\r\n\v\f\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_SAMPLE_ROWS = 40
_SAMPLE = 1 << 16

Row = tuple[int, list[str]]


class Text(msgspec.Struct, frozen=True):
    """A file of text, understood. `told`: how many lines at its beginning only name the separator."""

    path: Path
    encoding: Encoding
    separator: str
    told: int

    def rows(self) -> Generator[Row, None, None]:
        """Every row that holds anything, with the number of the line that it begins on. BadTable."""
        path = self.path
        lines = encodings.lines(path, self.encoding)
        reader = csv.reader(lines, delimiter=self.separator, skipinitialspace=True, strict=True)
        try:
            for _line in range(self.told):
                next(reader, None)
            began = reader.line_num + 1
            for row in reader:
                # Most have no blanks around them, and Python's own kinds of blank are quicker to look for.
                cells = list(map(str.strip, row))
                if cells != row:
                    cells = [cell.strip(_BLANKS) for cell in row]
                if any(cells):
                    yield began, cells
                began = reader.line_num + 1
        except csv.Error as error:
            raise BadTable(_broken(path, reader.line_num, str(error))) from None
        except UnicodeError:
            raise BadTable(self._undecoded(reader.line_num)) from None
        finally:
            lines.close()

    def _undecoded(self, line: int) -> str:
        if self.encoding.codec.startswith("utf-"):
            text = _("{file} breaks off within a letter after line {line}: export it again.")
        else:
            text = _(
                "{file} is not in {encoding} (noticed after line {line}): name another encoding, or let it be found."
            )
        return text.format(file=self.path.name, line=line, encoding=self.encoding.name)


def open_text(path: Path, beginning: bytes, by_hand: ByHand) -> Text:
    """The file, understood as far as that is not set by hand. BadTable."""
    if path.stat().st_size > _LARGEST_TEXT:
        raise BadTable(
            _(
                "{file} is larger than 500 MB: leave out the columns that say nothing about who a customer is."
            ).format(file=path.name)
        )
    if by_hand.sheet:
        raise BadTable(
            _("{file} is no workbook, so it has no sheet “{sheet}”: leave the sheet out.").format(
                file=path.name, sheet=by_hand.sheet
            )
        )
    encoding = encodings.encoding_of(path, beginning, by_hand.encoding)
    start = _decoded(path, beginning, encoding)
    sep_line = _SEP_LINE.match(start)
    separator = _chosen(by_hand.separator) if by_hand.separator else sep_line["sign"] if sep_line else ""
    if not separator:
        separator = _separator(start)
    return Text(path, encoding, separator, 1 if sep_line else 0)


def _chosen(text: str) -> str:
    sign = _NAMED.get(text.casefold(), text)
    if len(sign) != 1 or sign.isalnum() or sign in '"\r\n\0':
        raise BadTable(
            _("“{text}” cannot separate columns: name one sign such as ; or , or |, or tab.").format(
                text=text
            )
        )
    return sign


def _decoded(path: Path, beginning: bytes, encoding: Encoding) -> str:
    """The beginning as text; BadTable when it is none: control characters, or nothing that could be a header."""
    if encoding.odd:
        text = "".join(islice(encodings.lines(path, encoding), 1000))
    else:
        text = codecs.getincrementaldecoder(encoding.codec)(errors="replace").decode(beginning)
    text = text.lstrip("\ufeff")
    strange = sum(text.count(chr(code)) for code in (*range(1, 9), *range(14, 32), 0x7F, 0xFFFD))
    if "\0" in text or strange > 2 + len(text) // 200:
        raise encodings.no_table(path)
    if not text.strip():
        raise BadTable(_("{file} is empty: export it again.").format(file=path.name))
    _refuse_other(path, text.lstrip())
    return text


def _refuse_other(path: Path, text: str) -> None:
    """Text that another program reads, saved under the name of a list. BadTable."""
    begins = text[:200].casefold()
    if begins.startswith("%pdf-"):
        raise BadTable(
            _(
                "{file} is a PDF, from which no list can be read: export the list as .xlsx or .csv instead."
            ).format(file=path.name)
        )
    if begins.startswith(("<!doctype html", "<html", "<head", "<body", "<table")):
        raise BadTable(
            _(
                "{file} is a web page, whatever its name says: open it in a spreadsheet and save it as .xlsx, or sign "
                "in and export it again if it is only a sign-in page."
            ).format(file=path.name)
        )
    if begins.startswith(("<?xml", "{", "[{", "[ {", "[\n")):
        raise BadTable(
            _(
                "{file} is XML or JSON, which programs read, and no table: export the list as .xlsx or .csv instead."
            ).format(file=path.name)
        )


def _separator(text: str) -> str:
    """The separator by which the first rows fall into columns whose titles are known and that all rows have."""
    best, most = _NOBODY_TYPES, (True, False, 0, 0.0, 1)
    for candidate in _SEPARATORS:
        rows, whole = _sample(text, candidate)
        if not rows:
            continue
        at = titles_at(rows)
        width = len(rows[at])
        if width < 2:
            continue
        below = rows[at + 1 :]
        alike = sum(_reaches(row, width) for row in below) / len(below) if below else 1.0
        weight = (whole, alike >= 0.5, known(rows[at]), alike, width)
        if weight > most or best == _NOBODY_TYPES:
            best, most = candidate, weight
    return best


def _reaches(row: list[str], width: int) -> bool:
    """Has a row as many cells as there are titles? Empty ones at its end may be too many."""
    return len(row) == width or (len(row) > width and not any(row[width:]))


def _sample(text: str, separator: str) -> tuple[list[list[str]], bool]:
    """The first rows, and whether all quotation marks in them are where they may be."""
    reader = csv.reader(
        io.StringIO(text[:_SAMPLE], newline=""), delimiter=separator, skipinitialspace=True, strict=True
    )
    rows: list[list[str]] = []
    try:
        for row in reader:
            cells = list(map(str.strip, row))
            if any(cells):
                rows.append(cells)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error as error:
        if "unexpected end" not in str(error) or len(text) <= _SAMPLE:
            return rows, False
    return rows, True


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
