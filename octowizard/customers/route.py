"""The automatic route: a segment export becomes the .csv to import; what cannot be undone; what the import then did.

Teamleader's recipe (support article 25691321114897): export the segment tagged `Octopus Import`, delete it, import
Name, Accounting package customer number and VAT number again, then merge by hand what was added. Not here: what the
import would do for each criterion (`simulate.py`).
"""

from __future__ import annotations

import csv
import io
import itertools
import os
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from octowizard.customers.by_hand import BadTable
from octowizard.customers.exports import Export
from octowizard.customers.simulate import Company, Field, Line, Outcome, company_of
from octowizard.locale import _, ngettext
from octowizard.matching.record import Customer
from octowizard.matching.vat_numbers import vat_key
from octowizard.teamleader.models import IMPORT_TAG
from octowizard.workspace.names import refusal

# What Teamleader's import takes (support article 25691237031697): MB are taken as decimal ones, the stricter reading.
MOST_ROWS: Final = 35_000
MOST_BYTES: Final = 5_000_000
RECOMMENDED_ABOVE: Final = 50  # support article 25691321114897
# The titles that the article names; Zip Code and Email as the import's fields are called.
TITLES: Final[tuple[str, ...]] = ("Name", "Accounting package customer number", "VAT number")
_MORE: Final[dict[Field, str]] = {"postcode": "Zip Code", "email": "Email"}
# Semicolons and a mark that says UTF-8: what a Belgian spreadsheet opens rightly (inferred; the articles name neither).
SEPARATOR: Final = ";"
ENCODING: Final = "utf-8-sig"
# The signs a spreadsheet begins a formula with, and their full-width twins, which some take for the same.
_FORMULA: Final = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−")
_KEPT_CONTROLS: Final = frozenset("\u200c\u200d")  # they join letters: within Persian names and pictures


class Cleaned(msgspec.Struct, frozen=True):
    """The rows to import, and what was noticed on the way.

    `unnamed`: rows without a name, which the import refuses. `unnumbered`: lines without a customer number: they
    would be matched and gain nothing. `guarded`: those whose name a spreadsheet would take for a formula.
    `unreadable`: rows whose name may be read wrongly, and is not written. `plainer`: those whose name is written
    without line breaks and what does not show. `deleted`: ids of the companies of the export, where it has them.
    """

    lines: tuple[Line, ...]
    unnamed: tuple[int, ...]
    unnumbered: tuple[int, ...]
    guarded: tuple[int, ...]
    deleted: frozenset[str]
    unreadable: tuple[int, ...] = ()
    plainer: tuple[int, ...] = ()


def guarded(text: str) -> str:
    """The text as a spreadsheet may open it: without control characters, and never a formula.

    Controls, and characters without a shape of their own, are left out (a line break becomes a blank): they could
    hide a formula sign, and no import needs them. What then begins with such a sign gets an apostrophe in front.
    """
    shown = text
    if not text.isascii() or not text.isprintable():
        spaced = (" " if letter in "\t\r\n\v\f\u0085\u2028\u2029" else letter for letter in text)
        shown = "".join(
            letter
            for letter in spaced
            if letter in _KEPT_CONTROLS or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
        )
    return f"'{shown}" if _is_formula(shown) else shown


def _is_formula(text: str) -> bool:
    """Whether the first character that shows is a sign that a formula begins with."""
    return text.lstrip(_NOT_SHOWN)[:1] in _FORMULA and bool(text.strip(_NOT_SHOWN))


# Every blank of Unicode, and the two that join letters.
_NOT_SHOWN: Final = (
    " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
    "\u200c\u200d"
)


def aligned(export: Export, known: Sequence[Customer]) -> dict[str, Customer]:
    """The company of Teamleader that each row of the export surely is, by the row's key. Seconds with thousands."""
    from octowizard.matching.engine import match

    there = [one for one in known if one.kind != "person"]
    pairs = (pair for pair in match(export.customers, there) if pair.zone == "sure")
    return {export.customers[pair.left].key: there[pair.right] for pair in pairs}


