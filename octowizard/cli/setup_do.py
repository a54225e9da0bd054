"""Doing a step of the set-up from the command line: show, ask, do, say how it ended. Every write has its own rules
elsewhere: changes in onboarding/performing.py, the import in customers/importing.py, the sync in sync/run.py."""

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL, Usage
from octowizard.cli.interrupt import completed
from octowizard.cli.wanted import Accounts
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.onboarding import performing
    from octowizard.onboarding.guards import Warning
    from octowizard.onboarding.model import Change, Step
    from octowizard.presentation.json_output import MadeLine


@dataclass(frozen=True)
class Asked:
    """What was said on the command line. `only`: id of the one change that is wanted."""

    yes: bool = False
    accept_loss: bool = False
    as_json: bool = False
    only: str | None = None


@dataclass(frozen=True)
class Ended:
    """How it ended. `done`: what became of each change; `why`: what kept it from being done, "" when nothing did."""

    code: int = WELL
    done: "tuple[MadeLine, ...]" = ()
    wrote: bool = False
    why: str = ""


def do(accounts: Accounts, console: Console, step: "Step", asked: Asked) -> Ended:
    """All that the step offers, or the reason why nothing is done."""
    if step.id == "import-companies" and step.state not in ("done", "waits"):
        return _import(accounts, console, asked)
    if step.id in ("first-sync", "payments") and step.state != "waits":
        return _sync(accounts, console, step, asked)
    if step.id == "merge" and step.state not in ("done", "waits"):
        return _merge(accounts, console, asked)
    wanted = tuple(change for change in step.changes if asked.only in (None, change.id))
    if asked.only is not None and not wanted:
        raise Usage(
            _("The step {step} offers no change “{id}”; it offers: {ids}.").format(
                step=step.id, id=asked.only, ids=", ".join(one.id for one in step.changes) or _("none")
            )
        )
    if step.state == "waits":
        return Ended(ATTENTION, why=_("An earlier step comes first."))
    if not wanted:
        return Ended()
    return _changes(accounts, console, step, wanted, asked)


def _may(console: Console, question: str, asked: Asked) -> bool:
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
    accounts: Accounts, console: Console, step: "Step", wanted: "tuple[Change, ...]", asked: Asked
) -> Ended:
    from octowizard.onboarding import performing, work
    from octowizard.presentation.blocks import Item
    from octowizard.presentation.confirmation import changes
    from octowizard.presentation.json_output import MadeLine
    from octowizard.presentation.setup_steps import changed, outcome

    question = changes(wanted)
    console.show(question.blocks, note=True)
    if not _may(console, _("{question} [y/N]").format(question=question.title), asked):
        return Ended(ATTENTION, why=_("Nothing was written."))

    def tell(one: "performing.Outcome") -> None:
        became = changed(one)
        console.show([Item(outcome(became), became.mark)], note=True)

    root, profile = accounts.root, accounts.profile
    outcomes = completed(work.make(root, profile, step.id, wanted, tell))  # what was shown, and nothing else
    said = tuple(MadeLine(one.change.id, _word(one), changed(one).said) for one in outcomes)
    failed = next((one for one in outcomes if not isinstance(one, performing.Done)), None)
    code = WELL if failed is None else COULD_NOT_TELL
    if isinstance(failed, performing.Refused) and not failed.unanswered:
        code = ATTENTION
    return Ended(code, said, wrote=True, why="" if failed is None else changed(failed).said)


def _word(outcome: "performing.Outcome") -> str:
    """An outcome as `--json` names it."""
    return {"Done": "done", "Refused": "refused", "InDoubt": "in_doubt"}[type(outcome).__name__]


# --- the import ----------------------------------------------------------------------------------------


