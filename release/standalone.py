"""Builds octowizard as one program that needs no Python: `python release/standalone.py [--folder] [--output FOLDER]`

With the extra `standalone`, in an environment where octowizard is installed. The program is for the system that it is
built on (Linux: for its glibc and later ones). `--folder`: a folder with the program in it, which starts sooner.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path

HERE = Path(__file__).parent
# What is loaded by a name that is made up while it runs: PyInstaller sees no import of it.
LOADED_BY_NAME = (
    "octowizard",
    "stdnum",
    "phonenumbers.data",
    "textual.widgets",
    "textual.drivers",
    "rich._unicode_data",
    "tzdata",
)
WITH_DATA = ("octowizard", "textual", "tzdata")
# Their versions are asked for (`doctor`), and their entry points (keyring's back-ends).
DESCRIBED = ("octowizard",)
# Nothing of octowizard loads them, but something that it loads would take them along.
LEFT_OUT = (
    "tkinter",
    "setuptools",
    "pkg_resources",
    "pip",
    "numpy.f2py",
    "numpy.testing",
    "numpy.distutils",
    "PIL",
    "IPython",
)


def words(output: Path, work: Path, *, folder: bool) -> list[str]:
    """What PyInstaller is told."""
    told = ["--noconfirm", "--clean", "--log-level", "WARN", "--name", "octowizard", "--console"]
    told += ["--onedir" if folder else "--onefile", "--python-option", "X utf8"]
    told += ["--distpath", str(output), "--workpath", str(work), "--specpath", str(work)]
    for name in LOADED_BY_NAME:
        told += ["--collect-submodules", name]
    for name in DESCRIBED:
        told += ["--recursive-copy-metadata", name]
    for name in LEFT_OUT:
        told += ["--exclude-module", name]
    return [
        *told,
        *(word for name in WITH_DATA for word in ("--collect-data", name)),
        str(HERE / "program.py"),
    ]


def build(output: Path, *, folder: bool = False) -> Path:
    """Build it. The program's path."""
    from PyInstaller.__main__ import run

    # From elsewhere than the sources: PyInstaller would prefer what lies in the present folder to what is installed.
    with tempfile.TemporaryDirectory(prefix="octowizard-standalone-") as work, chdir(work):
        run(words(output, Path(work), folder=folder))
    name = "octowizard.exe" if sys.platform == "win32" else "octowizard"
    return output / "octowizard" / name if folder else output / name


def main(argv: Sequence[str] | None = None) -> int:
    """Build it and tell where it is."""
    parser = argparse.ArgumentParser(description="Build octowizard as one program.")
    parser.add_argument("--folder", action="store_true")
    parser.add_argument("--output", type=Path, default=HERE.parent / "dist")
    arguments = parser.parse_args(argv)
    built = build(arguments.output.absolute(), folder=arguments.folder)
    sys.stdout.write(f"{built} {built.stat().st_size / 1e6:.0f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
