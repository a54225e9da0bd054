"""The two sides by name, as links and answers keep them."""

from __future__ import annotations

from typing import Final

OCTOPUS: Final = "octopus"
TEAMLEADER: Final = "teamleader"
