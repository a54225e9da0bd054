"""Reads a table from a file: .xlsx (also .xls, .ods) or .csv, whatever its encoding and separator. Rows of plain text.

What the file is follows from its content, not from its ending. Rows come one by one, so a long .csv takes no memory.
Lines above the titles are skipped and told. Not here: what the columns mean (`columns.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from octowizard.customers import workbook_table
from octowizard.customers.by_hand import BadTable, ByHand, letter
from octowizard.customers.columns import titles_at
from octowizard.customers.encodings import Encoding, name_of
from octowizard.customers.text_table import Row, open_text
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.workspace.exhausted import exhausted

# Teamleader's import and export know no more (support article 25691237031697).
MOST_COLUMNS = 200
MOST_ROWS = 500_000  # twice as many as the customers that Teamleader gives a list of
_CHUNK = 1 << 20
_FIRST_ROWS = 40  # among which the titles are looked for
_SHOWN = 3


class Table(msgspec.Struct, frozen=True):
    """A header, and the rows below it, to be read once.

    Every row has as many cells as the header, without blanks around them; rows without any text are left out.
    `sheet`: the sheet they are on, of `sheets`; "" and () in a .csv. `encoding` (a codec) and `separator`: of a .csv;
    "" of a workbook. `titles_row`: the line of the file, or row of the sheet, that the titles are on; 0: none.
    `shift`: empty columns of the sheet before the first. `notes`: what was guessed and is not sure, one sentence each.
    `suspect`: rows that hold letters that names hardly hold, from 1 below the titles; complete once `rows` is read.
    Iterating raises BadTable where a row is broken.
    """

    name: str
    sheet: str
    sheets: tuple[str, ...]
    header: tuple[str, ...]
    rows: Iterator[list[str]]
    encoding: str = ""
    separator: str = ""
    titles_row: int = 1
    shift: int = 0
    notes: tuple[str, ...] = ()
    suspect: list[int] = []

    def column(self, place: int) -> str:
        """The column at a place, as it is told: its title, or its letter."""
        return (self.header[place] if place < len(self.header) else "") or letter(place + self.shift)


def open_table(path: Path, by_hand: ByHand = ByHand()) -> Table:  # noqa: B008  (frozen)
    """The table in a file. BadTable."""
    beginning = _beginning(path)
    doubtful: tuple[int, ...] = ()
    if beginning.startswith(workbook_table.MAGIC):
        if by_hand.encoding or by_hand.separator:
            raise BadTable(
                _(
                    "{file} is a workbook, so it has neither an encoding nor a separator: leave them out."
                ).format(file=path.name)
            )
        sheet = workbook_table.open_sheet(path, beginning, by_hand.sheet)
        titles = _titles(path, sheet.rows(), by_hand.header_row)
        if titles.row in sheet.merged:
            raise _merged(path)
        table = Table(path.name, sheet.sheet, sheet.sheets, titles.header, iter(()), shift=sheet.shift)
        rows = sheet.rows
        if sheet.zeros:
            titles.notes.append(
                _(
                    "{file}: zeros that only a cell's format shows (0012, 01067) are not read from an .xls file: save "
                    "it as .xlsx."
                ).format(file=path.name)
            )
    else:
        text = open_text(path, beginning, by_hand)
        rows = text.rows
        titles = _titles(path, rows(), by_hand.header_row)
        table = Table(
            path.name, "", (), titles.header, iter(()), encoding=text.encoding.codec, separator=text.separator
        )
        titles.notes += _of_lines(path, text.encoding)
        doubtful = text.encoding.doubtful_lines
    return msgspec.structs.replace(
        table,
        rows=_below(path, table, titles.row, rows, doubtful),
        titles_row=titles.row,
        notes=tuple(titles.notes),
    )


def is_workbook(path: Path) -> bool:
    """Is this a workbook, by its content? No where it cannot be read: that is told when it is."""
    try:
        with path.open("rb") as file:
            return file.read(8).startswith(workbook_table.MAGIC)
    except (OSError, ValueError):
        return False


def _of_lines(path: Path, encoding: Encoding) -> list[str]:
    """The lines whose encoding is not that of the rest, or not certain."""
    notes = []
    if odd := encoding.odd_lines:
        text = ngettext(
            "{file}: line {lines} is in another encoding than the rest and was read as {encoding}: look at it.",
            "{file}: {count} lines ({lines}) are in another encoding than the rest and were read as {encoding}: look "
            "at them.",
            len(odd),
        )
        notes.append(
            text.format(
                file=path.name, lines=_listed(odd), count=count(len(odd)), encoding=name_of(encoding.odd)
            )
        )
    if doubtful := encoding.doubtful_lines:
        text = ngettext(
            "{file}: line {lines} holds letters that names hardly hold: look whether they are read rightly.",
            "{file}: {count} lines ({lines}) hold letters that names hardly hold: look whether they are read rightly.",
            len(doubtful),
        )
        notes.append(text.format(file=path.name, lines=_listed(doubtful), count=count(len(doubtful))))
    return notes


def _listed(lines: tuple[int, ...]) -> str:
    return ", ".join(map(str, lines[:_SHOWN])) + ("…" if len(lines) > _SHOWN else "")


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


# --- the titles ------------------------------------------------------------------------------------------


class _Found(msgspec.Struct):
    """The titles, the row that they are on (0: none), and what is told about that."""

    header: tuple[str, ...]
    row: int
    notes: list[str]


def _titles(path: Path, rows: Iterator[Row], by_hand: int | None) -> _Found:
    """The titles of a table. BadTable when there are none that can be."""
    first = list(islice(rows, _FIRST_ROWS))
    if not first:
        raise BadTable(_("{file} is empty: export it again.").format(file=path.name))
    if by_hand == 0:
        widest = max(len(row) for _number, row in first)
        return _Found(tuple(letter(place) for place in range(widest)), 0, [])
    if by_hand is not None:
        at = next((at for at, (number, _row) in enumerate(first) if number == by_hand), None)
        if at is None:
            raise BadTable(
                _(
                    "{file} holds nothing on row {row}: say on which row the titles are, or let them be found."
                ).format(file=path.name, row=by_hand)
            )
        return _Found(_header(path, first[at][1], [row for _number, row in first[at + 1 :]]), by_hand, [])
    at = titles_at([row for _number, row in first])
    number, titles = first[at]
    header = _header(path, titles, [row for _number, row in first[at + 1 :]])
    return _Found(header, number, [_skipped(path, first[:at], number)] if at else [])


def _skipped(path: Path, above: list[Row], number: int) -> str:
    shown = " / ".join(" ".join(filter(None, row))[:40] for _number, row in above[:_SHOWN])
    return ngettext(
        "{file}: {count} line above the titles, which are on row {row}, was skipped (“{text}”).",
        "{file}: {count} lines above the titles, which are on row {row}, were skipped (“{text}”).",
        len(above),
    ).format(file=path.name, count=len(above), row=number, text=" ".join(shown.split()))


def _merged(path: Path) -> BadTable:
    return BadTable(
        _(
            "The titles of {file} are in merged cells, or stand below a heading that hides them: give each column "
            "one title in one row."
        ).format(file=path.name)
    )


def _header(path: Path, titles: list[str], below: list[list[str]]) -> tuple[str, ...]:
    """A row as titles, without empty ones at its end. BadTable when it cannot be a header."""
    titles = list(titles)
    while not titles[-1]:
        titles.pop()
    if len(titles) == 1 and below and sum(map(bool, below[0])) > 2:
        raise _merged(path)
    if len(titles) > MOST_COLUMNS:
        raise BadTable(
            _(
                "{file} has {count} columns, more than the {most} that Teamleader takes: remove those that say "
                "nothing about who a customer is."
            ).format(file=path.name, count=len(titles), most=MOST_COLUMNS)
        )
    # A title that spans two columns leaves the second one empty.
    if sum(not title for title in titles) * 2 > len(titles):
        raise _merged(path)
    return tuple(titles)


# --- the rows --------------------------------------------------------------------------------------------


def _below(
    path: Path, table: Table, titles: int, rows: Callable[[], Iterable[Row]], doubtful: Iterable[int] = ()
) -> Iterator[list[str]]:
    """Rows as wide as the header. BadTable when one has a value where the header has no column."""
    width = len(table.header)
    number = 0
    suspect = deque(line for line in doubtful if line > titles)
    for at, row in rows():
        if at <= titles:
            continue
        while suspect and suspect[0] < at:  # within the row before
            suspect.popleft()
            table.suspect.append(number)
        number += 1
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
                raise _too_wide(path, table, number, at, row)
            del row[width:]
        yield row
    table.suspect.extend(number for _line in suspect)


def _too_wide(path: Path, table: Table, number: int, at: int, row: list[str]) -> BadTable:
    width = len(table.header)
    place = next(place for place in range(width, len(row)) if row[place])
    if table.encoding:
        text = _(
            "{file}, row {row} below the titles: it has more values than there are columns (“{value}” is in column "
            "{column}, which has no title); put the one that holds the separator in quotation marks, give the column "
            "a title, or export the file again."
        )
    else:
        text = _(
            "{file}, sheet “{sheet}”, row {at}: “{value}” is in column {column}, which has no title; give the column "
            "a title, or remove the value."
        )
    return BadTable(
        text.format(
            file=path.name,
            sheet=table.sheet,
            row=number,
            at=at,
            value=row[place][:40],
            column=letter(place + table.shift),
        )
    )
