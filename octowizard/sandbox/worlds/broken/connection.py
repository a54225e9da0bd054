"""The connection: logins, rights, limits and outages, where nothing can be read or written; and how it was set up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.scenarios import Step, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.worlds.breaking import BrokenCompany


@scenario("sign-in-refused", "The Octopus password has been changed.")
def sign_in_refused(company: BrokenCompany) -> None:
    """It was changed after the accounts were connected."""
    octopus = company.world.octopus
    octopus.told_password, octopus.password = octopus.password, "changed-yesterday-1"  # invented
    company.broken(company.waiting(), ("restore-password", {}))


@scenario("software-house-refused", "Octopus no longer knows the software house.")
def software_house_refused(company: BrokenCompany) -> None:
    """Its number has been replaced."""
    octopus, new = company.world.octopus, company.uuid(company.chance("house"))
    octopus.told_software_house, octopus.software_house = octopus.software_house, new
    company.broken(company.waiting(), ("restore-software-house", {}))


@scenario("webservice-inactive", "The Octopus login is an accountant's without web service.")
def webservice_inactive(company: BrokenCompany) -> None:
    """An accountant's login begins with B and needs its web service switched on."""
    company.world.octopus.user, company.world.octopus.webservice = "B-practice", False
    company.broken(company.waiting(), ("activate-webservice", {}))


@scenario("too-many-connections", "Other programs hold all connections of the Octopus login.")
def too_many_connections(company: BrokenCompany) -> None:
    company.world.octopus.connections_left = False
    company.broken(company.waiting(), ("end-other-connections", {}))


@scenario("dossier-refused", "The Octopus login has lost its access to the dossier.")
def dossier_refused(company: BrokenCompany) -> None:
    company.dossier.enabled = False
    company.broken(company.waiting(), ("restore-dossier-access", {}))


@scenario("two-dossiers", "The login has two dossiers, and the wrong one was chosen.", earlier=0)
def two_dossiers(company: BrokenCompany) -> None:
    """The holding's was chosen, where the journals are missing: nothing can be booked."""
    from octowizard.sandbox.worlds import books
    from octowizard.sandbox.worlds.numbers import dotted

    other = books.ready_dossier()
    other.data |= {
        "dossierKey": {"id": books.DOSSIER_ID + 7},
        "dossierDescription": "Noordster Holding BV",
        "vatNr": dotted(company.register.belgian_number(company.chance("holding"))),
    }
    for place in [place for place in other.journals if place[1].startswith("V")]:
        del other.journals[place]
    company.world.octopus.dossiers[other.id] = other
    company.world.answers["dossier_id"] = other.id
    company.broken(company.waiting(), ("choose-dossier", {"dossier": company.dossier.id}))


@scenario("no-write-right", "The Octopus login may read and not write.")
def no_write_right(company: BrokenCompany) -> None:
    """The API does not show it: every document is refused when it is sent."""
    company.dossier.may_write = False
    company.broken(company.waiting(), ("restore-write-right", {}))


@scenario("daily-limit", "Another program has used up today's calls for new relations.")
def daily_limit(company: BrokenCompany) -> None:
    """Documents of customers that are no relation yet wait for tomorrow."""
    place = (str(company.dossier.id), "PUT /dossiers/{dossierId}/relations", "2026-11-20")
    company.world.octopus_calls_today[place] = 400
    unknown = [
        kept for kept in company.waiting() if kept.data["invoicee"]["customer"]["id"] not in company.linked
    ]
    company.broken(unknown, ("next-day", {}))


@scenario("teamleader-rights", "The Teamleader user has lost its right to invoices.")
def teamleader_rights(company: BrokenCompany) -> None:
    """Neither invoices nor credit notes can be read."""
    company.world.teamleader.forbidden |= {"invoices", "creditNotes"}
    company.broken(company.waiting(), ("teamleader-restore-rights", {}))


@scenario("unreachable", "Octopus is down for maintenance.")
def unreachable(company: BrokenCompany) -> None:
    company.world.out_of_order["octopus"] = 503
    company.broken(company.waiting(), ("restore-service", {}))


@scenario("vendor-refused", "Octopus answers with an error of its own when asked for its fiscal years.")
def vendor_refused(company: BrokenCompany) -> None:
    """It says no word with it. Without its fiscal years nothing can be booked."""
    company.world.out_of_order["GET /dossiers/{dossierId}/bookyears"] = 500
    company.broken(company.waiting(), ("restore-service", {}))


@scenario("observer-mode", "The profile only watches, and Teamleader's own integration does not run.")
def observer_mode(company: BrokenCompany) -> None:
    """Nobody books what waits."""
    company.world.answers["mode"] = "observer"
    company.broken(company.waiting(), ("choose-mode", {"mode": "connector"}))


@scenario("start-date-later", "The connection was made anew, with a later start date.")
def start_date_later(company: BrokenCompany) -> None:
    """Two invoices were booked before that day: when they are paid, Teamleader will not be told."""
    for _ in range(2):
        invoice = company.bill(company.newcomer(), day=date(2026, 9, 15))
        company.book_elsewhere(invoice, "{number} · octowizard")
    original, company.world.start_date = company.world.start_date, "2026-10-01"
    company.broken((), ("choose-start-date", {"day": original}))


@scenario("no-changes", "There is nothing to do: all documents are dated before the start date.", earlier=0)
def no_changes(company: BrokenCompany) -> None:
    """Connected today: Octopus has no booking to tell of, which it answers with a 404."""
    company.world.start_date = "2026-11-20"
    company.broken(())


@scenario("set-up-missing", "Octopus holds neither years nor journals.", set_up=False)
def set_up_missing(company: BrokenCompany) -> None:
    """The customers' documents wait, and nothing can be booked."""
    cure: list[Step] = [
        ("create-year", {"year": 2026}),
        ("create-journal", {"journal": "V1", "type": "bookings", "year": "2026"}),
        ("create-journal", {"journal": "V2", "type": "bookings", "year": "2026"}),
        ("create-year", {"year": 2027}),
    ]
    company.broken(company.waiting(), *cure)
