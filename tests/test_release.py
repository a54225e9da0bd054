"""What a release is made of: the manual page, the standalone program's parts, what the workflows run."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from octowizard import itself
from octowizard.cli.help import manual
from octowizard.cli.parser import build_parser
from octowizard.onboarding.schedules import command
from release.program import PARTS
from release.standalone import words
from tests.benchmarks.figure import documents, earlier

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_manual_page_is_that_of_the_commands() -> None:
    kept = (ROOT / "release" / "octowizard.1").read_text(encoding="utf-8")
    assert kept == "".join(f"{line}\n" for line in manual(build_parser()))


def test_the_figures_that_are_told_are_those_that_were_kept() -> None:
    for file, text in documents(earlier()).items():
        assert file.read_text(encoding="utf-8") == text, "python -m tests.bench --write"


def test_installed_octowizard_starts_its_parts_by_its_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "/program")
    assert itself.part("octowizard.sandbox", "-P") == [sys.executable, "-P", "-m", "octowizard.sandbox"]
    assert itself.part("octowizard.x", path="/x.py") == [sys.executable, "/x.py"]
    assert itself.shared() == itself.outliving() == {}


def test_the_standalone_program_is_started_again_and_finds_what_it_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", "/tmp/unpacked", raising=False)
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "/program")
    assert itself.part("octowizard.sandbox", "-P", path="/x.py") == [
        sys.executable,
        "-m",
        "octowizard.sandbox",
    ]
    assert itself.shared() == {"_PYI_ARCHIVE_FILE": "/program", "LD_LIBRARY_PATH": "/tmp/unpacked"}
    assert itself.outliving() == {"PYINSTALLER_RESET_ENVIRONMENT": "1"}
    assert command() == (sys.executable,)  # what a schedule calls, whatever else is installed


def test_every_part_is_a_program_and_every_part_that_is_started_is_one_of_them() -> None:
    assert all(importlib.util.find_spec(part) for part in PARTS)
    started = set()
    for path in (ROOT / "octowizard").rglob("*.py"):
        for module in re.findall(r"itself\.part\(\s*([\w\".]+)", path.read_text(encoding="utf-8")):
            own = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
            started.add(own if module == "__name__" else module.strip('"'))
    assert started == PARTS


def test_one_program_is_built_or_a_folder_with_it(tmp_path: Path) -> None:
    one, folder = (words(tmp_path, tmp_path, folder=folder) for folder in (False, True))
    assert "--onefile" in one
    assert "--onedir" in folder
    assert [word for word in one if word != "--onefile"] == [word for word in folder if word != "--onedir"]
    assert Path(one[-1]).is_file()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_what_is_there(path: Path) -> None:
    workflow: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "jobs", "permissions"} <= workflow.keys()
    lines = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert lines
    for named in re.findall(r"(?<![\w/.])((?:\.ci|release|tests)/[\w./]+)", " ".join(lines)):
        assert (ROOT / named).exists(), named
    for extras in re.findall(r"\.\[([\w,]+)\]", " ".join(lines)):
        assert set(extras.split(",")) <= PROJECT["optional-dependencies"].keys()


def test_the_workflow_runs_readmes_commands_on_three_systems() -> None:
    tests = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"][
        "tests"
    ]
    opens, passes = re.findall(r"^python3 -m venv .+$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    lines = [step["run"] for step in tests["steps"] if "run" in step]
    assert passes in lines
    assert f"{opens} healthy check" in lines
    assert {name.split("-")[0] for name in tests["strategy"]["matrix"]["os"]} == {
        "ubuntu",
        "macos",
        "windows",
    }
    assert PROJECT["requires-python"] == f">={tests['strategy']['matrix']['python'][0]}"


def test_libraries_are_found_in_what_ldd_says(tmp_path: Path) -> None:
    from release.bare import libraries

    if sys.platform != "linux":
        pytest.skip("ldd is Linux's")
    shown = subprocess.run(["ldd", sys.executable], capture_output=True, text=True, check=True).stdout
    found = libraries(Path(sys.executable))
    assert found
    assert all(path.exists() and str(path) in shown for path in found)
