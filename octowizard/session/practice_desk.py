"""The control address of a practice company, as the practice desk needs it: what can be done there, and doing it.

Speaks HTTP to the address of the profile and nothing else; it blocks, so it is called in a thread. Only a practice
company has such an address. What people write in forms comes from `known`: names and numbers that exist there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from octowizard.locale import _
from octowizard.locale.practice import asked_name
from octowizard.session.practice_company import Decided, DeskError, exchange, reason_of

_T = TypeVar("_T")
_SECONDS = 60.0  # reading all of a large company takes a while
_WORDS = re.compile(r"\w+")
_MAY_BE_EMPTY = (
    "unless given",
    "not needed",
    "yes: ",
    "one's own",
    "one document: ",
    "the oldest ",
    "the share ",
    "none empties",
)


class Action(msgspec.Struct, frozen=True):
    """One thing that people do. `arguments`: name -> what to write there."""

    name: str
    summary: str
    arguments: Mapping[str, str] = {}


class Plant(msgspec.Struct, frozen=True):
    """One thing that is wrong: its problem, the documents it keeps from being booked, and the actions that cure it."""

    problem: str
    affected: tuple[str, ...] = ()
    cure: tuple[Mapping[str, Any], ...] = ()


class Planted(msgspec.Struct, frozen=True):
    """What is wrong with a practice company."""

    name: str
    plants: tuple[Plant, ...] = ()


class _Actions(msgspec.Struct, frozen=True):
    actions: list[Action]


class _Wrong(msgspec.Struct, frozen=True):
    error: str


class _Key(msgspec.Struct, frozen=True):
    id: int


class _Year(msgspec.Struct, frozen=True, rename="camel"):
    bookyear_key: _Key
    start_date: str


class _Journal(msgspec.Struct, frozen=True, rename="camel"):
    journal_key: str
    name: str = ""


class _Identity(msgspec.Struct, frozen=True, rename="camel"):
    relation_key: _Key


class _Relation(msgspec.Struct, frozen=True, rename="camel"):
    relation_identification_service_data: _Identity
    name: str | None = None
    first_name: str | None = None


class _Booking(msgspec.Struct, frozen=True, rename="camel"):
    journal_key: str
    document_sequence_nr: int
    comment: str | None = None


class _Octopus(msgspec.Struct, frozen=True):
    bookyears: tuple[_Year, ...] = ()
    journals: tuple[_Journal, ...] = ()
    relations: tuple[_Relation, ...] = ()
    bookings: tuple[_Booking, ...] = ()


class _Customer(msgspec.Struct, frozen=True):
    id: str
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None


class _Invoicee(msgspec.Struct, frozen=True):
    name: str | None = None


class _Document(msgspec.Struct, frozen=True):
    invoice_number: str | None = None
    credit_note_number: str | None = None
    invoicee: _Invoicee = _Invoicee()


class _Teamleader(msgspec.Struct, frozen=True):
    companies: tuple[_Customer, ...] = ()
    contacts: tuple[_Customer, ...] = ()
    invoices: tuple[_Document, ...] = ()
    credit_notes: tuple[_Document, ...] = ()


class World(msgspec.Struct, frozen=True):
    """As much of what both sides hold as forms offer. `now`: the practice moment, in ISO 8601."""

    now: str = ""
    octopus: _Octopus = _Octopus()
    teamleader: _Teamleader = _Teamleader()


DECIDING = frozenset(
    {"choose-dossier", "choose-start-date", "choose-numbering", "switch-off-other-connector"}
)
Choice = tuple[str, str]  # what is written, and what it is


class PracticeDesk:
    """A practice company's control address. All of it blocks, and raises DeskError.

    `changed`: called with the name of each action that was done, since what was read before it may no longer be so.
    """

    def __init__(self, address: str, changed: Callable[[str], None] = lambda _action: None) -> None:
        self._address = address
        self._changed = changed

    def _asked(self, path: str, body: bytes | None = None) -> bytes:
        from http.client import HTTPException
        from urllib.error import HTTPError

        try:
            return exchange(f"{self._address}{path}", body, seconds=_SECONDS)
        except HTTPError as error:
            with error:
                refusal = error.read()
            raise DeskError(_sentence(refusal) or f"HTTP {error.code}") from None
        except (OSError, HTTPException) as error:
            raise DeskError(
                _("The practice company does not answer ({reason}).").format(reason=reason_of(error))
            ) from None

    def actions(self) -> list[Action]:
        return _read(self._asked("/actions"), _Actions).actions

    def planted(self) -> Planted:
        return _read(self._asked("/scenario"), Planted)

    def world(self) -> World:
        return _read(self._asked("/world"), World)

    def decided(self) -> Decided:
        return _read(self._asked("/connection"), Decided)

    def do(self, action: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do it. What has changed, in plain names."""
        body = msgspec.json.encode({"action": action, **arguments})
        try:
            return _read(self._asked("/do", body), dict[str, Any])
        finally:
            self._changed(action)


