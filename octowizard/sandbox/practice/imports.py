"""Cleaning up duplicates in Teamleader's screens: the import from Octopus, bulk deletion, the import of a file.

As unforgiving as the vendor's: what an import changes cannot be taken back. How the import decides is written here a
second time, on purpose without a look at octowizard's own idea of it. Where the vendor's articles are silent: texts
are compared letter for letter, an empty one is like nothing, rows are taken in their order, of several companies that
fit the oldest is changed, and an empty cell changes nothing.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from heapq import heappop, heappush
from pathlib import Path
from random import Random
from typing import Any

from octowizard.sandbox.practice.action import BadArguments, Task, action, relation_name
from octowizard.sandbox.practice.exports import has_tag
from octowizard.sandbox.practice.files import file_meant, read_all
from octowizard.sandbox.state import Json, Kept, World
from octowizard.sandbox.teamleader.checks import iso
from octowizard.sandbox.worlds.customers import FACT_LANGUAGE, VAT_TYPE_NUMBER, bare_company

IMPORT_TAG = "Octopus Import"
MOST_ROWS, MOST_BYTES, MOST_COLUMNS = 35_000, 5_000_000, 200
_MOST_UNPACKED = 100_000_000  # bytes
_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)([0-9]+)""")  # of a row or a cell
# The columns that the import knows, by their titles; others are left alone, as a user leaves them unmapped.
_NAME, _NUMBER, _VAT, _ZIP, _EMAIL, _ID = (
    "Name",
    "Accounting package customer number",
    "VAT number",
    "Zip Code",
    "Email",
    "Teamleader ID",
)
_FIELDS = {
    "name": _NAME,
    "email": _EMAIL,
    "vat": _VAT,
    "vat_number": _VAT,
    "postcode": _ZIP,
    "zip_code": _ZIP,
}  # each title in a person's word and in that of the API
_VAT_TYPES = {number: kind for kind, number in VAT_TYPE_NUMBER.items()}
_LANGUAGES = {number: language for language, number in FACT_LANGUAGE.items()}

Row = dict[str, str]
_Key = tuple[str, ...]


# --- the slider ------------------------------------------------------------------------------------------


@action("import-companies-from-octopus")
def import_from_octopus(task: Task) -> Json:
    """The slider `Import companies from Octopus`: every active client becomes a company, whether it is there or not."""
    rng = Random(f"import/{task.world.seed}/{len(task.side.companies)}")
    made = 0
    for relation in task.dossier.relations.values():
        data = relation.data
        if not data.get("client") or data.get("active") is False:
            continue
        kept = bare_company(task.world, rng, relation_name(relation))
        email, telephone = data.get("email"), data.get("telephone")
        address = {
            "line_1": data.get("streetAndNr"),
            "postal_code": data.get("postalCode"),
            "city": data.get("city"),
            "country": data.get("country") or "BE",
            **dict.fromkeys(("area_level_two", "addressee")),
        }
        kept.data |= {
            "vat_number": data.get("vatNr") or None,
            "language": _LANGUAGES.get(data.get("factLanguage", 0), "nl"),
            "iban": data.get("ibanAccountNr"),
            "bic": data.get("bicCode"),
            "tags": [IMPORT_TAG],
            "emails": [{"type": "primary", "email": email}] if email else [],
            "telephones": [{"type": "phone", "number": telephone}] if telephone else [],
            "addresses": [{"type": "primary", "address": address}],
        }
        kept.hidden["external_id"] = str(relation.id)
        kept.hidden["vat_type"] = _VAT_TYPES.get(data.get("vatType", 0), "vat_liable")
        made += 1
    return {"companies": made, "tag": IMPORT_TAG}


# --- the bulk action -------------------------------------------------------------------------------------


@action("delete-segment")
def delete_segment(task: Task) -> Json:
    """Bulk action Delete on the companies with a tag: to the recycle bin, except those that have documents."""
    side, tag = task.side, task.text("tag")
    busy = {kept.data["invoicee"]["customer"]["id"] for kept in side.documents}
    chosen = [identity for identity, kept in side.companies.items() if has_tag(kept, tag)]
    gone = {identity: side.companies.pop(identity) for identity in chosen if identity not in busy}
    side.recycled |= gone
    for contact in side.contacts.values():
        links = contact.data["companies"]
        contact.data["companies"] = [link for link in links if link["company"]["id"] not in gone]
    names = [side.companies[identity].name for identity in chosen if identity in busy]
    return {"deleted": len(gone), "refused": len(names), "with_documents": names}


