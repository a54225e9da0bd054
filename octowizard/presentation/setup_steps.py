"""The guided set-up: how it stands, a step with what can be done about it, and what became of its changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, labelled
from octowizard.onboarding.connection import Setting, shown_of
from octowizard.onboarding.model import SETTLED, Change, Declaration, Show, State, Step
from octowizard.presentation.blocks import Block, Entry, Gap, Heading, Item, Page, listed
from octowizard.presentation.confirmation import change
from octowizard.presentation.folds import EVIDENCE, MORE, folding, said_by_vendor
from octowizard.presentation.next_step import titles_of
from octowizard.presentation.setup_phases import closing_blocks, of_all, phases

if TYPE_CHECKING:
    from octowizard.onboarding.apply import Outcome
    from octowizard.onboarding.model import Guide
    from octowizard.workspace.profiles import Profile

MARKS = {
    State.DONE: "✔",
    State.TODO: "●",
    State.WAITS: "○",
    State.NOT_YET: "○",
    State.SKIPPED: "–",
    State.NOT_NEEDED: "–",
    State.UNKNOWN: "?",
}


def state_name(state: State) -> str:
    """How a step stands, in a word or two."""
    return {
        State.DONE: _("done"),
        State.TODO: _("to do"),
        State.WAITS: _("waits for an earlier step"),
        State.NOT_YET: _("not yet"),
        State.SKIPPED: _("skipped"),
        State.NOT_NEEDED: _("not needed"),
        State.UNKNOWN: _("not known"),
    }[state]


def situation(guide: Guide) -> str:
    """Which scenario holds."""
    from octowizard.onboarding.detect import title

    text = _("Chosen scenario {title}") if guide.overruled else _("Scenario {title}")
    return text.format(title=title(guide.scenario))


def read_again(before: Guide, after: Guide, id: str = "") -> str:
    """What a second look at one step, or with an empty `id` at both sides, has shown."""
    was = {step.id: step for step in before.steps}
    seen = [step for step in after.steps if id in ("", step.id)]
    new = [step for step in seen if step.id not in was or was[step.id].state is not step.state]
    if new:
        states = " · ".join(labelled(step.title, state_name(step.state)) for step in new)
        return _("Read again. {steps}.").format(steps=states)
    if any(was[step.id].now != step.now for step in seen) or before.counts != after.counts:
        return _("Read again: the figures are as they are now, and no step stands otherwise.")
    return _("Read again: nothing has changed.")


def heading(step: Step) -> Heading:
    """A step and how it stands."""
    return Heading(step.title, MARKS[step.state], state_name(step.state))


def unasked(step: Step) -> Declaration | None:
    """The question of the step that nobody has answered yet."""
    return next((one for one in step.declarations if one.answer is None), None)


def open_question(step: Step) -> Declaration | None:
    """The question that comes next: without an answer, or with a no where only a yes leads on."""
    if step.state in (*SETTLED, State.NOT_YET):
        return None
    asked = unasked(step)
    if asked is not None or step.changes or step.show:
        return asked
    return next((one for one in step.declarations if not one.answer), None)


def meant(step: Step, answer: bool) -> Declaration | None:
    """The question that a yes or a no answers: the first without an answer, else the first answered otherwise."""
    return unasked(step) or next((one for one in step.declarations if one.answer is not answer), None)


def doing(changes: Sequence[Change]) -> str:
    """The one change, or how many."""
    return titles_of([change.title for change in changes])


def outcome(one: Outcome) -> Item:
    """What became of a change, in a sentence or two: ✔ what is so now, ✖ nothing was written, ? not known yet."""
    mark = {"done": "✔", "refused": "✖", "in_doubt": "?"}[one.state]
    what = one.change.result if one.state == "done" else f"{one.change.title}."
    return Item(f"{what} {one.text}".strip(), mark)


def not_made(one: Outcome) -> Page:
    """A change that a vendor did not take, with its own words among the details."""
    item = outcome(one)
    return Page(
        title=one.change.title, mark=item.mark, blocks=(Item(one.text), *said_by_vendor((one.vendor_text,)))
    )


def made(outcomes: Sequence[Outcome]) -> list[Item]:
    """What became of the changes; those that stand without a word in one line."""
    plain = [one.change for one in outcomes if one.state == "done" and not one.text]
    first = []
    if plain:
        rest = len(plain) - 1
        text = ngettext(
            "{first} {count} more change was made.", "{first} {count} more changes were made.", rest
        )
        first = [
            Item(text.format(first=plain[0].result, count=count(rest)) if rest else plain[0].result, "✔")
        ]
    return first + [outcome(one) for one in outcomes if one.state != "done" or one.text]


def place_name(place: str) -> str:
    """The name of the screen where a step is done."""
    return {
        "mapping": _("Mapping"),
        "duplicates": _("Duplicates"),
        "sync": _("Sync"),
        "checks": _("Checks"),
        "calendar": _("Calendar"),
    }[place]


def choice(step: Step) -> str:
    """What can be chosen at a step, beside its changes; empty for nothing."""
    from octowizard.onboarding.steps.registry import action_of  # loaded with the guide; heavy before that

    if step.declares:
        return declaring(step)
    if signs_in(step):
        return _("Sign in: what you declared is measured then")
    return {
        "dossier": _("Choose the dossier"),
        "integration": _("Choose who books, and the languages"),
        "connection": _("Choose the start date, the journals or the numbering"),
        "import": _("Import the companies, after a preview"),
    }.get(action_of(step) or "", "")


def imports(step: Step) -> bool:
    """Whether companies are imported at the step, after a preview of its own."""
    from octowizard.onboarding.steps.registry import action_of

    return action_of(step) == "import"


def signs_in(step: Step) -> bool:
    """Whether a side that is not connected can be signed in to at the step."""
    from octowizard.onboarding.steps.connect_octopus import connect_octopus

    return step.unconnected and step.id == connect_octopus.id


def declaring(step: Step) -> str:
    """What of a side that is not connected can be declared at a step; "" for nothing."""
    from octowizard.onboarding.declarables import DATA

    if not step.declares:
        return ""
    if "fiscal-year" in step.declares:
        return _("Declare a fiscal year, as Octopus shows it")
    return (
        _("Declare a journal, as Octopus shows it")
        if DATA.intersection(step.declares)
        else _("Take in a list that you exported")
    )


def commands_to_declare(step: Step) -> list[str]:
    """What is typed to declare what the step asks for."""
    return [f"octowizard setup declare {words}" for words in step.declaring]


def page(step: Step, *, whole: bool = True) -> Page:
    """All of a step, for a page of its own, for copies and for the command line. `whole`: changes as they are sent."""
    blocks = listed("", (step.what,))
    answers = {True: _("yes"), False: _("no"), None: _("not answered")}
    for one in step.declarations:
        blocks += [Entry(_("Question"), f"{one.question} {answers[one.answer]}")]
    blocks += [Entry(_("Declare"), command) for command in commands_to_declare(step)]
    if whole:
        blocks += [block for one in step.changes for block in (Gap(), *change(one))]
    else:
        blocks += [Item(one.title, "+") for one in step.changes]
    blocks += [
        *([Gap()] if step.changes and whole else []),
        *by_hand(step),
        *listed(_("Notes"), step.notes),
        *folding(EVIDENCE, listed(_("Now"), step.now)),
        *folding(MORE, listed(_("Why"), (step.why,))),
        *listed(_("Skipping"), (step.skip or "",)),
    ]
    return Page(mark=MARKS[step.state], title=step.title, aside=state_name(step.state), blocks=tuple(blocks))


def brief(step: Step) -> tuple[list[Block], list[Block], list[Block]]:
    """A step where there is little room: what it is, how it stands, what octowizard would do."""
    head: list[Block] = [heading(step), Item(step.what, indent=2)]
    now: list[Block] = [Item(line, indent=4) for line in step.now]
    return head, now, [Item(one.title, "+", indent=2) for one in step.changes]


def by_hand(step: Step) -> list[Block]:
    """How the step is done by hand."""
    blocks: list[Block] = []
    for one in step.show:
        blocks += [Entry(one.vendor, one.path, "head"), *listed("", (one.text,))]
    return blocks


def files(step: Step) -> list[Block]:
    """The ready files of a step, each below its name."""
    return [Entry(name, body) for name, body in step.files]


# --- for those who type commands ------------------------------------------------------------------------------


def command_for(place: str) -> str:
    """What is typed instead of opening a screen."""
    return {"checks": "octowizard check"}.get(place, f"octowizard {place}")


def command_of(step: Step) -> str:
    """What to type for a step that asks for something."""
    from octowizard.onboarding.steps.registry import action_of

    if (asked := open_question(step)) is not None:
        return _declare(asked)
    if step.command:
        return step.command
    if step.declares:
        return commands_to_declare(step)[0]
    return {
        "dossier": "octowizard setup dossier ID",
        "connection": "octowizard setup start DATE",
        "mapping": command_for("mapping"),
    }.get(action_of(step) or "", f"octowizard setup do {step.id}")


def _declare(one: Declaration) -> str:
    return f"octowizard setup declare {one.key} yes|no"


def unanswered(step: Step) -> str:
    """The question that comes before anything is done at the step, and the command that answers it; "" for none."""
    asked = unasked(step)
    if asked is None or step.state in SETTLED:
        return ""
    return _("{question} Nothing was written; answer it first: {command}").format(
        question=asked.question, command=_declare(asked)
    )


def is_by_hand(step: Step) -> bool:
    """Whether what settles the step is done in the vendors' screens; all that may follow is a sync that brings it."""
    from octowizard.onboarding.steps.registry import action_of

    offered = (
        step.changes
        or step.command
        or step.declarations
        or step.declares
        or action_of(step) not in (None, "sync")
    )
    return bool(step.show) and not offered


