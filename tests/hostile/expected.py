"""The exit code with which each pair of operation and spoil has to end: one, by rule, with the exceptions as data.

3 where the answer cannot be read or does not come; 1 where a document failed for it; the code of the sound run where
the answer is harmless, where nothing of it is read, and where a write was looked for and found.
"""

from __future__ import annotations

from typing import Final

from tests.hostile.operations import Operation
from tests.hostile.spoils import Spoil

COULD_NOT_TELL: Final = 3
A_DOCUMENT_FAILED: Final = 1

_D, _Y = "/dossiers/{dossierId}", "/dossiers/{dossierId}/bookyears/{bookyearId}"

# A document whose details cannot be had fails, and the others go on.
DETAILS: Final = frozenset({"invoices.info", "creditNotes.info"})

# Writes that took effect, whatever came back: either nothing of the answer is read, or they are looked for.
WRITES: Final = frozenset(
    {
        f"POST {_D}/buysellbookings",
        f"PUT {_D}/relations",
        f"POST {_D}/financialdiversbookings",
        f"POST {_D}/balancings",
        f"POST {_D}/bookyears",
        f"POST {_D}/journals/V",
        f"PUT {_D}/journals/V",
        f"PUT {_D}/accounts",
        "invoices.registerPayment",
        "companies.add",
        "companies.update",
        "companies.delete",
        "contacts.add",
        "contacts.linkToCompany",
        "contacts.unlinkFromCompany",
    }
)
# Writes that no command makes: called directly, they tell of what they cannot be sure, and nobody looks.
UNREAD_WRITES: Final = frozenset(
    {
        f"PUT {_D}/buysellbookings",
        f"DELETE {_D}/balancings/delete",
        f"POST {_D}/journals/F",
        "companies.tag",
        "companies.untag",
        "contacts.update",
        "invoices.updateBooked",
    }
)
# Reads that only show again what a write has confirmed.
SHOWN_AGAIN: Final = frozenset({f"GET {_Y}"})

# Spoils that leave sound HTTP and spoil what is written in the answer only.
OF_THE_BODY: Final = frozenset(
    {
        *("cut off", "204", "empty", "another kind", "nested", "nested in an unknown member", "many values"),
        *(
            "many records",
            "a text of 20 MB",
            "numbers of 40 digits",
            "numbers of 5,000 digits",
            "1e999999999",
        ),
        *("NaN", '"NaN"', "Infinity", "lone surrogates", "not UTF-8", "a byte order mark"),
        *("the year 1", "the year 9999"),
    }
)
# A vendor that says "not now" has not written: nothing is looked for.
OF_A_LIMIT: Final = frozenset(
    {"Retry-After of 4,000 digits", "Retry-After in no digits of ours", "Retry-After in the year 9999"}
)

# Where a limit is met, another way to look is taken, or what was read before is used and that is said; a merge looks
# whether its step took effect all the same; a payment that is not booked fails by itself.
GOES_ON_WITHOUT: Final = frozenset(
    {
        f"GET {_D}/relations",
        f"GET {_D}/accounts/modified",
        f"GET {_Y}/bookings/modified",
        f"POST {_D}/financialdiversbookings",
        f"POST {_D}/balancings",
        "invoices.registerPayment",
        "companies.update",
        "companies.delete",
        "contacts.linkToCompany",
        "contacts.unlinkFromCompany",
    }
)

# Made several times in a command, which ends when the vendor has hung for all its time.
SEVERAL: Final = frozenset(
    {
        f"POST {_D}/buysellbookings",
        f"POST {_D}/journals/V",
        "invoices.info",
    }
)

# Made twice in a command: silence is noticed in time for the second, an answer that never ends is not.
TWICE: Final = frozenset({f"POST {_D}/bookyears"})
ENDLESS: Final = frozenset({"a byte at a time", "headers for ever", "hints for ever"})

# What a spoil falls on is not read.
NOT_READ: Final = frozenset(
    {
        *(
            ("GET /about/version", spoil)  # a text, any short one
            for spoil in (
                *("length too small", "cut off", "numbers of 40 digits", "1e999999999", "NaN", '"NaN"'),
                *("Infinity", "lone surrogates", "not UTF-8", "the year 1", "the year 9999"),
            )
        ),
        *(
            ("oauth2/access_token", spoil)  # the lifetime: an hour where it cannot be
            for spoil in ("numbers of 40 digits", "numbers of 5,000 digits", "1e999999999", '"NaN"')
        ),
        *(
            (operation, "another kind")  # members of other names
            for operation in (
                "GET /error",
                f"GET {_D}/journals/modified",
                f"GET {_D}/balancings/modified",
                f"GET {_Y}/bookings/modified",
            )
        ),
    }
)


def expected(operation: Operation, spoil: Spoil) -> int:
    """The exit code that this pair has to end with."""
    name, sound = operation.name, operation.way.sound
    if spoil.harmless or name in SHOWN_AGAIN or (name, spoil.name) in NOT_READ:
        return sound
    if spoil.slow and (name in SEVERAL or (name in TWICE and spoil.name in ENDLESS)):
        return COULD_NOT_TELL
    if name in DETAILS:
        return A_DOCUMENT_FAILED
    if spoil.name in OF_A_LIMIT:
        return sound if name in GOES_ON_WITHOUT else COULD_NOT_TELL
    if name in WRITES:
        return sound
    if name in UNREAD_WRITES and spoil.name in OF_THE_BODY:
        return 0
    return COULD_NOT_TELL
