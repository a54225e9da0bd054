"""What will happen in a round, drawn from its seed before it begins, so that it can be read and done again."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import msgspec

# How often each is drawn: status and malformed answers, cuts.
FAULTS: tuple[tuple[str, int], ...] = (
    ("drop_before", 4),
    ("drop_after", 6),
    ("500", 4),
    ("401", 1),
    ("429", 1),
    ("malformed", 3),
)
GENTLE: tuple[tuple[str, int], ...] = (("drop_before", 4), ("drop_after", 5), ("500", 4), ("401", 2))
# Of the requests of one octowizard. It tries a read three times: of the gentle ones it takes many before it gives up.
DENSITIES = (0.0, 0.04, 0.1, 0.2)
GENTLE_DENSITIES = (0.2, 0.3, 0.4)
SLOW = 0.5  # of the others
MILLISECONDS = (1, 2, 5, 5, 10, 20)
LATE = 0.01  # of the others are answered so late that octowizard has stopped waiting
REQUESTS = 160  # that are looked ahead ...
AIMED_DENSITIES = (0.0, 0.15, 0.35, 0.6)
AIMED = 24  # ... and of each kind of write
KINDS = ("booking", "relation", "payment", "change")
MOMENTS = ("arrived", "handled", "answered")
# Where octowizard is killed. By the vendor's count of requests: as one arrives, when it took effect, when it was
# answered, all of them or those of a kind of write; by octowizard's own: around a commit, an intent, its outcome, or
# just before it notes that it has ended; or at a moment.
KILLS: tuple[tuple[str, int, int], ...] = (  # where, how often it is drawn, the highest count
    ("arrived", 9, 24),
    ("handled", 10, 24),
    ("answered", 7, 24),
    ("before-commit", 7, 24),
    ("after-commit", 7, 24),
    ("before-intent", 2, 3),
    ("after-intent", 3, 3),
    ("before-outcome", 3, 3),
    ("after-outcome", 3, 3),
    *((f"{kind}-{moment}", 2, 3) for kind in ("booking", "relation", "payment") for moment in MOMENTS),
    ("moment", 1, 250),
)
# Practice companies whose set-up is still to be made.
SET_UP = ("a", "c")
STEPS = (24, 40)  # octowizards of a round
MORE_THAN_A_PAGE = 120  # documents; Teamleader lists a hundred at a time
# Not drawn: they wait for a person at the vendor before anything can be read or told apart.
BROKEN = (
    "closed-year", "missing-period", "year-gap", "missing-journal", "wrong-journal-type", "closed-journal",
    "open-journal", "closed-period", "secured-period", "number-taken", "number-gap", "number-unreadable",
    "missing-account", "unmapped-category", "unknown-account", "heading-account", "missing-discount-account",
    "cost-centre-missing", "unmapped-vat", "vat-code-wrong-type", "mixed-signs", "rounding-difference",
    "totals-differ", "unknown-currency", "missing-exchange-rate", "bad-dates", "credit-note-without-invoice",
    "booked-differently", "contractor", "customer-missing", "customer-without-country", "invalid-vat-number",
    "intra-without-vat", "duplicate-relation", "insert-booking", "duplicate-customer", "invalid-email",
    "country-vat-mismatch", "paid-drift", "unmatched-drift", "payment-parked", "communication-missing",
    "no-write-right", "daily-limit", "teamleader-rights",
)  # fmt: skip


class Fault(msgspec.Struct, frozen=True):
    """What becomes of a request, by its number since the step began; `among`: the kind of write that is counted."""

    request: int
    kind: str
    among: str = ""
    milliseconds: int = 0


class Kill(msgspec.Struct, frozen=True):
    """SIGKILL at the n-th time that octowizard comes by there; *moment*: after so many milliseconds.

    `at_last`: a sync that has not come by there is killed just before it notes that it has ended.
    """

    where: str
    count: int
    at_last: bool = False


class Run(msgspec.Struct, frozen=True, tag="run"):
    """An octowizard from its start to its end. `words`: {0.37} stands for one of what there is, drawn by that lot.

    `home`: here, or there (another computer, the same accounts). `beside`: one that runs at the same time, and where.
    `disk`: bytes that are left on it. `busy`: milliseconds for which somebody else writes to the workspace.
    `hand`: what a person does meanwhile. `fresh`: a process that is loaded anew, not a fork. `at_once`: what it had
    sent when it was killed may still be at work when the next one begins.
    """

    words: tuple[str, ...]
    home: str = "here"
    faults: tuple[Fault, ...] = ()
    kill: Kill | None = None
    beside: tuple[str, ...] = ()
    beside_home: str = "here"
    disk: int | None = None
    busy: int = 0
    hand: tuple[str, float] | None = None
    fresh: bool = False
    at_once: bool = False
    skew: int = 0


class Hand(msgspec.Struct, frozen=True, tag="hand"):
    """What a person does in the vendors' screens; `lot` chooses among what there is."""

    deed: str
    lot: float


