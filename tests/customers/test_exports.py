"""Columns are known by their titles, in three languages and as both vendors write them."""

from pathlib import Path

import pytest

from octowizard.customers.by_hand import BadTable, ByHand
from octowizard.customers.columns import field_of, recognised, vat_type_of
from octowizard.customers.exports import Declared, read
from octowizard.matching.record import Customer
from octowizard.sandbox.practice import perform
from octowizard.sandbox.worlds import SCENARIOS


def written(folder: Path, *lines: str) -> Path:
    file = folder / "list.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("field", "titles"),
    [
        ("id", "id|ID|rec_id|Teamleader ID|uuid|ID Teamleader|Identifiant|ID klant"),
        ("name", "name|Naam|Nom|Company name|Bedrijfsnaam|Nom de l'entreprise|Raison sociale|Benaming|Naam klant"),
        ("first_name", "First name|given_name|Voornaam|Prénom"),
        ("last_name", "Last name|surname|Achternaam|Familienaam|Nom de famille"),
        ("vat", "vat|VAT number|Vat nr.|vatNr|Btw-nummer|BTW nr|N° TVA|Numéro de TVA|Ondernemingsnummer|vat_number"),
        ("street", "street|Straat|Rue|Address|Adres|Adresse|streetAndNr|Straat en nr.|address_1|line_1|Street 1"),
        ("number", "street_number|House number|Huisnummer|Huisnr."),
        ("postcode", "postcode|Zip Code|Postal code|Code postal|postal_code|postalCode|Primary address - Zip code"),
        ("city", "city|Gemeente|Stad|Ville|Commune|Localité|suburb|Woonplaats|Stad / gemeente"),
        ("region", "state|Provincie|Région"),
        ("country", "country|Land|Pays|country_code|Country (ISO)|Landencode"),
        ("email", "email|E-mail|E-mail 2|Email address|E-mailadres|Courriel|Adresse e-mail|Invoicing email"),
        ("phone", "phone|Telephone|Telefoon|Téléphone|GSM|Mobile phone|Telefoonnummer 1|tel.|N° de téléphone"),
        ("iban", "iban|IBAN|ibanAccountNr|Rekeningnummer|Compte bancaire|bank account|N° de compte"),
        ("external", "external id|External ID|external_id|Accounting package customer number|externalRelationId"),
        ("relation", "Relatienummer|Relation number|Numéro de relation|N° relation"),
        ("vat_type", "VAT type|VAT liability|Btw-plicht|Type TVA|Régime TVA"),
        ("tags", "tags|Tags"),
        ("website", "website|Site web|url"),
        ("born", "date_of_birth|Geboortedatum|Date de naissance|Birth date"),
        ("national", "soc_sec_id|Rijksregisternummer|Numéro national|National identification number"),
        ("kind", "type|Soort|Type klant"),
        ("vat", "N° de TVA|N° d'entreprise|BTW/KBO"),
        ("street", "Straat + nr|Rue / n°|Street & number"),
        ("postcode", "Postnr.|Postcode (primair)"),
        ("external", "Klantnummer boekhouding|Extern relatienummer"),
        (None, "Adres (levering)|E-mail/telefoon"),
        (None, "remarks|Opmerkingen|Language|Factuur adres|Delivery city|account manager|number|nr|customer number"),
    ],
)  # fmt: skip
def test_titles_in_three_languages_and_of_both_vendors_are_known(field: str | None, titles: str) -> None:
    assert {title: field_of(title) for title in titles.split("|")} == dict.fromkeys(titles.split("|"), field)


def test_a_number_after_a_street_is_a_house_number_and_nowhere_else_anything() -> None:
    assert recognised(("id", "Straat", "Nr", "Naam")).fields["number"] == [2]
    # The number that some other program gives a customer must not pass for the one of Octopus.
    assert "external" not in recognised(("Nr", "Naam", "Klantnummer")).fields


def test_the_persons_of_febrl_are_read_whole(tmp_path: Path) -> None:
    titles = "rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state"
    titles += ",date_of_birth,soc_sec_id"
    export = read(
        written(tmp_path, titles, "rec-1-org,ann,green,38,salk circuit,kela,dapto,4566,nsw,19480930,4365168")
    )
    assert export.customers == [
        Customer(
            key="rec-1-org",
            name="ann green",
            first_name="ann",
            kind="person",
            national="4365168",
            street="salk circuit",
            number="38",
            postcode="4566",
            city="dapto",
            region="nsw",
            born="19480930",
        )
    ]
    assert export.has_ids


def test_without_a_column_of_ids_a_row_is_known_by_its_number(tmp_path: Path) -> None:
    export = read(written(tmp_path, "Naam;Gemeente", "Maes;Gent", ";", "Peeters;Aalst"))
    assert [one.key for one in export.customers] == ["1", "2"]
    assert not export.has_ids


def test_an_empty_id_is_replaced_by_the_number_of_the_row(tmp_path: Path) -> None:
    export = read(written(tmp_path, "id;name", "A7;Maes", ";Peeters"))
    assert [one.key for one in export.customers] == ["A7", "2"]


