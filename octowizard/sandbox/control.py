"""The control address: what the practice company holds, its clock, faults, switches and practice actions.

It lies outside both API prefixes, and its path holds the secret of this start: /control/SECRET/world. Each answer is
JSON; bad input is answered 400 with `{"error": sentence}`, a wrong secret 403.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from octowizard.sandbox.faults import MOST_WAITING, parse_fault
from octowizard.sandbox.octopus import PREFIX as OCTOPUS_PREFIX
from octowizard.sandbox.octopus.books import bookyears, journals
from octowizard.sandbox.octopus.journals import summary as journal_summary
from octowizard.sandbox.octopus.years import summary as bookyear_summary
from octowizard.sandbox.state import Dossier, Json, Refusal, Switches, World
from octowizard.sandbox.web import Answer, Company, json_response, parse_json

PREFIX = "/control"
MOST_BYTES = 2**20  # of a body; a list of all the faults that may wait is smaller
_LONGEST_SENTENCE = 4_000  # what was sent is quoted in it

_LOG = logging.getLogger(__name__)
_WHOLE_32 = 2**31 - 1
_LARGEST = {"rate_limit_per_minute": 1_000_000, "user_token_seconds": 10**8, "dossier_token_seconds": 10**8}

_CHOICES = {
    "limit_day": ("utc", "brussels", "rolling"),
    "page_size_over_100": ("refuse", "clamp"),
    "oauth_parameters": ("form", "query"),
}
_UNITS = ("days", "hours", "minutes", "seconds")


class BadInput(ValueError):
    """What the caller sent makes no sense; the text says why, in one sentence."""


def default_dossier(world: World) -> Dossier | None:
    """The dossier of the company that Teamleader's department belongs to, by its VAT number; else the first."""
    digits = {
        _digits(department.data.get("vat_number")) for department in world.teamleader.departments.values()
    }
    dossiers = sorted(world.octopus.dossiers.values(), key=lambda dossier: not dossier.enabled)
    for dossier in dossiers:
        number = _digits(dossier.data.get("vatNr"))
        if number and number in digits:
            return dossier
    return dossiers[0] if dossiers else None


def _digits(number: object) -> str:
    return "".join(filter(str.isdigit, str(number or "")))


def address(company: Company) -> str:
    """The control address, with its secret."""
    return f"{company.url}{PREFIX}/{company.secret}"


def connection(company: Company) -> Json:
    """Everything a client needs to connect to both stand-ins, with a refresh token of its own.

    A refresh token serves once: two clients that shared one would sign each other out.
    """
    world, url = company.world, company.url
    dossier = default_dossier(world)
    departments = [kept.data for kept in world.teamleader.departments.values()]
    department = next((data for data in departments if data.get("status", "active") == "active"), None)
    tokens = world.teamleader.refresh_tokens
    token = f"practice-{world.scenario}-{world.seed}-{len(tokens) + 1}"
    tokens[token] = True
    return {
        "octopus_url": url + OCTOPUS_PREFIX,
        "teamleader_url": url + "/teamleader",
        "teamleader_auth_url": url + "/teamleader-auth",
        "control_url": address(company),
        "octopus": {
            "software_house": world.octopus.told_software_house or world.octopus.software_house,
            "user": world.octopus.user,
            "password": world.octopus.told_password or world.octopus.password,
            "dossiers": [
                {"id": one.id, "description": one.data.get("dossierDescription", "")}
                for one in world.octopus.dossiers.values()
            ],
        },
        "teamleader": {
            "client_id": world.teamleader.client_id,
            "client_secret": world.teamleader.client_secret,
            "refresh_token": token,
        },
        "scenario": world.scenario,
        "seed": world.seed,
        "limits": "on" if world.limits else "off",
        "start_date": world.start_date,
        "department_id": department["id"] if department else None,
        "department_name": department["name"] if department else "",
        "dossier_id": world.answers.get("dossier_id", None if dossier is None else dossier.id),
        "answers": dict(world.answers),
        "default_language": "nl" if dossier is None else str(dossier.data.get("languageCode", "nl")).lower(),
    }


def _refused(refusals: list[Refusal]) -> list[Json]:
    return [{**asdict(refusal), "at": refusal.at.isoformat()} for refusal in refusals]


def octopus_side(world: World, dossier: Dossier | None) -> Json:
    """What Octopus holds of one dossier, records in the vendor's own JSON; what is not synchronised is absent."""
    names = ("bookyears", "journals", "relations", "bookings", "financial_bookings", "balancings")
    shown: Json = {name: [] for name in names}
    if dossier is not None:
        shown = {
            "dossier_id": dossier.id,
            "bookyears": [bookyear_summary(year, "NL") for year in bookyears(dossier)],
            "journals": [journal_summary(journal, "NL") for journal in journals(dossier)],
            **{
                name: [record.data for record in getattr(dossier, name).values()]
                for name in ("relations", "bookings", "financial_bookings")
            },
            "balancings": [
                {"debetKey": made.debet, "creditKey": made.credit, "balanceAmount": made.amount}
                for made in dossier.balancings
            ],
        }
    return shown | {
        "calls": world.octopus_calls,
        "refused": _refused(world.octopus_refused),
        "failed_logins": world.octopus.failed_logins,
    }


