"""From a problem to its causes, each confirmed, ruled out or open, with the evidence, and what to do about it.

The one explanation for check findings, failing documents and pasted messages. A cause is confirmed by a finding of
the checks that report it, or by what the subject's own fiscal year, period and journal say; it is ruled out when
these find nothing; it stays open when they could not look, or when no reading shows it. Causes are tried in the order
of the card, which is the vendor's: what confirms two of them confirms the first. Where all that can be seen is in
order, the problem is no more, and the cure is to try again. Pure: no vendor is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from octowizard.checks.registry import Finding, NotChecked, Record, checks_of, run_checks, tally
from octowizard.locale import _, ngettext, spoken
from octowizard.locale.formats import clock, labelled
from octowizard.locale.formats import day as shown_day
from octowizard.locale.labels import Languages
from octowizard.planning.plan import nothing_bookable
from octowizard.planning.problems import RECORDS, Severity
from octowizard.problems import catalogue
from octowizard.problems.card_text import Screens, filled, step
from octowizard.problems.catalogue import Card, Cause
from octowizard.problems.evidence import Seen, Subject, document, names_document, seen, seen_account
from octowizard.snapshot.declared_parts import rests_on
from octowizard.snapshot.model import DocumentHead, Snapshot
from octowizard.workspace.profiles import Profile

State = Literal["confirmed", "ruled_out", "open"]
_RANK: dict[State, int] = {"confirmed": 0, "open": 1, "ruled_out": 2}
_SHOWN = 5  # records named in a line of evidence


class CauseFound(msgspec.Struct, frozen=True, kw_only=True):
    """A cause and how it stands. `cause`: its id on the card; `problem`: the one that confirms it, "" if none.

    A confirmed one has its own cure, told of the records of its own findings: `what` it is in one line, what it
    `concerns` ("3 invoices"), `fix`, `never`, `who`, `fixed_when`.
    """

    cause: str
    text: str
    state: State
    evidence: tuple[str, ...] = ()
    problem: str = ""
    what: str = ""
    concerns: str = ""
    fix: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    who: str = ""
    fixed_when: str = ""


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to say of a problem, in sentences. `causes`: the likeliest first.

    `gone`: it is not so, or not any more: every cause that can be seen was looked at and ruled out; "" otherwise.
    """

    problem: str
    title: str
    summary: str
    severity: Severity
    causes: tuple[CauseFound, ...]
    fix: tuple[str, ...]
    never: tuple[str, ...]
    who: tuple[str, ...]
    fixed_when: str
    source: str
    gone: str = ""
    rests_on: tuple[str, ...] = ()  # what of the evidence was declared, and not measured: sentences

    @property
    def confirmed(self) -> tuple[CauseFound, ...]:
        """The causes that are confirmed."""
        return tuple(cause for cause in self.causes if cause.state == "confirmed")


class _Standing(msgspec.Struct, frozen=True):
    state: State
    evidence: tuple[str, ...] = ()
    problem: str = ""
    names: dict[str, str] = {}
    what: str = ""
    records: tuple[Record, ...] = ()
    parts: tuple[
        _Standing, ...
    ] = ()  # where several problems confirm the same cause: each with its own names


