"""VAT regimes behind rates of 0 %: told apart by the words of a description, in three languages.

Both vendors show several kinds of 0 % with the same percentage. The rate is never enough: what a description
says decides, and what it does not say stays undecided (and is then mapped by the user, never guessed).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import Enum


class Regime(Enum):
    """Why VAT is, or is not, charged on a sale."""

    NATIONAL = "national"  # a positive Belgian rate
    ZERO = "zero"  # 0 % without further reason, exempt
    CO_CONTRACTOR = "co-contractor"  # domestic reverse charge (box 45)
    INTRA_GOODS = "intra-goods"  # box 46
    INTRA_SERVICES = "intra-services"  # box 44
    EXPORT = "export"  # box 47


_UNION = r"(e\.?u|u\.?e|europese unie|union europeenne|european union)"
_INTRA = re.compile(rf"\b(intra\w*|ic|icd|icl|{_UNION}|lidstaat|etat membre|cm|vcmd)\b")
_SERVICES = re.compile(r"\b(dienst\w*|service\w*|prestation\w*|icd|vcmd)\b")
_EXPORT = re.compile(
    rf"\b(export\w*|uitvoer\w*|ex|(buiten( de)?|hors( de l)?|outside( the)?|non|niet|not)[- ]{_UNION})\b"
)
_CO_CONTRACTOR = re.compile(
    r"\b(medecontract\w*|cocontract\w*|co[- ]contract\w*|contractor|mc|btw verlegd|verlegd\w*|autoliquidation|"
    r"reverse charge)\b"
)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return (
        "".join(c if not unicodedata.combining(c) else "" for c in decomposed)
        .replace("'", " ")
        .replace("’", " ")
    )


def regime_of(description: str, rate: Decimal) -> Regime:
    """The regime that a rate's description tells of; any positive rate is national.

    Pure text recognition: export before co-contractor before intra-Community, since `buiten EU` holds `EU`.
    """
    if rate > 0:
        return Regime.NATIONAL
    text = _plain(description)
    if _EXPORT.search(text):
        return Regime.EXPORT
    if _INTRA.search(text):
        return Regime.INTRA_SERVICES if _SERVICES.search(text) else Regime.INTRA_GOODS
    if _CO_CONTRACTOR.search(text):
        return Regime.CO_CONTRACTOR
    return Regime.ZERO
