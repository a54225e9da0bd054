"""The command palette: what can be done right now, and `go to document 2026 / 15`."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from octowizard.app.content import content
from octowizard.app.place_screen import WHY, PlaceScreen
from octowizard.books.numbers import bare
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.app.shell import Shell

MOST = 12  # documents shown for one search
BREATH = 500  # rows looked at before the loop gets its turn
SHORTEST = 2  # letters typed before documents are looked through


class Commands(Provider):
    """The commands of the screen below the palette, with their keys; then documents: why, and those of the run."""

    @property
    def _place(self) -> PlaceScreen | None:
        return self.screen if isinstance(self.screen, PlaceScreen) else None

    async def discover(self) -> Hits:
        place = self._place
        for command in place.offered() if place else []:
            if place and command.run != "palette":
                yield DiscoveryHit(
                    content(command.name(), (f"   {command.key}", "bold")),
                    partial(place.action_command, command.run),
                    text=command.name(),
                    help=command.help(),
                )

    async def search(self, query: str) -> Hits:
        place = self._place
        matcher = self.matcher(query)
        for command in place.offered() if place else []:
            score = max(matcher.match(command.name()), matcher.match(command.help()) * 0.8)
            if place and score > 0 and command.run != "palette":
                yield Hit(
                    score,
                    content(command.name(), (f"   {command.key}", "bold")),
                    partial(place.action_command, command.run),
                    text=command.name(),
                    help=command.help(),
                )
        app = cast("Shell", self.app)
        words = query.casefold().removeprefix(_("go to document").casefold()).strip()
        async for hit in self._why(words.removeprefix(_("why").casefold()).strip()):
            yield hit
        shown = 0
        for number, row in enumerate(app.rows() if len(words) >= SHORTEST else []):
            if number % BREATH == 0:
                await asyncio.sleep(0)
            if row.name and row.holds(words):
                yield Hit(
                    0.5,
                    content(_("Go to document"), f" {row.name}  {row.customer}"),
                    partial(app.go_to_document, row.key),
                    text=row.name,
                )
                shown += 1
                if shown == MOST:
                    return

    async def _why(self, words: str) -> Hits:
        """All about a document, of all that were read."""
        place, runner = self._place, cast("Shell", self.app).runner
        checked = runner.checked if runner is not None else None
        if place is None or checked is None or len(words) < SHORTEST:
            return
        wanted, shown = bare(words), 0
        for number, head in enumerate(checked.documents.values()):
            if number % BREATH == 0:
                await asyncio.sleep(0)
            if wanted in bare(head.number).casefold() or words in head.customer_name.casefold():
                named = _("Why {number}").format(number=head.number)
                yield Hit(
                    0.6,
                    content(named, f"  {head.customer_name}"),
                    partial(place.show_why, head.id),
                    text=named,
                    help=WHY.help(),
                )
                shown += 1
                if shown == MOST:
                    return
