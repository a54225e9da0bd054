"""What the terminal can do, which way a copy takes, and a page in the browser; by the environment."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping


def over_ssh(environment: Mapping[str, str] = os.environ) -> bool:
    """Is the person at another machine than the program?"""
    return any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))


def system_tool(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str | None:
    """The name of the tool that reaches this machine's clipboard; None over SSH, or when there is none."""
    if over_ssh(environment):
        return None
    wanted: tuple[str, ...] = ()
    if platform == "darwin":
        wanted = ("pbcopy",)
    elif platform == "win32":
        wanted = ("clip",)
    elif environment.get("WAYLAND_DISPLAY"):
        wanted = ("wl-copy",)
    elif environment.get("DISPLAY"):
        wanted = ("xclip", "xsel")
    return next((name for name in wanted if shutil.which(name)), None)


def open_browser(address: str) -> bool:
    """Open a page in the user's browser, which is given no secret of ours; whether there is one."""
    import webbrowser

    from octowizard.workspace.secrets import hidden_from_children

    with hidden_from_children():
        try:
            return webbrowser.open(address)
        except webbrowser.Error:
            return False


def many_colours(environment: Mapping[str, str] = os.environ) -> bool:
    """Does the terminal say that it has more than the sixteen?"""
    if environment.get("NO_COLOR"):
        return False
    return environment.get("COLORTERM", "") in ("truecolor", "24bit") or "256color" in environment.get(
        "TERM", ""
    )
