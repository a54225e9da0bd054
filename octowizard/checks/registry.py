"""What a check reports, and how a check is registered.

A check is a pure function of a Snapshot (and of how the profile connects the two sides) that yields findings. It
is registered with its id, what it needs of the Snapshot and its source; adding one touches its own file only.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple, get_args

import msgspec

from octowizard.locale import _
from octowizard.locale.counted import Thing, counted
from octowizard.planning.problems import Severity, has, parts_of, severity_of
from octowizard.progress import Verdict
from octowizard.snapshot.completeness import partial
from octowizard.snapshot.declared_parts import undeclarable
from octowizard.snapshot.model import Snapshot, Trouble
from octowizard.snapshot.parts import Part
from octowizard.workspace.profiles import Profile

# Parts that no API of the vendors gives: a check that lacks only these says so, and still nothing is amiss.
DECLARED: frozenset[Part] = frozenset({"declared", "declared_numbers"})


class Record(msgspec.Struct, frozen=True):
    """One record a finding touches. `kind`: invoice, credit_note, company, contact, relation, journal, ..."""

    kind: str
    label: str
    id: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One cause, with all the records it touches. `problem` is the id of a card of the catalogue.

    `names`: what the card's texts call by name here (journal, period, account ...). A check says nothing of what to
    do: `problems.remedy` fills in `fix` and `fixed_when` from the card. `refusals`: what a vendor refused, where the
    finding tells of that.
    """

    problem: str
    severity: Severity
    title: str
    records: tuple[Record, ...] = ()
    evidence: tuple[str, ...] = ()
    names: Mapping[str, str] = {}
    fix: tuple[str, ...] = ()
    fixed_when: str = ""
    refusals: tuple[Trouble, ...] = ()


def finding(
    problem: str,
    title: str,
    records: Iterable[Record] = (),
    evidence: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
    *,
    foreseen: bool = False,
    refusals: Iterable[Trouble] = (),
) -> Finding:
    """A finding as grave as its problem is declared; one grade less where it is only `foreseen`: nothing fails yet."""
    return Finding(
        problem=problem,
        severity=severity_of(problem, foreseen=foreseen),
        title=title,
        records=tuple(records),
        evidence=tuple(evidence),
        names=names or {},
        refusals=tuple(refusals),
    )


class NotChecked(msgspec.Struct, frozen=True):
    """A check that could not run, or not for everything, and why: never the same as fine.

    `lasting`: it needs what only an export of Teamleader can tell, or what nobody can declare of a side that is not
    connected, so that reading again does not help.
    """

    check: str
    title: str
    why: str
    lasting: bool = False


_THINGS: tuple[tuple[frozenset[str], Thing], ...] = (
    (frozenset({"invoice", "credit_note"}), "document"),
    (frozenset({"company", "contact", "customer"}), "customer"),
    (frozenset({"relation"}), "relation"),
    (frozenset({"journal"}), "journal"),
    (frozenset({"bookyear"}), "fiscal year"),
)

CheckFunction = Callable[[Snapshot, Profile], Iterator[Finding]]


class Check(NamedTuple):
    """A registered check. `source`: the vendor's page it rests on, or *inferred*.

    `needs`: without one of these it does not run at all. `whole_with`: without one of these it runs, and may miss
    something: another trouble of a document hides what it looks for. `again`: what its problems depend on, as declared.
    """

    id: str
    title: Callable[[], str]
    needs: frozenset[Part]
    whole_with: frozenset[Part]
    problems: frozenset[str]
    again: frozenset[Part]
    source: str
    run: CheckFunction


CHECKS: dict[str, Check] = {}


