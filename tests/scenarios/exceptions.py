"""Where a practice company does not go the plain way of check, sync, cure, check, sync; each with its reason.

All exceptions there are stand here: the tests of this room and the table (`table.py`) read them.
"""

from __future__ import annotations

# What no check finds, and why. Each has a test of its own in test_routes.py, by the way that does show it.
UNSEEN = {
    "open-journal": "no API shows who has a journal open; only a write is refused",
    "heading-account": "the API does not tell headings from accounts; only a write is refused",
    "no-write-right": "no API shows the rights of a login; only a write is refused",
    "daily-limit": "Octopus does not tell how many calls other programs have made today",
    "insert-booking": "a refusal without a reason: nothing that is read tells why",
    "no-changes": "it is no fault: nothing waits, and an empty list is answered with a 404",
}
# What only an export of Teamleader shows: a check without one says that it did not look.
DECLARED = {
    "contractor": "Teamleader's API has no VAT type",
    "external-id-mismatch": "Teamleader's API has no customer number",
}
# What a sync calls a problem that it cannot tell from another: it sees only how a document fares.
ALSO_CALLED = {
    "journals-not-synchronised": {"missing-journal"},
    "no-write-right": {"dossier-refused"},
    "same-booking-number": {"number-taken"},
    "two-dossiers": {"set-up-missing", "missing-journal"},
    "vat-code-wrong-type": {"unmapped-vat"},
}
# What a check calls it: only the program itself, or a second look, tells these from what they look like.
FOUND_AS = {
    "journals-not-synchronised": {"missing-journal"},
}
# Whether Octopus refuses is not known, so that the finding is a warning; the practice company does refuse.
MAY_BE_REFUSED = {"bad-dates"}
# Everything goes through, and yet a person is asked something.
ASKED = {"payment-parked"}
# The vendor refused the credential itself, and the cure is on the vendor's side: the same one is sent again only when
# the user asks for it. The others are refused after a sign-in that was right (dossier, rights), or for being too many.
ASKED_TO_TRY_AGAIN = {"sign-in-refused", "software-house-refused", "webservice-inactive"}
# There is nothing to be cured, or nothing any more: the sync is the cure, or it books the document as it is.
HARMLESS = {"rounding-difference", "no-changes", "period-soon-secured"}
