"""The spine at work: opens the hands, keeps the inbox moving, shuts down in order.

One thread owns the call, its journal and its view; everything else brings facts
to its inbox. Law: it decides nothing. What runs per fact: the minds (well under
a millisecond), one append, at most one sync; per 20 ms of sound: nothing.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TypeAlias

import msgspec

from assistant import __version__, afterwards, control
from assistant import plan as plans
from assistant.afterwards import Written
from assistant.call import TICK_S, Call
from assistant.control import Answers, Follow, Followers, Request, Status
from assistant.errors import SottovoceError, from_exit_code
from assistant.events import (
    CallEnded,
    CallStarted,
    Entry,
    Fact,
    Heard,
    Trouble,
    to_line,
)
from assistant.hands import Hands, open_hands
from assistant.keeping.folder import CallFolder, make_private, new_folder, private
from assistant.keeping.journal import Journal
from assistant.keeping.lock import only_call
from assistant.notes import live
from assistant.notes.words import Words, words_of
from assistant.plan import Plan
from assistant.settings import Places, Settings, texts
from assistant.speaking.echo import SpokenCues, mark_echo
from assistant.understanding.likeness import understand
from assistant.view import View
from assistant.wording import Wording

SYNC_EVERY_S = 0.5
"""A fact that no verb waits for survives a power cut after at most this."""
_FINISH_WITHIN_S = {"signal": 2.0, "hurry": 0.0}
"""How long the hearing may take to catch up at the end, by why it ends."""
_FINISH_WITHIN_ELSE_S = 30.0
_HEARD_BEFORE = 4
"""So many of the last things heard are shown to the understanding."""


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


class _Asked(msgspec.Struct, frozen=True):
    """A request with the queue that takes its answers; None ends them."""

    request: Request
    answers: "queue.SimpleQueue[bytes | None]"


_Item: TypeAlias = Fact | _Asked | None
"""What comes to the inbox; None only wakes the spine."""


@dataclass(slots=True)
class Daemon:
    """One running call."""

    plan: Plan
    folder: CallFolder
    journal: Journal
    hands: Hands
    words: Words
    """The labels of `notes.md`."""
    show: Callable[[Entry], None]
    inbox: "queue.SimpleQueue[_Item]"
    call: Call = field(init=False)
    view: View = field(init=False)
    entries: list[Entry] = field(default_factory=list[Entry])
    followers: Followers = field(default_factory=Followers)
    _ending: str = ""
    _end_answers: list["queue.SimpleQueue[bytes | None]"] = field(
        default_factory=list["queue.SimpleQueue[bytes | None]"]
    )
    _heard: list[Heard] = field(default_factory=list[Heard])
    _cues: SpokenCues = field(default_factory=SpokenCues)
    _synced_at_s: float = 0.0

    def __post_init__(self) -> None:
        self.call = Call(self.plan)
        self.view = View(self.plan)

    def answer(self, request: Request) -> Answers:
        """Answer one client, on its own thread; the spine does the work."""
        if isinstance(request, Follow):
            yield from self._follow(request.after_seq)
            return
        answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.inbox.put(_Asked(request, answers))
        while (line := answers.get()) is not None:
            yield line

    def end(self, reason: str) -> None:
        """Ask for the end, from any thread or signal; asked twice, it hurries."""
        self._ending = "hurry" if self._ending else reason
        self.inbox.put(None)

    def run(self, started: CallStarted) -> str:
        """Live the call from its start to its end; return why it ended."""
        self._place(started, 0.0)
        self.journal.sync()
        while not self._ending:
            self._turn(self.hands.now_s())
        reason = self._ending
        self._finish(reason)
        return reason

    def answer_end(self, line: bytes) -> None:
        """Tell those who asked for the end, and all who follow, that all is done."""
        for answers in self._end_answers:
            answers.put(line)
            answers.put(None)
        self.followers.tell(None)

    def _turn(self, now_s: float) -> None:
        """Take what the inbox holds, or let a moment pass."""
        next_tick_s = (int(now_s / TICK_S) + 1) * TICK_S
        with contextlib.suppress(queue.Empty):
            self._take(self.inbox.get(timeout=max(0.005, next_tick_s - now_s)))
        now_s = self.hands.now_s()
        self._carry_out(self.call.wait(now_s))
        if now_s - self._synced_at_s >= SYNC_EVERY_S:
            self._synced_at_s = now_s
            self.journal.sync()

    def _take(self, item: _Item) -> None:
        match item:
            case None:
                pass
            case _Asked(request, answers):
                self._take_request(request, answers)
            case Heard():
                self._take_heard(item)
            case _:
                self._place(item, self.hands.now_s())

    def _take_heard(self, heard: Heard) -> None:
        marked = mark_echo(heard, self._cues.recent(), self.plan.dials.echo_tail_s)
        entries = self._place(marked, self.hands.now_s())
        if marked.echo:
            return
        meaning = understand(self.plan, entries[-1].seq, marked, self._heard)
        self._heard = [*self._heard, marked][-_HEARD_BEFORE:]
        self._place(meaning, self.hands.now_s())

    def _take_request(self, request: Request, answers: "queue.SimpleQueue[bytes | None]") -> None:
        try:
            match request:
                case Status() | Follow():
                    view = msgspec.to_builtins(self.view.seen(self.hands.now_s()))
                    live = msgspec.to_builtins(self.hands.live())
                    answers.put(msgspec.json.encode({**view, **live}))
                    answers.put(None)
                case CallEnded(reason):
                    self._end_answers.append(answers)
                    self.end(reason)
                case _:
                    entries = self._place(request, self.hands.now_s())
                    # Answered means kept: what a verb brought survives a power cut.
                    self.journal.sync()
                    answers.put(msgspec.json.encode({"ok": True, "seq": entries[-1].seq}))
                    answers.put(None)
        except SottovoceError as error:
            answers.put(control.failure(error))
            answers.put(None)

    def _place(self, fact: Fact, at_s: float) -> list[Entry]:
        """Place a fact and do what follows; return the entries up to the fact's own."""
        entries = self.call.receive(fact, round(at_s, 3))
        self._carry_out(entries)
        own = next(n for n, entry in enumerate(entries) if entry.event is fact)
        return entries[: own + 1]

    def _carry_out(self, entries: list[Entry]) -> None:
        if not entries:
            return
        self.journal.append(entries)
        self.entries += entries
        for entry in entries:
            self.view.take(entry)
            self._cues.take(entry)
            self.hands.take(entry)
            self.followers.tell(entry)
            if text := live.lines(self.plan, entry, self.words):
                self.folder.append(self.folder.notes.name, text)
            self.show(entry)

    def _finish(self, reason: str) -> None:
        """Stop capturing, let the hearing catch up, and close the journal."""
        if reason != "cancelled":
            self.hands.stop_capture()
            within_s = _FINISH_WITHIN_S.get(reason, _FINISH_WITHIN_ELSE_S)
            if not self._hear_the_rest(time.monotonic() + within_s):
                text = "The end of the call was not heard in time; `sottovoce wrap` hears it."
                self._place(Trouble("hearing", text), self.hands.now_s())
        self._place(CallEnded("stopped" if reason == "hurry" else reason), self.hands.now_s())
        self.journal.close()

    def _hear_the_rest(self, deadline_s: float) -> bool:
        """Take what is still to come until the hearing is through; False if time ran out."""
        while True:
            with contextlib.suppress(queue.Empty):
                while True:
                    self._take(self.inbox.get_nowait())
            if self.hands.is_heard_out():
                return True
            if time.monotonic() > deadline_s or self._ending == "hurry":
                return False
            with contextlib.suppress(queue.Empty):
                self._take(self.inbox.get(timeout=0.02))

    def _follow(self, after_seq: int) -> Answers:
        waiting = self.followers.join()
        try:
            for entry in tuple(self.entries):
                if entry.seq > after_seq:
                    after_seq = entry.seq
                    yield to_line(entry)
            while (entry := waiting.get()) is not None:
                # What was told while the past was read would come twice.
                if entry.seq > after_seq:
                    yield to_line(entry)
        finally:
            self.followers.leave(waiting)


