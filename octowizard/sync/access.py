"""What a refusal while signing in or reading means: one problem of the catalogue, for sync and checks alike."""

from octowizard.transport.errors import (
    Failed,
    Forbidden,
    Interrupted,
    LimitReached,
    LimitSpent,
    SignInRefused,
    Unreachable,
    VendorError,
)

OCTOPUS, TEAMLEADER = "Octopus", "Teamleader"
SIGNING_IN = ("POST /authentication", "POST /dossiers")
_DOWN = (502, 503, 504)  # what a web address answers for a service behind it that does not


def problem_of(error: VendorError) -> str:
    """The problem of the catalogue that a refusal while reading is."""
    if error.vendor == OCTOPUS and error.code == -68:
        return "software-house-refused"
    if error.vendor == OCTOPUS and error.operation == SIGNING_IN[0] and error.code == -3:
        return "webservice-inactive"  # nobody has named a dossier yet
    if error.vendor == OCTOPUS and error.code in (-3, -4, -5, -6):
        return "dossier-refused"
    if isinstance(error, LimitSpent):
        return "daily-limit"
    if isinstance(error, LimitReached):
        return "too-many-connections" if error.operation in SIGNING_IN else "daily-limit"
    if isinstance(error, SignInRefused):
        return "sign-in-refused"
    if isinstance(error, Unreachable | Interrupted) or (isinstance(error, Failed) and error.status in _DOWN):
        return "unreachable"
    if isinstance(error, Forbidden):
        return "teamleader-rights" if error.vendor == TEAMLEADER else "dossier-refused"
    return "vendor-refused"
