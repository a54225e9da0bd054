"""Whatever wrote a list, it is read back as it was, or refused in one sentence; it is never read otherwise."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octowizard.customers.by_hand import BadTable
from octowizard.customers.exports import read

LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8 with its mark": "utf-8-sig",
    "utf-16 with its mark": "utf-16",
    "utf-16 the other way, with its mark": "utf-16-be-mark",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32",
    "windows": "cp1252",
    "latin-1": "latin-1",
    "latin-9": "iso8859-15",
    "mac": "mac_roman",
    "dos": "cp850",
}
TITLES = ["Naam", "Straat", "Postcode", "Gemeente", "Land"]
ABOVE = ["Bakkerij De Smet bv", "Export of customers, 30/11/2026", ""]
# Pieces of names as Belgium, France and the Netherlands write them; every letter that their keyboards have.
PIECES = [
    "Café",
    "Crèmerie",
    "Pâtisserie",
    "Noël",
    "Zoë",
    "Élagage",
    "Bérénice",
    "Forêt",
    "Château",
    "Maître",
    "Garçon",
    "François",
    "Hélène",
    "Anaïs",
    "Loïc",
    "Benoît",
    "Gaëlle",
    "Aïcha",
    "Œuvre",
    "Sœur",
    "Cœur",
    "Là-bas",
    "Où",
    "Voilà",
    "Brûlé",
    "Müller",
    "Söhne",
    "Bäckerei",
    "Citroën",
    "België",
    "Coöperatie",
    "Geïnd",
    "Reünie",
    "Financiën",
    "Reëel",
    "Één",
    "Vóór",
    "Privé",
    "Île",
    "Étoile",
    "Édouard",
    "Évêque",
    "Hôtel",
    "Côté",
    "Bûche",
    "Août",
    "Häuser",
    "Straße",
    "L’Oréal",
    "d’Ieteren",
    "O’Brien",
    "Ça",
    "Français",
    "Naïve",
    "Égalité",
    "CAFÉ",
    "CRÈMERIE",
    "NOËL",
    "ÉLAGAGE",
    "FRANÇOIS",
    "Peeters",
    "Maes",
    "BV",
    "SRL",
    "NV",
    "SA",
    "&",
    "Fils",
    "Zonen",
    "De",
    "Smet",
    "Van",
    "den",
    "Berghe",
    "Jansens-Declercq",
    "Dupont,",
    "Jan;",
    "Piet",
    "|",
    "Tab",
    "'Zon'",
    '"Le',
    'Roi"',
    "+Plus",
    "(Gent)",
    "3M",
    "A/S",
    "Nº5",
    "n°7",
    "100%",
    "€uro",
    "Muñoz",
    "García",
    "Núñez",
    "Ångström",
    "Sørensen",
]
names = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join)
companies = st.lists(
    st.tuples(
        names,
        st.tuples(names, st.integers(1, 400)).map(lambda both: f"{both[0]} {both[1]}"),
        st.sampled_from(["9000", "1000", "01067", "06000", "L-1234", "1017 AB", ""]),
        st.sampled_from(["Gent", "Liège", "Namur", "Saint-Gérard", "'s-Gravenhage", "Köln", "Évry", ""]),
        st.sampled_from(["BE", "België", "Belgique", "FR", ""]),
    ),
    min_size=1,
    max_size=6,
)


def written(rows: list[list[str]], separator: str, *, quoted: bool) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerows(
        rows
    )
    return text.getvalue()


def encoded(text: str, encoding: str) -> bytes:
    if encoding == "utf-16-be-mark":
        return b"\xfe\xff" + text.encode("utf-16-be")
    return text.encode(encoding)


def outcome(file: Path) -> list[tuple[str, ...]] | str:
    """What is read, or the sentence."""
    try:
        return [(one.name, one.street, one.postcode, one.city, one.country) for one in read(file).customers]
    except BadTable as refused:
        return str(refused)


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=1500 if LONG else 25, deadline=None)
@given(
    rows=companies,
    separator=st.sampled_from(";,\t|"),
    quoted=st.booleans(),
    above=st.booleans(),
)
def test_a_list_is_read_back_or_refused_and_never_read_otherwise(
    encoding: str,
    rows: list[tuple[str, ...]],
    separator: str,
    quoted: bool,
    above: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = written([TITLES, *map(list, rows)], separator, quoted=quoted)
    if above:
        text = "".join(f"{line}\r\n" for line in ABOVE) + text
    file = tmp_path_factory.mktemp("list") / "list.csv"
    try:
        file.write_bytes(encoded(text, ENCODINGS[encoding]))
    except UnicodeEncodeError:
        return
    got = outcome(file)
    if isinstance(got, str):
        assert got.endswith(".")
        assert "\n" not in got
    else:
        assert got == rows
