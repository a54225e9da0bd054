"""`python -m tests.generator ROWS SEED DIR`: writes left.csv, right.csv and truth.csv into a folder."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from tests.generator import COLUMNS, make


def main(words: list[str]) -> int:
    """Write the three files. 2 on wrong usage."""
    if len(words) != 3 or not (words[0].isdigit() and words[1].isdigit()):
        sys.stderr.write("usage: python -m tests.generator ROWS SEED DIR\n")
        return 2
    left, right, truth = make(int(words[0]), int(words[1]))
    folder = Path(words[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("left.csv", left), ("right.csv", right)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        pairs = csv.writer(file)
        pairs.writerow(("left", "right"))
        pairs.writerows(sorted(truth))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
