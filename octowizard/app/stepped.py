"""A step of the set-up as a pane shows it: what and why, how it stands, what can be done and by which key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from octowizard.app.content import cell, content, wrapped
from octowizard.app.told import STYLES, Told, listed
from octowizard.app.widgets.step_rail import MARKS, state_name
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.onboarding.model import Change, Guide, State, Step

if TYPE_CHECKING:
    from octowizard.session.setup import Changed

SETTLED = (State.DONE, State.NOT_NEEDED, State.SKIPPED)
LEAST = 3  # lines of how a step stands, however small the window
TONES = {"ok": "$success", "busy": "$primary", "warn": "$warning", "soft": "$soft"}
OPENS = {
    "mapping": lambda: _("Mapping"),
    "duplicates": lambda: _("Duplicates"),
    "sync": lambda: _("Sync"),
    "checks": lambda: _("Checks"),
    "calendar": lambda: _("Calendar"),
}
CHOICES = {  # what can be chosen at a step with this action, beside its changes
    "dossier": lambda: _("Choose the dossier"),
    "connection": lambda: _("Change the start date or the numbering"),
    "import": lambda: _("Import the companies, after a preview"),
}


def heading(guide: Guide | None, going_on: str, error: str, width: int, *, reason: bool) -> Content:
    """The lines above the steps: scenario, what goes on now or how far it is, why it is this one, what went wrong."""
    left, right, style = _("Set up"), going_on, "$primary"
    if guide is not None:
        from octowizard.onboarding.detect import title  # loaded with the guide; heavy before that

        lead = _("Chosen scenario {title}") if guide.overruled else _("Scenario {title}")
        left = lead.format(title=title(guide.scenario))
        if not going_on:
            done, number = sum(step.state in SETTLED for step in guide.steps), len(guide.steps)
            right = ngettext("{done} of {count} step", "{done} of {count} steps", number).format(
                done=count(done), count=count(number)
            )
            style = "$soft"
    left = cell(left, min(cell_len(left), width - cell_len(right) - 2)).rstrip()
    room = max(0, width - cell_len(left) - 2)
    found = [content((left, "bold $accent"), "  ", (cell(right, room, right=True), style))]
    if guide is not None and reason:
        found += [content((line, "$soft")) for line in wrapped(guide.reason, width)[:3]]
    if error:
        found += _hung("✖ ", "$error", error, width)[:3]
    return Content("\n").join(found)


def choice_at(step: Step) -> str:
    """What can be chosen at the step; "" when nothing can."""
    from octowizard.onboarding.steps.registry import action_of  # loaded with the guide; heavy before that

    action = action_of(step)
    return CHOICES[action]() if action in CHOICES else ""


def asked(step: Step) -> str | None:
    """The question of the step that has no answer yet, or none that settles it."""
    if step.state in (State.DONE, State.NOT_NEEDED):
        return None
    return next((one.question for one in step.declarations if not one.answer), None)


def doing(changes: Sequence[Change]) -> str:
    """What `d` would do: the one change, or how many."""
    if len(changes) == 1:
        return changes[0].title
    more = len(changes) - 1
    return ngettext("{first}, and {count} more change", "{first}, and {count} more changes", more).format(
        first=changes[0].title, count=count(more)
    )


def _actions(step: Step) -> list[tuple[str, str]]:
    """What can be done at the step, as (key, words), the obvious first."""
    found: list[tuple[str, str]] = []
    if step.changes:
        found.append(("d", _("Do it for me: {what}").format(what=doing(step.changes))))
    choose = [("p", words)] if (words := choice_at(step)) else []
    opens = [("o", _("Open {place}").format(place=OPENS[step.opens]()))] if step.opens else []
    # Where pairs can be told apart first, that comes before an import of everything.
    found += [*opens, *choose] if step.opens == "duplicates" else [*choose, *opens]
    found += [("s", _("Show me: {path}").format(path=one.path)) for one in step.show[:1] if one.path]
    found.append(("r", _("Check again")))
    if step.files:
        found.append(("f", _("Show the ready files")))
    if step.skip is not None and step.state not in (State.DONE, State.NOT_NEEDED):
        lead = (
            _("Take it up again") if step.state is State.SKIPPED else _("Skip: {loss}").format(loss=step.skip)
        )
        found.append(("k", lead))
    return found


def render(step: Step, made: Sequence[Changed], width: int, room: int) -> Content:
    """The step on `width` columns. How it stands gets what is left of `room` lines, so that what can be done shows."""
    mark, tone = MARKS[step.state]
    head = [
        content((f"{mark} ", TONES[tone]), (step.title, "bold"), (f"  {state_name(step.state)}", "$soft"))
    ]
    head += [content(line) for line in wrapped(step.what, width)]
    after = _made(made, width)
    actions = _actions(step)
    if step.changes:  # before the questions, so that it shows however long they are
        after += [content(""), *_hung(f"{actions[0][0]}  ", "bold $primary", actions[0][1], width)]
        actions = actions[1:]
    for one in step.declarations if step.state is not State.WAITS else ():
        answer = {True: _("You said: yes."), False: _("You said: no."), None: ""}[one.answer]
        after.append(content(""))
        after += _hung("? ", "$accent", one.question, width, "bold")
        keys = (("y", "bold $primary"), f" {_('yes')}   ", ("n", "bold $primary"), f" {_('no')}   ")
        after.append(content("  ", *keys, (answer, "$soft")))
    if step.declarations or not step.changes:
        after.append(content(""))
    for key, words in actions:
        after += _hung(f"{key}  ", "bold $primary", words, width, "$soft" if key == "k" else "")
    after.append(content(""))
    now = _now(step.now, width, max(LEAST, room - len(head) - len(after) - 1))
    rest = [line for note in step.notes for line in _hung("▲ ", "$warning", note, width)]
    rest += _hung(_("Why") + "  ", "$soft", step.why, width, "$soft")
    return Content("\n").join([*head, content(""), *now, *after, *rest])


def _made(made: Sequence[Changed], width: int) -> list[Content]:
    """What became of the changes; those that stand without a word in one line."""
    plain_ones = [one.change for one in made if one.mark == "✔" and not one.said]
    found = _hung("✔ ", "$success", doing(plain_ones), width) if plain_ones else []
    for one in made:
        if one.mark != "✔" or one.said:
            said = f"{one.change.title}. {one.said}" if one.said else f"{one.change.title}."
            found += _hung(f"{one.mark} ", STYLES.get(one.mark, ""), said, width)
    return found


def _now(now: Sequence[str], width: int, most: int) -> list[Content]:
    """How it stands, in at most so many lines."""
    lead = _("Now") + "  "
    found: list[Content] = []
    for line in now:
        found += _hung(lead if not found else " " * len(lead), "$soft", line, width)
    if len(found) <= most:
        return found
    more = _("… e shows all of it")
    return [*found[: most - 1], *_hung(" " * len(lead), "$soft", more, width, "$soft")]


def _hung(lead: str, style: str, text: str, width: int, body: str = "") -> list[Content]:
    """The text behind its lead, broken lines below each other."""
    found = []
    for number, line in enumerate(wrapped(text, max(10, width - len(lead)))):
        first = (lead, style) if number == 0 and style else (lead if number == 0 else " " * len(lead))
        found.append(content(first, (line, body) if body else line))
    return found


def told_of(step: Step) -> Told:
    """All of a step, for a page of its own and for copies."""
    entries = [("", step.what, "")]
    entries += listed(_("Why"), (step.why,))
    entries += listed(_("Now"), step.now)
    entries += listed(_("Notes"), step.notes)
    for one in step.declarations:
        answer = {True: _("yes"), False: _("no"), None: _("not answered")}[one.answer]
        entries.append((_("Question"), f"{one.question} {answer}", ""))
    for change in step.changes:
        entries += told_change(change)
    entries += shown(step)
    if step.skip:
        entries += listed(_("Skipping"), (step.skip,))
    return Told(mark=MARKS[step.state][0], title=step.title, entries=entries)


def shown(step: Step) -> list[tuple[str, str, str]]:
    """How the step is done by hand."""
    found: list[tuple[str, str, str]] = []
    for one in step.show:
        found.append((one.vendor, one.path, "bold"))
        found += [("", one.text, "")] if one.text else []
    return found


def told_change(change: Change) -> list[tuple[str, str, str]]:
    """A change, letter for letter as it is sent."""
    found = [(_("Change"), change.title, "bold")]
    found += [(what, value, "") for what, value in change.lines]
    found += listed(_("Also"), change.also)
    found += listed(_("Who"), (change.who,))
    return found
