"""Fleet: every profile on a line, with how it stands, its next deadline and what blocks; enter opens one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from octowizard.app.columns import cells, shared, wanted
from octowizard.app.commands import commands
from octowizard.app.content import cell
from octowizard.app.lines_screen import BACK, COPY, SAVE, LinesScreen
from octowizard.app.runner import Job, sentence
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.presentation.blocks import tone_of
from octowizard.presentation.fleet import Row, doing, legend, row, totals
from octowizard.progress import Report, Stop, Verdict
from octowizard.session import fleet
from octowizard.session.fleet import Standing, Told
from octowizard.workspace.profiles import load, names

if TYPE_CHECKING:
    from octowizard.session.session import Session

BEAT = 0.25  # seconds between two looks at how far the checks are
MARK = 2  # columns


class FleetList(LineList[Row]):
    """One line for each profile."""

    NAME = "fleet"

    def __init__(self) -> None:
        super().__init__()
        self._wants = [0, 0, 0, 0]

    def show_rows(self, rows: list[Row]) -> None:
        """Show these; the cursor stays with its profile."""
        self._wants = wanted(_texts(one) for one in rows) or self._wants
        self.fill(rows)

    def key(self, line: Row) -> object:
        return line.profile

    def cells(self, line: Row, width: int) -> list[Cell]:
        widths = shared(self._wants, width - MARK)
        profile, state, deadline, blocks = cells(_texts(line), widths)
        shown: list[Cell] = [(cell(line.mark, MARK), tone_of(line.mark)), (profile, "head"), (state, "text")]
        return [*shown, (deadline, "text"), (blocks, "soft")]


def _texts(line: Row) -> tuple[str, str, str, str]:
    return line.profile, line.state, line.deadline, line.blocks


OFFERS = (
    BACK,
    *commands(lambda: (
        ("open", "enter", _("open"), _("Leave these accounts, and open those under the cursor.")),
        ("again", "r", _("check this one"), _("Look at both sides of the profile under the cursor, and check.")),
        ("all", "R", _("check all"), _("Look at both sides of every profile, and check; some at once.")),
    )),
    COPY,
    SAVE,
)  # fmt: skip


class FleetScreen(LinesScreen):
    """Opened from any place."""

    OFFERS = OFFERS

    def __init__(self, *, place: str) -> None:
        self._list = FleetList()
        super().__init__(_("All your profiles"), self._list, place=place)
        self._rows: dict[str, Row] = {}
        self._job: Job[None] | None = None
        self._told: Told | None = None  # the last thing that was heard of the checks under way
        self._ended = self._of = 0  # how many of them have ended

    @property
    def may_be_made_anew(self) -> bool:
        return self._job is None

    def successor(self) -> FleetScreen:
        return FleetScreen(place=self.MODE)

    def about(self) -> str:
        return _(
            "Fleet shows every profile as it was last looked at: its documents ({legend}), the next VAT return or "
            "the end of the fiscal year, and what blocks. R looks at all of them; in a terminal `octowizard fleet` "
            "also syncs and audits them."
        ).format(legend=legend())

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(BEAT, self._move_on)
        self.in_thread(self._read, self._show, self.failed)

    def _opened(self, profile: str) -> Session:
        from octowizard.session.session import Session

        return Session(self.shell.root, load(self.shell.root, profile))

    def _read(self) -> dict[str, Row]:
        """Blocks."""
        return {profile: self._remembered(profile) for profile in names(self.shell.root)}

    def _remembered(self, profile: str) -> Row:
        try:
            return row(fleet.remembered(self._opened(profile)))
        except Exception as error:  # one that cannot be used takes no other along
            why, verdict = _explained(error)
            return row(Standing(profile=profile, verdict=verdict, why=why))

    def _show(self, rows: dict[str, Row]) -> None:
        self._rows = rows
        self._draw()

    def _draw(self) -> None:
        self._list.show_rows(list(self._rows.values()))
        self.say(totals(self._list.lines) if self._list.length else _("No profile"))

    # --- checking -------------------------------------------------------------------------------------------

    @property
    def _idle(self) -> bool:
        runner = self.shell.runner
        return runner is not None and runner.idle

    def is_enabled(self, run: str) -> bool:
        chosen = self._list.chosen
        match run:
            case "open":
                profile = self.shell.profile
                return (
                    self._idle and chosen is not None and (profile is None or chosen.profile != profile.name)
                )
            case "again":
                return self._idle and chosen is not None
            case "all" | "copy" | "save":
                return (run != "all" or self._idle) and bool(self._list.length)
        return True

    def do_again(self) -> None:
        if (chosen := self._list.chosen) is not None:
            self._check([chosen.profile])

    def do_all(self) -> None:
        self._check(list(self._rows))

    def _check(self, profiles: list[str]) -> None:
        runner = self.shell.runner
        if runner is None or not runner.idle:
            return

        async def check(_report: Report, stop: Stop) -> None:
            await fleet.run(
                profiles, self._opened, fleet.checking(), partial(self._heard, profiles), stop, _explained
            )

        self._job = runner.ask(self, check, self._checked, self.failed)
        self.say(_("Looking …"))

    def _heard(self, profiles: list[str], progress: Told) -> None:
        """In the thread of the checks: what the screen draws at its next beat."""
        if isinstance(progress, Standing):
            self._rows = {**self._rows, progress.profile: row(progress)}
        self._ended = sum(self._rows[profile].verdict is not None for profile in profiles)
        self._told, self._of = progress, len(profiles)

    def _move_on(self) -> None:
        progress, self._told = self._told, None
        if progress is None:
            return
        self._list.show_rows(list(self._rows.values()))
        self.say(doing(progress, self._ended, self._of))

    def _checked(self, _none: None) -> None:
        self._told = None
        if self.shell.runner is not None:
            self.shell.runner.session.forget()  # the profile that is open may have been among them
        self._draw()

    def do_back(self) -> None:
        """Checks that are under way end first; what they have told stays."""
        if self._job is not None and self._job.alive:
            self._job.cancel()
            self.say(_("Stopping …"))
        else:
            super().do_back()

    # --- opening --------------------------------------------------------------------------------------------

    def on_line_list_moved(self) -> None:
        self.show_keys()

    def on_line_list_chosen(self) -> None:
        self.action_command("open")

    def do_open(self) -> None:
        if (chosen := self._list.chosen) is not None:
            self.shell.turn_to(chosen.profile)


def _explained(error: Exception) -> tuple[str, Verdict]:
    """An error as one sentence, and what it comes to."""
    from octowizard.transport.errors import VendorError

    return sentence(error), "unknown" if isinstance(error, VendorError) else "unusable"
