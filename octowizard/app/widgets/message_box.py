"""The field into which a message is pasted or typed: several lines; enter sends it, and no key of it acts.

A paste into the empty field is sent at once, unless somebody asked to type first.
"""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from octowizard.presentation.visible import plain


def harmless(text: str) -> str:
    """The text without what a terminal would act upon; line breaks stay, tabs become blanks."""
    rows = text.replace("\t", " ").splitlines()
    return "\n".join("".join(sign for sign in row if plain(sign) == sign) for row in rows)


class MessageBox(TextArea):
    """Posts `Sent` on enter; a paste keeps its line breaks. `at_once`: a paste into the empty field is sent."""

    class Sent(Message):
        """Enter was pressed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            id=id, compact=True, soft_wrap=True, highlight_cursor_line=False, show_line_numbers=False
        )
        self.at_once = True

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Sent(self.text))
            return
        if event.key == "slash" and not self.text:  # the key that leads to the field elsewhere
            event.stop()
            event.prevent_default()
            self.at_once = False
            return
        await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        first = not self.text
        self.insert(harmless(event.text))
        if first and self.at_once:
            self.post_message(self.Sent(self.text))
