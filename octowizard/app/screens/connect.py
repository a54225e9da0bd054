"""Connecting real accounts: one stage at a time, a form for each, what it needs to know above it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import drawn, hung
from octowizard.app.place_screen import PlaceScreen
from octowizard.app.screens.form import Field
from octowizard.locale import _
from octowizard.presentation.blocks import Block, Gap, Heading, Item, Page

if TYPE_CHECKING:
    from octowizard.presentation.connecting import Ask
    from octowizard.session.connect import Connecting
    from octowizard.workspace.profiles import Profile

OFFERS = commands(lambda: (
    ("next", "enter", _("go on"), _("Fill in what this stage asks; at the consent page, open the browser.")),
    ("paste", "p", _("paste the address"), _("Where no browser comes back: paste the address it was sent to.")),
    ("copy", "c", _("copy"), _("Copy what stands here, such as the address of the consent page.")),
    ("mail", "m", _("mail to Octopus"), _("Copy the mail that asks Octopus for a software-house id.")),
    ("back", "escape", _("back"), _("Leave; what is connected already stays, and it goes on from there.")),
))  # fmt: skip


class ConnectScreen(PlaceScreen):
    """Opened from Welcome, or for a profile of which a side is not connected; ends at Home of the profile."""

    MODE: ClassVar[str] = "welcome"
    CSS_PATH = "connect.tcss"
    OFFERS = OFFERS

    def __init__(self, pair: str = "") -> None:
        super().__init__()
        self._pair = pair
        self._measured = False
        self.connecting: Connecting | None = None
        self.busy = ""
        self.error = ""

    def about(self) -> str:
        return _(
            "Each stage asks for what signs in to one side, tries it at once, and keeps it only when it worked. A "
            "refused password is not sent a second time. Secrets go to the place you choose."
        )

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(id="connect"):
            yield Static(id="connect-text")

    def on_mount(self) -> None:
        self.query_one("#connect").focus()
        self.draw()

    def on_unmount(self) -> None:
        self._stop_waiting()

    # --- what is shown --------------------------------------------------------------------------------------

    def draw(self) -> None:
        width = min(84, self.columns - 4)
        lines = drawn(self._blocks(), width)
        if self.busy:
            lines += [Content(""), *hung("● ", "$primary", self.busy, width)]
        if self.error:
            lines += [Content(""), *hung("✖ ", "$error", self.error, width)]
        self.query_one("#connect-text", Static).update(Content("\n").join(lines))
        self.show_keys()

    def _blocks(self) -> list[Block]:
        if self.connecting is None:
            return [
                Heading(_("Connect your accounts")),
                Gap(),
                Item(
                    _(
                        "You need a user of Octopus with its software-house id, and an integration of Teamleader."
                    )
                ),
                Item(_("Without a software-house id: m copies the mail that asks for one.")),
            ]
        from octowizard.presentation.connecting import intro, title

        return [Heading(title(self.connecting)), Gap(), *intro(self.connecting)]

    def text_to_copy(self) -> str:
        if self.connecting is not None and self.connecting.at_consent:
            return self.connecting.consent_page
        return ""

    # --- what can be done -----------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        at_consent = self.connecting is not None and self.connecting.at_consent
        match run:
            case "next":
                return not self.busy
            case "paste" | "copy":
                return at_consent
            case "mail":
                return self.connecting is None or self.connecting.stage == "octopus"
            case _:
                return True

    def do_next(self) -> None:
        connecting = self.connecting
        if connecting is None:
            self._ask_name()
        elif connecting.at_consent:
            self._by_browser(connecting)
        elif connecting.stage == "done" and connecting.profile is not None:
            if connecting.before is not None and not self._measured:
                self._measure(connecting.profile)
                return
            self.dismiss()
            if self._pair:
                self.shell.turn_to(connecting.profile.name)
            else:
                self.shell.connected(connecting.profile)
        else:
            self._fill_in(connecting)

    def _measure(self, profile: Profile) -> None:
        """Read what was declared until now, and show where it is otherwise; enter then goes on."""
        root, now = self.shell.root, self.shell.now().astimezone()

        def work() -> Page:
            from octowizard.presentation.declared import differences
            from octowizard.session.session import Session

            session = Session(root, profile)
            asyncio.run(session.setup.read("", lambda _what, _count: None, fresh=True))
            blocks = differences(session.declaring.measured(), session.declaring.words(), now)
            return Page(
                mark="✔", title=_("{name} is connected").format(name=profile.name), blocks=tuple(blocks)
            )

        def shown(page: Page) -> None:
            self._measured = True
            self._answered()
            self.show_page(page)

        self._work(work, shown, _("reading"))

    def do_paste(self) -> None:
        if self.connecting is not None:
            self._fill_in(self.connecting)

    def do_mail(self) -> None:
        from octowizard.presentation.connecting import mail
        from octowizard.session.connect import redirect_address

        self.shell.copy(mail(redirect_address()))

    def do_back(self) -> None:
        self._stop_waiting()
        self.dismiss()

    def _stop_waiting(self) -> None:
        if self.connecting is not None and self.busy:
            self.connecting.stop_waiting()

    # --- the stages -----------------------------------------------------------------------------------------

    def _ask_name(self) -> None:
        from octowizard.workspace import drafts

        begun = drafts.names(self.shell.root)
        ways = (
            ("password", _("user and password")),
            ("browser", _("Octopus' own sign-in by the browser: no password is kept")),
        )
        places = (
            ("keyring", _("the keyring of this system")),
            ("file", _("a file that only you can read")),
        )
        fields = (
            Field(
                name="name",
                label=_("Name of this pair of accounts"),
                value=self._pair or (begun[0] if begun else drafts.NAMELESS),
            ),
            Field(
                name="octopus",
                label=_("How to sign in to Octopus"),
                value="password",
                choices=lambda: list(ways),
            ),
            Field(
                name="place", label=_("Where secrets are kept"), value="keyring", choices=lambda: list(places)
            ),
        )
        self.fill_in(_("Connect your accounts"), fields, self._begin)

    def _begin(self, given: dict[str, str]) -> None:
        root = self.shell.root

        def make() -> Connecting:
            from octowizard.session.connect import Connecting
            from octowizard.workspace import drafts

            name = given.get("name", drafts.NAMELESS)
            place = None if name in drafts.names(root) else given.get("place", "keyring")
            return Connecting(
                root,
                name,
                place="file" if place == "file" else "keyring" if place else None,
                octopus_sign_in="browser" if given.get("octopus") == "browser" else "password",
            )

        def begun(connecting: Connecting) -> None:
            self.connecting = connecting
            self._answered()

        self._work(make, begun, _("looking"))

    def _fill_in(self, connecting: Connecting) -> None:
        from octowizard.presentation.connecting import asks, title

        asked = asks(connecting)
        if not asked:
            self._try(connecting, {})
            return
        fields = [_field(ask) for ask in asked]
        self.fill_in(title(connecting), fields, lambda given: self._try(connecting, given))

    def _try(self, connecting: Connecting, given: dict[str, str]) -> None:
        waited = connecting.at_consent and bool(self.busy)
        self._run(lambda: connecting.answer(given), _("trying it"))
        if waited:
            connecting.stop_waiting()

    def _by_browser(self, connecting: Connecting) -> None:
        def show(address: str) -> None:
            self.app.call_from_thread(self.shell.open_address, address)

        self._run(
            lambda: connecting.by_browser(show),
            _("waiting for the browser to come back; p pastes the address"),
        )

    def _run(self, make: Callable[[], Coroutine[None, None, None]], busy: str) -> None:
        self._work(lambda: asyncio.run(make()), lambda _none: self._answered(), busy)

    def _work(self, work: Callable[[], object], then: Callable[..., None], busy: str) -> None:
        connecting = self.connecting
        stage = connecting.stage if connecting is not None else ""

        def tried() -> tuple[object, str]:
            from octowizard.presentation.connecting import explained
            from octowizard.teamleader.loopback import NoCode
            from octowizard.transport.errors import VendorError

            try:
                return work(), ""
            except (VendorError, NoCode) as error:
                return None, explained(error)

        def ended(result: tuple[object, str]) -> None:
            value, why = result
            self.busy = ""
            if (
                why
                and "consent" in stage
                and connecting is not None
                and connecting.stage in ("entity", "dossier")
            ):
                why = ""  # the code has come by the other way
            if why:
                self._failed(why)
            else:
                then(value)

        self.busy, self.error = busy, ""
        self.draw()
        self.in_thread(tried, ended, self._failed)

    def _failed(self, why: str) -> None:
        self.busy, self.error = "", why
        self.draw()

    def _answered(self) -> None:
        self.error = ""
        self.draw()


def _field(ask: Ask) -> Field:
    return Field(
        name=ask.name,
        label=ask.question,
        value=ask.value,
        secret=ask.secret,
        choices=lambda: list(ask.choices),
    )
