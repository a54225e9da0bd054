"""msgspec without `typing_extensions`: half of what it takes to load it.

It takes two names from there where that is installed (textual brings it), and else from `typing`, which has both as
of Python 3.11. `typing_extensions` loads `inspect`, `ast` and `dis` besides: 25 ms of a command's 70 (measured).
"""

import sys

_SPARED = "typing_extensions"


def load_msgspec() -> None:
    """Load it now, for a command that will need it; whoever imports `typing_extensions` later finds it as ever."""
    if _SPARED in sys.modules or "msgspec" in sys.modules:
        return
    sys.modules[_SPARED] = None  # type: ignore[assignment] # documented: an import of it raises ModuleNotFoundError
    try:
        import msgspec  # noqa: F401 - loaded for those that import it next
    finally:
        del sys.modules[_SPARED]
