"""The sandbox's data files: what is a table is kept as JSON beside the code that reads it."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(path: str) -> Any:
    """The content of a file such as `octopus/errors.json`. Read once: nobody changes it."""
    return json.loads(resources.files(__package__).joinpath(path).read_text(encoding="utf-8"))
