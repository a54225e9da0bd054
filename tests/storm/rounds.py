"""One round: the storm that its script says, the calm after it, the verdict."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from octowizard.workspace import profiles
from tests.storm import home, model
from tests.storm.hands import Hands, of
from tests.storm.remembered import remembered
from tests.storm.script import SET_UP, SYNC, Clock, Hand, Kill, Run, Script, cut, drawn
from tests.storm.vendor import Vendor
from tests.storm.wizard import AT_LAST, HOOKED, Ended, Prepared, Wizard, load
from tests.sync.company import PROFILE, Company, events_in
from tests.workspace.postgres import database

Json = dict[str, Any]

CODES = frozenset({0, 1, 2, 3, 130})
SET_BACK = -300  # seconds; by less, nothing is hidden
TAKEN = '"problem":"number-taken"'  # of what a document was stopped by
SPENT = " are used up: "  # of the notice that a list is as it was kept
ENDLESS = 30  # runs after which a calm that has not come never will
# Cures that change no vendor, only an answer that octowizard is given: the setting of the profile, and the argument of
# the cure that says its value.
ANSWERED = {"choose-start-date": ("start-date", "day"), "choose-numbering": ("numbering", "numbering")}
# What a set-up step is not done with, but passed by; and the answers that are no.
PASSED = frozenset({"merge", "payments"})
NO = frozenset({"booster"})
# What a sync calls a problem that it cannot tell from another: it sees only how a document fares.
ALSO_CALLED = {
    "no-write-right": {"dossier-refused"},
    "insert-booking": {"vendor-refused"},
    "heading-account": {"unknown-account", "vendor-refused"},
    "vat-code-wrong-type": {"unmapped-vat"},
    "bad-dates": {"vendor-refused"},
}
SHARED = Path("/dev/shm")  # a disk in memory, where there is one


@dataclass
class Sums:
    """What was done, and what was found wrong."""

    rounds: int = 0
    runs: int = 0
    kills: int = 0
    documents: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    killed_at: Counter[str] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)
    hands: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)  # what they went into
    violations: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)  # of one round: what was done

    def add(self, other: Sums) -> None:
        """Count another's."""
        for name in ("rounds", "runs", "kills", "documents"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("faults", "killed_at", "commands", "hands", "seconds"):
            getattr(self, name).update(getattr(other, name))
        self.violations += other.violations

    @contextlib.contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Count the seconds within."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[what] += time.monotonic() - began  # type: ignore[assignment] # of a Counter, also parts

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds, {self.runs} octowizards, {self.kills} kills, {self.faults.total()} faults, "
            f"{self.hands.total()} deeds, {self.documents} documents; violations: {len(self.violations)}"
        )


def rounds(
    first: int, step: int, seed: int, until: float, most: int, steps: int, told: Any, server: str = ""
) -> None:
    """A worker: play rounds `first`, `first + step` and so on; `told` gets number and sums of each, then None.

    `server`: of the PostgreSQL in which what they remember lives; else it is in files.
    """
    signal.signal(signal.SIGTERM, lambda *_how: sys.exit(1))  # in an orderly way: disks, processes
    try:
        with Vendor() as vendor:
            warm_up(vendor, server)
            for number in range(first, most + 1, step):
                if time.monotonic() >= until:
                    break
                told.put((number, play(vendor, cut(drawn(seed, number), steps), server)))
    finally:
        told.put(None)


def _database(server: str) -> contextlib.AbstractContextManager[str]:
    return database(server) if server else contextlib.nullcontext("")


def warm_up(vendor: Vendor, server: str = "") -> None:
    """Load octowizard by trying it out."""
    with _database(server) as address:
        _warm_up(vendor, home.Home(Path(tempfile.mkdtemp(prefix="octowizard-storm-")), address))


def _warm_up(vendor: Vendor, place: home.Home) -> None:
    try:
        size = {"seed": 1, "customers": 3, "documents": 3, "limits": False}
        Company(place.root, vendor.ask("world", scenario="healthy", files=str(place.files), **size))
        load(place.environment())
    finally:
        place.close()


class Violation(Exception):
    """Something is not as it must be; the text says what."""


