"""The two looks: night (ink and sea green) and day (paper). Marks carry the meaning, so both may stay calm."""

from __future__ import annotations

from textual.theme import Theme

NIGHT = Theme(
    name="octowizard-night",
    dark=True,
    primary="#6fbcc0",
    secondary="#5b8fb0",
    accent="#c6a5e6",
    success="#8cc98f",
    warning="#e3b86a",
    error="#ec8a80",
    foreground="#d9dfe7",
    background="#11161c",
    surface="#171d25",
    panel="#212a35",
    variables={
        "soft": "#8d9aab",
        "border": "#33404f",
        "input-cursor-background": "#d9dfe7",
        "scrollbar": "#33404f",
        "scrollbar-background": "#11161c",
        "scrollbar-corner-color": "#11161c",
    },
)
DAY = Theme(
    name="octowizard-day",
    dark=False,
    primary="#14666e",
    secondary="#3a6a8c",
    accent="#6b3f96",
    success="#25692f",
    warning="#7d5200",
    error="#a82a22",
    foreground="#23282f",
    background="#faf8f4",
    surface="#f1ede6",
    panel="#e6e0d6",
    variables={
        "soft": "#6a6f78",
        "border": "#cfc7b9",
        "scrollbar": "#cfc7b9",
        "scrollbar-background": "#faf8f4",
        "scrollbar-corner-color": "#faf8f4",
    },
)
THEMES = (NIGHT, DAY)
DEFAULTS = {"soft": "#8d9aab"}  # `$soft`, for what is said aside, where another theme does not name it


def other(name: str) -> str:
    """The look to change to."""
    return DAY.name if name == NIGHT.name else NIGHT.name
