"""What is known about a row or a group, as labelled lines: for the side pane, for copying, for a file.

The words come from the engine's `Explanation`; here they only get their labels and their place.
"""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from octowizard.app.content import content, wrapped
from octowizard.app.run_state import Row, Section
from octowizard.locale import _, ngettext
from octowizard.locale.formats import amount, count, day
from octowizard.sync.events import Document, Explanation

Labelled = list[tuple[str, str, str]]  # label, text, style of the text

STYLES = {
    "✔": "$success",
    "✖": "$error",
    "▲": "$warning",
    "○": "$foreground",
    "–": "$soft",
}


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


def _because(explanation: Explanation, evidence: tuple[str, ...]) -> Labelled:
    found: Labelled = [(_("Evidence"), line, "") for line in evidence[:1]]
    found += [("", line, "") for line in evidence[1:]]
    found += [(_("What to do"), line, "bold") for line in explanation.fix[:1]]
    found += [("", line, "bold") for line in explanation.fix[1:]]
    if explanation.fixed_when:
        found.append((_("Fixed when"), explanation.fixed_when, ""))
    if explanation.vendor_text:
        who = _("{vendor} says").format(vendor=explanation.vendor or _("The vendor"))
        code = f"({explanation.vendor_code}) " if explanation.vendor_code is not None else ""
        found.append((who, f"{code}{explanation.vendor_text}", "italic"))
    return found


def details(line: Row | Section, *, dry_run: bool) -> Labelled:
    """Everything that is known, worth most first."""
    if isinstance(line, Section):
        found: Labelled = []
        if line.explanation is not None:
            found = _because(line.explanation, _common_evidence(line))
        if not line.rows:
            return found
        said = ngettext("{count} document", "{count} documents", len(line.rows)).format(
            count=count(len(line.rows))
        )
        return [*found, (_("Concerns"), said, "")]
    found = [(_("Customer"), line.customer, "")]
    if line.document is not None:
        found.append((_("Document"), _document(line.document), ""))
    if line.explanation is not None:
        found = _because(line.explanation, line.explanation.evidence) + found
    if line.note:
        label = {"question": _("Question"), "excluded": _("Reason")}.get(line.state, _("Note"))
        found.insert(0, (label, line.note, "bold" if line.state == "question" else ""))
    if line.booked is not None:
        found.insert(0, _booking(line, dry_run))
    if line.payment:
        found.append((_("Payment"), line.payment, ""))
    if line.waits_for:
        text = _("numbers must follow each other without a gap, so {number} has to be booked first")
        found.insert(0, (_("Waits"), text.format(number=line.waits_for), ""))
    if line.blocks:
        text = ngettext(
            "{count} later document waits for this one",
            "{count} later documents wait for this one",
            line.blocks,
        )
        found.append((_("Holds up"), text.format(count=count(line.blocks)), "$warning"))
    if line.document is not None and line.document.web_url:
        found.append((_("Address"), line.document.web_url, "$soft"))
    return found


def _booking(line: Row, dry_run: bool) -> tuple[str, str, str]:
    booked = line.booked
    assert booked is not None
    where = _("{journal}/{number}, period {period}").format(
        journal=booked.journal, number=booked.number, period=booked.period
    )
    if booked.found:
        return (_("Booking"), _("{where}; it already stood there").format(where=where), "")
    return (_("Would be") if dry_run else _("Booking"), where, "")


def drawn(line: Row | Section, width: int, *, dry_run: bool) -> Content:
    """The whole explanation on `width` columns, the texts in a column of their own."""
    mark, title = title_of(line)
    found: list[Content] = []
    heads = wrapped(title, max(10, width - 2))
    found.append(content((f"{mark} ", STYLES.get(mark, "")), (heads[0], "bold")))
    found += [content("  ", (head, "bold")) for head in heads[1:]]
    entries = details(line, dry_run=dry_run)
    column = min(16, max((cell_len(label) for label, _text, _style in entries), default=0) + 2)
    for label, text, style in entries:
        pieces = wrapped(text, max(10, width - 2 - column))
        first = label + " " * (column - cell_len(label))
        for number, piece in enumerate(pieces):
            lead = first if number == 0 else " " * column
            found.append(content("  ", (lead, "$soft"), (piece, style) if style else piece))
    return Content("\n").join(found)


def as_text(line: Row | Section, *, dry_run: bool) -> str:
    """The same for a mail or a ticket: plain lines, letter for letter as they came."""
    mark, title = title_of(line)
    found = [f"{mark} {title}"]
    for label, text, _style in details(line, dry_run=dry_run):
        found.append(f"{label}: {text}" if label else f"  {text}")
    if isinstance(line, Section):
        found += [f"  {row.mark} {row.name}  {row.customer}  {row.status}" for row in line.rows]
    return "\n".join(found) + "\n"
