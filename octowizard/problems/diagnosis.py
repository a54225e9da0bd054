"""What a text means here: as its words say where they are sure, else as the evidence of the accounts decides.

Three stages, each answering where the one before did not: the text is a known message (`recognition.py`); its words are
those in which a problem is told (`likely.py`); the checks of the likely problems' causes confirm one of them, or all
checks do where the text only asks why. Pure: what was read is handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from octowizard.checks.registry import NotChecked, checks_of, not_checked, run_checks
from octowizard.planning.problems import RECORDS
from octowizard.problems import catalogue
from octowizard.problems.evidence import document
from octowizard.problems.explain import Explained, explain
from octowizard.problems.likely import Likely
from octowizard.problems.recognition import Recognition
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile

# What evidence makes of the confidence that the words give, or of what lacks of it.
_CONFIRMED, _OTHER_CAUSE, _RULED_OUT = 5.0, 1.6, 0.5
_SURE = 0.97  # a likely problem is never certain
_FOUND = 0.4  # the confidence of what the checks find where the text names no problem
_MOST = 5
_NAMED = RECORDS - {"vat", "dossier", "category"} | {"date"}


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """What a text means. `problem`: where that is certain, by its words or by the evidence for the record it names.

    `likely`: what else it may be, the likeliest first, evidence included. `explained`: the problem, or the likeliest.
    `others`: further errors that the text tells of. `question`: it only asks why something does not go through.
    `unlooked`: the checks of all these that something lacked for that was not read.
    """

    recognition: Recognition
    problem: str | None
    likely: tuple[Likely, ...] = ()
    explained: Explained | None = None
    others: tuple[Explained, ...] = ()
    question: bool = False
    unlooked: tuple[NotChecked, ...] = ()


def diagnose(
    recognition: Recognition,
    snapshot: Snapshot | None = None,
    profile: Profile | None = None,
    *,
    booster: bool = False,
) -> Diagnosis:
    """Weigh what was recognised against what was read of both sides; without a Snapshot, the words alone."""
    look = _Looking(recognition, snapshot, profile, booster)
    decided = _decided(recognition, look)
    return msgspec.structs.replace(decided, unlooked=look.unlooked(decided))


def _decided(recognition: Recognition, look: _Looking) -> Diagnosis:
    if recognition.problem is not None:
        explained = look.at(recognition.problem)
        likely = list(recognition.likely)
        if explained.gone:
            likely += look.found(without={recognition.problem, *(one.problem for one in likely)})
        return Diagnosis(
            recognition=recognition,
            problem=recognition.problem,
            likely=tuple(likely[:_MOST]),
            explained=explained,
            others=tuple(look.at(one) for one in recognition.also),
            question=recognition.question,
        )
    weighed = look.weighed()
    confirmed = [one for one in weighed if look.read and look.at(one.problem).confirmed]
    if not confirmed and (weighed or recognition.question):
        weighed += look.found(without={one.problem for one in weighed})
        if recognition.likely:
            weighed.sort(key=lambda one: -one.confidence)
    if not weighed:
        return Diagnosis(recognition=recognition, problem=None, question=recognition.question)
    first = weighed[0].problem
    certain = look.certain(first)
    errors = (recognition.likely[0].problem, *recognition.also) if recognition.also else ()
    if certain:
        weighed = weighed[1:]
    return Diagnosis(
        recognition=recognition,
        problem=first if certain else None,
        likely=tuple(weighed[:_MOST]),
        explained=look.at(first),
        others=tuple(look.at(one) for one in errors if one != first),
        question=recognition.question,
    )


class _Looking:
    """One text and what was read: each problem explained once."""

    def __init__(
        self, recognition: Recognition, snapshot: Snapshot | None, profile: Profile | None, booster: bool
    ) -> None:
        self._recognition, self._snapshot, self._profile, self._booster = (
            recognition,
            snapshot,
            profile,
            booster,
        )
        self._explained: dict[str, Explained] = {}
        self.read = snapshot is not None and profile is not None

    def at(self, problem: str) -> Explained:
        """The problem, with its causes looked at."""
        if problem not in self._explained:
            self._explained[problem] = explain(
                problem, self._snapshot, self._profile, self._names(problem), booster=self._booster
            )
        return self._explained[problem]

    def _names(self, problem: str) -> Mapping[str, str]:
        return self._recognition.names_of.get(problem, self._recognition.names)

    def weighed(self) -> list[Likely]:
        """The likely problems of the text, each as the evidence for it makes it, the likeliest first.

        Where one is confirmed only as what another causes that the text speaks of too, however faintly, the cause is as
        likely as it, and comes first.
        """
        if not self.read:
            return list(self._recognition.likely)
        weighed = {one.problem: self._weighed(one) for one in self._recognition.likely}
        for problem, one in list(weighed.items()):
            for cause in () if self._own(problem) else self.at(problem).confirmed:
                behind = weighed.get(cause.problem) or self._faint(cause.problem)
                if behind is not None and behind.confidence < one.confidence:
                    weighed[cause.problem] = msgspec.structs.replace(behind, confidence=one.confidence)
        return sorted(weighed.values(), key=lambda one: (-one.confidence, not self._own(one.problem)))

    def _faint(self, problem: str) -> Likely | None:
        """What evidence makes of a problem that the text speaks of only faintly; None where it does not at all."""
        one = next((one for one in self._recognition.faint if one.problem == problem), None)
        return self._weighed(one) if one is not None else None

    def _own(self, problem: str) -> bool:
        """Is the problem itself confirmed, and not only another that causes it?"""
        return any(problem in (cause.problem, cause.cause) for cause in self.at(problem).confirmed)

    def _weighed(self, one: Likely) -> Likely:
        explained = self.at(one.problem)
        confidence = one.confidence
        if explained.confirmed:
            times = _CONFIRMED if self._own(one.problem) else _OTHER_CAUSE
            confidence = min(_SURE, 1 - (1 - confidence) / times)  # so that it stays below 1
        elif explained.gone:
            confidence *= _RULED_OUT
        because = (*one.because, *_evidence(explained))
        return Likely(problem=one.problem, confidence=round(confidence, 2), because=because)

    def certain(self, problem: str) -> bool:
        """Is the problem confirmed for a record that the text names?"""
        names = self._names(problem)
        if not self.read or not _NAMED & names.keys() or not self.at(problem).confirmed:
            return False
        assert self._snapshot is not None
        return not names.get("invoice") or document(self._snapshot, names) is not None

    def unlooked(self, decided: Diagnosis) -> tuple[NotChecked, ...]:
        """The checks on which the answer hangs and that could not look at all; every one where it names no problem."""
        if self._snapshot is None or self._profile is None:
            return ()
        problems = {one.problem for one in decided.others} | {one.problem for one in decided.likely}
        if decided.explained is not None:
            problems.add(decided.explained.problem)
        if not problems and not decided.question:
            return ()
        cards = [catalogue.card(problem) for problem in problems]
        causes = {one for card in cards if card for cause in card.causes for one in cause.confirmed_by}
        checks = {check.id for problem in causes for check in checks_of(problem)}
        lacking = not_checked(self._snapshot, self._profile, checks if problems else None)
        return tuple(one for one in lacking if not one.lasting)

    def found(self, without: set[str]) -> list[Likely]:
        """What all checks find, of the document that the text names where it names one, the gravest first.

        What the text speaks of as well, however faintly, is the likelier for it.
        """
        if self._snapshot is None or self._profile is None:
            return []
        names = self._recognition.names
        head = document(self._snapshot, names)
        if head is None and names.get("invoice"):
            return []
        findings, _skipped = run_checks(self._snapshot, self._profile)
        likely: dict[str, Likely] = {}
        for finding in findings:
            if (
                finding.severity == "info"
                or finding.problem in without
                or finding.problem not in catalogue.cards()
            ):
                continue
            if head is not None and not any(r.id in (head.id, head.customer_id) for r in finding.records):
                continue
            confidence = _FOUND if finding.severity == "blocking" else _FOUND / 2
            if (spoken_of := self._faint(finding.problem)) is not None and self._own(finding.problem):
                likely.setdefault(finding.problem, spoken_of)
            likely.setdefault(
                finding.problem,
                Likely(
                    problem=finding.problem, confidence=confidence, because=(finding.title, *finding.evidence)
                ),
            )
        return list(likely.values())


def _evidence(explained: Explained) -> Iterable[str]:
    """What confirms a problem, or that nothing of it is so."""
    if explained.gone:
        return (explained.gone,)
    return dict.fromkeys(line for cause in explained.confirmed for line in cause.evidence)
