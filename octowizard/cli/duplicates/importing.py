"""`octowizard duplicates import`: links the relations that Teamleader has already, and imports only the rest."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from octowizard.cli import accounts
from octowizard.cli.arguments import formatted
from octowizard.cli.console import Console, plain
from octowizard.cli.duplicates import writing
from octowizard.cli.exits import ATTENTION, WELL
from octowizard.cli.watching import reporting, watched
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from octowizard.cli.wanted import Wanted
    from octowizard.customers import importing, smart
    from octowizard.session.session import Session

NAME: Final = "import"
_SHOWN = 20


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """The subcommand and its options."""
    parser = commands.add_parser(
        NAME,
        parents=[common],
        help=_("link what is the same on both sides, import only the rest"),
        description=_(
            "Smart import: the active clients of Octopus that surely are a customer of Teamleader are linked with\n"
            "it, doubtful ones wait for your answer (`duplicates answer`), and only the others become companies,\n"
            "tagged `Octopus Import`, private persons contacts. Shows what it would do, and asks, unless told --yes."
        ),
        epilog=_(
            """with --json, one object:
  {"schema": 1, "command": "duplicates import", "written": whether it was more than a preview,
   "counts": {"same", "doubtful", "held", "new", "companies", "contacts", "linked_before"},
   "same", "doubtful": [{"relation", "name", "customer", "customer_name", "score", "why": []}],
   "held": [{"relation", "name", "why"}], "losses": {what: relations}, "skipped": {why: relations},
   "not_carried": [{"relation", "name", "losses": [{"what", "value", "why"}]}],
   "result": null, or {"outcome": complete|attention|cancelled|unreachable, "linked", "made", "found",
     "failed": [{"relation", "name", "why"}], "left", "in_doubt", "seconds"}}

Ctrl-C ends after the writes in flight; begun again, it goes on where it ended and makes nobody twice.

exit codes: 0 all well, 1 something needs attention, 3 could not tell, 130 interrupted"""
        ),
        formatter_class=formatted(),
        allow_abbrev=False,
    )
    parser.add_argument("--yes", action="store_true", help=_("do not ask first (for scripts)"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object on stdout (see below)"))


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Preview, ask, import. The exit code."""
    with accounts.chosen(wanted, console) as session:
        return import_new(arguments, session, console)


