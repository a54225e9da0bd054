"""What a wide Home shows beside its list: cure and records of a line; and below it the calendar and the last runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from octowizard.app.asking import Asking
from octowizard.app.content import STYLES, cell, content, style_of
from octowizard.app.screens.checks import first_document
from octowizard.locale import _
from octowizard.locale.formats import count, day, document_amount
from octowizard.locale.keys import key_of
from octowizard.presentation.at_a_glance import last_runs, strip
from octowizard.presentation.blocks import Gap, Heading, Item, Page, Table
from octowizard.presentation.detail import finding
from octowizard.presentation.next_step import titles_of

if TYPE_CHECKING:
    from octowizard.app.place_screen import PlaceScreen
    from octowizard.app.runner import Runner
    from octowizard.problems.explain import Explained
    from octowizard.session.overview import Attention
    from octowizard.session.profile_session import Checked, PastRun

RECORDS = 8  # documents that are named
RUNS = 5


class Beside:
    """Asks in threads for what takes a while, and has Home drawn again when it is there."""

    def __init__(self, home: PlaceScreen, runner: Runner) -> None:
        self._home = home
        self._runner = runner
        self._causes: Asking[Explained] = Asking(home, runner.session.explanations.of, home.draw)
        self._runs: Asking[list[PastRun]] = Asking(home, self._last, home.draw)
        self._of: Checked | None = None

    def _last(self) -> list[PastRun]:
        return self._runner.session.runs()[:RUNS]

    def _known(self) -> Checked | None:
        """What the checks say; what was asked about an earlier look is forgotten."""
        if self._of is not self._runner.checked:
            self._of = self._runner.checked
            self._causes.forget()
            self._runs.forget()
        return self._of

    def page(self, thing: Attention | None, key: str) -> Page | None:
        """What to do about a thing, and the documents that it is about. `key`: makes the change that mends it."""
        checked = self._known()
        if thing is None or checked is None:
            return None
        findings = [one for one in checked.findings if one.problem == thing.problem]
        one = next((one for one in findings if one.title == thing.title), findings[0] if findings else None)
        if one is None:
            text = thing.consequence or _("Enter opens the checks.")
            return Page(mark=thing.mark, title=thing.title, blocks=(Item(text),))
        page = finding(one, self._causes.of(one.problem, first_document(one)))
        blocks = list(page.blocks)
        if thing.does:
            blocks = [
                Item(
                    _("{mend} does it: {change}").format(mend=key, change=titles_of(thing.does)),
                    tone="accent",
                ),
                *blocks,
            ]
        heads = [checked.documents[record.id] for record in one.records if record.id in checked.documents]
        if heads:
            rows = tuple(
                (
                    head.number,
                    day(head.date),
                    head.customer_name,
                    document_amount(head.kind, head.amount, head.currency),
                )
                for head in heads[:RECORDS]
            )
            blocks += [Gap(), Heading(_("Records"), aside=count(len(heads))), Table(rows, frozenset({3}))]
        return Page(mark=page.mark, title=page.title, aside=page.aside, blocks=tuple(blocks))

    def below(self, width: int) -> list[Content]:
        """The calendar of the years that matter, and the last runs."""
        checked, shell = self._known(), self._home.shell
        lines: list[Content] = []
        if checked is not None and checked.grid.years:
            lines.append(
                content(
                    (_("Calendar"), "bold $accent"),
                    (_("  {calendar} opens it").format(calendar=key_of("calendar", "4")), "$soft"),
                )
            )
            lines += [
                content(*((text, STYLES[tone]) for text, tone in line))
                for line in strip(checked.grid, shell.now().date(), width)
            ]
        runs = self._runs.of() or []
        if runs:
            lines += [
                content(""),
                content(
                    (_("Last runs"), "bold $accent"),
                    (_("  {history} shows all").format(history=key_of("history", "9")), "$soft"),
                ),
            ]
            lines += [
                content((f"{mark} ", style_of(mark)), cell(text, width - 2).rstrip())
                for mark, text in last_runs(runs, shell.now())
            ]
        return lines
