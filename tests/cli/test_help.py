"""What the command line tells of itself, and how it looks on a terminal."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from octowizard import __version__
from octowizard.cli.commands import COMMANDS, EXAMPLES
from octowizard.cli.console import Console
from octowizard.cli.main import SANDBOX, run
from octowizard.cli.parser import build_parser
from tests.cli.commands import environment
from tests.cli.test_console import Terminal


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["snyc"], "there is no command “snyc”. Did you mean sync?"),
        (["sync", "--dryrun"], "there is no --dryrun here. Did you mean --dry-run?"),
        (["sync", "--from=2026-01-01", "--exlude=1"], "there is no --exlude here. Did you mean --exclude"),
        (["profiles", "lst"], "there is no command “lst”. Did you mean list?"),
        (["sync", "--numbering", "folow"], "--numbering takes no “folow”. Did you mean follow?"),
        (["sync", "--numbering", "x"], "--numbering takes no “x”. There are: follow, next."),
        (["help", "chek"], "`octowizard` has no command “chek”. Did you mean check?"),
        (["help", "setup", "doo"], "`octowizard setup` has no command “doo”. Did you mean do"),
        (["help", "sync", "now"], "`octowizard sync` has no command “now”."),
        (["replay", "--run", "x"], "octowizard: --run: “x” is no whole number"),
    ],
)
def test_a_mistyped_word_is_answered_with_the_nearest(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    out, err = capsys.readouterr()
    assert (out, told in err, err.count("\n")) == ("", True, 1), err


def test_help_of_a_command_is_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["sync"], ["setup", "do"], ["sandbox"], ["sandbox", "serve"], ["sandbox", "do"]):
        run(["help", *words])
        by_help = capsys.readouterr().out
        run([*words, "--help"])
        assert capsys.readouterr().out == by_help != ""


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != SANDBOX])
def test_every_example_is_one(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    run([name, "--help"])
    shown = capsys.readouterr().out
    for words, what in EXAMPLES[name]():
        assert f"octowizard {words}" in shown
        assert what in shown
        command = shlex.split(words.partition(" <")[0].partition(" >")[0]) or [name]
        if name == "diagnose" and "<" in words:
            command.append("-")
        assert build_parser().parse_args(command).command == name


def test_every_command_has_an_example() -> None:
    assert EXAMPLES.keys() == COMMANDS.keys()


def test_all_of_it_is_there_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help", "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in whole["commands"]] == [f"octowizard {name}" for name in COMMANDS]
    assert all(one["summary"] for one in whole["commands"])
    assert run(["sync", "--json", "-h"]) == 0
    sync = json.loads(capsys.readouterr().out)
    assert sync == next({"schema": 1, **one} for one in whole["commands"] if one["name"] == "octowizard sync")
    assert run(["help", "sandbox", "serve", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"] == "serve a practice company until stopped"
    numbering = next(one for one in sync["options"] if one["names"] == ["--numbering"])
    assert numbering["choices"] == ["follow", "next"]


def test_the_manual_page_names_everything(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["help", "--man"]) == 0
    page = capsys.readouterr().out
    plain = page.replace("\\-", "-")
    assert all(f'"octowizard {name}"' in plain for name in COMMANDS)
    assert "--dry-run" in plain
    if shutil.which("man") is None:
        pytest.skip("no `man` here to read the page")
    file = tmp_path / "octowizard.1"
    file.write_text(page, encoding="utf-8")
    read = subprocess.run(
        ["man", "--warnings", "-l", str(file)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MANPAGER": "cat"},
    )
    assert (read.stderr, "octowizard sync --dry-run" in read.stdout) == ("", True)


def test_the_version_with_all_that_it_rests_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"octowizard {__version__}\n"
    assert run(["--version", "--verbose"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"octowizard {__version__}"
    assert {"Python", "textual", "httpx"} <= {line.split()[0] for line in lines}


# --- completion ---------------------------------------------------------------------------------------------


COMPLETED = [
    ("octowizard sy", "sync"),
    ("octowizard setup do create-fis", "create-fiscal-year"),
    ("octowizard sync --dry", "--dry-run"),
    ("octowizard --profile wer", "werkplaats"),
    ("octowizard help dup", "duplicates"),
    ("octowizard --sandbox healthy sy", "sync"),
    ("octowizard sandbox serve --scenario heal", "healthy"),
    ("octowizard letter --output mail.e", "mail.eml"),
    ("octowizard doctor --only keyr", "keyring"),
    ("octowizard config explain numb", "numbering"),
    ("octowizard profiles edit werkplaats invoice-j", "invoice-journal"),
    ("octowizard setup declare fis", "fiscal-year"),
    ("octowizard setup declare boo", "booster"),
    ("octowizard setup declare booster ye", "yes"),
    ("octowizard setup declare relations mail.e", "mail.eml"),
    ("octowizard setup declare journal type=bo", "type=bookings"),
]


@pytest.fixture
def words(tmp_path: Path) -> dict[str, str]:
    """An environment in which `octowizard` is a command, and one profile is there."""
    (tmp_path / "mail.eml").touch()
    (tmp_path / "home" / "profiles" / "werkplaats").mkdir(parents=True)
    (tmp_path / "home" / "profiles" / "werkplaats" / "profile.json").write_text("{}")
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "octowizard"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m octowizard "$@"\n')
    command.chmod(0o755)
    return environment(tmp_path / "home", PATH=f"{folder}:{os.environ['PATH']}", HOME=str(tmp_path))


def completion(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["--print-completion", shell]) == 0
    return capsys.readouterr().out


def asked(command: list[str], words: dict[str, str], script: str) -> str:
    ended = subprocess.run(
        command,
        input=script,
        capture_output=True,
        encoding="utf-8",
        env=words,
        check=True,
        timeout=120,
        cwd=words["HOME"],
    )
    return ended.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes(words: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    asks = [
        f'COMP_WORDS=({line}); COMP_CWORD={line.count(" ")}; _shtab_octowizard; echo "${{COMPREPLY[@]}}"'
        for line, _word in COMPLETED
    ]
    script = completion("bash", capsys) + "\n" + "\n".join(asks)
    assert asked(["bash"], words, script).split() == [word for _line, word in COMPLETED]


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")
def test_fish_completes(words: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "octowizard.fish"
    file.write_text(completion("fish", capsys), encoding="utf-8")
    asks = "\n".join(f"complete -C '{line}'" for line, _word in COMPLETED)
    told = asked(["fish", "--no-config"], words, f"source {file}\n{asks}\n")
    assert [line.partition("\t")[0] for line in told.splitlines()] == [word for _line, word in COMPLETED]
    of_values = {
        line.partition("\t")[2] for line in told.splitlines() if line.startswith(("werkpl", "create-"))
    }
    assert of_values == {""}  # not the words of the option behind each of its values


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh here")
def test_zsh_reads_its_script(
    words: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    script = completion("zsh", capsys)
    asked(["zsh", "-n"], words, script)
    file = tmp_path / "octowizard.zsh"
    file.write_text(script, encoding="utf-8")
    sourced = f"autoload -U compinit; compinit -u -D; source {file}; echo $_comps[octowizard]\n"
    assert asked(["zsh", "-f"], words, sourced) == "_shtab_octowizard\n"
    assert "_octowizard_profiles() { compadd -- $(octowizard profiles list --names 2>/dev/null); }" in script


def test_powershell_is_told_of_steps_and_profiles(capsys: pytest.CaptureFixture[str]) -> None:
    script = completion("powershell", capsys)
    assert "function _octowizard_profiles($word) { (octowizard profiles list --names)" in script
    assert "'create-fiscal-year'" in script


# --- on a terminal ------------------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "10")
    return Terminal()


@pytest.mark.skipif(sys.platform == "win32", reason="colours are for terminals that all take them")
def test_marks_are_coloured_on_a_terminal_and_nowhere_else(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    Console(terminal, terminal).line("✖ Journal V2")
    Console(terminal, terminal, colour=False).line("✖ plain")
    Console(terminal, terminal, plain=True).line("✖ plain")
    monkeypatch.setenv("NO_COLOR", "1")
    Console(terminal, terminal).note("✖ plain")
    assert terminal.getvalue() == "\x1b[31m✖\x1b[0m Journal V2\n" + "✖ plain\n" * 3


def test_progress_is_cut_between_words_and_has_its_bar(terminal: Terminal) -> None:
    console = Console(terminal, terminal)
    console.progress("about 2 minutes left · Invoices 10/58 · 397 bookings left today", 0.5)
    assert terminal.getvalue() == "\r\x1b[K━━━━━━━━──────── about 2 minutes left · Invoices 10/58…"
    plain = Console(terminal, terminal, plain=True)
    before = terminal.getvalue()
    plain.progress("never", 0.5)
    assert terminal.getvalue() == before


@pytest.mark.skipif(sys.platform == "win32", reason="the pager is a program of POSIX")
def test_what_is_longer_than_the_terminal_goes_through_the_pager(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", terminal)
    file = tmp_path / "paged.txt"
    monkeypatch.setenv("PAGER", f"sh -c 'cat > {file}'")
    console = Console(terminal, terminal)
    with console.paged():
        console.line("short")
    assert (terminal.getvalue(), file.exists()) == ("short\n", False)
    with console.paged():
        for number in range(20):
            console.line(str(number))
    assert file.read_text() == "".join(f"{number}\n" for number in range(20))
    file.unlink()
    with console.paged():
        console.line("\n".join(str(number) for number in range(20)))  # as a help is told
    assert file.read_text() == "".join(f"{number}\n" for number in range(20))
    monkeypatch.setenv("PAGER", str(tmp_path / "there is none"))
    with Console(terminal, terminal).paged() as _none:
        pass
    assert terminal.getvalue() == "short\n"


@pytest.mark.parametrize(("language", "shown"), [("nl", "--output BESTAND"), ("fr", "--output FICHIER")])
def test_what_stands_for_a_value_is_said_in_the_language_and_programs_keep_theirs(
    language: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["--language", language, "report", "--help"])
    assert shown in capsys.readouterr().out
    run(["--language", language, "help", "report", "--json"])
    options = json.loads(capsys.readouterr().out)["options"]
    assert next(one["value"] for one in options if one["names"] == ["--output"]) == "FILE"
    assert run(["--language", "nl", "why"]) == 2
    assert "DOCUMENT" in capsys.readouterr().err
