"""Signals: the first ends the call gracefully, the second the process."""

import os
import signal
import subprocess
import sys
import time

import pytest

from assistant.endings import FORCED_WITHIN_S, INTERRUPTED, signals_end

pytestmark = pytest.mark.edge

# It writes without a buffer: a signal may come in the middle of a write.
_HOLDER = """
import os, sys, time
from assistant.endings import signals_end

class Call:
    def end(self, reason):
        os.write(1, f"asked {reason}\\n".encode())

with signals_end() as ending:
    ending.call = Call()
    ending.is_closed = sys.argv[1] == "closed"
    os.write(1, b"ready\\n")
    while True:
        time.sleep(0.01)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_asks_the_call_to_end(number: int) -> None:
    reasons: list[str] = []

    class Call:
        def end(self, reason: str) -> None:
            reasons.append(reason)

    before = signal.getsignal(number)
    with signals_end() as ending:
        ending.call = Call()
        os.kill(os.getpid(), number)
        assert not ending.is_forced
    assert reasons == ["signal"]
    assert signal.getsignal(number) == before


def test_a_call_that_ended_is_not_spelled_out_to_let_go_of_it() -> None:
    class Large:
        def end(self, reason: str) -> None: ...

        def __repr__(self) -> str:
            raise AssertionError("seconds, for a call of an hour")

    with signals_end() as ending:
        ending.call = Large()


def test_before_there_is_a_call_a_signal_ends_the_start() -> None:
    with pytest.raises(KeyboardInterrupt), signals_end():
        os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.parametrize("journal", ["open", "closed"])
def test_the_second_signal_ends_a_process_that_would_go_on(journal: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, journal], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        holder.terminate()
        assert holder.stdout.readline() == "asked signal\n"
        begun_s = time.monotonic()
        holder.send_signal(signal.SIGINT)
        try:
            code = holder.wait(30.0)
        finally:
            holder.kill()
        assert code == INTERRUPTED
        assert journal == "closed" or time.monotonic() - begun_s >= FORCED_WITHIN_S * 0.9
