"""The faults of a step, by the number of the request, and the kill that belongs to one."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Sequence

from octowizard.sandbox.faults import Faults, Hit
from tests.storm.script import Fault, Kill
from tests.storm.times import LATE
from tests.sync.company import POST_BOOKING, PUT_RELATION, REGISTER_PAYMENT

ANSWERED = 0.003  # seconds after which an answer that was sent has arrived

# Ends of the names of Teamleader's operations that write; of Octopus' all do that are no GET below a dossier.
_WRITES = (".registerPayment", ".add", ".update", ".delete", ".linkToCompany", ".unlinkFromCompany")
_KINDS = {POST_BOOKING: "booking", PUT_RELATION: "relation", REGISTER_PAYMENT: "payment"}


def kind_of(operation: str) -> str:
    """Which of script.py's KINDS it is, by what it changes at the vendor; "" for a read."""
    writes = operation.endswith(_WRITES) or ("/{dossierId}/" in operation and not operation.startswith("GET"))
    return _KINDS.get(operation, "change") if writes else ""


class Weather(Faults):
    """What becomes of each request until the next step. `fired`: how many faults, by kind."""

    def __init__(self) -> None:
        super().__init__(0)
        self.requests = 0
        self.of_a_kind: Counter[str] = Counter()
        self.by_kind: Counter[str] = Counter()
        self.too_many: Counter[str] = Counter()  # by operation: 429 that were faults
        self._plan: dict[tuple[str, int], Fault] = {}
        self._kill: Kill | None = None
        self._pid = 0

    def set(self, faults: Sequence[Fault], kill: Kill | None = None, pid: int = 0) -> None:
        """From now on; requests are counted anew."""
        self.requests = 0
        self.of_a_kind.clear()
        self._plan = {(fault.among, fault.request): fault for fault in faults}
        self._kill, self._pid = kill, pid

    def hit(self, operation: str) -> Hit:
        """What becomes of the request that arrives now."""
        self.requests += 1
        kind = kind_of(operation)
        if kind:
            self.of_a_kind[kind] += 1
        if self._kill is not None and (where := self._where(self._kill, kind)):
            loop = asyncio.get_running_loop()
            if where == "arrived":
                self._strike()
                return Hit(drop_before=True)
            if where == "handled":  # it is handled in this very step of the loop
                loop.call_soon(self._strike)
                return Hit(drop_after=True)
            if where == "answered":
                loop.call_later(ANSWERED, self._strike)
                return Hit()
        fault = self._plan.get((kind, self.of_a_kind[kind])) if kind else None
        fault = fault or self._plan.get(("", self.requests))
        if fault is None:
            return Hit()
        self.fired += 1
        self.by_kind[fault.kind] += 1
        if fault.kind == "429":
            self.too_many[operation] += 1
        return Hit(
            seconds=LATE if fault.kind == "late" else fault.milliseconds / 1000,
            status=int(fault.kind) if fault.kind.isdigit() else None,
            malformed=fault.kind == "malformed",
            drop_before=fault.kind == "drop_before",
            drop_after=fault.kind == "drop_after",
        )

    def _where(self, kill: Kill, kind: str) -> str:
        """Where to kill at this request, a write of this kind or none; "" when not at this one."""
        among, _dash, where = kill.where.rpartition("-")
        if among:
            return where if among == kind and kill.count == self.of_a_kind[kind] else ""
        return where if kill.count == self.requests else ""

    def _strike(self) -> None:
        try:
            os.kill(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # it had ended
