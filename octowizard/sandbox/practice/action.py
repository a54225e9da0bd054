"""What an action is, how it reads its arguments, and how things are found by the names users write."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from octowizard.sandbox.state import EARLIEST, LATEST, Bookyear, Dossier, Journal, Json, Kept, Relation, World
from octowizard.sandbox.teamleader.checks import iso
from octowizard.sandbox.worlds.customers import printed_name

LONGEST = 500  # characters of an argument
LARGEST = 2**31 - 1  # the largest whole number that Octopus keeps
_TEXT = re.compile("[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,10})?")


class UnknownAction(ValueError):
    """There is no such action."""


class BadArguments(ValueError):
    """An action cannot be done as asked; the text is one sentence for the person who asked."""


class Arguments:
    """The arguments of one action as they came: from JSON, or as texts from a command line."""

    def __init__(self, action: str, given: Mapping[str, Any], files: Path | None = None) -> None:
        self.action = action
        self.files = files  # the folder for files that are read and written
        self._given = {name: value for name, value in given.items() if value is not None and value != ""}

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def text(self, name: str) -> str:
        """A text that must be there. Raises BadArguments."""
        if name not in self._given:
            raise BadArguments(f"The action {self.action} needs {name}.")
        given = self._given[name]
        if not isinstance(given, str | int | float | Decimal):
            raise BadArguments(f"{name} must be a text or a number, not {given!r}.")
        written = str(given).strip()
        if len(written) > LONGEST or not _TEXT.fullmatch(written):
            what = f"a text of at most {LONGEST} characters, without control characters"
            raise BadArguments(f"{name} must be {what}.")
        return written

    def text_or(self, name: str, fallback: str) -> str:
        """A text, or the fallback."""
        return self.text(name) if name in self._given else fallback

    def number(
        self, name: str, fallback: int | None = None, at_least: int = 0, at_most: int = LARGEST
    ) -> int:
        """A whole number, or the fallback. Raises BadArguments."""
        if name not in self._given and fallback is not None:
            return fallback
        written = self.text(name)
        whole = written.isascii() and written.isdigit() and len(written) <= 10
        if not whole or not at_least <= int(written) <= at_most:
            what = f"a whole number from {at_least} to {at_most}"
            raise BadArguments(f"{name} must be {what}, not {written!r}.")
        return int(written)

    def decimal(self, name: str) -> Decimal | None:
        """A number with a point or a comma, below a thousand million, with at most ten decimals; else None."""
        written = self.text(name).replace(",", ".")
        return Decimal(written) if _DECIMAL.fullmatch(written) else None

    def day(self, name: str, such_as: str = "2026-10-01") -> date:
        """A day of the years the practice clock knows. Raises BadArguments."""
        written = self.text(name)
        try:
            found = date.fromisoformat(written)
        except ValueError:
            found = date.min
        if not EARLIEST.date() <= found < LATEST.date():
            raise BadArguments(
                f"{name} must be a day such as {such_as}, from {EARLIEST.year} to {LATEST.year - 1}, "
                f"not {written!r}."
            )
        return found

    def amount(self, name: str) -> Decimal:
        """An amount above zero in whole cents, with a point or a comma. Raises BadArguments."""
        found = self.decimal(name)
        if found is None:
            raise BadArguments(f"{name} must be an amount such as 12.50, not {self.text(name)!r}.")
        exact = found.quantize(Decimal("0.01"))
        if exact != found or exact <= 0:
            raise BadArguments(f"{name} must be above zero and in whole cents, not {self.text(name)!r}.")
        return exact

    def share(self, name: str) -> Decimal:
        """A share above 0 and up to 1; `part` is a half. 1 when it is not given. Raises BadArguments."""
        written = self.text_or(name, "1")
        if written == "part":
            return Decimal("0.5")
        found = self.decimal(name) if name in self._given else Decimal(1)
        if found is None or not 0 < found <= 1:
            raise BadArguments(f"{name} must lie between 0 and 1, or be `part`, not {written!r}.")
        return found

    def yes(self, name: str) -> bool:
        """yes/no, true/false, 1/0; no when it is not given. Raises BadArguments."""
        written = self.text_or(name, "no").lower()
        if written in ("yes", "true", "1"):
            return True
        if written in ("no", "false", "0"):
            return False
        raise BadArguments(f"{name} must be yes or no, not {written!r}.")

    def one_of(self, name: str, *allowed: str) -> str:
        """One of the words. Raises BadArguments."""
        written = self.text(name)
        if written not in allowed:
            raise BadArguments(f"{name} must be one of {', '.join(allowed)}, not {written!r}.")
        return written


Run = Callable[[World, Arguments], Json]


@dataclass(frozen=True)
class Action:
    """One thing to do. `arguments`: name -> what to write there."""

    name: str
    summary: str
    arguments: dict[str, str]
    run: Run


DECLARED: dict[str, Action] = {}


@cache
def table() -> dict[str, tuple[str, dict[str, str]]]:
    """Action -> one line on it, and what to write for each of its arguments (`actions.json`)."""
    file = resources.files(__package__).joinpath("actions.json")
    rows: dict[str, tuple[str, dict[str, str]]] = json.loads(file.read_text(encoding="utf-8"))
    return rows


def action(name: str) -> Callable[[Run], Run]:
    """Declare the function that does a practice action, which has its row in `actions.json`."""

    def declare(run: Run) -> Run:
        DECLARED[name] = Action(name, *table()[name], run)
        return run

    return declare


def touched(world: World, record: Kept) -> None:
    """Stamp a record of Teamleader as changed now."""
    record.data["updated_at"] = iso(world.clock.now())


def only_one(fitting: list[Any], what: str, written: str, vendor: str) -> Any:
    """The one record that a name fits. Raises BadArguments when none does, or several do."""
    if len(fitting) != 1:
        many = f"more than one {what}" if fitting else f"no {what}"
        raise BadArguments(f"There is {many} {written!r} in {vendor}.")
    return fitting[0]


def unmatched(dossier: Dossier, key: tuple[int, str, int], shown: str) -> None:
    """Make sure that no match holds the document with this key. Raises BadArguments."""
    for balancing in dossier.balancings:
        for side in (balancing.debet, balancing.credit):
            if (side["bookyearKey"]["id"], side["journalKey"], side["documentSequenceNr"]) == key:
                raise BadArguments(f"{shown} is reconciled; undo that first.")


def calendar_year(year: Bookyear) -> str:
    """The calendar year that a fiscal year begins in."""
    return str(year.data["startDate"][:4])


def today(world: World) -> date:
    """The practice day (UTC)."""
    return world.clock.now().date()


def dossier_of(world: World) -> Dossier:
    """The company file that is open on the desktop: the first one."""
    return next(iter(world.octopus.dossiers.values()))


def year_named(dossier: Dossier, written: str) -> Bookyear:
    """A fiscal year by the calendar year it begins in, or by its description. Raises BadArguments."""
    for year in dossier.bookyears.values():
        if written in (year.data["startDate"][:4], year.data["bookyearDescription"]):
            return year
    known = ", ".join(calendar_year(year) for year in dossier.bookyears.values()) or "none"
    raise BadArguments(f"There is no fiscal year {written} in Octopus; there are: {known}.")


def year_meant(world: World, arguments: Arguments) -> Bookyear:
    """The year that `year` names, or that of the practice day. Raises BadArguments."""
    return year_named(dossier_of(world), arguments.text_or("year", str(today(world).year)))


def journal_meant(world: World, arguments: Arguments) -> Journal:
    """The journal that `journal` names, in `year` or that of the practice day. Raises BadArguments."""
    dossier, year = dossier_of(world), year_meant(world, arguments)
    key = arguments.text("journal").upper()
    journal = dossier.journals.get((year.id, key))
    if journal is None:
        known = ", ".join(sorted(name for number, name in dossier.journals if number == year.id)) or "none"
        raise BadArguments(
            f"There is no journal {key} in fiscal year {calendar_year(year)}; there are: {known}."
        )
    return journal


def teamleader_document(world: World, written: str) -> Kept:
    """A booked invoice (`2026 / 15`) or credit note (`2026/3`), by number or id. Raises BadArguments.

    Exactly written numbers win; `2026/15` also finds the invoice `2026 / 15` when no credit note has it.
    """
    side = world.teamleader
    for identity in (side.invoices.get(written), side.credit_notes.get(written)):
        if identity is not None:
            return identity
    notes = {kept.data["credit_note_number"]: kept for kept in side.credit_notes.values()}
    invoices = {kept.data["invoice_number"]: kept for kept in side.invoices.values()}
    prefix, _, number = written.partition("/")
    spaced = f"{prefix.strip()} / {number.strip()}"
    found = invoices.get(written) or notes.get(written) or invoices.get(spaced)
    if found is None:
        raise BadArguments(f"There is no booked document {written!r} in Teamleader.")
    return found


def invoice_named(world: World, written: str) -> Kept:
    """A booked invoice by number or id. Raises BadArguments, also for a credit note."""
    found = teamleader_document(world, written)
    if "invoice_number" not in found.data:
        raise BadArguments(f"{written} is a credit note, not an invoice.")
    return found


def customer_named(world: World, written: str) -> Kept:
    """A company or contact by id or exact name, ignoring case. Raises BadArguments, also when two bear it."""
    side = world.teamleader
    by_id = side.companies.get(written) or side.contacts.get(written)
    if by_id is not None:
        return by_id
    wanted = written.casefold()
    customers = [*side.companies.values(), *side.contacts.values()]
    named = [kept for kept in customers if printed_name(kept).casefold() == wanted]
    customer: Kept = only_one(named, "customer named", written, "Teamleader")
    return customer


def relation_named(dossier: Dossier, written: str) -> Relation:
    """A relation by its number or exact name, ignoring case. Raises BadArguments, also when two bear it."""
    if written.isascii() and written.isdigit() and int(written) in dossier.relations:
        return dossier.relations[int(written)]
    wanted = written.casefold()
    cards = dossier.relations.values()
    named = [relation for relation in cards if relation_name(relation).casefold() == wanted]
    relation: Relation = only_one(named, "relation", written, "Octopus")
    return relation


def relation_name(relation: Relation) -> str:
    """The name on the relation card; of a person, first name first."""
    return " ".join(part for part in (relation.data.get("firstName"), relation.data.get("name")) if part)


def relation_number(relation: Relation) -> int:
    """Octopus' own number of a relation."""
    return int(relation.data["relationIdentificationServiceData"]["relationKey"]["id"])
