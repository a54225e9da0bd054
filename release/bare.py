"""Puts a standalone program into a root without Python: `python release/bare.py PROGRAM ROOT`

For Linux, as root. The root holds the program, the libraries that `ldd` names, an empty /tmp and two devices; nothing
else: no Python, no shell, no /proc, no certificates, no time zones. It prints the command that runs the program there,
with an empty PATH, in the folder it is called in, which has to lie below ROOT. To try it:
`pytest -m installed tests/installed --installed-command ROOT/command --basetemp ROOT/tmp/tests`
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_COMMAND = """#!{python} -IS
import os, sys
here, kept = os.getcwd(), ("OCTOWIZARD_", "TERM", "LANG", "LC_", "TZ", "NO_COLOR")
os.chroot({root!r})
os.chdir(here)
words = {{name: value for name, value in os.environ.items() if name.startswith(kept)}}
os.execve("/octowizard", ["/octowizard", *sys.argv[1:]], words | {{"PATH": ""}})
"""


def libraries(program: Path) -> list[Path]:
    """What the system's loader brings in before the program itself does anything."""
    shown = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=True).stdout
    return [Path(path) for path in re.findall(r"(?:=> |^\s+)(/\S+)", shown, re.MULTILINE)]


def furnish(program: Path, root: Path) -> Path:
    """Make the root. The command to run the program in it."""
    root.mkdir(parents=True)
    shutil.copy2(program, root / "octowizard")
    # Named by every program that was built with this glibc, whether the loader of ours names it too or not.
    more = ("libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1")
    for library in libraries(program):
        for name in {library.name, *(more if library.name == "libc.so.6" else ())}:
            if (library.parent / name).exists():
                (root / library.parent.relative_to("/")).mkdir(parents=True, exist_ok=True)
                shutil.copy2(library.parent / name, root / library.parent.relative_to("/") / name)
    (root / "tmp").mkdir()
    (root / "dev").mkdir()
    for device, numbers in (("null", "1 3"), ("urandom", "1 9")):
        subprocess.run(["mknod", "-m", "666", str(root / "dev" / device), "c", *numbers.split()], check=True)
    # A path of outside means the same inside.
    inside = root / root.relative_to("/")
    inside.parent.mkdir(parents=True, exist_ok=True)
    inside.symlink_to("/")
    command = root / "command"
    command.write_text(_COMMAND.format(python=sys.executable, root=str(root)))
    command.chmod(0o755)
    return command


def main(argv: Sequence[str]) -> int:
    """Make it, and tell the command."""
    program, root = (Path(word).absolute() for word in argv)
    sys.stdout.write(f"{furnish(program, root)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
