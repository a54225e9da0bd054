"""`octowizard duplicates merge`: makes one of two companies where the API is enough, with an undo pack first."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from octowizard.cli import accounts
from octowizard.cli.arguments import add_json, add_part, add_yes, paragraphs
from octowizard.cli.console import Console, plain
from octowizard.cli.duplicates import writing
from octowizard.cli.exits import ATTENTION, WELL
from octowizard.cli.watching import reporting, watched
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.customers import merging
    from octowizard.session.session import Session

NAME: Final = "merge"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The subcommand and its options."""
    parser = add_part(
        commands,
        common,
        NAME,
        _("make one of two companies where the API is enough"),
        _(
            "Merges bare duplicates in Teamleader: companies with the tag `Octopus Import` that no document hangs\n"
            "on, and that surely are another company there (or that you called the same). The survivor's blanks\n"
            "are filled, tags, e-mail addresses, telephones and addresses united, contacts moved; then the bare one\n"
            "is deleted. An undo pack is written first (`duplicates undo`). Of a company that is there more than\n"
            "twice the same one stays for all the others. Never with two VAT numbers, never on a\n"
            "name alone. Whatever needs Teamleader's own merge is listed with the reason."
        ),
        paragraphs(
            """with --json, one object:
  {"schema": 1, "command": "duplicates merge", "written": whether it was more than a preview,
   "pairs": [{"survivor", "gone", "name", "why": [], "fills": [{"field", "value"}],
     "conflicts": [{"field", "kept", "lost"}], "contacts": how many, "relation", "warnings": []}],
   "not_merged": [{"survivor", "gone", "name", "obstacle", "why", "vendor_text"}],
   "unfinished": merges that were cut off,
   "result": null, or {"outcome": complete|attention|cancelled|unreachable,
     "merged": [{"pack", "survivor", "gone", "name"}], "left"}}
  obstacle: same_record, vat_veto, name_alone, not_imported, documents, related_companies, two_relations,
  deactivated, changed, gone, refused""",
            _("exit codes: 0 all well, 1 something needs attention, 3 could not tell, 130 interrupted"),
        ),
    )
    parser.add_argument(
        "--pair",
        nargs=2,
        action="append",
        default=[],
        metavar=("ID", "ID"),
        help=_("only these two companies of Teamleader"),
    )
    add_yes(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Look, ask, merge. The exit code."""
    with accounts.chosen(wanted, console) as session:
        return merge(session, console, arguments.pair, yes=arguments.yes, as_json=arguments.json)


def merge(
    session: "Session",
    console: Console,
    wanted: "Sequence[tuple[str, str]]" = (),
    *,
    yes: bool = False,
    as_json: bool = False,
) -> int:
    """The same, with accounts that are open already: the set-up does it as one of its steps."""
    from octowizard.customers import merging
    from octowizard.presentation import json_output
    from octowizard.presentation.pairs import merged

    duplicates = session.duplicates

    def looking(at: "merging.Progress") -> None:
        console.progress(_("looking at pairs: {done} of {total}").format(done=at.done, total=at.total))

    candidates, planned, unfinished = watched(
        lambda stop: duplicates.merge_plans(looking, stop, pairs=wanted, report=reporting(console)),
        looking=True,
    )
    plans = [plan for plan in planned if isinstance(plan, merging.Plan)]
    blocked = [plan for plan in planned if isinstance(plan, merging.NotMerged)]
    pairs = [one for one, plan in zip(candidates, planned, strict=False) if isinstance(plan, merging.Plan)]
    whys = {one.gone: one.why for one in candidates}
    if not as_json:
        _show(console, plans, blocked, unfinished)
    ended = None
    if (pairs or unfinished) and writing.may(
        console, _question(len(pairs), unfinished), yes=yes, as_json=as_json
    ):
        ended = watched(lambda stop: duplicates.merge(pairs, _teller(console), stop))
    console.close()
    if ended is not None:
        blocked += ended.not_merged
    if as_json:
        body = json_output.merge(plans, whys, blocked, ended, unfinished)
        console.json(json_output.encoded(body, command=f"duplicates {NAME}"))
    elif ended is not None:
        console.page(merged(ended, _("octowizard duplicates undo takes the last merge back.")))
    if ended is not None and ended.outcome != "complete":
        return writing.CODES[ended.outcome]
    return ATTENTION if blocked else WELL


def _question(pairs: int, unfinished: int) -> str:
    if not pairs:
        return _("End what was cut off ({count}) now?").format(count=unfinished)
    return ngettext("Merge {count} pair?", "Merge {count} pairs?", pairs).format(count=pairs)


def _teller(console: Console) -> "Any":
    from octowizard.customers import merging
    from octowizard.presentation.pairs import not_merged

    def tell(step: "merging.Step") -> None:
        if isinstance(step, merging.Progress):
            console.progress(_("merging: {done} of {total}").format(done=step.done, total=step.total))
        elif isinstance(step, merging.NotMerged):
            console.note(plain(f"✖ {not_merged(step)}"))
        else:
            console.note(
                plain(_("✔ {name}: undo with duplicates undo {pack}").format(name=step.name, pack=step.pack))
            )

    return tell


def _show(
    console: Console, plans: "Sequence[merging.Plan]", blocked: "Sequence[merging.NotMerged]", unfinished: int
) -> None:
    from octowizard.presentation.pairs import merge_question, nothing_to_merge

    if plans or blocked:
        console.show(merge_question(plans, blocked, ids=True).blocks)
    if unfinished:
        console.note(
            ngettext(
                "{count} merge was cut off, and is ended first.",
                "{count} merges were cut off, and are ended first.",
                unfinished,
            ).format(count=unfinished)
        )
    if not plans and not blocked and not unfinished:
        console.note(nothing_to_merge())
