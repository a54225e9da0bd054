"""What is known about a row or a group of a run, as labelled lines: for the side pane, for copying, for a file.

The words come from the engine's `Explanation` and, where the problem has a card, from the explainer; here they
only get their labels and their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.app.run_state import Row, RunState, Section
from octowizard.locale import _, ngettext
from octowizard.locale.counted import counted
from octowizard.locale.formats import amount, count, day
from octowizard.presentation.blocks import Block, Entry, Page
from octowizard.presentation.detail import failure

if TYPE_CHECKING:
    from octowizard.problems.explain import Explained
    from octowizard.sync.events import Document


def title_of(line: Row | Section) -> tuple[str, str]:
    """The mark and the first line."""
    if isinstance(line, Section):
        return line.mark, line.title
    if line.explanation is not None:
        return line.mark, " ".join(part for part in (line.name, line.explanation.title) if part)
    status = {"excluded": _("excluded"), "booked": line.status}.get(line.state, line.status)
    return line.mark, f"{line.name}  {status}".strip()


def _document(document: Document) -> str:
    kind = _("Invoice") if document.kind == "invoice" else _("Credit note")
    return _("{kind} of {day}, {amount}, VAT included").format(
        kind=kind, day=day(document.date), amount=amount(document.amount, document.currency)
    )


def _common_evidence(section: Section) -> tuple[str, ...]:
    """Of the evidence of a group, what is true of all its documents."""
    whys = [row.explanation for row in section.rows if row.explanation is not None]
    said = section.explanation.evidence if section.explanation else ()
    return tuple(line for line in said if all(line in why.evidence for why in whys))


def details(line: Row | Section, *, dry_run: bool, explained: Explained | None = None) -> list[Block]:
    """Everything that is known, worth most first. `explained`: the causes of its problem, once looked at."""
    if isinstance(line, Section):
        found: list[Block] = []
        if line.explanation is not None:
            found = failure(line.explanation, _common_evidence(line), explained)
        if not line.rows:
            return found
        return [*found, Entry(_("Concerns"), counted("document", len(line.rows)))]
    found = [Entry(_("Customer"), line.customer)]
    if line.document is not None:
        found.append(Entry(_("Document"), _document(line.document)))
    if line.explanation is not None:
        found = failure(line.explanation, line.explanation.evidence, explained) + found
    if line.note:
        label = {"question": _("Question"), "excluded": _("Reason")}.get(line.state, _("Note"))
        found.insert(0, Entry(label, line.note, "head" if line.state == "question" else "text"))
    if line.booked is not None:
        found.insert(0, _booking(line, dry_run))
    if line.payment:
        found.append(Entry(_("Payment"), line.payment))
    if line.waits_for:
        text = _("numbers must follow each other without a gap, so {number} has to be booked first")
        found.insert(0, Entry(_("Waits"), text.format(number=line.waits_for)))
    if line.blocks:
        text = ngettext(
            "{count} later document waits for this one",
            "{count} later documents wait for this one",
            line.blocks,
        )
        found.append(Entry(_("Holds up"), text.format(count=count(line.blocks)), "warn"))
    if line.document is not None and line.document.web_url:
        found.append(Entry(_("Address"), line.document.web_url, "soft"))
    return found


def _booking(line: Row, dry_run: bool) -> Entry:
    booked = line.booked
    assert booked is not None
    where = _("{journal}/{number}, period {period}").format(
        journal=booked.journal, number=booked.number, period=booked.period
    )
    if booked.found:
        return Entry(_("Booking"), _("{where}; it already stood there").format(where=where))
    return Entry(_("Would be") if dry_run else _("Booking"), where)


def page(line: Row | Section, *, dry_run: bool, explained: Explained | None = None) -> Page:
    """All of it, with the rows of a group for copies."""
    mark, title = title_of(line)
    rows = line.rows if isinstance(line, Section) else []
    document = line.document if isinstance(line, Row) else None
    return Page(
        mark=mark,
        title=title,
        blocks=tuple(details(line, dry_run=dry_run, explained=explained)),
        under=tuple(f"  {row.mark} {row.name}  {row.customer}  {row.status}" for row in rows),
        address=(document.web_url or "") if document is not None else "",
    )


def stuck(state: RunState) -> int:
    """Documents that stay behind; a customer that fails has a row too, but is none."""
    rows = (row for row in state.rows.values() if row.document is not None)
    return sum(1 for row in rows if row.state in ("failing", "blocked", "unpaid"))
