"""The spine at work: one thread that owns the call, its journal and its view.

Everything else brings facts to its inbox. Law: it decides nothing, and nothing
that fails beside it ends the call: while the disk takes nothing, entries wait
in memory and are tried again. What runs per fact: the minds and the likeness, a
few milliseconds at most, one append and at most one sync; per 20 ms of sound:
nothing.
"""

import contextlib
import queue
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

import msgspec

from assistant import control
from assistant.call import TICK_S, Call
from assistant.control import Answers, Follow, Forget, Request, Status
from assistant.errors import DiskError, Refused, SottovoceError
from assistant.events import CallEnded, CallStarted, Entry, Fact, Heard, Trouble
from assistant.following import Followers
from assistant.hearer import Hearer
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.notes import live
from assistant.notes.words import Words
from assistant.plan import Plan
from assistant.view import View

SYNC_EVERY_S = 0.5
"""A fact that no verb waits for survives a power cut after at most this."""
LOOK_EVERY_S = 1.0
"""How often the hands are asked whether all of them live."""
FINISH_WITHIN_S = 30.0
"""How long the hearing may take to catch up at the end ..."""
SIGNAL_WITHIN_S = 2.0
"""... and how long when a signal ends the call: a shutdown does not wait."""

FULL = "The disk takes nothing more; notes are kept in memory. Free some space."
TAKES_AGAIN = "The disk takes notes again; nothing was lost."
MOVED = "The disk failed to keep the journal; all of it was written anew, and nothing was lost."
FAULT = "A fault of ours ({where}); the call goes on."
NOT_HEARD = "The last words were not heard in time. Their sound is kept."


class Edges(Protocol):
    """What the spine needs of the hands."""

    def now_s(self) -> float:
        """Return the call's time."""
        ...

    def live(self) -> msgspec.Struct:
        """Return what only running hands know, for `status`."""
        ...

    def take(self, entry: Entry) -> None:
        """Carry out what an entry asks for; return at once."""
        ...

    def look(self) -> None:
        """Notice hands that hang."""
        ...

    def stop_capture(self) -> None:
        """Close the microphone and let the ear hear what is left."""
        ...

    def is_heard_out(self) -> bool | None:
        """Tell whether the ear has said everything; None where it never will."""
        ...


class Asked(msgspec.Struct, frozen=True):
    """A request with the queue that takes its answers; None ends them."""

    request: Request
    answers: "queue.SimpleQueue[bytes | None]"


Item: TypeAlias = Fact | Asked | None
"""What comes to the inbox; None only wakes the spine."""


