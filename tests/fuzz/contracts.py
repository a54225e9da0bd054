"""Both stand-ins under requests that schemathesis makes of the vendors' contracts.

    pip install schemathesis
    python -m tests.fuzz.contracts [octopus] [teamleader] [--examples N] [--schemathesis PATH]

Serves a practice company without limits, signs in to both sides, and has every operation of the contract called with
what it allows and with what it forbids. An answer must never be the server's own error, and has to be as the contract
describes it. Exit code 1 when one is not. Schemathesis may live in an environment of its own: name its program.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

import httpx

from tests.sync.company import Company, company

CHECKS = "not_a_server_error,response_schema_conformance,content_type_conformance"
# What ends the sign-in that all other calls need.
LEFT_OUT = {"octopus": ("/authentication",), "teamleader": ()}


def signed_in(vendor: str, line: dict[str, Any]) -> dict[str, str]:
    """The headers that a call of this side needs."""
    with httpx.Client(trust_env=False, verify=False) as http:
        if vendor == "teamleader":
            keys = {
                name: line["teamleader"][name] for name in ("client_id", "client_secret", "refresh_token")
            }
            body = {**keys, "grant_type": "refresh_token"}
            answer = http.post(
                f"{line['teamleader_auth_url']}/oauth2/access_token", data=body
            ).raise_for_status()
            return {"Authorization": f"Bearer {answer.json()['access_token']}"}
        octopus, address = line["octopus"], line["octopus_url"]
        key = {"softwareHouseUuid": octopus["software_house"]}
        login = {"user": octopus["user"], "password": octopus["password"]}
        token = (
            http.post(f"{address}/authentication", json=login, headers=key).raise_for_status().json()["token"]
        )
        opened = http.post(f"{address}/dossiers?dossierId={line['dossier_id']}", headers={"Token": token})
        return {**key, "Token": token, "dossierToken": opened.raise_for_status().json()["Dossiertoken"]}


def contract(vendor: str, dossier: int, folder: Path) -> Path:
    """The shipped contract as a file, with this dossier as the only one that a path can name."""
    text = resources.files(f"octowizard.{vendor}").joinpath("contract.json").read_text(encoding="utf-8")
    paths = json.loads(text)
    for operations in paths["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                if parameter.get("name") == "dossierId":
                    parameter["schema"] = {"type": "integer", "enum": [dossier]}
    path = folder / f"{vendor}.json"
    path.write_text(json.dumps(paths), encoding="utf-8")
    return path


def tried(vendor: str, present: Company, program: str, examples: int) -> bool:
    """Run schemathesis on one side; was everything in order?"""
    line = present.line
    with tempfile.TemporaryDirectory() as folder:
        headers = [
            word for name, value in signed_in(vendor, line).items() for word in ("-H", f"{name}:{value}")
        ]
        left_out = [word for path in LEFT_OUT[vendor] for word in ("--exclude-path", path)]
        schema = contract(vendor, line["dossier_id"], Path(folder))
        command = [
            program,
            "run",
            str(schema),
            "--url",
            line[f"{vendor}_url"],
            "--checks",
            CHECKS,
            "--continue-on-failure",
        ]
        command += [
            "-n",
            str(examples),
            "--phases",
            "examples,coverage,fuzzing",
            "--seed",
            "1",
            *headers,
            *left_out,
        ]
        return subprocess.run(command, cwd=folder, check=False).returncode == 0


def main(words: list[str] | None = None) -> int:
    """Try what is named; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.contracts")
    parser.add_argument("vendors", nargs="*", metavar="VENDOR", help="octopus, teamleader; both unless named")
    parser.add_argument("--examples", type=int, default=30, help="for each operation")
    parser.add_argument(
        "--schemathesis", default="", metavar="PATH", help="its program, where it is not installed here"
    )
    wanted = parser.parse_args(words)
    beside = Path(sys.executable).with_name("schemathesis")
    program = wanted.schemathesis or (str(beside) if beside.exists() else shutil.which("schemathesis"))
    if not program:
        parser.error(
            "schemathesis is not installed: pip install schemathesis, or name it with --schemathesis"
        )
    kept = []
    for vendor in wanted.vendors or list(LEFT_OUT):
        with tempfile.TemporaryDirectory() as home, company(Path(home), "--limits", "off") as present:
            kept.append(tried(vendor, present, program, wanted.examples))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
