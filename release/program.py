"""The way into the standalone program: octowizard, or a part that it starts in a process of its own (`itself.py`)."""

import os
import runpy
import sys

from octowizard.__main__ import main

PARTS = frozenset(
    {
        "octowizard",
        "octowizard.customers.workbook_child",
        "octowizard.sandbox",
        "octowizard.workspace.renewal",
    }
)


def begin() -> int:
    """Run what the words ask for. The exit code."""
    # Linux: the program's own libraries are for itself alone, not for a browser or a pager that it opens.
    theirs = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if theirs is not None:
        os.environ["LD_LIBRARY_PATH"] = theirs
    if sys.argv[1:2] == ["-m"] and sys.argv[2] in PARTS:
        module = sys.argv[2]
        del sys.argv[1:3]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return 0
    return main()


if __name__ == "__main__":
    sys.exit(begin())
