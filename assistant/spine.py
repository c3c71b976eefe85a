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
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from assistant import control, forgetting
from assistant.call import TICK_S, Call
from assistant.control import Answers, Follow, Forget, Request, Status
from assistant.edges import Edges
from assistant.errors import Refused, SottovoceError
from assistant.events import (
    CallEnded,
    Entry,
    Fact,
    Forgotten,
    Heard,
    SpeechEnded,
    SpeechStarted,
    Trouble,
)
from assistant.following import Followers
from assistant.forgetting import Gone
from assistant.hearer import Hearer
from assistant.history import History
from assistant.inbox import AnswerQueue, Asked, Inbox, Item, answer_all, drop_old
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.keeping.unfinished import NOT_HEARD
from assistant.notes.words import Words
from assistant.pages import Pages
from assistant.plan import Plan
from assistant.retelling import is_forgotten_though_late
from assistant.view import View

SYNC_EVERY_S = 0.5
"""A fact that no verb waits for survives a power cut after at most this."""
LOOK_EVERY_S = 1.0
"""How often the hands are asked whether all of them live."""
FINISH_WITHIN_S = 30.0
"""How long the hearing may take to catch up at the end ..."""
SIGNAL_WITHIN_S = 2.0
"""... and how long when a signal ends the call: a shutdown does not wait."""

