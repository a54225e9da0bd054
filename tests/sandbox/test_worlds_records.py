"""Every record of a practice company is one that the vendor's contract allows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from tests.contracts import check_schema

SMALL = [name for name in SCENARIOS if name != "large"]


@pytest.mark.parametrize("name", SMALL)
def test_the_vendors_could_have_sent_every_record_and_its_amounts_are_exact(name: str) -> None:
    world = SCENARIOS[name].build(1)
    octopus_could_have_sent_every_record(world)
    teamleader_could_have_sent_every_record(world)
    no_amount_ever_passed_through_a_float(world)
    if name != "totals-differ":
        every_total_is_the_sum_of_its_lines_to_the_cent(world)


def octopus_could_have_sent_every_record(world: World) -> None:
    dossier = next(iter(world.octopus.dossiers.values()))
    check_schema("octopus", "DossierServiceData", dossier.data)
    for year in dossier.bookyears.values():
        check_schema("octopus", "BookyearServiceData", year.data)
    for account in dossier.accounts.values():
        check_schema("octopus", "AccountServiceData", account.data)
    for code in dossier.vat_codes:
        check_schema("octopus", "VatCodeServiceData", code)
    for centre in dossier.cost_centres:
        check_schema("octopus", "CostCentreServiceData", centre)
    assert dossier.relations or world.scenario == "set-up-missing"
    for relation in dossier.relations.values():
        check_schema("octopus", "RelationServiceData", relation.data)
    for booking in dossier.bookings.values():
        check_schema("octopus", "BuySellBookingServiceData", booking.data)
    for financial in dossier.financial_bookings.values():
        check_schema("octopus", "FinancialDiversBookingServiceData", financial.data)
    for balancing in dossier.balancings:
        both = {"debetKey": balancing.debet, "creditKey": balancing.credit, "balanceAmount": balancing.amount}
        check_schema("octopus", "BalancingServiceData", both)


def teamleader_could_have_sent_every_record(world: World) -> None:
    side = world.teamleader
    check_schema("teamleader", "Me", side.me)
    for schema, collection in (
        ("Department", side.departments),
        ("Company", side.companies),
        ("Contact", side.contacts),
        ("TaxRate", side.tax_rates),
        ("PaymentTermRecord", side.payment_terms),
        ("PaymentMethod", side.payment_methods),
        ("ProductCategory", side.product_categories),
        ("Product", side.products),
        ("BusinessType", side.business_types),
        ("Invoice", side.invoices),
        ("CreditNote", side.credit_notes),
    ):
        for identity, kept in collection.items():
            assert kept.data["id"] == identity
            check_schema("teamleader", schema, kept.data)


def floats_in(value: Any) -> list[float]:
    if isinstance(value, float):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for child in children for found in floats_in(child)]


def no_amount_ever_passed_through_a_float(world: World) -> None:
    dossier = next(iter(world.octopus.dossiers.values()))
    side = world.teamleader
    for records in (dossier.bookings, dossier.financial_bookings, side.invoices, side.credit_notes):
        for record in records.values():
            assert floats_in(record.data) == []


def every_total_is_the_sum_of_its_lines_to_the_cent(world: World) -> None:
    for kept in (*world.teamleader.invoices.values(), *world.teamleader.credit_notes.values()):
        total = kept.data["total"]
        lines = [line["total"] for group in kept.data["grouped_lines"] for line in group["line_items"]]
        net = sum((line["tax_exclusive"]["amount"] for line in lines), Decimal(0))
        assert total["payable"]["amount"] > 0
        assert total["payable"]["amount"] == total["payable"]["amount"].quantize(Decimal("0.01"))
        if not kept.data["discounts"]:
            assert total["tax_exclusive"]["amount"] == net
            gross = sum((line["tax_inclusive"]["amount"] for line in lines), Decimal(0))
            assert total["tax_inclusive"]["amount"] == gross
        taxes = sum(
            (entry["taxable"]["amount"] + entry["tax"]["amount"] for entry in total["taxes"]), Decimal(0)
        )
        assert taxes == total["tax_inclusive"]["amount"]
    dossier = next(iter(world.octopus.dossiers.values()))
    for booking in dossier.bookings.values():
        lines = booking.data["bookingLines"]
        total = sum((line["baseAmount"] + line["vatAmount"] for line in lines), Decimal(0))
        assert total == abs(booking.data["amount"])
        assert all(line["baseAmount"] * line["vatAmount"] >= 0 for line in lines)