def _read(body: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DeskError(
            _(
                "The practice company answered something that octowizard does not understand ({error})."
            ).format(error=error)
        ) from None


def _sentence(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Wrong).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


# --- what forms offer ---------------------------------------------------------------------------------------


def optional(hint: str) -> bool:
    """May the field stay empty? The hints of the practice company say so."""
    return any(sign in hint for sign in _MAY_BE_EMPTY)


def _named(customer: _Customer) -> str:
    return customer.name or " ".join(filter(None, (customer.first_name, customer.last_name)))


def _years(world: World) -> list[Choice]:
    """That of the practice day first."""
    years = sorted(dict.fromkeys(year.start_date[:4] for year in world.octopus.bookyears))
    return [(year, "") for year in sorted(years, key=lambda year: year != world.now[:4])]


def _months(world: World) -> list[Choice]:
    years = [year for year, _what in _years(world)]
    return [("0", _("none")), *((f"{year}{month:02}", "") for year in years for month in range(1, 13))]


def _documents(
    world: World, *, invoices: bool = True, notes: bool = True, bookings: bool = False
) -> list[Choice]:
    side = world.teamleader
    choices: list[Choice] = []
    if invoices:
        choices += [
            (one.invoice_number, one.invoicee.name or "") for one in side.invoices if one.invoice_number
        ]
    if notes:
        numbered = (one for one in side.credit_notes if one.credit_note_number)
        choices += [(one.credit_note_number or "", one.invoicee.name or "") for one in numbered]
    if bookings:
        choices += _bookings(world)
    return choices


def _bookings(world: World) -> list[Choice]:
    return [
        (f"{one.journal_key}/{one.document_sequence_nr}", one.comment or "") for one in world.octopus.bookings
    ]


def _relations(world: World) -> list[Choice]:
    return [
        (
            str(one.relation_identification_service_data.relation_key.id),
            " ".join(filter(None, (one.first_name, one.name))),
        )
        for one in world.octopus.relations
    ]


def _customers(world: World) -> list[Choice]:
    """By name, and by id those that share a name with another."""
    everyone = _everyone(world)
    names = [_named(one) for one in everyone]
    borne = Counter(name.casefold() for name in names)
    return [
        (one.id, name) if borne[name.casefold()] > 1 else (name, "")
        for one, name in zip(everyone, names, strict=True)
    ]


def choices(argument: str, hint: str, world: World) -> list[Choice]:
    """What is known to exist for a field; empty where anything may be written."""
    match argument:
        case "year":
            return _years(world)
        case "journal":
            return list(
                {one.journal_key: (one.journal_key, one.name) for one in world.octopus.journals}.values()
            )
        case "document" | "invoice":
            booked = "V1/41" in hint
            return _documents(world, notes=argument == "document" and not booked, bookings=booked)
        case "booking":
            return _bookings(world)
        case "relation":
            return _relations(world)
        case "customer" | "survivor" | "loser":
            return _customers(world)
        case "period":
            return _months(world)
    if hint.startswith("yes"):
        return [("yes", "")]
    words = re.sub(r"\([^)]*\)", "", hint.split(":")[-1]).removeprefix("one of ")
    pieces = [piece.strip() for piece in re.split(r",| or ", words)]
    # `bookings or invoices`, `one of name, city, country`: each of them one word, or it is no list of choices.
    return [(piece, "") for piece in pieces] if len(pieces) > 1 and all(map(_WORDS.fullmatch, pieces)) else []


def fitting(known: list[Choice], typed: str) -> list[Choice]:
    """The choices that hold every typed word, one that is exactly that first."""
    words = typed.casefold().split()
    matching = [one for one in known if all(word in f"{one[0]} {one[1]}".casefold() for word in words)]
    return sorted(matching, key=lambda one: one[0].casefold() != typed.strip().casefold())


# --- telling what is done -----------------------------------------------------------------------------------


def told(arguments: Mapping[str, Any], world: World | None = None) -> str:
    """`journal V1 · year 2026`, the ids of customers replaced by their names where they are known."""
    names = {one.id: _named(one) for one in _everyone(world)} if world is not None else {}
    return " · ".join(_parts(arguments, names))


def _parts(values: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """`journal V1` of each that says something."""
    kept = (
        (name, value) for name, value in values.items() if value is not None and value not in ("", [], {})
    )
    return [f"{asked_name(name)} {_shown(value, names)}" for name, value in kept]


def _shown(value: object, names: Mapping[str, str]) -> str:
    """A value as people write it; what has values of its own, one after another."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return " · ".join(_parts(value, names))
    if isinstance(value, list | tuple):
        return ", ".join(_shown(each, names) for each in value)
    return names.get(value, value) if isinstance(value, str) else str(value)


def _everyone(world: World) -> tuple[_Customer, ...]:
    return (*world.teamleader.companies, *world.teamleader.contacts)
