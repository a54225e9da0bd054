"""The command palette: what can be done right now, every screen, theme, language and setting; and every document."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from rich.align import Align
from rich.text import Text
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.widgets.option_list import Option

from octowizard import locale
from octowizard.app import themes
from octowizard.app.content import content
from octowizard.app.place_screen import WHY, PlaceScreen
from octowizard.books.numbers import bare
from octowizard.locale import _
from octowizard.session import configuration

if TYPE_CHECKING:
    from collections.abc import Callable

    from octowizard.app.dressed import Dressed
    from octowizard.snapshot.model import DocumentHead

MOST = 12  # documents shown for one search
BREATH = 500  # rows looked at before the loop gets its turn
BY_HELP = 0.5  # how well a command fits that is found by the words of its sentence
SHORTEST = 2  # letters typed before documents are looked through


class Palette(CommandPalette):
    """Textual's, in our language: it says in English that it finds nothing, and takes no other words for it."""

    def __init__(self) -> None:
        super().__init__(placeholder=_("What do you want to do?"))

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()

        def found_nothing() -> None:
            if search_value:
                notice = Align.center(Text(_("Nothing is called so."), style="not bold"))
                self.query_one(CommandList).add_option(Option(notice, disabled=True, id=self._NO_MATCHES))
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, found_nothing)


class Commands(Provider):
    """The commands of the screen below the palette, with their keys; themes, languages and settings by their names."""

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
        matcher, words = self.matcher(query), query.casefold().split()
        for command in place.offered() if place else []:
            # Letters strewn over a sentence say nothing: a customer's name would find half of the commands.
            told = command.help().casefold()
            score = max(matcher.match(command.name()), BY_HELP * all(word in told for word in words))
            if place and score > 0 and command.run != "palette":
                yield Hit(
                    score,
                    content(command.name(), (f"   {command.key}", "bold")),
                    partial(place.action_command, command.run),
                    text=command.name(),
                    help=command.help(),
                )
        for name, does in self._choices():
            if (score := matcher.match(name) * 0.7) > 0:
                yield Hit(score, content(name), does, text=name)

    def _choices(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """All that can be chosen by its name."""
        app = cast("Dressed", self.app)
        for theme in themes.names():
            yield _("Theme: {name}").format(name=theme), partial(app.keep, theme=theme)
        yield _("Theme: as the terminal is"), partial(app.keep, theme="")
        for language in locale.available():
            name = locale.language_name(language)
            yield _("Language: {name}").format(name=name), partial(app.speak, language)
        for setting in configuration.names():
            yield _("Setting: {name}").format(name=setting), partial(app.show_setting, setting)


class Documents(Provider):
    """Every document that was read, by its number and its customer; those of the present run in that run, too."""

    async def startup(self) -> None:
        self._known = await asyncio.to_thread(lambda: list(_looked_through(self._heads())))

    def _heads(self) -> Iterable[DocumentHead]:
        runner = cast("Dressed", self.app).runner
        if runner is None:
            return ()
        if runner.checked is not None:
            return runner.checked.documents.values()
        try:
            return runner.session.snapshot().documents
        except Exception:  # what is kept cannot be read: Home says why
            return ()

    async def search(self, query: str) -> Hits:
        words = query.casefold().removeprefix(_("go to document").casefold()).strip()
        for hit in self._why(words.removeprefix(_("why").casefold()).strip()):
            yield hit
        app, shown = cast("Dressed", self.app), 0
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

    def _why(self, words: str) -> Iterator[Hit]:
        """All about a document; one whose number is what was typed comes first, then those that begin so."""
        place = self.screen if isinstance(self.screen, PlaceScreen) else None
        if place is None or len(words) < SHORTEST:
            return
        wanted = bare(words)
        hits = [
            (number != wanted, not number.startswith(wanted), at)
            for at, (number, customer, _head) in enumerate(self._known)
            if wanted in number or words in customer
        ]
        for _other, _later, at in sorted(hits)[:MOST]:
            head = self._known[at][2]
            named = _("Why {number}").format(number=head.number)
            yield Hit(
                0.6,
                content(named, f"  {head.customer_name}"),
                partial(place.show_why, head.id),
                text=named,
                help=WHY.help(),
            )


def _looked_through(heads: Iterable[DocumentHead]) -> Iterator[tuple[str, str, DocumentHead]]:
    """Each document with its number and customer as they are searched."""
    for head in heads:
        yield bare(head.number).casefold(), head.customer_name.casefold(), head
