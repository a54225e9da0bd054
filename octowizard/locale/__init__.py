"""The languages octowizard speaks. Every text a user sees passes through `_` or `ngettext`.

Not the language Octopus is shown in: that one is a setting of the profile, and lives with the vendors' labels.
"""

import os

TYPE_CHECKING = False  # typing takes longer to load than a text to print
if TYPE_CHECKING:
    from octowizard.locale.catalogue import Catalogue
    from octowizard.locale.labels import Language

FILE = "octowizard.mo"  # in LC_MESSAGES of a language's folder; without it that language is not spoken
_spoken = "en"
_catalogue: "Catalogue | None" = None  # None: English, the language of the sources
_chosen: str | None = None
said: set[str] = set()
"""Every text that was given out: the words of octowizard itself, before names and numbers were put into them."""


def choose(language: str | None = None) -> None:
    """Use `language` (`nl`, `fr`, `en`) from now on; without one, what the environment asks for.

    A language without a catalogue falls back to English, the language of the sources.
    """
    global _catalogue, _chosen, _spoken
    _chosen = language
    wanted = (
        language
        or os.environ.get("OCTOWIZARD_LANGUAGE")
        or os.environ.get("LC_ALL")
        or os.environ.get("LC_MESSAGES")
        or os.environ.get("LANG")
        or ""
    )[:2]
    _catalogue, _spoken = None, "en"
    if wanted in _PLURALS:
        try:
            with open(os.path.join(__path__[0], wanted, "LC_MESSAGES", FILE), "rb") as file:  # noqa: PTH118, PTH123 - pathlib is slow to load
                body = file.read()
        except OSError:
            return
        from octowizard.locale.catalogue import Catalogue

        _catalogue, _spoken = Catalogue(body, _PLURALS[wanted]), wanted


# Which form a number takes: Dutch has one for 1 alone, French one for 0 and 1.
_PLURALS = {"nl": lambda number: int(number != 1), "fr": lambda number: int(number > 1)}


def available() -> list[str]:
    """The languages that there is a catalogue for, and English."""
    return ["en", *sorted(name for name in os.listdir(__path__[0]) if _is_catalogue(name))]  # noqa: PTH208


def language_name(code: str) -> str:
    """What a language is called, in the present one."""
    return {"en": _("English"), "nl": _("Dutch"), "fr": _("French")}.get(code, code)


def _is_catalogue(name: str) -> bool:
    return os.path.isdir(os.path.join(__path__[0], name, "LC_MESSAGES"))  # noqa: PTH112, PTH118


def chosen() -> str | None:
    """The language that `choose` was given last: None for what the environment asks for."""
    return _chosen


def spoken() -> "Language":
    """The language that texts are in: the chosen one where it has a catalogue, else English."""
    return _spoken  # type: ignore[return-value]  # as the folders of catalogues are called


def _(message: str) -> str:
    """The message in the chosen language. Placeholders stay `{named}`: format after translating."""
    text = (_catalogue.text(message) if _catalogue else None) or message
    said.add(text)
    return text


def ngettext(singular: str, plural: str, count: int) -> str:
    """The singular or plural form for `count`, in the chosen language."""
    text = (_catalogue.plural(singular, count) if _catalogue else None) or (
        singular if count == 1 else plural
    )
    said.add(text)
    return text


def pgettext(context: str, message: str) -> str:
    """As `_`, for a word that means another thing elsewhere; `context` tells translators which is meant."""
    text = (_catalogue.text(message, context) if _catalogue else None) or message
    said.add(text)
    return text