def explain(
    problem: str,
    snapshot: Snapshot | None = None,
    profile: Profile | None = None,
    subject: Subject | None = None,
    *,
    languages: Languages | None = None,
    booster: bool = False,
) -> Explained:
    """Why it is so, and what to do. KeyError when the catalogue has no such problem.

    Without a Snapshot every cause is open. `subject`: what it is about, by the names of a Recognition, or by
    `document`, the id of a document. `languages`: those of the vendors' screens; else the profile's. `booster`: menus
    are those of the Accounting Connector Booster.
    """
    card = catalogue.card(problem)
    if card is None:
        raise KeyError(problem)
    subject = subject or {}
    shown = Screens(
        languages or (profile.screens if profile is not None else Languages.both(spoken())), booster
    )
    looked: list[tuple[Cause, _Standing]]
    if snapshot is None or profile is None:
        looked = [(cause, _Standing("open")) for cause in card.causes]
    else:
        look = _Look(snapshot, profile, subject, card)
        looked = [(cause, look.at(cause)) for cause in card.causes]
        looked = list(_weighed(list(_first_of_each(card, looked))))
    # Of causes that hold for different records, the one that the problem itself names is meant before the others.
    anywhere = not names_document(subject)
    looked.sort(key=lambda one: (_RANK[one[1].state], anywhere and one[0].id != card.id))
    named = {name: value for name, value in subject.items() if name in RECORDS}
    causes = tuple(_cause(card, cause, standing, named, shown) for cause, standing in looked)
    first = looked[0][1]
    names = {**named, **first.names} if first.state == "confirmed" else named
    cures = [cause for cause in causes if cause.fix] or [_cured(card, names, shown)]
    gone = _gone(card, looked, snapshot)
    return Explained(
        problem=card.id,
        title=filled(card.title, names, shown.languages),
        summary=filled(card.summary, names, shown.languages),
        severity=card.severity,
        causes=causes,
        fix=_retry(names, looked) if gone else _once(step for cure in cures for step in cure.fix),
        never=_once(text for cure in cures for text in cure.never),
        who=_once(cure.who for cure in cures),
        fixed_when=" ".join(_once(cure.fixed_when for cure in cures)),
        source=card.source,
        gone=gone,
        rests_on=tuple(rests_on(snapshot)) if snapshot is not None else (),
    )


def _cured(card: Card, names: Mapping[str, str], shown: Screens) -> CauseFound:
    """What a card says of itself and its cure, with the records called by these names."""
    return CauseFound(
        cause=card.id,
        text="",
        state="open",
        what=filled(card.title, names, shown.languages),
        fix=tuple(step(one, names, shown) for one in card.fix),
        never=tuple(filled(text, names, shown.languages) for text in card.never),
        who=filled(card.who, names, shown.languages),
        fixed_when=filled(card.fixed_when, names, shown.languages),
    )


def _cause(
    card: Card, cause: Cause, standing: _Standing, named: Mapping[str, str], shown: Screens
) -> CauseFound:
    """A cause in words; every text of it calls the records by the names of its own findings."""
    names = {**named, **standing.names}
    cause_state = CauseFound(
        cause=cause.id,
        text=filled(cause.text, names, shown.languages),
        state=standing.state,
        evidence=standing.evidence,
        problem=standing.problem,
    )
    if standing.state != "confirmed":
        return cause_state
    cures = [
        _cured(cure, {**named, **part.names}, shown)
        for part in standing.parts or (standing,)
        if (cure := card if cause.id == card.id else catalogue.cards().get(part.problem))
    ]
    if not cures:
        return cause_state
    return msgspec.structs.replace(
        cause_state,
        what=standing.what or cures[0].what,
        concerns=tally(standing.records),
        fix=_once(one for cure in cures for one in cure.fix),
        never=_once(text for cure in cures for text in cure.never),
        who=" ".join(_once(cure.who for cure in cures)),
        fixed_when=" ".join(_once(cure.fixed_when for cure in cures)),
    )


def _gone(card: Card, looked: list[tuple[Cause, _Standing]], snapshot: Snapshot | None) -> str:
    """That the problem is not so any more, with when that was read; "" where it may still be.

    Where the first cause of the card cannot be seen, nothing that was read speaks against it.
    """
    visible = [standing for cause, standing in looked if not cause.cannot_be_seen]
    if snapshot is None or card.causes[0].cannot_be_seen:
        return ""
    if any(cause.id == card.id and cause.cannot_be_seen for cause in card.causes):
        return ""
    if not visible or any(standing.state != "ruled_out" for standing in visible):
        return ""
    if snapshot.unconnected:
        return _(
            "It is not so by what was declared: look in Octopus and Teamleader whether that still holds."
        )
    read_at = snapshot.taken_at.astimezone()
    text = _(
        "It is not so, or not any more: everything that causes it was read on {day} at {time}, and is in order."
    )
    return text.format(day=shown_day(read_at.date()), time=clock(read_at))


