"""Keys at a terminal: read one by one, and the terminal given back as it was."""

import contextlib
import io
import os
import pty
import queue
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import msgspec
import pytest
from played import STARTED
from scene import PLAN

from assistant.cli import run
from assistant.cli.keys import pressed_keys
from assistant.control import Answers, Follow, Request
from assistant.door import Server
from assistant.events import Entry, MaybeAsked, Ticked, to_line
from assistant.keeping.lock import only_call
from assistant.settings import places
from assistant.view import View

pytestmark = pytest.mark.edge

WITHIN_S = 20.0
DOUBT = MaybeAsked(("skills", "typical-day"), 1)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Both ends of a terminal."""

    person: int
    """Where the keys are pressed."""
    program: TextIO


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    person, program = pty.openpty()
    with os.fdopen(program, "r") as file:
        yield Terminal(person, file)
    os.close(person)


def test_keys_come_one_by_one_and_the_terminal_is_given_back(terminal: Terminal) -> None:
    before = termios.tcgetattr(terminal.program)
    pressed: queue.SimpleQueue[str] = queue.SimpleQueue()
    with pressed_keys(terminal.program, pressed.put) as there_are:
        assert there_are
        assert termios.tcgetattr(terminal.program) != before
        os.write(terminal.person, b"2x")
        assert [pressed.get(timeout=WITHIN_S) for _ in range(2)] == ["2", "x"]
    assert termios.tcgetattr(terminal.program) == before


def test_the_terminal_is_given_back_when_something_fails(terminal: Terminal) -> None:
    before = termios.tcgetattr(terminal.program)
    with pytest.raises(KeyboardInterrupt), pressed_keys(terminal.program, lambda _: None):
        raise KeyboardInterrupt
    assert termios.tcgetattr(terminal.program) == before


def test_a_program_that_is_ended_gives_the_terminal_back(terminal: Terminal) -> None:
    before = termios.tcgetattr(terminal.program)
    code = (
        "import sys, time\n"
        "from assistant.cli.keys import pressed_keys\n"
        "with pressed_keys(sys.stdin, lambda _: None):\n"
        "    print('reading', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=terminal.program, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"reading\n"
        assert termios.tcgetattr(terminal.program) != before
        program.send_signal(signal.SIGTERM)
        assert program.wait(WITHIN_S) == 128 + signal.SIGTERM
    assert termios.tcgetattr(terminal.program) == before


@pytest.mark.parametrize("what", ["a pipe", "closed", "no file at all"])
def test_where_there_is_no_terminal_there_are_no_keys(what: str) -> None:
    read, write = os.pipe()
    os.close(write)
    with os.fdopen(read) as pipe:
        nowhere = io.StringIO() if what == "no file at all" else pipe
        if what == "closed":
            pipe.close()
        with pressed_keys(nowhere, lambda _: None) as there_are:
            assert not there_are


@dataclass(slots=True)
class Doubting:
    """A running call in which it is not clear what was asked, and a person who knows it."""

    terminal: Terminal
    keys: bytes
    _ticked: queue.SimpleQueue[Ticked] = field(default_factory=queue.SimpleQueue[Ticked])

    def answer(self, request: Request) -> Answers:
        """Answer as the door of a call does."""
        match request:
            case Ticked():
                self._ticked.put(request)
                yield b'{"ok":true}'
            case Follow():
                yield to_line(Entry(1, 5.0, DOUBT))
                yield to_line(Entry(2, 9.0, self._pressed()))
            case _:
                view = View(PLAN)
                view.take(Entry(1, 0.0, STARTED))
                yield msgspec.json.encode(view.seen(10.0))

    def _pressed(self) -> Ticked:
        """Press the keys until they are heard: before the doubt is shown they mean nothing."""
        for _ in range(int(WITHIN_S / 0.1)):
            os.write(self.terminal.person, self.keys)
            with contextlib.suppress(queue.Empty):
                return self._ticked.get(timeout=0.1)
        raise TimeoutError


@pytest.mark.parametrize(
    ("keys", "ticked"), [(b"2", "What does a typical"), (b"9q1", "Which skills")]
)
def test_who_watches_says_with_a_key_which_question_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    terminal: Terminal,
    keys: bytes,
    ticked: str,
) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", terminal.program)
    server = Server(places(os.environ).socket, Doubting(terminal, keys).answer)
    with only_call(places(os.environ).lock) as claim:
        claim("call")
        server.open()
        assert run(["watch"]) == 0
        server.close()
    doubt, answer = capsys.readouterr().out.splitlines()
    assert "[1] Which skills matter most? / [2] What does a typical day" in doubt
    assert ticked in answer
    assert "ticked as asked" in answer