class Clock(msgspec.Struct, frozen=True, tag="clock"):
    """The vendors' clock jumps."""

    seconds: int


Step = Run | Hand | Clock


class Script(msgspec.Struct, frozen=True):
    """A round. `cured`: what was wrong from the beginning is mended before the calm, what hands did is undone."""

    seed: int
    number: int
    scenario: str
    customers: int
    documents: int
    limits: bool
    watcher: bool  # the octowizard on the other computer watches; else it books too
    cured: bool
    steps: tuple[Step, ...]


def drawn(seed: int, number: int) -> Script:
    """The script of one round; all that is random in it is decided here."""
    chance = random.Random(f"{seed}/{number}")
    kind = chance.random()
    scenario = "healthy" if kind < 0.6 else chance.choice(BROKEN) if kind < 0.93 else chance.choice(SET_UP)
    limits = chance.random() < 0.3
    steps: list[Step] = []
    for number_of_step in range(chance.randint(*STEPS)):
        steps += _between(chance, scenario, limits=limits)
        mild = number_of_step < 2 and chance.random() < 0.5
        steps.append(_run(chance, scenario, mild=mild))
    return Script(
        seed=seed,
        number=number,
        scenario=scenario,
        customers=chance.randint(4, 9),
        documents=chance.randint(5, 16) if chance.random() < 0.97 else MORE_THAN_A_PAGE,
        limits=limits,
        watcher=chance.random() < 0.4,
        cured=chance.random() < 0.6 or scenario == "teamleader-rights",  # else nothing can ever be read
        steps=tuple(steps),
    )


def cut(script: Script, steps: int) -> Script:
    """Its first so many steps."""
    return msgspec.structs.replace(script, steps=script.steps[:steps])


DEEDS: tuple[tuple[str, int], ...] = (
    ("pay", 16),
    ("book-waiting", 4),
    ("free-sale", 3),
    ("new-documents", 9),
    ("new-credit-note", 3),
    ("edit-relation", 3),
    ("edit-company", 2),
    ("close-period", 2),
    ("secure-period", 2),
    ("close-journal", 1),
    ("lock-journal", 2),
    ("close-year", 1),
    ("undo", 6),
)


def _weighed(chance: random.Random, weighed: Sequence[tuple[str, int]]) -> str:
    return chance.choices([name for name, _ in weighed], [weight for _, weight in weighed])[0]


def _between(chance: random.Random, scenario: str, *, limits: bool) -> list[Step]:
    """What people and the clock do between two octowizards."""
    steps: list[Step] = [
        Hand(_weighed(chance, DEEDS), round(chance.random(), 4))
        for _ in range(chance.choice((0, 1, 1, 1, 2)))
    ]
    if chance.random() < 0.1 and scenario not in SET_UP:
        steps.append(Hand(chance.choice(("copy-workspace", "put-back", "sign-in-again")), 0.0))
    if chance.random() < 0.4:
        # Twice a day Octopus gives its lists: where that counts, days pass.
        days = (86_400,) * 12 if limits else ()
        steps.append(Clock(chance.choice((60, 300, 1200, 1200, 3700, 86_400, -20, -3600, *days))))
    return steps