def _retry(names: dict[str, str], looked: list[tuple[Cause, _Standing]]) -> tuple[str, ...]:
    """What to do about a problem that is no more."""
    retry = _(
        "Try it again: start the sync once more, here or with the synchronisation symbol in Teamleader."
    )
    if document := names.get("invoice"):
        retry = _(
            "Try {document} again: start the sync once more, here or with its symbol in Teamleader."
        ).format(document=document)
    unseen = any(cause.cannot_be_seen for cause, _standing in looked)
    again = _("If the same message comes back, it is one of the causes that cannot be seen from outside.")
    return (retry, again) if unseen else (retry,)


def _first_of_each(card: Card, looked: list[tuple[Cause, _Standing]]) -> Iterator[tuple[Cause, _Standing]]:
    """What was found confirms the card's own causes in their order; a later one that it fits as well stays open."""
    taken: set[str] = set()
    for cause, standing in looked:
        if standing.state == "confirmed" and standing.problem in taken:
            words = _("What was read fits this too, but the message itself points to the cause before.")
            yield cause, _Standing("open", (words,))
            continue
        if standing.state == "confirmed" and cause.id == card.id:
            taken.add(standing.problem)
        yield cause, standing


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _weighed(looked: list[tuple[Cause, _Standing]]) -> Iterator[tuple[Cause, _Standing]]:
    """Where all that can be seen is ruled out, what cannot be seen is what is left; that is evidence too."""
    visible = [standing for cause, standing in looked if not cause.cannot_be_seen]
    left = bool(visible) and all(standing.state == "ruled_out" for standing in visible)
    any_confirmed = any(standing.state == "confirmed" for standing in visible)
    for cause, standing in looked:
        if not cause.cannot_be_seen:
            yield cause, standing
        elif left:
            yield (
                cause,
                _Standing(
                    "open", (_("All that can be seen is in order; this cannot be seen from outside."),)
                ),
            )
        elif any_confirmed:
            yield cause, _Standing("open", (_("Cannot be seen from outside; not needed to explain it."),))
        else:
            yield cause, _Standing("open", (_("Cannot be seen from outside."),))


def _standing(problem: str, places: list[Seen]) -> _Standing:
    """What is seen at some places: confirmed where it is at one of them."""
    there = [place for place in places if place.there]
    shown = (there or places)[:_SHOWN]
    words = _once(place.words.strip() for place in shown)
    names = _common(place.names for place in there or places)
    return _Standing("confirmed" if there else "ruled_out", words, problem if there else "", names)


