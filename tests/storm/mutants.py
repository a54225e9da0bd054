"""Does the storm see a bug? Some are planted, one at a time, in a copy of the package; each must be caught.

    python -m tests.storm.mutants [NAME…] [--minutes 10] [--seed 1]

says of each what caught it, after how many rounds. Exit code 1 when one was not.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """A bug. `edits`: what stands once in a file of octowizard, and what is written instead."""

    what: str
    file: str
    edits: tuple[tuple[str, str], ...]


MUTANTS = {
    "intent-after-call": Mutant(
        "the intent is written after the call",
        "outbox/door.py",
        (
            (
                "    intent = intents.open_intent(\n",
                "    early = await kind.send(client, body)\n    intent = intents.open_intent(\n",
            ),
            ("        answer = await kind.send(client, body)\n", "        answer = early\n"),
        ),
    ),
    "lost-answer-is-a-yes": Mutant(
        "a write whose answer was lost counts as made, without a look",
        "outbox/door.py",
        (
            (
                "    intents.call_ended(workspace, intent)\n    if failure.in_doubt and kind.settles",
                "    if failure.in_doubt:\n"
                '        intents.close(workspace, intent, "done", "", *kind.links(body, None))\n'
                "        return Written(None, found=True)\n"
                "    if failure.in_doubt and kind.settles",
            ),
        ),
    ),
    "doubt-is-a-yes": Mutant(
        "what an earlier process left in doubt counts as made, without a look",
        "outbox/recovery.py",
        (
            (
                "        if record is not None and kind.is_same(body, record):\n",
                "        if record is None or kind.is_same(body, record):\n            record = record or True\n",
            ),
        ),
    ),
    "doubt-is-a-no": Mutant(
        "what an earlier process left in doubt is given up without a look",
        "outbox/recovery.py",
        (
            (
                "body, record = bodies[doubt.id], records.get(doubt.id)",
                "body, record = bodies[doubt.id], None",
            ),
        ),
    ),
    "key-without-year": Mutant(
        "a place is told by journal and number, without the fiscal year",
        "outbox/lookup.py",
        (("    return booking.bookyear_key.id, booking", "    return 0, booking"),),
    ),
    "payment-is-a-yes": Mutant(
        "a payment in doubt counts as registered",
        "outbox/payments.py",
        (("    return True if exactly > 0 or", "    return True if exactly >= 0 or"),),
    ),
    "payment-not-marked": Mutant(
        "a payment that was sent is not marked as sent, and not known again",
        "planning/payments.py",
        (
            (
                "        if exact or self.due <= 0 or self._free.get((amount, day), 0) > 0:",
                "        if self.due <= 0:",
            ),
        ),
    ),
    "closed-period-ignored": Mutant(
        "the planner books into closed years, periods and journals",
        "planning/booking.py",
        (
            (
                "            self._places[key] = place\n",
                "            place = self._places[key] = place._replace(wall=None)\n",
            ),
        ),
    ),
    "gap-in-numbers": Mutant(
        "a number is left out between two bookings",
        "sync/documents.py",
        (
            (
                "                self._next[place] = number + 1\n                self._booked(",
                "                self._next[place] = number + 2\n                self._booked(",
            ),
        ),
    ),
    "first-vat-code": Mutant(
        "the planner books every line with the same VAT code",
        "planning/booking.py",
        (
            (
                "        code = self._vat_code(line.tax_rate_id, head)\n",
                "        code = self._vat_code(min(self._snapshot.tax_rates), head)\n",
            ),
        ),
    ),
}


def planted(mutant: Mutant, folder: Path) -> None:
    """A copy of package and tests with the bug in it."""
    for part in ("octowizard", "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "octowizard" / mutant.file
    text = path.read_text()
    for stands, instead in mutant.edits:
        assert text.count(stands) == 1, (mutant.file, stands)
        text = text.replace(stands, instead)
    path.write_text(text)


def caught(name: str, minutes: float, seed: int, worlds: int) -> str | None:
    """What caught it, in a line; None when nothing did."""
    with tempfile.TemporaryDirectory(prefix="octowizard-mutant-") as folder:
        planted(MUTANTS[name], Path(folder))
        words = ["--minutes", str(minutes), "--seed", str(seed), "--worlds", str(worlds), "--first", "--json"]
        began = time.monotonic()
        ended = subprocess.run(
            [sys.executable, "-m", "tests.storm", *words],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    found = json.loads(ended.stdout.splitlines()[-1])
    if not found["violations"]:
        return None
    said = found["violations"][0].splitlines()[0]
    return f"after {found['rounds']} rounds, {time.monotonic() - began:.0f} s: {said}"


def main(words: list[str]) -> int:
    """The command at the top of this file."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm.mutants")
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*MUTANTS, []])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=2)
    given = parser.parse_args(words)
    lived = 0
    for name in given.names or MUTANTS:
        how = caught(name, given.minutes, given.seed, given.worlds)
        lived += how is None
        sys.stdout.write(f"{name} ({MUTANTS[name].what}): {how or 'NOT CAUGHT'}\n")
        sys.stdout.flush()
    return 1 if lived else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
