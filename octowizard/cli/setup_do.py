"""Doing a step of the set-up from the command line: show, ask, do, say how it ended. Every write has its own rules
elsewhere: changes in onboarding/apply.py, the import in customers/importing.py, the sync in sync/run.py."""

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from octowizard.cli import setup_told
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, INTERRUPTED, WELL, Usage
from octowizard.cli.interrupt import completed
from octowizard.cli.wanted import Accounts
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from octowizard.customers.importing import Preview
    from octowizard.customers.importing import Step as ImportStep
    from octowizard.onboarding.model import Change, Step


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
    done: tuple[dict[str, Any], ...] = ()
    wrote: bool = False
    why: str = ""


def do(accounts: Accounts, console: Console, step: "Step", asked: Asked) -> Ended:
    """All that the step offers, or the reason why nothing is done."""
    from octowizard.onboarding.steps.registry import action_of

    action = action_of(step)
    if action == "import" and step.state not in ("done", "waits"):
        return _import(accounts, console, step, asked)
    if action in ("preview-and-sync", "sync") and step.state != "waits":
        return _sync(accounts, console, step, asked)
    if action == "merge-duplicates" and step.state not in ("done", "waits"):
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
    from octowizard.onboarding import actions, apply

    for change in wanted:
        for line in setup_told.change_lines(change):
            console.note(line)
    question = ngettext("Make this change? [y/N]", "Make these {count} changes? [y/N]", len(wanted))
    if not _may(console, question.format(count=len(wanted)), asked):
        return Ended(ATTENTION, why=_("Nothing was written."))

    def tell(outcome: "apply.Outcome") -> None:
        console.note(plain(_told(outcome)))

    root, profile = accounts.root, accounts.profile
    outcomes = completed(
        actions.make(root, profile, step.id, wanted, tell)
    )  # what was shown, and nothing else
    said = tuple({"change": one.change.id, "outcome": _word(one), "said": _said(one)} for one in outcomes)
    failed = next((one for one in outcomes if not isinstance(one, apply.Done)), None)
    code = WELL if failed is None else COULD_NOT_TELL
    if isinstance(failed, apply.Refused) and not failed.unanswered:
        code = ATTENTION
    return Ended(code, said, wrote=True, why="" if failed is None else _said(failed))


def _word(outcome: Any) -> str:
    return {"Done": "done", "Refused": "refused", "InDoubt": "in_doubt"}[type(outcome).__name__]


def _said(outcome: Any) -> str:
    return str(getattr(outcome, "said", "") or getattr(outcome, "why", ""))


def _told(outcome: Any) -> str:
    mark = {"done": "✔", "refused": "✖", "in_doubt": "?"}[_word(outcome)]
    return f"{mark} {outcome.change.title}  {_said(outcome)}".rstrip()


# --- the import ----------------------------------------------------------------------------------------


def _import(accounts: Accounts, console: Console, step: "Step", asked: Asked) -> Ended:
    from octowizard.cli.duplicates.writing import minutes
    from octowizard.cli.interrupt import stopping
    from octowizard.customers import importing
    from octowizard.onboarding import actions
    from octowizard.progress import Stop

    root, profile = accounts.root, accounts.profile
    foreseen = completed(actions.preview_import(root, profile))
    if not asked.as_json:
        for line in _preview_lines(foreseen):
            console.note(line)
    if not foreseen.total:
        return Ended(wrote=True)
    question = ngettext(
        "Import {count} customer into Teamleader? [y/N]",
        "Import {count} customers into Teamleader? [y/N]",
        foreseen.total,
    )
    if not _may(console, question.format(count=foreseen.total), asked):
        return Ended(ATTENTION, why=_("Nothing was written."))

    def tell(event: "ImportStep") -> None:
        if isinstance(event, importing.Progress):
            said = _("importing: {done} of {total}").format(done=event.done, total=event.total)
            console.progress(f"{said}  {minutes(event.seconds_left)}".rstrip())
        elif isinstance(event, importing.Failed):
            console.note(plain(f"✖ {event.relation} {event.name}: {event.why}"))

    stop = Stop()
    announcement = _("Stopping after the writes in flight; begun again, the import goes on where it ended.")
    with stopping(stop, announcement):
        ended = completed(actions.import_companies(root, profile, tell, stop, accept_loss=asked.accept_loss))
    console.close()
    said = _("{made} made, {found} found, {failed} refused, {left} left.").format(
        made=ended.made, found=ended.found, failed=len(ended.failed), left=ended.left
    )
    console.note(said)
    code = {"complete": WELL, "attention": ATTENTION, "cancelled": INTERRUPTED, "unreachable": COULD_NOT_TELL}
    outcome = {"change": step.id, "outcome": ended.outcome, "said": ended.message or said}
    return Ended(code[ended.outcome], (outcome,), wrote=True, why=ended.message)


def _preview_lines(foreseen: "Preview") -> list[str]:
    from octowizard.onboarding import words

    lines = [
        _(
            "{companies} companies and {contacts} contacts would be made; {linked} relations are linked already."
        ).format(companies=foreseen.companies, contacts=foreseen.contacts, linked=foreseen.linked)
    ]
    if foreseen.losses:
        lines.append(_("What does not carry over (relations):"))
        for what, count in foreseen.losses.items():
            lines.append(f"  {words.lost(what)}: {count}")
            lines += [f"    {why}" for why in foreseen.reasons.get(what, ())]
    if foreseen.skipped:
        lines.append(_("Not imported (relations):"))
        lines += [f"  {words.left_out(why)}: {count}" for why, count in foreseen.skipped.items()]
    return [plain(line) for line in (*lines, *foreseen.notes)]


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
    from octowizard.onboarding.steps.registry import action_of

    previewed = action_of(step) == "preview-and-sync"
    if previewed:
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
        if previewed
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
