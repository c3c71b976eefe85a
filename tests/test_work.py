"""Who does the engine's work: one after the other, in order, and faults are told."""

import threading

import pytest

from assistant.hearing.work import AtOnce, Worker

pytestmark = pytest.mark.unit

SOON_S = 10.0


def no_fault() -> None:
    raise AssertionError("nothing should have failed")


def test_complete_files_are_worked_on_at_once_and_nothing_is_done_ahead():
    done: list[str] = []
    AtOnce().do(lambda: done.append("words"))
    AtOnce().do_if_free(lambda: done.append("ahead"))
    assert done == ["words"]


def test_a_worker_does_everything_in_order_on_one_thread():
    done: list[tuple[int, int]] = []
    worker = Worker(no_fault)
    for number in range(200):
        worker.do(lambda n=number: done.append((n, threading.get_ident())))
    worker.finish()
    assert [number for number, _ in done] == list(range(200))
    assert len({thread for _, thread in done}) == 1
    assert threading.get_ident() not in {thread for _, thread in done}


def test_a_worker_that_is_late_does_nothing_ahead():
    done: list[str] = []
    gate = threading.Event()
    worker = Worker(no_fault)
    worker.do(lambda: None if gate.wait(SOON_S) else no_fault())
    worker.do_if_free(lambda: done.append("ahead"))
    worker.do(lambda: done.append("words"))
    gate.set()
    worker.finish()
    assert done == ["words"]


def test_a_worker_with_nothing_else_to_do_works_ahead():
    ahead = threading.Event()
    worker = Worker(no_fault)
    worker.do_if_free(ahead.set)
    assert ahead.wait(SOON_S)
    worker.finish()


def test_a_fault_is_told_and_ends_the_work():
    told = threading.Event()
    worker = Worker(told.set)
    worker.do(no_fault)
    assert told.wait(SOON_S)
    worker.finish()
