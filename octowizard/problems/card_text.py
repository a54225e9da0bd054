"""How a card's texts become sentences: translated, with the names of the records and the vendors' menu labels.

`{journal}` stands for a record that is named or not, `{octopus.journals}` for a label in the language that its vendor
is shown in. Also how translators get at the texts: `extract_cards` is an extractor for Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, NamedTuple

import msgspec

from octowizard.locale import _, pgettext, spoken
from octowizard.locale.formats import labelled, year_name
from octowizard.locale.labels import Languages, path, shown
from octowizard.problems.catalogue import Area, Card, Step, cards

# Where the Accounting Connector Booster is set up, instead of in the Marketplace (help centre: its article).
BOOSTER_MENU = (
    "teamleader.settings",
    "teamleader.company-information",
    "teamleader.company-entity",
    "teamleader.accounting-tab",
)

_PLACE = re.compile(r"\{([a-z][a-z0-9.-]*)\}")
# A French card may write `de {journal}`: the preposition and the article of what is put there become one word.
_FRENCH = {"de le ": "du ", "de les ": "des ", "à le ": "au ", "à les ": "aux "}
_JOINED = re.compile(rf"((?:de|à) )?{_PLACE.pattern}", re.IGNORECASE)


class Screens(NamedTuple):
    """How the vendors' screens of a profile look. `booster`: Teamleader's integration is the Booster."""

    languages: Languages = Languages()
    booster: bool = False


def _named(name: str, value: str | None) -> str:
    """A record as it stands in a sentence, with its name or without."""
    named, unnamed = {
        "journal": (_("journal {name}"), _("the journal")),
        "invoice": (_("document {name}"), _("the document")),
        "period": (_("period {name}"), _("the period of the document")),
        "year": (_("fiscal year {name}"), _("the fiscal year")),
        "account": (_("account {name}"), _("the account")),
        "vat": (_("VAT rate {name}"), _("the VAT rate")),
        "dossier": (_("dossier {name}"), _("the dossier")),
        "category": (_("category “{name}”"), _("the product category")),
        "customer": (_("“{name}”"), _("the customer")),
    }[name]
    if not value:
        return unnamed
    return named.format(name=year_name(value) if name == "year" else value)


def name_label(name: str) -> str:
    """What a name in a message is called."""
    return {
        "journal": _("journal"),
        "invoice": _("document"),
        "other": _("other document"),
        "wanted": _("should be"),
        "found": _("is"),
        "date": _("date"),
        "period": _("period"),
        "year": _("fiscal year"),
        "account": _("account"),
        "vat": _("VAT"),
        "amount": _("amount"),
        "currency": _("currency"),
        "customer": _("customer"),
        "category": _("category"),
        "dossier": _("dossier"),
        "last": _("last number"),
        "new": _("new number"),
    }.get(name, name)


def area_name(area: Area) -> str:
    """What a part of the work is called that a card is about."""
    return {
        "fiscal years": _("fiscal years"),
        "journals": _("journals"),
        "accounts": pgettext("ledger", "accounts"),
        "VAT": _("VAT"),
        "documents": _("documents"),
        "customers": _("customers"),
        "payments": _("payments"),
        "access": _("access"),
        "set-up": _("set-up"),
    }[area]


def title(problem: str) -> str:
    """What a problem of the catalogue is called where no record is named, with labels in the language of this app."""
    return filled(cards()[problem].title, {}, Languages.both(spoken()))


def filled(text: str, names: Mapping[str, str], languages: Languages) -> str:
    """A text of a card, translated, with names and labels in place. `languages`: those of the vendors' screens."""

    def put(match: re.Match[str]) -> str:
        before, place = match[1] or "", match[2]
        if "." in place:
            return before + shown(place, languages)
        joined = before + _named(place, names.get(place))
        for apart, together in _FRENCH.items() if before and spoken() == "fr" else ():
            if joined.lower().startswith(apart):
                return together + joined[len(apart) :]
        return joined

    sentence = _JOINED.sub(put, _(text))
    return sentence[:1].upper() + sentence[1:]


def step(one: Step, names: Mapping[str, str], screens: Screens) -> str:
    """One thing to do: `Octopus: Beheer > Dagboeken. Make journal V1 …`."""
    sentence = filled(one.text, names, screens.languages)
    menu = _in_booster(one) if screens.booster else one.path
    if not menu:
        return sentence
    vendor = "Octopus" if menu[0].startswith("octopus.") else "Teamleader"
    return labelled(vendor, f"{path(menu, screens.languages)}. {sentence}")


def _in_booster(one: Step) -> tuple[str, ...]:
    """The path of a step where the Booster stands in place of the integration of the Marketplace."""
    return one.booster or (BOOSTER_MENU if "teamleader.integrations-marketplace" in one.path else one.path)


def places(card: Card) -> Iterator[str]:
    """Every name and label that the texts and paths of a card point at."""
    for text in card.texts():
        yield from _PLACE.findall(text)
    for one in card.fix:
        yield from (*one.path, *one.booster)


def extract_cards(
    fileobj: IO[bytes],
    _keywords: Iterable[str],
    _comment_tags: Iterable[str],
    options: Mapping[str, Any],
) -> Iterator[tuple[int, str, str, list[str]]]:
    """The texts of one card for a Babel catalogue: (line, function, text, comments)."""
    body = fileobj.read()
    card = msgspec.toml.decode(body, type=Card)
    lines = body.decode(str(options.get("encoding", "utf-8"))).splitlines()
    for text in dict.fromkeys(card.texts()):
        line = next((number for number, one in enumerate(lines, start=1) if text in one), 1)
        yield line, "_", text, [f"card {card.id}"]
