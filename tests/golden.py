"""What every scenario of the sandbox says, stored in a folder: to compare before and after a rebuilding.

`python tests/golden.py FOLDER` writes one file per scenario and command; two folders are compared with `diff -r`.
Of moving things (moments, seconds, how far a phase is, the order in which the vendors answered) nothing is kept.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

COMMANDS = {
    "check": ("check", "--json"),
    "sync": ("sync", "--dry-run", "--json"),
    "calendar": ("calendar", "--json"),
    "setup": ("setup", "--status", "--json"),
}
SIZE = ("--seed", "7", "--customers", "20", "--documents", "24")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?|\b\d\d?:\d\d\b")
_PORT = re.compile(r"127\.0\.0\.1:\d+|localhost:\d+")
_MOVING = {"phase_progress", "gauge", "counters", "reading"}
_TIMED = {"seconds", "per_minute", "seconds_left", "teamleader_left"}


def normalised(value: Any) -> Any:
    """The value without what differs from run to run."""
    if isinstance(value, dict):
        return {key: normalised(part) for key, part in value.items() if key not in _TIMED}
    if isinstance(value, list):
        return [normalised(part) for part in value]
    if isinstance(value, str):
        return _PORT.sub("HOST", _MOMENT.sub("MOMENT", value))
    return value


def lines_of(out: str, err: str) -> list[str]:
    """The output as sorted JSON lines; what is no JSON stays as it is."""
    found = []
    for line in out.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            found.append(normalised(line))
            continue
        if isinstance(value, dict) and value.get("event") in _MOVING:
            continue
        found.append(json.dumps(normalised(value), ensure_ascii=False, indent=1))
    return sorted(found) if len(found) > 1 else found or [normalised(err)]


def main(folder: Path, wanted: list[str]) -> None:
    """Run every command on every scenario."""
    from octowizard.cli.main import run
    from octowizard.sandbox.worlds import SCENARIOS

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["OCTOWIZARD_HOME"] = home
        for scenario in wanted or SCENARIOS:
            for name, words in COMMANDS.items():
                out, err = io.StringIO(), io.StringIO()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    code = run(["--sandbox", scenario, *SIZE, *words])
                body = [f"exit {code}", *lines_of(out.getvalue(), err.getvalue())]
                (folder / f"{scenario}.{name}.txt").write_text("\n".join(body) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
