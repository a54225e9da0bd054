"""How often a day each operation may be called, and the counting of it.

The numbers are the vendor's published "maximum allowed calls per day", typed in again here on purpose: the
stand-in must not share a mistake with the client. What is counted (here: per dossier and operation), when the
day begins and what is answered beyond the maximum is published nowhere; the last two are switches.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from octowizard.sandbox.octopus.errors import Refused
from octowizard.sandbox.state import World
from octowizard.sandbox.tables import table

D = "/dossiers/{dossierId}"


def _per_day() -> dict[str, int]:
    """Operation -> maximum, from `limits.json`: maximum -> methods and path.

    A path lies below the dossier unless it begins with a slash; AVFDL stands for each type of journal.
    """
    limits = {}
    for maximum, entries in table("octopus/limits.json").items():
        for methods, path in map(str.split, entries):
            place = path if path.startswith("/") else f"{D}/{path}"
            for method, letter in product(methods.split(","), "AVFDL" if "AVFDL" in path else "-"):
                limits[f"{method} {place.replace('AVFDL', letter)}"] = int(maximum)
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
