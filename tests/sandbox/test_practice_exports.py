"""Exports of the practice company: what a person would find in the file, in both forms."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from octowizard.sandbox.practice import BadArguments, perform
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS

NUMBER = "Accounting package customer number"


@pytest.fixture
def world() -> World:
    return SCENARIOS["external-id-mismatch"].build(1, 20, None)


def read(file: Path) -> list[dict[str, Any]]:
    rows: list[list[Any]]
    if file.suffix == ".xlsx":
        rows = [list(row) for row in load_workbook(str(file)).get_sheet_by_index(0).to_python()]
    else:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = [list(row) for row in csv.reader(lines, delimiter=";")]
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize("name", ["companies.xlsx", "companies.csv"])
def test_an_export_shows_what_no_api_gives(world: World, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    told = perform(world, "export-companies", {"file": str(file)}, tmp_path)
    rows = read(file)
    side = world.teamleader
    assert told["companies"] == len(rows) == len(side.companies)
    for row, kept in zip(rows, side.companies.values(), strict=True):
        assert row["Teamleader ID"] == kept.data["id"]
        assert row["Name"] == kept.data["name"]
        assert row["VAT number"] == (kept.data["vat_number"] or "")
        number = kept.hidden.get("external_id")
        assert str(row[NUMBER]).removesuffix(".0") == (number or "")
    assert sum(bool(row[NUMBER]) for row in rows) == 2
    assert {row["VAT type"] for row in rows} >= {"VAT liable", "Outside the EU"}


def test_an_export_of_a_segment_holds_the_companies_with_the_tag_only(world: World, tmp_path: Path) -> None:
    chosen = next(iter(world.teamleader.companies.values()))
    chosen.data["tags"] = ["klant", "Octopus Import"]
    chosen.hidden["vat_type"] = "contractor"
    file = tmp_path / "segment.csv"
    perform(world, "export-companies", {"file": str(file), "tag": "octopus import"}, tmp_path)
    (row,) = read(file)
    assert (row["Name"], row["VAT type"], row["Tags"]) == (
        chosen.data["name"],
        "Contractor",
        "klant, Octopus Import",
    )


def test_a_name_that_looks_like_a_formula_stays_a_name(world: World, tmp_path: Path) -> None:
    chosen = next(iter(world.teamleader.companies.values()))
    chosen.data["name"] = "=1+1 https://example.com"
    file = tmp_path / "companies.xlsx"
    perform(world, "export-companies", {"file": str(file)}, tmp_path)
    assert read(file)[0]["Name"] == "=1+1 https://example.com"


@pytest.mark.parametrize("file", ["", "companies.pdf", "nowhere/companies.csv", "folder.csv"])
def test_an_export_that_cannot_be_written_says_so(world: World, tmp_path: Path, file: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(BadArguments):
        perform(world, "export-companies", {"file": file and str(tmp_path / file)}, tmp_path)


def test_the_lists_of_documents_and_relations_hold_what_the_screens_show(
    world: World, tmp_path: Path
) -> None:
    for name in ("invoices", "credit-notes", "relations"):
        perform(world, f"export-{name}", {"file": f"{name}.xlsx"}, tmp_path)
    invoices = read(tmp_path / "invoices.xlsx")
    assert len(invoices) == len(world.teamleader.invoices)
    kept = world.teamleader.invoices[invoices[0]["Teamleader ID"]].data
    assert (invoices[0]["Number"], invoices[0]["Customer"]) == (
        kept.get("invoice_number") or "",
        kept["invoicee"]["name"],
    )
    assert len(read(tmp_path / "credit-notes.xlsx")) == len(world.teamleader.credit_notes)
    dossier = next(iter(world.octopus.dossiers.values()))
    relations = read(tmp_path / "relations.xlsx")
    active = [card for card in dossier.relations.values() if card.data.get("active", True)]
    assert [int(row["Relationship No."]) for row in relations] == [card.id for card in active]
