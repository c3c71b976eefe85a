"""A kept child: lines in, lines out, and every way in which it can fail."""

import os
import queue
import select
import signal
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from assistant.parent import BACK_OFF_S, MOST_GARBAGE, KeptChild, Restarts

pytestmark = pytest.mark.edge

ECHO = """
    from assistant import child
    import os
    child.end_with_parent()
    print("a library that prints on stdout")
    child.say(b'{"pid":%d}' % os.getpid())
    for line in child.lines_in():
        child.say(line)
"""


class Heard:
    """Remembers what the child and its keeper said, and waits for it."""

    def __init__(self) -> None:
        self._said: queue.Queue[object] = queue.Queue()
        self._troubles: queue.Queue[tuple[str, bool]] = queue.Queue()

    def on_line(self, line: bytes) -> None:
        self._said.put(msgspec.json.decode(line))

    def on_trouble(self, sentence: str, gave_up: bool) -> None:
        self._troubles.put((sentence, gave_up))

    def next(self) -> object:
        return self._said.get(timeout=10)

    def trouble(self) -> tuple[str, bool]:
        return self._troubles.get(timeout=10)

    def is_silent(self) -> bool:
        return self._said.empty() and self._troubles.empty()


class House:
    """Makes children from source text and closes them at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: list[KeptChild] = []

    def child(
        self, source: str, greeting: Callable[[], bytes], longest_line: int = 1_000_000
    ) -> tuple[KeptChild, Heard]:
        (self.folder / "kept_one.py").write_text(textwrap.dedent(source))
        heard = Heard()
        child = KeptChild(
            "voice",
            "kept_one",
            greeting,
            heard.on_line,
            heard.on_trouble,
            environ={"PYTHONPATH": str(self.folder)},
            longest_line=longest_line,
        )
        self.kept.append(child)
        child.start()
        return child, heard


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    for child in house.kept:
        child.close(0.2)
        assert child.pid is None


def hello() -> bytes:
    return b'{"hello":1}'


def gone(process: int, within_s: float = 5.0) -> bool:
    """Wait for the end of a process that need not be ours."""
    return bool(select.select([process], [], [], within_s)[0])


def test_deaths_wait_longer_each_time_and_five_in_a_minute_are_the_end() -> None:
    restarts = Restarts()
    assert [restarts.died(at_s) for at_s in (0.0, 1.0, 2.0, 3.0, 4.0)] == [*BACK_OFF_S[:4], None]


def test_the_first_start_after_a_death_is_at_once() -> None:
    assert BACK_OFF_S[0] == 0.0
    assert list(BACK_OFF_S) == sorted(BACK_OFF_S)


def test_deaths_far_apart_are_each_the_first_where_it_did_well_in_between() -> None:
    restarts, waits_s = Restarts(), list[float | None]()
    for at_s in range(0, 600, 60):
        waits_s.append(restarts.died(at_s))
        restarts.did_well()
    assert waits_s == [BACK_OFF_S[0]] * 10


def test_five_deaths_with_nothing_done_are_the_end_however_far_apart() -> None:
    restarts = Restarts()
    waits_s = [restarts.died(at_s) for at_s in range(0, 600, 120)]
    assert waits_s == [*BACK_OFF_S[:4], None]


def test_doing_well_does_not_excuse_five_deaths_in_a_minute() -> None:
    restarts, waits_s = Restarts(), list[float | None]()
    for at_s in range(0, 50, 10):
        waits_s.append(restarts.died(at_s))
        restarts.did_well()
    assert waits_s[-1] is None


def test_lines_go_there_and_back_and_prints_of_libraries_do_not(house: House) -> None:
    child, heard = house.child(ECHO, hello)
    assert heard.next() == {"pid": child.pid}
    assert heard.next() == {"hello": 1}
    assert child.send(b'{"n":1}')
    assert child.send(b'{"n":2}\n')
    assert [heard.next(), heard.next()] == [{"n": 1}, {"n": 2}]


def test_the_last_lines_are_said_before_it_closes(house: House) -> None:
    child, heard = house.child(ECHO, hello)
    for n in range(100):
        child.send(b'{"n":%d}' % n)
    child.close(5.0)
    said = [heard.next() for _ in range(102)]
    assert said[-1] == {"n": 99}
    assert child.wait(0)
    assert not child.send(b"{}")


def test_a_killed_child_is_greeted_anew(house: House) -> None:
    lives_seen: list[int] = []

    def greeting() -> bytes:
        lives_seen.append(1)
        return b'{"from":%d}' % len(lives_seen)

    child, heard = house.child(ECHO, greeting)
    first = heard.next()
    assert heard.next() == {"from": 1}
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    sentence, gave_up = heard.trouble()
    assert "signal 9" in sentence
    assert not gave_up
    assert heard.next() != first
    assert heard.next() == {"from": 2}
    child.send(b'{"n":3}')
    assert heard.next() == {"n": 3}


def test_a_child_that_begins_anew_did_nothing_wrong(house: House) -> None:
    child, heard = house.child(ECHO, hello)
    # More often than a child may die.
    for _ in range(len(BACK_OFF_S) + 2):
        assert "pid" in str(heard.next())
        assert heard.next() == {"hello": 1}
        child.renew()
    assert "pid" in str(heard.next())
    assert heard.next() == {"hello": 1}
    assert heard.is_silent()


def test_a_hung_child_blocks_nobody_and_can_be_restarted(house: House) -> None:
    child, heard = house.child(ECHO, hello)
    assert [heard.next(), heard.next()][1] == {"hello": 1}
    assert child.pid is not None
    process = os.pidfd_open(child.pid)
    os.kill(child.pid, signal.SIGSTOP)
    began_s = time.monotonic()
    taken = [child.send(b'{"n":"%s"}' % (b"x" * 5000)) for _ in range(2000)]
    assert time.monotonic() - began_s < 1.0
    assert not all(taken)
    child.restart("it did not answer in time")
    assert heard.trouble() == ("The voice is started again: it did not answer in time.", False)
    assert gone(process)
    os.close(process)
    heard.next()
    assert heard.next() == {"hello": 1}


def test_a_hung_child_can_be_closed(house: House) -> None:
    child, heard = house.child(ECHO, hello)
    assert [heard.next(), heard.next()][1] == {"hello": 1}
    pid = child.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    began_s = time.monotonic()
    child.close(0.2)
    assert time.monotonic() - began_s < 3.0
    assert not Path(f"/proc/{pid}").exists()


def test_five_deaths_and_it_is_given_up_once(house: House) -> None:
    child, heard = house.child("raise SystemExit(7)", hello)
    troubles = [heard.trouble() for _ in range(5)]
    assert [gave_up for _, gave_up in troubles] == [False, False, False, False, True]
    assert "exit code 7" in troubles[-1][0]
    assert child.wait(5)
    assert child.pid is None
    assert not child.send(b"{}")
    assert heard.is_silent()


def test_a_child_that_was_given_up_can_be_started_again(house: House) -> None:
    child, heard = house.child("raise SystemExit(7)", hello)
    while not heard.trouble()[1]:
        pass
    assert child.wait(5)
    (house.folder / "kept_one.py").write_text(textwrap.dedent(ECHO))
    child.start()
    heard.next()
    assert heard.next() == {"hello": 1}


def test_a_child_that_finished_is_left_alone(house: House) -> None:
    child, heard = house.child("print('{\"done\":true}')", hello)
    assert heard.next() == {"done": True}
    assert child.wait(5)
    assert heard.is_silent()


def test_garbage_is_dropped_and_counted(house: House) -> None:
    source = """
        import sys
        out = sys.stdout.buffer
        out.write(b"no json\\n" + b"\\xff\\xfe\\n" + b"[1]\\n" + b"x" * 3000 + b"\\n")
        out.write(b'{"n":1}\\n')
        out.flush()
        sys.stdin.read()
    """
    child, heard = house.child(source, hello, longest_line=2000)
    assert heard.next() == {"n": 1}
    assert child.garbage == 4


def test_a_child_that_speaks_only_garbage_is_started_again(house: House) -> None:
    source = """
        import os, sys
        while True:
            os.write(1, b"x" * 65536)
    """
    _, heard = house.child(source, hello, longest_line=65536)
    assert heard.trouble() == ("The voice is started again: it spoke garbage.", False)


def test_lines_that_the_listener_refuses_are_garbage(tmp_path: Path) -> None:
    heard = Heard()

    def refuse(line: bytes) -> None:
        raise ValueError

    (tmp_path / "kept_one.py").write_text("while True: print('{}', flush=True)")
    child = KeptChild(
        "ear", "kept_one", hello, refuse, heard.on_trouble, environ={"PYTHONPATH": str(tmp_path)}
    )
    child.start()
    assert heard.trouble() == ("The ear is started again: it spoke garbage.", False)
    child.close(0.1)
    assert child.garbage >= MOST_GARBAGE


def test_a_child_that_closes_its_stdout_is_ended(house: House) -> None:
    _, heard = house.child("import os, time; os.close(1); time.sleep(60)", hello)
    assert heard.trouble() == ("The voice is started again: signal 9.", False)


def test_a_module_that_is_missing_is_given_up(tmp_path: Path) -> None:
    heard = Heard()
    log = tmp_path / "child.log"
    child = KeptChild("ear", "no.such.module", hello, heard.on_line, heard.on_trouble, log=log)
    child.start()
    while not heard.trouble()[1]:
        pass
    child.close()
    assert "No module named" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_closing_during_the_back_off_is_at_once(house: House) -> None:
    child, heard = house.child("raise SystemExit(1)", hello)
    for _ in range(4):
        heard.trouble()
    began_s = time.monotonic()
    child.close()
    assert time.monotonic() - began_s < 0.9


def test_the_child_is_in_a_session_of_its_own(house: House) -> None:
    child, heard = house.child(ECHO, hello)
    heard.next()
    assert child.pid is not None
    assert os.getsid(child.pid) == child.pid


def test_a_nested_line_is_garbage_and_harms_nobody(house: House) -> None:
    source = """
        import sys
        out = sys.stdout.buffer
        out.write(b'{"a":' + b"[" * 400_000 + b"]" * 400_000 + b'}\\n{"n":1}\\n')
        out.flush()
        sys.stdin.read()
    """
    child, heard = house.child(source, hello)
    assert heard.next() == {"n": 1}
    assert child.garbage == 1


def test_a_line_of_ten_megabytes_is_dropped_and_the_next_is_whole(house: House) -> None:
    source = """
        import sys
        out = sys.stdout.buffer
        out.write(b'{"x":"' + b"y" * 10_000_000 + b'"}\\n{"n":1}\\n')
        out.flush()
        sys.stdin.read()
    """
    child, heard = house.child(source, hello)
    assert heard.next() == {"n": 1}
    assert 0 < child.garbage < MOST_GARBAGE


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
def test_however_it_dies_it_is_started_again(house: House, number: signal.Signals) -> None:
    child, heard = house.child(ECHO, hello)
    assert [heard.next(), heard.next()][1] == {"hello": 1}
    assert child.pid is not None
    os.kill(child.pid, number)
    assert heard.trouble() == (f"The voice is started again: signal {number.value}.", False)
    heard.next()
    assert heard.next() == {"hello": 1}


def test_a_child_that_ends_before_it_may_is_started_again(tmp_path: Path) -> None:
    heard = Heard()
    (tmp_path / "kept_one.py").write_text("raise SystemExit(0)")
    child = KeptChild(
        "ear", "kept_one", hello, heard.on_line, heard.on_trouble,
        may_end=lambda: False, environ={"PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    child.start()
    assert heard.trouble() == ("The ear is started again: exit code 0.", False)
    child.close(0.1)


def test_half_a_line_dies_with_its_child_and_spoils_no_other(house: House) -> None:
    source = """
        import os, signal
        os.write(1, b'{"n":1}\\n{"half')
        os.kill(os.getpid(), signal.SIGKILL)
    """
    child, heard = house.child(source, hello)
    assert [heard.next(), heard.next()] == [{"n": 1}, {"n": 1}]
    assert child.garbage == 0
