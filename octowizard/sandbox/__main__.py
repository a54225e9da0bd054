"""`python -m octowizard.sandbox`: the practice company without octowizard around it."""

import sys

from octowizard.sandbox.serve import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
