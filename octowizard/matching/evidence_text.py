"""Evidence in words, in the language chosen: what the command line and the app show for *why*."""

from __future__ import annotations

from collections.abc import Callable

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
    how = _LEVELS[evidence.how]() if evidence.how in _LEVELS else evidence.how
    texts = evidence.left if evidence.left == evidence.right else f"{evidence.left} / {evidence.right}"
    return _("{weight} {field} {how} ({texts})").format(
        weight=weight, field=field_name(evidence.field), how=how, texts=texts
    )


def teller() -> Callable[[str, float, str, str, str], str]:
    """`sentence` in the language chosen now, for many at a time: what is the same from pair to pair is said once.

    It is given what an `Evidence` holds, in that order.
    """
    known: dict[tuple[str, str], str] = {}

    def tell(field: str, weight: float, left: str, right: str, how: str) -> str:
        pattern = known.get((field, how))
        if pattern is None:
            if not how or field == "answer":
                return sentence(Evidence(field, weight, left, right, how))
            marked = sentence(Evidence(field, 0.0, "\0", "\0", how))
            before, _weight, rest = marked.partition("+0.0")
            between, _texts, after = rest.partition("\0")
            before, between, after = (part.replace("%", "%%") for part in (before, between, after))
            pattern = known[field, how] = f"{before}%+.1f{between}%s{after}"
        return pattern % (weight, left if left == right else f"{left} / {right}")

    return tell
