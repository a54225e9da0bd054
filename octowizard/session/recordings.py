"""A run to be played again: its events, from the workspace or from a support bundle of somebody else.

Reading one makes no call and writes nothing. The events of a bundle are checked: who shows them need not fear them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import msgspec

from octowizard.locale import _
from octowizard.sync.events import SCHEMA, AnyEvent, RunStarted, from_line

if TYPE_CHECKING:
    from octowizard.session.profile_session import ProfileSession

_KINDS = frozenset(kind.__struct_config__.tag for kind in get_args(AnyEvent))
_LONGEST = 100_000  # letters of one text
_LARGEST = 10**15  # of counts, and of amounts in euro
_YEARS = range(1990, 2200)


class NoRecording(Exception):
    """There is no run to play, or it cannot be read; the message is one sentence."""


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """A run, from its beginning. `later`: events left out because only a later octowizard knows them.

    `others`: the runs that the bundle holds besides.
    """

    started: RunStarted
    events: tuple[AnyEvent, ...]
    later: int = 0
    others: tuple[int, ...] = ()


class _Head(msgspec.Struct):
    schema: int
    event: str


def of_run(session: ProfileSession, run: int | None = None) -> Recording:
    """A run of this profile; without a number the newest. NoRecording, WorkspaceError."""
    known = [past.id for past in session.runs()]
    if not known:
        raise NoRecording(_("There is no run yet to play: `octowizard sync --dry-run` makes the first."))
    if run is not None and run not in known:
        raise NoRecording(_("There is no run {number}: `octowizard history` lists them.").format(number=run))
    number = known[0] if run is None else run
    return _recording(session.run_lines(number), _("run {number}").format(number=number))


def of_bundle(path: Path, run: int | None = None) -> Recording:
    """A run in a support bundle; without a number the newest of it. NoRecording."""
    from octowizard.problems.bundle import BundleError
    from octowizard.problems.bundle_reading import read_run

    try:
        number, others, lines = read_run(path, run)
        played = _recording(lines, str(path))
        return msgspec.structs.replace(played, others=tuple(one for one in others if one != number))
    except BundleError as error:
        raise NoRecording(str(error)) from None


def _recording(lines: Iterable[bytes], where: str) -> Recording:
    events: list[AnyEvent] = []
    later = 0
    for number, line in enumerate(lines, start=1):
        try:
            head = msgspec.json.decode(line, type=_Head)
            if head.schema > SCHEMA:
                raise NoRecording(
                    _(
                        "The events in {where} are of a later octowizard: install that one to play them."
                    ).format(where=where)
                )
            if head.event not in _KINDS:
                later += 1
                continue
            event = from_line(line)
            _check(event)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise NoRecording(
                _("The events in {where} cannot be played: line {number} is damaged.").format(
                    where=where, number=number
                )
            ) from None
        events.append(event)
    if not events or not isinstance(events[0], RunStarted):
        raise NoRecording(
            _("The events in {where} cannot be played: their beginning is missing.").format(where=where)
        )
    return Recording(started=events[0], events=tuple(events), later=later)


def _check(value: object) -> None:
    """Is it of a size that a run can come to, and can be shown? ValueError."""
    match value:
        case str():
            _bounded(len(value) <= _LONGEST)
        case int() | float():
            _bounded(abs(value) < _LARGEST)
        case tuple():
            for held in value:
                _check(held)
        case msgspec.Struct():
            for name in value.__struct_fields__:
                _check(getattr(value, name))
        case Decimal():
            _bounded(value.is_finite() and abs(value) < _LARGEST and (not value or value.adjusted() > -7))
        case datetime():
            _bounded(value.year in _YEARS and value.tzinfo is not None)
        case date():
            _bounded(value.year in _YEARS)
        case _:
            pass


def _bounded(well: bool) -> None:
    if not well:
        raise ValueError
