"""How often a day each operation may be called, and the counting of it.

The numbers are the vendor's published "maximum allowed calls per day", typed in again here on purpose: the
stand-in must not share a mistake with the client. What is counted (here: per dossier and operation), when the
day begins and what is answered beyond the maximum is published nowhere; the last two are switches.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from octowizard.sandbox.octopus.errors import Refused
from octowizard.sandbox.state import World

D = "/dossiers/{dossierId}"

PER_DAY: dict[str, int] = {
    "GET /dossiers": 150,
    "POST /dossiers": 150,
    "GET /error": 100,
    f"GET {D}/accounts": 2,
    f"PUT {D}/accounts": 400,
    f"GET {D}/accounts/amounts/modified": 48,
    f"GET {D}/accounts/modified": 48,
    f"DELETE {D}/balancings/delete": 400,
    f"DELETE {D}/balancings/bookingline/delete": 400,
    f"DELETE {D}/balancings/document/delete": 400,
    f"GET {D}/balancings/modified": 48,
    f"POST {D}/balancings": 400,
    f"POST {D}/bank/paymentlist/freepayment": 400,
    f"GET {D}/bank/paymentlist": 48,
    f"POST {D}/bank/paymentlist": 400,
    f"DELETE {D}/bank/paymentlist/{{paymentListKeyId}}": 400,
    f"POST {D}/bank/enveloppes/{{enveloppeKeyId}}/add": 400,
    f"POST {D}/bank/enveloppes/{{enveloppeKeyId}}/remove": 400,
    f"GET {D}/bank/enveloppes/{{enveloppeKeyId}}": 48,
    f"PUT {D}/bank/enveloppes/{{enveloppeKeyId}}": 400,
    f"DELETE {D}/bank/enveloppes/{{enveloppeKeyId}}": 400,
    f"GET {D}/bank/enveloppes": 48,
    f"POST {D}/bank/enveloppes": 400,
    f"GET {D}/bank/invoices": 48,
    f"POST {D}/bookyears/{{bookyearId}}/bookings/attachements": 400,
    f"GET {D}/bookyears/{{bookyearId}}/bookings/modified": 48,
    f"GET {D}/buysellbookings": 10,
    f"PUT {D}/buysellbookings": 10,
    f"POST {D}/buysellbookings": 400,
    f"GET {D}/buysellbookings/modified": 48,
    f"POST {D}/coda": 400,
    f"GET {D}/costcentres/active": 2,
    f"GET {D}/costcentres": 2,
    f"PUT {D}/costcentres": 400,
    f"GET {D}/customfields": 2,
    f"GET {D}/financialdiversbookings": 10,
    f"PUT {D}/financialdiversbookings": 10,
    f"POST {D}/financialdiversbookings": 400,
    f"GET {D}/financialdiversbookings/modified": 48,
    f"GET {D}/productgroups": 2,
    f"GET {D}/products": 2,
    f"PUT {D}/products": 100,
    f"GET {D}/rappels/export": 400,
    f"GET {D}/rappels": 400,
    f"GET {D}/relations/modified": 48,
    f"GET {D}/relations": 2,
    f"PUT {D}/relations": 400,
    f"POST {D}/reports/accounts/history": 24,
    f"POST {D}/reports/clients/history": 24,
    f"POST {D}/reports/suppliers/history": 24,
    f"POST {D}/reports/accounts/open": 24,
    f"POST {D}/reports/clients/open": 24,
    f"POST {D}/reports/suppliers/open": 24,
    f"GET {D}/vatcodes": 2,
    f"POST {D}/bookyears/book": 24,
    f"POST {D}/bookyears/{{bookyearId}}/close": 24,
    f"GET {D}/bookyears/{{bookyearId}}": 24,
    f"GET {D}/bookyears": 24,
    f"PUT {D}/bookyears": 24,
    f"POST {D}/bookyears": 24,
    f"GET {D}/currencies": 2,
    f"POST {D}/invoices/book": 24,
    f"GET {D}/invoices/export": 400,
    f"POST {D}/invoices/generate": 400,
    f"POST {D}/invoices/send/report/deliverystate": 400,
    f"GET {D}/invoices": 400,
    f"PUT {D}/invoices": 10,
    f"POST {D}/invoices": 400,
    f"GET {D}/invoices/modified": 48,
    f"POST {D}/invoices/send": 400,
    f"POST {D}/invoices/send/testmail/{{language}}": 400,
    f"DELETE {D}/bookyears/{{bookyearId}}/journals/{{journalTypeCode}}/{{sequenceNumber}}": 24,
    f"GET {D}/bookyears/{{bookyearId}}/journals/{{journalKey}}": 24,
    f"GET {D}/bookyears/{{bookyearId}}/journals": 24,
    f"GET {D}/journals/modified": 48,
    **{f"GET {D}/bookyears/{{bookyearId}}/journals/{letter}/{{sequenceNumber}}": 24 for letter in "AVFDL"},
    **{f"{method} {D}/journals/{letter}": 24 for method in ("POST", "PUT") for letter in "AVFDL"},
}
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
