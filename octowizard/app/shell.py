"""What a screen may ask of the app, and no more; `app.py` answers it. Screens import this, the app imports screens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App

if TYPE_CHECKING:
    from octowizard.app.commands import Command
    from octowizard.app.keymap import Keymap
    from octowizard.app.runner import Runner
    from octowizard.app.widgets.frame import Place
    from octowizard.presentation.run_rows import Row
    from octowizard.session.recordings import Recording
    from octowizard.session.state import Live
    from octowizard.workspace.profiles import Profile


class Shell(App[None]):
    """The app as its screens see it."""

    OFFERS: ClassVar[tuple[Command, ...]] = ()

    root: Path
    home: Path  # where what holds for all profiles is kept; `root` too, unless that passes with this app
    still: bool  # nothing shall move by itself
    seen: bool  # the first frame is on the terminal
    keymap: Keymap  # the keys that the user has given to commands
    runner: Runner | None
    preparing: bool  # its practice company is being made ready: there is no profile yet
    now: Callable[[], datetime]
    recording: Recording | None  # the app is the replay of this, and nothing else

    @property
    def profile(self) -> Profile | None:
        """The profile as it now is; None without one."""
        raise NotImplementedError

    @property
    def everywhere(self) -> list[Command]:
        """The commands that work on every screen, with their keys."""
        raise NotImplementedError

    @property
    def always(self) -> tuple[Command, ...]:
        """Those in the footer of every screen, however narrow."""
        raise NotImplementedError

    @property
    def places(self) -> tuple[Place, ...]:
        """The places that exist for this profile."""
        raise NotImplementedError

    @property
    def going(self) -> list[Command]:
        """The commands that go to them."""
        raise NotImplementedError

    def live(self) -> Live | None:
        """What goes on now with both vendors: the title of every screen tells it; None while nothing does."""
        raise NotImplementedError

    def accounts(self) -> tuple[str, str] | None:
        """Teamleader's department and Octopus' dossier, as the vendors name them."""
        raise NotImplementedError

    def remark(self) -> str:
        """`practice · EN`."""
        raise NotImplementedError

    def is_enabled(self, run: str) -> bool:
        """Can this command of the app be done right now?"""
        raise NotImplementedError

    def action_command(self, run: str) -> None:
        """Do a command that works everywhere."""
        raise NotImplementedError

    def go_to(self, mode: str) -> None:
        """Show a place."""
        raise NotImplementedError

    async def go_to_sync(self, *, preview: bool = False, then_ask: bool = False, key: str = "") -> None:
        """Show the sync; begin a preview there, or put the cursor on a document.

        `then_ask`: once the preview shows that nothing stands in the way, ask whether to sync.
        """
        raise NotImplementedError

    async def go_to_finding(self, problem: str, title: str) -> None:
        """Show a finding among the checks."""
        raise NotImplementedError

    async def go_to_problem(self, problem: str, document_id: str = "") -> None:
        """Show the card of a problem, its causes looked at for one document or for all."""
        raise NotImplementedError

    def go_to_document(self, key: str) -> None:
        """Show a document of the present run."""
        raise NotImplementedError

    def once_seen(self, then: Callable[[], None]) -> None:
        """Do this when the first frame is on the terminal, or at once where it is: what it loads holds up no frame."""
        raise NotImplementedError

    def rows(self) -> Iterable[Row]:
        """The documents of the present run."""
        raise NotImplementedError

    def adopt(self, profile: Profile, then: Callable[[], None] = lambda: None) -> None:
        """The accounts are the same, what was decided about them is not: keep it and go by it from now on."""
        raise NotImplementedError

    def connected(self, profile: Profile) -> None:
        """The first accounts are there: go on with them at Home."""
        raise NotImplementedError

    def turn_to(self, name: str) -> None:
        """Leave these accounts, and open another profile."""
        raise NotImplementedError

    def tell(self, text: str, *, wrong: bool = False) -> None:
        """A short message above the keys, letter for letter."""
        raise NotImplementedError

    def copy(self, text: str) -> None:
        """Copy by the best route there is, and say which."""
        raise NotImplementedError

    def save_text(self, text: str = "") -> None:
        """Save what was copied last (or `text`) to a file and say where it is."""
        raise NotImplementedError

    def open_address(self, address: str) -> None:
        """Open a web page in the browser, and print its address for where there is none."""
        raise NotImplementedError

    def save_file(
        self, body: str | bytes, suffix: str, then: Callable[[Path], None] = lambda _path: None
    ) -> None:
        """Save a file and say where it is; `then` gets its path."""
        raise NotImplementedError

    def open_outside(self, address: str, otherwise: str) -> None:
        """Open a file or a mail in the program of the system; `otherwise` is told where there is none."""
        raise NotImplementedError