def import_new(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """The same, with accounts that are open already: the set-up does it as one of its steps."""
    duplicates, report = session.duplicates, reporting(console)
    foreseen = watched(lambda _stop: duplicates.smart_preview(report), looking=True)
    lost = list(_lost(session, foreseen)) if arguments.json else []
    if not arguments.json:
        for line in _lines(foreseen):
            console.line(line)
    writes = bool(foreseen.sorting.same or foreseen.imports.total)
    ended = None
    if not writes and not arguments.json:
        console.note(_("There is nothing to link or import."))
    agreed = (
        writing.may(console, _question(foreseen), yes=arguments.yes, as_json=arguments.json)
        if writes
        else arguments.yes  # what an earlier import left in doubt is settled
    )
    if agreed:
        ended = watched(lambda stop: duplicates.smart_import(_teller(console), stop, report))
    console.close()
    if arguments.json:
        _tell_json(console, foreseen, ended, lost)
    elif ended is not None:
        console.line(_said(ended))
    if ended is not None:
        return writing.CODES[ended.outcome]
    return ATTENTION if foreseen.sorting.doubtful or foreseen.sorting.held else WELL


def _lost(session: "Session", foreseen: "smart.Preview") -> "Iterator[dict[str, Any]]":
    """What does not carry over, relation by relation."""
    from octowizard.customers import importing
    from octowizard.customers.company import Draft

    with session.workspace() as workspace:
        drafts = list(importing.drafts(workspace, foreseen.imports.default_term, foreseen.sorting.new))
    for draft in drafts:
        if isinstance(draft, Draft) and draft.losses:
            yield {"relation": draft.relation, "name": draft.name, "losses": draft.losses}


def _question(foreseen: "smart.Preview") -> str:
    same, new = len(foreseen.sorting.same), foreseen.imports.total
    return _("Link {same} and import {new} now? [y/N]").format(same=same, new=new)


def _teller(console: Console) -> "importing.Tell":
    from octowizard.customers import importing

    def tell(step: "importing.Step") -> None:
        if isinstance(step, importing.Progress):
            if step.phase == "importing":
                said = _("importing: {done} of {total}").format(done=step.done, total=step.total)
                console.progress(f"{said}  {writing.minutes(step.seconds_left)}".rstrip())
        elif isinstance(step, importing.Failed):
            console.note(plain(f"✖ {step.relation} {step.name}: {step.why}"))

    return tell


def _lines(foreseen: "smart.Preview") -> list[str]:
    from octowizard.onboarding import words

    sorting, imports = foreseen.sorting, foreseen.imports
    lines = [
        _("the same, to be linked: {count}").format(count=len(sorting.same)),
        _("doubtful, to be answered first: {count}").format(count=len(sorting.doubtful)),
        _("held back: {count}").format(count=len(sorting.held)),
        _("new, to be imported: {companies} companies, {contacts} contacts").format(
            companies=imports.companies, contacts=imports.contacts
        ),
        _("linked before: {count}").format(count=imports.linked),
    ]
    lines += [
        f"  ? octopus/{p.relation} {p.name} · teamleader/{p.customer} {p.customer_name}"
        for p in sorting.doubtful[:_SHOWN]
    ]
    if len(sorting.doubtful) > _SHOWN:
        lines.append(_("  … and {count} more").format(count=len(sorting.doubtful) - _SHOWN))
    lines += [f"  – {held.relation} {held.name}: {held.why}" for held in sorting.held[:_SHOWN]]
    if imports.total and imports.losses:
        lines.append(_("What does not carry over (relations):"))
        for what, count in imports.losses.items():
            lines.append(f"  {words.lost(what)}: {count}")
            lines += [f"    {why}" for why in imports.reasons.get(what, ())]
    if imports.total:
        lines += imports.notes
        if imports.seconds:
            lines.append(writing.minutes(imports.seconds))
    return [plain(line) for line in lines]


def _said(ended: "smart.Done") -> str:
    imported = ended.imported
    text = ngettext("{count} linked", "{count} linked", ended.linked).format(count=ended.linked)
    rest = _("{made} made, {found} found, {failed} refused, {left} left.").format(
        made=imported.made, found=imported.found, failed=len(imported.failed), left=imported.left
    )
    return " ".join(part for part in (f"{text}, {rest}", plain(imported.message)) if part)


def _tell_json(
    console: Console,
    foreseen: "smart.Preview",
    ended: "smart.Done | None",
    lost: "list[dict[str, Any]]",
) -> None:
    import msgspec

    sorting, imports = (ended.sorting if ended else foreseen.sorting), foreseen.imports
    result: dict[str, Any] | None = None
    if ended is not None:
        made = ended.imported
        result = {
            "outcome": ended.outcome,
            "linked": ended.linked,
            "made": made.made,
            "found": made.found,
            "failed": [{"relation": f.relation, "name": f.name, "why": f.why} for f in made.failed],
            "left": made.left,
            "in_doubt": made.in_doubt,
            "seconds": made.seconds,
        }
    told = {
        "schema": 1,
        "command": f"duplicates {NAME}",
        "written": ended is not None,
        "counts": {
            "same": len(sorting.same),
            "doubtful": len(sorting.doubtful),
            "held": len(sorting.held),
            "new": len(sorting.new),
            "companies": imports.companies,
            "contacts": imports.contacts,
            "linked_before": imports.linked,
        },
        "same": sorting.same,
        "doubtful": sorting.doubtful,
        "held": sorting.held,
        "losses": imports.losses,
        "skipped": imports.skipped,
        "not_carried": lost,
        "result": result,
    }
    console.json(msgspec.json.encode(told))
