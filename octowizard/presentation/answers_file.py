"""The answers file as it is written: TOML that says at each line what it answers, and what the file leaves open."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from octowizard.locale import _
from octowizard.onboarding import answers, connection
from octowizard.onboarding.guide import guide
from octowizard.onboarding.mapping import Row
from octowizard.onboarding.model import Declaration
from octowizard.onboarding.standing import Standing
from octowizard.presentation.blocks import Block, Entry, Item


class Written(NamedTuple):
    """A file, and the questions that it leaves open."""

    text: str
    opened: tuple[str, ...]


def written(standing: Standing, rows: Iterable[Row]) -> Written:
    """All that was answered, chosen and mapped, with a comment at each line; what was not stands as a comment."""
    here = guide(standing)
    questions = answers.every_question(standing)
    # In a set-up that is complete, what is not asked yet is answered when its time comes: there as here.
    later = answers.later_questions(here) if here.current is None else {}
    opened = [one.question for key, one in answers.open_questions(here).items() if key not in later]
    if not standing.start_agreed:
        opened.append(connection.setting(connection.START).question)
    chosen = standing.decisions.get("scenario")
    skipped = [step.id for step in here.steps if standing.skipped(step.id)]
    kept = tuple(rows)
    lines = [
        *_comment(
            _("Answers for the set-up of octowizard, written from the profile {name}.").format(
                name=standing.profile.name
            )
        ),
        *_comment(_("Apply it to the next profile: octowizard --profile NAME setup --answers FILE")),
        *_comment(
            _(
                "The dossier is not in here, nor is any agreement to a loss, nor which customers are the same: those "
                "are asked for each company."
            )
        ),
        f"version = {answers.VERSION}",
        "",
        *_comment(_("a, b or c; detect: what the counts of both sides say")),
        f"scenario = {_quoted(chosen or answers.DETECT)}",
        *_comment(_("Steps that are left out")),
        f"skip = [{', '.join(map(_quoted, skipped))}]",
        *_comment(_("Questions that are answered when their time comes")),
        f"{answers.LATER} = [{', '.join(map(_quoted, later))}]",
        "",
        f"[{answers.CHOICES}]",
        *_choices(standing),
        "",
        f"[{answers.QUESTIONS}]",
        *_questions(questions.values()),
        *(line for table in answers.TABLES for line in _mapping(table, kept)),
    ]
    return Written("\n".join(lines) + "\n", tuple(opened))


def _choices(standing: Standing) -> Iterator[str]:
    for one in connection.settings():
        yield from _comment(one.question)
        value = connection.value_of(standing.profile, one)
        boolean = [each for each, _what in one.values] == [connection.YES, connection.NO]
        if boolean:
            yield f"{one.id} = {_boolean(value == connection.YES)}"
            continue
        for each, means in one.values:
            yield from _comment(f"  {each}: {means}")
        open_ = "# " if one.id == connection.START and not standing.start_agreed else ""
        yield f"{open_}{one.id} = {value if one.id == connection.START else _quoted(value)}"


def _questions(questions: Iterable[Declaration]) -> Iterator[str]:
    for one in questions:
        yield from _comment(one.question)
        if one.answer is None:
            yield f"# {one.key} = true"
        else:
            yield f"{one.key} = {_boolean(one.answer)}"


def _mapping(table: str, rows: Iterable[Row]) -> Iterator[str]:
    title = {
        answers.RATES: _("The VAT code that each VAT rate leads to; what is a comment follows by itself"),
        answers.CATEGORIES: _(
            "The account that each category leads to; what is a comment is as Teamleader has it"
        ),
        answers.OTHERS: _("Discounts, and payments made in Teamleader"),
    }[table]
    yield ""
    yield from _comment(title)
    yield f"[{table}]"
    for name, row in answers.names(rows, table).items():
        if table == answers.OTHERS:
            yield from _comment(row.label)
        value = f"{_quoted(name)} = {_quoted(row.value)}"
        named = f"  # {_plain(row.named)}" if row.named else ""
        yield f"{value}{named}" if row.origin == "chosen" else f"# {value}{named}"


def _comment(text: str) -> Iterator[str]:
    yield f"# {_plain(text)}"


def _plain(text: str) -> str:
    """On one line, without what no comment may hold."""
    return "".join(each if each.isprintable() else " " for each in text)


def _quoted(text: str) -> str:
    """A basic string: that of JSON, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _boolean(value: bool) -> str:
    return "true" if value else "false"


# --- told -------------------------------------------------------------------------------------------------


def kept(fitted: answers.Fitted) -> list[Block]:
    """What an answers file changes here, and what of it is not asked here."""
    blocks: list[Block] = [Entry(what, value, "head") for what, value in fitted.new]
    if not blocks:
        blocks.append(Item(_("All of it holds here already.")))
    if fitted.idle:
        text = _("Not asked in this set-up: {names}.")
        blocks.append(Item(text.format(names=", ".join(fitted.idle)), "–"))
    return blocks