def test_several_mails_and_phones_are_all_taken_once(tmp_path: Path) -> None:
    file = written(tmp_path, "name|E-mail 1|E-mail 2|phone|gsm", "Maes|a@x.be; b@x.be|a@x.be|09 1|0470 2")
    [one] = read(file).customers
    assert one.emails == ("a@x.be", "b@x.be")
    assert one.phones == ("09 1", "0470 2")


def test_the_relations_of_octopus_bear_their_number_as_key_and_as_the_number_in_octopus(
    tmp_path: Path,
) -> None:
    file = written(
        tmp_path, "Relatienummer;Naam;Voornaam;vatNr;streetAndNr", "1042;Maes;An;BE0403.019.261;Kerkstraat 1"
    )
    [one] = read(file).customers
    assert (one.key, one.external, one.name, one.first_name) == ("1042", "1042", "An Maes", "An")


def test_a_contact_knows_its_company_when_only_one_bears_the_name(tmp_path: Path) -> None:
    lines = (
        "id,type,name,first name,last name,company",
        "c1,company,Maes BV,,,",
        "p1,contact,,Jan,Maes,Maes BV",
    )
    company, contact = read(written(tmp_path, *lines)).customers
    assert (contact.kind, contact.name, contact.company) == ("person", "Jan Maes", "c1")
    assert (company.kind, company.company) == ("company", "")


def test_a_contact_is_tied_to_its_company_by_the_company_s_id(tmp_path: Path) -> None:
    lines = ("id,name,company id", "c1,Maes BV,", "p1,Jan Maes,c1")
    assert [one.company for one in read(written(tmp_path, *lines)).customers] == ["", "c1"]
    assert read(written(tmp_path, "company id,name", "c1,Maes BV")).customers[0].key == "c1"


def test_a_column_company_is_the_name_where_there_is_no_other(tmp_path: Path) -> None:
    assert [one.name for one in read(written(tmp_path, "id,company", "1,Maes BV")).customers] == ["Maes BV"]


def test_a_column_customer_is_the_name_where_there_is_no_other(tmp_path: Path) -> None:
    assert read(written(tmp_path, "klant,btw", "Maes NV,")).customers[0].name == "Maes NV"
    # Octopus' own mark of who buys stands under the same title.
    assert read(written(tmp_path, "klant,naam", "ja,Maes NV")).customers[0].name == "Maes NV"


def test_an_apostrophe_that_guards_a_formula_is_not_part_of_the_name(tmp_path: Path) -> None:
    names = [
        one.name for one in read(written(tmp_path, "name;city", "'=Sum BV;Gent", "'t Hof;Gent")).customers
    ]
    assert names == ["=Sum BV", "'t Hof"]


def test_a_list_without_any_column_that_tells_who_somebody_is_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        BadTable, match="has no column such as Name, VAT number or Email in its titles, but: a, b"
    ):
        read(written(tmp_path, "a;b", "1;2"))


def test_the_wrong_sheet_is_answered_with_the_names_of_the_others(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "f.xlsx"))
    book.add_worksheet("Totals").write_row(0, 0, ["month", "turnover"])
    book.add_worksheet("Customers").write_row(0, 0, ["id", "name"])
    book.close()
    with pytest.raises(BadTable, match=r"sheet “Totals”.*say which of its sheets.*\(Totals, Customers\)"):
        read(tmp_path / "f.xlsx", ByHand(sheet="Totals"))
    assert read(tmp_path / "f.xlsx").reading.sheet == "Customers"


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("vat_liable", "1|vat_liable|VAT liable|Btw-plichtig|Assujetti à la TVA"),
        ("intra_community_eu", "4|Intra-Community|intracommunautair"),
        ("outside_eu", "6|Outside the EU|buiten de EU|hors UE"),
        ("private_person", "7|Private person|Particulier"),
        ("exempted_from_vat", "10|Not VAT liable|niet btw-plichtig|Non assujetti"),
        ("contractor", "30|Contractor|medecontractant|Cocontractant"),
        ("", "|unknown|31"),
    ],
)
def test_the_vat_type_is_known_by_code_number_and_label(code: str, texts: str) -> None:
    assert {vat_type_of(text) for text in texts.split("|")} == {code}


@pytest.mark.parametrize("name", ["companies.xlsx", "companies.csv"])
def test_an_export_of_the_practice_company_declares_what_no_api_shows(tmp_path: Path, name: str) -> None:
    world = SCENARIOS["external-id-mismatch"].build(1, 20, None)
    perform(world, "export-companies", {"file": str(tmp_path / name)}, tmp_path)
    export = read(tmp_path / name, declared=True)
    assert [one.id for one in export.declared] == list(world.teamleader.companies)
    for one, kept in zip(export.declared, world.teamleader.companies.values(), strict=True):
        assert one == Declared(
            key=kept.data["id"],
            id=kept.data["id"],
            name=kept.data["name"],
            external=kept.hidden.get("external_id") or "",
            vat_type=kept.hidden["vat_type"],
        )
    assert not read(tmp_path / name).declared
