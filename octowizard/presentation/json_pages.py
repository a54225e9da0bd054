"""Pages, the report and letters as programs read them: the blocks that everything shown consists of.

An interface, as `json_output` is. Each block says in `block` which one it is; figures are JSON numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from octowizard.presentation.blocks import Block, Keys, Page

if TYPE_CHECKING:
    from octowizard.presentation.letters import Letter
    from octowizard.presentation.report import Report


def page(one: Page) -> Page:
    """A page as programs read it: what keys do is said on a screen only."""
    return msgspec.structs.replace(one, blocks=_keyless(one.blocks))


def _keyless(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if not isinstance(block, Keys))


class ChapterLine(msgspec.Struct):
    """A chapter of a report."""

    id: str
    title: str
    language: str
    blocks: Sequence[Block]
    pages: Sequence[Page]


class ReportBody(msgspec.Struct):
    """`octowizard report --format json`."""

    title: str
    language: str
    spoken: str
    made_at: datetime
    read_at: datetime | None
    notes: Sequence[Block]
    chapters: list[ChapterLine]


def report_body(one: Report) -> ReportBody:
    """A report as programs read it."""
    chapters = [
        ChapterLine(
            chapter.id,
            chapter.title,
            chapter.language or one.spoken,
            _keyless(chapter.blocks),
            [*map(page, chapter.pages)],
        )
        for chapter in one.chapters
    ]
    return ReportBody(
        one.title, one.language, one.spoken, one.made_at, one.read_at, _keyless(one.notes), chapters
    )


class LetterBody(msgspec.Struct):
    """A mail of `letter`. `address` empty where it is not known; `records`: what it is about, all of it."""

    template: str
    to: str
    about: str
    address: str
    language: str
    subject: str
    text: str
    records: Sequence[str]


class Letters(msgspec.Struct):
    """`octowizard letter`."""

    letters: list[LetterBody]


def letters(several: Sequence[Letter]) -> Letters:
    """Mails as programs read them."""
    return Letters(
        [
            LetterBody(
                one.template,
                one.to,
                one.about,
                one.address,
                one.language,
                one.subject,
                one.text(),
                one.records,
            )
            for one in several
        ]
    )
