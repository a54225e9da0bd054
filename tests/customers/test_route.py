"""The file that is imported, what is said beforehand, and what is found afterwards."""

import csv
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.customers import route
from octowizard.customers.by_hand import BadTable
from octowizard.customers.exports import Export
from octowizard.customers.route import Prediction, cleaned, compare, files, irreversible, staying, write
from octowizard.customers.simulate import Company, Line, every, recommended
from octowizard.matching.record import Customer


def export(*customers: Customer, fields: str = "id name vat external") -> Export:
    return Export("segment.xlsx", (), frozenset(fields.split()), True, list(customers), [])


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40))
def test_no_text_is_a_formula_in_the_file_and_none_loses_a_letter(text: str) -> None:
    line = Line(number=1, name=route.guarded(text), vat=route.guarded(text), external=route.guarded(text))
    cells = rows(files([line])[0])[1]
    kept = _kept(text)
    for cell in cells:
        assert cell[:1] not in tuple("=+-@\t\r")
        assert cell.removeprefix("'") == kept.removeprefix("'") or cell == kept


def _kept(text: str) -> str:
    """All of a text but what controls or formats; a line break or tab is a blank, and what joins letters stays."""
    spaced = "".join(" " if one in "\t\r\n\v\f\x85\u2028\u2029" else one for one in text)
    return "".join(
        one for one in spaced if one in "\u200c\u200d" or unicodedata.category(one) not in ("Cc", "Cf")
    )


def test_a_file_grows_to_five_megabytes_and_no_further() -> None:
    lines = [Line(number=n, name="é" * 150, vat="BE0403019261", external=str(n)) for n in range(1, 20_001)]
    parts = files(lines)
    assert len(parts) == 2
    assert all(len(part) <= route.MOST_BYTES for part in parts)
    assert sum(len(rows(part)) - 1 for part in parts) == 20_000
    assert all(rows(part)[0] == list(route.TITLES) for part in parts)
    assert len(parts[0]) > route.MOST_BYTES - 1000


def test_the_columns_that_a_criterion_compares_come_along() -> None:
    line = Line(number=1, name="Maes", vat="", external="1", postcode="9000", email="a@b.example")
    assert rows(files([line], ("name", "postcode", "email"))[0]) == [
        [*route.TITLES, "Zip Code", "Email"],
        ["Maes", "1", "", "9000", "a@b.example"],
    ]


def test_a_vat_number_is_written_as_teamleader_has_it() -> None:
    ours = export(Customer(key="t", name="Maes", vat="BE0403.019.261", external="1"))
    known = [Customer(key="a", name="Maes", vat="BE 0403 019 261")]
    assert [line.vat for line in cleaned(ours, known).lines] == ["BE 0403 019 261"]
    assert [line.vat for line in cleaned(ours).lines] == ["BE0403019261"]


def test_a_row_that_surely_is_a_company_can_be_written_just_as_it() -> None:
    ours = export(
        Customer(key="t", name="MAES BVBA", vat="BE0403.019.261", external="1", postcode="9000"),
        Customer(key="u", name="PEETERS", external="2"),
    )
    same = {"t": Customer(key="a", name="=Maes", vat="", emails=("x@maes.example",))}
    one, other = cleaned(ours, (), same).lines
    assert (one.name, one.vat, one.external, one.postcode) == ("'=Maes", "BE0403019261", "1", "9000")
    assert one.email == "x@maes.example"
    assert other.name == "PEETERS"


def test_what_is_no_vat_number_is_left_as_it_is() -> None:
    ours = export(Customer(key="t", name="Maes", vat="0403 volgt", external="1"))
    assert [line.vat for line in cleaned(ours).lines] == ["0403 volgt"]


def test_an_export_without_rows_or_numbers_is_refused() -> None:
    with pytest.raises(BadTable, match="has titles and no rows"):
        cleaned(export())
    with pytest.raises(BadTable, match="no column Accounting package customer number"):
        cleaned(export(Customer(key="t", name="Maes"), fields="id name"))


