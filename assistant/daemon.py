"""One call held from lock to summary, in this process or detached from the terminal.

Law: what is missing is said before anything is captured, and a call that could
not start leaves nothing behind; one that did leaves its folder whatever happens.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TypeAlias

import msgspec

from assistant import __version__, afterwards, control
from assistant import plan as plans
from assistant.afterwards import Written
from assistant.door import Server
from assistant.errors import SottovoceError, from_exit_code
from assistant.events import CallStarted, Entry
from assistant.hands import Hands, Tell, open_hands
from assistant.keeping.folder import CallFolder, make_private, new_folder
from assistant.keeping.journal import Journal
from assistant.keeping.lock import only_call
from assistant.log import keep_words_out, open_log
from assistant.notes.words import words_of
from assistant.plan import Plan
from assistant.settings import Places, Settings, texts
from assistant.spine import Item, Spine
from assistant.wording import Wording

_INTERRUPTED = 130


OpenHands: TypeAlias = Callable[[Plan, Settings, Places, CallFolder, Tell], Hands]


class Order(msgspec.Struct, frozen=True):
    """What `start` hands to the daemon."""

    plan: Plan
    sheet: str
    """The prep sheet's own text, kept beside the frozen plan."""
    settings: Settings
    home: str
    """The directory that holds everything."""


class Listening(msgspec.Struct, frozen=True):
    """What the daemon says once it really listens."""

    call_id: str
    folder: str
    notices: tuple[str, ...]
    pid: int
    ok: bool = True


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
    with only_call(places.lock) as claim, _signals() as ending:
        wording = Wording(order.plan.language, (places.home / "prompts", texts("prompts")))
        words = words_of(wording.words("notes"))
        folder = new_folder(places.calls, order.plan.person, datetime.now().astimezone())
        claim(folder.name)
        inbox: queue.SimpleQueue[Item] = queue.SimpleQueue()
        with contextlib.ExitStack() as stack:
            with _kept_if_started(folder):
                folder.write(folder.plan.name, plans.to_json(order.plan))
                folder.write(folder.sheet.name, order.sheet)
                journal = Journal.open(folder.journal)
                stack.callback(journal.close)
                hands = opened(order.plan, order.settings, places, folder, inbox.put)
                stack.callback(hands.close)
                spine = Spine(order.plan, folder, journal, hands, words, show, inbox)
                server = Server(places.socket, spine.answer)
                stack.callback(server.close)
                server.open()
                hands.start_capture()
                started = _started(folder, hands.engines)
            ending.spine = spine
            listening(Listening(folder.name, str(folder.path), hands.notices, os.getpid()))
            reason = spine.run(started)
            hands.close()
            journal.close()
            written = None if reason == "cancelled" else _wrap(order, spine, wording)
            if reason == "cancelled":
                folder.remove()
            done = {"ok": True, "folder": "" if written is None else written.folder}
            spine.answer_end(msgspec.json.encode(done))
    return written


def _started(folder: CallFolder, engines: dict[str, str]) -> CallStarted:
    wall = datetime.now().astimezone().isoformat(timespec="milliseconds")
    return CallStarted(folder.name, wall, __version__, engines)


def _wrap(order: Order, spine: Spine, wording: Wording) -> Written:
    # Sound that nobody has heard yet is never thrown away.
    keep = order.settings.keep.sound if spine.is_heard_out else "always"
    return afterwards.wrap(spine.folder.path, wording, keep)


@contextlib.contextmanager
def _kept_if_started(folder: CallFolder) -> Generator[None]:
    """Leave no folder behind of a call that could not start."""
    try:
        yield
    except BaseException:
        folder.remove()
        raise


@dataclass(slots=True)
class _Ending:
    """What a signal ends: the call, or, as long as there is none, its start."""

    spine: Spine | None = None

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self.spine is None:
            raise KeyboardInterrupt
        self.spine.end("signal")


@contextlib.contextmanager
def _signals() -> Generator[_Ending]:
    """End gracefully on TERM, INT and HUP; at once on the second."""
    ending = _Ending()
    numbers = signal.SIGTERM, signal.SIGINT, signal.SIGHUP
    before = {number: signal.signal(number, ending.on_signal) for number in numbers}
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
        return _INTERRUPTED
    except Exception as error:
        # Where it happened, without the message: that may hold words of the call.
        where = "".join(traceback.format_tb(error.__traceback__))
        say(control.failure(SottovoceError(f"A fault of ours: {type(error).__name__}.", where)))
        return SottovoceError.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
