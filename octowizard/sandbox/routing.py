"""Which route a request takes: Starlette's own way, with what fits a path remembered.

Starlette tries one route after the other on each request, nearly a hundred patterns at the end of the list. What a
path fits depends on the patterns alone, and so is known to all companies that are served by one process.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette import routing
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

MOST = 5_000  # paths that are remembered

_FITTING: dict[tuple[str, ...], dict[str, tuple[int, ...]]] = {}


class Router(routing.Router):
    """A router of plain routes."""

    def __init__(self, routes: Sequence[Route]) -> None:
        super().__init__(routes)
        self._own = tuple(routes)
        self._known = _FITTING.setdefault(tuple(route.path for route in routes), {})

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over to the first route that fits path and method, else to the first that fits the path (405)."""
        other: tuple[Route, Scope] | None = None
        for place in self._fitting(scope["path"]) if scope["type"] == "http" else ():
            route = self._own[place]
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                await route.handle(scope, receive, send)
                return
            if match is Match.PARTIAL and other is None:
                other = route, found
        if other is None:  # nothing is there: Starlette says so
            await super().app(scope, receive, send)
            return
        scope.update(other[1])
        await other[0].handle(scope, receive, send)

    def _fitting(self, path: str) -> tuple[int, ...]:
        """The places of the routes that fit this path."""
        fitting = self._known.get(path)
        if fitting is None:
            if len(self._known) >= MOST:
                self._known.clear()
            own = enumerate(self._own)
            fitting = self._known[path] = tuple(place for place, one in own if one.path_regex.match(path))
        return fitting
