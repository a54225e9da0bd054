"""Another language while the app is open: every screen is made anew, and goes on where the old one was.

A screen puts its texts into words when it is made and when it is drawn, and so does the runner with what the checks
say. Both are made once more, instead of each text being followed up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from octowizard.app.place_screen import PlaceScreen

if TYPE_CHECKING:
    from octowizard.app.shell import Shell


_BETWEEN = "between"  # the mode that is on while that of the present place has no screen


async def made_anew(app: Shell) -> None:
    """Put a new screen in the place of each that there is; what is open over a place stays so where it can."""
    if app.runner is not None:
        app.runner.reworded()
    present, top = app.current_mode, app.screen
    over = top.successor() if len(app.screen_stack) > 1 and isinstance(top, PlaceScreen) else None
    with app.batch_update():
        app.add_mode(_BETWEEN, Screen)
        await app.switch_mode(_BETWEEN)
        for mode, stack in list(app._screen_stacks.items()):
            if stack and isinstance(place := stack[0], PlaceScreen):
                after = place.successor() or type(place)()
                for screen in stack:  # what comes in late has nothing to be shown on
                    app.workers.cancel_node(screen)
                await app.remove_mode(mode)
                app.add_mode(mode, _given(after))
        await app.switch_mode(present)
        await app.remove_mode(_BETWEEN)
        if over is not None:
            await app.push_screen(over)


def _given(screen: PlaceScreen) -> Callable[[], PlaceScreen]:
    return lambda: screen
