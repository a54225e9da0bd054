"""Finds a document by the number a person reads on it, in what earlier runs told."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from octowizard.books.numbers import is_id
from octowizard.cli.exits import Usage
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.session.session import Session


class _Met(msgspec.Struct, frozen=True):
    """As much of a document as tells it from others: events are many, and the rest takes time to read."""

    id: str
    number: str
    kind: str


class _About(msgspec.Struct, frozen=True):
    document: _Met | None = None


_decoder = msgspec.json.Decoder(_About)


def ids_of(session: "Session", wanted: Iterable[str]) -> tuple[str, ...]:
    """The Teamleader ids of these numbers or ids; a number that no run has met yet stays as it was typed."""
    texts = list(dict.fromkeys(wanted))
    if all(map(is_id, texts)):
        return tuple(text.lower() for text in texts)
    return tuple(id_of(session, text) or text for text in texts)


def id_of(session: "Session", text: str) -> str | None:
    """The Teamleader id of the document with this number, or the id itself; None when no run met the number."""
    if is_id(text):
        return text.lower()
    document = _with_number(session, text)
    if len(document) > 1:
        from octowizard.presentation.events import kind_name

        raise Usage(
            _("“{number}” can be each of these, so give the id: {documents}.").format(
                number=text,
                documents=", ".join(
                    f"{kind_name(met.kind)} {met.number} ({key})" for key, met in document.items()
                ),
            )
        )
    return next(iter(document), None)


def _with_number(session: "Session", text: str) -> dict[str, _Met]:
    """The documents with exactly this number; without one, those that differ in spaces only."""
    exact: dict[str, _Met] = {}
    loose: dict[str, _Met] = {}
    bare = _bare(text)
    for line in session.run_lines(*(run.id for run in session.runs())):
        met = _decoder.decode(line).document
        if met is None:
            continue
        if met.number == text:
            exact[met.id] = met
        elif _bare(met.number) == bare:
            loose[met.id] = met
    return exact or loose


def _bare(number: str) -> str:
    return "".join(number.split()).casefold()
