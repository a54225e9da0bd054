"""Names and messages from outside reach the terminal letter for letter, and cannot steer it."""

import io
import json

import pytest

from octowizard.cli.console import Console, plain, tell


@pytest.mark.parametrize(
    "text",
    ["Foo [BE] bvba", "[/x]", "[@click=app.quit]x[/]", "%s {name}", "Café & Zoë", "שלום בע״מ", "👩‍👧 nv", ""],
)
def test_a_name_stays_letter_for_letter(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[2Jnv", "\\x1b[2Jnv"),
        ("two\nlines\r", "two\\x0alines\\x0d"),
        ("\u202env", "\\u202env"),
        ("a\u2028b\x9b", "a\\u2028b\\x9b"),
        ("lone \ud800", "lone \\ud800"),
    ],
)
def test_what_would_steer_the_terminal_is_made_visible(text: str, seen: str) -> None:
    assert plain(text) == seen


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_never_gets_into_a_file_or_a_log() -> None:
    out, err = io.StringIO(), io.StringIO()
    console = Console(out, err)
    console.progress("3/57")
    console.line("booked")
    console.note("done")
    assert (out.getvalue(), err.getvalue()) == ("booked\n", "done\n")


def test_a_line_wipes_the_progress_it_would_be_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    console = Console(screen, screen)
    console.progress("3/57")
    console.line("booked")
    assert screen.getvalue() == "\r\x1b[K3/57\r\x1b[Kbooked\n"


def test_a_sentence_besides_wipes_the_progress_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    Console(screen, screen).progress("3/57")
    tell("Teamleader allows 200 calls a minute: goes on in 6 s")
    shown = screen.getvalue()
    assert shown.startswith("\r\x1b[K3/57\r\x1b[Koctowizard: Teamleader allows 200 calls")
    tell("There is no progress any more.")
    assert screen.getvalue().endswith("s\noctowizard: There is no progress any more.\n")


def test_a_sentence_is_broken_between_words_on_a_narrow_terminal_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    monkeypatch.setenv("LINES", "10")
    screen, log = Terminal(), io.StringIO()
    for stream in (screen, log):
        Console(stream, stream, plain=True).note("  `octowizard --sandbox` opens a practice company.")
    assert screen.getvalue() == "  `octowizard --sandbox`\n  opens a practice\n  company.\n"
    assert log.getvalue() == "  `octowizard --sandbox` opens a practice company.\n"
    monkeypatch.setattr("sys.stderr", screen)
    tell("There is no profile yet.")
    assert screen.getvalue().endswith("octowizard: There is no\nprofile yet.\n")


HOSTILE = "a\x1b]0;x\x07\x9b2J\u202eb\u2066c\u200ed\u061ce\u2028f\x7f"
STEERING = set("\x1b\x07\x9b\u202e\u2066\u200e\u061c\u2028\x7f")


def test_no_stream_lets_a_vendor_s_text_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.stderr", err)
    console = Console(out, err)
    console.line(HOSTILE)
    console.note(f"kept\n\t{HOSTILE}")
    console.answer(HOSTILE)
    tell(HOSTILE)
    assert not STEERING & set(out.getvalue() + err.getvalue())
    assert "kept\n\t" in err.getvalue()


def test_json_stays_the_same_json_and_shows_nothing_that_steers() -> None:
    out = io.StringIO()
    console = Console(out, io.StringIO())
    console.json(json.dumps({"name": HOSTILE, "é": "שלום"}, ensure_ascii=False).encode())
    console.json_pieces([b'"', HOSTILE.replace("\x1b", "").replace("\x07", "").encode(), b'"'])
    first, second = out.getvalue().splitlines()
    assert not STEERING & set(first + second)
    assert json.loads(first) == {"name": HOSTILE, "é": "שלום"}
    assert json.loads(second) == HOSTILE.replace("\x1b", "").replace("\x07", "")
    assert "שלום" in first
