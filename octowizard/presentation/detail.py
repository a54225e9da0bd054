"""What is known of a problem: of a finding, a failing document, a pasted message; its causes and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, get_args

from octowizard.checks.registry import Finding, NotChecked, tally
from octowizard.locale import _, pgettext
from octowizard.planning.problems import MARKS, Severity
from octowizard.presentation.blocks import Block, Entry, Page, Tone, listed

if TYPE_CHECKING:
    from octowizard.problems.explain import Explained
    from octowizard.sync.events import Explanation

NAMED = 6  # records that a finding names on the screen; its list and --json have them all
COPIED = 200  # records that a copy names


def causes(explained: Explained, *states: str, without: Collection[str] = ()) -> list[Block]:
    """The causes of a problem that stand so, all of them where no state is named, with what says so.

    `without`: evidence that is told elsewhere already.
    """
    labels: dict[str, tuple[str, str, Tone]] = {
        "confirmed": ("✔", _("confirmed"), "head"),
        "ruled_out": ("✖", _("ruled out"), "soft"),
        "open": ("?", pgettext("a cause", "open"), "text"),
    }
    blocks: list[Block] = []
    for cause in explained.causes:
        if states and cause.state not in states:
            continue
        mark, label, tone = labels[cause.state]
        blocks.append(Entry(label, cause.text, tone, mark))
        soft: Tone = "text" if cause.state == "confirmed" else "soft"
        blocks += [Entry("", line, soft) for line in cause.evidence if line not in without]
    return blocks


def steps(fix: Sequence[str], fixed_when: str, indent: int = 0) -> list[Block]:
    """What to do, and when it counts as fixed."""
    return [
        *listed(_("What to do"), fix, "head", indent),
        *listed(_("Fixed when"), (fixed_when,), indent=indent),
    ]


def remedy(explained: Explained) -> list[Block]:
    """What to do, by whom, what not to do, and when it counts as fixed."""
    return [
        *listed(_("What to do"), explained.fix, "head"),
        *listed(_("Who"), explained.who),
        *listed(_("Do not"), explained.never, "warn"),
        *listed(_("Fixed when"), (explained.fixed_when,)),
    ]


def failure(why: Explanation, evidence: Sequence[str], explained: Explained | None = None) -> list[Block]:
    """Why a document or a run fails. `explained`: the causes of its problem, once looked at."""
    blocks = listed(_("Evidence"), evidence)
    if explained is not None:
        blocks += causes(explained, "confirmed", without=evidence)
        blocks += remedy(explained)
    else:
        blocks += steps(why.fix, why.fixed_when)
    if why.vendor_text:
        code = f"({why.vendor_code}) " if why.vendor_code is not None else ""
        label = _("{vendor} says").format(vendor=why.vendor or _("The vendor"))
        blocks.append(Entry(label, f"{code}{why.vendor_text}", "quote"))
    return blocks + (causes(explained, "open", "ruled_out") if explained is not None else [])


def finding(one: Finding, explained: Explained | None = None) -> Page:
    """What the checks found. `explained`: the causes of its problem, once looked at."""
    blocks = listed(_("Evidence"), one.evidence)
    if explained is None:
        blocks += steps(one.fix, one.fixed_when)
    else:
        blocks += remedy(explained)
        if len(explained.causes) > 1:
            blocks += causes(explained, without=one.evidence)
    blocks += listed(_("Concerns"), (", ".join(r.label for r in one.records[:NAMED] if r.label),))
    if len(one.records) > NAMED:
        blocks += listed("", (_("in all {records}").format(records=tally(one.records)),))
    return Page(
        mark=MARKS[one.severity],
        title=one.title,
        blocks=tuple(blocks),
        under=tuple(f"  {record.label}" for record in one.records[:COPIED]),
    )


def not_checked(one: NotChecked, hint: str = "") -> Page:
    """Why something could not be checked. `hint`: what would help where reading again does not."""
    blocks = [*listed(_("Why"), (one.why,)), *listed("", (hint,) if one.lasting else ())]
    blocks.append(Entry("", _("This is not the same as fine."), "soft"))
    return Page(mark="?", title=_("Not checked: {what}").format(what=one.title), blocks=tuple(blocks))


def problem(explained: Explained, names: Iterable[tuple[str, str]] = ()) -> Page:
    """A problem of the catalogue and its causes. `names`: what a message names, as (label, value)."""
    named = ", ".join(f"{label} {value}" for label, value in names)
    confirmed = bool(explained.confirmed)
    return Page(
        mark=MARKS[explained.severity],
        title=explained.title,
        blocks=(
            *listed("", (explained.summary,)),
            *listed(_("It names"), (named,)),
            *(causes(explained, "confirmed") if confirmed else causes(explained)),
            *remedy(explained),
            *(causes(explained, "open", "ruled_out") if confirmed else []),
            *listed(_("Source"), (explained.source,), "soft"),
        ),
    )


def nothing_found() -> str:
    """What is said where no check finds anything."""
    return _("Nothing stands in the way of a sync.")


def severity_name(severity: Severity) -> str:
    """How much a finding weighs, in a word or two."""
    return {"blocking": _("blocking"), "warning": _("to look at"), "info": _("to know")}[severity]


def weighed(findings: Sequence[Finding]) -> list[tuple[str, Severity, int, str]]:
    """Mark, severity, number and name, for each severity."""
    return [
        (
            MARKS[severity],
            severity,
            sum(one.severity == severity for one in findings),
            severity_name(severity),
        )
        for severity in get_args(Severity)
    ]
