"""The automatic route: what Teamleader's import of a segment would do by every criterion, and what it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from octowizard.customers.segment import in_words, notes
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.presentation.blocks import Block, Item, Page, Tone, listed
from octowizard.presentation.confirmation import more
from octowizard.presentation.pairs import SHOWN

if TYPE_CHECKING:
    from octowizard.customers.route import Compared, Prediction
    from octowizard.customers.segment import Foretold, Segment, Suggested
    from octowizard.customers.simulate import Outcome


def no_csv(path: str) -> str:
    """What is said of a file to be written that does not end as the import wants it."""
    return _("{path} must end with .csv.").format(path=path)


def foretold(
    segment: Segment, result: Foretold, irreversible: Iterable[str], written: Iterable[str] = ()
) -> Page:
    """Every criterion with its figures, the best one, its wrong edits and additions, and what can't be undone."""
    lines, best = segment.cleaned.lines, result.best
    names = {line.number: line.name for line in lines}
    blocks: list[Block] = []
    if best is not None:
        choose = _("{criterion} ({id})").format(criterion=in_words(best.criterion), id=best.criterion.id)
        blocks += listed(_("Choose"), (choose,), "head")
    blocks += [_figures(outcome, best=outcome is best) for outcome in result.outcomes]
    blocks += listed(_("Take care"), (*segment.reading.notes, *notes(segment.cleaned)), "warn")
    if best is not None:
        if best.name_only:
            text = ngettext(
                "{count} of its edits rests on the name alone: look at it before the import; it is for good.",
                "{count} of its edits rest on the name alone: look at them before the import; they are for good.",
                len(best.name_only),
            )
            blocks += listed("", (text.format(count=count(len(best.name_only))),), "warn")
        text = _("{name} would change {was}, another firm by its VAT number")
        wrong = [text.format(name=names[edit.line], was=edit.was) for edit in best.wrong[:SHOWN]]
        blocks += listed(_("Wrong"), wrong, "bad")
        blocks += listed(_("Added"), _rows(best.added, names))
    blocks += [*listed(_("For good"), irreversible, "warn"), *listed(_("Written"), written, "head")]
    title = ngettext(
        "{count} row would meet {companies} companies",
        "{count} rows would meet {companies} companies",
        len(lines),
    ).format(count=count(len(lines)), companies=count(len(segment.stay)))
    return Page(mark="✔" if best is not None and not best.wrong else "▲", title=title, blocks=tuple(blocks))


def _figures(outcome: Outcome, *, best: bool) -> Block:
    figures = _("edited {edited} · added {added} · wrong {wrong}").format(
        edited=count(len(outcome.edited)), added=count(len(outcome.added)), wrong=count(len(outcome.wrong))
    )
    tone: Tone = "head" if best else "bad" if outcome.wrong else "text"
    return Item(f"{figures}   {in_words(outcome.criterion)}", "→" if best else "·", tone)


def _rows(numbers: tuple[int, ...] | list[int], names: Mapping[int, str]) -> list[str]:
    """The names of the first rows, and how many more there are."""
    rest = len(numbers) - SHOWN
    return [*(names[number] for number in numbers[:SHOWN]), *([more(rest)] if rest > 0 else [])]


def compared(result: Compared, prediction: Prediction, suggested: Mapping[str, Suggested], hint: str) -> Page:
    """Whether the import did what was foretold, and whom it added, with whom each may be merged, and how."""
    names = {line.number: line.name for line in prediction.lines}
    title = (
        _("The import did what was foretold.")
        if result.as_foretold
        else _("The import did something else than was foretold.")
    )
    figures = _("edited {edited} · added {added}").format(
        edited=count(result.edited), added=count(len(result.added))
    )
    merges = []
    for added in result.added[:SHOWN]:
        other = suggested.get(added.key)
        merges.append(f"{added.name}  ≈ {other.name}" if other else added.name)
    blocks = [
        *listed(_("It did"), (figures,), "head"),
        *listed(_("Fits"), result.fits),
        *listed(_("Not edited"), _rows(result.unexpected, names), "warn"),
        *listed(_("Not added"), _rows(result.missing, names), "warn"),
        *listed(_("To merge"), merges),
        *listed("", (hint if result.added else "",), "soft"),
    ]
    return Page(mark="✔" if result.as_foretold else "▲", title=title, blocks=tuple(blocks))