def _import(accounts: Accounts, console: Console, asked: Asked) -> Ended:
    from octowizard.cli.duplicates.writing import CODES, import_teller
    from octowizard.cli.interrupt import stopping
    from octowizard.onboarding import work
    from octowizard.presentation.json_output import MadeLine
    from octowizard.presentation.pairs import import_question, imported
    from octowizard.progress import Stop

    root, profile = accounts.root, accounts.profile
    foreseen = completed(work.preview_import(root, profile))
    question = import_question(foreseen)
    if not asked.as_json:
        console.show(question.blocks, note=True)
    if not foreseen.total:
        return Ended(wrote=True)
    if not _may(console, _("{question} [y/N]").format(question=question.title), asked):
        return Ended(ATTENTION, why=_("Nothing was written."))
    stop = Stop()
    announcement = _("Stopping after the writes in flight; begun again, the import goes on where it ended.")
    with stopping(stop, announcement):
        tell = import_teller(console)
        ended = completed(work.import_companies(root, profile, tell, stop, accept_loss=asked.accept_loss))
    console.close()
    said = imported(ended)
    console.note(plain(said))
    outcome = MadeLine("import-companies", ended.outcome, said)
    return Ended(CODES[ended.outcome], (outcome,), wrote=True, why=ended.message)


def tell_loss(console: Console, warning: "Warning") -> None:
    """What would be lost, and what it falls on."""
    from octowizard.presentation.blocks import Heading
    from octowizard.presentation.confirmation import loss

    question = loss(warning, "")
    console.show([Heading(question.title, "✖")], note=True)
    console.show(question.blocks, indent=2, note=True)


def smart_import(accounts: Accounts, console: Console) -> Ended:
    """Link what stands on both sides and import only the rest, as `octowizard duplicates import` does it."""
    from octowizard.cli.duplicates import importing

    importing.import_new(argparse.Namespace(yes=False, json=False), accounts, console)
    return Ended(wrote=True)


def _merge(accounts: Accounts, console: Console, asked: Asked) -> Ended:
    """The bare duplicates, as `octowizard duplicates merge` does it; the rest needs Teamleader's own merge."""
    from octowizard.cli.duplicates import merge

    if not asked.yes:
        _may_be_asked(asked)
    words = argparse.Namespace(pair=[], yes=asked.yes, json=asked.as_json)
    code = merge.merge(words, accounts, console)
    # What only a person can merge is told by the step itself.
    return Ended(WELL if code == ATTENTION else code, wrote=True)


# --- the sync ------------------------------------------------------------------------------------------


def _sync(accounts: Accounts, console: Console, step: "Step", asked: Asked) -> Ended:
    """A preview, and only when nothing in it fails, and it was agreed to, the sync itself."""
    from octowizard.cli import sync

    if accounts.profile.mode == "observer":
        return Ended(
            ATTENTION,
            why=_(
                "This profile only watches: start the sync in Teamleader ({path}), then look again with "
                "octowizard setup --status."
            ).format(path=step.show[0].path),
        )
    if step.id == "first-sync":
        code = sync.run(_words(asked, dry_run=True), accounts, console)
        if code != WELL:
            return Ended(
                code,
                wrote=True,
                why=_(
                    "The preview is not clean: mend what fails first, or run octowizard sync for the rest."
                ),
            )
    question = (
        _("Run the sync now, as previewed? [y/N]")
        if step.id == "first-sync"
        else _("Sync now? It brings the payments back, and books what waits. [y/N]")
    )
    if not _may(console, question, asked):
        return Ended(ATTENTION, why=_("Nothing was written."))
    code = sync.run(_words(asked, dry_run=False), accounts, console)
    return Ended(code, wrote=True)


def _words(asked: Asked, *, dry_run: bool) -> argparse.Namespace:
    """What `octowizard sync` would have been told."""
    return argparse.Namespace(
        dry_run=dry_run,
        yes=not dry_run,
        json=asked.as_json,
        start=None,
        numbering=None,
        only=[],
        exclude=[],
        include=[],
        mirror=None,
        no_other_connector=False,
    )