def check(
    id: str,  # the word the catalogue and --json use
    title: Callable[[], str],
    *,
    needs: Iterable[Part],
    problems: Iterable[str],
    source: str,
    whole_with: Iterable[Part] = (),
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check under `id`."""

    def register(function: CheckFunction) -> CheckFunction:
        if id in CHECKS:
            raise ValueError(f"two checks are called {id}")
        reported = frozenset(problems)
        again = frozenset(part for problem in reported for part in parts_of(problem))
        needed = frozenset(needs)
        CHECKS[id] = Check(id, title, needed, needed.union(whole_with), reported, again, source, function)
        return function

    return register


def tally(records: Sequence[Record]) -> str:
    """`12 documents`, `1 customer`, or nothing."""
    if not records:
        return ""
    kinds = frozenset(record.kind for record in records)
    thing: Thing = next((thing for members, thing in _THINGS if kinds <= members), "record")
    return counted(thing, len(records))


def verdict(
    findings: Iterable[Finding], not_checked: Iterable[NotChecked], at_least: Severity = "warning"
) -> Verdict:
    """`attention` for a finding as grave as `at_least`; `unknown` where a vendor or a limit kept something unseen."""
    order, judged = get_args(Severity), list(findings)
    grave = order[: order.index(at_least) + 1]
    if any(one.severity in grave and not has(one.problem, "unseen") for one in judged):
        return "attention"
    if any(has(one.problem, "unseen") and one.severity != "info" for one in judged):
        return "unknown"
    return "unknown" if any(not one.lasting for one in not_checked) else "well"


def as_of(snapshot: Snapshot, findings: Iterable[Finding]) -> datetime:
    """As of when findings are: of the Snapshot, or of a list that is read twice a day and that they rest on."""
    parts = {part for finding in findings for part in parts_of(finding.problem)}
    return min([snapshot.taken_at, *(moment for part, moment in snapshot.ages.items() if part in parts)])


@cache
def load_all() -> None:
    """Import every check of this room, so that it registers itself."""
    package = importlib.import_module("octowizard.checks")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"octowizard.checks.{module.name}")


def every_check() -> tuple[Check, ...]:
    """All checks in the order of their files, whichever was imported first."""
    load_all()
    return tuple(sorted(CHECKS.values(), key=lambda registered: registered.run.__module__))


def checks_of(problem: str) -> tuple[Check, ...]:
    """The checks that can find this problem."""
    return tuple(registered for registered in every_check() if problem in registered.problems)


def run_checks(
    snapshot: Snapshot, profile: Profile, only: Iterable[str] | None = None
) -> tuple[list[Finding], list[NotChecked]]:
    """The findings of all checks (or of those in `only`), worst first, and what could not be checked.

    Where a check finds nothing and is not among what could not be checked, all that it depends on was read whole.
    """
    findings: list[Finding] = []
    for registered in _wanted(only):
        if not registered.needs & snapshot.unread.keys():
            findings += registered.run(snapshot, profile)
    order = get_args(Severity)
    findings.sort(key=lambda f: (order.index(f.severity), -len(f.records), f.problem, f.title))
    return findings, not_checked(snapshot, profile, only)


def not_checked(snapshot: Snapshot, profile: Profile, only: Iterable[str] | None = None) -> list[NotChecked]:
    """Of all checks (or of those in `only`), those that something lacks for that they need, with what that is."""
    incomplete, unreadable = partial(snapshot, profile.return_warning), undeclarable(snapshot)
    unread = []
    for registered in _wanted(only):
        lacking = [part for part in sorted(registered.whole_with) if part in snapshot.unread]
        partly = [part for part in sorted(registered.whole_with) if part in incomplete]
        reasons = dict.fromkeys([snapshot.unread[p] for p in lacking] or [incomplete[p] for p in partly])
        if lacking or partly:
            lasting = (DECLARED | unreadable).issuperset(lacking or partly)
            why = "; ".join(reason for reason in reasons if reason) or _("not read yet")
            unread.append(NotChecked(registered.id, registered.title(), why, lasting))
    return unread


def _wanted(only: Iterable[str] | None) -> Iterator[Check]:
    wanted = frozenset(only) if only is not None else None
    return (registered for registered in every_check() if wanted is None or registered.id in wanted)
