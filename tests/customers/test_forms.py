"""The exports of other programs are read by the titles that these write, and what is none of ours is left out."""

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest

from octowizard.customers.columns import meaning, postcode_and_town
from octowizard.customers.exports import read
from octowizard.matching.record import Customer

FORMS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "data" / "forms.toml").read_text(encoding="utf-8")
)
# What a row that says nothing of them must not have.
NEVER = ("external", "national", "born")


@pytest.mark.parametrize("form", FORMS)
def test_an_export_of_another_program_is_read(form: str, tmp_path: Path) -> None:
    kept = FORMS[form]
    separator = max(";,", key=kept["titles"].count)
    titles = kept["titles"].split(separator)
    assert not kept["values"].keys() - set(titles)
    file = tmp_path / f"{form}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=separator)
        writer.writerows([titles, [kept["values"].get(title, "") for title in titles]])
    export = read(file)
    (customer,) = export.customers
    wanted = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept["reads"].items()
    }
    got = {name: getattr(customer, name) for name in (*wanted, *NEVER)}
    assert got == {**{name: getattr(Customer(key="1"), name) for name in NEVER}, **wanted}
    assert set(kept["left_out"]) <= set(export.reading.left_out)
    # Every column is said to be read as something, or left out; none is passed over in silence.
    assert sorted([*export.reading.left_out, *(title for title, _field in export.reading.taken)]) == sorted(
        titles
    )


def test_the_contacts_of_the_register_become_a_row_for_each_enterprise(tmp_path: Path) -> None:
    rows = [
        ("EntityNumber", "EntityContact", "ContactType", "Value"),
        ("0403.170.701", "ENT", "EMAIL", "info@maes.be"),
        ("0403.170.701", "ENT", "TEL", "09 233 44 55"),
        ("0403.170.701", "ENT", "EMAIL", "jan@maes.be"),
        ("0403.053.608", "EST", "WEB", "www.smet.be"),
    ]
    file = tmp_path / "contact.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    maes, smet = read(file).customers
    assert (maes.vat, maes.emails, maes.phones) == (
        "0403.170.701",
        ("info@maes.be", "jan@maes.be"),
        ("09 233 44 55",),
    )
    assert (smet.vat, smet.website) == ("0403.053.608", "www.smet.be")


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Naam en voornaam", "name"),
        ("Nom, Prénom", "name"),
        ("Voornaam Naam", "name"),
        ("Firma / Name", "name"),
        ("Postcode + gemeente", "postcode_and_town"),
        ("CP Localité", "postcode_and_town"),
        ("PLZ/Ort", "postcode_and_town"),
        ("Adres, nr", "street"),
        ("Tél. fixe", "phone"),
        ("Telefoon (vast)", "phone"),
        ("Naam, straat", None),
    ],
)
def test_a_title_of_two_things_is_read_as_both(title: str, field: str | None) -> None:
    assert (meaning(title) or (None, ""))[0] == field


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("9000 Gent", ("9000", "Gent")),
        ("B-9000 Gent", ("B-9000", "Gent")),
        ("1012 AB Amsterdam", ("1012 AB", "Amsterdam")),
        ("75001 PARIS", ("75001", "PARIS")),
        ("Gent (9000)", ("9000", "Gent")),
        ("4000 Liège 1", ("4000", "Liège 1")),
        ("9000", ("9000", "")),
        ("Sint-Niklaas", ("", "Sint-Niklaas")),
        ("", ("", "")),
    ],
)
def test_postcode_and_town_of_one_column_are_told_apart(written: str, parts: tuple[str, str]) -> None:
    assert postcode_and_town(written) == parts


def test_a_list_with_both_in_one_column_has_customers_with_both(tmp_path: Path) -> None:
    file = tmp_path / "l.csv"
    file.write_text("Naam en voornaam;Straat;Postcode + gemeente\nMaes Jan;Kerkstraat 5;9000 Gent\n", "utf-8")
    (maes,) = read(file).customers
    assert (maes.name, maes.postcode, maes.city) == ("Maes Jan", "9000", "Gent")