def play(vendor: Vendor, script: Script, server: str = "") -> Sums:
    """The whole round."""
    parent = SHARED if SHARED.is_dir() else None
    place = Path(tempfile.mkdtemp(prefix="octowizard-storm-", dir=parent))
    with _database(server) as first, _database(server) as second:
        return _played(
            vendor, script, place, home.Home(place / "here", first), home.Home(place / "there", second)
        )


def _played(vendor: Vendor, script: Script, place: Path, here: home.Home, there: home.Home) -> Sums:
    sums = Sums(rounds=1)
    one: Round | None = None
    try:
        with sums.timed("beginning"):
            line = vendor.ask(
                "world",
                scenario=script.scenario,
                seed=script.seed * 1000 + script.number,
                customers=script.customers,
                documents=script.documents,
                limits=script.limits,
                files=str(here.files),
            )
            one = Round(vendor, script, here, there, line, sums)
        with sums.timed("storm"):
            one.storm()
        with sums.timed("calm"):
            one.calm()
        with sums.timed("verdict"):
            one.judge()
    except Violation as violation:
        sums.violations.append(_evidence(script, str(violation), one))
    except Exception:
        sums.violations.append(_evidence(script, traceback.format_exc(), one))
    finally:
        for wizard in one.running if one is not None else ():  # whoever waits to begin would wait for ever
            wizard.kill()
        here.close()
        there.close()
        shutil.rmtree(place, ignore_errors=True)
    if one is not None:
        sums.log = one.log
        sums.hands.update(one.hands.done)
        sums.faults.update(one.fired())
    return sums


def _evidence(script: Script, what: str, one: Round | None) -> str:
    again = f"python -m tests.storm --seed {script.seed} --round {script.number}"
    lines = [f"{script.scenario}: {what}", f"again: {again}"]
    if one is not None:
        for place in one.homes.values():
            place.empty()
        lines += [f"    {line}" for line in (*one.log, *one.evidence())]
    return "\n".join(lines)


