"""A Teamleader of a few lines, for what the practice company cannot be made to do: every call is kept, and checked
against the contract; what is answered is scripted per operation."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import httpx

from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.oauth import Credentials
from octowizard.transport.http import encode
from octowizard.transport.ledger import CallLedger
from octowizard.transport.retry import AT_ONCE, Pauses
from tests.contracts import check_request, check_response

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]
# The contract names no body here; an empty object is accepted where a body is optional (recorded).
NO_BODY = ("/users.me", "/paymentTerms.list")


class Store:
    """A refresh token in memory that writes down what happens to it, in the order of the calls."""

    def __init__(self, diary: list[str], token: str | None = "refresh-0") -> None:
        self.token = token
        self.diary = diary
        self.others: list[str] = []  # what another process puts in before the next readings but the first
        self.broken: Exception | None = None
        self.kept: str | None = None

    def read(self) -> str | None:
        self.diary.append("read")
        token = self.token
        if self.others:
            self.token = self.others.pop(0)
        return token

    def replace(self, old: str | None, new: str) -> None:
        if self.broken is not None:
            raise self.broken
        self.diary.append(f"keep {new} for {old}")
        self.token = new

    def access(self) -> str | None:
        return self.kept

    def keep_access(self, text: str | None) -> None:
        self.diary.append("forget the access token" if text is None else "keep the access token")
        self.kept = text

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        self.diary.append("lock")
        yield
        self.diary.append("unlock")


def ok(data: Any, status: int = 200, **headers: str) -> httpx.Response:
    body = b"" if data is None else encode({"data": data})
    return httpx.Response(status, content=body, headers={"Content-Type": "application/json", **headers})


def refused(status: int, title: str = "no", **headers: str) -> httpx.Response:
    body = {"errors": [{"code": 0, "title": title, "status": status, "meta": {"field": "name"}}]}
    return httpx.Response(status, content=encode(body), headers=headers)


def granted(number: int, expires_in: int = 3600) -> httpx.Response:
    tokens = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
    return httpx.Response(200, json={"token_type": "Bearer", "expires_in": expires_in, **tokens})


class Vendor:
    """Answers in the order scripted per operation, the last one for ever; tokens are granted unless scripted."""

    def __init__(self) -> None:
        self.diary: list[str] = []
        self.bodies: dict[str, list[Any]] = defaultdict(list)
        self.requests: list[httpx.Request] = []
        self.store = Store(self.diary)
        self.strict = True
        self._script: dict[str, list[Answer]] = {}
        self._granted = 0

    def will(self, operation: str, *answers: Answer) -> None:
        self._script[operation] = list(answers)

    def calls(self, operation: str) -> int:
        return len(self.bodies[operation])

    def client(self, counter: CallLedger | None = None, pauses: Pauses = AT_ONCE) -> Teamleader:
        return Teamleader(
            "https://api.example.test",
            "https://auth.example.test",
            Credentials("an-id", "a-secret"),
            self.store,
            counter=counter,
            http=httpx.MockTransport(self._answer),
            pauses=pauses,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        operation = path.removeprefix("/")
        self.requests.append(request)
        if operation == "oauth2/access_token":
            body: Any = dict(parse_qsl(request.content.decode()))
            self.diary.append(f"renew with {body.get('refresh_token') or body['code']}")
        else:
            body = json.loads(request.content, parse_float=Decimal)
            self.diary.append(f"{operation} with {request.headers['Authorization'].removeprefix('Bearer ')}")
            if path in NO_BODY:
                assert body == {}
        self.bodies[operation].append(body)
        contract_body = None if path in NO_BODY else body
        check_request("teamleader", "POST", path, {}, dict(request.headers), contract_body)
        script = self._script.get(operation)
        if script is None:
            assert operation == "oauth2/access_token", f"nothing scripted for {operation}"
            self._granted += 1
            return granted(self._granted)
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        response = answer(request) if callable(answer) else _again(answer)
        if self.strict and response.status_code < 500:
            data = json.loads(response.content, parse_float=Decimal) if response.content else None
            check_response("teamleader", "POST", path, response.status_code, dict(response.headers), data)
        return response


def _again(answer: httpx.Response) -> httpx.Response:
    return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)