def test_companies_with_documents_survive_the_deletion() -> None:
    tagged = Customer(key="t", name="Maes", tags=("Octopus Import",))
    busy = Customer(key="u", name="Peeters", tags=("octopus import",))
    other = Customer(key="a", name="Claes")
    person = Customer(key="p", name="Jan", kind="person")
    everybody = [tagged, busy, other, person]
    assert [one.key for one in staying(everybody, (), {"u"})] == ["u", "a"]
    # With ids in the export it is they that go, not the tag.
    assert [one.key for one in staying(everybody, {"a"})] == ["t", "u"]


def test_nothing_that_is_there_is_overwritten_and_nothing_is_left_half_written(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert write(out, [b"one"]) == [out]
    with pytest.raises(FileExistsError):
        write(out, [b"two"])
    assert out.read_bytes() == b"one"
    (tmp_path / "o-2.csv").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        write(tmp_path / "o.csv", [b"a", b"b"])
    assert {path.name for path in tmp_path.iterdir()} == {"out.csv", "o-2.csv"}


def test_it_says_when_what_becomes_irreversible() -> None:
    said = irreversible(63)
    assert "63 companies" in said[0]
    assert "30 days" in said[0]
    assert "never be taken back" in said[1]
    assert "two weeks" in said[2]


# --- afterwards ------------------------------------------------------------------------------------------

LINES = (
    Line(number=1, name="Maes", vat="BE0403019261", external="1"),
    Line(number=2, name="'=Peeters", vat="", external="2"),
    Line(number=3, name="Claes", vat="BE0202239951", external="3"),
)
THERE = [Company(key="a", name="Garage Maes", vat="BE0403019261"), Company(key="b", name="Claes")]


def prediction() -> Prediction:
    outcomes = every(LINES, THERE)
    best = recommended(outcomes)
    assert best is not None
    return Prediction("s.xlsx", LINES, ("a", "b"), tuple(outcomes), best.criterion.id)


def after(*added: Customer) -> list[Customer]:
    return [Customer(key="a", name="Maes"), Customer(key="b", name="Claes"), *added]


def test_an_import_that_did_what_was_foretold_leaves_only_those_to_merge() -> None:
    found = compare(prediction(), after(Customer(key="n", name="'=Peeters")))
    assert found.criterion == "name|vat"
    assert found.as_foretold
    assert [(one.key, one.line, one.foretold) for one in found.added] == [("n", 2, True)]
    assert found.edited == 2
    assert "name|vat" in found.fits


def test_the_apostrophe_of_a_formula_may_be_gone_in_an_export() -> None:
    assert compare(prediction(), after(Customer(key="n", name="=Peeters"))).as_foretold


def test_another_criterion_is_recognised_by_what_it_added() -> None:
    added = (
        Customer(key="n", name="'=Peeters"),
        Customer(key="m", name="Claes", vat="BE0202239951"),
    )
    found = compare(prediction(), after(*added))
    assert not found.as_foretold
    assert found.unexpected == (3,)
    assert "vat" in found.fits


def test_companies_that_nobody_foretold_and_those_that_are_gone_are_named() -> None:
    found = compare(prediction(), [Customer(key="b", name="Claes"), Customer(key="z", name="Somebody")])
    assert not found.as_foretold
    assert [(one.key, one.line) for one in found.added] == [("z", 0)]
    assert found.missing == (2,)
    assert found.gone == ("a",)
    assert found.fits == ()


def test_a_criterion_that_was_not_simulated_is_refused() -> None:
    with pytest.raises(KeyError):
        compare(prediction(), after(), "shoe size")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize(
    "before", ["", " ", "\t", "\r\n", "\u200b", "\ufeff", "\u00a0", "\u3000", "\x00", "\u202e"]
)
def test_no_spreadsheet_takes_a_name_for_a_formula(before: str, sign: str) -> None:
    shown = route.guarded(f"{before}{sign}cmd|' /C calc'!A0")
    assert shown.startswith("'")
    assert all(letter.isprintable() or letter in "\u00a0\u3000" for letter in shown)


@pytest.mark.parametrize("name", ["Maes", "Café – Zoë", "A-B", "", "3M", "'t Hoekske", "👩\u200d👧 nv"])
def test_a_name_that_is_no_formula_stays_as_it_is(name: str) -> None:
    assert route.guarded(name) == name
