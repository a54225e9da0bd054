"""What each key means, wherever it works, and the few places where it means something else.

`python -m tests.app.key_table` writes keys.md anew; test_keys.py holds both against the screens.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from textual.screen import Screen

from octowizard.app import screens
from octowizard.app.app import OctowizardApp
from octowizard.app.commands import Command, shown

TABLE = Path(__file__).with_name("keys.md")
EVERYWHERE = "everywhere"

# A key, what it means in one sentence, and the commands (by the name of their method) that mean just that.
MEANINGS: tuple[tuple[str, str, str], ...] = (
    ("enter", "Opens, explains, takes or does what the cursor is on.",
     "open records explain take choose go_on act next home change close"),
    ("escape", "Out: stops what runs, ends a search, closes, goes back.", "stop clear leave back close steps"),
    ("backspace", "Back to where you came from.", "back setup"),
    ("right", "Onward: the next one, or into the line.", "next choose"),
    ("q", "Out of a dialog; else out of octowizard.", "close quit"),
    ("tab", "To the other part of the screen.", "edit leave"),
    ("slash", "Searches by words.", "search type"),
    ("a", "All of them at once.", "all accept all_lines"),
    ("A", "All of them, those that are not sure too.", "unsure"),
    ("b", "How many calls the vendors still allow.", "budgets"),
    ("B", "A support bundle.", "bundle"),
    ("c", "Copies.", "copy"),
    ("d", "Does it for you, after a question.", "mend act"),
    ("e", "Explains, or unfolds what is hidden: evidence, details, what is wrong.",
     "explain unfold evidence details reveal"),
    ("f", "Another choice of what is listed.", "filter view"),
    ("F", "Imports as it was foretold.", "held"),
    ("g", "Goes to where more is known.", "card ask sum_up"),
    ("h", "The history of a document.", "story"),
    ("i", "In: signs in, takes in a list or customers.", "sign_in declare smart"),
    ("k", "Skips.", "skip"),
    ("l", "Later.", "later"),
    ("L", "The language of a text.", "language"),
    ("m", "A mail that is ready to be sent.", "letter mail"),
    ("n", "No.", "no different"),
    ("o", "Opens it outside of octowizard.", "browse mail open"),
    ("p", "A preview, or the other way to do it.", "preview other choose paste"),
    ("plus", "Another one.", "connect"),
    ("r", "Reads, looks or tries again.", "again retry"),
    ("R", "Asks both sides about everything.", "all online look"),
    ("s", "Starts what the screen is there for.", "start simulate"),
    ("S", "Settles all that are sure.", "settle"),
    ("u", "Takes back what you decided.", "take_back"),
    ("v", "All about a document: why it stands where it stands.", "why"),
    ("w", "Saves to a file.", "save"),
    ("x", "Excludes a document, and includes it again.", "keep_out let_in"),
    ("y", "Yes.", "yes same switched_off"),
    ("z", "Takes back a merge in Teamleader.", "unmerge"),
)  # fmt: skip

# (screen, key): why it means something else there.
ALLOWED: dict[tuple[str, str], str] = {
    ("Welcome", "c"): "a menu of four, by their first letters; nothing is there yet to copy",
    ("Welcome", "d"): "a menu of four, by their first letters; nothing is there yet to mend",
    ("Welcome", "p"): "a menu of four, by their first letters; nothing is there yet to preview",
    ("Welcome", "w"): "a menu of four, by their first letters; nothing is there yet to save",
    ("Calendar", "a"): "amounts instead of numbers; all is checked again with R",
    ("Connect", "a"): "other addresses; nothing is listed there of which all could be meant",
    ("Setup", "c"): "another scenario; the text of a step is copied on its page (e)",
    ("Setup", "f"): "the files of a step; its steps are not to be chosen from",
    ("Setup", "s"): "shows the way by hand; d and enter start",
    ("Mapping", "s"): "suggests an account for each VAT rate; enter chooses",
    ("Duplicates", "m"): "merges, the word of Teamleader; nobody is written to about a pair",
    ("Sync", "l"): "watches live what Teamleader's own sync does; nothing can be done later",
    ("History", "p"): "plays a run again; what was is not previewed",
    ("Replay", "plus"): "a film: plays faster, as minus plays slower",
    ("Replay", "home"): "a film, not a list: to its beginning",
    ("Replay", "end"): "a film, not a list: to its end",
}


class Use(NamedTuple):
    """A key on a screen."""

    key: str
    screen: str
    command: Command


def screens_with_keys() -> Iterator[type[Screen[None]]]:
    """All screens and dialogs that list commands."""
    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        for screen in vars(import_module(module.name)).values():
            if (
                isinstance(screen, type)
                and issubclass(screen, Screen)
                and screen.__module__ == module.name
                and bool(getattr(screen, "OFFERS", None))
            ):
                yield screen


def uses() -> Iterator[Use]:
    for screen in screens_with_keys():
        for command in screen.OFFERS:  # type: ignore[attr-defined] # those without are left out
            for key in command.keys:
                yield Use(key, screen.__name__.removesuffix("Screen"), command)
    for command in OctowizardApp.OFFERS:
        for key in command.keys:
            yield Use(key, EVERYWHERE, command)


def markdown() -> str:
    """The table, key by key, with its exceptions below."""
    found = list(uses())
    lines = ["| key | means | on |", "|---|---|---|"]
    everywhere: dict[str, list[str]] = {}
    for use in found:
        if use.screen == EVERYWHERE:
            everywhere.setdefault(use.command.run, []).append(shown(use.key))
    named = {command.run: command for command in OctowizardApp.OFFERS}
    lines += [f"| {' '.join(keys)} | {named[run].help()} | everywhere |" for run, keys in everywhere.items()]
    for key, means, _runs in MEANINGS:
        on = sorted({use.screen for use in found if use.key == key and (use.screen, key) not in ALLOWED})
        lines.append(f"| {shown(key)} | {means} | {' '.join(on)} |")
    known = {key for key, _means, _runs in MEANINGS}
    for use in found:
        if use.key not in known and use.screen != EVERYWHERE:
            lines.append(f"| {shown(use.key)} | {use.command.help()} | {use.screen} |")
    lines += ["", "It means something else:", "", "| on | key | why |", "|---|---|---|"]
    lines += [f"| {screen} | {shown(key)} | {why} |" for (screen, key), why in ALLOWED.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(markdown(), encoding="utf-8")