def cleaned(
    export: Export, known: Iterable[Customer] = (), same: Mapping[str, Customer] | None = None
) -> Cleaned:
    """The rows of a segment export as they are to be imported. BadTable when a column that is needed is missing.

    `known`: the companies of Teamleader that stay. The import compares texts letter for letter, so a VAT number is
    written as Teamleader has it where it has it, else in one notation, `BE0456789123`. `same` (from `aligned`): rows
    written just as the company that they are, so that the import meets it, and does not change its name.
    """
    missing = [title for field, title in _NEEDED.items() if field not in export.fields]
    if missing:
        raise BadTable(
            _("{file} has no column {titles}: export the segment “{tag}” of Teamleader with it.").format(
                file=export.name, titles=", ".join(missing), tag=IMPORT_TAG
            )
        )
    if not export.customers:
        raise BadTable(_("{file} has titles and no rows: export the segment again.").format(file=export.name))
    notation = {key: one.vat for one in known if one.vat and (key := vat_key(one.vat, one.country))}
    lines: list[Line] = []
    unnamed: list[int] = []
    plainer: list[int] = []
    unreadable = frozenset(export.unreadable)
    rows = (number for number in itertools.count(1) if number not in export.skipped)
    for number, customer in zip(rows, export.customers, strict=False):
        if not customer.name:
            unnamed.append(number)
        if not customer.name or number in unreadable:
            continue
        key = vat_key(customer.vat, customer.country)
        line = Line(
            number=number,
            name=guarded(customer.name),
            vat=guarded(notation.get(key, key) if key else customer.vat),
            external=guarded(customer.external),
            postcode=guarded(customer.postcode),
            email=guarded(customer.emails[0] if customer.emails else ""),
        )
        twin = (same or {}).get(customer.key)
        if twin is not None:
            line = msgspec.structs.replace(
                line,
                name=guarded(twin.name),
                vat=guarded(twin.vat) or line.vat,
                postcode=guarded(twin.postcode) or line.postcode,
                email=guarded(twin.emails[0]) if twin.emails else line.email,
            )
        elif line.name.removeprefix("'") != customer.name.removeprefix("'"):
            plainer.append(number)
        lines.append(line)
    return Cleaned(
        lines=tuple(lines),
        unnamed=tuple(unnamed),
        unnumbered=tuple(line.number for line in lines if not line.external),
        guarded=tuple(
            line.number for line in lines if line.name.startswith("'") and _is_formula(line.name[1:])
        ),
        deleted=frozenset(c.key for c in export.customers) if "id" in export.fields else frozenset(),
        unreadable=export.unreadable,
        plainer=tuple(plainer),
    )


_NEEDED: Final = {"name": TITLES[0], "external": TITLES[1]}


def staying(
    customers: Iterable[Customer], deleted: Collection[str], with_documents: Collection[str] = ()
) -> list[Company]:
    """The companies that are still there after the segment was deleted, in the order given.

    `deleted`: the ids in the export; without them, those tagged `Octopus Import` go. A company with documents stays
    whatever is deleted: the bulk deletion refuses it (support article 25691338172561).
    """
    tag = IMPORT_TAG.casefold()

    def goes(customer: Customer) -> bool:
        if customer.key in with_documents:
            return False
        if deleted:
            return customer.key in deleted
        return any(one.casefold() == tag for one in customer.tags)

    return [company_of(one) for one in customers if one.kind != "person" and not goes(one)]


def files(lines: Sequence[Line], more: Sequence[Field] = ()) -> list[bytes]:
    """The .csv files to import, one after the other: as many as the import's limits make necessary.

    `more`: the fields beside name and VAT number that the criterion compares; they get a column of their own.
    """
    extra = tuple(field for field in more if field in _MORE)
    titles = _encoded((*TITLES, *(_MORE[field] for field in extra)))
    parts: list[list[bytes]] = []
    size = MOST_BYTES
    for line in lines:
        row = _encoded((line.name, line.external, line.vat, *(str(getattr(line, field)) for field in extra)))
        if not parts or size + len(row) > MOST_BYTES or len(parts[-1]) > MOST_ROWS:
            mark = "".encode(ENCODING)
            parts.append([mark + titles])
            size = len(mark) + len(titles)
        parts[-1].append(row)
        size += len(row)
    return [b"".join(part) for part in parts]


