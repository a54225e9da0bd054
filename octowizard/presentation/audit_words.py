"""What an audit found, in words: one sentence for each difference and for each thing that was not compared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from octowizard.locale import _, ngettext, pgettext
from octowizard.locale.formats import amount, count, day
from octowizard.locale.readings import read_name
from octowizard.snapshot.model import BookingHead
from octowizard.sync.audit.model import WANTED, Audit, Difference, Dimension, Entry, Kind, NotCompared, Row


def mark(kind: Kind) -> str:
    """The mark before it."""
    return "–" if kind in WANTED else "▲" if kind in ("rounding", "gap", "by-hand") else "✖"


def kind_name(kind: Kind) -> str:
    """What it is, in a few words: the name of a group of differences."""
    return {
        "missing": _("missing in Octopus"),
        "kept-out": _("kept out of the sync by you"),
        "by-hand": _("booked by hand or by another program"),
        "not-in-teamleader": _("not in Teamleader"),
        "twice": _("booked twice"),
        "amount": _("other amount"),
        "split": _("other base and VAT"),
        "rounding": _("a rounding of a cent"),
        "currency": _("other currency or exchange rate"),
        "period": _("other period"),
        "date": _("other date"),
        "journal": _("other journal"),
        "vat-code": _("other VAT code"),
        "account": _("other ledger account"),
        "customer": _("other customer"),
        "paid": _("paid in Teamleader, not matched in Octopus"),
        "matched": _("matched in Octopus, not paid in Teamleader"),
        "gap": _("gap in the numbers"),
    }[kind]


def dimension_name(dimension: Dimension) -> str:
    """What a table is by: the name of its first column."""
    return {
        "year": _("Fiscal year"),
        "journal": _("Journal"),
        "period": _("Period"),
        "return": pgettext("heading", "VAT return"),
        "month": _("Month"),
        "rate": _("VAT rate"),
        "vat-code": _("VAT code"),
        "account": _("Ledger account"),
        "customer": _("Customer"),
    }[dimension]


def row_name(dimension: Dimension, row: Row) -> str:
    """What a row is of."""
    if dimension == "return" and row.key:
        start, end = (date.fromisoformat(text) for text in row.key.split("/"))
        return f"{day(start)} – {day(end)}"
    if dimension == "month":
        year, _dash, month = row.key.partition("-")
        return f"{month}/{year}"
    if row.label:
        return row.label
    return {
        "year": _("no fiscal year"),
        "period": _("no period"),
        "return": _("no VAT return"),
        "rate": _("unknown rate"),
        "vat-code": _("no VAT code"),
    }.get(dimension, _("no name"))


def place(booking: BookingHead) -> str:
    """`V1/41`."""
    return f"{booking.journal}/{booking.number}"


def subject(entry: Entry) -> str:
    """The document, else the booking."""
    if entry.known is not None:
        return entry.known.number
    return place(entry.booking.head) if entry.booking is not None else ""


def _named(entry: Entry) -> str:
    """Its subject as a sentence begins with it: an invoice and a credit note may have the same number."""
    if entry.known is not None and entry.known.kind == "credit_note":
        return _("Credit note {number}").format(number=entry.known.number)
    return subject(entry)


def _written(kind: Kind, text: str, currency: str) -> str:
    """What a side says, as people write it."""
    if kind in ("amount", "split", "rounding", "paid", "matched"):
        return amount(Decimal(text), currency)
    if kind == "date":
        return day(date.fromisoformat(text))
    if kind == "period":
        return text if text != "0" else _("none")
    return text or _("nothing")


def sentence(audit: Audit, one: Difference) -> str:
    """The whole difference."""
    if one.kind == "gap":
        if one.octopus:
            return _("In Octopus no booking has the number {number}.").format(number=one.octopus)
        text = (
            _(
                "In Teamleader no credit note has the number {number}: it was deleted, or is of another department."
            )
            if one.of == "credit_note"
            else _(
                "In Teamleader no invoice has the number {number}: it was deleted, or is of another department."
            )
        )
        return text.format(number=one.teamleader)
    entry = audit.entries[one.entry]
    document, booking, twin = entry
    head = booking.head if booking is not None else None
    first = twin.booking.head if twin is not None and twin.booking is not None else None
    currency = document.currency if document is not None else audit.currency
    words = {
        "document": _named(entry),
        "booking": place(head) if head is not None else "",
        "first": place(first) if first is not None else "",
        "teamleader": _written(one.kind, one.teamleader, currency),
        "octopus": _written(one.kind, one.octopus, currency),
        "amount": amount(abs(document.booked_amount), currency)
        if document is not None and booking is None
        else amount(abs(one.amount), audit.currency),
        "day": day(entry.day),
        "count": count(one.days),
    }
    return _template(one, with_document=document is not None).format(**words)


def _template(one: Difference, *, with_document: bool) -> str:
    match one.kind:
        case "missing":
            return _("{document} of {day} is not in Octopus: {amount}.")
        case "kept-out":
            return _("{document} of {day} is not in Octopus, since you keep it out of the sync: {amount}.")
        case "by-hand" if with_document:
            return _("{document} is {booking}, entered by hand or by another program: “{octopus}”.")
        case "by-hand":
            return _(
                "{booking} of {day} is no document of Teamleader; it was entered by hand or by another program: "
                "“{octopus}”, {amount}."
            )
        case "not-in-teamleader":
            return _(
                "{booking} of {day} was booked for “{octopus}”, which Teamleader does not have: {amount}."
            )
        case "twice":
            return _(
                "{document} is booked as {first}, and again as {booking} (“{octopus}”): {amount} too much."
            )
        case "amount":
            return _("{document} is {teamleader} in Teamleader and {octopus} as {booking} in Octopus.")
        case "split":
            return _("{document} has a base of {teamleader} in Teamleader and of {octopus} as {booking}.")
        case "rounding":
            return _("{document} and {booking} differ by a rounding: {teamleader} and {octopus}.")
        case "currency":
            return _("{document} is {teamleader} in Teamleader and {octopus} as {booking} in Octopus.")
        case "period":
            return _("{document} of {day} belongs in period {teamleader}; {booking} stands in {octopus}.")
        case "date":
            return _("{document} is dated {teamleader} in Teamleader and {octopus} as {booking} in Octopus.")
        case "journal":
            return _("{document} belongs in journal {teamleader}; it is {booking}.")
        case "vat-code":
            return _("{document} leads to VAT code {teamleader}; {booking} has {octopus}.")
        case "account":
            return _("{document} leads to ledger account {teamleader}; {booking} has {octopus}.")
        case "customer":
            return _("{document} is for {teamleader}; {booking} stands on {octopus}.")
        case "paid" if not one.days:
            return _(
                "{document}: Teamleader has {teamleader} paid, Octopus has {octopus} matched with {booking}."
            )
        case "paid":
            return ngettext(
                "{document}: Teamleader has {teamleader} paid, Octopus has {octopus} matched with {booking}; "
                "due {count} day ago.",
                "{document}: Teamleader has {teamleader} paid, Octopus has {octopus} matched with {booking}; "
                "due {count} days ago.",
                one.days,
            )
        case "matched" if not one.days:
            return _(
                "{document}: Octopus has {octopus} matched with {booking}, Teamleader has {teamleader} paid."
            )
        case _:  # matched
            return ngettext(
                "{document}: Octopus has {octopus} matched with {booking}, Teamleader has {teamleader} paid; "
                "due {count} day ago.",
                "{document}: Octopus has {octopus} matched with {booking}, Teamleader has {teamleader} paid; "
                "due {count} days ago.",
                one.days,
            )


def not_compared(one: NotCompared, *others: NotCompared) -> str:
    """What could not be compared, and why. `others`: what lacks for the same reason."""
    number = one.count
    texts = {
        "before-start": lambda: _("Nothing before {detail}: the connection begins on that day."),
        "part-unread": lambda: _("Not read: {subject} ({detail})."),
        "part-partial": lambda: _("Read in part: {subject} ({detail})."),
        "bookings-unread": lambda: ngettext(
            "{count} document: the bookings of {subject} were not read yet.",
            "{count} documents: the bookings of {subject} were not read yet.",
            number,
        ),
        "other-journals": lambda: ngettext(
            "Journal {subject} is not of this profile and is not read: what is missing may be booked there.",
            "Journals {subject} are not of this profile and are not read: what is missing may be booked there.",
            number,
        ),
        "documents-of-before": lambda: ngettext(
            "{count} document was read by an older octowizard; it is read again within a day.",
            "{count} documents were read by an older octowizard; they are read again within a day.",
            number,
        ),
        "bookings-of-before": lambda: ngettext(
            "{count} booking was read by an older octowizard; --fresh reads it again.",
            "{count} bookings were read by an older octowizard; --fresh reads them again.",
            number,
        ),
        "no-lines": lambda: ngettext(
            "Ledger account and VAT code of {count} document: its lines were not read since it last changed.",
            "Ledger accounts and VAT codes of {count} documents: their lines were not read since they last changed.",
            number,
        ),
        "no-account": lambda: ngettext(
            "Ledger account of {count} document: a line of it leads to none.",
            "Ledger accounts of {count} documents: a line of theirs leads to none.",
            number,
        ),
        "no-code": lambda: ngettext(
            "VAT code of {count} document: a tax rate of it leads to none, or to several.",
            "VAT codes of {count} documents: a tax rate of theirs leads to none, or to several.",
            number,
        ),
        "no-rate": lambda: ngettext(
            "{count} document in another currency: Teamleader's list tells no exchange rate.",
            "{count} documents in another currency: Teamleader's list tells no exchange rate.",
            number,
        ),
        "no-rhythm": lambda: ngettext(
            "VAT return of {count} document: its fiscal year files none every month or quarter.",
            "VAT returns of {count} documents: their fiscal year files none every month or quarter.",
            number,
        ),
        "no-open-amount": lambda: ngettext(
            "Open amount of {count} credit note: Teamleader tells none.",
            "Open amounts of {count} credit notes: Teamleader tells none.",
            number,
        ),
        "relation-unknown": lambda: ngettext(
            "Customer of {count} document: neither VAT number nor name tells whether the relation is the same.",
            "Customers of {count} documents: neither VAT number nor name tells whether the relation is the same.",
            number,
        ),
    }
    detail = day(date.fromisoformat(one.detail)) if one.obstacle == "before-start" else one.detail
    parts = one.obstacle in ("part-unread", "part-partial")
    name = ", ".join(read_name(each.subject) for each in (one, *others)) if parts else one.subject
    return texts[one.obstacle]().format(count=count(number), subject=name, detail=detail.rstrip("."))
