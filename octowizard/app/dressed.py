"""The app as its user wants it: theme, motion and keys, from the settings that hold for all profiles of a home."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import msgspec
from textual.driver import Driver
from textual.events import DescendantFocus

from octowizard import locale
from octowizard.app import themes
from octowizard.app.commands import Command
from octowizard.app.keymap import Keymap, all_screens, resolved
from octowizard.app.places import GOING
from octowizard.app.runner import in_background
from octowizard.app.shell import Shell
from octowizard.app.terminal import GroundNamed, outliving_its_terminal
from octowizard.locale import keys
from octowizard.session.terminal import over_ssh
from octowizard.workspace import settings


class Dressed(Shell):
    """`ALWAYS`: the commands that are in the footer of every screen."""

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"help", "quit"})

    def __init__(self, home: Path) -> None:
        # Read before anything is drawn: a frame in other colours, with other keys, would be seen to change.
        self.settings, self._flaws = settings.read(home)
        self.keymap = Keymap()
        if self.settings.keymap:
            self.keymap, clashes = resolved(self.settings.keymap, self.OFFERS, all_screens())
            self._flaws += clashes
        keys.follow(self.keymap.shown())
        self._waiting: list[Callable[[], None]] = []
        super().__init__()
        self.home = home
        self.keymap.bind("", self._bindings)
        self._full_motion = self.animation_level
        self.set_motion()
        for theme in themes.THEMES:
            self.register_theme(theme)
        if refused := themes.refusal(self.settings.theme):
            self._flaws.append(refused)
            self.settings = msgspec.structs.replace(self.settings, theme="")
        self._ground_dark = themes.behind(os.environ.get("COLORFGBG", ""))
        # The first screen reads the look anyway: whoever watches the theme would have it read once more.
        self.set_reactive(Dressed.theme, self.theme_wanted)

    def tell_flaws(self) -> None:
        """Say what in the settings changes nothing."""
        for sentence in self._flaws:
            self.tell(sentence, wrong=True)

    # --- settings -------------------------------------------------------------------------------------------

    def keep(self, **changed: object) -> None:
        """Change settings, for this app at once and for those that are opened later."""
        self.settings = msgspec.structs.replace(self.settings, **changed)
        wanted = self.settings
        self.theme = self.theme_wanted
        self.set_motion()

        def kept(_none: None) -> None:
            for then in self._waiting:
                then()
            self._waiting.clear()

        in_background(
            self, lambda: settings.save(self.home, wanted), kept, lambda why: self.tell(why, wrong=True)
        )

    def when_kept(self, then: Callable[[], None]) -> None:
        """Call `then` once what was just changed is on disk."""
        self._waiting.append(then)

    def speak(self, language: str) -> None:
        """Another language, on every screen at once and whenever octowizard is opened later."""
        from octowizard.app.speaking import made_anew

        locale.choose(language)
        self.keep(language=language)
        self.run_worker(made_anew(self), group="language", exclusive=True)

    def speak_next(self) -> None:
        """The language that follows the present one."""
        known = locale.available()
        self.speak(known[(known.index(locale.spoken()) + 1) % len(known)])

    def show_setting(self, name: str) -> None:
        """Show a setting among the others."""
        raise NotImplementedError

    # --- looks ----------------------------------------------------------------------------------------------

    @property
    def theme_wanted(self) -> str:
        """The theme that was chosen; without one the look that fits the terminal."""
        return self.settings.theme or self.theme_of_terminal

    @property
    def theme_of_terminal(self) -> str:
        """Our look for this terminal: night where it does not tell what it is."""
        return themes.of_terminal(self._ground_dark is not False)

    def on_ground_named(self, event: GroundNamed) -> None:
        """The terminal has told whether it is dark."""
        if (dark := themes.behind(event.colour)) is not None:
            self._ground_dark = dark
            if not self.settings.theme:
                self.theme = self.theme_wanted

    def get_driver_class(self) -> type[Driver]:
        return outliving_its_terminal(super().get_driver_class(), asking=not self.settings.theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.DEFAULTS

    def get_css_variables(self) -> dict[str, str]:
        self.theme_variables = themes.legible(self.current_theme, super().get_css_variables())
        return self.theme_variables

    # --- motion ---------------------------------------------------------------------------------------------

    def set_motion(self) -> None:
        """Nothing moves by itself where the user wants less, nor over SSH, where each frame has a long way."""
        self.still = settings.less_motion(self.settings) or over_ssh()
        self.animation_level = "none" if self.still else self._full_motion

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The cursor of a field does not blink where nothing shall move."""
        # By its attribute: the first frame waits for no kind of field to be loaded.
        if hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = not self.still

    # --- keys -----------------------------------------------------------------------------------------------

    @property
    def everywhere(self) -> list[Command]:
        return self.keymap.of("", self.OFFERS)

    @property
    def always(self) -> tuple[Command, ...]:
        return tuple(command for command in self.everywhere if command.run in self.ALWAYS)

    @property
    def going(self) -> list[Command]:
        modes = {place.mode for place in self.places}
        return [command for command in self.keymap.of("", GOING) if command.run in modes]
