"""The segment export that the automatic route begins with, the companies it will meet, and what is told of both.

Between the export as it was read (`exports.py`), its rows as they are imported (`route.py`) and what the import would
do (`simulate.py`): the one way for the command line and the app.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from octowizard.customers import route
from octowizard.customers.exports import Export, Reading
from octowizard.customers.route import MOST_ROWS, Cleaned, Compared, Prediction
from octowizard.customers.simulate import Company, Criterion, Outcome, every, recommended
from octowizard.locale import _, ngettext
from octowizard.matching.record import Customer
from octowizard.teamleader.models import IMPORT_TAG
from octowizard.workspace import predictions
from octowizard.workspace.db import Workspace


class Segment(msgspec.Struct, frozen=True):
    """What is to be imported. `known`: every company of Teamleader, None where nobody was asked. `stay`: those left
    after the deletion. `reading`: how the file was read; `spoilt`: rows of which a value was left out."""

    cleaned: Cleaned
    known: Sequence[Customer] | None
    stay: list[Company]
    reading: Reading = Reading()
    spoilt: tuple[int, ...] = ()


class Foretold(NamedTuple):
    """What each criterion would do; the best of them, None where there is nothing to choose from."""

    outcomes: list[Outcome]
    best: Outcome | None


class Suggested(msgspec.Struct, frozen=True):
    """With whom a company that the import added may have to be merged. `zone`: sure or doubtful."""

    id: str
    name: str
    zone: str


class NoCriterion(LookupError):
    """A criterion that was not simulated; `known`: the ids of those that were."""

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self.known = [outcome.criterion.id for outcome in outcomes]


def segment(
    export: Export,
    known: Sequence[Customer] | None,
    busy: Mapping[str, int] | None = None,
    *,
    align: bool = False,
) -> Segment:
    """The rows to import and whom they meet. BadTable when the export lacks what is needed.

    `busy`: documents by Teamleader id; who has some is not deleted. `align`: write rows as the company they surely are.
    """
    busy = busy or {}
    tag = IMPORT_TAG.casefold()
    ids = {one.key for one in export.customers} if "id" in export.fields else set()
    there = [
        one
        for one in known or ()
        if one.key in busy
        or not (one.key in ids or (not ids and tag in (text.casefold() for text in one.tags)))
    ]
    same = route.aligned(export, there) if align else None
    cleaned = route.cleaned(export, there, same)
    stay = route.staying(known or (), cleaned.deleted, busy.keys())
    return Segment(cleaned, known, stay, export.reading, export.spoilt)


def foretell(segment: Segment, criterion: str = "") -> Foretold:
    """What the import would do, for every criterion, or for one by its id. Seconds with ten thousands of rows.

    NoCriterion for an id that this file has no use for.
    """
    outcomes = every(segment.cleaned.lines, segment.stay)
    if criterion:
        chosen = outcome_of(outcomes, criterion)
        return Foretold([chosen], chosen)
    return Foretold(outcomes, recommended(outcomes))


def outcome_of(outcomes: Iterable[Outcome], criterion: str) -> Outcome:
    """The outcome of a criterion, by its id. NoCriterion."""
    by_id = {outcome.criterion.id: outcome for outcome in outcomes}
    if criterion not in by_id:
        raise NoCriterion(by_id.values())
    return by_id[criterion]


def irreversible(segment: Segment) -> tuple[str, ...]:
    """What cannot be taken back when the segment is deleted and imported."""
    return route.irreversible(len(segment.cleaned.deleted) or len(segment.cleaned.lines))


def keep(workspace: Workspace, file: str, segment: Segment, foretold: Foretold) -> None:
    """Keep what was foretold, to hold the import against it."""
    if foretold.best is None:
        return
    stay = [company.key for company in segment.stay]
    leaving = {one.key for one in segment.known or () if one.kind != "person"}.difference(stay)
    prediction = Prediction(
        file,
        segment.cleaned.lines,
        tuple(stay),
        tuple(foretold.outcomes),
        foretold.best.criterion.id,
        tuple(sorted(leaving)),
    )
    predictions.keep(workspace, msgspec.json.encode(prediction))


def kept(workspace: Workspace) -> Prediction | None:
    """What was foretold last; None when nothing was."""
    prediction = predictions.latest(workspace)
    return None if prediction is None else msgspec.json.decode(prediction.body, type=Prediction)


def suggestions(compared: Compared, after: Sequence[Customer]) -> dict[str, Suggested]:
    """With whom each of those that were added may have to be merged, by their ids."""
    from octowizard.matching.engine import match

    new = {one.key for one in compared.added}
    added = [one for one in after if one.key in new]
    others = [one for one in after if one.key not in new and one.kind != "person"]
    if not added or not others:
        return {}
    return {
        added[pair.left].key: Suggested(others[pair.right].key, others[pair.right].name, pair.zone)
        for pair in match(added, others)
    }


def in_words(criterion: Criterion) -> str:
    """A criterion as a person reads it."""
    fields = {"name": _("Name"), "vat": _("VAT number"), "postcode": _("Zip Code"), "email": _("Email")}
    between = _(" or ") if criterion.how == "any" else _(" and ")
    return between.join(fields[field] for field in criterion.fields)


def notes(cleaned: Cleaned) -> list[str]:
    """What is worth knowing about the rows, one sentence each."""
    sentences = []
    if cleaned.unnamed:
        sentences.append(
            ngettext(
                "{count} row has no name and is left out: Teamleader refuses it.",
                "{count} rows have no name and are left out: Teamleader refuses them.",
                len(cleaned.unnamed),
            ).format(count=len(cleaned.unnamed))
        )
    if cleaned.unreadable:
        sentences.append(
            ngettext(
                "{count} row has a name that may be read wrongly, and is left out: look at it in the file, and at the "
                "file's encoding.",
                "{count} rows have names that may be read wrongly, and are left out: look at them in the file, and at "
                "the file's encoding.",
                len(cleaned.unreadable),
            ).format(count=len(cleaned.unreadable))
        )
    if cleaned.unnumbered:
        sentences.append(
            ngettext(
                "{count} row has no customer number: the import would match it and fill in nothing.",
                "{count} rows have no customer number: the import would match them and fill in nothing.",
                len(cleaned.unnumbered),
            ).format(count=len(cleaned.unnumbered))
        )
    if cleaned.guarded:
        sentences.append(
            ngettext(
                "{count} name begins like a formula and gets an apostrophe in front: it will match no company by name.",
                "{count} names begin like a formula and get an apostrophe in front: they will match no company by "
                "name.",
                len(cleaned.guarded),
            ).format(count=len(cleaned.guarded))
        )
    if cleaned.plainer:
        sentences.append(
            ngettext(
                "{count} name is written without its line breaks and the characters in it that do not show.",
                "{count} names are written without their line breaks and the characters in them that do not show.",
                len(cleaned.plainer),
            ).format(count=len(cleaned.plainer))
        )
    if len(cleaned.lines) > MOST_ROWS:
        sentences.append(
            _(
                "{count} rows are more than the {most} that one import takes: they go into several files."
            ).format(count=len(cleaned.lines), most=MOST_ROWS)
        )
    return sentences
