"""How the files of the house import each other: no circle, counting imports inside functions and for types only."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import octowizard

HOUSE = Path(octowizard.__file__).parent
FILES = {
    ".".join(path.relative_to(HOUSE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in HOUSE.rglob("*.py")
}


def imported(path: Path) -> Iterator[str]:
    """The files of the house that a file names in an import, wherever that stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in FILES)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in FILES:
                    yield whole
                elif node.module in FILES:
                    yield node.module


def circle(files: dict[str, set[str]]) -> list[str]:
    """The files of one circle, in the order in which they import each other; none: there is no circle."""
    try:
        TopologicalSorter(files).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


@pytest.mark.parametrize(
    "text",
    ["import b", "from b import x", "def f():\n    import b", "if TYPE_CHECKING:\n    from b import X"],
)
def test_every_kind_of_import_counts(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, words in (("a", text), ("b", "from a import y")):
        (tmp_path / f"{name}.py").write_text(words, encoding="utf-8")
        monkeypatch.setitem(FILES, name, tmp_path / f"{name}.py")
    assert set(circle({name: set(imported(FILES[name])) for name in ("a", "b")})) == {"a", "b"}


def test_no_file_can_be_reached_from_itself() -> None:
    assert circle({name: set(imported(path)) - {name} for name, path in FILES.items()}) == []
