"""An Octopus that answers from a script, and records drawn from its contract."""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx

from octowizard.octopus.client import Octopus
from octowizard.octopus.session import Credentials
from octowizard.transport.clock import VendorClock
from octowizard.transport.ledger import CallLedger, MemoryCallLedger
from octowizard.transport.retry import AT_ONCE
from tests.contracts import check_request, find_operation, load

ADDRESS = "https://octopus.example/octopus-rest-api/v1"
PREFIX = "/octopus-rest-api/v1"
CREDENTIALS = Credentials("0a1b2c3d-software-house", "an", "very-secret-password")
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)

Answer = httpx.Response | httpx.HTTPError | Callable[[httpx.Request], httpx.Response]


class ScriptedOctopus:
    """Gives the scripted answers of an operation one after the other, the last one for ever.

    Signing in works and is numbered ("user-1", "dossier-1") unless scripted. Every request must fit the contract.
    """

    def __init__(self) -> None:
        self.script: dict[str, list[Answer]] = {}
        self.requests: list[tuple[str, httpx.Request]] = []
        self.tokens: dict[str, int] = defaultdict(int)

    def on(self, operation: str, *answers: Answer) -> None:
        self.script[operation] = list(answers)

    def calls(self, operation: str) -> int:
        return sum(1 for made, _ in self.requests if made == operation)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(PREFIX)
        body = json.loads(request.content, parse_float=Decimal) if request.content else None
        check_request("octopus", request.method, path, dict(request.url.params), request.headers, body)
        template = find_operation("octopus", request.method, path)[0]
        operation = f"{request.method} {template}"
        self.requests.append((operation, request))
        answers = self.script.get(operation)
        if answers is None:
            return self._sign_in(operation)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, httpx.HTTPError):
            raise answer
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        return answer(request)

    def _sign_in(self, operation: str) -> httpx.Response:
        self.tokens[operation] += 1
        if operation == "POST /authentication":
            return httpx.Response(200, json={"token": f"user-{self.tokens[operation]}"})
        assert operation == "POST /dossiers", f"{operation} is not scripted"
        return httpx.Response(200, json={"Dossiertoken": f"dossier-{self.tokens[operation]}"})


def octopus(
    vendor: ScriptedOctopus,
    *,
    ledger: CallLedger | None = None,
    dossier_id: int | None = 7,
    enforce_limits: bool = True,
) -> Octopus:
    return Octopus(
        ADDRESS,
        CREDENTIALS,
        dossier_id=dossier_id,
        locale_id=1,
        ledger=ledger or MemoryCallLedger(),
        enforce_limits=enforce_limits,
        http=httpx.MockTransport(vendor),
        pauses=AT_ONCE,
        clock=VendorClock(lambda: NOW),
    )


def refusal(status: int, code: int | None = None, text: str = "", technical: str = "") -> httpx.Response:
    record = {"errorCode": code, "errorMessage": text, "technicalInfo": technical}
    return httpx.Response(status, json={key: value for key, value in record.items() if value})


def sample(name: str, salt: int = 1, *, request: bool = False) -> Any:
    """A record of a schema of the contract with every member filled in; of `request`, those that may be sent."""
    return _sample(load("octopus")["components"]["schemas"][name], salt, request)


def _sample(schema: dict[str, Any], salt: int, request: bool) -> Any:
    if "$ref" in schema:
        return sample(schema["$ref"].rsplit("/", 1)[1], salt, request=request)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            members = schema.get("properties", {}).items()
            return {
                name: _sample(member, salt + place + 1, request)
                for place, (name, member) in enumerate(members)
                if not (request and member.get("readOnly"))
            }
        case "array":
            return [_sample(schema["items"], salt, request)]
        case "integer":
            return max(salt, schema.get("minimum", 0))
        case "number":
            return Decimal(f"{salt}.10")
        case "boolean":
            return True
        case _:
            return {"date": f"2026-11-{salt % 27 + 1:02}", "byte": "YQ=="}.get(
                schema.get("format", ""), f"text {salt}"
            )
