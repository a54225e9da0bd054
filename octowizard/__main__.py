"""`python -m octowizard` is the same as the command `octowizard`."""

import sys

from octowizard.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
