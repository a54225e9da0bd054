"""What is noticed while the rows of a list are read: values that were mended, left out, or are strange."""

from __future__ import annotations

from octowizard.customers import spoilt
from octowizard.customers.columns import Columns, is_total
from octowizard.customers.tables import Table
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count

_SHOWN = 3
_LONG = frozenset({"vat", "national", "phone", "iban"})
_PROVING = _LONG | {"id", "relation", "postcode"}  # no total has one


class Noticed:
    """What is noticed while the rows are read: values that were mended, left out, or are strange."""

    def __init__(self, table: Table, columns: Columns) -> None:
        taken = columns.taken()
        self._table = table
        self.lost: list[tuple[int, int, str]] = []  # row, place, value
        self.skipped: list[tuple[int, int, str]] = []
        self._mended: list[tuple[int, int, str]] = []
        self._unreadable: list[int] = []
        self._twice: list[int] = []
        self._types: list[tuple[int, int, str]] = []
        self._places = [(place, taken[place]) for place in sorted(taken)]
        self._numbers = [(place, field) for place, field in self._places if field in spoilt.NUMBERS]
        self._names = frozenset(place for place, field in self._places if field in ("name", "company"))
        self._texts = [place for place, field in self._places if field not in spoilt.NUMBERS]
        self._titles = list(table.header)
        self._proving = [(place, field) for place, field in self._places if field in _PROVING]
        self._country = columns.fields.get("country", [None])[0]
        self._vat_type = columns.fields.get("vat_type", [0])[0]

    def is_no_customer(self, number: int, row: list[str]) -> bool:
        """Is a row the titles once more, or a total: its word, and nothing else that is read but a number?"""
        if row == self._titles:
            place = next(place for place, title in enumerate(row) if title)
        else:
            place = -1
            for other, _field in self._places:
                if (text := row[other]) and not text.isdecimal():
                    if place >= 0:
                        return False  # nearly all
                    place = other
            if place < 0 or not is_total(row[place]):
                return False
            if any(_proves(row[other], field) for other, field in self._proving if other != place):
                return False
        self.skipped.append((number, place, row[place]))
        return True

    def look(self, number: int, row: list[str]) -> None:
        """Mend in a row what is certain, and empty what is spoilt."""
        for place, field in self._numbers:
            value = row[place]
            if not value or spoilt.plain_number(field, value):
                continue  # nearly all
            country = row[self._country] if self._country is not None else ""
            whole = spoilt.mended(field, value, country)
            if whole is None:
                self.lost.append((number, place, value))
                row[place] = ""
            elif whole != value:
                if whole not in ("", value.removeprefix("'")):
                    self._mended.append((number, place, value))
                row[place] = whole
        for place in self._texts:
            text = row[place]
            if (
                text
                and text[0] in "'#E0123456789"
                and (spoilt.failed(text) or (place in self._names and spoilt.no_name(text)))
            ):
                self.lost.append((number, place, text))
                row[place] = ""

    def name(self, number: int, name: str) -> None:
        """A name as it was read."""
        if spoilt.unreadable(name):
            self._unreadable.append(number)
        elif spoilt.twice_encoded(name):
            self._twice.append(number)

    def misread(self) -> list[int]:
        """The rows whose name is not certain: none of them is written into a file."""
        return sorted({*self._unreadable, *self._twice, *self._table.suspect})

    def vat_type(self, number: int, written: str) -> None:
        """A VAT type that no word stands for."""
        self._types.append((number, self._vat_type, written))

    def notes(self) -> tuple[str, ...]:
        """What was noticed, one sentence each."""
        notes = []
        if self.skipped:
            notes.append(
                ngettext(
                    "{file}: {count} row is a total or the titles once more, and is skipped ({examples}).",
                    "{file}: {count} rows are a total or the titles once more, and are skipped ({examples}).",
                    len(self.skipped),
                ).format(
                    file=self._table.name, count=count(len(self.skipped)), examples=self._shown(self.skipped)
                )
            )
        if self._mended:
            notes.append(
                ngettext(
                    "{file}: {count} number that a spreadsheet spoilt was mended ({examples}).",
                    "{file}: {count} numbers that a spreadsheet spoilt were mended ({examples}).",
                    len(self._mended),
                ).format(
                    file=self._table.name, count=count(len(self._mended)), examples=self._shown(self._mended)
                )
            )
        if self.lost:
            notes.append(
                ngettext(
                    "{file}: {count} value was spoilt by a spreadsheet and is left out ({examples}): correct it in "
                    "the program that it comes from.",
                    "{file}: {count} values were spoilt by a spreadsheet and are left out ({examples}): correct them "
                    "in the program that they come from.",
                    len(self.lost),
                ).format(file=self._table.name, count=count(len(self.lost)), examples=self._shown(self.lost))
            )
        if self._unreadable:
            notes.append(
                _(
                    "{file}: the names in rows {rows} hold characters that no name holds; its encoding may be another."
                ).format(file=self._table.name, rows=_numbers(self._unreadable))
            )
        if self._twice:
            notes.append(
                _(
                    "{file}: the names in rows {rows} were spoilt before (such as Ã© or &eacute; for é), and stay as "
                    "they are."
                ).format(file=self._table.name, rows=_numbers(self._twice))
            )
        if self._types:
            notes.append(
                ngettext(
                    "{file}: {count} VAT type is none that Teamleader has, and is not read ({examples}).",
                    "{file}: {count} VAT types are none that Teamleader has, and are not read ({examples}).",
                    len(self._types),
                ).format(
                    file=self._table.name, count=count(len(self._types)), examples=self._shown(self._types)
                )
            )
        return tuple(notes)

    def _shown(self, those: list[tuple[int, int, str]]) -> str:
        examples = [
            _("row {row}: {value} under {column}").format(
                row=row, value=value[:40], column=self._table.column(place)
            )
            for row, place, value in those[:_SHOWN]
        ]
        return "; ".join(examples) + ("; …" if len(those) > _SHOWN else "")


def _proves(text: str, field: str) -> bool:
    """Is this cell of a row more than a count? No number that a register gave is so short."""
    return bool(text) and not (field in _LONG and text.isdecimal() and len(text) < 6)


def _numbers(rows: list[int]) -> str:
    return ", ".join(map(str, rows[:8])) + (", …" if len(rows) > 8 else "")
