"""Faults on demand: latency, an error status, half an answer, a connection cut before or after the write took effect.

A fault belongs to one operation, fires with a probability (drawn from a seeded generator, so that a run can
be repeated) and, when it says so, only a number of times. This file decides which faults hit a call; web.py
acts on them. It knows no HTTP.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any

MOST_WAITING = 1_000
KINDS = ("latency", "status", "malformed", "drop_before", "drop_after")


class BadFault(ValueError):
    """A fault that makes no sense; the text says why, in one sentence."""


@dataclass
class Fault:
    """One fault that waits for calls of `operation`; `times` None means always."""

    operation: str
    kind: str
    status: int | None = None
    milliseconds: int | None = None
    times: int | None = None
    probability: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """The fault as `GET /control/faults` shows it, members that do not apply left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class Hit:
    """What happens to one call: wait so many seconds, answer this status, cut before or after handling.

    `malformed`: it is handled, and what is answered is no JSON.
    """

    seconds: float = 0.0
    status: int | None = None
    malformed: bool = False
    drop_before: bool = False
    drop_after: bool = False


def _whole(raw: dict[str, Any], name: str, lowest: int, highest: int) -> int | None:
    value = raw.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise BadFault(f"{name} must be a whole number from {lowest} to {highest}, not {value!r}.")
    return value


def parse_fault(raw: Any, operations: frozenset[str]) -> Fault:
    """One fault from its JSON object. Raises BadFault with a sentence for anything unusable.

    `operations` are the names that the two stand-ins serve; a fault for any other would never fire.
    """
    if not isinstance(raw, dict):
        raise BadFault("A fault must be an object with at least operation and kind.")
    unknown = set(raw) - {"operation", "kind", "status", "milliseconds", "times", "probability"}
    if unknown:
        raise BadFault(f"A fault has no member {sorted(unknown)[0]!r}.")
    operation, kind = raw.get("operation"), raw.get("kind")
    if not isinstance(operation, str) or operation not in operations:
        raise BadFault(f"No operation is called {operation!r}.")
    if kind not in KINDS:
        raise BadFault(f"No kind of fault is called {kind!r}; there are {', '.join(KINDS)}.")
    status = _whole(raw, "status", 400, 599)
    milliseconds = _whole(raw, "milliseconds", 0, 600_000)
    times = _whole(raw, "times", 1, 1_000_000)
    probability = 1.0 if raw.get("probability") is None else raw["probability"]
    try:
        chance = -1.0 if isinstance(probability, bool) else float(probability)
    except (TypeError, ValueError, OverflowError):
        chance = -1.0
    if not 0.0 <= chance <= 1.0:
        raise BadFault(f"probability must be a number from 0 to 1, not {probability!r}.")
    if kind == "status" and status is None:
        raise BadFault("A fault of kind status needs a status from 400 to 599.")
    if kind == "latency" and milliseconds is None:
        raise BadFault("A fault of kind latency needs milliseconds.")
    return Fault(str(operation), str(kind), status, milliseconds, times, chance)


class Faults:
    """The faults that wait for calls."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.waiting: list[Fault] = []
        self.fired = 0  # how many calls were hit by one that is not mere latency

    def add(self, fault: Fault) -> None:
        """Let `fault` wait behind those already there."""
        self.waiting.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        self.waiting = []

    def hit(self, operation: str) -> Hit:
        """What happens to this call of `operation`; uses up one of `times` of each fault that fires.

        Latencies add up. Of the other kinds only the first that fires counts, so that "twice 500, then a cut"
        can be queued.
        """
        seconds = 0.0
        decisive: Fault | None = None
        for fault in self.waiting:
            if fault.operation != operation or (fault.kind != "latency" and decisive is not None):
                continue
            if fault.probability < 1.0 and self._random.random() >= fault.probability:
                continue
            if fault.times is not None:
                fault.times -= 1
            if fault.kind == "latency":
                seconds += (fault.milliseconds or 0) / 1000
            else:
                decisive = fault
        self.waiting = [fault for fault in self.waiting if fault.times != 0]
        if decisive is None:
            return Hit(seconds)
        self.fired += 1
        return Hit(
            seconds,
            status=decisive.status if decisive.kind == "status" else None,
            malformed=decisive.kind == "malformed",
            drop_before=decisive.kind == "drop_before",
            drop_after=decisive.kind == "drop_after",
        )
