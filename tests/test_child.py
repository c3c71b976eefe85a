"""A child's own side: whatever it does when its parent dies, it is gone with it."""

import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec
import pytest

pytestmark = pytest.mark.edge

ECHO = """
    from assistant import child
    import os
    child.end_with_parent()
    lines = child.lines_in()
    next(lines)
    child.say(b'{"pid":%d}' % os.getpid())
    for line in lines:
        child.say(line)
"""
DEAF = ECHO.replace("for line", "import time; time.sleep(60)\n    for line")
IN_C = ECHO.replace("for line", "import ctypes; ctypes.CDLL(None).sleep(60)\n    for line")

PARENT = """
    import sys, time
    from assistant.parent import KeptChild
    show = lambda line: print(line.decode(), flush=True)
    child = KeptChild("ear", "kept_one", lambda: b"{}", show, lambda sentence, gave_up: None)
    child.start()
    time.sleep(60)
"""


def gone(process: int, within_s: float = 10.0) -> bool:
    """Wait for the end of a process that need not be ours."""
    return bool(select.select([process], [], [], within_s)[0])


def do_nothing(_pid: int) -> None:
    """Leave a process as it is."""


def stop(pid: int) -> None:
    """Have a process hang."""
    os.kill(pid, signal.SIGSTOP)


@pytest.mark.parametrize(
    ("source", "do"),
    [(ECHO, do_nothing), (DEAF, do_nothing), (IN_C, do_nothing), (ECHO, stop)],
    ids=["listening", "deaf", "in C code", "stopped"],
)
def test_no_orphan_is_left_when_the_parent_is_killed(
    tmp_path: Path, source: str, do: Callable[[int], None]
) -> None:
    (tmp_path / "kept_one.py").write_text(textwrap.dedent(source))
    (tmp_path / "parent.py").write_text(textwrap.dedent(PARENT))
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-P", "-m", "parent"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = msgspec.json.decode(parent.stdout.readline(), type=dict[str, int])["pid"]
        process = os.pidfd_open(pid)
        assert not gone(process, 0)
        do(pid)
        parent.kill()
    assert gone(process)
    os.close(process)


def test_a_child_whose_parent_died_before_it_asked_ends_itself() -> None:
    script = "from assistant import child; child.end_with_parent(); print('still here')"
    environ = {**os.environ, "SOTTOVOCE_PARENT_PID": "1"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environ, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


def alone(script: str) -> "subprocess.Popen[bytes]":
    """Start a child that the kernel does not end: only the end of stdin does."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


def pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


@pytest.mark.parametrize(
    "hang", ["import time; time.sleep(60)", "import ctypes; ctypes.CDLL(None).sleep(60)"]
)
def test_the_end_of_stdin_ends_a_child_that_hangs_where_the_kernel_does_not(hang: str) -> None:
    process = alone(f"""
        from assistant import child
        child.LINGER_S = 0.1
        lines = child.lines_in()
        next(lines)
        child.say(b'here')
        {hang}
    """)
    stdin, stdout = pipes(process)
    stdin.write(b"{}\n")
    stdin.flush()
    assert stdout.readline() == b"here\n"
    assert process.poll() is None
    stdin.close()
    assert process.wait(10) == 0
    stdout.close()


def test_the_last_whole_lines_are_taken_and_half_a_line_is_not() -> None:
    process = alone("""
        from assistant import child
        for line in child.lines_in():
            child.say(b'<' + line + b'>')
        child.say(b'end')
    """)
    said, _ = process.communicate(b"one\ntwo\nthr", timeout=10)
    assert said.splitlines() == [b"<one>", b"<two>", b"end"]
    assert process.returncode == 0


def test_a_child_that_is_done_while_its_parent_still_listens_ends_cleanly() -> None:
    process = alone("""
        from assistant import child
        lines = child.lines_in()
        next(lines)
        child.say(b'done')
    """)
    stdin, stdout = pipes(process)
    stdin.write(b"{}\n")
    stdin.flush()
    assert process.wait(10) == 0
    assert stdout.read() == b"done\n"
    stdin.close()
    stdout.close()


def test_a_parent_that_is_slow_to_read_loses_no_line() -> None:
    lines = 5000
    process = alone(f"""
        import threading
        from assistant import child
        def tell(name):
            for n in range({lines}):
                child.say(b'{{"%s":%d,"x":"%s"}}' % (name, n, b'y' * 50))
        tellers = [threading.Thread(target=tell, args=(name,)) for name in (b'a', b'b')]
        for teller in tellers:
            teller.start()
        for teller in tellers:
            teller.join()
    """)
    _, stdout = pipes(process)
    # By now the pipe, 64 kB, is full and the child waits.
    assert select.select([stdout], [], [], 10)[0]
    counts = {"a": 0, "b": 0}
    for line in stdout:
        said = msgspec.json.decode(line, type=dict[str, int | str])
        name = next(iter(said))
        assert said[name] == counts[name]
        counts[name] += 1
    assert counts == {"a": lines, "b": lines}
    process.communicate(timeout=10)
