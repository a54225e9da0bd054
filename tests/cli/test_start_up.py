"""What happens before any account is opened: help, versions, mistakes; quickly, and in one sentence."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from octowizard import __version__
from octowizard.cli.commands import COMMANDS
from octowizard.cli.main import _read
from octowizard.workspace.profiles import save
from tests.app.staged import PROFILE
from tests.cli.commands import environment, octowizard

FOR_NO_TEXT = (
    "dataclasses",
    "inspect",
    "importlib.resources",
    "tempfile",
    "pathlib",
    "datetime",
    "traceback",
    "typing",
    "logging",
    "threading",
    "shutil",
    *(f"octowizard.cli.{name}" for name in COMMANDS),
    "octowizard.cli.accounts",
    "octowizard.workspace",
    "octowizard.sandbox",
)
HEAVY = (
    *("textual", "httpx", "aiohttp", "keyring", "starlette", "uvicorn", "asyncio", "msgspec", "shtab"),
    *("stdnum", "phonenumbers", "truststore"),
)


@pytest.mark.parametrize(
    "words", [["--version"], ["--help"], ["sync", "--help"], ["nonsense"], ["sync", "--from", "soon"], []]
)
def test_nothing_heavy_is_loaded_before_the_command_is_known(tmp_path: Path, words: list[str]) -> None:
    program = (
        "import json, sys\n"
        "from octowizard.cli.main import run\n"
        f"code = run({words!r} or ['--version'])\n"
        f"sys.stderr.write('\\n' + json.dumps([name for name in {HEAVY!r} if name in sys.modules]))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env=environment(tmp_path),
        timeout=60,
        check=True,
    )
    assert json.loads(ended.stderr.splitlines()[-1]) == []


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_printing_a_text_loads_nothing_that_a_text_does_without(tmp_path: Path, word: str) -> None:
    program = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "from octowizard.cli.main import run\n"
        f"run([{word!r}])\n"
        f"sys.stderr.write(' '.join(set({FOR_NO_TEXT!r}) & (set(sys.modules) - before)))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env=environment(tmp_path),
        timeout=60,
        check=True,
    )
    assert ended.stderr == ""


def test_a_command_waits_for_no_other(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from octowizard.cli.main import run\n"
        "run(['history', '--help'])\n"
        "sys.stderr.write(' '.join(name for name in sys.modules if name.startswith('octowizard.cli.')))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env=environment(tmp_path),
        timeout=60,
        check=True,
    )
    loaded = {name.split(".")[2] for name in ended.stderr.split()}
    assert loaded & set(COMMANDS) == {"history"}


def test_the_version_is_told(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "--version")
    assert (ended.code, ended.out, ended.err) == (0, f"octowizard {__version__}\n", "")


def test_the_help_tells_commands_and_exit_codes(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "--help")
    assert ended.code == 0
    for word in ("sync", "history", "profiles", "sandbox", "--sandbox [SCENARIO]", "130 interrupted"):
        assert word in " ".join(ended.out.split())  # broken at the width of the terminal


def test_the_help_of_sync_documents_its_events(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "sync", "--help")
    assert ended.code == 0
    for word in ('"schema": 1', "run_finished", "document_failed", "left_for_later", "exit codes"):
        assert word in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["snyc"], "snyc"),
        (["sync", "--sometimes"], "--sometimes"),
        (["sync", "--from", "2026-02-30"], "2026-02-30"),
        (["sync", "--numbering", "own"], "own"),
        (["history", "first"], "first"),
        (["--profile", "acme", "--sandbox", "sync"], "exclude each other"),
        (["--customers", "5", "sync"], "go with --sandbox"),
        (["--sandbox", "helthy", "sync"], "healthy"),
        (["--sandbox", "snyc"], "the command sync"),
        (["sync"], "no profile yet"),
        (["--profile", "acme", "sync", "--yes"], "acme"),
        (["--profile", "../acme", "sync", "--yes"], "../acme"),
        (["profiles", "show", "acme"], "acme"),
        (["profiles", "remove", "acme", "--yes"], "acme"),
        ([], "needs a terminal"),
        (["--sandbox", "healthy"], "needs a terminal"),
    ],
)
def test_a_mistake_gets_one_sentence_and_exit_2(tmp_path: Path, words: list[str], said: str) -> None:
    ended = octowizard(tmp_path, *words)
    assert ended.code == 2
    assert ended.out == ""
    assert said in ended.err
    assert ended.err.startswith("octowizard: ")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "read", "passed_on"),
    [
        ("--sandbox sync --yes", "--sandbox= sync --yes", None),
        ("--sandbox a sync", "--sandbox=a sync", None),
        ("--sandbox --seed 4 sync", "--sandbox= --seed 4 sync", None),
        ("--sandbox", "--sandbox=", None),
        ("--sandbox=a sync", "--sandbox=a sync", None),
        ("sync --sandbox healthy --yes", "sync --sandbox=healthy --yes", None),
        ("--profile sandbox sync", "--profile sandbox sync", None),
        ("sandbox serve --seed 4 --help", "", "serve --seed 4 --help"),
        ("--language nl sandbox do x", "--language nl", "do x"),
        ("--sandbox sandbox scenarios", "--sandbox=", "scenarios"),
    ],
)
def test_an_option_without_its_word_does_not_swallow_the_command(
    words: str, read: str, passed_on: str | None
) -> None:
    assert _read(words.split()) == (read.split(), None if passed_on is None else passed_on.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_the_shell_can_complete_our_words(tmp_path: Path, shell: str) -> None:
    ended = octowizard(tmp_path, "--print-completion", shell)
    assert ended.code == 0
    assert "history" in ended.out


def test_a_full_disk_under_stdout_is_told_and_not_a_traceback(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "octowizard", "--print-completion", "bash"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(tmp_path),
            timeout=60,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr.startswith("octowizard: The disk is full")
    assert ended.stderr.count("\n") == 1


def test_a_reader_that_leaves_ends_the_command_quietly(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "octowizard", "--print-completion", "bash"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
    )
    assert process.stdout is not None
    process.stdout.close()
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize(
    "words", [["sync", "\x1b]0;x\x07"], ["--profile", "\x9b2J\u202e", "check"], ["--\x1b[2J"], ["\x1b[2Jcmd"]]
)
def test_a_mistake_is_echoed_without_its_escapes(tmp_path: Path, words: list[str]) -> None:
    ended = octowizard(tmp_path, *words)
    assert ended.code == 2
    assert not set("\x1b\x07\x9b\u202e") & set(ended.err + ended.out)


@pytest.mark.parametrize(
    "words", [["audit", "--json"], ["report", "--format", "json"], ["check"], ["calendar"]]
)
def test_what_is_kept_is_told_without_what_talks_to_the_vendors(tmp_path: Path, words: list[str]) -> None:
    save(tmp_path, msgspec.structs.replace(PROFILE, name="kept"))
    program = (
        "import sys\n"
        "from octowizard.cli.main import run\n"
        f"run([{words[0]!r}, '--offline', *{words[1:]!r}])\n"
        "sys.stderr.write('\\n' + ' '.join(sorted({'httpx', 'asyncio', 'click', 'keyring'} & {*sys.modules})))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env=environment(tmp_path),
        timeout=60,
        check=True,
    )
    assert ended.stderr.splitlines()[-1:] in ([], [""]), ended.stderr
