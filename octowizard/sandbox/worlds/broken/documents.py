"""Documents: VAT codes and sums, currencies and dates, and what was booked otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

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
    return [("teamleader-save-content", {"document": kept.number}) for kept in documents]


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
    refused = [kept for kept in _with_rate(company, "21") if kept.is_credit_note]
    company.broken(refused, ("add-vat-code", {"code": "21", "percentage": "21", "use": "credit_notes"}))


@scenario("mixed-signs", "On two invoices the VAT of a line has the opposite sign of its base.", own=2)
def mixed_signs(company: BrokenCompany) -> None:
    """Octopus takes no such line."""
    made = company.own_bills([company.line(), company.line("-0.10", what="Teruggave emballage")])
    for kept in made:
        kept.lines[1]["total"]["tax_inclusive"]["amount"] = Decimal("-0.08")
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


def _in_dollars(company: BrokenCompany) -> list[Kept]:
    """The scenario's own invoices, for a customer in the United States."""
    customer = company.foreigner("US", company.chance("american"))
    line = company.line(code="EX", account="700700")
    return company.own_bills([line], customer, currency="USD")


@scenario("unknown-currency", "Two invoices are in dollars, and the dossier has no dollars.", own=2)
def unknown_currency(company: BrokenCompany) -> None:
    """The documents in dollars cannot be booked."""
    company.dossier.currencies.remove("USD")
    _in_dollars(company)
    dollars = [kept for kept in company.waiting() if kept.data["currency"] == "USD"]
    company.broken(dollars, ("add-currency", {"currency": "USD"}))


@scenario("missing-exchange-rate", "Two invoices in dollars have no exchange rate.", own=2)
def missing_exchange_rate(company: BrokenCompany) -> None:
    """Those two cannot be booked."""
    made = _in_dollars(company)
    for kept in made:
        kept.data["currency_exchange_rate"] = None
    cure: list[Step] = [
        ("teamleader-set-exchange-rate", {"document": kept.number, "rate": "0.8621"}) for kept in made
    ]
    company.broken(made, *cure)


@scenario("bad-dates", "Two invoices were to be paid before they were made.", own=2)
def bad_dates(company: BrokenCompany) -> None:
    """This Octopus refuses them; whether the real one does is not known."""
    company.world.switches.due_before_date = (400, -18)
    made = company.own_bills()
    for kept in made:
        kept.data["due_on"] = "2026-10-20"
    cure: list[Step] = [
        ("teamleader-set-due-date", {"invoice": kept.number, "day": kept.date}) for kept in made
    ]
    company.broken(made, *cure)


@scenario(
    "credit-note-without-invoice",
    "Two credit notes are about an invoice that is not in Octopus.",
    own=4,
    earlier=0,
)
def credit_note_without_invoice(company: BrokenCompany) -> None:
    """The sync starts in November, after the invoices: the credit notes have nothing to be matched with."""
    company.world.start_date = "2026-11-01"
    company.credited_bills(day=date(2026, 10, 30))
    company.broken((), ("choose-start-date", {"day": "2026-10-01"}))


def _typed_in(company: BrokenCompany, invoice: Kept, *, too_much: int = 0, day: str = "2026-11-19") -> Step:
    """Enter an invoice by hand. Returns what undoes it."""
    amount = invoice.data["total"]["payable"]["amount"] + too_much
    key = company.book_by_hand(str(invoice.number), amount, date.fromisoformat(day))
    return ("void-booking", {"booking": f"V1/{key[2]}", "year": "2026"})


@scenario("booked-differently", "Two invoices stand in Octopus with another amount.")
def booked_differently(company: BrokenCompany) -> None:
    """Somebody entered two waiting invoices by hand; octowizard does not book them a second time."""
    chosen = company.waiting_invoices()[:2]
    company.broken(chosen, *[_typed_in(company, kept, too_much=10) for kept in chosen])


@scenario("booked-twice", "Two invoices were booked by octowizard and once more by hand.")
def booked_twice(company: BrokenCompany) -> None:
    """For another client, by mistake. Nothing that waits is refused; the turnover is too high."""
    first = company.first_client().id
    paid = company.paid_invoices()
    chosen = [kept for kept in paid if company.linked[kept.data["invoicee"]["customer"]["id"]] != first][:2]
    company.broken((), *[_typed_in(company, kept, day=kept.date) for kept in chosen])


@scenario("other-connector", "Teamleader's own integration books the invoices too.")
def other_connector(company: BrokenCompany) -> None:
    """It has booked some of what waits; the whole sync is refused until it is switched off."""
    invoices = company.waiting_invoices()
    theirs = invoices[: len(invoices) // 3 + 1]
    for kept in theirs:
        company.book_elsewhere(kept)
    refused = [kept for kept in company.waiting() if kept not in theirs]
    company.broken(refused, ("switch-off-other-connector", {}))
