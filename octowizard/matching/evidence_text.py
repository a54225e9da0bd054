"""Evidence in words, in the language chosen: what the command line and the app show for *why*."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from octowizard.locale import _, pgettext
from octowizard.matching.evidence import Evidence

_FIELDS: dict[str, Callable[[], str]] = {
    "name": lambda: _("name"),
    "structure": lambda: _("words such as Holding or Invest"),
    "legal": lambda: _("legal form"),
    "vat": lambda: pgettext("in a sentence", "VAT number"),
    "national": lambda: _("national number"),
    "external": lambda: _("number in Octopus"),
    "born": lambda: _("date of birth"),
    "kind": lambda: _("company or person"),
    "country": lambda: _("country"),
    "street": lambda: _("street"),
    "house": lambda: _("house number"),
    "postcode": lambda: _("postcode"),
    "city": lambda: _("town"),
    "region": lambda: _("region"),
    "email": lambda: _("e-mail"),
    "domain": lambda: _("mail domain or website"),
    "phone": lambda: _("phone"),
    "iban": lambda: _("bank account"),
}
_LEVELS: dict[str, Callable[[], str]] = {
    "same": lambda: _("the same"),
    "near": lambda: _("nearly the same"),
    "within": lambda: _("one within the other"),
    "part": lambda: _("partly the same"),
    "little": lambda: _("hardly alike"),
    "unsure": lambda: _("differ, but one fails its check"),
    "other": lambda: _("differ"),
}

BETWEEN_BOTH = " / "
"""Between what two customers have in a field, where they do not have the same."""


def field_name(field: str) -> str:
    """A field's name."""
    return _FIELDS[field]() if field in _FIELDS else field


def sentence(evidence: Evidence) -> str:
    """`+6.2 name the same (Bakkerij Peeters / BAKKERIJ PEETERS BVBA)`: weight, field, how far it agrees, both texts."""
    weight = f"{evidence.weight:+.1f}"
    if evidence.field == "rarity":
        return _("{weight} few of all possible pairs are the same customer").format(weight=weight)
    if evidence.field == "lessons":
        return _("{weight} what the pairs already known teach about any pair").format(weight=weight)
    if evidence.field == "answer":
        if evidence.how == "other":
            return _("{weight} you said that they are different").format(weight=weight)
        return _("{weight} you said that they are the same").format(weight=weight)
    one, other = evidence.left, evidence.right
    texts = one if one == other else f"{one}{BETWEEN_BOTH}{other}"
    how = _LEVELS[evidence.how]() if evidence.how in _LEVELS else evidence.how
    return _("{weight} {field} {how} ({texts})").format(
        weight=weight,
        field=field_name(evidence.field),
        how=how,
        texts=texts,
    )


class Wording(NamedTuple):
    """A `sentence` around what differs from pair to pair: before the weight, between it and the texts, behind them."""

    before: str
    between: str
    after: str


def wording(field: str, how: str) -> Wording:
    """The `sentence` of a field that agrees so far, in the language chosen now, for whoever has many to tell."""
    marked = sentence(Evidence(field, 0.0, "\0", "\0", how))
    before, _weight, rest = marked.partition("+0.0")
    between, _texts, after = rest.partition("\0")
    return Wording(before, between, after)
