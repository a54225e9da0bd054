"""What the columns of a list of customers mean: titles in English, Dutch and French, and the vendors' own.

Gives each row as the matching sees it (`Customer`), and what the vendors' screens show and their APIs do not
(`Declared`). Not here: the reading of files (`tables.py`).

Sources of the titles: Teamleader's import and export fields (support articles 25691845208465 and 25691321114897),
the members of both APIs, the labels of Octopus' relation card. Titles that nobody has seen are inferred.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from octowizard.customers.tables import BadTable, Table, open_table
from octowizard.locale import _
from octowizard.matching.record import Customer

VatType = Literal[
    "", "vat_liable", "intra_community_eu", "outside_eu", "private_person", "exempted_from_vat", "contractor"
]


class Declared(msgspec.Struct, frozen=True, gc=False):
    """What one row of an export shows that no API does.

    `key` as that of the row's customer; `id` its Teamleader ID, "" where there is no such column. `external`: the
    accounting package's customer number, digits as written. `vat_type`: Teamleader's text code; "" is empty or unknown.
    """

    key: str
    id: str
    name: str
    external: str
    vat_type: VatType


class Export(msgspec.Struct, frozen=True):
    """A list of customers as a file holds it.

    `fields`: what its columns were recognised as. `has_ids`: the customers' keys are those of a column of ids; else
    they are the numbers of the rows below the titles, from 1, empty rows not counted. `declared` is in the order of
    `customers`; empty where the file declares nothing.
    """

    name: str
    header: tuple[str, ...]
    fields: frozenset[str]
    has_ids: bool
    customers: list[Customer]
    declared: list[Declared]


# What a column can be, with its titles; compared without case, accents, blanks and signs.
_TITLES: dict[str, str] = {
    "id": """id | rec_id | record id | recid | uuid | key | Teamleader ID | customer id | contact id |
        row id | rowid | unique id | klant id | client id | id Teamleader | identifier | identifiant | guid |
        identifiant Teamleader | id klant | id contact | id customer | id left | id right | ltable id |
        rtable id""",
    "external": """external id | extern id | externe id | ID externe | external number | extern nummer |
        numéro externe | Accounting package customer number | Klantnummer boekhoudpakket |
        Boekhoudpakket klantnummer | Klantnummer in boekhoudpakket | Numéro de client logiciel comptable |
        Numéro de client du logiciel comptable | Numéro client logiciel de comptabilité | bookkeeping id |
        externalRelationId | external relation id | octopus id | octopus number | octopusnummer |
        numéro octopus | External Relationship No. (Other Package) | Extern Relatie Nr (Ander Pakket) |
        Numéro de relation externe (autre logiciel) | extern relatienummer | extern klantnummer |
        Klantnummer boekhouding | Boekhoudnummer | Numéro de client comptabilité | Numéro client comptable |
        accounting number | accounting customer number | identifiant externe | external reference |
        externe referentie | référence externe""",
    "relation": """relation id | relationId | relation key | relation number | relatienummer | relatienr |
        relation nr | numéro de relation |
        numéro relation | Relationship No. | id relatie | id relation | relatie id""",
    "name": """name | naam | nom | company name | bedrijfsnaam | firmanaam | nom de l'entreprise |
        nom de la société | raison sociale | dénomination | dénomination sociale | benaming | full name |
        volledige naam | nom complet | customer name | klantnaam | nom du client | relation name | relatienaam |
        organisation | organization | organisatie | business name | legal name | official name |
        maatschappelijke naam | Relationship name | name of company | naam van het bedrijf |
        nom société | trade name | handelsnaam | nom commercial""",
    "party": "customer | klant | client | relatie | relation",
    "company": """company | bedrijf | firma | société | entreprise | employer | werkgever | linked company |
        gekoppeld bedrijf | entreprise liée | vennootschap""",
    "company_id": "company id | bedrijf id | linked company id | id entreprise",
    "first_name": "first name | given name | forename | voornaam | prénom | fname",
    "last_name": """last name | surname | family name | achternaam | familienaam | nom de famille |
        nom de famille du contact | lname""",
    "vat": """vat | vat number | vat no | vat nr | vatNr | btw | btw nummer | btw nr | btw-nummer | tva |
        numéro de tva | n° tva | no tva | num tva | numéro tva | tva-nummer | tax number | tax id | vat id | vatid |
        enterprise number | ondernemingsnummer | ondernemingsnr | numéro d'entreprise | numéro entreprise |
        kbo | kbo nummer | bce | numéro bce | enterprise no | company number | btw ondernemingsnummer""",
    "national": """national identification number | nationaal identificatienummer |
        numéro d'identification nationale | national number | rijksregisternummer | numéro national |
        numéro de registre national | insz | niss | soc_sec_id | social security number | ssn |
        registration number""",
    "street": """street | straat | rue | address | adres | adresse | street and number | street and nr |
        streetAndNr | straat en nummer | straat en nr | straat + nr | rue et numéro | rue et n° | address 1 |
        address line 1 | address line | line 1 | line_1 | adresregel 1 | adres 1 | ligne d'adresse 1 |
        adresse 1 | adresse principale | hoofdadres | street name | straatnaam | nom de rue | street address |
        street line""",
    "street_more": "address 2 | address line 2 | line 2 | adresregel 2 | adres 2 | adresse 2",
    "number": """house number | huisnummer | house nr | huisnr | numéro de maison | numéro de rue | street number |
        street nr | building number | house no""",
    "box": "box | bus | boîte | bte | po box | postbus",
    "postcode": """postcode | postal code | post code | zip | zip code | zipcode | postal | code postal | postnummer |
        CP | postnr""",
    "city": """city | town | place | gemeente | stad | plaats | woonplaats | ville | commune | localité |
        locality | suburb | municipality""",
    "region": "region | state | province | provincie | regio | région | area_level_two | county",
    "country": "country | land | pays | country code | landcode | landencode | code pays",
    "email": """email | e-mail | mail | email address | e-mail address | e-mailadres | mailadres |
        adresse e-mail | adresse mail | courriel | adresse électronique | emails | e-mailadressen |
        primair e-mailadres | e-mailadres facturatie | primary email |
        invoicing email | invoice email |
        facturatie e-mail | facturatie-e-mailadres | e-mail facturatie | e-mail de facturation""",
    "phone": """phone | telephone | telefoon | téléphone | phone number | telephone number | telefoonnummer |
        numéro de téléphone | tel | mobile | mobile phone | gsm | gsm nummer | portable | mobiel |
        mobile number | cell phone | telefoonnummers | gsm nr | phones | telephones | tel nr""",
    "iban": """iban | iban number | ibannummer | numéro iban | iban account nr | ibanAccountNr | bank account |
        bankrekening | bankrekeningnummer | rekeningnummer | rekening | compte bancaire |
        numéro de compte | numéro de compte bancaire | iban nr | compte iban | account number | bank account number""",
    "website": "website | web site | site web | url | web | site | homepage | webpage | website url | webadres",
    "born": """birth date | birthdate | date of birth | geboortedatum | date de naissance | dob | born |
        birthday | date_of_birth""",
    "tags": "tags | tag | labels | étiquettes | mots-clés",
    "kind": """type | kind | soort | genre | customer type | klanttype | type de client | soort klant |
        type klant | entity type | record type""",
    "vat_type": """vat type | vat liability | btw-type | btw type | type btw | btw-plicht | btw plicht |
        btw-plichtigheid | btw-regime | btw-statuut | type tva | type de tva | assujettissement |
        assujettissement à la tva | régime tva | régime de tva | vat status | vat regime | btw stelsel""",
}
# A title of one of these is a house number after a street, and nothing elsewhere: a customer's number in some other
# list must not pass for the one by which Octopus knows it.
_NUMBERS = "number | nummer | numéro | nr | no | num | n°"
# Words that qualify a title and do not change what it means; others (invoicing, delivery) make it another thing.
_QUALIFIERS = re.compile(
    r"^(?:primary|main|hoofd|principale?|company|bedrijf|entreprise|societe|contact|customer|klant|client|relation"
    r"|relatie|octopus|teamleader|src|source|left|right|general|algemeen|address|adresse|adres)+"
    r"|(?:primary|principale?|customer|klant|client|relation|relatie|company|bedrijf)$"
)
_VALUES_BY_TYPE: dict[VatType, str] = {
    "vat_liable": """1 | vat_liable | VAT liable | VAT-liable | liable | btw-plichtig | btwplichtig |
        belastingplichtig | assujetti | assujetti à la tva | Belgian VAT payer""",
    "intra_community_eu": """4 | intra_community_eu | intra-community | intra-community eu |
        Intra-Community VAT liable | intracommunautair | intracommunautaire | intra-communautaire |
        intracommunautair btw-plichtig""",
    "outside_eu": """6 | outside_eu | outside EU | outside the EU | buiten EU | buiten de EU | hors UE |
        en dehors de l'UE | hors de l'UE""",
    "private_person": """7 | 8 | 9 | private_person | private person | private | particulier |
        personne privée | privépersoon | privé""",
    "exempted_from_vat": """10 | exempted_from_vat | exempted from VAT | exempt | not VAT liable |
        not VAT-liable | niet btw-plichtig | vrijgesteld van btw | vrijgesteld | non assujetti |
        non assujetti à la tva | exonéré de tva | exempté de tva | exempté""",
    "contractor": """30 | contractor | contracting partner | medecontractant | mede-contractant |
        cocontractant | co-contractant""",
}
_COMPANIES = (
    "company | companies | bedrijf | firma | onderneming | société | entreprise | organisation | firm"
)
_PERSONS = """contact | person | persoon | particulier | personne | private person | private | individual | natural
    person | privépersoon | natuurlijke persoon"""


def _plain(title: str) -> str:
    decomposed = unicodedata.normalize("NFKD", title.replace("°", "o").casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


def _words(text: str) -> list[str]:
    return [_plain(" ".join(entry.split())) for entry in text.split("|")]


def _by_words(title: str) -> str:
    signs = unicodedata.normalize("NFKD", re.sub(r"\bn[°º]", "no ", title.casefold()))
    words = re.findall(r"[^\W_]+", "".join(sign for sign in signs if not unicodedata.combining(sign)))
    return " ".join(
        "no" if word in ("no", "nr", "num", "numero", "number", "nummer") else word
        for word in words
        if word not in _FILLING
    )


# "N° de TVA", "Numéro de la TVA" and "Numéro TVA" are one title; "BTW nr." and "BTW-nummer" too.
_FILLING = frozenset(("de", "du", "des", "d", "la", "le", "l", "les", "the", "of", "van", "het"))
_FIELD_OF = {title: field for field, titles in _TITLES.items() for title in _words(titles)}
_NUMBER_WORDS = frozenset(_words(_NUMBERS))
_VAT_TYPE_OF: dict[str, VatType] = {
    value: code for code, values in _VALUES_BY_TYPE.items() for value in _words(values)
}
_KIND_OF: dict[str, Literal["company", "person"]] = {}
_KIND_OF.update(dict.fromkeys(_words(_COMPANIES), "company"))
_KIND_OF.update(dict.fromkeys(_words(_PERSONS), "person"))
_BY_WORDS = {
    _by_words(title): field
    for field, titles in _TITLES.items()
    for title in titles.split("|")
    if title.strip()
}
# At least one of these makes a table a list of customers.
_TELLING = frozenset({"name", "last_name", "first_name", "vat", "national", "email", "phone", "iban"})
# What stands between several values in one cell.
_MAILS = (";", ",", " ", "\n")
_PHONES = (";", ",", " / ", "|", "\n")


def field_of(title: str) -> str | None:
    """What a title means (`vat`, `postcode`, ...); None when it is not known.

    "Stad/Gemeente", "Straat + nr", "Land (ISO)": titles of several words that mean one thing mean that.
    """
    parts = [part for part in _BETWEEN.split(title) if _plain(part)]
    if len(parts) > 1:
        meant = [_field_of(part) for part in parts]
        if meant[0] == "street" and all(
            field in ("street", "number", "box") or _plain(part) in _NUMBER_WORDS
            for field, part in zip(meant, parts, strict=True)
        ):
            return "street"
        if meant[0] is not None and all(
            field == meant[0] or _plain(part) in _REMARKS for field, part in zip(meant, parts, strict=True)
        ):
            return meant[0]
    return _field_of(title)


# What joins the words of a title of several, and what may stand beside one without changing it.
_BETWEEN = re.compile(r"[/+&()\[\]|]|\b(?:en|et|and)\b", re.IGNORECASE)
_REMARKS = frozenset(
    _words("iso | code | primair | primary | hoofd | main | principal | principale | zip | boekhoudpakket")
)


def _field_of(title: str) -> str | None:
    plain = _plain(title)
    bare = plain.rstrip("0123456789")
    for written in (plain, bare, _QUALIFIERS.sub("", bare)):
        if written in _FIELD_OF:
            return _FIELD_OF[written]
    return _BY_WORDS.get(_by_words(title))


def recognised(header: tuple[str, ...]) -> dict[str, list[int]]:
    """The places of the columns that each field has; fields without a column are left out."""
    found: dict[str, list[int]] = {}
    before = None
    for place, title in enumerate(header):
        field = field_of(title)
        if field is None and before == "street" and _plain(title) in _NUMBER_WORDS:
            field = "number"
        if field is not None:
            found.setdefault(field, []).append(place)
        before = field
    if "company_id" in found and "id" not in found:
        found["id"] = found.pop("company_id")
    if "company" in found and not found.keys() & {"name", "last_name"}:
        found["name"] = found.pop("company")
    party = found.pop("party", None)
    if party is not None and not found.keys() & {"name", "last_name"}:
        found["name"] = party
    if "name" in found and "first_name" in found and "last_name" not in found and "company" not in found:
        # Of persons, "Naam" or "Nom" beside a first name is the last name (Octopus' relation card does the same).
        found["last_name_or_name"] = found.pop("name")
    return found


def vat_type_of(written: str) -> VatType:
    """The VAT type that a code, a number or a label stands for; "" when it is none that is known."""
    return _VAT_TYPE_OF.get(_plain(written), "")


def read(path: Path, sheet: str = "", *, declared: bool = False) -> Export:
    """The customers of a file, with what it declares when that is asked for. BadTable in one sentence."""
    table = open_table(path, sheet)
    columns = recognised(table.header)
    if not columns.keys() & _TELLING and "last_name_or_name" not in columns:
        raise _unknown(table)
    customers: list[Customer] = []
    facts: list[Declared] = []
    wanted = declared and bool(columns.keys() & {"vat_type", "external"})
    rows = _customers(table, columns)
    for customer, written in rows:
        customers.append(customer)
        if wanted:
            facts.append(
                Declared(
                    key=customer.key,
                    id=customer.key if "id" in columns else "",
                    name=customer.name,
                    external=customer.external,
                    vat_type=vat_type_of(written),
                )
            )
    if "company" in columns:
        customers = _employed(customers)
    fields = frozenset("name" if field == "last_name_or_name" else field for field in columns)
    return Export(
        table.name, table.header, fields, bool(columns.keys() & {"id", "relation"}), customers, facts
    )


def _unknown(table: Table) -> BadTable:
    titles = ", ".join(title for title in table.header if title)
    shown = titles if len(titles) <= 120 else f"{titles[:120]}…"
    if len(table.sheets) > 1:
        return BadTable(
            _(
                "{file}, sheet “{sheet}”, has no column such as Name, VAT number or Email in its first row, but: "
                "{titles}; say which of its sheets holds the customers ({sheets})."
            ).format(file=table.name, sheet=table.sheet, titles=shown, sheets=", ".join(table.sheets))
        )
    return BadTable(
        _(
            "{file} has no column such as Name, VAT number or Email in its first row, but: {titles}; put the titles "
            "of the columns there."
        ).format(file=table.name, titles=shown)
    )


def _customers(table: Table, columns: dict[str, list[int]]) -> Iterator[tuple[Customer, str]]:
    """Each row as a customer, with its VAT type as written. Texts that occur often are held once."""
    nowhere = len(table.header)

    def at(field: str) -> int:
        return columns[field][0] if field in columns else nowhere

    def others(field: str) -> list[int]:
        return columns.get(field, [])[1:]

    ids, external, name, kinds = at("id"), at("external"), at("name"), at("kind")
    relation = at("relation")
    first, last, either = at("first_name"), at("last_name"), at("last_name_or_name")
    vat, national, street, more = at("vat"), at("national"), at("street"), at("street_more")
    house, box, postcode, city = at("number"), at("box"), at("postcode"), at("city")
    region, country, website, born = at("region"), at("country"), at("website"), at("born")
    company, company_id, tags, vat_type = at("company"), at("company_id"), at("tags"), at("vat_type")
    emails, phones, ibans = (columns.get(field, []) for field in ("email", "phone", "iban"))
    spare = [(columns[field][0], others(field)) for field in columns if field not in _LISTS and others(field)]
    held: dict[str, str] = {}
    once = held.setdefault
    said: dict[str, Literal["company", "person", ""]] = {"": ""}
    lean = not spare and not columns.keys() - _USUAL
    for number, row in enumerate(table.rows, 1):
        row.append("")
        written = row[kinds]
        if written not in said:
            said[written] = _KIND_OF.get(_plain(written), "")
        if lean:
            # Hardly any list has all columns, and those that are not given cost more than those that are.
            yield (
                Customer(
                    key=row[ids] or str(number),
                    name=_unguarded(row[name]),
                    kind=said[written],
                    vat=row[vat],
                    street=once(row[street], row[street]),
                    postcode=once(row[postcode], row[postcode]),
                    city=once(row[city], row[city]),
                    country=once(row[country], row[country]),
                    emails=_several(row, emails, _MAILS) if emails else (),
                    phones=_several(row, phones, _PHONES) if phones else (),
                    ibans=_several(row, ibans, _PHONES) if ibans else (),
                ),
                "",
            )
            continue
        for place, more_places in spare:
            if not row[place]:
                row[place] = next((row[other] for other in more_places if row[other]), "")
        whole, given = row[name], row[first]
        family = row[last] or row[either]
        if given or row[last]:
            person: Literal["company", "person", ""] = "" if whole and not family else "person"
            whole = whole or (f"{given} {family}" if given and family else given or family)
        else:
            whole = whole or family
            person = ""
        yield (
            Customer(
                key=row[ids] or row[relation] or str(number),
                name=_unguarded(whole),
                first_name=given,
                kind=said[written] or person,
                vat=row[vat],
                national=row[national],
                external=row[relation] or row[external],
                street=once(row[street], row[street]) or row[more],
                number=f"{row[house]} {row[box]}" if row[box] else row[house],
                postcode=once(row[postcode], row[postcode]),
                city=once(row[city], row[city]),
                region=once(row[region], row[region]),
                country=once(row[country], row[country]),
                emails=_several(row, emails, _MAILS) if emails else (),
                phones=_several(row, phones, _PHONES) if phones else (),
                ibans=_several(row, ibans, _PHONES) if ibans else (),
                website=row[website],
                born=row[born],
                company=row[company_id] or row[company],
                tags=tuple(tag.strip() for tag in row[tags].split(",") if tag.strip()) if row[tags] else (),
            ),
            row[vat_type],
        )


_LISTS = frozenset({"email", "phone", "iban"})
_USUAL = _LISTS | {"id", "name", "kind", "vat", "street", "postcode", "city", "country"}


def _several(row: list[str], places: list[int], between: tuple[str, ...]) -> tuple[str, ...]:
    """The values of columns of which there may be several, each of which may hold several."""
    if len(places) == 1:
        text = row[places[0]]
        if not text:
            return ()
        if text.isalnum():
            return (text,)
        for sign in between:
            if sign in text:
                break
        else:
            return (text,)
    else:
        text = between[0].join(row[place] for place in places if row[place])
    for sign in between[1:]:
        text = text.replace(sign, between[0])
    return tuple(dict.fromkeys(part.strip() for part in text.split(between[0]) if part.strip()))


def _unguarded(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking a name for a formula (`route.py` sets it)."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text


def _employed(customers: list[Customer]) -> list[Customer]:
    """Contacts with the key of their company, where exactly one company in the list bears the name they give."""
    seen = Counter(customer.name for customer in customers if customer.kind != "person" and customer.name)
    key_of = {customer.name: customer.key for customer in customers if seen[customer.name] == 1}
    return [
        msgspec.structs.replace(customer, company=key_of[customer.company])
        if customer.company in key_of and customer.company != customer.name
        else customer
        for customer in customers
    ]