def _encoded(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=SEPARATOR, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode("utf-8", errors="replace")


def write(path: Path, contents: Sequence[bytes]) -> list[Path]:
    """Write the files: `out.csv`, or `out-1.csv`, `out-2.csv` when there are several. OSError names the file.

    Each appears whole or not at all. Nothing that was there before is overwritten: FileExistsError.
    BadTable for a name that not every system can bear.
    """
    if why := refusal(path.name):
        raise BadTable(why)
    several = len(contents) > 1
    paths = [
        path.with_name(f"{path.stem}-{place}{path.suffix}") if several else path
        for place in range(1, len(contents) + 1)
    ]
    for one in paths:
        if one.exists():
            raise FileExistsError(17, os.strerror(17), str(one))
    if not path.parent.is_dir():
        raise FileNotFoundError(2, os.strerror(2), str(path.parent))
    for one, content in zip(paths, contents, strict=True):
        unfinished = one.with_name(f".{one.name}.unfinished")
        unfinished.write_bytes(content)
        unfinished.replace(one)
    return paths


def irreversible(count: int) -> tuple[str, ...]:
    """What cannot be taken back on this route, and from which moment on, in the order in which it happens."""
    return (
        ngettext(
            "Deleting the segment takes {count} company out of Teamleader; for 30 days it can be restored from the "
            "recycle bin, one by one. Companies with documents are refused and stay.",
            "Deleting the segment takes {count} companies out of Teamleader; for 30 days they can be restored from "
            "the recycle bin, one by one. Companies with documents are refused and stay.",
            count,
        ).format(count=count),
        _(
            "Import now: what it changes in existing companies (name, customer number, VAT number) can never be "
            "taken back. Export all companies first: that file is the only way to see what was there."
        ),
        _("What the import adds can be taken back for about two weeks, by undoing the import."),
        _("Merging two companies by hand afterwards cannot be undone."),
    )


# --- what was foretold, and what came of it ----------------------------------------------------------------


class Prediction(msgspec.Struct, frozen=True):
    """What is kept until the import has been made. `before`: ids of the companies that were to stay; `leaving`: of
    those that were to be deleted first."""

    file: str
    lines: tuple[Line, ...]
    before: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    recommended: str
    leaving: tuple[str, ...] = ()


class NotImported(Exception):
    """Nothing of the import is to be seen in Teamleader yet; the message is one sentence."""


class AddedOne(msgspec.Struct, frozen=True):
    """A company that the import made, to be merged by hand. `line` 0: it fits no row of the file."""

    key: str
    name: str
    line: int
    foretold: bool


class Compared(msgspec.Struct, frozen=True):
    """Prediction against result. `unexpected`: lines that were to edit and were added; `missing`: the other way round.

    `fits`: ids of the criteria that would have done exactly this.
    """

    criterion: str
    edited: int
    added: tuple[AddedOne, ...]
    unexpected: tuple[int, ...]
    missing: tuple[int, ...]
    fits: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def as_foretold(self) -> bool:
        """Whether the import did what was foretold."""
        return not self.unexpected and not self.missing and all(one.line for one in self.added)


def compare(prediction: Prediction, after: Iterable[Customer], criterion: str = "") -> Compared:
    """Hold what Teamleader has now against what was foretold for a criterion (the recommended one when "").

    Companies that were not there before are those that were added; each is known by its name and VAT number. KeyError
    for a criterion that was not simulated; NotImported where there is nothing to compare with yet.
    """
    chosen = criterion or prediction.recommended
    outcomes = {outcome.criterion.id: outcome for outcome in prediction.outcomes}
    outcome = outcomes[chosen]
    there = [one for one in after if one.kind != "person"]
    before = set(prediction.before)
    _refuse_before_import(prediction, outcome, {one.key: one.name for one in there})
    lines_of: dict[tuple[str, str], list[int]] = {}
    for line in prediction.lines:
        lines_of.setdefault(_known_by(line.name, line.vat), []).append(line.number)
    foretold = set(outcome.added)
    added: list[AddedOne] = []
    seen: set[int] = set()
    for one in there:
        if one.key in before:
            continue
        numbers = [n for n in lines_of.get(_known_by(one.name, one.vat), ()) if n not in seen]
        number = next((n for n in numbers if n in foretold), numbers[0] if numbers else 0)
        seen.add(number)
        added.append(AddedOne(one.key, one.name, number, number in foretold))
    seen.discard(0)
    strangers = any(not one.line for one in added)
    return Compared(
        criterion=chosen,
        edited=len(prediction.lines) - len(seen),
        added=tuple(added),
        unexpected=tuple(sorted(seen - foretold)),
        missing=tuple(sorted(foretold - seen)),
        fits=tuple(name for name, one in outcomes.items() if not strangers and set(one.added) == seen),
        gone=tuple(sorted(before - {one.key for one in there})),
    )


def _refuse_before_import(prediction: Prediction, outcome: Outcome, there: Mapping[str, str]) -> None:
    """NotImported while what was to be deleted first is there, or nothing is new and no foretold edit shows.

    `there`: names by id. An edit shows where it was to change a name.
    """
    if left := sum(key in there for key in prediction.leaving):
        raise NotImported(
            ngettext(
                "{count} company of the segment is still in Teamleader: delete the segment, import the file, "
                "then compare.",
                "{count} companies of the segment are still in Teamleader: delete the segment, import the file, "
                "then compare.",
                left,
            ).format(count=left)
        )
    names = {line.number: line.name for line in prediction.lines}
    visible = [edit for edit in outcome.edited if names[edit.line] != edit.was and edit.company in there]
    unchanged = all(there[edit.company] == edit.was for edit in visible)
    if unchanged and (visible or outcome.added) and not there.keys() - set(prediction.before):
        raise NotImported(
            _("Nothing of {file} is to be seen in Teamleader yet: import the file, then compare.").format(
                file=prediction.file
            )
        )


def _known_by(name: str, vat: str) -> tuple[str, str]:
    """By what a company is known again, with or without the apostrophe that guards a formula."""
    return name.removeprefix("'"), vat.removeprefix("'")