def resting(guide: Guide) -> Step:
    """The step to stand at when none asks for anything: the first that comes back by itself, or the last."""
    return next((step for step in guide.steps if step.state is State.NOT_YET), guide.steps[-1])


def evidence(guide: Guide) -> tuple[str, ...]:
    """The counts behind the scenario, a line or two."""
    from octowizard.onboarding.detect import evidence  # loaded with the guide; heavy before that

    return evidence(guide.reason, guide.counts)


def where(guide: Guide) -> list[Block]:
    """The situation, the counts behind it, and how far the steps are."""
    from octowizard.onboarding.detect import overruling

    blocks: list[Block] = [Heading(situation(guide), aside=of_all(guide))]
    blocks += [Item(line, indent=2) for line in evidence(guide)]
    if guide.overruled:
        blocks.append(Item(overruling(guide.detected), indent=2))
    return blocks


def overview(guide: Guide, *, commands: bool = True) -> list[Block]:
    """The situation and a line for each step; what is now to be done with its evidence. `commands`: and how."""
    blocks = where(guide)
    if commands:
        blocks.append(Item(_("Another situation is chosen with: octowizard setup scenario a|b|c"), indent=2))
    blocks.append(Gap())
    for phase in phases(guide.steps, guide.current):
        blocks.append(Heading(phase.title, phase.mark, phase.progress))
        for step in phase.steps:
            blocks += _listed(step, commands=commands and step.id == guide.current)
    if guide.closing is not None:
        blocks += [Gap(), Heading(_("The set-up is complete"), "✔"), *closing_blocks(guide, guide.closing)]
        if commands:
            text = _("Next: octowizard sync books what is new; octowizard check finds what would fail.")
            blocks += [Gap(), Item(text)]
    elif commands and guide.current is not None:
        step = next(one for one in guide.steps if one.id == guide.current)
        text = _("Next: {command}   (octowizard setup show {step} tells more)")
        blocks.append(Gap())
        if is_by_hand(step):
            blocks.append(Item(_("First do by hand what stands above.")))
        blocks.append(Item(text.format(command=command_of(step), step=step.id)))
    return blocks


