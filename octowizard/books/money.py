"""Money: Decimal, two decimals, rounded half up. Nothing here ever sees a float."""

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """The amount at two decimals, half up (Belgian practice)."""
    return amount.quantize(CENT, ROUND_HALF_UP)
