"""Doctor: is all well with octowizard itself; each line with what to do, and looked at again by a key."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from octowizard.app.columns import GAP, cells, wanted
from octowizard.app.commands import commands
from octowizard.app.lines_screen import BACK, COPY, SAVE, LinesScreen
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.keys import key_of
from octowizard.presentation.blocks import Page, tone_of
from octowizard.presentation.doctor import MARKS, page_of, title
from octowizard.progress import Report, Stop
from octowizard.session import doctor
from octowizard.session.doctor import Line, Terminal
from octowizard.session.terminal import many_colours, system_tool

Keep = Callable[[list[Line]], None]


class DoctorList(LineList[Line]):
    """One line for each thing that was looked at."""

    NAME = "doctor"

    def cells(self, line: Line, width: int) -> list[Cell]:
        mark = MARKS[line.state]
        where = min(wanted((title(one.profile),) for one in self.lines)[0], width // 4)
        which, text = cells((title(line.profile), line.text), (where, width - where - 2 - GAP))
        return [
            (f"{mark} ", tone_of(mark)),
            (which, "soft"),
            (text, "text"),
        ]


OFFERS = (
    BACK,
    *commands(lambda: (
        ("explain", "enter e", _("explain"), _("The whole line, on a page, with what to do.")),
        ("again", "r", _("check again"), _("Look at the line under the cursor once more.")),
        ("all", "a", _("all again"), _("Look at everything once more, without asking anybody.")),
        ("online", "R", _("ask both sides"),
         _("Sign in on both sides, and compare the contract that Octopus publishes.")),
    )),
    COPY,
    SAVE,
)  # fmt: skip


class DoctorScreen(LinesScreen):
    """Opened from any place."""

    OFFERS = OFFERS

    def __init__(self, *, place: str) -> None:
        self._list = DoctorList()
        super().__init__(_("Is all well with octowizard itself?"), self._list, place=place)
        self._busy = False

    def successor(self) -> DoctorScreen:
        return DoctorScreen(place=self.MODE)

    def about(self) -> str:
        return _(
            "The doctor looks at this computer and at each profile: versions, folder, keyring, network, terminal, "
            "secrets, limits. With {online} it also signs in on both sides. What stands in the way of a sync is "
            "told by "
            "Checks."
        ).format(online=key_of("doctor.online", "R"))

    def on_mount(self) -> None:
        super().on_mount()
        self.do_all()

    def is_enabled(self, run: str) -> bool:
        runner = self.shell.runner
        match run:
            case "back":
                return True
            case "online":
                return not self._busy and runner is not None and runner.idle
            case "again":
                chosen = self._list.chosen
                asks = chosen is not None and chosen.check in doctor.ONLINE
                return not self._busy and chosen is not None and (not asks or self.is_enabled("online"))
            case "all":
                return not self._busy
        return bool(self._list.length)

    def on_line_list_moved(self) -> None:
        self._explain()

    def on_line_list_chosen(self) -> None:
        self.action_command("explain")

    def page(self) -> Page | None:
        line = self._list.chosen
        return page_of(line) if line is not None else None

    def do_all(self) -> None:
        self._look(self._list.fill)

    def do_online(self) -> None:
        self._ask("", "", lambda lines: self._list.fill(doctor.joined(self._offline(), lines)))

    def do_again(self) -> None:
        """Look at one line once more; what it comes to stands in its place."""
        chosen = self._list.chosen
        if chosen is None or not self.is_enabled("again"):
            return
        keep = partial(self._replace, chosen)
        if chosen.check in doctor.ONLINE:
            self._ask(chosen.check, chosen.profile, keep)
        else:
            self._look(keep, chosen.check, chosen.profile)

    def _replace(self, old: Line, fresh: list[Line]) -> None:
        kept, at = [], None
        for line in self._list.lines:
            if (line.check, line.profile) != (old.check, old.profile):
                kept.append(line)
            elif at is None:
                at = len(kept)
        place = len(kept) if at is None else at
        self._list.fill([*kept[:place], *fresh, *kept[place:]])
        self._list.go(place)

    def _offline(self) -> list[Line]:
        return [line for line in self._list.lines if line.check not in doctor.ONLINE]

    def _look(self, keep: Keep, check: str = "", profile: str = "") -> None:
        size = self.app.size
        encoding = getattr(sys.__stdout__, "encoding", "") or ""
        terminal = Terminal(size.width, size.height, many_colours(), encoding, system_tool() or "")
        self._begin(_("Looking …"))
        root = self.shell.root
        self.in_thread(
            lambda: doctor.here(root, terminal, check, profile), partial(self._shown, keep), self._failed
        )

    def _ask(self, check: str, profile: str, keep: Keep) -> None:
        runner, root = self.shell.runner, self.shell.root
        if runner is None or not runner.idle:
            return
        self._begin(_("Asking both sides …"))

        async def ask(_report: Report, _stop: Stop) -> list[Line]:
            return await doctor.there(root, check, profile)

        runner.ask(self, ask, partial(self._shown, keep), self._failed, keeps_checks=True)

    def _begin(self, words: str) -> None:
        self._busy = True
        self.say(words)

    def _shown(self, keep: Keep, lines: list[Line] | None) -> None:
        self._busy = False
        if lines is not None:
            keep(lines)
        self._explain()

    def _failed(self, why: str) -> None:
        self._busy = False
        self.failed(why)

    def _explain(self) -> None:
        """The whole sentence under the list, and what to do."""
        line = self._list.chosen
        if line is None:
            return
        fix = f"\n→ {line.fix}" if line.fix else ""
        self.say(f"{line.text}{fix}", "")
