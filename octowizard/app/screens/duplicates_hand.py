"""Pairs that were opened in the browser, to be merged in Teamleader's own screen: the merge is noticed by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.timer import Timer

from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.app.screens.pairs_screen import PairsScreen
    from octowizard.customers.review import Case
    from octowizard.progress import Report, Stop
    from octowizard.session.duplicates import Names

POLL_SECONDS = 15.0
POLLS = 40  # looks, ten minutes when nothing else is done; after that only `w` looks


class ByHand:
    """On one Duplicates screen: one gentle call at a time for all pairs that are open."""

    def __init__(self, screen: PairsScreen) -> None:
        self._screen = screen
        self._opened: dict[Names, Case] = {}
        self._polls = 0
        self._poll: Timer | None = None

    @property
    def waits(self) -> bool:
        """Is a merge awaited?"""
        return bool(self._opened)

    def await_merge(self, case: Case) -> None:
        """From now on look, now and then, whether the two have become one."""
        self._opened[case.names] = case
        self._polls = POLLS
        if self._poll is None:
            self._poll = self._screen.set_interval(POLL_SECONDS, self._look_again)

    def _look_again(self) -> None:
        if self._polls <= 0 or not self._opened:
            self._stop()
        elif self._screen.idle and self._screen.job is None:
            self._polls -= 1
            self.look()

    def _stop(self) -> None:
        if self._poll is not None:
            self._poll.stop()
        self._poll = None
        self._opened.clear()
        self._screen.draw_head()

    def look(self) -> None:
        """Ask Teamleader which of the opened ones are still there."""
        pairs = self._screen.pairs
        cases = list(self._opened.values())
        if pairs is None or not cases:
            return
        ids = list(dict.fromkeys(one.key for case in cases for one in (case.left, case.right)))

        async def work(_report: Report, _stop: Stop) -> list[Case]:
            there = await pairs.still_there(ids)
            merged = [case for case in cases if (case.left.key in there) != (case.right.key in there)]
            for case in merged:
                gone, kept = (case.right, case.left) if case.left.key in there else (case.left, case.right)
                await asyncio.to_thread(pairs.noticed, gone.key, kept.key)
            return merged

        self._screen.begin(_("looking"), work, self._noticed)

    def _noticed(self, merged: list[Case]) -> None:
        for case in merged:
            self._opened.pop(case.names, None)
            self._screen.shell.tell(_("✔ Merged in Teamleader: {name}.").format(name=case.right.name))
        if not self._opened:
            self._stop()
        if merged:
            self._screen.compare()
        else:
            self._screen.draw()