def run(
    order: Order,
    listening: Callable[[Listening], None],
    show: Callable[[Entry], None] = lambda _: None,
) -> Written | None:
    """Hold one call, from opening the microphone to the summary; None if it was cancelled.

    Raises SottovoceError, and leaves no folder, when something that is needed is missing.
    """
    places = Places(Path(order.home))
    wording = Wording(order.plan.language, (places.home / "prompts", texts("prompts")))
    with only_call(places.lock) as claim:
        folder = new_folder(places.calls, order.plan.person, datetime.now().astimezone())
        claim(folder.name)
        inbox: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        with _kept_if_started(folder):
            folder.write(folder.plan.name, plans.to_json(order.plan))
            folder.write(folder.sheet.name, order.sheet)
            hands = open_hands(order.plan, order.settings, places, folder, inbox.put)
        journal = Journal.open(folder.journal)
        words = words_of(wording.words("notes"))
        daemon = Daemon(order.plan, folder, journal, hands, words, show, inbox)
        server = control.Server(places.socket, daemon.answer)
        try:
            with _kept_if_started(folder):
                started = _start(daemon, server)
            with _signals(daemon):
                listening(Listening(folder.name, str(folder.path), hands.notices, os.getpid()))
                reason = daemon.run(started)
        finally:
            hands.close()
            daemon.journal.close()
        written: Written | None = None
        if reason == "cancelled":
            folder.remove()
        else:
            written = afterwards.wrap(folder.path, wording, order.settings.keep.sound)
        done = {"ok": True, "folder": "" if reason == "cancelled" else str(folder.path)}
        daemon.answer_end(msgspec.json.encode(done))
        server.close()
    return written


