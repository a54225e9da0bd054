"""VAT codes, and amounts of VAT that do not add up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.document_fields import is_credit_note, lines_of, number_of
from octowizard.sandbox.worlds.scenarios import Step, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.state import Kept
    from octowizard.sandbox.worlds.breaking import BrokenCompany


def _with_rate(company: BrokenCompany, code: str) -> list[Kept]:
    rate = company.settings.rate_of_code[code]
    return company.waiting_with_line(lambda entry: entry["tax"]["id"] == rate)


def _add_vat(document: Kept, amount: Decimal) -> None:
    """Raise the VAT of the whole document, and not that of its lines."""
    total = document.data["total"]
    total["taxes"][0]["tax"]["amount"] += amount
    for name in ("tax_inclusive", "payable", "due"):
        total[name]["amount"] += amount


def _save_again(documents: list[Kept]) -> list[Step]:
    return [("teamleader-save-content", {"document": number_of(kept)}) for kept in documents]


@scenario("unmapped-vat", "Octopus has no VAT code of 12 %.", own=2)
def unmapped_vat(company: BrokenCompany) -> None:
    """The documents with a line at 12 % cannot be booked; purchases keep their code."""
    codes = company.dossier.vat_codes
    codes[:] = [code for code in codes if code["code"] != "12" or code["type"] in (1, 3)]
    company.own_bills([company.line(code="12")])
    company.broken(_with_rate(company, "12"), ("add-vat-code", {"code": "12", "percentage": "12"}))


@scenario("vat-code-wrong-type", "The VAT code of 21 % has no card for credit notes.", own=4)
def vat_code_wrong_type(company: BrokenCompany) -> None:
    """The credit notes with a line at 21 % cannot be booked."""
    codes = company.dossier.vat_codes
    codes[:] = [code for code in codes if (code["code"], code["type"]) != ("21", 4)]
    company.credited_bills()
    refused = [kept for kept in _with_rate(company, "21") if is_credit_note(kept)]
    company.broken(refused, ("add-vat-code", {"code": "21", "percentage": "21", "use": "credit_notes"}))


@scenario("mixed-signs", "On two invoices the VAT of a line has the opposite sign of its base.", own=2)
def mixed_signs(company: BrokenCompany) -> None:
    """Octopus takes no such line."""
    made = company.own_bills([company.line(), company.line("-0.10", what="Teruggave emballage")])
    for kept in made:
        lines_of(kept)[1]["total"]["tax_inclusive"]["amount"] = Decimal("-0.08")
        _add_vat(kept, Decimal("0.04"))
    company.broken(made, *_save_again(made))


@scenario("rounding-difference", "On two invoices VAT per line and VAT per rate differ by cents.", own=2)
def rounding_difference(company: BrokenCompany) -> None:
    """Both are right: nothing is refused, and nothing is to be done."""
    company.own_bills([company.line("10.02", what=f"Schroeven, doos {box}") for box in range(1, 21)])
    company.broken(())


@scenario("totals-differ", "Two invoices whose lines do not add up to their total.", own=2)
def totals_differ(company: BrokenCompany) -> None:
    """A line was lost on the way; octowizard books no other amount than the document's."""
    made = company.own_bills([company.line(), company.line("40.00")])
    for kept in made:
        _add_vat(kept, Decimal("0.01"))
    company.broken(made, *_save_again(made))
