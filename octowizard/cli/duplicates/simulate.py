"""`octowizard duplicates simulate`: what Teamleader's import would do for every criterion; afterwards, what it did."""

import argparse
from typing import TYPE_CHECKING, Any, Final

from octowizard.cli import accounts
from octowizard.cli.arguments import formatted
from octowizard.cli.console import Console, plain
from octowizard.cli.duplicates import segment
from octowizard.cli.exits import ATTENTION, WELL, Usage
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from octowizard.cli.wanted import Wanted
    from octowizard.customers.route import Compared, Prediction
    from octowizard.customers.segment import Segment, Suggested
    from octowizard.customers.simulate import Outcome
    from octowizard.matching.record import Customer
    from octowizard.session.session import Session
    from octowizard.workspace.db import Workspace

NAME: Final = "simulate"
_SHOWN = 20


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """The subcommand and its options."""
    parser = commands.add_parser(
        NAME,
        parents=[common],
        help=_("what importing a segment export would do, for every matching criterion"),
        description=_(
            "Foretells, before anything is deleted, how many companies Teamleader's import would edit and add for\n"
            "every criterion, which ones, and which edits would hit another firm; names the best criterion. With\n"
            "--compare, after the import: whether it did what was foretold, and whom it added, to merge by hand."
        ),
        epilog=_(
            """with --json, one object:
  {"schema": 1, "command": "duplicates simulate", "rows", "companies": those that stay, "recommended": id or null,
   "outcomes": [{"criterion": id, "how": all|any, "fields": [], "edited", "added", "wrong", "name_only": how many,
     "edits": [{"row", "name", "company", "was", "wrong", "name_only"}], "additions": [{"row", "name"}]}],
   "notes": [], "irreversible": [], "kept": whether it was kept, to compare with}
  with --compare: {"schema": 1, "command": "duplicates simulate", "criterion", "as_foretold", "edited",
   "added": [{"id", "name", "row", "foretold", "suggested": {"id", "name", "zone"} or null}],
   "unexpected": [rows], "missing": [rows], "fits": [criteria], "gone": [ids]}
  row: number below the titles, from 1; company: Teamleader's id, or row/N for one that row N adds

exit codes: 0 well, 1 every criterion has a wrong edit, or the import did something else, 2 wrong usage or file,
3 could not tell"""
        ),
        formatter_class=formatted(),
        allow_abbrev=False,
    )
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help=_("the segment export; with --compare an export of all companies after the import, if wanted"),
    )
    parser.add_argument(
        "--compare", action="store_true", help=_("after the import: hold it against what was foretold")
    )
    parser.add_argument(
        "--criterion",
        metavar="ID",
        default="",
        help=_("the one that was chosen (default: the recommended one)"),
    )
    segment.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help=_("one JSON object on stdout (see below)"))


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Foretell, or compare. The exit code."""
    if arguments.compare:
        return _compare(arguments, wanted, console)
    if arguments.file is None:
        raise Usage(_("Name the segment export: octowizard duplicates simulate FILE."))
    return _foretell(arguments, wanted, console)


# --- before ----------------------------------------------------------------------------------------------


def _foretell(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    import msgspec

    from octowizard.customers import route
    from octowizard.customers.segment import Foretold, foretell, keep, notes

    with segment.opened(arguments, wanted, console, needed=True) as (found, workspace):
        lines = found.cleaned.lines
        foretold = foretell(found)
        if arguments.criterion:
            chosen = _chosen(arguments.criterion, foretold.outcomes)
            foretold = Foretold([chosen], chosen)
        outcomes, best = foretold
        kept = workspace is not None and not wanted.scenario and best is not None
        if kept and workspace is not None:
            keep(workspace, arguments.file, found, foretold)
    irreversible = route.irreversible(len(found.cleaned.deleted) or len(lines))
    if arguments.json:
        names = {line.number: line.name for line in lines}
        told = {
            "schema": 1,
            "command": f"duplicates {NAME}",
            "rows": len(lines),
            "companies": len(found.stay),
            "recommended": best.criterion.id if best else None,
            "outcomes": [_in_json(outcome, names) for outcome in outcomes],
            "notes": notes(found.cleaned),
            "irreversible": irreversible,
            "kept": kept,
        }
        console.json(msgspec.json.encode(told))
    else:
        _tell(console, found, outcomes, best)
        if not arguments.align:
            console.note(
                _(
                    "With --align, rows that surely are a company are written just as it: fewer are then added."
                )
            )
        for sentence in irreversible:
            console.note(f"▲ {sentence}")
    return WELL if best is not None and not best.wrong else ATTENTION


def _chosen(criterion: str, outcomes: "list[Outcome]") -> "Outcome":
    for outcome in outcomes:
        if outcome.criterion.id == criterion:
            return outcome
    raise Usage(
        _("There is no criterion “{name}” for this file; there are: {names}.").format(
            name=plain(criterion), names=", ".join(outcome.criterion.id for outcome in outcomes)
        )
    )


def _in_json(outcome: "Outcome", names: dict[int, str]) -> dict[str, Any]:
    return {
        "criterion": outcome.criterion.id,
        "how": outcome.criterion.how,
        "fields": outcome.criterion.fields,
        "edited": len(outcome.edited),
        "added": len(outcome.added),
        "wrong": len(outcome.wrong),
        "name_only": len(outcome.name_only),
        "edits": [
            {
                "row": edit.line,
                "name": names[edit.line],
                "company": edit.company,
                "was": edit.was,
                "wrong": edit.wrong,
                "name_only": edit.name_only,
            }
            for edit in outcome.edited
        ],
        "additions": [{"row": number, "name": names[number]} for number in outcome.added],
    }


def _tell(console: Console, found: "Segment", outcomes: "list[Outcome]", best: "Outcome | None") -> None:
    from octowizard.customers.segment import in_words, notes

    names = {line.number: line.name for line in found.cleaned.lines}
    console.note(
        _("{rows} rows would meet the {count} companies that stay.").format(
            rows=len(names), count=len(found.stay)
        )
    )
    for note in notes(found.cleaned):
        console.note(f"▲ {note}")
    console.line(
        f"{_('the same must be'):42} {_('edited'):>8} {_('added'):>8} {_('wrong'):>8} {_('name only'):>10}"
    )
    for outcome in outcomes:
        mark = "→" if outcome is best else " "
        title = f"{mark} {in_words(outcome.criterion)}"
        console.line(
            f"{title:42} {len(outcome.edited):8} {len(outcome.added):8} {len(outcome.wrong):8} "
            f"{len(outcome.name_only):10}"
        )
    if best is None:
        return
    console.line()
    console.line(
        _("Recommended: {criterion}  ({id})").format(criterion=in_words(best.criterion), id=best.criterion.id)
    )
    if best.name_only:
        console.note(
            ngettext(
                "▲ {count} of its edits rests on the name alone: look at it before the import; it is for good.",
                "▲ {count} of its edits rest on the name alone: look at them before the import; they are for good.",
                len(best.name_only),
            ).format(count=len(best.name_only))
        )
    for edit in best.wrong[:_SHOWN]:
        text = _("row {row}, {name}, would change {was}, another firm by its VAT number")
        console.line("  ✖ " + text.format(row=edit.line, name=plain(names[edit.line]), was=plain(edit.was)))
    for number in best.added[:_SHOWN]:
        console.line(
            "  + " + _("row {row}, {name}, would be added").format(row=number, name=plain(names[number]))
        )
    if len(best.added) > _SHOWN:
        console.line("  " + _("and {count} more: --json has them all").format(count=len(best.added) - _SHOWN))


# --- after -----------------------------------------------------------------------------------------------


def _compare(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    import msgspec

    from octowizard.customers import route
    from octowizard.customers.segment import kept, suggestions

    with accounts.chosen(wanted, console) as session, session.workspace() as workspace:
        prediction = kept(workspace)
        if prediction is None:
            raise Usage(
                _("Nothing was foretold yet: `octowizard duplicates simulate FILE` does, before the import.")
            )
        after = _after(arguments, session, workspace, console)
        criterion = arguments.criterion
        if criterion:
            _chosen(criterion, list(prediction.outcomes))
        compared = route.compare(prediction, after, criterion)
    suggested = suggestions(compared, after)
    if arguments.json:
        told = {
            "schema": 1,
            "command": f"duplicates {NAME}",
            "criterion": compared.criterion,
            "as_foretold": compared.as_foretold,
            "edited": compared.edited,
            "added": [
                {
                    "id": one.key,
                    "name": one.name,
                    "row": one.line or None,
                    "foretold": one.foretold,
                    "suggested": suggested.get(one.key),
                }
                for one in compared.added
            ],
            "unexpected": compared.unexpected,
            "missing": compared.missing,
            "fits": compared.fits,
            "gone": compared.gone,
        }
        console.json(msgspec.json.encode(told))
    else:
        _tell_compared(console, prediction, compared, suggested)
    return WELL if compared.as_foretold else ATTENTION


def _after(
    arguments: argparse.Namespace,
    session: "Session",
    workspace: "Workspace",
    console: Console,
) -> "list[Customer]":
    if arguments.file is None:
        return segment.everybody(arguments, session, workspace, console)
    from pathlib import Path

    from octowizard.customers import exports

    export = exports.read(Path(arguments.file), arguments.sheet)
    if "id" not in export.fields:
        raise Usage(
            _("{file} has no column Teamleader ID: export it with that column.").format(file=export.name)
        )
    return export.customers


def _tell_compared(
    console: Console, prediction: "Prediction", compared: "Compared", suggested: "dict[str, Suggested]"
) -> None:
    names = {line.number: line.name for line in prediction.lines}
    if compared.as_foretold:
        console.line("✔ " + _("The import did what was foretold for {id}.").format(id=compared.criterion))
    else:
        console.line(
            "▲ " + _("The import did something else than foretold for {id}.").format(id=compared.criterion)
        )
        if compared.fits:
            text = _("It did what was foretold for: {ids}.")
            console.line("  " + text.format(ids=", ".join(compared.fits)))
        for number in compared.unexpected:
            console.line(
                "  " + _("row {row}, {name}: added, not edited").format(row=number, name=plain(names[number]))
            )
        for number in compared.missing:
            console.line(
                "  " + _("row {row}, {name}: not added").format(row=number, name=plain(names[number]))
            )
    console.line(
        _("edited: {edited}   added: {added}").format(edited=compared.edited, added=len(compared.added))
    )
    if compared.added:
        console.line(_("To merge by hand, with Actions > Merge in Teamleader:"))
    for one in compared.added:
        other = suggested.get(one.key)
        hint = f"  ≈ {plain(other.name)}" if other else ""
        console.line(f"  {plain(one.name)}  ({one.key}){hint}")
