"""The guided set-up in lines of text, and as JSON: read aloud they say the same as the screen does."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from octowizard.cli.console import Console, plain
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.onboarding.guards import Warning
    from octowizard.onboarding.model import Change, Guide, Step

WIDEST = 100  # columns; less where the terminal is narrower
MARKS = {"done": "✔", "todo": "●", "waits": "○", "skipped": "–", "not_needed": "–", "unknown": "?"}


COMMANDS = {
    "mapping": "octowizard mapping",
    "duplicates": "octowizard duplicates",
    "sync": "octowizard sync",
    "checks": "octowizard check",
    "calendar": "octowizard calendar",
}


def state_word(state: str) -> str:
    """A state in a word, for those who do not see the mark."""
    return {
        "done": _("done"),
        "todo": _("to do"),
        "waits": _("waits for an earlier step"),
        "skipped": _("skipped"),
        "not_needed": _("not needed"),
        "unknown": _("could not be read"),
    }[state]


def guide_lines(found: "Guide", *, asking: bool = False) -> Iterator[str]:
    """The situation, and a line for each step; what is now to be done with its evidence.

    `asking`: somebody is asked step by step, and needs no command to go on.
    """
    from octowizard.onboarding.detect import title

    yield plain(title(found.scenario))
    yield from _wrapped(found.reason, "  ")
    if found.overruled:
        yield from _wrapped(
            _("You chose this situation; the counts say: {title}.").format(title=title(found.detected)), "  "
        )
    if not asking:
        yield _("  Another situation is chosen with: octowizard setup scenario a|b|c")
    yield ""
    for step in found.steps:
        yield plain(f"{MARKS[step.state]} {step.id:<20} {step.title}: {state_word(step.state)}")
        if step.state == "unknown" or (step.id == found.current and not asking):
            for line in step.now:
                yield from _wrapped(line, "    ")
    if found.current is None:
        yield ""
        yield _("Nothing is left to do.")
    elif not asking:
        yield ""
        step = next(one for one in found.steps if one.id == found.current)
        yield _("Next: {command}   (octowizard setup show {step} tells more)").format(
            command=command_of(step), step=step.id
        )


def command_of(step: "Step") -> str:
    """What to type for a step that asks for something."""
    from octowizard.onboarding.steps.registry import action_of

    asked = next((one for one in step.declarations if one.answer is None), None)
    if asked is not None and not step.changes:
        return f"octowizard setup declare {asked.key} yes|no"
    by_action = {
        "dossier": "octowizard setup dossier ID",
        "connection": "octowizard setup start YYYY-MM-DD",
        "mapping": COMMANDS["mapping"],
    }
    return by_action.get(action_of(step) or "", f"octowizard setup do {step.id}")


def step_lines(step: "Step") -> Iterator[str]:
    """One step, whole: what and why, how it stands, what can be done, how it is done by hand."""
    yield plain(f"{MARKS[step.state]} {step.title} ({step.id}): {state_word(step.state)}")
    yield from _wrapped(step.what, "  ")
    yield from _wrapped(step.why, "  ")
    yield ""
    yield _("  Now:")
    for line in step.now:
        yield from _wrapped(line, "    ")
    for note in step.notes:
        yield from _wrapped(f"! {note}", "  ", "    ")
    for declaration in step.declarations:
        answer = {None: _("not answered"), True: _("yes"), False: _("no")}[declaration.answer]
        yield from _wrapped(f"? {declaration.question} [{declaration.key}: {answer}]", "  ", "    ")
    for change in step.changes:
        yield plain(f"  + {change.title}  [{change.id}]")
    for show in step.show:
        yield from _wrapped(f"→ {show.vendor}: {show.path}. {show.text}", "  ", "    ")
    if step.opens:
        yield _("  → more of it: {command}").format(command=COMMANDS[step.opens])
    if step.skip:
        yield from _wrapped(_("Skipped, it means: {consequence}").format(consequence=step.skip), "  ", "    ")
    for name, body in step.files:
        yield ""
        yield plain(f"  --- {name}")
        yield from (plain(line) for line in body.rstrip("\n").split("\n"))


def change_lines(change: "Change") -> Iterator[str]:
    """Exactly what would be sent, who should agree, and what else it brings about."""
    yield plain(f"{change.title}")
    yield plain(f"  {change.vendor}: {change.method} {change.path}")
    for what, value in change.lines:
        yield plain(f"  {what}: {value}")
    if change.who:
        yield from _wrapped(f"! {change.who}", "  ", "    ")
    for line in change.also:
        yield from _wrapped(f"! {line}", "  ", "    ")


def warning_lines(warning: "Warning", shown: int = 10) -> Iterator[str]:
    """What would be lost, and what it falls on."""
    yield plain(f"✖ {warning.title}")
    for line in warning.loss:
        yield from _wrapped(line, "  ")
    for record in warning.records[:shown]:
        yield plain(f"    {record}")
    if len(warning.records) > shown:
        yield _("    … and {count} more").format(count=len(warning.records) - shown)


def as_json(profile: str, found: "Guide") -> dict[str, Any]:
    """The documented object of `setup --json`."""
    import msgspec

    return {"schema": 1, "command": "setup", "profile": profile, **msgspec.to_builtins(found)}


def tell(console: Console, lines: Iterator[str]) -> None:
    """To stdout."""
    for line in lines:
        console.line(line)


def _wrapped(text: str, first: str, then: str = "") -> Iterator[str]:
    import shutil

    yield from textwrap.wrap(
        plain(text),
        min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns),
        initial_indent=first,
        subsequent_indent=then or first,
        break_long_words=False,
        break_on_hyphens=False,
    )
