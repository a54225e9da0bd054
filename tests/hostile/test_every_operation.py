"""No operation of the clients can be forgotten by the hostile vendor: its table equals what their code names."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from octowizard.octopus import client as octopus
from octowizard.octopus import session
from octowizard.teamleader import client as teamleader
from octowizard.teamleader import oauth
from tests.hostile.operations import CALLS, DIRECT, OPERATIONS, Operation, aimed

# How the helpers of the Octopus client make an operation's name of their first arguments.
_NAMED: dict[str, Callable[..., str]] = {
    "_list": lambda template, *_: f"GET {template}",
    "_modified": lambda path, *_: f"GET {octopus._D}{path}",
    "_modified_documents": lambda path, *_: f"GET {octopus._D}{path}/modified",
    "_document": lambda path, *_: f"GET {octopus._D}{path}",
    "_report": lambda path, *_: f"POST {octopus._D}{path}",
    "_changed": lambda method, path, *_: f"{method} {octopus._D}{path}",
    "_write": lambda method, path, *_: f"{method} {octopus._D}{path}",
}


def _calls(module: ModuleType) -> Iterator[tuple[str, list[object]]]:
    """Calls of self's methods: the name, and the arguments at the beginning that are known without running it."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, list(_known(node.args, module))


def _known(nodes: list[ast.expr], module: ModuleType) -> Iterator[object]:
    for node in nodes:
        try:
            yield eval(compile(ast.Expression(node), "operation", "eval"), vars(module))
        except (NameError, SyntaxError):  # known only while it runs
            return


def _octopus() -> set[str]:
    names = {"POST /authentication", "POST /dossiers"}  # session.py, below
    for name, arguments in _calls(octopus):
        if name in _NAMED and arguments:
            found = _NAMED[name]
            if len(arguments) >= (2 if name in ("_changed", "_write") else 1):
                names.add(found(*arguments))
    for node in ast.walk(ast.parse(inspect.getsource(octopus))):
        if isinstance(node, ast.JoinedStr | ast.Constant):
            for value in _known([node], octopus):
                if isinstance(value, str) and re.fullmatch(r"(GET|POST|PUT|DELETE) /\S+", value):
                    names.add(value)
    return names


def _teamleader() -> set[str]:
    names = {oauth.OPERATION}
    for node in ast.walk(ast.parse(inspect.getsource(teamleader.Teamleader))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= set((re.fullmatch(r"[a-z]\w+\.[a-z]\w+", node.value) and [node.value]) or [])
    return names


def test_the_hostile_vendor_tries_every_operation_that_the_clients_name() -> None:
    tried = [operation.name for operation in OPERATIONS]
    assert len(tried) == len(set(tried))
    assert set(tried) == _octopus() | _teamleader()


def test_signing_in_to_octopus_is_two_operations() -> None:
    called = re.findall(r'_call\(\s*"(\w+)", (?:"(/\w+)"|self\._query)', inspect.getsource(session))
    assert called == [("POST", "/authentication"), ("POST", "")]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_a_call_is_of_one_operation(operation: Operation) -> None:
    path = "/octopus-rest-api/v1" + re.sub(r"\{\w+\}", "7", operation.name.partition(" ")[2])
    if " " in operation.name:
        method = operation.name.partition(" ")[0]
        assert [other.name for other in OPERATIONS if other.aimed(method, path)] == [operation.name]
    else:
        path = f"/teamleader/{operation.name}"
        assert [other.name for other in OPERATIONS if other.aimed("POST", path)] == [operation.name]
    assert not aimed(operation.name, "PATCH", path)


def test_what_is_called_directly_is_what_no_command_uses() -> None:
    direct = [op.way.words.removeprefix(DIRECT) for op in OPERATIONS if op.way.words.startswith(DIRECT)]
    assert sorted(direct) == sorted(CALLS)
