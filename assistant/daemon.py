"""The process that holds a call: this one, or one detached from the terminal.

Law: one call at a time; what can not start says so on the one line it answers.
"""

import contextlib
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import msgspec

from assistant import control
from assistant.afterwards import Written
from assistant.endings import INTERRUPTED, signals_end
from assistant.errors import SottovoceError, from_exit_code
from assistant.events import Entry
from assistant.hands import open_hands
from assistant.holding import Held, Listening, OpenHands, Order, folder_of
from assistant.keeping.cores import keep_no_cores
from assistant.keeping.folder import make_private
from assistant.keeping.lock import only_call
from assistant.keeping.unfinished import sweep
from assistant.log import keep_words_out, open_log
from assistant.polishing import background
from assistant.settings import Places, texts
from assistant.wording import Wording

__all__ = ["Listening", "OpenHands", "Order", "detach", "run"]


def run(
    order: Order,
    listening: Callable[[Listening], None],
    show: Callable[[Entry], None] = lambda _: None,
    opened: OpenHands = open_hands,
) -> Written | None:
    """Hold one call, from opening the microphone to the summary; None if it was cancelled.

    `opened` opens the hands: the real ones, or those of a call that runs faster than the world.
    Raises SottovoceError, and leaves no folder, when something that is needed is missing.
    """
    places = Places(Path(order.home))
    keep_no_cores()
    with only_call(places.lock) as claim, signals_end() as ending:
        sweep(places.calls)
        wording = Wording(order.plan.language, (places.home / "prompts", texts("prompts")))
        with folder_of(order, places) as folder:
            claim(folder.name)
            held = Held(order, places, folder, wording, show, opened, ending)
            written = held.to_its_end(listening)
    # Only now, for a call that runs is never disturbed.
    if written is not None and not ending.is_forced:
        background.begin(order.settings, places, folder.name)
    return written


FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
"""For the C library of Linux, which gives every few threads a heap of their own and fills them all:
a call that serves its clients on threads grows by that, for hours."""


def detach(order: Order, places: Places) -> Listening:
    """Hold the call in a process of its own; return once it really listens.

    Raises what the call could not start for. An interrupt while it starts ends it.
    """
    log_path = places.home / "sottovoce.log"
    make_private(places.home)
    with open_log(log_path) as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "assistant.daemon"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            # Not where the user happened to be: that place may be unmounted during the call.
            cwd="/",
            env={**FEW_ARENAS, **os.environ},
            start_new_session=True,
        )
    try:
        line = _exchange(process, msgspec.json.encode(order))
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    if not line:
        raise SottovoceError(
            "The call ended before it listened.", f"What went wrong stands in {log_path}."
        )
    try:
        return msgspec.json.decode(line, type=Listening)
    except msgspec.ValidationError:
        failed = msgspec.json.decode(line, type=control.Failure)
        process.wait()
        raise from_exit_code(failed.exit_code, failed.error, failed.hint) from None


def _exchange(process: "subprocess.Popen[bytes]", order: bytes) -> bytes:
    """Give the daemon its order; wait for its one line."""
    if process.stdin is None or process.stdout is None:
        return b""
    with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
        stdin.write(order)
    with process.stdout as stdout:
        return stdout.readline()


def main() -> int:
    """Run detached: the order comes on stdin, one line of answer goes to stdout."""
    keep_words_out()
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    # Libraries print what they like; from here on that goes to the log.
    answers = [os.dup(1)]
    os.dup2(2, 1)

    def say(line: bytes) -> None:
        """Say the one line; what comes later goes to the log."""
        if not answers:
            print(line.decode(), file=sys.stderr)  # noqa: T201
            return
        speaker = answers.pop()
        # Whoever started us may be gone by now; the call goes on.
        with contextlib.suppress(OSError):
            os.write(speaker, line + b"\n")
        os.close(speaker)

    try:
        run(order, lambda listening: say(msgspec.json.encode(listening)))
    except SottovoceError as error:
        say(control.failure(error))
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        # Where it happened, without the message: that may hold words of the call.
        where = "".join(traceback.format_tb(error.__traceback__))
        say(control.failure(SottovoceError(f"A fault of ours: {type(error).__name__}.", where)))
        return SottovoceError.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
