"""Connecting real accounts: one stage at a time, a form for each, what it needs to know above it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
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
from octowizard.locale.keys import key_of
from octowizard.presentation.blocks import Block, Gap, Heading, Item, Page

if TYPE_CHECKING:
    from octowizard.presentation.connecting import Ask
    from octowizard.session.connect import Connecting
    from octowizard.workspace.drafts import Draft
    from octowizard.workspace.profiles import Profile

OFFERS = commands(lambda: (
    ("next", "enter", _("go on"), _("Fill in what this stage asks; at the consent page, open the browser.")),
    ("paste", "p", _("paste the address"), _("Where no browser comes back: paste the address it was sent to.")),
    ("copy", "c", _("copy"), _("Copy the address that stands here: of the consent page, or the redirect address.")),
    ("mail", "m", _("mail to Octopus"), _("Copy the mail that asks Octopus for a software-house id.")),
    ("addresses", "a", _("addresses"), _("Another redirect port, or other addresses than the vendors' own.")),
    ("back", "escape", _("back"), _("Leave; what is connected already stays, and it goes on from there.")),
))  # fmt: skip


class ConnectScreen(PlaceScreen):
    """Opened from Welcome and Profiles; ends at Home once both sides are connected.

    `again`: signs in again to this profile; `begun`: the name of what is half connected; `pair`:
    that of a profile of which a side is not connected.
    """

    MODE: ClassVar[str] = "welcome"
    CSS_PATH = "connect.tcss"
    OFFERS = OFFERS

    def __init__(self, again: Profile | None = None, begun: str = "", pair: str = "") -> None:
        super().__init__()
        if again is not None and len(again.unconnected) == 2:  # nobody has signed in yet
            pair, again = again.name, None
        self._pair = pair
        self.again = again
        self.begun = begun
        self.connecting: Connecting | None = None
        self._measured = False
        self._addresses: dict[str, str] = {}  # what stands in the form of addresses, once it was filled in
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

    @property
    def may_be_made_anew(self) -> bool:
        return False  # what was answered so far is asked for once

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
        if self.connecting is None and self.again is not None:
            return [
                Heading(_("Sign in again: {name}").format(name=self.again.name)),
                Gap(),
                Item(
                    _(
                        "After a new password, a revoked integration, or before a sign-in ends. The accounts stay the "
                        "same, and so does all that octowizard remembers of them."
                    )
                ),
            ]
        if self.connecting is None and self.begun:
            text = _("Half connected: {names}. It goes on where it was.").format(names=self.begun)
            return [Heading(_("Connect your accounts")), Gap(), Item(text)]
        if self.connecting is None:
            return [
                Heading(_("Connect your accounts")),
                Gap(),
                Item(
                    _(
                        "You need a user of Octopus with its software-house id, and an integration of Teamleader."
                    )
                ),
                Item(
                    _("Without a software-house id: {mail} copies the mail that asks for one.").format(
                        mail=key_of("connect.mail", "m")
                    )
                ),
            ]
        from octowizard.presentation.connecting import intro, title

        return [Heading(title(self.connecting)), Gap(), *intro(self.connecting)]

    def text_to_copy(self) -> str:
        if self.connecting is not None and self.connecting.at_consent:
            return self.connecting.consent_page
        if self.connecting is not None and self.connecting.stage == "keys":
            return self.connecting.redirect_address  # wanted letter for letter
        return ""

    # --- what can be done -----------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        at_consent = self.connecting is not None and self.connecting.at_consent
        match run:
            case "next":
                return not self.busy
            case "paste":
                return at_consent
            case "copy":
                return bool(self.text_to_copy())
            case "mail":
                return self.again is None and (self.connecting is None or self.connecting.stage == "octopus")
            case "addresses":
                return self.connecting is None and not self.busy
            case _:
                return True

    def do_next(self) -> None:
        connecting = self.connecting
        if connecting is None:
            self._ask_way() if self.again or self.begun else self._ask_name()
        elif connecting.at_consent:
            self._by_browser(connecting)
        elif connecting.stage == "done" and connecting.profile is not None:
            if connecting.before is not None and not self._measured:
                self._measure(connecting.profile)
                return
            self.dismiss()
            if self.shell.runner is None:
                self.shell.connected(connecting.profile)
            else:  # whatever was open, or signed in before, is put away
                self.shell.turn_to(connecting.profile.name)
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
        from octowizard.locale import spoken
        from octowizard.presentation.letters import copied, on_software_house
        from octowizard.session.connect import redirect_address

        port = self._addresses.get("port")
        address = redirect_address(int(port) if port else None)
        self.shell.copy(copied(on_software_house(address, spoken())))

    def do_back(self) -> None:
        self._stop_waiting()
        self.dismiss()

    def _stop_waiting(self) -> None:
        if self.connecting is not None and self.busy:
            self.connecting.stop_waiting()

    # --- the stages -----------------------------------------------------------------------------------------

    def _ask_name(self) -> None:
        from octowizard.workspace import drafts

        places = (
            ("keyring", _("the keyring of this system")),
            ("file", _("a file that nobody else can read")),
        )
        fields = (
            Field(name="name", label=_("Name of this pair of accounts"), value=self._pair or drafts.NAMELESS),
            _way("password"),
            Field(
                name="place", label=_("Where secrets are kept"), value="keyring", choices=lambda: list(places)
            ),
        )
        self.fill_in(_("Connect your accounts"), fields, self._begin)

    def _ask_way(self) -> None:
        """What is asked of accounts whose name and place are known."""
        if self.again is None:
            if self._has_octopus():
                self._begin({})
            else:
                self.fill_in(_("Connect your accounts"), (_way("password"),), self._begin)
            return
        sides = (("both", _("both sides")), ("octopus", "Octopus"), ("teamleader", "Teamleader"))
        side = Field(name="side", label=_("Which side"), value="both", choices=lambda: list(sides))
        self.fill_in(_("Sign in again"), (side, _way(self.again.octopus_sign_in)), self._begin)

    def _has_octopus(self) -> bool:
        from octowizard.workspace.profiles import ProfileError

        try:
            draft = self._begun()
        except ProfileError:  # told once it is gone on with
            return True
        return draft is not None and draft.octopus is not None

    def _begun(self) -> Draft | None:
        """What is half connected. ProfileError where that cannot be read."""
        from octowizard.workspace import drafts

        return drafts.load(self.shell.root, self.begun) if self.begun else None

    def do_addresses(self) -> None:
        """Another port, and other addresses: of a practice company that is served, of a vendor that moved."""
        from octowizard.session.connect import PORT, VENDORS, Addresses
        from octowizard.workspace.profiles import ProfileError

        vendors = Addresses.of(self.again) if self.again is not None else VENDORS
        with suppress(ProfileError):  # told once it is gone on with
            vendors = vendors.changed(draft.addresses if (draft := self._begun()) is not None else {})
        labels = {
            "octopus": _("Octopus: web service"),
            "octopus_sign_in": _("Octopus: sign-in by the browser"),
            "teamleader": _("Teamleader: API"),
            "teamleader_sign_in": _("Teamleader: sign-in"),
        }
        forms = (("form", _("as a form")), ("query", _("in the address")))
        now = {name: getattr(vendors, name) for name in labels} | {"port": str(PORT), "form": "form"}
        now |= self._addresses
        fields = (
            Field(name="port", label=_("Port of the redirect address"), value=now["port"]),
            *(Field(name=name, label=label, value=now[name]) for name, label in labels.items()),
            Field(
                name="form",
                label=_("How Octopus' sign-in by the browser gets what it is sent"),
                value=now["form"],
                choices=lambda: list(forms),
            ),
        )
        self.fill_in(_("Port and addresses"), fields, self._take_addresses)

    def _take_addresses(self, given: dict[str, str]) -> None:
        port = given.get("port", "")
        if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            self._failed(_("“{port}” is no port: give a number from 1 to 65535.").format(port=port))
            return
        self._addresses = given
        self._answered()

    def _begin(self, given: dict[str, str]) -> None:
        root, again, begun, where = self.shell.root, self.again, self.begun, self._addresses

        def make() -> Connecting:
            from octowizard.session.connect import PORT, Addresses, Connecting
            from octowizard.workspace import drafts

            name = again.name if again is not None else begun or given.get("name", drafts.NAMELESS)
            fixed = again is not None or name in drafts.names(root)
            place = None if fixed else given.get("place", "keyring")
            side = given.get("side")
            return Connecting(
                root,
                name,
                addresses={name: where[name] for name in Addresses.__struct_fields__ if name in where},
                place="file" if place == "file" else "keyring" if place else None,
                only="octopus" if side == "octopus" else "teamleader" if side == "teamleader" else None,
                port=int(where.get("port", PORT)),
                octopus_sign_in="browser" if given.get("octopus") == "browser" else "password",
                oauth_in_query=where.get("form") == "query",
                reauthorise=again is not None,
            )

        def made(connecting: Connecting) -> None:
            self.connecting = connecting
            self._answered()

        self._work(make, made, _("looking"))

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
            _("waiting for the browser to come back; {paste} pastes the address").format(
                paste=key_of("connect.paste", "p")
            ),
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


def _way(present: str) -> Field:
    ways = (
        ("password", _("user and password")),
        ("browser", _("Octopus' own sign-in by the browser: no password is kept")),
    )
    return Field(
        name="octopus", label=_("How to sign in to Octopus"), value=present, choices=lambda: list(ways)
    )


def _field(ask: Ask) -> Field:
    return Field(
        name=ask.name,
        label=ask.question,
        value=ask.value,
        secret=ask.secret,
        choices=lambda: list(ask.choices),
    )
