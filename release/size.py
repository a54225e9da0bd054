"""What weighs in an environment, by distribution: `python release/size.py PYTHON`, the Python of that environment.

MB on the disk, as the file system counts them, with what is compiled.
"""

from __future__ import annotations

import json
import subprocess
import sys

_PROGRAM = """
import importlib.metadata as m, json, os
def size(path):
    try: return os.stat(path).st_blocks * 512
    except OSError: return 0
print(json.dumps({d.name: sum(size(d.locate_file(f)) for f in d.files or ()) for d in m.distributions()}))
"""


def sizes(python: str) -> dict[str, int]:
    """Bytes of each distribution, the heaviest first."""
    shown = subprocess.run([python, "-c", _PROGRAM], capture_output=True, text=True, check=True).stdout
    known: dict[str, int] = json.loads(shown)
    return dict(sorted(known.items(), key=lambda one: -one[1]))


def main(words: list[str]) -> int:
    """Tell them, and all together."""
    known = sizes(words[0])
    for name, size in known.items():
        sys.stdout.write(f"{size / 1e6:8.1f}  {name}\n")
    sys.stdout.write(f"{sum(known.values()) / 1e6:8.1f}  all\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
