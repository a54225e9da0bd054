"""A list of invoices in a file: read as people write it in three languages, or refused by row and column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from octowizard.customers import document_list
from octowizard.customers.by_hand import BadTable, set_by_hand


def written(folder: Path, *lines: str) -> Path:
    file = folder / "list.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


@pytest.mark.parametrize(
    ("titles", "row"),
    [
        ("Number;Date;Customer;Total incl. VAT;Amount due", "2026 / 1;2026-10-01;Foo [BE];1,210.00;0.00"),
        (
            "Factuurnummer;Factuurdatum;Klant;Totaal incl. btw;Openstaand",
            "2026 / 1;01/10/2026;Foo [BE];€ 1.210,00;0,00",
        ),
        (
            "Numéro de facture;Date de facture;Client;Montant TVAC;Solde",
            "2026 / 1;1-10-2026;Foo [BE];1210,00 EUR;0",
        ),
    ],
)
def test_a_list_is_read_in_the_language_of_its_owner(tmp_path: Path, titles: str, row: str) -> None:
    (one,), _reading = document_list.read(written(tmp_path, titles, row))
    assert (one.number, one.date, one.customer) == ("2026 / 1", date(2026, 10, 1), "Foo [BE]")
    assert (one.amount, one.open_amount) == (Decimal("1210.00"), Decimal("0.00"))


def test_drafts_and_totals_are_skipped_and_told_of(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "Number;Date;Customer;Total;Status",
        "2026 / 1;2026-10-01;Foo;12,10;outstanding",
        ";;Bar;5,00;draft",
        "Total;;;17,10;",
    )
    documents, reading = document_list.read(file)
    assert [one.number for one in documents] == ["2026 / 1"]
    assert reading.notes == ("list.csv: 2 rows are drafts or totals, and are skipped.",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026 / 1;2026-13-01;Foo;12,10", "row 1: 2026-13-01 under Date cannot be read"),
        ("2026 / 1;2026-10-01;Foo;twelve", "row 1: twelve under Total cannot be read"),
        ("2026 / 1;2026-10-01;;12,10", "row 1: an empty cell under Customer cannot be read"),
        ("2026 / 1;2026-10-01;Foo;1.210", "nobody can tell what 1.210 is"),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused_by_its_place(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        document_list.read(written(tmp_path, "Number;Date;Customer;Total", row))


def test_a_column_with_an_unknown_title_is_named_by_hand(tmp_path: Path) -> None:
    file = written(tmp_path, "Number;Date;Customer;What it comes to", "2026 / 1;2026-10-01;Foo;12,10")
    with pytest.raises(BadTable, match="lacks the columns amount"):
        document_list.read(file)
    (one,), _reading = document_list.read(file, set_by_hand(columns=["amount=What it comes to"]))
    assert one.amount == Decimal("12.10")
