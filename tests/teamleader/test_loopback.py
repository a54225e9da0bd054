"""Coming back from the browser: the code reaches octowizard, a stranger's does not."""

import asyncio
import socket

import pytest

from octowizard.teamleader.loopback import Listener, NoCode, code_from


async def visit(port: int, target: str, method: str = "GET", headers: str = "Host: localhost") -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{method} {target} HTTP/1.1\r\n{headers}\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_the_code_arrives_and_the_page_says_to_close_the_window() -> None:
    async with Listener() as listener:
        assert listener.redirect_uri == f"http://localhost:{listener.port}/callback"
        page = await visit(listener.port, f"/callback?code=the%2Bcode&state={listener.state}")
        assert await listener.code() == "the+code"
    assert page.startswith("HTTP/1.1 200")
    assert "You may close this window" in page


async def test_a_strangers_redirect_is_turned_away_and_the_wait_goes_on() -> None:
    async with Listener() as listener:
        assert (await visit(listener.port, "/callback?code=evil&state=guessed")).startswith("HTTP/1.1 400")
        assert (await visit(listener.port, "/callback?code=evil")).startswith("HTTP/1.1 400")
        assert (await visit(listener.port, "/callback?error=access_denied")).startswith("HTTP/1.1 400")
        assert (await visit(listener.port, "/callback")).startswith("HTTP/1.1 400")
        assert (await visit(listener.port, "/favicon.ico")).startswith("HTTP/1.1 404")
        assert (await visit(listener.port, f"/callback?code=c&state={listener.state}", "POST")).startswith(
            "HTTP/1.1 404"
        )
        await visit(listener.port, f"/callback?code=mine&state={listener.state}")
        assert await listener.code() == "mine"


@pytest.mark.parametrize(
    "headers",
    [
        "Host: evil.example",
        "Host: evil.example:{port}",
        "Host: localhost:1",
        "Accept: */*",
        "Host: localhost:{port}\r\nHost: evil.example",
        "Host: localhost:{port}\r\nOrigin: http://localhost:{port}",
    ],
)
async def test_a_page_that_bound_its_name_to_this_machine_cannot_sign_us_in(headers: str) -> None:
    async with Listener() as listener:
        target = f"/callback?code=evil&state={listener.state}"
        page = await visit(listener.port, target, headers=headers.format(port=listener.port))
        assert page.startswith("HTTP/1.1 403")
        await visit(listener.port, f"/callback?code=mine&state={listener.state}")
        assert await listener.code() == "mine"


async def test_a_second_redirect_with_another_code_is_not_told_that_it_signed_in() -> None:
    async with Listener() as listener:
        for code, status in (("mine", 200), ("mine", 200), ("evil", 400)):
            page = await visit(listener.port, f"/callback?code={code}&state={listener.state}")
            assert page.startswith(f"HTTP/1.1 {status}")
        assert await listener.code() == "mine"


async def test_an_address_that_cannot_be_read_does_not_end_the_wait() -> None:
    async with Listener() as listener:
        assert (await visit(listener.port, "http://[/callback")).startswith("HTTP/1.1 404")
        await visit(listener.port, f"/callback?code=mine&state={listener.state}")
        assert await listener.code() == "mine"


async def test_what_is_no_http_does_not_end_the_wait() -> None:
    async with Listener() as listener:
        _reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(b"\x00\xff")
        writer.close()
        await writer.wait_closed()
        await visit(listener.port, f"/callback?code=mine&state={listener.state}")
        assert await listener.code() == "mine"


async def test_a_refusal_on_the_consent_page_is_told() -> None:
    async with Listener() as listener:
        await visit(listener.port, f"/callback?error=access_denied&state={listener.state}")
        with pytest.raises(NoCode, match="access_denied"):
            await listener.code()


async def test_text_from_the_address_is_not_put_into_the_page_as_html() -> None:
    async with Listener() as listener:
        page = await visit(listener.port, f"/callback?error=%3Cscript%3E&state={listener.state}")
    assert "<script>" not in page


async def test_nobody_coming_back_ends_in_a_clear_sentence() -> None:
    async with Listener() as listener:
        with pytest.raises(NoCode, match="did not come back"):
            await listener.code(seconds=0)


async def test_a_port_that_is_taken_is_said_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(NoCode, match=str(port)):
            async with Listener(port):
                pass


@pytest.mark.parametrize(
    "pasted",
    [
        "abc",
        " abc\n",
        "http://localhost:8000/callback?code=abc&state=s",
        "http://localhost:8000/callback?state=s&code=abc#",
        "code=abc&state=s",
    ],
)
def test_a_code_is_found_in_what_was_pasted(pasted: str) -> None:
    assert code_from(pasted, "s") == "abc"


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "Nothing"),
        ("http://localhost/callback?state=s", "no code"),
        ("http://localhost/callback?error=access_denied&state=s", "access_denied"),
        ("http://localhost/callback?code=abc&state=other", "another sign-in"),
        ("http://localhost/callback?code=abc", "another sign-in"),
        ("what now", "no code"),
        ("localhost:8765/callback", "no code"),
    ],
)
def test_a_paste_without_our_code_says_what_is_wrong(pasted: str, words: str) -> None:
    with pytest.raises(NoCode, match=words):
        code_from(pasted, "s")
