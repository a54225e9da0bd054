"""What an action is, how it reads its arguments, and how things are found by the names users write."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from octowizard.sandbox.state import (
    EARLIEST,
    LATEST,
    Bookyear,
    DocumentKey,
    Dossier,
    Journal,
    Json,
    Kept,
    Relation,
    TeamleaderSide,
    World,
)
from octowizard.sandbox.tables import table
from octowizard.sandbox.teamleader.checks import iso

LONGEST = 500  # characters of an argument
NOTHING = "none"  # what is written to empty a field, or to name no record
LARGEST = 2**31 - 1  # the largest whole number that Octopus keeps
_TEXT = re.compile("[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,10})?")


class UnknownAction(ValueError):
    """There is no such action."""


class BadArguments(ValueError):
    """An action cannot be done as asked; the text is one sentence for the person who asked."""


class Task:
    """One action to be done: the company, the arguments, and the records that the arguments name.

    Arguments come from JSON, or as texts from a command line. Every method raises BadArguments for one that is
    missing, is not of its kind, or names nothing.
    """

    def __init__(
        self, world: World, action: str, given: Mapping[str, Any], files: Path | None = None
    ) -> None:
        self.world = world
        self.action = action
        self.files = files  # the folder for files that are read and written
        self._given = {name: value for name, value in given.items() if value is not None and value != ""}

    def __contains__(self, argument: str) -> bool:
        return argument in self._given

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    @property
    def today(self) -> date:
        """The practice day (UTC)."""
        return self.now.date()

    @property
    def dossier(self) -> Dossier:
        """The company file that is open on the desktop: the first one."""
        return next(iter(self.world.octopus.dossiers.values()))

    @property
    def side(self) -> TeamleaderSide:
        return self.world.teamleader

    def touch(self, record: Kept) -> None:
        """Stamp a record of Teamleader as changed now."""
        record.data["updated_at"] = iso(self.now)

    # --- arguments that are values

    def text(self, name: str, fallback: str | None = None) -> str:
        """A text, or the fallback."""
        if name not in self._given:
            if fallback is not None:
                return fallback
            raise BadArguments(f"The action {self.action} needs {name}.")
        given = self._given[name]
        if not isinstance(given, str | int | float | Decimal):
            raise BadArguments(f"{name} must be a text or a number, not {given!r}.")
        written = str(given).strip()
        if len(written) > LONGEST or not _TEXT.fullmatch(written):
            what = f"a text of at most {LONGEST} characters, without control characters"
            raise BadArguments(f"{name} must be {what}.")
        return written

    def emptied(self, name: str) -> str:
        """A text that may be taken away: empty for `none`, and where nothing is given."""
        written = self.text(name, "")
        return "" if written == NOTHING else written

    def number(
        self, name: str, fallback: int | None = None, at_least: int = 0, at_most: int = LARGEST
    ) -> int:
        """A whole number, or the fallback."""
        if name not in self._given and fallback is not None:
            return fallback
        written = self.text(name)
        whole = written.isascii() and written.isdigit() and len(written) <= 10
        if not whole or not at_least <= int(written) <= at_most:
            what = f"a whole number from {at_least} to {at_most}"
            raise BadArguments(f"{name} must be {what}, not {written!r}.")
        return int(written)

    def decimal(self, name: str, what: str, fits: Callable[[Decimal], bool]) -> Decimal:
        """A number with a point or a comma, below a thousand million, with at most ten decimals.

        `what` it must be is said where it is none or does not fit.
        """
        written = self.text(name).replace(",", ".")
        if not _DECIMAL.fullmatch(written) or not fits(Decimal(written)):
            raise BadArguments(f"{name} must {what}, not {self.text(name)!r}.")
        return Decimal(written)

    def day(self, name: str, such_as: str = "2026-10-01") -> date:
        """A day of the years the practice clock knows."""
        written = self.text(name)
        try:
            day = date.fromisoformat(written)
        except ValueError:
            day = date.min
        if not EARLIEST.date() <= day < LATEST.date():
            raise BadArguments(
                f"{name} must be a day such as {such_as}, from {EARLIEST.year} to {LATEST.year - 1}, "
                f"not {written!r}."
            )
        return day

    def amount(self, name: str = "amount") -> Decimal:
        """An amount above zero in whole cents, with a point or a comma."""
        given = self.decimal(name, "be an amount such as 12.50", lambda _: True)
        exact = given.quantize(Decimal("0.01"))
        if exact != given or exact <= 0:
            raise BadArguments(f"{name} must be above zero and in whole cents, not {self.text(name)!r}.")
        return exact

    def share(self, name: str) -> Decimal:
        """A share above 0 and up to 1; `part` is a half. 1 when it is not given."""
        if self.text(name, "part") == "part":
            return Decimal("0.5" if name in self else 1)
        return self.decimal(name, "lie between 0 and 1, or be `part`", lambda share: 0 < share <= 1)

    def yes(self, name: str) -> bool:
        """yes/no, true/false, 1/0; no when it is not given."""
        written = self.text(name, "no").lower()
        if written not in ("yes", "true", "1", "no", "false", "0"):
            raise BadArguments(f"{name} must be yes or no, not {written!r}.")
        return written in ("yes", "true", "1")

    def one_of(self, name: str, *allowed: str, fallback: str | None = None) -> str:
        """One of the words, also as the screens write it (`VAT liable`), or the fallback."""
        written = self.text(name, fallback)
        words = {word.casefold().replace("_", " "): word for word in allowed}
        found = words.get(written.casefold().replace("_", " "))
        if found is None:
            raise BadArguments(f"{name} must be one of {', '.join(allowed)}, not {written!r}.")
        return found

    # --- arguments that name a record

    def year(self, *, default_today: bool = False) -> Bookyear:
        """The fiscal year that `year` names, by the calendar year it begins in or by its description.

        `default_today`: where none is named, that of the practice day.
        """
        written = self.text("year", str(self.today.year) if default_today else None)
        for year in self.dossier.bookyears.values():
            if written in (calendar_year(year), year.data["bookyearDescription"]):
                return year
        known = ", ".join(map(calendar_year, self.dossier.bookyears.values())) or "none"
        raise BadArguments(f"There is no fiscal year {written} in Octopus; there are: {known}.")

    def journal(self) -> Journal:
        """The journal that `journal` names, in `year` or that of the practice day."""
        journals, year = self.dossier.journals, self.year(default_today=True)
        key = self.text("journal").upper()
        if (year.id, key) not in journals:
            known = ", ".join(sorted(name for number, name in journals if number == year.id)) or "none"
            raise BadArguments(
                f"There is no journal {key} in fiscal year {calendar_year(year)}; there are: {known}."
            )
        return journals[year.id, key]

    def relation(self) -> Relation:
        """The relation that `relation` names, by its number or exact name, ignoring case."""
        written, relations = self.text("relation"), self.dossier.relations
        if written.isascii() and written.isdigit() and int(written) in relations:
            return relations[int(written)]
        wanted = written.casefold()
        named = [relation for relation in relations.values() if relation_name(relation).casefold() == wanted]
        relation: Relation = _only(named, f"relation {written!r} in Octopus")
        return relation

    def customer(self, name: str = "customer") -> Kept:
        """A company or contact by id or exact name, ignoring case."""
        written = self.text(name)
        by_id = self.side.companies.get(written) or self.side.contacts.get(written)
        if by_id is not None:
            return by_id
        wanted = written.casefold()
        named = [kept for kept in self.side.customers if kept.name.casefold() == wanted]
        customer: Kept = _only(named, f"customer named {written!r} in Teamleader")
        return customer

    def document(self, name: str = "document") -> Kept:
        """A booked invoice (`2026 / 15`) or credit note (`2026/3`), by number or id.

        Exactly written numbers win; `2026/15` also finds the invoice `2026 / 15` when no credit note has it.
        """
        written, side = self.text(name), self.side
        by_id = side.invoices.get(written) or side.credit_notes.get(written)
        if by_id is not None:
            return by_id
        notes = {kept.data["credit_note_number"]: kept for kept in side.credit_notes.values()}
        invoices = {kept.data["invoice_number"]: kept for kept in side.invoices.values()}
        prefix, _, number = written.partition("/")
        spaced = f"{prefix.strip()} / {number.strip()}"
        document = invoices.get(written) or notes.get(written) or invoices.get(spaced)
        if document is None:
            raise BadArguments(f"There is no booked document {written!r} in Teamleader.")
        return document

    def invoice(self) -> Kept:
        """The booked invoice that `invoice` names, by number or id."""
        document = self.document("invoice")
        if "invoice_number" not in document.data:
            raise BadArguments(f"{self.text('invoice')} is a credit note, not an invoice.")
        return document


Run = Callable[[Task], Json]


@dataclass(frozen=True)
class Action:
    """One thing to do. `arguments`: name -> what to write there."""

    name: str
    summary: str
    arguments: dict[str, str]
    run: Run


TABLE = "practice/actions.json"  # action -> one line on it, and what to write for each of its arguments
DECLARED: dict[str, Action] = {}


def action(name: str) -> Callable[[Run], Run]:
    """Declare the function that does a practice action, which has its row in `actions.json`."""

    def declare(run: Run) -> Run:
        summary, arguments = table(TABLE)[name]
        DECLARED[name] = Action(name, summary, arguments, run)
        return run

    return declare


def _only(fitting: list[Any], what: str) -> Any:
    """The one record that a name fits. Raises BadArguments when none does, or several do."""
    if len(fitting) != 1:
        raise BadArguments(f"There is {'more than one' if fitting else 'no'} {what}.")
    return fitting[0]


def unmatched(dossier: Dossier, key: DocumentKey, shown: str) -> None:
    """Make sure that no match holds the document with this key. Raises BadArguments."""
    if any(line[:3] == key for line in dossier.matched()):
        raise BadArguments(f"{shown} is reconciled; undo that first.")


def calendar_year(year: Bookyear) -> str:
    """The calendar year that a fiscal year begins in."""
    return str(year.data["startDate"][:4])


def relation_name(relation: Relation) -> str:
    """The name on the relation card; of a person, first name first."""
    return " ".join(part for part in (relation.data.get("firstName"), relation.data.get("name")) if part)
