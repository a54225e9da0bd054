"""Prints the table of the help centre's two articles as Markdown: each sentence, and the step or card that carries it.

Not a test: `python -m tests.problems.table [connecting|troubleshooting]`. That the texts say it, and that no sentence
is without one, is tested in tests/onboarding/test_coverage.py and tests/problems/test_catalogue.py.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

TABLE = Path(__file__).parent / "coverage.toml"
ARTICLES = ("connecting", "troubleshooting")
TITLES = (
    "Sentence (its first words)",
    "What it comes to",
    "Step of the set-up, and its words",
    "Card, and its words",
)


def lines(sentences: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The rows, with a heading of their own."""
    yield _row(TITLES)
    yield _row(["---"] * len(TITLES))
    for one in sentences:
        says = f": “{one['says']}”" if "says" in one else ""
        step = f"`{one['step']}`{says}" if "step" in one else ""
        card = f"`{one['card']}`{'' if step else says}" if "card" in one else ""
        yield _row((one["begins"], one["means"], step, card))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def main(words: Sequence[str]) -> int:
    """Print them; 1 when a sentence has neither step nor card."""
    parser = argparse.ArgumentParser(prog="python -m tests.problems.table")
    parser.add_argument("article", nargs="?", choices=ARTICLES, help="both unless named")
    article = parser.parse_args(words).article
    every = tomllib.loads(TABLE.read_text(encoding="utf-8"))["sentence"]
    chosen = [one for one in every if article in (None, one["article"])]
    sys.stdout.writelines(f"{line}\n" for line in lines(chosen))
    bare = [one["begins"] for one in chosen if "step" not in one and "card" not in one]
    sys.stderr.write(f"{len(chosen)} sentences, {len(bare)} without step or card\n")
    return 1 if bare else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
