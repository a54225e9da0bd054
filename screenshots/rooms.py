"""Draws rooms.svg, which rooms import which, from the imports themselves: `python screenshots/rooms.py`

The rows are the layers of import-linter in pyproject.toml. A line leads from the room that imports to the one that
it imports, thicker the more modules do.
"""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "octowizard"
WIDTH, ROW, BOX, TALL = 900, 62, 150, 32
PURPOSE = {
    "cli": "the commands",
    "app": "the Textual app",
    "reports": "letters and files",
    "presentation": "facts to blocks, JSON",
    "session": "one profile, open",
    "onboarding": "set-up, step by step",
    "sync": "writes the plan",
    "customers": "import and merge",
    "problems": "cards, recognition",
    "checks": "findings",
    "planning": "what will be done",
    "snapshot": "what was read",
    "outbox": "each write, once",
    "workspace": "SQLite, secrets",
    "octopus": "its API",
    "teamleader": "its API",
    "transport": "retries, limits",
    "books": "money, periods, VAT",
    "progress": "stop and report",
    "matching": "same customer?",
    "locale": "languages, labels",
}


def layers() -> list[list[str]]:
    """The rooms from top to bottom, side by side where they stand on one level."""
    config = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    (found,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[room.strip() for room in layer.split("|")] for layer in found]


def imports() -> Counter[tuple[str, str]]:
    """For two rooms: how many modules of the first one import something of the second one."""
    counted: Counter[tuple[str, str]] = Counter()
    for file in sorted(PACKAGE.rglob("*.py")):
        room = file.relative_to(PACKAGE).parts[0]
        reached = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            reached |= {name.split(".")[1] for name in names if name.startswith("octowizard.")}
        counted.update((room, other) for other in reached - {room})
    return counted


def picture() -> str:
    """The SVG."""
    rows = layers()
    at = {
        room: (WIDTH * (place + 1) / (len(row) + 1), 30 + level * ROW)
        for level, row in enumerate(rows)
        for place, room in enumerate(row)
    }
    lines, boxes = [], []
    # Lines run beside the column, farther out the farther they lead, so that none crosses a box on its way.
    for (room, other), count in sorted(imports().items()):
        if room in at and other in at:
            (x, y), (to, down) = at[room], at[other]
            out = (down - y) * 0.42 * (-1 if (x + to) / 2 < WIDTH / 2 or len(room) % 2 else 1)
            bend = (x + to) / 2 + out
            lines.append(
                f'<path d="M{x:.0f} {y + TALL / 2:.0f} C{bend:.0f} {y + TALL:.0f} {bend:.0f} {down - TALL:.0f} '
                f'{to:.0f} {down - TALL / 2:.0f}" stroke-width="{min(0.6 + count / 6, 5):.1f}">'
                f"<title>{room} imports {other} in {count} modules</title></path>"
            )
    for room, (x, y) in at.items():
        boxes.append(
            f'<rect x="{x - BOX / 2:.0f}" y="{y - TALL / 2:.0f}" width="{BOX}" height="{TALL}" rx="6"/>'
            f'<text x="{x:.0f}" y="{y - 1:.0f}" font-weight="bold">{room}</text>'
            f'<text x="{x:.0f}" y="{y + 11:.0f}" font-size="10">{PURPOSE[room]}</text>'
        )
    tall = 30 + ROW * len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" font-family="sans-serif" '
        f'font-size="13" text-anchor="middle">\n<rect width="{WIDTH}" height="{tall}" fill="#fff"/>\n'
        '<g fill="none" stroke="#7a5cc7" stroke-opacity=".35">\n' + "\n".join(lines) + "\n</g>\n"
        '<g stroke="none">\n'
        + "\n".join(boxes).replace("<rect ", '<rect fill="#ece6fa" ')
        + "\n</g>\n</svg>\n"
    )


if __name__ == "__main__":
    (HERE / "rooms.svg").write_text(picture(), encoding="utf-8")
