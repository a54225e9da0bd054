"""The field in which a list is searched: hidden, and without keys, until it is wanted."""

from __future__ import annotations

from textual.widgets import Input


class SearchField(Input):
    """Disabled while it is hidden, so that no key lands in it unseen."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, id="search", compact=True, disabled=True)

    def start(self) -> None:
        """Show it, and give it the keys."""
        self.disabled, self.display = False, True
        self.screen.set_focus(self)  # now, and not when the next key has gone elsewhere

    def end(self) -> None:
        """Hide it; whoever calls this gives the keys to another widget first."""
        self.disabled, self.display = True, False