def teamleader_side(world: World) -> Json:
    """What Teamleader holds, records in their `.info` shape, invoices with their payments."""
    side = world.teamleader
    return {
        **{
            name: [kept.data for kept in getattr(side, name).values()]
            for name in ("companies", "contacts", "invoices", "credit_notes")
        },
        "calls": world.teamleader_calls,
        "refused": _refused(world.teamleader_refused),
    }


def _object(body: Any) -> Json:
    if not isinstance(body, dict):
        raise BadInput("The body must be a JSON object.")
    return body


def _number(body: Json, name: str) -> float:
    value = body.get(name, 0)
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise BadInput(f"{name} must be a number, not {value!r}.") from None


def move_clock(world: World, body: Any) -> None:
    """Set the practice clock (`now`) or move it (`advance` in seconds, `days`, `hours`, ... added up)."""
    given = _object(body)
    unknown = set(given) - {"now", "advance", *_UNITS}
    if unknown or not given:
        raise BadInput(f"The clock takes now, advance, {', '.join(_UNITS)}.")
    moment, such_as = world.clock.now(), "such as 2026-11-20T08:00:00+00:00"
    if "now" in given:
        try:
            moment = datetime.fromisoformat(given["now"])
        except (TypeError, ValueError):
            raise BadInput(f"now must be a moment {such_as}, not {given['now']!r}.") from None
        if moment.tzinfo is None:
            raise BadInput(f"now must name its time zone, {such_as}.")
    by = {unit: _number(given, unit) for unit in _UNITS}
    seconds = _number(given, "advance")
    try:
        moment += timedelta(**by) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        raise BadInput("The clock cannot be moved that far.") from None
    world.clock.set(moment)


def _refusal(name: str, value: Any, *, code_optional: bool) -> tuple[int, int | None]:
    if isinstance(value, list) and len(value) == 2:
        status, code = value
        good = type(code) is int and abs(code) <= _WHOLE_32
        if type(status) is int and 400 <= status <= 599 and (good or (code is None and code_optional)):
            return status, code
    raise BadInput(f"{name} must be [status, errorCode], not {value!r}.")


def _switch(name: str, kind: str, value: Any) -> Any:
    """A value for a switch of that type. Raises BadInput."""
    if kind.startswith("tuple"):
        if value is None and kind.endswith("| None"):
            return None
        return _refusal(name, value, code_optional=kind == "tuple[int, int | None]")
    if type(value).__name__ != kind:
        raise BadInput(f"{name} must be a {kind}, not {value!r}.")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise BadInput(f"{name} must be one of {', '.join(_CHOICES[name])}, not {value!r}.")
    if kind == "int" and not 0 < value <= _LARGEST[name]:
        raise BadInput(f"{name} must lie between 1 and {_LARGEST[name]}, not {value}.")
    if name == "timestamps_zone":
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadInput(f"There is no time zone {value!r}.") from None
    return value


def set_switches(world: World, body: Any) -> None:
    """Set the named switches, all or none."""
    given = _object(body)
    kinds = {one.name: str(one.type) for one in fields(Switches)}
    unknown = set(given) - set(kinds)
    if unknown:
        raise BadInput(f"There is no switch {sorted(unknown)[0]!r}; there are: {', '.join(kinds)}.")
    checked = {name: _switch(name, kinds[name], value) for name, value in given.items()}
    for name, value in checked.items():
        setattr(world.switches, name, value)


def set_faults(company: Company, body: Any) -> None:
    """Add one fault or a list of them, all or none; `{"clear": true}` forgets those that wait."""
    if isinstance(body, dict) and "clear" in body:
        if body != {"clear": True}:
            raise BadInput("clear stands alone and is true.")
        company.faults.clear()
        return
    known, given = frozenset(company.operations), body if isinstance(body, list) else [body]
    if len(company.faults.waiting) + len(given) > MOST_WAITING:
        raise BadInput(f"At most {MOST_WAITING} faults can wait; clear forgets those that do.")
    for fault in [parse_fault(raw, known) for raw in given]:
        company.faults.add(fault)


def set_limits(world: World, body: Any) -> None:
    """Switch the daily limits of Octopus and the window of Teamleader on or off."""
    wanted = _object(body).get("limits")
    if wanted not in ("on", "off"):
        raise BadInput(f"limits must be on or off, not {wanted!r}.")
    world.limits = wanted == "on"


def do_action(world: World, body: Any, files: Path | None = None) -> Json:
    """One practice action; the members beside `action` are its arguments, `files` the folder for files."""
    from octowizard.sandbox import practice

    given = dict(_object(body))
    action = given.pop("action", None)
    if not isinstance(action, str):
        raise BadInput("action must name a practice action.")
    return practice.perform(world, action, given, files)


