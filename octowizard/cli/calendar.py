"""`octowizard calendar`: every document on fiscal year, period and journal, and where none can be booked."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, add_fresh, add_json, paragraphs
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL
from octowizard.cli.interrupt import completed
from octowizard.cli.watching import reporting, tell_age, tell_origins
from octowizard.locale import _, pgettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from octowizard.checks.calendar import Calendar as Grid
    from octowizard.checks.calendar import Cell
    from octowizard.cli.arguments import Commands
    from octowizard.session.session import Session
    from octowizard.snapshot.model import DocumentHead

NAME = "calendar"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Every waiting document on the grid of fiscal year, period and journal, and whether each place takes\n"
            "bookings. Shows what was last read; reads both sides when nothing was, or with --fresh."
        ),
        paragraphs(
            """with --json, one object:
  {"schema": 1, "command": "calendar", "profile", "taken_at", "journals": [],
   "years": [{"id", "name", "start", "end", "closed", "periods": [{"number", "start", "end", "cells": [
     {"journal", "state": open|secured|closed|missing|wrong-type|future, "problem", "waiting", "booked",
      "documents": [ids]}]}]}],
   "not_read": {what: why}, "rests_on": [what was declared, and not measured],
   "refused": [{"vendor", "problem", "text", "request"}]}      the vendor's own words, letter for letter
  id null: no fiscal year holds these documents; number 0: no period does; dates inclusive""",
            _(
                "exit codes: 0 all waiting documents stand where bookings are taken, 1 some do not, 3 could not tell"
            ),
        ),
    )
    add_json(parser)
    add_fresh(parser)


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Show it. The exit code."""
    from octowizard.checks.calendar import calendar
    from octowizard.presentation.events import not_read
    from octowizard.presentation.json_output import Calendar, encoded, refused
    from octowizard.session.profile_session import CALENDAR_NEEDS
    from octowizard.snapshot.declared_parts import rests_on

    snapshot = session.snapshot()
    if arguments.fresh or not snapshot.taken_at.timestamp():
        snapshot = completed(session.read("", reporting(console), fresh=arguments.fresh))
        console.close()
    grid = calendar(snapshot, session.profile)
    unread = {part: snapshot.unread[part] for part in CALENDAR_NEEDS if part in snapshot.unread}
    if arguments.json:
        body = Calendar(
            snapshot.taken_at, grid.journals, grid.years, unread, rests_on(snapshot), refused(snapshot)
        )
        console.json(encoded(body, command=NAME, profile=session.profile.name))
    else:
        _tell(console, grid, {head.id: head for head in snapshot.pending})
        for part, why in unread.items():
            console.note(plain(not_read(part, why)))
        tell_origins(console, snapshot)
        tell_age(console, snapshot.taken_at, session.moment_there())
    if unread:
        return COULD_NOT_TELL
    return ATTENTION if any(cell.problem and cell.waiting for cell in _cells(grid)) else WELL


def _cells(grid: "Grid") -> "list[Cell]":
    return [cell for year in grid.years for period in year.periods for cell in period.cells]


def _tell(console: Console, grid: "Grid", documents: "Mapping[str, DocumentHead]") -> None:
    from octowizard.locale.formats import day
    from octowizard.presentation.calendar_marks import in_words, legend

    texts = [in_words(cell, documents) for cell in _cells(grid)]
    wide = max(map(len, (*grid.journals, *texts)), default=0) + 2
    for year in grid.years:
        state = pgettext("a period", "closed") if year.closed else pgettext("a period", "open")
        if year.id is None:
            state = _("no fiscal year")
        console.line(f"{plain(year.name)}  {day(year.start)} – {day(year.end)}  ({state})")
        console.line(" " * 12 + "".join(f"{key:{wide}}" for key in grid.journals).rstrip())
        for period in year.periods:
            label = str(period.number) if period.number else "–"
            row = [f"{in_words(cell, documents):{wide}}" for cell in period.cells]
            console.line(f"  {label:10}{''.join(row)}".rstrip())
        console.line()
    console.line(legend())
