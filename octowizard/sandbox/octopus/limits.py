"""How often a day each operation may be called, and the counting of it.

The numbers are the vendor's published "maximum allowed calls per day", typed in again here on purpose: the
stand-in must not share a mistake with the client. What is counted (here: per dossier and operation), when the
day begins and what is answered beyond the maximum is published nowhere; the last two are switches.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from octowizard.sandbox.octopus.errors import Refused
from octowizard.sandbox.state import World

D = "/dossiers/{dossierId}"

# maximum -> methods and path, which lies below the dossier unless it begins with a slash
_PER_DAY = {
    2: """
        GET accounts | GET costcentres/active | GET costcentres | GET customfields | GET productgroups |
        GET products | GET relations | GET vatcodes | GET currencies
    """,
    10: """
        GET,PUT buysellbookings | GET,PUT financialdiversbookings | PUT invoices
    """,
    24: """
        POST reports/accounts/history | POST reports/clients/history | POST reports/suppliers/history |
        POST reports/accounts/open | POST reports/clients/open | POST reports/suppliers/open |
        POST bookyears/book | POST bookyears/{bookyearId}/close | GET bookyears/{bookyearId} |
        GET,PUT,POST bookyears | POST invoices/book |
        DELETE bookyears/{bookyearId}/journals/{journalTypeCode}/{sequenceNumber} |
        GET bookyears/{bookyearId}/journals/{journalKey} | GET bookyears/{bookyearId}/journals
    """,
    48: """
        GET accounts/amounts/modified | GET accounts/modified | GET balancings/modified |
        GET bank/paymentlist | GET bank/enveloppes/{enveloppeKeyId} | GET bank/enveloppes | GET bank/invoices |
        GET bookyears/{bookyearId}/bookings/modified | GET buysellbookings/modified |
        GET financialdiversbookings/modified | GET relations/modified | GET invoices/modified |
        GET journals/modified
    """,
    100: """
        GET /error | PUT products
    """,
    150: """
        GET,POST /dossiers
    """,
    400: """
        PUT accounts | DELETE balancings/delete | DELETE balancings/bookingline/delete |
        DELETE balancings/document/delete | POST balancings | POST bank/paymentlist/freepayment |
        POST bank/paymentlist | DELETE bank/paymentlist/{paymentListKeyId} |
        POST bank/enveloppes/{enveloppeKeyId}/add | POST bank/enveloppes/{enveloppeKeyId}/remove |
        PUT,DELETE bank/enveloppes/{enveloppeKeyId} | POST bank/enveloppes |
        POST bookyears/{bookyearId}/bookings/attachements | POST buysellbookings | POST coda |
        PUT costcentres | POST financialdiversbookings | GET rappels/export | GET rappels | PUT relations |
        GET invoices/export | POST invoices/generate | POST invoices/send/report/deliverystate |
        GET,POST invoices | POST invoices/send | POST invoices/send/testmail/{language}
    """,
}


def _per_day() -> dict[str, int]:
    limits = {f"{method} {D}/journals/{letter}": 24 for method in ("POST", "PUT") for letter in "AVFDL"}
    limits |= {f"GET {D}/bookyears/{{bookyearId}}/journals/{one}/{{sequenceNumber}}": 24 for one in "AVFDL"}
    for maximum, listed in _PER_DAY.items():
        for entry in re.split(r"\s*\|\s*", listed.strip()):
            methods, path = entry.split()
            for method in methods.split(","):
                limits[f"{method} {path if path.startswith('/') else f'{D}/{path}'}"] = maximum
    return limits


PER_DAY = _per_day()
FILTERED_RELATIONS = 400  # GET /relations with a search parameter; without one it is 2


@dataclass
class Rolling:
    """Moments of the calls of the last 24 hours, for the variant in which the day has no fixed beginning."""

    moments: dict[tuple[str, str], deque[datetime]] = field(default_factory=dict)

    def count(self, scope: str, counter: str, now: datetime) -> int:
        """Calls within the 24 hours up to `now`, this one included."""
        recent = self.moments.setdefault((scope, counter), deque())
        while recent and recent[0] <= now - timedelta(days=1):
            recent.popleft()
        recent.append(now)
        return len(recent)


def spend(world: World, rolling: Rolling, scope: str, operation: str, variant: str = "") -> None:
    """Count one call; raises Refused when it is beyond the day's maximum.

    `scope`: the dossier (or the user, for the list of dossiers). `variant` tells apart what is counted on its
    own within an operation: "filtered" relations, one bookyear's accounts.
    """
    limit = FILTERED_RELATIONS if variant == "filtered" else PER_DAY.get(operation)
    if limit is None:
        return
    counter = f"{operation}#{variant}" if variant else operation
    now = world.clock.now()
    zone = "Europe/Brussels" if world.switches.limit_day == "brussels" else "UTC"
    day = now.astimezone(ZoneInfo(zone)).date().isoformat()
    spent = world.octopus_calls_today.get((scope, counter, day), 0) + 1
    world.octopus_calls_today[(scope, counter, day)] = spent
    if world.switches.limit_day == "rolling":
        spent = rolling.count(scope, counter, now)
    if world.limits and spent > limit:
        status, code = world.switches.over_limit
        raise Refused(status, code, f"Maximum of {limit} calls per day exceeded")
