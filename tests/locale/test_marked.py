"""No text for people stands outside gettext: it would be English in every language."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

import pytest

from tests.locale.test_words import GETTEXT, trees

# What shows its arguments to people, and by which names others do.
SHOWS = {
    *("tell", "say", "line", "ask", "Static", "Heading", "Item", "Entry", "Table", "Page", "Question", "Field"),
    *("content", "hung", "SearchField", "Usage", "add_argument_group", "add_subparsers", "ArgumentParser"),
}  # fmt: skip
NAMED = {
    *("help", "description", "epilog", "title", "label", "hint", "placeholder", "question", "aside", "summary"),
    *("border_title", "remark", "told"),
}  # fmt: skip
WORDS = re.compile(r"[A-Za-z’']{2,}[,;:]? [a-z’']{2,}")  # two words that follow each other
WORD = re.compile(r"[a-z]{3,}")
SENTENCE = re.compile(r"\A\W*[A-Z][a-z]* (?:[\w’'`-]+[,;:]? ){2,}.*[.!?…]\s*\Z", re.DOTALL)
MARKUP = re.compile(r"\A(?:bold|italic|underline|reverse|\$[\w-]+|\s)+\Z")  # a style
COMMAND = re.compile(
    r"\A(?:octowizard|with --(?:json|format json)\b)"
)  # typed as it is; the form of what programs read
FINE = {
    "Teamleader": "a name",
    "an amount that is no number": "what is damaged in a file of ours: for whoever mends it",
    "a record of ": "the same",
    "what an earlier run did: ": "the same",
    "the filter on the customer had no effect": "what a vendor's answer lacks: for the bundle",
    " records instead of one": "the same",
}


def marked(tree: ast.Module) -> set[ast.AST]:
    """All that is inside a call of gettext, and the docstrings."""
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
            inside.update(ast.walk(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(node.value)
    return inside


def literals(node: ast.AST) -> Iterator[tuple[ast.Constant, str]]:
    """The texts that an argument is or may be; not those within what it calls."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node, node.value
    elif isinstance(node, ast.JoinedStr | ast.Tuple | ast.List):
        for part in node.values if isinstance(node, ast.JoinedStr) else node.elts:
            yield from literals(part)
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from literals(node.left)
        yield from literals(node.right)
    elif isinstance(node, ast.Starred):
        yield from literals(node.value)


def shown(tree: ast.Module) -> Iterator[tuple[ast.Constant, str]]:
    """The literals that people get to see by where they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = node.exc.func
            # Python's own errors are mistakes of ours: `sentence` and `explained` put them into words.
            if isinstance(name, ast.Name) and not hasattr(builtins, name.id):
                for one in node.exc.args:
                    yield from (found for found in literals(one) if WORDS.search(found[1]))
        if not isinstance(node, ast.Call):
            continue
        function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        for one in node.args if function in SHOWS else ():
            yield from (found for found in literals(one) if WORDS.search(found[1]))
        for given in node.keywords:
            if given.arg in NAMED:
                yield from (found for found in literals(given.value) if WORD.search(found[1]))


def unmarked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each text for people that stands outside gettext, with its line."""
    inside = marked(tree)
    found = dict(shown(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SENTENCE.match(node.value):
            found[node] = node.value
    for node, text in found.items():
        if node not in inside and not MARKUP.match(text) and not COMMAND.match(text) and text not in FINE:
            yield node.lineno, text


def test_every_text_for_people_goes_through_gettext() -> None:
    found = [f"{name}:{line}: {text!r}" for name, tree in trees() for line, text in unmarked(tree)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code",
    [
        'self.shell.tell("Saved to the folder")',
        'self.shell.tell(f"Saved to {path} and sent")',
        'parser.add_argument("--x", help="nothing")',
        'Static("a few words" if so else "")',
        'raise ProfileError("It cannot be read")',
        'text = "This sentence is for people."',
    ],
)
def test_a_text_that_is_not_marked_is_found(code: str) -> None:
    assert list(unmarked(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'self.shell.tell(_("Saved to the folder"))',
        'content(("  ", "bold $primary"), (name, "$soft"))',
        'raise ValueError("the filter had no effect")',
        '"""This sentence is for programmers."""',
        'console.line("octowizard sync --yes")',
    ],
)
def test_what_is_no_text_for_people_is_left_alone(code: str) -> None:
    assert not list(unmarked(ast.parse(code)))
