"""What a problem or a pasted message means for this profile: its card, its causes looked at in what is kept or read."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from octowizard.snapshot.parts import PARTS, Part

if TYPE_CHECKING:
    from collections.abc import Set

    from octowizard.problems.diagnosis import Diagnosis
    from octowizard.problems.explain import Explained
    from octowizard.problems.recognition import Recognition
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
_BOOKINGS = 2  # calls: one for each of the journals


def needed(recognition: Recognition) -> frozenset[Part]:
    """What is read to tell what a text means: as much as three calls to Octopus bring of what its candidates hang on.

    The likeliest problem comes first, then the causes that others confirm, then the next problem.
    """
    from octowizard.planning.problems import parts_of

    problems = _looked_for(recognition)
    if not problems:
        return (
            frozenset({"years", "journals", "documents", "details"}) if recognition.question else frozenset()
        )
    chosen: frozenset[Part] = frozenset()
    for one in problems:
        for part in sorted(parts_of(one), key=lambda part: (_cost({part}), part)):
            wider = chosen | {part, *PARTS[part].needs, *PARTS[part].judged_with}
            if _cost(wider) <= MOST_CALLS:
                chosen = wider
    return chosen or frozenset({"years"})


def needed_anew(recognition: Recognition, have: frozenset[Part] = frozenset()) -> frozenset[Part]:
    """What is read where nothing was ever looked at: within three calls, for the likeliest candidates first.

    The bookings of one journal tell which of its documents wait: with them the years and the journals decide all that
    hangs on a place. What more than three calls bring is read as far as they go; `have`, what such a look kept, costs
    nothing the next time, which goes on with it.
    """
    from octowizard.checks.registry import checks_of

    problems = _looked_for(recognition)
    if not problems:
        return _OF_A_PLACE | {"details"} if recognition.question else frozenset()
    checks = [check for one in problems for check in checks_of(one)]
    chosen: frozenset[Part] = frozenset()
    for check in checks:
        wider = chosen | _with_needs(check.needs)
        if _cost(wider - have, bookings=1) <= MOST_CALLS:
            chosen = wider
    for check in checks[:1]:  # as far as it goes, and what else may hide what it looks for
        for part in sorted(check.whole_with & PARTS.keys(), key=_WORTH.index):
            wider = chosen | _with_needs({part})
            if _cost(wider - have, bookings=1) <= MOST_CALLS:
                chosen = wider
    return chosen


def _looked_for(recognition: Recognition) -> list[str]:
    """The likeliest problems of a text, each followed by the causes that confirm it."""
    from octowizard.problems.catalogue import cards

    heard = dict.fromkeys(filter(None, (recognition.problem, *(one.problem for one in recognition.likely))))
    several = (
        (problem, *chain.from_iterable(cause.confirmed_by for cause in cards()[problem].causes))
        for problem in islice(heard, _CANDIDATES)
    )
    return list(dict.fromkeys(chain.from_iterable(several)))


_OF_A_PLACE: frozenset[Part] = frozenset({"documents", "years", "journals", "bookings"})
_WORTH: tuple[Part, ...] = ("documents", "years", "bookings", "journals", *sorted(PARTS.keys() - _OF_A_PLACE))


def _with_needs(parts: Set[Part]) -> frozenset[Part]:
    """With what must be known before they can be asked for; without what no vendor gives."""
    read = parts & PARTS.keys()
    return frozenset(chain(read, *(PARTS[part].needs for part in read)))


def _cost(parts: Set[Part], bookings: int = _BOOKINGS) -> int:
    """Calls to Octopus that parts take where nothing of them is kept and one fiscal year is concerned."""
    asked = [part for part in parts & PARTS.keys() if PARTS[part].vendor == "Octopus"]
    return sum(bookings if part == "bookings" else 1 for part in asked)


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


def _answer(diagnosis: Diagnosis) -> Answer:
    from octowizard.problems.card_text import name_label, title

    return Answer(
        explained=diagnosis.explained,
        diagnosis=diagnosis,
        names=tuple((name_label(name), value) for name, value in diagnosis.recognition.names.items()),
        nearest=tuple((near, title(near)) for near in diagnosis.recognition.nearest),
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

        Three calls to Octopus at most: what is left out is told with the answer, and where nothing was ever read the
        next text goes on from there. Only a vendor's own message is worth a look at everything, once, where nothing
        was ever read and three calls confirm no cause of it.
        """
        from octowizard.problems.recognition import recognise

        session, recognition = self._session, recognise(text)
        if self._looked_at():
            parts = needed(recognition)
            return await session.read("", report, parts=parts, most=MOST_CALLS) if parts else None
        if not (parts := needed_anew(recognition, self._have())):
            return None
        first = partial(self._journal_of, text, recognition)
        snapshot = await session.read("", report, parts=parts, alone=True, most=MOST_CALLS, first=first)
        if recognition.problem is None or not self._open(recognition):
            return snapshot
        return await session.read("", report, parts=needed(recognition))

    def _open(self, recognition: Recognition) -> bool:
        """Is no cause of what is meant confirmed, and was not all looked at that may confirm one?"""
        diagnosis = self._diagnosis(recognition)
        confirmed = diagnosis.explained is not None and diagnosis.explained.confirmed
        return not confirmed and bool(diagnosis.unlooked)

    def _journal_of(self, text: str, recognition: Recognition) -> str:
        """The journal of the document that a text names; where it names none, of the kind of which it speaks."""
        from octowizard.books.numbers import bare
        from octowizard.problems.concepts import read
        from octowizard.problems.message_cleanup import cleaned
        from octowizard.snapshot.assemble import kept_documents

        profile, number = self._session.profile, recognition.names.get("invoice", "")
        credit_note = any(spot.concept == "creditnote" for spot in read(cleaned(text)).spots)
        with self._session.workspace() as workspace:
            heads = [head for kind in ("invoice", "credit_note") for head in kept_documents(workspace, kind)]
        exact = [head.kind for head in heads if head.number == number]
        alike = [head.kind for head in heads if number and bare(head.number) == bare(number)]
        kinds = exact or alike or ["credit_note" if credit_note else "invoice"]
        return profile.credit_note_journal if kinds[0] == "credit_note" else profile.invoice_journal

    def _looked_at(self) -> bool:
        """Was there ever a look at both sides, which one for a text is not?"""
        from octowizard.snapshot.parts import last_look

        with self._session.workspace() as workspace:
            return last_look(workspace) is not None

    def _have(self) -> frozenset[Part]:
        """The parts that looks for earlier texts have kept."""
        from octowizard.workspace import kept

        with self._session.workspace() as workspace:
            return frozenset(
                part for part, row in PARTS.items() if row.kept_as and kept.readings(workspace, row.kept_as)
            )

    def diagnosed(self, text: str) -> Diagnosis:
        """What a pasted message or number means by what is kept of both sides."""
        from octowizard.problems.recognition import recognise

        return self._diagnosis(recognise(text))

    def _diagnosis(self, recognition: Recognition) -> Diagnosis:
        from octowizard.problems.diagnosis import diagnose

        session = self._session
        return diagnose(recognition, session.snapshot(), session.profile, booster=session.booster())

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
