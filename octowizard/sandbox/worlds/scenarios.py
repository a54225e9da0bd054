"""The list of scenarios: name, one line on each, and the file that builds it.

A new scenario is one file with a function `build` and one line here: `worlds/<name>.py` and `_LISTED`, or, where
one thing is wrong, `worlds/broken/<name>.py` and `_BROKEN`; its name is then that of the problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octowizard.sandbox.state import World


@dataclass(frozen=True)
class Scenario:
    """One practice company to choose from."""

    name: str
    summary: str
    breaks: str | None = None  # the problem it is named after; the built world says what cures it

    def build(self, seed: int, customers: int | None = None, documents: int | None = None) -> World:
        """The world of this scenario; the same four answers always give the same world.

        `customers` and `documents` replace the scenario's own numbers of customers and of waiting documents;
        what a number means where a side is empty, the scenario's file says. Raises ValueError on a number
        below zero, or on documents without a single customer.
        """
        for what, number in (("customers", customers), ("documents", documents)):
            if number is not None and number < 0:
                raise ValueError(f"The number of {what} cannot be below zero: {number}.")
        if customers == 0 and documents:
            raise ValueError(f"{documents} documents need at least one customer.")
        room = "octowizard.sandbox.worlds" + (".broken" if self.breaks else "")
        module = import_module(f"{room}.{self.name.replace('-', '_')}")
        world: World = module.build(seed, customers, documents)
        return world


_LISTED = (
    ("healthy", "All set up and in order; sixty documents wait to be booked."),
    (
        "tour",
        "A company that has lived: most syncs well, and one of each documented error waits to be found.",
    ),
    ("large", "The same with 10,000 customers and 20,000 documents, 300 of them waiting."),
    ("a", "Octopus is empty; the customers and documents are in Teamleader."),
    ("b", "Teamleader is empty; the customers are in Octopus."),
    ("c", "Both sides hold customers and were never linked: duplicates to sort out first."),
    ("doubles", "Two administrations of 300 customers each, the same firms written differently."),
)

_BROKEN = (
    ("missing-year", "It is January and Octopus has no fiscal year for it yet."),
    ("closed-year", "Two invoices of last year wait, and last year is closed."),
    ("missing-period", "Fiscal year 2026 has lost its period of November."),
    ("next-year-missing", "All is well until New Year: fiscal year 2027 has not been created."),
    ("year-gap", "Fiscal year 2026 ends in October and the next one begins in January."),
    ("missing-journal", "There is no journal V2 for the credit notes."),
    ("journals-not-synchronised", "Journal V2 was created on the desktop and not synchronised."),
    ("wrong-journal-type", "Journal V2 takes invoices instead of bookings."),
    ("closed-journal", "Journal V2 is closed."),
    ("open-journal", "Somebody has journal V2 open in the Octopus program."),
    ("closed-period", "Journal V1 is closed until October."),
    ("secured-period", "Journal V1 is secured till October."),
    ("number-taken", "A sale was entered by hand under the next invoice's number."),
    ("number-gap", "Numbers must follow, and one invoice is gone from Teamleader."),
    ("number-unreadable", "Numbers must follow, and two invoices bear none that can be followed."),
    ("same-booking-number", "Numbers must follow, and two invoices bear the same one."),
    ("missing-account", "Two invoices have a line without a ledger account."),
    ("unmapped-category", "A product category of Teamleader has no ledger account."),
    ("unknown-account", "A product category stands on an account that Octopus does not have."),
    ("heading-account", "A product category stands on a heading, which takes no bookings."),
    ("missing-discount-account", "Octopus has no account for the discounts granted."),
    ("cost-centre-missing", "An account wants a cost centre and proposes none."),
    ("unmapped-vat", "Octopus has no VAT code of 12 %."),
    ("vat-code-wrong-type", "The VAT code of 21 % has no card for credit notes."),
    ("mixed-signs", "On two invoices the VAT of a line has the opposite sign of its base."),
    ("rounding-difference", "On two invoices VAT per line and VAT per rate differ by cents."),
    ("totals-differ", "Two invoices whose lines do not add up to their total."),
    ("unknown-currency", "Two invoices are in dollars, and the dossier has no dollars."),
    ("missing-exchange-rate", "Two invoices in dollars have no exchange rate."),
    ("credit-note-without-invoice", "Two credit notes are about an invoice that is not in Octopus."),
    ("booked-differently", "Two invoices stand in Octopus with another amount."),
    ("booked-twice", "Two invoices were booked by octowizard and once more by hand."),
    ("other-connector", "Teamleader's own integration books the invoices too."),
    ("contractor", "Two customers have the VAT type Contractor."),
    ("customer-missing", "The customer of two invoices was deleted in Teamleader."),
    ("customer-without-country", "The customer of two invoices has no country."),
    ("invalid-vat-number", "Two customers have a VAT number that fails its check."),
    ("intra-without-vat", "Two invoices are intra-Community, and their customers have no VAT number."),
    ("duplicate-relation", "A customer stands in Octopus twice."),
    ("duplicate-customer", "A customer stands in Teamleader twice."),
    ("external-id-mismatch", "Two customers bear the number of a relation that is somebody else."),
    ("invalid-email", "Two customers have an e-mail address that is none."),
    ("country-vat-mismatch", "Two customers have a Belgian VAT number and an address in the Netherlands."),
    ("paid-drift", "Two invoices are paid in Teamleader and open in Octopus."),
    ("unmatched-drift", "Two invoices are paid in Teamleader, and their match was undone in Octopus."),
    ("payment-parked", "Two invoices are matched in full, and Teamleader shows less due."),
    ("sign-in-refused", "The Octopus password has been changed."),
    ("software-house-refused", "Octopus no longer knows the software house."),
    ("webservice-inactive", "The Octopus login is an accountant's without web service."),
    ("too-many-connections", "Other programs hold all connections of the Octopus login."),
    ("dossier-refused", "The Octopus login has lost its access to the dossier."),
    ("two-dossiers", "The login has two dossiers, and the wrong one was chosen."),
    ("no-write-right", "The Octopus login may read and not write."),
    ("daily-limit", "Another program has used up today's calls for new relations."),
    ("teamleader-rights", "The Teamleader user has lost its right to invoices."),
    ("unreachable", "Octopus is down for maintenance."),
    ("vendor-refused", "Octopus answers with an error of its own when asked for its fiscal years."),
    ("insert-booking", "A relation card is open in Octopus, which refuses its bookings without a reason."),
    ("bad-dates", "Two invoices were to be paid before they were made."),
    ("observer-mode", "The profile only watches, and Teamleader's own integration does not run."),
    ("start-date-later", "The connection was made anew, with a later start date."),
    ("import-again", "The companies of Octopus were imported into Teamleader a second time."),
    ("no-changes", "There is nothing to do: all documents are dated before the start date."),
    ("set-up-missing", "Octopus holds neither years nor journals."),
)

SCENARIOS: dict[str, Scenario] = {
    **{name: Scenario(name, summary) for name, summary in _LISTED},
    **{name: Scenario(name, summary, name) for name, summary in _BROKEN},
}
