"""A list of invoices or credit notes in a file, as a person exports it from Teamleader.

What cannot be read for certain is refused by row and column: a wrong day or amount would be judged as if it were right.
Not here: the reading of the file itself (`tables.py`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path

from msgspec.structs import replace

from octowizard.books.money import CENT
from octowizard.books.numbers import communication_digits, is_id
from octowizard.customers.by_hand import BadTable, ByHand
from octowizard.customers.columns import is_total, plain
from octowizard.customers.declared_lists import ListedDocument
from octowizard.customers.exports import Reading, reading_of
from octowizard.customers.tables import Table, open_table
from octowizard.locale import _, ngettext
from octowizard.locale.days import NotADay, day_of

_MUST = ("document_number", "date", "customer", "amount")
_SIGNS = re.compile(r"[\s\u00a0\u202f€']|EUR")
_AMOUNT = re.compile(r"-?\d+(?:[.,]\d+)*")
_CURRENCY = re.compile("[A-Z]{3}")
_EURO = {"": "EUR", "€": "EUR", "EURO": "EUR", "EUROS": "EUR"}
_NO_DOCUMENT = ("draft", "concept", "brouillon")  # a document that was never booked has no number


def read(
    path: Path,
    by_hand: ByHand = ByHand(),  # noqa: B008  (frozen)
    *,
    credit_notes: bool = False,
) -> tuple[tuple[ListedDocument, ...], Reading]:
    """The documents of a list, none where it has no rows, and how it was read. BadTable in one sentence.

    An invoice keeps its sign; the amounts of `credit_notes` are positive, however the list writes them.
    """
    table = open_table(path, by_hand)
    places = _places(table, by_hand)
    rows = list(table.rows)
    wanted = [(number, row) for number, row in enumerate(rows, 1) if _is_document(row, places)]
    amounts = _Amounts(table, places, [row for _number, row in wanted])
    documents = tuple(_document(table, places, amounts, number, row) for number, row in wanted)
    if credit_notes:
        documents = tuple(
            replace(one, amount=abs(one.amount), open_amount=one.open_amount and abs(one.open_amount))
            for one in documents
        )
    _each_once(table, wanted, documents)
    return documents, _reading(table, places, len(rows) - len(wanted))


def _each_once(
    table: Table, wanted: Sequence[tuple[int, Sequence[str]]], documents: Sequence[ListedDocument]
) -> None:
    """BadTable where a document stands in more than one row: a row is then not a whole document."""
    first: dict[str, int] = {}
    for (number, _row), one in zip(wanted, documents, strict=True):
        before = first.setdefault(one.id or one.number, number)
        if before != number:
            raise BadTable(
                _(
                    "{file}, rows {before} and {row}: {number} stands there twice, and nobody can tell which row is "
                    "right: export one row for each document, with its Teamleader ID where numbers repeat."
                ).format(file=table.name, before=before, row=number, number=one.number)
            )


@cache
def _titles() -> Mapping[str, tuple[str, int]]:
    """By plain title: the field, and how sure the title is of it (the smaller the surer)."""
    text = resources.files("octowizard.customers").joinpath("document_titles.toml").read_text("utf-8")
    return {
        plain(title): (field, rank)
        for field, titles in reversed(tomllib.loads(text).items())
        for rank, title in enumerate(titles)
    }


def _places(table: Table, by_hand: ByHand) -> dict[str, int]:
    """The column of each field. BadTable where one that a document needs is not there."""
    best: dict[str, tuple[int, int]] = {}
    for place, title in enumerate(table.header):
        known = _titles().get(plain(title))
        if known is not None and known[1] < best.get(known[0], (99, 0))[0]:
            best[known[0]] = (known[1], place)
    places = {field: place for field, (_rank, place) in best.items()}
    letters = {plain(title): place for place, title in enumerate(table.header)}
    for field, column in by_hand.columns:
        if plain(column) in letters:
            places[field] = letters[plain(column)]
    lacking = [field for field in _MUST if field not in places]
    if lacking:
        raise BadTable(
            _(
                "{file} lacks the columns {lacking}: a list of invoices or credit notes shows number, date, customer "
                "and total with VAT. Its titles are: {titles}. Choose them in Teamleader and export again, or say "
                "what a column holds, as --column amount=Total."
            ).format(
                file=table.name,
                lacking=", ".join(lacking),
                titles=", ".join(title for title in table.header if title)[:200],
            )
        )
    return places


def _is_document(row: Sequence[str], places: Mapping[str, int]) -> bool:
    number, status = row[places["document_number"]], row[places["status"]] if "status" in places else ""
    return bool(number) and not is_total(number) and plain(status) not in _NO_DOCUMENT


class _Amounts:
    """Reads the amounts of a list, whose decimal sign its own values tell."""

    def __init__(self, table: Table, places: Mapping[str, int], rows: Sequence[Sequence[str]]) -> None:
        self._table = table
        texts = [
            _SIGNS.sub("", row[places[field]])
            for field in ("amount", "open_amount")
            if field in places
            for row in rows
        ]
        self._decimal = "." if not table.separator else self._sign(texts)

    def _sign(self, texts: Sequence[str]) -> str:
        """Of a workbook always a point. Of a text the one that stands last where both do, or before one or two digits.

        BadTable where the values leave it open: 1.210 may be a thousand or one and a bit.
        """
        open_ = ""
        for text in texts:
            if "," in text and "." in text:
                return "," if text.rindex(",") > text.rindex(".") else "."
            for sign in ",.":
                if text.count(sign) == 1 and len(text.rpartition(sign)[2]) != 3:
                    return sign
                if text.count(sign) > 1:
                    return "." if sign == "," else ","
                if sign in text:
                    open_ = text
        if open_:
            raise BadTable(
                _(
                    "{file}: nobody can tell what {amount} is: save the list as .xlsx, or with two decimals."
                ).format(file=self._table.name, amount=open_)
            )
        return "."

    def read(self, text: str) -> Decimal | None:
        """An amount; None for what is none."""
        bare = _SIGNS.sub("", text)
        if not _AMOUNT.fullmatch(bare):
            return None
        thousands = "," if self._decimal == "." else "."
        try:
            return Decimal(bare.replace(thousands, "").replace(self._decimal, ".")).quantize(CENT)
        except ArithmeticError:
            return None


def _document(
    table: Table, places: Mapping[str, int], amounts: _Amounts, number: int, row: Sequence[str]
) -> ListedDocument:
    def at(field: str) -> str:
        return row[places[field]].strip() if field in places else ""

    def refused(field: str) -> BadTable:
        return BadTable(
            _(
                "{file}, row {row}: {value} under {column} cannot be read: correct it and take the list in again."
            ).format(
                file=table.name,
                row=number,
                value=at(field)[:40] or _("an empty cell"),
                column=table.column(places[field]),
            )
        )

    day, amount = _day(at("date")), amounts.read(at("amount"))
    if day is None:
        raise refused("date")
    if amount is None:
        raise refused("amount")
    if not at("customer"):
        raise refused("customer")
    currency = _EURO.get(at("currency").upper(), at("currency").upper())
    if not _CURRENCY.fullmatch(currency):
        raise refused("currency")
    due, left = _day(at("due_on")), amounts.read(at("open_amount"))
    if at("due_on") and due is None:
        raise refused("due_on")
    return ListedDocument(
        id=at("id") if is_id(at("id")) else "",
        number=at("document_number"),
        date=day,
        due_on=due,
        customer=at("customer"),
        external=at("external"),
        amount=amount,
        open_amount=left,
        currency=currency,
        communication=communication_digits(at("communication")),
    )


def _day(text: str) -> date | None:
    """A day as people write it; None where it is none."""
    try:
        return day_of(re.split("[ T]", text, maxsplit=1)[0])  # some programs write a time behind it
    except NotADay:
        return None


def _reading(table: Table, places: Mapping[str, int], skipped: int) -> Reading:
    taken = {place: field for field, place in places.items()}
    left_out = (title for place, title in enumerate(table.header) if title and place not in taken)
    return reading_of(table, taken, left_out, _skipped(table, skipped))


def _skipped(table: Table, rows: int) -> Iterator[str]:
    if rows:
        yield ngettext(
            "{file}: {count} row is a draft or a total, and is skipped.",
            "{file}: {count} rows are drafts or totals, and are skipped.",
            rows,
        ).format(file=table.name, count=rows)
