"""How long a list still takes: by the calls that are left, the pace so far, and the limit of Teamleader's minute."""

from __future__ import annotations

from math import ceil
from time import monotonic

from octowizard.progress import Ahead, Report, lying_ahead
from octowizard.transport.window import NO_WINDOW, SlidingWindow


class Listing:
    """One list of Teamleader that is read; tells `report` how far it is, and what lies ahead, at its beginning too.

    `of`: records in all, 0 where that is not known; `about`: as many as there were the last time. `a_call`: records
    that one call brings.
    """

    def __init__(
        self,
        report: Report,
        what: str,
        window: SlidingWindow,
        *,
        a_call: int,
        of: int = 0,
        about: bool = False,
    ) -> None:
        self._report = report
        self._what = what
        self._window = window
        self._a_call = a_call
        self.of = of
        self.about = about
        self._began = monotonic()
        self.tell(0)

    def tell(self, count: int) -> None:
        """So many have been read."""
        of = max(self.of, count) if self.of else 0
        limit = self._window.size if self._window.size < NO_WINDOW else 0
        about = self.about and count < of
        seconds = self._seconds(count, of - count)
        with lying_ahead(Ahead(self._what, "Teamleader", of, about, self._a_call, limit, seconds)):
            self._report(self._what, count)

    def _seconds(self, count: int, left: int) -> float | None:
        """What is left takes: as long as at the pace so far, or as long as the limit of the minute makes it."""
        if left <= 0:
            return 0.0 if self.of else None
        by_limit = self._window.seconds_for(ceil(left / self._a_call))
        by_pace = (monotonic() - self._began) / count * left if count else 0.0
        return max(by_limit, by_pace) or None


def all_at_once(report: Report, what: str) -> None:
    """Tell that a list of Octopus is asked for, which comes in one answer, however long that is under way."""
    with lying_ahead(Ahead(what, "Octopus")):
        report(what, 0)
