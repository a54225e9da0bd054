"""What a document costs: from the lines as they are sent to the lines and totals as they are shown.

Pure; all amounts are Decimal. It knows neither records nor HTTP.

Rules and where they come from: VAT is computed per line (vendor's help centre, "On lines"); line discounts
and document discounts are percentages, the latter on the whole document, excluding VAT (help centre);
`total.taxes` has one entry per rate number (official). Half cents go up (away from zero), two discounts on
one document compound, and a document discount is taken from the base and from the VAT of each rate: inferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from octowizard.sandbox.state import Json

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
_ONE = Decimal(1)
_HUNDRED = Decimal(100)


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded to the cent, half a cent away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def money(amount: Decimal, currency: str) -> Json:
    """A Money object: `{"amount", "currency"}`."""
    return {"amount": amount, "currency": currency}


def decimal(number: Any) -> Decimal:
    """A JSON number (int or Decimal; never float) as Decimal."""
    return number if isinstance(number, Decimal) else Decimal(number)


def totals(
    grouped_lines_input: Iterable[Mapping[str, Any]],
    tax_rates: Mapping[str, Decimal],
    discounts: Sequence[Mapping[str, Any]] = (),
    currency: str = "EUR",
) -> tuple[list[Json], Json]:
    """The lines and the total of a document, in the shape of `invoices.info`.

    `grouped_lines_input`: `[{"section"?: {"title"}, "line_items": [{"quantity", "description",
    "extended_description"?, "unit_of_measure_id"?, "unit_price": {"amount", "tax"}, "tax_rate_id",
    "discount"?: {"type", "value"}, "product_id"?, "product_category_id"?, "withholding_tax_rate_id"?}]}]`.
    `tax_rates`: tax rate id -> fraction (0.21). `discounts`: `[{"type": "percentage", "value", "description"?}]`
    on the whole document. `currency`: of the document; an exchange rate changes nothing in the document itself
    (see `exchange_rate`).

    Returns `(grouped_lines, total)`. `total` has `tax_exclusive, tax_inclusive, payable, taxes, due` (= payable:
    nothing is paid yet), `tax_exclusive_before_discount, tax_inclusive_before_discount, withheld_taxes`.
    A credit note shows `credit_note_total(total)`. Raises KeyError for a tax rate id that `tax_rates` lacks.
    """
    groups: list[Json] = []
    base: dict[Decimal, Decimal] = {}
    tax: dict[Decimal, Decimal] = {}
    whole = whole_tax = ZERO
    for group in grouped_lines_input:
        section = group.get("section") or {}
        items: list[Json] = []
        for given in group["line_items"]:
            rate = tax_rates[given["tax_rate_id"]]
            line = _line(given, rate, currency)
            items.append(line)
            shown = line["total"]
            net, gross = shown["tax_exclusive"]["amount"], shown["tax_inclusive"]["amount"]
            base[rate] = base.get(rate, ZERO) + net
            tax[rate] = tax.get(rate, ZERO) + gross - net
            whole += shown["tax_exclusive_before_discount"]["amount"]
            whole_tax += shown["tax_inclusive_before_discount"]["amount"]
        groups.append({"section": {"title": section.get("title")}, "line_items": items})
    left = _left_after(discounts)
    if left != _ONE:
        base = {rate: cents(amount * left) for rate, amount in base.items()}
        tax = {rate: cents(amount * left) for rate, amount in tax.items()}
    net = sum(base.values(), ZERO)
    gross = net + sum(tax.values(), ZERO)
    total: Json = {
        "tax_exclusive": money(net, currency),
        "tax_inclusive": money(gross, currency),
        "payable": money(gross, currency),
        "taxes": [
            {"rate": rate, "taxable": money(base[rate], currency), "tax": money(tax[rate], currency)}
            for rate in sorted(base, reverse=True)
        ],
        "due": money(gross, currency),
        "tax_exclusive_before_discount": money(whole, currency),
        "tax_inclusive_before_discount": money(whole_tax, currency),
        "withheld_taxes": [],
    }
    return groups, total


def credit_note_total(total: Mapping[str, Any]) -> Json:
    """The part of a `total` that a credit note shows."""
    return {key: total[key] for key in ("tax_exclusive", "tax_inclusive", "payable", "taxes")}


def with_price_currency(groups: Iterable[Mapping[str, Any]], currency: str) -> list[Json]:
    """Lines as a credit note shows them: `unit_price` also says its currency (official)."""
    return [
        {
            "section": group["section"],
            "line_items": [
                {**line, "unit_price": {**line["unit_price"], "currency": currency}}
                for line in group["line_items"]
            ],
        }
        for group in groups
    ]


def as_input(groups: Iterable[Mapping[str, Any]]) -> list[Json]:
    """Shown lines back to the shape they are sent in, e.g. to copy or credit a document."""
    return [_group_input(group) for group in groups]


def exchange_rate(own: str, currency: str, rate: Decimal) -> Json:
    """`currency_exchange_rate` of a document in `currency`, `own` being the currency of the department."""
    return {"from": currency, "to": own, "rate": rate}


def _left_after(discounts: Sequence[Mapping[str, Any]]) -> Decimal:
    left = _ONE
    for discount in discounts:
        left *= _ONE - decimal(discount["value"]) / _HUNDRED
    return left


def _line(given: Mapping[str, Any], rate: Decimal, currency: str) -> Json:
    price = given.get("unit_price") or {"amount": ZERO, "tax": "excluding"}
    quantity, amount = decimal(given["quantity"]), decimal(price["amount"])
    whole = cents(quantity * amount)
    discount = given.get("discount")
    net = whole
    if discount:
        net = cents(quantity * amount * (_ONE - decimal(discount["value"]) / _HUNDRED))
        discount = {"type": "percentage", "value": discount["value"]}
    return {
        "product": _reference("product", given.get("product_id")),
        "product_category": _reference("productCategory", given.get("product_category_id")),
        "quantity": given["quantity"],
        "description": given["description"],
        "extended_description": given.get("extended_description"),
        "unit": _reference("unitOfMeasure", given.get("unit_of_measure_id")),
        "unit_price": {"amount": price["amount"], "tax": "excluding"},
        "tax": {"type": "taxRate", "id": given["tax_rate_id"]},
        "discount": discount or None,
        "total": {
            "tax_exclusive": money(net, currency),
            "tax_exclusive_before_discount": money(whole, currency),
            "tax_inclusive": money(net + cents(net * rate), currency),
            "tax_inclusive_before_discount": money(whole + cents(whole * rate), currency),
        },
        "withheld_tax": _reference("withholdingTaxRate", given.get("withholding_tax_rate_id")),
    }


def _reference(kind: str, identity: str | None) -> Json | None:
    return {"type": kind, "id": identity} if identity else None


def _group_input(group: Mapping[str, Any]) -> Json:
    given: Json = {"line_items": [_line_input(line) for line in group["line_items"]]}
    title = (group.get("section") or {}).get("title")
    return {"section": {"title": title}, **given} if title else given


def _line_input(line: Mapping[str, Any]) -> Json:
    given: Json = {
        "quantity": line["quantity"],
        "description": line["description"],
        "unit_price": {"amount": line["unit_price"]["amount"], "tax": "excluding"},
        "tax_rate_id": line["tax"]["id"],
    }
    for key, shown in (
        ("product_id", "product"),
        ("product_category_id", "product_category"),
        ("unit_of_measure_id", "unit"),
        ("withholding_tax_rate_id", "withheld_tax"),
    ):
        if line.get(shown):
            given[key] = line[shown]["id"]
    for key in ("extended_description", "discount"):
        if line.get(key):
            given[key] = line[key]
    return given