def _start(daemon: Daemon, server: control.Server) -> CallStarted:
    """Begin to capture: this moment is second 0."""
    daemon.hands.start_capture()
    wall = datetime.now().astimezone().isoformat(timespec="milliseconds")
    server.open()
    return CallStarted(daemon.folder.name, wall, __version__, daemon.hands.engines)


@contextlib.contextmanager
def _kept_if_started(folder: CallFolder) -> Generator[None]:
    """Leave no folder behind of a call that could not start."""
    try:
        yield
    except BaseException:
        folder.remove()
        raise


@contextlib.contextmanager
def _signals(daemon: Daemon) -> Generator[None]:
    """End gracefully on TERM, INT and HUP; at once on the second."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        daemon.end("signal")

    numbers = signal.SIGTERM, signal.SIGINT, signal.SIGHUP
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def detach(order: Order, places: Places) -> Listening:
    """Hold the call in a process of its own; return once it really listens.

    Raises what the call could not start for.
    """
    make_private(places.home)
    log_path = places.home / "sottovoce.log"
    with open(log_path, "ab", opener=private) as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "assistant.daemon"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            # Not where the user happened to be: that place may be unmounted during the call.
            cwd="/",
            start_new_session=True,
        )
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        raise SottovoceError("The call could not be started in the background.")
    with contextlib.suppress(BrokenPipeError), stdin:
        stdin.write(msgspec.json.encode(order))
    with stdout:
        line = stdout.readline()
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


def main() -> int:
    """Run detached: the order comes on stdin, one line of answer goes to stdout."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    speaker = os.dup(1)
    os.dup2(2, 1)

    def say(line: bytes) -> None:
        # Whoever started us may be gone by now; the call goes on.
        with contextlib.suppress(OSError):
            os.write(speaker, line + b"\n")
            os.close(speaker)

    try:
        run(order, lambda heard: say(msgspec.json.encode(heard)))
    except SottovoceError as error:
        say(control.failure(error))
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
