"""Settings: every one with its value and where it comes from; enter changes those that can be changed here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from octowizard import locale
from octowizard.app.columns import cells, shared, wanted
from octowizard.app.commands import commands
from octowizard.app.deciding import decide
from octowizard.app.keymap import all_screens, ids, resolved
from octowizard.app.lines_screen import BACK, COPY, SAVE, LinesScreen
from octowizard.app.screens.form import Field
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.onboarding import connection
from octowizard.session.configuration import OF_THE_PROGRAM, Setting, settings, source_name

if TYPE_CHECKING:
    from octowizard.app.dressed import Dressed

OFFERS = (
    *commands(lambda: (
        ("change", "enter", _("change"), _("Change the setting under the cursor, where that can be done here.")),
    )),
    BACK,
    COPY,
    SAVE,
)  # fmt: skip


def _texts(one: Setting) -> tuple[str, str, str]:
    return one.name, one.value or "–", source_name(one.source)


class SettingList(LineList[Setting]):
    """Name, value and source of each."""

    NAME = "settings"

    def cells(self, one: Setting, width: int) -> list[Cell]:
        tone = "soft" if one.source == "default" else "text"
        texts = _texts(one)
        widths = shared(wanted(map(_texts, self.lines)), width, spare=2)
        return list(zip(cells(texts, widths), ("head", tone, "soft"), strict=True))

    def key(self, one: Setting) -> str:
        return one.name


class SettingsScreen(LinesScreen):
    """Opened from any place."""

    OFFERS = OFFERS

    def __init__(self, *, place: str, at: str = "") -> None:
        """`at`: the setting that the cursor begins on."""
        self._at = at
        self._list = SettingList()
        super().__init__(_("Settings: what holds, and where it comes from"), self._list, place=place)

    @property
    def _dressed(self) -> Dressed:
        return cast("Dressed", self.app)

    def successor(self) -> SettingsScreen:
        return SettingsScreen(place=self.MODE, at=one.name if (one := self._list.chosen) else "")

    def about(self) -> str:
        return _(
            "All settings of octowizard, of this profile and of the environment. Theme, motion, keys and language "
            "hold for all profiles; they are kept in settings.json in the folder of the profiles. In a terminal, "
            "`octowizard config explain` tells the same."
        )

    def on_mount(self) -> None:
        super().on_mount()
        self._read()
        self.shell.theme_changed_signal.subscribe(self, lambda _theme: self._read())

    def follow(self) -> None:
        self._read()

    def _read(self) -> None:
        profile = self.shell.profile
        # What holds for the whole program is kept in the home that stays, a practice company's goes.
        roots = (self.shell.root, self.shell.home)
        self.in_thread(lambda: settings(*roots, profile), self._show, self.failed)

    def _show(self, read: list[Setting]) -> None:
        self._list.fill(sorted(read, key=lambda one: one.name not in OF_THE_PROGRAM))
        if self._at and self._list.show(self._at):
            self._at = ""
        self._explain()

    def _explain(self) -> None:
        one = self._list.chosen
        if one is None:
            self.say("")
        else:
            change = _("⏎ changes it.") if self.is_enabled("change") else one.change
            self.say(f"{one.meaning} {change}")

    def on_line_list_moved(self) -> None:
        self._explain()

    def on_line_list_chosen(self) -> None:
        self.action_command("change")

    # --- changing -------------------------------------------------------------------------------------------

    @property
    def _connection(self) -> connection.Setting | None:
        """The choice of the connection that the cursor is on."""
        one = self._list.chosen
        return next((each for each in connection.settings() if one and each.field == one.name), None)

    def is_enabled(self, run: str) -> bool:
        one = self._list.chosen
        if run != "change":
            return True
        if one is None or one.source == "environment":
            return False
        if one.name == "language":
            return len(locale.available()) > 1
        if one.name in OF_THE_PROGRAM:
            return True
        runner = self.shell.runner
        return self._connection is not None and runner is not None and runner.idle

    def do_change(self) -> None:
        one = self._list.chosen
        if one is None:
            return
        if one.name == "theme":
            self.shell.action_command("themes")
        elif one.name == "motion":
            self._dressed.keep(motion="full" if self._dressed.settings.motion == "less" else "less")
            self._read_kept()
        elif one.name == "keymap":
            self._keys()
        elif one.name == "language":
            spoken = [(code, locale.language_name(code)) for code in locale.available()]
            field = Field(name="language", label=_("language"), value=one.value, choices=lambda: spoken)
            self.fill_in(_("Language"), [field], self._speak)
        elif (choice := self._connection) is not None:
            self._choose(choice)

    def _read_kept(self) -> None:
        """Show what was changed once it is kept."""
        self._dressed.when_kept(self._read)

    def _speak(self, given: dict[str, str]) -> None:
        if (language := given.get("language", "")) in locale.available():
            self._dressed.speak(language)
            self._read_kept()

    def _keys(self) -> None:
        """Ask for a command and the keys that it is to have."""
        kept = self._dressed.settings.keymap
        known = dict(ids(self.shell.OFFERS, all_screens()))
        fields = [
            Field(
                name="command",
                label=_("command"),
                hint=_("The command that is to have another key."),
                choices=lambda: [(id, f"{command.key}  {command.name()}") for id, command in known.items()],
            ),
            Field(
                name="keys",
                label=_("keys"),
                hint=_("Such as x, ctrl+x or f11, with a blank between two; empty for those it comes with."),
                optional=True,
            ),
        ]

        def given_keys(given: dict[str, str]) -> None:
            command, keys = given.get("command", ""), given.get("keys", "")
            wanted = {id: has for id, has in kept.items() if id != command} | (
                {command: keys} if keys else {}
            )
            _map, clashes = resolved(wanted, self.shell.OFFERS, all_screens())
            for sentence in clashes:
                self.shell.tell(sentence, wrong=True)
            if not clashes:
                self._dressed.keep(keymap=wanted)
                self.shell.tell(_("It holds when octowizard is opened next."))
                self._read_kept()

        self.fill_in(_("Another key for a command"), fields, given_keys)

    def _choose(self, choice: connection.Setting) -> None:
        profile, runner = self.shell.profile, self.shell.runner
        if profile is None or runner is None:
            return
        setup = runner.session.setup
        field = Field(
            name=choice.id,
            label=choice.question,
            value=connection.value_of(profile, choice),
            choices=partial(list, choice.values),
        )

        def chosen(given: dict[str, str]) -> None:
            text = given.get(choice.id, "")
            if text != connection.value_of(profile, choice):
                yes = _("choose it all the same")
                decide(self, lambda accept: setup.choose(choice.id, text, accept), yes, self._read)

        self.fill_in(choice.question, [field], chosen)
