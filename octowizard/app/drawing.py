"""A frame drawn in steps, so that a key is answered between two of them.

Textual draws all widgets of a new screen in one turn of the loop: 20 to 40 ms on 120 x 40 columns (measured). A
widget keeps each line that it has drawn; so they are drawn ahead, a few in each turn, and what Textual does in the end
is to put together what is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

from textual.geometry import Region
from textual.screen import Screen

SLICE = 0.005  # seconds of one turn
LEAST = 500  # cells; less than that is drawn at once


def worth_steps(screen: Screen[Any]) -> bool:
    """Is so much to be drawn anew that it takes more than a turn?"""
    dirty = screen._compositor._dirty_regions
    return bool(dirty) and Region.from_union(dirty).area >= LEAST


def lines_ahead(screen: Screen[Any]) -> Iterator[None]:
    """Draw what has to be drawn of each widget, a line at each step. What is gone or moved by then is left out."""
    compositor = screen._compositor
    if not compositor._dirty_regions:
        return  # drawn by another way since it was asked for
    dirty = Region.from_union(compositor._dirty_regions)
    for widget, (region, clip) in list(compositor.visible_widgets.items()):
        seen = region.intersection(clip).intersection(dirty)
        if widget is screen or not seen:
            continue
        for line in seen.line_range:
            if compositor.visible_widgets.get(widget) != (region, clip):
                break
            widget.render_lines(Region(seen.x - region.x, line - region.y, seen.width, 1))
            yield


def in_turns(steps: Iterator[None], then: Callable[[], None], failed: Callable[[Exception], None]) -> None:
    """Take the steps, as many in a turn of the loop as have room in it, and do what comes `then`."""
    loop = asyncio.get_running_loop()

    def turn() -> None:
        until = perf_counter() + SLICE
        try:
            for _step in steps:
                if perf_counter() >= until:
                    loop.call_soon(turn)
                    return
            then()
        except Exception as error:
            failed(error)

    loop.call_soon(turn)