def _common(all_names: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The names that several places or findings have in common: a text that calls one by name would miss the others."""
    first, *more = map(dict, all_names)
    for names in more:
        first = dict(first.items() & names.items())
    return first


class _Look:
    """One problem, one subject: runs the checks that the card's causes name, once."""

    def __init__(self, snapshot: Snapshot, profile: Profile, subject: Subject, card: Card) -> None:
        self._snapshot, self._profile, self._subject = snapshot, profile, subject
        self._document = document(snapshot, subject)
        self._stranger = names_document(subject) and self._document is None
        wanted = {problem for cause in card.causes for problem in cause.confirmed_by}
        self._checks = {problem: checks_of(problem) for problem in wanted}
        ids = {check.id for checks in self._checks.values() for check in checks}
        self._findings, skipped = run_checks(snapshot, profile, ids)
        self._skipped: dict[str, NotChecked] = {one.check: one for one in skipped}

    def at(self, cause: Cause) -> _Standing:
        """How one cause stands: confirmed by one of its problems, ruled out only when all of them are."""
        standings = [self._of(problem) for problem in cause.confirmed_by]
        parts = [part for part in standings if part is not None]
        if not parts:
            return _Standing("open")
        confirmed = [part for part in parts if part.state == "confirmed"]
        if confirmed:
            evidence = _once(line for part in confirmed for line in part.evidence)
            return msgspec.structs.replace(
                confirmed[0],
                evidence=evidence,
                names=_common(part.names for part in confirmed),
                what=confirmed[0].what if len(confirmed) == 1 else "",
                records=tuple(dict.fromkeys(record for part in confirmed for record in part.records)),
                parts=tuple(confirmed),
            )
        state: State = "open" if any(part.state == "open" for part in parts) else "ruled_out"
        kept = [part for part in parts if part.state == state]
        return _Standing(state, _once(line for part in kept for line in part.evidence))

    def _of(self, problem: str) -> _Standing | None:
        """How one problem stands; None where nothing in octowizard looks for it."""
        places = seen(problem, self._snapshot, self._profile, self._subject)
        if places is not None:
            return self._unless_booked(_standing(problem, places))
        findings = [each for each in self._findings if each.problem == problem and self._concerns(each)]
        if findings:
            evidence = _once(
                line for each in findings for line in (each.title, *each.evidence, *_records(each))
            )
            return _Standing(
                "confirmed",
                evidence,
                problem,
                self._names(findings),
                what=findings[0].title if len(findings) == 1 else "",
                records=tuple(dict.fromkeys(record for each in findings for record in each.records)),
            )
        # The checks look at the accounts that documents use, and the text may name another.
        if problem == "unknown-account" and (charts := seen_account(self._snapshot, self._subject)):
            return _standing(problem, charts)
        checks = self._checks[problem]
        if not checks:
            return None
        skipped = [self._skipped[check.id] for check in checks if check.id in self._skipped]
        if skipped:
            by_why: dict[str, list[str]] = {}
            for each in skipped:
                by_why.setdefault(each.why, []).append(each.title)
            return _Standing(
                "open", tuple(labelled(", ".join(titles), why) for why, titles in by_why.items())
            )
        # What lets nothing at all be booked hides whatever else stops a document.
        hiding = nothing_bookable(self._snapshot, self._profile)
        if hiding is not None and any("journals" in check.needs for check in checks):
            return _Standing("open", (labelled(_("Not known before this is mended"), hiding.title),))
        if self._stranger:
            number = self._subject.get("invoice") or self._subject.get("document", "")
            unread = _("{number} is not among the documents that were read.").format(number=number)
            return _Standing("open", (unread,))
        return _Standing(
            "ruled_out", _once(_("{check}: looked at, and in order.").format(check=c.title()) for c in checks)
        )

    def _unless_booked(self, standing: _Standing) -> _Standing:
        """What a document's place says, with that nobody looked whether the document is booked already."""
        if self._document is None or standing.state != "confirmed" or "bookings" not in self._snapshot.unread:
            return standing
        words = _("Whether {number} is booked already was not read.").format(number=self._document.number)
        return msgspec.structs.replace(standing, evidence=(*standing.evidence, words))

    def _concerns(self, finding: Finding) -> bool:
        """Is the finding about the subject, as far as the subject says?"""
        records = finding.records
        about = [record for record in records if record.kind in ("invoice", "credit_note")]
        if self._stranger and about:
            return False
        if self._document is not None and records:
            ids = {self._document.id, self._document.customer_id}
            return any(record.id in ids for record in records)
        customer = self._subject.get("customer", "").casefold()
        if customer and records:
            heads = self._heads()
            return any(
                customer in record.label.casefold()
                or (record.id in heads and customer in heads[record.id].customer_name.casefold())
                for record in records
            )
        journal = self._subject.get("journal", "")
        if journal and finding.names.get("journal", journal) != journal:
            return False
        words = " ".join((finding.title, *finding.evidence))
        account = self._subject.get("account", "")
        return not account or "account" not in finding.names or account in words

    def _heads(self) -> dict[str, DocumentHead]:
        return {head.id: head for head in self._snapshot.pending}

    def _names(self, findings: list[Finding]) -> dict[str, str]:
        """What all the findings call by name; the document or customer if they touch only one."""
        records = {record.id: record for finding in findings for record in finding.records}
        known = _common(finding.names for finding in findings)
        if len(records) == 1:
            record = next(iter(records.values()))
            if record.kind in ("invoice", "credit_note"):
                known["invoice"] = record.label
            elif record.kind in ("company", "contact"):
                known["customer"] = record.label
        return known


def _records(finding: Finding) -> Iterator[str]:
    """The records of a finding in one line."""
    labels = _once(record.label for record in finding.records if record.label)
    if not labels:
        return
    shown, rest = ", ".join(labels[:_SHOWN]), len(labels) - _SHOWN
    if rest > 0:
        yield ngettext(
            "Concerns {shown} and {count} more.", "Concerns {shown} and {count} more.", rest
        ).format(shown=shown, count=rest)
    else:
        yield _("Concerns {shown}.").format(shown=shown)
