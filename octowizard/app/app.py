"""The app: its places, what can be done everywhere, its look. What a place shows is the business of its screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ScreenStackError
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import WorkerFailed

from octowizard import locale
from octowizard.app import clipboard, places
from octowizard.app.collector import LOOK, Collector
from octowizard.app.commands import Command, bindings
from octowizard.app.dressed import Dressed
from octowizard.app.everywhere import EVERYWHERE
from octowizard.app.keymap import owner_of
from octowizard.app.notices import Notices
from octowizard.app.palette import Commands, Documents, Palette
from octowizard.app.place_screen import PlaceScreen
from octowizard.app.places import GOING
from octowizard.app.runner import Runner, in_background
from octowizard.app.stylesheet import KeptStylesheet
from octowizard.app.themes import other
from octowizard.app.widgets.frame import Place, TitleLine
from octowizard.locale import _, keys
from octowizard.locale.keys import key_of
from octowizard.session.terminal import open_browser, over_ssh, system_tool
from octowizard.workspace import private, profiles

if TYPE_CHECKING:
    from octowizard.presentation.run_rows import Row
    from octowizard.session.practice_company import Making, Prepare
    from octowizard.session.recordings import Recording
    from octowizard.session.session import Session
    from octowizard.session.state import Live
    from octowizard.workspace.profiles import Profile

WELCOME = "welcome"  # the mode without a profile
REPLAY = "replay"  # the mode of an app that plays a run again, and does nothing else
OVER = ("audit", "doctor", "fleet", "profiles", "settings")  # screens that are opened over a place
BEAT = 0.5  # seconds between two looks at how far it is, while something goes on
LONGEST_COPY = 70_000  # characters; terminals drop longer OSC 52 sequences


def local_now() -> datetime:
    """The present moment in the time zone of this computer."""
    return datetime.now().astimezone()


def _screen(name: str) -> type[Any]:
    """A screen, imported when it is first gone to: the first frame waits for no screen but its own."""
    screen: type[Any] = getattr(import_module(f"octowizard.app.screens.{name}"), f"{name.capitalize()}Screen")
    return screen


def _loader(mode: str) -> Callable[[], PlaceScreen]:
    return lambda: _screen(mode)()


class OctowizardApp(Dressed):
    """The whole app on one profile; `profile` None shows what to do to have one."""

    # Home's look is among them: one that a screen brings along has all of them read once more.
    CSS_PATH: ClassVar = ["app.tcss", "screens/home.tcss"]
    TITLE = "octowizard"
    COMMANDS = {Commands, Documents}  # noqa: RUF012 - textual declares it so
    MODES: ClassVar[dict[str, str | Callable[[], Screen]]] = {  # type: ignore[type-arg] # as textual declares it
        mode: _loader(mode) for mode in (*(place.mode for place in places.PLACES), WELCOME, REPLAY)
    }
    OFFERS: ClassVar[tuple[Command, ...]] = EVERYWHERE + GOING
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(EVERYWHERE + GOING)]

    def __init__(
        self,
        root: Path,
        session: Session | None,
        *,
        prepare: Prepare | None = None,
        now: Callable[[], datetime] = local_now,
        recording: Recording | None = None,
    ) -> None:
        profile = session.profile if session is not None else None
        # The first place is there from the start: no empty screen is styled and laid out before it.
        first = "home" if profile is not None or prepare is not None else REPLAY if recording else WELCOME
        self.DEFAULT_MODE = first  # type: ignore[misc]  # read by textual
        # A practice company that begins afresh each time takes its home along when it ends.
        passing = prepare is not None or (session is not None and session.fresh)
        super().__init__(profiles.home() if passing else root)
        self.recording = recording
        self.root = root
        self.practice = prepare is not None or (profile is not None and profile.practice)
        self.preparing = prepare is not None
        self._prepare = prepare
        self._making: Making | None = None  # how far a large practice company is
        self.now = now
        self.runner = self._runner_of(session) if session is not None else None
        self._beat: Timer | None = None  # while something goes on
        self._saved = Path.cwd() if passing else root / "saved"
        self._passing = passing
        self.next_profile = ""  # what is opened once this app has ended
        self.crashed: Exception | None = None
        self._loop_of_app: asyncio.AbstractEventLoop | None = None
        self._last_text = ""
        self.notices = Notices(self)
        self.stylesheet = self._looks = KeptStylesheet(variables=self.get_css_variables())
        self.seen = False
        self._collector = Collector()
        self._once_seen: list[Callable[[], None]] = [self._begin]

    def on_mount(self) -> None:
        self._loop_of_app = asyncio.get_running_loop()
        self.screen_change_signal.subscribe(self, self._screen_changed)
        self._screen_changed(self.screen)

    def _screen_changed(self, screen: Screen[Any]) -> None:
        keys.be_on(owner_of(type(screen)))
        self.notices.draw()

    def on_ready(self) -> None:
        self.screen.call_after_refresh(self._is_seen)

    def _is_seen(self) -> None:
        self.seen = True
        for then in self._once_seen:
            then()
        self._once_seen.clear()

    def once_seen(self, then: Callable[[], None]) -> None:
        if self.seen:
            then()
        else:
            self._once_seen.append(then)

    def _begin(self) -> None:
        in_background(self, self._looks.make_ready, self._looks_ready, self.tell)
        self.tell_flaws()
        if (profile := self.profile) is not None:
            in_background(
                self,
                lambda: (
                    *private.mend(self.root, profile.name),
                    *profiles.unknown_keys(self.root, profile.name),
                ),
                self._mended,
                self.tell,
            )
        if (prepare := self._prepare) is not None:
            in_background(self, lambda: self._waited(prepare), self._prepared, self._not_prepared)
            self._state_changed()

    def _looks_ready(self, looks: list[Path]) -> None:
        """Every screen can be opened without holding up the loop; and the collector holds it up less."""
        self._looks.take_in(looks)
        self._collector.begin()
        self.set_interval(LOOK, self._collector.look)

    def _waited(self, prepare: Prepare) -> Profile:
        try:
            return prepare(lambda making: setattr(self, "_making", making))  # the next beat shows it
        except Exception as error:
            self.crashed = error  # handed on when the user leaves, so that the exit code says it too
            raise

    def _prepared(self, profile: Profile) -> None:
        """The practice company is there: from now on this is the app of its profile."""
        from octowizard.session.session import Session

        self.preparing = False
        self.runner = self._runner_of(Session(self.root, profile))
        self._show_prepared("")

    def connected(self, profile: Profile) -> None:
        """The first accounts are there: from now on this is the app of their profile."""
        from octowizard.session.session import Session

        self.runner = self._runner_of(Session(self.root, profile))
        self.switch_mode("home")

    def _runner_of(self, session: Session) -> Runner:
        runner = Runner(session)
        runner.changed = self._state_changed
        return runner

    def _not_prepared(self, why: str) -> None:
        self.preparing = False
        self._show_prepared(why)

    def _show_prepared(self, why: str) -> None:
        from octowizard.app.screens.home import HomeScreen

        for screen in self._screen_stacks["home"]:
            if isinstance(screen, HomeScreen):
                screen.prepared(why)

    def _mended(self, notes: tuple[str, ...]) -> None:
        for note in notes:
            self.tell(note)

    @property
    def profile(self) -> Profile | None:
        """The profile as it now is; None without one."""
        return self.runner.session.profile if self.runner is not None else None

    # --- what the frame shows -------------------------------------------------------------------------------

    @property
    def places(self) -> tuple[Place, ...]:
        """The places that exist for this profile."""
        desk = self.runner.session.desk if self.runner is not None else None
        if self.preparing:
            return places.of(practice=True)
        return places.of(practice=desk is not None) if self.profile is not None else ()

    def accounts(self) -> tuple[str, str] | None:
        """Teamleader's department and Octopus' dossier, as the vendors name them."""
        profile = self.profile
        if self.recording is not None:
            return self.recording.started.teamleader, self.recording.started.octopus
        if profile is None:
            return None
        department = profile.department_name or _("department {id}").format(id=profile.department_id[:8])
        dossier = f"{profile.dossier_id} {profile.dossier_name}".strip()
        absent = {vendor: _("{vendor} not connected").format(vendor=vendor) for vendor in profile.unconnected}
        return absent.get("Teamleader", department), absent.get("Octopus", dossier)

    def remark(self) -> str:
        """`practice · EN`."""
        # Translators: the two letters of the language of these texts, EN in English.
        language = _("EN")
        return " · ".join((_("practice"), language)) if self.practice else language

    # --- what goes on ---------------------------------------------------------------------------------------

    def live(self) -> Live | None:
        """What goes on now with both vendors; None while nothing does."""
        if self.preparing:
            from octowizard.app.live import of_making

            return of_making(self._making)
        return self.runner.live() if self.runner is not None else None

    def _state_changed(self) -> None:
        """Something has begun, ended, or changed what is so: whoever is seen draws it."""
        if self._beat is None and self.live() is not None:
            self._beat = self.set_interval(BEAT, self._live_moved)
        if (screen := self._seen_place()) is not None:
            screen.call_later(screen.state_changed)  # in its own turn: it may not have been laid out yet

    def _live_moved(self) -> None:
        if self.live() is not None:
            if (screen := self._seen_place()) is not None:
                screen.call_later(screen.live_moved)
            return
        if self._beat is not None:
            self._beat.stop()
        self._beat = None
        self._state_changed()

    def _seen_place(self) -> PlaceScreen | None:
        """The place that is seen, its title drawn anew; None under a dialog, and while the app ends."""
        with suppress(ScreenStackError):
            for screen in self.screen_stack:
                for line in screen.query(TitleLine):
                    line.refresh()
            return self.screen if isinstance(self.screen, PlaceScreen) else None
        return None

    # --- commands -------------------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        """Can this command of the app be done right now?"""
        if run in self.MODES:
            exists = any(place.mode == run for place in self.places)
            return exists and self.current_mode != run and self.profile is not None
        if run == "language":
            free = self.runner is None or (self.runner.idle and not self.runner.watching)
            return free and isinstance(self.screen, PlaceScreen) and self.screen.may_be_made_anew
        if run == "notices":
            return bool(self.notices.past) and isinstance(self.screen, PlaceScreen)
        if run in ("audit", "report", "letter"):
            return self.profile is not None
        return self.recording is None or run not in ("profiles", "fleet", "doctor")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command":
            return self.is_enabled(str(parameters[0]))
        return super().check_action(action, parameters)

    def action_command(self, run: str) -> None:
        """Do a command that works everywhere."""
        if run in self.MODES:
            self.go_to(run)
        elif run == "palette":
            self.action_command_palette()
        elif run == "help" and isinstance(self.screen, PlaceScreen):
            from octowizard.app.screens.help import HelpScreen

            self.push_screen(HelpScreen(self.screen.about(), self._all_commands(self.screen)))
        elif run in ("profiles", "fleet") and self._passing:
            self.tell(
                _(
                    "This practice company begins afresh each time and knows no other accounts: leave it and start "
                    "octowizard without --sandbox to see your profiles."
                )
            )
        elif run in OVER and isinstance(self.screen, PlaceScreen):
            screen = _screen(run)
            if not isinstance(self.screen, screen):
                self.push_screen(screen(place=self.current_mode))
        elif run in ("report", "letter") and isinstance(self.screen, PlaceScreen):
            from octowizard.app import papers

            (papers.save_report if run == "report" else papers.letter_on_report)(self)
        elif run in ("picture", "picture_without_names"):
            self.save_picture(names=run == "picture")
        elif run == "notices" and isinstance(self.screen, PlaceScreen):
            self.screen.show_page(self.notices.page())
        elif run == "quit":
            self.run_worker(self.action_quit())
        elif run == "theme":
            self.keep(theme=other(self.current_theme.dark))
        elif run == "language":
            self.speak_next()
        elif run == "themes":
            from octowizard.app.screens.theme import ThemeScreen

            self.push_screen(ThemeScreen())
        elif run == "jump" and isinstance(self.screen, PlaceScreen):
            from octowizard.app.screens.jump import JumpScreen

            self.push_screen(JumpScreen(self.screen))

    def _all_commands(self, screen: PlaceScreen) -> list[Command]:
        return [*screen.commands, *self.keymap.of("", EVERYWHERE), *self.going]

    def action_command_palette(self) -> None:
        if isinstance(self.screen, PlaceScreen):
            self.push_screen(Palette())

    def get_key_display(self, binding: object) -> str:  # pragma: no cover - our own footer shows the keys
        return str(getattr(binding, "key", ""))

    def go_to(self, mode: str) -> None:
        """Show a place."""
        if mode != self.current_mode and self.profile is not None:
            self.switch_mode(mode)

    async def go_to_sync(self, *, preview: bool = False, then_ask: bool = False, key: str = "") -> None:
        """Show the sync; begin a preview there, or put the cursor on a document."""
        from octowizard.app.screens.sync import SyncScreen

        if self.current_mode != "sync":
            await self.switch_mode("sync")
        if isinstance(self.screen, SyncScreen):
            if preview and self.screen.is_enabled("preview"):
                self.screen.do_preview(then_ask=then_ask)
            if key:
                self.screen.show_row(key)

    async def go_to_finding(self, problem: str, title: str) -> None:
        """Show a finding among the checks."""
        from octowizard.app.screens.checks import ChecksScreen

        if self.current_mode != "checks":
            await self.switch_mode("checks")
        if isinstance(self.screen, ChecksScreen):
            self.screen.show_finding(problem, title)

    async def go_to_problem(self, problem: str, document_id: str = "") -> None:
        """Show the card of a problem, its causes looked at for one document or for all."""
        from octowizard.app.screens.troubleshoot import TroubleshootScreen

        if self.current_mode != "troubleshoot":
            await self.switch_mode("troubleshoot")
        if isinstance(self.screen, TroubleshootScreen):
            self.screen.explain_problem(problem, document_id)

    def show_setting(self, name: str) -> None:
        """Show a setting among the others."""
        from octowizard.app.screens.settings import SettingsScreen

        self.push_screen(SettingsScreen(place=self.current_mode, at=name))

    def go_to_document(self, key: str) -> None:
        """Show a document of the present run."""
        self.run_worker(self.go_to_sync(key=key))

    def rows(self) -> Iterable[Row]:
        """The documents of the present run."""
        stack = self._screen_stacks.get("sync", [])
        if not stack:
            return []
        from octowizard.app.screens.sync import SyncScreen

        for screen in stack:
            if isinstance(screen, SyncScreen):
                return list(screen.state.rows.values()) if screen.state else []
        return []

    def _handle_exception(self, error: Exception) -> None:
        """A mistake of ours ends the app; `start` hands it on, to become one sentence instead of a traceback."""
        error = (
            error.error if isinstance(error, WorkerFailed) and isinstance(error.error, Exception) else error
        )
        if self.is_headless:
            super()._handle_exception(error)
            return
        self.crashed = self.crashed or error
        self.exit(return_code=1)

    # --- leaving --------------------------------------------------------------------------------------------

    async def action_quit(self) -> None:
        """Leave; while a run is on, ask, and let the write in flight end first."""
        if self.runner is None or self.runner.writing is None:
            self.exit()
            return
        from octowizard.app.screens.confirm import ConfirmScreen
        from octowizard.presentation.confirmation import leaving

        if isinstance(self.screen, ConfirmScreen):
            return
        self.push_screen(ConfirmScreen(leaving(sync=self.runner.running)), self._leave)

    def _leave(self, sure: bool | None) -> None:
        if not sure:
            return
        writing = self.runner.writing if self.runner is not None else None
        if writing is None:
            self.exit()
            return
        writing.stop.request()
        in_background(self, writing.join, lambda _none: self.exit(), self.tell)

    def exit_soon(self) -> None:
        """Leave without a question; from any thread, at any moment."""
        if (loop := self._loop_of_app) is not None:
            with suppress(RuntimeError):  # it has ended already
                loop.call_soon_threadsafe(self.exit)

    # --- another profile ------------------------------------------------------------------------------------

    def adopt(self, profile: Profile, then: Callable[[], None] = lambda: None) -> None:
        """The accounts are the same, what was decided about them is not: keep it and go by it from now on."""
        runner = self.runner
        if runner is None:
            return
        session = runner.session

        def kept(_none: None) -> None:
            runner.outdated()
            for stack in self._screen_stacks.values():
                for screen in stack:
                    for line in screen.query(TitleLine):
                        line.refresh()
            then()

        in_background(self, lambda: session.adopt(profile), kept, lambda why: self.tell(why, wrong=True))

    def turn_to(self, name: str) -> None:
        """Leave these accounts, and open another profile: `start` begins the app anew on it."""
        if self.runner is None or self.runner.idle:
            self.next_profile = name
            self.exit()

    # --- telling and copying --------------------------------------------------------------------------------

    def tell(self, text: str, *, wrong: bool = False) -> None:
        """A short message above the keys, letter for letter."""
        self.notices.tell(text, wrong=wrong)

    def clear_notifications(self) -> None:
        super().clear_notifications()
        self.notices.read()

    async def on_event(self, event: events.Event) -> None:
        """A key or a click says that what stands above the keys was seen."""
        if isinstance(event, events.Key | events.MouseDown) and not event.is_forwarded:
            self.notices.read()
            self._collector.touched()
        await super().on_event(event)

    def copy(self, text: str) -> None:
        """Copy by the best route there is, and say which."""
        self._last_text = text
        if len(text) > LONGEST_COPY:
            self.save_text(text)
            return
        in_background(self, lambda: self._by_tool(text), lambda tool: self._copied(text, tool), self.tell)

    @staticmethod
    def _by_tool(text: str) -> str | None:
        tool = system_tool()
        return tool if tool is not None and clipboard.give_to(tool, text) else None

    def _copied(self, text: str, tool: str | None) -> None:
        if tool is None:
            self.copy_to_clipboard(text.encode("utf-8", "replace").decode())
        self.tell(clipboard.route_text(tool))

    def save_text(self, text: str = "") -> None:
        """Save what was copied last (or `text`) to a file and say where it is."""
        self.save_file(text or self._last_text, ".txt")

    def save_file(
        self, body: str | bytes, suffix: str, then: Callable[[Path], None] = lambda _path: None
    ) -> None:
        """Save a file and say where it is; `then` gets its path."""
        now = self.now()

        def saved(path: Path) -> None:
            self.tell(_("Saved to {path}").format(path=path))
            then(path)

        in_background(
            self,
            lambda: clipboard.save(self._saved, body, now, suffix),
            saved,
            lambda why: self.tell(why, wrong=True),
        )

    def open_outside(self, address: str, otherwise: str) -> None:
        """Open a file or a mail in the program of the system; `otherwise` is told where there is none."""

        def opened(done: bool) -> None:
            if not done and otherwise:
                self.tell(otherwise, wrong=True)

        if over_ssh():
            opened(False)
        else:
            in_background(self, lambda: open_browser(address), opened, self.tell)

    def save_picture(self, *, names: bool) -> None:
        """Save the screen as SVG, and a support bundle beside it; without `names` neither tells of anybody."""
        from octowizard.app import picture

        screen, profile, now = self.screen, self.profile, self.now()
        run = screen.run_shown if isinstance(screen, PlaceScreen) else None
        own = {line.region.y for line in screen.query("PlaceLine, KeyLine")}
        keys = [command.key for command in self.everywhere]
        words = (
            None if names else picture.words_of((*locale.said, *keys, self.title, "Octopus", "Teamleader"))
        )
        drawn = picture.svg(self, own_words=words, own_rows=own)

        def save() -> Path:
            from octowizard.problems.bundle import write_bundle

            path = clipboard.save(self._saved, drawn, now, ".svg")
            write_bundle(path.with_suffix(".zip"), self.root, profile, run=run, names=names)
            return path

        without = key_of("picture_without_names", "f3")
        notice = (
            _(
                "Saved to {path}, with all that the screen shows, and a support bundle (.zip) beside it. "
                "{without} saves both without names."
            )
            if names
            else _("Saved to {path}, without names and numbers, and a support bundle (.zip) beside it.")
        )
        in_background(
            self,
            save,
            lambda path: self.tell(notice.format(path=path, without=without)),
            lambda why: self.tell(why, wrong=True),
        )

    def open_address(self, address: str) -> None:
        """Open a web page in the browser, and print its address for where there is none.

        What a practice company holds is on no page of the real vendor: its addresses are never asked for.
        """
        if self.practice:
            self.tell(
                _(
                    "A practice company has no pages at the vendors; the Practice desk does what is done on them."
                )
            )
            return
        if not address.lower().startswith(("https://", "http://")):
            self.tell(_("This is not a web address: {address}").format(address=address), wrong=True)
            return
        self.tell(_("Opening {address}").format(address=address))
        if not over_ssh():
            in_background(self, lambda: open_browser(address), lambda _opened: None, self.tell)