FAULT = "A fault of ours ({where}); the call goes on."
OVER = Refused("The call is over.", "`sottovoce show` shows its summary.")


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
    inbox: Inbox
    entries: Iterable[Entry] = ()
    """The whole journal, for those who follow. Of a call that goes on what was written before."""
    call: Call | None = None
    """The call that goes on, as those entries made it."""
    ticks_missed: int = 0
    """How often a whole tick went by before the spine looked up: it was busy, or time jumped."""
    is_heard_out: bool = False
    """Whether, at the end, every word was heard in time."""
    is_kept: bool = False
    """Whether, at the end, every line was safe on disk."""
    _history: History = field(init=False)
    """The same, where it grows."""
    _call: Call = field(init=False)
    _view: View = field(init=False)
    _hearer: Hearer = field(init=False)
    _followers: Followers = field(default_factory=Followers)
    _pages: Pages = field(init=False)
    _forgotten: list[Forgotten] = field(init=False)
    _is_over: bool = False
    _reason: str = ""
    _hurries: bool = False
    _waiting: list[AnswerQueue] = field(default_factory=list[AnswerQueue])
    """Those who asked for the end."""
    _synced_s: float = 0.0
    _looked_s: float = 0.0
    _faults: set[str] = field(default_factory=set[str])
    """Faults of ours that were told; each is told once."""

    def __post_init__(self) -> None:
        self._call = self.call or Call(self.plan)
        self._view = View(self.plan)
        self._hearer = Hearer(self.plan)
        self._pages = Pages(self.plan, self.folder, self.journal, self.words, self.inbox.put)
        self.entries = self._history = History.of(self.entries)
        self._forgotten = [e.event for e in self.entries if isinstance(e.event, Forgotten)]
        for entry in self.entries:
            self._view.take(entry)
            self._hearer.take(entry)

    @property
    def has_failed(self) -> bool:
        """Tell whether a fault of ours cost a moment: words may be missing."""
        return bool(self._faults)

    def answer(self, request: Request) -> Answers:
        """Answer one client, on its own thread; the spine does the work."""
        if isinstance(request, Follow):
            yield from self._followers.follow(lambda: self.entries, request.after_seq)
            return
        answers: AnswerQueue = queue.SimpleQueue()
        self.inbox.put(Asked(request, answers))
        if self._is_over:
            # Nobody reads the inbox any more.
            answer_all(self.inbox, OVER)
        while (line := answers.get()) is not None:
            yield line

    def end(self, reason: str) -> None:
        """Ask for the end, from any thread or signal; asked twice, it hurries."""
        self._hurries = bool(self._reason)
        self._reason = self._reason or reason
        self.inbox.put(None)

    def run(self, *first: Fact) -> str:
        """Live the call from its first facts to its end; return why it ended.

        Of a call that goes on these come where it broke off.
        """
        for fact in first:
            with self._surviving():
                self._place(fact, 0.0)
        self._pages.sync()
        self._interpret_waiting()
        while not self._reason:
            self._turn(self.hands.now_s())
        self._finish()
        self._is_over = True
        answer_all(self.inbox, OVER)
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
            self._pages.sync()
        if now_s - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = now_s
            with self._surviving():
                self.hands.look()

    def _take(self, item: Item) -> None:
        with self._surviving():
            match item:
                case None:
                    pass
                case Asked(request, answers):
                    self._take_request(request, answers)
                case SpeechStarted() | SpeechEnded() | Heard() if self._is_forgotten(item):
                    pass
                case Heard():
                    self._take_heard(item)
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
        marked = heard
        # Whatever goes wrong with their spelling, words are placed.
        with self._surviving():
            marked = self._hearer.mark(heard)
        seq = self._place(marked, self.hands.now_s())
        for utterance in self._hearer.waiting(seq):
            self.hands.interpret(utterance)

    def _take_request(self, request: Request, answers: AnswerQueue) -> None:
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
                case Forget(for_s):
                    answers.put(msgspec.json.encode(self._forget(for_s)))
                case _:
                    seq = self._place(request, self.hands.now_s())
                    # Answered means kept: what a verb brought survives a power cut.
                    self._pages.keep()
                    answers.put(msgspec.json.encode({"ok": True, "seq": seq}))
        except SottovoceError as error:
            answers.put(control.failure(error))
        except Exception:
            answers.put(control.failure(SottovoceError("That failed by a fault of ours.")))
            raise
        finally:
            if answers not in self._waiting:
                answers.put(None)

    def _forget(self, for_s: float | None) -> Gone:
        """Have a stretch forgotten, and go on as the call that never heard it. Raises DiskError.

        The wish is kept first: should this process die in between, a recovery carries it out.
        """
        forgotten, before = forgetting.wish(for_s, self.hands.now_s()), self.entries
        self._place(forgotten, self.hands.now_s())
        self._pages.sync()
        self._forgotten.append(forgotten)
        with contextlib.ExitStack() as stack:
            # Whatever fails of the sound, the words go.
            stack.callback(self._begin_anew)
            self.hands.forget(forgotten)
        self._pages.keep()
        return forgetting.gone(forgotten, before, self.entries)

    def _begin_anew(self) -> None:
        """Go on as the call without what was forgotten."""
        drop_old(self.inbox)
        anew = forgetting.told_anew(self.plan, tuple(self.entries))
        self._call, self._view, self._hearer = anew.call, anew.view, anew.hearer
        self.entries = self._history = History.of(anew.entries)
        self._pages.begin_anew(anew.entries)
        self._followers.begin_anew()
        for entry in anew.entries:
            self._show(entry)
        self._interpret_waiting()

    def _interpret_waiting(self) -> None:
        """Have understood what was asked for before and is not told yet."""
        for utterance in self._hearer.waiting():
            self.hands.interpret(utterance)

    def _is_forgotten(self, fact: Fact) -> bool:
        return any(is_forgotten_though_late(fact, forgotten) for forgotten in self._forgotten)

    def _place(self, fact: Fact, at_s: float) -> int:
        """Place a fact and do what follows; return its number."""
        entries = self._call.receive(fact, round(at_s, 3))
        self._carry_out(entries)
        return next(entry.seq for entry in entries if entry.event is fact)

    def _carry_out(self, entries: list[Entry]) -> None:
        if not entries:
            return
        self._history.add(entries)
        self._pages.add(entries)
        faults: list[Exception] = []
        for entry in entries:
            try:
                self._view.take(entry)
                self._hearer.take(entry)
                self._followers.tell(entry)
                self.hands.take(entry)
                self._show(entry)
            except Exception as error:
                # What came of the same fact is carried out all the same: all of it is placed.
                faults.append(error)
        if faults:
            raise faults[0]

    def _show(self, entry: Entry) -> None:
        try:
            self.show(entry)
        except (OSError, SystemExit):
            # The terminal is gone; the call is not.
            self.show = _nowhere

    def _finish(self) -> None:
        """Stop capturing, let the hearing catch up, and close the journal."""
        if self._reason != "cancelled":
            with self._surviving():
                self.hands.stop_capture()
            within_s = SIGNAL_WITHIN_S if self._reason == "signal" else FINISH_WITHIN_S
            self.is_heard_out = self._hear_the_rest(time.monotonic() + within_s)
            if not self.is_heard_out:
                self._place(NOT_HEARD, self.hands.now_s())
        self._place(CallEnded(self._reason), self.hands.now_s())
        self.is_kept = self._pages.sync()

    def _hear_the_rest(self, deadline_s: float) -> bool:
        """Take what is still to come until all is heard and understood; False if time ran out.

        Words without their meaning were heard all the same.
        """
        while self._reason != "cancelled":
            # Asked before the inbox is emptied: what was told before "done" is in it by then.
            is_heard_out = self.hands.is_heard_out()
            with contextlib.suppress(queue.Empty):
                while True:
                    self._take(self.inbox.get_nowait())
            is_late = self._hurries or time.monotonic() > deadline_s
            if is_heard_out and (is_late or not self._hearer.waiting()):
                return True
            if is_heard_out is None or is_late:
                break
            with contextlib.suppress(queue.Empty):
                self._take(self.inbox.get(timeout=0.02))
        return False


def _nowhere(_: Entry) -> None:
    """Show an entry to nobody."""
