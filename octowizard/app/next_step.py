"""What a run came to, what to do next, and the summary that is confirmed before anything is written."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from octowizard.app.content import cell, content, wrapped
from octowizard.app.run_state import RunState, journal_sums
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.sentences import outcome
from octowizard.locale import _, ngettext
from octowizard.locale.formats import amount, count, duration, moment

if TYPE_CHECKING:
    from octowizard.sync.events import RunFinished


def _figures(done: RunFinished) -> str:
    parts = [
        (done.booked, ngettext("{count} document", "{count} documents", done.booked)),
        (
            done.relations_created,
            ngettext("{count} new relation", "{count} new relations", done.relations_created),
        ),
        (
            done.payments_registered + done.payments_mirrored,
            ngettext(
                "{count} payment", "{count} payments", done.payments_registered + done.payments_mirrored
            ),
        ),
    ]
    return ", ".join(text.format(count=count(number)) for number, text in parts if number)


def _not_booked(state: RunState) -> int:
    """Documents that stay behind; a customer that fails has a row too, but is none."""
    rows = (row for row in state.rows.values() if row.document is not None)
    return sum(1 for row in rows if row.state in ("failing", "blocked", "unpaid"))


def has_work(state: RunState | None) -> bool:
    """Would a sync write anything?"""
    done = state.finished if state else None
    return done is not None and bool(
        done.booked
        or done.relations_created
        or done.payments_registered
        or done.payments_mirrored
        or done.relations_linked
    )


def previewed(state: RunState, *, writes: bool) -> tuple[str, str, str]:
    """Mark, verdict and next step after a preview. `writes`: this profile may write at all."""
    done = state.finished
    assert done is not None
    figures = _figures(done)
    stuck = _not_booked(state)
    if done.outcome in ("refused", "unreachable", "cancelled"):
        return finished(state, None)
    if stuck:
        verdict = ngettext(
            "{count} document cannot be booked yet.", "{count} documents cannot be booked yet.", stuck
        ).format(count=count(stuck))
        if figures:
            verdict = _("a sync would write {figures}.").format(figures=figures) + " " + verdict
    elif figures:
        verdict = _("a sync would write {figures}. Nothing stands in the way.").format(figures=figures)
    else:
        verdict = _("everything is in sync: there is nothing to write.")
    if not writes:
        step = _("This profile only watches: Teamleader's own integration writes the bookings.")
    elif not has_work(state):
        step = _("Nothing to do.") if not stuck else _("Mend the causes below, then p previews again.")
    elif stuck:
        step = _("s starts the sync with the rest; or mend the causes below first.")
    else:
        step = _("s starts the sync; it asks once more before it writes.")
    return "▲" if stuck else "✔", verdict, step


def finished(state: RunState, now: datetime | None) -> tuple[str, str, str]:
    """Mark, verdict and next step after a sync."""
    done = state.finished
    assert done is not None
    mark, words = outcome(done)
    if done.outcome == "refused":
        why = state.refused.title if state.refused else done.message
        return "✖", why, _("Nothing was written. Do what stands below, then p previews again.")
    figures = _figures(done) or _("nothing to write")
    stuck = _not_booked(state)
    time = duration(done.seconds)
    said = {
        "complete": _("complete in {time}: {figures}."),
        "attention": _("ended after {time}: {figures}. {stuck}"),
        "cancelled": _("stopped after {time}: {figures}."),
        "limit": _("ended by a limit after {time}: {figures}."),
        "unreachable": _("broken off after {time}: {figures}."),
    }[done.outcome]
    need = ngettext("{count} document needs attention.", "{count} documents need attention.", stuck)
    verdict = said.format(time=time, figures=figures, stuck=need.format(count=count(stuck)) if stuck else "")
    if done.dry_run:
        verdict = words + "."
    if done.outcome == "unreachable" and done.message:
        verdict = done.message
    steps = {
        "complete": _("All is in sync. 9 shows the history; p previews when new documents have come."),
        "attention": _("f shows what is left; mend its cause, then r tries a document again."),
        "cancelled": _("{count} left. p previews what is left, then s goes on.").format(
            count=count(done.left_for_later)
        ),
        "unreachable": _("Check the connection; p then previews what is left. Nothing is written twice."),
    }
    step = steps.get(done.outcome, "")
    if done.outcome == "limit":
        step = state.limit.message if state.limit else _("A limit of the day has been reached.")
        if done.goes_on is not None and now is not None:
            step += " " + _("It goes on from {moment}.").format(moment=moment(done.goes_on, now))
    return mark, verdict, step


def summary(state: RunState, width: int, *, octopus: str, teamleader: str) -> Content:
    """What exactly will be written, on `width` columns, for the question before a sync starts."""
    done = state.finished
    assert done is not None
    column = 20 if width >= 60 else 16
    found = [content(("Octopus     ", "$soft"), octopus)]
    found += [content(("Teamleader  ", "$soft"), teamleader), content("")]
    for one in journal_sums(state):
        if one.kind == "invoice":
            what = ngettext("{count} invoice", "{count} invoices", one.documents)
        else:
            what = ngettext("{count} credit note", "{count} credit notes", one.documents)
        numbers = f"{one.journal}/{one.first}"
        if one.last != one.first:
            numbers += f" … {one.journal}/{one.last}"
        sign = "-" if one.kind == "credit_note" else ""
        found.append(
            content(
                (cell(what.format(count=count(one.documents)), column), "bold"),
                cell(numbers, 18),
                cell(f"{sign}{amount(one.total, one.currency)}", width - column - 18, right=True),
            )
        )
    new, linked, paid, mirrored = (
        done.relations_created,
        done.relations_linked,
        done.payments_registered,
        done.payments_mirrored,
    )
    rest = [
        (new, ngettext("{count} new relation", "{count} new relations", new), _("in Octopus")),
        (
            linked,
            ngettext("{count} customer", "{count} customers", linked),
            _("linked to an existing relation"),
        ),
        (paid, ngettext("{count} payment", "{count} payments", paid), _("registered in Teamleader")),
        (mirrored, ngettext("{count} payment", "{count} payments", mirrored), _("booked in Octopus")),
    ]
    found += [
        content((cell(text.format(count=count(number)), column), "bold"), where)
        for number, text, where in rest
        if number
    ]
    stuck = _not_booked(state)
    if stuck or done.excluded:
        said = _("Not written: {failing} that cannot be booked yet, {excluded} excluded.").format(
            failing=count(stuck), excluded=count(done.excluded)
        )
        found += [content(""), *(content((line, "$soft")) for line in wrapped(said, width))]
    found += [content(""), *(content(line) for line in wrapped(_("Nothing has been written so far."), width))]
    return Content("\n").join(found)


def before_writing(state: RunState, width: int, accounts: tuple[str, str]) -> ConfirmScreen:
    """The question before a sync, with the exact summary."""
    teamleader, octopus = accounts
    return ConfirmScreen(
        _("Start the sync?"),
        summary(state, width, octopus=octopus, teamleader=teamleader),
        yes=_("start the sync"),
        no=_("not yet"),
    )


def try_again(name: str, customer: str) -> ConfirmScreen:
    """The question before one document is tried again."""
    return ConfirmScreen(
        _("Try this document again?"),
        content((f"{name}  {customer}", "bold"), "\n\n", _("It is booked when it can be.")),
        yes=_("try again"),
        no=_("not yet"),
    )


def invitation(width: int) -> Content:
    """What stands on the Sync screen before the first preview."""
    said = _(
        "A preview reads both sides and shows, document by document, what a sync would write "
        "and what cannot be written yet, with the cause. It writes nothing."
    )
    return content(
        (_("Preview first"), "bold $accent"),
        "\n\n",
        "\n".join(wrapped(said, min(width, 76))),
        "\n\n",
        ("p", "bold $primary"),
        " " + _("makes the preview."),
    )


def under_way(*, dry_run: bool) -> Content:
    """The line above a run that is on."""
    said = _("Preview: nothing is written.") if dry_run else _("Sync: documents are being booked.")
    return content(("● ", "$primary"), (said, "bold"))


def verdict(state: RunState, error: str, width: int, *, writes: bool, now: datetime) -> Content:
    """What a run came to and what to do next, on `width` columns. `error`: the sentence of a run that broke off."""
    if error or state.finished is None:
        why = error or _("The run broke off.")
        mark, said, step = "✖", why, _("p previews again; nothing is ever written twice.")
    elif state.dry_run:
        mark, said, step = previewed(state, writes=writes)
    else:
        mark, said, step = finished(state, now)
    style = {"✔": "$success", "✖": "$error", "▲": "$warning"}.get(mark, "")
    lead = _("Preview") if state.dry_run else _("Sync")
    lines = wrapped(f"{lead}: {said}", width - 2)
    found = [content((f"{mark} ", style), (lines[0], "bold"))]
    found += [content("  ", (line, "bold")) for line in lines[1:]]
    found += [content("  ", line) for line in wrapped(_("Next: {step}").format(step=step), width - 2)]
    for sign, notice in [n for n in state.notices if n[1] != said][-2:]:
        pieces = wrapped(notice, width - 2)[:2]
        found += [
            content((f"{sign} " if number == 0 else "  ", "$soft"), line)
            for number, line in enumerate(pieces)
        ]
    return Content("\n").join(found)