class Round:
    """The state of one round. `log`: what was done, for whoever looks at a violation."""

    def __init__(
        self, vendor: Vendor, script: Script, here: home.Home, there: home.Home, line: Json, sums: Sums
    ) -> None:
        self.vendor = vendor
        self.script = script
        self.homes = {"here": here, "there": there}
        self.company = Company(here.root, line)
        self.other = Company(there.root, self.company.connection())
        self.hands = Hands(self.company)
        self.workspaces = {"here": self.hands.workspace, "there": remembered(self.other.workspace)}
        self.sums = sums
        self.ended: list[Ended] = []
        self.log: list[str] = []
        self.running: list[Wizard] = []
        self.mapped = False
        self.try_again = False
        self.alone = True
        self.told: dict[str, str] = {}
        self._before_fired: Counter[str] = Counter(self.vendor.ask("still")["fired"])
        self.before = self.company.world()
        self.cleared = self.before  # when the weather cleared
        self.scenario: Json = self.company._ask("/scenario")
        self.hands.spared = frozenset(
            cure["document"]
            for cure in self.scenario["cure"]
            if "document" in cure and cure["action"].startswith("teamleader-")
        )
        self.added: list[str] = []
        if script.watcher:
            # Not by its command, which reads both sides: one more look of the day, of which the other knows nothing.
            watching = msgspec.structs.replace(profiles.load(there.root, PROFILE), mode="observer")
            profiles.save(there.root, watching)

    def fired(self) -> Counter[str]:
        """The faults of this round."""
        now: Counter[str] = Counter(self.vendor.ask("still")["fired"])
        now.subtract(self._before_fired)
        return +now

    # --- the storm -------------------------------------------------------------------------------------

    def storm(self) -> None:
        """Step by step; after each nothing may be there that must never be."""
        for step in self.script.steps:
            match step:
                case Hand():
                    self.hands.do(step.deed, step.lot)
                    self.alone = self.alone and step.deed != "put-back"
                    self.log.append(f"hand: {step.deed} {step.lot}")
                case Clock():
                    self.company.clock(seconds=step.seconds)
                    self.log.append(f"clock: {step.seconds} s")
                case Run():
                    self._run(step)
                    world = self.company.world()
                    self._must(model.never(self.before, world))
                    self._must(self._of_one(world))

    def _must(self, violations: Iterator[str]) -> None:
        if found := model.first_of(list(violations)):
            raise Violation("\n".join(found))

    def _run(self, step: Run) -> None:
        words = self._resolved(step.words, step.home)
        if self.try_again:
            words = (*words, "--try-again")
        company = self.company if step.home == "here" else self.other
        disk = self.homes[step.home]
        most = disk.fill(step.disk) if step.disk is not None else None
        wizard = self._start(
            words, step.home, Prepared(kill=step.kill, most=most, skew=step.skew), fresh=step.fresh
        )
        self.running.append(wizard)
        # Not before the fork: SQLite's memory of a lock would go along.
        end_of_busy = self.workspaces[step.home].busy() if step.busy else None
        kill = step.kill if step.kill is not None and step.kill.where not in HOOKED else None
        self.vendor.ask("weather", faults=step.faults, kill=kill, pid=wizard.pid)
        beside = None
        self.alone = self.alone and "there" not in (step.home, step.beside and step.beside_home)
        if step.beside:
            beside_words = self._resolved(step.beside, step.beside_home)
            beside = self._start(beside_words, step.beside_home, Prepared())
            self.running.append(beside)
            beside.go()
        wizard.go()
        began = time.monotonic()
        if end_of_busy is not None:
            wizard.wait(began + step.busy / 1000)
            end_of_busy()
        if step.hand is not None:
            wizard.wait(began + 0.05 + step.hand[1] / 5)
            self.hands.do(*step.hand, running=True)
        if kill is not None and kill.where == "moment" and not wizard.wait(began + kill.count / 1000):
            wizard.kill()
        ended = self._has_ended(wizard, step.kill)
        if beside is not None:
            self._has_ended(beside, None)
        self.running.clear()
        self.vendor.ask("weather", faults=(), kill=None, pid=0)
        if not step.at_once:
            self.vendor.ask("still")
        disk.empty()
        if (
            '"unreachable"' in ended.out and "sign-in" in ended.out
        ):  # a cut answer had the only good token in it
            company.sign_in_again()
        # A sign-in that was refused is not tried again by itself; a person says so.
        self.try_again = '"unreachable"' in ended.out
        self.mapped = self.mapped or words[0] == "mapping"

    def _start(
        self, words: tuple[str, ...], where: str, prepared: Prepared, *, fresh: bool = False
    ) -> Wizard:
        named = (*words,) if words[0] == "profiles" else ("--profile", PROFILE, *words)
        return Wizard(named, self.homes[where].environment(), prepared, fresh=fresh)

    def _has_ended(self, wizard: Wizard, kill: Kill | None) -> Ended:
        with self.sums.timed("octowizards"):
            ended = wizard.ended()
        self.ended.append(ended)
        self.sums.runs += 1
        self.sums.commands[ended.words[2] if ended.words[0] == "--profile" else ended.words[0]] += 1
        said = ended.err.strip().splitlines()
        last = json.loads(ended.out.splitlines()[-1]).get("outcome", "") if _is_told(ended) else ""
        self.log.append(
            f"{' '.join(ended.words)}: {ended.code} {last} {said[-1:]} {'' if kill is None else kill}"
        )
        if ended.killed:
            self.sums.kills += 1
            at_last = ended.err.endswith(AT_LAST)
            self.sums.killed_at["at-last" if at_last else kill.where if kill is not None else "?"] += 1
            return ended
        if ended.code == 124:
            raise Violation(f"it hangs: {' '.join(ended.words)}\n{ended.err}")
        if ended.code not in CODES or "Traceback" in ended.err or "did not foresee" in ended.err:
            crashes = [one.read_text() for one in self.homes["here"].root.glob("crashes/*")]
            raise Violation(
                f"it fails: {' '.join(ended.words)}: {ended.code}\n{ended.err}\n" + "\n".join(crashes)
            )
        return ended

    def _whole(self, words: tuple[str, ...], where: str = "here") -> Ended:
        """In fair weather, from its beginning to its end."""
        wizard = self._start(words, where, Prepared(calm=True))
        wizard.go()
        return self._has_ended(wizard, None)

    # --- words -----------------------------------------------------------------------------------------

    def _resolved(self, words: tuple[str, ...], where: str) -> tuple[str, ...]:
        if words[:3] == ("setup", "do", "next"):
            return self._next_step() or SYNC
        numbers = [model.number_of(*one) for one in model.documents_of(self.company.world())]
        rows = self._categories() if words[:2] == ("mapping", "set") else []
        found: list[str] = []
        for word in words:
            name, _, rest = word.partition("{")
            lot = float(rest.partition("}")[0] or 0)
            if word == "documents":
                found += numbers[-4:]
            elif word == "report.json":
                found.append(str(self.homes[where].temp / word))
            elif name == "bundle":
                found.append(str(self.homes[where].temp / f"bundle-{rest.partition('}')[0]}.zip"))
            elif name == "document" and rest:
                found.append(of(lot, numbers) or "2026 / 1")
            elif name == "step" and rest:
                steps = (
                    "create-fiscal-year",
                    "create-journals",
                    "customer-vat",
                    "import-companies",
                    "first-sync",
                )
                found.append(of(lot, steps) or "first-sync")
            elif name in ("category", "account") and rest:
                found.append(self._of_mapping(rows, name, lot))
            else:
                found.append(word)
        return tuple(found)

    def _categories(self) -> list[Json]:
        """The rows of the mapping that lead to an account."""
        ended = self._whole(("mapping", "--json"))
        rows = json.loads(ended.out)["rows"] if ended.out.startswith("{") else []
        return [row for row in rows if row["kind"] == "category"]

    def _of_mapping(self, rows: list[Json], name: str, lot: float) -> str:
        if name == "category":
            row = of(lot, rows)
            return row["id"] if row else "none"
        return (
            of(lot, [one[0] for row in rows[:1] for one in row["choices"] if one[0].startswith("70")])
            or "700000"
        )

    def _next_step(self) -> tuple[str, ...] | None:
        """What a person does next in the set-up; None when all is done."""
        ended = self._whole(("setup", "--status", "--json"))
        if not ended.out.startswith("{"):
            return ("setup", "--status")
        guide = json.loads(ended.out)
        step = next((one for one in guide["steps"] if one["id"] == guide["current"]), None)
        if step is None:
            return None
        for question in step["declarations"]:
            if question.get("answer") is None:
                return ("setup", "declare", question["key"], "no" if question["key"] in NO else "yes")
        if step["id"] in PASSED:
            return ("setup", "skip", step["id"])
        return ("setup", "do", step["id"], "--yes")

    # --- the calm --------------------------------------------------------------------------------------

    def calm(self) -> None:
        """No faults any more: run until it says that nothing is left."""
        self.vendor.ask("weather", faults=(), kill=None, pid=0)
        self.vendor.ask("still")
        if any(isinstance(step, Clock) and step.seconds < SET_BACK for step in self.script.steps):
            # What was stamped in an hour that came twice is read a day later at the latest.
            self.company.clock(days=1, hours=2)
        if self.script.cured:
            for cure in self.scenario["cure"]:
                self.hands.do_plainly(dict(cure))
            self.hands.undo()
            for cure in self.scenario["cure"]:
                if cure["action"] in ANSWERED:
                    setting, argument = ANSWERED[cure["action"]]
                    self._set(setting, cure[argument])
        if self.script.scenario in SET_UP:
            self._set_up()
        outcomes: list[str] = []
        stays = self.script.scenario == "number-taken" and not self.script.cured  # as it was planted
        self.cleared = self.company.world()
        for _attempt in range(ENDLESS):
            self.company.clock(minutes=20)
            include = [model.number_of(*one) for one in model.documents_of(self.company.world())]
            ended = self._whole((*SYNC, "--try-again", "--include", *include))
            last = events_in(ended.out)[-1] if _is_told(ended) else {}
            outcome = last.get("outcome", f"exit {ended.code}")
            outcomes.append(outcome)
            self.told = _told(ended)
            if outcome == "limit" or SPENT in ended.out:  # a list of two a day may be of before the cure
                self.company.clock(days=1)
            elif outcome == "unreachable" and "sign-in" in last["message"]:
                self.company.sign_in_again()
            elif TAKEN in ended.out and not stays:  # others booked under its number
                stays = True
                self._set("numbering", "next")
            elif outcome == "refused" or (outcome in ("complete", "attention") and not _wrote(last)):
                return
        raise Violation(
            f"it never says that it has finished: {outcomes}\n{ended.out[-1500:]}\n{ended.err[-500:]}"
        )

    def _set(self, setting: str, value: str) -> None:
        """What a person decides anew about the profile; bookings may be there already."""
        ended = self._whole(("profiles", "edit", PROFILE, setting, value, "--accept-loss"))
        if ended.code != 0:
            raise Violation(f"the profile takes no {setting} {value}: {ended.code}\n{ended.err}")

    def _set_up(self) -> None:
        refused = False
        for _step in range(3 * ENDLESS):
            words = self._next_step()
            if words is None:
                return
            ended = self._whole((*words, "--try-again") if refused and words[1] == "do" else words)
            refused = ended.code == 3
            if refused:
                self.company.sign_in_again()
                self.company.clock(minutes=20)
            stands = ended.code == 1 and words[1] == "do"
            if stands and self._whole(("setup", "skip", words[2])).code == 2:
                return  # the first sync books what is not barred, as this calm does
        raise Violation(f"the set-up never ends: {self.log[-6:]}")

    # --- the verdict -----------------------------------------------------------------------------------

    def judge(self) -> None:
        """Both sides, the limits, the workspace, the secrets, the audit."""
        world = self.company.world()
        known = self._known(world)
        self.sums.documents += len(model.documents_of(world))
        violations = [*model.never(self.before, world), *model.settled(self.before, world, known)]
        violations += self._of_one(world)
        violations += model.avoidable(self.cleared, world, known)
        violations += home.sound(self.workspaces["here"])
        secrets = self.vendor.ask("secrets")["secrets"]
        for where, one in self.homes.items():
            violations += home.leaks(
                one, self.workspaces[where], secrets, self.ended if where == "here" else ()
            )
        if not violations:
            violations += self._audited(world, known)
        self._must(iter(violations))

    def _of_one(self, world: Json) -> Iterator[str]:
        """What holds where one octowizard with one workspace is at work: another's calls and writes it cannot know."""
        if self.alone:
            yield from home.meant(self.workspaces["here"], world)
            if self.script.scenario != "daily-limit":
                yield from model.too_many(world, self.vendor.ask("still")["too_many"])

    def _known(self, world: Json) -> model.Known:
        scenario = self.company._ask("/scenario")
        cured = self.script.cured
        planted = (
            {one["problem"] for one in scenario["plants"]} if not (cured and scenario["cure"]) else set()
        )
        for problem in list(planted):
            planted |= ALSO_CALLED.get(problem, set())
        locked = {
            arguments["journal"] for action, arguments in self.hands.standing if action == "release-journal"
        }
        if "open-journal" in planted:
            locked.add("V2")
        return model.Known(
            start=self.company.connection()["start_date"],
            barred=frozenset(locked),
            planted=frozenset(planted),
            affected=frozenset(scenario["affected"]) if planted else frozenset(),
            told=self.told,
            follow=self.company.connection()["answers"].get("numbering") == "follow",
            mapped=self.mapped,
            alone=self.alone,
        )

    def _audited(self, world: Json, known: model.Known) -> Iterator[str]:
        for _attempt in range(4):
            ended = self._whole(("audit", "--json", "--fresh"))
            audit = json.loads(ended.out, parse_float=Decimal) if ended.out.startswith("{") else None
            if audit is not None and "part-unread" not in {one["obstacle"] for one in audit["not_compared"]}:
                yield from model.audited(audit, self.before, world, known)
                return
            self.company.clock(days=1)
        yield f"the audit never comes: {ended.code} {ended.out[-800:]} {ended.err[-500:]}"

    def evidence(self) -> list[str]:
        """All writes of both octowizards and all that hands did."""
        return [
            *self.hands.log,
            *(line for where, one in self.workspaces.items() for line in home.writes_of(one, where)),
        ]


def _is_told(ended: Ended) -> bool:
    return "sync" in ended.words and re.search(r'\{"schema":.*"run_finished".*\}\s*$', ended.out) is not None


def _told(ended: Ended) -> dict[str, str]:
    """By document, the problem that was named."""
    if not _is_told(ended):
        return {}
    failed = [one for one in events_in(ended.out) if one["event"] == "document_failed"]
    return {one["document"]["id"]: one["explanation"]["problem"] for one in failed}


def _wrote(last: Json) -> bool:
    """Did it write, or leave something that another run would? What waits behind another document it would not."""
    names = ("booked", "relations_created", "payments_registered")
    return any(last[name] for name in names) or last["left_for_later"] > last["behind"]
