"""What the user said about two customers: the same, or not. Never asked twice; what was seen then goes on teaching.

A customer is named by where it is and its key there: `octopus/<relation number>`, `teamleader/<id>`, or
`file/<name of the file>/<id or number of the row>`. The order of the two does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import msgspec

from octowizard.workspace.db import UNREADABLE, Workspace


class Answer(NamedTuple):
    """One answer. `levels`: how far each field agreed when it was given, as the matching counts it; {} unknown."""

    one: str
    other: str
    same: bool
    levels: dict[str, int]
    at: str


class _Row(NamedTuple):
    one: str
    other: str
    same: Literal[0, 1]
    evidence: str
    at: str


def remember(
    workspace: Workspace, one: str, other: str, *, same: bool, levels: Mapping[str, int] | None = None
) -> None:
    """Keep the answer, durably; an earlier one about the two is replaced. ValueError when they are one and the same."""
    remember_all(workspace, [(one, other)], same=same, levels=levels)


def remember_all(
    workspace: Workspace,
    pairs: Iterable[tuple[str, str]],
    *,
    same: bool,
    levels: Mapping[str, int] | None = None,
) -> None:
    """Keep the same answer about all these pairs, durably, as one."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    body = msgspec.json.encode(dict(levels)).decode() if levels else ""
    rows = [(*_in_order(one, other), int(same), body, at) for one, other in pairs]
    with workspace.durable() as db:
        db.executemany(
            "INSERT INTO same_answer VALUES (?, ?, ?, ?, ?) ON CONFLICT (left_key, right_key) DO UPDATE SET "
            "same = excluded.same, evidence = excluded.evidence, at = excluded.at",
            rows,
        )


def _in_order(one: str, other: str) -> tuple[str, str]:
    if one == other:
        raise ValueError(f"{one} is compared with itself")
    return min(one, other), max(one, other)


def forget(workspace: Workspace, one: str, other: str) -> bool:
    """Take an answer back; whether there was one."""
    return forget_all(workspace, [(one, other)]) > 0


def forget_all(workspace: Workspace, pairs: Iterable[tuple[str, str]]) -> int:
    """Take the answers about all these pairs back, as one; how many there were."""
    with workspace.durable() as db:
        gone = db.executemany(
            "DELETE FROM same_answer WHERE left_key = ? AND right_key = ?",
            [_in_order(one, other) for one, other in pairs],
        )
        return gone.rowcount


def given(workspace: Workspace) -> list[Answer]:
    """All answers, the earliest first."""
    rows = workspace.read(
        _Row, "SELECT left_key, right_key, same, evidence, at FROM same_answer ORDER BY at, left_key"
    )
    return [Answer(one, other, bool(same), _levels(evidence), at) for one, other, same, evidence, at in rows]


def between(answers: Iterable[Answer], left: str, right: str) -> list[tuple[str, str, Answer]]:
    """The answers about customers of two places (`octopus`, `file/<name>`, ...), with the keys they have there.

    Those about customers elsewhere come with empty keys: they teach all the same.
    """
    pairs = []
    for answer in answers:
        keys = ("", "")
        for one, other in ((answer.one, answer.other), (answer.other, answer.one)):
            if one.startswith(f"{left}/") and other.startswith(f"{right}/"):
                keys = (one[len(left) + 1 :], other[len(right) + 1 :])
                break
        pairs.append((*keys, answer))
    return pairs


def _levels(text: str) -> dict[str, int]:
    """What was kept beside an answer; nothing where an older octowizard kept it in another shape."""
    try:
        return msgspec.json.decode(text, type=dict[str, int]) if text else {}
    except UNREADABLE:
        return {}
