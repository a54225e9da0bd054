"""How a card's texts become sentences: translated, with the names of the records and the vendors' menu labels.

`{journal}` stands for a record that is named or not, `{octopus.journals}` for a label in the language Octopus is
shown in. Also how translators get at the texts: `extract_cards` is an extractor for Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

import msgspec

from octowizard.locale import _
from octowizard.locale.labels import Language, path, shown
from octowizard.problems.catalogue import Card, Step

_PLACE = re.compile(r"\{([a-z][a-z0-9.-]*)\}")


def _named(name: str, value: str | None) -> str:
    """A record as it stands in a sentence, with its name or without."""
    match name:
        case "journal":
            return _("journal {name}").format(name=value) if value else _("the journal")
        case "invoice":
            return _("document {name}").format(name=value) if value else _("the document")
        case "period":
            return _("period {name}").format(name=value) if value else _("the period of the document")
        case "year":
            return _("fiscal year {name}").format(name=value) if value else _("the fiscal year")
        case "account":
            return _("account {name}").format(name=value) if value else _("the account")
        case "vat":
            return _("VAT rate {name}").format(name=value) if value else _("the VAT rate")
        case "dossier":
            return _("dossier {name}").format(name=value) if value else _("the dossier")
        case "category":
            return _("category “{name}”").format(name=value) if value else _("the product category")
        case "customer":
            return f"“{value}”" if value else _("the customer")
    raise KeyError(name)


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


def filled(text: str, names: Mapping[str, str], language: Language) -> str:
    """A text of a card, translated, with names and labels in place. `language`: that of the vendors' screens."""

    def put(found: re.Match[str]) -> str:
        place = found[1]
        return shown(place, language) if "." in place else _named(place, names.get(place))

    said = _PLACE.sub(put, _(text))
    return said[:1].upper() + said[1:]


def step(one: Step, names: Mapping[str, str], language: Language) -> str:
    """One thing to do: `Octopus: Beheer > Dagboeken. Make journal V1 …`."""
    said = filled(one.text, names, language)
    if not one.path:
        return said
    vendor = "Octopus" if one.path[0].startswith("octopus.") else "Teamleader"
    return f"{vendor}: {path(one.path, language)}. {said}"


def places(card: Card) -> Iterator[str]:
    """Every name and label that the texts and paths of a card point at."""
    for text in card.texts():
        yield from _PLACE.findall(text)
    for one in card.fix:
        yield from one.path


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
