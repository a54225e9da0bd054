"""Looking things up in a dossier as Octopus does: bookyears, journals, periods, relations, and who may write.

What was made in the desktop program and not yet synchronised does not exist here. The order in which a write is
checked is put together from these pieces in bookings.py.
"""

from __future__ import annotations

from octowizard.sandbox.octopus.errors import Refused
from octowizard.sandbox.octopus.session import Visit
from octowizard.sandbox.state import Bookyear, Dossier, Journal, Json

TYPE_IDS = {"A": 1, "V": 2, "F": 3, "D": 4, "L": 7}
INSERTION_TYPES = {
    "V": {"BOOKING": 1, "VAT_EXCLUSIVE": 2, "VAT_INCLUSIVE": 3},
    "L": {"VAT_EXCLUSIVE": 4, "VAT_INCLUSIVE": 5},
}


def bookyears(dossier: Dossier) -> list[Bookyear]:
    """The visible bookyears, oldest first."""
    visible = [year for year in dossier.bookyears.values() if not year.desktop_only]
    return sorted(visible, key=lambda year: str(year.data["startDate"]))


def find_bookyear(dossier: Dossier, bookyear_id: int) -> Bookyear:
    """The bookyear. Raises Refused -9."""
    year = dossier.bookyears.get(bookyear_id)
    if year is None or year.desktop_only:
        raise Refused(400, -9, f"Bookyear {bookyear_id} unknown in dossier {dossier.id}. ")
    return year


def journals(dossier: Dossier) -> list[Journal]:
    """The visible journals of all visible bookyears."""
    years = {year.id for year in bookyears(dossier)}
    known = [journal for _, journal in sorted(dossier.journals.items())]
    return [entry for entry in known if entry.bookyear_id in years and not entry.desktop_only]


def find_journal(dossier: Dossier, bookyear_id: int, key: str, letters: str) -> Journal:
    """The journal of that bookyear. Raises Refused: -10 unknown, -38 of another type than `letters` allow."""
    journal = dossier.journals.get((bookyear_id, key))
    if journal is None or journal.desktop_only:
        raise Refused(400, -10, f"Journal {key} unknown in bookyear {bookyear_id}. ")
    if key[:1] not in letters:
        raise Refused(400, -38, f"Journal {key} has the wrong type. ")
    return journal


def check_journal_open(visit: Visit, journal: Journal) -> None:
    """Whether the journal takes writes at all. Raises Refused: closed, or open in somebody's window."""
    switches = visit.world.switches
    if journal.closed:
        raise Refused(*switches.journal_closed, f"Journal {journal.key} is closed. ")
    if journal.locked_by is not None:
        who = f"user {journal.locked_by}"
        raise Refused(*switches.journal_locked, f"Journal {journal.key} is open by {who}. ")


def check_mode(visit: Visit, journal: Journal) -> None:
    """Whether a sales journal takes bookings, not invoices. Raises Refused (-29 unless switched)."""
    if journal.key.startswith("V") and journal.insertion_type != 1:
        refusal = visit.world.switches.wrong_mode
        raise Refused(*refusal, f"Journal {journal.key} has the wrong insertion type. ")


def check_period(visit: Visit, year: Bookyear, journal: Journal, period: int) -> None:
    """Whether the period exists and is bookable. Raises Refused: -14, or -15 for closed and protected.

    The text of -14 was recorded for an invoice ("insert invoice"); its first words for a booking are inferred. Both
    bounds of a journal are "until": a period up to and including the bound is refused. That is the reading
    of the screens; the published texts disagree with each other. Where both hold, the closed one is told of, that
    lowering the other does not help: no source says which comes first.
    """
    if all(known["bookyearPeriod"] != period for known in year.data.get("periods", ())):
        where = f"Unable to insert booking in dossier {visit.dossier.id}."
        raise Refused(400, -14, f"{where}  Bookyear period unknown")
    switches = visit.world.switches
    if year.data["closed"]:
        raise Refused(*switches.closed_year, f"Bookyear {year.id} is closed. ")
    if period <= journal.closed_period:
        raise Refused(*switches.closed_period, f"Period {period} is closed in journal {journal.key}. ")
    if period <= journal.protected_period:
        raise Refused(*switches.protected_period, f"Period {period} is protected in journal {journal.key}. ")


def check_number(visit: Visit, journal: Journal, number: int) -> None:
    """Whether the number is exactly the journal's next. Raises Refused -13 with the recorded texts."""
    if number == journal.next_document_number:
        return
    last = journal.next_document_number - 1
    where = f"Unable to insert booking in dossier {visit.dossier.id}."
    if journal.key[0] in "FD":
        raise Refused(400, -13, f"{where}  Illegal document sequence nr.  Last Document : {last}")
    numbers = f"Last Document = {last}.  New Document = {number}. "
    raise Refused(400, -13, f"{where}  Illegal document seq Nr.  {numbers}")


def check_document_date(visit: Visit, year: Bookyear, booking: Json) -> None:
    """Whether there is a date (-17) and, as the switches say, whether it lies in the bookyear and in the period."""
    given = booking.get("documentDate")
    if given is None:
        raise Refused(400, -17, "No document date. ")
    switches, number = visit.world.switches, booking["bookyearPeriodeNr"]
    period = next(entry for entry in year.data["periods"] if entry["bookyearPeriod"] == number)
    for refusal, span, what in (
        (switches.date_outside_year, year.data, f"bookyear {year.id}"),
        (switches.date_outside_period, period, f"period {number}"),
    ):
        if refusal is not None and not span["startDate"] <= given <= span["endDate"]:
            raise Refused(*refusal, f"Document date {given} outside {what}. ")


def number_used(visit: Visit, journal: Journal, number: int) -> None:
    """Move the journal's counters on after `number` was booked."""
    journal.last_booked = number
    journal.next_document_number = number + 1
    journal.modified = visit.now


def check_cost_centre(visit: Visit, account_id: int, bookyear_id: int, key: Json | None) -> None:
    """Whether a line's cost centre exists (-40), is open (-41), and, by switch, is there when mandatory."""
    if key is None:
        refusal = visit.world.switches.missing_cost_centre
        account = visit.dossier.accounts.get((bookyear_id, account_id))
        if refusal is not None and account is not None and account.data.get("costCentreType") == 1:
            raise Refused(*refusal, f"Account {account_id} needs a cost centre. ")
        return
    for centre in visit.dossier.cost_centres:
        if centre["costCentreKey"]["id"] == key["id"]:
            if centre["closed"]:
                raise Refused(400, -41, f"Cost centre {key['id']} is closed. ")
            return
    raise Refused(400, -40, f"Cost centre {key['id']} unknown. ")


def check_account(visit: Visit, bookyear_id: int, account_id: int | None) -> None:
    """Whether a line's account exists in that bookyear (-21) and can be booked on (-50)."""
    account = None if account_id is None else visit.dossier.accounts.get((bookyear_id, account_id))
    if account is None:
        raise Refused(400, -21, f"Account {account_id} unknown in bookyear {bookyear_id}. ")
    if not account.bookable:
        raise Refused(400, -50, f"Account {account_id} can not be used in bookings. ")
