"""What Checks, Calendar and Troubleshoot share: what is kept shown at once, and reading again with progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.timer import Timer

from octowizard.app.asking import Asking
from octowizard.app.commands import Command
from octowizard.app.content import cell, content, plain, wrapped
from octowizard.app.runner import Checking, in_background
from octowizard.app.screens.detail import DetailScreen, retell
from octowizard.app.screens.place import PlaceScreen
from octowizard.app.told import Told, as_text
from octowizard.app.widgets.pane import Pane
from octowizard.locale import _
from octowizard.locale.formats import ago, count, moment
from octowizard.locale.readings import read_name

if TYPE_CHECKING:
    from octowizard.app.widgets.line_list import LineList
    from octowizard.session.profile_session import Checked

STOP = Command(
    "stop", ("escape",), lambda: _("stop"), lambda: _("Stop reading. What was read so far is kept.")
)
ALL = Command(
    "all", ("a", "R"), lambda: _("check all"), lambda: _("Read both sides again and check everything.")
)


class CheckedScreen(PlaceScreen):
    """A screen on what the checks say. Subclasses draw it in `draw`."""

    def __init__(self) -> None:
        super().__init__()
        self.checked: Checked | None = None
        self.looking = False
        self.error = ""
        self._checking: Checking | None = None
        self._timer: Timer | None = None

    def draw(self) -> None:
        """Show `checked`, `looking` and `error` as they now are."""
        raise NotImplementedError

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def ended(self, problem: str, before: Checked | None) -> None:
        """A look at both sides has ended; `problem` is what was looked at again, empty for all."""

    # --- what is kept ---------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        runner = self.shell.runner
        if runner is None:
            return
        if runner.checked is not None and runner.checked is not self.checked:
            self.checked = runner.checked
        if not runner.up_to_date and not self.looking and self._checking is None:
            self.looking = True
            in_background(self, runner.kept_checks, self._kept, self._failed)
        self.draw()

    def _kept(self, checked: Checked) -> None:
        self.looking = False
        self.checked = checked
        self.draw()

    def _failed(self, why: str) -> None:
        self.looking = False
        self.error = why
        self._over()

    # --- reading again --------------------------------------------------------------------------------------

    @property
    def idle(self) -> bool:
        """Can both sides be read now?"""
        runner = self.shell.runner
        return runner is not None and not runner.running and runner.checking is None

    @property
    def reading(self) -> bool:
        """Is this screen reading both sides?"""
        return self._checking is not None

    def begin(self, problem: str) -> None:
        """Read again what this problem depends on; everything when it is empty."""
        runner = self.shell.runner
        if runner is None or not self.idle:
            return
        before = self.checked
        self.error = ""

        def done(checked: Checked | None) -> None:
            self._over()
            if checked is None:
                self.shell.tell(_("Stopped. What was read so far is kept."))
                return
            self.checked = checked
            self.draw()
            self.ended(problem, before)

        self._checking = runner.check(self, problem, done, self._failed)
        self._timer = self.set_interval(0.1, self.draw_banner)
        self.draw()

    def _over(self) -> None:
        self._checking = None
        if self._timer is not None:
            self._timer.stop()
        self._timer = None
        self.draw()

    def do_all(self) -> None:
        self.begin("")

    def do_stop(self) -> None:
        if self._checking is not None:
            self._checking.cancel()
            self.draw_banner()

    # --- the line above -------------------------------------------------------------------------------------

    def draw_banner(self) -> None:
        """Draw only what moves while both sides are read."""
        raise NotImplementedError

    def age(self) -> str:
        """`read 2 min ago`, or that nothing was."""
        checked = self.checked
        if checked is None:
            return ""
        if checked.taken_at is None:
            return _("nothing read yet")
        return _("read {ago}").format(ago=ago(checked.taken_at, self.shell.now() + checked.clock_offset))

    def head(self, parts: list[str | tuple[str, str]], width: int) -> Content:
        """One line: what is there on the left, what happens or how old it is on the right; errors below."""
        checking = self._checking
        if checking is not None:
            what, number = checking.reading
            said = _("● stopping") if checking.cancelled else _("● reading")
            if what and not checking.cancelled:
                said += f" {plain(read_name(what))} {count(number)}"
            right, style = said, "$primary"
        elif self.looking:
            right, style = _("● looking at what is kept"), "$primary"
        else:
            right, style = self.age(), "$soft"
        left = content(*parts)
        gap = max(1, width - left.cell_length - len(right))
        found = [left + content(" " * gap, (right, style))]
        if self.error:
            lines = wrapped(self.error, width - 2)
            found += [
                content(("✖ " if number == 0 else "  ", "$error"), line) for number, line in enumerate(lines)
            ]
        return Content("\n").join(found)

    def limits(self, width: int) -> Content:
        """Calls left today, and what could not be refreshed because they are used up."""
        checked = self.checked
        if checked is None:
            return content("")
        found = []
        kept = {read_name(what): read_at for what, read_at in reversed(checked.kept)}
        for what, read_at in kept.items():
            said = _("Today's calls for {what} are used up: read at {moment}.").format(
                what=what, moment=moment(read_at, self.shell.now())
            )
            found.append(content(("▲ ", "$warning"), (cell(said, width - 2), "$soft")))
        if checked.calls_left:
            left = " · ".join(
                f"{one.label} {count(one.left)}/{count(one.limit)}" for one in checked.calls_left
            )
            found.append(content((cell(_("Calls left: {calls}").format(calls=left), width), "$soft")))
        return Content("\n").join(found)


class PaneScreen(CheckedScreen):
    """Such a screen with a list, and a pane that explains the line under the cursor once its causes are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.asking: Asking | None = None

    @property
    def lines(self) -> LineList:
        """The list that has the cursor."""
        raise NotImplementedError

    def told(self) -> Told | None:
        """What is known of the line under the cursor."""
        raise NotImplementedError

    def on_mount(self) -> None:
        if self.shell.runner is not None:
            self.asking = Asking(self, self.shell.runner.session.explanations, self.explain)
        self.lines.focus()

    def explain(self) -> None:
        """Draw the pane."""
        pane = self.query_one(Pane)
        told = self.told()
        pane.display = told is not None
        pane.show(told)
        retell(self, told)

    def do_explain(self) -> None:
        told = self.told()
        if told is not None:
            self.shell.push_screen(DetailScreen(told))

    def do_copy(self) -> None:
        told = self.told()
        if told is not None:
            self.shell.copy(as_text(told))

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        event.stop()
        self.explain()
        self.show_keys()

    def on_line_list_chosen(self) -> None:
        self.action_command("records")
