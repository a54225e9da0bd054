"""How the house writes for people: one form of a date, one and many told apart, one word for one thing."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import octowizard

HOUSE = Path(octowizard.__file__).parent
FILES = [path for path in HOUSE.rglob("*.py") if "sandbox" not in path.relative_to(HOUSE).parts]

FORMS_OF_DATES = {
    "locale/formats.py": "the one place",
    "app/clipboard.py": "the name of a file, which sorts by it",
    "session/explanations.py": "the name of a file, which sorts by it",
    "cli/exits.py": "the name of a file, which sorts by it",
    "reports/made.py": "the name of a file, which sorts by it",
    "onboarding/declarables.py": "an id",
}
DATED = re.compile(r"%[dHIjS]")  # a year, or a month of a year, is no day

THINGS = (
    "documents|customers|companies|contacts|relations|journals|payments|bookings|invoices|pairs|events|calls|rows|"
    "columns|names|files|matches|records|periods|changes|questions|problems|steps"
)
NUMBERS = "count|left|total|waiting|brought|done"  # names of places that hold one
MANY = re.compile(rf"\{{(?:{NUMBERS})\}}(?: [\w']+){{0,2}} (?:{THINGS})\b")
ALWAYS_MANY = {
    "Teamleader holds {count} companies and contacts together, unless yours was extended.": "a limit",
    "{count} rows are more than the {most} that one import takes: they go into several files.": "above a limit",
    "{file} has {count} columns, more than the {most} that Teamleader takes: remove those that say nothing about who a "
    "customer is.": "above a limit",
    "{what}: {done} of {total} documents": "a run of one tells no progress",
    "{what}: {done} of {total} documents, about {time} left": "a run of one tells no progress",
    "a list without end: more than {count} records or {megabytes} MB": "a limit",
}
THEIR_WORDS = ("messages", "short_messages", "likely", "examples")  # of a card: as people and vendors write
OLD_WORD = re.compile(r"\bbook[ -]?years?\b", re.IGNORECASE)


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """Every file of the house, read."""
    return tuple(
        (path.relative_to(HOUSE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in FILES
    )


def sentences(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The texts for people, with the function that they go through."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
            for text in node.args:
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield node.func.id, text.value


GETTEXT = ("_", "ngettext", "pgettext", "npgettext")


def date_forms(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            form = ast.unparse(node.format_spec)
            if DATED.search(form):
                yield form
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "strftime"
        ):
            yield ast.unparse(node)


def test_a_day_and_an_hour_look_alike_wherever_they_are_told() -> None:
    found = {
        f"{name}: {form}" for name, tree in trees() if name not in FORMS_OF_DATES for form in date_forms(tree)
    }
    assert not found, "octowizard/locale/formats.py writes dates for people: day, clock, stamp, moment"


def test_of_one_thing_nobody_is_told_as_of_many() -> None:
    found = {
        f"{name}: {text}"
        for name, tree in trees()
        for function, text in sentences(tree)
        if function == "_" and MANY.search(text) and text not in ALWAYS_MANY
    }
    assert not found, "ngettext, or counted: one is not many"


def test_a_fiscal_year_is_called_so_by_whoever_writes_here() -> None:
    found = {
        f"{name}: {text}"
        for name, tree in trees()
        for _function, text in sentences(tree)
        if OLD_WORD.search(text) and not text.startswith("with --json")  # names of machines
    }
    for path in (HOUSE / "problems" / "catalogue").glob("*.toml"):
        card = tomllib.loads(path.read_text(encoding="utf-8"))
        own = {key: value for key, value in card.items() if key not in THEIR_WORDS}
        found |= {f"{path.name}: {text}" for text in strings(own) if OLD_WORD.search(text)}
    assert not found, "octowizard says fiscal year; only the vendors' labels say otherwise"


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def test_no_screen_shows_a_day_as_machines_write_it() -> None:
    """But what is sent letter for letter: the questions before a change show it."""
    pictures = HOUSE.parent / "tests" / "app" / "pictures"
    found = {
        f"{path.name}: {line.strip()}"
        for path in pictures.glob("*.txt")
        if "-asked-" not in path.name
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\b\d{4}-\d{2}-\d{2}\b", line)
    }
    assert not found


def test_no_text_stands_in_an_f_string_where_translators_cannot_find_it() -> None:
    """Babel reads an f-string as one text: what is called in it is not extracted."""
    found = {
        f"{name}: {ast.unparse(call)}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXT
        if any(isinstance(text, ast.Constant) for text in call.args)
    }
    assert not found
