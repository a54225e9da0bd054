"""Practice actions: what a person does in the vendors' own screens, done to the practice company.

`perform` is the one way in. An action is a row of `actions.json` and a function with `@action` in the file
of its topic. It checks what the screens would check and no more: a person may do foolish things. Each stamps what it
changes with the practice clock.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from octowizard.sandbox.practice.action import DECLARED, TABLE, Action, BadArguments, Task, UnknownAction
from octowizard.sandbox.state import World, words
from octowizard.sandbox.tables import table
from octowizard.sandbox.teamleader.checks import Refused

__all__ = ["ACTIONS", "Action", "BadArguments", "UnknownAction", "perform"]

_TOPICS = words("journals chart bank sales customers exports imports invoicing access native")

for _topic in _TOPICS:
    import_module(f"{__name__}.{_topic}")

ACTIONS: dict[str, Action] = {name: DECLARED[name] for name in table(TABLE)}


def perform(
    world: World, action: str, arguments: dict[str, Any], files: Path | None = None
) -> dict[str, Any]:
    """Do it. Returns what changed, in plain names for display (texts, numbers, Decimals, lists).

    `files`: the one folder in which actions read and write files; without it they do neither.

    Raises UnknownAction, or BadArguments with one sentence that says what is wrong; then nothing has changed.
    """
    known = ACTIONS.get(action)
    if known is None:
        raise UnknownAction(f"There is no practice action {action!r}; there are: {', '.join(ACTIONS)}.")
    unknown = [name for name in arguments if name not in known.arguments]
    if unknown:
        takes = ", ".join(known.arguments) or "nothing"
        raise BadArguments(f"The action {action} does not know {', '.join(unknown)}; it takes: {takes}.")
    try:
        return known.run(Task(world, action, arguments, files))
    except Refused as reason:  # the vendor's own rules
        raise BadArguments(f"Teamleader refuses this: {reason.title}.") from None