# --- the import of a file --------------------------------------------------------------------------------


@action("import-companies")
def import_companies(task: Task) -> Json:
    """Settings > Import: the rows change the companies that fit the criterion, and add the others."""
    rows, columns = _read(file_meant(task))
    how, fields = _criterion(task)
    for title in fields:
        if title not in columns:
            raise BadArguments(f"The file has no column {title!r} to compare.")
    for number, row in enumerate(rows, 1):
        if not row[_NAME]:
            raise BadArguments(f"Row {number} has no name; a company needs one.")
    # A preview does everything on a copy, and leaves the company as it was.
    preview = task.yes("preview")
    desk = _Desk(task.world, list(task.side.companies.values()), how, fields, preview)
    for row in rows:
        desk.take(row)
    counts = {"edited": len(desk.edited), "added": len(desk.added)}
    return {**counts, "preview": preview, "added_names": desk.added}


def _criterion(task: Task) -> tuple[str, list[str]]:
    """How rows and companies are compared, and by which titles.

    Either in one word (`name|vat`: any of them, `name+postcode`: all of them), or as `match` and `fields`.
    """
    written = task.text("match")
    if written in ("all", "any"):
        words, how, argument = task.text("fields").split(","), written, "fields"
    else:
        how, argument = "any" if "|" in written else "all", "match"
        words = re.split(r"[|+]", written)
        if "fields" in task or ("|" in written and "+" in written):
            raise BadArguments(
                f"match must be all or any with fields beside it, or one word such as name|vat, not {written!r}."
            )
    return how, [_field(word.strip(), argument) for word in words]


def _field(word: str, argument: str) -> str:
    if word not in _FIELDS:
        raise BadArguments(f"{argument} must be some of {', '.join(_FIELDS)}, not {word!r}.")
    return _FIELDS[word]


class _Desk:
    """The import under way. `edited` and `added` hold names, in the order of the rows."""

    def __init__(
        self, world: World, companies: list[Kept], how: str, fields: list[str], preview: bool
    ) -> None:
        self._world, self._how, self._fields, self._preview = world, how, fields, preview
        self._rng = Random(f"import/{world.seed}/{len(companies)}")
        self._companies = companies
        self._texts: list[Row] = []
        self._ids: dict[str, int] = {}
        self._places: dict[_Key, list[int]] = {}  # heaps; may hold places that have lost the key since
        for place, kept in enumerate(companies):
            self._texts.append(_texts(kept))
            self._ids[kept.data["id"]] = place
            self._enter(place)
        self.edited: list[str] = []
        self.added: list[str] = []

    def take(self, row: Row) -> None:
        """One row."""
        place = self._ids.get(row[_ID]) if row.get(_ID) else self._first_that_fits(row)
        if place is not None:
            self.edited.append(self._texts[place][_NAME])
            self._write(place, row)
            return
        self.added.append(row[_NAME])
        self._companies.append(
            Kept({}, {}) if self._preview else bare_company(self._world, self._rng, row[_NAME])
        )
        self._texts.append(dict.fromkeys((*_FIELDS.values(), _ID), ""))
        self._write(len(self._companies) - 1, row)

    def _keys(self, texts: Row) -> list[_Key]:
        """What a row and a company have in common when they fit: any of these keys."""
        pairs = [(title, texts[title]) for title in self._fields]
        if self._how == "any":
            return [pair for pair in pairs if pair[1]]
        return [tuple(value for _title, value in pairs)] if all(value for _title, value in pairs) else []

    def _enter(self, place: int) -> None:
        for key in self._keys(self._texts[place]):
            heappush(self._places.setdefault(key, []), place)

    def _first_that_fits(self, row: Row) -> int | None:
        fitting = []
        for key in self._keys(row):
            places = self._places.get(key, [])
            while places and key not in self._keys(self._texts[places[0]]):
                heappop(places)
            fitting += places[:1]
        return min(fitting, default=None)

    def _write(self, place: int, row: Row) -> None:
        for title in (_NAME, _VAT, _ZIP, _EMAIL):
            self._texts[place][title] = row.get(title) or self._texts[place][title]
        self._enter(place)
        if not self._preview:
            _put(self._companies[place], row, iso(self._world.clock.now()))


