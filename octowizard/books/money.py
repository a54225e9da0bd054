"""Money: Decimal, two decimals, rounded half up. Nothing here ever sees a float."""

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """The amount at two decimals, half up (Belgian practice)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def allocate(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """The amount split by the weights, to the cent, adding up exactly; the heaviest takes the rest."""
    if not weights:
        return []
    whole = sum(weights, ZERO)
    if not whole:
        return [amount, *(ZERO for _ in weights[1:])]
    parts = [cents(amount * weight / whole) for weight in weights]
    heaviest = max(range(len(weights)), key=lambda i: abs(weights[i]))
    parts[heaviest] += amount - sum(parts, ZERO)
    return parts
