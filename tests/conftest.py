"""How the whole suite is run."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest

from tests import guard

# Hundreds of tests start a process, and every worker loads every test: compiled once is enough.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# They speak English, whatever the language of this computer; a test that does not says so itself.
for _name in ("LANGUAGE", "LC_MESSAGES", "OCTOWIZARD_LANGUAGE"):
    os.environ.pop(_name, None)
os.environ["LC_ALL"] = "C.UTF-8"

HERE = Path(__file__).parent
MEMORY = Path("/dev/shm")
ENOUGH = 2_000_000_000  # bytes; the suite takes a tenth of it


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two workers for each core: many tests wait for the practice company or a screen, and use none meanwhile."""
    chosen = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS", "")
    cores = os.cpu_count() or 1
    return int(chosen) if chosen.isdecimal() else 2 * cores


def pytest_configure(config: pytest.Config) -> None:
    """Compile catalogues that were translated since the installation; find a place for what tests write."""
    if not hasattr(config, "workerinput"):
        from tests.locale.catalogues import compile_changed

        compile_changed()
    _in_memory()
    _no_constants_of_the_source()
    _the_same_examples()


def _in_memory() -> None:
    """Keep what tests write in memory, where there is room: they kill processes, but none pulls the plug."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return
    if shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Let each worker load another part of all tests first, so that each is compiled by one of them and not by all."""
    if not isinstance(collector, pytest.Session):
        return
    gc.disable()  # what is collected stays: to look through it again and again would be a sixth of this time
    config = collector.config
    worker: dict[str, str] | None = getattr(config, "workerinput", None)
    if worker is None or config.args != config.getini("testpaths"):
        return
    modules = [
        ".".join(path.relative_to(config.rootpath).with_suffix("").parts)
        for path in sorted(HERE.rglob("test_*.py"))
    ]
    first = int(worker["workerid"].removeprefix("gw")) * len(modules) // int(worker["workercount"])
    for module in modules[first:] + modules[:first]:
        with suppress(Exception, pytest.skip.Exception):  # whoever collects it tells what is wrong with it
            import_module(module)


def _no_constants_of_the_source() -> None:
    """Let hypothesis not read all modules for constants to try: seconds in each worker, for the long form alone."""
    if os.environ.get("OCTOWIZARD_LONG"):
        return
    with suppress(ImportError, AttributeError):  # its own affair, and may be called otherwise one day
        providers = import_module("hypothesis.internal.conjecture.providers")
        assert callable(providers.is_local_module_file)
        providers.is_local_module_file = lambda _path: False  # type: ignore[attr-defined]  # imported by name


def _the_same_examples() -> None:
    """Let hypothesis try the same examples each time: a change fails for what it changed. Others in the long form."""
    from hypothesis import settings

    settings.register_profile("same", derandomize=True)
    if not os.environ.get("OCTOWIZARD_LONG"):
        settings.load_profile("same")


def pytest_collection_finish() -> None:
    """Thousands of collected tests live to the end: visited by each collection of garbage, they cost a fifth of all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    gc.enable()  # see pytest_collectstart


@pytest.fixture(scope="session", autouse=True)
def renewals_in_this_process() -> Iterator[None]:
    """A process for each renewal would cost the suite a minute; `tests/workspace/test_renewal.py` has them."""
    from octowizard.workspace import renewal

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renewal, "apart", lambda *_of: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the person who runs the tests has set for octowizard counts for none of them."""
    home = tmp_path_factory.mktemp("home") / "nobody"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OCTOWIZARD_HOME", str(home))
        yield home


@pytest.fixture(autouse=True)
def as_it_was(nobodys_home: Path) -> Iterator[None]:
    """A test leaves nothing behind that the next one could meet; what it speaks ends with it."""
    before, secrets = guard.state(), guard.secrets()
    yield
    guard.speak_english()
    guard.only_secrets(secrets)
    if left := guard.put_right(before, nobodys_home):
        pytest.fail("the test left behind what the next one would meet:\n" + "\n".join(left), pytrace=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--installed-command",
        metavar="PATH",
        help="the octowizard that `-m installed` tries, in an environment of its own (see tests/installed)",
    )
