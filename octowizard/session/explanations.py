"""What a problem or a pasted message means for this profile: its card, its causes looked at in what is kept or read."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from octowizard.snapshot.parts import PARTS, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from octowizard.problems.diagnosis import Diagnosis
    from octowizard.problems.explain import Explained
    from octowizard.progress import Report
    from octowizard.session.profile_session import ProfileSession
    from octowizard.snapshot.model import Snapshot


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a pasted message, or a problem that was picked, means. `explained` None: nothing is known of it.

    `diagnosis`: of a message. `names`: what the text names, as (label, value). `nearest`: (problem, title) of cards
    that may be meant.
    """

    explained: Explained | None
    diagnosis: Diagnosis | None = None
    names: tuple[tuple[str, str], ...] = ()
    nearest: tuple[tuple[str, str], ...] = ()


MOST_CALLS = 3  # to Octopus, for one text
_CANDIDATES = 3  # likely problems for which something is read
# Calls to Octopus that a part takes where nothing of it is kept and one fiscal year is concerned; the others take none.
_COST: Mapping[Part, int] = {
    **dict.fromkeys(("years", "journals", "accounts", "returns", "relations", "matches"), 1),
    **dict.fromkeys(("vat_codes", "currencies", "sides"), 1),
    "bookings": 2,
}


def needed(text: str) -> frozenset[Part]:
    """What is read to tell what a text means: as much as three calls to Octopus bring of what its candidates hang on.

    The likeliest problem comes first, then the causes that others confirm, then the next problem.
    """
    from octowizard.planning.problems import parts_of
    from octowizard.problems.catalogue import cards
    from octowizard.problems.recognition import recognise

    recognition = recognise(text)
    candidates = list(
        dict.fromkeys(filter(None, (recognition.problem, *(o.problem for o in recognition.likely))))
    )
    if not candidates:
        return (
            frozenset({"years", "journals", "documents", "details"}) if recognition.question else frozenset()
        )
    chosen: frozenset[Part] = frozenset()
    for problem in candidates[:_CANDIDATES]:
        causes = (one for cause in cards()[problem].causes for one in cause.confirmed_by)
        for one in dict.fromkeys((problem, *causes)):
            for part in sorted(parts_of(one), key=lambda part: (_COST.get(part, 0), part)):
                wider = chosen | {part, *PARTS[part].needs, *PARTS[part].judged_with}
                if sum(_COST.get(each, 0) for each in wider) <= MOST_CALLS:
                    chosen = wider
    return chosen or frozenset({"years"})


def needed_first(text: str) -> frozenset[Part]:
    """What alone can confirm a problem of a fiscal year, period or journal at the place that the text names.

    That is two calls or three. Nothing where it names no place, or a document: then the bookings decide as well, which
    tell what waits, and what is booked already.
    """
    from octowizard.problems.catalogue import cards
    from octowizard.problems.evidence import PLACE_PROBLEMS
    from octowizard.problems.recognition import recognise

    recognition = recognise(text)
    problem = recognition.problem or next((one.problem for one in recognition.likely), None)
    if problem is None:
        return frozenset()
    causes = {one for cause in cards()[problem].causes for one in cause.confirmed_by}
    named = recognition.names_of.get(problem, recognition.names).keys()
    nowhere = "invoice" in named or not named & {"journal", "period", "year", "date"}
    if nowhere or not causes & {*PLACE_PROBLEMS} or causes - {*PLACE_PROBLEMS, "two-dossiers"}:
        return frozenset()
    place: frozenset[Part] = frozenset({"documents", "years", "journals"})
    return place | {"sides"} if "two-dossiers" in causes else place


def needed_of_document(text: str) -> frozenset[Part]:
    """What decides about the place of the document that a text names: three calls to Octopus, as a rule.

    Nothing where the problem is of another kind: then its lines, customer and booking decide, and all is read.
    """
    from octowizard.problems.evidence import PLACE_PROBLEMS, names_document
    from octowizard.problems.recognition import recognise

    recognition = recognise(text)
    problem = recognition.problem or next((one.problem for one in recognition.likely), None)
    if problem not in PLACE_PROBLEMS:
        return frozenset()
    named = names_document(recognition.names_of.get(problem, recognition.names))
    return frozenset({"documents", "years", "journals"}) if named else frozenset()