def _faults(chance: random.Random, *, mild: bool) -> tuple[Fault, ...]:
    gentle = mild or chance.random() < 0.7
    kinds, densities = (GENTLE, GENTLE_DENSITIES) if gentle else (FAULTS, DENSITIES)
    density = densities[0] if mild else chance.choice(densities)
    faults = []
    for request in range(1, REQUESTS + 1):
        if chance.random() < density:
            faults.append(Fault(request, _weighed(chance, kinds)))
        elif chance.random() < SLOW:
            faults.append(Fault(request, "slow", milliseconds=chance.choice(MILLISECONDS)))
        elif not mild and chance.random() < LATE:
            faults.append(Fault(request, "late"))
    for kind in () if mild else KINDS:
        density = chance.choice(AIMED_DENSITIES)
        faults += [
            Fault(request, _weighed(chance, FAULTS), among=kind)
            for request in range(1, AIMED + 1)
            if chance.random() < density
        ]
    return tuple(faults)


def _kill(chance: random.Random) -> Kill:
    where = _weighed(chance, [(name, weight) for name, weight, _most in KILLS])
    most = next(most for name, _weight, most in KILLS if name == where)
    # Early ones more often: later ones may never come.
    count = chance.randint(1, most) if chance.random() < 0.3 else max(int(most ** chance.random()), 1)
    return Kill(where, count, at_last=chance.random() < 0.85)


SYNC = ("sync", "--yes", "--json", "--no-other-connector")


def _words(chance: random.Random, scenario: str) -> tuple[str, ...]:
    """A command, with lots for what depends on the moment."""
    lot = "{" + f"{chance.random():.4f}" + "}"
    others: tuple[Callable[[], tuple[str, ...]], ...] = (
        lambda: ("sync", "--dry-run", "--json"),
        lambda: (*SYNC, "--only", f"document{lot}"),  # what the app's *retry this one* does
        lambda: (*SYNC, "--exclude", f"document{lot}"),
        lambda: (*SYNC, "--include", f"document{lot}"),
        lambda: ("mapping", "set", f"category{lot}", f"account{lot}"),
        lambda: ("mapping", "accept", "--all"),
        lambda: ("duplicates", "import", "--yes"),
        lambda: ("duplicates", "merge", "--yes"),
        lambda: ("duplicates", "undo", "--yes"),
        lambda: ("setup", "do", f"step{lot}", "--yes"),
        lambda: ("check", "--json"),
        lambda: ("audit", "--json"),
        lambda: ("report", "--format", "json", "--output", "report.json"),
        lambda: ("doctor", "--online"),
        lambda: ("diagnose", "Book year period is closed", "--bundle", f"bundle{lot}.zip"),
        lambda: ("history",),
        lambda: ("profiles", "edit", "p", "invoice-journal", "V1"),
    )
    if scenario in SET_UP and chance.random() < 0.85:
        return chance.choice((("setup", "do", "next", "--yes"), ("setup", "do", "next", "--yes"), SYNC))
    return SYNC if chance.random() < 0.84 else chance.choice(others)()


def _run(chance: random.Random, scenario: str, *, mild: bool) -> Run:
    """`mild`: a sync that comes to its end, so that later ones meet what is booked."""
    if mild and scenario not in SET_UP:
        return Run(words=SYNC, faults=_faults(chance, mild=True))
    words = _words(chance, scenario)
    plain = scenario not in SET_UP
    home = "there" if plain and words[0] == "sync" and chance.random() < 0.05 else "here"
    beside: tuple[str, ...] = ()
    beside_home = "here"
    if chance.random() < 0.08 and home == "here":
        beside = chance.choice((SYNC, ("check", "--offline"), ("history",), ("audit", "--json")))
        if plain and words[0] == "sync" and chance.random() < 0.4:
            # Documents only: Teamleader has no key by which it could refuse the second of two payments.
            beside, beside_home = (*SYNC, "--only", "documents"), "there"
    drawn_hand = chance.random() < 0.15
    faults = _faults(chance, mild=False)
    return Run(
        words=words,
        home=home,
        faults=faults,
        kill=_kill(chance) if chance.random() < 0.93 else None,
        beside=beside,
        beside_home=beside_home,
        disk=chance.choice((0, 4096, 20_000, 60_000, 150_000)) if chance.random() < 0.05 else None,
        busy=chance.choice((5, 20, 80)) if chance.random() < 0.05 else 0,
        hand=(_weighed(chance, DEEDS[:7]), round(chance.random(), 4)) if drawn_hand else None,
        fresh=chance.random() < 0.01,
        at_once=chance.random() < 0.4 and all(fault.kind != "late" for fault in faults),
        skew=chance.choice((-4000, 900, 4000, 90_000)) if chance.random() < 0.06 else 0,
    )
