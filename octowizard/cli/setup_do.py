"""Doing a step of the set-up from the command line: show, ask, do, say how it ended. Every write has its own rules
elsewhere: changes in onboarding/apply.py, the import in customers/importing.py, the sync in sync/run.py."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from octowizard.cli.console import Console
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL, Usage
from octowizard.cli.interrupt import completed
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.onboarding.apply import Outcome
    from octowizard.onboarding.guards import Warning
    from octowizard.onboarding.model import Change, Step
    from octowizard.presentation.json_output import MadeLine
    from octowizard.session.session import Session


@dataclass(frozen=True)
class Asked:
    """What was said on the command line. `only`: id of the one change that is wanted."""

    yes: bool = False
    as_json: bool = False
    only: str | None = None


@dataclass(frozen=True)
class Ended:
    """How it ended. `done`: what became of each change; `why`: what kept it from being done, "" when nothing did."""

    code: int = WELL
    done: "tuple[MadeLine, ...]" = ()
    wrote: bool = False
    why: str = ""


def can_do(step: "Step") -> bool:
    """Whether octowizard can do something at the step by itself, by `do`."""
    from octowizard.onboarding.steps.registry import action_of

    return bool(step.changes) or action_of(step) in ("import", "merge-duplicates", "preview-and-sync", "sync")


def do(session: "Session", console: Console, step: "Step", asked: Asked) -> Ended:
    """All that the step offers, or the reason why nothing is done. NotOffered, with a question that comes before."""
    from octowizard.onboarding.guide import NotOffered, earlier_of, guide
    from octowizard.onboarding.steps.registry import action_of
    from octowizard.presentation.setup_steps import unanswered, waits

    whole = guide(session.setup.standing())
    earlier = earlier_of(whole, step)
    if earlier is not None and step.state not in ("done", "not_needed"):
        return Ended(ATTENTION, why=waits(earlier))
    if question := unanswered(step):
        raise NotOffered(question)
    if step.unconnected:
        from octowizard.sync.accounts import NotConnected

        raise NotConnected(session.profile)
    action = action_of(step)
    if action == "import" and step.state != "done":
        return _import(session, console, asked)
    if action == "preview-and-sync" or (action == "sync" and not step.changes):
        return _sync(session, console, step, asked) if step.state != "not_yet" else Ended(ATTENTION)
    if action == "merge-duplicates" and step.state != "done":
        return _merge(session, console, asked)
    wanted = tuple(change for change in step.changes if asked.only in (None, change.id))
    if asked.only is not None and not wanted:
        raise Usage(
            _("The step {step} offers no change “{id}”; it offers: {ids}.").format(
                step=step.id, id=asked.only, ids=", ".join(one.id for one in step.changes) or _("none")
            )
        )
    if not wanted:
        return Ended()
    return _changes(session, console, step, wanted, asked)


def may(console: Console, question: str, asked: Asked) -> bool:
    """Whether it may be done: --yes, or a yes on the terminal."""
    if asked.yes:
        return True
    _may_be_asked(asked)
    return console.asks(question)


def _may_be_asked(asked: Asked) -> None:
    """Usage where there is nobody to ask."""
    if asked.as_json:
        raise Usage(_("With --json nobody can be asked: add --yes to write."))
    if not sys.stdin.isatty():
        raise Usage(_("There is no terminal to ask on: add --yes to write."))


def _changes(
    session: "Session", console: Console, step: "Step", wanted: "tuple[Change, ...]", asked: Asked
) -> Ended:
    from octowizard.presentation.confirmation import changes
    from octowizard.presentation.folds import said_by_vendor
    from octowizard.presentation.json_output import MadeLine
    from octowizard.presentation.setup_steps import outcome
    from octowizard.progress import Stop

    question = changes(wanted)
    console.show(question.blocks, note=True)
    if not may(console, question.title, asked):
        return Ended(ATTENTION, why=_("Nothing was written."))

    def tell(changed: "Outcome") -> None:
        console.show([outcome(changed), *said_by_vendor((changed.vendor_text,))], note=True)

    def silent(_what: str, _count: int) -> None:
        """Each change is told when it has ended."""

    # What was shown, and nothing else.
    made = completed(session.setup.make(step.id, wanted, silent, Stop(), tell))
    done = tuple(MadeLine(one.change.id, one.state, one.text, one.vendor_text) for one in made)
    failed = next((one for one in made if one.state != "done"), None)
    if failed is None:
        return Ended(done=done, wrote=True)
    code = ATTENTION if failed.state == "refused" and not failed.unanswered else COULD_NOT_TELL
    return Ended(code, done, wrote=True, why=failed.text)


# --- customers -----------------------------------------------------------------------------------------


def _import(session: "Session", console: Console, asked: Asked) -> Ended:
    """Link what stands on both sides and import only the rest, as `octowizard duplicates import` does it."""
    from octowizard.cli.duplicates import importing

    if not asked.yes:
        _may_be_asked(asked)
    code = importing.import_new(session, console, yes=asked.yes, as_json=asked.as_json)
    # What waits for an answer is told by the step itself.
    return Ended(WELL if code == ATTENTION else code, wrote=True)


def tell_loss(console: Console, warning: "Warning") -> None:
    """What would be lost, and what it falls on."""
    from octowizard.presentation.blocks import Heading
    from octowizard.presentation.confirmation import loss

    question = loss(warning, "")
    console.show([Heading(question.title, "✖")], note=True)
    console.show(question.blocks, indent=2, note=True)


def _merge(session: "Session", console: Console, asked: Asked) -> Ended:
    """The bare duplicates, as `octowizard duplicates merge` does it; the rest needs Teamleader's own merge."""
    from octowizard.cli.duplicates import merge

    if not asked.yes:
        _may_be_asked(asked)
    code = merge.merge(session, console, yes=asked.yes, as_json=asked.as_json)
    # What only a person can merge is told by the step itself.
    return Ended(WELL if code == ATTENTION else code, wrote=True)


# --- the sync ------------------------------------------------------------------------------------------


def _sync(session: "Session", console: Console, step: "Step", asked: Asked) -> Ended:
    """A preview, and only when nothing in it fails, and it was agreed to, the sync itself."""
    from octowizard.cli.sync import one_run
    from octowizard.onboarding.steps.registry import action_of
    from octowizard.sync.options import SyncOptions

    if session.profile.mode == "observer":
        return Ended(
            ATTENTION,
            why=_(
                "This profile only watches: start the sync in Teamleader ({path}), then look again with "
                "octowizard setup --status."
            ).format(path=step.show[0].path),
        )
    previewed = action_of(step) == "preview-and-sync"
    if previewed:
        code = one_run(session, SyncOptions(dry_run=True), console, asked.as_json)[0]
        if code != WELL:
            return Ended(
                code,
                wrote=True,
                why=_(
                    "The preview is not clean: mend what is blocked first, or run octowizard sync for the rest."
                ),
            )
    question = (
        _("Run the sync now, as previewed?")
        if previewed
        else _("Sync now? It brings the payments back, and books what waits.")
    )
    if not may(console, question, asked):
        return Ended(ATTENTION, why=_("Nothing was written."))
    return Ended(one_run(session, SyncOptions(), console, asked.as_json)[0], wrote=True)
