"""A PostgreSQL of the tests' own: started where the programs are there, a database of its own for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from tests.consent import free_port

MISSING = "PostgreSQL is not installed (apt-get install postgresql), or psycopg is not (the extra fleet)"
_NUMBERS = count()
_FAST = "-c fsync=off -c full_page_writes=off -c max_connections=300 -c unix_socket_directories=''"


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; None where it or its client cannot be used."""
    try:
        import psycopg  # noqa: F401 - whether it is there
    except ImportError:
        return None
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    return Path(there).parent if there else None


def _as_its_user(*words: str | Path) -> None:
    """PostgreSQL does not run as root."""
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    subprocess.run([*user, *map(str, words)], check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def running() -> Iterator[str]:
    """A server until the block is left; its address, without a database."""
    bin_ = programs()
    assert bin_ is not None
    with tempfile.TemporaryDirectory(prefix="octowizard-pg-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = Path(folder) / "data"
        _as_its_user(
            bin_ / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
            "--no-sync",
        )  # fmt: skip
        port = _started(bin_, data, Path(folder) / "log")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            _as_its_user(bin_ / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _started(bin_: Path, data: Path, log: Path) -> int:
    """Start the server; its port. One that was free may be another's before the server has it: then the next."""
    for _again in range(5):
        port = free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 {_FAST}"
        with suppress(subprocess.CalledProcessError):
            _as_its_user(bin_ / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start")
            return port
        if "Address already in use" not in log.read_text():
            break
    raise RuntimeError(log.read_text())


@contextmanager
def database(server: str) -> Iterator[str]:
    """A fresh database, of a name that none had before, until the block is left; its address."""
    import psycopg

    name = f"octowizard_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