@dataclass(slots=True)
class Spine:
    """One running call."""

    plan: Plan
    folder: CallFolder
    journal: Journal
    hands: Edges
    words: Words
    """The labels of `notes.md`."""
    show: Callable[[Entry], None]
    inbox: "queue.SimpleQueue[Item]"
    entries: list[Entry] = field(default_factory=list[Entry])
    """The whole journal, for those who follow: some 10 MB for three hours."""
    ticks_missed: int = 0
    """How often a whole tick went by before the spine looked up: it was busy, or time jumped."""
    is_heard_out: bool = False
    """Whether, at the end, every word was heard in time."""
    _call: Call = field(init=False)
    _view: View = field(init=False)
    _hearer: Hearer = field(init=False)
    _followers: Followers = field(default_factory=Followers)
    _unwritten: list[Entry] = field(default_factory=list[Entry])
    _is_disk_full: bool = False
    _is_over: bool = False
    _reason: str = ""
    _hurries: bool = False
    _waiting: list["queue.SimpleQueue[bytes | None]"] = field(
        default_factory=list["queue.SimpleQueue[bytes | None]"]
    )
    """Those who asked for the end."""
    _synced_s: float = 0.0
    _looked_s: float = 0.0
    _faults: set[str] = field(default_factory=set[str])
    """Faults of ours that were told; each is told once."""

    def __post_init__(self) -> None:
        self._call = Call(self.plan)
        self._view = View(self.plan)
        self._hearer = Hearer(self.plan)

    def answer(self, request: Request) -> Answers:
        """Answer one client, on its own thread; the spine does the work."""
        if isinstance(request, Follow):
            yield from self._followers.follow(lambda: self.entries, request.after_seq)
            return
        answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.inbox.put(Asked(request, answers))
        if self._is_over:
            # Nobody reads the inbox any more.
            self._answer_late()
        while (line := answers.get()) is not None:
            yield line

    def end(self, reason: str) -> None:
        """Ask for the end, from any thread or signal; asked twice, it hurries."""
        self._hurries = bool(self._reason)
        self._reason = self._reason or reason
        self.inbox.put(None)

    def run(self, started: CallStarted) -> str:
        """Live the call from its start to its end; return why it ended."""
        self._place(started, 0.0)
        self._sync()
        while not self._reason:
            self._turn(self.hands.now_s())
        self._finish()
        self._is_over = True
        self._answer_late()
        return self._reason

    def answer_end(self, line: bytes) -> None:
        """Tell those who asked for the end, and all who follow, that all is done."""
        for answers in self._waiting:
            answers.put(line)
            answers.put(None)
        self._followers.tell(None)

    def _turn(self, now_s: float) -> None:
        """Take what the inbox holds, or let a moment pass."""
        next_tick_s = (int(now_s / TICK_S) + 1) * TICK_S
        with contextlib.suppress(queue.Empty):
            self._take(self.inbox.get(timeout=max(0.005, next_tick_s - now_s)))
        now_s = self.hands.now_s()
        self.ticks_missed += now_s >= next_tick_s + TICK_S
        with self._surviving():
            self._carry_out(self._call.wait(now_s))
        if now_s - self._synced_s >= SYNC_EVERY_S:
            self._synced_s = now_s
            self._sync()
        if now_s - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = now_s
            self.hands.look()

    def _take(self, item: Item) -> None:
        with self._surviving():
            match item:
                case None:
                    pass
                case Asked(request, answers):
                    self._take_request(request, answers)
                case Heard():
                    self._take_heard(self._hearer.mark(item))
                case _:
                    self._place(item, self.hands.now_s())

    @contextlib.contextmanager
    def _surviving(self) -> Generator[None]:
        """Let a fault of ours cost one moment and not the call, which can not be repeated."""
        try:
            yield
        except Exception as error:
            # Where it happened, without the message: that may hold words of the call.
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
            if where not in self._faults:
                self._faults.add(where)
                self.inbox.put(Trouble("call", FAULT.format(where=where)))

    def _take_heard(self, heard: Heard) -> None:
        seq = self._place(heard, self.hands.now_s())
        if (meaning := self._hearer.understood(seq, heard)) is not None:
            self._place(meaning, self.hands.now_s())

    def _take_request(self, request: Request, answers: "queue.SimpleQueue[bytes | None]") -> None:
        try:
            match request:
                case CallEnded(reason):
                    self._waiting.append(answers)
                    self._reason = reason if reason == "cancelled" else self._reason or reason
                    return
                case Status() | Follow():
                    view = msgspec.to_builtins(self._view.seen(self.hands.now_s()))
                    live_now = msgspec.to_builtins(self.hands.live())
                    missed = {"ticks_missed": self.ticks_missed}
                    answers.put(msgspec.json.encode({**view, **live_now, **missed}))
                case Forget():
                    raise Refused("This call can not forget yet.")
                case _:
                    seq = self._place(request, self.hands.now_s())
                    # Answered means kept: what a verb brought survives a power cut.
                    self._keep()
                    answers.put(msgspec.json.encode({"ok": True, "seq": seq}))
        except SottovoceError as error:
            answers.put(control.failure(error))
        except Exception:
            answers.put(control.failure(SottovoceError("That failed by a fault of ours.")))
            raise
        finally:
            if answers not in self._waiting:
                answers.put(None)

    def _answer_late(self) -> None:
        """Answer what still comes to the inbox when the call is over."""
        over = Refused("The call is over.", "`sottovoce show` shows its summary.")
        with contextlib.suppress(queue.Empty):
            while True:
                item = self.inbox.get_nowait()
                if isinstance(item, Asked):
                    item.answers.put(control.failure(over))
                    item.answers.put(None)

    def _place(self, fact: Fact, at_s: float) -> int:
        """Place a fact and do what follows; return its number."""
        entries = self._call.receive(fact, round(at_s, 3))
        self._carry_out(entries)
        return next(entry.seq for entry in entries if entry.event is fact)

    def _carry_out(self, entries: list[Entry]) -> None:
        if not entries:
            return
        self._unwritten += entries
        self._write()
        self.entries += entries
        for entry in entries:
            self._view.take(entry)
            self._hearer.take(entry)
            self.hands.take(entry)
            self._followers.tell(entry)
            self._show(entry)
        self._grow_notes(entries)

    def _write(self) -> None:
        """Write what waits; what the disk does not take waits on."""
        if not self._unwritten:
            return
        try:
            self.journal.append(self._unwritten)
        except DiskError:
            self._tell_disk(is_full=True)
            return
        self._unwritten = []

    def _sync(self) -> bool:
        """Make everything placed so far survive a power cut; tell whether it does."""
        self._write()
        try:
            has_moved = self.journal.sync()
        except DiskError:
            self._tell_disk(is_full=True)
            return False
        if has_moved and MOVED not in self._faults:
            self._faults.add(MOVED)
            self.inbox.put(Trouble("journal", MOVED, over=True))
        if self._unwritten:
            return False
        self._tell_disk(is_full=False)
        return True

    def _keep(self) -> None:
        """Make everything placed so far survive a power cut. Raises DiskError where it can not."""
        if not self._sync():
            raise DiskError(FULL)

    def _tell_disk(self, *, is_full: bool) -> None:
        """Tell once when the disk fails, and once when it works again."""
        if is_full is not self._is_disk_full:
            self._is_disk_full = is_full
            text = FULL if is_full else TAKES_AGAIN
            self.inbox.put(Trouble("disk", text, over=not is_full))

    def _grow_notes(self, entries: list[Entry]) -> None:
        text = "".join(live.lines(self.plan, entry, self.words) for entry in entries)
        if text:
            # The journal is the truth, and tells when the disk is full; `wrap` writes these again.
            with contextlib.suppress(DiskError):
                self.folder.append(self.folder.notes.name, text)

    def _show(self, entry: Entry) -> None:
        try:
            self.show(entry)
        except (OSError, SystemExit):
            # The terminal is gone; the call is not.
            self.show = _nowhere

    def _finish(self) -> None:
        """Stop capturing, let the hearing catch up, and close the journal."""
        if self._reason != "cancelled":
            self.hands.stop_capture()
            within_s = SIGNAL_WITHIN_S if self._reason == "signal" else FINISH_WITHIN_S
            self.is_heard_out = self._hear_the_rest(time.monotonic() + within_s)
            if not self.is_heard_out:
                self._place(Trouble("hearing", NOT_HEARD), self.hands.now_s())
        self._place(CallEnded(self._reason), self.hands.now_s())
        self._sync()

    def _hear_the_rest(self, deadline_s: float) -> bool:
        """Take what is still to come until the hearing is through; False if time ran out."""
        while self._reason != "cancelled":
            # Asked before the inbox is emptied: what was told before "done" is in it by then.
            is_heard_out = self.hands.is_heard_out()
            with contextlib.suppress(queue.Empty):
                while True:
                    self._take(self.inbox.get_nowait())
            if is_heard_out:
                return True
            if is_heard_out is None or self._hurries or time.monotonic() > deadline_s:
                break
            with contextlib.suppress(queue.Empty):
                self._take(self.inbox.get(timeout=0.02))
        return False


def _nowhere(_: Entry) -> None:
    """Show an entry to nobody."""
