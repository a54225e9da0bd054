"""What a problem or a pasted message means for this profile: its card, its causes looked at in what is kept or read."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.problems.diagnosis import Diagnosis
    from octowizard.problems.explain import Explained
    from octowizard.progress import Report
    from octowizard.session.profile_session import ProfileSession
    from octowizard.snapshot.model import Snapshot
    from octowizard.snapshot.parts import Part


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a pasted message, or a problem that was picked, means. `explained` None: nothing is known of it.

    `diagnosis`: of a message. `names`: what the text names, as (label, value). `nearest`: (problem, title) of cards
    that may be meant.
    """

    explained: Explained | None
    diagnosis: Diagnosis | None = None
    names: tuple[tuple[str, str], ...] = ()
    nearest: tuple[tuple[str, str], ...] = ()


def needed(text: str) -> frozenset[Part]:
    """What decides what a text means: parts that its problem, or the likeliest one, depends on; at most three calls."""
    from octowizard.planning.problems import parts_of
    from octowizard.problems.catalogue import cards
    from octowizard.problems.recognition import recognise

    recognition = recognise(text)
    problem = recognition.problem or (recognition.likely[0].problem if recognition.likely else None)
    if problem is None:
        return frozenset({"journals", "documents", "details"}) if recognition.question else frozenset()
    causes = cards()[problem].causes
    of_causes = (parts_of(one) for cause in causes for one in cause.confirmed_by)
    return parts_of(problem) or next((parts for parts in of_causes if parts), frozenset({"years"}))


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
    from octowizard.problems.catalogue import cards

    return [
        CardLine(
            problem=card.id,
            title=_(card.title),
            area=_(card.area),
            severity=card.severity,
            words=" ".join((card.id, card.title, _(card.title), *chain(*card.messages.values()))).casefold(),
        )
        for card in cards().values()
    ]


def diagnose(text: str) -> Answer:
    """As `Explanations.diagnose`, without any account: every cause stays open."""
    from octowizard.problems import diagnosis
    from octowizard.problems.recognition import recognise

    return _answer(diagnosis.diagnose(recognise(text), None, None))


def _answer(found: Diagnosis) -> Answer:
    from octowizard.problems.card_text import name_label
    from octowizard.problems.catalogue import title

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

        Where nothing was ever read, first what alone can confirm it, and all only where that does not; of a document
        that the text names, only what decides about it.
        """
        session, parts, first = self._session, needed(text), needed_first(text)
        if (of_it := needed_of_document(text)) and not session.snapshot().taken_at.timestamp():
            return await session.read("", report, parts=of_it, alone=True)
        if first and first <= session.snapshot().unread.keys():
            snapshot = await session.read("", report, parts=first, alone=True)
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
