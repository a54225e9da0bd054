"""What a person does in Teamleader's screens against duplicates, and what the screens refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.customers.simulate import CRITERIA, Criterion
from octowizard.sandbox.practice import BadArguments, perform
from octowizard.sandbox.practice.imports import IMPORT_TAG
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from tests.contracts import check_schema

TITLES = "Name;Accounting package customer number;VAT number"


@pytest.fixture
def world() -> World:
    return SCENARIOS["c"].build(1, 20, 6)


def _file(folder: Path, *lines: str) -> str:
    file = folder / "import.csv"
    file.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    return str(file)


def _clients(world: World) -> int:
    (dossier,) = world.octopus.dossiers.values()
    return sum(
        bool(one.data.get("client")) and one.data.get("active") is not False
        for one in dossier.relations.values()
    )


def test_the_slider_makes_a_company_of_every_client_with_number_and_tag(world: World) -> None:
    before = set(world.teamleader.companies)
    told = perform(world, "import-companies-from-octopus", {})
    made = [kept for key, kept in world.teamleader.companies.items() if key not in before]
    assert told["companies"] == len(made) == _clients(world)
    assert all(kept.data["tags"] == [IMPORT_TAG] for kept in made)
    assert len({kept.hidden["external_id"] for kept in made}) == len(made)


def test_pressed_twice_the_slider_makes_them_twice(world: World) -> None:
    before = len(world.teamleader.companies)
    perform(world, "import-companies-from-octopus", {})
    perform(world, "import-companies-from-octopus", {})
    assert len(world.teamleader.companies) == before + 2 * _clients(world)


def test_deleting_a_segment_spares_companies_with_documents_and_fills_the_recycle_bin(world: World) -> None:
    side = world.teamleader
    busy = {kept.data["invoicee"]["customer"]["id"] for kept in side.invoices.values()}
    kept_id = next(key for key in side.companies if key in busy)
    gone_id = next(key for key in side.companies if key not in busy)
    for key in (kept_id, gone_id):
        side.companies[key].data["tags"] = [IMPORT_TAG]
    told = perform(world, "delete-segment", {"tag": IMPORT_TAG.lower()})
    assert (told["deleted"], told["refused"]) == (1, 1)
    assert kept_id in side.companies
    assert gone_id in side.recycled
    assert gone_id not in side.companies


def test_an_edit_overwrites_name_and_number_and_leaves_what_the_file_leaves_empty(
    world: World, tmp_path: Path
) -> None:
    kept = next(iter(world.teamleader.companies.values()))
    kept.data["name"], kept.data["vat_number"] = "Maes", "BE 0403.019.261"
    file = _file(tmp_path, TITLES, "MAES BV;1042;BE 0403.019.261", "Nieuw;1043;")
    told = perform(
        world, "import-companies", {"file": file, "match": "all", "fields": "vat_number"}, tmp_path
    )
    assert (told["edited"], told["added"], told["added_names"]) == (1, 1, ["Nieuw"])
    assert (kept.data["name"], kept.hidden["external_id"]) == ("MAES BV", "1042")
    assert kept.data["vat_number"] == "BE 0403.019.261"


def test_the_preview_counts_and_changes_nothing(world: World, tmp_path: Path) -> None:
    before = {key: dict(kept.data) for key, kept in world.teamleader.companies.items()}
    words = {"match": "any", "fields": "name,vat_number", "preview": "yes"}
    file = _file(tmp_path, TITLES, "A;1;", "A;2;", "B;3;BE0403019261")
    told = perform(world, "import-companies", {"file": file, **words}, tmp_path)
    assert (told["edited"], told["added"]) == (1, 2)
    assert {key: kept.data for key, kept in world.teamleader.companies.items()} == before


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda criterion: criterion.id)
def test_the_desk_takes_every_criterion_in_the_word_that_octowizard_prints(
    criterion: Criterion, world: World, tmp_path: Path
) -> None:
    file = _file(tmp_path, f"{TITLES};Zip Code;Email", "A;1;BE0403019261;9000;a@a.example", "B;2;;;")
    columns = {"vat": "vat_number", "postcode": "zip_code"}
    apart = {"match": criterion.how, "fields": ",".join(columns.get(f, f) for f in criterion.fields)}
    told = [
        perform(world, "import-companies", {"file": file, "preview": "yes", **words}, tmp_path)
        for words in ({"match": criterion.id}, apart)
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "words", [{"match": "name|"}, {"match": "name|vat+email"}, {"match": "vat", "fields": "name"}]
)
def test_a_criterion_that_is_none_is_one_sentence(
    words: dict[str, str], world: World, tmp_path: Path
) -> None:
    with pytest.raises(BadArguments, match="match must be"):
        perform(world, "import-companies", {"file": _file(tmp_path, TITLES, "A;1;"), **words}, tmp_path)


def test_a_column_teamleader_id_decides_whatever_else_is_said(world: World, tmp_path: Path) -> None:
    identity = next(iter(world.teamleader.companies))
    file = _file(tmp_path, "Teamleader ID;Name;VAT number", f"{identity};Anders;")
    told = perform(world, "import-companies", {"file": file, "match": "all", "fields": "name"}, tmp_path)
    assert (told["edited"], told["added"]) == (1, 0)
    assert world.teamleader.companies[identity].data["name"] == "Anders"


def test_what_an_import_adds_is_a_company_of_the_contract(world: World, tmp_path: Path) -> None:
    before = set(world.teamleader.companies)
    file = _file(tmp_path, f"{TITLES};Zip Code;Email", "Nieuw;9;BE0403019261;9000;info@nieuw.example")
    perform(world, "import-companies", {"file": file, "match": "all", "fields": "name"}, tmp_path)
    (added,) = [kept for key, kept in world.teamleader.companies.items() if key not in before]
    assert added.data["emails"] == [{"type": "primary", "email": "info@nieuw.example"}]
    assert added.data["addresses"][0]["address"]["postal_code"] == "9000"
    for kept in world.teamleader.companies.values():
        check_schema("teamleader", "Company", kept.data)


@pytest.mark.parametrize(
    ("lines", "fields", "sentence"),
    [
        (("Title", "x"), "name", "no column 'Name'"),
        ((TITLES, ";1;"), "name", "Row 1 has no name"),
        ((TITLES, "A;1;"), "zip_code", "no column 'Zip Code' to compare"),
        ((TITLES, "A;1;"), "shoe_size", "fields must be some of"),
        ((f"{TITLES};Name", "A;1;;B"), "name", "A field is there twice"),
        ((";".join(["Name", *map(str, range(200))]), "A"), "name", "more than 200 columns"),
        ((TITLES, *("A;1;" for _ in range(35_001))), "name", "more than 35000 rows"),
        ((TITLES, f"{'A' * 5_000_001};1;"), "name", "larger than 5 MB"),
    ],
)
def test_the_import_refuses_what_the_vendor_s_refuses(
    world: World, tmp_path: Path, lines: tuple[str, ...], fields: str, sentence: str
) -> None:
    before = len(world.teamleader.companies)
    words = {"file": _file(tmp_path, *lines), "match": "all", "fields": fields}
    with pytest.raises(BadArguments, match=sentence):
        perform(world, "import-companies", words, tmp_path)
    assert len(world.teamleader.companies) == before


def test_a_file_that_is_not_there_or_no_workbook_is_told(world: World, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 nothing")
    for name, sentence in (("nowhere.csv", "cannot be read"), ("x.xlsx", "no workbook")):
        with pytest.raises(BadArguments, match=sentence):
            perform(
                world,
                "import-companies",
                {"file": str(tmp_path / name), "match": "all", "fields": "name"},
                tmp_path,
            )