def _listed(step: Step, *, commands: bool) -> list[Block]:
    """A line for a step; with its evidence, where it asks for something now or could not be read."""
    text = f"{step.id:<20} {labelled(step.title, state_name(step.state))}"
    blocks: list[Block] = [Item(text, MARKS[step.state], indent=2)]
    if step.state is State.UNKNOWN or commands:
        blocks += [Item(line, indent=6) for line in step.now]
        if is_by_hand(step):
            blocks += [Item(_in_words(one), indent=6) for one in step.show]
    return blocks


def to_choose(shown: Sequence[Setting], profile: Profile) -> list[Block]:
    """What can be chosen of the connection: the question, what holds now, and what may be written."""
    blocks: list[Block] = []
    for each in shown:
        blocks += [Entry(each.id, shown_of(profile, each), "head"), Item(each.question, indent=2)]
        blocks += [Entry(value, means, indent=4) for value, means in each.values]
    return blocks


def waits(earlier: Step) -> str:
    """Why nothing can be done at a step yet: another one comes first."""
    text = _("The step “{title}” comes first: {command}")
    return text.format(title=earlier.title, command=command_of(earlier))


def _in_words(one: Show) -> str:
    """How it is done by hand, on a line."""
    text = _("By hand in {vendor}: {path}. {text}") if one.path else _("By hand: {text}")
    return text.format(vendor=one.vendor, path=one.path, text=one.text)


def why_open(guide: Guide, step: Step) -> str:
    """Why a step is not done, and what would help."""
    from octowizard.onboarding.guide import earlier_of

    earlier = earlier_of(guide, step)
    if earlier is not None:
        return waits(earlier)
    if step.state is State.NOT_YET:
        return step.now[-1]
    if step.command:
        return _("It waits for your word: {command}").format(command=step.command)
    if (word := open_question(step)) is not None:
        return _("It waits for your word: {question} ({command})").format(
            question=word.question, command=_declare(word)
        )
    if step.declares:
        return _("Declare what your screens show: {command}").format(command=commands_to_declare(step)[0])
    if step.changes:
        return _("octowizard can do more here: octowizard setup do {step}").format(step=step.id)
    if not step.show:
        return step.now[0] if step.now else step.what
    shown = " ".join(map(_in_words, step.show))
    if not step.opens:
        return shown
    return _("{by_hand} {command} does more of it.").format(by_hand=shown, command=command_for(step.opens))
