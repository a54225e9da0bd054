"""What is foretold of an import is what the practice company's import does, for every criterion."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octowizard.customers.route import cleaned, files, staying
from octowizard.customers.simulate import (
    CRITERIA,
    Company,
    Criterion,
    Line,
    Outcome,
    every,
    recommended,
    simulate,
)
from octowizard.sandbox.practice import perform
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sandbox.worlds.customers import bare_company
from tests.generator import make

_TITLE_OF = {"name": "name", "vat": "vat_number", "postcode": "zip_code", "email": "email"}
# Few values, so that they meet; with what could be taken for something else.
_NAMES = st.sampled_from(
    ["Maes BV", "maes bv", "Peeters", "=SUM(A1)", "@Home", "Foo; Bar", 'Café "Zon"', "'t Hof", "-"]
)
_VATS = st.sampled_from(
    ["", "BE0456789123", "BE0403019261", "BE 0403.019.261", "0403019261", "geen", "BE0202239951"]
)
_POSTCODES = st.sampled_from(["", "9000", "1000", "B-9000"])
_EMAILS = st.sampled_from(["", "info@maes.example", "Info@maes.example", "x@y.example"])


def _world() -> World:
    world = SCENARIOS["b"].build(1, 2, 0)
    world.teamleader.companies.clear()
    return world


def _put(world: World, companies: list[Company]) -> dict[str, str]:
    """The companies, in the order given; the id each got, by its key."""
    rng, ids = Random(1), {}
    for company in companies:
        kept = bare_company(world, rng, company.name)
        data = kept.data
        data["vat_number"] = company.vat or None
        if company.email:
            data["emails"] = [{"type": "primary", "email": company.email}]
        if company.postcode:
            blank: dict[str, Any] = dict.fromkeys(
                ("line_1", "city", "country", "area_level_two", "addressee")
            )
            data["addresses"] = [{"type": "primary", "address": {**blank, "postal_code": company.postcode}}]
        ids[data["id"]] = company.key
    return ids


def _done(world: World, lines: list[Line], criterion: Criterion, folder: Path) -> dict[str, Any]:
    """The import of the file that octowizard writes, by the practice company."""
    contents = files(lines, criterion.fields)
    assert len(contents) == 1
    file = folder / "import.csv"
    file.write_bytes(contents[0])
    return perform(
        world,
        "import-companies",
        {
            "file": str(file),
            "match": criterion.how,
            "fields": ",".join(_TITLE_OF[field] for field in criterion.fields),
        },
        folder,
    )


def _agree(outcome: Outcome, done: dict[str, Any], lines: list[Line]) -> None:
    names = {line.number: line.name for line in lines}
    assert (len(outcome.edited), len(outcome.added)) == (done["edited"], done["added"])
    assert [names[number] for number in outcome.added] == done["added_names"]


@settings(max_examples=120, deadline=None)
@given(
    rows=st.lists(st.tuples(_NAMES, _VATS, _POSTCODES, _EMAILS), min_size=1, max_size=8),
    there=st.lists(st.tuples(_NAMES, _VATS, _POSTCODES, _EMAILS), max_size=6),
    criterion=st.sampled_from(CRITERIA),
)
def test_the_simulation_is_what_the_import_does(
    rows: list[tuple[str, str, str, str]],
    there: list[tuple[str, str, str, str]],
    criterion: Criterion,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    lines = [
        Line(number=n, name=name, vat=vat, external=str(n), postcode=postcode, email=email)
        for n, (name, vat, postcode, email) in enumerate(rows, 1)
    ]
    companies = [
        Company(key=f"c{n}", name=name, vat=vat, postcode=postcode, email=email)
        for n, (name, vat, postcode, email) in enumerate(there)
    ]
    world = _world()
    ids = _put(world, companies)
    outcome = simulate(lines, companies, criterion)
    done = _done(world, lines, criterion, tmp_path_factory.mktemp("import"))
    _agree(outcome, done, lines)
    # Which company got which number: the last row that edited it.
    foretold: dict[str, str] = {}
    for edit in outcome.edited:
        foretold[edit.company] = str(edit.line)
    for number in outcome.added:
        foretold.setdefault(f"row/{number}", str(number))
    numbers = {
        ids.get(identity, ""): kept.hidden["external_id"]
        for identity, kept in world.teamleader.companies.items()
        if identity in ids and "external_id" in kept.hidden
    }
    assert numbers == {key: number for key, number in foretold.items() if not key.startswith("row/")}
    assert len(world.teamleader.companies) == len(companies) + len(outcome.added)


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.id)
def test_on_firms_as_they_are_the_simulation_is_what_the_import_does(
    criterion: Criterion, tmp_path: Path
) -> None:
    left, right, _ = make(150, 4)
    lines = [
        Line(
            number=n,
            name=row["name"],
            vat=row["vat"],
            external=row["id"],
            postcode=row["postcode"],
            email=row["email"],
        )
        for n, row in enumerate(left, 1)
    ]
    companies = [
        Company(key=row["id"], name=row["name"], vat=row["vat"], postcode=row["postcode"], email=row["email"])
        for row in right
        if row["type"] == "company"
    ]
    world = _world()
    _put(world, companies)
    _agree(simulate(lines, companies, criterion), _done(world, lines, criterion, tmp_path), lines)


def test_every_criterion_of_the_documents_is_tried() -> None:
    tried = {criterion.id for criterion in CRITERIA}
    assert {"name", "vat", "email", "name+postcode", "name+vat", "name|vat", "name|vat|email"} <= tried
    assert not any(one.how == "any" and "postcode" in one.fields for one in CRITERIA)
    assert len(tried) == len(CRITERIA)


def test_a_number_that_would_go_to_another_firm_is_called_wrong() -> None:
    lines = [Line(number=1, name="Maes", vat="BE0403019261")]
    companies = [Company(key="c", name="Maes", vat="BE 0202.239.951")]
    outcome = simulate(lines, companies, Criterion("all", ("name",)))
    assert [edit.company for edit in outcome.wrong] == ["c"]


def test_an_invalid_number_proves_nothing_wrong() -> None:
    lines = [Line(number=1, name="Maes", vat="BE0403019262")]
    companies = [Company(key="c", name="Maes", vat="BE0202239951")]
    assert not simulate(lines, companies, Criterion("all", ("name",))).wrong


def test_an_edit_that_rests_on_the_name_alone_is_pointed_out() -> None:
    lines = [
        Line(number=1, name="Maes", vat="BE0403019261"),
        Line(number=2, name="Peeters", postcode="9000"),
        Line(number=3, name="Claes", vat="BE 0202.239.951"),
    ]
    companies = [
        Company(key="a", name="Maes"),
        Company(key="b", name="Peeters", postcode="9000"),
        Company(key="c", name="Claes", vat="BE0202239951"),
    ]
    outcome = simulate(lines, companies, Criterion("all", ("name",)))
    assert [edit.company for edit in outcome.name_only] == ["a"]


def test_the_recommended_criterion_adds_fewest_and_hits_no_other_firm() -> None:
    lines = [
        Line(number=1, name="Maes", vat="BE0403019261"),
        Line(number=2, name="Peeters", vat="BE0202239951"),
    ]
    companies = [
        Company(key="a", name="Maes", vat="BE0202239951"),  # another firm of that name
        Company(key="b", name="Garage Peeters", vat="BE0202239951"),
    ]
    outcomes = every(lines, companies)
    chosen = recommended(outcomes)
    assert chosen is not None
    assert chosen.criterion.id == "vat"
    assert not chosen.wrong


def test_criteria_that_no_row_can_meet_are_not_offered() -> None:
    outcomes = every([Line(number=1, name="Maes")], [Company(key="a", name="Maes")])
    assert {outcome.criterion.id for outcome in outcomes} == {
        "name",
        "name|vat",
        "name|email",
        "name|vat|email",
    }
    assert recommended([]) is None


def test_the_whole_route_in_the_practice_company_ends_as_foretold(tmp_path: Path) -> None:
    from octowizard.customers import exports

    world = SCENARIOS["c"].build(3, 40, 10)
    perform(world, "import-companies-from-octopus", {})
    segment = tmp_path / "segment.xlsx"
    perform(world, "export-companies", {"file": str(segment), "tag": "Octopus Import"}, tmp_path)
    everything = tmp_path / "all.csv"
    perform(world, "export-companies", {"file": str(everything)}, tmp_path)
    known = exports.read(everything).customers
    export = exports.read(segment, declared=True)
    busy = {i.data["invoicee"]["customer"]["id"] for i in world.teamleader.invoices.values()}
    rows = cleaned(export, [one for one in known if "Octopus Import" not in one.tags])
    stay = staying(known, rows.deleted, busy)
    outcomes = every(rows.lines, stay)
    chosen = recommended(outcomes)
    assert chosen is not None
    assert not chosen.wrong
    perform(world, "delete-segment", {"tag": "Octopus Import"})
    assert {one.key for one in stay} == set(world.teamleader.companies)
    done = _done(world, list(rows.lines), chosen.criterion, tmp_path)
    _agree(chosen, done, list(rows.lines))
