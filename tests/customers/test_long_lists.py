"""A long list, read by column, is what it would be read row by row: customers, notes and rows that are left out."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.customers import exports, long_lists, spoilt
from octowizard.customers.exports import Export, read
from octowizard.matching.by_column import ByColumn
from octowizard.matching.engine import match

_TITLES = ("id", "name", "type", "vat", "street", "postcode", "city", "country", "email", "phone", "iban")
# Among many that are as they should be, what a list may hold that is not, or looks like it.
_ODD = {
    "id": ("", "A-1", "4,03E+08", "12.0"),
    "name": (
        "",
        "CafÃ© Zuid",
        "Caf? Noord",
        "'=Som BV",
        "3-mei",
        "#REF!",
        "Totaal",
        "O&O bv",
        "E5",
        "H &amp; M",
        "é\x07",
    ),
    "type": ("", "company", "contact", "persoon", "?"),
    "vat": (
        "",
        "BE 0403.170.701",
        "0403.170.701",
        "403170701.0",
        "4,03E+08",
        "n/a",
        "BE0403 170 701",
        "-",
        "TRUE",
    ),
    "street": ("", "12E3", "1E+05", "#N/A", "Err:502", "Eikenlaan 5", "Lange\nstraat 5", "12,5E-3"),
    "postcode": ("", "9.000", "9000.0", "B-9000", "1012 AB", "1E5", "2024-05-01", "1.000"),
    "city": ("", "Totaal", "152", "#NAAM?", "1E+3", "Élouges"),
    "country": ("", "BE", "België", "FR"),
    "email": ("", "a@x.be; b@x.be", "a@x.be:::b@x.be", "a@x.be b@x.be", "#WAARDE!", "a@x.be\nb@x.be"),
    "phone": (
        "",
        "02 555 66 77 / 03 555 66 77",
        "3.2475E+10",
        "02.0000",
        "+32.2.555.66.77",
        "02/555.66.77",
        "32475123456.0",
    ),
    "iban": (
        "",
        "BE68 5390 0754 7034",
        "be68539007547034",
        "BE68539007547034;BE71096123456769",
        "6,853E+11",
        "null",
    ),
}


def _rows(seed: int, many: int) -> list[dict[str, str]]:
    chance = random.Random(seed)
    rows = []
    for number in range(1, many + 1):
        row = {
            "id": f"c{number}",
            "name": f"Bakkerij {chance.choice(('Peeters', 'Maes', 'Renée'))} {number}",
            "type": "company",
            "vat": f"BE{chance.randrange(10**9):010}",
            "street": f"Kerkstraat {chance.randrange(200)}",
            "postcode": str(chance.randrange(1000, 9999)),
            "city": chance.choice(("Gent", "Luik", "Namur")),
            "country": "BE",
            "email": f"info{number}@firma{number}.be",
            "phone": f"+32 9 {chance.randrange(10**6):06}",
            "iban": f"BE68 5390 0754 {chance.randrange(10**4):04}",
        }
        for field in chance.sample(_TITLES, chance.choice((0, 0, 1, 2, 9))):
            row[field] = chance.choice(_ODD[field])
        if not number % 97:
            row = dict.fromkeys(_TITLES, "") | chance.choice(
                (
                    {"name": "Totaal", "postcode": "152"},
                    dict(zip(_TITLES, _TITLES, strict=True)),
                    {"city": "Total : 12"},
                )
            )
        rows.append(row)
    return rows


def _written(folder: Path, rows: list[dict[str, str]], titles: tuple[str, ...] = _TITLES) -> Path:
    path = folder / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, titles, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Export, Export]:
    with monkeypatch.context() as patch:
        patch.setattr(exports, "LONG", 100)
        long = read(path)
    one_by_one = read(path)
    assert isinstance(long.customers, ByColumn)
    assert isinstance(one_by_one.customers, list)
    return long, one_by_one


@pytest.mark.parametrize("seed", range(4))
def test_by_column_as_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    titles = _TITLES if seed else tuple(title for title in _TITLES if title not in ("id", "country"))
    long, one_by_one = _both(_written(tmp_path, _rows(seed, 1_300), titles), monkeypatch)
    assert long == one_by_one
    assert len(long.reading.notes) > 3, "the list holds what is to be noticed"
    assert long.skipped
    assert long.spoilt
    assert long.unreadable


def test_several_columns_of_mails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row | {"email 2": "x@y.be" if n % 3 else ""} for n, row in enumerate(_rows(9, 400))]
    long, one_by_one = _both(_written(tmp_path, rows, (*_TITLES, "email 2")), monkeypatch)
    assert long == one_by_one
    assert any(len(customer.emails) > 1 for customer in long.customers)


def test_the_same_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path, _rows(5, 400))
    long, one_by_one = _both(path, monkeypatch)
    assert list(match(long.customers, one_by_one.customers)) == list(
        match(one_by_one.customers, one_by_one.customers)
    )
    assert list(match(long.customers)) == list(match(one_by_one.customers))


def test_rows_and_parts_of_such_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long, one_by_one = _both(_written(tmp_path, _rows(6, 300)), monkeypatch)
    rows = list(one_by_one.customers)
    assert [long.customers[at] for at in (0, 7, -1)] == [rows[at] for at in (0, 7, -1)]
    assert long.customers[5:90:7] == rows[5:90:7]
    with pytest.raises(IndexError):
        long.customers[len(rows)]


_SIGNS = st.sampled_from("0123456789 .,/-+()eEabBEx")


@given(
    field=st.sampled_from(sorted(long_lists._ODD_NUMBERS)),
    value=st.text(_SIGNS, min_size=1, max_size=16).map(str.strip).filter(bool),
)
def test_what_is_not_looked_at_stays_as_it_is(field: str, value: str) -> None:
    if not long_lists._found(long_lists._ODD_NUMBERS[field], [value]):
        assert spoilt.plain_number(field, value) or spoilt.mended(field, value, "") == value
