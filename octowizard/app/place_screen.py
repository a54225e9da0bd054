"""What all places (Home, Sync, History, ...) share: the frame, the keys, how a command finds its method, copies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import ScreenResume
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from octowizard.app.commands import Command, bindings, commands
from octowizard.app.drawing import in_turns, lines_ahead, worth_steps
from octowizard.app.keymap import owner_of
from octowizard.app.runner import in_background
from octowizard.app.widgets.frame import KeyLine, PlaceLine, TitleLine
from octowizard.app.widgets.notice_line import NoticeLine
from octowizard.locale import _
from octowizard.presentation.blocks import Page
from octowizard.presentation.text import copied

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.app.screens.detail import DetailScreen
    from octowizard.app.screens.form import Field
    from octowizard.app.shell import Shell
    from octowizard.app.widgets.pieces import PieceLine
    from octowizard.customers.by_hand import ByHand
    from octowizard.presentation.confirmation import Question
    from octowizard.progress import Report, Stop

T = TypeVar("T")
PASSES = 3  # how often a frame is begun before it shows as it then is
WIDE = 110  # columns from which list and detail stand side by side: `-wide` in the looks

# The same key wherever a document is under the cursor; such a screen says which one in `documents`.
(WHY,) = commands(lambda: (
    ("why", "v", _("why"),
     _("All about this document: where it stands, what stops it, its payments, and what to do next.")),
))  # fmt: skip

# The same key wherever calls that are left can be told; those of which little is left stand there anyway.
(BUDGETS,) = commands(lambda: (
    ("budgets", "b", _("calls left"), _("Show or hide how many calls the vendors still allow.")),
), hidden=("budgets",))  # fmt: skip


class PlaceScreen(Screen[None]):
    """A screen inside the frame. Subclasses list `OFFERS`, draw `body`, and say what `is_enabled` now is."""

    MODE: ClassVar[str]
    OFFERS: ClassVar[tuple[Command, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        if "OFFERS" in cls.__dict__:
            cls.BINDINGS = [*bindings(cls.OFFERS)]
        super().__init_subclass__(**options)

    def __init__(self) -> None:
        super().__init__()
        self._awake = False  # is it the screen that is seen, and was it told so?
        self._in_steps = 0  # how often a frame has been begun of which nothing shows yet
        self._followed: DetailScreen | None = None  # the page of what the cursor is on, while that is open
        self._outdated = False  # has something on it become otherwise since it was begun?
        self.HORIZONTAL_BREAKPOINTS = [(0, "-small"), (80, "-normal"), (WIDE, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-tall"), (36, "-high")]
        # Known from the start, so that a new screen is not styled again when it is told its size.
        width, height = self.app.size
        for size, breakpoints in ((width, self.HORIZONTAL_BREAKPOINTS), (height, self.VERTICAL_BREAKPOINTS)):
            self.add_class(
                max((least, name) for least, name in breakpoints if least <= size)[1], update=False
            )
        # Its widgets are styled by the present look when they are mounted: nothing has to be read once more.
        self._css_update_count = self.app._css_update_count

    def _compositor_refresh(self) -> None:
        """As Textual does, but in steps, and not within a batch: all would be drawn, and nothing of it shown."""
        if self.app._batch_count:
            return
        if self._in_steps:
            self._outdated = True
        elif self.shell.seen and self.is_current and worth_steps(self):
            self._draw_ahead()
        else:
            super()._compositor_refresh()

    def _draw_ahead(self) -> None:
        self._in_steps += 1
        self._outdated = False
        self._tell_compositor()
        in_turns(lines_ahead(self), self._drawn_ahead, self._not_drawn)

    def _tell_compositor(self) -> None:
        """Let it know of the widgets that came since the last tick: they are forgotten with the frame that is begun."""
        self._compositor.update_widgets(self._dirty_widgets)
        self._dirty_widgets.clear()

    def _not_drawn(self, error: Exception) -> None:
        """End the app as Textual does where a widget fails; one of a screen that is gone has nobody to fail."""
        self._in_steps = 0
        if self.is_running and self.is_current:
            self.app._handle_exception(error)

    def _drawn_ahead(self) -> None:
        """Show what was drawn, unless the screen has gone meanwhile; draw again first what is otherwise by now."""
        there = self.is_running and self.app.is_running
        if there and self._outdated and self._in_steps < PASSES and not self.app._batch_count:
            self._draw_ahead()
            return
        self._in_steps = 0
        if not there:
            return
        if self.app._batch_count:
            self.refresh()  # once the batch has ended
        else:
            self._tell_compositor()
            super()._compositor_refresh()

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """As Textual does, which reads the styles of a screen anew; not where nothing has changed since it has them."""
        event.refresh_styles &= self._css_update_count != self.app._css_update_count
        if self._awake:  # a place is resumed twice when it is gone to for the first time
            return
        self._awake = True
        self.show_title()  # what went on when it was last seen may have ended
        self.follow()

    def _on_screen_suspend(self) -> None:
        self._awake = False

    @property
    def shell(self) -> Shell:
        """The app, by its own type."""
        return cast("Shell", self.app)

    def compose(self) -> ComposeResult:
        app = self.shell
        app.keymap.bind(owner_of(type(self)), self._bindings)
        yield TitleLine(app.accounts, app.remark(), app.live, app.places)
        yield PlaceLine(app.places, self.MODE)
        with Vertical(id="body"):
            yield from self.body()
        yield NoticeLine()
        yield KeyLine(self.offered, app.always, self.named)

    def body(self) -> Iterable[Widget]:
        """The widgets between the frame's lines."""
        raise NotImplementedError

    def about(self) -> str:
        """What this screen is for, in a few sentences, for the help."""
        raise NotImplementedError

    @property
    def may_be_made_anew(self) -> bool:
        """Is nothing on it that would be lost by it?"""
        return True

    def successor(self) -> PlaceScreen | None:
        """A new screen that goes on where this one is, in the language of that moment.

        None: a place begins as at its first time, and what is open over one closes.
        """
        return None

    # --- what is shown --------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show everything as it now is."""

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def follow(self) -> None:
        """Take in what is otherwise by now, by whatever was read, written or decided anywhere.

        Called when the screen is seen again, and whenever `state_changed` while it is.
        """

    def state_changed(self) -> None:
        """Something has begun or ended, or changed what is so, while this screen is the one that is seen."""
        self.follow()
        self.show_keys()

    def live_moved(self) -> None:
        """What goes on with both vendors is further than it was, while this screen is the one that is seen."""

    @property
    def columns(self) -> int:
        """The columns that a line of the body has, without the blanks at its ends."""
        return max(20, self.size.width - 2)

    def page(self) -> Page | None:
        """All that is known of what the cursor is on; None where it is on nothing."""
        return None

    @property
    def documents(self) -> Sequence[str]:
        """Ids of the documents that the cursor is on."""
        return ()

    @property
    def run_shown(self) -> int | None:
        """The number of the run that is shown; None where it is none, or the newest."""
        return None

    def text_to_copy(self) -> str:
        """What is copied; empty for nothing."""
        page = self.page()
        return copied(page) if page is not None else ""

    def text_to_save(self) -> str:
        """What is saved to a file; empty for nothing."""
        return self.text_to_copy()

    # --- what can be done -----------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        """Can this command be done right now?"""
        del run
        return True

    @property
    def commands(self) -> list[Command]:
        """This screen's own commands, with the keys that the user has given them."""
        return self.shell.keymap.of(owner_of(type(self)), self.OFFERS)

    def offered(self) -> list[Command]:
        """What can be done right now, this screen's own commands first."""
        own = [command for command in self.commands if self.is_enabled(command.run)]
        return own + [command for command in self.shell.everywhere if self.shell.is_enabled(command.run)]

    def named(self) -> Container[str]:
        """The commands whose keys the texts on the screen name: in the narrowest window too they are among the keys."""
        return ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Textual asks whether a key works: exactly when the footer and the palette would offer it."""
        if action == "command" and any(command.run == parameters[0] for command in self.OFFERS):
            return self.is_enabled(str(parameters[0]))
        return super().check_action(action, parameters)

    def action_command(self, run: str) -> None:
        """Do a command of this screen or of the app; one that is not possible now does nothing."""
        if any(command.run == run for command in self.OFFERS):
            if self.is_enabled(run):
                getattr(self, f"do_{run}")()
                self.show_keys()
        else:
            self.shell.action_command(run)

    def show_title(self) -> None:
        """What goes on may have begun or ended: draw the title again."""
        for line in self.query(TitleLine):
            line.refresh()

    def show_keys(self) -> None:
        """What can be done may have changed: draw the keys again."""
        for line in self.query(KeyLine):
            line.refresh()

    def do_copy(self) -> None:
        if text := self.text_to_copy():
            self.shell.copy(text)

    def do_save(self) -> None:
        if text := self.text_to_save():
            self.shell.save_text(text)

    def do_explain(self) -> None:
        if (page := self.page()) is not None:
            self.show_page(page, unfolded=True, follows=True)

    def do_why(self) -> None:
        if documents := self.documents:
            self.show_why(documents[0])

    # --- what is opened over it -----------------------------------------------------------------------------

    def show_why(self, document: str) -> None:
        """Show all that is known of a document: what is kept at once, then what is read where that is too old."""
        runner, now = self.shell.runner, self.shell.now()
        if runner is None:
            return
        session = runner.session

        async def look(report: Report | None = None, _stop: Stop | None = None) -> Page:
            from octowizard.presentation.why import not_found, page
            from octowizard.presentation.why_words import told
            from octowizard.session.documents import NoDocument

            documents = session.documents
            try:
                standing = await documents.read(document, report) if report else documents.kept(document)
                return page(told(standing, session.profile, now, booster=session.booster()), now)
            except NoDocument as error:
                return Page(title=not_found(error), mark="?")

        def opened(page: Page) -> None:
            shown = self.show_page(page)
            if runner.idle:
                runner.ask(self, look, partial(self.more_known, shown), self._not_done)

        self.in_thread(lambda: asyncio.run(look()), opened)

    def show_page(self, page: Page, *, unfolded: bool = False, follows: bool = False) -> DetailScreen:
        """Show a page over the whole screen, `unfolded` with all its evidence; what is chosen on it is done here.

        `follows`: it is the page of what the cursor is on; who learns more of that tells it by `more_known`.
        """
        from octowizard.app.screens.detail import DetailScreen

        shown = DetailScreen(page, unfolded=unfolded)
        self._followed = shown if follows else None
        self.shell.push_screen(shown, lambda run: self.action_command(run) if run else None)
        return shown

    def more_known(self, shown: DetailScreen | None, page: Page | None) -> None:
        """More has become known of what a page that was opened here tells: where it is still open, show that too."""
        if page is not None and shown is not None and shown.is_running:
            shown.retell(page)

    def confirm(self, question: Question, then: Callable[[], None]) -> None:
        """Ask; `then` is called after a yes."""
        from octowizard.app.screens.confirm import ConfirmScreen

        self.shell.push_screen(ConfirmScreen(question), lambda sure: then() if sure else None)

    def fill_in(self, title: str, fields: Sequence[Field], then: Callable[[dict[str, str]], None]) -> None:
        """Show a form; `then` gets what was written, by the names of the fields, unless the form was left."""
        from octowizard.app.screens.form import FormScreen

        self.shell.push_screen(
            FormScreen(title, fields), lambda given: then(given) if given is not None else None
        )

    def read_list(self, file: Path, then: Callable[[ByHand], None]) -> None:
        """Show how a list in a file is read, to be set by hand where that is wrong; `then` is called to go on."""
        from octowizard.app.screens.list_reading import ListReadingScreen, set_in_form

        def left(given: dict[str, str] | None) -> None:
            if given is not None:
                then(set_in_form(given))

        if file.is_file():
            self.shell.push_screen(ListReadingScreen(file), left)
        else:  # whoever reads it says what is wrong with it
            then(set_in_form({}))

    def in_thread(
        self, work: Callable[[], T], then: Callable[[T], object], failed: Callable[[str], None] | None = None
    ) -> None:
        """Do `work` in a thread, then call `then` with its result; what went wrong is told unless `failed` takes it."""
        in_background(self, work, then, failed or self._not_done)

    def _not_done(self, why: str) -> None:
        self.shell.tell(why, wrong=True)

    # --- from the widgets -----------------------------------------------------------------------------------

    def on_piece_line_pressed(self, event: PieceLine.Pressed) -> None:
        """A click on the frame."""
        what, _space, which = event.press.partition(" ")
        if what == "place":
            event.stop()
            self.shell.go_to(which)
        elif what == "command":
            event.stop()
            self.action_command(which)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Something that was begun here has ended, and what followed is done."""
        if event.state is WorkerState.SUCCESS:
            self.show_keys()