def _texts(kept: Kept) -> Row:
    data = kept.data
    email = kept.primary("emails")
    return {
        _ID: data["id"],
        _NAME: data["name"],
        _VAT: data["vat_number"] or "",
        _ZIP: kept.address.get("postal_code") or "",
        _EMAIL: email["email"] if email else "",
    }


def _put(kept: Kept, row: Row, now: str) -> None:
    data: dict[str, Any] = kept.data
    data["name"] = row[_NAME]
    data["vat_number"] = row.get(_VAT) or data["vat_number"]
    if row.get(_NUMBER):
        kept.hidden["external_id"] = row[_NUMBER]
    if row.get(_EMAIL):
        others = [entry for entry in data["emails"] if entry["type"] != "primary"]
        data["emails"] = [{"type": "primary", "email": row[_EMAIL]}, *others]
    if row.get(_ZIP):
        if primary := kept.primary("addresses"):
            primary["address"] = {**primary["address"], "postal_code": row[_ZIP]}
        else:
            # The import has a standard value for the country, and a user here sets it.
            blank = dict.fromkeys(("line_1", "city", "area_level_two", "addressee"))
            address = {**blank, "postal_code": row[_ZIP], "country": "BE"}
            data["addresses"].append({"type": "primary", "address": address})
    data["updated_at"] = now


def _read(file: Path) -> tuple[list[Row], list[str]]:
    """Rows by title, in the limits of the import. A text keeps its blanks only inside."""
    content = read_all(file, MOST_BYTES, "The file is larger than 5 MB.")
    if content.startswith(b"PK"):
        table = _workbook(content)
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
        separator = ";" if ";" in text.partition("\n")[0] else ","
        try:
            table = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        except csv.Error:
            raise BadArguments("The file is no .csv that can be read.") from None
    if not table:
        raise BadArguments("The file is empty.")
    titles, body = [title.strip() for title in table[0]], [row for row in table[1:] if any(row)]
    if len(titles) > MOST_COLUMNS:
        raise BadArguments(f"The file has more than {MOST_COLUMNS} columns.")
    if len(body) > MOST_ROWS:
        raise BadArguments(f"The file has more than {MOST_ROWS} rows.")
    known = [title for title in titles if title in (*_FIELDS.values(), _NUMBER, _ID)]
    if _NAME not in known:
        raise BadArguments(f"The file has no column {_NAME!r}.")
    if len(set(known)) < len(known):
        raise BadArguments("A field is there twice: each can be filled from one column only.")
    return [
        {title: cell.strip() for title, cell in zip(titles, row, strict=False) if title in known}
        | {title: "" for title in titles[len(row) :] if title in known}
        for row in body
    ], known


def _workbook(content: bytes) -> list[list[str]]:
    """The cells of the first sheet. How large the workbook is unpacked is looked at before it is opened."""
    from python_calamine import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sizes = {part.filename: part.file_size for part in parts.infolist()}
            fits = "xl/workbook.xml" in sizes and sum(sizes.values()) <= _MOST_UNPACKED
            sheets = [name for name in sizes if name.startswith("xl/worksheets/")] if fits else []
            fits = fits and all(_is_small(parts.read(name)) for name in sheets)
        cells = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python() if fits else None
    except Exception:  # whatever a damaged workbook makes a reader stumble over
        raise BadArguments("The file is no workbook that can be read.") from None
    if cells is None:
        raise BadArguments(
            f"The file is no .xlsx workbook of at most {MOST_ROWS} rows and {MOST_COLUMNS} columns."
        )
    return [[_cell(value) for value in row] for row in cells]


def _is_small(sheet: bytes) -> bool:
    """Whether no row or cell of a sheet lies beyond the limits: the reader makes room for all before the last."""
    for letters, digits in _PLACE.findall(sheet):
        column = 0
        for letter in letters[:4].upper():
            column = column * 26 + letter - 64
        if len(digits) > 7 or int(digits) > MOST_ROWS + 1 or column > MOST_COLUMNS:
            return False
    return True


def _cell(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
