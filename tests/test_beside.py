"""Work in a process beside this one: its result, what it is told without one, and that no process is left."""

from __future__ import annotations

import multiprocessing
import os
import threading

import pytest

from octowizard import beside
from octowizard.beside import Beside

_HERE = os.getpid()


def _where() -> int:
    return os.getpid()


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a computer with two processors, and with one thread, whatever the run of these tests has."""
    if not beside._TASKS.is_dir():
        pytest.skip("only Linux tells how many threads there are")
    monkeypatch.setattr(beside, "can_be_beside", lambda: True)


@pytest.mark.usefixtures("copied")
def test_another_process_does_the_work_and_is_gone() -> None:
    work = Beside(_where)
    assert work.result() != os.getpid()
    assert not work.begun
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("copied")
def test_what_went_wrong_there_is_done_here_and_says_why() -> None:
    def fails() -> int:
        if os.getpid() != _HERE:
            os._exit(9)
        raise ValueError("it says why")

    with pytest.raises(ValueError, match="it says why"):
        Beside(fails).result()
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("copied")
def test_an_error_there_and_what_cannot_be_handed_back_are_met_here() -> None:
    def threads() -> threading.Thread:
        return threading.current_thread()

    assert Beside(threads).result() is threading.current_thread()


@pytest.mark.usefixtures("copied")
def test_work_that_nobody_waits_for_any_more_is_ended() -> None:
    work = Beside(threading.Event().wait)
    assert len(multiprocessing.active_children()) == 1
    work.end()
    work.end()
    assert not work.begun
    assert not multiprocessing.active_children()


def test_with_a_second_thread_nothing_is_copied() -> None:
    ready = threading.Event()
    thread = threading.Thread(target=ready.wait)
    thread.start()
    try:
        assert not beside.can_be_beside()
        work = Beside(_where)
        assert not work.begun
        assert work.result() == os.getpid()
    finally:
        ready.set()
        thread.join()


@pytest.mark.usefixtures("copied")
def test_only_a_process_that_ends_with_its_work_holds_what_it_made() -> None:
    class Made:
        """Says when it is freed."""

        def __del__(self) -> None:
            freed.append(os.getpid())

    freed: list[int] = []

    def work() -> tuple[bool, list[int]]:
        held = beside.hold(Made())
        return held, freed

    assert Beside(work).result() == (True, [])
    assert work() == (False, [os.getpid()])
