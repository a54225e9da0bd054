"""What the columns of a list of customers mean: by their titles (`titles.toml`), or as the user sets it by hand.

Not here: the reading of files (`tables.py`), and the customers that the rows are (`exports.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Final, Literal, NamedTuple, TypeVar

import msgspec

from octowizard.customers.by_hand import BadTable, letter, place_of
from octowizard.locale import _

K = TypeVar("K")
VatType = Literal[
    "", "vat_liable", "intra_community_eu", "outside_eu", "private_person", "exempted_from_vat", "contractor"
]


class _Titles(msgspec.Struct, frozen=True):
    """`titles.toml`: what columns are called by field, and the words that stand for VAT types and kinds in them."""

    numbers: tuple[str, ...]
    remarks: tuple[str, ...]
    filling: frozenset[str]
    firms: tuple[str, ...]
    whole: tuple[str, ...]
    totals: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]
    groups: dict[str, tuple[str, ...]]
    vat_types: dict[VatType, tuple[str, ...]]
    kinds: dict[Literal["company", "person"], tuple[str, ...]]


_TITLES = msgspec.toml.decode((files("octowizard.customers") / "titles.toml").read_bytes(), type=_Titles)
# Words that qualify a title and do not change what it means; others (invoicing, delivery) make it another thing.
_QUALIFIERS = re.compile(
    r"^(?:primary|main|hoofd|principale?|company|bedrijf|entreprise|societe|contact|customer|klant|client|relation"
    r"|relatie|octopus|teamleader|src|source|left|right|general|algemeen|address|adresse|adres)+"
    r"|(?:primary|principale?|customer|klant|client|relation|relatie|company|bedrijf)$"
)


def plain(title: str) -> str:
    """A title without case, accents, blanks and signs."""
    decomposed = unicodedata.normalize("NFKD", title.replace("°", "o").casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


def _named_by(words: Mapping[K, Iterable[str]]) -> dict[str, K]:
    """What each word stands for."""
    return {plain(word): meant for meant, those in words.items() for word in those}


def _words(title: str) -> list[str]:
    signs = unicodedata.normalize("NFKD", re.sub(r"\bn[°º]", "no ", title.casefold()))
    return re.findall(r"[^\W_]+", "".join(sign for sign in signs if not unicodedata.combining(sign)))


def _by_words(title: str) -> str:
    return " ".join(
        "no" if word in ("no", "nr", "num", "numero", "number", "nummer") else word
        for word in _words(title)
        if word not in _TITLES.filling
    )


_FIELD_OF = _named_by(_TITLES.fields)
_BY_WORDS = {_by_words(title): field for field, titles in _TITLES.fields.items() for title in titles}
_GROUPS = [
    (tuple(_words(words)), group)
    for group, those in _TITLES.groups.items()
    for words in sorted(those, key=lambda one: -len(_words(one)))
]
_VAT_TYPE_OF = _named_by(_TITLES.vat_types)
_KIND_OF = _named_by(_TITLES.kinds)
_NUMBER_WORDS = frozenset(map(plain, _TITLES.numbers))
_REMARKS = frozenset(map(plain, _TITLES.remarks))
_FIRMS = frozenset(map(plain, _TITLES.firms))
_WHOLE = frozenset(map(plain, _TITLES.whole))
_TOTALS = frozenset(map(plain, _TITLES.totals))
# At least one of these makes a table a list of customers.
TELLING: Final = frozenset({"name", "last_name", "first_name", "vat", "national", "email", "phone", "iban"})
# These belong together: a street of one address with the town of another would be nowhere.
ADDRESS: Final = ("street", "street_more", "number", "box", "postcode", "city", "region", "country")
FIELDS: Final = tuple(field for field in _TITLES.fields if field != "party")
_LATER: Final = ("", "business", "billing", "home", "other", "user")  # which address comes first
_NOT_READ: Final = "shipping"
# What joins the words of a title of several.
_BETWEEN = re.compile(r"[/+&()\[\]|,]|\b(?:en|et|and|und)\b", re.IGNORECASE)
# What a column holds whose title names two things, whichever comes first and whatever stands between.
_TOGETHER: Final[dict[frozenset[str | None], str]] = {
    frozenset({"name", "first_name"}): "name",
    frozenset({"last_name", "first_name"}): "name",
    frozenset({"company", "name"}): "name",
    frozenset({"postcode", "city"}): "postcode_and_town",
}
_CODE_FIRST = re.compile(
    r"(?P<code>(?:[A-Z]{1,3}[- ])?\d{4,5}(?: ?[A-Z]{2}(?![^\s,-]))?)(?:[\s,–-]+(?P<town>\D.*)|(?P<none>))"
)
_CODE_LAST = re.compile(r"(?P<town>.*?\D)[\s,–-]*\(?(?P<code>(?:[A-Z]{1,3}-)?\d{4,5})\)?")
# As Google writes several of a kind: "Phone 1 - Value", "Address 2 - City".
_NUMBERED = re.compile(r"(.+?)\s*(\d+)\s*-\s*(.+)")
# As the open data of the register write one thing in several languages: "StreetNL".
_IN_A_LANGUAGE = re.compile(r"(?<=[a-z])(?:NL|FR|DE|EN)$")


def is_total(text: str) -> bool:
    """Is it what stands before a total below a list, with or without its number: "Totaal: 152"?"""
    return plain(text).rstrip("0123456789") in _TOTALS


def postcode_and_town(written: str) -> tuple[str, str]:
    """`9000 Gent`, `1012 AB Amsterdam` or `Gent (9000)` in two; without a postcode of four or five digits: a town."""
    if match := _CODE_FIRST.fullmatch(written):
        return match["code"], match["town"] or ""
    if match := _CODE_LAST.fullmatch(written):
        return match["code"], match["town"]
    return "", written


def field_of(title: str) -> str | None:
    """What a title means (`vat`, `postcode`, ...); None when it is not known.

    "Stad/Gemeente", "Straat + nr", "Land (ISO)": titles of several words that mean one thing mean that.
    """
    parts = [part for part in _BETWEEN.split(title) if plain(part)]
    if len(parts) > 1:
        meant = [_field_of(part) for part in parts]
        if meant[0] == "street" and all(
            field in ("street", "number", "box") or plain(part) in _NUMBER_WORDS
            for field, part in zip(meant, parts, strict=True)
        ):
            return "street"
        if meant[0] is not None and all(
            field == meant[0] or plain(part) in _REMARKS for field, part in zip(meant, parts, strict=True)
        ):
            return meant[0]
        if together := _TOGETHER.get(frozenset(meant)):
            return together
    return _field_of(title) or _of_two(title)


def _of_two(title: str) -> str | None:
    """What "Nom Prénom" and "CP Localité" mean, where nothing stands between the two."""
    words = title.split()
    pairs = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
    return next(
        (both for pair in pairs if (both := _TOGETHER.get(frozenset(map(_field_of, pair))))),
        None,
    )


def _field_of(title: str) -> str | None:
    written = plain(title)
    bare = written.rstrip("0123456789")
    for one in (written, bare, _QUALIFIERS.sub("", bare)):
        if one in _FIELD_OF:
            return _FIELD_OF[one]
    return _BY_WORDS.get(_by_words(title))


def meaning(title: str) -> tuple[str, str] | None:
    """The field of a title, and whose it is: "" of the customer itself, else `business`, `home`, `shipping`, …

    None when it is not known.
    """
    if numbered := _NUMBERED.fullmatch(title.strip()):
        return _numbered(*numbered.groups())
    if field := field_of(_IN_A_LANGUAGE.sub("", title.strip())):
        return field, ""
    words = _words(title)
    for those, group in _GROUPS:
        for at in {0, len(words) - len(those)}:
            rest = [*words[:at], *words[at + len(those) :]]
            if rest and rest[0].isdecimal():  # "Werkadres 2, straat"
                rest.append(rest.pop(0))
            if at >= 0 and rest and tuple(words[at : at + len(those)]) == those:
                field = field_of(" ".join(rest))
                if field:
                    return field, group
    counted = [word for word in words if not word.isdecimal()]  # "E-mail 2 Address"
    return meaning(" ".join(counted)) if 0 < len(counted) < len(words) else None


def _numbered(kind: str, number: str, part: str) -> tuple[str, str] | None:
    what = field_of(kind)
    if what in ("email", "phone", "website"):
        return (what, "") if plain(part) == "value" else None
    field = field_of(part)
    if what == "street" and field in ADDRESS:
        return field, "" if number == "1" else f"address {number}"
    return ("company", "") if plain(kind).startswith("organi") and plain(part) == "name" else None


# --- the columns of one list ------------------------------------------------------------------------------


class Columns(NamedTuple):
    """Which places of a row hold what.

    `fields`: the places of each field; of the addresses the first one's. `others`: the further addresses, each with the
    places of its fields, the first one first. `denied`: places of columns whose values are not what their title says.
    """

    fields: dict[str, list[int]]
    others: list[dict[str, list[int]]]
    denied: frozenset[int] = frozenset()

    def taken(self) -> dict[int, str]:
        """The field of each place that is read."""
        return {
            place: "last_name" if field == "last_name_or_name" else field
            for those in (*reversed(self.others), self.fields)
            for field, places in those.items()
            for place in places
        }


def known(row: Sequence[str]) -> int:
    """How many cells of a row are titles that are known."""
    return len({cell for cell in row if cell and len(cell) < 80 and meaning(cell) is not None})


def titles_at(rows: Sequence[Sequence[str]]) -> int:
    """The place of the row with the titles: the first that holds more than half as many known ones as the best row.

    One known title alone is a title only in a row that is wider than all above it: a letterhead is narrow. 0 when no
    row holds any.
    """
    counts = list(map(known, rows))
    best = max(counts, default=0)
    widest = 0
    for at, count in enumerate(counts):
        filled = sum(map(bool, rows[at]))
        if count and count * 2 > best and (at == 0 or count > 1 or filled > widest):
            return at
        widest = max(widest, filled)
    return 0


def holds_list(rows: Sequence[Sequence[str]]) -> bool:
    """Are these the first rows of a list of customers?"""
    return bool(rows) and bool(
        recognised(rows[titles_at(rows)]).fields.keys() & (TELLING | {"last_name_or_name"})
    )


def recognised(
    header: Sequence[str],
    by_hand: Iterable[tuple[str, int | None]] = (),
    denied: frozenset[int] = frozenset(),
) -> Columns:
    """What the columns under these titles hold. `by_hand`: field and place, which no title overrules; None: nowhere."""
    by_hand = list(by_hand)
    settled = {field for field, _place in by_hand}
    away = {place for _field, place in by_hand} | denied
    by_group: dict[str, dict[str, list[int]]] = {"": {}}
    before = None
    for place, title in enumerate(header):
        meant = meaning(title)
        if meant is None and before == "street" and plain(title) in _NUMBER_WORDS:
            meant = ("number", "")
        before = meant[0] if meant else None
        if meant is None or place in away or meant[0] in settled or meant[1] == _NOT_READ:
            continue
        field, group = meant
        by_group.setdefault(group if field in ADDRESS else "", {}).setdefault(field, []).append(place)
    fields = by_group.pop("")
    if "email" in fields:  # the address that somebody signs in with comes after the one that is written to
        fields["email"].sort(key=lambda place: (meaning(header[place]) or ("", ""))[1] == "user")
    for field, chosen in by_hand:
        if chosen is not None:
            fields.setdefault(field, []).append(chosen)
    _settle(fields, header, settled)
    addresses = sorted(
        by_group.items(), key=lambda one: (_LATER.index(one[0]) if one[0] in _LATER else 9, one[0])
    )
    others = [those for _group, those in addresses]
    if others and not any(field in fields for field in ("street", "postcode", "city")):
        fields |= {field: places for field, places in others.pop(0).items() if field not in fields}
    return Columns(fields, others, denied)


def _settle(fields: dict[str, list[int]], header: Sequence[str], settled: set[str]) -> None:
    """What a title means beside the other titles."""
    if "company_id" in fields and "id" not in fields:
        fields["id"] = fields.pop("company_id")
    if fields.keys() & {"first_name", "last_name"} and "name" in fields and "name" not in settled:
        # Beside the name of a person, a column that only a firm's name has is that of its company.
        firms = [place for place in fields["name"] if plain(header[place]) in _FIRMS]
        rest = [place for place in fields["name"] if place not in firms]
        if firms and "company" not in settled:
            fields.setdefault("company", []).extend(firms)
            fields["name"] = rest
            if not rest:
                del fields["name"]
    if "company" in fields and not fields.keys() & {"name", "last_name", "first_name"}:
        fields["name"] = fields.pop("company")
    party = fields.pop("party", None)
    if party is not None and not fields.keys() & {"name", "last_name"}:
        fields["name"] = party
    names = [plain(header[place]) for place in fields.get("name", ())]
    alone = "first_name" in fields and "last_name" not in fields and "name" not in settled
    if alone and names and not _WHOLE.intersection(names):
        # Beside a first name, "Naam" or "Nom" is the last name (Octopus' relation card does the same).
        fields["last_name_or_name"] = fields.pop("name")


def by_hand_places(
    file: str, header: Sequence[str], shift: int, columns: Iterable[tuple[str, str]]
) -> list[tuple[str, int | None]]:
    """The place of each column that is set by hand. BadTable for a field or a column that there is not.

    `shift`: columns before the first one, which letters count too.
    """
    places: list[tuple[str, int | None]] = []
    for field, column in columns:
        if field not in FIELDS:
            raise BadTable(
                _("There is no field “{field}”; a column can be one of these: {fields}.").format(
                    field=field, fields=", ".join(FIELDS)
                )
            )
        if column in ("", "-"):
            places.append((field, None))
            continue
        titled = [
            place for place, title in enumerate(header) if title and title.casefold() == column.casefold()
        ]
        lettered = place_of(column)
        place = titled[0] if titled else None if lettered is None else lettered - shift
        if place is None or not 0 <= place < len(header):
            raise BadTable(
                _(
                    "{file} has no column “{column}”: name one by its letter ({first} to {last}) or its title."
                ).format(file=file, column=column, first=letter(shift), last=letter(shift + len(header) - 1))
            )
        places.append((field, place))
    return places


# --- values that deny a title -----------------------------------------------------------------------------

_YES_NO = frozenset(
    {"ja", "nee", "yes", "no", "oui", "non", "true", "false", "waar", "onwaar", "x", "j", "n", "y"}
)


def _some_digit(value: str) -> bool:
    return any(sign.isdigit() for sign in value)


def _name_like(value: str) -> bool:
    return value.casefold() not in _YES_NO and not (len(value) == 1 and value.isdigit())


_MAY_BE: Final[dict[str, Callable[[str], bool]]] = {
    "email": lambda value: "@" in value,
    "website": lambda value: "." in value and " " not in value.strip(),
    "phone": lambda value: sum(sign.isdigit() for sign in value) >= 3,
    "vat": _some_digit,
    "iban": lambda value: (
        sum(sign.isdigit() for sign in value) >= 9
    ),  # fewer are a customer's account in the books
    "postcode": _some_digit,
    "born": _some_digit,
    "kind": lambda value: bool(kind_of(value)),
    "name": _name_like,
    "company": _name_like,
    "party": _name_like,
    "last_name_or_name": _name_like,
}
_FEW: Final = 0.2  # a column of which fewer values may be what the title says is something else


def denied_by(columns: Columns, sample: Sequence[Sequence[str]]) -> frozenset[int]:
    """The places whose values are not what their titles say, as far as these rows show. Empty cells say nothing."""
    denied = set()
    for place, field in columns.taken().items():
        if (may_be := _MAY_BE.get(field)) is None:
            continue
        values = [row[place] for row in sample if place < len(row) and row[place]]
        if values and sum(map(may_be, values)) < len(values) * _FEW:
            denied.add(place)
    return frozenset(denied)


# --- words within cells -----------------------------------------------------------------------------------


def vat_type_of(written: str) -> VatType:
    """The VAT type that a code, a number or a label stands for; "" when it is none that is known."""
    return _VAT_TYPE_OF.get(plain(written), "")


def kind_of(written: str) -> Literal["company", "person", ""]:
    """The kind of customer that a word stands for; "" when it is none that is known."""
    return _KIND_OF.get(plain(written), "")
