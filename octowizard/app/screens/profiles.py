"""Profiles: the pairs of accounts that octowizard knows; enter opens another one."""

from __future__ import annotations

from octowizard.app.columns import GAP, cells, widest
from octowizard.app.commands import commands
from octowizard.app.lines_screen import BACK, LinesScreen
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.workspace import drafts
from octowizard.workspace.drafts import Draft
from octowizard.workspace.profiles import Profile, ProfileError, load, names

KIND = 9  # columns of practice, connector or native


class ProfileList(LineList[Profile | Draft | str]):
    """One line for each profile, whole or half; only the name of one that cannot be read."""

    NAME = "profiles"

    def __init__(self) -> None:
        super().__init__()
        self.open = ""  # the name of the one that is open

    def cells(self, profile: Profile | Draft | str, width: int) -> list[Cell]:
        name = min(widest([one if isinstance(one, str) else one.name for one in self.lines]), width // 3)
        if isinstance(profile, Draft):
            halves = ((_("Octopus"), profile.octopus), (_("Teamleader"), profile.teamleader))
            there = ", ".join(name for name, half in halves if half is not None) or "–"
            text = _("half connected, so far: {sides}").format(sides=there)
            return self._unopened("◐ ", "warn", profile.name, text, name, width)
        if isinstance(profile, str):
            text = _("It cannot be read: octowizard profiles show {name} says why.").format(name=profile)
            return self._unopened("✖ ", "bad", profile, text, name, width)
        mark = "● " if profile.name == self.open else "  "
        kind = _("practice") if profile.practice else profile.mode
        accounts = f"{profile.dossier_id} {profile.dossier_name} + {profile.department_name}"
        if profile.unconnected:
            names = ", ".join(sorted(profile.unconnected))
            accounts = _("not connected: {vendors}").format(vendors=names)
        texts = profile.name, kind, accounts
        widths = name, KIND, max(0, width - 2 - name - KIND - 2 * GAP)
        return [(mark, "busy"), *zip(cells(texts, widths), ("head", "soft", "text"), strict=True)]

    @staticmethod
    def _unopened(mark: str, tone: str, called: str, text: str, name: int, width: int) -> list[Cell]:
        """One that is no pair of accounts yet, and why."""
        shown = cells((called, text), (name, width - 2 - name - GAP))
        return [(mark, tone), *zip(shown, ("head", "text"), strict=True)]


OFFERS = (
    BACK,
    *commands(lambda: (
        ("open", "enter", _("open"), _("Leave these accounts, and open those under the cursor.")),
    ("connect", "plus", _("connect another"), _("Sign in to another pair of accounts, step by step.")),
    ("sign_in", "i", _("sign in again"), _("Sign in again to the accounts under the cursor.")),
    )),
)  # fmt: skip


class ProfilesScreen(LinesScreen):
    """Opened from any place."""

    OFFERS = OFFERS

    def __init__(self, *, place: str) -> None:
        self._list = ProfileList()
        super().__init__(_("Your profiles: pairs of accounts"), self._list, place=place)

    def successor(self) -> ProfilesScreen:
        return ProfilesScreen(place=self.MODE)

    def about(self) -> str:
        return _(
            "A profile is one pair of accounts, and all that octowizard remembers of it. In a terminal, "
            "`octowizard profiles` adds, renames and removes them."
        )

    def on_mount(self) -> None:
        super().on_mount()
        self._list.open = self.shell.profile.name if self.shell.profile is not None else ""
        self.in_thread(self._read, self._show, self.failed)

    def _read(self) -> list[Profile | Draft | str]:
        read: list[Profile | Draft | str] = []
        for name in names(self.shell.root):
            try:
                read.append(load(self.shell.root, name))
            except ProfileError:
                read.append(name)
        for name in drafts.names(self.shell.root):
            try:
                read.append(drafts.load(self.shell.root, name) or name)
            except ProfileError:
                read.append(name)
        return read

    def _show(self, profiles: list[Profile | Draft | str]) -> None:
        self._list.fill(profiles)
        self.say("")
        if not profiles:
            self.say_empty(
                _("No profile"),
                _(
                    "Nobody has connected accounts on this computer yet, and a practice company that ends is not kept."
                ),
                "+",
                _("connects your accounts, step by step"),
            )

    def on_line_list_moved(self) -> None:
        self.show_keys()

    def on_line_list_chosen(self) -> None:
        self.action_command("open")

    def is_enabled(self, run: str) -> bool:
        chosen, runner = self._list.chosen, self.shell.runner
        idle = runner is None or runner.idle
        if run == "connect":
            return idle
        if run == "open":
            return idle and isinstance(chosen, Profile | Draft) and chosen.name != self._list.open
        if run == "sign_in":
            return idle and isinstance(chosen, Profile) and not chosen.practice
        return True

    def do_open(self) -> None:
        chosen = self._list.chosen
        if isinstance(chosen, Profile):
            self.shell.turn_to(chosen.name)
        elif isinstance(chosen, Draft):
            from octowizard.app.screens.connect import ConnectScreen

            self.shell.push_screen(ConnectScreen(begun=chosen.name))

    def do_connect(self) -> None:
        from octowizard.app.screens.connect import ConnectScreen

        self.shell.push_screen(ConnectScreen())

    def do_sign_in(self) -> None:
        from octowizard.app.screens.connect import ConnectScreen

        chosen = self._list.chosen
        if isinstance(chosen, Profile):
            self.shell.push_screen(ConnectScreen(chosen))
