"""The looks: night (ink and sea green) and day (paper) of our own, and all of Textual's, each made legible.

What is written in a colour of a theme stands out from every ground that we write on, by 4.5 to 1 at least (WCAG AA).
Marks carry the meaning, so colours may stay calm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme

from octowizard.locale import _
from octowizard.locale.keys import key_of

ENOUGH = 4.5
GROUNDS = ("background", "surface", "panel", "cursor")
INKS = ("foreground", "primary", "secondary", "accent", "success", "warning", "error", "soft")
_UNDER_CURSOR = 7.0  # of the plain text: there the colours of the marks need room, too

NIGHT = Theme(
    name="octowizard-night",
    dark=True,
    primary="#6fbcc0",
    secondary="#80b0ce",
    accent="#c6a5e6",
    success="#8cc98f",
    warning="#e3b86a",
    error="#f0968d",
    foreground="#d9dfe7",
    background="#11161c",
    surface="#171d25",
    panel="#212a35",
    variables={
        "soft": "#9aa7b7",
        "cursor": "#22373f",
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
    primary="#0f5a62",
    secondary="#2f5a7a",
    accent="#6b3f96",
    success="#1d5c27",
    warning="#6b4600",
    error="#9a231c",
    foreground="#23282f",
    background="#faf8f4",
    surface="#f1ede6",
    panel="#e6e0d6",
    variables={
        "soft": "#565b64",
        "cursor": "#cfdedd",
        "border": "#cfc7b9",
        "scrollbar": "#cfc7b9",
        "scrollbar-background": "#faf8f4",
        "scrollbar-corner-color": "#faf8f4",
    },
)
THEMES = (NIGHT, DAY)
# `$soft`, for what is said aside, and `$cursor`, behind the line that has it, where a theme does not name them.
DEFAULTS = {"soft": "#9aa7b7", "cursor": "#22373f"}


def names() -> list[str]:
    """All themes, ours first."""
    return [theme.name for theme in (*THEMES, *BUILTIN_THEMES.values())]


def other(dark: bool) -> str:
    """The look to change to from a dark or a light one."""
    return of_terminal(not dark)


def of_terminal(dark: bool) -> str:
    """Our look for a terminal that is dark or light."""
    return NIGHT.name if dark else DAY.name


def refusal(name: str) -> str:
    """That there is no such theme, with the nearest that there is; "" where there is."""
    if not name or name in names():
        return ""
    near = get_close_matches(name, names(), 1)
    if not near:
        return _("There is no theme “{name}”; {themes} shows all.").format(
            themes=key_of("themes", "T"), name=name
        )
    return _("There is no theme “{name}”: perhaps “{near}” is meant.").format(name=name, near=near[0])


# --- legible ----------------------------------------------------------------------------------------------------


def contrast(one: Color, two: Color) -> float:
    """The ratio of two colours' luminances, from 1 to 21, as WCAG defines it."""
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = [part / 255 for part in (colour.r, colour.g, colour.b)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def legible(theme: Theme, variables: Mapping[str, str]) -> dict[str, str]:
    """The colours of a theme, those of texts moved away from the grounds until they stand out enough.

    Of a theme in the terminal's own colours, which nobody here knows, all texts that are not marks get the plain one.
    """
    made = dict(variables)
    if theme.ansi:
        plain = made["foreground"]
        return made | {"soft": plain, "cursor": made["background"], **dict.fromkeys(_ASIDE, plain)}
    end = Color.parse("#ffffff" if theme.dark else "#000000")
    solid = {name: Color.parse(made[name]) for name in ("background", "surface", "panel", "primary")}
    grounds = [solid[name] for name in ("background", "surface", "panel")]
    ink = _standing_out(Color.parse(made["foreground"]), grounds, end)
    if "cursor" not in theme.variables:
        made["cursor"] = _behind_cursor(solid["background"], solid["primary"], ink).hex
    grounds.append(Color.parse(made["cursor"]))
    if "soft" not in theme.variables:
        made["soft"] = ink.blend(solid["background"], 0.35).hex
    for name in INKS:
        made[name] = _standing_out(Color.parse(made[name]), grounds, end).hex
    made |= dict.fromkeys(_PLAIN, made["foreground"]) | dict.fromkeys(_ASIDE, made["soft"])
    made |= {f"text-{name}": made[name] for name in INKS if f"text-{name}" in made}
    return made | {
        "block-cursor-background": made["primary"],
        "block-cursor-foreground": made["background"],
        "block-cursor-blurred-background": made["cursor"],
        "block-cursor-blurred-foreground": made["foreground"],
        "block-hover-background": made["cursor"],
        "input-selection-background": made["cursor"],
        "input-cursor-background": made["foreground"],
        "input-cursor-foreground": made["background"],
        "screen-selection-background": made["cursor"],
    }


# Textual's own names of plain and of softer text.
_PLAIN = ("text", "button-foreground", "input-selection-foreground", "screen-selection-foreground")
_ASIDE = ("text-muted", "text-disabled", "foreground-muted", "foreground-disabled")


def _standing_out(ink: Color, grounds: Iterable[Color], end: Color) -> Color:
    """The colour itself, or as little of the way to `end` as is needed."""
    grounds = list(grounds)
    for step in range(21):
        moved = ink.blend(end, step / 20)
        moved = Color(moved.r, moved.g, moved.b)  # as it is written and read again
        if all(contrast(moved, ground) >= ENOUGH for ground in grounds):
            return moved
    return end


def _behind_cursor(ground: Color, tint: Color, ink: Color) -> Color:
    """The ground with as much of the tint as leaves the text legible."""
    for share in (0.3, 0.25, 0.2, 0.15):
        made = ground.blend(tint, share)
        if contrast(made, ink) >= _UNDER_CURSOR:
            return made
    return ground.blend(tint, 0.1)


def behind(text: str) -> bool | None:
    """Whether the colour that a terminal names as its ground is dark; None where it names none.

    Read are the answer to OSC 11, `rgb:1111/2222/3333`, and COLORFGBG, `15;0`.
    """
    if text.startswith("rgb:"):
        parts = text.removeprefix("rgb:").split("/")
        try:
            red, green, blue = (round(255 * int(part, 16) / (16 ** len(part) - 1)) for part in parts)
            return Color(red, green, blue).brightness < 0.5
        except (ValueError, ZeroDivisionError, ColorParseError):
            return None
    number = text.rpartition(";")[2]
    return int(number) < 7 or int(number) == 8 if text and number.isdecimal() else None
