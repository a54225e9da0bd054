"""What Checks, Calendar and Troubleshoot share: what is kept shown at once, and reading again with progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.content import Content

from octowizard.app.asking import Asking
from octowizard.app.commands import commands
from octowizard.app.content import cell, content, hung, wrapped
from octowizard.app.job_screen import JobScreen
from octowizard.app.runner import in_background
from octowizard.app.widgets.pane import Pane
from octowizard.locale import _
from octowizard.locale.formats import ago
from octowizard.presentation.events import calls_left, used_up
from octowizard.presentation.overview import few_left

if TYPE_CHECKING:
    from octowizard.app.widgets.line_list import LineList
    from octowizard.problems.explain import Explained
    from octowizard.session.profile_session import Checked

RESTS = 3  # lines that say what was declared, and not measured

(ALL,) = commands(lambda: (
    ("all", "a R", _("check all"), _("Read both sides again and check everything.")),
))  # fmt: skip


class CheckedScreen(JobScreen):
    """A screen on what the checks say: `checked`; `looking`: what is kept is being looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.checked: Checked | None = None
        self.looking = False
        self._budgets = False

    def ended(self, problem: str, before: Checked | None) -> None:
        """A look at both sides has ended; `problem` is what was looked at again, empty for all."""

    # --- what is kept ---------------------------------------------------------------------------------------

    def state_changed(self) -> None:
        runner = self.shell.runner
        if runner is not None and runner.idle and self.job is None and not runner.up_to_date:
            super().state_changed()
        else:
            self.show_keys()

    def follow(self) -> None:
        runner = self.shell.runner
        if runner is None:
            return
        if runner.checked is not None and runner.checked is not self.checked:
            self.checked = runner.checked
        if not runner.up_to_date and not self.looking and self.job is None:
            self.looking = True
            in_background(self, runner.kept_checks, self._kept, self.failed)
        self.draw()

    def _kept(self, checked: Checked) -> None:
        self.looking = False
        self.checked = checked
        self.draw()

    def failed(self, why: str) -> None:
        """It broke off, for this reason."""
        self.looking = False
        super().failed(why)

    # --- reading again --------------------------------------------------------------------------------------

    def check(self, problem: str) -> None:
        """Read again what this problem depends on; everything when it is empty."""
        runner, before = self.shell.runner, self.checked
        if runner is None:
            return

        def done(checked: Checked) -> None:
            self.checked = checked
            self.draw()
            self.ended(problem, before)

        self.begin(_("reading"), lambda report, _stop: runner.check(problem, report), done, keeps_checks=True)

    def do_budgets(self) -> None:
        self._budgets = not self._budgets
        self.draw()

    def do_all(self) -> None:
        self.check("")

    # --- the line above -------------------------------------------------------------------------------------

    def age(self) -> str:
        """`read 2 min ago`, or that nothing was read yet; empty before that is known."""
        checked = self.checked
        if checked is None:
            return ""
        if checked.taken_at is None:
            return _("nothing read yet")
        return _("read {ago}").format(ago=ago(checked.taken_at, self.shell.now() + checked.clock_offset))

    @property
    def right(self) -> str:
        """What happens, or how old it is."""
        if self.job is not None:
            return self.going_on
        return _("● looking at what is kept") if self.looking else self.age()

    def head(self, parts: list[str | tuple[str, str]], width: int) -> Content:
        """What is there on the left, what happens or how old it is on the right, or below it; errors below."""
        right = self.right
        style = "$primary" if self.job is not None or self.looking else "$soft"
        left = content(*parts)
        gap = width - left.cell_length - cell_len(right)
        lines = [left + content(" " * gap, (right, style))] if gap > 0 else [left, content((right, style))]
        if self.error:
            lines += hung("✖ ", "$error", self.error, width)
        if self.checked is not None and self.checked.rests_on:
            basis = wrapped(" ".join(self.checked.rests_on), width)
            lines += [content((line, "$soft")) for line in basis[:RESTS]]
        return Content("\n").join(lines)

    def limits(self, width: int) -> Content:
        """What could not be refreshed because limits are used up; how much is left of those of which it is little.

        Of all of them once `b` was pressed.
        """
        checked = self.checked
        if checked is None:
            return content("")
        sentences = dict.fromkeys(used_up(what, at, self.shell.now()) for what, at in checked.kept)
        lines = [content(("▲ ", "$warning"), (cell(text, width - 2), "$soft")) for text in sentences]
        few = checked.calls_left if self._budgets else few_left(checked.calls_left)
        if left := calls_left(few):
            lines += hung("", "", left, width, "$soft")
        return Content("\n").join(lines)


class PaneScreen(CheckedScreen):
    """Such a screen with a list, and a pane that explains the line under the cursor once its causes are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.asking: Asking[Explained] | None = None

    @property
    def lines(self) -> LineList[Any]:
        """The list that has the cursor."""
        raise NotImplementedError

    def on_mount(self) -> None:
        if self.shell.runner is not None:
            self.asking = Asking(self, self.shell.runner.session.explanations.of, self.explain)
        self.lines.focus()

    def explain(self) -> None:
        """Draw the pane."""
        page = self.page()
        self.query_one(Pane).show(page)
        self.more_known(self._followed, page)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        event.stop()
        self.explain()
        self.show_keys()

    def do_why(self) -> None:
        """Of several documents, the list in which one is chosen."""
        if len(self.documents) > 1:
            self.action_command("records")
        else:
            super().do_why()

    def on_line_list_chosen(self) -> None:
        self.action_command("records")
