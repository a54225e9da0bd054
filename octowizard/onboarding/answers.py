"""The answers file: what one set-up was told, checked as a whole for the next one.

A file says the scenario, the steps left out, every choice of the connection, every answer, and where rates and
categories lead to. It names no dossier and accepts no loss: those are asked by name, each time. Pure: `fitted` says
what would be kept, or all that does not fit; `session/setup.py` keeps it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from octowizard.locale import _
from octowizard.onboarding import connection, guards
from octowizard.onboarding.guide import guide, unskippable
from octowizard.onboarding.mapping import (
    MIRROR_ACCOUNT,
    MIRROR_JOURNAL,
    CannotChoose,
    Choice,
    Row,
    choose,
    choose_mirror,
    row_named,
    unmapped,
)
from octowizard.onboarding.model import SCENARIOS, SETTLED, Declaration, Guide, State, Step
from octowizard.onboarding.standing import Standing
from octowizard.onboarding.steps.registry import definitions
from octowizard.workspace.decisions import BOOSTER
from octowizard.workspace.profiles import Profile

VERSION = 1
DETECT = "detect"  # the scenario that the counts say
# The tables of a file; the rows of the mapping stand in the last three.
CHOICES, QUESTIONS = "choices", "questions"
RATES, CATEGORIES, OTHERS = "rates", "categories", "mapping"
TABLES: Mapping[str, tuple[str, ...]] = {
    RATES: ("rate",),
    CATEGORIES: ("category",),
    OTHERS: ("discount", "mirror-journal", "mirror-account"),
}
LATER = "later"  # questions that are answered when their time comes
_TOP = ("version", "scenario", "skip", LATER, CHOICES, QUESTIONS, *TABLES)
_NUMBER = re.compile(r"[0-9]{6}")
_MIRRORED = re.compile(r"[FD][1-9][0-9]?")


class WrongFile(ValueError):
    """A text that is no answers file; the message is one sentence."""


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """What a file comes to for one profile. `troubles`: all that does not fit, in sentences; then nothing is kept.

    `decisions`: by key, None to forget one. `new`: what is kept that did not hold before, as (what, value).
    `idle`: answers to questions that this set-up does not ask.
    """

    profile: Profile
    decisions: Mapping[str, Any] = {}
    new: tuple[tuple[str, str], ...] = ()
    idle: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


def read(text: str) -> dict[str, Any]:
    """The tables of a file. WrongFile."""
    try:
        answers = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile(_("It is no TOML: {why}.").format(why=error)) from None
    if answers.get("version") != VERSION or isinstance(answers["version"], bool):
        raise WrongFile(
            _("It does not begin with version = {version}: it is no answers file of this octowizard.").format(
                version=VERSION
            )
        )
    return answers


def every_question(standing: Standing) -> dict[str, Declaration]:
    """Each question that some situation asks, by its key, with the answer so far; in the order of the steps.

    The start date is a choice, and stands among those.
    """
    bare = msgspec.structs.replace(standing.snapshot, years=(), journals={}, accounts={}, unread={})
    questions: dict[str, Declaration] = {}
    for snapshot in (standing.snapshot, bare):
        for scenario in SCENARIOS:
            decisions = {**standing.decisions, "scenario": scenario}
            asked = guide(msgspec.structs.replace(standing, snapshot=snapshot, decisions=decisions))
            for key, one in _questions(asked.steps).items():
                questions.setdefault(key, one)
    return questions


def _questions(steps: Iterable[Step]) -> dict[str, Declaration]:
    """The questions of these steps, that of the start date apart."""
    return {one.key: one for step in steps for one in step.declarations if one.key != connection.START}


def open_questions(whole: Guide) -> dict[str, Declaration]:
    """The questions without an answer of the steps that still ask for something, that of the start date apart."""
    asking = _questions(step for step in whole.steps if step.state not in SETTLED)
    return {key: one for key, one in asking.items() if one.answer is None}


def later_questions(whole: Guide) -> dict[str, Declaration]:
    """Those of them whose step has nothing to do yet, or waits for another: they come up by themselves."""
    coming = _questions(step for step in whole.steps if step.state in (State.NOT_YET, State.WAITS))
    return {key: one for key, one in open_questions(whole).items() if key in coming}


def names(rows: Iterable[Row], table: str) -> dict[str, Row]:
    """The rows of a table by the names that a file knows them by: the label, or the id where two share a label."""
    own = [row for row in rows if row.kind in TABLES[table]]
    if table == OTHERS:
        return {row.id: row for row in own}
    labels = [row.label.casefold() for row in own]
    return {row.label if labels.count(row.label.casefold()) == 1 else row.id: row for row in own}


# --- checked as a whole -----------------------------------------------------------------------------------


def fitted(answers: Mapping[str, Any], standing: Standing, rows: Iterable[Row]) -> Fitted:
    """What the file comes to here; `rows`: the mapping of the profile as it is."""
    check = _Check(answers, standing, tuple(rows))
    check.top()
    check.choices()
    check.questions()
    check.mapping()
    check.unanswered()
    return Fitted(
        profile=check.profile,
        decisions=check.decisions,
        new=tuple(check.new),
        idle=tuple(check.idle),
        troubles=tuple(dict.fromkeys(check.troubles)),
    )


class _Check:
    """One file against one set-up, table by table; collects what is kept and what does not fit."""

    def __init__(self, answers: Mapping[str, Any], standing: Standing, rows: tuple[Row, ...]) -> None:
        self.found = answers
        self.standing = standing
        self.rows = rows
        self.profile = standing.profile
        self.decisions: dict[str, Any] = {}
        self.new: list[tuple[str, str]] = []
        self.idle: list[str] = []
        self.troubles: list[str] = []
        self.later: frozenset[str] = frozenset()

    def table(self, name: str) -> dict[str, Any]:
        """A table of the file, empty where it lacks."""
        table = self.found.get(name, {})
        if isinstance(table, dict):
            return table
        self.troubles.append(_("{name} must be a table, [{name}].").format(name=name))
        return {}

    def unknown(self, where: str, name: str, known: Iterable[str]) -> None:
        """A name that nothing here bears, with the nearest one that something does."""
        by_word = {each.casefold(): each for each in known}
        near = difflib.get_close_matches(name.casefold(), by_word, 1, cutoff=0.0)
        if near:
            text = _("not known here; the nearest that is: “{near}”.")
            self.refused(where, name, text.format(near=by_word[near[0]]))
        else:
            self.refused(where, name, _("not known here: there is nothing of that kind."))

    def refused(self, where: str, name: str, why: object) -> None:
        """A name or a value that cannot be; `where`: the table, empty for the top of the file."""
        self.troubles.append(f"[{where}] {name}: {why}" if where else f"{name}: {why}")

    # --- table by table -------------------------------------------------------------------------------------

    def top(self) -> None:
        """The scenario, the steps that are left out, and the questions that are for later."""
        for name in self.found:
            if name not in _TOP:
                self.unknown("", name, _TOP)
        scenario = self.found.get("scenario")
        if scenario not in (*SCENARIOS, DETECT):
            self.troubles.append(_("scenario must be one of a, b, c or detect."))
        else:
            self.decisions["scenario"] = None if scenario == DETECT else scenario
            if self.standing.decisions.get("scenario") != self.decisions["scenario"]:
                self.new.append(("scenario", scenario))
        skip = self.found.get("skip", [])
        if not (isinstance(skip, list) and all(isinstance(each, str) for each in skip)):
            self.troubles.append(_("skip must be a list of steps, such as [“merge”]."))
            return
        later = self.found.get(LATER, [])
        if not (isinstance(later, list) and all(isinstance(each, str) for each in later)):
            self.troubles.append(_("later must be a list of questions, such as [“automatic”]."))
            return
        known = every_question(self.standing)
        for key in later:
            if key not in known:
                self.unknown(LATER, key, known)
        self.later = frozenset(later)
        steps = {step.id: step for step in self.here().steps}
        for id in skip:
            if id not in definitions():
                self.unknown("skip", id, definitions())
            elif id not in steps:
                self.idle.append(id)  # a step of another situation
            elif steps[id].skip is None:
                self.refused("skip", id, unskippable(steps[id]))
            else:
                self.decisions[f"skipped/{id}"] = True
                if not self.standing.skipped(id):
                    self.new.append((_("left out"), id))

    def choices(self) -> None:
        """What is chosen of the connection: all of it, since nothing of it is assumed."""
        given, known = self.table(CHOICES), {each.id: each for each in connection.settings()}
        for name in given:
            if name not in known:
                self.unknown(CHOICES, name, known)
        for id, setting in known.items():
            if id in given:
                self.chosen(setting, _written(given[id]))
            else:
                self.refused(CHOICES, id, _("not answered: {question}").format(question=setting.question))
        if loss := guards.one_journal(self.standing, self.profile):
            credit_notes = connection.setting(connection.CREDIT_NOTES)
            self.lost(loss, credit_notes, connection.value_of(self.profile, credit_notes))

    def chosen(self, setting: connection.Setting, text: str) -> None:
        """One choice, if it can be made and loses nothing."""
        try:
            value = connection.chosen(setting, text)
        except connection.WrongChoice as wrong:
            self.refused(CHOICES, setting.id, wrong)
            return
        if loss := guards.choice(self.standing, setting, value):
            self.lost(loss, setting, text)
            return
        holds = getattr(self.profile, setting.field) == value
        if setting.id == connection.START:  # chosen by the file, and so agreed to
            self.decisions[setting.id] = value.isoformat()
            holds = holds and self.standing.decisions.get(setting.id) == value.isoformat()
        if not holds:
            self.new.append((setting.id, text))
        self.profile = msgspec.structs.replace(self.profile, **{setting.field: value})

    def lost(self, loss: guards.Warning, setting: connection.Setting, text: str) -> None:
        """A choice that would lose something is made by a person only."""
        why = _("{title}. {loss} A file agrees to no loss: octowizard setup choose {name} {value}")
        words = why.format(title=loss.title, loss=" ".join(loss.loss), name=setting.id, value=text)
        self.refused(CHOICES, setting.id, words)

    def questions(self) -> None:
        """The answers to what no API shows."""
        given, known = self.table(QUESTIONS), every_question(self.standing)
        asked = _questions(step for step in self.here().steps if step.state is not State.NOT_NEEDED)
        for key, answer in given.items():
            if key not in known:
                self.unknown(QUESTIONS, key, known)
            elif not isinstance(answer, bool):
                self.refused(QUESTIONS, key, _("the answer must be true or false."))
            elif key not in asked:
                self.idle.append(key)
            else:
                self.decisions[key if key == BOOSTER else f"declared/{key}"] = answer
                if asked[key].answer is not answer:
                    self.new.append((asked[key].question, _("yes") if answer else _("no")))

    def mapping(self) -> None:
        """Where rates, categories, discounts and payments lead to."""
        for table in TABLES:
            given, known = self.table(table), names(self.rows, table)
            for name, value in given.items():
                try:
                    row = known[name] if name in known else row_named(known.values(), name)
                except CannotChoose:
                    self.unknown(table, name, known)
                    continue
                if row.kind.startswith("mirror"):
                    continue  # both together, below
                self.led(table, name, row, _written(value))
        self.mirrored(self.table(OTHERS))

    def led(self, table: str, name: str, row: Row, value: str) -> None:
        """One row leads there, if it can."""
        try:
            profile = choose(self.profile, self._open(row), value)
        except CannotChoose as wrong:
            self.refused(table, name, wrong)
            return
        if profile != self.profile:
            self.new.append((row.label, value))
        self.profile = profile

    def mirrored(self, given: Mapping[str, Any]) -> None:
        """Journal and account of payments made in Teamleader: both or none."""
        two = [_written(given[name]) for name in (MIRROR_JOURNAL, MIRROR_ACCOUNT) if name in given]
        if len(two) == 1:
            self.refused(OTHERS, MIRROR_JOURNAL, _("journal and account go together: give both, or none."))
        if len(two) != len((MIRROR_JOURNAL, MIRROR_ACCOUNT)):
            return
        try:
            profile = choose_mirror(self.profile, [self._open(row) for row in self.rows], *two)
        except CannotChoose as wrong:
            self.refused(OTHERS, MIRROR_JOURNAL, wrong)
            return
        if profile != self.profile:
            self.new.append((_("Payments made in Teamleader"), " · ".join(two)))
        self.profile = profile

    def _open(self, row: Row) -> Row:
        """A row of a dossier that has no chart yet takes what looks right: its accounts are made by a later step."""
        fits = _MIRRORED if row.kind == MIRROR_JOURNAL else _NUMBER
        years = bool(self.standing.snapshot.years)
        if row.choices or row.kind == "rate" or (years and self.standing.snapshot.accounts):
            return row
        given = [*self.table(CATEGORIES).values(), *self.table(OTHERS).values()]
        possible = dict.fromkeys(value for each in given if fits.fullmatch(value := _written(each)))
        return msgspec.structs.replace(row, choices=tuple(Choice(value, "") for value in possible))

    def here(self) -> Guide:
        """The steps as they are with what the file says so far."""
        decided = {**self.standing.decisions, **self.decisions}
        return guide(msgspec.structs.replace(self.standing, profile=self.profile, decisions=decided))

    def unanswered(self) -> None:
        """What this set-up asks and neither the file nor anybody before has answered."""
        here = self.here()
        later = self.later & later_questions(here).keys()
        for key, one in open_questions(here).items():
            if key not in self.table(QUESTIONS) and key not in later:
                self.refused(QUESTIONS, key, _("not answered: {question}").format(question=one.question))
        failing = unmapped(self.rows)
        for table in TABLES:
            given = {name.casefold() for name in self.table(table)}
            for name, row in names(self.rows, table).items():
                if row in failing and not {name.casefold(), row.id} & given:
                    self.refused(table, name, _("not answered: {trouble}").format(trouble=row.trouble))


def _written(value: object) -> str:
    """A value of a file as it is typed: a day or a number may stand without quotes."""
    if isinstance(value, bool):
        return connection.YES if value else connection.NO
    return value.isoformat() if isinstance(value, date) else str(value)