class CardLine(msgspec.Struct, frozen=True, kw_only=True):
    """One card in the list of all. `words`: everything by which it can be found, casefolded."""

    problem: str
    title: str
    area: str
    severity: Literal["blocking", "warning", "info"]
    words: str


def card_lines() -> list[CardLine]:
    """All cards of the catalogue."""
    from octowizard.problems.card_text import area_name, title
    from octowizard.problems.catalogue import cards

    return [
        CardLine(
            problem=card.id,
            title=(called := title(card.id)),
            area=area_name(card.area),
            severity=card.severity,
            words=" ".join((card.id, card.title, called, *chain(*card.messages.values()))).casefold(),
        )
        for card in cards().values()
    ]


def diagnose(text: str) -> Answer:
    """As `Explanations.diagnose`, without any account: every cause stays open."""
    from octowizard.problems import diagnosis
    from octowizard.problems.recognition import recognise

    return _answer(diagnosis.diagnose(recognise(text), None, None))


def _answer(found: Diagnosis) -> Answer:
    from octowizard.problems.card_text import name_label, title

    return Answer(
        explained=found.explained,
        diagnosis=found,
        names=tuple((name_label(name), value) for name, value in found.recognition.names.items()),
        nearest=tuple((near, title(near)) for near in found.recognition.nearest),
    )


class Explanations:
    """The explanations for one profile; all of it blocks."""

    def __init__(self, session: ProfileSession) -> None:
        self._session = session

    def of(self, problem: str, document_id: str = "", *, look: bool = True) -> Explained | None:
        """A problem with its causes looked at in what was kept, for one document or for all; None without a card.

        `look` False: the words of the card alone, every cause open, at once.
        """
        from octowizard.problems.catalogue import card
        from octowizard.problems.explain import explain

        if card(problem) is None:
            return None
        subject = {"document": document_id} if document_id else {}
        snapshot = self._session.snapshot() if look else None
        return explain(problem, snapshot, self._session.profile, subject, booster=self._session.booster())

    async def read(self, text: str, report: Report) -> Snapshot | None:
        """Look at what decides the meaning of a text, as far as it is not kept; None where nothing does.

        Three calls to Octopus at most: what is left out is told with the answer. Only where nothing was ever read, and
        the text names neither a place nor a document whose place decides, all is read, once: which documents wait
        hangs on the bookings, and no three calls bring these with the journals.
        """
        session, parts, first = self._session, needed(text), needed_first(text)
        if session.snapshot().taken_at.timestamp():
            return await session.read("", report, parts=parts, most=MOST_CALLS) if parts else None
        if of_it := needed_of_document(text):
            return await session.read("", report, parts=of_it, alone=True, most=MOST_CALLS)
        if first:
            snapshot = await session.read("", report, parts=first, alone=True, most=MOST_CALLS)
            if (explained := self.diagnosed(text).explained) is not None and explained.confirmed:
                return snapshot
        return await session.read("", report, parts=parts) if parts else None

    def diagnosed(self, text: str) -> Diagnosis:
        """What a pasted message or number means by what is kept of both sides."""
        from octowizard.problems.diagnosis import diagnose
        from octowizard.problems.recognition import recognise

        session = self._session
        return diagnose(recognise(text), session.snapshot(), session.profile, booster=session.booster())

    def diagnose(self, text: str) -> Answer:
        """A pasted message or number, explained; or the honest answer that it is not known."""
        return _answer(self.diagnosed(text))

    def save_bundle(self, text: str) -> Path:
        """A support bundle about a message, without secrets; where it was saved."""
        from octowizard.problems.bundle import write_bundle
        from octowizard.workspace.private import make_folder

        folder = self._session.root / "saved"
        make_folder(folder)
        target = folder / f"octowizard support {datetime.now():%Y-%m-%d %H.%M.%S}.zip"  # noqa: DTZ005 - a name for people
        write_bundle(
            target, self._session.root, self._session.profile, text=text, diagnosis=self.diagnosed(text)
        )
        return target