def list_actions() -> list[Json]:
    """The practice actions with what they take."""
    from octowizard.sandbox import practice

    names = ("name", "summary", "arguments")
    return [{name: getattr(action, name) for name in names} for action in practice.ACTIONS.values()]


def _world(company: Company, request: Request) -> Json:
    world = company.world
    wanted = request.query_params.get("dossier")
    if wanted is None:
        dossier = default_dossier(world)
    else:
        known = wanted.isdecimal() and len(wanted) <= 10
        dossier = world.octopus.dossiers.get(int(wanted)) if known else None
        if dossier is None:
            raise BadInput(f"There is no dossier {wanted!r}.")
    return {
        "scenario": world.scenario,
        "seed": world.seed,
        "now": world.clock.now().isoformat(),
        "octopus": octopus_side(world, dossier),
        "teamleader": teamleader_side(world),
        "faults_fired": company.faults.fired,
    }


def scenario(world: World) -> Json:
    """What is wrong with the company: each thing with the documents it keeps from being booked, and its cure.

    `breaks`, `affected` and `cure` are of the whole; each step of a cure can be posted to `do` as it is.
    """
    plants = [
        {
            "problem": plant.problem,
            "affected": list(plant.affected),
            "cure": [{"action": action, **arguments} for action, arguments in plant.cure],
        }
        for plant in world.plants
    ]
    return {
        "name": world.scenario,
        "breaks": world.plants[0].problem if len(world.plants) == 1 else None,
        "affected": sorted({number for plant in world.plants for number in plant.affected}),
        "cure": [step for plant in plants for step in plant["cure"]],
        "plants": plants,
        "answers": dict(world.answers),
    }


Answering = Callable[[Request, Any], Any]


def _endpoint(company: Company, answering: Answering) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that knows its caller by the secret, reads the body of a POST, and answers with JSON always."""

    async def endpoint(request: Request) -> Answer:
        given = str(request.path_params.get("secret", ""))
        if not secrets.compare_digest(given.encode(), company.secret.encode()):
            return _wrong(403, "This is no control address: take the control_url that serve printed.")
        body = await request.body()
        if len(body) > MOST_BYTES:
            return _wrong(413, f"A body of the control address may have {MOST_BYTES // 2**20} MB at most.")
        try:
            sent = parse_json(body, unique=True) if request.method == "POST" else None
            if sent is None and request.method == "POST":
                raise BadInput("The body must be a JSON object.")
            return json_response(answering(request, sent))
        except ValueError as problem:  # BadJson, BadInput, BadFault, and the errors of practice actions
            return _wrong(400, str(problem))
        except Exception:  # a fault of the practice company itself: it is told, and lives on
            _LOG.exception("%s failed", request.url.path.rpartition("/")[2])
            return _wrong(500, "The practice company could not do that; its own output says why.")

    return endpoint


def _wrong(status: int, sentence: str) -> Answer:
    if len(sentence) > _LONGEST_SENTENCE:
        sentence = f"{sentence[:_LONGEST_SENTENCE]}…."
    return json_response({"error": sentence}, status)


def _nothing_there(request: Request, _: Any) -> Json:
    rest = request.path_params["rest"]
    raise BadInput(f"The control address has nothing for {request.method} {rest!r}.")


def routes(company: Company) -> list[Route]:
    """The routes of the control address, below PREFIX."""

    def route(path: str, answering: Answering, *methods: str) -> Route:
        return Route(f"{PREFIX}/{{secret}}{path}", _endpoint(company, answering), methods=list(methods))

    def setting(path: str, change: Callable[[Any], None], shown: Callable[[], Json]) -> Route:
        """What stands now, after the change that a POST asks for."""

        def answering(_: Request, body: Any) -> Json:
            if body is not None:
                change(body)
            return shown()

        return route(path, answering, "GET", "POST")

    folder = None if company.files is None else str(company.files)
    elsewhere = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

    return [
        route("/world", lambda request, _: _world(company, request), "GET"),
        route("/connection", lambda _, __: connection(company), "GET"),
        route("/scenario", lambda _, __: scenario(company.world), "GET"),
        route("/actions", lambda _, __: {"actions": list_actions(), "files": folder}, "GET"),
        route("/do", lambda _, body: do_action(company.world, body, company.files), "POST"),
        setting(
            "/clock",
            lambda body: move_clock(company.world, body),
            lambda: {"now": company.world.clock.now().isoformat()},
        ),
        setting(
            "/faults",
            lambda body: set_faults(company, body),
            lambda: {"faults": [fault.as_json() for fault in company.faults.waiting]},
        ),
        setting(
            "/switches",
            lambda body: set_switches(company.world, body),
            lambda: asdict(company.world.switches),
        ),
        setting(
            "/limits",
            lambda body: set_limits(company.world, body),
            lambda: {"limits": "on" if company.world.limits else "off"},
        ),
        route("/{rest:path}", _nothing_there, *elsewhere),
        Route(f"{PREFIX}{{rest:path}}", _endpoint(company, _nothing_there), methods=list(elsewhere)),
    ]
