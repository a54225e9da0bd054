"""Who gets in: programs that call the practice company by its own address; no web page, and no file but its own."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from octowizard.sandbox.practice import BadArguments, perform
from octowizard.sandbox.serve import main
from octowizard.sandbox.server import Served, new_company, serving
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS

JSON = {"Content-Type": "application/json"}
AUTHORIZE = "/teamleader-auth/oauth2/authorize"
TOKEN = "/teamleader-auth/oauth2/access_token"


@pytest.fixture
def world() -> World:
    return SCENARIOS["healthy"].build(1, 5, 5)


@pytest.fixture
async def served(world: World, tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(new_company(world, files=tmp_path)) as present:
        yield present


@pytest.fixture
async def http(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served.url, trust_env=False) as client:
        yield client


def secret_path(served: Served) -> str:
    """The path of the control address."""
    return urlsplit(served.connection()["control_url"]).path


def everything(served: Served) -> list[tuple[str, str]]:
    """A call of each side."""
    control = secret_path(served)
    return [
        ("GET", f"{control}/connection"),
        ("GET", f"{control}/world"),
        ("POST", f"{control}/do"),
        ("GET", "/octopus-rest-api/v1/about/version"),
        ("POST", "/octopus-rest-api/v1/authentication"),
        ("POST", "/teamleader/users.me"),
        ("POST", TOKEN),
        ("GET", "/teamleader-files/1/pdf"),
        ("OPTIONS", f"{control}/do"),
        ("GET", "/nowhere"),
    ]


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "OWN"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example:PORT"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Host": "127.0.0.1:PORT.evil.example"},
        {"Host": "localhost.:PORT"},
        {"Host": ""},
    ],
    ids=str,
)
async def test_no_page_and_no_name_that_was_bound_anew_is_answered(
    served: Served, http: httpx.AsyncClient, sent: dict[str, str]
) -> None:
    port = str(urlsplit(served.url).port)
    headers = {name: value.replace("PORT", port).replace("OWN", served.url) for name, value in sent.items()}
    for method, path in everything(served):
        body = b"{}" if method == "POST" else None
        answer = await http.request(method, path, headers={**JSON, **headers}, content=body)
        assert (answer.status_code, list(answer.json())) == (403, ["error"]), path
        assert answer.json()["error"].endswith(".")
        assert served.company.world.octopus.password not in answer.text
        assert "access-control-allow-origin" not in answer.headers
    world = served.company.world
    assert world.octopus_calls == world.teamleader_calls == {}


async def test_a_page_that_can_only_send_text_replaces_no_file(
    served: Served, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    """As seen: one `text/plain` POST of any page, whose body is JSON, replaced a file of the user."""
    mine = tmp_path / "mine.csv"
    mine.write_text("mine")
    body = f'{{"action": "export-companies", "file": "{mine}"}}'
    for kind in ("text/plain", "text/plain; application/json", "application/x-www-form-urlencoded", "", None):
        headers = {} if kind is None else {"Content-Type": kind}
        answer = await http.post(f"{secret_path(served)}/do", content=body, headers=headers)
        assert (answer.status_code, list(answer.json())) == (415, ["error"])
        for path in ("/teamleader/companies.list", "/octopus-rest-api/v1/authentication"):
            assert (await http.post(path, content=body, headers=headers)).status_code == 415
    assert mine.read_text() == "mine"


async def test_programs_are_answered_by_name_and_by_number(served: Served, http: httpx.AsyncClient) -> None:
    port = urlsplit(served.url).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LocalHost:{port}"):
        for site in ({}, {"Sec-Fetch-Site": "none"}):
            answer = await http.get(f"{secret_path(served)}/clock", headers={"Host": host, **site})
            assert answer.status_code == 200
    sent = {"Content-Type": "application/json; charset=utf-8"}
    assert (await http.post(f"{secret_path(served)}/clock", content=b'{"days": 1}', headers=sent)).is_success


async def test_the_control_address_is_known_to_those_who_were_told_it(
    served: Served, http: httpx.AsyncClient, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    secret = secret_path(served).rpartition("/")[2]
    assert len(secret) >= 32
    assert new_company(world).secret != new_company(world).secret
    for wrong in ("", "/", "/x", f"/{secret[:-1]}", f"/{secret}x", "/%ff", "/é"):
        for rest in ("", "/connection", "/world"):
            answer = await http.get(f"/control{wrong}{rest}")
            assert (answer.status_code, list(answer.json())) == (403, ["error"])
    assert (await http.get(f"/control/{secret}/nothing")).status_code == 400
    assert (await http.delete(f"/control/{secret}/world")).status_code == 400
    assert secret not in caplog.text
    assert secret not in repr(served.company)


def test_the_secret_is_not_said_when_nobody_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["do", "--control", "http://127.0.0.1:9/control/hush-hush", "pay"]) == 3
    said = capsys.readouterr().err
    assert "http://127.0.0.1:9 could not be reached" in said
    assert "hush" not in said


async def test_the_consent_page_is_for_a_browser_and_for_no_other_page(
    served: Served, http: httpx.AsyncClient
) -> None:
    side = served.company.world.teamleader
    asked = {"client_id": side.client_id, "response_type": "code", "redirect_uri": side.redirect_uris[0]}
    page = await http.get(AUTHORIZE, params=asked, headers={"Sec-Fetch-Site": "none"})
    assert page.status_code == 200
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    yes = {**asked, "approve": "yes"}
    for own in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": served.url}):
        assert (await http.get(AUTHORIZE, params=yes, headers=own)).status_code == 302
    for strange in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": served.url.replace("127.0.0.1", "localhost")},  # not where this request went
        {"Origin": f"{served.url}.evil.example"},
    ):
        assert (await http.get(AUTHORIZE, params=yes, headers=strange)).status_code == 403
    assert len(side.codes) == 2


async def test_the_token_endpoint_takes_a_form_from_a_program_only(
    served: Served, http: httpx.AsyncClient
) -> None:
    access = served.connection()["teamleader"]
    form = {"grant_type": "refresh_token", **access}
    assert (await http.post(TOKEN, data=form, headers={"Origin": served.url})).status_code == 403
    assert (await http.post(TOKEN, data=form, headers={"Sec-Fetch-Site": "same-site"})).status_code == 403
    assert (await http.post(TOKEN, content=b"x", headers={"Content-Type": "text/plain"})).status_code == 415
    assert (await http.post(TOKEN, data=form)).status_code == 200


# --- files -----------------------------------------------------------------------------------------------


def export(world: World, folder: Path | None, file: str) -> dict[str, Any]:
    return perform(world, "export-companies", {"file": file}, folder)


def import_(world: World, folder: Path, file: str) -> dict[str, Any]:
    return perform(world, "import-companies", {"file": file, "match": "all", "fields": "name"}, folder)


def test_files_are_written_in_the_folder_only_and_read_by_their_owner(world: World, tmp_path: Path) -> None:
    folder, outside = tmp_path / "files", tmp_path / "outside"
    (folder / "deep").mkdir(parents=True)
    outside.mkdir()
    (folder / "out").symlink_to(outside, target_is_directory=True)
    (folder / "out.csv").symlink_to(outside / "new.csv")
    (folder / "round").symlink_to(folder / "round")
    assert export(world, folder, "a.csv")["file"] == str(folder.resolve() / "a.csv")
    export(world, folder, "deep/a.csv")
    export(world, folder, str(folder / "deep" / ".." / "b.xlsx"))
    if os.name != "nt":
        assert stat.S_IMODE((folder / "a.csv").stat().st_mode) == 0o600
    for wrong in (
        "../a.csv",
        "deep/../../a.csv",
        str(outside / "a.csv"),
        f"{folder}-2/a.csv",
        "out/a.csv",
        "out.csv",
        "round/a.csv",
        "nowhere/a.csv",
        "a.csv/b.csv",
        "a\0.csv",
        f"{'x' * 300}.csv",
        f"{'x/' * 240}a.csv",
        "~/a.csv",
        ".csv/",
    ):
        with pytest.raises(BadArguments):
            export(world, folder, wrong)
        with pytest.raises(BadArguments):
            import_(world, folder, wrong)
    assert list(outside.iterdir()) == []
    with pytest.raises(BadArguments, match="no folder for files"):
        export(world, None, str(tmp_path / "a.csv"))


async def test_a_file_is_named_as_in_the_folder_of_the_company_wherever_the_command_is_given(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, elsewhere = tmp_path / "files", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    async with serving(new_company(world, files=folder), 0) as there:
        control = there.connection()["control_url"]

        def do(file: str) -> int:
            return main(["do", "--control", control, "export-companies", f"file={file}"])

        assert await asyncio.to_thread(do, "a.csv") == 0
        assert json.loads(capsys.readouterr().out)["file"] == str(folder / "a.csv")
        for wrong in (str(elsewhere / "b.csv"), "../b.csv", "deep/b.csv", "C:b.csv", ".."):
            assert await asyncio.to_thread(do, wrong) == 2
            said = capsys.readouterr().err
            assert said.count("\n") == 1
            assert f"only in {folder}: give file as a plain name there" in said
    assert [*elsewhere.iterdir()] == []
    assert [file.name for file in folder.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    "name",
    ["nul.xlsx", "Com1.csv", "C:x.csv", "a\u202ex.csv", "a\x9b.csv", "a\n.csv", "a\u2028.csv", "a?.csv"],
)
def test_a_new_file_gets_a_name_that_every_system_can_bear(world: World, tmp_path: Path, name: str) -> None:
    with pytest.raises(BadArguments, match="cannot be used as a name: ") as told:
        export(world, tmp_path, name)
    assert str(told.value).isprintable()
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_no_file_is_ever_replaced(world: World, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(BadArguments, match="choose another name"):
        export(world, tmp_path, name)
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_that_nobody_fills_does_not_hold_the_import_up(world: World, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(BadArguments, match="no file"):
        import_(world, tmp_path, "pipe.csv")


@pytest.mark.parametrize(("row", "column"), [(1_048_575, 16_383), (40_000, 0), (1, 300)])
def test_a_small_workbook_of_enormous_size_is_refused(
    world: World, tmp_path: Path, row: int, column: int
) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "bomb.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "Name")
        sheet.write_string(row, column, "x")
    with pytest.raises(BadArguments, match="at most 35000 rows"):
        import_(world, tmp_path, "bomb.xlsx")


def test_the_program_serves_files_of_the_folder_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--files", "no/such/folder"]) == 2
    assert capsys.readouterr().err == (
        "octowizard sandbox: --files: a folder that exists is wanted, not 'no/such/folder'.\n"
    )


# --- what comes over the wire -----------------------------------------------------------------------------


async def raw(served: Served, *pieces: bytes, end: bool = True) -> bytes:
    """Send the pieces and read the answer to its end; or go away before it."""
    address = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 20) if end else b""
    writer.close()
    return answer


def head(served: Served, path: str, *lines: str) -> bytes:
    host = urlsplit(served.url).netloc
    text = "\r\n".join((f"POST {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json", *lines))
    return f"{text}\r\n\r\n".encode()


async def test_a_caller_that_goes_away_amid_its_body_leaves_no_trace(
    served: Served, http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    control = secret_path(served)
    for path in (f"{control}/do", "/teamleader/companies.list", "/octopus-rest-api/v1/authentication"):
        await raw(served, head(served, path, "Content-Length: 100"), b'{"a', end=False)
    assert (await http.get(f"{control}/clock")).status_code == 200
    assert caplog.text == ""
    assert served.company.world.teamleader_calls == {}


async def test_a_body_is_as_large_as_it_may_be_and_no_larger(served: Served, http: httpx.AsyncClient) -> None:
    control = secret_path(served)
    told = head(served, f"{control}/do", "Content-Length: 99999999999", "Connection: close")
    assert b" 413 " in (await raw(served, told)).split(b"\r\n")[0]

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(34):
            yield b" " * 2**20

    for path, status in ((f"{control}/do", 413), ("/teamleader/companies.list", 413)):
        answer = await http.post(path, content=endless(), headers=JSON)
        assert (answer.status_code, list(answer.json())) == (status, ["error"])
    answer = await http.post(f"{control}/do", content=b" " * (2**20 + 1), headers=JSON)
    assert (answer.status_code, list(answer.json())) == (413, ["error"])
    assert (await http.get(f"{control}/clock")).status_code == 200


async def test_a_body_that_comes_byte_by_byte_is_not_waited_for(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octowizard.sandbox.guard.SECONDS_TO_SEND", 0.05)
    answer = await raw(served, head(served, f"{secret_path(served)}/do", "Content-Length: 100"), b"{")
    assert b" 408 " in answer.split(b"\r\n")[0]
