"""Chromium without a window, for what only a browser can tell: whether a page is accessible, how it is printed."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_DONE = "octowizard-axe:"
_RUN = f"""
axe.run(document, {{resultTypes: ["violations"]}}).then(found => {{
  const told = found.violations.map(one => [one.impact, one.id, one.nodes.map(node => node.html).slice(0, 3)]);
  document.documentElement.innerHTML = "<title>x</title><pre>{_DONE}" + btoa(encodeURIComponent(JSON.stringify(told)));
}});
"""


def needs_browser() -> None:
    """Skip, in words, where there is no Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install one to try the report in a browser")


def chromium(folder: Path, *words: str) -> bytes:
    """What Chromium writes; it keeps its own files in `folder`."""
    assert CHROMIUM is not None
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'chromium'}",
        *words,
    ]
    return subprocess.run(command, capture_output=True, timeout=180, check=True).stdout


def violations(page: str, folder: Path, *, dark: bool = False) -> list[Any]:
    """What axe finds in a page: (impact, rule, the first elements); skips where axe is not installed."""
    found = find_spec("axe_core_python")
    if found is None or not found.submodule_search_locations:
        pytest.skip("axe-core is not installed here (extra test)")
    axe = (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")
    # The page itself lets no script run: that line is left out of the copy that is looked at.
    open_to_scripts = page.replace('http-equiv="Content-Security-Policy"', 'name="left-out"')
    assert open_to_scripts != page
    file = folder / f"looked-at-{dark}.html"
    file.write_text(
        open_to_scripts.replace("</body>", f"<script>{axe}</script><script>{_RUN}</script></body>"), "utf-8"
    )
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    shown = chromium(folder, scheme, "--virtual-time-budget=30000", "--dump-dom", file.as_uri()).decode()
    assert _DONE in shown, "axe did not come to its end"
    body = shown.partition(_DONE)[2].partition("<")[0]
    told: list[Any] = json.loads(unquote(base64.b64decode(body).decode()))
    return told
